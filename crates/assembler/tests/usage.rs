//! Which token counts count, and what for.

mod common;

use common::{assemble, choice, findings, json};
use deltaic_assembler::{FindingKind, UsageState};
use serde_json::json;

const TEXT: &str = r#"{"choices":[{"index":0,"delta":{"content":"a"}}]}"#;
const STOP: &str = r#"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#;
const ERROR: &str = r#"{"error":{"message":"m","code":5}}"#;

#[test]
fn the_last_usage_in_the_best_place_counts() {
    let usage = |all: &[&str]| json(&assemble(all.iter().copied()))["usage"].clone();
    let top = |n: &str| format!(r#"{{"choices":[],"usage":{n}}}"#);
    let (one, two) = (top(r#"{"n":1}"#), top(r#"{"n":2}"#));
    let groq = r#"{"choices":[],"x_groq":{"usage":{"n":3}}}"#;
    let in_choice = &*choice(r#""delta":{},"usage":{"n":4}"#);
    assert_eq!(usage(&[&one, &two]), json!({"n": 2}));
    assert_eq!(usage(&[&one, &top("null")]), json!({"n": 1}));
    assert_eq!(usage(&[&one, &top("{}")]), json!({"n": 1}));
    assert_eq!(usage(&[&one, &top("{ }")]), json!({"n": 1}));
    assert_eq!(usage(&[&top("{}")]), json!({}));
    assert_eq!(usage(&[&top("{}"), in_choice]), json!({"n": 4}));
    let error = r#"{"choices":[],"usage":{"n":5},"error":"m"}"#;
    assert_eq!(usage(&[error]), json!({"n": 5}));
    assert_eq!(usage(&[TEXT]), json!(null));
    assert_eq!(usage(&[groq]), json!({"n": 3}));
    assert_eq!(usage(&[in_choice, groq]), json!({"n": 4}));
    assert_eq!(usage(&[&one, in_choice, groq]), json!({"n": 1}));
    assert_eq!(usage(&[groq, in_choice, &one]), json!({"n": 1}));
}

#[test]
fn usage_can_be_looked_into() {
    let assembled = assemble([r#"{"choices":[],"usage":{"prompt_tokens":3,"cost":0.10}}"#]);
    let usage = assembled.completion.and_then(|c| c.usage).expect("it came");
    assert_eq!(usage.figures().prompt_tokens(), Some(3));
    assert_eq!(usage.figures().completion_tokens(), None);
    assert_eq!(usage.raw().get("cost").text(), "0.10");
}

/// A chunk with text, if any, and with these figures, if any.
fn metered(text: &str, figures: Option<(u64, u64)>) -> String {
    let usage = figures.map_or("null".into(), |(prompt, completion)| {
        format!(r#"{{"prompt_tokens":{prompt},"completion_tokens":{completion}}}"#)
    });
    let delta = format!(r#"{{"index":0,"delta":{{"content":"{text}"}}}}"#);
    format!(r#"{{"choices":[{delta}],"usage":{usage}}}"#)
}

#[test]
fn usage_is_complete_if_the_stream_ended_after_it() {
    for (chunks, state) in [
        (
            vec![metered("a", None), STOP.into(), "[DONE]".into()],
            UsageState::None,
        ),
        (
            vec![metered("a", None), STOP.into(), metered("", Some((1, 2)))],
            UsageState::Complete,
        ),
        (
            vec![metered("a", Some((1, 2))), STOP.into(), "[DONE]".into()],
            UsageState::Complete,
        ),
        (
            vec![metered("", Some((1, 2))), metered("a", None), STOP.into()],
            UsageState::Partial,
        ),
        (vec![metered("a", Some((1, 2)))], UsageState::Partial),
        (
            vec![metered("a", Some((1, 2))), ERROR.into()],
            UsageState::Partial,
        ),
        (
            vec![
                metered("a", None),
                STOP.into(),
                metered("", Some((1, 2))),
                ERROR.into(),
            ],
            UsageState::Partial,
        ),
    ] {
        let assembled = assemble(chunks.iter().map(String::as_str));
        assert_eq!(assembled.usage, state, "{chunks:?}");
        let kinds: Vec<_> = findings(&assembled)
            .into_iter()
            .map(|(kind, _)| kind)
            .collect();
        let is_partial = state == UsageState::Partial;
        assert_eq!(
            kinds.contains(&FindingKind::UsagePartial),
            is_partial,
            "{chunks:?}"
        );
    }
}

#[test]
fn each_way_of_saying_something_counts_after_usage() {
    let usage = r#"{"choices":[],"usage":{"prompt_tokens":1}}"#;
    for (delta, state) in [
        (r#""content":"a""#, UsageState::Partial),
        (r#""reasoning":"a""#, UsageState::Partial),
        (r#""refusal":"a""#, UsageState::Partial),
        (
            r#""tool_calls":[{"id":"a","function":{"name":"f","arguments":"{}"}}]"#,
            UsageState::Partial,
        ),
        (
            r#""tool_calls":[{"id":"a","function":{"name":"f"}}]"#,
            UsageState::Partial,
        ),
        (
            r#""function_call":{"name":"f","arguments":"{}"}"#,
            UsageState::Partial,
        ),
        (r#""reasoning_details":[{"text":"a"}]"#, UsageState::Partial),
        (r#""audio":{"transcript":"a"}"#, UsageState::Partial),
        (r#""audio":{"data":"a"}"#, UsageState::Partial),
        (r#""images":[{"url":"a"}]"#, UsageState::Partial),
        (r#""content":[{"type":"image"}]"#, UsageState::Partial),
        (
            r#""content":[{"type":"text","text":7}]"#,
            UsageState::Partial,
        ),
        (r#""reasoning_details":[]"#, UsageState::Complete),
        (
            r#""audio":{"id":"a","transcript":""}"#,
            UsageState::Complete,
        ),
        (r#""images":[]"#, UsageState::Complete),
        (r#""function_call":{}"#, UsageState::Complete),
        (r#""content":"""#, UsageState::Complete),
        (r#""role":"assistant""#, UsageState::Complete),
    ] {
        let said = choice(&format!(r#""delta":{{{delta}}}"#));
        assert_eq!(assemble([usage, &said, STOP]).usage, state, "{delta}");
    }
}

#[test]
fn usage_that_replaces_another_is_told_once() {
    let kinds = |figures: &[(u64, u64)]| {
        let chunks: Vec<_> = figures.iter().map(|&one| metered("a", Some(one))).collect();
        let all = chunks.iter().map(String::as_str).chain([STOP]);
        let kinds = findings(&assemble(all)).into_iter().map(|(kind, _)| kind);
        kinds.collect::<Vec<_>>()
    };
    assert_eq!(kinds(&[(1, 2), (1, 2)]), []);
    assert_eq!(kinds(&[(1, 2), (1, 3), (1, 4)]), [FindingKind::UsageGrows]);
    assert_eq!(
        kinds(&[(5, 2), (4, 3), (5, 2)]),
        [FindingKind::UsageChanged]
    );
}

#[test]
fn what_is_missed_in_later_usage_is_told() {
    let odd = |first: &str, second: &str| {
        let chunk = |usage: &str| format!(r#"{{"choices":[],"usage":{usage}}}"#);
        let (first, second) = (chunk(first), chunk(second));
        findings(&assemble([STOP, &first, &second]))
    };
    let changed = [(FindingKind::UsageChanged, 2)];
    let grows = [(FindingKind::UsageGrows, 2)];
    for (first, second) in [
        ("{}", r#"{"x":1}"#),
        (
            r#"{"x":null,"y":[ ],"z":{},"w":""}"#,
            r#"{"total_tokens":1}"#,
        ),
        (r#"{"x":1,"y":true}"#, r#"{"x":2,"y":false}"#),
        (r#"{"x":{"a":1,"b":null}}"#, r#"{"x":{"a":2}}"#),
        (r#"{"x":"a"}"#, r#"{"x":"a","total_tokens":1}"#),
    ] {
        assert_eq!(odd(first, second), [], "{first}, {second}");
    }
    for (first, second) in [
        (r#"{"x":1}"#, r#"{"total_tokens":1}"#),
        (r#"{"x":"a"}"#, r#"{"x":"b"}"#),
        (r#"{"x":[1]}"#, r#"{"x":[2]}"#),
        (r#"{"x":{"a":"b"}}"#, r#"{"x":{}}"#),
        (r#"{"x":{"a":1}}"#, r#"{"x":1}"#),
        (r#"{"total_tokens":1,"x":"a"}"#, r#"{"total_tokens":2}"#),
    ] {
        assert_eq!(odd(first, second), changed, "{first}, {second}");
    }
    let first = r#"{"total_tokens":1,"x":"a"}"#;
    assert_eq!(odd(first, r#"{"total_tokens":2,"x":"a"}"#), grows);
}

#[test]
fn usage_in_a_worse_place_is_told_if_it_says_more() {
    let odd = |top: &str, choice: &str| {
        let chunk = format!(
            r#"{{"choices":[{{"delta":{{}},"finish_reason":"stop","usage":{choice}}}],"usage":{top}}}"#
        );
        let kinds = findings(&assemble([&*chunk, &*chunk])).into_iter();
        kinds.map(|(kind, _)| kind).collect::<Vec<_>>()
    };
    assert_eq!(odd(r#"{"x":1}"#, r#"{"x":1}"#), []);
    assert_eq!(odd(r#"{"x":1,"y":2}"#, r#"{"x":1}"#), []);
    assert_eq!(odd(r#"{"x":{"y":2,"z":3}}"#, r#"{"x":{"y":2}}"#), []);
    assert_eq!(odd(r#"{"x":1}"#, "{}"), []);
    assert_eq!(odd("{}", r#"{"x":1}"#), []);
    for (top, choice) in [
        (r#"{"x":1}"#, r#"{"y":1}"#),
        (r#"{"x":1}"#, r#"{"x":2}"#),
        (r#"{"x":"ab"}"#, r#"{"x":"a"}"#),
        (r#"{"x":{"y":1}}"#, r#"{"x":{"y":2}}"#),
    ] {
        let more = odd(top, choice);
        assert_eq!(more, [FindingKind::Ignored; 2], "{top}, {choice}");
    }
}

#[test]
fn counts_of_several_choices_are_no_growth() {
    let chunk = r#"{"choices":[{"index":0,"delta":{},"finish_reason":"stop","usage":{"total_tokens":1}},
        {"index":1,"delta":{},"finish_reason":"stop","usage":{"total_tokens":2}}]}"#;
    let assembled = assemble([chunk]);
    assert_eq!(findings(&assembled), [(FindingKind::Ignored, 0)]);
    assert_eq!(json(&assembled)["usage"]["total_tokens"], 2);
}
