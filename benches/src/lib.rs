//! What the benches read, and the ways to read it: ours and the peers'.
//!
//! Each way gives what it read as [`Spelled`], so that a bench can see that all
//! did the work before it times any.

pub mod growth;
pub mod measure;
pub mod ours;
pub mod peer;
pub mod relay;
pub mod run;
pub mod spelled;
pub mod way;
pub mod workload;

pub use spelled::Spelled;
pub use way::{Refused, Way};

/// Bytes as they came from the network.
///
/// They are never freed: some peers want to own what they read, and so own it
/// without a copy or a count of references.
pub type Read = &'static [u8];
