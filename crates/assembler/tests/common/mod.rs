//! Payloads in, what was assembled out.
#![expect(unreachable_pub, reason = "a module of each test that names it")]
#![allow(dead_code, reason = "no test uses all of it")]

use deltaic_assembler::{Assembled, Assembler, FindingKind};
use deltaic_chunk::Payload;
use serde_json::Value;

/// Assembles the data of events; the nth lies at byte n.
pub fn assemble<'d>(all: impl IntoIterator<Item = &'d str>) -> Assembled {
    let mut assembler = Assembler::new();
    for (at, data) in (0..).zip(all) {
        let payload = Payload::parse(data.as_bytes()).expect("JSON");
        assembler.push(&payload, at);
    }
    assembler.finish(1_000)
}

/// A chunk with one choice that holds `members`.
pub fn choice(members: &str) -> String {
    format!(r#"{{"choices":[{{"index":0,{members}}}]}}"#)
}

/// Assembles chunks with these deltas.
pub fn deltas(deltas: &[&str]) -> Assembled {
    let chunks: Vec<String> = deltas
        .iter()
        .map(|delta| choice(&format!(r#""delta":{delta}"#)))
        .collect();
    assemble(chunks.iter().map(String::as_str))
}

/// Assembles chunks with these fragments of tool calls, each list a delta.
pub fn calls(lists: &[&str]) -> Assembled {
    let all: Vec<String> = lists
        .iter()
        .map(|list| format!(r#"{{"tool_calls":{list}}}"#))
        .collect();
    deltas(&all.iter().map(String::as_str).collect::<Vec<_>>())
}

/// The completion as JSON.
pub fn json(assembled: &Assembled) -> Value {
    serde_json::to_value(&assembled.completion).expect("it serializes")
}

/// The first message as JSON.
pub fn message(assembled: &Assembled) -> Value {
    json(assembled)["choices"][0]["message"].take()
}

/// Findings, and where they are.
pub fn findings(assembled: &Assembled) -> Vec<(FindingKind, u64)> {
    let findings = assembled.findings.as_slice().iter();
    findings.map(|found| (found.kind, found.offset)).collect()
}
