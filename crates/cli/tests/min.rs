//! `deltaic min`, on oddities within long recordings.

use std::{collections::BTreeSet, fs, io::Write, path::PathBuf};

use common::{WHOLE, end, path, run, start};
use deltaic::{FindingKind, Reader, Report, sse::Framer};
use tempfile::TempDir;

mod common;

fn read(stream: &[u8]) -> Report {
    let mut reader = Reader::new();
    reader.push(stream);
    reader.into_report()
}

fn kinds(report: &Report) -> BTreeSet<FindingKind> {
    let findings = report.findings.as_slice().iter();
    findings.map(|finding| finding.kind).collect()
}

/// Whether nothing but blank lines stands behind the last event.
fn ends_with_event(stream: &[u8]) -> bool {
    let (mut framer, mut rest, mut end) = (Framer::new(), stream, 0);
    while !rest.is_empty() {
        if let Ok(Some(event)) = framer.next(&mut rest) {
            end = usize::try_from(event.span.end).expect("it is short");
        }
    }
    end > 0 && stream[end..].iter().all(|byte| b"\r\n".contains(byte))
}

/// The stream behind the beginning of a longer one.
fn embedded(stream: &[u8]) -> Vec<u8> {
    let event = |number: usize| {
        format!(
            "data: {{\"id\": \"a\", \"object\": \"chat.completion.chunk\", \"choices\": [{{\
             \"index\": 0, \"delta\": {{\"content\": \"word {number} \"}}}}]}}\n\n"
        )
    };
    let before: String = (0..40).map(event).collect();
    [before.as_bytes(), stream].concat()
}

fn place() -> (TempDir, PathBuf) {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("a.sse");
    (directory, file)
}

/// Checks that it ends with an event if the long one does, and that without any byte it would
/// not, or not show what it is to, and nothing new.
#[track_caller]
fn check_smallest(long: &[u8], smallest: &[u8], shows: impl Fn(&Report) -> bool) {
    let is_whole = ends_with_event(long);
    let shows = |stream: &[u8]| shows(&read(stream)) && (!is_whole || ends_with_event(stream));
    assert!(shows(smallest), "{}", String::from_utf8_lossy(smallest));
    for at in 0..smallest.len() {
        let fewer = [&smallest[..at], &smallest[at + 1..]].concat();
        let text = String::from_utf8_lossy(smallest);
        assert!(!shows(&fewer), "without byte {at}: {text}");
    }
}

#[test]
fn each_kind_of_finding_is_shown_in_little() {
    let (_directory, file) = place();
    let made = deltaic_corpus::made();
    let mut shown = 0;
    for &kind in FindingKind::ALL {
        let mut streams = made.iter().map(|made| embedded(&made.bytes));
        let Some(long) = streams.find(|long| kinds(&read(long)).contains(&kind)) else {
            continue;
        };
        fs::write(&file, &long).expect("it is written");
        let known = kinds(&read(&long));
        let (code, smallest, told) = run(&["min", "--finding", kind.name(), path(&file)]);
        assert_eq!(code, 0, "{kind}: {told}");
        let shows = |report: &Report| {
            let kinds = kinds(report);
            kinds.contains(&kind) && kinds.is_subset(&known)
        };
        check_smallest(&long, &smallest, shows);
        assert!(smallest.len() < 250, "{kind}: {told}");
        shown += 1;
    }
    assert!(shown > 20, "{shown}");
}

