//! What most chunks say.

use alloc::string::String;

use super::lexical::word;

/// Blocks that differ in one or two texts only, from the start of a slice on:
/// [`Template::words`](super::Template::words).
#[derive(Clone, Debug)]
pub struct Words<'t, 'i> {
    /// What stands before the first text, between both, and behind the last.
    pub(super) before: &'t [u8],
    pub(super) between: Option<&'t [u8]>,
    pub(super) behind: &'t [u8],
    /// The first is the one that is asked for.
    pub(super) is_first: bool,
    pub(super) rest: &'i [u8],
}

/// The text of a block that has no escape.
#[derive(Clone, Copy, Debug)]
pub struct Word<'i> {
    /// Invariant: begins with `len` bytes of UTF-8.
    from: &'i [u8],
    len: usize,
}

impl<'i> Words<'_, 'i> {
    /// What stands behind the blocks that were given.
    #[inline]
    #[must_use]
    pub fn rest(&self) -> &'i [u8] {
        self.rest
    }
}

impl<'i> Iterator for Words<'_, 'i> {
    type Item = Word<'i>;

    #[inline]
    fn next(&mut self) -> Option<Word<'i>> {
        let from = self.rest.strip_prefix(self.before)?;
        let mut said = Word::at(from)?;
        let mut rest = from.get(said.len..)?;
        if let Some(between) = self.between {
            let from = rest.strip_prefix(between)?;
            let second = Word::at(from)?;
            rest = from.get(second.len..)?;
            if !self.is_first {
                said = second;
            }
        }
        self.rest = rest.strip_prefix(self.behind)?;
        Some(said)
    }
}

impl<'i> Word<'i> {
    /// At the start of `from`, up to its quote.
    #[inline]
    fn at(from: &'i [u8]) -> Option<Self> {
        let len = word(from)?;
        Some(Self { from, len })
    }

    /// Appends it to `text`.
    #[inline]
    #[expect(
        unsafe_code,
        reason = "words differ in length: to copy just as much takes longer"
    )]
    pub fn push_to(&self, text: &mut String) {
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
