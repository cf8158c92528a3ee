//! The scanner: JSON by the grammar of RFC 8259, one pass, no recursion into
//! what nobody asked for.
//!
//! Data is checked to be UTF-8 first, as a whole. From there on a step takes
//! what is left of the text, passes over something, and gives what is left behind it:
//! two registers in, two out, and no position to keep. `None` is a fault; which
//! one, the scan has noted. What is only passed over is checked as strictly as what is
//! read: nesting is kept as one bit a level.
//!
//! Servers send no white space, and few escapes: what has some goes another way, out
//! of line.

use crate::{
    error::{Expected, ParseError},
    raw::Raw,
    string::JsonStr,
    text::{behind_plain, between, trim},
};

/// How many arrays and objects may stand in each other.
///
/// ```
/// use deltaic_chunk::{Expected, MAX_DEPTH, Raw};
///
/// let nested = |depth| "[".repeat(depth) + &"]".repeat(depth);
/// assert!(Raw::parse(nested(MAX_DEPTH).as_bytes()).is_ok());
/// let error = Raw::parse(nested(MAX_DEPTH + 1).as_bytes()).unwrap_err();
/// assert_eq!((error.expected, error.offset), (Expected::LessDepth, MAX_DEPTH));
/// ```
pub const MAX_DEPTH: usize = 127;

/// The reading of one text.
#[derive(Debug)]
pub(crate) struct Scan {
    /// How long the text is.
    len: usize,
    /// What is wrong with it, once a step has given `None`.
    fault: ParseError,
}

impl Scan {
    pub(crate) fn new(text: &str) -> Self {
        let (expected, offset) = (Expected::Value, 0);
        Self {
            len: text.len(),
            fault: ParseError { expected, offset },
        }
    }

    /// Reads data that is one value with nothing but white space around it: `read`
    /// passes over the value.
    pub(crate) fn whole<'a>(
        data: &'a [u8],
        read: impl FnOnce(&mut Self, &'a str) -> Option<&'a str>,
    ) -> Result<(), ParseError> {
        let text = core::str::from_utf8(data).map_err(|error| ParseError {
            expected: Expected::Utf8,
            offset: error.valid_up_to(),
        })?;
        let mut scan = Self::new(text);
        let behind = read(&mut scan, trim(text)).map(trim);
        let end = behind.and_then(|rest| match rest {
            "" => Some(()),
            _ => scan.expected(Expected::End, rest),
        });
        end.ok_or(scan.fault)
    }

