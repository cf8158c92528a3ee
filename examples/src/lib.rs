//! What people copy from: a client, a gateway that counts, a proxy that renames.
//!
//! Each is a module, and a small program of the same name that takes its arguments. Two
//! more are crates of their own, because of where they run: `bare/`, which has no
//! allocator, and `wasm/`.

pub mod client;
pub mod gateway;
mod headers;
pub mod proxy;
