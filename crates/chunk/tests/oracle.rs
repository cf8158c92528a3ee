//! We accept what `serde_json` accepts, and read the same values.
//!
//! Two exceptions are documented at `Raw::parse`: half a surrogate pair, and a
//! number past the range of `f64`. The grammar allows both, `serde_json` neither.

use deltaic_chunk::{Kind, Raw};
use proptest::prelude::*;
use serde_json::Value;

/// Whether `raw` is the value that `serde_json` has read.
fn same(raw: Raw<'_>, value: &Value) -> bool {
    match (raw.kind(), value) {
        (Kind::Null, Value::Null) => true,
        (Kind::Bool, Value::Bool(bool)) => raw.as_bool() == Some(*bool),
        (Kind::Number, Value::Number(number)) => {
            raw.as_u64() == number.as_u64()
                && (raw.as_i64() == number.as_i64() || raw.text() == "-0")
                && raw.as_f64() == number.as_f64()
        }
        (Kind::String, Value::String(text)) => raw
            .as_str()
            .is_some_and(|ours| ours.to_string() == *text && ours == text.as_str()),
        (Kind::Array, Value::Array(list)) => {
            raw.elements().count() == list.len()
                && raw
                    .elements()
                    .zip(list)
                    .all(|(raw, value)| same(raw, value))
        }
        (Kind::Object, Value::Object(members)) => {
            members
                .iter()
                .all(|(name, value)| same(raw.get(name), value))
                && raw
                    .members()
                    .all(|(name, _)| members.contains_key(&name.to_string()))
        }
        _ => false,
    }
}

/// Checks one text against the oracle.
fn check(text: &[u8]) -> Result<(), TestCaseError> {
    let ours = Raw::parse(text);
    match serde_json::from_slice::<Value>(text) {
        Ok(value) => {
            prop_assert!(ours.is_ok(), "{}: {ours:?}", text.escape_ascii());
            prop_assert!(
                same(ours.unwrap_or_default(), &value),
                "{}",
                text.escape_ascii()
            );
        }
        Err(error) => {
            let error = error.to_string();
            let is_exception = ["surrogate", "unexpected end of hex escape", "out of range"]
                .iter()
                .any(|what| error.contains(what));
            prop_assert!(
                ours.is_err() || is_exception,
                "{}: {error}",
                text.escape_ascii()
            );
        }
    }
    Ok(())
}

/// Texts of the pieces that matter; few of them are JSON.
fn pieces() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop::sample::select(vec![
        "{", "}", "[", "]", ",", ":", "\"", "\\", "\"a\"", "\"a\":", "1", "0", "-", ".", "e", "+",
        "true", "null", " ", "\n", "\\u00e9", "\\ud83e", "\\udd80", "é", "\u{0}", "12345678",
        "\\n",
    ]);
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat().into_bytes())
}

/// Values, written with white space and escapes of all kinds.
fn json() -> impl Strategy<Value = String> {
    let string = prop::collection::vec(
        prop::sample::select(vec![
            "a",
            "é",
            "\u{1F980}",
            "\\n",
            "\\\"",
            "\\\\",
            "\\/",
            "\\u0061",
            "\\ud83e\\udd80",
            "\\u0000",
            " ",
            "longer than eight",
        ]),
        0..6,
    )
    .prop_map(|pieces| format!("\"{}\"", pieces.concat()));
    let number = prop_oneof![
        any::<i64>().prop_map(|number| number.to_string()),
        any::<u64>().prop_map(|number| number.to_string()),
        any::<f64>().prop_filter_map("finite", |number| {
            number
                .is_finite()
                .then(|| serde_json::to_string(&number).expect("a number"))
        }),
    ];
    let word = prop::sample::select(vec!["null", "true", "false", "-0", "1E5"]);
    let leaf = prop_oneof![string.clone(), number, word.prop_map(Into::into)];
    let space = || prop::sample::select(vec!["", " ", "\n\t"]);
    leaf.prop_recursive(4, 40, 5, move |inner| {
        let list = prop::collection::vec((space(), inner.clone()), 0..5);
        let members = prop::collection::vec((string.clone(), space(), inner), 0..5);
        prop_oneof![
            list.prop_map(|list| {
                let list: Vec<_> = list
                    .iter()
                    .map(|(space, item)| format!("{space}{item}{space}"))
                    .collect();
                format!("[{}]", list.join(","))
            }),
            members.prop_map(|members| {
                let members = members
                    .iter()
                    .map(|(name, space, value)| format!("{name}{space}:{value}{space}"));
                format!("{{{}}}", members.collect::<Vec<_>>().join(","))
            }),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn pieces_of_json_are_judged_alike(text in pieces()) {
        check(&text)?;
    }

    #[test]
    fn values_are_read_alike(text in json()) {
        check(text.as_bytes())?;
    }

    #[test]
    fn broken_values_are_judged_alike(text in json(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = text.into_bytes();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        check(&bytes)?;
        bytes.truncate(at);
        check(&bytes)?;
    }
}
