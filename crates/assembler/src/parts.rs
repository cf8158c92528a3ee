//! Content that comes as a list of typed parts.

use alloc::{borrow::Cow, boxed::Box, string::String, vec::Vec};

use deltaic_chunk::{JsonStr, Kind, Raw};

use crate::{
    changes::{Spelling, What},
    completion::Message,
    finding::FindingKind,
    members::{Members, name_of},
    message::grow,
    notes::{Notes, Place},
    value::Value,
};

const PLACE: Place = "content";

/// The name under which the parts go out.
pub(crate) const NAME: &str = "content_parts";

/// Takes parts back as they went out. Their texts came with them.
pub(crate) fn push_kept(message: &mut Message, new: Raw<'_>, notes: &mut Notes<'_>) {
    notes.expect(NAME, Kind::Array, new);
    for part in new.elements() {
        keep(message, part);
    }
}

/// What the reasoning in parts is.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) enum Reasoning {
    #[default]
    New,
    /// The delta has said it under a name of its own.
    Said,
}

/// Tells if the reasoning in the parts of `content` is not what the delta has
/// `said` under a name of its own.
pub(crate) fn see_reasoning(content: Raw<'_>, said: JsonStr<'_>, notes: &mut Notes<'_>) {
    let mut again = String::new();
    for part in content.elements() {
        let kind = part.get("type").as_str().map(name_of);
        if let Some(kind @ ("thinking" | "reasoning")) = kind.as_deref() {
            let (texts, _) = texts_of(part, &[kind, "text"]);
            again.extend(texts.into_iter().map(name_of));
        }
    }
    if !again.is_empty() && said != *again {
        notes.finding(
            FindingKind::ReasoningDiffers,
            "the reasoning in parts differs from that before it and stays in the parts",
        );
    }
}

/// Adds a part: to the text or the reasoning, if it is of either, and to the
/// list of parts.
pub(crate) fn push(
    message: &mut Message,
    part: Raw<'_>,
    reasoning: Reasoning,
    notes: &mut Notes<'_>,
) {
    let Some(kind) = part.get("type").as_str() else {
        return notes.wrong_type("content[]", part);
    };
    let kind = name_of(kind);
    let kind = &*kind;
    let (what, text, names): (_, _, &[_]) = match kind {
        "text" => (What::Text, &mut message.content, &["text"]),
        "thinking" | "reasoning" => {
            let what = What::Reasoning(Spelling::Parts);
            (what, &mut message.reasoning, &[kind, "text"])
        }
        _ => {
            notes.has_said();
            return keep(message, part);
        }
    };
    let (texts, are_all) = texts_of(part, names);
    if matches!(what, What::Text) || reasoning == Reasoning::New {
        for &piece in &texts {
            grow(text, piece, what, notes);
        }
    }
    if !are_all {
        notes.has_said();
        return keep(message, part);
    }
    let others = || {
        let members = part.members().map(|(name, member)| (name_of(name), member));
        members.filter(|(name, _)| **name != *"type" && !names.contains(&&**name))
    };
    let part = begin(message, kind, |last| {
        others().all(|(name, new)| !last.member(&name).is_some_and(|old| old.is_lost_with(new)))
    });
    let Some(part) = part else {
        return;
    };
    add_copies(part, &texts);
    for (name, member) in others() {
        part.merge(&name, member, PLACE, notes);
    }
}

/// The kind of a part and what it says, if it has nothing else and that is one text.
pub(crate) fn only_text(part: Raw<'_>) -> Option<(Cow<'_, str>, Raw<'_>)> {
    let kind = name_of(part.get("type").as_str()?);
    let mut members = part.members().filter(|(name, _)| *name != "type");
    let (Some((_, text)), None) = (members.next(), members.next()) else {
        return None;
    };
    let (texts, are_all) = texts_of(part, &[&kind, "text"]);
    let text = match text.kind() {
        Kind::Array => text.elements().next()?.get("text"),
        _ => text,
    };
    (are_all && texts.len() == 1).then_some((kind, text))
}

/// Whether the last part is of this kind, and has a text that grows.
pub(crate) fn is_last(message: &Message, kind: &str) -> bool {
    let parts = message.content_parts.as_deref();
    let last = parts.and_then(Value::elements).and_then(<[_]>::last);
    last.is_some_and(|last| is_kind(last, kind) && last.member("text").is_some_and(Value::is_text))
}

/// The text of the last part, which grows.
pub(crate) fn last_text(message: &mut Message) -> Option<&mut Value> {
    let last = message.content_parts.as_mut()?.as_list()?.last_mut()?;
    let text = last.open_members()?.get_mut("text")?;
    text.is_text().then_some(text)
}

/// Adds a plain string that comes between parts.
pub(crate) fn push_text(message: &mut Message, text: JsonStr<'_>) {
    if let Some(part) = begin(message, "text", |_| true) {
        add_copies(part, &[text]);
    }
}

/// Keeps a part as it is.
fn keep(message: &mut Message, part: Raw<'_>) {
    if let Some(parts) = list(message) {
        parts.push(Value::new(part));
    }
}

fn list(message: &mut Message) -> Option<&mut Vec<Value>> {
    let parts = &mut message.content_parts;
    let parts = parts.get_or_insert_with(|| Box::new(Value::empty_list()));
    parts.as_list()
}

/// The last part, if it is of this kind and `fits`, else a new one. So neighbours
/// of one kind are one part.
fn begin<'m>(
    message: &'m mut Message,
    kind: &str,
    fits: impl FnOnce(&Value) -> bool,
) -> Option<&'m mut Members> {
    let parts = list(message)?;
    if !parts
        .last()
        .is_some_and(|last| is_kind(last, kind) && fits(last))
    {
        let mut part = Value::empty_object();
        part.unite()?.set("type", Value::string(kind));
        parts.push(part);
    }
    parts.last_mut()?.unite()
}

fn is_kind(part: &Value, kind: &str) -> bool {
    let known = part.member("type").and_then(|known| known.raw().as_str());
    known.is_some_and(|known| known == kind)
}

fn add_copies(part: &mut Members, texts: &[JsonStr<'_>]) {
    for &text in texts {
        part.entry("text", Value::empty_text).append_copy(text);
    }
}

/// The texts of a part under the first of the `names` that has any, and whether
/// they are all that it says under these.
fn texts_of<'a>(part: Raw<'a>, names: &[&str]) -> (Vec<JsonStr<'a>>, bool) {
    let mut texts = Vec::new();
    let mut are_all = true;
    let mut first = Raw::MISSING;
    for name in names {
        let text = part.get(name);
        // Under the second name it is the same text.
        if texts.is_empty() {
            first = text;
            are_all &= add_texts(&mut texts, text);
        } else {
            are_all &= text.is_missing() || text == first;
        }
    }
    (texts, are_all)
}

/// Collects the strings of a part: one, or those of a list of parts of its own.
/// False if there is more to it than they say.
fn add_texts<'a>(texts: &mut Vec<JsonStr<'a>>, raw: Raw<'a>) -> bool {
    if !matches!(raw.kind(), Kind::Array) {
        texts.extend(raw.as_str());
        return matches!(raw.kind(), Kind::String | Kind::Null | Kind::Missing);
    }
    raw.elements().fold(true, |are_all, part| {
        let text = part.get("text").as_str();
        texts.extend(text);
        let is_plain = part.members().all(|(name, member)| {
            name == "text" || name == "type" && member.as_str().is_some_and(|kind| kind == "text")
        });
        are_all && is_plain && text.is_some()
    })
}
