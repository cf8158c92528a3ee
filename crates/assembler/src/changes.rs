//! What a chunk has changed, noted by position.

use alloc::vec::Vec;
use core::{iter::Chain, ops::Range, option, slice};

/// What one chunk has changed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Changes {
    /// Most chunks have one: it is where the rest is that is looked at.
    first: Option<Change>,
    more: Vec<Change>,
    /// Something was said that has cost tokens, in the list or not.
    pub(crate) has_said: bool,
}

impl Changes {
    #[inline]
    pub(crate) fn clear(&mut self) {
        self.first = None;
        self.more.clear();
        self.has_said = false;
    }

    /// There is this, and nothing else: something was said.
    #[inline]
    pub(crate) fn say(&mut self, change: Change) {
        self.first = Some(change);
        self.more.clear();
        self.has_said = true;
    }

    #[inline]
    pub(crate) fn push(&mut self, change: Change) {
        if let Change::Choice { what, .. } = change {
            self.has_said |= !matches!(what, What::ArgumentsComplete | What::Finish);
        }
        if self.first.is_none() {
            self.first = Some(change);
        } else {
            self.more.push(change);
        }
    }

    #[inline]
    pub(crate) fn iter(&self) -> Iter<'_> {
        self.first.iter().chain(&self.more)
    }
}

pub(crate) type Iter<'c> = Chain<option::Iter<'c, Change>, slice::Iter<'c, Change>>;

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
    Reasoning(Spelling),
    Refusal,
    ToolCall,
    ToolCallNamed,
    Arguments,
    ArgumentsComplete,
    FunctionCall,
    Finish,
}

/// Under which name reasoning came.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Spelling {
    ReasoningContent,
    Reasoning,
    ReasoningText,
    Thinking,
    Parts,
}

impl Spelling {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::ReasoningContent => "reasoning_content",
            Self::Reasoning => "reasoning",
            Self::ReasoningText => "reasoning_text",
            Self::Thinking => "thinking",
            Self::Parts => "content",
        }
    }
}
