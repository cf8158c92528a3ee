//! A report as JSON, and as a line.

use std::path::Path;

use deltaic::{Completion, Report, UsageState};

use serde::Serialize;
use serde_json::value::RawValue;

use crate::terminal;

/// The object that `read --json` prints.
#[derive(Serialize)]
struct Json<'a> {
    /// Where several streams are read.
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    outcome: &'a str,
    completion: Option<&'a Completion>,
    error: Option<&'a RawValue>,
    findings: Vec<Finding<'a>>,
    /// Findings past the number that is kept.
    #[serde(skip_serializing_if = "is_zero")]
    findings_omitted: u64,
    stats: Stats,
}

#[derive(Serialize)]
struct Finding<'a> {
    kind: &'a str,
    offset: u64,
    detail: &'a str,
}

#[derive(Serialize)]
struct Stats {
    bytes: u64,
    events: u64,
    chunks: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// The report as one line of JSON.
pub(crate) fn json(report: &Report, file: Option<&Path>) -> String {
    let findings = report.findings.as_slice().iter();
    let json = Json {
        file: file.map(|path| path.display().to_string()),
        outcome: report.outcome.name(),
        completion: report.completion.as_ref(),
        error: report
            .errors
            .first()
            .and_then(|raw| serde_json::from_str(raw).ok()),
        findings: findings
            .map(|finding| Finding {
                kind: finding.kind.name(),
                offset: finding.offset,
                detail: &finding.detail,
            })
            .collect(),
        findings_omitted: report.findings.omitted(),
        stats: Stats {
            bytes: report.stats.bytes,
            events: report.stats.events,
            chunks: report.stats.chunks,
        },
    };
    terminal::json(&json).expect("it has string keys and no maps of its own")
}

/// Outcome, finish reasons, usage and chunks, on one line.
pub(crate) fn summary(report: &Report) -> String {
    let mut parts = vec![report.outcome.name().to_owned()];
    if let Some(completion) = &report.completion {
        let reasons = completion.choices.iter();
        let reasons = reasons.filter_map(|choice| choice.finish_reason.as_deref());
        parts.extend(reasons.map(terminal::in_one_line));
        parts.extend(completion.usage.as_ref().and_then(|usage| {
            let figures = usage.figures();
            let (prompt, completion) = (figures.prompt_tokens()?, figures.completion_tokens()?);
            let so_far = match report.usage {
                UsageState::Partial => " so far",
                _ => "",
            };
            Some(format!("{prompt} + {completion} tokens{so_far}"))
        }));
    }
    parts.push(counted(report.stats.chunks, "chunk"));
    let findings = report.findings.as_slice().len() as u64 + report.findings.omitted();
    if findings > 0 {
        parts.push(counted(findings, "finding"));
    }
    parts.join(" · ")
}

/// A number of things: `1 chunk`, `2 chunks`.
pub(crate) fn counted(number: u64, thing: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} {thing}{ending}")
}
