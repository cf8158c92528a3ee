//! Members of an object, by name, in the order in which they came.

use alloc::{
    borrow::Cow,
    boxed::Box,
    collections::BTreeMap,
    string::{String, ToString},
    vec::Vec,
};
use core::fmt;

use deltaic_chunk::{JsonStr, Raw};

use crate::{
    notes::{Notes, Place},
    value::{Value, write_string},
};

/// Members of a JSON object that have no field of their own, in the order in
/// which they first came.
///
/// ```
/// use deltaic_assembler::Assembler;
/// use deltaic_chunk::Payload;
///
/// let mut assembler = Assembler::new();
/// for data in [r#"{"choices":[],"x":{"a":1}}"#, r#"{"choices":[],"x":{"b":2},"y":null}"#] {
///     assembler.push(&Payload::parse(data.as_bytes())?, 0);
/// }
/// let other = &assembler.completion().other;
/// let names: Vec<&str> = other.iter().map(|(name, _)| name).collect();
/// assert_eq!(names, ["x"]);
/// // Objects unite.
/// assert_eq!(other.get("x").expect("it came").to_string(), r#"{"a":1,"b":2}"#);
/// # Ok::<(), deltaic_chunk::ParseError>(())
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Members {
    /// Small where there are none, for most have none.
    inner: Option<Box<Inner>>,
}

#[derive(Clone, Debug, Default, Eq, PartialEq)]
struct Inner {
    entries: Vec<(String, Value)>,
    /// Where each name stands in `entries`, once there are many: a hostile
    /// server may send any number of names.
    index: BTreeMap<String, usize>,
}

/// Up to here a look at each is quicker than the index.
const FEW: usize = 16;

impl Members {
    pub(crate) const NONE: Self = Self { inner: None };

    /// The member of that name.
    ///
    /// ```
    /// use deltaic_assembler::Assembler;
    /// use deltaic_chunk::Payload;
    ///
    /// let mut assembler = Assembler::new();
    /// assembler.push(&Payload::parse(br#"{"choices":[],"provider":"x","region":null}"#)?, 0);
    /// let other = &assembler.completion().other;
    /// assert_eq!(other.get("provider").expect("it came").raw().as_str().expect("a string"), "x");
    /// // Null is no news.
    /// assert!(other.get("region").is_none() && other.len() == 1);
    /// # Ok::<(), deltaic_chunk::ParseError>(())
    /// ```
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        let inner = self.inner.as_deref()?;
        let (_, value) = inner.entries.get(inner.position(name)?)?;
        Some(value)
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.inner.is_none()
    }

    /// The members in the order in which they first came.
    ///
    /// ```
    /// use deltaic_assembler::Assembler;
    /// use deltaic_chunk::Payload;
    ///
    /// let mut assembler = Assembler::new();
    /// for data in [r#"{"choices":[],"b":1,"a":2}"#, r#"{"choices":[],"a":3}"#] {
    ///     assembler.push(&Payload::parse(data.as_bytes())?, 0);
    /// }
    /// let other = &assembler.completion().other;
    /// let members: Vec<_> = other.iter().map(|(name, value)| format!("{name}={value}")).collect();
    /// assert_eq!(members, ["b=1", "a=3"]);
    /// assert_eq!(other.to_string(), r#"{"b":1,"a":3}"#);
    /// # Ok::<(), deltaic_chunk::ParseError>(())
    /// ```
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        let inner = self.inner.iter();
        inner
            .flat_map(|inner| &inner.entries)
            .map(|(name, value)| (name.as_str(), value))
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.inner.as_ref().map_or(0, |inner| inner.entries.len())
    }

    /// Takes over `new`: null is no news, objects unite, anything else replaces.
    pub(crate) fn merge(&mut self, name: &str, new: Raw<'_>, place: Place, notes: &mut Notes<'_>) {
        match self.get_mut(name) {
            Some(value) => value.merge(new, name, place, notes),
            None if new.is_null() => {}
            None => self.insert(name, Value::new(new)),
        }
    }

    /// Whether [`Members::merge`] changes nothing, and tells nothing.
    pub(crate) fn keeps(&self, name: &str, new: Raw<'_>) -> bool {
        match self.get(name) {
            Some(value) => value.keeps(new),
            None => new.is_null(),
        }
    }

    /// Puts `value` in the place of what had that name.
    pub(crate) fn set(&mut self, name: &str, value: Value) {
        match self.get_mut(name) {
            Some(old) => *old = value,
            None => self.insert(name, value),
        }
    }

    /// Appends to the string of that name.
    pub(crate) fn append(
        &mut self,
        name: &str,
        piece: JsonStr<'_>,
        place: Place,
        notes: &mut Notes<'_>,
    ) {
        self.entry(name, Value::empty_text)
            .append(piece, name, place, notes);
    }

    /// Appends the elements of `new` to the list of that name.
    pub(crate) fn extend(&mut self, name: &str, new: Raw<'_>, place: Place, notes: &mut Notes<'_>) {
        match self.get_mut(name) {
            Some(value) => value.extend(new, name, place, notes),
            None => self.insert(name, Value::growing_list(new)),
        }
    }

    /// The value of that name, to add to; what `new` makes, if there is none.
    pub(crate) fn entry(&mut self, name: &str, new: impl FnOnce() -> Value) -> &mut Value {
        let inner = self.inner.get_or_insert_default();
        let position = inner.position(name).unwrap_or_else(|| {
            inner.insert(name, new());
            inner.entries.len() - 1
        });
        #[expect(
            clippy::indexing_slicing,
            reason = "a position is that of an entry, and none is ever removed"
        )]
        &mut inner.entries[position].1
    }

    /// No more will come.
    pub(crate) fn settle(&mut self, place: Place, notes: &mut Notes<'_>) {
        let inner = self.inner.iter_mut();
        for (_, value) in inner.flat_map(|inner| &mut inner.entries) {
            value.settle(place, notes);
        }
    }

    pub(crate) fn get_mut(&mut self, name: &str) -> Option<&mut Value> {
        let inner = self.inner.as_deref_mut()?;
        let position = inner.position(name)?;
        let (_, value) = inner.entries.get_mut(position)?;
        Some(value)
    }

    /// Invariant: no member has that name.
    fn insert(&mut self, name: &str, value: Value) {
        self.inner.get_or_insert_default().insert(name, value);
    }
}

impl Inner {
    /// Invariant: no member has that name.
    fn insert(&mut self, name: &str, value: Value) {
        self.entries.push((name.into(), value));
        if self.entries.len() > FEW {
            let indexed = self.index.len();
            for (at, (name, _)) in self.entries.iter().enumerate().skip(indexed) {
                self.index.insert(name.clone(), at);
            }
        }
    }

    fn position(&self, name: &str) -> Option<usize> {
        if self.index.is_empty() {
            return self.entries.iter().position(|(known, _)| known == name);
        }
        self.index.get(name).copied()
    }
}

/// What the name of a member says: borrowed, unless it was escaped.
pub(crate) fn name_of(name: JsonStr<'_>) -> Cow<'_, str> {
    match name.as_str() {
        Some(name) => Cow::Borrowed(name),
        None => Cow::Owned(name.to_string()),
    }
}

impl fmt::Display for Members {
    /// Writes a JSON object.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("{")?;
        for (at, (name, value)) in self.iter().enumerate() {
            if at > 0 {
                f.write_str(",")?;
            }
            write_string(f, name)?;
            write!(f, ":{value}")?;
        }
        f.write_str("}")
    }
}
