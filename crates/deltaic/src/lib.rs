//! The parsing core for LLM token streams: bytes of a server-sent-event response
//! in, the completion that they spell out.
//!
//! Whatever provider sent it, however the network cut it: a [`Reader`] takes the
//! reads of a response as they come and tells what each event has changed. It
//! does no I/O, has no clock, and never guesses a figure that the server did not
//! send.
//!
//! ```
//! use deltaic::{Outcome, Reader, Update};
//!
//! let mut reader = Reader::new();
//! for read in [
//!     &b"data: {\"choices\":[{\"delta\":{\"content\":\"Ol"[..],
//!     b"\xC3\xA1!\"}}]}\n\ndata: [DONE]\n\n",
//! ] {
//!     let mut input = read;
//!     while let Some(updates) = reader.next(&mut input) {
//!         for update in updates {
//!             if let Update::Text { text, .. } = update {
//!                 print!("{text}");
//!             }
//!         }
//!     }
//! }
//! let report = reader.into_report();
//! assert_eq!(report.outcome, Outcome::Done);
//! let completion = report.completion.expect("a chunk came");
//! assert_eq!(completion.choices[0].message.content.as_deref(), Some("Olá!"));
//! ```
//!
//! The three layers below can be had on their own: [`sse`] finds events,
//! [`chunk`] says what their data is, [`assembler`] puts them together. Only
//! `&[u8]` passes between the first two.
#![no_std]
// What could panic is not there: see SECURITY.md.
#![warn(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unreachable
)]

extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

mod body;
mod event;
mod reader;
mod templates;

pub use deltaic_assembler as assembler;
pub use deltaic_assembler::{
    Arguments, Choice, Completion, Finding, FindingKind, Findings, Function, Members, Message,
    Open, Outcome, Partial, Progress, Text, ToolCall, Update, Updates, Usage, UsageState, Value,
};
pub use deltaic_chunk as chunk;
pub use deltaic_sse as sse;
pub use reader::{Limits, Reader, Report, Stats};

/// The examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
