//! Reading no more than what tells the usage and the outcome.
//!
//! Most events of a stream add to a text, and change neither. Such events are passed
//! over (`plain.rs` knows them), and the first that is more ends this: a [`Reader`] goes
//! on, which is told what there was to know. So what counts is decided in one place,
//! and a stream that is at its text holds a third of what it would otherwise.

use core::mem;

use deltaic_assembler::{Assembler, Limits as AssemblerLimits};
use deltaic_chunk::Template;
use deltaic_sse::{Framer, Item};

use super::{
    first::First,
    plain::{Plain, has_half},
};
use crate::{
    body,
    reader::{Limits, Reader},
    state::{State, around, read_item},
    templates::Templates,
};

/// Passes over the events that only add to a text.
pub(super) struct Skim {
    framer: Framer,
    /// What has come tells that the response is an event stream.
    begun: bool,
    plain: Plain,
    events: u64,
    too_long: u32,
}

impl Skim {
    pub(super) fn new(limit: usize) -> Self {
        Self {
            framer: Framer::with_limit(limit),
            begun: false,
            plain: Plain::default(),
            events: 0,
            too_long: 0,
        }
    }

    /// How many chunks have been passed over that no reader counts.
    pub(super) fn chunks(&self) -> u64 {
        self.plain.chunks().saturating_sub(1)
    }

    /// Passes over what only adds to a text, up to an event that is more: gives who has
    /// read that and goes on. `None` if `input` is used up.
    #[inline]
    pub(super) fn read(
        &mut self,
        input: &mut &[u8],
        read: u64,
        first: &mut First,
        limits: Option<&Limits>,
    ) -> Option<Reader> {
        while !input.is_empty() {
            if self.skip_blocks(input).is_none() {
                return self.read_items(input, read, first, limits);
            }
        }
        None
    }

    /// As [`Skim::read`], where `input` does not begin with what is known.
    #[inline(never)]
    fn read_items(
        &mut self,
        input: &mut &[u8],
        read: u64,
        first: &mut First,
        limits: Option<&Limits>,
    ) -> Option<Reader> {
        if !self.begun && self.is_body(input) {
            return Some(self.finish(limits));
        }
        while !input.is_empty() {
            if self.skip_blocks(input).is_some() {
                continue;
            }
            let slice: &[u8] = input;
            let Ok(item) = self.framer.next_item(input) else {
                self.too_long = self.too_long.saturating_add(1);
                continue;
            };
            let item = item?;
            let taken = slice.get(..slice.len() - input.len()).unwrap_or_default();
            let is_passed = match &item {
                Item::Event(event) if event.name == Some(b"error") => false,
                Item::Event(event) => {
                    let around = around(event, taken);
                    self.plain.pass(event.data, around, read, first)
                }
                Item::Field { name, .. } => *name != b"error",
                Item::Comment { .. } => true,
            };
            if is_passed {
                self.events += u64::from(matches!(item, Item::Event(_)));
                continue;
            }
            let (mut assembler, mut templates) =
                (self.plain.assembler(of_usage(limits)), Templates::default());
            let mut events = self.events;
            read_item(&mut assembler, &mut templates, &mut events, &item, taken);
            return Some(self.give_way(assembler, templates, events));
        }
        None
    }

    /// The body has ended: gives who reads what that left open.
    pub(super) fn finish(&mut self, limits: Option<&Limits>) -> Reader {
        let assembler = self.plain.assembler(of_usage(limits));
        self.give_way(assembler, Templates::default(), self.events)
    }

    fn give_way(&mut self, assembler: Assembler, templates: Templates, events: u64) -> Reader {
        let framer = mem::take(&mut self.framer);
        Reader::resume(State::resume(
            framer,
            assembler,
            templates,
            self.begun,
            events,
            self.too_long,
        ))
    }

    /// Reads what may stand before either kind of response, and looks of which kind it
    /// is.
    fn is_body(&mut self, input: &mut &[u8]) -> bool {
        let lead = body::lead(input);
        let (mut lead, rest) = input.split_at_checked(lead).unwrap_or_default();
        // Nothing in it says anything, unless it is too long.
        while !lead.is_empty() {
            let is_too_long = self.framer.next(&mut lead).is_err();
            self.too_long = self.too_long.saturating_add(is_too_long.into());
        }
        *input = rest;
        let is_body = rest.first().is_some_and(|first| body::is_body(*first));
        self.begun = !rest.is_empty() && !is_body;
        is_body
    }

    /// Passes over blocks that are as others before.
    #[inline]
    fn skip_blocks(&mut self, input: &mut &[u8]) -> Option<()> {
        let template = self.plain.template()?;
        if template.longest() > self.framer.limit() || !self.framer.begins_block(input) {
            return None;
        }
        let (count, rest) = fitting(template, input)?;
        let blocks = input.get(..input.len() - rest.len())?;
        self.framer.skip_blocks(blocks);
        *input = rest;
        self.events += count;
        self.plain.have_fitted(count);
        Some(())
    }
}

/// How many of the blocks that `input` begins with fit, and what is behind them.
#[inline]
fn fitting<'i>(template: &mut Template, input: &'i [u8]) -> Option<(u64, &'i [u8])> {
    // Most reads are one, where each event is sent as it is made.
    if template.may_be_word(input.len()) && template.is_word(input) {
        return Some((1, &[]));
    }
    let words = template.words(0, input, usize::MAX, |_| true);
    if words.is_some() || template.has_words() {
        return words;
    }
    let filled = template.fill(input).filter(|filled| !has_half(filled))?;
    Some((1, input.get(filled.block_len()..)?))
}

/// Findings are not told.
fn of_usage(limits: Option<&Limits>) -> AssemblerLimits {
    AssemblerLimits {
        findings: 0,
        ..limits.copied().unwrap_or_default().assembler
    }
}
