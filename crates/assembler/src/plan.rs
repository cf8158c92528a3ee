//! What a chunk does that differs from an earlier one in a few values only.
//!
//! Most chunks of a stream say one new thing and repeat the rest. A [`Plan`] is made
//! of a chunk that was parsed in full, if all that it says beside its holes is known,
//! and changes nothing when it is said again. Then a chunk that fits its template
//! does no more than what is in the holes.
//!
//! Whether something changes nothing depends on what has been assembled: on the
//! envelope, on what was told already. So a plan holds only until something is added
//! otherwise: that begins another epoch. What plans add are texts, on which no plan
//! depends, and token counts, of which they depend on what none changes.

use alloc::{boxed::Box, collections::BTreeSet, string::String};
use core::ops::Range;

use deltaic_chunk::{
    Choice as ChunkChoice, Chunk, Delta, JsonStr, Kind, Raw, Template, ToolCallDelta,
};
use smallvec::SmallVec;

use crate::{
    changes::What,
    completion::{Choice, Completion, Message, ToolCall},
    finding::{FindingKind, Findings},
    loss::says_nothing,
    members::{Members, name_of},
    usage::FIGURES,
};

/// With more choices or calls than this there is no plan: each is looked at.
const MOST: usize = 16;

/// What a chunk does that fits a template.
#[derive(Clone, Debug)]
pub struct Plan {
    /// In which it holds.
    pub(crate) epoch: u64,
    pub(crate) choice: Place,
    /// The texts that grow, each by what is in a hole.
    pub(crate) texts: SmallVec<[(What, usize); 1]>,
    /// The index of the call whose arguments grow, and the hole.
    pub(crate) call: Option<(Figure, usize)>,
    /// Few servers count with every chunk.
    pub(crate) usage: Option<Box<Counts>>,
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
    pub(crate) fn read(self, template: &Template, data: &[u8]) -> Option<u64> {
        match self {
            Self::None => None,
            Self::Known(number) => Some(number),
            Self::Hole(hole) => template.text(hole, data).as_raw().parse().ok(),
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

struct Planner<'p> {
    known: &'p Known<'p>,
    template: &'p Template,
    data: &'p str,
    /// The holes in values that have been looked at, a bit each.
    claimed: u32,
}

impl Planner<'_> {
    fn chunk(&mut self, chunk: &Chunk<'_>) -> Option<Plan> {
        let Completion {
            id,
            created,
            model,
            system_fingerprint,
            service_tier,
            choices,
            other,
            ..
        } = self.known.completion;
        let mut all = chunk.choices();
        let (new, None) = (all.next()?, all.next()) else {
            return None;
        };
        let has_time = created.is_some() || chunk.created.as_f64() == Some(0.0);
        let is_known = self.is_first(id.as_deref(), chunk.id, "id")
            && self.is_first(model.as_deref(), chunk.model, "model")
            && is_last(system_fingerprint.as_deref(), chunk.system_fingerprint)
            && is_last(service_tier.as_deref(), chunk.service_tier)
            && (has_time && chunk.created.kind() == Kind::Number || !chunk.created.is_there())
            && (chunk.object.kind() == Kind::String || !chunk.object.is_there())
            && says_nothing(chunk.error)
            && !chunk.x_groq.is_there()
            && chunk
                .other()
                .all(|(name, raw)| is_kept(other, &name_of(name), raw));
        if !is_known {
            return None;
        }
        self.claim(chunk.object);
        if created.is_some() {
            self.claim(chunk.created);
        }
        let choice = self.index(new.index)?;
        let usage = if chunk.usage.is_there() {
            Some(Box::new(self.usage(chunk.usage)?))
        } else {
            None
        };
        let index = new.index.as_u64().unwrap_or_default();
        let claimed = self.claimed;
        let mut said = None;
        if choices.len() > MOST {
            return None;
        }
        // Where the index is in a hole, the next may be of any choice.
        for old in choices {
            if matches!(choice, Figure::Hole(_)) || index == old.index {
                self.claimed = claimed;
                said = Some(self.choice(old, &new)?);
            }
        }
        let (texts, call) = said?;
        let choice = match choice {
            Figure::Hole(hole) => Place::Hole(hole),
            _ => Place::At(choices.iter().position(|old| old.index == index)?),
        };
        self.claim_padding(chunk.raw());
        self.claim_padding(new.raw());
        Some(Plan {
            epoch: self.known.epoch,
            choice,
            texts,
            call,
            usage,
        })
    }

    #[expect(clippy::type_complexity, reason = "two fields of a plan")]
    fn choice(
        &mut self,
        old: &Choice,
        new: &ChunkChoice<'_>,
    ) -> Option<(SmallVec<[(What, usize); 1]>, Option<(Figure, usize)>)> {
        let is_known = !new.message.is_there()
            && !new.text.is_there()
            && !new.logprobs.is_there()
            && !new.usage.is_there()
            && is_empty_text(new.finish_reason)
            && new.delta.raw().kind() == Kind::Object
            && new
                .other()
                .all(|(name, raw)| is_kept(&old.other, &name_of(name), raw));
        if !is_known {
            return None;
        }
        let texts = self.texts(&old.message, &new.delta)?;
        let mut calls = new.delta.calls();
        let call = match (calls.next(), calls.next()) {
            (None, _) if is_nothing_in(new.delta.tool_calls) => None,
            (Some(call), None) => Some(self.call(&old.message.tool_calls, &call)?),
            _ => return None,
        };
        Some((texts, call))
    }

    fn texts(&mut self, old: &Message, delta: &Delta<'_>) -> Option<SmallVec<[(What, usize); 1]>> {
        let is_member = |name: &str, raw: Raw<'_>| {
            let has_rule = raw.kind() == Kind::Array || name == "images";
            (!has_rule || says_nothing(raw)) && is_kept(&old.other, name, raw)
        };
        let is_known = self.is_first(old.role.as_deref(), delta.role, "role")
            && is_nothing_in(delta.reasoning_details)
            && !delta.function_call.is_there()
            && !delta.audio.is_there()
            && delta
                .other()
                .all(|(name, raw)| is_member(&name_of(name), raw));
        if !is_known {
            return None;
        }
        let mut texts = SmallVec::new();
        let mut reasonings = 0;
        for (what, raw, old) in [
            (
                What::Reasoning("reasoning_content"),
                delta.reasoning_content,
                &old.reasoning,
            ),
            (
                What::Reasoning("reasoning"),
                delta.reasoning,
                &old.reasoning,
            ),
            (
                What::Reasoning("reasoning_text"),
                delta.reasoning_text,
                &old.reasoning,
            ),
            (What::Reasoning("thinking"), delta.thinking, &old.reasoning),
            (What::Text, delta.content, &old.content),
            (What::Refusal, delta.refusal, &old.refusal),
        ] {
            if let Some(hole) = self.claim_text(raw) {
                texts.push((what, hole));
                reasonings += usize::from(matches!(what, What::Reasoning(_)));
            } else if raw.is_there() && !(is_empty_text(raw) && old.is_some()) {
                return None;
            }
        }
        let is_plain = old.content_parts.is_none() || !delta.content.is_there();
        (reasonings <= 1 && is_plain).then_some(texts)
    }

