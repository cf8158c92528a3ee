//! Calls what reading a recording has no need of.

use core::{
    fmt::{self, Write},
    hint::black_box,
};

use deltaic_chunk::{
    Chunk, Delta, Edit, ErrorPayload, JsonStr, Payload, Raw, Usage, escape_into, quoted, splice,
};
use deltaic_sse::Framer;

/// What it gives is of no interest: the linker is to see the calls.
pub(crate) fn call(bytes: &[u8]) {
    let mut memory = [0; 64];
    let mut framer = Framer::in_slice(black_box(&mut memory));
    let mut read = bytes;
    while let Ok(Some(event)) = framer.next(&mut read) {
        black_box((
            event.name,
            event.data,
            event.id,
            event.retry,
            event.span,
            event.data_at,
        ));
    }
    if framer.begins_block(&mut read) {
        framer.skip_blocks(read);
    }
    black_box((framer.limit(), framer.position(), framer.comments()));
    black_box((framer.retry(), framer.last_event_id(), framer.open_block()));
    black_box(framer.finish());

    edit(bytes);
    if let Ok(raw) = Raw::parse(bytes) {
        value(raw);
    }
    if let Ok(payload) = Payload::parse(bytes) {
        match payload {
            Payload::Chunk(found) => chunk(&found),
            Payload::Error(found) => error(&found),
            Payload::Foreign(raw) => value(raw),
            _ => {}
        }
    }
}

fn edit(bytes: &[u8]) {
    let text = core::str::from_utf8(bytes).unwrap_or_default();
    let edits = [
        Edit::remove(black_box("choices[*].delta.x")),
        Edit::replace(black_box("model"), black_box("1")),
        Edit::set(text, text),
    ];
    for edit in edits.into_iter().flatten() {
        black_box((edit.path(), edit.json()));
        let read = splice(bytes, &[edit], |splice| {
            black_box((splice.parts(), splice.range));
        });
        black_box(read.is_ok());
    }
    black_box(write!(Nowhere, "{}", quoted(text)).is_ok());
    black_box(escape_into(text, &mut Nowhere).is_ok());
}

fn chunk(chunk: &Chunk<'_>) {
    if let Some(found) = chunk.error() {
        error(&found);
    }
    value(chunk.raw());
    black_box(chunk.get("id"));
    chunk.other().for_each(|(name, raw)| {
        string(name);
        value(raw);
    });
    for choice in chunk.choices() {
        black_box((choice.raw(), choice.get("index"), choice.other().count()));
        let delta = Delta::read(choice.message);
        black_box((delta.raw(), delta.get("content"), delta.other().count()));
        for call in choice.delta.calls() {
            black_box((
                call.raw(),
                call.get("id"),
                call.other().count(),
                call.body(),
                call.is_custom(),
            ));
        }
    }
    let usage = Usage::read(chunk.usage);
    black_box((
        usage.raw(),
        usage.prompt_tokens(),
        usage.completion_tokens(),
    ));
    black_box((usage.cached_tokens(), usage.reasoning_tokens()));
}

fn error(error: &ErrorPayload<'_>) {
    black_box((error.message(), error.code(), ErrorPayload::of(error.whole)));
}

fn value(raw: Raw<'_>) {
    black_box((raw.text(), raw.kind(), raw.is_missing(), raw.is_null()));
    black_box(raw.is_there());
    black_box((
        raw.as_bool(),
        raw.as_u64(),
        raw.as_i64(),
        Raw::again(raw.text()),
    ));
    if let Some(text) = raw.as_str() {
        string(text);
    }
    black_box((raw.elements().count(), raw.members().count(), raw.get("a")));
}

fn string(text: JsonStr<'_>) {
    black_box((
        text.as_raw(),
        text.as_str(),
        text.is_empty(),
        text.has_lone_surrogate(),
    ));
    black_box((text == "a", text == *"b", text == black_box(text)));
    black_box(text.decode_into(&mut Nowhere).is_ok());
}

/// What is written into it is gone.
struct Nowhere;

impl Write for Nowhere {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        black_box(text);
        Ok(())
    }
}
