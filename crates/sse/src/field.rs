//! What a line says.

use core::ops::Range;

use memchr::memchr;

/// The kind of a line that is not blank.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Field {
    Comment,
    Data,
    Event,
    Id,
    Retry,
    /// A field that the standard does not know; its name is so long.
    Unknown(usize),
}

/// The longest that stands before the value of a data line.
pub(crate) const LONGEST_PREFIX: usize = b"data: ".len();

impl Field {
    /// Reads a line without its end: its field, and where in it the value lies.
    ///
    /// Known names are compared, not searched for: the line is not scanned.
    pub(crate) fn read(line: &[u8]) -> (Self, Range<usize>) {
        let (field, rest) = match line {
            [b'd', b'a', b't', b'a', rest @ ..] => (Self::Data, rest),
            [b'e', b'v', b'e', b'n', b't', rest @ ..] => (Self::Event, rest),
            [b'i', b'd', rest @ ..] => (Self::Id, rest),
            [b'r', b'e', b't', b'r', b'y', rest @ ..] => (Self::Retry, rest),
            rest => (Self::Comment, rest),
        };
        match rest {
            [] => return (field, line.len()..line.len()),
            [b':', value @ ..] => return (field, value_of(line, value)),
            _ => {}
        }
        let name = memchr(b':', line).unwrap_or(line.len());
        let value = line.get(name + 1..).unwrap_or_default();
        (Self::Unknown(name), value_of(line, value))
    }
}

/// Where `value`, the end of `line`, lies in it; one space before it is not
/// part of it.
fn value_of(line: &[u8], value: &[u8]) -> Range<usize> {
    let space = usize::from(value.first() == Some(&b' '));
    line.len() - value.len() + space..line.len()
}

/// The milliseconds that a `retry` value gives: ASCII digits, nothing else.
/// What is past the range of `u64` is its end.
pub(crate) fn milliseconds(value: &[u8]) -> Option<u64> {
    if value.is_empty() {
        return None;
    }
    value.iter().try_fold(0_u64, |sum, byte| {
        let digit = byte.is_ascii_digit().then(|| u64::from(byte - b'0'))?;
        Some(sum.saturating_mul(10).saturating_add(digit))
    })
}
