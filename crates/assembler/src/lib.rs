//! Puts the deltas of a chat-completion stream together, and says how the stream
//! ended.
//!
//! An [`Assembler`] takes the payloads of a stream one by one. After each it can
//! tell what that payload has changed ([`Updates`]), and what all of them have
//! spelled out so far ([`Completion`]). At the end it tells how the stream ended
//! ([`Outcome`]) and what was odd ([`Finding`]). Nothing that a server sends is
//! an error here, and nothing is lost in silence.
//!
//! ```
//! use deltaic_assembler::{Assembler, Outcome, Update};
//! use deltaic_chunk::Payload;
//!
//! let mut assembler = Assembler::new();
//! for data in [
//!     r#"{"choices":[{"index":0,"delta":{"role":"assistant","content":"Ol"}}]}"#,
//!     r#"{"choices":[{"index":0,"delta":{"content":"\u00e1!"}}]}"#,
//!     r#"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#,
//!     "[DONE]",
//! ] {
//!     for update in assembler.push(&Payload::parse(data.as_bytes())?, 0) {
//!         if let Update::Text { text, .. } = update {
//!             print!("{text}");
//!         }
//!     }
//! }
//! assert_eq!(assembler.outcome(), Outcome::Done);
//! let choice = &assembler.completion().choices[0];
//! assert_eq!(choice.message.content.as_deref(), Some("Olá!"));
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

extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

mod arguments;
mod assembler;
mod call;
mod calls;
mod changes;
mod choice;
mod choices;
mod completion;
mod details;
mod envelope;
mod finding;
mod limits;
mod loss;
mod members;
mod message;
mod nesting;
mod notes;
mod outcome;
mod parts;
mod plan;
mod progress;
#[cfg(feature = "serde")]
mod serialize;
mod text;
#[cfg(feature = "simd-json")]
mod typed;
mod update;
mod usage;
mod value;

pub use arguments::{Arguments, Partial};
pub use assembler::{Assembled, Assembler};
pub use choices::Choices;
pub use completion::{Choice, Completion, Function, Message, ToolCall, Usage};
pub use finding::{Finding, FindingKind, Findings, Severity};
pub use limits::Limits;
pub use members::Members;
pub use outcome::{Open, Outcome};
pub use plan::Plan;
pub use progress::Progress;
pub use text::Text;
pub use update::{Update, Updates};
pub use usage::UsageState;
pub use value::Value;

/// The examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
