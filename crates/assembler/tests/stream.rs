//! What chunks make of a completion, and how a stream ends.

mod common;

use common::{assemble, choice, findings, json};
use deltaic_assembler::{Assembler, Finding, FindingKind, Limits, Open, Outcome, Update};
use deltaic_chunk::Payload;
use serde_json::json;

const TEXT: &str = r#"{"choices":[{"index":0,"delta":{"content":"a"}}]}"#;
const STOP: &str = r#"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#;
const ERROR: &str = r#"{"error":{"message":"m","code":5}}"#;

#[test]
fn the_outcome_is_how_it_ended() {
    let name = |all: &[&str]| assemble(all.iter().copied()).outcome.name();
    assert_eq!(name(&[TEXT, STOP, "[DONE]"]), "done");
    assert_eq!(name(&[TEXT, STOP]), "finished");
    assert_eq!(name(&[TEXT]), "truncated");
    assert_eq!(name(&[]), "empty");
    assert_eq!(name(&["[DONE]"]), "empty");
    assert_eq!(name(&[r#"{"choices":[],"usage":{}}"#]), "empty");
    assert_eq!(name(&[TEXT, ERROR]), "failed");
    assert_eq!(name(&[TEXT, STOP, ERROR, "[DONE]"]), "failed");
    assert_eq!(
        name(&[TEXT, r#"{"choices":[{"delta":{}}],"error":"m"}"#]),
        "failed"
    );
    // An end comes once.
    assert_eq!(name(&[TEXT, STOP, "[DONE]", ERROR, TEXT]), "done");
}

#[test]
fn every_choice_must_finish() {
    let other = r#"{"choices":[{"index":1,"delta":{"content":"b"}}]}"#;
    let Outcome::Truncated(open) = assemble([TEXT, STOP, other]).outcome else {
        panic!("one choice is open");
    };
    assert_eq!((open.choice, open.tool_call, open.event), (1, false, false));
    let call = r#"{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{"}}]}}]}"#;
    let Outcome::Truncated(open) = assemble([call]).outcome else {
        panic!("it is open");
    };
    assert!(open.tool_call);
}

#[test]
fn done_without_a_finish_reason_is_odd() {
    let assembled = assemble([TEXT, "[DONE]"]);
    assert_eq!(assembled.outcome, Outcome::Done);
    assert_eq!(findings(&assembled), [(FindingKind::NoFinishReason, 1_000)]);
}

#[test]
fn what_comes_after_done_is_not_assembled() {
    let assembled = assemble([TEXT, STOP, "[DONE]", TEXT, "[DONE]"]);
    assert_eq!(json(&assembled)["choices"][0]["message"]["content"], "a");
    let after = FindingKind::AfterDone;
    assert_eq!(findings(&assembled), [(after, 3), (after, 4)]);
}

#[test]
fn errors_are_kept_as_they_came() {
    let assembled = assemble([TEXT, ERROR, r#"{"detail": "d"}"#]);
    assert_eq!(
        assembled.errors,
        [r#"{"message":"m","code":5}"#, r#"{"detail": "d"}"#]
    );
    assert_eq!(json(&assembled)["choices"][0]["message"]["content"], "a");
    let odd = FindingKind::ErrorInStream;
    assert_eq!(findings(&assembled), [(odd, 1), (odd, 2)]);
    let mut assembler = Assembler::new();
    let updates: Vec<_> = assembler.push_error_text("no \"model\"", 0).collect();
    assert_eq!(updates, [Update::Error(r#""no \"model\"""#)]);
}

#[test]
fn what_is_neither_chunk_nor_error_is_a_finding() {
    let assembled = assemble([r#"{"type":"ping"}"#, "[1]", "null"]);
    let kinds = [
        (FindingKind::Foreign, 0),
        (FindingKind::NotAnObject, 1),
        (FindingKind::NotAnObject, 2),
    ];
    assert_eq!(findings(&assembled), kinds);
    assert_eq!(assembled.completion, None);
}

#[test]
fn the_first_id_model_and_time_count_and_the_last_of_others() {
    let assembled = assemble([
        r#"{"id":"","model":null,"created":0,"choices":[],"system_fingerprint":"a","service_tier":"x"}"#,
        r#"{"id":"i","model":"m","created":1761231233.5,"choices":[],"system_fingerprint":"b"}"#,
        r#"{"id":"i","model":"m","created":2,"choices":[],"system_fingerprint":"","service_tier":null}"#,
    ]);
    let json = json(&assembled);
    assert_eq!(
        (&json["id"], &json["model"], &json["created"]),
        (&json!("i"), &json!("m"), &json!(1_761_231_233.5))
    );
    assert_eq!(
        (&json["system_fingerprint"], &json["service_tier"]),
        (&json!("b"), &json!("x"))
    );
    assert_eq!(findings(&assembled), [(FindingKind::MemberReplaced, 1)]);
}

#[test]
fn another_id_is_told_once() {
    let chunk = |id| format!(r#"{{"id":"{id}","choices":[]}}"#);
    let chunks = [chunk("a"), chunk("b"), chunk("c")];
    let assembled = assemble(chunks.iter().map(String::as_str));
    assert_eq!(json(&assembled)["id"], "a");
    assert_eq!(findings(&assembled), [(FindingKind::EnvelopeChanged, 1)]);
}

#[test]
fn members_that_are_not_known_are_kept_and_unite() {
    let assembled = assemble([
        r#"{"choices":[],"x_groq":{"id":"r"},"time_info":{"a":1.50},"provider":"p"}"#,
        r#"{"choices":[],"x_groq":{"usage":{}},"time_info":null,"provider":"q"}"#,
    ]);
    let json = json(&assembled);
    assert_eq!(json["x_groq"], json!({"id": "r", "usage": {}}));
    assert_eq!(json["provider"], "q");
    let other = &assembled.completion.as_ref().expect("chunks came").other;
    let times = other.get("time_info").expect("it is kept");
    assert_eq!(times.to_string(), r#"{"a":1.50}"#);
    assert_eq!(times.raw().get("a").text(), "1.50");
    assert_eq!(
        times.get("a").map(|a| a.to_string()).as_deref(),
        Some("1.50")
    );
    let groq = other.get("x_groq").expect("it is kept");
    assert_eq!(groq.to_string(), r#"{"id":"r","usage":{}}"#);
    assert_eq!(
        groq.get("id").map(|id| id.to_string()).as_deref(),
        Some(r#""r""#)
    );
    assert_eq!((groq.get("x"), times.get("x")), (None, None));
    assert!(groq.raw().is_missing());
    let names: Vec<_> = other.iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["x_groq", "time_info", "provider"]);
    assert_eq!((other.len(), other.is_empty()), (3, false));
}

#[test]
fn numbers_serialize_as_exactly_as_others_can_read_them() {
    let numbers = "[18446744073709551615,-5,340282366920938463463,0.1,1e999,-0.0]";
    let data = format!(r#"{{"choices":[],"n":{numbers}}}"#);
    let assembled = assemble([&*data]);
    let text = serde_json::to_string(&assembled.completion).expect("it serializes");
    let expected = r#""n":[18446744073709551615,-5,3.402823669209385e+20,0.1,"1e999",-0.0]"#;
    assert!(text.contains(expected), "{text}");
    assert_eq!(
        json(&assembled),
        text.parse::<serde_json::Value>().expect("JSON")
    );
    let completion = assembled.completion.expect("a chunk came");
    let kept = completion.other.get("n").expect("it is there");
    assert_eq!(kept.to_string(), numbers);
}

#[test]
fn logprobs_grow() {
    let logprobs = |text: &str| choice(&format!(r#""delta":{{}},"logprobs":{text}"#));
    let all = [
        logprobs("null"),
        logprobs(r#"{"content":[{"t":1}],"refusal":null}"#),
        logprobs(r#"{"content":[{"t":2},{"t":3}],"refusal":null}"#),
        logprobs(r#"{"content":null,"refusal":[],"x":1}"#),
    ];
    let assembled = assemble(all.iter().map(String::as_str));
    let expected = json!({"content": [{"t": 1}, {"t": 2}, {"t": 3}], "refusal": [], "x": 1});
    assert_eq!(json(&assembled)["choices"][0]["logprobs"], expected);
    assert_eq!(findings(&assembled), []);
    let none = assemble([&*logprobs("null")]);
    assert_eq!(json(&none)["choices"][0]["logprobs"], json!(null));
    let null = assemble([&*logprobs(r#"{"content":null}"#)]);
    assert_eq!(
        json(&null)["choices"][0]["logprobs"],
        json!({"content": null})
    );
}

#[test]
fn the_last_finish_reason_counts_but_stop_replaces_none() {
    let reason = |all: &[&str]| {
        let chunks: Vec<_> = all
            .iter()
            .map(|reason| choice(&format!(r#""delta":{{}},"finish_reason":{reason}"#)))
            .collect();
        let assembled = assemble(chunks.iter().map(String::as_str));
        let odd = findings(&assembled).len();
        (json(&assembled)["choices"][0]["finish_reason"].clone(), odd)
    };
    assert_eq!(reason(&["null", r#""stop""#]), (json!("stop"), 0));
    assert_eq!(reason(&[r#""stop""#, r#""""#, "null"]), (json!("stop"), 0));
    assert_eq!(
        reason(&[r#""stop""#, r#""tool_calls""#]),
        (json!("tool_calls"), 1)
    );
    assert_eq!(
        reason(&[r#""tool_calls""#, r#""stop""#]),
        (json!("tool_calls"), 1)
    );
    assert_eq!(reason(&[r#""new""#, r#""new""#]), (json!("new"), 0));
    assert_eq!(reason(&[r#""""#]), (json!(null), 0));
}

#[test]
fn what_is_no_choice_is_a_finding() {
    let assembled = assemble([r#"{"choices":[null,7]}"#]);
    assert_eq!(findings(&assembled), [(FindingKind::WrongType, 0); 2]);
    assert_eq!(assembled.outcome, Outcome::Empty);
}

#[test]
fn a_whole_message_counts_once() {
    let message = |text: &str| {
        choice(&format!(
            r#""message":{{"role":"assistant","content":"{text}"}}"#
        ))
    };
    let content = |all: &[&str]| {
        json(&assemble(all.iter().copied()))["choices"][0]["message"]["content"].clone()
    };
    assert_eq!(content(&[&message("a")]), "a");
    assert_eq!(content(&[&message("a"), &message("ab")]), "a");
    assert_eq!(content(&[TEXT, &message("x")]), "a");
    let beside = choice(r#""delta":{"content":"a"},"message":{"content":"ab"},"text":"a""#);
    assert_eq!(content(&[&beside]), "a");
}

#[test]
fn text_without_a_delta_is_kept_on_the_choice() {
    let json = json(&assemble([&*choice(r#""text":"a""#)]));
    assert_eq!(json["choices"][0]["text"], "a");
}

#[test]
fn choices_stand_by_index_and_keep_what_is_not_known() {
    let assembled = assemble([
        r#"{"choices":[{"index":2,"delta":{"content":"c"},"seed":5},{"index":0,"delta":{"content":"a"}}]}"#,
        r#"{"choices":[{"index":4294967295,"delta":{"content":"z"}},{"index":2,"delta":{"content":"C"}}]}"#,
    ]);
    let choices = json(&assembled)["choices"].take();
    let said: Vec<_> = choices
        .as_array()
        .expect("a list")
        .iter()
        .map(|choice| {
            (
                choice["index"].as_u64(),
                choice["message"]["content"].as_str(),
            )
        })
        .collect();
    let expected = [
        (Some(0), Some("a")),
        (Some(2), Some("cC")),
        (Some(4_294_967_295), Some("z")),
    ];
    assert_eq!(said, expected);
    assert_eq!(choices[1]["seed"], 5);
}

#[test]
fn limits_hold_and_are_findings() {
    let limits = Limits {
        choices: 1,
        errors: 1,
        findings: 3,
        tool_calls: 1,
    };
    let mut assembler = Assembler::with_limits(limits);
    let call = choice(
        r#""delta":{"tool_calls":[{"index":0,"id":"a"},{"index":1,"id":"b"},{"index":0,"function":{"arguments":"1"}}]}"#,
    );
    let more = r#"{"choices":[{"index":1,"delta":{"content":"b"}}]}"#;
    for data in [&*call, more, more, ERROR, ERROR] {
        assembler.push(&Payload::parse(data.as_bytes()).expect("JSON"), 7);
    }
    let assembled = assembler.finish(8);
    assert_eq!(findings(&assembled), [(FindingKind::TooMany, 7); 3]);
    // Both errors: the one that was kept, and the one that was not.
    assert_eq!(assembled.findings.omitted(), 2);
    assert_eq!(assembled.errors.len(), 1);
    let json = json(&assembled);
    assert_eq!(json["choices"].as_array().map(Vec::len), Some(1));
    let calls =
        json!([{"id": "a", "type": "function", "function": {"name": null, "arguments": "1"}}]);
    assert_eq!(json["choices"][0]["message"]["tool_calls"], calls);
}

#[test]
fn updates_tell_what_each_chunk_changed() {
    let mut assembler = Assembler::new();
    let mut told = Vec::new();
    for data in [
        r#"{"choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}"#,
        r#"{"choices":[{"index":0,"delta":{"content":"a\u00e9"}},{"index":3,"delta":{"refusal":"no"}}]}"#,
        r#"{"choices":[{"index":0,"delta":{"reasoning":"hm","content":"b"}}]}"#,
        r#"{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"i","function":{"name":"f","arguments":"{"}}]}}]}"#,
        r#"{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"}"}}]}}]}"#,
        r#"{"choices":[{"index":0,"delta":{"function_call":{"name":"g","arguments":"1"}},"finish_reason":"stop"}],"usage":{"n":1}}"#,
        r#"{"choices":[],"usage":{"n":1}}"#,
        "[DONE]",
    ] {
        let payload = Payload::parse(data.as_bytes()).expect("JSON");
        let updates = assembler.push(&payload, 0);
        told.push(
            updates
                .map(|update| match update {
                    Update::Text { choice, text } => format!("text {choice} {text}"),
                    Update::Reasoning { choice, name, text } => format!("{name} {choice} {text}"),
                    Update::Refusal { choice, text } => format!("refusal {choice} {text}"),
                    Update::ToolCall {
                        choice,
                        call,
                        tool_call,
                    } => {
                        format!("call {choice} {call} {:?}", tool_call.function.name)
                    }
                    Update::Arguments {
                        choice, call, text, ..
                    } => {
                        format!("arguments {choice} {call} {text}")
                    }
                    Update::ArgumentsComplete {
                        choice,
                        call,
                        tool_call,
                    } => {
                        format!("complete {choice} {call} {}", tool_call.function.arguments)
                    }
                    Update::FunctionCall {
                        choice,
                        function,
                        text,
                    } => {
                        format!("function {choice} {:?} {text}", function.name)
                    }
                    Update::Finish { choice, reason } => format!("finish {choice} {reason}"),
                    Update::Usage(usage) => format!("usage {}", usage.raw()),
                    Update::Done => "done".into(),
                    update => format!("{update:?}"),
                })
                .collect::<Vec<_>>(),
        );
    }
    let expected: [&[&str]; 8] = [
        &[],
        &["text 0 aé", "refusal 3 no"],
        &["reasoning 0 hm", "text 0 b"],
        &["call 0 0 Some(\"f\")", "arguments 0 0 {"],
        &["arguments 0 0 }", "complete 0 0 {}"],
        &[
            "function 0 Some(\"g\") 1",
            "finish 0 stop",
            "usage {\"n\":1}",
        ],
        &[],
        &["done"],
    ];
    assert_eq!(told, expected);
    assert!(assembler.is_done());
    assert_eq!(assembler.chunks(), 7);
    assert_eq!(assembler.updates().count(), 1);
}

#[test]
fn kinds_of_findings_have_names_of_their_own() {
    let names = FindingKind::ALL.iter().map(|kind| kind.name());
    let different: std::collections::BTreeSet<_> = names.collect();
    assert_eq!(different.len(), FindingKind::ALL.len());
    let assembled = assemble(["[1]"]);
    let shown = assembled.findings.as_slice()[0].to_string();
    assert_eq!(
        shown,
        "not_an_object at byte 0: no JSON object, nothing is taken: [1]"
    );
}

#[test]
fn an_outcome_says_whether_the_stream_is_whole() {
    for (outcome, is_complete) in [
        (Outcome::Done, true),
        (Outcome::Finished, true),
        (Outcome::Truncated(Open::default()), false),
        (Outcome::Failed, false),
        (Outcome::Empty, false),
    ] {
        assert_eq!(outcome.is_complete(), is_complete);
        assert_eq!(outcome.to_string(), outcome.name());
    }
}

#[test]
fn findings_of_the_layers_below_stand_among_the_others() {
    for (kind, event) in [
        (FindingKind::UnterminatedEvent, true),
        (FindingKind::EventTooLong, false),
    ] {
        let mut assembler = Assembler::new();
        assembler.push(&Payload::parse(TEXT.as_bytes()).expect("JSON"), 0);
        for (kind, offset) in [(kind, 7), (FindingKind::EventTooLong, 8)] {
            let detail = String::new();
            assembler.push_finding(Finding {
                kind,
                offset,
                detail,
            });
        }
        assert!(assembler.updates().next().is_none());
        let assembled = assembler.finish(9);
        assert_eq!(findings(&assembled)[0], (kind, 7));
        let Outcome::Truncated(open) = assembled.outcome else {
            panic!("nothing has ended it");
        };
        assert_eq!(open.event, event);
    }
}

#[test]
fn errors_and_the_end_can_be_seen_at_once() {
    let mut assembler = Assembler::new();
    assert_eq!(assembler.errors().len(), 0);
    assembler.push(&Payload::parse(ERROR.as_bytes()).expect("JSON"), 0);
    assert_eq!(assembler.errors(), [r#"{"message":"m","code":5}"#]);
    assert!(!assembler.is_done());
    assembler.push(&Payload::Done, 1);
    assert!(assembler.is_done());
}

#[test]
fn a_finish_reason_that_comes_again_is_no_news() {
    for reason in ["stop", "length"] {
        let chunk = choice(&format!(r#""delta":{{}},"finish_reason":"{reason}""#));
        let payload = Payload::parse(chunk.as_bytes()).expect("JSON");
        let mut assembler = Assembler::new();
        assert_eq!(assembler.push(&payload, 0).count(), 1);
        assert_eq!(assembler.push(&payload, 1).count(), 0);
        assert_eq!(assembler.findings().as_slice(), []);
    }
}

#[test]
fn what_is_open_is_json_that_is_not_whole() {
    for (call, is_open) in [
        (
            r#"{"id":"a","function":{"name":"f","arguments":"{"}}"#,
            true,
        ),
        (
            r#"{"id":"a","function":{"name":"f","arguments":"{}"}}"#,
            false,
        ),
        (
            r#"{"id":"a","type":"custom","custom":{"name":"f","input":"{"}}"#,
            false,
        ),
    ] {
        let chunk = choice(&format!(r#""delta":{{"tool_calls":[{call}]}}"#));
        let Outcome::Truncated(open) = assemble([&*chunk]).outcome else {
            panic!("nothing has ended it");
        };
        assert_eq!(open.tool_call, is_open, "{call}");
    }
}

#[test]
fn a_null_delta_beside_a_message_is_none() {
    for (delta, odd) in [(r#""delta":null,"#, 0), ("", 0), (r#""delta":1,"#, 1)] {
        let chunk = choice(&format!(
            r#"{delta}"message":{{"content":"a"}},"finish_reason":"stop""#
        ));
        let assembled = assemble([&*chunk]);
        assert_eq!(json(&assembled)["choices"][0]["message"]["content"], "a");
        assert_eq!(findings(&assembled).len(), odd, "{delta}");
    }
}
