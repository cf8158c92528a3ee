//! What assembling a chunk has to say beside the completion.

use alloc::{format, string::String};
use core::{fmt, ops::Range};

use deltaic_chunk::Raw;

use crate::{
    finding::{Finding, FindingKind, Findings},
    limits::Limits,
    update::{Change, Changes, What},
};

/// Where findings and changes go while one chunk is read.
pub(crate) struct Notes<'n> {
    pub(crate) findings: &'n mut Findings,
    pub(crate) changes: &'n mut Changes,
    pub(crate) limits: &'n Limits,
    /// Where the data of the event begins in the stream.
    pub(crate) at: u64,
    /// The position of the choice that is being read.
    pub(crate) choice: usize,
}

impl Notes<'_> {
    pub(crate) fn finding(&mut self, kind: FindingKind, detail: impl fmt::Display) {
        if self.findings.as_slice().len() >= self.limits.findings {
            // Nobody will see it: only count it.
            return self.findings.omit();
        }
        let finding = Finding {
            kind,
            offset: self.at,
            detail: format!("{detail}"),
        };
        self.findings.push(finding, self.limits.findings);
    }

    /// `name` holds `raw`, which is of a type that it should not have.
    pub(crate) fn wrong_type(&mut self, name: &str, raw: Raw<'_>) {
        let found = excerpt(raw.text());
        self.finding(
            FindingKind::WrongType,
            format_args!("`{name}` is {found}, not assembled"),
        );
    }

    /// Makes a finding unless a text was `whole`.
    pub(crate) fn whole(&mut self, whole: bool, name: &str) {
        if !whole {
            self.finding(
                FindingKind::LoneSurrogate,
                format_args!("half a surrogate pair in `{name}` became U+FFFD"),
            );
        }
    }

    pub(crate) fn change(&mut self, what: What, call: usize, added: Range<usize>) {
        self.changes.push(Change {
            what,
            choice: self.choice,
            call,
            added,
        });
    }
}

/// The beginning of `text`, short enough for a line.
pub(crate) fn excerpt(text: &str) -> String {
    const LONGEST: usize = 60;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.into(),
    }
}
