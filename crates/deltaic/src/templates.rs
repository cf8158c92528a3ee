//! Reading events that differ from earlier ones in a few values only.
//!
//! Most events of a stream repeat the one before but for a word. A template knows
//! the whole block of such an event, with the line's field and the blank line
//! behind it; so one comparison frames and parses it. What fits none is read in
//! full, and learned from.

mod budget;
#[cfg(test)]
mod tests;

use alloc::{boxed::Box, vec::Vec};
use core::mem;

use deltaic_assembler::{Assembler, Plan};
use deltaic_chunk::{Choice, Chunk, Filled, Kind, Payload, Raw, Template, ToolCallDelta};

use crate::open::open_len;
use budget::Budget;

/// The most events that pass before one is tried again.
const PAUSE: u8 = 64;

/// The longest data that is learned. What is longer says much that is new.
const LONGEST: usize = 4096;

/// What stands around data, if it is not known: as nearly all servers have it.
const AROUND: (&[u8], &[u8]) = (b"data: ", b"\n\n");

/// The shapes of a stream's events that are known at a time: two for most streams
/// (reasoning, then text), and one to come.
#[derive(Debug, Default)]
pub(crate) struct Templates {
    /// The one that fitted last: here, and not in a list, for it is what the next event is
    /// compared with. Of many streams each is out of the caches when its turn comes.
    last: Option<Shape>,
    /// Two at most; none, if that is none.
    others: Box<[Shape]>,
    budget: Budget,
    /// How many events in a row have fitted nothing, or were not tried.
    unlike: u32,
    /// How many events pass before one is tried again.
    pause: u8,
    /// The last event that was to be learned had nothing that is new.
    is_silent: bool,
    /// Nothing is ever learned.
    is_off: bool,
}

#[derive(Debug)]
struct Shape {
    template: Template,
    plan: Option<Plan>,
}

impl Templates {
    pub(crate) fn none() -> Self {
        Self {
            is_off: true,
            ..Self::default()
        }
    }

