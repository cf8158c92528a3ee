use deltaic_corpus::streams::{Envelope, text};

use super::keep;
use crate::Read;

pub(super) fn cerebras(chunks: usize) -> String {
    made(chunks, Envelope::Cerebras)
}

pub(super) fn groq(chunks: usize) -> String {
    made(chunks, Envelope::Groq)
}

fn made(chunks: usize, envelope: Envelope) -> String {
    String::from_utf8(text(chunks, envelope).stream).expect("a made stream is text")
}

/// A stream without an end: its first event, and a thousand that may follow it
/// again and again.
#[must_use]
pub fn endless() -> (Read, Read) {
    let stream = text(1_002, Envelope::Groq).stream;
    let ends: Vec<usize> = memchr::memmem::find_iter(&stream, b"\n\n")
        .map(|at| at + 2)
        .collect();
    let (first, last) = (ends[0], ends[1_000]);
    (
        keep(stream[..first].to_vec()),
        keep(stream[first..last].to_vec()),
    )
}
