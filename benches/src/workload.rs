//! The streams that are read, and how they are cut.
//!
//! Those that are made are as servers send them, and the same in every run.

mod calls;
mod large;
mod openai;
mod pieces;
mod reasoning;
mod text;
mod unlike;
mod vllm;
mod words;

pub use large::large;
pub use text::endless;

use deltaic_corpus::{cut, own, yours as named};

use crate::{Read, peer};

/// How many chunks a made stream has. Less where it is only seen to that the
/// benches run.
pub const CHUNKS: usize = if cfg!(debug_assertions) { 100 } else { 2_000 };

/// Streams to read.
#[derive(Clone, Debug)]
pub struct Workload {
    /// What it is called in results.
    pub name: &'static str,
    /// The streams.
    pub streams: Vec<Read>,
}

impl Workload {
    fn one(name: &'static str, stream: String) -> Self {
        Self {
            name,
            streams: vec![keep(stream.into_bytes())],
        }
    }

    /// How many bytes it has.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.streams.iter().map(|stream| stream.len()).sum()
    }

    /// How many events it has, `[DONE]` among them.
    #[must_use]
    pub fn events(&self) -> usize {
        self.streams.iter().map(|s| cut::by_event(s).len()).sum()
    }

    /// The reads that each of its streams comes in.
    #[must_use]
    pub fn reads(&self, reads: Reads) -> Vec<Vec<Read>> {
        self.streams.iter().map(|s| reads.of(s)).collect()
    }

    /// The data of its chunks.
    #[must_use]
    pub fn payloads(&self) -> Vec<Read> {
        let lines = self.streams.iter().flat_map(|s| s.split(|&b| b == b'\n'));
        lines
            .filter_map(|line| line.strip_prefix(b"data: "))
            .filter(|data| *data != b"[DONE]")
            .collect()
    }
}

/// How a stream is cut into reads.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Reads {
    /// One event a read.
    Event,
    /// So many bytes a read.
    Bytes(usize),
}

impl Reads {
    /// A buffer.
    pub const BUFFER: Self = Self::Bytes(16 << 10);
    /// What fits in a packet.
    pub const PACKET: Self = Self::Bytes(1_448);
    /// Few enough that every event is in pieces.
    pub const PIECE: Self = Self::Bytes(64);
    /// Those that most benches are run with.
    pub const ALL: [Self; 4] = [Self::BUFFER, Self::Event, Self::PACKET, Self::PIECE];

    /// The reads that `stream` comes in.
    #[must_use]
    pub fn of(self, stream: Read) -> Vec<Read> {
        match self {
            Self::Event => cut::by_event(stream),
            Self::Bytes(len) => cut::into(stream, len).collect(),
        }
    }
}

impl std::fmt::Display for Reads {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Event => f.write_str("one event"),
            Self::Bytes(1) => f.write_str("1 byte"),
            Self::Bytes(len) if len % 1024 == 0 => write!(f, "{} KiB", len / 1024),
            Self::Bytes(len) => write!(f, "{len} bytes"),
        }
    }
}

/// All of them but yours, for benches that go through them.
#[must_use]
pub fn all() -> Vec<Workload> {
    let mut all = texts().to_vec();
    all.extend([
        reasoning(),
        pieces(),
        openai(),
        calls(),
        vllm(),
        recordings(),
    ]);
    all
}

/// Text in the envelopes of Cerebras and Groq.
#[must_use]
pub fn texts() -> [Workload; 2] {
    [
        Workload::one("text, Cerebras", text::cerebras(CHUNKS)),
        Workload::one("text, Groq", text::groq(CHUNKS)),
    ]
}

/// Reasoning, then text, as DeepSeek sends it: one of both is null.
#[must_use]
pub fn reasoning() -> Workload {
    Workload::one("reasoning, nulls", reasoning::stream(CHUNKS))
}

/// Reasoning as OpenRouter sends it: as text, and in typed pieces beside that.
#[must_use]
pub fn pieces() -> Workload {
    Workload::one("reasoning, twice", pieces::stream(CHUNKS))
}

/// Text as OpenAI sends it: `obfuscation` is of another length in each chunk.
#[must_use]
pub fn openai() -> Workload {
    Workload::one("OpenAI", openai::stream(CHUNKS))
}

/// Three tool calls, whose fragments take turns.
#[must_use]
pub fn calls() -> Workload {
    Workload::one("three tool calls", calls::stream(CHUNKS))
}

/// Text as vLLM sends it when the usage so far is asked for in every chunk.
#[must_use]
pub fn vllm() -> Workload {
    Workload::one("vLLM, usage in all", vllm::stream(CHUNKS))
}

/// Text whose events are never alike: none can be read by comparison.
#[must_use]
pub fn unlike() -> Workload {
    Workload::one("never alike", unlike::stream(CHUNKS))
}

/// The recordings as they are, one after the other.
#[must_use]
pub fn recordings() -> Workload {
    Workload {
        name: "recordings",
        streams: own().into_iter().map(|r| keep(r.bytes)).collect(),
    }
}

/// The recordings that `DELTAIC_RECORDINGS` names, if any: those that the peer whom all are compared
/// with reads, and as we do.
#[must_use]
pub fn yours() -> Option<Workload> {
    let all: Vec<Read> = named().into_iter().map(|r| keep(r.bytes)).collect();
    let alike = |stream: &Read| {
        let reads = Reads::Event.of(stream);
        let base = (peer::BASE.read)(&reads);
        base.is_ok() && base == (peer::ALL[0].read)(&reads)
    };
    let streams: Vec<Read> = all.iter().copied().filter(alike).collect();
    if streams.len() < all.len() {
        let (read, all, by) = (streams.len(), all.len(), peer::BASE.name);
        eprintln!(
            "of your {all} recordings {read} are read by {by} as they are by us: no others are timed"
        );
    }
    (!streams.is_empty()).then_some(Workload {
        name: "your recordings",
        streams,
    })
}

/// Bytes for the rest of the run: see [`Read`].
#[must_use]
pub fn keep(bytes: Vec<u8>) -> Read {
    bytes.leak()
}
