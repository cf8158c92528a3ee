//! Whether bytes are lexically what may stand in a hole.

use crate::scan::{plain, plain_block};

/// The longest string that may stand in a hole. What is longer costs little more to
/// parse than to look at, and is looked at in vain if something behind it differs.
const LONGEST: usize = 1024;

/// How long the inside of the string is that `bytes` begin with, up to its quote,
/// and whether there is an escape in it. `None` if it is none, not whole, or long.
#[inline]
pub(super) fn string(bytes: &[u8]) -> Option<(usize, bool)> {
    // Most say a word, and all of it is ASCII.
    if let Some(block) = bytes.first_chunk() {
        let (len, is_ascii) = plain_block(*block);
        if is_ascii && bytes.get(len) == Some(&b'"') {
            return Some((len, false));
        }
    }
    any_string(bytes)
}

fn any_string(bytes: &[u8]) -> Option<(usize, bool)> {
    let bytes = bytes.get(..=LONGEST).unwrap_or(bytes);
    let (mut len, mut is_escaped) = (0, false);
    loop {
        let rest = bytes.get(len..)?;
        let more = plain(rest);
        len += more;
        match rest.get(more)? {
            b'"' => break,
            b'\\' => len += escape(rest.get(more..)?)?,
            _ => return None,
        }
        is_escaped = true;
    }
    core::str::from_utf8(bytes.get(..len)?).ok()?;
    Some((len, is_escaped))
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

/// How long the number is that `bytes` begin with (RFC 8259, section 6). What
/// ends it is not looked at.
pub(super) fn number(bytes: &[u8]) -> Option<usize> {
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
