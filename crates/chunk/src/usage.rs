//! Token counts.

use crate::raw::Raw;

/// The token counts of a server, as it sent them. What it did not send is
/// `None`, never 0.
///
/// ```
/// use deltaic_chunk::{Raw, Usage};
///
/// let raw = Raw::parse(br#"{"total_tokens":9,"prompt_tokens_details":{"cached_tokens":4},"cost":0.1}"#)?;
/// let usage = Usage::read(raw);
/// assert_eq!((usage.total_tokens(), usage.cached_tokens()), (Some(9), Some(4)));
/// // Nothing is made up, and nothing lost.
/// assert_eq!(usage.prompt_tokens(), None);
/// assert_eq!(usage.raw().get("cost").as_f64(), Some(0.1));
/// # Ok::<(), deltaic_chunk::ParseError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Usage<'a> {
    raw: Raw<'a>,
}

impl<'a> Usage<'a> {
    /// Reads a `usage` object.
    ///
    /// ```
    /// use deltaic_chunk::{Payload, Usage};
    ///
    /// let data = br#"{"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":5,
    ///     "prompt_tokens_details":{"cached_tokens":4},"completion_tokens_details":{"reasoning_tokens":3}}}"#;
    /// let Payload::Chunk(chunk) = Payload::parse(data)? else {
    ///     panic!("not a chunk");
    /// };
    /// let usage = Usage::read(chunk.usage);
    /// assert_eq!((usage.prompt_tokens(), usage.cached_tokens()), (Some(9), Some(4)));
    /// assert_eq!((usage.completion_tokens(), usage.reasoning_tokens()), (Some(5), Some(3)));
    /// // The server has not said so, and nobody adds it up.
    /// assert_eq!(usage.total_tokens(), None);
    /// # Ok::<(), deltaic_chunk::ParseError>(())
    /// ```
    #[must_use]
    pub fn read(raw: Raw<'a>) -> Self {
        Self { raw }
    }

    /// The object as it stands.
    #[must_use]
    pub fn raw(self) -> Raw<'a> {
        self.raw
    }

    /// Tokens of the request, those read from a cache among them.
    #[must_use]
    pub fn prompt_tokens(self) -> Option<u64> {
        self.raw.get("prompt_tokens").as_u64()
    }

    /// Tokens of the answer, those of its reasoning among them, as the server
    /// counts.
    #[must_use]
    pub fn completion_tokens(self) -> Option<u64> {
        self.raw.get("completion_tokens").as_u64()
    }

    /// The total as the server gives it.
    #[must_use]
    pub fn total_tokens(self) -> Option<u64> {
        self.raw.get("total_tokens").as_u64()
    }

    /// Tokens of the request that were read from a cache.
    #[must_use]
    pub fn cached_tokens(self) -> Option<u64> {
        let details = self.raw.get("prompt_tokens_details");
        details.get("cached_tokens").as_u64()
    }

    /// Tokens of the reasoning.
    #[must_use]
    pub fn reasoning_tokens(self) -> Option<u64> {
        let details = self.raw.get("completion_tokens_details");
        details.get("reasoning_tokens").as_u64()
    }
}