    /// Reads any value, `inside` so many arrays and objects.
    pub(crate) fn read<'a>(
        &mut self,
        rest: &'a str,
        inside: usize,
        into: &mut Raw<'a>,
    ) -> Option<&'a str> {
        let behind = self.value(rest, inside)?;
        *into = Raw::trusted(between(rest, behind));
        Some(behind)
    }

    /// Reads an object at its brace: `read` passes over each member.
    #[inline]
    pub(crate) fn members<'a>(
        &mut self,
        rest: &'a str,
        inside: usize,
        mut read: impl FnMut(&mut Self, &'a str) -> Option<&'a str>,
    ) -> Option<&'a str> {
        let mut rest = self.open(rest, inside)?;
        if let Some(behind) = rest.strip_prefix('}') {
            return Some(behind);
        }
        loop {
            rest = trim(read(self, rest)?);
            if let Some(behind) = rest.strip_prefix(',') {
                rest = trim(behind);
            } else if let Some(behind) = rest.strip_prefix('}') {
                return Some(behind);
            } else {
                return self.expected(Expected::CommaOrBrace, rest);
            }
        }
    }

    /// Reads an array at its bracket: `read` passes over each value.
    #[inline]
    pub(crate) fn elements<'a>(
        &mut self,
        rest: &'a str,
        inside: usize,
        mut read: impl FnMut(&mut Self, &'a str) -> Option<&'a str>,
    ) -> Option<&'a str> {
        let mut rest = self.open(rest, inside)?;
        if let Some(behind) = rest.strip_prefix(']') {
            return Some(behind);
        }
        loop {
            rest = trim(read(self, rest)?);
            if let Some(behind) = rest.strip_prefix(',') {
                rest = trim(behind);
            } else if let Some(behind) = rest.strip_prefix(']') {
                return Some(behind);
            } else {
                return self.expected(Expected::CommaOrBracket, rest);
            }
        }
    }

    /// Reads a key and the colon behind it, and what is left is the value.
    #[inline]
    pub(crate) fn key<'a>(&mut self, rest: &'a str) -> Option<(JsonStr<'a>, &'a str)> {
        let Some(inside) = rest.strip_prefix('"') else {
            return self.expected(Expected::Key, rest);
        };
        let end = behind_plain(inside);
        let is_escaped = !end.starts_with('"');
        let end = if is_escaped { self.quote(end)? } else { end };
        let key = JsonStr::trusted(between(inside, end), is_escaped);
        Some((key, self.colon(end.get(1..)?)?))
    }

    /// Passes over a key and the colon behind it.
    #[inline]
    fn any_key<'a>(&mut self, rest: &'a str) -> Option<&'a str> {
        let Some(inside) = rest.strip_prefix('"') else {
            return self.expected(Expected::Key, rest);
        };
        let behind = self.string(inside)?;
        self.colon(behind)
    }

    #[inline]
    fn colon<'a>(&mut self, rest: &'a str) -> Option<&'a str> {
        let rest = trim(rest);
        match rest.strip_prefix(':') {
            Some(value) => Some(trim(value)),
            None => self.expected(Expected::Colon, rest),
        }
    }

    /// Passes over any value, `inside` so many arrays and objects.
    #[expect(
        clippy::inline_always,
        reason = "a chunk takes 7 % more instructions without"
    )]
    #[inline(always)]
    pub(crate) fn value<'a>(&mut self, rest: &'a str, inside: usize) -> Option<&'a str> {
        if let Some(inside) = rest.strip_prefix('"') {
            self.string(inside)
        } else if let [b'{' | b'[', ..] = rest.as_bytes() {
            self.nested(rest, inside)
        } else {
            self.scalar(rest)
        }
    }

    /// Passes over an array or object at its first byte.
    fn nested<'a>(&mut self, mut rest: &'a str, inside: usize) -> Option<&'a str> {
        // One bit for each open array (0) or object (1), the innermost lowest.
        let (mut kinds, mut depth) = (0_u128, inside);
        loop {
            // A value is expected here.
            if let Some(inside) = rest.strip_prefix('"') {
                rest = self.string(inside)?;
            } else if let [bracket @ (b'{' | b'['), ..] = rest.as_bytes() {
                let is_object = *bracket == b'{';
                let close = if is_object { '}' } else { ']' };
                rest = self.open(rest, depth)?;
                if let Some(behind) = rest.strip_prefix(close) {
                    rest = behind;
                } else {
                    (kinds, depth) = (kinds << 1 | u128::from(is_object), depth + 1);
                    if is_object {
                        rest = self.any_key(rest)?;
                    }
                    continue;
                }
            } else {
                rest = self.scalar(rest)?;
            }
            // A value has ended here, and with it perhaps what holds it.
            while depth > inside {
                let is_object = kinds & 1 == 1;
                rest = trim(rest);
                if let Some(behind) = rest.strip_prefix(',') {
                    rest = trim(behind);
                    if is_object {
                        rest = self.any_key(rest)?;
                    }
                    break;
                }
                let (close, or) = if is_object {
                    ('}', Expected::CommaOrBrace)
                } else {
                    (']', Expected::CommaOrBracket)
                };
                let Some(behind) = rest.strip_prefix(close) else {
                    return self.expected(or, rest);
                };
                rest = behind;
                (kinds, depth) = (kinds >> 1, depth - 1);
            }
            if depth == inside {
                return Some(rest);
            }
        }
    }

    #[inline]
    fn open<'a>(&mut self, rest: &'a str, inside: usize) -> Option<&'a str> {
        if inside >= MAX_DEPTH {
            return self.expected(Expected::LessDepth, rest);
        }
        rest.get(1..).map(trim)
    }

    fn scalar<'a>(&mut self, rest: &'a str) -> Option<&'a str> {
        if let [b'-' | b'0'..=b'9', ..] = rest.as_bytes() {
            return self.number(rest);
        }
        let mut words = ["null", "true", "false"].into_iter();
        let behind = words.find_map(|word| rest.strip_prefix(word));
        behind.or_else(|| self.expected(Expected::Value, rest))
    }

    #[inline(never)]
    fn number<'a>(&mut self, rest: &'a str) -> Option<&'a str> {
        let bytes = rest.as_bytes();
        let left = bytes.strip_prefix(b"-").unwrap_or(bytes);
        let mut left = match left {
            [b'0', left @ ..] => left,
            _ => self.digits(left)?,
        };
        if let [b'.', fraction @ ..] = left {
            left = self.digits(fraction)?;
        }
        if let [b'e' | b'E', exponent @ ..] = left {
            left = match exponent {
                [b'+' | b'-', digits @ ..] => self.digits(digits)?,
                _ => self.digits(exponent)?,
            };
        }
        rest.get(rest.len() - left.len()..)
    }

    #[inline]
    fn digits<'a>(&mut self, left: &'a [u8]) -> Option<&'a [u8]> {
        let [b'0'..=b'9', behind @ ..] = left else {
            return self.expected(Expected::Digit, left);
        };
        let mut left = behind;
        while let [b'0'..=b'9', behind @ ..] = left {
            left = behind;
        }
        Some(left)
    }

    /// Passes over a string, behind its opening quote.
    #[inline]
    fn string<'a>(&mut self, inside: &'a str) -> Option<&'a str> {
        let end = behind_plain(inside);
        match end.strip_prefix('"') {
            Some(behind) => Some(behind),
            None => self.quote(end)?.get(1..),
        }
    }

    /// Passes over the rest of a string, to its closing quote.
    #[cold]
    #[inline(never)]
    fn quote<'a>(&mut self, mut rest: &'a str) -> Option<&'a str> {
        loop {
            if rest.starts_with('"') {
                return Some(rest);
            }
            let Some(escape) = rest.strip_prefix('\\') else {
                return self.expected(Expected::Quote, rest);
            };
            rest = behind_plain(self.escape(escape)?);
        }
    }

    fn escape<'a>(&mut self, rest: &'a str) -> Option<&'a str> {
        if let Some(behind) = rest.strip_prefix(['"', '\\', '/', 'b', 'f', 'n', 'r', 't']) {
            return Some(behind);
        }
        let Some(mut rest) = rest.strip_prefix('u') else {
            return self.expected(Expected::Escape, rest);
        };
        for _ in 0..4 {
            rest = match rest.strip_prefix(|digit: char| digit.is_ascii_hexdigit()) {
                Some(behind) => behind,
                None => return self.expected(Expected::HexDigit, rest),
            };
        }
        Some(rest)
    }

    #[cold]
    #[inline(never)]
    fn expected<T>(&mut self, expected: Expected, rest: impl AsRef<[u8]>) -> Option<T> {
        let offset = self.len - rest.as_ref().len();
        self.fault = ParseError { expected, offset };
        None
    }
}
