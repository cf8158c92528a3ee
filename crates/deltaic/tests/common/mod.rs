//! Reports as JSON, and what was written down beside a recording.
#![expect(unreachable_pub, reason = "a module of each test that names it")]
#![allow(dead_code, reason = "no test uses all of it")]

use deltaic::{FindingKind, Reader, Report};
use deltaic_corpus::cut;
use serde_json::{Map, Value, json};

/// A chunk of text.
pub const A: &str = "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n";
/// A chunk that finishes.
pub const STOP: &str = "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";

/// Reads a response that came in these reads.
pub fn read<'r>(reads: impl IntoIterator<Item = &'r [u8]>) -> Report {
    let mut reader = Reader::new();
    for mut read in reads {
        while reader.next(&mut read).is_some() {}
        assert!(
            read.is_empty(),
            "`None` must mean that the input is used up"
        );
    }
    reader.into_report()
}

/// What the stream gives, which must not depend on how it is cut.
#[track_caller]
pub fn report(stream: impl AsRef<[u8]>) -> Report {
    let stream = stream.as_ref();
    let whole = read([stream]);
    for reads in cut::in_two(stream) {
        assert_eq!(read(reads), whole, "cut at {}", reads[0].len());
    }
    assert_eq!(read(cut::into(stream, 1)), whole, "byte by byte");
    whole
}

/// Findings, and where they are.
pub fn findings(report: &Report) -> Vec<(FindingKind, u64)> {
    let findings = report.findings.as_slice().iter();
    findings.map(|found| (found.kind, found.offset)).collect()
}

/// The text of the first choice.
pub fn content(report: &Report) -> Option<&str> {
    let choice = report.completion.as_ref()?.choices.first()?;
    choice.message.content.as_deref()
}

/// The report as the command prints it, but for the counts.
pub fn json(report: &Report) -> Value {
    let findings = report.findings.as_slice().iter().map(|finding| {
        json!({
            "kind": finding.kind.name(),
            "offset": finding.offset,
            "detail": finding.detail,
        })
    });
    json!({
        "outcome": report.outcome.name(),
        "completion": report.completion,
        "error": report.errors.first().map(|raw| raw.parse::<Value>().expect("errors are JSON")),
        "findings": findings.collect::<Vec<_>>(),
    })
}

/// What is expected, by what stands beside a recording: either the report, or
/// the account of an independent interpreter, which keeps apart what it does not
/// know by name.
pub fn expectation(text: &str) -> Value {
    let mut all: Value = text.parse().expect("an expectation is JSON");
    if all.get("outcome").is_some() {
        return all;
    }
    let extra = all["extra"].take();
    let mut completion = all["completion"].take();
    unite(&mut completion, &extra["top"]);
    for choice in completion["choices"].as_array_mut().into_iter().flatten() {
        let index = choice["index"].to_string();
        unite(choice, &extra["choices"][&index]);
        unite(&mut choice["message"], &extra["message"][&index]);
    }
    let outcome = match (all["status"].as_str(), all["done"].as_bool()) {
        (Some("error"), _) => "failed",
        (Some("unfinished"), _) | (Some("complete"), Some(true)) => "done",
        (Some("complete"), _) => "finished",
        (Some(status), _) => status,
        (None, _) => panic!("no outcome and no status"),
    };
    json!({ "outcome": outcome, "completion": completion, "error": all["errors"].get(0) })
}

fn unite(into: &mut Value, more: &Value) {
    let (Some(into), Some(more)) = (into.as_object_mut(), more.as_object()) else {
        return;
    };
    for (name, value) in more {
        into.insert(name.clone(), value.clone());
    }
}

/// Members that the independent interpreter leaves out of its account and we
/// keep: the role that Together repeats on the choice, and the mark that closes
/// a thinking part of Mistral's.
fn kept_by_us(path: &str) -> bool {
    path == "/choices/0/role" || path.ends_with("/content_parts/0/closed")
}

/// The paths at which `ours` is not what is expected. Members in any order,
/// numbers by value, null as good as missing.
pub fn differences(ours: &Value, expected: &Value) -> Vec<String> {
    let mut found = Vec::new();
    compare("", ours, expected, &mut found);
    found
}

fn compare(path: &str, ours: &Value, expected: &Value, found: &mut Vec<String>) {
    match (ours, expected) {
        (Value::Object(a), Value::Object(b)) => {
            for name in a
                .keys()
                .chain(b.keys().filter(|name| !a.contains_key(*name)))
            {
                let get = |map: &Map<String, Value>| map.get(name).cloned().unwrap_or_default();
                let path = format!("{path}/{name}");
                if b.contains_key(name) || !kept_by_us(&path) {
                    compare(&path, &get(a), &get(b), found);
                }
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (at, (a, b)) in a.iter().zip(b).enumerate() {
                compare(&format!("{path}/{at}"), a, b, found);
            }
        }
        (Value::Number(a), Value::Number(b)) if a.as_f64() == b.as_f64() => {}
        (a, b) if a == b => {}
        (a, b) => found.push(format!("{path}: {a} and {b}")),
    }
}
