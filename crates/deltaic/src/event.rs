//! What events say to the assembler.

use alloc::{borrow::Cow, format, string::String};

use deltaic_assembler::{Assembler, Finding, FindingKind};
use deltaic_chunk::{ErrorPayload, Expected, ParseError, Payload, Raw};
use deltaic_sse::Event;

use crate::templates::Templates;

/// Reads an event.
pub(crate) fn read_event(
    assembler: &mut Assembler,
    templates: &mut Templates,
    event: &Event<&[u8]>,
    around: Option<(&[u8], &[u8])>,
) {
    if event.name == Some(b"error") {
        return read_error_event(assembler, event);
    }
    read_data(assembler, templates, event.data, event.data_at, around);
}

/// Reads `data`, which begins `at` bytes from the start of the stream, and stands
/// between `around` in its block, if that is known.
pub(crate) fn read_data(
    assembler: &mut Assembler,
    templates: &mut Templates,
    data: &[u8],
    at: u64,
    around: Option<(&[u8], &[u8])>,
) {
    if templates.read_data(assembler, data, at, around.is_some()) {
        return;
    }
    // It is large: where it lies it stays.
    let payload = Payload::parse(data);
    match &payload {
        Ok(payload) => {
            if matches!(payload, Payload::Done) && !assembler.is_done() {
                look_behind_done(assembler, data, at);
            }
            assembler.push(payload, at);
            if let Payload::Chunk(chunk) = payload {
                templates.learn(assembler, chunk, data, around);
            }
        }
        Err(_) if assembler.is_done() => assembler.push_finding(after_done(data, at)),
        Err(error) => assembler.push_finding(not_json(data, at, *error)),
    }
}

/// What stands behind `[DONE]` in its own event is after it, too.
fn look_behind_done(assembler: &mut Assembler, data: &[u8], at: u64) {
    const DONE: &[u8] = b"[DONE]";
    let more = data.trim_ascii().strip_prefix(DONE).unwrap_or_default();
    if more.is_empty() {
        return;
    }
    let place = data.trim_ascii_end().len() - more.len();
    assembler.push_finding(after_done(more, offset(data, at, place)));
}

fn after_done(data: &[u8], at: u64) -> Finding {
    Finding {
        kind: FindingKind::AfterDone,
        offset: at,
        detail: format!(
            "what stands behind `[DONE]` is not assembled: {}",
            shown(data)
        ),
    }
}

/// An event named `error` is one, whatever its data says; what stands beside the
/// error counts as in any other.
fn read_error_event(assembler: &mut Assembler, event: &Event<&[u8]>) {
    let payload = Payload::parse(event.data);
    let beside =
        |payload: &Payload<'_>| matches!(payload, Payload::Chunk(chunk) if chunk.error().is_some());
    if let Some(payload) = payload.ok().filter(beside) {
        assembler.push(&payload, event.data_at);
    } else if let Ok(raw) = Raw::parse(event.data) {
        assembler.push_error(ErrorPayload::of(raw), event.data_at);
    } else {
        let text = String::from_utf8_lossy(event.data);
        assembler.push_error_text(&text, event.data_at);
    }
}

/// A field named `error` is what llama.cpp and those who build on it send.
pub(crate) fn read_error(assembler: &mut Assembler, value: &[u8], at: u64) {
    if let Ok(raw) = Raw::parse(value) {
        assembler.push_error(ErrorPayload { raw, whole: raw }, at);
    } else {
        assembler.push_error_text(&String::from_utf8_lossy(value), at);
    }
}

fn not_json(data: &[u8], at: u64, error: ParseError) -> Finding {
    let kind = match error.expected {
        Expected::Utf8 => FindingKind::InvalidUtf8,
        _ => FindingKind::InvalidJson,
    };
    Finding {
        kind,
        offset: offset(data, at, error.offset),
        detail: format!("{error} of the data, which is dropped: {}", shown(data)),
    }
}

/// Where a place in the data lies in the stream, or where the data begins:
/// behind a joint of two data lines that is not known.
fn offset(data: &[u8], at: u64, place: usize) -> u64 {
    let before = data.get(..place).unwrap_or_default();
    if before.contains(&b'\n') {
        at
    } else {
        at + place as u64
    }
}

/// The beginning of data, short enough for a line.
pub(crate) fn shown(data: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(data.get(..60).unwrap_or(data))
}
