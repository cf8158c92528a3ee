//! Adding fragments of tool calls that fit a template.

use deltaic_chunk::{Template, Word};

use super::Assembler;
use crate::{
    calls::Grown,
    notes::Notes,
    plan::{Figure, More},
};

/// Whether [`Assembler::add_fragments`] adds what fits.
pub(super) fn has_fragments(more: &More, template: &Template) -> bool {
    more.fragment().is_some_and(|(_, index, _)| match index {
        Figure::Hole(_) => template.has_numbered_words(),
        _ => template.has_words(),
    })
}

impl Assembler {
    /// As [`Assembler::push_blocks`], of fragments of arguments: the words of one call, or of calls
    /// that take turns.
    #[inline(never)]
    pub(super) fn add_fragments<'i>(
        &mut self,
        more: &More,
        template: &mut Template,
        input: &'i [u8],
        most: usize,
    ) -> Option<(u64, &'i [u8])> {
        let (position, index, hole) = more.fragment()?;
        let choice = self.completion.choices.get_mut(position)?;
        let all = &mut choice.message.tool_calls;
        let calls = self.calls.get_mut(position)?;
        let mut last = Grown::default();
        let mut has_said = false;
        let mut take = |index, word: Word<'i>| {
            let at = calls.with_index(index);
            let grown = at.and_then(|at| calls.push_word(all, at, &word));
            let is_added = grown.is_some();
            if let Some(grown) = grown {
                has_said |= !grown.added.is_empty();
                last = grown;
            }
            is_added
        };
        let (count, rest) = match index {
            Figure::Hole(_) => template.numbered_words(input, most, take),
            Figure::Known(index) => template.words(hole, input, most, |word| take(index, word)),
            Figure::None => None,
        }?;
        self.chunks += count;
        self.changes.clear();
        let mut notes = Notes::new(&mut self.findings, &mut self.changes, &self.limits, 0);
        notes.choice = position;
        calls.note(last, &mut notes);
        if has_said {
            self.meter.something_said();
        }
        Some((count, rest))
    }
}
