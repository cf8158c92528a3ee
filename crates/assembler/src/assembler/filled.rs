//! Adding chunks that fit a template.

use deltaic_chunk::{Chunk, Filled, JsonStr, Template};

use super::Assembler;
use crate::{
    changes::{Change, What},
    completion::Message,
    message::grow,
    notes::Notes,
    plan::{Figure, Known, More, Place, Plan, Step, plan},
    text::Text,
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
        if plan.epoch != self.epoch {
            return false;
        }
        match &plan.step {
            &Step::Text { choice, what, hole } => {
                self.add_text(choice, what, filled.text(hole), at)
            }
            Step::More(more) => self.add_more(more, filled, at),
        }
        .is_some()
    }

    /// Adds the chunks that `input` begins with, one behind the other: those that fit `template`, whose `plan`
    /// this is, and say a word ([`Template::words`]), not more than `most`. As
    /// [`Assembler::push_filled`] of each.
    ///
    /// Gives how many were added and what is behind them, if there were any.
    #[inline]
    pub fn push_words<'i>(
        &mut self,
        plan: &Plan,
        template: &mut Template,
        input: &'i [u8],
        most: usize,
    ) -> Option<(u64, &'i [u8])> {
        let &Step::Text { choice, what, hole } = &plan.step else {
            return None;
        };
        if plan.epoch != self.epoch {
            return None;
        }
        let message = &mut self.completion.choices.get_mut(choice)?.message;
        let text = message.text_mut(what).as_mut()?.plain_mut()?;
        let start = text.len();
        let mut last = start;
        let (count, rest) = template.words(hole, input, most, |word| {
            last = text.len();
            word.push_to(text);
        })?;
        let end = text.len();
        self.chunks += count;
        self.changes.clear();
        if end > last {
            self.changes.push(Change::Choice {
                what,
                choice,
                call: 0,
                added: last..end,
            });
        }
        if end > start {
            self.meter.something_said();
        }
        Some((count, rest))
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

    fn add_more(&mut self, more: &More, filled: &Filled<'_, '_>, at: u64) -> Option<()> {
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
                let figures = counts.figures.map(|figure| figure.read(filled));
                let known = self.completion.usage.as_ref()?;
                Some((counts, self.meter.growth(known, figures)?))
            }
        };

        self.chunks += 1;
        self.changes.clear();
        let mut notes = Notes::new(&mut self.findings, &mut self.changes, &self.limits, at);
        notes.choice = position;
        let message = &mut choice.message;
        for &(what, hole) in &more.said.texts {
            grow(message.text_mut(what), filled.text(hole), what, &mut notes);
        }
        if let Some((calls, call, hole)) = call {
            let text = filled.text(hole);
            calls.push_arguments(&mut message.tool_calls, call, text, &mut notes);
        }
        if self.changes.has_said {
            self.meter.something_said();
        }
        if let Some((counts, figures)) = counts {
            let text = filled.stretch(counts.holes.clone(), counts.around);
            let usage = self.completion.usage.as_mut();
            self.meter.grow(usage, text, figures, &mut self.changes);
        }
        Some(())
    }
}

impl Message {
    /// The text that grows.
    #[inline]
    fn text_mut(&mut self, what: What) -> &mut Option<Text> {
        match what {
            What::Refusal => &mut self.refusal,
            What::Reasoning(_) => &mut self.reasoning,
            _ => &mut self.content,
        }
    }
}
