//! What does not go into a call as it came.

mod common;

use common::{assemble, calls, choice, deltas, findings, message};
use deltaic_assembler::{Assembled, Assembler, FindingKind, Limits, Update};
use deltaic_chunk::Payload;
use serde_json::{Value, json};

use FindingKind::{ArgumentsNotJson, Ignored, TooMany, ToolCallChanged, WrongType};

/// The calls, each its name and what it was given, and the kinds of findings.
fn said(assembled: &Assembled) -> (Vec<String>, Vec<FindingKind>) {
    let message = message(assembled);
    let calls = message["tool_calls"].as_array().into_iter().flatten();
    let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or("-").to_owned();
    let calls = calls.map(|call| {
        let at = |path| call.pointer(path);
        let name = at("/function/name").or(at("/custom/name"));
        let given = at("/function/arguments").or(at("/custom/input"));
        format!("{}({})", text(name), text(given))
    });
    let kinds = findings(assembled).into_iter().map(|(kind, _)| kind);
    (calls.collect(), kinds.collect())
}

#[track_caller]
fn check(lists: &[&str], expected: &[&str], odd: &[FindingKind]) {
    let assembled = calls(lists);
    let (calls, kinds) = said(&assembled);
    assert_eq!(calls, expected, "{lists:?}");
    assert_eq!(kinds, odd, "{lists:?}");
}

#[test]
fn what_changes_in_a_call_is_told_once_for_each_member() {
    let assembled = calls(&[
        r#"[{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":"{"}}]"#,
        r#"[{"index":0,"id":"a","type":"function","function":{"name":"f"}}]"#,
        r#"[{"index":0,"id":"b"}]"#,
        r#"[{"index":0,"id":"c"}]"#,
        r#"[{"index":0,"type":"x","function":{"name":"g"}}]"#,
        r#"[{"index":0,"type":"y","function":{"name":"h","arguments":"}"}}]"#,
    ]);
    assert_eq!(
        findings(&assembled),
        [
            (ToolCallChanged, 2),
            (ToolCallChanged, 4),
            (ToolCallChanged, 4)
        ]
    );
}

