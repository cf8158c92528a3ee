//! What most chunks say.

use alloc::string::String;

use super::{
    Hole, Template,
    counted::are_counted,
    lexical::{is_plain_word, number, word},
};
use crate::string::{JsonStr, escaped};

/// The text of a block, in which no half of a surrogate pair stands alone.
#[derive(Clone, Copy, Debug)]
pub struct Word<'i> {
    /// Invariant: begins with `len` bytes of UTF-8, the inside of a JSON string.
    from: &'i [u8],
    len: usize,
    is_escaped: bool,
}

/// Where the holes lie in a block, if they are a text and little else. It is kept beside the
/// block, and small: of many streams each is out of the caches when its turn comes, and the holes
/// lie elsewhere.
#[derive(Clone, Copy, Debug)]
pub(super) struct Texts {
    /// The start of the first hole.
    pub(super) start: u32,
    /// The end of the last hole.
    pub(super) end: u32,
    pub(super) beside: Beside,
}

/// What is in the other holes: of one before the text also where that ends, and the text begins.
#[derive(Clone, Copy, Debug)]
pub(super) enum Beside {
    Nothing,
    Text(u32, u32),
    Number(u32, u32),
    /// A few, all of them before the text or behind it.
    Numbers,
}

impl Texts {
    /// `None` if these are other holes.
    pub(super) fn new(holes: &[Hole]) -> Option<Self> {
        let beside = match holes {
            [text] if text.is_string => Beside::Nothing,
            [first, text] if first.is_string && text.is_string => {
                Beside::Text(first.end, text.start)
            }
            [number, text] if text.is_string => Beside::Number(number.end, text.start),
            _ if are_counted(holes) => Beside::Numbers,
            _ => return None,
        };
        Some(Self {
            start: holes.first()?.start,
            end: holes.last()?.end,
            beside,
        })
    }
}

