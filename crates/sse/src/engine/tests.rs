//! No byte is searched for a line end twice, however the stream is cut.

use core::cell::Cell;
use std::format;

use deltaic_corpus::{cut, own};

use crate::Framer;

std::thread_local! {
    static SEARCHED: Cell<usize> = const { Cell::new(0) };
}

/// So many bytes have been searched for the end of a line.
pub(super) fn count(bytes: usize) {
    SEARCHED.set(SEARCHED.get() + bytes);
}

#[track_caller]
fn check(stream: &[u8], limit: usize) {
    for len in [1, 7, 64, 1_448, stream.len()] {
        SEARCHED.set(0);
        let mut framer = Framer::with_limit(limit);
        for mut read in cut::into(stream, len) {
            while framer.next_item(&mut read) != Ok(None) {}
        }
        let searched = SEARCHED.get();
        assert!(searched <= stream.len(), "{searched} in reads of {len}");
        assert!(searched >= stream.len() / 2, "the count works");
    }
}

#[test]
fn recordings_are_searched_once() {
    for recording in own() {
        check(&recording.bytes, usize::MAX);
    }
}

#[test]
fn hostile_streams_are_searched_once() {
    let long = "x".repeat(100_000);
    for stream in [
        ": ping\n".repeat(10_000),
        "\n".repeat(100_000),
        "\r\n".repeat(50_000),
        "data: x\n".repeat(10_000) + "\n",
        format!("data: {long}\n\n"),
        format!("{long}\r\n\r\n: {long}\rid: {long}\n\n"),
        "data: a\nevent: b\nid: c\n".repeat(5_000) + "\n",
        "data: a block of two lines\nid: c\n\n".repeat(5_000),
    ] {
        check(stream.as_bytes(), usize::MAX);
        // What is too long is passed over, and searched no more often for that.
        check(stream.as_bytes(), 1_000);
    }
}
