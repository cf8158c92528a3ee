#![no_main]
//! We accept what `serde_json` accepts, and every value is the same. It refuses
//! half a surrogate pair and numbers past `f64`, which the grammar allows.

use deltaic::chunk::{Kind, Payload, Raw};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fn compare(raw: Raw<'_>, value: &Value) {
    match (raw.kind(), value) {
        (Kind::Null, Value::Null) => {}
        (Kind::Bool, Value::Bool(bool)) => assert_eq!(raw.as_bool(), Some(*bool)),
        (Kind::Number, Value::Number(number)) => {
            assert_eq!(raw.as_u64(), number.as_u64());
            assert_eq!(raw.as_f64(), number.as_f64());
        }
        (Kind::String, Value::String(text)) => {
            assert_eq!(raw.as_str().map(|ours| ours.to_string()).as_ref(), Some(text));
        }
        (Kind::Array, Value::Array(list)) => {
            assert_eq!(raw.elements().count(), list.len());
            raw.elements().zip(list).for_each(|(raw, value)| compare(raw, value));
        }
        (Kind::Object, Value::Object(members)) => {
            members.iter().for_each(|(name, value)| compare(raw.get(name), value));
        }
        (kind, value) => panic!("{kind:?} is not {value}"),
    }
}

fuzz_target!(|data: &[u8]| {
    let ours = Raw::parse(data);
    match serde_json::from_slice::<Value>(data) {
        Ok(value) => compare(ours.expect("serde_json accepts it"), &value),
        Err(error) => {
            let error = error.to_string();
            let exceptions = ["surrogate", "unexpected end of hex escape", "out of range"];
            assert!(ours.is_err() || exceptions.iter().any(|what| error.contains(what)), "{error}");
        }
    }
    let payload = Payload::parse(data);
    let is_done = data.trim_ascii_start().starts_with(b"[DONE]");
    assert_eq!(payload.is_ok(), ours.is_ok() || is_done, "as a payload and as a value");
});
