//! Members of a delta beside its texts and calls: how each kind of them grows.

use deltaic_chunk::{Delta, Kind, Raw};

use crate::{
    completion::Message,
    loss::says_nothing,
    members::{Members, name_of},
    notes::{Notes, Place},
    parts,
    value::Value,
};

/// How far back in a list an entry looks for the one that it continues. It bounds
/// the work that a hostile list can make; real ones are much shorter.
const NEAR: usize = 64;

const PLACE: Place = "delta";

/// Adds the members of `delta` that have no rule of their own elsewhere.
pub(crate) fn push(message: &mut Message, delta: &Delta<'_>, notes: &mut Notes<'_>) {
    let members = &mut message.other;
    match delta.reasoning_details.kind() {
        Kind::Missing => {}
        Kind::Array if says_nothing(delta.reasoning_details) => {}
        Kind::Array => {
            notes.has_said();
            push_reasoning(members, delta.reasoning_details, notes);
        }
        _ => members.merge("reasoning_details", delta.reasoning_details, PLACE, notes),
    }
    match delta.audio.kind() {
        Kind::Missing => {}
        Kind::Object => {
            const GROWING: &[&str] = &["data", "transcript"];
            if GROWING
                .iter()
                .any(|name| !says_nothing(delta.audio.get(name)))
            {
                notes.has_said();
            }
            let audio = members.entry("audio", Value::empty_object);
            audio.grow(delta.audio, GROWING, "audio", notes);
        }
        _ => members.merge("audio", delta.audio, PLACE, notes),
    }
    for (name, member) in delta.other() {
        let members = &mut message.other;
        let name = name_of(name);
        if &*name == "images" && !says_nothing(member) {
            notes.has_said();
        }
        if &*name == parts::NAME {
            parts::push_kept(message, member, notes);
        } else if &*name == "annotations" && member.kind() == Kind::Array {
            members.extend(&name, member, PLACE, notes);
        } else if is_indexed(member) {
            push_indexed(members, &name, member, notes);
        } else {
            members.merge(&name, member, PLACE, notes);
        }
    }
}

/// The list of reasoning in pieces, and the members of its entries that grow.
pub(crate) const REASONING: Place = "reasoning_details";
pub(crate) const GROWING: &[&str] = &["data", "summary", "text"];

fn push_reasoning(members: &mut Members, new: Raw<'_>, notes: &mut Notes<'_>) {
    let value = members.entry(REASONING, Value::empty_list);
    let Some(list) = value.list(new, GROWING, REASONING, REASONING, notes) else {
        return;
    };
    for entry in new.elements() {
        match continued(list, entry).and_then(|at| list.get_mut(at)) {
            Some(value) => value.grow(entry, GROWING, REASONING, notes),
            None => list.push(Value::open(entry, GROWING, REASONING, notes)),
        }
    }
}

/// Which entry of `list` the `new` one continues: that of the same type and index; without an
/// index, the last one, if both are text or summary of the same type.
pub(crate) fn continued(list: &[Value], new: Raw<'_>) -> Option<usize> {
    let (kind, index) = (new.get("type"), new.get("index"));
    let is_same_kind = |value: &Value| {
        let known = value.member("type").map(Value::raw);
        says(known.unwrap_or_default(), kind)
    };
    let mut near = list.iter().enumerate().rev().take(NEAR);
    let found = if index.as_u64().is_some() {
        near.find(|(_, value)| has_index(value, index) && is_same_kind(value))
    } else {
        let grows = ["reasoning.text", "reasoning.summary"]
            .iter()
            .any(|known| kind.as_str().is_some_and(|kind| kind == *known));
        near.next().filter(|(_, last)| grows && is_same_kind(last))
    };
    found.map(|(at, _)| at)
}

fn push_indexed(members: &mut Members, name: &str, new: Raw<'_>, notes: &mut Notes<'_>) {
    let value = members.entry(name, Value::empty_list);
    let Some(list) = value.list(new, &[], name, PLACE, notes) else {
        return;
    };
    for entry in new.elements() {
        let index = entry.get("index");
        let mut near = list.iter_mut().rev().take(NEAR);
        match near.find(|value| has_index(value, index)) {
            Some(value) => value.merge(entry, name, PLACE, notes),
            None => list.push(Value::open(entry, &[], PLACE, notes)),
        }
    }
}

/// Whether the string `known` says what the string `new` does.
///
/// An escape makes a letter six bytes long at most: what is that much longer or
/// shorter is another string, and is not read. Else each entry of a hostile list
/// could make us read long strings that it does not pay for.
fn says(known: Raw<'_>, new: Raw<'_>) -> bool {
    let (a, b) = (known.text().len(), new.text().len());
    a <= 6 * b && b <= 6 * a && known.as_str() == new.as_str()
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
