//! A JSON string as it stands between its quotes.

use core::fmt::{self, Write};

use memchr::memchr;

/// A JSON string as it stands between its quotes.
///
/// Free to look at as `&str` while it has no escape; otherwise it decodes piece
/// by piece, or into any [`fmt::Write`]. Two of them are equal if they say the
/// same, however they spell it.
///
/// ```
/// use deltaic_chunk::Raw;
///
/// let plain = Raw::parse(b"\"Ol\xC3\xA1\"")?.as_str().expect("a string");
/// assert_eq!(plain.as_str(), Some("Olá"));
/// let escaped = Raw::parse(br#""Ol\u00e1""#)?.as_str().expect("a string");
/// assert_eq!((escaped.as_str(), escaped.as_raw()), (None, r"Ol\u00e1"));
/// assert_eq!(escaped, plain);
/// assert_eq!(escaped, "Olá");
/// assert_eq!(escaped.to_string(), "Olá");
/// # Ok::<(), deltaic_chunk::ParseError>(())
/// ```
#[derive(Clone, Copy, Default)]
pub struct JsonStr<'a> {
    /// Invariant: the inside of a JSON string, escapes and all.
    raw: &'a str,
    /// Invariant: whether there is a backslash in it.
    is_escaped: bool,
}

impl<'a> JsonStr<'a> {
    /// Takes over what the scanner has read.
    pub(crate) fn trusted(raw: &'a str, is_escaped: bool) -> Self {
        Self { raw, is_escaped }
    }

    /// The string as it stands, escapes and all.
    #[must_use]
    pub fn as_raw(self) -> &'a str {
        self.raw
    }

    /// The string, if it stands there without an escape.
    #[must_use]
    #[inline]
    pub fn as_str(self) -> Option<&'a str> {
        (!self.is_escaped).then_some(self.raw)
    }

    /// Whether it is empty.
    #[inline]
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.raw.is_empty()
    }

    /// The string, decoded piece by piece.
    #[must_use]
    pub fn pieces(self) -> Pieces<'a> {
        Pieces { rest: self.raw }
    }

    /// Whether half a surrogate pair stands alone in it.
    #[must_use]
    pub fn has_lone_surrogate(self) -> bool {
        self.is_escaped
            && self
                .pieces()
                .any(|piece| matches!(piece, Piece::Surrogate(_)))
    }

    /// Decodes it into `out`. Surrogate pairs become one character; half of one
    /// becomes U+FFFD.
    ///
    /// ```
    /// use deltaic_chunk::Raw;
    ///
    /// let text = Raw::parse(br#""a \ud83e\udd80\n""#)?.as_str().expect("a string");
    /// let mut out = String::from("> ");
    /// text.decode_into(&mut out)?;
    /// assert_eq!(out, "> a 🦀\n");
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If `out` fails.
    pub fn decode_into(self, out: &mut impl Write) -> fmt::Result {
        self.pieces().try_for_each(|piece| match piece {
            Piece::Text(text) => out.write_str(text),
            Piece::Char(char) => out.write_char(char),
            Piece::Surrogate(_) => out.write_char(char::REPLACEMENT_CHARACTER),
        })
    }

    /// The string, decoded into `buffer` if it has escapes and fits; else as it
    /// stands. For a comparison with names that have no backslash.
    pub(crate) fn name<'b>(self, buffer: &'b mut Name) -> &'b str
    where
        'a: 'b,
    {
        match self.as_str() {
            Some(name) => name,
            None if self.decode_into(buffer).is_ok() => buffer.as_str(),
            None => self.raw,
        }
    }
}

impl fmt::Debug for JsonStr<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.raw)
    }
}

impl fmt::Display for JsonStr<'_> {
    /// Writes the string, decoded.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.decode_into(f)
    }
}

impl Eq for JsonStr<'_> {}

impl PartialEq for JsonStr<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.raw == other.raw || units(*self).eq(units(*other))
    }
}

impl PartialEq<str> for JsonStr<'_> {
    fn eq(&self, other: &str) -> bool {
        match self.as_str() {
            Some(text) => text == other,
            None => units(*self).eq(other.chars().map(u32::from)),
        }
    }
}

impl PartialEq<&str> for JsonStr<'_> {
    fn eq(&self, other: &&str) -> bool {
        *self == **other
    }
}

