//! Streams over a stream of reads.
//!
//! Nothing here spawns, sends or waits on its own: each stream polls the one below
//! when it has nothing more to give, and never before.

mod data;
mod error;
mod events;
mod items;
mod payloads;
mod reads;
mod update;
mod updates;

pub use data::EventData;
pub use error::StreamError;
pub use events::EventStream;
pub use payloads::PayloadStream;
pub use update::{Named, OwnedUpdate};
pub use updates::UpdateStream;
