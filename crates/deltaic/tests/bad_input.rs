//! What is not as it should be: a finding or an outcome, and everything else kept.

mod common;

use common::{A, STOP, content, findings, read, report};
use deltaic::{FindingKind, Limits, Outcome, Reader, Update};
use deltaic_corpus::cut;

#[test]
fn data_that_is_no_json_costs_its_event_only() {
    let report = report(format!("{A}data: {{\"choices\":[}}\n\n{A}{STOP}"));
    assert_eq!(content(&report), Some("aa"));
    assert_eq!(report.outcome, Outcome::Finished);
    let at = A.len() as u64 + 6 + 12;
    assert_eq!(findings(&report), [(FindingKind::InvalidJson, at)]);
    assert_eq!((report.stats.events, report.stats.chunks), (4, 3));
}

#[test]
fn a_bad_byte_costs_its_event_only() {
    let mut stream = A.as_bytes().to_vec();
    stream.extend(b"data: {\"choices\":[{\"delta\":{\"content\":\"\xFF\"}}]}\n\n");
    stream.extend(A.as_bytes());
    let report = report(&stream);
    assert_eq!(content(&report), Some("aa"));
    let at = A.len() as u64 + 39;
    assert_eq!(findings(&report), [(FindingKind::InvalidUtf8, at)]);
}

#[test]
fn behind_a_joint_of_lines_the_offset_is_that_of_the_data() {
    let report = report("data: {\ndata: x}\n\n");
    assert_eq!(findings(&report), [(FindingKind::InvalidJson, 6)]);
    assert_eq!(report.outcome, Outcome::Empty);
}

#[test]
fn an_event_in_several_lines_is_read() {
    let report = report("data: {\"choices\":\ndata: [{\"delta\":{\"content\":\"a\"}}]}\n\n");
    assert_eq!(content(&report), Some("a"));
    assert_eq!(findings(&report), []);
}

#[test]
fn an_event_over_the_limit_costs_itself_only() {
    let long = A.replace("\"a\"", &format!("\"{}\"", "b".repeat(100)));
    let stream = format!("{A}{long}{A}");
    let read = |reads: &[&[u8]]| {
        let limits = Limits {
            event: 100,
            ..Limits::default()
        };
        let mut reader = Reader::with_limits(limits);
        for mut read in reads.iter().copied() {
            while reader.next(&mut read).is_some() {}
        }
        reader.into_report()
    };
    let whole = read(&[stream.as_bytes()]);
    for reads in cut::in_two(stream.as_bytes()) {
        assert_eq!(read(&reads), whole);
    }
    assert_eq!(content(&whole), Some("aa"));
    let at = A.len() as u64;
    assert_eq!(findings(&whole), [(FindingKind::EventTooLong, at)]);
}

#[test]
fn an_empty_input_is_empty() {
    for stream in ["", "\n", "\n\n\n", ": ping\n\n", "\u{feff}", " \n"] {
        let report = report(stream);
        assert_eq!(
            (report.outcome, &report.completion),
            (Outcome::Empty, &None)
        );
        assert_eq!(report.stats.bytes, stream.len() as u64);
    }
    assert_eq!(report(": ping\n\n: pong\n").stats.comments, 2);
}

#[test]
fn a_stream_that_breaks_off_is_truncated() {
    let Outcome::Truncated(open) = report(A).outcome else {
        panic!("nothing has finished");
    };
    assert!(!open.event);
    let report = report(&A[..A.len() - 8]);
    let Outcome::Empty = report.outcome else {
        panic!("the only event is broken");
    };
    let end = A.len() as u64 - 8;
    let expected = [
        (FindingKind::UnterminatedEvent, 0),
        (FindingKind::InvalidJson, end),
    ];
    assert_eq!(findings(&report), expected);
}

#[test]
fn the_last_event_counts_without_its_blank_line() {
    for end in ["", "\n", "\r"] {
        let report = report(format!("{A}{}{end}", STOP.trim_end()));
        assert_eq!(report.outcome, Outcome::Finished, "{end:?}");
        let at = A.len() as u64;
        assert_eq!(findings(&report), [(FindingKind::UnterminatedEvent, at)]);
    }
    let report = report(format!("{A}{}", A.trim_end()));
    let Outcome::Truncated(open) = report.outcome else {
        panic!("nothing has finished");
    };
    assert!(open.event);
}

#[test]
fn empty_data_says_nothing() {
    let report = report(format!("data\n\ndata: \n\n{A}data:  \n\n"));
    assert_eq!(content(&report), Some("a"));
    assert_eq!(findings(&report), []);
    assert_eq!((report.stats.events, report.stats.chunks), (4, 1));
}

