//! What chunks have beside texts and calls, where servers say a thing twice or in pieces.

use alloc::boxed::Box;

use deltaic_chunk::{Filled, Kind, Raw};

use super::planner::Planner;
use crate::{
    changes::{Spelling, What},
    completion::Message,
    details::{GROWING, REASONING, continued},
    members::{Members, name_of},
    notes::Notes,
    parts,
    value::Value,
};

/// What a chunk has beside texts and calls.
#[derive(Clone, Debug)]
pub(crate) enum Also {
    /// What two holes say is the same, and counts once. If it is not, the chunk has no plan.
    Echo(usize, usize),
    /// A member of this entry of `reasoning_details` grows by what is in a hole.
    Detail {
        entry: usize,
        member: &'static str,
        hole: usize,
    },
    /// The text of the last part of the content grows along, by a copy.
    Part { hole: usize },
    /// A number, which replaces the one of that name: no plan depends on it.
    Number { name: Box<str>, new: Number },
}

#[derive(Clone, Debug)]
pub(crate) enum Number {
    Known(Box<str>),
    Hole(usize),
}

impl Also {
    /// Whether a chunk that fits says it.
    pub(crate) fn is_said(&self, filled: &Filled<'_, '_>) -> bool {
        match *self {
            Self::Echo(one, other) => filled.text(one).as_raw() == filled.text(other).as_raw(),
            _ => true,
        }
    }

    /// Whether it lies elsewhere in each choice.
    pub(super) fn lies_in_one(&self) -> bool {
        matches!(self, Self::Detail { .. } | Self::Part { .. })
    }

    /// Adds it. What it is added to is there for as long as the plan holds, or has been forgotten.
    pub(crate) fn add(
        &self,
        message: &mut Message,
        filled: &Filled<'_, '_>,
        notes: &mut Notes<'_>,
    ) {
        match self {
            Self::Echo(..) => {}
            &Self::Detail {
                entry,
                member,
                hole,
            } => {
                notes.has_said();
                if let Some(entry) = detail(message, entry) {
                    entry.append(member, filled.text(hole), REASONING, notes);
                }
            }
            &Self::Part { hole } => {
                if let Some(text) = parts::last_text(message) {
                    text.append_copy(filled.text(hole));
                }
            }
            Self::Number { name, new } => {
                let new = match new {
                    Number::Known(text) => text,
                    &Number::Hole(hole) => filled.stretch(hole..hole + 1, (0, 0)),
                };
                if let Some(number) = message.other.get_mut(name) {
                    number.put(new);
                }
            }
        }
    }
}

/// An entry of `reasoning_details`, to add to.
fn detail(message: &mut Message, at: usize) -> Option<&mut Members> {
    let list = message.other.get_mut(REASONING)?.as_list()?;
    list.get_mut(at)?.open_members()
}

fn is_number(value: &Value) -> bool {
    value.raw().kind() == Kind::Number
}

impl Planner<'_> {
    /// Reasoning in pieces: one entry that continues a known one in one text, and says nothing
    /// else that is new.
    pub(super) fn detail(&mut self, old: &Message, new: Raw<'_>) -> Option<Also> {
        let mut entries = new.elements();
        let (Some(new), None) = (entries.next(), entries.next()) else {
            return None;
        };
        let list = old.other.get(REASONING)?.elements()?;
        let entry = continued(list, new)?;
        let known = list.get(entry)?;
        let mut grows = None;
        for (name, raw) in new.members() {
            let name = name_of(name);
            let old = known.member(&name);
            let growing = GROWING.iter().find(|growing| **growing == &*name);
            match (growing, old) {
                _ if raw.is_null() => {}
                (Some(&member), Some(old)) if old.is_text() => match self.claim_text(raw) {
                    Some(hole) if grows.is_none() => grows = Some((member, hole)),
                    None if raw.as_str()?.is_empty() => {}
                    _ => return None,
                },
                (None, Some(old)) if old.keeps(raw) => {}
                _ => return None,
            }
        }
        let (member, hole) = grows?;
        Some(Also::Detail {
            entry,
            member,
            hole,
        })
    }

    /// Content in parts: one part that only says a text, of the kind that the last part is. Gives
    /// which text grows.
    pub(super) fn part(&mut self, old: &Message, content: Raw<'_>) -> Option<(What, usize)> {
        let mut parts = content.elements();
        let (Some(part), None) = (parts.next(), parts.next()) else {
            return None;
        };
        let (kind, text) = parts::only_text(part)?;
        parts::is_last(old, &kind).then_some(())?;
        let what = match &*kind {
            "text" => What::Text,
            "thinking" | "reasoning" => What::Reasoning(Spelling::Parts),
            _ => return None,
        };
        Some((what, self.claim_text(text)?))
    }

    /// A number without a rule of its own: it may be another the next time.
    pub(super) fn number(&mut self, old: &Message, name: &str, new: Raw<'_>) -> Option<Also> {
        old.other.get(name).filter(|known| is_number(known))?;
        let new = match self.claim(new).next() {
            Some(hole) => Number::Hole(hole),
            None => Number::Known(new.text().into()),
        };
        let name = name.into();
        Some(Also::Number { name, new })
    }
}
