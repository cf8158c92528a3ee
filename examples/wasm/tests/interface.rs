//! The interface, called as a host would: what is behind it is the same on any machine.
#![expect(unsafe_code, reason = "a host writes to and reads from memory")]

use std::{ptr, slice};

use deltaic::Reader;
use deltaic_corpus::{cut, recordings};
use deltaic_example_wasm::{
    deltaic_close, deltaic_end, deltaic_open, deltaic_push, deltaic_room, deltaic_text,
    deltaic_tokens,
};

/// The text, the tokens, and how the stream ended.
fn read_through<'r>(reads: impl IntoIterator<Item = &'r [u8]>) -> (String, i64, i32) {
    let stream = deltaic_open();
    let mut text = String::new();
    let mut add = |len| {
        // SAFETY: the text lies there until the next call.
        let added = unsafe { slice::from_raw_parts(deltaic_text(stream), len) };
        text += str::from_utf8(added).expect("UTF-8");
    };
    for read in reads {
        let room = deltaic_room(stream, read.len());
        // SAFETY: there is room for as many bytes as were asked for.
        unsafe { ptr::copy_nonoverlapping(read.as_ptr(), room, read.len()) };
        add(deltaic_push(stream));
    }
    add(deltaic_end(stream));
    (text, deltaic_tokens(stream), deltaic_close(stream))
}

/// The same, as a reader says.
fn read(mut stream: &[u8]) -> (String, i64, i32) {
    let mut reader = Reader::new();
    while reader.next(&mut stream).is_some() {}
    let report = reader.into_report();
    let outcomes = ["done", "finished", "truncated", "failed", "empty"];
    let outcome = outcomes
        .iter()
        .position(|name| *name == report.outcome.name());
    let completion = report.completion.unwrap_or_default();
    let first = completion.choices.iter().find(|choice| choice.index == 0);
    let text = first.and_then(|choice| choice.message.content.as_deref());
    let usage = completion.usage.as_ref();
    let tokens = usage.and_then(|usage| usage.figures().total_tokens());
    (
        text.unwrap_or_default().into(),
        tokens.map_or(-1, |tokens| tokens.try_into().expect("few tokens")),
        outcome.expect("a name").try_into().expect("a number"),
    )
}

#[test]
fn each_recording_is_what_a_reader_says() {
    for recording in recordings() {
        let (name, bytes) = (&recording.name, &recording.bytes);
        let expected = read(bytes);
        assert_eq!(read_through([&**bytes]), expected, "{name}");
        assert_eq!(read_through(cut::into(bytes, 1)), expected, "{name}");
    }
}

#[test]
fn a_stream_that_is_not_open_does_nothing() {
    let stream = deltaic_open();
    let other = deltaic_open();
    assert_eq!(deltaic_close(stream), 4);
    for closed in [stream, 0, u32::MAX] {
        assert!(deltaic_room(closed, 3).is_null());
        assert_eq!((deltaic_push(closed), deltaic_end(closed)), (0, 0));
        assert!(deltaic_text(closed).is_null());
        assert_eq!((deltaic_tokens(closed), deltaic_close(closed)), (-1, -1));
    }
    assert_eq!(deltaic_close(other), 4);
}