#[test]
fn a_call_has_one_body() {
    let odd = |call: &str| {
        let assembled = calls(&[&format!(r#"[{{"index":0,"id":"t",{call}}}]"#)]);
        let kinds = findings(&assembled).into_iter().map(|(kind, _)| kind);
        let kinds: Vec<_> = kinds.filter(|kind| *kind != ArgumentsNotJson).collect();
        let call = message(&assembled)["tool_calls"][0].clone();
        (call, kinds)
    };
    let (call, kinds) = odd(r#""function":{"name":"f","input":"i"},"custom":{"name":"g"}"#);
    assert_eq!(call["function"]["name"], "f");
    assert_eq!(kinds, [Ignored, Ignored]);
    let (_, kinds) = odd(r#""function":{"name":"f"},"custom":{"name":"g"}"#);
    assert_eq!(kinds, [Ignored]);
    let (call, kinds) = odd(r#""type":"custom","custom":{"name":"g","arguments":"a","x":1}"#);
    assert_eq!(call["custom"], json!({"name":"g","input":"","x":1}));
    assert_eq!(kinds, [Ignored]);
    let (_, kinds) = odd(r#""function":"f","custom":{"name":"g"}"#);
    assert_eq!(kinds, [WrongType]);
    let (_, kinds) = odd(r#""function":{"name":"f"},"custom":7"#);
    assert_eq!(kinds, [WrongType]);
    let (_, kinds) = odd(r#""function":{"name":"f"},"custom":null"#);
    assert_eq!(kinds, []);
}

#[test]
fn a_call_that_is_dropped_is_told_if_its_type_is_odd() {
    let assembled = calls(&[r#"[{"index":0,"type":"function"},{"index":1,"type":"x"}]"#]);
    assert_eq!(message(&assembled)["tool_calls"], Value::Null);
    assert_eq!(findings(&assembled), [(Ignored, 1_000)]);
}

#[test]
fn a_call_of_a_custom_tool_need_not_say_so() {
    let assembled = calls(&[r#"[{"index":0,"id":"t","custom":{"name":"g","input":"i"}}]"#]);
    let call = json!({"id":"t","type":"custom","custom":{"name":"g","input":"i"}});
    assert_eq!(message(&assembled)["tool_calls"][0], call);
}

#[test]
fn each_call_of_a_whole_message_is_one() {
    let calls = r#"[{"function":{"name":"f","arguments":"{"}},{"function":{"name":"f","arguments":"}"}},
        {"index":0,"id":"a"},{"index":0,"id":"a"}]"#;
    let assembled = assemble([&*choice(&format!(r#""message":{{"tool_calls":{calls}}}"#))]);
    let calls = &message(&assembled)["tool_calls"];
    assert_eq!(calls.as_array().map(Vec::len), Some(4));
}

#[test]
fn a_name_or_id_that_comes_late_is_told() {
    let mut assembler = Assembler::new();
    let mut told = Vec::new();
    for call in [
        r#"{"index":0}"#,
        r#"{"index":0,"id":"a"}"#,
        r#"{"index":0,"id":"a","function":{"name":"get_"}}"#,
        r#"{"index":0,"function":{"name":"time"}}"#,
        r#"{"index":0,"type":"function","function":{"arguments":"1"}}"#,
    ] {
        let data = choice(&format!(r#""delta":{{"tool_calls":[{call}]}}"#));
        let payload = Payload::parse(data.as_bytes()).expect("JSON");
        for update in assembler.push(&payload, 0) {
            told.push(match update {
                Update::ToolCall { .. } => "begins".into(),
                Update::ToolCallNamed {
                    tool_call, call: 0, ..
                } => {
                    let name = tool_call.function.name.as_deref().unwrap_or("-");
                    format!("{} {name}", tool_call.id.as_deref().unwrap_or("-"))
                }
                update => format!("{update:?}").chars().take(9).collect(),
            });
        }
    }
    let named = ["a -", "a get_", "a get_time"];
    assert_eq!(told[..4], ["begins", named[0], named[1], named[2]]);
    assert_eq!(told[4..], ["Arguments", "Arguments"], "and are complete");
}

#[test]
fn a_function_beside_a_custom_tool_of_the_same_text_counts() {
    let body = r#"{"name":"f"}"#;
    let call = format!(r#"[{{"index":0,"function":{body},"custom":{body}}}]"#);
    let assembled = calls(&[&call]);
    assert_eq!(message(&assembled)["tool_calls"][0]["type"], "function");
    assert_eq!(findings(&assembled), [(Ignored, 0)]);
}

#[test]
fn what_follows_a_call_past_the_limit_is_dropped_with_it() {
    let limits = Limits {
        tool_calls: 1,
        ..Limits::default()
    };
    let mut assembler = Assembler::with_limits(limits);
    for call in [
        r#"{"id":"a","function":{"name":"f","arguments":"["}}"#,
        r#"{"id":"b","function":{"name":"g","arguments":"{"}}"#,
        r#"{"function":{"arguments":"}"}}"#,
        r#"{"id":"a","function":{"arguments":"1"}}"#,
        r#"{"function":{"arguments":"]"}}"#,
    ] {
        let data = choice(&format!(r#""delta":{{"tool_calls":[{call}]}}"#));
        assembler.push(&Payload::parse(data.as_bytes()).expect("JSON"), 0);
    }
    let (calls, kinds) = said(&assembler.finish(1));
    assert_eq!(calls, ["f([1])"]);
    assert_eq!(kinds, [TooMany, TooMany]);
}

#[test]
fn what_follows_a_dropped_call_of_a_known_index_is_dropped_with_it() {
    let limits = Limits {
        tool_calls: 1,
        ..Limits::default()
    };
    let mut assembler = Assembler::with_limits(limits);
    for call in [
        r#"{"index":0,"id":"a","function":{"name":"f","arguments":"{}"}}"#,
        r#"{"index":0,"id":"b","function":{"name":"g","arguments":""}}"#,
        r#"{"index":0,"function":{"arguments":"1"}}"#,
        r#"{"index":0,"id":"a","function":{"arguments":" "}}"#,
    ] {
        let data = choice(&format!(r#""delta":{{"tool_calls":[{call}]}}"#));
        assembler.push(&Payload::parse(data.as_bytes()).expect("JSON"), 0);
    }
    let (calls, kinds) = said(&assembler.finish(1));
    assert_eq!(calls, ["f({} )"]);
    assert_eq!(kinds, [FindingKind::IndexReused, TooMany, TooMany]);
}

#[test]
fn a_call_that_comes_back_under_another_index_has_that_one() {
    check(
        &[
            r#"[{"index":0,"id":"a","function":{"name":"f","arguments":"["}}]"#,
            r#"[{"index":1,"id":"a","function":{"arguments":"1"}}]"#,
            r#"[{"index":1,"function":{"arguments":"]"}}]"#,
            r#"[{"index":2,"id":"a"}]"#,
        ],
        &["f([1])"],
        &[ToolCallChanged],
    );
    let late = [
        r#"[{"id":"a","function":{"name":"f","arguments":"["}}]"#,
        r#"[{"index":1,"id":"a","function":{"arguments":"]"}}]"#,
    ];
    check(&late, &["f([])"], &[]);
}

#[test]
fn what_a_custom_tool_is_given_need_not_be_json() {
    let input = |text: &str| format!(r#"[{{"custom":{{"name":"f","input":"{text}"}}}}]"#);
    check(&[&input("1"), &input("+2")], &["f(1+2)"], &[]);
    let input = |text: &str| format!(r#"[{{"index":0,"custom":{{"name":"f","input":"{text}"}}}}]"#);
    check(&[&input("1"), &input("+2")], &["f(1+2)"], &[]);
}

#[test]
fn white_space_behind_arguments_begins_no_call() {
    for place in ["", r#""index":0,"#] {
        let arguments =
            |text: &str| format!(r#"[{{{place}"function":{{"name":"f","arguments":"{text}"}}}}]"#);
        let space = arguments(r" \n\t");
        check(&[&arguments("{}"), &space], &["f({} \n\t)"], &[]);
        check(
            &[&arguments("{"), &space, &arguments("}")],
            &["f({ \n\t})"],
            &[],
        );
        check(
            &[&arguments(""), &space, &arguments("1")],
            &["f( \n\t1)"],
            &[],
        );
    }
    let two = r#"[{"function":{"name":"f","arguments":"{}"}}]"#;
    check(&[two, two], &["f({})", "f({})"], &[]);
}

#[test]
fn a_call_that_was_begun_by_nothing_is_none() {
    let assembled = deltas(&[r#"{"tool_calls":[{}]}"#, r#"{"tool_calls":[{"index":1}]}"#]);
    assert_eq!(message(&assembled)["tool_calls"], Value::Null);
}
