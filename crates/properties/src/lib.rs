//! What must hold for any input: each property once, for the tests, the fuzz
//! targets and the replays of saved inputs.
//!
//! A property is a function that panics where it does not hold. [`TARGETS`]
//! lists them as a fuzzer sees them, over plain bytes.

pub mod alike;
pub mod cassettes;
pub mod framing;
pub mod input;
pub mod json;
pub mod messy;
pub mod passing;
pub mod reading;
pub mod round_trip;
pub mod splicing;
mod targets;

pub use targets::{TARGETS, Target, check};
