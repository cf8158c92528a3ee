//! Whether a chunk has a plan: what each of its members would do, said again.
//!
//! This follows the files that read chunks in full: `envelope`, `choice`, `message`,
//! `details`, `parts`, `calls`.

use alloc::boxed::Box;
use core::ops::Range;

use super::{Also, Figure, Known, More, Place, Plan, Said, Step};
use crate::{
    changes::{Spelling, What},
    completion::{Choice, Completion, Message, ToolCall},
    finding::FindingKind,
    loss::says_nothing,
    members::name_of,
    parts,
    text::Text,
};
use deltaic_chunk::{
    Choice as ChunkChoice, Chunk, Delta, JsonStr, Kind, Raw, Template, ToolCallDelta,
};

/// With more choices or calls than this there is no plan: each is looked at.
const MOST: usize = 16;

pub(super) struct Planner<'p> {
    pub(super) known: &'p Known<'p>,
    pub(super) template: &'p Template,
    pub(super) data: &'p str,
    /// The holes in values that have been looked at, a bit each.
    pub(super) claimed: u32,
}

impl Planner<'_> {
    pub(super) fn chunk(&mut self, chunk: &Chunk<'_>) -> Option<Plan> {
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
        let new = chunk.only_choice()?;
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
                .all(|(name, raw)| other.keeps(&name_of(name), raw));
        if !is_known {
            return None;
        }
        self.claim(chunk.object);
        if created.is_some() {
            self.claim(chunk.created);
        }
        let choice = self.index(new.index)?;
        let usage = if chunk.usage.is_there() {
            Some(self.usage(chunk.usage)?)
        } else {
            None
        };
        let index = new.index.as_u64().unwrap_or_default();
        let claimed = self.claimed;
        let mut said = None;
        if choices.len() > MOST {
            return None;
        }
        let is_any = matches!(choice, Figure::Hole(_));
        for old in choices {
            // Where the index is in a hole, the next may be of any choice.
            if is_any || index == old.index {
                self.claimed = claimed;
                said = Some(self.choice(old, new)?);
            }
            let lies_in_one = |said: &Said| said.also.iter().any(Also::lies_in_one);
            if is_any && said.as_ref().is_some_and(lies_in_one) {
                return None;
            }
        }
        let choice = match choice {
            Figure::Hole(hole) => Place::Hole(hole),
            _ => Place::At(choices.iter().position(|old| old.index == index)?),
        };
        self.claim_padding(chunk.raw());
        self.claim_padding(new.raw());
        let said = said?;
        let step = match (choice, &*said.texts, said.call, &usage) {
            (Place::At(choice), &[(what, hole)], None, None) if said.also.is_empty() => {
                Step::Text { choice, what, hole }
            }
            _ => Step::More(Box::new(More {
                choice,
                said,
                usage,
            })),
        };
        Some(Plan {
            epoch: self.known.epoch,
            step,
        })
    }

    fn choice(&mut self, old: &Choice, new: &ChunkChoice<'_>) -> Option<Said> {
        let is_known = !new.message.is_there()
            && (new.text.kind() == Kind::String || !new.text.is_there())
            && !new.logprobs.is_there()
            && !new.usage.is_there()
            && is_empty_text(new.finish_reason)
            && new.delta.raw().kind() == Kind::Object
            && new
                .other()
                .all(|(name, raw)| old.other.keeps(&name_of(name), raw));
        if !is_known {
            return None;
        }
        let mut said = self.said(&old.message, &new.delta)?;
        match self.claim_text(new.text) {
            Some(hole) if new.delta.content.kind() == Kind::String => {
                said.also.push(Also::Echo(said.content()?, hole));
            }
            None if is_empty_text(new.text) => {}
            _ => return None,
        }
        let mut calls = new.delta.calls();
        said.call = match (calls.next(), calls.next()) {
            (None, _) if is_nothing_in(new.delta.tool_calls) => None,
            (Some(call), None) => Some(self.call(&old.message.tool_calls, &call)?),
            _ => return None,
        };
        Some(said)
    }

    /// What a delta says, but for its calls.
    fn said(&mut self, old: &Message, delta: &Delta<'_>) -> Option<Said> {
        let is_known = self.is_first(old.role.as_deref(), delta.role, "role")
            && !delta.function_call.is_there()
            && !delta.audio.is_there();
        if !is_known {
            return None;
        }
        let mut said = Said::default();
        self.reasoning(old, delta, &mut said)?;
        self.content(old, delta.content, &mut said)?;
        match self.claim_text(delta.refusal) {
            Some(hole) => said.texts.push((What::Refusal, hole)),
            None if adds_nothing(delta.refusal, old.refusal.as_ref()) => {}
            None => return None,
        }
        if !is_nothing_in(delta.reasoning_details) {
            said.also.push(self.detail(old, delta.reasoning_details)?);
        }
        for (name, raw) in delta.other() {
            let name = &*name_of(name);
            let has_rule = raw.kind() == Kind::Array || matches!(name, "images" | parts::NAME);
            if raw.kind() == Kind::Number && !has_rule {
                said.also.push(self.number(old, name, raw)?);
            } else if has_rule && !says_nothing(raw) || !old.other.keeps(name, raw) {
                return None;
            }
        }
        Some(said)
    }

    /// Under several names it is the same text, or the chunk has no plan.
    fn reasoning(&mut self, old: &Message, delta: &Delta<'_>, said: &mut Said) -> Option<()> {
        let mut first = None;
        for (spelling, raw) in [
            (Spelling::ReasoningContent, delta.reasoning_content),
            (Spelling::Reasoning, delta.reasoning),
            (Spelling::ReasoningText, delta.reasoning_text),
            (Spelling::Thinking, delta.thinking),
        ] {
            match (self.claim_text(raw), first) {
                (Some(hole), None) => {
                    first = Some(hole);
                    said.texts.push((What::Reasoning(spelling), hole));
                }
                (Some(hole), Some(first)) => said.also.push(Also::Echo(first, hole)),
                (None, _) if adds_nothing(raw, old.reasoning.as_ref()) => {}
                (None, _) => return None,
            }
        }
        Some(())
    }

    fn content(&mut self, old: &Message, content: Raw<'_>, said: &mut Said) -> Option<()> {
        if content.kind() == Kind::Array {
            // What has been said under a name of its own, parts say again.
            let (what, hole) = self.part(old, content).filter(|_| said.texts.is_empty())?;
            said.texts.push((what, hole));
            said.also.push(Also::Part { hole });
            return Some(());
        }
        match self.claim_text(content) {
            Some(hole) => {
                said.texts.push((What::Text, hole));
                // Between parts, a plain string is one too.
                if old.content_parts.is_some() {
                    parts::is_last(old, "text").then_some(())?;
                    said.also.push(Also::Part { hole });
                }
            }
            None if adds_nothing(content, old.content.as_ref()) => {}
            None => return None,
        }
        Some(())
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

    /// Which holes there are in `value`, which is looked at now.
    pub(super) fn claim(&mut self, value: Raw<'_>) -> Range<usize> {
        let holes = self.template.holes_in(self.data, value);
        self.claimed |= ((1 << holes.len()) - 1) << holes.start;
        holes
    }

    pub(super) fn has_all(&self) -> bool {
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
    pub(super) fn claim_text(&mut self, value: Raw<'_>) -> Option<usize> {
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

/// Whether there is no list, or nothing in it.
fn is_nothing_in(list: Raw<'_>) -> bool {
    !list.is_there() || list.kind() == Kind::Array && says_nothing(list)
}

/// Whether a text stays as it is.
fn adds_nothing(new: Raw<'_>, old: Option<&Text>) -> bool {
    !new.is_there() || is_empty_text(new) && old.is_some()
}

fn is_empty_text(raw: Raw<'_>) -> bool {
    !raw.is_there() || raw.as_str().is_some_and(JsonStr::is_empty)
}
