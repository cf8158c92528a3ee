//! Adding chunks that fit a template, and count with every word.

use core::ops::Range;

use deltaic_chunk::Template;

use super::{Assembler, filled::Counted};
use crate::{
    plan::{Figure, Step},
    usage::have_grown,
};

/// Whether [`Assembler::add_counted`] adds what fits.
pub(super) fn has_counts(step: &Step, template: &Template) -> bool {
    // The other hole is the text's.
    let is_all = |holes: usize| holes + 1 == template.holes();
    let counted = step.counted();
    counted.is_some_and(|(.., counts)| is_all(counts.holes.len())) && template.has_counted_words()
}

impl Assembler {
    /// As [`Assembler::push_blocks`], of words that token counts come with.
    #[inline(never)]
    pub(super) fn add_counted<'i>(
        &mut self,
        step: &Step,
        template: &mut Template,
        input: &'i [u8],
        most: usize,
        at: u64,
    ) -> Option<(u64, &'i [u8])> {
        let counted = self.add_run(step, template, input, most);
        // A number is none, or half a character stands there.
        counted.or_else(|| self.add_each(step, template, input, most, at))
    }

    /// As [`Assembler::add_counted`], as long as all of a block is as it is in most.
    #[inline]
    fn add_run<'i>(
        &mut self,
        step: &Step,
        template: &mut Template,
        input: &'i [u8],
        most: usize,
    ) -> Option<(u64, &'i [u8])> {
        let (choice, what, counts) = step.counted()?;
        let message = &mut self.completion.choices.get_mut(choice)?.message;
        let text = message.text_mut(what).as_mut()?.plain_mut()?;
        let start = text.len();
        let mut last = start;
        let mut figures = self.meter.figures(self.completion.usage.as_ref()?);
        let (mut before, mut behind) = (None, None);
        let (count, rest) = template.counted_words(input, most, |counted| {
            let new = counts.figures.map(|figure| match figure {
                Figure::None => None,
                Figure::Known(number) => Some(number),
                Figure::Hole(hole) => Some(counted.number(hole - counts.holes.start)),
            });
            let has_grown = have_grown(figures, new);
            if has_grown {
                figures = new;
                last = text.len();
                counted.word.push_to(text);
                before = behind.replace(counted.numbers_in(input));
            }
            has_grown
        })?;
        let end = text.len();
        self.words_added(count, (choice, what), start, last..end);
        let text_of = |numbers: Range<usize>| {
            let (before, behind) = counts.around;
            let text = input.get(numbers.start.checked_sub(before)?..numbers.end + behind)?;
            core::str::from_utf8(text).ok()
        };
        self.keep(&Counted {
            last: behind.and_then(text_of).map(|text| (text, figures)),
            before: before.and_then(text_of),
        });
        Some((count, rest))
    }
}
