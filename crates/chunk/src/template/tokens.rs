//! The values of JSON that may differ, and what stands between them.

use core::ops::Range;

use crate::text::plain;

/// A piece of JSON, and where it lies.
#[derive(Debug)]
pub(super) enum Token {
    /// What is the same in all data of one shape: names, brackets, words.
    Fixed(Range<usize>),
    /// The inside of a string that is a value.
    String(Range<usize>),
    Number(Range<usize>),
}

impl Token {
    pub(super) fn range(&self) -> Range<usize> {
        let (Self::Fixed(range) | Self::String(range) | Self::Number(range)) = self;
        range.clone()
    }
}

/// The pieces of JSON that has been parsed in full.
#[derive(Debug)]
pub(super) struct Tokens<'a> {
    json: &'a [u8],
    at: usize,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(json: &'a [u8]) -> Self {
        Self { json, at: 0 }
    }

    /// Where the string ends that begins behind its quote at `start`.
    fn string_end(&self, start: usize) -> usize {
        let mut end = start;
        loop {
            let rest = self.json.get(end..).unwrap_or_default();
            end += plain(rest);
            match self.json.get(end) {
                Some(b'\\') => end += 2,
                _ => return end.min(self.json.len()),
            }
        }
    }

    /// Whether what ends at `end` is a name.
    fn is_name(&self, end: usize) -> bool {
        let rest = self.json.get(end + 1..).unwrap_or_default();
        rest.trim_ascii_start().first() == Some(&b':')
    }
}

impl Iterator for Tokens<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        let start = self.at;
        match self.json.get(start)? {
            b'"' => {
                let end = self.string_end(start + 1);
                self.at = end + 1;
                Some(if self.is_name(end) {
                    Token::Fixed(start..self.at)
                } else {
                    Token::String(start + 1..end)
                })
            }
            b'-' | b'0'..=b'9' => {
                let rest = self.json.get(start..).unwrap_or_default();
                let is_number =
                    |byte: &&u8| matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9');
                self.at += rest.iter().take_while(is_number).count();
                Some(Token::Number(start..self.at))
            }
            _ => {
                let rest = self.json.get(start..).unwrap_or_default();
                let is_fixed = |byte: &&u8| !matches!(byte, b'"' | b'-' | b'0'..=b'9');
                self.at += rest.iter().take_while(is_fixed).count();
                Some(Token::Fixed(start..self.at))
            }
        }
    }
}
