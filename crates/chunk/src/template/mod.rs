//! Reading a chunk that differs from an earlier one only inside of some values.
//!
//! Let T be data that was parsed in full, cut as s0 h0 s1 h1 … sn, where each hole
//! hi is the inside of a string value (never of a key) or all of a number, and the
//! si are what stands between. New data D *fits* if D = s0 g0 s1 g1 … sn, each gi
//! lexically the inside of a whole JSON string, valid UTF-8 and every escape whole,
//! or a whole JSON number. Then D's parse is that of T with these values replaced:
//!
//! - Before h0 the parser has read the same bytes, so it is in the same state:
//!   inside of a string, or before a number.
//! - Nothing in g0 leaves that state. Behind it stands s1, which begins with the
//!   closing quote of the string, or with what ended the number in T; neither can
//!   be part of g0, for a quote without a backslash ends a string and what ends a
//!   number is no part of one.
//! - So the parser is in the same state behind it as in T, and so on to the end.
//!
//! Values do not change the state either: names are in the si, so that of members
//! of one name the same one counts, and depth is that of T. What was checked to be
//! UTF-8 in T is equal here: the si end and begin beside ASCII bytes, so that
//! no character lies across a joint.
//!
//! Around the data may stand other bytes that are the same each time: `before` and
//! `after`. So a caller who knows how data is framed can find its end by this match.

mod lexical;
mod tokens;

use alloc::vec::Vec;
use core::ops::Range;

use crate::{
    raw::{Kind, Raw},
    string::JsonStr,
};
use lexical::{number, string};
use tokens::{Token, Tokens};

/// The most holes that a template may have.
const MOST_HOLES: usize = 24;

/// Data that was parsed in full, and which of its values may differ in what comes.
///
/// [`Template::fill`] reads what is the same elsewhere many times faster than a
/// parser does, and [`Template::text`] gives its values. What does not fit is for
/// [`Payload::parse`](crate::Payload::parse), which accepts the same. A string of more
/// than 1,024 bytes never fits.
///
/// ```
/// use deltaic_chunk::{Payload, Template};
///
/// let first = r#"{"choices":[{"index":0,"delta":{"content":"Hel"}}]}"#;
/// let Payload::Chunk(chunk) = Payload::parse(first.as_bytes())? else {
///     panic!("not a chunk");
/// };
/// let content = chunk.choices().next().expect("a choice").delta.content;
/// let mut template = Template::new(b"data: ", first, b"\n\n");
/// template.open(first, content);
///
/// let read = b"data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"lo\"}}]}\n\ndata:";
/// let data = template.fill(read).expect("it fits");
/// assert_eq!(template.text(0, data).as_str(), Some("lo"));
/// # Ok::<(), deltaic_chunk::ParseError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Template {
    /// What stands before the data, the data, and what stands behind it.
    bytes: Vec<u8>,
    /// Where the data lies in these.
    start: usize,
    end: usize,
    /// In their order.
    holes: Vec<Hole>,
}

/// A value that may differ: of a string, what is between its quotes.
#[derive(Clone, Copy, Debug)]
struct Hole {
    /// Where it lies in `bytes`.
    start: usize,
    end: usize,
    /// Where it lay in the data that was read last.
    found: usize,
    found_end: usize,
    is_string: bool,
    /// What was read last has a backslash.
    is_escaped: bool,
}

impl Template {
    /// Of `data`, which has been parsed in full, and stands between `before` and
    /// `after`.
    #[must_use]
    pub fn new(before: &[u8], data: &str, after: &[u8]) -> Self {
        Self {
            bytes: [before, data.as_bytes(), after].concat(),
            start: before.len(),
            end: before.len() + data.len(),
            holes: Vec::new(),
        }
    }

