//! The scanner: JSON by the grammar of RFC 8259, one pass, no recursion into
//! what nobody asked for.
//!
//! The data is checked to be UTF-8 first, as a whole; from there on the scanner
//! moves over bytes and gives out slices of the text. What is only passed over
//! is checked as strictly as what is read: nesting is kept as one bit a level.

use crate::{
    error::{Expected, ParseError},
    raw::Raw,
    string::JsonStr,
};

/// How many arrays and objects may stand in each other.
pub const MAX_DEPTH: usize = 127;

#[derive(Clone, Debug)]
pub(crate) struct Scan<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scan<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// Over data that must be UTF-8.
    pub(crate) fn of(data: &'a [u8]) -> Result<Self, ParseError> {
        match core::str::from_utf8(data) {
            Ok(text) => Ok(Self::new(text)),
            Err(error) => Err(ParseError {
                expected: Expected::Utf8,
                offset: error.valid_up_to(),
            }),
        }
    }

    /// The text that has not been read.
    pub(crate) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// The text from `start` to here.
    pub(crate) fn since(&self, start: usize) -> &'a str {
        self.text.get(start..self.at).unwrap_or_default()
    }

    pub(crate) fn position(&self) -> usize {
        self.at
    }

    /// Passes over white space and tells the byte behind it.
    #[inline]
    pub(crate) fn peek(&mut self) -> Option<u8> {
        loop {
            let byte = self.byte()?;
            if !matches!(byte, b' ' | b'\t' | b'\n' | b'\r') {
                return Some(byte);
            }
            self.at += 1;
        }
    }

    /// Passes over white space and over `byte`, if that comes next.
    #[inline]
    pub(crate) fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    /// Nothing but white space may follow.
    pub(crate) fn end(&mut self) -> Result<(), ParseError> {
        match self.peek() {
            None => Ok(()),
            Some(_) => self.expected(Expected::End),
        }
    }

    /// Reads an object at its brace, `inside` so many arrays and objects: `read`
    /// is given each key, and reads the value.
    pub(crate) fn members(
        &mut self,
        inside: usize,
        mut read: impl FnMut(&mut Self, JsonStr<'a>) -> Result<(), ParseError>,
    ) -> Result<(), ParseError> {
        self.open(inside)?;
        if self.take(b'}') {
            return Ok(());
        }
        loop {
            let key = self.key()?;
            read(self, key)?;
            if self.take(b',') {
                continue;
            }
            if self.take(b'}') {
                return Ok(());
            }
            return self.expected(Expected::CommaOrBrace);
        }
    }

    /// Reads an array at its bracket: `read` reads each value.
    pub(crate) fn elements(
        &mut self,
        inside: usize,
        mut read: impl FnMut(&mut Self) -> Result<(), ParseError>,
    ) -> Result<(), ParseError> {
        self.open(inside)?;
        if self.take(b']') {
            return Ok(());
        }
        loop {
            read(self)?;
            if self.take(b',') {
                continue;
            }
            if self.take(b']') {
                return Ok(());
            }
            return self.expected(Expected::CommaOrBracket);
        }
    }

    /// Reads a key and the colon behind it.
    pub(crate) fn key(&mut self) -> Result<JsonStr<'a>, ParseError> {
        if self.peek() != Some(b'"') {
            return self.expected(Expected::Key);
        }
        let key = self.string()?;
        if !self.take(b':') {
            return self.expected(Expected::Colon);
        }
        Ok(key)
    }

    /// Reads any value, `inside` so many arrays and objects, to its end.
    #[inline]
    pub(crate) fn value(&mut self, inside: usize) -> Result<Raw<'a>, ParseError> {
        let first = self.peek();
        let start = self.at;
        match first {
            Some(b'"') => self.string().map(|_| ())?,
            Some(b'{' | b'[') => self.nested(inside)?,
            _ => self.scalar()?,
        }
        Ok(Raw::trusted(self.since(start)))
    }

    /// Passes over an array or object at its first byte.
    fn nested(&mut self, inside: usize) -> Result<(), ParseError> {
        // One bit for each open array (0) or object (1), the innermost lowest.
        let (mut kinds, mut depth) = (0_u128, inside);
        loop {
            // A value is expected here.
            match self.peek() {
                Some(bracket @ (b'{' | b'[')) => {
                    self.open(depth)?;
                    depth += 1;
                    let object = bracket == b'{';
                    kinds = kinds << 1 | u128::from(object);
                    if !self.take(if object { b'}' } else { b']' }) {
                        if object {
                            self.key()?;
                        }
                        continue;
                    }
                    (kinds, depth) = (kinds >> 1, depth - 1);
                }
                _ => self.scalar()?,
            }
            // A value has ended here, and with it perhaps what holds it.
            loop {
                if depth == inside {
                    return Ok(());
                }
                let object = kinds & 1 == 1;
                if self.take(b',') {
                    if object {
                        self.key()?;
                    }
                    break;
                }
                if !self.take(if object { b'}' } else { b']' }) {
                    return self.expected(if object {
                        Expected::CommaOrBrace
                    } else {
                        Expected::CommaOrBracket
                    });
                }
                (kinds, depth) = (kinds >> 1, depth - 1);
            }
        }
    }

    fn open(&mut self, inside: usize) -> Result<(), ParseError> {
        if inside >= MAX_DEPTH {
            return self.expected(Expected::LessDepth);
        }
        self.at += 1;
        Ok(())
    }

    fn scalar(&mut self) -> Result<(), ParseError> {
        match self.byte() {
            Some(b'"') => self.string().map(|_| ()),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.literal("true"),
            Some(b'f') => self.literal("false"),
            Some(b'n') => self.literal("null"),
            _ => self.expected(Expected::Value),
        }
    }

    fn literal(&mut self, word: &str) -> Result<(), ParseError> {
        if !self.rest().starts_with(word) {
            return self.expected(Expected::Value);
        }
        self.at += word.len();
        Ok(())
    }

    fn number(&mut self) -> Result<(), ParseError> {
        self.at += usize::from(self.byte() == Some(b'-'));
        if self.byte() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.byte() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.byte() {
            self.at += 1;
            self.at += usize::from(matches!(self.byte(), Some(b'+' | b'-')));
            self.digits()?;
        }
        Ok(())
    }

    fn digits(&mut self) -> Result<(), ParseError> {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.byte() {
            self.at += 1;
        }
        if self.at == start {
            return self.expected(Expected::Digit);
        }
        Ok(())
    }

    /// Reads a string at its opening quote.
    #[inline]
    pub(crate) fn string(&mut self) -> Result<JsonStr<'a>, ParseError> {
        let start = self.at + 1;
        let bytes = self.text.as_bytes();
        let end = start + plain(bytes.get(start..).unwrap_or_default());
        if bytes.get(end) != Some(&b'"') {
            return self.any_string();
        }
        self.at = end + 1;
        let inside = self.text.get(start..end).unwrap_or_default();
        Ok(JsonStr::trusted(inside, false))
    }

    #[cold]
    fn any_string(&mut self) -> Result<JsonStr<'a>, ParseError> {
        self.at += 1;
        let start = self.at;
        let mut is_escaped = false;
        loop {
            self.at += plain(self.text.as_bytes().get(self.at..).unwrap_or_default());
            match self.byte() {
                Some(b'"') => {
                    let inside = self.since(start);
                    self.at += 1;
                    return Ok(JsonStr::trusted(inside, is_escaped));
                }
                Some(b'\\') => {
                    is_escaped = true;
                    self.escape()?;
                }
                _ => return self.expected(Expected::Quote),
            }
        }
    }

    fn escape(&mut self) -> Result<(), ParseError> {
        self.at += 1;
        match self.byte() {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => self.at += 1,
            Some(b'u') => {
                self.at += 1;
                for _ in 0..4 {
                    if !self.byte().is_some_and(|byte| byte.is_ascii_hexdigit()) {
                        return self.expected(Expected::HexDigit);
                    }
                    self.at += 1;
                }
            }
            _ => return self.expected(Expected::Escape),
        }
        Ok(())
    }

    #[inline]
    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    #[cold]
    fn expected<T>(&self, expected: Expected) -> Result<T, ParseError> {
        Err(ParseError {
            expected,
            offset: self.at,
        })
    }
}

