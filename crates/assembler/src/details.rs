//! Members of a delta beside its texts and calls: how each kind of them grows.

use deltaic_chunk::{Delta, Kind, Raw};

use crate::{
    members::{Members, name_of},
    notes::Notes,
    value::Value,
};

/// How far back in a list an entry looks for the one that it continues. It bounds
/// the work that a hostile list can make; real ones are much shorter.
const NEAR: usize = 64;

/// Adds the members of `delta` that have no field in a message.
pub(crate) fn push(members: &mut Members, delta: &Delta<'_>, notes: &mut Notes<'_>) {
    match delta.reasoning_details.kind() {
        Kind::Missing => {}
        Kind::Array => {
            for entry in delta.reasoning_details.elements() {
                push_reasoning(members, entry, notes);
            }
        }
        _ => members.merge("reasoning_details", delta.reasoning_details),
    }
    match delta.audio.kind() {
        Kind::Missing => {}
        Kind::Object => {
            let whole = members
                .object("audio")
                .grow(delta.audio, &["data", "transcript"]);
            notes.whole(whole, "audio");
        }
        _ => members.merge("audio", delta.audio),
    }
    for (name, member) in delta.other() {
        let name = name_of(name);
        if &*name == "annotations" && member.kind() == Kind::Array {
            let list = members.list(&name);
            list.extend(member.elements().map(Value::new));
        } else if is_indexed(member) {
            push_indexed(members, &name, member);
        } else {
            members.merge(&name, member);
        }
    }
}

/// An entry continues the one of the same type and index; without an index, the
/// last one, if both are text or summary of the same type.
fn push_reasoning(members: &mut Members, entry: Raw<'_>, notes: &mut Notes<'_>) {
    const GROW: &[&str] = &["data", "summary", "text"];
    let (kind, index) = (entry.get("type").as_str(), entry.get("index"));
    let list = members.list("reasoning_details");
    let same_kind = |value: &Value| {
        let known = value.member("type");
        known.and_then(|known| known.raw().as_str()) == kind
    };
    let found = if index.as_u64().is_some() {
        let mut near = list.iter().enumerate().rev().take(NEAR);
        near.find(|(_, value)| same_kind(value) && has_index(value, index))
            .map(|(at, _)| at)
    } else {
        let grows = kind.is_some_and(|k| k == "reasoning.text" || k == "reasoning.summary");
        list.len()
            .checked_sub(1)
            .filter(|&last| grows && list.get(last).is_some_and(same_kind))
    };
    match found.and_then(|at| list.get_mut(at)) {
        Some(value) => {
            let whole = value.grow(entry, GROW);
            notes.whole(whole, "reasoning_details");
        }
        None => list.push(Value::open(entry)),
    }
}

fn has_index(value: &Value, index: Raw<'_>) -> bool {
    let known = value.member("index");
    known.is_some_and(|known| known.raw().as_u64() == index.as_u64())
}

/// Whether it is a list of objects that each tell their place.
fn is_indexed(raw: Raw<'_>) -> bool {
    let mut elements = raw.elements().peekable();
    elements.peek().is_some() && elements.all(|element| element.get("index").as_u64().is_some())
}

fn push_indexed(members: &mut Members, name: &str, new: Raw<'_>) {
    let list = members.list(name);
    for element in new.elements() {
        let index = element.get("index");
        let mut near = list.iter_mut().rev().take(NEAR);
        match near.find(|value| has_index(value, index)) {
            Some(value) => value.merge(element),
            None => list.push(Value::open(element)),
        }
    }
}
