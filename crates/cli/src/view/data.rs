//! What the page is told of a recording.

use std::borrow::Cow;

use deltaic::{Outcome, Usage};
use serde::Serialize;

use super::collect::Collected;
use crate::times::Read;

/// What a piece of a stream is, the one that a row goes by last.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    Other,
    Comment,
    Role,
    Usage,
    Finish,
    Done,
    Reasoning,
    Text,
    Refusal,
    Call,
    Error,
}

/// An event, or a line that the standard passes over.
#[derive(Debug, Serialize)]
pub(super) struct Row {
    /// Which of the events it is, from 1; `None` if it is none.
    pub(super) number: Option<u64>,
    /// Its first byte.
    pub(super) at: u64,
    /// The byte behind its last.
    pub(super) end: u64,
    pub(super) kind: Kind,
    pub(super) pieces: Vec<Piece>,
    /// Its bytes as they came, or the first of them.
    pub(super) raw: String,
    /// How many bytes `raw` lacks.
    #[serde(skip_serializing_if = "is_zero")]
    pub(super) cut: u64,
}

/// One thing that a row says: that a lane has begun or has grown, or a text.
#[derive(Debug, Serialize)]
pub(super) struct Piece {
    pub(super) kind: Kind,
    #[serde(flatten)]
    pub(super) said: Said,
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Said {
    /// The text of a lane goes to here, in units of UTF-16.
    Lane {
        lane: usize,
        to: usize,
    },
    Text {
        text: String,
    },
    Choice {
        choice: u64,
        text: String,
    },
}

/// A text that grows: of a choice, or the arguments of a call.
#[derive(Debug, Serialize)]
pub(super) struct Lane {
    pub(super) kind: Kind,
    pub(super) choice: u64,
    /// Of a call.
    pub(super) name: Option<String>,
    /// Of a call.
    pub(super) id: Option<String>,
    pub(super) text: String,
    /// How long that is in units of UTF-16, as scripts count.
    #[serde(skip)]
    pub(super) len: usize,
    /// The row with which the arguments of a call became JSON, if they stayed so.
    pub(super) complete: Option<usize>,
}

/// All of it.
#[derive(Serialize)]
pub(super) struct View<'a> {
    name: &'a str,
    outcome: &'a str,
    /// The outcome in words.
    meaning: Cow<'a, str>,
    model: Option<&'a str>,
    finish_reasons: Vec<(u64, &'a str)>,
    usage: Option<&'a Usage>,
    usage_state: &'a str,
    stats: Stats,
    /// When each read came, in microseconds, and the byte behind its last.
    reads: Option<Vec<(u128, usize)>>,
    lanes: &'a [Lane],
    rows: &'a [Row],
    findings: Vec<Finding<'a>>,
    findings_omitted: u64,
}

#[derive(Serialize)]
struct Stats {
    bytes: u64,
    events: u64,
    chunks: u64,
    comments: u64,
}

#[derive(Serialize)]
struct Finding<'a> {
    kind: &'a str,
    severity: &'a str,
    meaning: &'a str,
    offset: u64,
    detail: &'a str,
    /// The row that the offset lies in.
    row: Option<usize>,
}

impl<'a> View<'a> {
    pub(super) fn new(name: &'a str, collected: &'a Collected, times: Option<&[Read]>) -> Self {
        let Collected {
            rows,
            lanes,
            report,
        } = collected;
        let completion = report.completion.as_ref();
        let choices = completion.map_or(&[][..], |completion| &completion.choices);
        let reasons = choices.iter();
        let findings = report.findings.as_slice().iter();
        Self {
            name,
            outcome: report.outcome.name(),
            meaning: meaning(report.outcome),
            model: completion.and_then(|completion| completion.model.as_deref()),
            finish_reasons: reasons
                .filter_map(|choice| Some((choice.index, choice.finish_reason.as_deref()?)))
                .collect(),
            usage: completion.and_then(|completion| completion.usage.as_ref()),
            usage_state: report.usage.name(),
            stats: Stats {
                bytes: report.stats.bytes,
                events: report.stats.events,
                chunks: report.stats.chunks,
                comments: report.stats.comments,
            },
            reads: times.map(ends),
            lanes,
            rows,
            findings: findings
                .map(|finding| Finding {
                    kind: finding.kind.name(),
                    severity: finding.kind.severity().name(),
                    meaning: finding.kind.meaning(),
                    offset: finding.offset,
                    detail: &finding.detail,
                    row: row_of(rows, finding.offset),
                })
                .collect(),
            findings_omitted: report.findings.omitted(),
        }
    }
}

fn ends(reads: &[Read]) -> Vec<(u128, usize)> {
    let mut end = 0;
    let ends = reads.iter().map(|read| {
        end += read.len;
        (read.at.as_micros(), end)
    });
    ends.collect()
}

/// The row that holds this byte; the last for what lies behind all.
fn row_of(rows: &[Row], offset: u64) -> Option<usize> {
    let row = rows.partition_point(|row| row.end <= offset);
    Some(row.min(rows.len().checked_sub(1)?))
}

fn meaning(outcome: Outcome) -> Cow<'static, str> {
    let open = match outcome {
        Outcome::Done => return "[DONE] came".into(),
        Outcome::Finished => return "every choice has a finish reason, no [DONE] came".into(),
        Outcome::Failed => return "the server sent an error".into(),
        Outcome::Empty => return "no chunk had a choice".into(),
        Outcome::Truncated(open) => open,
    };
    let mut meaning = format!("choice {} has no finish reason", open.choice);
    if open.tool_call {
        meaning += ", the arguments of its last call are not complete";
    }
    if open.event {
        meaning += ", the last event has no blank line behind it";
    }
    meaning.into()
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}