/// The characters, and the halves of pairs that stand alone.
fn units(text: JsonStr<'_>) -> impl Iterator<Item = u32> {
    text.pieces().flat_map(|piece| {
        let (text, one) = match piece {
            Piece::Text(text) => (text, None),
            Piece::Char(char) => ("", Some(u32::from(char))),
            Piece::Surrogate(half) => ("", Some(u32::from(half))),
        };
        text.chars().map(u32::from).chain(one)
    })
}

/// A piece of a string: what stands between escapes, or what one says.
///
/// ```
/// use deltaic_chunk::{Piece, Raw};
///
/// let text = Raw::parse(br#""a\tb\ud83e""#)?.as_str().expect("a string");
/// let pieces: Vec<_> = text.pieces().collect();
/// assert_eq!(pieces, [Piece::Text("a"), Piece::Char('\t'), Piece::Text("b"), Piece::Surrogate(0xD83E)]);
/// # Ok::<(), deltaic_chunk::ParseError>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Piece<'a> {
    /// Text without an escape.
    Text(&'a str),
    /// What an escape says, or a pair of them.
    Char(char),
    /// Half a surrogate pair that stands alone.
    Surrogate(u16),
}

/// The pieces of a string.
///
/// ```
/// use deltaic_chunk::{Piece, Raw};
///
/// // How long the text is, decoded, without room for it.
/// let text = Raw::parse(br#""one\ntwo \ud83e\udd80""#)?.as_str().expect("a string");
/// let len = |piece| match piece {
///     Piece::Text(text) => text.len(),
///     Piece::Char(char) => char.len_utf8(),
///     Piece::Surrogate(_) => char::REPLACEMENT_CHARACTER.len_utf8(),
/// };
/// assert_eq!(text.pieces().map(len).sum::<usize>(), "one\ntwo 🦀".len());
/// # Ok::<(), deltaic_chunk::ParseError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Pieces<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        let Some(escape) = self.rest.strip_prefix('\\') else {
            let end = memchr(b'\\', self.rest.as_bytes()).unwrap_or(self.rest.len());
            let (text, rest) = self.rest.split_at_checked(end)?;
            self.rest = rest;
            return (!text.is_empty()).then_some(Piece::Text(text));
        };
        let letter = *escape.as_bytes().first()?;
        self.rest = escape.get(1..)?;
        escaped(letter).map_or_else(|| self.unit(), |char| Some(Piece::Char(char)))
    }
}

/// What an escape of this letter says, but for a code unit.
#[inline]
pub(crate) fn escaped(letter: u8) -> Option<char> {
    Some(match letter {
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => return None,
        // `"`, `\` and `/` stand for themselves.
        _ => char::from(letter),
    })
}

impl<'a> Pieces<'a> {
    /// Reads the digits of a `\u` escape, and its other half if it is one.
    fn unit(&mut self) -> Option<Piece<'a>> {
        let (unit, rest) = hex(self.rest)?;
        self.rest = rest;
        if let Some(char) = char::from_u32(u32::from(unit)) {
            return Some(Piece::Char(char));
        }
        let low = rest.strip_prefix("\\u").and_then(hex);
        if let (0xD800..=0xDBFF, Some((low @ 0xDC00..=0xDFFF, rest))) = (unit, low) {
            self.rest = rest;
            let code = 0x1_0000 + (u32::from(unit & 0x3FF) << 10 | u32::from(low & 0x3FF));
            return char::from_u32(code).map(Piece::Char);
        }
        Some(Piece::Surrogate(unit))
    }
}

fn hex(text: &str) -> Option<(u16, &str)> {
    let (digits, rest) = text.split_at_checked(4)?;
    Some((u16::from_str_radix(digits, 16).ok()?, rest))
}

/// Room for the longest name that is known anywhere.
#[derive(Default)]
pub(crate) struct Name {
    bytes: [u8; 32],
    len: usize,
}

impl Name {
    fn as_str(&self) -> &str {
        let bytes = self.bytes.get(..self.len).unwrap_or_default();
        core::str::from_utf8(bytes).unwrap_or_default()
    }
}

impl Write for Name {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = self.len + text.len();
        let room = self.bytes.get_mut(self.len..end).ok_or(fmt::Error)?;
        #[expect(clippy::disallowed_methods, reason = "both are `text.len()` long")]
        room.copy_from_slice(text.as_bytes());
        self.len = end;
        Ok(())
    }
}
