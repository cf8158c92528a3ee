//! Adding chunks that fit a template.

use core::ops::Range;

use deltaic_chunk::{Chunk, Filled, JsonStr, Template};

use super::{Assembler, counted::has_counts, fragments::has_fragments};
use crate::{
    changes::{Change, What},
    completion::Message,
    message::grow,
    notes::Notes,
    plan::{Figure, Known, More, Place, Plan, Step, plan},
    text::Text,
    usage::{Figures, have_grown},
};

impl Assembler {
    /// What a chunk does that fits `template`, where `chunk` is one: it was read from
    /// `data`, which the template was made of, has learned or was filled with last.
    ///
    /// `None` if there is more to it than texts and token counts. It may be asked
    /// before the chunk is pushed, or after.
    #[must_use]
    pub fn plan(&self, chunk: &Chunk<'_>, template: &Template, data: &str) -> Option<Plan> {
        let known = Known {
            completion: &self.completion,
            findings: &self.findings,
            epoch: self.epoch,
        };
        let plan = plan(&known, chunk, template, data);
        plan.filter(|_| !self.done)
    }

    /// Adds a chunk that is `filled`, whose template's `plan` this is. As
    /// [`Assembler::push`], which it does the same as; `at` is where the chunk's data
    /// begins in the stream.
    ///
    /// False, and nothing is added, if the plan holds no longer: ask for another, or
    /// push the chunk.
    #[inline]
    pub fn push_filled(&mut self, plan: &Plan, filled: &Filled<'_, '_>, at: u64) -> bool {
        let mut counted = Counted::default();
        let is_added =
            plan.epoch == self.epoch && self.add(&plan.step, filled, at, &mut counted).is_some();
        self.keep(&counted);
        is_added
    }

