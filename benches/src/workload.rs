//! The streams that are read, and how they are cut.

use deltaic_corpus::{
    cut, own,
    streams::{Envelope, text},
};

/// Streams to read, and what they spell out together.
#[derive(Debug)]
pub struct Workload {
    /// What it is called in results.
    pub name: &'static str,
    /// The streams.
    pub streams: Vec<Vec<u8>>,
    /// How many bytes of text they spell out.
    pub text: usize,
}

/// How a stream is cut into reads.
#[derive(Clone, Copy, Debug)]
pub enum Reads {
    /// One event a read.
    Event,
    /// So many bytes a read.
    Bytes(usize),
}

impl Reads {
    /// Those that every bench is run with: one event, a packet, a buffer.
    pub const ALL: [(&'static str, Self); 3] = [
        ("one event", Self::Event),
        ("1448", Self::Bytes(1_448)),
        ("16384", Self::Bytes(16 << 10)),
    ];

    /// The reads that `stream` comes in.
    #[must_use]
    pub fn of(self, stream: &[u8]) -> Vec<&[u8]> {
        match self {
            Self::Event => cut::by_event(stream),
            Self::Bytes(len) => cut::into(stream, len).collect(),
        }
    }
}

/// The recordings as they are, and 2,000 chunks of text in two envelopes.
#[must_use]
pub fn all() -> Vec<Workload> {
    let recordings: Vec<Vec<u8>> = own().into_iter().map(|r| r.bytes).collect();
    let read = |stream: &Vec<u8>| crate::ours::read(&[stream]).len();
    let mut all = vec![Workload {
        name: "recordings",
        text: recordings.iter().map(read).sum(),
        streams: recordings,
    }];
    for (name, envelope) in [
        ("text, Cerebras", Envelope::Cerebras),
        ("text, Groq", Envelope::Groq),
    ] {
        let made = text(2_000, envelope);
        all.push(Workload {
            name,
            streams: vec![made.stream],
            text: made.text.len(),
        });
    }
    all
}

/// The data of the events of `stream`.
#[must_use]
pub fn payloads(stream: &[u8]) -> Vec<&[u8]> {
    let lines = stream.split(|&byte| byte == b'\n');
    lines
        .filter_map(|line| line.strip_prefix(b"data: "))
        .collect()
}
