//! Which reads had the first of what is waited for.

use deltaic_assembler::{Completion, Message};
use deltaic_chunk::{Delta, Raw};

/// Which reads, counted from 0, completed the first event that had something of each kind.
///
/// `None` is what never came. Times are the caller's: he knows when which read came.
/// All are `None` for a response that is no event stream.
///
/// ```
/// use bytes::Bytes;
/// use deltaic::Tap;
/// use futures_util::stream;
/// use http_body::Frame;
/// use http_body_util::{BodyExt, StreamBody};
///
/// # futures_util::future::FutureExt::now_or_never(async {
/// let reads = ["\"role\":\"assistant\"", "\"reasoning\":\"Hm\"", "\"content\":\"Hi\""]
///     .map(|delta| format!("data: {{\"choices\":[{{\"delta\":{{{delta}}}}}]}}\n\n"))
///     .map(|read| Ok::<_, std::io::Error>(Frame::data(Bytes::from(read))));
/// let body = Tap::new(StreamBody::new(stream::iter(reads)), |seen| {
///     let first = seen.first;
///     assert_eq!((first.role, first.reasoning, first.content), (Some(0), Some(1), Some(2)));
///     assert_eq!((first.tool, seen.reads), (None, 3));
/// });
/// body.collect().await?;
/// # Ok::<(), std::io::Error>(())
/// # }).unwrap().unwrap();
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct First {
    /// A role: the first sign of the model, before any token.
    pub role: Option<u64>,
    /// Reasoning.
    pub reasoning: Option<u64>,
    /// Text of the answer, or of a refusal.
    pub content: Option<u64>,
    /// A tool call.
    pub tool: Option<u64>,
}

impl First {
    /// Sees what the completion has since this read.
    pub(super) fn see(&mut self, completion: &Completion, read: u64) {
        let says = |text: Option<&str>| text.is_some_and(|text| !text.is_empty());
        let see = |first: &mut Option<u64>, has: &dyn Fn(&Message) -> bool| {
            let mut choices = completion.choices.iter();
            if first.is_none() && choices.any(|choice| has(&choice.message)) {
                *first = Some(read);
            }
        };
        see(&mut self.role, &|message| message.role.is_some());
        see(&mut self.reasoning, &|message| {
            says(message.reasoning.as_deref())
        });
        see(&mut self.content, &|message| {
            says(message.content.as_deref()) || says(message.refusal.as_deref())
        });
        see(&mut self.tool, &|message| {
            !message.tool_calls.is_empty() || message.function_call.is_some()
        });
    }

    /// Sees what a delta of this read has, if it has no tool calls.
    pub(super) fn see_delta(&mut self, delta: &Delta<'_>, read: u64) {
        let reasoning = [
            delta.reasoning_content,
            delta.reasoning,
            delta.reasoning_text,
            delta.thinking,
        ];
        let says = |raw: &Raw<'_>| raw.as_str().is_some_and(|text| !text.is_empty());
        for (first, has) in [
            (&mut self.role, says(&delta.role)),
            (&mut self.reasoning, reasoning.iter().any(says)),
            (
                &mut self.content,
                says(&delta.content) || says(&delta.refusal),
            ),
        ] {
            if has {
                first.get_or_insert(read);
            }
        }
    }
}