    /// Reads the blocks that `input` begins with, `at` bytes from the start of the stream, and that
    /// fit what fitted last: not more than `most`. Gives how many there were, and what is behind them.
    #[inline(never)]
    pub(crate) fn read_blocks<'i>(
        &mut self,
        assembler: &mut Assembler,
        input: &'i [u8],
        at: u64,
        limit: usize,
        most: usize,
    ) -> Option<(u64, &'i [u8])> {
        let Shape { template, plan } = self.last.as_mut()?;
        if template.longest() > limit {
            return None;
        }
        let read = assembler.push_blocks(plan.as_ref()?, template, input, most, at)?;
        self.has_fitted(read.0);
        Some(read)
    }

    /// Whether so much may be one block that fits what fitted last and says a word, and is not two.
    #[inline]
    pub(crate) fn may_be_word(&self, len: usize) -> bool {
        let last = self.last.as_ref().filter(|_| self.pause == 0);
        last.is_some_and(|shape| shape.template.may_be_word(len))
    }

    /// Reads `block`, if all of it is one that fits what fitted last, and only says a word. It is not
    /// longer than may be: only where none is has [`Templates::read_blocks`] read one before.
    #[inline]
    pub(crate) fn read_word(&mut self, assembler: &mut Assembler, block: &[u8]) -> bool {
        let Some(Shape {
            template,
            plan: Some(plan),
        }) = &self.last
        else {
            return false;
        };
        let is_read = assembler.push_word(plan, template, block);
        if is_read {
            self.has_fitted(1);
        }
        is_read
    }

    /// Cuts `input` where the block ends of which `begun` bytes stand before it, if it fits what fitted
    /// last and says a word. `None` if it would not end there.
    #[inline]
    pub(crate) fn cut<'i>(&self, begun: usize, input: &'i [u8]) -> Option<(&'i [u8], &'i [u8])> {
        let Shape { template, .. } = self.last.as_ref()?;
        if self.pause > 0 || !template.has_one_word() {
            return None;
        }
        let after = template.after();
        // No line ends before that, nor behind what may fit.
        let from = template.fixed_len().saturating_sub(begun + after);
        let most = template.longest().saturating_sub(begun);
        let looked_at = input.get(..most).unwrap_or(input).get(from..)?;
        input.split_at_checked(from + open_len(looked_at) + after)
    }

    /// Whether what may fit can begin with `part`, which is no whole block.
    pub(crate) fn may_begin(&self, part: &[u8]) -> bool {
        let mut shapes = self.last.iter().chain(&self.others);
        shapes.any(|shape| shape.template.may_begin(part))
    }

    /// No block is shorter that fits what fitted last. `None` if the next event is not tried.
    #[inline]
    pub(crate) fn least_len(&self) -> Option<usize> {
        let last = self.last.as_ref().filter(|_| self.pause == 0)?;
        Some(last.template.fixed_len())
    }

    /// Reads the block that `input` begins with, `at` bytes from the start of the
    /// stream, if it fits. Gives how long it is: at most `limit`.
    #[inline(never)]
    pub(crate) fn read_block(
        &mut self,
        assembler: &mut Assembler,
        input: &[u8],
        at: u64,
        limit: usize,
    ) -> Option<usize> {
        let mut len = 0;
        self.read_filled(assembler, at, |template| {
            let before = template.before() as u64;
            let filled = template.fill(input)?;
            len = filled.block_len();
            (len <= limit).then_some((filled, before))
        })?;
        Some(len)
    }

    /// Reads `data`, `at` bytes from the start of the stream, if it fits. Where its whole
    /// block lay in one slice, that has been tried before.
    pub(crate) fn read_data(
        &mut self,
        assembler: &mut Assembler,
        data: &[u8],
        at: u64,
        is_tried: bool,
    ) -> bool {
        if self.pause > 0 {
            self.pause -= 1;
            self.is_unlike();
            return false;
        }
        if !is_tried {
            let read = self.read_filled(assembler, at, |template| {
                Some((template.fill_data(data)?, 0))
            });
            if read.is_some() {
                return true;
            }
        }
        self.is_unlike();
        // A stream that is never alike is not to pay for it.
        self.pause = u8::try_from(self.unlike / 4).map_or(PAUSE, |pause| pause.min(PAUSE));
        false
    }

    /// An event has fitted nothing, or was not tried.
    fn is_unlike(&mut self) {
        self.unlike = self.unlike.saturating_add(1);
        if self.unlike % 64 == 0 {
            self.budget.earn(1);
        }
    }

    /// Learns from `chunk`, which was read from `data` and has been added. `around` is
    /// what stands around the data in its block, if that lies in one slice.
    pub(crate) fn learn(
        &mut self,
        assembler: &Assembler,
        chunk: &Chunk<'_>,
        data: &[u8],
        around: Option<(&[u8], &[u8])>,
    ) {
        if !self.is_off && data.len() <= LONGEST {
            // `None` says that there was nothing to learn, or no budget.
            let _ = self.try_learn(assembler, chunk, data, around);
        }
    }

    fn try_learn(
        &mut self,
        assembler: &Assembler,
        chunk: &Chunk<'_>,
        data: &[u8],
        around: Option<(&[u8], &[u8])>,
    ) -> Option<()> {
        self.budget.spend(Budget::LOOK, Budget::SHAPE)?;
        let new = new_in(chunk);
        let was_silent = mem::replace(&mut self.is_silent, new.iter().all(|raw| raw.is_missing()));
        // Some servers send such for as long as they think.
        if self.is_silent && !(was_silent && may_come_again(chunk)) {
            return None;
        }
        // What lies in one block with what is around it is a line.
        if around.is_none() && data.contains(&b'\n') {
            return None;
        }
        self.budget.spend(Budget::SHAPE, 0)?;
        // It has been parsed: most is an object, and no more.
        let object = chunk.raw().text();
        let data = if object.len() == data.len() {
            object
        } else {
            core::str::from_utf8(data).ok()?
        };
        let mut shapes = self.last.iter_mut().chain(&mut self.others);
        let known = shapes.position(|shape| shape.template.learn(data));
        let (before, after) = around.unwrap_or(AROUND);
        let turn = known.unwrap_or_else(|| {
            self.take_up(Shape {
                template: Template::new(before, data, after),
                plan: None,
            })
        });
        let mut shapes = self.last.iter_mut().chain(&mut self.others);
        let Shape { template, plan } = shapes.nth(turn)?;
        if known.is_some() && around.is_some() {
            template.put_around(before, after);
        }
        for value in new.into_iter().filter(|raw| !raw.is_missing()) {
            template.open(data, value);
        }
        *plan = assembler.plan(chunk, template, data);
        if known.is_some() {
            // Twice it has said more than can be planned.
            self.drop_planless();
        }
        Some(())
    }

    /// Adds what `fill` finds to fit a shape, first the one that fitted last. `fill` gives
    /// that, and how far behind `at` its data begins.
    #[inline]
    fn read_filled<'i>(
        &mut self,
        assembler: &mut Assembler,
        at: u64,
        mut fill: impl for<'t> FnMut(&'t mut Template) -> Option<(Filled<'t, 'i>, u64)>,
    ) -> Option<()> {
        let mut turn = 1;
        if let Some(Shape { template, plan }) = &mut self.last {
            if let Some((filled, before)) = fill(template) {
                if let Some(plan) = plan {
                    if assembler.push_filled(plan, &filled, at + before) {
                        self.has_fitted(1);
                        return Some(());
                    }
                }
                turn = 0;
            }
        }
        self.read_other(assembler, at, fill, turn)
    }

    #[inline]
    fn has_fitted(&mut self, count: u64) {
        self.unlike = 0;
        self.budget.earn(count);
    }

    /// As [`Templates::read_filled`], so many turns from the shape that fitted last.
    #[inline(never)]
    fn read_other<'i>(
        &mut self,
        assembler: &mut Assembler,
        at: u64,
        mut fill: impl for<'t> FnMut(&'t mut Template) -> Option<(Filled<'t, 'i>, u64)>,
        first: usize,
    ) -> Option<()> {
        for turn in first..=self.others.len() {
            let mut shapes = self.last.iter_mut().chain(&mut self.others);
            let Shape { template, plan } = shapes.nth(turn)?;
            let Some((filled, before)) = fill(template) else {
                continue;
            };
            let at = at + before;
            let push = |plan: &Plan| assembler.push_filled(plan, &filled, at);
            if plan.as_ref().is_some_and(push) {
                self.has_fitted(1);
                self.put_first(turn);
            } else {
                self.budget.spend(Budget::PLAN, 0)?;
                push_anew(assembler, plan, &filled, at)?;
                self.put_first(turn);
                self.drop_planless();
            }
            return Some(());
        }
        None
    }

    /// The shape of this turn has fitted.
    fn put_first(&mut self, turn: usize) {
        let others = turn.checked_sub(1).and_then(|at| self.others.get_mut(at..));
        if let (Some(last), Some([other, behind @ ..])) = (&mut self.last, others) {
            mem::swap(last, other);
            // Shapes that take turns are found in their order, and the first gives way to a new one.
            for behind in behind {
                mem::swap(other, behind);
            }
        }
    }

    /// Takes up one more, in the place of another if there are many. Gives its turn.
    fn take_up(&mut self, new: Shape) -> usize {
        if self.last.is_none() {
            self.last = Some(new);
            return 0;
        }
        if let [first, second] = &mut *self.others {
            mem::swap(first, second);
            *second = new;
        } else {
            let others = mem::take(&mut self.others).into_iter();
            self.others = others.chain([new]).collect();
        }
        self.others.len()
    }

    /// Drops the shapes that have no plan.
    fn drop_planless(&mut self) {
        let has_plan = |shape: &Shape| shape.plan.is_some();
        if self.others.iter().all(has_plan) && self.last.as_ref().is_none_or(has_plan) {
            return;
        }
        let others = mem::take(&mut self.others).into_iter().filter(has_plan);
        let mut others: Vec<Shape> = others.collect();
        self.last = self.last.take().filter(has_plan).or_else(|| others.pop());
        self.others = others.into();
    }
}

