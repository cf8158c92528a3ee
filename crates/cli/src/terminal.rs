//! What a terminal is not to be told by a server or a model.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

/// The text without what would command the terminal: a model's words are not
/// to be trusted with it.
pub(crate) fn shown(text: &str) -> String {
    text.chars()
        .map(|char| match char {
            '\n' | '\t' => char,
            char if char.is_control() => char::REPLACEMENT_CHARACTER,
            char => char,
        })
        .collect()
}

/// The text on one line, with escapes for what would command the terminal.
pub(crate) fn in_one_line(text: &str) -> String {
    let mut line = String::new();
    for char in text.chars() {
        if char.is_control() {
            line.extend(char.escape_default());
        } else {
            line.push(char);
        }
    }
    line
}

/// A value as one line of JSON that no terminal takes for a command.
pub(crate) fn json(value: &impl Serialize) -> serde_json::Result<String> {
    let mut json = Vec::new();
    value.serialize(&mut Serializer::with_formatter(&mut json, Escaping))?;
    Ok(String::from_utf8_lossy(&json).into_owned())
}

/// Escapes U+007F to U+009F too, which JSON need not.
struct Escaping;

impl Formatter for Escaping {
    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        out: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut rest = fragment;
        while let Some(at) = rest.find(char::is_control) {
            let (before, from) = rest.split_at(at);
            let mut chars = from.chars();
            let control = chars.next().map_or(0, u32::from);
            out.write_all(before.as_bytes())?;
            write!(out, "\\u{control:04x}")?;
            rest = chars.as_str();
        }
        out.write_all(rest.as_bytes())
    }

    /// JSON as it came: its line ends can only stand between its tokens.
    fn write_raw_fragment<W: ?Sized + Write>(
        &mut self,
        out: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let fragment = fragment.replace(['\n', '\r', '\t'], " ");
        self.write_string_fragment(out, &fragment)
    }
}
