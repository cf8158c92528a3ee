//! The pages that the built command writes: what their data says, and that nothing of a
//! stream can run. What a browser shows of them is in `check.mjs`.

mod agrees;
#[path = "../common/mod.rs"]
mod common;

use std::{fs, path::Path};

use common::{command, output as run, text};
use serde_json::{Value, json};
use tempfile::TempDir;

/// A directory with a recording in it, and the path of that.
fn saved(name: &str, bytes: impl AsRef<[u8]>) -> (TempDir, String) {
    let directory = TempDir::new().expect("there is room");
    let path = directory.path().join(name);
    fs::write(&path, bytes).expect("there is room");
    let path = path.to_str().expect("the path is UTF-8").to_owned();
    (directory, path)
}

/// The page of a recording, and the exit code.
#[track_caller]
fn page(path: &str, more: &[&str]) -> (String, Option<i32>) {
    let output = run(&[&["view", path, "-o", "-"], more].concat());
    assert_eq!(text(&output.stderr), "", "{path}");
    (text(&output.stdout).to_owned(), output.status.code())
}

const DATA: &str = "<script id=\"data\" type=\"application/json\">";

/// The page before its data, the data, and what is behind.
#[track_caller]
fn parts(page: &str) -> (&str, &str, &str) {
    let (before, rest) = page.split_once(DATA).expect("it has data");
    let (data, after) = rest.split_once("</script>").expect("the data ends");
    (before, data, after)
}

#[track_caller]
fn data(page: &str) -> Value {
    serde_json::from_str(parts(page).1).expect("the data is JSON")
}

/// The data of the page of a stream.
#[track_caller]
fn data_of(stream: &str) -> Value {
    let (_directory, path) = saved("a.sse", stream);
    data(&page(&path, &[]).0)
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], |list| list)
}

#[track_caller]
fn string(value: &Value) -> &str {
    value.as_str().expect("it is a string")
}

#[track_caller]
fn number(value: &Value) -> usize {
    let number = value.as_u64().and_then(|number| number.try_into().ok());
    number.expect("it is a number")
}

#[test]
fn the_reads_of_the_command_change_nothing() {
    for name in [
        "recordings/groq-hi.sse",
        "dialects/comments.sse",
        "dialects/cr-lf.sse",
    ] {
        let path = deltaic_corpus::directory().join(name);
        let path = path.to_str().unwrap();
        let (whole, _) = page(path, &[]);
        for reads in ["1", "7", "1000"] {
            assert_eq!(
                page(path, &["--reads", reads]).0,
                whole,
                "{name} in {reads}"
            );
        }
    }
}

const CALLS: &str = "data: {\"choices\":[{\"delta\":{\"role\":\"assistant\",\"tool_calls\":[{\"index\":0,\
     \"function\":{\"name\":\"f\",\"arguments\":\"{\\\"é\\\":\"}}]}}]}\n\n\
     : alive\n\
     data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"1}\"}}]}}]}\n\n\
     data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"tool_calls\"}]}\n\n";

#[test]
fn rows_tell_what_each_event_adds() {
    let data = data_of(CALLS);
    let said: Vec<_> = list(&data["rows"])
        .iter()
        .map(|row| json!([row["number"], row["kind"], row["pieces"]]))
        .collect();
    let lane = |to: u64| json!({"kind": "call", "lane": 0, "to": to});
    let expected = [
        json!([1, "call", [{"kind": "role", "choice": 0, "text": "assistant"}, lane(0), lane(5)]]),
        json!([null, "comment", [{"kind": "comment", "text": "alive"}]]),
        json!([2, "call", [lane(7), lane(7)]]),
        json!([3, "finish", [{"kind": "finish", "choice": 0, "text": "tool_calls"}]]),
    ];
    assert_eq!(said, expected);
    let lane = &data["lanes"][0];
    assert_eq!([&lane["name"], &lane["complete"]], [&json!("f"), &json!(2)]);
}

#[test]
fn a_comment_within_a_block_has_its_row_before_the_whole_block() {
    let stream = "data: {\"choices\":\n: alive\ndata: []}\n\n";
    let data = data_of(stream);
    assert_eq!(data["rows"][0]["raw"], ": alive\n");
    assert_eq!(data["rows"][1]["raw"], stream);
}

#[test]
fn what_the_end_leaves_open_has_its_row() {
    let cut = "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\ndata: {\"choices\":[{\"delta\":{\"content\":\"b\"}}]}";
    let data = data_of(cut);
    assert_eq!(list(&data["rows"]).len(), 2);
    assert_eq!(
        data["rows"][1]["pieces"],
        json!([{"kind": "text", "lane": 0, "to": 2}])
    );
    let meaning = "choice 0 has no finish reason, the last event has no blank line behind it";
    assert_eq!(data["meaning"], meaning);
    // Half a surrogate pair waits for the other, until the end.
    let data = data_of("data: {\"choices\":[{\"delta\":{\"content\":\"a\\ud83d\"}}]}\n\n");
    assert_eq!(data["lanes"][0]["text"], "a\u{FFFD}");
    assert_eq!(
        data["rows"][1]["pieces"],
        json!([{"kind": "text", "lane": 0, "to": 2}])
    );
    // A body is one row, in which all is said.
    let body = "{\"choices\":[{\"message\":{\"tool_calls\":[{\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]},\
         \"finish_reason\":\"tool_calls\"}]}\n";
    let data = data_of(body);
    assert_eq!(list(&data["rows"]).len(), 1);
    assert_eq!(data["rows"][0]["raw"], body);
    assert_eq!(data["lanes"][0]["complete"], 0);
    assert_eq!(data_of("")["rows"], json!([]));
}

