//! What does not go into the completion as it came is told.

mod common;

use common::{assemble, calls, choice, deltas, findings, json, message};
use deltaic_assembler::{Assembled, Assembler, FindingKind};
use deltaic_chunk::Payload;
use serde_json::{Value, json};

use FindingKind::{EnvelopeChanged, FinishReasonChanged, Ignored, MemberReplaced, WrongType};

/// Assembles chunks with these choices.
fn choices(choices: &[&str]) -> Assembled {
    let chunks: Vec<String> = choices.iter().map(|members| choice(members)).collect();
    assemble(chunks.iter().map(String::as_str))
}

/// Checks the findings of two deltas that hold `name`, and what it holds then.
#[track_caller]
fn check_member(name: &str, first: &str, second: &str, then: &Value, odd: &[FindingKind]) {
    let delta = |value: &str| format!("{{\"{name}\":{value}}}");
    let assembled = deltas(&[&delta(first), &delta(second)]);
    assert_eq!(message(&assembled)[name], *then, "{first}, {second}");
    let odd: Vec<_> = odd.iter().map(|kind| (*kind, 1)).collect();
    assert_eq!(findings(&assembled), odd, "{first}, {second}");
}

#[test]
fn a_type_that_is_wrong_in_each_chunk_is_told_once() {
    let chunk = r#"{"id":1,"model":{},"created":"a","system_fingerprint":[],"service_tier":true,
        "error":true,"choices":[{"delta":{},"finish_reason":0,"logprobs":[],"usage":0}]}"#;
    let assembled = assemble([chunk, chunk]);
    assert_eq!(findings(&assembled), [(WrongType, 0); 9]);

    let delta = r#"{"role":7}"#;
    assert_eq!(findings(&deltas(&[delta, delta])), [(WrongType, 0)]);
    let fragment = r#"[{"index":"0","id":1,"type":2,"function":{"name":3}}]"#;
    let assembled = calls(&[fragment, fragment]);
    assert_eq!(findings(&assembled), [(WrongType, 0); 4]);
    let function = r#"{"function_call":{"name":1}}"#;
    assert_eq!(findings(&deltas(&[function, function])), [(WrongType, 0)]);
}

