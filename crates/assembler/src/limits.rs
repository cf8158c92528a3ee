//! How much a server may make us keep.

use alloc::boxed::Box;
use core::ops::Deref;

/// How much a server may make an assembler keep, beside the texts themselves.
/// What is over a limit is dropped, and a finding.
///
/// ```
/// use deltaic_assembler::{Assembler, FindingKind, Limits};
/// use deltaic_chunk::Payload;
///
/// let mut assembler = Assembler::with_limits(Limits { choices: 1, ..Limits::default() });
/// assembler.push(&Payload::parse(br#"{"choices":[{"index":0},{"index":1}]}"#)?, 0);
/// assert_eq!(assembler.completion().choices.len(), 1);
/// assert_eq!(assembler.findings().as_slice()[0].kind, FindingKind::TooMany);
/// # Ok::<(), deltaic_chunk::ParseError>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Limits {
    /// Choices of a completion. By default 128, the most that `n` asks for.
    pub choices: usize,
    /// Errors that are kept. By default 16.
    pub errors: usize,
    /// Findings that are kept; more are only counted. By default 1,000.
    pub findings: usize,
    /// Tool calls of a choice. By default 1,024.
    pub tool_calls: usize,
}

impl Limits {
    const DEFAULT: Self = Self {
        choices: 128,
        errors: 16,
        findings: 1_000,
        tool_calls: 1_024,
    };
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// The limits of an assembler. Those by default, which nearly all have, take no room.
#[derive(Clone, Debug, Default)]
pub(crate) struct Chosen(Option<Box<Limits>>);

impl From<Limits> for Chosen {
    fn from(limits: Limits) -> Self {
        Self((limits != Limits::DEFAULT).then(|| Box::new(limits)))
    }
}

impl Deref for Chosen {
    type Target = Limits;

    fn deref(&self) -> &Limits {
        self.0.as_deref().unwrap_or(&Limits::DEFAULT)
    }
}
