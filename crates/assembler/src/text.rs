//! A string that grows by pieces of JSON text.

use alloc::{boxed::Box, string::String};
use core::{
    fmt,
    ops::{self, Range},
};

use deltaic_chunk::{JsonStr, Piece};

use crate::notes::{Notes, Place};

/// A string that was put together from the strings of several deltas.
///
/// A server may cut a character outside the basic plane in two and send each
/// half, as an escape, in a delta of its own. A half that may still find its
/// other half is held back: it is not in the text until the next delta decides.
///
/// ```
/// use deltaic_assembler::Assembler;
/// use deltaic_chunk::Payload;
///
/// let mut assembler = Assembler::new();
/// let mut texts = Vec::new();
/// for piece in [r"a\ud83e", r"\udd80"] {
///     let chunk = format!(r#"{{"choices":[{{"delta":{{"content":"{piece}"}}}}]}}"#);
///     assembler.push(&Payload::parse(chunk.as_bytes())?, 0);
///     let content = assembler.completion().choices[0].message.content.clone();
///     texts.push(content.expect("it came"));
/// }
/// assert_eq!(texts, ["a", "a🦀"]);
/// // It is a `str` in all but name.
/// assert!(texts[1].ends_with('🦀') && texts[1].as_str().len() == 5);
/// assert_eq!(String::from(texts.remove(0)), "a");
/// # Ok::<(), deltaic_chunk::ParseError>(())
/// ```
#[derive(Clone, Default)]
pub struct Text {
    text: String,
    /// Few texts ever have one.
    half: Option<Box<Half>>,
}

/// The high surrogate that the last piece ended in.
#[derive(Clone, Copy)]
struct Half {
    unit: u16,
    /// Where the data of its event begins.
    at: u64,
    /// It is of a copy, and told of elsewhere.
    is_copy: bool,
}

impl Text {
    /// The text so far.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Takes room for a line, which most texts that begin have: so it grows a few times less.
    pub(crate) fn make_room(&mut self) {
        const LINE: usize = 64;
        self.text.reserve(LINE);
    }

    /// Appends what `piece` says. Half a surrogate pair that stands alone becomes
    /// U+FFFD, and a finding about `place`.
    #[inline]
    pub(crate) fn append(&mut self, piece: JsonStr<'_>, place: Place, notes: &mut Notes<'_>) {
        match (self.plain_mut(), piece.as_str()) {
            (Some(text), Some(plain)) => text.push_str(plain),
            _ => self.append_with(piece, notes.at, false, |at| notes.half(place, at)),
        }
    }

    /// For what needs no decoding, unless half a surrogate pair waits.
    #[inline]
    pub(crate) fn plain_mut(&mut self) -> Option<&mut String> {
        self.half.is_none().then_some(&mut self.text)
    }

    /// As [`Text::append`], of a copy of what has been appended elsewhere.
    pub(crate) fn append_copy(&mut self, piece: JsonStr<'_>) {
        self.append_with(piece, 0, true, |_| {});
    }

    /// Tells where halves came from that stand `alone`.
    fn append_with(
        &mut self,
        piece: JsonStr<'_>,
        at: u64,
        is_copy: bool,
        mut alone: impl FnMut(u64),
    ) {
        self.text.reserve(piece.as_raw().len());
        for piece in piece.pieces() {
            let half = self.half.take();
            if let (Some(half), Piece::Surrogate(low @ 0xDC00..=0xDFFF)) = (&half, piece) {
                let both = char::decode_utf16([half.unit, low]);
                self.text.extend(both.flatten());
                continue;
            }
            if let Some(half) = half {
                self.text.push(char::REPLACEMENT_CHARACTER);
                alone(half.at);
            }
            match piece {
                Piece::Text(text) => self.text.push_str(text),
                Piece::Char(char) => self.text.push(char),
                Piece::Surrogate(unit @ 0xD800..=0xDBFF) => {
                    self.half = Some(Box::new(Half { unit, at, is_copy }));
                }
                Piece::Surrogate(_) => {
                    self.text.push(char::REPLACEMENT_CHARACTER);
                    alone(at);
                }
            }
        }
    }

    /// Whether nothing has come, not even half a surrogate pair.
    pub(crate) fn is_untouched(&self) -> bool {
        self.text.is_empty() && self.half.is_none()
    }

    pub(crate) fn push_str(&mut self, text: &str, place: Place, notes: &mut Notes<'_>) {
        self.settle(place, notes);
        self.text.push_str(text);
    }

    /// Drops what has come, but for half a pair that waits.
    pub(crate) fn forget(&mut self) {
        self.keep(0);
    }

    /// As [`Text::forget`], but for the first character too: there is still a text.
    pub(crate) fn forget_but_first(&mut self) {
        self.keep(self.text.chars().next().map_or(0, char::len_utf8));
    }

    fn keep(&mut self, len: usize) {
        /// What the next pieces are likely to need.
        const ROOM: usize = 512;
        #[expect(clippy::disallowed_methods, reason = "a character ends there")]
        self.text.truncate(len);
        // A server may have said very much at a time.
        self.text.shrink_to(ROOM);
    }

    /// No more will come: a half that waits stands alone. Gives where what that
    /// has added lies.
    pub(crate) fn settle(&mut self, place: Place, notes: &mut Notes<'_>) -> Range<usize> {
        let before = self.text.len();
        if let Some(half) = self.half.take() {
            self.text.push(char::REPLACEMENT_CHARACTER);
            if !half.is_copy {
                notes.half(place, half.at);
            }
        }
        before..self.text.len()
    }
}

impl From<Text> for String {
    fn from(text: Text) -> Self {
        text.text
    }
}

impl ops::Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.fmt(f)
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.fmt(f)
    }
}

impl Eq for Text {}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl PartialEq<str> for Text {
    fn eq(&self, other: &str) -> bool {
        self.text == other
    }
}

impl PartialEq<&str> for Text {
    fn eq(&self, other: &&str) -> bool {
        self.text == *other
    }
}