#[test]
fn arguments_that_go_on_are_not_complete() {
    let call = |arguments: &str| {
        let call = json!({"index": 0, "function": {"arguments": arguments}});
        let delta = json!({"role": "assistant", "tool_calls": [call]});
        format!("data: {}\n\n", json!({"choices": [{"delta": delta}]}))
    };
    let data = data_of(&[call("{}"), call(" "), call("x")].concat());
    assert_eq!(data["lanes"][0]["complete"], Value::Null);
    let data = data_of(&[call("{"), call("}"), call(" ")].concat());
    assert_eq!(data["lanes"][0]["complete"], 1);
    // A role is told once, though each delta has it.
    let first = &data["rows"][1]["pieces"][0]["kind"];
    assert_eq!(
        [first, &data["rows"][0]["pieces"][0]["kind"]],
        ["call", "role"]
    );
}

#[test]
fn an_event_that_is_too_long_has_its_row() {
    let long = format!("data: {}\n\n", "a".repeat(17 << 20));
    let data = data_of(&(long.clone() + CALLS));
    let row = &data["rows"][0];
    assert_eq!(
        [&row["kind"], &row["number"]],
        [&json!("error"), &Value::Null]
    );
    let text = "event at byte 0 is longer than 16777216 bytes";
    assert_eq!(row["pieces"][0]["text"], text);
    assert_eq!(data["rows"][1]["at"], long.len());
    assert_eq!(data["findings"][0]["severity"], "error");
}

#[test]
fn standard_input_goes_to_standard_output() {
    let (_directory, path) = saved("a.sse", CALLS);
    let input = fs::File::open(path).unwrap();
    let output = command(&["view", "-"]).stdin(input).output().unwrap();
    assert_eq!(text(&output.stderr), "");
    let data = data(text(&output.stdout));
    assert_eq!(data["name"], "standard input");
    assert_eq!(data["outcome"], "finished");
}

#[test]
fn long_rows_are_cut() {
    let stream = format!("data: {{\"x\":\"{}\"}}\n\n", "a".repeat(100_000));
    let row = &data_of(&stream)["rows"][0];
    assert_eq!(row["raw"].as_str().map(str::len), Some(65_536));
    assert_eq!(row["cut"], stream.len() - 65_536);
}

#[test]
fn times_beside_the_recording_are_told() {
    let (directory, path) = saved("a.sse", CALLS);
    let times = directory.path().join("a.times");
    assert_eq!(data(&page(&path, &[]).0)["reads"], Value::Null);
    fs::write(
        &times,
        format!("1500 10\n2500 {}\n9000 0\n", CALLS.len() - 10),
    )
    .unwrap();
    let reads = data(&page(&path, &[]).0)["reads"].clone();
    let len = CALLS.len();
    assert_eq!(reads, json!([[1_500, 10], [2_500, len], [9_000, len]]));
    fs::write(&times, "1500 10\n").unwrap();
    let output = run(&["view", &path]);
    let why = format!("has reads of 10 bytes, expected {len} as the recording has");
    assert_eq!(
        text(&output.stderr),
        format!("deltaic: {}: {why}\n", times.display())
    );
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn nothing_of_a_stream_can_run() {
    let hostile = "</script><script>alert(1)</script><img src=x onerror=alert(1)>\
         <!--<script>{script}{data}&lt;\u{202E}\u{2066}\u{2028}\u{7F}\u{FEFF}";
    let delta = json!({"choices": [{"delta": {"content": hostile, "tool_calls": [
        {"id": hostile, "function": {"name": hostile, "arguments": hostile}},
    ]}, "finish_reason": hostile}], "model": hostile, "usage": {hostile: hostile}});
    let stream = format!(": {hostile}\n{hostile}: x\ndata: {delta}\n\ndata: {hostile}\n\n");
    let (_directory, path) = saved("<b>&.sse", stream);
    let (page, _) = page(&path, &[]);
    let (before, data, after) = parts(&page);
    assert!(!data.contains([
        '<', '>', '&', '\u{202E}', '\u{2066}', '\u{2028}', '\u{7F}', '\u{FEFF}'
    ]));
    assert_eq!(self::data(&page)["lanes"][0]["text"], hostile);
    assert_eq!(self::data(&page)["name"], "<b>&.sse");
    // All else is the same for any stream.
    let (_directory, path) = saved("b.sse", "");
    let (other, _) = self::page(&path, &[]);
    let (other_before, _, other_after) = parts(&other);
    assert_eq!((before, after), (other_before, other_after));
    assert_eq!(after.matches("</script>").count(), 1);
    assert!(before.contains("default-src 'none'; script-src 'sha256-"));
    for text in [before, after] {
        for no in ["http:", "https:", "//cdn", "src=", "innerHTML", "unsafe-"] {
            assert!(!text.contains(no), "{no}");
        }
    }
}

#[test]
fn the_page_lies_beside_the_recording_and_never_over_it() {
    let (directory, path) = saved("a.sse", CALLS);
    let output = run(&["view", &path]);
    let beside = directory.path().join("a.html");
    let written = fs::read_to_string(&beside).unwrap();
    assert_eq!(written, page(&path, &[]).0);
    let told = format!("{}: {} bytes\n", beside.display(), written.len());
    assert_eq!(text(&output.stdout), told);
    assert_eq!(output.status.code(), Some(0));
    let (_directory, path) = saved("a.html", CALLS);
    for arguments in [&["view", &*path][..], &["view", &path, "-o", &path]] {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(2));
        let why = "would be replaced by what is made of it, expected another file after -o";
        assert_eq!(text(&output.stderr), format!("deltaic: {path}: {why}\n"));
        assert_eq!(fs::read_to_string(Path::new(&path)).unwrap(), CALLS);
    }
}
