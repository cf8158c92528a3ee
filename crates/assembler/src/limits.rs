//! How much a server may make us keep.

/// How much a server may make an assembler keep, beside the texts themselves.
/// What is over a limit is dropped, and a finding.
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

impl Default for Limits {
    fn default() -> Self {
        Self {
            choices: 128,
            errors: 16,
            findings: 1_000,
            tool_calls: 1_024,
        }
    }
}
