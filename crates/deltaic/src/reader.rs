//! The three layers in one.

use alloc::{boxed::Box, string::String};

use deltaic_assembler::{
    Completion, Findings, Limits as AssemblerLimits, Outcome, Updates, UsageState,
};
use deltaic_sse::DEFAULT_LIMIT;

use crate::{
    report::{Report, Stats},
    state::State,
    templates::Templates,
};

/// Reads the bytes of one response: events, payloads, completion.
///
/// Nothing that a server sends is an error. What is odd is a finding, and the
/// stream goes on. It is small, and allocates nothing but limits of one's own, until a byte comes.
///
/// ```
/// use deltaic::{Outcome, Reader};
///
/// let mut reader = Reader::new();
/// reader.push(b"data: {\"choices\":[{\"delta\":{\"content\":\"Hel");
/// assert_eq!(reader.outcome(), Outcome::Empty);
/// reader.push(b"lo\"}}]}\n\n");
/// // At any moment: what it would be if the response ended here.
/// assert!(matches!(reader.outcome(), Outcome::Truncated(_)));
/// assert_eq!(reader.completion().choices[0].message.content.as_deref(), Some("Hello"));
/// reader.push(b"data: [DONE]\n\n");
/// assert_eq!(reader.into_report().outcome, Outcome::Done);
/// ```
#[derive(Debug)]
pub struct Reader {
    /// Those by default take no room.
    limits: Option<Box<Limits>>,
    /// Each event is read in full.
    in_full: bool,
    /// Once a byte has come.
    state: Option<Box<State>>,
}

/// How much of a response may be kept.
///
/// ```
/// use deltaic::{FindingKind, Limits, Reader};
///
/// let limits = Limits { event: 1 << 20, ..Limits::default() };
/// let mut reader = Reader::with_limits(limits);
/// let long = "a".repeat(1 << 20);
/// reader.push(format!("data: {{\"id\":\"{long}\",\"choices\":[]}}\n\n").as_bytes());
/// assert_eq!(reader.findings().as_slice()[0].kind, FindingKind::EventTooLong);
/// assert_eq!(reader.stats().chunks, 0);
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Limits {
    /// The longest event, in bytes. By default 16 MiB.
    pub event: usize,
    /// What the completion may hold beside its texts.
    pub assembler: AssemblerLimits,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            event: DEFAULT_LIMIT,
            assembler: AssemblerLimits::default(),
        }
    }
}

impl Reader {
    /// For a response that has not begun, with the default [`Limits`].
    #[must_use]
    pub fn new() -> Self {
        Self::with_limits(Limits::default())
    }

    /// As [`Reader::new`], with limits of your own.
    ///
    /// ```
    /// use deltaic::{Limits, Reader, assembler};
    ///
    /// let mut reader = Reader::with_limits(Limits {
    ///     event: 64 << 10,
    ///     assembler: assembler::Limits { choices: 1, ..assembler::Limits::default() },
    /// });
    /// reader.push(b"data: {\"choices\":[{\"index\":0},{\"index\":1}]}\n\n");
    /// assert_eq!(reader.completion().choices.len(), 1);
    /// ```
    #[must_use]
    pub fn with_limits(limits: Limits) -> Self {
        Self {
            limits: (limits != Limits::default()).then(|| Box::new(limits)),
            in_full: false,
            state: None,
        }
    }

    /// Reads each event in full, also those that are like an earlier one
    /// but for a few values. The report is the same, and later: this is there to be
    /// compared with. For a response that has not begun.
    ///
    /// ```
    /// use deltaic::Reader;
    ///
    /// let event = b"data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n".repeat(50);
    /// let (mut quick, mut plain) = (Reader::new(), Reader::new().without_templates());
    /// quick.push(&event);
    /// plain.push(&event);
    /// assert_eq!(quick.into_report(), plain.into_report());
    /// ```
    #[must_use]
    pub fn without_templates(mut self) -> Self {
        self.in_full = true;
        self
    }

