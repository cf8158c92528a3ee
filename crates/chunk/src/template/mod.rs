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

mod block;
mod counted;
mod filled;
mod lexical;
mod part;
mod tokens;
mod words;

use alloc::{boxed::Box, vec::Vec};
use core::{mem, ops::Range};

use crate::raw::{Kind, Raw};
use block::Block;
pub use counted::CountedWord;
pub use filled::Filled;
use lexical::{LONGEST, number, string};
use tokens::{Token, Tokens};
use words::Texts;
pub use words::Word;

/// The most holes that a template may have.
const MOST_HOLES: usize = 24;

/// Data that was parsed in full, and which of its values may differ in what comes.
///
/// [`Template::fill`] reads what is the same elsewhere many times faster than a
/// parser does, and [`Filled::text`] gives its values. What does not fit is for
/// [`Payload::parse`](crate::Payload::parse), which accepts the same. A string or number of more
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
/// let filled = template.fill(read).expect("it fits");
/// assert_eq!(filled.text(0).as_str(), Some("lo"));
/// # Ok::<(), deltaic_chunk::ParseError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Template {
    /// What stands before the data, the data, and what stands behind it.
    ///
    /// Invariant: the data is UTF-8.
    block: Block,
    /// Where the data lies in it.
    start: usize,
    end: usize,
    /// Invariant: in their order, apart from each other, and none cuts a character of
    /// the data. What is outside of them is UTF-8, then.
    holes: Box<[Hole]>,
    /// How much of the block is outside of holes.
    fixed: usize,
    /// Where the holes are, if they are those of a text and of little else.
    texts: Option<Texts>,
}

/// A value that may differ: of a string, what is between its quotes. It lies within 4 GiB, and
/// is kept small: of many streams each is out of the caches when its turn comes.
#[derive(Clone, Copy, Debug)]
struct Hole {
    /// Where it lies in the block.
    start: u32,
    end: u32,
    /// Where it lay in the data that was read last.
    found: u32,
    found_end: u32,
    is_string: bool,
    /// What was read last has a backslash.
    is_escaped: bool,
    /// What was read last, or learned, is an integer: this, if it was read. It is beside its flag, as
    /// each hole takes room.
    is_integer: bool,
    integer: u64,
}

impl Template {
    /// Of `data`, which has been parsed in full, and stands between `before` and
    /// `after`.
    #[must_use]
    pub fn new(before: &[u8], data: &str, after: &[u8]) -> Self {
        Self {
            block: Block::new([before, data.as_bytes(), after]),
            start: before.len(),
            end: before.len() + data.len(),
            holes: Box::default(),
            fixed: before.len() + data.len() + after.len(),
            texts: None,
        }
    }

    /// Lets `value` differ from now on: a string or number that lies in `data`, which
    /// the template was made of or has learned last. False if it is none, ends behind 4 GiB, or
    /// there are too many.
    pub fn open(&mut self, data: &str, value: Raw<'_>) -> bool {
        let (Some(place), is_string) = (place(data, value), value.kind() == Kind::String) else {
            return false;
        };
        if !is_string && value.kind() != Kind::Number {
            return false;
        }
        self.block.keep_from(0);
        let Some(hole) = Hole::new(self.data(), self.start, place, is_string) else {
            return false;
        };
        let at = self.holes.partition_point(|other| other.start < hole.start);
        let (before, behind) = self.holes.split_at_checked(at).unwrap_or_default();
        if behind
            .first()
            .is_some_and(|known| known.start == hole.start)
        {
            return true;
        }
        let is_apart = before.last().is_none_or(|other| other.end <= hole.start)
            && behind.first().is_none_or(|other| hole.end <= other.start);
        let is_new = is_apart && self.holes.len() < MOST_HOLES;
        if is_new {
            let mut holes = mem::take(&mut self.holes).into_vec();
            holes.reserve_exact(1);
            holes.push(hole);
            holes.sort_unstable_by_key(|hole| hole.start);
            self.holes = holes.into();
            self.has_changed();
        }
        is_new
    }

