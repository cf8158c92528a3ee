//! Nothing that a server sent is lost in silence: whatever stands anywhere in a
//! chunk is in the completion or among the errors, or there is a finding.

use deltaic::{Finding, FindingKind, Reader, Report};
use serde_json::{Value, json};

/// Every name that is known anywhere, and one that is not.
const NAMES: &[&str] = &[
    "annotations",
    "arguments",
    "audio",
    "base_resp",
    "choices",
    "code",
    "completion_tokens",
    "content",
    "content_parts",
    "created",
    "custom",
    "data",
    "delta",
    "detail",
    "error",
    "error_code",
    "error_msg",
    "finish_reason",
    "function",
    "function_call",
    "id",
    "images",
    "index",
    "input",
    "logprobs",
    "message",
    "model",
    "name",
    "object",
    "p_is_padding_but_this_is_not",
    "prompt_tokens",
    "reasoning",
    "reasoning_content",
    "reasoning_details",
    "reasoning_text",
    "refusal",
    "role",
    "service_tier",
    "status",
    "summary",
    "system_fingerprint",
    "text",
    "thinking",
    "tool_calls",
    "total_tokens",
    "transcript",
    "type",
    "usage",
    "x_groq",
];

/// A value that says `mark` in one way or another.
fn values(mark: &str) -> [Value; 8] {
    [
        json!(mark),
        json!([mark]),
        json!({ "x": mark }),
        json!([{ "text": mark }]),
        json!([{ "type": "text", "text": mark }]),
        json!([{ "index": 0, "type": mark }]),
        json!([{ "index": 0, "id": mark, "function": { "name": mark, "arguments": "{}" } }]),
        json!([[mark]]),
    ]
}

/// Chunks that have all kinds of objects, which are at these places.
fn chunks() -> Vec<(Value, &'static [&'static str])> {
    let chunk = |choice: Value| json!({ "id": "c", "model": "m", "choices": [choice] });
    vec![
        (
            chunk(json!({
                "index": 0,
                "delta": {
                    "role": "assistant",
                    "content": "a",
                    "tool_calls": [{
                        "index": 0,
                        "id": "t",
                        "type": "function",
                        "function": { "name": "f", "arguments": "{}" },
                    }],
                    "reasoning_details": [{ "type": "reasoning.text", "index": 0, "text": "r" }],
                    "audio": { "id": "s" },
                    "images": [{ "index": 0 }],
                },
                "logprobs": { "content": [] },
            })),
            &[
                "",
                "/choices/0",
                "/choices/0/delta",
                "/choices/0/delta/tool_calls/0",
                "/choices/0/delta/tool_calls/0/function",
                "/choices/0/delta/reasoning_details/0",
                "/choices/0/delta/audio",
                "/choices/0/delta/images/0",
                "/choices/0/logprobs",
            ],
        ),
        (
            chunk(json!({
                "index": 0,
                "delta": {
                    "content": [
                        { "type": "text", "text": "a" },
                        { "type": "thinking", "thinking": [{ "type": "text", "text": "b" }] },
                    ],
                    "function_call": { "name": "f", "arguments": "{}" },
                    "tool_calls": [{
                        "index": 0,
                        "id": "t",
                        "type": "custom",
                        "custom": { "name": "f", "input": "i" },
                    }],
                },
            })),
            &[
                "/choices/0/delta/content/0",
                "/choices/0/delta/content/1",
                "/choices/0/delta/content/1/thinking/0",
                "/choices/0/delta/function_call",
                "/choices/0/delta/tool_calls/0",
                "/choices/0/delta/tool_calls/0/custom",
            ],
        ),
        (
            chunk(json!({ "index": 0, "message": { "content": "a" } })),
            &["", "/choices/0", "/choices/0/message"],
        ),
        (
            json!({ "choices": [], "usage": { "total_tokens": 1 }, "x_groq": { "id": "g" } }),
            &["", "/usage", "/x_groq"],
        ),
        (
            chunk(json!({ "index": 0, "delta": {}, "usage": { "total_tokens": 1 } })),
            &["/choices/0", "/choices/0/usage"],
        ),
        (
            json!({
                "choices": [{ "index": 0, "delta": {}, "usage": { "total_tokens": 1 } }],
                "usage": { "total_tokens": 1 },
            }),
            &["/usage", "/choices/0/usage"],
        ),
        (
            chunk(json!({ "index": 0, "delta": { "content": "a" }, "text": "a", "message": {} })),
            &["/choices/0", "/choices/0/message"],
        ),
        (json!({ "error": { "message": "e" } }), &["", "/error"]),
        (json!({ "choices": [], "error": "e" }), &[""]),
        (json!({ "error": "e", "choices": [{ "delta": {} }] }), &[""]),
    ]
}