    fn call(&mut self, old: &[ToolCall], new: &ToolCallDelta<'_>) -> Option<(Figure, usize)> {
        let mut members = new.function.members();
        let kind = new.kind.as_str().filter(|kind| !kind.is_empty());
        let is_of = |call: &ToolCall, kind| call.kind.as_deref().is_some_and(|known| kind == known);
        let is_known = new.index.as_u64().is_some()
            && is_empty_text(new.id)
            && is_empty_text(new.name)
            && (new.kind.kind() == Kind::String || !new.kind.is_there())
            && kind.is_none_or(|kind: JsonStr<'_>| old.iter().all(|call| is_of(call, kind)))
            && old.len() <= MOST
            && !new.custom.is_there()
            && new.other().next().is_none()
            && members.all(|(name, _)| name == "name" || name == "arguments");
        if !is_known {
            return None;
        }
        let index = self.index(new.index)?;
        Some((index, self.claim_text(new.arguments)?))
    }

    /// Token counts that differ in numbers only.
    fn usage(&mut self, new: Raw<'_>) -> Option<Counts> {
        let holes = self.claim(new);
        let known = self.known.completion.usage.as_ref()?.raw();
        let (mut before, mut after) = (String::new(), String::new());
        self.skeleton(known, &mut before)?;
        self.skeleton(new, &mut after)?;
        let has_told = self
            .known
            .findings
            .has_told(FindingKind::UsageGrows, "usage", "");
        let numbers = self.template.are_numbers(holes.clone());
        if holes.is_empty() || before != after || !has_told || !numbers {
            return None;
        }
        let figure = |name| match (
            new.get(name),
            self.template.holes_in(self.data, new.get(name)),
        ) {
            (raw, holes) if holes.is_empty() => raw.as_u64().map_or(Figure::None, Figure::Known),
            (raw, holes) if raw.kind() == Kind::Number => Figure::Hole(holes.start),
            _ => Figure::None,
        };
        Some(Counts {
            around: self.template.around(self.data, new, holes.clone())?,
            figures: FIGURES.map(figure),
            holes,
        })
    }
}

impl Planner<'_> {
    /// Writes what of token counts is the same in all that only differ in numbers, and
    /// so replace each other without a loss. `None` if there are none such: if a
    /// number in a list may differ, or a name stands twice. It is the same for all plans of an
    /// epoch, so it does not matter which of them has added last.
    fn skeleton(&self, usage: Raw<'_>, out: &mut String) -> Option<()> {
        let mut names = BTreeSet::new();
        for (name, member) in usage.members() {
            if !names.insert(name_of(name)) {
                return None;
            }
            out.extend([name.as_raw(), "\""]);
            match member.kind() {
                Kind::Number => out.push('#'),
                Kind::Object => {
                    out.push('{');
                    self.skeleton(member, out)?;
                    out.push('}');
                }
                _ if self.template.holes_in(self.data, member).is_empty() => {
                    out.push_str(member.text());
                }
                _ => return None,
            }
        }
        (usage.kind() == Kind::Object).then_some(())
    }

