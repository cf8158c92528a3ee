//! `deltaic bench`, as a person or a script would run it.

use std::process::{Command, Output, Stdio};

use serde_json::Value;

fn bench(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_deltaic"))
        .arg("bench")
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .expect("the command starts")
}

fn recording() -> String {
    let directory = deltaic_corpus::directory().join("recordings");
    directory.join("cerebras-hi.sse").display().to_string()
}

const WAYS: [&str; 4] = [
    "framing",
    "framing, parsing",
    "reading, each in full",
    "reading",
];

#[test]
fn each_way_has_its_figures() {
    let output = bench(&[&recording()]);
    let text = str::from_utf8(&output.stdout).expect("UTF-8");
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].ends_with(": 5 events, 1467 bytes"), "{text}");
    for (line, way) in lines[2..].iter().zip(WAYS) {
        let figures = line.trim_start().strip_prefix(way).expect(way);
        let figures: Vec<f64> = figures
            .split_whitespace()
            .map(|figure| figure.parse().expect("a number"))
            .collect();
        assert!(figures[0] > 0.0 && figures[1] > 0.0, "{line}");
    }
    assert_eq!(lines.len(), 6, "{text}");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn a_script_gets_json() {
    let output = bench(&["--json", "--reads", "64", &recording(), &recording()]);
    let text = str::from_utf8(&output.stdout).expect("UTF-8");
    let measured: Vec<Value> = text
        .lines()
        .map(|line| line.parse().expect("JSON"))
        .collect();
    assert_eq!(measured.len(), 2);
    for measured in measured {
        assert_eq!(
            (&measured["bytes"], &measured["events"]),
            (&1467.into(), &5.into())
        );
        let names = measured["ways"].as_array().expect("ways").iter();
        let names: Vec<_> = names
            .map(|way| way["name"].as_str().expect("a name"))
            .collect();
        assert_eq!(names, WAYS);
        assert!(measured["ways"][0]["allocations_per_event"].is_f64());
    }
}

#[test]
fn names_of_files_command_no_terminal() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("a\u{1b}[31m\u{7f}\u{202e}.sse");
    std::fs::copy(recording(), &file).expect("it is copied");
    let name = file.to_str().expect("it is UTF-8");
    for (arguments, expected) in [
        (&[name][..], "a\\u{1b}[31m\\u{7f}\\u{202e}.sse: 5 events"),
        (&[name, "--json"], "a\\u001b[31m\\u007f\\u202e.sse"),
    ] {
        let output = bench(arguments);
        let text = str::from_utf8(&output.stdout).expect("UTF-8");
        assert!(text.contains(expected), "{text}");
        assert!(!text.contains(['\u{1b}', '\u{7f}', '\u{202e}']), "{text}");
    }
}

#[test]
fn what_has_no_event_is_named() {
    let missing = bench(&["missing.sse", &recording()]);
    let told = String::from_utf8_lossy(&missing.stderr).into_owned();
    assert!(told.starts_with("deltaic: missing.sse: "), "{told}");
    assert_eq!(missing.status.code(), Some(2));
    assert!(!missing.stdout.is_empty(), "the other is measured");

    let empty = bench(&["-"]);
    let told = String::from_utf8_lossy(&empty.stderr).into_owned();
    assert_eq!(
        told,
        "deltaic: -: has no event, expected a stream of them\n"
    );
    assert_eq!(empty.status.code(), Some(2));
}
