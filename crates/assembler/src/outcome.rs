//! How a stream ended.

use core::fmt;

/// How a stream ended. Whatever it is, what had been assembled is there.
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
    #[must_use]
    pub fn is_complete(self) -> bool {
        matches!(self, Self::Done | Self::Finished)
    }

    /// The stable name: `done`, `finished`, `truncated`, `failed` or `empty`.
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
