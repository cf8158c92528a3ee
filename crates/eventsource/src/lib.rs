//! A stream of server-sent events out of a stream of bytes, with the interface of
//! eventsource-stream 0.2 and the framer of [`deltaic_sse`].
//!
//! ```
//! use deltaic_eventsource::Eventsource;
//! use futures::{StreamExt, executor::block_on, stream};
//!
//! let reads = ["event: add\ndata: 738", "57293\n\n"].map(Ok::<_, std::io::Error>);
//! let mut events = stream::iter(reads).eventsource();
//! while let Some(event) = block_on(events.next()) {
//!     let event = event?;
//!     assert_eq!((&event.event[..], &event.data[..]), ("add", "73857293"));
//! }
//! # Ok::<(), deltaic_eventsource::EventStreamError<std::io::Error>>(())
//! ```
//!
//! # In the place of eventsource-stream
//!
//! Code of your own, or of others whose manifest you can change, needs a renamed
//! dependency and nothing else:
//!
//! ```toml
//! eventsource-stream = { package = "deltaic-eventsource", version = "0.1" }
//! ```
//!
//! That leaves the original to your other dependencies. To replace it there too,
//! `[patch]` takes only a package of that very name. The repository of deltaic holds
//! one, which re-exports this crate, and whose version fits what is locked:
//!
//! ```toml
//! [patch.crates-io]
//! eventsource-stream = { git = "https://github.com/deltaic/deltaic" }
//! ```
//!
//! # What differs
//!
//! Names, fields, bounds, messages and auto traits are those of 0.2.3, and so is
//! what comes out, but for this:
//!
//! | what comes | eventsource-stream 0.2.3 | here |
//! | --- | --- | --- |
//! | a byte order mark at the start | panics | passed over |
//! | a line that ends in CR, at the end of a read | waits for the next byte; at the end of the stream its event is lost | ends at once |
//! | bytes that are no UTF-8 in data or a name | nothing more until the stream ends, then one [`Utf8`] | [`Utf8`] in the place of that event, then the next |
//! | such bytes in an ID | the same | U+FFFD in their place, as in the standard |
//! | such bytes in a comment or an unknown field | the same | passed over with it |
//! | a stream that ends inside a character | [`Utf8`] | the end: what has no blank line behind it is no event, wherever it ends |
//! | an event of n bytes in many reads, or many in one read | up to n² steps | n steps |
//! | an event of more than 16 MiB, or [another limit](EventStream::with_limit) | grows with it | [`Parser`] with `TooLarge` in its place, then the next |
//! | `retry: +5` | 5 ms | ignored, as in the standard |
//! | `retry` past the range of `u64` | ignored | the end of the range |
//!
//! What comes in addition: [`EventStream::with_limit`], `Debug` of [`EventStream`],
//! and `Error` of [`EventStreamError`] without std, and for all `E` that can be shown.
//!
//! As there, an event without a name is called `message`; each has the last ID, in
//! full, be it long; an ID in a block without data is told with the next event; and
//! errors of the stream below pass through and do not end it.
//!
//! [`Parser`]: EventStreamError::Parser
//! [`Utf8`]: EventStreamError::Utf8
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

mod error;
mod event;
mod framing;
mod stream;

pub use error::EventStreamError;
pub use event::Event;
pub use stream::{EventStream, Eventsource};
