//! The three layers in one.

use alloc::{boxed::Box, format, string::String, vec::Vec};
use core::mem;

use deltaic_assembler::{
    Assembled, Assembler, Completion, Finding, FindingKind, Findings, Limits as AssemblerLimits,
    Outcome, Updates, UsageState,
};
use deltaic_sse::{DEFAULT_LIMIT, Event, Framer, Item};

use crate::{
    body::{self, Body, is_blank},
    event::{read_error, read_event, shown},
    templates::Templates,
};

/// Reads the bytes of one response: events, payloads, completion.
///
/// Nothing that a server sends is an error. What is odd is a finding, and the
/// stream goes on.
#[derive(Debug)]
pub struct Reader {
    framer: Framer,
    assembler: Assembler,
    templates: Templates,
    /// A byte has come that tells of which kind the response is.
    begun: bool,
    /// The response, if it is no event stream: few are.
    body: Option<Box<Body>>,
    events: u64,
}

/// How much of a response may be kept.
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

/// How much has been read.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct Stats {
    /// Bytes.
    pub bytes: u64,
    /// Events that have data, `[DONE]` among them.
    pub events: u64,
    /// Events that were chunks of the completion.
    pub chunks: u64,
    /// Comments: signs of life.
    pub comments: u64,
}

/// All that is known of a response at its end.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Report {
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
    /// How much was read.
    pub stats: Stats,
}

impl Reader {
    /// For a response that has not begun, with the default [`Limits`].
    #[must_use]
    pub fn new() -> Self {
        Self::with_limits(Limits::default())
    }

    /// As [`Reader::new`], with limits of your own.
    #[must_use]
    pub fn with_limits(limits: Limits) -> Self {
        Self {
            framer: Framer::with_limit(limits.event),
            assembler: Assembler::with_limits(limits.assembler),
            templates: Templates::default(),
            begun: false,
            body: None,
            events: 0,
        }
    }

    /// Reads each event in full from now on, also those that are like an earlier one
    /// but for a few values. The report is the same, and later: this is there to be
    /// compared with.
    #[must_use]
    pub fn without_templates(mut self) -> Self {
        self.templates = Templates::none();
        self
    }