/// How many bytes of a string may be passed over: up to a quote, a backslash or
/// a control byte.
#[inline]
pub(crate) fn plain(bytes: &[u8]) -> usize {
    let mut at = 0;
    while let Some(block) = bytes.get(at..).and_then(<[u8]>::first_chunk) {
        let (len, _) = plain_block(*block);
        at += len;
        if len < block.len() {
            return at;
        }
    }
    let tail = bytes.get(at..).unwrap_or_default();
    let stop = |&byte: &u8| matches!(byte, b'"' | b'\\' | ..0x20);
    at + tail.iter().position(stop).unwrap_or(tail.len())
}

/// As [`plain`], of eight bytes at once, and whether those are ASCII.
///
/// With x the difference from the byte sought, `x - 1 & !x` has the top bit of a
/// byte set where x is 0, and below 0x20 likewise with `x - 0x20`. A borrow can set
/// bits of higher bytes only, so the lowest is true.
#[inline]
pub(crate) fn plain_block(block: [u8; 8]) -> (usize, bool) {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const TOPS: u64 = 0x80 * ONES;
    let is_zero = |x: u64| x.wrapping_sub(ONES) & !x & TOPS;
    let x = u64::from_le_bytes(block);
    let control = x.wrapping_sub(0x20 * ONES) & !x & TOPS;
    let quote = is_zero(x ^ (u64::from(b'"') * ONES));
    let backslash = is_zero(x ^ (u64::from(b'\\') * ONES));
    let found = control | quote | backslash;
    // The bits below the one that is set: all, if there is none.
    let before = found.wrapping_sub(1) & !found;
    let len = found.trailing_zeros() as usize / 8;
    (len, x & TOPS & before == 0)
}

#[cfg(test)]
mod tests {
    use super::plain_block;

    #[test]
    fn a_block_is_ascii_up_to_what_was_found() {
        assert_eq!(plain_block(*b"abcdefgh"), (8, true));
        assert_eq!(plain_block(*b"abc\"\xC3\xA9gh"), (3, true));
        assert_eq!(plain_block(*b"\\\xFF\xFF\xFF\xFF\xFF\xFF\xFF"), (0, true));
        assert_eq!(plain_block(*b"a\xC3\xA9\"defg"), (3, false));
        assert_eq!(plain_block(*b"abcdefg\xFF"), (8, false));
        assert_eq!(plain_block(*b"abcdef\x1Fh"), (6, true));
    }
}