    /// Takes over `data`, which has been parsed in full, if its shape is that of the
    /// template: each value that differs becomes a hole, and those that are holes
    /// remain so. False if it has another shape.
    ///
    /// ```
    /// use deltaic_chunk::Template;
    ///
    /// let mut template = Template::new(b"", r#"{"a":"x","n":1}"#, b"");
    /// assert!(template.learn(r#"{"a":"y","n":1}"#));
    /// assert!(!template.learn(r#"{"a":"y","m":1}"#));
    /// assert_eq!(template.holes(), 1);
    /// assert_eq!(template.fill_data(br#"{"a":"z","n":1}"#).expect("it fits").text(0), "z");
    /// assert!(template.fill_data(br#"{"a":"z","n":2}"#).is_none());
    /// ```
    pub fn learn(&mut self, data: &str) -> bool {
        self.block.keep_from(0);
        let known = self.data();
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
            let is_hole = self.holes.iter().any(|hole| hole.place().start == start);
            match (&old, &new) {
                (Token::String(_), Token::String(_)) | (Token::Number(_), Token::Number(_)) => {
                    if is_hole || !is_same {
                        let range = new.range();
                        let is_string = matches!(new, Token::String(_));
                        let place = (range.start, range.end);
                        let Some(hole) = Hole::new(data.as_bytes(), self.start, place, is_string)
                        else {
                            return false;
                        };
                        holes.push(hole);
                    }
                }
                (Token::Fixed(_), Token::Fixed(_)) if is_same => {}
                _ => return false,
            }
        }
        if holes.len() > MOST_HOLES {
            return false;
        }
        let before = self.block.get(0, self.start).unwrap_or_default();
        let after = self.block.get(self.end, self.block.len());
        let after = after.unwrap_or_default();
        self.block = Block::new([before, data.as_bytes(), after]);
        self.end = self.start + data.len();
        self.holes = holes.into();
        self.has_changed();
        true
    }

    /// Lets the data stand between these from now on.
    pub fn put_around(&mut self, before: &[u8], after: &[u8]) {
        self.block.keep_from(0);
        let data = self.data();
        self.block = Block::new([before, data, after]);
        let moved = |hole: &Hole| hole.moved(self.start, before.len());
        let holes: Option<Box<[Hole]>> = self.holes.iter().map(moved).collect();
        // Of those past 4 GiB none is one.
        self.holes = holes.unwrap_or_default();
        self.end = self.end - self.start + before.len();
        self.start = before.len();
        self.has_changed();
    }

    /// How much stands before the data.
    #[inline]
    #[must_use]
    pub fn before(&self) -> usize {
        self.start
    }

    /// How much stands behind the data.
    #[inline]
    #[must_use]
    pub fn after(&self) -> usize {
        self.block.len() - self.end
    }

    /// Reads what `input` begins with: data, and what stands around it. `None` if that
    /// does not fit, and then no data is what was read last.
    #[inline]
    pub fn fill<'i>(&mut self, input: &'i [u8]) -> Option<Filled<'_, 'i>> {
        let len = self.fit(input, 0, self.block.len())?;
        let data = input.get(self.start..len - self.after())?;
        Some(Filled::new(self, data, len))
    }

    /// As [`Template::fill`], where `data` stands alone, and all of it is to fit.
    pub fn fill_data<'i>(&mut self, data: &'i [u8]) -> Option<Filled<'_, 'i>> {
        let len = self.fit(data, self.start, self.end)?;
        (len == data.len()).then(|| Filled::new(self, data, len))
    }

    /// No block is longer that fits.
    #[inline]
    #[must_use]
    pub fn longest(&self) -> usize {
        self.block.len() + self.holes.len() * LONGEST
    }

    /// How long what fits is, but for what is in its holes.
    #[inline]
    #[must_use]
    pub fn fixed_len(&self) -> usize {
        self.fixed
    }

    /// How many holes there are.
    #[must_use]
    pub fn holes(&self) -> usize {
        self.holes.len()
    }

    /// Where a hole ends in the data that was read last.
    #[inline]
    #[must_use]
    pub fn hole_end(&self, hole: usize) -> Option<usize> {
        self.holes.get(hole).map(|hole| hole.found().end)
    }

    /// Which holes lie in `value`, which lies in `data`: the data that was read last.
    #[must_use]
    pub fn holes_in(&self, data: &str, value: Raw<'_>) -> Range<usize> {
        let Some((from, to)) = place(data, value) else {
            return 0..0;
        };
        let first = self.holes.partition_point(|hole| hole.found().start < from);
        let behind = self.holes.partition_point(|hole| hole.found().end <= to);
        first..behind.max(first)
    }

    /// Whether all these holes are numbers.
    #[must_use]
    pub fn are_numbers(&self, holes: Range<usize>) -> bool {
        let holes = self.holes.get(holes).unwrap_or_default();
        holes.iter().all(|hole| !hole.is_string)
    }

    /// How much of `value`, which lies in `data`, stands before and behind these
    /// holes. For [`Filled::stretch`].
    #[must_use]
    pub fn around(
        &self,
        data: &str,
        value: Raw<'_>,
        holes: Range<usize>,
    ) -> Option<(usize, usize)> {
        let (from, to) = place(data, value)?;
        let holes = self.holes.get(holes)?;
        let before = holes.first()?.found().start.checked_sub(from)?;
        Some((before, to.checked_sub(holes.last()?.found().end)?))
    }

    /// There are other holes, or other bytes around the data.
    fn has_changed(&mut self) {
        let holes = self.holes.iter().map(|hole| hole.place().len());
        self.fixed = self.block.len() - holes.sum::<usize>();
        self.texts = Texts::new(&self.holes);
    }

    /// What the template was made of, or has learned last. Where the block is kept from its
    /// start on.
    fn data(&self) -> &[u8] {
        self.block.get(self.start, self.end).unwrap_or_default()
    }

    /// How much of `input` is what stands `from..to` in the template, but for
    /// holes.
    #[inline]
    fn fit(&mut self, input: &[u8], from: usize, to: usize) -> Option<usize> {
        let around = self.start - from;
        let (mut rest, mut known) = (input, from);
        for hole in &mut self.holes {
            let Range { start, end } = hole.place();
            let fixed = self.block.get(known, start)?;
            rest = rest.strip_prefix(fixed)?;
            let len = if hole.is_string {
                let (len, is_escaped) = string(rest)?;
                hole.is_escaped = is_escaped;
                len
            } else {
                let (len, integer) = number(rest)?;
                hole.is_integer = integer.is_some();
                if let Some(integer) = integer {
                    hole.integer = integer;
                }
                len
            };
            let found = input.len() - rest.len() - around;
            (hole.found, hole.found_end) = (small(found)?, small(found + len)?);
            rest = rest.get(len..)?;
            known = end;
        }
        let rest = rest.strip_prefix(self.block.get(known, to)?)?;
        Some(input.len() - rest.len())
    }
}

