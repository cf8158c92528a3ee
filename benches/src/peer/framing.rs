//! Peers that frame: bytes to the data of events.

mod eventsource_stream;
mod feed;
mod our_framer;
mod sse_core;
mod sse_stream;
mod sseer;

pub use eventsource_stream::EventsourceStream;
pub use our_framer::OurFramer;
pub use sse_core::SseCore;
pub use sse_stream::SseStream;
pub use sseer::Sseer;

use crate::Read;

/// Finds the events of one stream. It is opened by `default`.
pub trait Framing: Default {
    /// Gives the data of each event that ends in `read`.
    ///
    /// # Panics
    ///
    /// If the stream is none that the peer frames: all of them are.
    fn push(&mut self, read: Read, each: impl FnMut(Data<'_>));
}

/// The data of an event, as the peer gives it.
#[derive(Clone, Copy, Debug)]
pub enum Data<'a> {
    /// Not looked at.
    Bytes(&'a [u8]),
    /// Known to be UTF-8.
    Text(&'a str),
}

impl<'a> Data<'a> {
    /// It as bytes.
    #[must_use]
    pub fn bytes(self) -> &'a [u8] {
        match self {
            Self::Bytes(bytes) => bytes,
            Self::Text(text) => text.as_bytes(),
        }
    }
}

/// A framing, by its name, to be run alone: how many bytes of data the events
/// have.
pub type FrameAll = fn(&[Read]) -> usize;

/// Framing alone: who is compared. We come first.
pub const ALL: [(&str, FrameAll); 5] = [
    ("deltaic", crate::ours::frame),
    ("eventsource-stream", all::<EventsourceStream>),
    ("sse-stream", all::<SseStream>),
    ("sse-core", all::<SseCore>),
    ("sseer", all::<Sseer>),
];

/// How many bytes of data the events have.
#[must_use]
pub fn all<F: Framing>(reads: &[Read]) -> usize {
    let mut framing = F::default();
    let mut len = 0;
    for read in reads {
        framing.push(read, |data| len += data.bytes().len());
    }
    len
}
