//! In what two JSON values differ.

use std::collections::HashMap;

use serde_json::Value;

use super::tree::Tree;
use crate::terminal;

/// A member in which two values differ, and what each has there.
pub(super) struct Difference {
    pub(super) path: String,
    pub(super) a: String,
    pub(super) b: String,
}

/// All members in which `a` and `b` differ, in the order of `a`.
pub(super) fn differences(a: &Tree, b: &Tree) -> Vec<Difference> {
    let mut all = Vec::new();
    compare("", Some(a), Some(b), &mut all);
    all
}

fn compare(path: &str, a: Option<&Tree>, b: Option<&Tree>, all: &mut Vec<Difference>) {
    match (a, b) {
        (Some(Tree::Object(a)), Some(Tree::Object(b))) => {
            let (of_a, of_b) = (by_name(a), by_name(b));
            let names = a.iter().chain(b).map(|(name, _)| name);
            let is_new =
                |(at, name): &(usize, &String)| *at < a.len() || !of_a.contains_key(name.as_str());
            for (_, name) in names.enumerate().filter(is_new) {
                let path = match path {
                    "" => name.clone(),
                    path => format!("{path}.{name}"),
                };
                let (a, b) = (of_a.get(name.as_str()), of_b.get(name.as_str()));
                compare(&path, a.copied(), b.copied(), all);
            }
        }
        (Some(Tree::List(a)), Some(Tree::List(b))) => {
            for at in 0..a.len().max(b.len()) {
                compare(&format!("{path}[{at}]"), a.get(at), b.get(at), all);
            }
        }
        (Some(a), Some(b)) if a.is(b) => {}
        (Some(Tree::Text(a)), Some(Tree::Text(b))) => {
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

fn by_name(members: &[(String, Tree)]) -> HashMap<&str, &Tree> {
    let members = members.iter();
    members.map(|(name, tree)| (name.as_str(), tree)).collect()
}

/// How much of a value is shown.
const SHOWN: usize = 72;

/// How much of what is the same is shown before that.
const BEFORE: usize = 16;

fn shown(value: Option<&Tree>) -> String {
    let text = value.map_or_else(|| "nothing".into(), Tree::to_string);
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
