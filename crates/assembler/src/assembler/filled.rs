//! Adding chunks that fit a template.

use core::ops::Range;

use deltaic_chunk::{Chunk, Template};

use super::Assembler;
use crate::{
    changes::What,
    message::grow,
    notes::Notes,
    plan::{Figure, Known, Place, Plan, plan},
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

    /// Adds a chunk that fits `template`, whose `plan` this is: `data` is what that was
    /// filled with last. As [`Assembler::push`], which it does the same as.
    ///
    /// False, and nothing is added, if the plan holds no longer: ask for another, or
    /// push the chunk.
    pub fn push_filled(&mut self, plan: &Plan, template: &Template, data: &[u8], at: u64) -> bool {
        self.add_filled(plan, template, data, at).is_some()
    }

    fn add_filled(&mut self, plan: &Plan, template: &Template, data: &[u8], at: u64) -> Option<()> {
        // First what may fail, for then nothing is added.
        if plan.epoch != self.epoch {
            return None;
        }
        let choices = &mut self.completion.choices;
        let position = match plan.choice {
            Place::At(position) => position,
            Place::Hole(hole) => {
                let index = Figure::Hole(hole).read(template, data)?;
                choices.iter().position(|choice| choice.index == index)?
            }
        };
        let choice = choices.get_mut(position)?;
        let call = match plan.said.call {
            None => None,
            Some((index, hole)) => {
                let calls = self.calls.get_mut(position)?;
                let index = index.read(template, data)?;
                let at = calls.with_index(index)?;
                Some((calls, at, hole))
            }
        };
        let counts = match &plan.usage {
            None => None,
            Some(counts) => {
                let figures = counts.figures.map(|figure| figure.read(template, data));
                Some((counts, self.meter.growth(figures)?))
            }
        };

        self.chunks += 1;
        self.changes.clear();
        let mut notes = Notes::new(&mut self.findings, &mut self.changes, &self.limits, at);
        notes.choice = position;
        let message = &mut choice.message;
        for &(what, hole) in &plan.said.texts {
            let text = match what {
                What::Refusal => &mut message.refusal,
                What::Reasoning(_) => &mut message.reasoning,
                _ => &mut message.content,
            };
            grow(text, template.text(hole, data), what, &mut notes);
        }
        if let Some((calls, call, hole)) = call {
            let text = template.text(hole, data);
            calls.push_arguments(&mut message.tool_calls, call, text, &mut notes);
        }
        if self.changes.has_said {
            self.meter.something_said();
        }
        if let Some((counts, figures)) = counts {
            let Range { start, end } = counts.holes;
            let text = template.stretch(start..end, counts.around, data);
            let usage = self.completion.usage.as_mut();
            self.meter.grow(usage, text, figures, &mut self.changes);
        }
        Some(())
    }
}
