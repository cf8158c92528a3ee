//! What assembling a chunk has to say beside the completion.

use alloc::{borrow::Cow, format, string::String};
use core::{fmt, ops::Range};

use deltaic_chunk::{JsonStr, Kind, Raw};

use crate::{
    changes::{Change, Changes, What},
    finding::{Finding, FindingKind, Findings},
    limits::Limits,
    members::name_of,
};

/// What of a stream a finding is about.
pub(crate) type Place = &'static str;

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

impl<'n> Notes<'n> {
    pub(crate) fn new(
        findings: &'n mut Findings,
        changes: &'n mut Changes,
        limits: &'n Limits,
        at: u64,
    ) -> Self {
        Self {
            findings,
            changes,
            limits,
            at,
            choice: 0,
        }
    }

    pub(crate) fn finding(&mut self, kind: FindingKind, detail: impl fmt::Display) {
        self.finding_at(self.at, kind, detail);
    }

    fn finding_at(&mut self, offset: u64, kind: FindingKind, detail: impl fmt::Display) {
        if self.findings.as_slice().len() >= self.limits.findings {
            // Nobody will see it: only count it.
            return self.findings.omit();
        }
        let finding = Finding {
            kind,
            offset,
            detail: format!("{detail}"),
        };
        self.findings.push(finding, self.limits.findings);
    }

    /// As [`Notes::finding`], but the stream's first of that kind about `name`
    /// alone: for what servers repeat in each chunk.
    pub(crate) fn once(&mut self, kind: FindingKind, name: Place, detail: impl fmt::Display) {
        if self.findings.is_first(kind, name, "") {
            self.finding(kind, detail);
        }
    }

    /// `name` holds `raw`, which is of a type that it should not have.
    pub(crate) fn wrong_type(&mut self, name: &str, raw: Raw<'_>) {
        let found = excerpt(raw.text());
        self.finding(
            FindingKind::WrongType,
            format_args!("`{name}` is {found}, not assembled"),
        );
    }

    /// As [`Notes::wrong_type`], once: for what stands in each chunk.
    pub(crate) fn wrong_type_once(&mut self, name: Place, raw: Raw<'_>) {
        if self.findings.is_first(FindingKind::WrongType, name, "") {
            self.wrong_type(name, raw);
        }
    }

    /// Unless `raw` is of this kind or is not there, it is of a wrong type: told
    /// once.
    pub(crate) fn expect(&mut self, name: Place, kind: Kind, raw: Raw<'_>) {
        if raw.kind() != kind && raw.is_there() {
            self.wrong_type_once(name, raw);
        }
    }

    /// As [`Notes::expect`], told each time: for what loses something each time.
    pub(crate) fn expect_each(&mut self, name: &str, kind: Kind, raw: Raw<'_>) {
        if raw.kind() != kind && raw.is_there() {
            self.wrong_type(name, raw);
        }
    }

    /// The envelope names another `name` than before, which is ignored.
    pub(crate) fn envelope_changed(&mut self, name: Place, new: JsonStr<'_>) {
        let new = excerpt(new.as_raw());
        self.once(
            FindingKind::EnvelopeChanged,
            name,
            format_args!("another `{name}`, `{new}`: the first stays"),
        );
    }

    /// `name` holds `raw`, which does not say the same as what counts instead.
    pub(crate) fn ignored(&mut self, name: &str, raw: Raw<'_>, instead: &str) {
        let found = excerpt(raw.text());
        self.finding(
            FindingKind::Ignored,
            format_args!("`{name}` is ignored beside {instead}: {found}"),
        );
    }

    /// What had this `name` in `place` gave way to `new`, which does not continue
    /// it. Told once for each name.
    pub(crate) fn replaced(&mut self, place: Place, name: &str, new: &str) {
        let name = excerpt(name);
        if self
            .findings
            .is_first(FindingKind::MemberReplaced, place, &name)
        {
            let new = excerpt(new);
            self.finding(
                FindingKind::MemberReplaced,
                format_args!("`{name}` in `{place}` gave way to what does not continue it: {new}"),
            );
        }
    }

    /// Half a surrogate pair in `place`, from the event `at`, became U+FFFD.
    pub(crate) fn half(&mut self, place: Place, at: u64) {
        self.finding_at(
            at,
            FindingKind::LoneSurrogate,
            format_args!("half a surrogate pair in `{place}` became U+FFFD"),
        );
    }

    /// What `text` says, which is not to grow. Half a surrogate pair in it is told.
    pub(crate) fn said<'t>(&mut self, text: JsonStr<'t>, place: Place) -> Cow<'t, str> {
        if text.has_lone_surrogate() {
            self.half(place, self.at);
        }
        name_of(text)
    }

    pub(crate) fn change(&mut self, what: What, call: usize, added: Range<usize>) {
        self.changes.push(Change::Choice {
            what,
            choice: self.choice,
            call,
            added,
        });
    }

    /// Something was said that is no change: it has cost tokens all the same.
    pub(crate) fn has_said(&mut self) {
        self.changes.has_said = true;
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