impl Template {
    /// Reads the blocks that `input` begins with, one behind the other and not more than `most`, which is 1 or
    /// more, as long as they fit and no half of a surrogate pair stands alone in their texts. `take` is
    /// given what is in this `hole`, where that and at most one other are all holes there
    /// are, and strings; where it gives false, that block and those behind it are left over. Most
    /// chunks say one word; this is for them, and faster than [`Template::fill`].
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
    /// let read = template.words(0, read, 99, |word| {
    ///     word.push_to(&mut text);
    ///     true
    /// });
    /// assert_eq!((read, &*text), (Some((2, &b"data: [DONE]\n\n"[..])), "token"));
    /// ```
    #[inline]
    pub fn words<'i>(
        &mut self,
        hole: usize,
        input: &'i [u8],
        most: usize,
        take: impl FnMut(Word<'i>) -> bool,
    ) -> Option<(u64, &'i [u8])> {
        let texts = self.texts?;
        self.block.keep_from(texts.start as usize);
        let (before, joint) = self.block.around(texts.end as usize)?;
        let (from, to) = match (texts.beside, hole) {
            (Beside::Nothing, 0) => return run(before, joint, input, most, Word::at, take),
            (Beside::Text(from, to), 0 | 1) => (from, to),
            _ => return None,
        };
        let between = self.block.get(from as usize, to as usize)?;
        let both = |from: &'i [u8]| {
            let (first, rest) = Word::at(from)?;
            let (second, rest) = Word::at(rest.strip_prefix(between)?)?;
            Some((if hole == 0 { first } else { second }, rest))
        };
        run(before, joint, input, most, both, take)
    }

    /// As [`Template::words`], where all holes are a number and a text behind it, as in the fragments of
    /// tool calls that take turns. `take` is given both; a number is to be an integer of 64 bits from
    /// 0.
    ///
    /// ```
    /// use deltaic_chunk::Template;
    ///
    /// let mut template = Template::new(b"data: ", r#"{"at":0,"a":"x"}"#, b"\n\n");
    /// template.learn(r#"{"at":1,"a":"y"}"#);
    /// let read = b"data: {\"at\":0,\"a\":\"to\"}\n\ndata: {\"at\":1,\"a\":\"ken\"}\n\n";
    /// let mut texts = [String::new(), String::new()];
    /// let read = template.numbered_words(read, 99, |at, word| {
    ///     word.push_to(&mut texts[at as usize]);
    ///     true
    /// });
    /// assert_eq!((read, texts), (Some((2, &b""[..])), ["to".into(), "ken".into()]));
    /// ```
    #[inline]
    pub fn numbered_words<'i>(
        &mut self,
        input: &'i [u8],
        most: usize,
        mut take: impl FnMut(u64, Word<'i>) -> bool,
    ) -> Option<(u64, &'i [u8])> {
        let texts = self.texts?;
        let Beside::Number(from, to) = texts.beside else {
            return None;
        };
        self.block.keep_from(texts.start as usize);
        let (before, joint) = self.block.around(texts.end as usize)?;
        let between = self.block.get(from as usize, to as usize)?;
        let both = |from: &'i [u8]| {
            let (len, number) = number(from)?;
            let (word, rest) = Word::at(from.get(len..)?.strip_prefix(between)?)?;
            Some(((number?, word), rest))
        };
        let take = |(number, word)| take(number, word);
        run(before, joint, input, most, both, take)
    }

    /// Appends to `text` what `block` says, if all of that is one block which fits, and a text is in the
    /// one hole there is. As [`Template::words`], and faster, for the length tells where the text
    /// ends.
    ///
    /// False, and nothing is appended, if it does not, or that has not been asked since the template
    /// has changed.
    ///
    /// ```
    /// use deltaic_chunk::Template;
    ///
    /// let mut template = Template::new(b"data: ", r#"{"a":"x"}"#, b"\n\n");
    /// template.learn(r#"{"a":"y"}"#);
    /// let mut text = String::new();
    /// assert!(template.words(0, b"data: {\"a\":\"y\"}\n\n", 1, |_| true).is_some());
    /// assert!(template.push_word(b"data: {\"a\":\"token\"}\n\n", &mut text));
    /// assert!(!template.push_word(b"data: {\"a\":\"token\"}\n\ndata: [DONE]\n\n", &mut text));
    /// assert_eq!(text, "token");
    /// ```
    #[inline]
    pub fn push_word(&self, block: &[u8], text: &mut String) -> bool {
        let Some((from, len)) = self.only_text(block) else {
            return false;
        };
        match from.first_chunk() {
            Some(bytes) if is_plain_word(bytes, len) => {
                // ASCII, without a quote, a backslash or a control byte.
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

    /// Whether [`Template::push_word`] would append what `block` says: for who does not keep it.
    ///
    /// ```
    /// use deltaic_chunk::Template;
    ///
    /// let mut template = Template::new(b"data: ", r#"{"a":"x"}"#, b"\n\n");
    /// template.learn(r#"{"a":"y"}"#);
    /// assert!(template.words(0, b"data: {\"a\":\"y\"}\n\n", 1, |_| true).is_some());
    /// assert!(template.is_word(b"data: {\"a\":\"token\"}\n\n"));
    /// assert!(!template.is_word(b"data: {\"a\":\"token\",\"n\":1}\n\n"));
    /// ```
    #[inline]
    #[must_use]
    pub fn is_word(&self, block: &[u8]) -> bool {
        let is_word = |(from, len): (&[u8], usize)| match from.first_chunk() {
            Some(bytes) if is_plain_word(bytes, len) => true,
            _ => Word::of(from, len).is_some(),
        };
        self.only_text(block).is_some_and(is_word)
    }

    /// What the text of `block` begins, and how long that is, if all else fits.
    #[inline]
    fn only_text<'i>(&self, block: &'i [u8]) -> Option<(&'i [u8], usize)> {
        let texts = self.texts.filter(|_| self.has_one_word())?;
        let (before, behind) = self.block.sides(texts.start as usize, texts.end as usize)?;
        let from = block.strip_prefix(before)?;
        Some((from, from.strip_suffix(behind)?.len()))
    }

    /// Whether [`Template::push_word`] may read a block of this length: not if that is more than one.
    #[inline]
    #[must_use]
    pub fn may_be_word(&self, len: usize) -> bool {
        let least = self.fixed_len();
        len.wrapping_sub(least) < least && self.has_one_word()
    }

    /// Whether [`Template::push_word`] may read what fits: there is one hole, and that is a string.
    #[inline]
    #[must_use]
    pub fn has_one_word(&self) -> bool {
        let is_alone = |texts: Texts| matches!(texts.beside, Beside::Nothing);
        self.texts.is_some_and(is_alone)
    }

    /// Whether [`Template::words`] reads what fits, unless half of a surrogate pair stands alone
    /// in it: there are one or two holes, and those are strings.
    #[must_use]
    pub fn has_words(&self) -> bool {
        let is_of_texts = |texts: Texts| matches!(texts.beside, Beside::Nothing | Beside::Text(..));
        self.texts.is_some_and(is_of_texts)
    }

    /// Whether [`Template::numbered_words`] reads what fits, unless half of a surrogate pair stands alone
    /// in it or the number is none of those: there are two holes, a number and a string.
    #[must_use]
    pub fn has_numbered_words(&self) -> bool {
        let is_of_number = |texts: Texts| matches!(texts.beside, Beside::Number(..));
        self.texts.is_some_and(is_of_number)
    }
}

/// Reads blocks, of which `before` stands before the holes, and `joint` between those of two.
/// `said` reads the holes of one, and gives what is behind them; `take` takes what was in them, or
/// leaves it over.
#[inline]
pub(super) fn run<'i, T>(
    before: &[u8],
    joint: &[u8],
    input: &'i [u8],
    most: usize,
    said: impl Fn(&'i [u8]) -> Option<(T, &'i [u8])>,
    mut take: impl FnMut(T) -> bool,
) -> Option<(u64, &'i [u8])> {
    let behind = joint.get(..joint.len().checked_sub(before.len())?)?;
    let mut from = input.strip_prefix(before)?;
    let mut count = 0;
    while let Some((what, rest)) = said(from) {
        // One comparison takes less than two, so that the last block is left over.
        if let Some(next) = rest.strip_prefix(joint).filter(|_| count + 1 < most) {
            if !take(what) {
                break;
            }
            count += 1;
            from = next;
            continue;
        }
        let rest = rest.strip_prefix(behind);
        if let Some(rest) = rest.filter(|_| take(what)) {
            return Some((count as u64 + 1, rest));
        }
        break;
    }
    let at = input.len() - from.len() - before.len();
    (count > 0).then_some((count as u64, input.get(at..)?))
}

