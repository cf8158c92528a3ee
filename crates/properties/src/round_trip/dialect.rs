//! How it is told: in what servers differ.

use arbitrary::Arbitrary;

use super::said::Said;

#[derive(Arbitrary, Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one way in which servers differ"
)]
pub(super) struct Dialect {
    pub(super) line_end: LineEnd,
    /// `data: x`, not `data:x`.
    pub(super) space: bool,
    pub(super) byte_order_mark: bool,
    /// A comment before each event.
    pub(super) comments: bool,
    /// `event: message` in each event.
    pub(super) named: bool,
    /// Two `data` lines in each event.
    pub(super) two_lines: bool,
    /// `[DONE]` at the end.
    pub(super) done: bool,
    /// What says nothing is null; else it is left out.
    pub(super) nulls: bool,
    /// The role in each delta; else in the first.
    pub(super) role_each: bool,
    /// Members of padding.
    pub(super) padding: bool,
    /// `choices` is the last member of a chunk, not the first.
    pub(super) choices_last: bool,
    /// The finish reason comes with the last delta; else in a delta of its own.
    pub(super) finish_with_last: bool,
    pub(super) reasoning: Reasoning,
    pub(super) key: Key,
    pub(super) later: Later,
    /// Each call is whole in one delta.
    pub(super) whole_calls: bool,
    pub(super) usage: Usage,
}

#[derive(Arbitrary, Clone, Copy, Debug)]
pub(super) enum LineEnd {
    Lf,
    CrLf,
    Cr,
}

impl LineEnd {
    pub(super) fn text(self) -> &'static str {
        match self {
            Self::Lf => "\n",
            Self::CrLf => "\r\n",
            Self::Cr => "\r",
        }
    }
}

/// The names that reasoning comes under.
#[derive(Arbitrary, Clone, Copy, Debug)]
pub(super) enum Reasoning {
    Content,
    Plain,
    /// Both, with the same text.
    Both,
    Text,
    Thinking,
}

impl Reasoning {
    pub(super) fn names(self) -> &'static [&'static str] {
        match self {
            Self::Content => &["reasoning_content"],
            Self::Plain => &["reasoning"],
            Self::Both => &["reasoning", "reasoning_content"],
            Self::Text => &["reasoning_text"],
            Self::Thinking => &["thinking"],
        }
    }
}

/// How it is told which call a fragment belongs to.
#[derive(Arbitrary, Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Key {
    Index,
    /// Indices that do not begin at 0 and leave gaps.
    OddIndex,
    /// The ID in each fragment, and no index.
    Id,
    /// Nothing but the name, in each fragment that begins a call.
    Name,
}

/// What later fragments of a call repeat.
#[derive(Arbitrary, Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Later {
    Nothing,
    /// Empty strings.
    Empty,
    Id,
    IdAndName,
}

/// Where the token counts come.
#[derive(Arbitrary, Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Usage {
    /// In a last chunk without choices.
    Tail,
    /// In each chunk, growing.
    Growing,
    /// In the chunk of the last choice to finish.
    Last,
}

impl Dialect {
    /// No server can tell this in every dialect: without an index and an ID a
    /// call ends where its arguments are complete JSON.
    pub(super) fn fit_for(mut self, said: &Said) -> Self {
        let mut calls = said.answers.iter().flat_map(|answer| &answer.calls);
        let plain = calls.all(|call| {
            !call.is_custom && call.arguments.is_json() && !call.arguments.text().is_empty()
        });
        if self.key == Key::Name {
            if plain {
                self.whole_calls = true;
            } else {
                self.key = Key::Id;
            }
        }
        self
    }
}