#[test]
fn an_error_in_the_stream_fails_it() {
    for (error, raw) in [
        (
            "data: {\"error\":{\"message\":\"m\"}}\n\n",
            "{\"message\":\"m\"}",
        ),
        (
            "event: error\ndata: {\"message\":\"m\"}\n\n",
            "{\"message\":\"m\"}",
        ),
        (
            "event: error\ndata: {\"error\":{\"code\":5}}\n\n",
            "{\"code\":5}",
        ),
        ("event: error\ndata: no \"luck\"\n\n", "\"no \\\"luck\\\"\""),
        (
            "error: {\"error\":{},\"detail\":\"m\"}\n\n",
            "{\"error\":{},\"detail\":\"m\"}",
        ),
        ("error: no luck\n\n", "\"no luck\""),
    ] {
        let report = report(format!("{A}{error}{A}"));
        assert_eq!(report.outcome, Outcome::Failed, "{error}");
        assert_eq!(report.errors, [raw], "{error}");
        assert_eq!(content(&report), Some("aa"), "{error}");
        assert_eq!(
            findings(&report)[0].0,
            FindingKind::ErrorInStream,
            "{error}"
        );
    }
}

#[test]
fn what_stands_behind_done_in_its_event_is_told() {
    let done = |data: &str| {
        let report = report(format!("{A}{STOP}{data}"));
        assert_eq!(report.outcome, Outcome::Done, "{data:?}");
        findings(&report)
    };
    let start = (A.len() + STOP.len()) as u64;
    let told = |at: u64| vec![(FindingKind::AfterDone, start + at)];
    assert_eq!(done("data:  [DONE] \t\n\n"), []);
    assert_eq!(done("data: [DONE]x\n\n"), told(12));
    assert_eq!(done("data:  [DONE] {}\n\n"), told(13));
    assert_eq!(done("data: [DONE]\ndata: {}\n\n"), told(12));
    // Behind a joint of lines the place is not known.
    assert_eq!(done("data:\ndata: [DONE] {}\n\n"), told(5));
    let twice = done("data: [DONE]\n\ndata: [DONE]x\n\n");
    assert_eq!(twice, told(20), "it is told of the event");
}

#[test]
fn what_comes_after_done_is_told() {
    let report = report(format!("{A}{STOP}data: [DONE]\n\n{A}data: nonsense\n\n"));
    assert_eq!(
        (report.outcome, content(&report)),
        (Outcome::Done, Some("a"))
    );
    let kinds: Vec<_> = findings(&report)
        .into_iter()
        .map(|(kind, _)| kind)
        .collect();
    assert_eq!(kinds, [FindingKind::AfterDone, FindingKind::AfterDone]);
}

#[test]
fn a_field_that_is_not_known_is_told() {
    let report = report(format!("{A}foo: bar\nbaz\n{STOP}"));
    let at = A.len() as u64;
    let kind = FindingKind::UnknownField;
    assert_eq!(findings(&report), [(kind, at), (kind, at + 9)]);
    assert!(report.findings.as_slice()[0].detail.contains("`foo`"));
    assert_eq!(report.outcome, Outcome::Finished);
}

#[test]
fn a_field_that_the_end_cuts_off_is_told() {
    let report = report(format!("{A}error: {{\"code\":500}}"));
    assert_eq!(report.outcome, Outcome::Failed);
    assert_eq!(report.errors, ["{\"code\":500}"]);
    let report = self::report(format!("{A}data: [DONE]\nfoo"));
    let kinds: Vec<_> = findings(&report)
        .into_iter()
        .map(|(kind, _)| kind)
        .collect();
    let (field, event) = (FindingKind::UnknownField, FindingKind::UnterminatedEvent);
    assert_eq!(kinds, [field, event, FindingKind::NoFinishReason]);
    assert_eq!(self::report(": ping").stats.comments, 1);
}

#[test]
fn an_empty_event_that_the_end_leaves_open_says_nothing() {
    let report = report(format!("{A}{STOP}data: [DONE]\n\ndata:"));
    assert_eq!(report.outcome, Outcome::Done);
    let kinds: Vec<_> = findings(&report)
        .into_iter()
        .map(|(kind, _)| kind)
        .collect();
    assert_eq!(kinds, [FindingKind::UnterminatedEvent]);
}

