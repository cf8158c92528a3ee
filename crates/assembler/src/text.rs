//! A string that grows by pieces of JSON text.

use alloc::string::String;
use core::{fmt, ops};

use deltaic_chunk::{JsonStr, Piece};

/// A string that was put together from the strings of several deltas.
///
/// A server may cut a character outside the basic plane in two and send each
/// half, as an escape, in a delta of its own. A half that may still find its
/// other half is held back: it is not in the text until the next delta decides.
#[derive(Clone, Default)]
pub struct Text {
    text: String,
    /// The high surrogate that the last piece ended in.
    half: Option<u16>,
}

impl Text {
    /// The text so far.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Appends what `piece` says. False if half a surrogate pair stood alone and
    /// became U+FFFD.
    pub(crate) fn append(&mut self, piece: JsonStr<'_>) -> bool {
        if let (None, Some(plain)) = (self.half, piece.as_str()) {
            self.text.push_str(plain);
            return true;
        }
        let mut whole = true;
        for piece in piece.pieces() {
            whole &= self.append_piece(piece);
        }
        whole
    }

    fn append_piece(&mut self, piece: Piece<'_>) -> bool {
        let half = self.half.take();
        if let (Some(high), Piece::Surrogate(low @ 0xDC00..=0xDFFF)) = (half, piece) {
            self.text.extend(char::decode_utf16([high, low]).flatten());
            return true;
        }
        if half.is_some() {
            self.text.push(char::REPLACEMENT_CHARACTER);
        }
        match piece {
            Piece::Text(text) => self.text.push_str(text),
            Piece::Char(char) => self.text.push(char),
            Piece::Surrogate(high @ 0xD800..=0xDBFF) => self.half = Some(high),
            Piece::Surrogate(_) => {
                self.text.push(char::REPLACEMENT_CHARACTER);
                return false;
            }
        }
        half.is_none()
    }

    pub(crate) fn push_str(&mut self, text: &str) {
        self.settle();
        self.text.push_str(text);
    }

    /// No more will come. False if half a surrogate pair was waiting.
    pub(crate) fn settle(&mut self) -> bool {
        let half = self.half.take();
        if half.is_some() {
            self.text.push(char::REPLACEMENT_CHARACTER);
        }
        half.is_none()
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