    /// Which holes there are in `value`, which is looked at now.
    fn claim(&mut self, value: Raw<'_>) -> Range<usize> {
        let holes = self.template.holes_in(self.data, value);
        self.claimed |= ((1 << holes.len()) - 1) << holes.start;
        holes
    }

    fn has_all(&self) -> bool {
        self.claimed == (1 << self.template.holes()) - 1
    }

    /// Looks at what pads an object, if a hole is left that may be there.
    fn claim_padding(&mut self, object: Raw<'_>) {
        if self.has_all() {
            return;
        }
        for name in ["obfuscation", "p"] {
            self.claim(object.get(name));
        }
    }

    /// The hole that `value` is, if it is a string and one.
    fn claim_text(&mut self, value: Raw<'_>) -> Option<usize> {
        value.as_str()?;
        self.claim(value).next()
    }

    /// A number from 0; 0 if there is none.
    fn index(&mut self, value: Raw<'_>) -> Option<Figure> {
        if value.is_missing() {
            return Some(Figure::Known(0));
        }
        let number = value.as_u64()?;
        Some(
            self.claim(value)
                .next()
                .map_or(Figure::Known(number), Figure::Hole),
        )
    }

    /// Whether a member of which the first counts says nothing new, or nothing that
    /// has not been told.
    fn is_first(&mut self, known: Option<&str>, new: Raw<'_>, name: &'static str) -> bool {
        let is_hole = self.claim_text(new).is_some();
        let told = |kind| self.known.findings.has_told(kind, name, "");
        match new.as_str() {
            None => !new.is_there() || told(FindingKind::WrongType),
            Some(new) if !is_hole && new.is_empty() => true,
            Some(new) => known.is_some_and(|known| {
                !is_hole && new == known || told(FindingKind::EnvelopeChanged)
            }),
        }
    }
}

/// Whether a member of which the last counts says what is known.
fn is_last(known: Option<&str>, new: Raw<'_>) -> bool {
    let is_known = |new| known.is_some_and(|known| new == known);
    is_empty_text(new) || new.as_str().is_some_and(is_known)
}

/// Whether a member without a rule of its own is known as it is.
fn is_kept(known: &Members, name: &str, new: Raw<'_>) -> bool {
    let is_same = || known.get(name).is_some_and(|known| known.raw() == new);
    new.is_null() || is_same()
}

/// Whether there is no list, or nothing in it.
fn is_nothing_in(list: Raw<'_>) -> bool {
    !list.is_there() || list.kind() == Kind::Array && says_nothing(list)
}

fn is_empty_text(raw: Raw<'_>) -> bool {
    !raw.is_there() || raw.as_str().is_some_and(JsonStr::is_empty)
}
