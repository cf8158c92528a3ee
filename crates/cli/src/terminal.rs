//! What a terminal is not to be told by a server or a model.

use std::{
    io::{self, Write},
    path::Path,
};

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

use crate::failure::Failure;

/// A path on one line, without what would command the terminal.
pub(crate) fn path(path: &Path) -> String {
    in_one_line(&path.display().to_string())
}

/// Whether a character commands a terminal, or may turn what stands around it.
fn commands(char: char) -> bool {
    char.is_control() || matches!(char, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Whether bytes that are a stream command a terminal that they are written to.
pub(crate) fn may_command(stream: &[u8]) -> bool {
    let is_one = |char| commands(char) && !matches!(char, '\n' | '\t');
    // A terminal may take a byte that is no UTF-8 for a character of its own.
    str::from_utf8(stream).map_or(true, |text| text.replace("\r\n", "\n").contains(is_one))
}

/// The text without what would command the terminal: a model's words are not
/// to be trusted with it.
pub(crate) fn shown(text: &str) -> String {
    text.chars()
        .map(|char| match char {
            '\n' | '\t' => char,
            char if commands(char) => char::REPLACEMENT_CHARACTER,
            char => char,
        })
        .collect()
}

/// The text on one line, with escapes for what would command the terminal.
pub(crate) fn in_one_line(text: &str) -> String {
    let mut line = String::new();
    for char in text.chars() {
        if commands(char) {
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

/// Writes a value to standard output, as [`json`] has it.
pub(crate) fn print_json(value: &impl Serialize) -> Result<(), Failure> {
    let json = json(value).map_err(io::Error::other)?;
    writeln!(io::stdout(), "{json}")?;
    Ok(())
}

/// Escapes what commands a terminal, though JSON need not: U+007F to U+009F, and what turns text.
struct Escaping;

impl Formatter for Escaping {
    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        out: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut rest = fragment;
        while let Some(at) = rest.find(commands) {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_commands_a_terminal_or_turns_text_is_never_as_it_was() {
        for hostile in ["\u{1b}[2J", "\u{9b}2J", "\u{7f}", "\u{202e}", "\u{2066}"] {
            let char = hostile.chars().next().expect("one");
            assert!(!shown(hostile).contains(char), "{hostile:?}");
            assert!(!in_one_line(hostile).contains(char), "{hostile:?}");
            let json = json(&hostile).expect("a string is JSON");
            assert!(!json.contains(char), "{hostile:?}");
            assert_eq!(serde_json::from_str(&json).ok(), Some(hostile.to_owned()));
        }
        // Texts of right-to-left scripts have such marks.
        assert_eq!(shown("\u{200f}שלום\n\t"), "\u{200f}שלום\n\t");
    }
}
