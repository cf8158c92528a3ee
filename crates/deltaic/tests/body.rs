//! A response that is no event stream.

mod common;

use common::{A, STOP, content, findings, report};
use deltaic::{FindingKind, Limits, Outcome, Reader, Report};
use deltaic_corpus::cut;

#[test]
fn html_is_not_a_stream() {
    let page = "\n<!DOCTYPE html>\n<html><body>502 Bad Gateway</body></html>\n";
    let report = report(page);
    assert_eq!(report.outcome, Outcome::Empty);
    assert_eq!(findings(&report), [(FindingKind::NotAStream, 1)]);
    assert!(
        report.findings.as_slice()[0]
            .detail
            .contains("<!DOCTYPE html>")
    );
    assert_eq!(report.stats.bytes, page.len() as u64);
}

#[test]
fn a_json_error_instead_of_a_stream_fails() {
    let report = report("\u{feff}{\n  \"error\": {\n    \"message\": \"no key\"\n  }\n}\n");
    assert_eq!(report.outcome, Outcome::Failed);
    assert_eq!(report.errors, ["{\n    \"message\": \"no key\"\n  }"]);
    let expected = [
        (FindingKind::NotAStream, 3),
        (FindingKind::ErrorInStream, 3),
    ];
    assert_eq!(findings(&report), expected);
}

#[test]
fn an_ordinary_completion_is_read_as_what_it_is() {
    let report = report(
        r#"{"id":"i","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant",
        "content":"a"},"finish_reason":"stop"}],"usage":{"total_tokens":1}}"#,
    );
    assert_eq!(
        (report.outcome, content(&report)),
        (Outcome::Finished, Some("a"))
    );
    assert_eq!(findings(&report), [(FindingKind::NotAStream, 0)]);
}

#[test]
fn json_lines_tell_what_each_has_changed() {
    let lines = format!("{A}\n{A}{STOP}\n").replace("data: ", "");
    let mut reader = Reader::new();
    assert!(reader.next(&mut lines.as_bytes()).is_none());
    let mut told = Vec::new();
    while let Some(updates) = reader.finish() {
        told.push(updates.count());
    }
    // The first tells of the body itself.
    assert_eq!(told, [0, 1, 1, 1]);
    assert_eq!(content(&reader.into_report()), Some("aa"));
}

#[test]
fn white_space_before_a_body_says_nothing() {
    for lead in [" \n", "\r\n\t", "\u{feff} \n\n"] {
        let report = report(format!("{lead}{{\"error\":\"m\"}}"));
        assert_eq!(report.outcome, Outcome::Failed, "{lead:?}");
        assert_eq!(
            findings(&report)[0],
            (FindingKind::NotAStream, lead.len() as u64)
        );
        assert_eq!(report.findings.as_slice().len(), 2, "{lead:?}");
    }
}

#[test]
fn lines_of_json_are_the_same_wherever_they_are_cut() {
    let line = r#"{"choices":[{"delta":{"content":"a"}}]}"#;
    for (lead, between) in [
        ("\r", "\n"),
        ("\n", "\n"),
        ("\r\n", "\r\n"),
        ("\r", "\n\n "),
    ] {
        let stream = [lead, line, between, line].concat();
        let whole = report(&stream);
        for cut in 0..stream.len() {
            let mut reader = Reader::new();
            reader.push(&stream.as_bytes()[..cut]);
            reader.push(&stream.as_bytes()[cut..]);
            assert_eq!(reader.into_report(), whole, "{stream:?}, cut at {cut}");
        }
    }
}

