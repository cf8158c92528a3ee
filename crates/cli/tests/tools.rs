//! `check`, `convert`, `diff`, `read` and `usage` over many files, as the built command has them.

mod common;

use std::{fs, io::Write, process::Output};

use common::{corpus, end, output as run, path, start, text};
use serde_json::{Value, json};

#[track_caller]
fn lines(output: &Output) -> Vec<Value> {
    let lines = text(&output.stdout).lines();
    lines.map(|line| line.parse().expect(line)).collect()
}

fn delta(delta: &str) -> String {
    format!("data: {{\"id\":\"a\",\"choices\":[{{\"index\":0,\"delta\":{delta}}}]}}\n\n")
}

const END: &str = "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";

#[test]
fn a_directory_is_read_with_its_cassettes() {
    let directory = tempfile::tempdir().expect("a directory");
    let below = directory.path().join("below");
    fs::create_dir(&below).expect("it is made");
    for (from, to) in [
        ("recordings/groq-hi.sse", "z.sse"),
        ("cassettes/cerebras-weather.yaml", "below/two.yaml"),
        ("cassettes/cerebras-capital.json", "below/one.json"),
        ("recordings/groq-hi.expected.json", "report.json"),
        ("recordings/groq-hi.toml", "about.toml"),
        ("README.md", "other.yaml"),
    ] {
        fs::copy(corpus(from), directory.path().join(to)).expect("it is copied");
    }
    let name = |name: &str| path(&directory.path().join(name)).to_owned();
    let names = [
        name("below/one.json"),
        name("below/two.yaml#1"),
        name("below/two.yaml#2"),
        name("z.sse"),
    ];
    let usage = run(&["usage", path(directory.path())]);
    assert_eq!(usage.status.code(), Some(0), "{}", text(&usage.stderr));
    let found: Vec<_> = lines(&usage)
        .iter()
        .map(|line| line["file"].clone())
        .collect();
    assert_eq!(found, names);
    let read = run(&["read", "--json", path(directory.path())]);
    let found: Vec<_> = lines(&read)
        .iter()
        .map(|line| line["file"].clone())
        .collect();
    assert_eq!(found, names);
    let read = run(&["read", path(directory.path())]);
    let headings = text(&read.stdout)
        .lines()
        .filter(|line| line.starts_with("==> "));
    let expected = names.iter().map(|name| format!("==> {name} <=="));
    assert_eq!(headings.collect::<Vec<_>>(), expected.collect::<Vec<_>>());
    let output = directory.path().join("new");
    let told = run(&["convert", path(&below), "-o", path(&output), "--to", "json"]);
    assert_eq!(told.status.code(), Some(0));
    let report = fs::read_to_string(output.join("two-2.json")).expect("it is written");
    let report: Value = report.parse().expect("JSON");
    let expected = fs::read_to_string(corpus("recordings/cerebras-weather-2.expected.json"));
    let expected: Value = expected.expect("it is there").parse().expect("JSON");
    assert_eq!(report["completion"], expected["completion"]);
}

#[test]
fn usage_tells_what_the_server_counted_and_nothing_else() {
    let directory = tempfile::tempdir().expect("a directory");
    let usage = "\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":7,\"total_tokens\":12,\
        \"prompt_tokens_details\":{\"cached_tokens\":2},\"cost\":0.5}";
    let counts = format!("data: {{\"model\":\"m\",\"choices\":[],{usage}}}\n\n");
    let text_ = delta(r#"{"content":"a"}"#);
    for (name, stream) in [
        (
            "a-whole.sse",
            format!("{text_}{END}{counts}data: [DONE]\n\n"),
        ),
        ("b-partial.sse", format!("{text_}{counts}{text_}")),
        ("c-none.sse", format!("{text_}{END}")),
        ("d-empty.sse", String::new()),
    ] {
        fs::write(directory.path().join(name), stream).expect("it is written");
    }
    let told = run(&["usage", path(directory.path())]);
    assert_eq!(told.status.code(), Some(1));
    let found = lines(&told);
    assert_eq!(
        found[0],
        json!({
            "file": path(&directory.path().join("a-whole.sse")), "id": "a", "model": "m",
            "outcome": "done", "finish_reasons": ["stop"], "usage_state": "complete",
            "prompt_tokens": 5, "completion_tokens": 7, "total_tokens": 12,
            "cached_tokens": 2, "reasoning_tokens": null,
            "usage": {"prompt_tokens": 5, "completion_tokens": 7, "total_tokens": 12,
                "prompt_tokens_details": {"cached_tokens": 2}, "cost": 0.5},
        })
    );
    let states: Vec<_> = found
        .iter()
        .map(|line| line["usage_state"].clone())
        .collect();
    assert_eq!(states, ["complete", "partial", "none", "none"]);
    assert_eq!(found[1]["total_tokens"], 12);
    assert_eq!(found[2]["usage"], Value::Null);
    let whole = path(&directory.path().join("a-whole.sse")).to_owned();
    assert_eq!(run(&["usage", &whole]).status.code(), Some(0));
    assert_eq!(
        run(&["usage", &whole, "/nowhere.sse"]).status.code(),
        Some(2)
    );
}

/// The most memory that it has had so far, in KiB.
#[cfg(target_os = "linux")]
fn peak(child: &std::process::Child) -> usize {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id()));
    let status = status.expect("it runs");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    number.and_then(|number| number.parse().ok()).expect("KiB")
}

