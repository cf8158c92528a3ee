//! How deltas make a message.

mod common;

use common::{assemble, choice, deltas, findings, message};
use deltaic_assembler::FindingKind;
use serde_json::json;

#[test]
fn content_concatenates() {
    let text = |all: &[&str]| message(&deltas(all))["content"].clone();
    assert_eq!(
        text(&[r#"{"content":"a"}"#, r#"{"content":"b\n"}"#]),
        "ab\n"
    );
    assert_eq!(text(&[r#"{"content":""}"#]), "");
    assert_eq!(text(&[r#"{"content":null}"#, "{}"]), json!(null));
    assert_eq!(text(&[r#"{"content":"a"}"#, r#"{"content":null}"#]), "a");
}

#[test]
fn the_first_role_counts() {
    let role = |all: &[&str]| message(&deltas(all))["role"].clone();
    assert_eq!(role(&["{}"]), "assistant");
    assert_eq!(
        role(&[r#"{"role":""}"#, r#"{"role":"tool"}"#, r#"{"role":"x"}"#]),
        "tool"
    );
}

#[test]
fn refusals_concatenate() {
    let message = message(&deltas(&[r#"{"refusal":"I c"}"#, r#"{"refusal":"annot"}"#]));
    assert_eq!(message["refusal"], "I cannot");
    assert_eq!(message["content"], json!(null));
}

#[test]
fn reasoning_is_found_under_all_its_names() {
    for name in [
        "reasoning_content",
        "reasoning",
        "reasoning_text",
        "thinking",
    ] {
        let delta = |text: &str| format!(r#"{{"{name}":"{text}"}}"#);
        let message = message(&deltas(&[&delta("a"), &delta("b")]));
        assert_eq!(message["reasoning_content"], "ab", "{name}");
    }
    let empty = message(&deltas(&[r#"{"reasoning":""}"#]));
    assert_eq!(empty["reasoning_content"], "");
    let none = message(&deltas(&[r#"{"reasoning":null}"#]));
    assert_eq!(none.get("reasoning_content"), None);
}

#[test]
fn empty_reasoning_does_not_count_as_the_first() {
    let assembled = deltas(&[r#"{"reasoning_content":"","reasoning":"a"}"#]);
    assert_eq!(message(&assembled)["reasoning_content"], "a");
    assert_eq!(findings(&assembled), []);
}

#[test]
fn reasoning_under_two_names_counts_once() {
    let same = deltas(&[r#"{"reasoning":"a\u0062","reasoning_content":"ab"}"#]);
    assert_eq!(message(&same)["reasoning_content"], "ab");
    assert_eq!(findings(&same), []);
    let other = deltas(&[r#"{"reasoning":"b","reasoning_content":"a"}"#]);
    assert_eq!(message(&other)["reasoning_content"], "a");
    assert_eq!(findings(&other), [(FindingKind::ReasoningDiffers, 0)]);
}

#[test]
fn reasoning_that_is_no_text_is_kept() {
    let assembled = deltas(&[r#"{"reasoning":{"effort":1}}"#]);
    assert_eq!(message(&assembled)["reasoning"], json!({"effort":1}));
    let assembled = deltas(&[r#"{"reasoning_content":{}}"#]);
    assert_eq!(findings(&assembled), [(FindingKind::WrongType, 0)]);
}

#[test]
fn halves_of_a_pair_join_over_deltas() {
    for (first, second, expected, is_odd) in [
        (r"a\ud83e", r"\udd80b", "a\u{1F980}b", false),
        (r"a\ud83e", "b", "a\u{FFFD}b", true),
        (r"a\ud83e", r"\n", "a\u{FFFD}\n", true),
        (r"a\ud83e", r"\ud83e\udd80", "a\u{FFFD}\u{1F980}", true),
        (r"\udd80", "b", "\u{FFFD}b", true),
        (r"a\ud83e", "", "a\u{FFFD}", true),
        (r"\ud83e\ud83e", r"\udd80", "\u{FFFD}\u{1F980}", true),
    ] {
        let delta = |text: &str| format!(r#"{{"content":"{text}"}}"#);
        let assembled = deltas(&[&delta(first), &delta(second)]);
        assert_eq!(message(&assembled)["content"], expected, "{first} {second}");
        let kinds: Vec<_> = findings(&assembled)
            .into_iter()
            .map(|(kind, _)| kind)
            .collect();
        let expected = if is_odd {
            vec![FindingKind::LoneSurrogate]
        } else {
            vec![]
        };
        assert_eq!(kinds, expected, "{first} {second}");
    }
}

#[test]
fn half_a_pair_that_ends_any_text_becomes_a_replacement() {
    for (delta, path) in [
        (r#"{"content":"\ud83e"}"#, "/content"),
        (r#"{"refusal":"\ud83e"}"#, "/refusal"),
        (r#"{"reasoning":"\ud83e"}"#, "/reasoning_content"),
        (
            r#"{"function_call":{"arguments":"\ud83e"}}"#,
            "/function_call/arguments",
        ),
        (r#"{"audio":{"data":"\ud83e"}}"#, "/audio/data"),
        (
            r#"{"tool_calls":[{"function":{"arguments":"\ud83e"}}]}"#,
            "/tool_calls/0/function/arguments",
        ),
    ] {
        let assembled = deltas(&[delta]);
        let message = message(&assembled);
        assert_eq!(message.pointer(path), Some(&json!("\u{FFFD}")), "{message}");
        assert_eq!(
            findings(&assembled)[0].0,
            FindingKind::LoneSurrogate,
            "{delta}"
        );
    }
}

#[test]
fn a_finding_names_the_text_that_half_a_pair_stands_in() {
    for (delta, name) in [
        (r#"{"content":"\ud83e!"}"#, "content"),
        (r#"{"refusal":"\ud83e!"}"#, "refusal"),
        (r#"{"thinking":"\ud83e!"}"#, "reasoning"),
        (r#"{"audio":{"transcript":"\udd80"}}"#, "audio"),
    ] {
        let assembled = deltas(&[delta]);
        let details = assembled
            .findings
            .as_slice()
            .iter()
            .map(|found| &found.detail);
        let named = details.filter(|detail| detail.contains(&format!("`{name}`")));
        assert_eq!(named.count(), 1, "{:?}", assembled.findings);
    }
}

#[test]
fn half_a_pair_in_one_of_many_entries_is_found() {
    let entry = |index: u8, text: &str| {
        let entry = format!(r#"{{"type":"reasoning.text","index":{index},"text":"{text}"}}"#);
        format!(r#"{{"reasoning_details":[{entry}]}}"#)
    };
    // Added to once each, so that they are texts that grow.
    let assembled = deltas(&[
        &entry(0, "a"),
        &entry(0, r"\ud83e"),
        &entry(1, "b"),
        &entry(1, "c"),
    ]);
    assert_eq!(findings(&assembled)[0].0, FindingKind::LoneSurrogate);
    let details = message(&assembled)["reasoning_details"].take();
    assert_eq!(details[0]["text"], "a\u{FFFD}");
    assert_eq!(details[1]["text"], "bc");
}

#[test]
fn content_may_come_in_parts() {
    let assembled = deltas(&[
        r#"{"content":[{"type":"thinking","thinking":[{"type":"text","text":"h"}]}]}"#,
        r#"{"content":[{"type":"thinking","thinking":[{"type":"text","text":"m"}],"closed":true}]}"#,
        r#"{"content":[{"type":"reasoning","text":"!"}]}"#,
        r#"{"content":[{"type":"text","text":"4"},{"type":"reference","reference_ids":[1]}]}"#,
        r#"{"content":"2"}"#,
        r#"{"content":"."}"#,
    ]);
    let message = message(&assembled);
    assert_eq!(message["content"], "42.");
    assert_eq!(message["reasoning_content"], "hm!");
    assert_eq!(
        message["content_parts"],
        json!([
            {"type": "thinking", "text": "hm", "closed": true},
            {"type": "reasoning", "text": "!"},
            {"type": "text", "text": "4"},
            {"type": "reference", "reference_ids": [1]},
            {"type": "text", "text": "2."},
        ])
    );
    assert_eq!(findings(&assembled), []);
}

#[test]
fn members_of_a_wrong_type_are_findings() {
    for delta in [
        r#"{"content":5}"#,
        r#"{"content":{}}"#,
        r#"{"content":["text"]}"#,
        r#"{"refusal":[]}"#,
        r#"{"tool_calls":{}}"#,
        r#"{"tool_calls":["x"]}"#,
        r#"{"function_call":"f"}"#,
    ] {
        let assembled = deltas(&["{}", delta]);
        assert_eq!(
            findings(&assembled),
            [(FindingKind::WrongType, 1)],
            "{delta}"
        );
    }
    for members in [
        r#""delta":{},"finish_reason":5"#,
        r#""delta":5"#,
        r#""delta":{},"logprobs":[]"#,
        r#""index":"0","delta":{}"#,
        r#""index":-1,"delta":{}"#,
        r#""usage":5,"delta":{}"#,
    ] {
        let assembled = assemble([&*choice(members)]);
        assert_eq!(
            findings(&assembled),
            [(FindingKind::WrongType, 0)],
            "{members}"
        );
        assert_eq!(common::json(&assembled)["choices"][0]["index"], 0);
    }
}

#[test]
fn a_function_call_of_old_grows() {
    let assembled = deltas(&[
        r#"{"function_call":{"name":"f","arguments":""}}"#,
        r#"{"function_call":{"arguments":"{\"a\":"}}"#,
        r#"{"function_call":{"name":"f","arguments":"1}"}}"#,
        r#"{"function_call":null}"#,
    ]);
    let call = json!({"name": "f", "arguments": "{\"a\":1}"});
    assert_eq!(message(&assembled)["function_call"], call);
}

#[test]
fn reasoning_details_merge_by_type_and_index() {
    let assembled = deltas(&[
        r#"{"reasoning_details":[{"type":"reasoning.text","text":"a","index":0,"format":null}]}"#,
        r#"{"reasoning_details":[{"type":"reasoning.text","text":"b","index":0,"format":"f"}]}"#,
        r#"{"reasoning_details":[{"type":"reasoning.encrypted","data":"x","index":0}]}"#,
        r#"{"reasoning_details":[{"type":"reasoning.text","text":"c","index":1}]}"#,
        r#"{"reasoning_details":[{"type":"reasoning.summary","summary":"s"}]}"#,
        r#"{"reasoning_details":[{"type":"reasoning.summary","summary":"t"}]}"#,
        r#"{"reasoning_details":[{"type":"reasoning.encrypted","data":"y"}]}"#,
        r#"{"reasoning_details":[{"type":"reasoning.encrypted","data":"z"}]}"#,
    ]);
    assert_eq!(
        message(&assembled)["reasoning_details"],
        json!([
            {"type": "reasoning.text", "text": "ab", "index": 0, "format": "f"},
            {"type": "reasoning.encrypted", "data": "x", "index": 0},
            {"type": "reasoning.text", "text": "c", "index": 1},
            {"type": "reasoning.summary", "summary": "st"},
            {"type": "reasoning.encrypted", "data": "y"},
            {"type": "reasoning.encrypted", "data": "z"},
        ])
    );
}

#[test]
fn an_entry_does_not_look_far_back_for_the_one_it_continues() {
    let entries = |range: std::ops::Range<usize>| {
        let entry = |at| format!(r#"{{"type":"reasoning.text","text":"a","index":{at}}}"#);
        let entries: Vec<_> = range.map(entry).collect();
        format!(r#"{{"reasoning_details":[{}]}}"#, entries.join(","))
    };
    let assembled = deltas(&[&entries(0..300), &entries(299..300), &entries(0..1)]);
    let details = message(&assembled)["reasoning_details"].take();
    assert_eq!(details.as_array().map(Vec::len), Some(301));
    assert_eq!(details[299]["text"], "aa");
    assert_eq!(details[300]["text"], "a");
}

#[test]
fn audio_grows() {
    let assembled = deltas(&[
        r#"{"audio":{"id":"a","data":"AA","transcript":"Hi"}}"#,
        r#"{"audio":{"data":"BB","transcript":"!","expires_at":5}}"#,
        r#"{"audio":{"expires_at":6,"id":null}}"#,
    ]);
    let audio = json!({"id": "a", "data": "AABB", "transcript": "Hi!", "expires_at": 6});
    assert_eq!(message(&assembled)["audio"], audio);
}

#[test]
fn members_that_are_not_known_are_kept() {
    let assembled = deltas(&[
        r#"{"channel":"a","meta":{"x":1,"y":{"z":1}},"gone":null,"annotations":[1]}"#,
        r#"{"channel":"b","meta":{"y":{"w":2},"x":null},"annotations":[2]}"#,
        r#"{"images":[{"index":0,"u":"a"},{"index":1,"u":"b"}],"list":[1]}"#,
        r#"{"images":[{"index":1,"v":"c"}],"list":[2]}"#,
    ]);
    let mut message = message(&assembled);
    for known in ["role", "content", "refusal"] {
        message.as_object_mut().expect("an object").remove(known);
    }
    assert_eq!(
        message,
        json!({
            "channel": "b",
            "meta": {"x": 1, "y": {"z": 1, "w": 2}},
            "annotations": [1, 2],
            "images": [{"index": 0, "u": "a"}, {"index": 1, "u": "b", "v": "c"}],
            "list": [2],
        })
    );
}

#[test]
fn what_is_no_object_replaces_one_and_what_says_the_same_changes_nothing() {
    for (first, second, expected) in [
        (r#"{"a":1}"#, "5", "5"),
        ("5", r#"{"a":1}"#, r#"{"a":1}"#),
        (
            r#"{ "a" : 1.50 }"#,
            r#"{ "a" : 1.50 }"#,
            r#"{ "a" : 1.50 }"#,
        ),
        (r#"{ "a" : 1.50 }"#, r#"{"b":2}"#, r#"{"a":1.50,"b":2}"#),
        ("[1]", "null", "[1]"),
    ] {
        let delta = |value: &str| format!(r#"{{"x":{value}}}"#);
        let assembled = deltas(&[&delta(first), &delta(second)]);
        let completion = assembled.completion.expect("a chunk came");
        let value = completion.choices[0]
            .message
            .other
            .get("x")
            .map(ToString::to_string);
        assert_eq!(value.as_deref(), Some(expected), "{first} and {second}");
    }
}

#[test]
fn what_was_put_together_shows_itself_as_json() {
    let assembled = deltas(&[
        r#"{"annotations":[1],"audio":{"transcript":"a"},"images":[{"index":0},{"index":1}]}"#,
        r#"{"annotations":["b",{}],"audio":{"transcript":"\u0000\n\r\t\"\\\u001f\u0020é"}}"#,
    ]);
    let completion = assembled.completion.expect("a chunk came");
    let other = &completion.choices[0].message.other;
    let shown = |name| other.get(name).map(ToString::to_string);
    assert_eq!(shown("annotations").as_deref(), Some(r#"[1,"b",{}]"#));
    let images = r#"[{"index":0},{"index":1}]"#;
    assert_eq!(shown("images").as_deref(), Some(images));
    let audio = r#"{"transcript":"a\u0000\n\r\t\"\\\u001f é"}"#;
    assert_eq!(shown("audio").as_deref(), Some(audio));
}

#[test]
fn a_text_is_like_any_other_string() {
    let of = |delta| {
        let completion = deltas(&[delta]).completion.expect("a chunk came");
        completion.choices[0]
            .message
            .content
            .clone()
            .expect("it has content")
    };
    let (text, other) = (of(r#"{"content":"a\n"}"#), of(r#"{"content":"b"}"#));
    assert_eq!(text.as_str(), "a\n");
    assert_eq!(format!("{text:?} {text}"), "\"a\\n\" a\n");
    assert!(text == text.clone() && text != other);
    assert!(text == *"a\n" && text != *"b");
    assert!(text == "a\n" && text != "b");
    assert_eq!(String::from(text), "a\n");
}

#[test]
fn many_members_are_found_by_name_too() {
    let delta = |value: &str| {
        let members: Vec<_> = (0..100)
            .map(|n| format!(r#""m{n}":{{"{value}":{n}}}"#))
            .collect();
        format!("{{{}}}", members.join(","))
    };
    let message = message(&deltas(&[&delta("a"), &delta("b")]));
    for n in 0..100 {
        assert_eq!(message[format!("m{n}")], json!({"a": n, "b": n}));
    }
}
