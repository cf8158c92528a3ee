//! The data of a chat-completion event, read as borrowed slices of its JSON.
//!
//! [`Payload::parse`] says what an event's data is: a [`Chunk`], `[DONE]`, an
//! error that the server sent, or something foreign. It is strict about JSON
//! (RFC 8259) and lenient about everything that the JSON says: no member is
//! required, no value is closed to what is known today, and a member of another
//! type than usual is no error but there to look at, as [`Raw`] JSON.
//!
//! Nothing is copied and nothing is allocated. All that is given out borrows
//! from the data.
//!
//! ```
//! use deltaic_chunk::Payload;
//!
//! let data = br#"{"id":"c1","choices":[{"index":0,"delta":{"content":"Hi"}}],"speed":9}"#;
//! let Payload::Chunk(chunk) = Payload::parse(data)? else {
//!     panic!("not a chunk");
//! };
//! for choice in chunk.choices() {
//!     let text = choice.delta.content.as_str().expect("content is a string");
//!     assert_eq!(text, "Hi");
//! }
//! assert_eq!(chunk.get("speed").as_u64(), Some(9));
//! # Ok::<(), deltaic_chunk::ParseError>(())
//! ```
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

mod choice;
mod chunk;
mod delta;
mod edit;
mod error;
mod failure;
mod object;
mod payload;
mod quote;
mod raw;
mod scan;
mod splice;
mod string;
#[cfg(feature = "alloc")]
mod template;
mod text;
mod usage;

pub use choice::Choice;
pub use chunk::{Choices, Chunk};
pub use delta::{Calls, Delta, ToolCallDelta};
pub use edit::{Edit, EditError};
pub use error::{Expected, ParseError};
pub use failure::ErrorPayload;
pub use object::Others;
pub use payload::Payload;
pub use quote::{Quoted, escape_into, quoted};
pub use raw::{Elements, Kind, Members, Raw};
pub use scan::MAX_DEPTH;
pub use splice::{Splice, splice};
pub use string::{JsonStr, Piece, Pieces};
#[cfg(feature = "alloc")]
pub use template::{CountedWord, Filled, Template, Word};
pub use usage::Usage;

/// The examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