#[test]
fn a_type_that_loses_something_each_time_is_told_each_time() {
    let twice = [(WrongType, 0), (WrongType, 1)];
    for name in [
        "content",
        "refusal",
        "reasoning_content",
        "tool_calls",
        "function_call",
    ] {
        let delta = format!(r#"{{"{name}":1}}"#);
        assert_eq!(findings(&deltas(&[&delta, &delta])), twice, "{name}");
    }
    assert_eq!(findings(&choices(&[r#""delta":1"#; 2])), twice);
    let no_choices = r#"{"choices":{},"usage":{}}"#;
    assert_eq!(findings(&assemble([no_choices, no_choices])), twice);
}

#[test]
fn no_error_is_no_finding() {
    for none in ["null", r#""""#, "{}", "[]"] {
        let assembled = assemble([&*format!(r#"{{"error":{none},"choices":[]}}"#)]);
        assert_eq!(findings(&assembled), [], "{none}");
    }
}

#[test]
fn another_role_is_told() {
    let assembled = deltas(&[
        r#"{"role":"assistant"}"#,
        r#"{"role":"assistant"}"#,
        r#"{"role":"tool"}"#,
        r#"{"role":"user"}"#,
    ]);
    assert_eq!(findings(&assembled), [(EnvelopeChanged, 2)]);
    assert_eq!(message(&assembled)["role"], "assistant");
}

#[test]
fn another_finish_reason_is_told() {
    let assembled = choices(&[
        r#""delta":{},"finish_reason":"length""#,
        r#""delta":{},"finish_reason":"tool_calls""#,
    ]);
    assert_eq!(findings(&assembled), [(FinishReasonChanged, 1)]);
}

#[test]
fn what_continues_a_member_or_tells_how_things_are_is_no_finding() {
    check_member("x", r#""a""#, r#""ab""#, &json!("ab"), &[]);
    check_member("x", "[1]", "[1,2]", &json!([1, 2]), &[]);
    check_member("x", "[1]", "[1]", &json!([1]), &[]);
    check_member("x", "1", "2", &json!(2), &[]);
    check_member("x", "true", "false", &json!(false), &[]);
    check_member("x", r#"{"y":1}"#, r#"{"z":2}"#, &json!({"y":1,"z":2}), &[]);
    check_member("x", r#""a""#, "null", &json!("a"), &[]);
    let indexed = r#"[{"index":0}]"#;
    check_member("x", "[1]", indexed, &json!([1, {"index":0}]), &[]);
    check_member("x", r#""""#, indexed, &json!([{"index":0}]), &[]);
    for nothing in ["null", r#""""#, "[]", "{}"] {
        check_member("x", nothing, "1", &json!(1), &[]);
    }
}

#[test]
fn what_gives_way_is_told() {
    let odd = &[MemberReplaced];
    check_member("x", r#""a""#, r#""b""#, &json!("b"), odd);
    check_member("x", r#""a""#, "1", &json!(1), odd);
    check_member("x", "[1]", "[12]", &json!([12]), odd);
    check_member("x", "[1]", "[2,1]", &json!([2, 1]), odd);
    check_member("x", "[1]", r#""[1""#, &json!("[1"), odd);
    check_member("x", r#"{"y":1}"#, "2", &json!(2), odd);
    check_member("x", r#"{"y":"a"}"#, r#"{"y":"b"}"#, &json!({"y":"b"}), odd);
    check_member("x", r#"[{"index":0}]"#, "1", &json!(1), odd);
    check_member("audio", r#"{"data":"a"}"#, "1", &json!(1), odd);
    check_member(
        "audio",
        r#""a""#,
        r#"{"data":"b"}"#,
        &json!({"data":"b"}),
        odd,
    );
    check_member("annotations", r#"{"y":1}"#, "[1]", &json!([1]), odd);
    check_member("reasoning_details", r#"{"y":1}"#, "[1]", &json!([1]), odd);
}

#[test]
fn it_is_told_once_for_each_name_and_place() {
    let assembled = choices(&[
        r#""x":"a","delta":{"x":"a","y":"a"}"#,
        r#""x":"b","delta":{"x":"b"}"#,
        r#""x":"c","delta":{"x":"c","y":"b"}"#,
    ]);
    let at: Vec<_> = findings(&assembled);
    assert_eq!(at, [1, 1, 2].map(|at| (MemberReplaced, at)));
}

#[test]
fn of_many_names_each_is_told() {
    let all = |text: &str| {
        let members: Vec<_> = (0..70).map(|n| format!(r#""{n}":"{text}""#)).collect();
        format!("{{{}}}", members.join(","))
    };
    let assembled = deltas(&[&all("a"), &all("b"), &all("c")]);
    assert_eq!(findings(&assembled).len(), 70 + 6);
}

#[test]
fn lists_grow_by_their_text() {
    for (first, second, then) in [
        ("[]", "[1]", json!([1])),
        ("[ ]", "[1]", json!([1])),
        ("[1]", "[]", json!([1])),
        ("[1]", "[ ]", json!([1])),
        ("[1 ]", "[ 2]", json!([1, 2])),
        (r#"["]"]"#, r#"["["]"#, json!(["]", "["])),
        ("null", "[1]", json!([1])),
    ] {
        check_member("annotations", first, second, &then, &[]);
    }
    let grown = deltas(&[
        r#"{"annotations":[{"index":0}]}"#,
        r#"{"annotations":[{"index":0}]}"#,
    ]);
    let annotations = &message(&grown)["annotations"];
    assert_eq!(*annotations, json!([{"index":0},{"index":0}]));
}

#[test]
fn a_growing_text_is_not_lost_to_another_type() {
    let entry = |text: &str| {
        format!(r#"{{"reasoning_details":[{{"type":"reasoning.text","index":0,"text":{text}}}]}}"#)
    };
    let all = |texts: &[&str]| {
        let entries: Vec<String> = texts.iter().map(|text| entry(text)).collect();
        let assembled = deltas(&entries.iter().map(String::as_str).collect::<Vec<_>>());
        let text = message(&assembled)["reasoning_details"][0]["text"].clone();
        (text, findings(&assembled))
    };
    let odd = |kind| vec![(kind, 1)];
    assert_eq!(
        all(&[r#""a""#, "5", r#""b""#]),
        (json!("ab"), odd(WrongType))
    );
    assert_eq!(all(&[r#""a""#, "null", r#""b""#]), (json!("ab"), vec![]));
    assert_eq!(all(&["null", r#""b""#]), (json!("b"), vec![]));
    assert_eq!(all(&["[5]", r#""b""#]), (json!("b"), odd(MemberReplaced)));
    assert_eq!(all(&["5", "6"]), (json!(6), vec![]));
}

#[test]
fn an_empty_list_of_details_is_none() {
    let assembled = deltas(&[r#"{"content":"a","reasoning_details":[]}"#]);
    assert_eq!(message(&assembled)["reasoning_details"], Value::Null);
}

#[test]
fn details_without_a_type_are_of_one_type() {
    let assembled = deltas(&[
        r#"{"reasoning_details":[{"index":0,"text":"a"}]}"#,
        r#"{"reasoning_details":[{"index":0,"text":"b"},{"index":0,"type":"t","text":"c"}]}"#,
    ]);
    assert_eq!(
        message(&assembled)["reasoning_details"],
        json!([{"index":0,"text":"ab"},{"index":0,"type":"t","text":"c"}])
    );
}

#[test]
fn a_type_may_be_escaped() {
    let assembled = deltas(&[
        r#"{"reasoning_details":[{"index":0,"type":"aa","text":"a"}]}"#,
        r#"{"reasoning_details":[{"index":0,"type":"\u0061\u0061","text":"b"}]}"#,
        r#"{"reasoning_details":[{"index":0,"type":"aa","text":"c"}]}"#,
    ]);
    assert_eq!(
        message(&assembled)["reasoning_details"],
        json!([{"index":0,"type":"aa","text":"abc"}])
    );
}

#[test]
fn a_message_or_text_beside_a_delta_is_told_if_it_says_more() {
    let delta = r#""delta":{"role":"assistant","content":"a","tool_calls":[{"index":0}]}"#;
    for same in [
        r#""text":"a""#,
        r#""text":"""#,
        r#""text":null"#,
        r#""message":null"#,
        r#""message":{}"#,
        r#""message":{"role":"assistant","content":"a","refusal":null,"x":[]}"#,
        r#""message":{"tool_calls":[{"index":0}]}"#,
    ] {
        let assembled = choices(&[&format!("{delta},{same}")]);
        assert_eq!(findings(&assembled), [], "{same}");
    }
    for (other, odd) in [
        (r#""text":"b""#, Ignored),
        (r#""text":7"#, WrongType),
        (r#""message":7"#, WrongType),
        (r#""message":{"content":"b"}"#, Ignored),
        (r#""message":{"role":"tool"}"#, Ignored),
        (r#""message":{"tool_calls":[{"index":1}]}"#, Ignored),
        (r#""message":{"x":1}"#, Ignored),
    ] {
        let both = format!("{delta},{other}");
        let assembled = choices(&[&both]);
        assert_eq!(findings(&assembled), [(odd, 0)], "{other}");
    }
}

#[test]
fn a_message_beside_a_delta_may_repeat_all_so_far() {
    let assembled = choices(&[
        r#""delta":{"content":"a","reasoning":"x","refusal":"p"}"#,
        r#""delta":{"content":"b","reasoning":"y","refusal":"q"},
           "message":{"content":"ab","reasoning_content":"xy","refusal":"pq"}"#,
    ]);
    assert_eq!(findings(&assembled), []);
}

#[test]
fn later_messages_without_a_delta_are_told_if_they_differ() {
    let assembled = choices(&[
        r#""message":{"content":"a"}"#,
        r#""message":{"role":"assistant","content":"a"}"#,
        r#""message":{"role":"user","content":"a"}"#,
        r#""message":{"content":"ab"}"#,
    ]);
    assert_eq!(findings(&assembled), [(Ignored, 2), (Ignored, 3)]);
    let assembled = choices(&[r#""message":"a""#]);
    assert_eq!(findings(&assembled), [(WrongType, 0)]);
}

#[test]
fn parts_keep_what_their_text_does_not_say() {
    for part in [
        r#"{"type":"text","text":{"value":"a"}}"#,
        r#"{"type":"text","text":[{"type":"text","text":"a","x":1}]}"#,
        r#"{"type":"thinking","thinking":[{"type":"image","url":"a"}]}"#,
        r#"{"type":"thinking","thinking":[{"type":["a"],"text":"a"}]}"#,
        r#"{"type":"thinking","thinking":7}"#,
    ] {
        let parts = format!(r#"{{"content":[{part},{{"type":"text","text":"b"}}]}}"#);
        let assembled = deltas(&[&parts]);
        let part: Value = part.parse().expect("JSON");
        assert_eq!(
            message(&assembled)["content_parts"],
            json!([part, {"type":"text","text":"b"}])
        );
        assert_eq!(findings(&assembled), [], "{part}");
    }
}

#[test]
fn parts_unite_while_nothing_is_lost_by_it() {
    let parts = |parts: &str| {
        let assembled = deltas(&[&format!(r#"{{"content":{parts}}}"#)]);
        message(&assembled)["content_parts"].clone()
    };
    assert_eq!(
        parts(r#"[{"type":"text","text":"a","x":[1]},{"type":"text","text":"b"}]"#),
        json!([{"type":"text","text":"ab","x":[1]}])
    );
    assert_eq!(
        parts(r#"[{"type":"text","text":"a","x":[1]},{"type":"text","text":"b","x":[2]}]"#),
        json!([{"type":"text","text":"a","x":[1]},{"type":"text","text":"b","x":[2]}])
    );
    for second in [r#"{"y":1}"#, "null"] {
        let second = format!(r#"{{"type":"text","text":"b","x":{second}}}"#);
        let first = r#"{"type":"text","text":"a","x":{"y":1}}"#;
        assert_eq!(
            parts(&format!("[{first},{second}]")),
            json!([{"type":"text","text":"ab","x":{"y":1}}])
        );
    }
    assert_eq!(
        parts(r#"[{"type":"text","text":"a","x":false},{"type":"text","text":"b","x":true}]"#),
        json!([{"type":"text","text":"ab","x":true}])
    );
}

#[test]
fn what_stands_beside_an_error_is_told() {
    let odd = |data: &str| {
        let kinds = findings(&assemble([data])).into_iter();
        kinds.map(|(kind, _)| kind).collect::<Vec<_>>()
    };
    let error = FindingKind::ErrorInStream;
    assert_eq!(odd(r#"{"error":"e"}"#), [error]);
    let nothing = r#"{"error":"e","object":"error","p":"x","obfuscation":"x","y":null,"z":[]}"#;
    assert_eq!(odd(nothing), [error]);
    let beside = r#"{"error":"e","request_id":"r","x":1}"#;
    assert_eq!(odd(beside), [error, Ignored, Ignored]);
    assert_eq!(odd(r#"{"detail":"e","request_id":"r"}"#), [error]);
}

#[test]
fn a_time_past_all_numbers_is_none() {
    let chunk = r#"{"created":1e999,"choices":[]}"#;
    let assembled = assemble([chunk, chunk]);
    assert_eq!(json(&assembled)["created"], Value::Null);
    assert_eq!(findings(&assembled), [(WrongType, 0)]);
}

#[test]
fn parts_that_come_as_they_went_out_are_taken_back() {
    let assembled = deltas(&[
        r#"{"content":"ab","content_parts":[{"index":0,"x":1},{"index":0,"y":2}]}"#,
        r#"{"content_parts":"c"}"#,
    ]);
    assert_eq!(
        message(&assembled)["content_parts"],
        json!([{"index":0,"x":1},{"index":0,"y":2}])
    );
    assert_eq!(message(&assembled)["content"], "ab");
    assert_eq!(findings(&assembled), [(WrongType, 1)]);
}

#[test]
fn a_thinking_part_may_say_the_same_twice() {
    let parts = |part: &str| {
        let assembled = deltas(&[&format!(r#"{{"content":[{part}]}}"#)]);
        let message = message(&assembled);
        (
            message["reasoning_content"].clone(),
            message["content_parts"].clone(),
        )
    };
    let one = (json!("a"), json!([{"type":"thinking","text":"a"}]));
    assert_eq!(
        parts(r#"{"type":"thinking","thinking":"a","text":"a"}"#),
        one
    );
    assert_eq!(
        parts(r#"{"type":"thinking","thinking":null,"text":"a"}"#),
        one
    );
    let other = r#"{"type":"thinking","thinking":"a","text":"b"}"#;
    let kept: Value = other.parse().expect("JSON");
    assert_eq!(parts(other), (json!("a"), json!([kept])));
}

#[test]
fn a_name_in_an_object_goes_out_once() {
    let assembled = deltas(&[r#"{"x":{"a":1,"b":2,"a":3,"\u0061":4}}"#]);
    let text = serde_json::to_string(&assembled.completion).expect("it serializes");
    assert!(text.contains(r#""x":{"a":4,"b":2}"#), "{text}");
}

#[test]
fn reasoning_in_parts_and_beside_them_counts_once() {
    let part = |text: &str| format!(r#"{{"type":"thinking","thinking":"{text}"}}"#);
    let said = |reasoning: &str, parts: &[&str]| {
        let parts: Vec<_> = parts.iter().map(|text| part(text)).collect();
        let parts = parts.join(",");
        let delta = format!(r#"{{"reasoning":"{reasoning}","content":[{parts}]}}"#);
        let assembled = deltas(&[&delta]);
        let message = message(&assembled);
        let kinds = findings(&assembled).into_iter().map(|(kind, _)| kind);
        let texts = (
            message["reasoning_content"].clone(),
            message["content_parts"][0]["text"].clone(),
        );
        (texts, kinds.collect::<Vec<_>>())
    };
    assert_eq!(said("ab", &["ab"]), ((json!("ab"), json!("ab")), vec![]));
    assert_eq!(
        said("ab", &["a", "b"]),
        ((json!("ab"), json!("ab")), vec![])
    );
    assert_eq!(said("", &["ab"]), ((json!("ab"), json!("ab")), vec![]));
    let differs = vec![FindingKind::ReasoningDiffers];
    assert_eq!(said("ab", &["c"]), ((json!("ab"), json!("c")), differs));
}

#[test]
fn entries_find_those_of_a_list_that_came_whole() {
    for name in ["images", "reasoning_details"] {
        let whole = format!(r#"{{"{name}":[{{"index":0,"a":1}},{{"index":1,"b":2}}]}}"#);
        let unlike = format!(r#"{{"{name}":[{{"a":1}},{{"index":1,"b":2}}]}}"#);
        let more = format!(r#"{{"{name}":[{{"index":1,"c":3}}]}}"#);
        for first in [&whole, &unlike] {
            let assembled = deltas(&[first, &more]);
            let second = &message(&assembled)[name][1];
            assert_eq!(*second, json!({"index":1,"b":2,"c":3}), "{first}");
        }
    }
}

#[test]
fn a_function_call_that_says_nothing_is_none() {
    for call in [
        "{}",
        r#"{"name":"","arguments":""}"#,
        r#"{"arguments":null}"#,
    ] {
        let data = choice(&format!(r#""delta":{{"function_call":{call}}}"#));
        let mut assembler = Assembler::new();
        let payload = Payload::parse(data.as_bytes()).expect("JSON");
        assert!(assembler.push(&payload, 0).next().is_none(), "{call}");
        assert_eq!(message(&assembler.finish(1))["function_call"], Value::Null);
    }
    let half = deltas(&[
        r#"{"function_call":{"arguments":"\ud83d"}}"#,
        r#"{"function_call":{"arguments":"\ude00"}}"#,
    ]);
    assert_eq!(message(&half)["function_call"]["arguments"], "\u{1f600}");
    let other = deltas(&[r#"{"function_call":{"x":1}}"#]);
    assert_eq!(message(&other)["function_call"]["x"], 1);
}

#[test]
fn a_function_call_is_told_when_its_name_or_arguments_grow() {
    let mut assembler = Assembler::new();
    let mut told = Vec::new();
    for call in [
        r#"{"name":"f"}"#,
        r#"{"name":"f","x":1}"#,
        r#"{"name":"g"}"#,
        r#"{"arguments":"1"}"#,
        r#"{"arguments":""}"#,
    ] {
        let data = choice(&format!(r#""delta":{{"function_call":{call}}}"#));
        let payload = Payload::parse(data.as_bytes()).expect("JSON");
        told.push(assembler.push(&payload, 0).count());
    }
    assert_eq!(told, [1, 0, 1, 1, 0]);
}

#[test]
fn a_number_that_gives_way_to_a_text_is_told() {
    check_member("x", "1", r#""a""#, &json!("a"), &[MemberReplaced]);
    check_member("x", "1", "true", &json!(true), &[]);
}
