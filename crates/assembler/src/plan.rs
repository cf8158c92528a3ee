//! What a chunk does that differs from an earlier one in a few values only.
//!
//! Most chunks of a stream say one new thing and repeat the rest. A [`Plan`] is made
//! of a chunk that was parsed in full, if all that it says beside its holes is known,
//! and changes nothing when it is said again. Then a chunk that fits its template
//! does no more than what is in the holes.
//!
//! Whether something changes nothing depends on what has been assembled: on the
//! envelope, on what was told already. So a plan holds only until something is added
//! otherwise: that begins another epoch. What plans add are texts, and numbers of a message that
//! replace others: no plan depends on what they say. And token counts, of which plans depend on what
//! none changes.

mod also;
mod counts;
mod planner;

use alloc::{boxed::Box, vec::Vec};
use core::ops::Range;

use deltaic_chunk::{Chunk, Filled, Template};
use smallvec::SmallVec;

use crate::{changes::What, completion::Completion, finding::Findings};
pub(crate) use also::Also;
use planner::Planner;

/// What a chunk does that fits a template.
///
/// ```
/// use deltaic_assembler::Assembler;
/// use deltaic_chunk::{Payload, Template};
///
/// let first = r#"{"choices":[{"delta":{"content":"Hel"}}]}"#;
/// let Payload::Chunk(chunk) = Payload::parse(first.as_bytes())? else {
///     panic!("not a chunk");
/// };
/// let mut assembler = Assembler::new();
/// assembler.push(&Payload::Chunk(chunk), 0);
///
/// let mut template = Template::new(b"", first, b"");
/// template.open(first, chunk.choices().next().expect("a choice").delta.content);
/// let plan = assembler.plan(&chunk, &template, first).expect("it only adds text");
/// let filled = template.fill_data(br#"{"choices":[{"delta":{"content":"lo"}}]}"#);
/// assert!(assembler.push_filled(&plan, &filled.expect("it fits"), 0));
/// assert_eq!(assembler.completion().choices[0].message.content.as_deref(), Some("Hello"));
/// # Ok::<(), deltaic_chunk::ParseError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Plan {
    /// In which it holds.
    pub(crate) epoch: u64,
    pub(crate) step: Step,
}

#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// A text of the choice at this position grows by what is in a hole: that is
    /// all that most chunks do.
    Text {
        choice: usize,
        what: What,
        hole: usize,
    },
    More(Box<More>),
}

impl Step {
    /// If all that a choice says is one text, and token counts come with it: its position, the
    /// text, and the counts.
    pub(crate) fn counted(&self) -> Option<(usize, What, &Counts)> {
        let Self::More(more) = self else {
            return None;
        };
        let (Place::At(choice), [(what, _)]) = (more.choice, &*more.said.texts) else {
            return None;
        };
        let Said { also, call, .. } = &more.said;
        let is_all = also.is_empty() && call.is_none();
        Some((choice, *what, more.usage.as_ref()?)).filter(|_| is_all)
    }
}

/// What other chunks do.
#[derive(Clone, Debug)]
pub(crate) struct More {
    pub(crate) choice: Place,
    pub(crate) said: Said,
    /// Few servers count with every chunk.
    pub(crate) usage: Option<Counts>,
}

impl More {
    /// If all that a choice says is a fragment of a call's arguments: its position, the index of the
    /// call, and the hole.
    pub(crate) fn fragment(&self) -> Option<(usize, Figure, usize)> {
        let Place::At(choice) = self.choice else {
            return None;
        };
        let (index, hole) = self.said.call?;
        let Said { texts, also, .. } = &self.said;
        let is_all = texts.is_empty() && also.is_empty() && self.usage.is_none();
        is_all.then_some((choice, index, hole))
    }
}

/// What a choice says.
#[derive(Clone, Debug, Default)]
pub(crate) struct Said {
    /// The texts that grow, each by what is in a hole.
    pub(crate) texts: SmallVec<[(What, usize); 1]>,
    /// What there is beside them, of few servers.
    pub(crate) also: Vec<Also>,
    /// The index of the call whose arguments grow, and the hole.
    pub(crate) call: Option<(Figure, usize)>,
}

impl Said {
    /// The hole of the content, if it is one.
    fn content(&self) -> Option<usize> {
        let is_content = |(what, _): &&(What, usize)| matches!(what, What::Text);
        self.texts.iter().find(is_content).map(|(_, hole)| *hole)
    }
}

/// Which choice it is of.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Place {
    /// The one at this position.
    At(usize),
    /// The one whose index stands in a hole.
    Hole(usize),
}

/// A number: the same each time, or in a hole.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Figure {
    None,
    Known(u64),
    Hole(usize),
}

impl Figure {
    pub(crate) fn read(self, filled: &Filled<'_, '_>) -> Option<u64> {
        match self {
            Self::None => None,
            Self::Known(number) => Some(number),
            Self::Hole(hole) => filled.number(hole),
        }
    }
}

/// Token counts whose numbers differ.
#[derive(Clone, Debug)]
pub(crate) struct Counts {
    /// The holes in the object.
    pub(crate) holes: Range<usize>,
    /// How much of the object stands before and behind them.
    pub(crate) around: (usize, usize),
    /// The counts of prompt, completion, and both.
    pub(crate) figures: [Figure; 3],
}

/// What has been assembled, as far as plans depend on it.
pub(crate) struct Known<'k> {
    pub(crate) completion: &'k Completion,
    pub(crate) findings: &'k Findings,
    pub(crate) epoch: u64,
}

/// Makes a plan of `chunk`, which was read from `data`.
pub(crate) fn plan(
    known: &Known<'_>,
    chunk: &Chunk<'_>,
    template: &Template,
    data: &str,
) -> Option<Plan> {
    let mut planner = Planner {
        known,
        template,
        data,
        claimed: 0,
    };
    let plan = planner.chunk(chunk)?;
    // No hole is anywhere else.
    planner.has_all().then_some(plan)
}