#[test]
fn all_findings_are_shown_together_unless_one_is_asked_for() {
    let (_directory, file) = place();
    let odd = "data: {]\n\ndata: []\n\nwhat: \u{e9}\u{e9}\n\n";
    let long = embedded(&[odd.as_bytes(), WHOLE.as_bytes()].concat());
    fs::write(&file, &long).expect("it is written");
    let all = kinds(&read(&long));
    assert_eq!(all.len(), 3);
    let (code, smallest, told) = run(&["min", path(&file)]);
    check_smallest(&long, &smallest, |report| {
        kinds(report) == all && report.outcome.name() == "done"
    });
    assert_eq!(
        smallest,
        b"data:]\n\ndata:[]\nw\n\ndata:{\"choices\":[{\"finish_reason\":\"s\"}]}\n\ndata:[DONE]\n\n"
    );
    assert_eq!(told, "4,742 \u{2192} 74 bytes, 4 events\n");
    assert_eq!(code, 0);

    let two = ["--finding=not_an_object", "--finding=invalid_json"];
    let (_, smallest, _) = run(&[&["min", path(&file)], &two[..]].concat());
    assert_eq!(smallest, b"data:]\n\ndata:[]\n\n");
    // The outcome is asked for beside, or alone.
    let both = ["--finding=not_an_object", "--outcome=done"];
    let (_, smallest, _) = run(&[&["min", path(&file)], &both[..]].concat());
    let report = read(&smallest);
    assert_eq!(report.outcome.name(), "done");
    assert!(kinds(&report).contains(&FindingKind::NotAnObject));
    let (_, smallest, _) = run(&["min", path(&file), "--outcome", "done"]);
    assert_eq!(read(&smallest).outcome.name(), "done");
    assert!(kinds(&read(&smallest)).is_empty());
}

#[test]
fn each_outcome_of_a_recording_is_shown_in_little() {
    let (directory, file) = place();
    let recordings = deltaic_corpus::recordings().into_iter();
    let failed = "data: {\"choices\":[{}]}\n\ndata: {\"error\":{\"message\":\"m\"}}\n\n";
    let mut streams: Vec<Vec<u8>> = recordings
        .filter(|recording| (500..20_000).contains(&recording.bytes.len()))
        .take(12)
        .map(|recording| recording.bytes)
        .collect();
    streams.push(embedded(failed.as_bytes()));
    streams.push(embedded(b""));
    streams.push(b": no more than that\n\n".to_vec());
    let mut outcomes = BTreeSet::new();
    for stream in streams {
        fs::write(&file, &stream).expect("it is written");
        let report = read(&stream);
        let outcome = report.outcome.name();
        outcomes.insert(outcome);
        let to = directory.path().join("small.sse");
        let arguments = [
            "min",
            "--force",
            "--outcome",
            outcome,
            "-o",
            path(&to),
            path(&file),
        ];
        let (code, stdout, told) = run(&arguments);
        assert_eq!((code, &*stdout), (0, &b""[..]), "{told}");
        let smallest = fs::read(&to).expect("it is written");
        let known = kinds(&report);
        check_smallest(&stream, &smallest, |report| {
            report.outcome.name() == outcome && kinds(report).is_subset(&known)
        });
        assert!(smallest.len() < 60, "{told}");
        // The same again.
        run(&arguments);
        assert_eq!(fs::read(&to).expect("it is written"), smallest);
    }
    assert_eq!(outcomes.len(), 5, "{outcomes:?}");
}