#[test]
fn a_list_instead_of_a_stream_is_told() {
    let all = report(r#"[{"id":"a"},{"error":{"message":"m"}}]"#);
    assert_eq!(all.outcome, Outcome::Empty);
    let expected = [(FindingKind::NotAStream, 0), (FindingKind::NotAnObject, 0)];
    assert_eq!(findings(&all), expected);
}

#[test]
fn an_error_in_a_list_is_one() {
    let report = report("[{\n  \"error\": {\"message\": \"m\"}\n}\n]\n");
    assert_eq!(report.outcome, Outcome::Failed);
    assert_eq!(report.errors, [r#"{"message": "m"}"#]);
    let expected = [
        (FindingKind::NotAStream, 0),
        (FindingKind::ErrorInStream, 0),
    ];
    assert_eq!(findings(&report), expected);
}

#[test]
fn json_lines_are_read_and_told() {
    let lines = format!("{A}{STOP}data: [DONE]\n\n")
        .replace("data: ", "")
        .replace("\n\n", "\n");
    let report = report(&lines);
    assert_eq!(
        (report.outcome, content(&report)),
        (Outcome::Done, Some("a"))
    );
    assert_eq!(findings(&report), [(FindingKind::NotAStream, 0)]);
}

#[test]
fn a_json_body_that_is_none_is_told_where() {
    let report = report("{\"error\": oops}");
    assert_eq!(report.outcome, Outcome::Empty);
    assert_eq!(findings(&report), [(FindingKind::NotAStream, 10)]);
}

#[test]
fn a_body_is_kept_up_to_the_limit_only() {
    let limits = Limits {
        event: 10,
        ..Limits::default()
    };
    let mut reader = Reader::with_limits(limits);
    for mut read in cut::into(&[b'{'; 1_000], 64) {
        assert!(reader.next(&mut read).is_none());
    }
    let report = reader.into_report();
    assert_eq!(report.stats.bytes, 1_000);
    let kinds: Vec<_> = findings(&report)
        .into_iter()
        .map(|(kind, _)| kind)
        .collect();
    assert_eq!(kinds, [FindingKind::EventTooLong, FindingKind::NotAStream]);
}

#[test]
fn what_of_a_body_is_past_the_limit_is_told() {
    let line = r#"{"choices":[{"index":0,"delta":{"content":"a"}}]}"#;
    let body = format!("{line}\n{line}\n{line}\n");
    for (limit, read, is_cut) in [(body.len(), 3, false), (2 * line.len() + 2, 2, true)] {
        let limits = Limits {
            event: limit,
            ..Limits::default()
        };
        let mut reader = Reader::with_limits(limits);
        for mut part in body.as_bytes().chunks(7) {
            assert!(reader.next(&mut part).is_none());
        }
        let report = reader.into_report();
        assert_eq!(content(&report), Some(&*"a".repeat(read)));
        let mut kinds = findings(&report).into_iter().map(|(kind, _)| kind);
        assert_eq!(kinds.any(|kind| kind == FindingKind::EventTooLong), is_cut);
    }
}

#[test]
fn white_space_before_a_body_may_be_too_long() {
    let limits = Limits {
        event: 4,
        ..Limits::default()
    };
    let read = |reads: &[&[u8]]| -> Report {
        let mut reader = Reader::with_limits(limits);
        for mut read in reads.iter().copied() {
            while reader.next(&mut read).is_some() {}
        }
        reader.into_report()
    };
    for (stream, too_long) in [
        ("\n \n  \n{}", 0),
        ("     \n{}", 1),
        ("     {}", 1),
        ("\n     \n\n      \n{}", 2),
        ("     \n     ", 1),
        ("     data: a\n\n", 1),
    ] {
        let whole = read(&[stream.as_bytes()]);
        let told = findings(&whole).into_iter();
        let told = told.filter(|(kind, _)| *kind == FindingKind::EventTooLong);
        assert_eq!(told.count(), too_long, "{stream:?}");
        for reads in cut::in_two(stream.as_bytes()) {
            assert_eq!(read(&reads), whole, "{reads:?}");
        }
    }
}

#[test]
fn a_body_may_begin_with_done() {
    let report = report("[DONE]\n{\"choices\":[]}\n");
    assert_eq!(report.outcome, Outcome::Empty);
    let kinds = [FindingKind::NotAStream, FindingKind::AfterDone];
    assert_eq!(findings(&report), [(kinds[0], 0), (kinds[1], 7)]);
}
