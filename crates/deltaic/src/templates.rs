//! Reading events that differ from earlier ones in a few values only.
//!
//! Most events of a stream repeat the one before but for a word. A template knows
//! the whole block of such an event, with the line's field and the blank line
//! behind it; so one comparison frames and parses it. What fits none is read in
//! full, and learned from.

mod budget;

use alloc::vec::Vec;

use deltaic_assembler::{Assembler, Plan};
use deltaic_chunk::{Chunk, Payload, Raw, Template};

use budget::Budget;

/// How many shapes of events are known at a time: two for most streams (reasoning, then
/// text), and one to come.
const SHAPES: usize = 3;

/// The longest data that is learned. What is longer says much that is new.
const LONGEST: usize = 4096;

/// What stands around data, if it is not known: as nearly all servers have it.
const AROUND: (&[u8], &[u8]) = (b"data: ", b"\n\n");

/// The shapes of a stream's events.
#[derive(Debug, Default)]
pub(crate) struct Templates {
    shapes: Vec<Shape>,
    /// The one that fitted last.
    last: usize,
    budget: Budget,
    /// How many events in a row have fitted nothing.
    unlike: u32,
    /// How many events pass before one is tried again.
    pause: u32,
    /// Nothing is ever learned.
    is_off: bool,
}

#[derive(Debug)]
struct Shape {
    template: Template,
    plan: Option<Plan>,
}

impl Shape {
    /// Adds `data`, which fits; false if there is no plan that holds.
    #[inline]
    fn push(&self, assembler: &mut Assembler, data: &[u8], at: u64) -> bool {
        let plan = self.plan.as_ref();
        plan.is_some_and(|plan| assembler.push_filled(plan, &self.template, data, at))
    }
}

impl Templates {
    pub(crate) fn none() -> Self {
        Self {
            is_off: true,
            ..Self::default()
        }
    }

    /// Whether there is something that the next event may fit.
    #[inline]
    pub(crate) fn are_tried(&self) -> bool {
        !self.shapes.is_empty() && self.pause == 0
    }

    /// Reads the block that `input` begins with, `at` bytes from the start of the
    /// stream, if it fits. Gives how long it is: at most `limit`.
    #[inline]
    pub(crate) fn read_block(
        &mut self,
        assembler: &mut Assembler,
        input: &[u8],
        at: u64,
        limit: usize,
    ) -> Option<usize> {
        let (place, data) = self.find(|template| template.fill(input))?;
        let Shape { template, .. } = self.shapes.get(place)?;
        let (len, at) = (template.len_of(data), at + template.before() as u64);
        if len > limit {
            return None;
        }
        self.push(assembler, place, data, at)?;
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
            return false;
        }
        if !is_tried {
            let found = self.find(|template| template.fill_data(data).then_some(()));
            if found.is_some_and(|(place, ())| self.push(assembler, place, data, at).is_some()) {
                return true;
            }
        }
        // A stream that is never alike is not to pay for it.
        self.unlike += 1;
        self.pause = (self.unlike / 8).min(64);
        if self.unlike % 16 == 0 {
            self.budget.earn();
        }
        false
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
        self.budget.spend(Budget::LOOK)?;
        let new = new_in(chunk);
        if data.contains(&b'\n') || new.iter().all(|raw| raw.is_missing()) {
            return None;
        }
        self.budget.spend(Budget::SHAPE)?;
        // It has been parsed.
        let data = core::str::from_utf8(data).ok()?;
        let mut shapes = self.shapes.iter_mut();
        let known = shapes.position(|shape| shape.template.learn(data));
        let place = known.unwrap_or_else(|| self.room());
        let (before, after) = around.unwrap_or(AROUND);
        match self.shapes.get_mut(place) {
            Some(shape) if known.is_some() => {
                if around.is_some() {
                    shape.template.put_around(before, after);
                }
            }
            Some(shape) => shape.template = Template::new(before, data, after),
            None => {
                // Most streams have one or two: room for more is not for nothing.
                self.shapes.reserve_exact(1);
                self.shapes.push(Shape {
                    template: Template::new(before, data, after),
                    plan: None,
                });
            }
        }
        let Shape { template, plan } = self.shapes.get_mut(place)?;
        for value in new {
            template.open(data, value);
        }
        *plan = assembler.plan(chunk, template, data);
        if known.is_some() {
            // Twice it has said more than can be planned.
            self.shapes.retain(|shape| shape.plan.is_some());
        }
        Some(())
    }

    /// The place of a shape that `fits`, first the one that fitted last.
    #[inline]
    fn find<T>(&mut self, mut fits: impl FnMut(&mut Template) -> Option<T>) -> Option<(usize, T)> {
        if let Some(shape) = self.shapes.get_mut(self.last) {
            if let Some(found) = fits(&mut shape.template) {
                return Some((self.last, found));
            }
        }
        let last = self.last;
        let mut others = self
            .shapes
            .iter_mut()
            .enumerate()
            .filter(|(place, _)| *place != last);
        others.find_map(|(place, shape)| Some((place, fits(&mut shape.template)?)))
    }

    /// Adds `data`, which fits the shape at `place`.
    #[inline]
    fn push(
        &mut self,
        assembler: &mut Assembler,
        place: usize,
        data: &[u8],
        at: u64,
    ) -> Option<()> {
        if !self.shapes.get(place)?.push(assembler, data, at) {
            return self.push_anew(assembler, place, data, at);
        }
        self.last = place;
        self.unlike = 0;
        self.budget.earn();
        Some(())
    }

    /// As [`Templates::push`], where the plan does not hold, or not for this.
    #[cold]
    fn push_anew(
        &mut self,
        assembler: &mut Assembler,
        place: usize,
        data: &[u8],
        at: u64,
    ) -> Option<()> {
        self.budget.spend(Budget::PLAN)?;
        let shape = self.shapes.get_mut(place)?;
        // It fits, so it is a chunk as the template is.
        let text = core::str::from_utf8(data).ok()?;
        let payload = Payload::parse(data).ok()?;
        let Payload::Chunk(chunk) = &payload else {
            return None;
        };
        shape.plan = assembler.plan(chunk, &shape.template, text);
        if !shape.push(assembler, data, at) {
            assembler.push(&payload, at);
            shape.plan = assembler.plan(chunk, &shape.template, text);
        }
        self.last = place;
        self.shapes.retain(|shape| shape.plan.is_some());
        Some(())
    }

    /// Where another shape may stand.
    fn room(&self) -> usize {
        match self.shapes.len() {
            SHAPES => (self.last + 1) % SHAPES,
            len => len,
        }
    }
}

/// What a chunk says that others do not: its texts. Missing if it says nothing, or
/// too much.
fn new_in<'a>(chunk: &Chunk<'a>) -> [Raw<'a>; 7] {
    let mut all = chunk.choices();
    let (Some(choice), None) = (all.next(), all.next()) else {
        return [Raw::MISSING; 7];
    };
    let delta = &choice.delta;
    let mut calls = delta.calls();
    let call = calls.next().filter(|_| calls.next().is_none());
    let values = [
        delta.content,
        delta.reasoning_content,
        delta.reasoning,
        delta.reasoning_text,
        delta.thinking,
        delta.refusal,
        call.unwrap_or_default().arguments,
    ];
    let is_text = |raw: &Raw<'_>| raw.as_str().is_some_and(|text| !text.is_empty());
    values.map(|raw| Some(raw).filter(is_text).unwrap_or_default())
}
