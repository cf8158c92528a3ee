//! What the benches read, and the ways to read it: ours and the peer's.
//!
//! Each way gives the text that it read, so that a bench can see that it did
//! the work before it times it.

pub mod ours;
pub mod peer;
pub mod workload;
