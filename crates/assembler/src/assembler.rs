//! Chunks in, the completion out.

mod counted;
mod errors;
mod filled;
mod forget;
mod fragments;

use alloc::{string::String, vec::Vec};

use deltaic_chunk::{Chunk, Kind, Payload};
use smallvec::SmallVec;

use crate::{
    calls::Calls,
    changes::{Change, Changes},
    choice,
    completion::{Choice, Completion},
    envelope,
    finding::{Finding, FindingKind, Findings},
    limits::{Chosen, Limits},
    message,
    notes::Notes,
    outcome::{Open, Outcome},
    update::Updates,
    usage::{Meter, UsageState},
};

/// Puts the payloads of one stream together.
///
/// What it has so far can be looked at between any two payloads, without a copy.
/// Keeps what the server said, so its size is that of the texts and of the last
/// of everything else, however many chunks they came in.
///
/// ```
/// use deltaic_assembler::{Assembler, Outcome};
/// use deltaic_chunk::Payload;
///
/// let mut assembler = Assembler::new();
/// let chunk = br#"{"choices":[{"delta":{"content":"Hi"},"finish_reason":"stop"}]}"#;
/// assembler.push(&Payload::parse(chunk)?, 0);
/// // At any moment: what it would be if the stream ended here.
/// assert_eq!(assembler.outcome(), Outcome::Finished);
/// assert_eq!(assembler.completion().choices[0].message.content.as_deref(), Some("Hi"));
///
/// let assembled = assembler.finish(chunk.len() as u64);
/// assert_eq!(assembled.outcome, Outcome::Finished);
/// assert!(assembled.findings.as_slice().is_empty());
/// # Ok::<(), deltaic_chunk::ParseError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Assembler {
    pub(crate) completion: Completion,
    /// Invariant: one for each choice of the completion.
    pub(crate) calls: SmallVec<[Calls; 1]>,
    meter: Meter,
    pub(crate) errors: Vec<String>,
    findings: Findings,
    changes: Changes,
    chunks: u64,
    done: bool,
    unterminated: bool,
    limits: Chosen,
    /// Rises when something is added that a [`Plan`](crate::Plan) may depend on.
    epoch: u64,
}

/// All that is known of a stream at its end.
///
/// ```
/// use deltaic_assembler::{Assembler, Outcome, UsageState};
/// use deltaic_chunk::Payload;
///
/// let mut assembler = Assembler::new();
/// for data in [
///     r#"{"choices":[{"delta":{"content":"Half an ans"}}]}"#,
///     r#"{"error":{"code":502}}"#,
/// ] {
///     assembler.push(&Payload::parse(data.as_bytes())?, 0);
/// }
/// let assembled = assembler.finish(100);
/// assert_eq!((assembled.outcome, assembled.usage), (Outcome::Failed, UsageState::None));
/// assert_eq!(assembled.errors, [r#"{"code":502}"#]);
/// // What came before it is there.
/// let completion = assembled.completion.expect("a chunk came");
/// assert_eq!(completion.choices[0].message.content.as_deref(), Some("Half an ans"));
/// # Ok::<(), deltaic_chunk::ParseError>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Assembled {
    /// What the chunks spelled out; `None` if no chunk came.
    pub completion: Option<Completion>,
    /// How the stream ended.
    pub outcome: Outcome,
    /// The errors that the server sent in the stream, as raw JSON.
    pub errors: Vec<String>,
    /// What was odd.
    pub findings: Findings,
    /// Whether the token counts are those of the whole answer.
    pub usage: UsageState,
}

impl Assembler {
    /// For a stream that has not begun, with the default [`Limits`].
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// As [`Assembler::new`], with limits of your own.
    ///
    /// ```
    /// use deltaic_assembler::{Assembler, FindingKind, Limits};
    /// use deltaic_chunk::Payload;
    ///
    /// let mut assembler = Assembler::with_limits(Limits { tool_calls: 1, ..Limits::default() });
    /// let chunk = br#"{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"c1"},{"index":1,"id":"c2"}]}}]}"#;
    /// assembler.push(&Payload::parse(chunk)?, 0);
    /// assert_eq!(assembler.completion().choices[0].message.tool_calls.len(), 1);
    /// assert_eq!(assembler.findings().as_slice()[0].kind, FindingKind::TooMany);
    /// # Ok::<(), deltaic_chunk::ParseError>(())
    /// ```
    #[must_use]
    pub fn with_limits(limits: Limits) -> Self {
        Self {
            limits: limits.into(),
            ..Self::default()
        }
    }

