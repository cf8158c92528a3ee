//! How a stream ended.

use core::fmt;

/// How a stream ended. Whatever it is, what had been assembled is there.
///
/// ```
/// use deltaic_assembler::{Assembler, Outcome};
/// use deltaic_chunk::Payload;
///
/// let mut assembler = Assembler::new();
/// assert_eq!(assembler.outcome(), Outcome::Empty);
/// let mut outcomes = Vec::new();
/// for data in [
///     r#"{"choices":[{"delta":{"content":"Hi"}}]}"#,
///     r#"{"choices":[{"finish_reason":"stop"}]}"#,
///     "[DONE]",
/// ] {
///     assembler.push(&Payload::parse(data.as_bytes())?, 0);
///     outcomes.push(assembler.outcome());
/// }
/// assert!(matches!(outcomes[0], Outcome::Truncated(_)) && !outcomes[0].is_complete());
/// assert_eq!(outcomes[1..], [Outcome::Finished, Outcome::Done]);
/// # Ok::<(), deltaic_chunk::ParseError>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Outcome {
    /// `[DONE]` came.
    Done,
    /// Every choice has a finish reason, and no `[DONE]` came: some servers end
    /// so.
    Finished,
    /// It ended before either.
    Truncated(Open),
    /// The server sent an error in the stream.
    Failed,
    /// No chunk had a choice.
    Empty,
}

/// What a truncated stream left open.
///
/// ```
/// use deltaic_assembler::{Assembler, Outcome};
/// use deltaic_chunk::Payload;
///
/// let mut assembler = Assembler::new();
/// let half = br#"{"choices":[{"delta":{"tool_calls":[{"function":{"arguments":"{\"a\":"}}]}}]}"#;
/// assembler.push(&Payload::parse(half)?, 0);
/// let Outcome::Truncated(open) = assembler.outcome() else {
///     panic!("it is not whole");
/// };
/// assert!(open.tool_call && open.choice == 0);
/// # Ok::<(), deltaic_chunk::ParseError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct Open {
    /// The first choice without a finish reason.
    pub choice: u64,
    /// The arguments of its last tool call are no complete JSON value.
    pub tool_call: bool,
    /// The last event had no blank line behind it.
    pub event: bool,
}

impl Outcome {
    /// Whether the stream is whole: done or finished.
    ///
    /// ```
    /// use deltaic_assembler::{Open, Outcome};
    ///
    /// assert!(Outcome::Done.is_complete() && Outcome::Finished.is_complete());
    /// for outcome in [Outcome::Truncated(Open::default()), Outcome::Failed, Outcome::Empty] {
    ///     assert!(!outcome.is_complete());
    /// }
    /// ```
    #[must_use]
    pub fn is_complete(self) -> bool {
        matches!(self, Self::Done | Self::Finished)
    }

    /// The stable name: `done`, `finished`, `truncated`, `failed` or `empty`.
    ///
    /// ```
    /// use deltaic_assembler::{Open, Outcome};
    ///
    /// // Whatever it left open, as for a metric.
    /// assert_eq!(Outcome::Truncated(Open::default()).name(), "truncated");
    /// assert_eq!(format!("ended: {}", Outcome::Done), "ended: done");
    /// ```
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Finished => "finished",
            Self::Truncated(_) => "truncated",
            Self::Failed => "failed",
            Self::Empty => "empty",
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
