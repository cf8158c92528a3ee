//! Whether bytes are lexically what may stand in a hole.

use crate::{
    string::JsonStr,
    text::{block_at, is_plain_ascii, plain, plain_block},
};

/// The longest value that may stand in a hole. What is longer costs little more to
/// parse than to look at, and is looked at in vain if something behind it differs.
pub(super) const LONGEST: usize = 1024;

/// How long the inside of the string is that `bytes` begin with, up to its quote,
/// and whether there is an escape in it. `None` if it is none, not whole, or long.
#[inline]
pub(super) fn string(bytes: &[u8]) -> Option<(usize, bool)> {
    // Most say a word, and all of it is ASCII.
    let mut len = 0;
    while let Some(block) = bytes.get(len..).and_then(<[u8]>::first_chunk) {
        let (more, is_ascii) = plain_block(*block);
        len += more;
        if !is_ascii || len > LONGEST {
            break;
        }
        if more < block.len() {
            if bytes.get(len) == Some(&b'"') {
                return Some((len, false));
            }
            break;
        }
    }
    let (len, escapes) = any_string(bytes)?;
    Some((len, escapes != Escapes::None))
}

/// As [`string`], if each surrogate in it stands beside its other half.
#[inline]
pub(super) fn word(bytes: &[u8]) -> Option<(usize, bool)> {
    let (mut len, mut are_ascii) = (0, true);
    loop {
        let block = block_at(bytes, len)?;
        let (more, is_ascii) = plain_block(block);
        len += more;
        are_ascii &= is_ascii;
        if more < block.len() {
            break;
        }
        if len > LONGEST {
            return None;
        }
    }
    if bytes.get(len) != Some(&b'"') {
        return escaped_word(bytes);
    }
    if len > LONGEST {
        return None;
    }
    if !are_ascii {
        core::str::from_utf8(bytes.get(..len)?).ok()?;
    }
    Some((len, false))
}

/// Whether so many of `bytes`, from the first on, are a [`word`] that is ASCII and needs no escape. False
/// also of all 16, and most words are shorter.
#[inline]
pub(super) fn is_plain_word(bytes: &[u8; 16], len: usize) -> bool {
    match (bytes.first_chunk(), bytes.last_chunk(), len) {
        (Some(&first), _, 0..=7) => is_plain_ascii(first, len),
        (Some(&first), Some(&second), 8..=15) => {
            plain_block(first) == (8, true) && is_plain_ascii(second, len - 8)
        }
        _ => false,
    }
}

#[inline(never)]
fn escaped_word(bytes: &[u8]) -> Option<(usize, bool)> {
    let (len, escapes) = any_string(bytes)?;
    if escapes == Escapes::Units {
        let text = core::str::from_utf8(bytes.get(..len)?).ok()?;
        if JsonStr::trusted(text, true).has_lone_surrogate() {
            return None;
        }
    }
    Some((len, escapes != Escapes::None))
}

/// Which escapes are in a string.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Escapes {
    None,
    /// None of a UTF-16 code unit, so that there is no half of a surrogate pair.
    Short,
    Units,
}

fn any_string(bytes: &[u8]) -> Option<(usize, Escapes)> {
    let bytes = bytes.get(..=LONGEST).unwrap_or(bytes);
    let (mut len, mut escapes) = (0, Escapes::None);
    loop {
        let rest = bytes.get(len..)?;
        match rest.first()? {
            b'"' => break,
            b'\\' => {
                let escape = escape(rest)?;
                escapes = escapes.max(if escape > 2 {
                    Escapes::Units
                } else {
                    Escapes::Short
                });
                len += escape;
            }
            ..b' ' => return None,
            _ => len += plain(rest),
        }
    }
    let text = bytes.get(..len)?;
    if !text.is_ascii() {
        core::str::from_utf8(text).ok()?;
    }
    Some((len, escapes))
}

/// How long the escape is that `bytes` begin with.
fn escape(bytes: &[u8]) -> Option<usize> {
    match bytes.get(1)? {
        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Some(2),
        b'u' => {
            let digits = bytes.get(2..6)?;
            digits.iter().all(u8::is_ascii_hexdigit).then_some(6)
        }
        _ => None,
    }
}

/// How long the number is that `bytes` begin with (RFC 8259, section 6), and which it is, if
/// that is an integer of 64 bits from 0. What ends it is not looked at.
#[inline]
pub(super) fn number(bytes: &[u8]) -> Option<(usize, Option<u64>)> {
    /// No number of so few digits is too large.
    const DIGITS: usize = 19;
    // Most are counts.
    let (mut len, mut value) = (0, 0_u64);
    while let Some(digit @ b'0'..=b'9') = bytes.get(len) {
        value = value.wrapping_mul(10).wrapping_add(u64::from(digit - b'0'));
        len += 1;
    }
    match (bytes.first()?, bytes.get(len)) {
        (b'1'..=b'9', Some(b',' | b'}')) if len <= DIGITS => Some((len, Some(value))),
        (b'0', Some(b',' | b'}')) if len == 1 => Some((len, Some(value))),
        _ => any_number(bytes),
    }
}

fn any_number(bytes: &[u8]) -> Option<(usize, Option<u64>)> {
    let len = number_len(bytes).filter(|len| *len <= LONGEST)?;
    let text = core::str::from_utf8(bytes.get(..len)?).ok()?;
    Some((len, text.parse().ok()))
}

fn number_len(bytes: &[u8]) -> Option<usize> {
    let digits = |from: usize| {
        let rest = bytes.get(from..)?;
        let len = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        (len > 0).then_some(from + len)
    };
    let start = usize::from(bytes.first() == Some(&b'-'));
    let mut end = match bytes.get(start) {
        Some(b'0') => start + 1,
        _ => digits(start)?,
    };
    if bytes.get(end) == Some(&b'.') {
        end = digits(end + 1)?;
    }
    if let Some(b'e' | b'E') = bytes.get(end) {
        let sign = matches!(bytes.get(end + 1), Some(b'+' | b'-'));
        end = digits(end + 1 + usize::from(sign))?;
    }
    Some(end)
}

#[cfg(test)]
mod tests {
    use super::is_plain_word;

    #[test]
    fn a_plain_word_is_shorter_than_its_block() {
        for len in 0..=17 {
            assert_eq!(is_plain_word(b"abcdefghijklmnop", len), len < 16, "{len}");
            for at in 0..16 {
                for byte in *b"\"\\\x1F\x80" {
                    let mut block = *b"abcdefghijklmnop";
                    block[at] = byte;
                    let expected = len < 16 && at >= len;
                    assert_eq!(is_plain_word(&block, len), expected, "{block:?}, {len}");
                }
            }
        }
    }
}