    /// Reads one event, and tells what it has changed; advances `input` to behind
    /// it. `None` means that `input` is used up: go on with the next read.
    ///
    /// The updates are there to be looked at or not: the completion is put
    /// together in any case.
    pub fn next(&mut self, input: &mut &[u8]) -> Option<Updates<'_>> {
        if input.is_empty() {
            return None;
        }
        if self.read_block(input).is_none() {
            self.read_in_full(input)?;
        }
        Some(self.assembler.updates())
    }

    /// The response has ended: reads what its end left open, and tells what that
    /// has changed. Call it until it gives `None`, if you look at updates;
    /// [`Reader::into_report`] does so itself.
    ///
    /// A response that is no event stream is read here, value by value.
    pub fn finish(&mut self) -> Option<Updates<'_>> {
        if self.read_rest() {
            return Some(self.assembler.updates());
        }
        let has_added = self.assembler.settle().next().is_some();
        has_added.then(|| self.assembler.updates())
    }

    /// What the chunks have spelled out so far.
    #[must_use]
    pub fn completion(&self) -> &Completion {
        self.assembler.completion()
    }

    /// How the stream ended, if it ended here.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        self.assembler.outcome()
    }

    /// Whether the token counts are those of the whole answer, if it ended here.
    #[must_use]
    pub fn usage_state(&self) -> UsageState {
        self.assembler.usage_state()
    }

    /// What has been odd so far.
    #[must_use]
    pub fn findings(&self) -> &Findings {
        self.assembler.findings()
    }

    /// The errors that the server has sent so far, as raw JSON.
    #[must_use]
    pub fn errors(&self) -> &[String] {
        self.assembler.errors()
    }

    /// How much has been read so far.
    #[must_use]
    pub fn stats(&self) -> Stats {
        Stats {
            bytes: self.framer.position() + self.body.as_deref().map_or(0, Body::len),
            events: self.events,
            chunks: self.assembler.chunks(),
            comments: self.framer.comments(),
        }
    }

    /// The response has ended: all that is known of it.
    #[must_use]
    pub fn into_report(mut self) -> Report {
        while self.finish().is_some() {}
        let stats = self.stats();
        let Assembled {
            completion,
            outcome,
            errors,
            findings,
            usage,
            ..
        } = self.assembler.finish(stats.bytes);
        Report {
            completion,
            outcome,
            errors,
            findings,
            usage,
            stats,
        }
    }

    /// Reads the next of what the end left open. False if there is nothing more.
    fn read_rest(&mut self) -> bool {
        if let Some(body) = &mut self.body {
            return body.read(&mut self.assembler);
        }
        while let Some(item) = self.framer.finish_item() {
            if let Item::Event(event) = &item {
                self.assembler.push_finding(Finding {
                    kind: FindingKind::UnterminatedEvent,
                    offset: event.span.start,
                    detail: "the last event has no blank line behind it; it counts".into(),
                });
            }
            let Self {
                assembler,
                templates,
                events,
                ..
            } = self;
            if read_item(assembler, templates, events, &item, &[]) {
                return true;
            }
        }
        false
    }

    /// Reads what may stand before either kind of response, and looks of which
    /// kind it is.
    fn begin(&mut self, input: &mut &[u8]) {
        let Some((mut lead, rest)) = input.split_at_checked(body::lead(input)) else {
            return;
        };
        while self.read_item(&mut lead).is_some() {}
        *input = rest;
        let Some(&first) = rest.first() else { return };
        self.begun = true;
        if body::is_body(first) {
            let templates = mem::take(&mut self.templates);
            let (at, limit) = (self.framer.position(), self.framer.limit());
            self.body = Some(Box::new(Body::new(at, limit, templates)));
        }
    }

    /// Reads an event as it comes.
    fn read_in_full(&mut self, input: &mut &[u8]) -> Option<()> {
        if !self.begun {
            self.begin(input);
        }
        if let Some(body) = &mut self.body {
            body.push(input);
            *input = &[];
            return None;
        }
        while !self.read_item(input)? {
            if self.read_block(input).is_some() {
                break;
            }
        }
        Some(())
    }

    /// Reads a block that fits a template.
    #[inline]
    fn read_block(&mut self, input: &mut &[u8]) -> Option<()> {
        // There are templates only where events have come.
        if !self.templates.are_tried() || !self.framer.begins_block(input) {
            return None;
        }
        let (at, limit) = (self.framer.position(), self.framer.limit());
        let assembler = &mut self.assembler;
        let len = self.templates.read_block(assembler, input, at, limit)?;
        let (block, rest) = input.split_at_checked(len)?;
        self.framer.skip_block(block);
        *input = rest;
        self.events += 1;
        Some(())
    }

    /// Reads one item. True if it says something, `None` if `input` is used up.
    fn read_item(&mut self, input: &mut &[u8]) -> Option<bool> {
        let slice: &[u8] = input;
        match self.framer.next_item(input) {
            Ok(item) => {
                let taken = slice.get(..slice.len() - input.len()).unwrap_or_default();
                let Self {
                    assembler,
                    templates,
                    events,
                    ..
                } = self;
                Some(read_item(assembler, templates, events, &item?, taken))
            }
            Err(error) => {
                self.assembler.push_finding(Finding {
                    kind: FindingKind::EventTooLong,
                    offset: error.at,
                    detail: format!("an event longer than {} bytes is dropped", error.limit),
                });
                Some(false)
            }
        }
    }
}

impl Default for Reader {
    fn default() -> Self {
        Self::new()
    }
}

/// Reads one item, whose end is that of `taken`; counts it, if it is an event. True
/// if it says something.
fn read_item(
    assembler: &mut Assembler,
    templates: &mut Templates,
    events: &mut u64,
    item: &Item<&[u8]>,
    taken: &[u8],
) -> bool {
    match item {
        Item::Event(event) => {
            *events += 1;
            if event.data.trim_ascii().is_empty() && event.name != Some(b"error") {
                return false;
            }
            read_event(assembler, templates, event, around(event, taken));
        }
        Item::Field { name, value, at } if *name == b"error" => read_error(assembler, value, *at),
        Item::Field { name, value, at } if !is_blank(name) || !is_blank(value) => {
            let shown = shown(name);
            assembler.push_finding(Finding {
                kind: FindingKind::UnknownField,
                offset: *at,
                detail: format!("a line with the field `{shown}` is ignored"),
            });
            return false;
        }
        Item::Comment { .. } | Item::Field { .. } => return false,
    }
    true
}

/// What stands around the data of an event whose end is that of `taken`, if all of
/// its block lies there and has no other line.
fn around<'t>(event: &Event<&[u8]>, taken: &'t [u8]) -> Option<(&'t [u8], &'t [u8])> {
    let len = usize::try_from(event.span.end - event.span.start).ok()?;
    let before = usize::try_from(event.data_at - event.span.start).ok()?;
    let block = taken.get(taken.len().checked_sub(len)?..)?;
    let (before, rest) = block.split_at_checked(before)?;
    let after = rest.get(event.data.len()..)?;
    let is_line = matches!(before, b"data:" | b"data: ") && rest.starts_with(event.data);
    (is_line && matches!(after, b"\n\n" | b"\r\n\r" | b"\r\r")).then_some((before, after))
}
