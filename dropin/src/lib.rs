//! [`deltaic_eventsource`] under the name that `[patch.crates-io]` asks for.
#![no_std]

pub use deltaic_eventsource::*;
