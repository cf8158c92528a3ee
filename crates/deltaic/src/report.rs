//! What is known of a response.

use alloc::{string::String, vec::Vec};

use deltaic_assembler::{Completion, Findings, Outcome, UsageState};

/// How much has been read.
///
/// ```
/// use deltaic::{Limits, Reader};
///
/// let mut reader = Reader::with_limits(Limits { event: 32, ..Limits::default() });
/// reader.push(b": ping\n\ndata: {\"choices\":[]}\n\ndata: [DONE]\n\n");
/// reader.push(b"data: {\"choices\":[],\"model\":\"a long name\"}\n\n");
/// let stats = reader.stats();
/// assert_eq!((stats.events, stats.chunks, stats.comments), (2, 1, 1));
/// // It is no event, for it was dropped; but its bytes count.
/// assert_eq!((stats.too_long, stats.bytes), (1, 88));
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct Stats {
    /// Bytes.
    pub bytes: u64,
    /// Events that have data, `[DONE]` among them.
    pub events: u64,
    /// Events that were chunks of the completion.
    pub chunks: u64,
    /// Comments: signs of life.
    pub comments: u64,
    /// Events that were longer than the limit, and so were dropped. A body that is no event stream
    /// counts as one, if its end was.
    pub too_long: u64,
}

/// All that is known of a response at its end.
///
/// ```
/// use deltaic::{FindingKind, Outcome, Reader, UsageState};
///
/// let mut reader = Reader::new();
/// // The last event has no blank line behind it.
/// reader.push(b": ping\n\ndata: {\"choices\":[{\"delta\":{\"content\":\"Hi\"}}]}");
/// let report = reader.into_report();
/// assert!(matches!(report.outcome, Outcome::Truncated(open) if open.event));
/// assert_eq!(report.completion.expect("a chunk came").choices.len(), 1);
/// assert_eq!(report.findings.as_slice()[0].kind, FindingKind::UnterminatedEvent);
/// assert_eq!(report.usage, UsageState::None);
/// assert_eq!((report.stats.events, report.stats.chunks, report.stats.comments), (1, 1, 1));
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Report {
    /// What the chunks spelled out; `None` if no chunk came.
    pub completion: Option<Completion>,
    /// How the stream ended.
    pub outcome: Outcome,
    /// The errors that the server sent in the stream, as raw JSON.
    pub errors: Vec<String>,
    /// What was odd.
    pub findings: Findings,
    /// Whether the token counts are those of the whole answer.
    pub usage: UsageState,
    /// How much was read.
    pub stats: Stats,
}
