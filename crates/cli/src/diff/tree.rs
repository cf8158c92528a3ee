//! A completion as a tree whose numbers have all their digits.

use std::{
    collections::{BTreeMap, btree_map::Entry},
    fmt,
};

use deltaic::{
    Completion, Report,
    assembler::{self, Members},
    chunk::{Kind, Raw},
};
use serde_json::Value;

use super::number;

/// A JSON value. Numbers are as they came: those of `serde_json` lose digits.
#[derive(Clone, Debug)]
pub(super) enum Tree {
    Object(Vec<(String, Tree)>),
    List(Vec<Tree>),
    Text(String),
    Number(String),
    /// `null`, `true` or `false`.
    Word(&'static str),
}

impl Tree {
    /// What streams are compared by: outcome, completion and error.
    pub(super) fn of_report(report: &Report) -> Self {
        let mut members = vec![("outcome".into(), Self::Text(report.outcome.name().into()))];
        if let Some(completion) = &report.completion
            && let Self::Object(all) = Self::of_completion(completion)
        {
            members.extend(all);
        }
        if let Some(error) = report.errors.first() {
            members.push(("error".into(), Self::of_text(error)));
        }
        Self::Object(members)
    }

    /// As it serializes, with what it has of numbers as they came.
    fn of_completion(completion: &Completion) -> Self {
        let value = serde_json::to_value(completion).unwrap_or_default();
        let mut tree = Self::of_value(value);
        tree.set_all(&completion.other);
        if let Some(created) = &completion.created {
            tree.set("created", Self::of_text(created));
        }
        if let Some(usage) = &completion.usage {
            tree.set("usage", Self::of_raw(usage.raw()));
        }
        for (choice, tree) in completion.choices.iter().zip(tree.elements("choices")) {
            tree.set_all(&choice.other);
            tree.set_value("logprobs", choice.logprobs.as_deref());
            let Some(tree) = tree.member("message") else {
                continue;
            };
            let message = &choice.message;
            tree.set_all(&message.other);
            tree.set_value("content_parts", message.content_parts.as_deref());
            if let (Some(function), Some(tree)) =
                (&message.function_call, tree.member("function_call"))
            {
                tree.set_all(&function.other);
            }
            for (call, tree) in message.tool_calls.iter().zip(tree.elements("tool_calls")) {
                tree.set_all(&call.other);
                let name = if call.is_custom() {
                    "custom"
                } else {
                    "function"
                };
                if let Some(tree) = tree.member(name) {
                    tree.set_all(&call.function.other);
                }
            }
        }
        tree
    }

    fn of_value(value: Value) -> Self {
        match value {
            Value::Null => Self::Word("null"),
            Value::Bool(flag) => Self::Word(word(flag)),
            Value::Number(number) => Self::Number(number.to_string()),
            Value::String(text) => Self::Text(text),
            Value::Array(list) => Self::List(list.into_iter().map(Self::of_value).collect()),
            Value::Object(members) => {
                let members = members.into_iter();
                let members = members.map(|(name, value)| (name, Self::of_value(value)));
                Self::Object(members.collect())
            }
        }
    }

    /// What is no JSON is a text.
    fn of_text(json: &str) -> Self {
        Raw::parse(json.as_bytes()).map_or_else(|_| Self::Text(json.into()), Self::of_raw)
    }

    /// As deep as [`deltaic::chunk::MAX_DEPTH`].
    fn of_raw(raw: Raw<'_>) -> Self {
        match raw.kind() {
            Kind::Missing | Kind::Null => Self::Word("null"),
            Kind::Bool => Self::Word(word(raw.as_bool().unwrap_or_default())),
            Kind::Number => Self::Number(raw.text().into()),
            Kind::String => Self::Text(
                raw.as_str()
                    .map(|text| text.to_string())
                    .unwrap_or_default(),
            ),
            Kind::Array => Self::List(raw.elements().map(Self::of_raw).collect()),
            Kind::Object => {
                // Of two members of one name the last counts, in the place of the first.
                let mut members: Vec<(String, Self)> = Vec::new();
                let mut places = BTreeMap::new();
                for (name, member) in raw.members() {
                    let (name, tree) = (name.to_string(), Self::of_raw(member));
                    match places.entry(name.clone()) {
                        Entry::Vacant(place) => {
                            place.insert(members.len());
                            members.push((name, tree));
                        }
                        Entry::Occupied(place) => members[*place.get()].1 = tree,
                    }
                }
                Self::Object(members)
            }
        }
    }

    fn set_all(&mut self, members: &Members) {
        let Self::Object(own) = self else {
            return;
        };
        let values: BTreeMap<_, _> = members.iter().collect();
        for (name, tree) in own {
            if let Some(value) = values.get(&**name) {
                *tree = Self::of_text(&value.to_string());
            }
        }
    }

    fn set_value(&mut self, name: &str, value: Option<&assembler::Value>) {
        if let Some(value) = value {
            self.set(name, Self::of_text(&value.to_string()));
        }
    }

    fn set(&mut self, name: &str, tree: Self) {
        if let Some(member) = self.member(name) {
            *member = tree;
        }
    }

    fn member(&mut self, name: &str) -> Option<&mut Self> {
        let Self::Object(members) = self else {
            return None;
        };
        let mut members = members.iter_mut();
        members.find_map(|(other, tree)| (other == name).then_some(tree))
    }

    fn elements(&mut self, name: &str) -> impl Iterator<Item = &mut Self> {
        let list = match self.member(name) {
            Some(Self::List(list)) => Some(list),
            _ => None,
        };
        list.into_iter().flatten()
    }

    /// Takes out what a path like `choices[].message.content` names.
    pub(super) fn remove(&mut self, path: &str) {
        let (first, rest) = path.split_once('.').unwrap_or((path, ""));
        let name = first.strip_suffix("[]").unwrap_or(first);
        match self {
            Self::Object(members) if rest.is_empty() => members.retain(|(other, _)| other != name),
            _ if first != name => self.elements(name).for_each(|tree| tree.remove(rest)),
            _ => {
                if let Some(tree) = self.member(name) {
                    tree.remove(rest);
                }
            }
        }
    }

    /// Whether they are the same, where neither has parts.
    pub(super) fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Text(a), Self::Text(b)) => a == b,
            (Self::Number(a), Self::Number(b)) => number::are_equal(a, b),
            (Self::Word(a), Self::Word(b)) => a == b,
            _ => false,
        }
    }
}

fn word(flag: bool) -> &'static str {
    if flag { "true" } else { "false" }
}

impl fmt::Display for Tree {
    /// As JSON.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let separate =
            |f: &mut fmt::Formatter<'_>, at| if at > 0 { f.write_str(",") } else { Ok(()) };
        match self {
            Self::Object(members) => {
                f.write_str("{")?;
                for (at, (name, tree)) in members.iter().enumerate() {
                    separate(f, at)?;
                    write!(f, "{}:{tree}", Value::from(&**name))?;
                }
                f.write_str("}")
            }
            Self::List(list) => {
                f.write_str("[")?;
                for (at, tree) in list.iter().enumerate() {
                    separate(f, at)?;
                    write!(f, "{tree}")?;
                }
                f.write_str("]")
            }
            Self::Text(text) => write!(f, "{}", Value::from(&**text)),
            Self::Number(text) => f.write_str(text),
            Self::Word(word) => f.write_str(word),
        }
    }
}
