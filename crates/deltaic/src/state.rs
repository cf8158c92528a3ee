//! How far a response has been read.

use alloc::{boxed::Box, format, vec::Vec};
use core::mem;

use deltaic_assembler::{Assembled, Assembler, Finding, FindingKind};
use deltaic_sse::{Event, Framer, Item};

use crate::{
    body::{self, Body, is_blank},
    event::{read_error, read_event, shown},
    open::is_open,
    reader::Limits,
    report::{Report, Stats},
    templates::Templates,
};

/// The state of a response that has begun.
#[derive(Debug)]
pub(crate) struct State {
    framer: Framer,
    pub(crate) assembler: Assembler,
    templates: Templates,
    /// A byte has come that tells of which kind the response is.
    begun: bool,
    /// The beginning of a block: what may fit a template, or an open line. The framer
    /// has not seen it.
    held: Vec<u8>,
    /// The response, if it is no event stream: few are.
    body: Option<Box<Body>>,
    events: u64,
    /// How many events were dropped, or the most that can be counted: it takes less room so.
    too_long: u32,
}

/// Whether blocks fit a template.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Alike {
    /// They have been read.
    Read,
    /// One may, of which more is to come: all of the input is held.
    Held,
    No,
}

impl State {
    pub(crate) fn new(limits: Limits, templates: Templates) -> Self {
        Self {
            framer: Framer::with_limit(limits.event),
            assembler: Assembler::with_limits(limits.assembler),
            templates,
            begun: false,
            held: Vec::new(),
            body: None,
            events: 0,
            too_long: 0,
        }
    }

    /// Goes on where somebody else has read `events` of what `framer` found, which `assembler`
    /// knows as far as it must, and dropped so many that were `too_long`.
    #[cfg(feature = "http-body")]
    pub(crate) fn resume(
        framer: Framer,
        assembler: Assembler,
        templates: Templates,
        begun: bool,
        events: u64,
        too_long: u32,
    ) -> Self {
        Self {
            framer,
            assembler,
            begun,
            events,
            too_long,
            ..Self::new(Limits::default(), templates)
        }
    }

    /// Reads one event; `None` if `input` is used up.
    #[inline]
    pub(crate) fn next(&mut self, input: &mut &[u8]) -> Option<()> {
        if self.read_word(input) {
            *input = &[];
            return Some(());
        }
        match self.read_alike(input, 1) {
            Alike::Read => Some(()),
            Alike::Held => None,
            Alike::No => self.read_in_full(input),
        }
    }

    /// Reads all of a read.
    #[inline]
    pub(crate) fn push(&mut self, read: &[u8]) {
        let mut input = read;
        if !self.held.is_empty() && self.is_held_open(input) {
            self.hold(&mut input);
        } else if !self.read_word(&mut input) {
            self.push_all(input);
        }
    }

    /// Reads `input`, if that is one block which says a word. Most reads are, where each event is sent
    /// as it is made.
    #[inline]
    pub(crate) fn read_word(&mut self, input: &mut &[u8]) -> bool {
        let may_be_word = self.held.is_empty() && self.templates.may_be_word(input.len());
        may_be_word && self.try_word(input)
    }

    fn try_word(&mut self, input: &mut &[u8]) -> bool {
        // There are templates only where events have come: the framer may be asked then.
        let is_read =
            self.framer.begins_block(input) && self.templates.read_word(&mut self.assembler, input);
        if is_read {
            self.framer.skip_blocks(input);
            self.events += 1;
        }
        is_read
    }

    #[inline(never)]
    fn push_all(&mut self, mut input: &[u8]) {
        while !input.is_empty() {
            if self.read_alike(&mut input, usize::MAX) == Alike::No {
                self.read_in_full(&mut input);
            }
        }
    }

    /// Reads what the end left open, and tells whether that said anything.
    pub(crate) fn finish(&mut self) -> bool {
        self.read_rest() || self.assembler.settle().next().is_some()
    }

    pub(crate) fn stats(&self) -> Stats {
        Stats {
            bytes: self.framer.position()
                + self.held.len() as u64
                + self.body.as_deref().map_or(0, Body::len),
            events: self.events,
            chunks: self.assembler.chunks(),
            comments: self.framer.comments(),
            too_long: u64::from(self.too_long)
                + u64::from(self.body.as_deref().is_some_and(Body::is_cut)),
        }
    }

