//! A JSON value as it stands in its text.

use core::fmt;

use memchr::memchr;

use crate::{error::ParseError, scan::Scan, string::JsonStr};

/// A JSON value as it stands in its text, or nothing where a member is missing.
///
/// Looking into what is missing or of another kind gives nothing, so that looks
/// can be chained: `raw.get("usage").get("total_tokens").as_u64()`.
#[derive(Clone, Copy, Default, Eq, Hash, PartialEq)]
pub struct Raw<'a> {
    /// Invariant: one JSON value without white space around it, or empty.
    text: &'a str,
}

/// What a [`Raw`] is.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[expect(missing_docs, reason = "JSON's own words")]
pub enum Kind {
    /// Nothing: the member does not occur.
    Missing,
    Null,
    Bool,
    Number,
    String,
    Array,
    Object,
}

impl<'a> Raw<'a> {
    /// Nothing.
    pub const MISSING: Self = Self { text: "" };

    /// Reads one JSON value with nothing but white space around it.
    ///
    /// Strict by RFC 8259. What its grammar allows is allowed here, also half a
    /// surrogate pair in a string and a number past the range of `f64`.
    ///
    /// # Errors
    ///
    /// If `data` is not JSON, not UTF-8, or nested deeper than
    /// [`MAX_DEPTH`](crate::MAX_DEPTH).
    pub fn parse(data: &'a [u8]) -> Result<Self, ParseError> {
        let mut scan = Scan::of(data)?;
        let raw = scan.value(0)?;
        scan.end()?;
        Ok(raw)
    }

    /// The value whose [`Raw::text`] was kept: nothing is checked again, so that
    /// this costs nothing. Looks into any other text give anything, but never
    /// panic.
    #[must_use]
    pub fn again(text: &'a str) -> Self {
        Self { text }
    }

    /// Takes over the text of a value that the scanner has read.
    pub(crate) fn trusted(text: &'a str) -> Self {
        Self { text }
    }

    /// The text of the value; empty where it is missing.
    #[inline]
    #[must_use]
    pub fn text(self) -> &'a str {
        self.text
    }

    /// What it is.
    #[inline]
    #[must_use]
    pub fn kind(self) -> Kind {
        match self.text.as_bytes().first() {
            None => Kind::Missing,
            Some(b'n') => Kind::Null,
            Some(b't' | b'f') => Kind::Bool,
            Some(b'"') => Kind::String,
            Some(b'[') => Kind::Array,
            Some(b'{') => Kind::Object,
            Some(_) => Kind::Number,
        }
    }

    /// Whether the member does not occur.
    #[inline]
    #[must_use]
    pub fn is_missing(self) -> bool {
        self.text.is_empty()
    }

    /// Whether it is `null`.
    #[inline]
    #[must_use]
    pub fn is_null(self) -> bool {
        self.kind() == Kind::Null
    }

    /// Whether the member occurs and is not `null`.
    #[inline]
    #[must_use]
    pub fn is_there(self) -> bool {
        !matches!(self.kind(), Kind::Missing | Kind::Null)
    }

    /// The string, if it is one.
    #[inline]
    #[must_use]
    pub fn as_str(self) -> Option<JsonStr<'a>> {
        let inside = self.text.strip_prefix('"')?.strip_suffix('"')?;
        let is_escaped = memchr(b'\\', inside.as_bytes()).is_some();
        Some(JsonStr::trusted(inside, is_escaped))
    }

    /// `true` or `false`, if it is either.
    #[must_use]
    pub fn as_bool(self) -> Option<bool> {
        self.text.parse().ok()
    }

    /// The number, if it is written as an integer from 0 and fits.
    #[must_use]
    pub fn as_u64(self) -> Option<u64> {
        self.number()?.parse().ok()
    }

    /// The number, if it is written as an integer and fits.
    #[must_use]
    pub fn as_i64(self) -> Option<i64> {
        self.number()?.parse().ok()
    }

    /// The nearest `f64`, if it is a number; infinite past the range.
    #[must_use]
    pub fn as_f64(self) -> Option<f64> {
        self.number()?.parse().ok()
    }

    /// The values of an array; none if it is no array.
    #[must_use]
    pub fn elements(self) -> Elements<'a> {
        let mut scan = Scan::new(self.text);
        if !scan.take(b'[') {
            scan = Scan::new("");
        }
        Elements { scan }
    }

    /// The members of an object in their order; none if it is no object. A name
    /// may occur more than once.
    #[must_use]
    pub fn members(self) -> Members<'a> {
        let mut scan = Scan::new(self.text);
        if !scan.take(b'{') {
            scan = Scan::new("");
        }
        Members { scan }
    }

    /// The member of that name, the last if there are several, as JSON readers
    /// have it.
    #[must_use]
    pub fn get(self, name: &str) -> Self {
        let named = self.members().filter(|(key, _)| *key == name);
        named.last().map(|(_, value)| value).unwrap_or_default()
    }

    fn number(self) -> Option<&'a str> {
        (self.kind() == Kind::Number).then_some(self.text)
    }
}

impl fmt::Debug for Raw<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Raw({})", self.text)
    }
}

impl fmt::Display for Raw<'_> {
    /// Writes the text as it stands.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text)
    }
}

/// The values of an array.
#[derive(Clone, Debug)]
pub struct Elements<'a> {
    scan: Scan<'a>,
}

impl<'a> Elements<'a> {
    /// Over what follows an element of an array that has been read.
    pub(crate) fn after(rest: &'a str) -> Self {
        let mut scan = Scan::new(rest);
        scan.take(b',');
        Self { scan }
    }
}

impl<'a> Iterator for Elements<'a> {
    type Item = Raw<'a>;

    fn next(&mut self) -> Option<Raw<'a>> {
        // The text has been read before, so that this ends at its bracket.
        let value = self.scan.value(0).ok()?;
        self.scan.take(b',');
        Some(value)
    }
}

/// The members of an object.
#[derive(Clone, Debug)]
pub struct Members<'a> {
    scan: Scan<'a>,
}

impl<'a> Iterator for Members<'a> {
    type Item = (JsonStr<'a>, Raw<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        // As for elements.
        let key = self.scan.key().ok()?;
        let value = self.scan.value(0).ok()?;
        self.scan.take(b',');
        Some((key, value))
    }
}
