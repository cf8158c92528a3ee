//! JSON: accepted exactly where `serde_json` accepts it, and every value is the
//! same.
//!
//! Two exceptions are documented at `Raw::parse`: half a surrogate pair, and a
//! number past the range of `f64`. The grammar allows both, `serde_json` neither.

use std::collections::BTreeSet;

use deltaic::chunk::{Choice, Chunk, Delta, JsonStr, Kind, Payload, Raw, ToolCallDelta};
use serde_json::Value;

/// Checks one text, as a value and as the data of an event.
///
/// # Panics
///
/// If it is judged or read otherwise than it should.
pub fn check(text: &[u8]) {
    let ours = Raw::parse(text);
    let payload = Payload::parse(text);
    let is_done = text.trim_ascii_start().starts_with(b"[DONE]");
    assert_eq!(
        payload.is_ok(),
        ours.is_ok() || is_done,
        "as data and as a value"
    );
    assert_eq!(is_done, matches!(payload, Ok(Payload::Done)));
    match (ours, serde_json::from_slice::<Value>(text)) {
        (Err(error), Err(_)) => assert!(error.offset <= text.len()),
        // What `serde_json` makes of it is no matter of JSON.
        (Ok(raw), _) if has_mark(raw) => {}
        (Ok(_), Err(error)) => assert!(is_exception(&error), "{error}"),
        (Err(error), Ok(_)) => panic!("serde_json accepts it, we do not: {error}"),
        (Ok(raw), Ok(value)) => {
            compare(raw, &value);
            if let Some(simd) = by_simd_json(text) {
                compare(raw, &simd);
            }
            judged_alike(&payload.expect("it is JSON"), &value);
        }
    }
}

fn is_exception(error: &serde_json::Error) -> bool {
    let error = error.to_string();
    ["surrogate", "unexpected end of hex escape", "out of range"]
        .iter()
        .any(|what| error.contains(what))
}

/// Whether an object in it has the member by which `serde_json` tells itself of raw
/// values, if its feature for them is on.
fn has_mark(raw: Raw<'_>) -> bool {
    const MARK: &str = "$serde_json::private::RawValue";
    raw.elements().any(has_mark)
        || raw
            .members()
            .any(|(name, value)| name == MARK || has_mark(value))
}

fn by_simd_json(text: &[u8]) -> Option<Value> {
    simd_json::serde::from_slice(&mut text.to_vec()).ok()
}

/// `raw` is the value that another has read.
fn compare(raw: Raw<'_>, value: &Value) {
    match (raw.kind(), value) {
        (Kind::Null, Value::Null) => {}
        (Kind::Bool, Value::Bool(bool)) => assert_eq!(raw.as_bool(), Some(*bool)),
        (Kind::Number, Value::Number(number)) => {
            assert_eq!(raw.as_f64(), number.as_f64(), "{raw}");
            // It is a float to serde_json, an unsigned integer to simd-json.
            if raw.text() != "-0" {
                assert_eq!(raw.as_u64(), number.as_u64(), "{raw}");
                assert_eq!(raw.as_i64(), number.as_i64(), "{raw}");
            }
        }
        (Kind::String, Value::String(text)) => compare_text(raw.as_str(), text),
        (Kind::Array, Value::Array(list)) => {
            assert_eq!(raw.elements().count(), list.len());
            let elements = raw.elements().zip(list);
            elements.for_each(|(raw, value)| compare(raw, value));
        }
        (Kind::Object, Value::Object(members)) => {
            members
                .iter()
                .for_each(|(name, value)| compare(raw.get(name), value));
            let names = raw.members().map(|(name, _)| name.to_string());
            names.for_each(|name| assert!(members.contains_key(&name), "{name:?}"));
        }
        (kind, value) => panic!("{kind:?} is not {value}"),
    }
}

fn compare_text(ours: Option<JsonStr<'_>>, text: &str) {
    let ours = ours.expect("it is a string");
    assert_eq!(ours.to_string(), text);
    assert!(ours == *text);
    assert_eq!(ours.is_empty(), text.is_empty());
    assert!(!ours.has_lone_surrogate());
    assert!(ours.as_str().is_none_or(|ours| ours == text));
}