#[test]
fn any_stream_is_made_smaller() {
    for (stream, arguments, expected) in [
        // Other line ends.
        (
            WHOLE.replace('\n', "\r"),
            &["--outcome", "done"][..],
            "data:{\"choices\":[{\"finish_reason\":\"s\"}]}\r\rdata:[DONE]\r\r",
        ),
        // A body of JSON lines.
        (
            WHOLE
                .replace("data: [DONE]\n\n", "")
                .replace("data: ", "")
                .replace("\n\n", "\n"),
            &["--outcome", "finished"],
            "{\"choices\":[{\"finish_reason\":\"s\"}]}",
        ),
        // A name that JSON pointers escape, and values that have to differ.
        (
            "data: {\"choices\":[],\"a/~\":{\"b\":[1,2]}}\n\n\
             data: {\"choices\":[],\"a/~\":{\"b\":[3,[4,\"xyz\"]]}}\n\n"
                .into(),
            &["--finding", "member_replaced"],
            "data:{\"choices\":[],\"a/~\":{\"b\":[1]},\"a/~\":{\"b\":[]}}\n\n",
        ),
        // JSON that not every reader takes.
        (
            "data: {\"a\":\"x\",\"choices\":[{\"delta\":{\"content\":\"\\ud83e\"}}]}\n\n".into(),
            &["--finding", "lone_surrogate"],
            "data:{\"choices\":[{\"delta\":{\"content\":\"\\ud83e\"}}]}\n\n",
        ),
    ] {
        let mut child = start(&[&["min", "-"], arguments].concat());
        let mut stdin = child.stdin.take().expect("it is piped");
        stdin.write_all(stream.as_bytes()).expect("it is taken");
        drop(stdin);
        let (code, smallest, told) = end(child);
        assert_eq!(String::from_utf8_lossy(&smallest), expected, "{told}");
        assert_eq!(code, 0);
    }
}

#[test]
fn what_is_not_shown_is_1() {
    let (_directory, file) = place();
    let odd = "data: {]\n\ndata: []\n\n";
    for (stream, arguments, why) in [
        (
            "",
            &["--finding", "wrong_type"][..],
            "has no finding, expected wrong_type",
        ),
        (
            odd,
            &["--finding", "invalid_json", "--finding", "wrong_type"],
            "has invalid_json, not_an_object, expected wrong_type",
        ),
        (odd, &["--outcome", "failed"], "is done, expected failed"),
        ("", &[], "has no finding, expected one, or --outcome"),
    ] {
        fs::write(&file, [stream, WHOLE].concat()).expect("it is written");
        let (code, smallest, told) = run(&[&["min", path(&file)], arguments].concat());
        assert_eq!(told, format!("deltaic: {}: {why}\n", file.display()));
        assert_eq!((code, &*smallest), (1, &b""[..]));
    }
}

#[test]
fn wrong_usage_is_2_and_names_the_kinds() {
    for (arguments, words) in [
        (
            &["--finding", "wrong_typ", "a"][..],
            &["wrong_type", "after_done", "usage_partial"][..],
        ),
        (&["--outcome", "dune", "a"], &["done", "truncated"]),
        (&[], &["FILE"]),
        (&["/nowhere.sse"], &["deltaic: /nowhere.sse: No such file"]),
    ] {
        let (code, stdout, told) = run(&[&["min"], arguments].concat());
        for word in words {
            assert!(told.contains(word), "{told}");
        }
        assert_eq!((code, &*stdout), (2, &b""[..]));
    }
    let (_directory, file) = place();
    fs::write(&file, "data: {]\n\n").expect("it is written");
    let (code, _, told) = run(&["min", path(&file), "-o", "/nowhere/small.sse"]);
    assert_eq!(
        told,
        "deltaic: /nowhere/small.sse: No such file or directory (os error 2)\n"
    );
    assert_eq!(code, 2);
    let (code, help, _) = run(&["min", "--help"]);
    let help = String::from_utf8(help).expect("it is UTF-8");
    assert!(help.contains(FindingKind::InvalidJson.meaning()), "{help}");
    assert_eq!(code, 0);
}

#[test]
fn an_error_in_a_stream_stays_an_error_in_a_stream() {
    let (_directory, file) = place();
    let long = embedded(b"data: {\"error\":{\"message\":\"m\"}}\n\n");
    fs::write(&file, &long).expect("it is written");
    // Five bytes that are no stream would be an error, too.
    for arguments in [&[][..], &["--finding", "error_in_stream"]] {
        let (_, smallest, _) = run(&[&["min", path(&file)], arguments].concat());
        assert!(ends_with_event(&smallest), "{smallest:?}");
        let report = read(&smallest);
        assert_eq!(report.outcome.name(), "failed");
        assert!(report.stats.events > 0);
    }
}
