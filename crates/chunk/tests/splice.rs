//! Members that are replaced, removed and added.

use deltaic_chunk::{Edit, EditError, Expected, MAX_DEPTH, ParseError, quoted, splice};
use serde_json::Value;

type Made = Result<Edit<&'static str>, EditError>;

fn remove(path: &'static str) -> Made {
    Edit::remove(path)
}

fn replace(path: &'static str) -> Made {
    Edit::replace(path, "7")
}

fn set(path: &'static str) -> Made {
    Edit::set(path, "7")
}

/// `data` with these edits made.
fn edited(data: &str, edits: &[Edit<&str>]) -> Result<String, ParseError> {
    let (mut edited, mut at) = (String::new(), 0);
    splice(data.as_bytes(), edits, |splice| {
        assert!(splice.range.start <= splice.range.end);
        edited += &data[at..splice.range.start];
        edited += &splice.to_string();
        assert_eq!(splice.to_string(), splice.parts().concat());
        at = splice.range.end;
    })?;
    Ok(edited + &data[at..])
}

#[track_caller]
fn check(data: &str, edits: &[Made], expected: &str) {
    let edits: Vec<_> = edits.iter().map(|edit| edit.expect("an edit")).collect();
    assert_eq!(edited(data, &edits).as_deref(), Ok(expected));
    for text in [data, expected] {
        serde_json::from_str::<Value>(text).expect("JSON");
    }
}