/// A payload is what it should be, by the members that it has.
fn judged_alike(payload: &Payload<'_>, value: &Value) {
    let is_there = |name| !value[name].is_null();
    let has_choices = value["choices"]
        .as_array()
        .is_some_and(|list| !list.is_empty());
    let has_error = match &value["error"] {
        Value::String(text) => !text.is_empty(),
        Value::Array(list) => !list.is_empty(),
        Value::Object(members) => !members.is_empty(),
        _ => false,
    };
    let has_shape_of_error = value["object"] == "error"
        || ["detail", "error_code", "error_msg"]
            .into_iter()
            .any(is_there)
        || value["message"].is_string() && ["code", "status", "type"].into_iter().any(is_there)
        || !matches!(value["base_resp"]["status_code"].as_i64(), Some(0))
            && !value["base_resp"]["status_code"].is_null();
    let is_chunk = has_choices
        || is_there("usage") && (has_error || !has_shape_of_error)
        || value["choices"].is_array() && !has_error && !has_shape_of_error;
    match payload {
        Payload::Chunk(chunk) => {
            assert!(is_chunk, "{value} is no chunk");
            read_alike(chunk, value);
            let error = chunk.error();
            assert_eq!(error.is_some(), has_error, "{value}");
            if let Some(error) = error {
                compare(error.raw, &value["error"]);
                compare(error.whole, value);
            }
        }
        Payload::Error(error) => {
            assert!(!is_chunk && (has_error || has_shape_of_error), "{value}");
            compare(error.raw, if has_error { &value["error"] } else { value });
            compare(error.whole, value);
        }
        Payload::Foreign(raw) => {
            assert!(!is_chunk && !has_error && !has_shape_of_error, "{value}");
            compare(*raw, value);
        }
        payload => panic!("{payload:?} is not {value}"),
    }
}

/// The members of a chunk are where they should be, each in its field or among
/// the others.
fn read_alike(chunk: &Chunk<'_>, value: &Value) {
    members(
        value,
        chunk.raw(),
        &[
            ("id", chunk.id),
            ("object", chunk.object),
            ("created", chunk.created),
            ("model", chunk.model),
            ("system_fingerprint", chunk.system_fingerprint),
            ("service_tier", chunk.service_tier),
            ("usage", chunk.usage),
            ("x_groq", chunk.x_groq),
            ("error", chunk.error),
            ("choices", chunk.choices),
        ],
        &["obfuscation", "p"],
        chunk.other(),
    );
    let choices = value["choices"].as_array().map_or(&[][..], Vec::as_slice);
    assert_eq!(chunk.choices().count(), choices.len());
    for (choice, value) in chunk.choices().zip(choices) {
        read_choice_alike(&choice, value);
    }
}

fn read_choice_alike(choice: &Choice<'_>, value: &Value) {
    members(
        value,
        choice.raw(),
        &[
            ("index", choice.index),
            ("delta", choice.delta.raw()),
            ("message", choice.message),
            ("text", choice.text),
            ("finish_reason", choice.finish_reason),
            ("logprobs", choice.logprobs),
            ("usage", choice.usage),
        ],
        &["obfuscation", "p"],
        choice.other(),
    );
    read_delta_alike(&choice.delta, &value["delta"]);
}

fn read_delta_alike(delta: &Delta<'_>, value: &Value) {
    members(
        value,
        delta.raw(),
        &[
            ("role", delta.role),
            ("content", delta.content),
            ("refusal", delta.refusal),
            ("reasoning_content", delta.reasoning_content),
            ("reasoning", delta.reasoning),
            ("reasoning_text", delta.reasoning_text),
            ("thinking", delta.thinking),
            ("reasoning_details", delta.reasoning_details),
            ("tool_calls", delta.tool_calls),
            ("function_call", delta.function_call),
            ("audio", delta.audio),
        ],
        &[],
        delta.other(),
    );
    let calls = value["tool_calls"]
        .as_array()
        .map_or(&[][..], Vec::as_slice);
    assert_eq!(delta.calls().count(), calls.len());
    for (call, value) in delta.calls().zip(calls) {
        read_call_alike(&call, value);
    }
}

fn read_call_alike(call: &ToolCallDelta<'_>, value: &Value) {
    members(
        value,
        call.raw(),
        &[
            ("index", call.index),
            ("id", call.id),
            ("type", call.kind),
            ("function", call.function),
            ("custom", call.custom),
        ],
        &[],
        call.other(),
    );
    let (body, arguments) = match &value["function"] {
        Value::Object(function) => (Some(function), "arguments"),
        _ => (value["custom"].as_object(), "input"),
    };
    for (name, field) in [("name", call.name), (arguments, call.arguments)] {
        match body.and_then(|body| body.get(name)) {
            Some(value) => compare(field, value),
            None => assert!(field.is_missing(), "{name} is {field}"),
        }
    }
}

/// The members of an object: those in `fields`, those that have a name in
/// `elsewhere`, and no more than the `others`.
fn members<'a>(
    value: &Value,
    raw: Raw<'_>,
    fields: &[(&str, Raw<'_>)],
    elsewhere: &[&str],
    others: impl Iterator<Item = (JsonStr<'a>, Raw<'a>)>,
) {
    let Value::Object(object) = value else {
        assert!(fields.iter().all(|(_, field)| field.is_missing()));
        assert_eq!(others.count(), 0);
        return;
    };
    compare(raw, value);
    for (name, field) in fields {
        match object.get(*name) {
            Some(value) => compare(*field, value),
            None => assert!(field.is_missing(), "{name} is {field}"),
        }
    }
    let is_left = |name: &&String| {
        !elsewhere.contains(&&***name) && !fields.iter().any(|(field, _)| *field == **name)
    };
    let left: BTreeSet<String> = object.keys().filter(is_left).cloned().collect();
    let others: BTreeSet<String> = others.map(|(name, _)| name.to_string()).collect();
    assert_eq!(others, left, "the members that have no field");
}