    /// Adds what an event says, and tells what that has changed.
    ///
    /// `at` is where the event's data begins in the stream; findings name it.
    ///
    /// ```
    /// use deltaic_assembler::{Assembler, FindingKind};
    /// use deltaic_chunk::Payload;
    ///
    /// let mut assembler = Assembler::new();
    /// assembler.push(&Payload::parse(br#"{"choices":[{"delta":{"content":"Hi"}}]}"#)?, 6);
    /// // It says nothing, and is told where it lies.
    /// let updates = assembler.push(&Payload::parse(br#"{"type":"ping"}"#)?, 54);
    /// assert_eq!(updates.count(), 0);
    /// let finding = &assembler.findings().as_slice()[0];
    /// assert_eq!((finding.kind, finding.offset), (FindingKind::Foreign, 54));
    /// assert_eq!(assembler.chunks(), 1);
    /// # Ok::<(), deltaic_chunk::ParseError>(())
    /// ```
    pub fn push(&mut self, payload: &Payload<'_>, at: u64) -> Updates<'_> {
        self.begin();
        match payload {
            _ if self.done => self.after_done(at),
            Payload::Chunk(chunk) => self.push_chunk(chunk, at),
            Payload::Done => {
                self.done = true;
                self.changes.push(Change::Done);
            }
            Payload::Error(error) => self.push_error_beside(error, at),
            Payload::Foreign(raw) => self.push_foreign(*raw, at),
            _ => {}
        }
        self.updates()
    }

    /// Adds a finding of the layers below. It changes nothing else.
    ///
    /// ```
    /// use deltaic_assembler::{Assembler, Finding, FindingKind};
    ///
    /// let mut assembler = Assembler::new();
    /// assembler.push_finding(Finding {
    ///     kind: FindingKind::InvalidJson,
    ///     offset: 6,
    ///     detail: "expected a value at byte 0".into(),
    /// });
    /// assert_eq!(assembler.findings().as_slice().len(), 1);
    /// ```
    pub fn push_finding(&mut self, finding: Finding) {
        self.changes.clear();
        self.unterminated |= finding.kind == FindingKind::UnterminatedEvent;
        self.findings.push(finding, self.limits.findings);
    }

    /// What the last payload has changed: [`Assembler::push`] gives the same.
    ///
    /// ```
    /// use deltaic_assembler::{Assembler, Update};
    /// use deltaic_chunk::Payload;
    ///
    /// let mut assembler = Assembler::new();
    /// {
    ///     let data = br#"{"choices":[{"delta":{"content":"Hi"}}]}"#.to_vec();
    ///     assembler.push(&Payload::parse(&data)?, 0);
    /// }
    /// // They borrow from the assembler alone: the data may be gone.
    /// let text = Update::Text { choice: 0, text: "Hi" };
    /// assert_eq!(assembler.updates().collect::<Vec<_>>(), [text]);
    /// # Ok::<(), deltaic_chunk::ParseError>(())
    /// ```
    #[inline]
    #[must_use]
    pub fn updates(&self) -> Updates<'_> {
        Updates {
            of: self,
            changes: self.changes.iter(),
        }
    }

    /// What the chunks have spelled out so far.
    #[must_use]
    pub fn completion(&self) -> &Completion {
        &self.completion
    }

    /// The errors that the server has sent, as raw JSON.
    #[must_use]
    pub fn errors(&self) -> &[String] {
        &self.errors
    }

    /// What has been odd so far.
    #[must_use]
    pub fn findings(&self) -> &Findings {
        &self.findings
    }

    /// How many chunks have come.
    #[must_use]
    pub fn chunks(&self) -> u64 {
        self.chunks
    }

