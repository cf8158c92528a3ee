//! Half a surrogate pair that stands alone is told where it came.

mod common;

use common::{assemble, calls, deltas, findings, message};
use deltaic_assembler::{
    Assembler,
    FindingKind::{ArgumentsNotJson, LoneSurrogate},
    Update,
};
use deltaic_chunk::Payload;
use serde_json::json;

#[test]
fn half_a_pair_is_told_where_it_came() {
    let halves = |deltas_of: &[&str]| {
        let all: Vec<String> = deltas_of
            .iter()
            .map(|text| format!(r#"{{"content":"{text}"}}"#))
            .collect();
        let assembled = deltas(&all.iter().map(String::as_str).collect::<Vec<_>>());
        let findings = findings(&assembled);
        assert!(findings.iter().all(|(kind, _)| *kind == LoneSurrogate));
        let at: Vec<u64> = findings.iter().map(|(_, at)| *at).collect();
        let text = message(&assembled)["content"].clone();
        (text.as_str().expect("a text").to_owned(), at)
    };
    let told = |text: &str, at: &[u64]| (text.to_owned(), at.to_vec());
    assert_eq!(halves(&["\\ud83e", "\\udd80"]), told("\u{1f980}", &[]));
    assert_eq!(halves(&["\\ud83e", "a"]), told("\u{fffd}a", &[0]));
    assert_eq!(halves(&["a", "\\ud83e"]), told("a\u{fffd}", &[1]));
    assert_eq!(halves(&["a", "\\udd80"]), told("a\u{fffd}", &[1]));
    assert_eq!(
        halves(&["\\ud83e", "a\\udd80"]),
        told("\u{fffd}a\u{fffd}", &[0, 1])
    );
    assert_eq!(
        halves(&["\\ud83e", "\\ud83e"]),
        told("\u{fffd}\u{fffd}", &[0, 1])
    );
}

#[test]
fn half_a_pair_in_a_part_is_told_once() {
    let assembled = deltas(&[r#"{"content":[{"type":"text","text":"\ud83e"}]}"#]);
    assert_eq!(findings(&assembled), [(LoneSurrogate, 0)]);
    let parts = &message(&assembled)["content_parts"];
    assert_eq!(*parts, json!([{"type":"text","text":"\u{fffd}"}]));
}

#[test]
fn half_a_pair_where_an_entry_begins_is_told_there() {
    let assembled = deltas(&[
        r#"{"reasoning_details":[{"index":0,"text":"\ud83e"}]}"#,
        r#"{"reasoning_details":[{"index":0,"text":"a"}]}"#,
    ]);
    assert_eq!(findings(&assembled), [(LoneSurrogate, 0)]);
}

#[test]
fn half_a_pair_behind_whole_arguments_breaks_them() {
    let assembled = calls(&[
        r#"[{"index":0,"id":"t","function":{"name":"f","arguments":"{}"}}]"#,
        r#"[{"index":0,"function":{"arguments":"\ud83e"}}]"#,
    ]);
    let odd = [(LoneSurrogate, 1), (ArgumentsNotJson, 1_000)];
    assert_eq!(findings(&assembled), odd);
}

#[test]
fn half_a_pair_before_arguments_of_another_type_is_told() {
    let assembled = calls(&[
        r#"[{"index":0,"id":"t","function":{"name":"f","arguments":"\ud83e"}}]"#,
        r#"[{"index":0,"function":{"arguments":{}}}]"#,
    ]);
    assert_eq!(findings(&assembled)[0], (LoneSurrogate, 0));
    let arguments = &message(&assembled)["tool_calls"][0]["function"]["arguments"];
    assert_eq!(*arguments, "\u{fffd}{}");
}

#[test]
fn half_a_pair_in_a_name_is_told() {
    for data in [
        r#"{"id":"\ud83e","choices":[]}"#,
        r#"{"service_tier":"\ud83e","choices":[]}"#,
        r#"{"choices":[{"delta":{},"finish_reason":"\ud83e"}]}"#,
        r#"{"choices":[{"delta":{"tool_calls":[{"id":"\ud83e"}]}}]}"#,
        r#"{"choices":[{"delta":{"tool_calls":[{"type":"\ud83e","id":"a"}]}}]}"#,
        r#"{"choices":[{"delta":{"tool_calls":[{"function":{"name":"\ud83e"}}]}}]}"#,
    ] {
        assert_eq!(findings(&assemble([data])), [(LoneSurrogate, 0)], "{data}");
    }
    let pieces = calls(&[
        r#"[{"index":0,"function":{"name":"a"}}]"#,
        r#"[{"index":0,"function":{"name":"\udd80"}}]"#,
    ]);
    assert_eq!(findings(&pieces), [(LoneSurrogate, 1)]);
}

#[test]
fn the_end_tells_what_waited() {
    let mut assembler = Assembler::new();
    let half = r#""\ud83e""#;
    let data = format!(
        r#"{{"choices":[{{"index":3,"delta":{{"content":{half},"refusal":{half},"reasoning":{half},
            "tool_calls":[{{"index":0,"function":{{"arguments":{half}}}}}],
            "function_call":{{"arguments":{half}}}}}}}]}}"#
    );
    assembler.push(&Payload::parse(data.as_bytes()).expect("JSON"), 7);
    let told: Vec<_> = assembler
        .settle()
        .map(|update| match update {
            Update::Text { choice: 3, text } => ("text", text.to_owned()),
            Update::Refusal { choice: 3, text } => ("refusal", text.to_owned()),
            Update::Reasoning {
                choice: 3, text, ..
            } => ("reasoning", text.to_owned()),
            Update::Arguments {
                choice: 3,
                call: 0,
                text,
                ..
            } => ("arguments", text.to_owned()),
            Update::FunctionCall {
                choice: 3, text, ..
            } => ("function", text.to_owned()),
            update => panic!("{update:?}"),
        })
        .collect();
    let names = ["text", "refusal", "reasoning", "arguments", "function"];
    assert_eq!(told, names.map(|name| (name, "\u{fffd}".to_owned())));
    assert_eq!(assembler.settle().count(), 0, "it is told once");
    let findings = findings(&assembler.finish(1_000));
    assert_eq!(findings[..5], [(LoneSurrogate, 7); 5]);
}
