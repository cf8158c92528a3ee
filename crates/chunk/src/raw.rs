//! A JSON value as it stands in its text.

use core::fmt;

use memchr::memchr;

use crate::{error::ParseError, scan::Scan, string::JsonStr, text::trim};

/// A JSON value as it stands in its text, or nothing where a member is missing.
///
/// Looking into what is missing or of another kind gives nothing, so that looks
/// can be chained: `raw.get("usage").get("total_tokens").as_u64()`.
///
/// ```
/// use deltaic_chunk::{Kind, Raw};
///
/// let raw = Raw::parse(br#"{"usage":{"total_tokens":9007199254740993},"ids":[1,2]}"#)?;
/// assert_eq!(raw.get("usage").get("total_tokens").as_u64(), Some(9_007_199_254_740_993));
/// assert_eq!(raw.get("ids").elements().filter_map(Raw::as_u64).sum::<u64>(), 3);
/// assert_eq!(raw.get("no").get("such").get("member").kind(), Kind::Missing);
/// assert_eq!(raw.get("usage").text(), r#"{"total_tokens":9007199254740993}"#);
/// # Ok::<(), deltaic_chunk::ParseError>(())
/// ```
#[derive(Clone, Copy, Default, Eq, Hash, PartialEq)]
pub struct Raw<'a> {
    /// Invariant: one JSON value without white space around it, or empty.
    text: &'a str,
}

/// What a [`Raw`] is.
///
/// ```
/// use deltaic_chunk::{Kind, Raw};
///
/// let raw = Raw::parse(br#"{"content":null,"role":"assistant","audio":{},"tool_calls":[]}"#)?;
/// let kinds = ["content", "role", "audio", "tool_calls", "refusal"].map(|name| raw.get(name).kind());
/// assert_eq!(kinds, [Kind::Null, Kind::String, Kind::Object, Kind::Array, Kind::Missing]);
/// assert_eq!((Raw::parse(b"-1.5")?.kind(), Raw::parse(b"true")?.kind()), (Kind::Number, Kind::Bool));
/// # Ok::<(), deltaic_chunk::ParseError>(())
/// ```
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
    /// ```
    /// use deltaic_chunk::{Expected, Raw};
    ///
    /// assert_eq!(Raw::parse(b" [1, 2] ")?.elements().count(), 2);
    /// let error = Raw::parse(b"[1, 2,]").unwrap_err();
    /// assert_eq!((error.expected, error.offset), (Expected::Value, 6));
    /// # Ok::<(), deltaic_chunk::ParseError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If `data` is not JSON, not UTF-8, or nested deeper than
    /// [`MAX_DEPTH`](crate::MAX_DEPTH).
    pub fn parse(data: &'a [u8]) -> Result<Self, ParseError> {
        let mut raw = Self::MISSING;
        Scan::whole(data, |scan, rest| scan.read(rest, 0, &mut raw))?;
        Ok(raw)
    }

    /// The value whose [`Raw::text`] was kept: nothing is checked again, so that
    /// this costs nothing. Looks into any other text give anything, but never
    /// panic.
    ///
    /// ```
    /// use deltaic_chunk::Raw;
    ///
    /// let kept = Raw::parse(br#"{"a":1}"#)?.text().to_owned();
    /// assert_eq!(Raw::again(&kept).get("a").as_u64(), Some(1));
    /// # Ok::<(), deltaic_chunk::ParseError>(())
    /// ```
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
    ///
    /// ```
    /// let raw = deltaic_chunk::Raw::parse(br#"{"content":null,"refusal":""}"#)?;
    /// let (null, empty, missing) = (raw.get("content"), raw.get("refusal"), raw.get("audio"));
    /// assert!(null.is_null() && !null.is_missing() && !null.is_there());
    /// assert!(missing.is_missing() && !missing.is_null() && !missing.is_there());
    /// assert!(empty.is_there());
    /// # Ok::<(), deltaic_chunk::ParseError>(())
    /// ```
    #[inline]
    #[must_use]
    pub fn is_there(self) -> bool {
        !matches!(self.kind(), Kind::Missing | Kind::Null)
    }

    /// The string, if it is one.
    ///
    /// ```
    /// use deltaic_chunk::Raw;
    ///
    /// let raw = Raw::parse(br#"["plain","a\tb",7]"#)?;
    /// let texts: Vec<_> = raw.elements().map(Raw::as_str).collect();
    /// assert_eq!(texts[0].and_then(|text| text.as_str()), Some("plain"));
    /// // It is escaped, and decoded only where that is asked for.
    /// assert_eq!(texts[1].expect("a string").to_string(), "a\tb");
    /// assert!(texts[2].is_none());
    /// # Ok::<(), deltaic_chunk::ParseError>(())
    /// ```
    #[inline]
    #[must_use]
    pub fn as_str(self) -> Option<JsonStr<'a>> {
        let inside = self.text.strip_prefix('"')?.strip_suffix('"')?;
        Some(JsonStr::trusted(inside, is_escaped(inside)))
    }

    /// `true` or `false`, if it is either.
    #[must_use]
    pub fn as_bool(self) -> Option<bool> {
        self.text.parse().ok()
    }

    /// The number, if it is written as an integer from 0 and fits.
    ///
    /// ```
    /// use deltaic_chunk::Raw;
    ///
    /// assert_eq!(Raw::parse(b"18446744073709551615")?.as_u64(), Some(u64::MAX));
    /// assert_eq!((Raw::parse(b"-1")?.as_u64(), Raw::parse(b"-1")?.as_i64()), (None, Some(-1)));
    /// // It is written as no integer, be it one or not.
    /// assert_eq!((Raw::parse(b"1e3")?.as_u64(), Raw::parse(b"1e3")?.as_f64()), (None, Some(1000.0)));
    /// assert_eq!(Raw::parse(b"\"7\"")?.as_u64(), None);
    /// # Ok::<(), deltaic_chunk::ParseError>(())
    /// ```
    #[inline]
    #[must_use]
    pub fn as_u64(self) -> Option<u64> {
        match self.text.as_bytes() {
            // Most are an index.
            [digit @ b'0'..=b'9'] => Some(u64::from(digit - b'0')),
            _ => self.number()?.parse().ok(),
        }
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
        Elements {
            rest: self.text.strip_prefix('[').map(trim),
        }
    }

    /// The members of an object in their order; none if it is no object. A name
    /// may occur more than once.
    ///
    /// ```
    /// let raw = deltaic_chunk::Raw::parse(br#"{"a":1,"b":[],"a":2}"#)?;
    /// let names: Vec<_> = raw.members().map(|(name, _)| name.to_string()).collect();
    /// assert_eq!(names, ["a", "b", "a"]);
    /// assert_eq!(raw.get("a").as_u64(), Some(2));
    /// # Ok::<(), deltaic_chunk::ParseError>(())
    /// ```
    #[must_use]
    pub fn members(self) -> Members<'a> {
        Members {
            rest: self.text.strip_prefix('{').map(trim),
        }
    }

    /// The member of that name, the last if there are several, as JSON readers
    /// have it.
    ///
    /// ```
    /// let raw = deltaic_chunk::Raw::parse(br#"{"usage":{"total_tokens":9},"id":"a","id":"b"}"#)?;
    /// assert_eq!(raw.get("usage").get("total_tokens").as_u64(), Some(9));
    /// assert_eq!(raw.get("id").text(), "\"b\"");
    /// assert!(raw.get("id").get("no").get("object").is_missing());
    /// # Ok::<(), deltaic_chunk::ParseError>(())
    /// ```
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
///
/// ```
/// use deltaic_chunk::Raw;
///
/// let raw = Raw::parse(br#"{"ids":[1, "2", [3]],"id":4}"#)?;
/// let texts: Vec<_> = raw.get("ids").elements().map(Raw::text).collect();
/// assert_eq!(texts, ["1", "\"2\"", "[3]"]);
/// assert_eq!(raw.get("id").elements().count(), 0);
/// # Ok::<(), deltaic_chunk::ParseError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Elements<'a> {
    /// The text from the next one on; `None` behind the last.
    rest: Option<&'a str>,
}

