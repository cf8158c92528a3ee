//! To which call a fragment belongs.

mod common;

use common::{calls, choice, findings, message};
use deltaic_assembler::{Assembled, Assembler, FindingKind, Progress, Update};
use deltaic_chunk::Payload;

/// The calls as `id name(arguments)`, in their order.
fn said(assembled: &Assembled) -> Vec<String> {
    let message = message(assembled);
    let calls = message["tool_calls"].as_array().into_iter().flatten();
    calls
        .map(|call| {
            let text = |path| {
                call.pointer(path)
                    .and_then(|value| value.as_str())
                    .unwrap_or("-")
            };
            let (id, name) = (text("/id"), text("/function/name"));
            format!("{id} {name}({})", text("/function/arguments"))
        })
        .collect()
}

#[track_caller]
fn check(lists: &[&str], expected: &[&str], odd: &[FindingKind]) {
    let assembled = calls(lists);
    assert_eq!(said(&assembled), expected, "{lists:?}");
    let kinds: Vec<_> = findings(&assembled)
        .into_iter()
        .map(|(kind, _)| kind)
        .collect();
    assert_eq!(kinds, odd, "{lists:?}");
}

const NOTHING: &[FindingKind] = &[];

#[test]
fn arguments_grow_by_index() {
    check(
        &[
            r#"[{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":""}}]"#,
            r#"[{"index":0,"function":{"arguments":"{\"x\":"}}]"#,
            r#"[{"index":0,"function":{"arguments":"1}"}}]"#,
        ],
        &[r#"a f({"x":1})"#],
        NOTHING,
    );
}

#[test]
fn several_calls_may_interleave() {
    check(
        &[
            r#"[{"index":0,"id":"a","function":{"name":"f","arguments":"["}},{"index":1,"id":"b","function":{"name":"g","arguments":"{"}}]"#,
            r#"[{"index":1,"function":{"arguments":"}"}},{"index":0,"function":{"arguments":"]"}}]"#,
        ],
        &["a f([])", "b g({})"],
        NOTHING,
    );
}

#[test]
fn calls_stand_by_index_where_each_has_its_own() {
    let two = [
        r#"[{"index":2,"id":"b","function":{"name":"g","arguments":"2"}}]"#,
        r#"[{"index":1,"id":"a","function":{"name":"f","arguments":"1"}}]"#,
    ];
    check(&two, &["a f(1)", "b g(2)"], NOTHING);
    let one_without = [
        r#"[{"index":1,"id":"b","function":{"name":"g","arguments":"2"}}]"#,
        r#"[{"id":"a","function":{"name":"f","arguments":"1"}}]"#,
        r#"[{"index":0,"id":"c","function":{"name":"h","arguments":"3"}}]"#,
    ];
    check(&one_without, &["b g(2)", "a f(1)", "c h(3)"], NOTHING);
    let reused = [
        r#"[{"index":1,"id":"b","function":{"name":"g","arguments":"2"}}]"#,
        r#"[{"index":0,"id":"a","function":{"name":"f","arguments":"1"}}]"#,
        r#"[{"index":1,"id":"c","function":{"name":"h","arguments":"3"}}]"#,
    ];
    let odd = [FindingKind::IndexReused];
    check(&reused, &["b g(2)", "a f(1)", "c h(3)"], &odd);
}

#[test]
fn calls_are_sorted_from_any_order() {
    // Each number from 0 to 119 is an order of five. An interpreter takes its time.
    let step = if cfg!(miri) { 17 } else { 1 };
    for mut number in (0..120).step_by(step) {
        let mut left: Vec<u64> = (0..5).collect();
        let order: Vec<u64> = (1..=5)
            .rev()
            .map(|count| {
                let at = number % count;
                number /= count;
                left.remove(at)
            })
            .collect();
        let lists: Vec<String> = order
            .iter()
            .map(|index| format!(r#"[{{"index":{index},"id":"{index}"}}]"#))
            .collect();
        let assembled = calls(&lists.iter().map(String::as_str).collect::<Vec<_>>());
        let calls = &assembled.completion.expect("chunks came").choices[0]
            .message
            .tool_calls;
        let ids: Vec<_> = calls.iter().map(|call| call.id.as_deref()).collect();
        let sorted = ["0", "1", "2", "3", "4"].map(Some);
        assert_eq!(ids, sorted, "from {order:?}");
    }
}

#[test]
fn the_id_may_come_every_time() {
    check(
        &[
            r#"[{"index":0,"id":"a","function":{"name":"f","arguments":"["}}]"#,
            r#"[{"index":0,"id":"a","function":{"name":"f","arguments":"]"}}]"#,
        ],
        &["a f([])"],
        NOTHING,
    );
}

#[test]
fn an_index_that_is_always_0_does_not_mix_calls() {
    check(
        &[
            r#"[{"index":0,"id":"a","function":{"name":"f","arguments":"{}"}}]"#,
            r#"[{"index":0,"id":"b","function":{"name":"f","arguments":"{}"}}]"#,
            r#"[{"index":0,"function":{"name":"g","arguments":"{}"}}]"#,
        ],
        &["a f({})", "b f({})", "- g({})"],
        &[FindingKind::IndexReused, FindingKind::IndexReused],
    );
    // The same id says that it is the same call, whatever else it says.
    check(
        &[
            r#"[{"index":0,"id":"a","function":{"name":"f","arguments":"1"}}]"#,
            r#"[{"index":0,"id":"a","function":{"name":"f","arguments":"2"}}]"#,
        ],
        &["a f(12)"],
        NOTHING,
    );
    // Arguments that are not complete go on, named again or not.
    check(
        &[
            r#"[{"index":0,"function":{"name":"f","arguments":"["}}]"#,
            r#"[{"index":0,"function":{"name":"f","arguments":"]"}}]"#,
        ],
        &["- f([])"],
        NOTHING,
    );
}

#[test]
fn another_id_without_a_name_is_the_same_call() {
    check(
        &[
            r#"[{"index":0,"id":"a","function":{"name":"f","arguments":"["}}]"#,
            r#"[{"index":0,"id":"b","function":{"arguments":"]"}}]"#,
        ],
        &["a f([])"],
        &[FindingKind::ToolCallChanged],
    );
}

#[test]
fn a_known_id_finds_its_call_at_another_index() {
    check(
        &[
            r#"[{"index":0,"id":"a","function":{"name":"f","arguments":"["}}]"#,
            r#"[{"index":1,"id":"a","function":{"arguments":"]"}}]"#,
        ],
        &["a f([])"],
        &[FindingKind::ToolCallChanged],
    );
}

#[test]
fn without_an_index_the_id_tells() {
    check(
        &[
            r#"[{"id":"a","function":{"name":"f","arguments":"["}},{"id":"b","function":{"name":"g","arguments":"{"}}]"#,
            r#"[{"id":"a","function":{"arguments":"]"}},{"id":"b","function":{"arguments":"}"}}]"#,
        ],
        &["a f([])", "b g({})"],
        NOTHING,
    );
}

#[test]
fn a_fragment_that_names_no_call_belongs_to_the_last_touched() {
    check(
        &[
            r#"[{"index":0,"id":"a","function":{"name":"f","arguments":"["}},{"index":1,"id":"b","function":{"name":"g","arguments":"{"}}]"#,
            r#"[{"function":{"arguments":"}"}}]"#,
            r#"[{"index":0,"function":{"arguments":"1,"}}]"#,
            r#"[{"function":{"arguments":"2]"}}]"#,
        ],
        &["a f([1,2])", "b g({})"],
        NOTHING,
    );
}

#[test]
fn a_late_id_belongs_to_the_last_call() {
    check(
        &[
            r#"[{"function":{"name":"f","arguments":"{}"}}]"#,
            r#"[{"id":"a","function":{}}]"#,
            r#"[{"id":"b","function":{"arguments":"[]"}}]"#,
        ],
        &["a f({})", "b -([])"],
        NOTHING,
    );
}

#[test]
fn without_index_and_id_the_name_begins_a_call() {
    check(
        &[
            r#"[{"function":{"name":"f","arguments":"["}}]"#,
            r#"[{"function":{"arguments":"1,"}}]"#,
            r#"[{"function":{"name":"f","arguments":"2]"}}]"#,
            r#"[{"function":{"name":"f","arguments":"[3]"}}]"#,
            r#"[{"function":{"name":"g"}}]"#,
            r#"[{"function":{"name":"g"}}]"#,
        ],
        &["- f([1,2])", "- f([3])", "- g()", "- g()"],
        NOTHING,
    );
    check(
        &[r#"[{"function":{"arguments":"[]"}}]"#],
        &["- -([])"],
        NOTHING,
    );
    // A name that comes again continues its call if there is anything to continue.
    let (name, begun) = (
        r#"[{"function":{"name":"f"}}]"#,
        r#"[{"function":{"name":"f","arguments":"{}"}}]"#,
    );
    check(&[name, begun], &["- f({})"], NOTHING);
    let (begun, empty) = (
        r#"[{"function":{"name":"f","arguments":"{"}}]"#,
        r#"[{"function":{"name":"f","arguments":""}}]"#,
    );
    let open = [FindingKind::ArgumentsNotJson];
    check(&[begun, empty], &["- f({)"], &open);
    check(&[begun, name], &["- f({)"], &open);
    check(&[empty, empty], &["- f()", "- f()"], NOTHING);
}

#[test]
fn empty_and_null_ids_are_none() {
    check(
        &[
            r#"[{"index":0,"id":"","function":{"name":"f","arguments":"["}}]"#,
            r#"[{"index":0,"id":"null","function":{"name":"","arguments":"]"}}]"#,
            r#"[{"index":0,"id":null,"function":{"name":null,"arguments":null}}]"#,
        ],
        &["- f([])"],
        NOTHING,
    );
}

#[test]
fn a_name_may_come_in_pieces_before_any_arguments() {
    check(
        &[
            r#"[{"index":0,"id":"a","function":{"name":"get_"}}]"#,
            r#"[{"index":0,"function":{"name":"time","arguments":"["}}]"#,
            r#"[{"index":0,"function":{"name":"other","arguments":"]"}}]"#,
        ],
        &["a get_time([])"],
        &[FindingKind::ToolCallChanged],
    );
}

#[test]
fn arguments_may_be_json_itself() {
    check(
        &[
            r#"[{"index":0,"id":"a","function":{"name":"f","arguments":{ "x" : "a \" b" , "y":[ 1 ] }}}]"#,
        ],
        &[r#"a f({"x":"a \" b","y":[1]})"#],
        &[FindingKind::ArgumentsNotText],
    );
    check(
        &[
            r#"[{"index":0,"id":"a","function":{"name":"f","arguments":"{}"}},{"index":0,"id":"b","function":{"name":"g","arguments":{}}}]"#,
        ],
        &["a f({})", "b g({})"],
        &[FindingKind::IndexReused, FindingKind::ArgumentsNotText],
    );
}

#[test]
fn arguments_that_are_no_whole_json_are_told_at_the_end() {
    for arguments in ["{", "nope", "{} {}"] {
        let list = format!(
            r#"[{{"index":0,"id":"a","function":{{"name":"f","arguments":"{arguments}"}}}}]"#
        );
        let assembled = calls(&[&list]);
        assert_eq!(
            findings(&assembled),
            [(FindingKind::ArgumentsNotJson, 1_000)],
            "{arguments}"
        );
    }
}

#[test]
fn a_call_that_says_nothing_is_dropped() {
    check(
        &[
            "[]",
            r#"[{"index":0}]"#,
            r#"[{"index":1,"type":"function","function":{}}]"#,
        ],
        &[],
        NOTHING,
    );
    assert_eq!(message(&calls(&["[]"])).get("tool_calls"), None);
    check(
        &[r#"[{"index":0,"extra_content":{"k":1}}]"#],
        &["- -()"],
        NOTHING,
    );
}

#[test]
fn a_custom_tool_has_an_input() {
    let assembled = calls(&[
        r#"[{"index":0,"id":"a","type":"custom","custom":{"name":"sql","input":"SELECT"}}]"#,
        r#"[{"index":0,"custom":{"input":" 1"}}]"#,
    ]);
    let expected = serde_json::json!([
        {"id": "a", "type": "custom", "custom": {"name": "sql", "input": "SELECT 1"}},
    ]);
    assert_eq!(message(&assembled)["tool_calls"], expected);
    assert_eq!(findings(&assembled), []);
}

#[test]
fn the_first_type_counts() {
    let kind = |lists: &[&str]| message(&calls(lists))["tool_calls"][0]["type"].clone();
    assert_eq!(kind(&[r#"[{"index":0,"id":"a"}]"#]), "function");
    let all = [
        r#"[{"index":0,"id":"a","type":""}]"#,
        r#"[{"index":0,"type":"x"}]"#,
        r#"[{"index":0,"type":"y"}]"#,
    ];
    assert_eq!(kind(&all), "x");
}

#[test]
fn members_that_are_not_known_are_kept_on_the_call() {
    let assembled = calls(&[
        r#"[{"index":0,"id":"a","extra_content":{"google":{"s":1}}}]"#,
        r#"[{"index":0,"extra_content":{"google":{"t":2}},"seed":1}]"#,
    ]);
    let call = &message(&assembled)["tool_calls"][0];
    assert_eq!(
        call["extra_content"],
        serde_json::json!({"google": {"s": 1, "t": 2}})
    );
    assert_eq!(call["seed"], 1);
    let inside = calls(&[
        r#"[{"index":0,"id":"a","function":{"name":"f","signature":"S"}}]"#,
        r#"[{"index":0,"function":{"arguments":"{}","signature":"T"}}]"#,
    ]);
    let function = &message(&inside)["tool_calls"][0]["function"];
    let expected = serde_json::json!({"name": "f", "arguments": "{}", "signature": "T"});
    assert_eq!(*function, expected);
}

#[test]
fn members_of_a_wrong_type_are_findings() {
    for list in [
        r#"[{"index":"0","id":"a"}]"#,
        r#"[{"index":0,"id":5,"type":"function","function":{"name":"f"}}]"#,
        r#"[{"index":0,"id":"a","type":5}]"#,
        r#"[{"index":0,"id":"a","function":{"name":5}}]"#,
        r#"[{"index":0,"id":"a","function":"f"}]"#,
    ] {
        let kinds: Vec<_> = findings(&calls(&[list]))
            .into_iter()
            .map(|(kind, _)| kind)
            .collect();
        assert_eq!(kinds, [FindingKind::WrongType], "{list}");
    }
}

#[test]
fn arguments_can_be_looked_at_while_they_grow() {
    let mut assembler = Assembler::new();
    let (whole, offset) = (r#"{"city":"Rio de Janeiro"}"#, 25);
    for (piece, so_far, partial, progress) in [
        (r#"{\"city\":"#, 8, "{}", Progress::Open),
        (r#"\"Rio de"#, 15, r#"{"city":"Rio de"}"#, Progress::Open),
        (r#" Janeiro\""#, 24, whole, Progress::Open),
        ("}", 25, whole, Progress::Complete),
        ("]", 26, whole, Progress::Invalid { offset }),
    ] {
        let function = format!(r#"{{"name":"f","arguments":"{piece}"}}"#);
        let call = format!(r#"{{"index":0,"id":"a","function":{function}}}"#);
        let chunk = choice(&format!(r#""delta":{{"tool_calls":[{call}]}}"#));
        let payload = Payload::parse(chunk.as_bytes()).expect("JSON");
        let mut updates = assembler.push(&payload, 0);
        let arguments = updates.find_map(|update| match update {
            Update::Arguments { arguments, .. } => Some(arguments),
            _ => None,
        });
        let arguments = arguments.expect("they have grown");
        assert_eq!(arguments.text().len(), so_far);
        assert_eq!(arguments.progress(), progress);
        let value = arguments.partial().expect("an object");
        assert_eq!(value.to_string(), partial);
        // What is closed is not in the text.
        assert!(partial.starts_with(value.text()) && whole.starts_with(value.text()));
        assert!(!value.text().is_empty());
    }
}

#[cfg(feature = "simd-json")]
#[test]
fn finished_arguments_are_read_into_a_type_of_the_callers() {
    use std::collections::BTreeMap;

    let read = |lists: &[&str]| {
        let completion = calls(lists).completion.expect("chunks came");
        let call = completion.choices[0].message.tool_calls[0].clone();
        call.function.into_arguments::<BTreeMap<String, u64>>()
    };
    let whole = read(&[
        r#"[{"index":0,"id":"a","function":{"name":"f","arguments":"{\"x\":"}}]"#,
        r#"[{"index":0,"function":{"arguments":"15}"}}]"#,
    ]);
    assert_eq!(whole.expect("JSON")["x"], 15);
    let none = read(&[r#"[{"index":0,"id":"a","function":{"name":"f"}}]"#]);
    assert!(none.expect("no arguments").is_empty());
    let open = r#"[{"index":0,"id":"a","function":{"name":"f","arguments":"{"}}]"#;
    assert!(read(&[open]).is_err());
    let other = r#"[{"index":0,"id":"a","function":{"name":"f","arguments":"{\"x\":[]}"}}]"#;
    assert!(read(&[other]).is_err());
}
