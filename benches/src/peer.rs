//! Reading as others do: a framing, a parsing, and a `String` for each text.

pub mod framing;
pub mod parsing;

use crate::{Read, Refused, Spelled, Way, ours::Ours, way::Contestant};
use framing::{EventsourceStream, Framing, OurFramer, SseCore, SseStream, Sseer};
use parsing::{AsyncOpenai, Borrowed, Jiter, Owned, Parsing, SimdTape, SimdTyped, Sonic};

/// Who is compared. We come first, then whom the ratios are against.
pub const ALL: [Contestant; 15] = [
    Contestant::new::<Ours>("deltaic"),
    BASE,
    Contestant::new::<Peer<EventsourceStream, AsyncOpenai>>("eventsource-stream + async-openai"),
    Contestant::new::<Peer<EventsourceStream, Sonic>>("eventsource-stream + sonic-rs"),
    Contestant::new::<Peer<SseStream, Borrowed>>("sse-stream + serde_json borrowed"),
    Contestant::new::<Peer<SseStream, Sonic>>("sse-stream + sonic-rs"),
    Contestant::new::<Peer<SseCore, Borrowed>>("sse-core + serde_json borrowed"),
    Contestant::new::<Peer<SseCore, Sonic>>("sse-core + sonic-rs"),
    Contestant::new::<Peer<Sseer, Borrowed>>("sseer + serde_json borrowed"),
    Contestant::new::<Peer<Sseer, Sonic>>("sseer + sonic-rs"),
    Contestant::new::<Peer<OurFramer, Borrowed>>("our framer + serde_json borrowed"),
    Contestant::new::<Peer<OurFramer, Sonic>>("our framer + sonic-rs"),
    Contestant::new::<Peer<OurFramer, SimdTyped>>("our framer + simd-json typed"),
    Contestant::new::<Peer<OurFramer, SimdTape>>("our framer + simd-json tape"),
    Contestant::new::<Peer<OurFramer, Jiter>>("our framer + jiter"),
];

/// Whom the ratios are against: what most Rust clients do.
pub const BASE: Contestant =
    Contestant::new::<Peer<EventsourceStream, Owned>>("eventsource-stream + serde_json owned");

/// A framing and a parsing, put together.
#[derive(Debug, Default)]
pub struct Peer<F, P> {
    framing: F,
    parsing: P,
    spelled: Spelled,
}

impl<F: Framing, P: Parsing> Way for Peer<F, P> {
    fn push(&mut self, read: Read) -> Result<(), Refused> {
        let mut result = Ok(());
        self.framing.push(read, |data| {
            if result.is_ok() && data.bytes() != b"[DONE]" {
                result = self.parsing.read(data, &mut self.spelled);
            }
        });
        result
    }

    fn finish(self) -> Spelled {
        self.spelled
    }
}