impl Hole {
    /// At this place in `data`, which is UTF-8 and before which so much stands in the
    /// template. `None` if that cuts a character.
    fn new(
        data: &[u8],
        before: usize,
        (start, end): (usize, usize),
        is_string: bool,
    ) -> Option<Self> {
        let cuts = |at| data.get(at).is_some_and(|byte| byte & 0xC0 == 0x80);
        if start > end || end > data.len() || cuts(start) || cuts(end) {
            return None;
        }
        let is_integer = |value| matches!(number(value), Some((_, Some(_))));
        Some(Self {
            start: small(before + start)?,
            end: small(before + end)?,
            found: small(start)?,
            found_end: small(end)?,
            is_string,
            is_escaped: false,
            is_integer: !is_string && data.get(start..end).is_some_and(is_integer),
            integer: 0,
        })
    }

    /// Where it lies in the block.
    #[inline]
    fn place(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Where it lay in the data that was read last.
    #[inline]
    fn found(&self) -> Range<usize> {
        self.found as usize..self.found_end as usize
    }

    /// The same, where so much stands before the data `now`, and stood there `before`.
    fn moved(&self, before: usize, now: usize) -> Option<Self> {
        let Range { start, end } = self.place();
        Some(Self {
            start: small(start - before + now)?,
            end: small(end - before + now)?,
            ..*self
        })
    }
}

#[inline]
fn small(place: usize) -> Option<u32> {
    u32::try_from(place).ok()
}

/// Where the inside of `value` lies in `data`.
fn place(data: &str, value: Raw<'_>) -> Option<(usize, usize)> {
    let text = value.text();
    let start = text.as_ptr().addr().checked_sub(data.as_ptr().addr())?;
    let inside = usize::from(value.kind() == Kind::String);
    let place = (start + inside, start + text.len().checked_sub(inside)?);
    (place.1 <= data.len()).then_some(place)
}
