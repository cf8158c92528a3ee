//! Where in a stream something stands, as a person finds it.

use std::fmt;

use anstyle::{AnsiColor, Style};
use unicode_width::UnicodeWidthChar;

use crate::terminal::in_one_line;

/// How much of a line is shown before a place, and behind.
const BEFORE: usize = 48;
const BEHIND: usize = 48;

const MARK: Style = AnsiColor::Cyan.on_default().bold();

/// A byte of a stream, and the line that it stands in.
pub(crate) struct Place<'s> {
    /// Which line, from 1.
    pub(crate) line: usize,
    /// Which byte of that, from 1.
    pub(crate) column: usize,
    before: &'s [u8],
    behind: &'s [u8],
}

/// Where the lines of a stream begin, as those of the SSE standard do.
pub(crate) struct Lines<'s> {
    stream: &'s [u8],
    starts: Vec<usize>,
}

impl<'s> Lines<'s> {
    pub(crate) fn of(stream: &'s [u8]) -> Self {
        let behind = |at: &usize| match stream.get(*at - 1) {
            Some(b'\r') => stream.get(*at) != Some(&b'\n'),
            byte => byte == Some(&b'\n'),
        };
        let starts = (1..=stream.len()).filter(behind);
        Self {
            stream,
            starts: std::iter::once(0).chain(starts).collect(),
        }
    }

    /// What is behind the end of the stream stands at it.
    pub(crate) fn place(&self, offset: u64) -> Place<'s> {
        let all = self.stream.len();
        let at = usize::try_from(offset).map_or(all, |at| at.min(all));
        let line = self.starts.partition_point(|start| *start <= at);
        let begin = line.checked_sub(1).and_then(|line| self.starts.get(line));
        let begin = begin.copied().unwrap_or_default();
        let is_end = |byte: &u8| matches!(byte, b'\n' | b'\r');
        let from = self.stream.get(at..).unwrap_or_default();
        let len = from.iter().position(is_end).unwrap_or(from.len());
        Place {
            line,
            column: at - begin + 1,
            before: self.stream.get(begin..at).unwrap_or_default(),
            behind: from.get(..len).unwrap_or_default(),
        }
    }
}

impl fmt::Display for Place<'_> {
    /// The line with its number, and a caret under the place.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (before, behind) = (end_of(self.before), start_of(self.behind));
        let number = self.line.to_string();
        let margin = " ".repeat(number.len());
        let indent = " ".repeat(width(&before));
        writeln!(f, "{margin} |")?;
        writeln!(f, "{number} | {before}{behind}")?;
        write!(f, "{margin} | {indent}{MARK}^{MARK:#}")
    }
}

fn end_of(line: &[u8]) -> String {
    let text = in_one_line(&String::from_utf8_lossy(line));
    match text.char_indices().rev().nth(BEFORE) {
        Some((at, _)) => format!("…{}", text.get(at..).unwrap_or_default()),
        None => text,
    }
}

fn start_of(line: &[u8]) -> String {
    let text = in_one_line(&String::from_utf8_lossy(line));
    match text.char_indices().nth(BEHIND) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text,
    }
}

/// How many columns of a terminal a text takes.
fn width(text: &str) -> usize {
    text.chars().filter_map(UnicodeWidthChar::width).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_and_column_are_those_of_the_byte() {
        let stream = b"a\r\nbc\n\rdata: d";
        for (offset, line, column) in [
            (0, 1, 1),
            (3, 2, 1),
            (4, 2, 2),
            (6, 3, 1),
            (7, 4, 1),
            (13, 4, 7),
            (14, 4, 8),
            (99, 4, 8),
        ] {
            let place = Lines::of(stream).place(offset);
            assert_eq!((place.line, place.column), (line, column), "{offset}");
        }
    }

    #[test]
    fn the_caret_stands_under_the_byte_however_long_or_wide_the_line_is() {
        for text in [
            "short",
            &"long ".repeat(100),
            "宽字符",
            "\u{1b}[31m",
            &"宽".repeat(99),
        ] {
            let stream = format!("x\ndata: {text}!{text}\ny");
            let at = stream.find('!').expect("it is there");
            let shown = Lines::of(stream.as_bytes()).place(at as u64).to_string();
            let shown = anstream::adapter::strip_str(&shown).to_string();
            let lines: Vec<&str> = shown.lines().collect();
            let mark = lines[1].find('!').expect("it is shown");
            assert_eq!(
                width(&lines[1][..mark]),
                lines[2].find('^').expect("a caret")
            );
            assert!(width(lines[1]) < 300, "{shown}");
            assert!(!shown.contains('\u{1b}'));
        }
    }
}
