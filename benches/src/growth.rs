//! Reading on, where much has been read already.

use std::time::{Duration, Instant};

use crate::{
    Read, Way,
    ours::Ours,
    workload::{Reads, endless, large},
};

/// Streams of any length.
#[derive(Clone, Debug)]
pub struct Growth {
    first: Read,
    /// The reads of 99 events that follow.
    few: Vec<Read>,
    /// The reads of [`EVENTS`] events that follow, again and again.
    rest: Vec<Read>,
}

/// How many events are read again and again.
pub const EVENTS: usize = 1_000;

impl Default for Growth {
    fn default() -> Self {
        let (first, rest) = endless();
        let ends = memchr::memmem::find_iter(rest, b"\n\n").map(|at| at + 2);
        let end = ends.take(99).last().unwrap_or(rest.len());
        Self {
            first,
            few: Reads::BUFFER.of(&rest[..end]),
            rest: Reads::BUFFER.of(rest),
        }
    }
}

impl Growth {
    /// Reads so many chunks, a multiple of [`EVENTS`], from bytes to completion.
    #[must_use]
    pub fn long(&self, chunks: usize) -> Duration {
        let began = Instant::now();
        let mut reader = self.open();
        for _ in 0..chunks / EVENTS {
            self.read_on(&mut reader);
        }
        std::hint::black_box(reader.finish());
        began.elapsed()
    }

    /// Reads 100 chunks, again and again: as many in all as there are
    /// [`EVENTS`].
    #[must_use]
    pub fn short(&self) -> Duration {
        let began = Instant::now();
        for _ in 0..EVENTS / 100 {
            let mut reader = self.open();
            for read in &self.few {
                reader.read(read);
            }
            std::hint::black_box(reader.finish());
        }
        began.elapsed()
    }

    /// Reads [`EVENTS`] chunks where a text of so many bytes has been put
    /// together already.
    pub fn after(&self, bytes: usize) -> impl FnMut() -> Duration {
        let mut reader = self.open();
        for text in large(bytes).streams {
            reader.read(text);
        }
        move || {
            let began = Instant::now();
            self.read_on(&mut reader);
            began.elapsed()
        }
    }

    fn open(&self) -> Ours {
        let mut reader = Ours::default();
        reader.read(self.first);
        reader
    }

    fn read_on(&self, reader: &mut Ours) {
        for read in &self.rest {
            reader.read(read);
        }
    }
}