/// Reads events, and the end of a stream behind them.
fn read(events: &[Value]) -> Report {
    const END: &str = r#"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#;
    let mut reader = Reader::new();
    let events = events.iter().map(Value::to_string);
    for event in events.chain([END.into(), "[DONE]".into()]) {
        let event = format!("data: {event}\n\n");
        let mut bytes = event.as_bytes();
        while reader.next(&mut bytes).is_some() {}
    }
    reader.into_report()
}

/// Whether the finding tells that something was not taken as it came.
fn tells(finding: &Finding) -> bool {
    !matches!(
        finding.kind,
        FindingKind::ArgumentsNotJson
            | FindingKind::ErrorInStream
            | FindingKind::NoFinishReason
            | FindingKind::UsageGrows
            | FindingKind::UsagePartial
    )
}

/// Whether `mark` is in what came out.
fn is_kept(report: &Report, mark: &str) -> bool {
    let completion = serde_json::to_string(&report.completion).expect("it serializes");
    completion.contains(mark) || report.errors.iter().any(|raw| raw.contains(mark))
}

/// How many findings tell that something at `place` was not taken as it came, or
/// its member `name`. What is told once counts for whatever comes later.
fn told(report: &Report, place: &str, name: &str) -> usize {
    let about = |finding: &&Finding| {
        let inside = ["x", "text", "type", "id", "function", "name"];
        let names = place.split('/').chain([name, "tool_calls"]).chain(inside);
        let mut names = names.filter(|name| !name.is_empty());
        let detail = finding.detail.replace("finish reason", "finish_reason");
        let detail = detail.replace("token counts", "usage");
        tells(finding) && names.any(|name| detail.contains(name))
    };
    let findings = report.findings.as_slice().iter().filter(about);
    let is_once = |finding: &Finding| {
        matches!(
            finding.kind,
            FindingKind::EnvelopeChanged
                | FindingKind::MemberReplaced
                | FindingKind::ToolCallChanged
                | FindingKind::UsageChanged
                | FindingKind::WrongType
        )
    };
    findings
        .map(|finding| if is_once(finding) { 2 } else { 1 })
        .sum()
}

/// What is lost when `name` stands at `place` of a chunk: alone, behind one where
/// it does not stand, and in two.
fn lost(chunk: &Value, place: &str, name: &str) -> Vec<String> {
    let with = |value: &Value| {
        let mut chunk = chunk.clone();
        let object = chunk.pointer_mut(place).and_then(Value::as_object_mut);
        object
            .expect("an object stands there")
            .insert(name.into(), value.clone());
        chunk
    };
    // It says of what type the chunk is, no more.
    let is_a_tag = |value: &&Value| name == "object" && value.is_string();
    let [firsts, seconds] = ["FIRST", "SECOND"].map(values);
    let firsts: Vec<_> = firsts.iter().filter(|value| !is_a_tag(value)).collect();
    let seconds: Vec<_> = seconds.iter().filter(|value| !is_a_tag(value)).collect();
    let mut lost = Vec::new();
    let mut check = |events: &[Value], marks: &[&str], values: &[&Value]| {
        let report = read(events);
        let missed: Vec<_> = marks
            .iter()
            .filter(|mark| !is_kept(&report, mark))
            .collect();
        if missed.len() > told(&report, place, name) {
            lost.push(format!("{missed:?} of {values:?} in {name:?} at {place:?}"));
        }
    };
    for (at, first) in firsts.into_iter().enumerate() {
        check(&[with(first)], &["FIRST"], &[first]);
        check(&[chunk.clone(), with(first)], &["FIRST"], &[first]);
        // Of the same form, and of the next.
        for &second in seconds.iter().cycle().skip(at).take(2) {
            let events = [with(first), with(second)];
            check(&events, &["FIRST", "SECOND"], &[first, second]);
        }
    }
    lost
}

#[test]
fn whatever_stands_in_a_chunk_is_kept_or_told() {
    let mut all = Vec::new();
    for (chunk, places) in chunks() {
        for place in places {
            for name in NAMES {
                all.extend(lost(&chunk, place, name));
            }
        }
    }
    let shown = all[..all.len().min(20)].join("\n");
    assert!(all.is_empty(), "{} are lost, so\n{shown}", all.len());
}