    /// Reads one event, and tells what it has changed; advances `input` to behind
    /// it. `None` means that `input` is used up: go on with the next read.
    ///
    /// The updates are there to be looked at or not: the completion is put
    /// together in any case.
    ///
    /// ```
    /// use deltaic::{Reader, Update};
    ///
    /// let mut reader = Reader::new();
    /// let mut read = &b"data: {\"choices\":[{\"delta\":{\"content\":\"Hi\"}}]}\n\ndata: [DO"[..];
    /// let updates: Vec<Update> = reader.next(&mut read).expect("an event").collect();
    /// assert_eq!(updates, [Update::Text { choice: 0, text: "Hi" }]);
    /// assert!(reader.next(&mut read).is_none() && read.is_empty());
    /// let mut read = &b"NE]\n\n"[..];
    /// assert_eq!(reader.next(&mut read).expect("an event").next(), Some(Update::Done));
    /// ```
    pub fn next(&mut self, input: &mut &[u8]) -> Option<Updates<'_>> {
        if input.is_empty() {
            return None;
        }
        let state = self.state();
        state.next(input)?;
        Some(state.assembler.updates())
    }

    /// Reads all of a read, for who does not look at updates.
    ///
    /// As [`Reader::next`] until that gives `None`, and a little faster.
    ///
    /// ```
    /// use deltaic::Reader;
    ///
    /// let stream = b"data: {\"choices\":[{\"delta\":{\"content\":\"Hi\"}}]}\n\ndata: [DONE]\n\n";
    /// let mut reader = Reader::new();
    /// // It does not matter where the network cuts.
    /// for read in stream.chunks(7) {
    ///     reader.push(read);
    /// }
    /// assert_eq!(reader.completion().choices[0].message.content.as_deref(), Some("Hi"));
    /// assert_eq!(reader.stats().bytes, stream.len() as u64);
    /// ```
    pub fn push(&mut self, read: &[u8]) {
        if !read.is_empty() {
            self.state().push(read);
        }
    }

    /// The response has ended: reads what its end left open, and tells what that
    /// has changed. Call it until it gives `None`, if you look at updates;
    /// [`Reader::into_report`] does so itself.
    ///
    /// A response that is no event stream is read here, value by value.
    ///
    /// ```
    /// use deltaic::{Reader, Update};
    ///
    /// let mut reader = Reader::new();
    /// // No stream, but the answer to a request that was refused.
    /// reader.push(b"{\"error\":{\"message\":\"no such model\"}}");
    /// let mut errors = 0;
    /// while let Some(mut updates) = reader.finish() {
    ///     errors += usize::from(updates.any(|update| matches!(update, Update::Error(_))));
    /// }
    /// assert_eq!(errors, 1);
    /// assert_eq!(reader.errors(), [r#"{"message":"no such model"}"#]);
    /// ```
    pub fn finish(&mut self) -> Option<Updates<'_>> {
        let state = self.state.as_mut()?;
        let says = state.finish();
        says.then(|| state.assembler.updates())
    }

    /// What the chunks have spelled out so far.
    ///
    /// ```
    /// use deltaic::{Completion, Reader};
    ///
    /// let mut reader = Reader::new();
    /// assert_eq!(reader.completion(), Completion::none());
    /// reader.push(b"data: {\"model\":\"m\",\"choices\":[{\"delta\":{\"content\":\"So\"}}]}\n\n");
    /// reader.push(b"data: {\"model\":\"m\",\"choices\":[{\"delta\":{\"content\":\" far\"}}]}\n\n");
    /// let completion = reader.completion();
    /// assert_eq!(completion.model.as_deref(), Some("m"));
    /// assert_eq!(completion.choices[0].message.content.as_deref(), Some("So far"));
    /// ```
    #[must_use]
    pub fn completion(&self) -> &Completion {
        self.begun()
            .map_or(Completion::none(), |state| state.assembler.completion())
    }

    /// How the stream ended, if it ended here.
    ///
    /// ```
    /// use deltaic::{Outcome, Reader};
    ///
    /// let mut reader = Reader::new();
    /// assert_eq!(reader.outcome(), Outcome::Empty);
    /// reader.push(b"data: {\"choices\":[{\"delta\":{\"content\":\"Hi\"}}]}\n\n");
    /// assert!(matches!(reader.outcome(), Outcome::Truncated(_)));
    /// reader.push(b"data: {\"choices\":[{\"finish_reason\":\"stop\"}]}\n\n");
    /// assert_eq!(reader.outcome(), Outcome::Finished);
    /// ```
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        self.begun()
            .map_or(Outcome::Empty, |state| state.assembler.outcome())
    }

    /// Whether the token counts are those of the whole answer, if it ended here.
    ///
    /// ```
    /// use deltaic::{Reader, UsageState};
    ///
    /// let mut reader = Reader::new();
    /// reader.push(b"data: {\"choices\":[{\"finish_reason\":\"stop\"}]}\n\n");
    /// assert_eq!(reader.usage_state(), UsageState::None);
    /// reader.push(b"data: {\"choices\":[],\"usage\":{\"total_tokens\":9}}\n\n");
    /// assert_eq!(reader.usage_state(), UsageState::Complete);
    /// ```
    #[must_use]
    pub fn usage_state(&self) -> UsageState {
        self.begun()
            .map_or(UsageState::None, |state| state.assembler.usage_state())
    }

    /// What has been odd so far.
    ///
    /// ```
    /// use deltaic::{FindingKind, Reader};
    ///
    /// let mut reader = Reader::new();
    /// reader.push(b"data: {\"choices\":[]}\n\ndata: {\"cho\n\n");
    /// let finding = &reader.findings().as_slice()[0];
    /// // The very byte: the line end in the stream, where the string is open.
    /// assert_eq!((finding.kind, finding.offset), (FindingKind::InvalidJson, 33));
    /// ```
    #[must_use]
    pub fn findings(&self) -> &Findings {
        self.begun()
            .map_or(Findings::none(), |state| state.assembler.findings())
    }

    /// The errors that the server has sent so far, as raw JSON.
    ///
    /// ```
    /// use deltaic::{Outcome, Reader};
    ///
    /// let mut reader = Reader::new();
    /// reader.push(b"data: {\"choices\":[{\"delta\":{\"content\":\"Hi\"}}]}\n\n");
    /// assert!(reader.errors().is_empty());
    /// // As llama.cpp tells them: no event, but a field.
    /// reader.push(b"error: {\"code\":500}\n\n");
    /// assert_eq!(reader.errors(), [r#"{"code":500}"#]);
    /// assert_eq!(reader.outcome(), Outcome::Failed);
    /// ```
    #[must_use]
    pub fn errors(&self) -> &[String] {
        self.begun().map_or(&[], |state| state.assembler.errors())
    }

    /// How much has been read so far.
    ///
    /// ```
    /// use deltaic::Reader;
    ///
    /// let mut reader = Reader::new();
    /// reader.push(b": ping\n\ndata: {\"choices\":[]}\n\ndata: [DO");
    /// let stats = reader.stats();
    /// assert_eq!((stats.bytes, stats.comments, stats.events, stats.chunks), (39, 1, 1, 1));
    /// ```
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.begun().map_or_else(Stats::default, State::stats)
    }

    /// The response has ended: all that is known of it.
    ///
    /// ```
    /// use deltaic::{Outcome, Reader, UsageState};
    ///
    /// let mut reader = Reader::new();
    /// reader.push(b"data: {\"choices\":[{\"delta\":{\"content\":\"Hi\"},\"finish_reason\":\"stop\"}]}\n\n");
    /// // The end cut the blank line off. It counts all the same.
    /// reader.push(b"data: {\"choices\":[],\"usage\":{\"total_tokens\":9}}");
    /// let report = reader.into_report();
    /// assert_eq!((report.outcome, report.usage), (Outcome::Finished, UsageState::Complete));
    /// let usage = report.completion.and_then(|completion| completion.usage).expect("it came");
    /// assert_eq!(usage.figures().total_tokens(), Some(9));
    /// ```
    #[must_use]
    pub fn into_report(self) -> Report {
        let state = self
            .state
            .unwrap_or_else(|| begin(self.limits.as_deref(), self.in_full));
        state.into_report()
    }

    /// Reads all of a read, if that is one event which only adds to a text that has begun. If not,
    /// what is left of `read` is to be read.
    #[cfg(feature = "http-body")]
    pub(crate) fn push_word(&mut self, read: &mut &[u8]) -> bool {
        let state = self.state.as_mut();
        state.is_some_and(|state| state.read_word(read))
    }

    /// Goes on where somebody else has read.
    #[cfg(feature = "http-body")]
    pub(crate) fn resume(state: State) -> Self {
        Self {
            state: Some(Box::new(state)),
            ..Self::new()
        }
    }

    /// Drops the texts so far: see [`Assembler::forget_texts`](deltaic_assembler::Assembler::forget_texts).
    #[cfg(feature = "http-body")]
    pub(crate) fn forget_texts(&mut self) {
        if let Some(state) = &mut self.state {
            state.assembler.forget_texts();
        }
    }

    fn begun(&self) -> Option<&State> {
        self.state.as_deref()
    }

    #[inline]
    fn state(&mut self) -> &mut State {
        let Self {
            limits,
            in_full,
            state,
        } = self;
        state.get_or_insert_with(|| begin(limits.as_deref(), *in_full))
    }
}

#[cold]
fn begin(limits: Option<&Limits>, in_full: bool) -> Box<State> {
    let templates = if in_full {
        Templates::none()
    } else {
        Templates::default()
    };
    Box::new(State::new(limits.copied().unwrap_or_default(), templates))
}

impl Default for Reader {
    fn default() -> Self {
        Self::new()
    }
}