#[test]
fn findings_stay_short_whatever_the_server_sends() {
    let long = "x".repeat(100_000);
    let chunk = |reason: &str| {
        format!("data: {{\"choices\":[{{\"delta\":{{}},\"finish_reason\":\"{reason}\"}}]}}\n\n")
    };
    let stream = chunk(&long) + &chunk("stop").repeat(2_000);
    let report = read([stream.as_bytes()]);
    let details = report
        .findings
        .as_slice()
        .iter()
        .map(|found| found.detail.len());
    assert!(details.max() < Some(200));
    assert_eq!(report.findings.omitted(), 1_000);
}

#[test]
fn an_event_that_is_dropped_changes_nothing() {
    for bad in ["data: {\n\n", "data: \"ping\"\n\n", "data: {"] {
        let stream = format!("{A}{bad}");
        let mut reader = Reader::new();
        let mut input = stream.as_bytes();
        let mut told = Vec::new();
        while let Some(updates) = reader.next(&mut input) {
            told.push(updates.count());
        }
        told.extend(reader.finish().map(Iterator::count));
        assert_eq!(told, [1, 0], "{bad}");
        assert_eq!(reader.into_report().stats.bytes, stream.len() as u64);
    }
}

#[test]
fn the_reader_tells_where_it_stands_at_any_moment() {
    let mut reader = Reader::new();
    let half = A.len() + 9;
    let stream = format!("{A}{}", STOP.trim_end());
    let mut input = &stream.as_bytes()[..half];
    let updates: Vec<_> = reader.next(&mut input).expect("an event").collect();
    assert_eq!(
        updates,
        [Update::Text {
            choice: 0,
            text: "a"
        }]
    );
    assert!(reader.next(&mut input).is_none());
    assert!(matches!(reader.outcome(), Outcome::Truncated(_)));
    assert_eq!(
        reader.completion().choices[0].message.content.as_deref(),
        Some("a")
    );
    assert_eq!(
        (reader.stats().bytes, reader.stats().events),
        (half as u64, 1)
    );
    assert!(reader.next(&mut &stream.as_bytes()[half..]).is_none());
    let updates: Vec<_> = reader.finish().expect("an open event").collect();
    assert_eq!(
        updates,
        [Update::Finish {
            choice: 0,
            reason: "stop"
        }]
    );
    assert!(reader.finish().is_none(), "it ends once");
    assert_eq!(reader.findings().as_slice().len(), 1);
    assert!(reader.errors().is_empty());
    assert_eq!(reader.into_report().outcome, Outcome::Finished);
}

#[test]
fn what_stands_beside_an_error_is_read_or_told() {
    let chunk = r#"{"error":"e","choices":[{"index":0,"delta":{"content":"a"}}],"usage":{"x":1}}"#;
    let with_choices = report(format!("event: error\ndata: {chunk}\n\n"));
    assert_eq!(with_choices.errors, [r#""e""#]);
    assert_eq!(content(&with_choices), Some("a"));

    let alone = report("event: error\ndata: {\"error\":\"e\",\"request_id\":\"r\"}\n\n");
    assert_eq!(alone.errors, [r#""e""#]);
    let kinds = [FindingKind::ErrorInStream, FindingKind::Ignored];
    assert_eq!(findings(&alone), kinds.map(|kind| (kind, 19)));

    // Without an `error` in it the whole is the error.
    let chunk = r#"{"choices":[{"delta":{"content":"a"}}]}"#;
    let whole = report(format!("event: error\ndata: {chunk}\n\n"));
    assert_eq!(whole.errors, [chunk]);
}

#[test]
fn an_error_without_data_is_one() {
    for data in ["", " "] {
        let report = report(format!("{A}{STOP}event: error\ndata:{data}\n\n"));
        assert_eq!(report.outcome, Outcome::Failed, "{data:?}");
        assert_eq!(report.errors, [format!("\"{}\"", data.trim_start())]);
    }
}

#[test]
fn a_line_with_a_value_says_something() {
    let at = A.len() as u64;
    let told = |line: &str| findings(&report(format!("{A}{line}\n{STOP}")));
    assert_eq!(told(" : lost"), [(FindingKind::UnknownField, at)]);
    assert_eq!(told("  "), []);
    assert_eq!(told(" : "), []);
}

#[test]
fn the_end_tells_of_half_a_pair() {
    let mut reader = Reader::new();
    let mut input = &b"data: {\"choices\":[{\"delta\":{\"content\":\"\\ud83e\"}}]}\n\n"[..];
    assert_eq!(reader.next(&mut input).map(Iterator::count), Some(0));
    assert!(reader.next(&mut input).is_none());
    let told = reader.finish().map(Iterator::collect::<Vec<_>>);
    let text = "\u{fffd}";
    assert_eq!(told, Some(vec![Update::Text { choice: 0, text }]));
    assert!(reader.finish().is_none());
}