/// Adds a chunk that fits a template whose `plan` does not hold, or not for this; makes the
/// plan that holds from now on.
fn push_anew(
    assembler: &mut Assembler,
    plan: &mut Option<Plan>,
    filled: &Filled<'_, '_>,
    at: u64,
) -> Option<()> {
    // It fits, so it is a chunk as the template is.
    let payload = Payload::parse(filled.data().as_bytes()).ok()?;
    let Payload::Chunk(chunk) = &payload else {
        return None;
    };
    let anew = |assembler: &Assembler| assembler.plan(chunk, filled.template(), filled.data());
    *plan = anew(assembler);
    let push = |plan: &Plan| assembler.push_filled(plan, filled, at);
    if !plan.as_ref().is_some_and(push) {
        assembler.push(&payload, at);
        *plan = anew(assembler);
    }
    Some(())
}

/// What a chunk says that others do not: its texts. Missing if it says nothing, or
/// too much.
fn new_in<'a>(chunk: &Chunk<'a>) -> [Raw<'a>; 9] {
    let Some(choice) = chunk.only_choice() else {
        return [Raw::MISSING; 9];
    };
    let delta = &choice.delta;
    let mut calls = delta.calls();
    // What names a call has no plan.
    let goes_on = |call: &ToolCallDelta<'_>| !is_text(call.id);
    let call = calls.next().filter(goes_on);
    let call = call.filter(|_| calls.next().is_none());
    let values = [
        delta.content,
        text_in(delta.content),
        delta.reasoning_content,
        delta.reasoning,
        delta.reasoning_text,
        delta.thinking,
        text_in(delta.reasoning_details),
        delta.refusal,
        call.unwrap_or_default().arguments,
    ];
    values.map(|raw| Some(raw).filter(|raw| is_text(*raw)).unwrap_or_default())
}

/// Whether a chunk may come again just as it is: it ends nothing, and begins no call.
fn may_come_again(chunk: &Chunk<'_>) -> bool {
    let choice = chunk.only_choice();
    let is_open = |choice: &Choice<'_>| {
        !choice.finish_reason.is_there() && choice.delta.calls().next().is_none()
    };
    !chunk.usage.is_there() && choice.is_some_and(is_open)
}

fn is_text(raw: Raw<'_>) -> bool {
    raw.as_str().is_some_and(|text| !text.is_empty())
}

/// The text of a list that has one entry, as servers send texts in pieces. Missing if there
/// is none.
fn text_in(list: Raw<'_>) -> Raw<'_> {
    // Most chunks have none.
    if list.kind() != Kind::Array {
        return Raw::MISSING;
    }
    let entry = only_entry(list);
    let thinking = entry.get("thinking");
    [
        entry.get("text"),
        entry.get("summary"),
        thinking,
        only_entry(thinking).get("text"),
    ]
    .into_iter()
    .find(|raw| is_text(*raw))
    .unwrap_or_default()
}

fn only_entry(list: Raw<'_>) -> Raw<'_> {
    let mut entries = list.elements();
    let entry = entries.next().filter(|_| entries.next().is_none());
    entry.unwrap_or_default()
}
