//! Edits of events that are like earlier ones but for a few values.
//!
//! Where edits have to be made depends on the names in an event and on how its values nest, not
//! on what its strings and numbers say. So where data fits a [`Template`], the edits are
//! made where they were made in the template's data, moved by as much as the values
//! before are longer or shorter. What is no JSON object, `[DONE]` among it, is not edited,
//! nor is what fits it.

use alloc::{collections::VecDeque, string::String, vec::Vec};
use core::ops::Range;

use bytes::Bytes;
use deltaic_chunk::{Edit, ParseError, Template, splice};

/// A piece of data, and what stands there instead.
pub(super) type Piece = (Range<usize>, Bytes);

/// How many shapes of events are known at a time.
const SHAPES: usize = 3;

/// The longest data that is learned.
const LONGEST: usize = 4096;

/// What it costs to try an event in vain, and to learn from it, in events that fit.
const TRY: u8 = 1;
const LEARN: u8 = 8;

/// How much may be spent before there is a pause, of how many events.
const MOST_SPENT: u8 = 64;
const PAUSE: u8 = 64;

/// The shapes of a stream's events, and where edits are made in them.
#[derive(Debug, Default)]
pub(super) struct Shapes {
    /// The edits that this is about.
    edits: Vec<Edit<String>>,
    known: Vec<Shape>,
    /// The one that fitted last.
    last: usize,
    /// What was spent on events that fitted nothing, less what those earned that fitted.
    spent: u8,
    /// How many events pass before one is tried again.
    pause: u8,
}

#[derive(Debug)]
struct Shape {
    template: Template,
    pieces: Vec<Known>,
}

/// A piece in data that fits.
#[derive(Debug)]
struct Known {
    start: Place,
    end: Place,
    with: Bytes,
}

/// So far behind the end of a hole, or behind the start where there is none before.
#[derive(Clone, Copy, Debug)]
struct Place {
    hole: Option<usize>,
    behind: usize,
}

impl Shapes {
    /// What of `data` gives way to what, so that the edits are made: into `pieces`,
    /// which are empty.
    pub(super) fn edit<T: AsRef<str>>(
        &mut self,
        data: &[u8],
        edits: &[Edit<T>],
        pieces: &mut VecDeque<Piece>,
    ) -> Result<(), ParseError> {
        let is_tried = self.pause == 0;
        if is_tried && *self.edits == *edits && self.find(data, pieces).is_some() {
            return Ok(());
        }
        let read = splice(data, edits, |splice| {
            let with = Bytes::from(splice.parts().concat());
            pieces.push_back((splice.range, with));
        });
        if let Err(error) = read {
            pieces.clear();
            return Err(error);
        }
        if is_tried {
            self.spend();
            self.learn(data, edits, pieces);
        } else {
            self.pause -= 1;
        }
        Ok(())
    }

    /// An event has fitted nothing. A stream that is never alike is not to pay for it.
    fn spend(&mut self) {
        self.spent += TRY + LEARN;
        if self.spent > MOST_SPENT {
            self.pause = PAUSE;
            self.spent -= TRY + LEARN;
        }
    }

    /// Finds the shape that `data` fits.
    fn find(&mut self, data: &[u8], pieces: &mut VecDeque<Piece>) -> Option<()> {
        let mut fits = |at: &usize| {
            let shape = self.known.get_mut(*at);
            shape.is_some_and(|shape| shape.template.fill_data(data).is_some())
        };
        let others = (0..SHAPES).filter(|at| *at != self.last);
        self.last = [self.last].into_iter().chain(others).find(&mut fits)?;
        self.spent = self.spent.saturating_sub(1);
        let Shape {
            template,
            pieces: known,
        } = self.known.get(self.last)?;
        pieces.extend(known.iter().map(|known| {
            let range = known.start.find(template)..known.end.find(template);
            (range, known.with.clone())
        }));
        Some(())
    }

    /// Learns from data that fitted nothing, and how it is edited.
    fn learn<T: AsRef<str>>(&mut self, data: &[u8], edits: &[Edit<T>], pieces: &VecDeque<Piece>) {
        if data.len() > LONGEST {
            return;
        }
        let Ok(data) = core::str::from_utf8(data) else {
            return;
        };
        if *self.edits != *edits {
            self.edits = edits.iter().map(Edit::to_owned).collect();
            self.known.clear();
        }
        let alike = |shape: &mut Shape| shape.template.learn(data);
        let at = self.known.iter_mut().position(alike);
        let at = at.unwrap_or_else(|| {
            self.add(Shape {
                template: Template::new(b"", data, b""),
                pieces: Vec::new(),
            })
        });
        if let Some(shape) = self.known.get_mut(at) {
            shape.know(pieces);
        }
    }

    /// Adds a shape, in place of another than the last if there are too many.
    fn add(&mut self, shape: Shape) -> usize {
        if self.known.len() < SHAPES {
            self.known.push(shape);
            return self.known.len() - 1;
        }
        let at = (self.last + 1) % SHAPES;
        if let Some(old) = self.known.get_mut(at) {
            *old = shape;
        }
        at
    }
}

impl Shape {
    /// Takes over where the pieces of the data are that the template has learned last.
    fn know(&mut self, pieces: &VecDeque<Piece>) {
        let template = &self.template;
        let place = |at: usize| {
            let ends = (0..template.holes()).map(|hole| (hole, template.hole_end(hole)));
            let mut ends = ends.filter_map(|(hole, end)| Some((hole, end?)));
            let before = ends.rfind(|(_, end)| *end <= at);
            Place {
                hole: before.map(|(hole, _)| hole),
                behind: before.map_or(at, |(_, end)| at - end),
            }
        };
        self.pieces = pieces
            .iter()
            .map(|(range, with)| Known {
                start: place(range.start),
                end: place(range.end),
                with: with.clone(),
            })
            .collect();
    }
}

impl Place {
    /// Where that is in the data that `template` has read last.
    fn find(self, template: &Template) -> usize {
        let end = self.hole.and_then(|hole| template.hole_end(hole));
        end.unwrap_or_default() + self.behind
    }
}
