//! What a chunk has changed, to look at.

use core::ops::Range;

use crate::{
    arguments::Arguments,
    assembler::Assembler,
    changes::{self, Change, What},
    completion::{Choice, Function, ToolCall, Usage},
};

/// One thing that a chunk has changed. Texts are what it added, decoded.
///
/// ```
/// use deltaic_assembler::{Assembler, Update};
/// use deltaic_chunk::Payload;
///
/// let mut assembler = Assembler::new();
/// let chunk = br#"{"choices":[{"delta":{"content":"Hi","reasoning":"Hm"},"finish_reason":"stop"}]}"#;
/// let updates: Vec<_> = assembler.push(&Payload::parse(chunk)?, 0).collect();
/// assert_eq!(
///     updates,
///     [
///         Update::Reasoning { choice: 0, name: "reasoning", text: "Hm" },
///         Update::Text { choice: 0, text: "Hi" },
///         Update::Finish { choice: 0, reason: "stop" },
///     ]
/// );
/// # Ok::<(), deltaic_chunk::ParseError>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Update<'a> {
    /// More of the text.
    Text {
        /// The choice's index.
        choice: u64,
        /// What was added.
        text: &'a str,
    },
    /// More of the reasoning.
    Reasoning {
        /// The choice's index.
        choice: u64,
        /// The name it came under: `reasoning_content`, `reasoning`,
        /// `reasoning_text`, `thinking` or `content`, for a part of a list.
        /// What [`Assembler::settle`](crate::Assembler::settle) adds goes by the
        /// first.
        name: &'static str,
        /// What was added.
        text: &'a str,
    },
    /// More of the refusal.
    Refusal {
        /// The choice's index.
        choice: u64,
        /// What was added.
        text: &'a str,
    },
    /// A tool call began. Its id and name are those of this chunk, if it has
    /// them. One that never says anything is not in the completion.
    ToolCall {
        /// The choice's index.
        choice: u64,
        /// Which call of the choice it is, from 0 in the order of their begins.
        call: usize,
        /// The call as it is now.
        tool_call: &'a ToolCall,
    },
    /// The id or the name of a tool call came only now, or its name went on.
    ToolCallNamed {
        /// The choice's index.
        choice: u64,
        /// Which call of the choice it is.
        call: usize,
        /// The call as it is now.
        tool_call: &'a ToolCall,
    },
    /// More arguments of a tool call, or input of a custom one.
    Arguments {
        /// The choice's index.
        choice: u64,
        /// Which call of the choice it is.
        call: usize,
        /// What was added.
        text: &'a str,
        /// All of them as this chunk leaves them, and whether that is JSON yet.
        arguments: Arguments<'a>,
    },
    /// The arguments of a tool call have become one complete JSON value.
    ArgumentsComplete {
        /// The choice's index.
        choice: u64,
        /// Which call of the choice it is.
        call: usize,
        /// The call as it is now.
        tool_call: &'a ToolCall,
    },
    /// More arguments of a call in the old form, `function_call`.
    FunctionCall {
        /// The choice's index.
        choice: u64,
        /// The call as it is now.
        function: &'a Function,
        /// What was added to its arguments.
        text: &'a str,
    },
    /// A choice has ended.
    Finish {
        /// The choice's index.
        choice: u64,
        /// Why.
        reason: &'a str,
    },
    /// The server's token counts.
    Usage(&'a Usage),
    /// An error that the server sent in the stream: its raw JSON.
    Error(&'a str),
    /// `[DONE]`.
    Done,
}

/// What one chunk has changed: choice by choice, in each first the reasoning, then
/// text, refusal, calls and why it ended; then the token counts.
///
/// ```
/// use deltaic_assembler::{Assembler, Update};
/// use deltaic_chunk::Payload;
///
/// let mut assembler = Assembler::new();
/// let chunk = br#"{"usage":{"total_tokens":9},"choices":[{"delta":{"content":"Hi"}}]}"#;
/// let payload = Payload::parse(chunk)?;
/// let mut updates = assembler.push(&payload, 0);
/// assert_eq!(updates.next(), Some(Update::Text { choice: 0, text: "Hi" }));
/// assert!(matches!(updates.next(), Some(Update::Usage(_))));
/// assert_eq!(updates.next(), None);
/// # Ok::<(), deltaic_chunk::ParseError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Updates<'a> {
    pub(crate) of: &'a Assembler,
    pub(crate) changes: changes::Iter<'a>,
}

impl<'a> Iterator for Updates<'a> {
    type Item = Update<'a>;

    fn next(&mut self) -> Option<Update<'a>> {
        let change = self.changes.next()?;
        self.update(change)
    }
}

impl<'a> Updates<'a> {
    /// `None` never occurs: a change names what is there.
    fn update(&self, change: &Change) -> Option<Update<'a>> {
        match change {
            Change::Usage => self.of.completion.usage.as_ref().map(Update::Usage),
            Change::Error(at) => self.of.errors.get(*at).map(|raw| Update::Error(raw)),
            Change::Done => Some(Update::Done),
            Change::Choice {
                what,
                choice,
                call,
                added,
            } => self.of_choice(*what, *choice, *call, added),
        }
    }

    fn of_choice(
        &self,
        what: What,
        position: usize,
        call: usize,
        added: &Range<usize>,
    ) -> Option<Update<'a>> {
        let Choice {
            index,
            message,
            finish_reason,
            ..
        } = self.of.completion.choices.get(position)?;
        let choice = *index;
        let added = |text: &'a str| text.get(added.clone());
        Some(match what {
            What::Text => Update::Text {
                choice,
                text: added(message.content.as_deref()?)?,
            },
            What::Reasoning(spelling) => Update::Reasoning {
                choice,
                name: spelling.name(),
                text: added(message.reasoning.as_deref()?)?,
            },
            What::Refusal => Update::Refusal {
                choice,
                text: added(message.refusal.as_deref()?)?,
            },
            What::ToolCall => Update::ToolCall {
                choice,
                call,
                tool_call: message.tool_calls.get(call)?,
            },
            What::ToolCallNamed => Update::ToolCallNamed {
                choice,
                call,
                tool_call: message.tool_calls.get(call)?,
            },
            What::Arguments => Update::Arguments {
                choice,
                call,
                text: added(&message.tool_calls.get(call)?.function.arguments)?,
                arguments: self.arguments(position, call)?,
            },
            What::ArgumentsComplete => Update::ArgumentsComplete {
                choice,
                call,
                tool_call: message.tool_calls.get(call)?,
            },
            What::FunctionCall => {
                let function = message.function_call.as_ref()?;
                Update::FunctionCall {
                    choice,
                    function,
                    text: added(&function.arguments)?,
                }
            }
            What::Finish => Update::Finish {
                choice,
                reason: finish_reason.as_deref()?,
            },
        })
    }

    fn arguments(&self, choice: usize, call: usize) -> Option<Arguments<'a>> {
        let message = &self.of.completion.choices.get(choice)?.message;
        Some(Arguments {
            text: &message.tool_calls.get(call)?.function.arguments,
            reader: self.of.calls.get(choice)?.reader(call)?,
        })
    }
}