    pub(crate) fn into_report(mut self) -> Report {
        while self.finish() {}
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
        if !self.held.is_empty() {
            let held = mem::take(&mut self.held);
            self.let_go(&held);
        }
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
            match self.read_alike(input, 1) {
                Alike::Read => break,
                Alike::Held => return None,
                Alike::No => {}
            }
        }
        Some(())
    }

    /// Reads a block that fits a template; several, not more than `most`, where they fit
    /// the same.
    #[inline]
    fn read_alike(&mut self, input: &mut &[u8], most: usize) -> Alike {
        if !self.held.is_empty() {
            return self.go_on(input);
        }
        let alike = self.begin_alike(input, most);
        if alike == Alike::Held {
            self.hold(input);
        }
        alike
    }

    /// As [`State::read_alike`], where nothing is held. What is to be held is left over.
    fn begin_alike(&mut self, input: &mut &[u8], most: usize) -> Alike {
        // There are templates only where events have come: the framer may be asked then.
        let Some(least) = self.templates.least_len() else {
            return Alike::No;
        };
        if !self.framer.begins_block(input) {
            return Alike::No;
        }
        if input.len() < least && self.is_held_open(input) {
            return Alike::Held;
        }
        let Some((count, rest)) = self.read_blocks(input, most) else {
            return self.look(input);
        };
        let blocks = input.get(..input.len() - rest.len()).unwrap_or_default();
        self.framer.skip_blocks(blocks);
        *input = rest;
        self.events += count;
        Alike::Read
    }

    /// Gives how many blocks were read, and what is behind them.
    #[inline]
    fn read_blocks<'i>(&mut self, input: &'i [u8], most: usize) -> Option<(u64, &'i [u8])> {
        let (at, limit) = (self.framer.position(), self.framer.limit());
        let assembler = &mut self.assembler;
        let alike = self
            .templates
            .read_blocks(assembler, input, at, limit, most);
        alike.or_else(|| self.read_block(input))
    }

    /// A block that fits another shape, or needs another plan.
    fn read_block<'i>(&mut self, input: &'i [u8]) -> Option<(u64, &'i [u8])> {
        let (at, limit) = (self.framer.position(), self.framer.limit());
        let assembler = &mut self.assembler;
        let len = self.templates.read_block(assembler, input, at, limit)?;
        Some((1, input.get(len..)?))
    }

    /// Whether the rest of a read, which was not read, may be the beginning of a block that fits.
    #[inline(never)]
    fn look(&self, part: &[u8]) -> Alike {
        let may_begin =
            self.is_held_open(part) || self.may_hold(part.len()) && self.templates.may_begin(part);
        if may_begin && !part.is_empty() {
            Alike::Held
        } else {
            Alike::No
        }
    }

    /// Whether so much may be held of a block. What is longer is seldom worth it.
    #[inline]
    fn may_hold(&self, len: usize) -> bool {
        const LONGEST: usize = 1024;
        len < self.framer.limit().min(LONGEST)
    }

    /// Whether `part` is held behind what is already, for no line ends in it: so it says nothing
    /// yet, whatever it fits.
    #[inline]
    fn is_held_open(&self, part: &[u8]) -> bool {
        self.may_hold(self.held.len() + part.len()) && is_open(part)
    }

    /// Keeps the rest of a read.
    fn hold(&mut self, input: &mut &[u8]) {
        self.held.extend_from_slice(input);
        *input = &[];
    }

    /// Reads the block that is held, with what `input` brings of it.
    #[inline(never)]
    fn go_on(&mut self, input: &mut &[u8]) -> Alike {
        if self.is_held_open(input) {
            self.hold(input);
            return Alike::Held;
        }
        let mut held = mem::take(&mut self.held);
        let alike = if self.ends_word(&mut held, input) {
            Alike::Read
        } else {
            self.go_on_with(&mut held, input)
        };
        if alike != Alike::Held {
            held.clear();
        }
        self.held = held;
        alike
    }

    /// Reads the block that begins with `held`, if it says a word and ends in `input`.
    #[inline]
    fn ends_word(&mut self, held: &mut Vec<u8>, input: &mut &[u8]) -> bool {
        let before = held.len();
        let Some((more, behind)) = self.templates.cut(before, input) else {
            return false;
        };
        held.extend_from_slice(more);
        let is_read = self.try_word(&mut &**held);
        if is_read {
            *input = behind;
        } else {
            held.truncate(before);
        }
        is_read
    }

    /// Reads the block that begins with `held`, or holds all of `input` too.
    fn go_on_with(&mut self, held: &mut Vec<u8>, input: &mut &[u8]) -> Alike {
        /// A word or two.
        const WORDS: usize = 24;
        let before = held.len();
        let usual = self.templates.least_len().unwrap_or_default() + WORDS;
        let mut rest = *input;
        loop {
            // What is behind the block need not be copied.
            let lack = usual.saturating_sub(held.len());
            let (more, behind) = rest
                .split_at_checked(lack.max(held.len()))
                .unwrap_or((rest, &[]));
            held.extend_from_slice(more);
            rest = behind;
            let mut left = &**held;
            match self.begin_alike(&mut left, 1) {
                Alike::Read => {
                    let taken = held.len() - left.len();
                    debug_assert!(taken > before, "what is held has no whole block");
                    *input = input.get(taken - before..).unwrap_or_default();
                    return Alike::Read;
                }
                Alike::Held if rest.is_empty() => {
                    *input = rest;
                    return Alike::Held;
                }
                Alike::Held => {}
                Alike::No => {
                    held.truncate(before);
                    self.let_go(held);
                    return Alike::No;
                }
            }
        }
    }

    /// Gives what was held to the framer. It is a part of a line, behind a data line at most:
    /// so it says nothing yet.
    fn let_go(&mut self, held: &[u8]) {
        let mut input = held;
        while let Some(says) = self.read_item(&mut input) {
            debug_assert!(!says, "what is held has no whole block");
        }
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
                self.too_long = self.too_long.saturating_add(1);
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

/// Reads one item, whose end is that of `taken`; counts it, if it is an event. True
/// if it says something.
pub(crate) fn read_item(
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
pub(crate) fn around<'t>(event: &Event<&[u8]>, taken: &'t [u8]) -> Option<(&'t [u8], &'t [u8])> {
    let len = usize::try_from(event.span.end - event.span.start).ok()?;
    let before = usize::try_from(event.data_at - event.span.start).ok()?;
    let block = taken.get(taken.len().checked_sub(len)?..)?;
    let (before, rest) = block.split_at_checked(before)?;
    let after = rest.get(event.data.len()..)?;
    let is_line = matches!(before, b"data:" | b"data: ") && rest.starts_with(event.data);
    (is_line && matches!(after, b"\n\n" | b"\r\n\r" | b"\r\r")).then_some((before, after))
}