#[test]
fn a_member_is_replaced_where_it_is() {
    let edits = [replace("model")];
    check(r#"{"model":"m"}"#, &edits, r#"{"model":7}"#);
    check(
        r#" { "a":1 , "model" : null , "b":2 } "#,
        &edits,
        r#" { "a":1 , "model" : 7 , "b":2 } "#,
    );
    check(
        r#"{"model":{"model":[1,{"model":2}]},"a":1}"#,
        &edits,
        r#"{"model":7,"a":1}"#,
    );
    check(
        r#"{"a":{"model":1},"models":2,"mode":3,"":4}"#,
        &edits,
        r#"{"a":{"model":1},"models":2,"mode":3,"":4}"#,
    );
}

#[test]
fn a_member_goes_with_its_comma() {
    let edits = [remove("x")];
    check(r#"{"x":1,"a":2}"#, &edits, r#"{"a":2}"#);
    check(r#"{"a":2,"x":1}"#, &edits, r#"{"a":2}"#);
    check(r#"{"a":2,"x":1,"b":3}"#, &edits, r#"{"a":2,"b":3}"#);
    check(r#"{"x":1}"#, &edits, "{}");
    check(r#"{ "x" : "," , "a" : 2 }"#, &edits, r#"{ "a" : 2 }"#);
    check(r#"{ "a" : 2 , "x" : [1] }"#, &edits, r#"{ "a" : 2 }"#);
    check(r#"{ "x" : 1 }"#, &edits, "{ }");
}

#[test]
fn all_members_of_the_name_are_meant() {
    check(
        r#"{"x":1,"x":2,"a":3,"x":4,"x":5,"b":6,"x":7}"#,
        &[remove("x")],
        r#"{"a":3,"b":6}"#,
    );
    check(r#"{"x":1,"x":2}"#, &[remove("x")], "{}");
    check(
        r#"{"x":1,"a":2,"x":3}"#,
        &[replace("x")],
        r#"{"x":7,"a":2,"x":7}"#,
    );
    check(r#"{"x":1,"x":2}"#, &[set("x")], r#"{"x":7,"x":7}"#);
}

#[test]
fn a_name_may_be_spelled_with_escapes() {
    check(
        r#"{"\u006dodel":1,"m\u006fde":2}"#,
        &[replace("model")],
        r#"{"\u006dodel":7,"m\u006fde":2}"#,
    );
    check(r#"{"a":1,"\u0078":2}"#, &[remove("x")], r#"{"a":1}"#);
    check(r#"{"\u0078":1}"#, &[set("x")], r#"{"\u0078":7}"#);
    check(
        r#"{"\u0061":{"b":1}}"#,
        &[replace("a.b")],
        r#"{"\u0061":{"b":7}}"#,
    );
    check(r#"{"é":2,"a":1,"\u00e9":3}"#, &[remove("é")], r#"{"a":1}"#);
    // Half of a pair is no name's, and no error.
    let edits = [replace("a").expect("an edit")];
    let data = r#"{"\ud83e":1,"a":7}"#;
    assert_eq!(edited(data, &edits).as_deref(), Ok(data));
}

#[test]
fn what_is_missing_is_set_as_the_last() {
    let edits = [set("usage")];
    check(r#"{"a":1}"#, &edits, r#"{"a":1,"usage":7}"#);
    check("{}", &edits, r#"{"usage":7}"#);
    check("{ }", &edits, r#"{"usage":7 }"#);
    check(r#"{ "a" : 1 }"#, &edits, r#"{ "a" : 1,"usage":7 }"#);
    check(r#"{"usage":null,"a":1}"#, &edits, r#"{"usage":7,"a":1}"#);
    check(
        r#"{"a":{}}"#,
        &[set("a.b"), set("a.c"), set("b.c")],
        r#"{"a":{"b":7,"c":7}}"#,
    );
    check(r#"{"a":null}"#, &[set("a.b")], r#"{"a":null}"#);
}

#[test]
fn what_is_set_takes_the_place_of_what_goes() {
    check(
        r#"{"x":1}"#,
        &[remove("x"), set("a"), set("b")],
        r#"{"a":7,"b":7}"#,
    );
    check(
        r#"{"x":1,"y":2}"#,
        &[remove("x"), set("a")],
        r#"{"y":2,"a":7}"#,
    );
    check(
        r#"{"y":2,"x":1}"#,
        &[remove("x"), set("a")],
        r#"{"y":2,"a":7}"#,
    );
}

#[test]
fn a_path_leads_into_objects_and_lists() {
    let data = r#"{"choices":[{"delta":{"x":1}},{"delta":{"a":2,"x":[]}},3,{"delta":null},{"x":4}],"x":5}"#;
    check(
        data,
        &[remove("choices[*].delta.x")],
        r#"{"choices":[{"delta":{}},{"delta":{"a":2}},3,{"delta":null},{"x":4}],"x":5}"#,
    );
    check(
        data,
        &[set("choices[*].x"), replace("x")],
        r#"{"choices":[{"delta":{"x":1},"x":7},{"delta":{"a":2,"x":[]},"x":7},3,{"delta":null,"x":7},{"x":7}],"x":7}"#,
    );
    check(r#"{"a":[{"b":1}]}"#, &[remove("a.b")], r#"{"a":[{"b":1}]}"#);
    check(r#"{"a":{"b":1}}"#, &[remove("a[*].b")], r#"{"a":{"b":1}}"#);
    check(
        r#"{"a":[[{"b":1}],{"c":{"b":1}}]}"#,
        &[remove("a[*].b")],
        r#"{"a":[[{"b":1}],{"c":{"b":1}}]}"#,
    );
    check(
        r#"{"a":[],"b":{}}"#,
        &[remove("a[*].b"), remove("b.c")],
        r#"{"a":[],"b":{}}"#,
    );
    check(
        r#"{"a":{"b":1},"a":[{"b":1}]}"#,
        &[remove("a.b"), remove("a[*].b")],
        r#"{"a":{},"a":[{}]}"#,
    );
    check(
        r#"{"a":{"b":{"c":1},"bc":{"c":1}}}"#,
        &[remove("a.b.c"), remove("a.bc.c")],
        r#"{"a":{"b":{},"bc":{}}}"#,
    );
}

#[test]
fn of_several_edits_of_a_path_the_first_counts() {
    check(r#"{"a":1}"#, &[remove("a"), replace("a")], "{}");
    check(r#"{"a":1}"#, &[replace("a"), remove("a")], r#"{"a":7}"#);
    check("{}", &[set("a"), set("a")], r#"{"a":7}"#);
    check("{}", &[remove("a"), set("a")], "{}");
    check(
        r#"{"a":{"b":1},"c":2}"#,
        &[replace("a.b"), remove("a")],
        r#"{"c":2}"#,
    );
}

#[test]
fn data_without_members_stays() {
    let edits = [set("a"), remove("b")];
    for data in ["[{}]", "1", "null", "\"{}\""] {
        check(data, &edits, data);
    }
    let edits = edits.map(|edit| edit.expect("an edit"));
    for data in ["", " \t", "[DONE]", " [DONE] "] {
        assert_eq!(edited(data, &edits).as_deref(), Ok(data));
    }
}

#[test]
fn data_that_is_no_json_is_told_as_always() {
    let edits = [set("a"), remove("b"), replace("c[*].d"), remove("e.f")].map(Result::unwrap);
    for data in [
        "{",
        "{}}",
        "{\"b\":1,}",
        "{\"b\":1 \"c\":2}",
        "{\"c\":[{\"d\":1},]}",
        "{\"e\":{\"f\":tru}}",
        "{\"b\":\"\\x\"}",
        "nul",
        "{\"x\":1",
        "{\"c\":[{\"d\":1 2}]}",
    ] {
        let expected = deltaic_chunk::Raw::parse(data.as_bytes()).map(|_| ());
        assert!(expected.is_err(), "{data}");
        assert_eq!(edited(data, &edits).map(|_| ()), expected, "{data}");
    }
    let told = splice(b"{\"a\":\"\xFF\"}", &edits, |_| {});
    let expected = ParseError {
        expected: Expected::Utf8,
        offset: 6,
    };
    assert_eq!(told, Err(expected));
}

#[test]
fn nesting_has_a_bound_on_a_path_too() {
    let nested = |depth: usize| "{\"a\":".repeat(depth) + "1" + &"}".repeat(depth);
    let path = vec!["a"; MAX_DEPTH].join(".");
    let edits = [Edit::remove(path).expect("a path")];
    let mut count = 0;
    let read = splice(nested(MAX_DEPTH).as_bytes(), &edits, |_| count += 1);
    assert_eq!((read, count), (Ok(()), 1));
    let read = splice(nested(MAX_DEPTH + 1).as_bytes(), &edits, |_| {});
    assert_eq!(
        read.map_err(|error| error.expected),
        Err(Expected::LessDepth)
    );
}

#[test]
fn a_path_is_names_with_full_stops_between_them() {
    for path in ["a", "a.b", "a[*].b", "é x", "a-b.$c[*].0"] {
        assert_eq!(
            Edit::remove(path)
                .map(|edit| edit.path().to_owned())
                .as_deref(),
            Ok(path)
        );
    }
    for path in [
        "",
        ".",
        "a.",
        ".a",
        "a..b",
        "a[*]",
        "[*].a",
        "a[0].b",
        "a]",
        "a[*][*].b",
        "a[*]b",
        "\"",
        "\\",
        "a\n",
    ] {
        assert_eq!(Edit::remove(path), Err(EditError::Path), "{path:?}");
    }
}

#[test]
fn edits_are_equal_that_do_the_same() {
    let all = |path: &'static str, json: &'static str| {
        let made = [
            Edit::remove(path),
            Edit::replace(path, json),
            Edit::set(path, json),
        ];
        made.map(|edit| edit.expect("an edit"))
    };
    let edits = [all("a", "1"), all("a", "2"), all("b", "1")].concat();
    // Removing is the same whatever the value of the others.
    let class = |at: usize| if at == 3 { 0 } else { at };
    for (at, one) in edits.iter().enumerate() {
        for (other_at, other) in edits.iter().enumerate() {
            let is_same = class(at) == class(other_at);
            assert_eq!(one == other, is_same, "{one:?}, {other:?}");
            assert_eq!(*one == other.to_owned(), is_same);
        }
    }
}

#[test]
fn a_value_is_json_in_one_line() {
    for json in ["1", " {\"a\":\t[1]} ", "\"\\n\""] {
        assert_eq!(Edit::set("a", json).expect("an edit").json(), Some(json));
    }
    assert_eq!(Edit::remove("a").expect("an edit").json(), None);
    for json in ["[\n]", "1\r", "\n"] {
        assert_eq!(Edit::replace("a", json), Err(EditError::LineEnd));
    }
    for json in ["", "1 2", "model", "\"", "{", "\"\t\""] {
        assert!(
            matches!(Edit::replace("a", json), Err(EditError::Json(_))),
            "{json:?}"
        );
    }
}

#[test]
fn a_value_is_not_too_deep_where_its_path_leads() {
    let lists = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    let made = |path: &str, depth| Edit::set(path.to_owned(), lists(depth)).is_ok();
    for (path, inside) in [("a", 1), ("a.b", 2), ("a[*].b", 3)] {
        assert!(made(path, MAX_DEPTH - inside), "{path}");
        assert!(!made(path, MAX_DEPTH - inside + 1), "{path}");
    }
}

#[test]
fn any_text_can_be_quoted() {
    let all = (0..=0x2100).filter_map(char::from_u32).collect::<String>() + "\u{1F980}";
    for text in ["", "a", "\"", "\\\\", "a\"", "\u{2028}", &all] {
        let json = quoted(text).to_string();
        assert_eq!(serde_json::from_str::<String>(&json).expect("JSON"), text);
        assert!(!json.contains(['\n', '\r']));
        Edit::set("a", &*json).expect("a value");
    }
}

#[test]
fn a_name_with_a_dot_or_a_bracket_is_no_path() {
    for dotted in [r#""a.b""#, r#""a\u002eb""#] {
        let data = format!(r#"{{{dotted}:1,"a":{{"b":2}}}}"#);
        check(
            &data,
            &[remove("a.b")],
            &format!(r#"{{{dotted}:1,"a":{{}}}}"#),
        );
        let data = format!(r#"{{{dotted}:1,"a":{{}}}}"#);
        check(
            &data,
            &[set("a.b")],
            &format!(r#"{{{dotted}:1,"a":{{"b":7}}}}"#),
        );
    }
    check(
        r#"{"choices[*]":{"x":1},"choices":[{"x":2}]}"#,
        &[remove("choices[*].x")],
        r#"{"choices[*]":{"x":1},"choices":[{}]}"#,
    );
}