    /// Lets `value` differ from now on: a string or number that lies in `data`, which
    /// the template was made of or has learned last. False if it is none, or there
    /// are too many.
    pub fn open(&mut self, data: &str, value: Raw<'_>) -> bool {
        let (Some(place), is_string) = (place(data, value), value.kind() == Kind::String) else {
            return false;
        };
        if !is_string && value.kind() != Kind::Number {
            return false;
        }
        let at = self.holes.partition_point(|hole| hole.found < place.0);
        let is_known = self.holes.get(at).is_some_and(|hole| hole.found == place.0);
        if !is_known && self.holes.len() < MOST_HOLES {
            // Most have one or two.
            self.holes.reserve_exact(1);
            self.holes.push(self.hole(place, is_string));
            self.holes.sort_unstable_by_key(|hole| hole.found);
            return true;
        }
        is_known
    }

    /// Takes over `data`, which has been parsed in full, if its shape is that of the
    /// template: each value that differs becomes a hole, and those that are holes
    /// remain so. False if it has another shape.
    pub fn learn(&mut self, data: &str) -> bool {
        let known = self.bytes.get(self.start..self.end).unwrap_or_default();
        let mut holes = Vec::new();
        let (mut olds, mut news) = (Tokens::new(known), Tokens::new(data.as_bytes()));
        loop {
            let (old, new) = match (olds.next(), news.next()) {
                (None, None) => break,
                (Some(old), Some(new)) => (old, new),
                _ => return false,
            };
            let is_same = known.get(old.range()) == data.as_bytes().get(new.range());
            let start = self.start + old.range().start;
            let is_hole = self.holes.iter().any(|hole| hole.start == start);
            match (&old, &new) {
                (Token::String(_), Token::String(_)) | (Token::Number(_), Token::Number(_)) => {
                    if is_hole || !is_same {
                        let range = new.range();
                        let is_string = matches!(new, Token::String(_));
                        holes.push(self.hole((range.start, range.end), is_string));
                    }
                }
                (Token::Fixed(_), Token::Fixed(_)) if is_same => {}
                _ => return false,
            }
        }
        if holes.len() > MOST_HOLES {
            return false;
        }
        let before = self.bytes.get(..self.start).unwrap_or_default();
        let after = self.bytes.get(self.end..).unwrap_or_default();
        self.bytes = [before, data.as_bytes(), after].concat();
        self.end = self.start + data.len();
        self.holes = holes;
        true
    }

    /// Lets the data stand between these from now on.
    pub fn put_around(&mut self, before: &[u8], after: &[u8]) {
        let data = self.bytes.get(self.start..self.end).unwrap_or_default();
        self.bytes = [before, data, after].concat();
        for hole in &mut self.holes {
            hole.start = hole.start - self.start + before.len();
            hole.end = hole.end - self.start + before.len();
        }
        self.end = self.end - self.start + before.len();
        self.start = before.len();
    }

    /// How much stands before the data.
    #[inline]
    #[must_use]
    pub fn before(&self) -> usize {
        self.start
    }

