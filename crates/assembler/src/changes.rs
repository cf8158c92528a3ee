//! What a chunk has changed, noted by position.

use core::ops::Range;

use smallvec::SmallVec;

/// The changes of one chunk. Few have more than two.
pub(crate) type Changes = SmallVec<[Change; 2]>;

/// An [`Update`](crate::Update) by position, so that it borrows nothing while chunks are read.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    pub(crate) what: What,
    /// The position of the choice.
    pub(crate) choice: usize,
    /// The position of the call.
    pub(crate) call: usize,
    /// What was added to the text.
    pub(crate) added: Range<usize>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum What {
    Text,
    Reasoning(&'static str),
    Refusal,
    ToolCall,
    ToolCallNamed,
    Arguments,
    ArgumentsComplete,
    FunctionCall,
    Finish,
    Usage,
    Error,
    Done,
}

impl What {
    /// Whether it is part of the answer, and so has cost tokens.
    pub(crate) fn says_something(self) -> bool {
        matches!(
            self,
            Self::Text
                | Self::Reasoning(_)
                | Self::Refusal
                | Self::ToolCall
                | Self::ToolCallNamed
                | Self::Arguments
                | Self::FunctionCall
        )
    }
}