    /// Whether `[DONE]` has come, so that nothing more is expected.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.done
    }

    /// How the stream ended, if it ended here.
    ///
    /// ```
    /// use deltaic_assembler::{Assembler, Outcome};
    /// use deltaic_chunk::Payload;
    ///
    /// let mut assembler = Assembler::new();
    /// assembler.push(&Payload::parse(br#"{"choices":[{"index":0},{"index":1}]}"#)?, 0);
    /// assembler.push(&Payload::parse(br#"{"choices":[{"index":0,"finish_reason":"stop"}]}"#)?, 0);
    /// assert!(matches!(assembler.outcome(), Outcome::Truncated(open) if open.choice == 1));
    /// assembler.push(&Payload::parse(br#"{"choices":[{"index":1,"finish_reason":"stop"}]}"#)?, 0);
    /// assert_eq!(assembler.outcome(), Outcome::Finished);
    /// # Ok::<(), deltaic_chunk::ParseError>(())
    /// ```
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        if !self.errors.is_empty() {
            return Outcome::Failed;
        }
        if self.completion.choices.is_empty() {
            return Outcome::Empty;
        }
        if self.done {
            return Outcome::Done;
        }
        match self.unfinished() {
            None => Outcome::Finished,
            Some((choice, calls)) => Outcome::Truncated(Open {
                choice: choice.index,
                tool_call: calls.is_open(&choice.message.tool_calls),
                event: self.unterminated,
            }),
        }
    }

    /// The stream has ended, and no more text will come: half a surrogate pair
    /// that waited for its other half becomes U+FFFD. Tells what that has added.
    ///
    /// [`Assembler::finish`] does so itself, for whom does not look at updates.
    ///
    /// ```
    /// use deltaic_assembler::{Assembler, Update};
    /// use deltaic_chunk::Payload;
    ///
    /// let mut assembler = Assembler::new();
    /// let half = br#"{"choices":[{"delta":{"content":"a\ud83e"}}]}"#;
    /// assembler.push(&Payload::parse(half)?, 0);
    /// assert_eq!(assembler.completion().choices[0].message.content.as_deref(), Some("a"));
    /// let rest = assembler.settle().next();
    /// assert_eq!(rest, Some(Update::Text { choice: 0, text: "\u{FFFD}" }));
    /// # Ok::<(), deltaic_chunk::ParseError>(())
    /// ```
    pub fn settle(&mut self) -> Updates<'_> {
        self.begin();
        let mut notes = Notes::new(&mut self.findings, &mut self.changes, &self.limits, 0);
        let choices = self.completion.choices.iter_mut().zip(&mut self.calls);
        for (position, (choice, calls)) in choices.enumerate() {
            notes.choice = position;
            message::settle(&mut choice.message, calls, &mut notes);
        }
        self.updates()
    }

    /// The stream has ended, `at` bytes from its start.
    ///
    /// ```
    /// use deltaic_assembler::{Assembler, FindingKind, Outcome};
    /// use deltaic_chunk::Payload;
    ///
    /// let mut assembler = Assembler::new();
    /// let chunk = br#"{"choices":[{"delta":{"tool_calls":[{"function":{"name":"f","arguments":"{\"a"}}]}}]}"#;
    /// assembler.push(&Payload::parse(chunk)?, 6);
    /// let assembled = assembler.finish(99);
    /// assert!(matches!(assembled.outcome, Outcome::Truncated(open) if open.tool_call));
    /// // What only the end can tell is found there.
    /// let finding = assembled.findings.as_slice().last().expect("a finding");
    /// assert_eq!((finding.kind, finding.offset), (FindingKind::ArgumentsNotJson, 99));
    /// # Ok::<(), deltaic_chunk::ParseError>(())
    /// ```
    #[must_use]
    pub fn finish(mut self, at: u64) -> Assembled {
        self.settle();
        if let (true, Some((choice, _))) = (self.done, self.unfinished()) {
            let index = choice.index;
            self.notes(at).finding(
                FindingKind::NoFinishReason,
                format_args!("choice {index} has no finish reason"),
            );
        }
        let (outcome, usage) = (self.outcome(), self.usage_state());
        if usage == UsageState::Partial {
            let detail = "the token counts came before the end of the answer";
            self.notes(at).finding(FindingKind::UsagePartial, detail);
        }
        let mut calls = core::mem::take(&mut self.calls);
        let mut choices = core::mem::take(&mut self.completion.choices);
        let mut notes = self.notes(at);
        for (choice, calls) in choices.iter_mut().zip(&mut calls) {
            calls.finish(&mut choice.message.tool_calls, &mut notes);
        }
        choices.sort_by_key(|choice| choice.index);
        self.completion.choices = choices;
        Assembled {
            completion: (self.chunks > 0).then_some(self.completion),
            outcome,
            errors: self.errors,
            findings: self.findings,
            usage,
        }
    }

    /// Whether the token counts are those of the whole answer, if the stream
    /// ended here.
    ///
    /// ```
    /// use deltaic_assembler::{Assembler, UsageState};
    /// use deltaic_chunk::Payload;
    ///
    /// let mut assembler = Assembler::new();
    /// let chunk = br#"{"choices":[{"delta":{"content":"Hi"}}],"usage":{"total_tokens":9}}"#;
    /// assembler.push(&Payload::parse(chunk)?, 0);
    /// // It is not known yet what else will be said, and cost.
    /// assert_eq!(assembler.usage_state(), UsageState::Partial);
    /// assembler.push(&Payload::parse(b"[DONE]")?, 0);
    /// assert_eq!(assembler.usage_state(), UsageState::Complete);
    /// # Ok::<(), deltaic_chunk::ParseError>(())
    /// ```
    #[must_use]
    pub fn usage_state(&self) -> UsageState {
        self.meter.state(self.outcome())
    }

    /// Something is added in full.
    fn begin(&mut self) {
        self.changes.clear();
        self.epoch += 1;
    }

    /// The first choice that has no finish reason.
    fn unfinished(&self) -> Option<(&Choice, &Calls)> {
        let mut choices = self.completion.choices.iter().zip(&self.calls);
        choices.find(|(choice, _)| choice.finish_reason.is_none())
    }

    fn notes(&mut self, at: u64) -> Notes<'_> {
        Notes::new(&mut self.findings, &mut self.changes, &self.limits, at)
    }

    fn push_chunk(&mut self, chunk: &Chunk<'_>, at: u64) {
        self.chunks += 1;
        if let Some(error) = chunk.error() {
            self.add_error(error.raw.text().into(), at);
        }
        let mut notes = Notes::new(&mut self.findings, &mut self.changes, &self.limits, at);
        envelope::push(&mut self.completion, chunk, &mut notes);
        let mut has_usage = chunk.usage.is_there() || chunk.x_groq.is_there();
        let mut push = |choice: &deltaic_chunk::Choice<'_>| {
            self.push_choice(choice, at);
            has_usage |= choice.usage.is_there();
        };
        match chunk.only_choice() {
            Some(choice) => push(choice),
            None => chunk.choices().for_each(|choice| push(&choice)),
        }
        if self.changes.has_said {
            self.meter.something_said();
        }
        if has_usage {
            self.push_usage(chunk, at);
        }
    }

    /// Last of all: what the chunk says itself is in its counts.
    fn push_usage(&mut self, chunk: &Chunk<'_>, at: u64) {
        let mut notes = Notes::new(&mut self.findings, &mut self.changes, &self.limits, at);
        let usage = &mut self.completion.usage;
        self.meter.push_chunk(usage, chunk, &mut notes);
    }

    fn push_choice(&mut self, new: &deltaic_chunk::Choice<'_>, at: u64) {
        if new.raw().kind() != Kind::Object {
            return self.notes(at).wrong_type("choices[]", new.raw());
        }
        let told = new.index.as_u64();
        let index = told.unwrap_or_default();
        let choices = &mut self.completion.choices;
        let known = choices.iter().position(|choice| choice.index == index);
        let position = known.unwrap_or(choices.len());
        if position >= self.limits.choices {
            return self.notes(at).finding(
                FindingKind::TooMany,
                format_args!("choice {index} is past the limit and dropped"),
            );
        }
        if known.is_none() {
            choices.push(Choice {
                index,
                ..Choice::default()
            });
            self.calls.push(Calls::default());
        }
        let mut notes = Notes::new(&mut self.findings, &mut self.changes, &self.limits, at);
        notes.choice = position;
        if told.is_none() && !new.index.is_missing() {
            notes.wrong_type_once("index", new.index);
        }
        if let (Some(choice), Some(calls)) =
            (choices.get_mut(position), self.calls.get_mut(position))
        {
            choice::push(choice, calls, new, &mut notes);
        }
    }
}
