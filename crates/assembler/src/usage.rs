//! Which token counts of a stream count, and for what.

use alloc::boxed::Box;

use deltaic_chunk::{Chunk, Kind, Raw};

use crate::{
    changes::Change,
    completion::Usage,
    finding::FindingKind,
    loss::{is_lost, is_more, says_nothing},
    notes::Notes,
    outcome::Outcome,
};

/// The counts that tell whether others have grown.
pub(crate) const FIGURES: [&str; 3] = ["prompt_tokens", "completion_tokens", "total_tokens"];

/// Whether the token counts are those of the whole answer.
///
/// ```
/// use deltaic_assembler::{Assembler, UsageState};
/// use deltaic_chunk::Payload;
///
/// let mut assembler = Assembler::new();
/// let mut states = Vec::new();
/// for data in [
///     r#"{"choices":[{"delta":{"content":"a"}}],"usage":{"total_tokens":8}}"#,
///     r#"{"choices":[{"delta":{"content":"b"},"finish_reason":"stop"}]}"#,
///     r#"{"choices":[],"usage":{"total_tokens":9}}"#,
/// ] {
///     states.push(assembler.usage_state());
///     assembler.push(&Payload::parse(data.as_bytes())?, 0);
/// }
/// assert_eq!(states, [UsageState::None, UsageState::Partial, UsageState::Partial]);
/// assert_eq!(assembler.usage_state(), UsageState::Complete);
/// # Ok::<(), deltaic_chunk::ParseError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum UsageState {
    /// None have come.
    #[default]
    None,
    /// They came, but more was said after them, or the stream did not end as it
    /// should: the answer has cost at least this.
    Partial,
    /// The stream ended after them.
    Complete,
}

impl UsageState {
    /// The name that stands in machine-readable output.
    ///
    /// ```
    /// use deltaic_assembler::UsageState;
    ///
    /// let all = [UsageState::None, UsageState::Partial, UsageState::Complete];
    /// assert_eq!(all.map(UsageState::name), ["none", "partial", "complete"]);
    /// ```
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Partial => "partial",
            Self::Complete => "complete",
        }
    }
}

/// Where a chunk held its counts, the best first.
#[derive(Clone, Copy, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum UsageFrom {
    Chunk,
    Choice,
    XGroq,
    #[default]
    Nowhere,
}

/// Keeps the counts that count, and what is to be said of them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Meter {
    from: UsageFrom,
    /// Something was said after the counts that are kept.
    behind: bool,
    /// Those of them that are for prompt, completion, and both, once others have come.
    figures: Option<Box<Figures>>,
}

/// The counts of prompt, completion, and both.
pub(crate) type Figures = [Option<u64>; 3];

impl Meter {
    /// The chunk has said something.
    pub(crate) fn something_said(&mut self) {
        self.behind = true;
    }

    /// Takes the counts of a chunk: those in the best place; of several choices,
    /// those of the last. What others say beside them is told.
    pub(crate) fn push_chunk(
        &mut self,
        usage: &mut Option<Usage>,
        chunk: &Chunk<'_>,
        notes: &mut Notes<'_>,
    ) {
        let of_groq = chunk.x_groq.get("usage");
        let places = || {
            let in_choices = chunk.choices().map(|c| (c.usage, UsageFrom::Choice));
            [(of_groq, UsageFrom::XGroq)]
                .into_iter()
                .chain(in_choices)
                .chain([(chunk.usage, UsageFrom::Chunk)])
        };
        let mut best = None;
        for (new, from) in places() {
            notes.expect("usage", Kind::Object, new);
            if new.kind() == Kind::Object && (best.is_none() || !says_nothing(new)) {
                best = Some((new, from));
            }
        }
        let Some((best, from)) = best else { return };
        self.push(usage, best, from, notes);
        let kept = usage.as_ref().map(Usage::raw).unwrap_or_default();
        for (new, _) in places() {
            if new.kind() == Kind::Object && is_more(new, kept) {
                notes.ignored("usage", new, "counts in a better place");
            }
        }
    }

    /// The last object wins, of those in the best place; `{}` replaces nothing.
    fn push(
        &mut self,
        usage: &mut Option<Usage>,
        new: Raw<'_>,
        from: UsageFrom,
        notes: &mut Notes<'_>,
    ) {
        let is_empty = says_nothing(new);
        if from > self.from || is_empty && usage.is_some() {
            return;
        }
        if !is_empty {
            self.from = from;
            self.behind = false;
        }
        match usage {
            Some(known) if known.text == new.text() => return,
            Some(known) => {
                let (before, after) = (self.figures(known), figures(new));
                self.set(after);
                replaced((known.raw(), before), (new, after), notes);
                known.text.clear();
                known.text.push_str(new.text());
            }
            None => {
                *usage = Some(Usage {
                    text: new.text().into(),
                });
            }
        }
        notes.changes.push(Change::Usage);
    }

    /// Takes counts of the best place that those before have grown to.
    pub(crate) fn grow(&mut self, usage: &mut Usage, new: &str, figures: Figures) {
        self.from = UsageFrom::Chunk;
        self.behind = false;
        self.set(figures);
        usage.text.clear();
        usage.text.push_str(new);
    }

    /// Of the counts that are kept.
    pub(crate) fn figures(&self, known: &Usage) -> Figures {
        let counted = self.figures.as_deref().copied();
        counted.unwrap_or_else(|| figures(known.raw()))
    }

    fn set(&mut self, figures: Figures) {
        **self.figures.get_or_insert_default() = figures;
    }

    pub(crate) fn state(&self, outcome: Outcome) -> UsageState {
        match self.from {
            UsageFrom::Nowhere => UsageState::None,
            _ if self.behind || !outcome.is_complete() => UsageState::Partial,
            _ => UsageState::Complete,
        }
    }
}

/// Whether none of the counts is less than it was.
pub(crate) fn have_grown(before: Figures, after: Figures) -> bool {
    before.iter().zip(&after).all(|(old, new)| old <= new)
}

/// Says once whether counts grow through the stream, or changed otherwise.
fn replaced(
    (old, before): (Raw<'_>, [Option<u64>; 3]),
    (new, after): (Raw<'_>, [Option<u64>; 3]),
    notes: &mut Notes<'_>,
) {
    let grow = have_grown(before, after);
    let is_kept = !is_lost(old, new);
    let (kind, detail) = if grow && is_kept && before != after && before != [None; 3] {
        (
            FindingKind::UsageGrows,
            "token counts grow through the stream: the last count",
        )
    } else if grow && is_kept {
        return;
    } else {
        (
            FindingKind::UsageChanged,
            "other token counts replace those before them",
        )
    };
    notes.once(kind, "usage", detail);
}

/// The counts of prompt, completion, and both.
fn figures(usage: Raw<'_>) -> Figures {
    let mut figures = [None; 3];
    for (name, member) in usage.members() {
        let at = FIGURES.iter().position(|figure| name == *figure);
        if let Some(figure) = at.and_then(|at| figures.get_mut(at)) {
            *figure = member.as_u64();
        }
    }
    figures
}
