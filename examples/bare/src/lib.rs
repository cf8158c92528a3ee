//! A client without an allocator: for what has a few kilobytes and no system.
//!
//! ```
//! use deltaic_example_bare::Printer;
//!
//! let mut memory = [0; 1024];
//! let mut printer = Printer::new(&mut memory, String::new());
//! for read in [
//!     "data: {\"choices\":[{\"delta\":{\"content\":\"Hel",
//!     "lo\"}}]}\n\ndata: [DONE]\n\n",
//! ] {
//!     printer.push(read.as_bytes())?;
//! }
//! assert!(printer.is_done());
//! assert_eq!(printer.finish()?, "Hello");
//! # Ok::<(), core::fmt::Error>(())
//! ```
#![no_std]

use core::fmt;

use deltaic_chunk::{Payload, Raw};
use deltaic_sse::{Framer, Slice};

/// Prints the text of an answer as it comes.
#[derive(Debug)]
pub struct Printer<'m, W> {
    framer: Framer<Slice<'m>>,
    out: W,
    is_done: bool,
    too_long: u32,
}

impl<'m, W: fmt::Write> Printer<'m, W> {
    /// Prints to `out`, and keeps events that come in pieces in `memory`: five eighths of
    /// it bound how long they may be.
    pub fn new(memory: &'m mut [u8], out: W) -> Self {
        Self {
            framer: Framer::in_slice(memory),
            out,
            is_done: false,
            too_long: 0,
        }
    }

    /// Reads what has come, of any length.
    ///
    /// # Errors
    ///
    /// If `out` fails.
    pub fn push(&mut self, mut read: &[u8]) -> fmt::Result {
        loop {
            match self.framer.next(&mut read) {
                // What comes behind `[DONE]` is no more of the answer.
                Ok(Some(_)) if self.is_done => {}
                Ok(Some(event)) => self.is_done = print(event.data, &mut self.out)?,
                Ok(None) => return Ok(()),
                // It is passed over, and the stream goes on.
                Err(_) => self.too_long += 1,
            }
        }
    }

    /// The answer has ended: prints what its end left open, and gives `out` back.
    ///
    /// # Errors
    ///
    /// If `out` fails.
    pub fn finish(mut self) -> Result<W, fmt::Error> {
        if let Some(event) = self.framer.finish().filter(|_| !self.is_done) {
            print(event.data, &mut self.out)?;
        }
        Ok(self.out)
    }

    /// Whether the server has sent all.
    pub fn is_done(&self) -> bool {
        self.is_done
    }

    /// How many events were too long for the memory.
    pub fn too_long(&self) -> u32 {
        self.too_long
    }
}

/// Prints the text that an event adds, and tells whether it is the last.
fn print(data: &[u8], out: &mut impl fmt::Write) -> Result<bool, fmt::Error> {
    match Payload::parse(data) {
        Ok(Payload::Chunk(chunk)) => {
            for choice in chunk.choices() {
                let content = choice.delta.content;
                // Some servers send a list of parts.
                let parts = content.elements().map(|part| part.get("text"));
                for text in parts.chain([content]).filter_map(Raw::as_str) {
                    text.decode_into(out)?;
                }
            }
            Ok(false)
        }
        Ok(Payload::Done) => Ok(true),
        // Errors, too, are there to be looked at: `Payload::Error`.
        _ => Ok(false),
    }
}