    /// Adds the chunks that `input` begins with, one behind the other: those that fit `template`, whose `plan`
    /// this is, not more than `most`, which is 1 or more. As [`Assembler::push_filled`] of each, and the
    /// updates are those of the last; `at` is where `input` begins in the stream.
    ///
    /// Gives how many were added and what is behind them, if there were any. What was not added may
    /// fit all the same, and is then for [`Assembler::push_filled`].
    #[inline]
    pub fn push_blocks<'i>(
        &mut self,
        plan: &Plan,
        template: &mut Template,
        input: &'i [u8],
        most: usize,
        at: u64,
    ) -> Option<(u64, &'i [u8])> {
        if plan.epoch != self.epoch {
            return None;
        }
        match &plan.step {
            &Step::Text { choice, what, hole } if template.has_words() => {
                self.add_words((choice, what, hole), template, input, most)
            }
            Step::More(more) if has_fragments(more, template) => {
                self.add_fragments(more, template, input, most)
            }
            step if has_counts(step, template) => self.add_counted(step, template, input, most, at),
            step => self.add_each(step, template, input, most, at),
        }
    }

    #[inline(never)]
    pub(super) fn add_each<'i>(
        &mut self,
        step: &Step,
        template: &mut Template,
        input: &'i [u8],
        most: usize,
        at: u64,
    ) -> Option<(u64, &'i [u8])> {
        let before = template.before() as u64;
        let mut counted = Counted::default();
        let (mut rest, mut count) = (input, 0);
        while count < most && !rest.is_empty() {
            // A template of nothing, which no plan is of, would fit without end.
            let Some(filled) = template.fill(rest).filter(|filled| filled.block_len() > 0) else {
                break;
            };
            let at = at + (input.len() - rest.len()) as u64 + before;
            if self.add(step, &filled, at, &mut counted).is_none() {
                break;
            }
            rest = rest.get(filled.block_len()..).unwrap_or_default();
            count += 1;
        }
        self.keep(&counted);
        (count > 0).then_some((count as u64, rest))
    }

    /// As [`Assembler::push_blocks`], of those that say a word ([`Template::words`]).
    #[inline]
    fn add_words<'i>(
        &mut self,
        (choice, what, hole): (usize, What, usize),
        template: &mut Template,
        input: &'i [u8],
        most: usize,
    ) -> Option<(u64, &'i [u8])> {
        let message = &mut self.completion.choices.get_mut(choice)?.message;
        let text = message.text_mut(what).as_mut()?.plain_mut()?;
        let start = text.len();
        let mut last = start;
        let (count, rest) = template.words(hole, input, most, |word| {
            last = text.len();
            word.push_to(text);
            true
        })?;
        let end = text.len();
        self.words_added(count, (choice, what), start, last..end);
        Some((count, rest))
    }

    /// As [`Assembler::push_blocks`], and faster, if all of `block` is one that says a word: see
    /// [`Template::push_word`].
    ///
    /// False, and nothing is added, if it is not, or no block has been asked for in that way since the
    /// template has changed: it may still be one for [`Assembler::push_blocks`].
    #[inline]
    pub fn push_word(&mut self, plan: &Plan, template: &Template, block: &[u8]) -> bool {
        self.add_word(plan, template, block).is_some()
    }

    #[inline]
    fn add_word(&mut self, plan: &Plan, template: &Template, block: &[u8]) -> Option<()> {
        let Step::Text { choice, what, .. } = plan.step else {
            return None;
        };
        if plan.epoch != self.epoch {
            return None;
        }
        let message = &mut self.completion.choices.get_mut(choice)?.message;
        let text = message.text_mut(what).as_mut()?.plain_mut()?;
        let start = text.len();
        if !template.push_word(block, text) {
            return None;
        }
        let end = text.len();
        self.words_added(1, (choice, what), start, start..end);
        Some(())
    }

    /// So many chunks have been added that say words: they to the text from `start` on, and the last of
    /// them this.
    #[inline]
    pub(super) fn words_added(
        &mut self,
        count: u64,
        (choice, what): (usize, What),
        start: usize,
        added: Range<usize>,
    ) {
        self.chunks += count;
        if added.end > start {
            self.meter.something_said();
        }
        if added.is_empty() {
            self.changes.clear();
            return;
        }
        self.changes.say(Change::Choice {
            what,
            choice,
            call: 0,
            added,
        });
    }

    /// `None`, and nothing is added, if it cannot be.
    #[inline]
    fn add<'i>(
        &mut self,
        step: &Step,
        filled: &Filled<'_, 'i>,
        at: u64,
        counted: &mut Counted<'i>,
    ) -> Option<()> {
        match step {
            &Step::Text { choice, what, hole } => {
                self.add_text(choice, what, filled.text(hole), at)
            }
            Step::More(more) => self.add_more(more, filled, at, counted),
        }
    }

    fn add_text(&mut self, choice: usize, what: What, piece: JsonStr<'_>, at: u64) -> Option<()> {
        let message = &mut self.completion.choices.get_mut(choice)?.message;
        self.chunks += 1;
        self.changes.clear();
        let mut notes = Notes::new(&mut self.findings, &mut self.changes, &self.limits, at);
        notes.choice = choice;
        grow(message.text_mut(what), piece, what, &mut notes);
        if self.changes.has_said {
            self.meter.something_said();
        }
        Some(())
    }

    fn add_more<'i>(
        &mut self,
        more: &More,
        filled: &Filled<'_, 'i>,
        at: u64,
        counted: &mut Counted<'i>,
    ) -> Option<()> {
        // First what may fail, for then nothing is added.
        let choices = &mut self.completion.choices;
        let position = match more.choice {
            Place::At(position) => position,
            Place::Hole(hole) => {
                let index = Figure::Hole(hole).read(filled)?;
                choices.iter().position(|choice| choice.index == index)?
            }
        };
        let choice = choices.get_mut(position)?;
        let message = &mut choice.message;
        if !more.said.also.iter().all(|also| also.is_said(filled)) {
            return None;
        }
        let call = match more.said.call {
            None => None,
            Some((index, hole)) => {
                let calls = self.calls.get_mut(position)?;
                let at = calls.with_index(index.read(filled)?)?;
                Some((calls, at, hole))
            }
        };
        let counts = match &more.usage {
            None => None,
            Some(counts) => {
                let new = counts.figures.map(|figure| figure.read(filled));
                let known = match counted.last {
                    Some((_, figures)) => figures,
                    None => self.meter.figures(self.completion.usage.as_ref()?),
                };
                if !have_grown(known, new) {
                    return None;
                }
                Some((counts, new))
            }
        };

        self.chunks += 1;
        self.changes.clear();
        let mut notes = Notes::new(&mut self.findings, &mut self.changes, &self.limits, at);
        notes.choice = position;
        for &(what, hole) in &more.said.texts {
            grow(message.text_mut(what), filled.text(hole), what, &mut notes);
        }
        if let Some((calls, call, hole)) = call {
            let text = filled.text(hole);
            calls.push_arguments(&mut message.tool_calls, call, text, &mut notes);
        }
        for also in &more.said.also {
            also.add(message, filled, &mut notes);
        }
        if self.changes.has_said {
            self.meter.something_said();
        }
        if let Some((counts, figures)) = counts {
            let text = filled.stretch(counts.holes.clone(), counts.around);
            let before = counted.last.replace((text, figures));
            counted.before = before.map(|(text, _)| text);
        }
        Some(())
    }

    /// Keeps the counts that came last.
    #[inline]
    pub(super) fn keep(&mut self, counted: &Counted<'_>) {
        if let (Some((text, figures)), Some(usage)) = (counted.last, &mut self.completion.usage) {
            let before = counted.before.unwrap_or(&usage.text);
            if text != before {
                self.changes.push(Change::Usage);
            }
            self.meter.grow(usage, text, figures);
        }
    }
}

/// The token counts of chunks that have been added, but for the counts: only the last are kept.
#[derive(Default)]
pub(super) struct Counted<'i> {
    pub(super) last: Option<(&'i str, Figures)>,
    /// Those of the chunk before, if that was added along with it.
    pub(super) before: Option<&'i str>,
}

impl Message {
    /// The text that grows.
    #[inline]
    pub(super) fn text_mut(&mut self, what: What) -> &mut Option<Text> {
        match what {
            What::Text => &mut self.content,
            _ => self.other_text_mut(what),
        }
    }

    /// Never inlined: so it is a branch, and no address to wait for.
    #[inline(never)]
    fn other_text_mut(&mut self, what: What) -> &mut Option<Text> {
        match what {
            What::Refusal => &mut self.refusal,
            _ => &mut self.reasoning,
        }
    }
}
