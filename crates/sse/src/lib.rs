//! Framing of server-sent event streams, without copying and without I/O.
//!
//! Bytes arrive in slices whose boundaries mean nothing: an event may end in
//! the middle of one, or span several. A [`Framer`] finds the events, by the
//! rules of the [WHATWG standard]. What it lends out borrows from the slice you
//! gave it; only an event that straddles two slices is copied, once.
//!
//! ```
//! use deltaic_sse::Framer;
//!
//! let mut framer = Framer::new();
//! let mut texts = Vec::new();
//! for mut slice in [&b"data: Hello\n\nda"[..], b"ta: world\n\n"] {
//!     while let Some(event) = framer.next(&mut slice)? {
//!         texts.push(String::from_utf8_lossy(event.data).into_owned());
//!     }
//! }
//! assert_eq!(texts, ["Hello", "world"]);
//! # Ok::<(), deltaic_sse::TooLong>(())
//! ```
//!
//! However a stream is cut, the same events come out, with the same places in
//! the stream and the same errors. Data is bytes: whether it is UTF-8 is for the
//! reader of the data to judge.
//!
//! There are three faces over one state machine: [`Framer`] over a `Vec<u8>`
//! (feature `alloc`), [`Framer`] over a slice of the caller's, for which nothing
//! is ever allocated ([`Framer::in_slice`]), and `BytesFramer`, whose events
//! share the memory of their input (feature `bytes`).
//!
//! [WHATWG standard]: https://html.spec.whatwg.org/multipage/server-sent-events.html
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

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

mod buffer;
#[cfg(feature = "bytes")]
mod bytes;
mod engine;
mod event;
mod field;
mod framer;
mod kept;

pub use buffer::{Buffer, Slice};
#[cfg(feature = "bytes")]
pub use bytes::BytesFramer;
pub use event::{Event, Item, Span, TooLong};
#[cfg(feature = "alloc")]
pub use framer::DEFAULT_LIMIT;
pub use framer::Framer;

/// The examples of the README.
#[cfg(all(doctest, feature = "alloc"))]
#[doc = include_str!("../README.md")]
struct Readme;
