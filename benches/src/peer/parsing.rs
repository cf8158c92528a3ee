//! Peers that parse: the data of an event to what it says.

mod async_openai;
mod borrowed;
mod jiter;
mod owned;
mod simd;

pub use async_openai::AsyncOpenai;
pub use borrowed::{Borrowed, Sonic};
pub use jiter::Jiter;
pub use owned::Owned;
pub use simd::{SimdTape, SimdTyped};

use super::framing::Data;
use crate::{
    Refused,
    spelled::{Counted, Take},
};

/// Reads chunks. What it may use again for the next, it keeps.
pub trait Parsing: Default {
    /// Gives what the chunk says to `take`.
    ///
    /// # Errors
    ///
    /// If the data is no chunk that the peer reads.
    fn read(&mut self, data: Data<'_>, take: &mut impl Take) -> Result<(), Refused>;
}

/// A parsing, by its name, to be run over many chunks for themselves.
pub type ParseAll = fn(&[&[u8]]) -> Result<usize, Refused>;

/// Parsing alone: who is compared. We come first.
pub const ALL: [(&str, ParseAll); 8] = [
    ("deltaic", ours),
    ("serde_json owned", all::<Owned>),
    ("serde_json borrowed", all::<Borrowed>),
    ("async-openai", all::<AsyncOpenai>),
    ("sonic-rs typed", all::<Sonic>),
    ("simd-json typed", all::<SimdTyped>),
    ("simd-json tape", all::<SimdTape>),
    ("jiter", all::<Jiter>),
];

/// How many bytes of text the chunks have.
///
/// # Errors
///
/// If one is none that the peer reads.
pub fn all<P: Parsing>(payloads: &[&[u8]]) -> Result<usize, Refused> {
    let mut parsing = P::default();
    let mut counted = Counted::default();
    for data in payloads {
        parsing.read(Data::Bytes(data), &mut counted)?;
    }
    Ok(counted.0)
}

fn ours(payloads: &[&[u8]]) -> Result<usize, Refused> {
    let mut counted = Counted::default();
    for data in payloads {
        crate::ours::parse(data, &mut counted)?;
    }
    Ok(counted.0)
}