#[test]
#[cfg(target_os = "linux")]
fn usage_of_a_long_stream_takes_little_memory() {
    let mut child = start(&["usage", "-"]);
    let mut stdin = child.stdin.take().expect("it is piped");
    let megabyte = format!(": {}\n\n", "ping ".repeat(200)).repeat(1 << 10);
    stdin.write_all(b": ping\n\n").expect("it is taken");
    let before = peak(&child);
    for _ in 0..48 {
        stdin.write_all(megabyte.as_bytes()).expect("it is taken");
    }
    let grown = peak(&child).saturating_sub(before);
    assert!(grown < 32 << 10, "{grown} KiB for a stream of 48 MiB");
    stdin.write_all(END.as_bytes()).expect("it is taken");
    drop(stdin);
    let (_, stdout, _) = end(child);
    assert!(text(&stdout).contains("\"outcome\":\"finished\""));
}

#[test]
fn what_check_says_as_json_has_the_place_of_each_finding() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("a.sse");
    let stream = format!("{}data: {{oops}}\n\n{END}", delta(r#"{"content":"宽"}"#));
    fs::write(&file, &stream).expect("it is written");
    let told = run(&["check", "--json", "--cuts", path(&file)]);
    assert_eq!(told.status.code(), Some(1));
    let offset = stream.find("oops").expect("it is there");
    assert_eq!(
        lines(&told),
        [json!({
            "file": path(&file), "outcome": "finished",
            "findings": [{
                "severity": "error", "kind": "invalid_json", "offset": offset,
                "line": 3, "column": 8,
                "detail": "expected a key at byte 1 of the data, which is dropped: {oops}",
            }],
            "findings_omitted": 0,
            "cuts": {"tried": stream.len() + 1, "different": [], "bytes_differ": false},
        })]
    );
}

#[test]
fn streams_that_come_to_the_same_are_the_same_however_they_are_cut_into_events() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = |name: &str, stream: String| {
        let file = directory.path().join(name);
        fs::write(&file, stream).expect("it is written");
        path(&file).to_owned()
    };
    let whole = file("a.sse", delta(r#"{"content":"Hello"}"#) + END);
    let pieces = delta(r#"{"content":"Hel"}"#) + &delta(r#"{"content":"lo"}"#) + END;
    let pieces = file("b.sse", pieces);
    let other = file("c.sse", delta(r#"{"content":"Help!"}"#) + END);
    let told = run(&["diff", &whole, &whole]);
    assert_eq!(told.status.code(), Some(0));
    assert_eq!(
        text(&told.stdout),
        "every event is the same\n\
         the same completion, usage and outcome: finished · stop · 2 chunks\n"
    );
    let told = run(&["diff", &whole, &pieces]);
    assert_eq!(told.status.code(), Some(0), "{}", text(&told.stdout));
    let expected = format!(" --> {whole}:1:62 (byte 61)\n");
    assert!(text(&told.stdout).contains("the first event that differs is number 1\n"));
    assert!(
        text(&told.stdout).contains(&expected),
        "{}",
        text(&told.stdout)
    );
    let told = run(&["diff", &whole, &other]);
    assert_eq!(told.status.code(), Some(1));
    let expected = "choices[0].message.content\n  - \"Hello\"\n  + \"Help!\"\n";
    assert!(text(&told.stdout).starts_with(expected));
    let ignored = run(&[
        "diff",
        "--ignore",
        "choices[].message.content",
        &whole,
        &other,
    ]);
    assert_eq!(ignored.status.code(), Some(0), "{}", text(&ignored.stdout));
    let short = file("d.sse", delta(r#"{"content":"Hello"}"#));
    let told = run(&["diff", &whole, &short]);
    assert_eq!(told.status.code(), Some(1));
    assert!(text(&told.stdout).starts_with("outcome\n  - \"finished\"\n  + \"truncated\"\n"));
    assert!(text(&told.stdout).ends_with(&format!(" --> {short}: has ended\n")));
    let two = corpus("cassettes/cerebras-weather.yaml");
    let told = run(&["diff", &two, &whole]);
    let error = format!("deltaic: {two}: holds 2 streams, expected one\n");
    assert_eq!((told.status.code(), text(&told.stderr)), (Some(2), &*error));
}

#[test]
fn numbers_are_compared_to_their_last_digit_wherever_they_stand() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = |name: &str, stream: String| {
        let file = directory.path().join(name);
        fs::write(&file, stream).expect("it is written");
        path(&file).to_owned()
    };
    let long = "12345678901234567890";
    for stream in [
        "data: {\"choices\":[],\"seed\":N}\n\n",
        "data: {\"choices\":[],\"created\":N}\n\n",
        "data: {\"choices\":[],\"usage\":{\"x\":[0.N]}}\n\n",
        "data: {\"choices\":[{\"x\":N,\"delta\":{}}]}\n\n",
        "data: {\"choices\":[{\"delta\":{\"x\":{\"y\":N}}}]}\n\n",
        "data: {\"choices\":[{\"delta\":{},\"logprobs\":{\"content\":[{\"logprob\":-0.N}]}}]}\n\n",
        "data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"x\":N,\"function\":{\"name\":\"f\"}}]}}]}\n\n",
        "data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"function\":{\"name\":\"f\",\"x\":N}}]}}]}\n\n",
        "data: {\"choices\":[{\"delta\":{\"function_call\":{\"name\":\"f\",\"x\":N}}}]}\n\n",
        "data: {\"error\":{\"code\":N}}\n\n",
    ] {
        let of = |digit: &str| stream.replace('N', &format!("{long}{digit}"));
        let (a, b) = (file("a.sse", of("1")), file("b.sse", of("2")));
        let told = run(&["diff", &a, &b]);
        assert_eq!(told.status.code(), Some(1), "{}", text(&told.stdout));
        for digit in ["1", "2"] {
            let number = format!("{long}{digit}\n");
            assert!(
                text(&told.stdout).contains(&number),
                "{}",
                text(&told.stdout)
            );
        }
        assert_eq!(run(&["diff", &a, &a]).status.code(), Some(0));
    }
}

#[test]
fn members_are_compared_as_deep_as_they_are_read() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = |name: &str, inner: &str| {
        let (open, close) = ("{\"a\":".repeat(126), "}".repeat(126));
        let stream = format!("data: {{\"choices\":[],\"x\":{open}{inner}{close}}}\n\n");
        let file = directory.path().join(name);
        fs::write(&file, stream).expect("it is written");
        path(&file).to_owned()
    };
    let (a, b) = (file("a.sse", "1"), file("b.sse", "2"));
    let told = run(&["diff", &a, &b]);
    assert_eq!((told.status.code(), text(&told.stderr)), (Some(1), ""));
    assert!(text(&told.stdout).contains(".a\n  - 1\n  + 2\n"));
    assert_eq!(run(&["diff", &a, &a]).status.code(), Some(0));
}

#[test]
fn a_directory_that_holds_no_stream_is_no_good_news() {
    let directory = tempfile::tempdir().expect("a directory");
    fs::write(directory.path().join("package.json"), "{\"a\":1}").expect("it is written");
    fs::write(directory.path().join("ci.yml"), "on: push\n").expect("it is written");
    let name = path(directory.path());
    let error = format!("deltaic: {name}: holds no stream or cassette\n");
    for command in ["read", "check", "usage", "bench"] {
        let told = run(&[command, name]);
        assert_eq!(
            (told.status.code(), text(&told.stderr)),
            (Some(2), &*error),
            "{command}"
        );
    }
}

#[test]
fn links_to_streams_are_followed_and_names_command_no_terminal() {
    let directory = tempfile::tempdir().expect("a directory");
    let name = directory.path().join("a\u{1b}[31m\nb.sse");
    #[cfg(unix)]
    std::os::unix::fs::symlink(corpus("recordings/groq-hi.sse"), &name).expect("it is linked");
    #[cfg(not(unix))]
    return;
    for command in ["check", "read"] {
        let told = run(&[command, path(directory.path())]);
        assert_eq!(told.status.code(), Some(0), "{}", text(&told.stderr));
        assert!(
            text(&told.stdout).contains("a\\u{1b}[31m\\nb.sse"),
            "{command}"
        );
    }
}

#[test]
fn many_findings_cost_no_more_than_the_stream() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("a.sse");
    let stream = delta(r#"{"content":"a"}"#).repeat(20_000) + &"data: ]\n\n".repeat(2_000);
    fs::write(&file, stream).expect("it is written");
    let began = std::time::Instant::now();
    let told = run(&["check", "--json", path(&file)]);
    assert_eq!(told.status.code(), Some(1));
    let last = lines(&told)[0]["findings"]
        .as_array()
        .expect("a list")
        .last()
        .cloned();
    assert!(last.expect("findings")["line"].as_u64() > Some(40_000));
    // Line by line from the start for each of them, it would take a minute.
    assert!(began.elapsed().as_secs() < 20);
}

#[test]
fn what_is_no_stream_says_what_came() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("a.sse");
    fs::write(&file, "<html><h1>502 Bad Gateway</h1></html>\n").expect("it is written");
    let told = run(&["read", path(&file)]);
    assert_eq!(told.status.code(), Some(1));
    assert!(text(&told.stdout).contains("502"), "{}", text(&told.stdout));
}
