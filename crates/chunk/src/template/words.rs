//! What most chunks say.

use alloc::{string::String, vec::Vec};

use super::{Template, lexical::word};
use crate::string::JsonStr;

/// The text of a block, in which no half of a surrogate pair stands alone.
#[derive(Clone, Copy, Debug)]
pub struct Word<'i> {
    /// Invariant: begins with `len` bytes of UTF-8, the inside of a JSON string.
    from: &'i [u8],
    len: usize,
    is_escaped: bool,
}

impl Template {
    /// Reads the blocks that `input` begins with, one behind the other and not more than `most`, as long
    /// as they fit and no half of a surrogate pair stands alone in their texts. `take` is
    /// given what is in this `hole`, where that and at most one other are all holes there
    /// are, and strings. Most chunks say one word; this is for them, and faster than
    /// [`Template::fill`].
    ///
    /// Gives how many there were, and what is behind them; `None` if there was none.
    ///
    /// ```
    /// use deltaic_chunk::Template;
    ///
    /// let mut template = Template::new(b"data: ", r#"{"a":"x"}"#, b"\n\n");
    /// template.learn(r#"{"a":"y"}"#);
    /// let read = b"data: {\"a\":\"to\"}\n\ndata: {\"a\":\"ken\"}\n\ndata: [DONE]\n\n";
    /// let mut text = String::new();
    /// let (count, rest) = template.words(0, read, 99, |word| word.push_to(&mut text)).expect("words");
    /// assert_eq!((count, &*text, rest), (2, "token", &b"data: [DONE]\n\n"[..]));
    /// ```
    #[inline]
    pub fn words<'i>(
        &mut self,
        hole: usize,
        input: &'i [u8],
        most: usize,
        take: impl FnMut(Word<'i>),
    ) -> Option<(u64, &'i [u8])> {
        let Self { bytes, holes, .. } = self;
        match &**holes {
            [text] if text.is_string && hole == 0 => {
                let mut blocks = Blocks {
                    before: bytes.get(..text.start)?,
                    behind: bytes.get(text.end..)?,
                    joint: &mut self.joint,
                };
                blocks.read(input, most, Word::at, take)
            }
            [first, second] if first.is_string && second.is_string && hole < 2 => {
                let mut blocks = Blocks {
                    before: bytes.get(..first.start)?,
                    behind: bytes.get(second.end..)?,
                    joint: &mut self.joint,
                };
                let between = bytes.get(first.end..second.start)?;
                let both = |from: &'i [u8]| {
                    let (first, rest) = Word::at(from)?;
                    let (second, rest) = Word::at(rest.strip_prefix(between)?)?;
                    Some((if hole == 0 { first } else { second }, rest))
                };
                blocks.read(input, most, both, take)
            }
            _ => None,
        }
    }
}

/// What is the same in each block.
struct Blocks<'t> {
    /// What stands before the first text.
    before: &'t [u8],
    /// What stands behind the last.
    behind: &'t [u8],
    /// Both together, as they stand between two blocks: empty till it is needed.
    joint: &'t mut Vec<u8>,
}

impl Blocks<'_> {
    /// `said` reads the texts of a block, and gives what is behind them.
    #[inline]
    fn read<'i>(
        &mut self,
        input: &'i [u8],
        most: usize,
        said: impl Fn(&'i [u8]) -> Option<(Word<'i>, &'i [u8])>,
        mut take: impl FnMut(Word<'i>),
    ) -> Option<(u64, &'i [u8])> {
        let (word, rest) = said(input.strip_prefix(self.before)?)?;
        let rest = rest.strip_prefix(self.behind)?;
        take(word);
        if rest.is_empty() || most == 1 {
            return Some((1, rest));
        }
        let (more, rest) = self.run(rest, most - 1, said, take);
        Some((1 + more, rest))
    }

    /// As [`Blocks::read`], where a block was before. Not inlined: it needs all registers.
    #[inline(never)]
    fn run<'i>(
        &mut self,
        input: &'i [u8],
        most: usize,
        said: impl Fn(&'i [u8]) -> Option<(Word<'i>, &'i [u8])>,
        mut take: impl FnMut(Word<'i>),
    ) -> (u64, &'i [u8]) {
        let Self { before, behind, .. } = *self;
        if self.joint.is_empty() {
            *self.joint = [behind, before].concat();
        }
        let joint = self.joint.as_slice();
        let Some(mut from) = input.strip_prefix(before) else {
            return (0, input);
        };
        let mut count = 0;
        // One comparison takes less than two, so that the last block is left over.
        while let Some((word, rest)) = said(from).filter(|_| count + 1 < most) {
            let Some(next) = rest.strip_prefix(joint) else {
                break;
            };
            take(word);
            count += 1;
            from = next;
        }
        let last = said(from).and_then(|(word, rest)| Some((word, rest.strip_prefix(behind)?)));
        if let Some((word, rest)) = last {
            take(word);
            return (count as u64 + 1, rest);
        }
        let at = input.len() - from.len() - before.len();
        (count as u64, input.get(at..).unwrap_or_default())
    }
}

impl<'i> Word<'i> {
    /// At the start of `from`, up to its quote; and that quote, and what is behind it.
    #[inline]
    fn at(from: &'i [u8]) -> Option<(Self, &'i [u8])> {
        let (len, is_escaped) = word(from)?;
        let word = Self {
            from,
            len,
            is_escaped,
        };
        Some((word, from.get(len..)?))
    }

    /// Appends what it says to `text`.
    #[inline]
    pub fn push_to(&self, text: &mut String) {
        if self.is_escaped {
            decode(self.from.get(..self.len).unwrap_or_default(), text);
        } else {
            self.copy_to(text);
        }
    }

    #[inline]
    #[expect(
        unsafe_code,
        reason = "words differ in length: to copy just as much takes longer"
    )]
    fn copy_to(&self, text: &mut String) {
        // SAFETY: what is left of what is appended is UTF-8, by the invariant of `from`. Nothing
        // can panic while more is there: `truncate` only drops bytes.
        let bytes = unsafe { text.as_mut_vec() };
        match self.from.first_chunk::<16>() {
            Some(block) if self.len <= block.len() => {
                let end = bytes.len() + self.len;
                bytes.extend_from_slice(block);
                bytes.truncate(end);
            }
            _ => bytes.extend_from_slice(self.from.get(..self.len).unwrap_or_default()),
        }
    }
}

/// Appends to `text` what `raw` says, which is the inside of a JSON string.
#[inline(never)]
fn decode(raw: &[u8], text: &mut String) {
    let raw = core::str::from_utf8(raw).unwrap_or_default();
    // A `String` takes all that is written.
    let _ = JsonStr::trusted(raw, true).decode_into(text);
}
