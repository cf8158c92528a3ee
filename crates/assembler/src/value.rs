//! JSON that is kept as it came, and grows where deltas add to it.

use alloc::{boxed::Box, string::String, vec::Vec};
use core::fmt;

use deltaic_chunk::{JsonStr, Kind, Raw};

use crate::{
    loss::{is_lost, says_nothing},
    members::{Members, name_of},
    notes::{Notes, Place},
    text::Text,
};

/// A JSON value that was put together from one or more chunks.
///
/// Its `Display` is JSON: exactly as it came where nothing was added to it, so
/// that numbers keep all their digits.
///
/// ```
/// use deltaic_assembler::Assembler;
/// use deltaic_chunk::Payload;
///
/// let mut assembler = Assembler::new();
/// for data in [r#"{"choices":[],"cost":0.10,"x":{"a":1}}"#, r#"{"choices":[],"x":{"b":2}}"#] {
///     assembler.push(&Payload::parse(data.as_bytes())?, 0);
/// }
/// let other = &assembler.completion().other;
/// let (cost, both) = (other.get("cost").expect("it came"), other.get("x").expect("it came"));
/// assert_eq!((cost.raw().as_f64(), cost.to_string()), (Some(0.1), "0.10".to_owned()));
/// // It stands nowhere in the stream as it is now.
/// assert!(both.raw().is_missing());
/// assert_eq!(both.to_string(), r#"{"a":1,"b":2}"#);
/// assert_eq!(both.get("b").expect("a member").raw().as_u64(), Some(2));
/// # Ok::<(), deltaic_chunk::ParseError>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Value(pub(crate) Node);

