//! The JSON in the lines of a stream.

use std::collections::BTreeSet;

use serde_json::Value;

/// A line whose data is JSON.
pub(super) struct Line<'s> {
    /// What stands before it: nothing in a body of JSON lines.
    name: &'s [u8],
    pub(super) value: Value,
    end: &'s [u8],
}

impl<'s> Line<'s> {
    /// `None` where it has no JSON, or has some that `serde_json` does not read.
    pub(super) fn parse(line: &'s [u8]) -> Option<Self> {
        let data = line.strip_prefix(b"data:").unwrap_or(line);
        Some(Self {
            name: &line[..line.len() - data.len()],
            value: serde_json::from_slice(data).ok()?,
            end: &data[data.trim_ascii_end().len()..],
        })
    }

    /// The line with another value.
    pub(super) fn with(&self, value: &Value) -> Vec<u8> {
        let json = value.to_string();
        [self.name, json.as_bytes(), self.end].concat()
    }
}

/// The names of all members of these lines.
pub(super) fn names(lines: &[&[u8]]) -> Vec<String> {
    let mut names = BTreeSet::new();
    let values = lines.iter().filter_map(|line| Line::parse(line));
    let mut left: Vec<Value> = values.map(|line| line.value).collect();
    while let Some(value) = left.pop() {
        match value {
            Value::Object(object) => {
                for (name, value) in object {
                    names.insert(name);
                    left.push(value);
                }
            }
            Value::Array(elements) => left.extend(elements),
            _ => {}
        }
    }
    names.into_iter().collect()
}

/// The lines without the members that have other names.
pub(super) fn with_names(lines: &[&[u8]], names: &[String]) -> Vec<u8> {
    let lines = lines.iter().map(|line| match Line::parse(line) {
        Some(mut parsed) => {
            keep(&mut parsed.value, names);
            parsed.with(&parsed.value)
        }
        None => line.to_vec(),
    });
    lines.collect::<Vec<_>>().concat()
}

/// As deep as `serde_json` reads.
fn keep(value: &mut Value, names: &[String]) {
    match value {
        Value::Object(object) => {
            object.retain(|name, _| names.contains(name));
            object.values_mut().for_each(|value| keep(value, names));
        }
        Value::Array(elements) => elements.iter_mut().for_each(|value| keep(value, names)),
        _ => {}
    }
}
