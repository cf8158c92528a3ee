//! In what two JSON values differ.

use serde_json::Value;

use crate::terminal;

/// A member in which two values differ, and what each has there.
pub(super) struct Difference {
    pub(super) path: String,
    pub(super) a: String,
    pub(super) b: String,
}

/// All members in which `a` and `b` differ, in the order of `a`.
pub(super) fn differences(a: &Value, b: &Value) -> Vec<Difference> {
    let mut all = Vec::new();
    compare("", Some(a), Some(b), &mut all);
    all
}

fn compare(path: &str, a: Option<&Value>, b: Option<&Value>, all: &mut Vec<Difference>) {
    match (a, b) {
        (Some(Value::Object(a)), Some(Value::Object(b))) => {
            let only_b = b.keys().filter(|name| !a.contains_key(*name));
            for name in a.keys().chain(only_b) {
                let path = match path {
                    "" => name.clone(),
                    path => format!("{path}.{name}"),
                };
                compare(&path, a.get(name), b.get(name), all);
            }
        }
        (Some(Value::Array(a)), Some(Value::Array(b))) => {
            for at in 0..a.len().max(b.len()) {
                compare(&format!("{path}[{at}]"), a.get(at), b.get(at), all);
            }
        }
        (a, b) if a == b => {}
        (Some(Value::String(a)), Some(Value::String(b))) => {
            let same = a.chars().zip(b.chars()).take_while(|(a, b)| a == b);
            let same = same.map(|(char, _)| char.len_utf8()).sum();
            all.push(Difference {
                path: terminal::in_one_line(path),
                a: from(a, same),
                b: from(b, same),
            });
        }
        (a, b) => all.push(Difference {
            path: terminal::in_one_line(path),
            a: shown(a),
            b: shown(b),
        }),
    }
}

/// How much of a value is shown.
const SHOWN: usize = 72;

/// How much of what is the same is shown before that.
const BEFORE: usize = 16;

fn shown(value: Option<&Value>) -> String {
    let text = value.map_or_else(|| "nothing".into(), Value::to_string);
    cut(&text)
}

/// A text from a little before the byte where it differs from another.
fn from(text: &str, at: usize) -> String {
    let (same, rest) = text.split_at(at);
    let begin = same.char_indices().rev().nth(BEFORE);
    let (dots, before) = match begin {
        Some((begin, _)) => ("…", same.get(begin..).unwrap_or_default()),
        None => ("", same),
    };
    let quoted = Value::from(format!("{dots}{before}{rest}")).to_string();
    cut(&quoted)
}

fn cut(text: &str) -> String {
    let text = terminal::in_one_line(text);
    match text.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text,
    }
}

/// Takes out what a path like `choices[].message.content` names.
pub(super) fn remove(value: &mut Value, path: &str) {
    let (first, rest) = path.split_once('.').unwrap_or((path, ""));
    let name = first.strip_suffix("[]").unwrap_or(first);
    let Value::Object(members) = value else {
        return;
    };
    match members.get_mut(name) {
        Some(_) if rest.is_empty() => {
            members.shift_remove(name);
        }
        Some(Value::Array(all)) if first != name => {
            for value in all {
                remove(value, rest);
            }
        }
        Some(value) => remove(value, rest),
        None => {}
    }
}
