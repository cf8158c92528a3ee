//! Arguments of calls.

use super::{after, check_after, check_none_after, chunk};

fn call(index: &str, more: &str, text: &str) -> String {
    format!(
        r#"{{"choices":[{{"delta":{{"tool_calls":[{{"index":{index}{more},"function":{{"arguments":"{text}"}}}}]}}}}]}}"#
    )
}

const BEGIN: &str = r#"{"choices":[{"delta":{"tool_calls":[
    {"index":0,"id":"a","type":"function","function":{"name":"f","arguments":""}},
    {"index":1,"id":"b","type":"function","function":{"name":"g","arguments":""}}]}}]}"#;

#[test]
fn the_arguments_of_a_call_have_a_plan() {
    for more in [
        "",
        r#","type":"function""#,
        r#","type":"""#,
        r#","type":null"#,
        r#","id":null"#,
        r#","id":"""#,
    ] {
        let said = ["{", "\\\"a\\\":", "1}"].map(|text| call("0", more, text));
        check_after(&[BEGIN], said.each_ref().map(String::as_str));
        let said = [
            call("0", more, "["),
            call("1", more, "{"),
            call("0", more, "]"),
        ];
        check_after(&[BEGIN], said.each_ref().map(String::as_str));
    }
    let named = ["{", "1", "}"]
        .map(|text| call("0", "", text).replace(r#""arguments""#, r#""name":null,"arguments""#));
    check_after(&[BEGIN], named.each_ref().map(String::as_str));
    let (mut assembler, mut template) = after(&[BEGIN], [&call("0", "", "["), &call("1", "", "{")]);
    let second = call("1", "", "{");
    let plan = assembler
        .plan(&chunk(&second), &template, &second)
        .expect("a plan");
    let other = call("2", "", "{");
    let filled = template.fill_data(other.as_bytes()).expect("it fits");
    assert!(
        !assembler.push_filled(&plan, &filled, 0),
        "there is no such call"
    );
}

#[test]
fn a_call_that_says_more_has_no_plan() {
    for more in [
        r#","id":"a""#,
        r#","id":"T""#,
        r#","type":"x""#,
        r#","type":1"#,
        r#","custom":{}"#,
        r#","x":1"#,
        r#","x":"T""#,
    ] {
        check_none_after(&[BEGIN], &call("0", more, "T"));
    }
    for index in ["null", "-1", "\"0\""] {
        check_none_after(&[BEGIN], &call(index, "", "T"));
    }
    let named = |name: &str| {
        call("0", "", "T").replace(r#""arguments""#, &format!(r#""{name}":"f","arguments""#))
    };
    check_none_after(&[BEGIN], &named("name"));
    check_none_after(&[BEGIN], &named("x"));
    check_none_after(
        &[BEGIN],
        &call("0", "", "[]").replace("[]\"", "[]\",\"y\":\"T\""),
    );
    let many: Vec<_> = (2..17)
        .map(|index| call(&index.to_string(), &format!(r#","id":"{index}""#), ""))
        .collect();
    let many: Vec<_> = [BEGIN]
        .into_iter()
        .chain(many.iter().map(String::as_str))
        .collect();
    check_none_after(&many, &call("0", "", "T"));
}
