//! What a chunk has changed, noted by position.

use core::ops::Range;

use smallvec::SmallVec;

/// What one chunk has changed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Changes {
    /// Few chunks have more than two.
    pub(crate) list: SmallVec<[Change; 2]>,
    /// Something was said that has cost tokens, in the list or not.
    pub(crate) has_said: bool,
}

impl Changes {
    #[inline]
    pub(crate) fn clear(&mut self) {
        self.list.clear();
        self.has_said = false;
    }

    pub(crate) fn push(&mut self, change: Change) {
        if let Change::Choice { what, .. } = change {
            self.has_said |= !matches!(what, What::ArgumentsComplete | What::Finish);
        }
        self.list.push(change);
    }
}

/// An [`Update`](crate::Update) by position, so that it borrows nothing while chunks are read.
#[derive(Clone, Debug)]
pub(crate) enum Change {
    /// Of a choice.
    Choice {
        what: What,
        /// The position of the choice.
        choice: usize,
        /// The position of the call, if it is of one.
        call: usize,
        /// What was added to the text, if it is of one.
        added: Range<usize>,
    },
    Usage,
    /// The position of the error.
    Error(usize),
    Done,
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
}
