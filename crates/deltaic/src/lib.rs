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
//! Two things go the other way: a [`Writer`] makes the events of a completion, and
//! a `Splicer` (feature `splice`) passes a stream on with its events changed.
//!
//! The three layers below can be had on their own: [`sse`] finds events,
//! [`chunk`] says what their data is, [`assembler`] puts them together. Only
//! `&[u8]` passes between the first two.
#![no_std]
#![cfg_attr(docsrs, feature(doc_cfg))]
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
#[cfg(feature = "codec")]
mod codec;
mod event;
mod open;
mod reader;
mod report;
#[cfg(feature = "splice")]
mod splicer;
mod state;
#[cfg(feature = "stream")]
mod stream;
#[cfg(feature = "http-body")]
mod tap;
mod templates;
mod writer;

#[cfg(feature = "codec")]
pub use codec::EventDecoder;

pub use deltaic_assembler as assembler;
pub use deltaic_assembler::{
    Arguments, Choice, Choices, Completion, Finding, FindingKind, Findings, Function, Members,
    Message, Open, Outcome, Partial, Progress, Severity, Text, ToolCall, Update, Updates, Usage,
    UsageState, Value,
};
pub use deltaic_chunk as chunk;
pub use deltaic_sse as sse;
pub use reader::{Limits, Reader};
pub use report::{Report, Stats};
#[cfg(feature = "splice")]
pub use splicer::{Refused, Relayed, Splicer};
#[cfg(feature = "stream")]
pub use stream::{
    EventData, EventStream, Named, OwnedUpdate, PayloadStream, StreamError, UpdateStream,
};
#[cfg(feature = "http-body")]
pub use tap::{First, Tap, TapEnd, TapReport, Unread};
pub use writer::{Envelope, Tokens, Writer};

/// The examples of the README and of the guides.
#[cfg(all(
    doctest,
    feature = "codec",
    feature = "http-body",
    feature = "serde",
    feature = "simd-json",
    feature = "splice",
    feature = "stream"
))]
mod documents {
    #[doc = include_str!("../../../README.md")]
    struct Readme;
    #[doc = include_str!("../../../docs/client.md")]
    struct Client;
    #[doc = include_str!("../../../docs/embedded.md")]
    struct Embedded;
    #[doc = include_str!("../../../docs/gateway.md")]
    struct Gateway;
    #[doc = include_str!("../../../docs/service.md")]
    struct Service;
    #[doc = include_str!("../../../docs/tools.md")]
    struct Tools;
}