impl<'a> Elements<'a> {
    /// Over what follows an element of an array that has been read.
    pub(crate) fn after(rest: &'a str) -> Self {
        Self { rest: next(rest) }
    }

    /// The next one, if `read` can pass over it.
    pub(crate) fn next_by(
        &mut self,
        read: impl FnOnce(&mut Scan, &'a str) -> Option<&'a str>,
    ) -> Option<()> {
        // The text has been read before, so that this ends at its bracket.
        let item = self.rest?;
        self.rest = next(read(&mut Scan::new(item), item)?);
        Some(())
    }
}

impl<'a> Iterator for Elements<'a> {
    type Item = Raw<'a>;

    fn next(&mut self) -> Option<Raw<'a>> {
        let mut value = Raw::MISSING;
        self.next_by(|scan, rest| scan.read(rest, 0, &mut value))?;
        Some(value)
    }
}

/// The members of an object.
///
/// ```
/// use deltaic_chunk::{Kind, Raw};
///
/// let raw = Raw::parse(br#"{"id":"c1", "created":17, "model":"m"}"#)?;
/// let strings = raw.members().filter(|(_, value)| value.kind() == Kind::String);
/// let names: Vec<_> = strings.map(|(name, _)| name).collect();
/// assert_eq!(names, ["id", "model"]);
/// # Ok::<(), deltaic_chunk::ParseError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Members<'a> {
    /// As of [`Elements`].
    rest: Option<&'a str>,
}

impl<'a> Iterator for Members<'a> {
    type Item = (JsonStr<'a>, Raw<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        // As for elements.
        let item = self.rest?;
        let mut scan = Scan::new(item);
        let (key, rest) = scan.key(item)?;
        let mut value = Raw::MISSING;
        self.rest = next(scan.read(rest, 0, &mut value)?);
        Some((key, value))
    }
}

/// Whether there is a backslash in it. Most strings are a word, which a call takes longer to look at.
#[inline]
fn is_escaped(inside: &str) -> bool {
    const WORD: usize = 8;
    if inside.len() <= WORD {
        inside.bytes().any(|byte| byte == b'\\')
    } else {
        memchr(b'\\', inside.as_bytes()).is_some()
    }
}

/// The text from the next item on, if there is one.
pub(crate) fn next(rest: &str) -> Option<&str> {
    trim(rest).strip_prefix(',').map(trim)
}
