//! Going on without what has been said.

use super::Assembler;
use crate::{
    completion::{Choice, Message},
    members::Members,
    text::Text,
};

impl Assembler {
    /// Drops the texts so far, and all else that grows with the stream: for who wants
    /// to know how it ends and what it costs, and no more.
    ///
    /// What tells the outcome, the usage and its state stays: the choices, why they
    /// ended, their calls without what those are given. Texts that there were are empty,
    /// arguments are their first character, and members without a field are gone. What
    /// comes is read as if nothing had been dropped. A [`Plan`](crate::Plan) holds on, and takes for known
    /// what it took so before.
    ///
    /// ```
    /// use deltaic_assembler::{Assembler, UsageState};
    /// use deltaic_chunk::Payload;
    ///
    /// let mut assembler = Assembler::new();
    /// for data in [
    ///     r#"{"choices":[{"delta":{"content":"a long text"},"finish_reason":"stop"}]}"#,
    ///     r#"{"choices":[],"usage":{"total_tokens":9}}"#,
    /// ] {
    ///     assembler.push(&Payload::parse(data.as_bytes())?, 0);
    ///     assembler.forget_texts();
    /// }
    /// assert_eq!(assembler.completion().choices[0].message.content.as_deref(), Some(""));
    /// assert_eq!(assembler.usage_state(), UsageState::Complete);
    /// # Ok::<(), deltaic_chunk::ParseError>(())
    /// ```
    pub fn forget_texts(&mut self) {
        self.changes.clear();
        self.completion.other = Members::default();
        for choice in &mut self.completion.choices {
            forget(choice);
        }
    }
}

fn forget(choice: &mut Choice) {
    choice.logprobs = None;
    choice.other = Members::default();
    let message = &mut choice.message;
    let is_untouched = *message == Message::default();
    message.content_parts = None;
    message.other = Members::default();
    for text in [
        &mut message.content,
        &mut message.refusal,
        &mut message.reasoning,
    ] {
        text.iter_mut().for_each(Text::forget);
    }
    // A whole message counts only where nothing has been said.
    if !is_untouched {
        message.content.get_or_insert_default();
    }
    let calls = message.tool_calls.iter_mut().map(|call| {
        call.other = Members::default();
        &mut call.function
    });
    for function in calls.chain(message.function_call.as_deref_mut()) {
        function.other = Members::default();
        function.arguments.forget_but_first();
    }
}
