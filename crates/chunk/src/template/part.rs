//! A part of a block, of which more is to come.

use core::ops::Range;

use super::{Template, lexical::LONGEST};
use crate::text::plain;

/// What stands behind what is as it is to be.
enum Rest<'i> {
    /// This.
    Is(&'i [u8]),
    /// What is yet to come.
    ToCome,
    /// Something else, or a value that never fits.
    Other,
}

impl Template {
    /// Whether `part` may be the beginning of a block that fits. False if it begins with a whole
    /// one: see [`Template::fill`].
    ///
    /// ```
    /// use deltaic_chunk::Template;
    ///
    /// let mut template = Template::new(b"data: ", r#"{"a":"x"}"#, b"\n\n");
    /// template.learn(r#"{"a":"y"}"#);
    /// assert!(template.may_begin(b"data: {\"a"));
    /// assert!(template.may_begin(b"data: {\"a\":\"tok"));
    /// assert!(!template.may_begin(b"data: {\"a\":\"token\"}\n\n"));
    /// assert!(!template.may_begin(b"data: ["));
    /// ```
    #[must_use]
    pub fn may_begin(&self, part: &[u8]) -> bool {
        let (mut rest, mut known) = (part, 0);
        for hole in &self.holes {
            let Range { start, end } = hole.place();
            let value = match behind(rest, self.block.get(known, start)) {
                Rest::Is(value) => value,
                end => return matches!(end, Rest::ToCome),
            };
            let behind = if hole.is_string {
                behind_string(value)
            } else {
                behind_number(value)
            };
            rest = match behind {
                Rest::Is(rest) if value.len() - rest.len() <= LONGEST => rest,
                Rest::ToCome => return value.len() <= LONGEST,
                _ => return false,
            };
            known = end;
        }
        let end = behind(rest, self.block.get(known, self.block.len()));
        matches!(end, Rest::ToCome)
    }
}

/// What stands in `bytes` behind `fixed`.
fn behind<'i>(bytes: &'i [u8], fixed: Option<&[u8]>) -> Rest<'i> {
    let fixed = fixed.unwrap_or_default();
    match bytes.strip_prefix(fixed) {
        Some(rest) => Rest::Is(rest),
        None if fixed.starts_with(bytes) => Rest::ToCome,
        None => Rest::Other,
    }
}

/// What stands behind the inside of a string, from its quote on.
fn behind_string(bytes: &[u8]) -> Rest<'_> {
    let mut rest = bytes;
    loop {
        rest = rest.get(plain(rest)..).unwrap_or_default();
        rest = match rest {
            [] | [b'\\'] => return Rest::ToCome,
            [b'"', ..] => return Rest::Is(rest),
            // What stands behind `\u` is plain, or no such value.
            [
                b'\\',
                b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' | b'u',
                rest @ ..,
            ] => rest,
            _ => return Rest::Other,
        }
    }
}

fn behind_number(bytes: &[u8]) -> Rest<'_> {
    let is_of_number = |byte: &u8| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E');
    let end = bytes.iter().position(|byte| !is_of_number(byte));
    end.map_or(Rest::ToCome, |end| {
        Rest::Is(bytes.get(end..).unwrap_or_default())
    })
}
