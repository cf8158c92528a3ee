//! Why data is not JSON.

use core::{error, fmt};

/// The data is not JSON.
///
/// It concerns this data alone: the stream may be read on.
///
/// ```
/// use deltaic_chunk::{Expected, Payload};
///
/// let error = Payload::parse(br#"{"id" 1}"#).unwrap_err();
/// assert_eq!((error.expected, error.offset), (Expected::Colon, 6));
/// assert_eq!(error.to_string(), "expected a colon at byte 6");
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct ParseError {
    /// What should have stood there.
    pub expected: Expected,
    /// Where, in bytes from the start of the data.
    pub offset: usize,
}

/// What should have stood where data stops being JSON.
///
/// ```
/// use deltaic_chunk::{Expected, Raw};
///
/// for (data, expected) in [
///     (&b"{\"a\" 1}"[..], Expected::Colon),
///     (b"[1 2]", Expected::CommaOrBracket),
///     (b"{} {}", Expected::End),
///     (b"{\"cut", Expected::Quote),
///     (b"\"\xFF\"", Expected::Utf8),
/// ] {
///     assert_eq!(Raw::parse(data).unwrap_err().expected, expected);
/// }
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Expected {
    /// A colon, after a key.
    Colon,
    /// A comma or the end of the array.
    CommaOrBracket,
    /// A comma or the end of the object.
    CommaOrBrace,
    /// Another digit of a number.
    Digit,
    /// The end of the data.
    End,
    /// One of the letters that may follow a backslash.
    Escape,
    /// A hexadecimal digit of an escape.
    HexDigit,
    /// A key, as a string.
    Key,
    /// Less nesting: at most [`MAX_DEPTH`](crate::MAX_DEPTH) arrays and objects.
    LessDepth,
    /// The closing quote of a string, or a character that may stand in one: no
    /// byte below 0x20 may.
    Quote,
    /// UTF-8.
    Utf8,
    /// A value.
    Value,
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let expected = match self.expected {
            Expected::Colon => "a colon",
            Expected::CommaOrBracket => "a comma or `]`",
            Expected::CommaOrBrace => "a comma or `}`",
            Expected::Digit => "a digit",
            Expected::End => "nothing more",
            Expected::Escape => "an escape",
            Expected::HexDigit => "a hexadecimal digit",
            Expected::Key => "a key",
            Expected::LessDepth => "less nesting",
            Expected::Quote => "a closing quote",
            Expected::Utf8 => "UTF-8",
            Expected::Value => "a value",
        };
        write!(f, "expected {expected} at byte {}", self.offset)
    }
}

impl error::Error for ParseError {}