    /// Reads what `input` begins with, and gives the data in it; `None` if that does
    /// not fit, and then no data is what was read last. What stands around the data is there too: [`Template::len_of`] tells
    /// how much all of it is.
    #[inline]
    pub fn fill<'i>(&mut self, input: &'i [u8]) -> Option<&'i [u8]> {
        let len = self.fit(input, 0, self.bytes.len())?;
        input.get(self.start..len - (self.bytes.len() - self.end))
    }

    /// As [`Template::fill`], where `data` stands alone, and all of it is to fit.
    pub fn fill_data(&mut self, data: &[u8]) -> bool {
        self.fit(data, self.start, self.end) == Some(data.len())
    }

    /// How long `data` is with what stands around it.
    #[inline]
    #[must_use]
    pub fn len_of(&self, data: &[u8]) -> usize {
        data.len() + self.bytes.len() - (self.end - self.start)
    }

    /// How many holes there are.
    #[must_use]
    pub fn holes(&self) -> usize {
        self.holes.len()
    }

    /// Which holes lie in `value`, which lies in `data`: the data that was read last.
    #[must_use]
    pub fn holes_in(&self, data: &str, value: Raw<'_>) -> Range<usize> {
        let Some((from, to)) = place(data, value) else {
            return 0..0;
        };
        let first = self.holes.partition_point(|hole| hole.found < from);
        let behind = self.holes.partition_point(|hole| hole.found_end <= to);
        first..behind.max(first)
    }

    /// Whether all these holes are numbers.
    #[must_use]
    pub fn are_numbers(&self, holes: Range<usize>) -> bool {
        let holes = self.holes.get(holes).unwrap_or_default();
        holes.iter().all(|hole| !hole.is_string)
    }

    /// How much of `value`, which lies in `data`, stands before and behind these
    /// holes. For [`Template::stretch`].
    #[must_use]
    pub fn around(
        &self,
        data: &str,
        value: Raw<'_>,
        holes: Range<usize>,
    ) -> Option<(usize, usize)> {
        let (from, to) = place(data, value)?;
        let holes = self.holes.get(holes)?;
        let before = holes.first()?.found.checked_sub(from)?;
        Some((before, to.checked_sub(holes.last()?.found_end)?))
    }

    /// The text of `data`, the data that was read last, from so much before the holes
    /// to so much behind them.
    #[must_use]
    pub fn stretch<'i>(
        &self,
        holes: Range<usize>,
        (before, behind): (usize, usize),
        data: &'i [u8],
    ) -> &'i str {
        let holes = self.holes.get(holes).unwrap_or_default();
        let start = holes
            .first()
            .and_then(|hole| hole.found.checked_sub(before));
        let end = holes.last().map_or(0, |hole| hole.found_end + behind);
        let bytes = start.and_then(|start| data.get(start..end));
        core::str::from_utf8(bytes.unwrap_or_default()).unwrap_or_default()
    }

    /// What stands in a hole of `data`, the data that was read last: the inside of
    /// a string, or the text of a number. Empty if there is no such hole.
    #[inline]
    #[must_use]
    pub fn text<'i>(&self, hole: usize, data: &'i [u8]) -> JsonStr<'i> {
        let Some(hole) = self.holes.get(hole) else {
            return JsonStr::default();
        };
        let bytes = data.get(hole.found..hole.found_end).unwrap_or_default();
        // It has been found to be UTF-8.
        let text = core::str::from_utf8(bytes).unwrap_or_default();
        JsonStr::trusted(text, hole.is_escaped)
    }

    fn hole(&self, (start, end): (usize, usize), is_string: bool) -> Hole {
        Hole {
            start: self.start + start,
            end: self.start + end,
            found: start,
            found_end: end,
            is_string,
            is_escaped: false,
        }
    }

    /// How much of `input` is what stands `from..to` in the template, but for
    /// holes.
    fn fit(&mut self, input: &[u8], from: usize, to: usize) -> Option<usize> {
        let around = self.start - from;
        let (mut at, mut known) = (0, from);
        for hole in &mut self.holes {
            let fixed = self.bytes.get(known..hole.start)?;
            let rest = input.get(at..)?.strip_prefix(fixed)?;
            at += fixed.len();
            let len = if hole.is_string {
                let (len, is_escaped) = string(rest)?;
                hole.is_escaped = is_escaped;
                len
            } else {
                number(rest)?
            };
            hole.found = at - around;
            at += len;
            hole.found_end = at - around;
            known = hole.end;
        }
        let fixed = self.bytes.get(known..to)?;
        let is_there = input.get(at..)?.starts_with(fixed);
        is_there.then_some(at + fixed.len())
    }
}

/// Where the inside of `value` lies in `data`.
fn place(data: &str, value: Raw<'_>) -> Option<(usize, usize)> {
    let text = value.text();
    let start = text.as_ptr().addr().checked_sub(data.as_ptr().addr())?;
    let inside = usize::from(value.kind() == Kind::String);
    let place = (start + inside, start + text.len().checked_sub(inside)?);
    (place.1 <= data.len()).then_some(place)
}
