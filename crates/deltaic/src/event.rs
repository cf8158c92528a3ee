//! What events say to the assembler.

use alloc::{format, string::String};

use deltaic_assembler::{Assembler, Finding, FindingKind};
use deltaic_chunk::{ErrorPayload, Expected, ParseError, Payload, Raw};
use deltaic_sse::Event;

/// Reads an event.
pub(crate) fn read_event(assembler: &mut Assembler, event: &Event<&[u8]>) {
    if event.name == Some(b"error") {
        return read_error_event(assembler, event);
    }
    read_data(assembler, event.data, event.data_at);
}

/// Reads `data`, which begins `at` bytes from the start of the stream.
pub(crate) fn read_data(assembler: &mut Assembler, data: &[u8], at: u64) {
    match Payload::parse(data) {
        Ok(payload) => {
            assembler.push(&payload, at);
        }
        Err(_) if assembler.is_done() => {
            assembler.push(&Payload::Done, at);
        }
        Err(error) => assembler.push_finding(not_json(data, at, error)),
    }
}

/// An event named `error` is one, whatever its data says.
fn read_error_event(assembler: &mut Assembler, event: &Event<&[u8]>) {
    if let Ok(raw) = Raw::parse(event.data) {
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
    let before = data.get(..error.offset).unwrap_or_default();
    // Behind a joint of two data lines the place in the stream is not known.
    let offset = if before.contains(&b'\n') {
        at
    } else {
        at + error.offset as u64
    };
    let kind = match error.expected {
        Expected::Utf8 => FindingKind::InvalidUtf8,
        _ => FindingKind::InvalidJson,
    };
    let shown = data.get(..data.len().min(60)).unwrap_or_default();
    let shown = String::from_utf8_lossy(shown);
    Finding {
        kind,
        offset,
        detail: format!("{error} of the data, which is dropped: {shown}"),
    }
}
