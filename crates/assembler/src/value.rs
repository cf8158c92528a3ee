//! JSON that is kept as it came, and grows where deltas add to it.

use alloc::{string::String, vec::Vec};
use core::fmt;

use deltaic_chunk::{Kind, Raw};

use crate::{
    members::{Members, name_of},
    text::Text,
};

/// A JSON value that was put together from one or more chunks.
///
/// Its `Display` is JSON: exactly as it came where nothing was added to it, so
/// that numbers keep all their digits.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Value(pub(crate) Node);

#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Node {
    /// Invariant: the text of one JSON value.
    Raw(String),
    List(Vec<Value>),
    Object(Members),
    Text(Text),
}

impl Value {
    /// The value, to look into, where it stands as it came in one chunk.
    /// Missing where it was put together; [`Value::get`] works on both.
    #[must_use]
    pub fn raw(&self) -> Raw<'_> {
        match &self.0 {
            Node::Raw(text) => Raw::again(text),
            _ => Raw::MISSING,
        }
    }

    /// The member `name` of an object, as JSON text.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Value> {
        match &self.0 {
            Node::Object(members) => members.get(name).cloned(),
            _ => Some(self.raw().get(name))
                .filter(|member| !member.is_missing())
                .map(Self::new),
        }
    }

    pub(crate) fn new(raw: Raw<'_>) -> Self {
        Self(Node::Raw(raw.text().into()))
    }

    pub(crate) fn empty_list() -> Self {
        Self(Node::List(Vec::new()))
    }

    pub(crate) fn empty_object() -> Self {
        Self(Node::Object(Members::default()))
    }

    pub(crate) fn string(text: &str) -> Self {
        let mut raw = String::new();
        // Writing to a `String` cannot fail.
        let _ = write_string(&mut raw, text);
        Self(Node::Raw(raw))
    }

    /// As [`Value::new`], ready to be looked into and added to.
    pub(crate) fn open(raw: Raw<'_>) -> Self {
        let mut value = Self::new(raw);
        value.unite();
        value
    }

    /// The member `name`, if this is an object that is open.
    pub(crate) fn member(&self, name: &str) -> Option<&Self> {
        match &self.0 {
            Node::Object(members) => members.get(name),
            _ => None,
        }
    }

    /// Takes over `new`: objects unite, anything else replaces. Null is no news.
    pub(crate) fn merge(&mut self, new: Raw<'_>) {
        if new.is_null() || self.is(new) {
            return;
        }
        match self.unite() {
            Some(members) if new.kind() == Kind::Object => {
                for (name, member) in new.members() {
                    members.merge(&name_of(name), member);
                }
            }
            _ => *self = Self::new(new),
        }
    }

    /// As [`Value::merge`], but the members of `names` that are strings grow.
    pub(crate) fn grow(&mut self, new: Raw<'_>, names: &[&str]) -> bool {
        let Some(members) = self.unite() else {
            *self = Self::new(new);
            return true;
        };
        let mut whole = true;
        for (name, member) in new.members() {
            match member.as_str() {
                Some(text) if names.iter().any(|&known| name == *known) => {
                    whole &= members.text(&name_of(name)).append(text);
                }
                _ => members.merge(&name_of(name), member),
            }
        }
        whole
    }

    /// Whether it is just what `raw` says, letter by letter.
    fn is(&self, raw: Raw<'_>) -> bool {
        matches!(&self.0, Node::Raw(text) if text == raw.text())
    }

    /// The members, to add to; `None` if this is no object.
    pub(crate) fn unite(&mut self) -> Option<&mut Members> {
        if let Node::Raw(_) = self.0 {
            let raw = self.raw();
            if raw.kind() != Kind::Object {
                return None;
            }
            let mut members = Members::default();
            for (name, member) in raw.members() {
                members.set(&name_of(name), Self::new(member));
            }
            self.0 = Node::Object(members);
        }
        match &mut self.0 {
            Node::Object(members) => Some(members),
            _ => None,
        }
    }

    /// The elements, to add to. What is no list becomes an empty one.
    pub(crate) fn list(&mut self) -> &mut Vec<Value> {
        if !matches!(self.0, Node::List(_)) {
            let list = self.raw().elements().map(Self::new).collect();
            self.0 = Node::List(list);
        }
        match &mut self.0 {
            Node::List(list) => list,
            #[expect(clippy::unreachable, reason = "it was just made one")]
            _ => unreachable!(),
        }
    }

    /// The string, to add to. What is no string becomes an empty one.
    pub(crate) fn text(&mut self) -> &mut Text {
        if !matches!(self.0, Node::Text(_)) {
            let mut text = Text::default();
            if let Some(start) = self.raw().as_str() {
                text.append(start);
            }
            self.0 = Node::Text(text);
        }
        match &mut self.0 {
            Node::Text(text) => text,
            #[expect(clippy::unreachable, reason = "it was just made one")]
            _ => unreachable!(),
        }
    }

    /// No more will come. False if half a surrogate pair was waiting in a text.
    pub(crate) fn settle(&mut self) -> bool {
        match &mut self.0 {
            Node::Raw(_) => true,
            Node::List(list) => list
                .iter_mut()
                .fold(true, |whole, value| value.settle() & whole),
            Node::Object(members) => members.settle(),
            Node::Text(text) => text.settle(),
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Node::Raw(text) => f.write_str(text),
            Node::List(list) => {
                f.write_str("[")?;
                for (at, value) in list.iter().enumerate() {
                    if at > 0 {
                        f.write_str(",")?;
                    }
                    value.fmt(f)?;
                }
                f.write_str("]")
            }
            Node::Object(members) => members.fmt(f),
            Node::Text(text) => write_string(f, text),
        }
    }
}

/// Writes `text` as a JSON string (RFC 8259, section 7).
pub(crate) fn write_string(f: &mut impl fmt::Write, text: &str) -> fmt::Result {
    f.write_char('"')?;
    for char in text.chars() {
        match char {
            '"' => f.write_str("\\\"")?,
            '\\' => f.write_str("\\\\")?,
            '\n' => f.write_str("\\n")?,
            '\r' => f.write_str("\\r")?,
            '\t' => f.write_str("\\t")?,
            '\0'..'\u{20}' => write!(f, "\\u{:04x}", u32::from(char))?,
            _ => f.write_char(char)?,
        }
    }
    f.write_char('"')
}
