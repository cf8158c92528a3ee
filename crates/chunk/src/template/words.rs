//! What most chunks say.

use alloc::string::String;

use super::{
    Hole, Template,
    lexical::{is_plain_word, word},
};
use crate::string::JsonStr;

/// The text of a block, in which no half of a surrogate pair stands alone.
#[derive(Clone, Copy, Debug)]
pub struct Word<'i> {
    /// Invariant: begins with `len` bytes of UTF-8, the inside of a JSON string.
    from: &'i [u8],
    len: usize,
    is_escaped: bool,
}

/// Where one or two texts lie in a block. It is kept beside the block, and small: of many
/// streams each is out of the caches when its turn comes, and the holes lie elsewhere.
#[derive(Clone, Copy, Debug)]
pub(super) struct Texts {
    start: u32,
    /// The end of the last.
    end: u32,
    /// Where the first of two ends, and the second begins.
    between: Option<(u32, u32)>,
}

impl Texts {
    /// `None` if these are other holes.
    pub(super) fn new(holes: &[Hole]) -> Option<Self> {
        let (first, last, between) = match holes {
            [text] => (text, text, None),
            [first, second] => (first, second, Some((first.end, second.start))),
            _ => return None,
        };
        let are_texts = first.is_string && last.is_string;
        are_texts.then_some(Self {
            start: first.start,
            end: last.end,
            between,
        })
    }

    fn count(&self) -> usize {
        1 + usize::from(self.between.is_some())
    }
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
        let texts = self.texts.filter(|texts| hole < texts.count())?;
        self.block.keep_from(texts.start as usize);
        let (before, joint) = self.block.around(texts.end as usize)?;
        let Some((from, to)) = texts.between else {
            return run(before, joint, input, most, Word::at, take);
        };
        let between = self.block.get(from as usize, to as usize)?;
        let both = |from: &'i [u8]| {
            let (first, rest) = Word::at(from)?;
            let (second, rest) = Word::at(rest.strip_prefix(between)?)?;
            Some((if hole == 0 { first } else { second }, rest))
        };
        run(before, joint, input, most, both, take)
    }

    /// Appends to `text` what `block` says, if all of that is one block which fits, and a text is in the
    /// one hole there is. As [`Template::words`], after that has read a block; and faster, for the
    /// length tells where the text ends.
    ///
    /// False, and nothing is appended, if it does not.
    ///
    /// ```
    /// use deltaic_chunk::Template;
    ///
    /// let mut template = Template::new(b"data: ", r#"{"a":"x"}"#, b"\n\n");
    /// template.learn(r#"{"a":"y"}"#);
    /// let mut text = String::new();
    /// template.words(0, b"data: {\"a\":\"to\"}\n\n", 1, |word| word.push_to(&mut text));
    /// assert!(template.push_word(b"data: {\"a\":\"ken\"}\n\n", &mut text));
    /// assert!(!template.push_word(b"data: {\"a\":\"ken\"}\n\ndata: [DONE]\n\n", &mut text));
    /// assert_eq!(text, "token");
    /// ```
    #[inline]
    pub fn push_word(&self, block: &[u8], text: &mut String) -> bool {
        let Some((from, len)) = self.only_text(block) else {
            return false;
        };
        match from.first_chunk() {
            Some(bytes) if is_plain_word(bytes, len) => {
                let word = Word {
                    from,
                    len,
                    is_escaped: false,
                };
                word.copy_to(text);
                true
            }
            _ => push_other(from, len, text),
        }
    }

    /// What the text of `block` begins, and how long that is, if all else fits.
    #[inline]
    fn only_text<'i>(&self, block: &'i [u8]) -> Option<(&'i [u8], usize)> {
        let texts = self.texts.filter(|texts| texts.between.is_none())?;
        let (before, behind) = self.block.sides(texts.end as usize)?;
        let from = block.strip_prefix(before)?;
        Some((from, from.strip_suffix(behind)?.len()))
    }

    /// Whether [`Template::words`] reads what fits, unless half of a surrogate pair stands alone
    /// in it: there are one or two holes, and those are strings.
    #[must_use]
    pub fn has_words(&self) -> bool {
        self.texts.is_some()
    }
}

/// Reads blocks, of which `before` stands before the texts, and `joint` between those of two.
/// `said` reads the texts of one, and gives what is behind them.
#[inline]
fn run<'i>(
    before: &[u8],
    joint: &[u8],
    input: &'i [u8],
    most: usize,
    said: impl Fn(&'i [u8]) -> Option<(Word<'i>, &'i [u8])>,
    mut take: impl FnMut(Word<'i>),
) -> Option<(u64, &'i [u8])> {
    let behind = joint.get(..joint.len().checked_sub(before.len())?)?;
    let mut from = input.strip_prefix(before)?;
    let mut count = 0;
    while let Some((word, rest)) = said(from) {
        // One comparison takes less than two, so that the last block is left over.
        if let Some(next) = rest.strip_prefix(joint).filter(|_| count + 1 < most) {
            take(word);
            count += 1;
            from = next;
            continue;
        }
        let Some(rest) = rest.strip_prefix(behind) else {
            break;
        };
        take(word);
        return Some((count as u64 + 1, rest));
    }
    let at = input.len() - from.len() - before.len();
    (count > 0).then_some((count as u64, input.get(at..)?))
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

    #[inline(always)]
    #[expect(
        clippy::inline_always,
        reason = "where it is known that the word is short, all that is left is the copy"
    )]
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

/// Appends to `text` the word that `from` begins with, if that is so long.
#[inline(never)]
fn push_other(from: &[u8], len: usize, text: &mut String) -> bool {
    let word = Word::at(from).filter(|(word, _)| word.len == len);
    if let Some((word, _)) = &word {
        word.push_to(text);
    }
    word.is_some()
}

/// Appends to `text` what `raw` says, which is the inside of a JSON string.
#[inline(never)]
fn decode(raw: &[u8], text: &mut String) {
    let raw = core::str::from_utf8(raw).unwrap_or_default();
    // A `String` takes all that is written.
    let _ = JsonStr::trusted(raw, true).decode_into(text);
}