impl<'i> Word<'i> {
    /// At the start of `from`, up to its quote; and that quote, and what is behind it.
    #[inline]
    pub(super) fn at(from: &'i [u8]) -> Option<(Self, &'i [u8])> {
        let (len, is_escaped) = word(from)?;
        let word = Self {
            from,
            len,
            is_escaped,
        };
        Some((word, from.get(len..)?))
    }

    /// At the start of `from`, if the quote behind it stands there.
    fn of(from: &'i [u8], len: usize) -> Option<Self> {
        let (word, _) = Self::at(from)?;
        (word.len == len).then_some(word)
    }

    /// Whether an escape stands in it. If not, it says what stands there: no quote, backslash or control
    /// character.
    #[inline]
    #[must_use]
    pub fn is_escaped(&self) -> bool {
        self.is_escaped
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
    let word = Word::of(from, len);
    if let Some(word) = &word {
        word.push_to(text);
    }
    word.is_some()
}

/// Appends to `text` what `raw` says, which is the inside of a JSON string.
#[inline(never)]
fn decode(raw: &[u8], text: &mut String) {
    let mut rest = raw;
    // Most are a line end or a quote, and a word.
    loop {
        let (char, behind) = match rest {
            [] => return,
            [b'\\', letter, behind @ ..] => (escaped(*letter), behind),
            [byte, behind @ ..] => (byte.is_ascii().then_some(char::from(*byte)), behind),
        };
        let Some(char) = char else { break };
        text.push(char);
        rest = behind;
    }
    let rest = core::str::from_utf8(rest).unwrap_or_default();
    // A `String` takes all that is written.
    let _ = JsonStr::trusted(rest, true).decode_into(text);
}
