//! The members of chunks that are about the completion as a whole.

use alloc::string::String;

use deltaic_chunk::{Chunk, JsonStr, Kind, Raw};

use crate::{
    completion::Completion,
    members::name_of,
    notes::{Notes, Place},
};

/// Adds what `chunk` says of the completion as a whole, but for its usage.
pub(crate) fn push(completion: &mut Completion, chunk: &Chunk<'_>, notes: &mut Notes<'_>) {
    keep_first(&mut completion.id, chunk.id, "id", notes);
    keep_first(&mut completion.model, chunk.model, "model", notes);
    let fingerprint = chunk.system_fingerprint;
    keep_last(
        &mut completion.system_fingerprint,
        fingerprint,
        "system_fingerprint",
        notes,
    );
    let tier = chunk.service_tier;
    keep_last(&mut completion.service_tier, tier, "service_tier", notes);

    push_created(&mut completion.created, chunk.created, notes);
    notes.expect("object", Kind::String, chunk.object);
    notes.expect_each("choices", Kind::Array, chunk.choices);
    if matches!(chunk.error.kind(), Kind::Bool | Kind::Number) {
        notes.wrong_type_once("error", chunk.error);
    }
    let other = &mut completion.other;
    if !chunk.x_groq.is_missing() {
        other.merge("x_groq", chunk.x_groq, "chunk", notes);
    }
    for (name, member) in chunk.other() {
        other.merge(&name_of(name), member, "chunk", notes);
    }
}

/// The first that is not 0 stays: most chunks have a time of their own.
fn push_created(created: &mut Option<String>, new: Raw<'_>, notes: &mut Notes<'_>) {
    notes.expect("created", Kind::Number, new);
    if created.is_some() {
        return;
    }
    match new.as_f64() {
        Some(number) if !number.is_finite() => notes.wrong_type_once("created", new),
        None | Some(0.0) => {}
        Some(_) => *created = Some(new.text().into()),
    }
}

/// The first that is not empty stays; another is told.
pub(crate) fn keep_first(
    known: &mut Option<String>,
    new: Raw<'_>,
    name: Place,
    notes: &mut Notes<'_>,
) {
    let Some(new) = filled(new, name, notes) else {
        return;
    };
    match known {
        None => *known = Some(notes.said(new, name).into()),
        Some(known) if new == known.as_str() => {}
        Some(_) => notes.envelope_changed(name, new),
    }
}

/// The last that is not empty stays; that it is another is told.
fn keep_last(known: &mut Option<String>, new: Raw<'_>, name: Place, notes: &mut Notes<'_>) {
    let Some(new) = filled(new, name, notes) else {
        return;
    };
    match known {
        Some(known) if new == known.as_str() => return,
        Some(_) => notes.replaced("chunk", name, new.as_raw()),
        None => {}
    }
    *known = Some(notes.said(new, name).into());
}

/// The string that `raw` should be, unless it is empty.
fn filled<'a>(raw: Raw<'a>, name: Place, notes: &mut Notes<'_>) -> Option<JsonStr<'a>> {
    notes.expect(name, Kind::String, raw);
    raw.as_str().filter(|text| !text.is_empty())
}
