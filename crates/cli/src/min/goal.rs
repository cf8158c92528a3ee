//! What is looked for.

use std::collections::BTreeSet;

use deltaic::{FindingKind, Report, sse::Framer};

use super::Options;
use crate::check::read;

/// What a smaller stream has to show.
pub(super) struct Goal {
    pub(super) findings: BTreeSet<FindingKind>,
    /// None but these may come along.
    pub(super) known: BTreeSet<FindingKind>,
    pub(super) outcome: Option<String>,
    /// It ends with an event, and not within one or with what is none.
    pub(super) ends_with_event: bool,
}

impl Goal {
    /// What was asked for of a stream; why it cannot be had of it.
    pub(super) fn new(options: &Options, stream: &[u8]) -> Result<Self, String> {
        let report = read([stream]);
        let known = kinds(&report);
        let outcome = report.outcome.name();
        if let Some(asked) = options.outcome.as_deref().filter(|name| *name != outcome) {
            return Err(format!("is {outcome}, expected {asked}"));
        }
        let names = || known.iter().map(|kind| kind.name()).collect::<Vec<_>>();
        if let Some(asked) = options.finding.iter().find(|kind| !known.contains(kind)) {
            return Err(match &*names().join(", ") {
                "" => format!("has no finding, expected {asked}"),
                names => format!("has {names}, expected {asked}"),
            });
        }
        let is_all = options.finding.is_empty() && options.outcome.is_none();
        let findings = match &*options.finding {
            [] if options.outcome.is_some() => BTreeSet::new(),
            [] if known.is_empty() => {
                return Err("has no finding, expected one, or --outcome".into());
            }
            [] => known.clone(),
            asked => asked.iter().copied().collect(),
        };
        Ok(Self {
            findings,
            known,
            // Else what shows the findings may have another cause.
            outcome: if is_all {
                Some(outcome.into())
            } else {
                options.outcome.clone()
            },
            ends_with_event: ends_with_event(stream),
        })
    }

    pub(super) fn is_shown(&self, stream: &[u8]) -> bool {
        let report = read([stream]);
        let kinds = kinds(&report);
        let outcome = self.outcome.as_deref();
        self.findings.is_subset(&kinds)
            && kinds.is_subset(&self.known)
            && outcome.is_none_or(|name| name == report.outcome.name())
            && (!self.ends_with_event || ends_with_event(stream))
    }
}

fn kinds(report: &Report) -> BTreeSet<FindingKind> {
    let findings = report.findings.as_slice().iter();
    findings.map(|finding| finding.kind).collect()
}

/// Whether nothing stands behind the last event but blank lines.
fn ends_with_event(stream: &[u8]) -> bool {
    let (mut framer, mut rest, mut behind) = (Framer::new(), stream, None);
    // An event that is too long is none.
    while !rest.is_empty() {
        if let Ok(Some(event)) = framer.next(&mut rest) {
            let end = usize::try_from(event.span.end).ok();
            behind = end.and_then(|end| stream.get(end..));
        }
    }
    behind.is_some_and(|bytes| bytes.iter().all(|byte| matches!(byte, b'\n' | b'\r')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_ends_with_an_event_or_not() {
        for (stream, expected) in [
            ("data: a\n\n", true),
            (": c\nid: 1\ndata: a\r\n\r\n\n\r\n", true),
            ("data: a\n", false),
            ("data: a\n\ndata", false),
            ("data: a\n\n: c\n", false),
            ("data: a\n\nid: 1\n\n", false),
            ("error", false),
            ("\n\n", false),
            ("", false),
        ] {
            assert_eq!(ends_with_event(stream.as_bytes()), expected, "{stream:?}");
        }
    }
}