/// Small, for a hostile list may have any number of them.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Node {
    /// Invariant: the text of one JSON value.
    Raw(String),
    List(Vec<Value>),
    Object(Members),
    Text(Box<Text>),
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
    ///
    /// ```
    /// use deltaic_assembler::Assembler;
    /// use deltaic_chunk::Payload;
    ///
    /// let mut assembler = Assembler::new();
    /// assembler.push(&Payload::parse(br#"{"choices":[],"x":{"a":[1.50]}}"#)?, 0);
    /// let value = assembler.completion().other.get("x").expect("it came");
    /// assert_eq!(value.get("a").expect("a member").to_string(), "[1.50]");
    /// assert_eq!(value.raw().get("a").elements().count(), 1);
    /// # Ok::<(), deltaic_chunk::ParseError>(())
    /// ```
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

    /// A list that will grow by its text: what is empty has no white space.
    pub(crate) fn growing_list(raw: Raw<'_>) -> Self {
        Self(Node::Raw(if has_elements(raw.text()) {
            raw.text().into()
        } else {
            "[]".into()
        }))
    }

    pub(crate) fn empty_list() -> Self {
        Self(Node::List(Vec::new()))
    }

    pub(crate) fn empty_object() -> Self {
        Self(Node::Object(Members::default()))
    }

    pub(crate) fn empty_text() -> Self {
        Self(Node::Text(Box::default()))
    }

    pub(crate) fn string(text: &str) -> Self {
        let mut raw = String::new();
        // Writing to a `String` cannot fail.
        let _ = write_string(&mut raw, text);
        Self(Node::Raw(raw))
    }

    /// As [`Value::new`], ready to be looked into and added to. The members of
    /// `growing` that are strings will grow.
    pub(crate) fn open(
        raw: Raw<'_>,
        growing: &[&str],
        place: Place,
        notes: &mut Notes<'_>,
    ) -> Self {
        let mut value = Self::new(raw);
        let Some(members) = value.unite() else {
            return value;
        };
        for name in growing {
            if let Some(text) = members.get_mut(name) {
                text.begin_text(place, notes);
            }
        }
        value
    }

    /// The member `name`, if this is an object that is open.
    pub(crate) fn member(&self, name: &str) -> Option<&Self> {
        match &self.0 {
            Node::Object(members) => members.get(name),
            _ => None,
        }
    }

    /// Takes over `new`, which has this `name` in `place`: objects unite, anything
    /// else replaces. Null is no news.
    pub(crate) fn merge(&mut self, new: Raw<'_>, name: &str, place: Place, notes: &mut Notes<'_>) {
        if new.is_null() || self.is(new) {
            return;
        }
        match self.unite() {
            Some(members) if new.kind() == Kind::Object => {
                for (name, member) in new.members() {
                    members.merge(&name_of(name), member, place, notes);
                }
            }
            _ => {
                if self.is_lost_with(new) {
                    notes.replaced(place, name, new.text());
                }
                *self = Self::new(new);
            }
        }
    }

    /// Puts the text of another number in the place of one.
    pub(crate) fn put(&mut self, new: &str) {
        if let Node::Raw(text) = &mut self.0 {
            text.clear();
            text.push_str(new);
        }
    }

    /// Whether [`Value::merge`] of `new` changes nothing, and tells nothing.
    pub(crate) fn keeps(&self, new: Raw<'_>) -> bool {
        match &self.0 {
            _ if new.is_null() => true,
            Node::Object(known) if new.kind() == Kind::Object => new
                .members()
                .all(|(name, member)| known.keeps(&name_of(name), member)),
            _ => self.is(new),
        }
    }

    /// As [`Value::merge`], but the members of `growing` that are strings grow.
    pub(crate) fn grow(
        &mut self,
        new: Raw<'_>,
        growing: &[&str],
        place: Place,
        notes: &mut Notes<'_>,
    ) {
        if new.kind() != Kind::Object {
            return self.merge(new, place, place, notes);
        }
        let Some(members) = self.unite() else {
            return self.merge(new, place, place, notes);
        };
        for (name, member) in new.members() {
            let name = name_of(name);
            match member.as_str() {
                Some(text) if growing.contains(&&*name) => {
                    members.append(&name, text, place, notes);
                }
                None if !member.is_null() && members.get(&name).is_some_and(Self::is_text) => {
                    notes.wrong_type(&name, member);
                }
                _ => members.merge(&name, member, place, notes),
            }
        }
    }

    /// Appends to the string that this is; what is none gives way.
    pub(crate) fn append(
        &mut self,
        piece: JsonStr<'_>,
        name: &str,
        place: Place,
        notes: &mut Notes<'_>,
    ) {
        self.begin_text(place, notes);
        if !self.is_text() {
            if !self.is_nothing() {
                notes.replaced(place, name, piece.as_raw());
            }
            self.0 = Node::Text(Box::default());
        }
        if let Node::Text(text) = &mut self.0 {
            text.append(piece, place, notes);
        }
    }

    /// As [`Text::append_copy`], if this is a text.
    pub(crate) fn append_copy(&mut self, piece: JsonStr<'_>) {
        if let Node::Text(text) = &mut self.0 {
            text.append_copy(piece);
        }
    }

    /// Appends the elements of `new` to the list that this is; what is none
    /// gives way.
    pub(crate) fn extend(&mut self, new: Raw<'_>, name: &str, place: Place, notes: &mut Notes<'_>) {
        match &mut self.0 {
            Node::Raw(text) if Raw::again(text).kind() == Kind::Array => join_lists(text, new),
            _ => {
                if !self.is_nothing() {
                    notes.replaced(place, name, new.text());
                }
                *self = Self::growing_list(new);
            }
        }
    }

    /// The elements, each open as by [`Value::open`], to add those of `new` to;
    /// what is no list gives way. `None` never occurs.
    pub(crate) fn list(
        &mut self,
        new: Raw<'_>,
        growing: &[&str],
        name: &str,
        place: Place,
        notes: &mut Notes<'_>,
    ) -> Option<&mut Vec<Self>> {
        if !matches!(self.0, Node::List(_)) {
            let raw = self.raw();
            if raw.kind() != Kind::Array && !self.is_nothing() {
                notes.replaced(place, name, new.text());
            }
            let elements = raw.elements();
            let list = elements.map(|element| Self::open(element, growing, place, notes));
            self.0 = Node::List(list.collect());
        }
        self.as_list()
    }

    /// The elements, to add to, if this is a list that was put together.
    pub(crate) fn as_list(&mut self) -> Option<&mut Vec<Self>> {
        match &mut self.0 {
            Node::List(list) => Some(list),
            _ => None,
        }
    }

    /// The elements, if this is a list that was put together.
    pub(crate) fn elements(&self) -> Option<&[Self]> {
        match &self.0 {
            Node::List(list) => Some(list),
            _ => None,
        }
    }

    /// The members, to add to, if this is an object that is open.
    pub(crate) fn open_members(&mut self) -> Option<&mut Members> {
        match &mut self.0 {
            Node::Object(members) => Some(members),
            _ => None,
        }
    }

    /// The members, to add to; `None` if this is no object.
    pub(crate) fn unite(&mut self) -> Option<&mut Members> {
        let raw = self.raw();
        if raw.kind() == Kind::Object {
            let mut members = Members::default();
            for (name, member) in raw.members() {
                members.set(&name_of(name), Self::new(member));
            }
            self.0 = Node::Object(members);
        }
        self.open_members()
    }

    /// No more will come.
    pub(crate) fn settle(&mut self, place: Place, notes: &mut Notes<'_>) {
        match &mut self.0 {
            Node::Raw(_) => {}
            Node::List(list) => list.iter_mut().for_each(|value| value.settle(place, notes)),
            Node::Object(members) => members.settle(place, notes),
            Node::Text(text) => {
                text.settle(place, notes);
            }
        }
    }

    /// Makes a string ready to be added to.
    fn begin_text(&mut self, place: Place, notes: &mut Notes<'_>) {
        if let Some(start) = self.raw().as_str() {
            let mut text = Text::default();
            text.append(start, place, notes);
            self.0 = Node::Text(Box::new(text));
        }
    }

    pub(crate) fn is_text(&self) -> bool {
        matches!(self.0, Node::Text(_))
    }

    /// Whether it is just what `raw` says, letter by letter.
    fn is(&self, raw: Raw<'_>) -> bool {
        matches!(&self.0, Node::Raw(text) if text == raw.text())
    }

    /// Whether there is nothing in it that could be missed: null, or empty.
    fn is_nothing(&self) -> bool {
        match &self.0 {
            Node::Raw(text) => says_nothing(Raw::again(text)),
            Node::List(list) => list.is_empty(),
            Node::Object(members) => members.is_empty(),
            Node::Text(text) => text.is_empty(),
        }
    }

    /// Whether something is missed once `new` stands here instead.
    pub(crate) fn is_lost_with(&self, new: Raw<'_>) -> bool {
        match &self.0 {
            Node::Raw(text) => new.is_there() && is_lost(Raw::again(text), new),
            _ => new.is_there() && !self.is_nothing(),
        }
    }
}

/// Puts the elements of the list `new` behind those of `list`, which is not
/// looked through: that would be done again and again.
fn join_lists(list: &mut String, new: Raw<'_>) {
    if !has_elements(new.text()) {
        return;
    }
    if list == "[]" {
        list.clear();
        return list.push_str(new.text());
    }
    list.pop();
    list.push(',');
    list.push_str(new.text().get(1..).unwrap_or_default());
}

fn has_elements(list: &str) -> bool {
    let inside = list
        .strip_prefix('[')
        .and_then(|list| list.strip_suffix(']'));
    inside.is_some_and(|inside| !inside.trim_ascii().is_empty())
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
