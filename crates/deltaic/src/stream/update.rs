//! Updates that can be kept and sent on.

use alloc::string::String;

use deltaic_assembler::{Function, Progress, ToolCall, Update, Usage};

/// One thing that an event has changed, as [`Update`], but owned.
///
/// It holds what is new and no more, so that all updates of a stream together cost what
/// the stream does. What they add to is in the [`Reader`](crate::Reader).
///
/// ```
/// use deltaic::{OwnedUpdate, UpdateStream};
/// use futures_util::{StreamExt, stream};
///
/// # futures_util::future::FutureExt::now_or_never(async {
/// let read = "data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"id\":\"c1\",\"function\":\
///     {\"name\":\"now\",\"arguments\":\"{}\"}}]}}]}\n\n";
/// let reads = stream::iter([Ok::<_, std::io::Error>(read)]);
/// // They can be sent to another task.
/// let updates: Vec<_> = UpdateStream::new(reads).map(Result::unwrap).collect().await;
/// let [OwnedUpdate::ToolCall { named, .. }, OwnedUpdate::Arguments { text, .. }, last] = &updates[..] else {
///     panic!("{updates:?}");
/// };
/// assert_eq!((named.name.as_deref(), &text[..]), (Some("now"), "{}"));
/// assert!(matches!(last, OwnedUpdate::ArgumentsComplete { call: 0, .. }));
/// # }).unwrap();
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum OwnedUpdate {
    /// More of the text.
    Text {
        /// The choice's index.
        choice: u64,
        /// What was added.
        text: String,
    },
    /// More of the reasoning.
    Reasoning {
        /// The choice's index.
        choice: u64,
        /// The name it came under: see [`Update::Reasoning`].
        name: &'static str,
        /// What was added.
        text: String,
    },
    /// More of the refusal.
    Refusal {
        /// The choice's index.
        choice: u64,
        /// What was added.
        text: String,
    },
    /// A tool call began.
    ToolCall {
        /// The choice's index.
        choice: u64,
        /// Which call of the choice it is, from 0 in the order of their begins.
        call: usize,
        /// Its id and name, if they came with it.
        named: Named,
    },
    /// The id or the name of a tool call came only now, or its name went on.
    ToolCallNamed {
        /// The choice's index.
        choice: u64,
        /// Which call of the choice it is.
        call: usize,
        /// Its id and name as they are now.
        named: Named,
    },
    /// More arguments of a tool call, or input of a custom one.
    Arguments {
        /// The choice's index.
        choice: u64,
        /// Which call of the choice it is.
        call: usize,
        /// What was added.
        text: String,
        /// Whether all of them are one JSON value yet.
        progress: Progress,
    },
    /// The arguments of a tool call have become one complete JSON value.
    ArgumentsComplete {
        /// The choice's index.
        choice: u64,
        /// Which call of the choice it is.
        call: usize,
        /// The call, arguments and all.
        tool_call: ToolCall,
    },
    /// More arguments of a call in the old form, `function_call`.
    FunctionCall {
        /// The choice's index.
        choice: u64,
        /// Its name as it is now; it has no id.
        named: Named,
        /// What was added to its arguments.
        text: String,
    },
    /// A choice has ended.
    Finish {
        /// The choice's index.
        choice: u64,
        /// Why.
        reason: String,
    },
    /// The server's token counts.
    Usage(Usage),
    /// An error that the server sent in the stream: its raw JSON.
    Error(String),
    /// `[DONE]`.
    Done,
}

/// What a call is called.
///
/// An id or name of more than 256 bytes is left out: a server could have it repeated
/// with each byte that it adds. The completion has it.
///
/// ```
/// use deltaic::{OwnedUpdate, UpdateStream};
/// use futures_util::{StreamExt, stream};
///
/// # futures_util::future::FutureExt::now_or_never(async {
/// let reads = ["{\"index\":0,\"id\":\"c1\"}", "{\"index\":0,\"function\":{\"name\":\"now\"}}"]
///     .map(|call| format!("data: {{\"choices\":[{{\"delta\":{{\"tool_calls\":[{call}]}}}}]}}\n\n"))
///     .map(Ok::<_, std::io::Error>);
/// let updates: Vec<_> = UpdateStream::new(stream::iter(reads)).map(Result::unwrap).collect().await;
/// let [OwnedUpdate::ToolCall { named: begun, .. }, OwnedUpdate::ToolCallNamed { named, .. }] = &updates[..] else {
///     panic!("{updates:?}");
/// };
/// assert_eq!((begun.id.as_deref(), begun.name.as_deref()), (Some("c1"), None));
/// assert_eq!((named.id.as_deref(), named.name.as_deref()), (Some("c1"), Some("now")));
/// # }).unwrap();
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct Named {
    /// The call's id.
    pub id: Option<String>,
    /// The name of its function.
    pub name: Option<String>,
}

impl Named {
    fn new(id: Option<&String>, function: &Function) -> Self {
        let short = |text: Option<&String>| text.filter(|text| text.len() <= 256).cloned();
        Self {
            id: short(id),
            name: short(function.name.as_ref()),
        }
    }

    fn of(call: &ToolCall) -> Self {
        Self::new(call.id.as_ref(), &call.function)
    }
}

impl OwnedUpdate {
    /// `None` for an update of a kind that is not known here.
    pub(super) fn of(update: Update<'_>) -> Option<Self> {
        Some(match update {
            Update::Text { choice, text } => Self::Text {
                choice,
                text: text.into(),
            },
            Update::Reasoning { choice, name, text } => Self::Reasoning {
                choice,
                name,
                text: text.into(),
            },
            Update::Refusal { choice, text } => Self::Refusal {
                choice,
                text: text.into(),
            },
            Update::ToolCall {
                choice,
                call,
                tool_call,
            } => Self::ToolCall {
                choice,
                call,
                named: Named::of(tool_call),
            },
            Update::ToolCallNamed {
                choice,
                call,
                tool_call,
            } => Self::ToolCallNamed {
                choice,
                call,
                named: Named::of(tool_call),
            },
            Update::Arguments {
                choice,
                call,
                text,
                arguments,
            } => Self::Arguments {
                choice,
                call,
                text: text.into(),
                progress: arguments.progress(),
            },
            Update::ArgumentsComplete {
                choice,
                call,
                tool_call,
            } => Self::ArgumentsComplete {
                choice,
                call,
                tool_call: tool_call.clone(),
            },
            Update::FunctionCall {
                choice,
                function,
                text,
            } => Self::FunctionCall {
                choice,
                named: Named::new(None, function),
                text: text.into(),
            },
            Update::Finish { choice, reason } => Self::Finish {
                choice,
                reason: reason.into(),
            },
            Update::Usage(usage) => Self::Usage(usage.clone()),
            Update::Error(raw) => Self::Error(raw.into()),
            Update::Done => Self::Done,
            _ => return None,
        })
    }
}
