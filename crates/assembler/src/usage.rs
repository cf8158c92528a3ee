//! Which token counts of a stream count, and for what.

use alloc::collections::BTreeMap;

use deltaic_chunk::{Kind, Raw, Usage as Figures};

use crate::{
    changes::What, completion::Usage, finding::FindingKind, members::name_of, notes::Notes,
    outcome::Outcome,
};

/// Whether the token counts are those of the whole answer.
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
}

impl Meter {
    /// The chunk has added to a text.
    pub(crate) fn something_said(&mut self) {
        self.behind = true;
    }

    /// The last object wins, of those in the best place; `{}` replaces nothing.
    pub(crate) fn push(
        &mut self,
        usage: &mut Option<Usage>,
        new: Raw<'_>,
        from: UsageFrom,
        notes: &mut Notes<'_>,
    ) {
        match new.kind() {
            Kind::Object => {}
            Kind::Missing | Kind::Null => return,
            _ => return notes.wrong_type("usage", new),
        }
        let is_empty = new.members().next().is_none();
        if from > self.from {
            let known = usage.as_ref().map(Usage::raw).unwrap_or_default();
            if gives_way(new, known) {
                notes.ignored("usage", new, "counts in a better place");
            }
            return;
        }
        if is_empty && usage.is_some() {
            return;
        }
        if !is_empty {
            self.from = from;
            self.behind = false;
        }
        match usage {
            Some(known) if known.text == new.text() => return,
            Some(known) => {
                replaced(known.raw(), new, notes);
                known.text.clear();
                known.text.push_str(new.text());
            }
            None => {
                *usage = Some(Usage {
                    text: new.text().into(),
                });
            }
        }
        notes.change(What::Usage, 0, 0..0);
    }

    pub(crate) fn state(&self, outcome: Outcome) -> UsageState {
        match self.from {
            UsageFrom::Nowhere => UsageState::None,
            _ if self.behind || !outcome.is_complete() => UsageState::Partial,
            _ => UsageState::Complete,
        }
    }
}

/// Says once whether counts grow through the stream, or changed otherwise.
fn replaced(old: Raw<'_>, new: Raw<'_>, notes: &mut Notes<'_>) {
    let figures = |usage| {
        let usage = Figures::read(usage);
        [
            usage.prompt_tokens(),
            usage.completion_tokens(),
            usage.total_tokens(),
        ]
    };
    let (before, after) = (figures(old), figures(new));
    let grow = before.iter().zip(&after).all(|(old, new)| old <= new);
    let is_kept = !gives_way(old, new);
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

/// Whether something of `old` is missed in `new`. Of figures the last says all,
/// if there is one.
fn gives_way(old: Raw<'_>, new: Raw<'_>) -> bool {
    match (old.kind(), new.kind()) {
        _ if old.text() == new.text() => false,
        (Kind::Missing | Kind::Null, _)
        | (Kind::Bool | Kind::Number, Kind::Bool | Kind::Number) => false,
        (Kind::Object, Kind::Object) => {
            let news: BTreeMap<_, _> = new
                .members()
                .map(|(name, member)| (name_of(name), member))
                .collect();
            old.members().any(|(name, member)| {
                let new = news.get(&name_of(name)).copied();
                gives_way(member, new.unwrap_or_default())
            })
        }
        _ => !matches!(old.text(), "\"\"" | "[]" | "{}"),
    }
}
