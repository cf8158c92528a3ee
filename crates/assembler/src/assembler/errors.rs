//! What a stream says beside chunks: errors, and what is neither.

use alloc::string::String;

use deltaic_chunk::{ErrorPayload, JsonStr, Kind, Raw};

use super::Assembler;
use crate::{
    changes::Change, finding::FindingKind, loss::says_nothing, members::name_of, notes::excerpt,
    update::Updates, value::write_string,
};

impl Assembler {
    /// Adds an error that was not in a payload: in an event or a field named
    /// `error`.
    ///
    /// ```
    /// use deltaic_assembler::{Assembler, Outcome, Update};
    /// use deltaic_chunk::{ErrorPayload, Raw};
    ///
    /// let mut assembler = Assembler::new();
    /// let data = Raw::parse(br#"{"error":{"message":"overloaded"}}"#)?;
    /// let mut updates = assembler.push_error(ErrorPayload::of(data), 0);
    /// assert_eq!(updates.next(), Some(Update::Error(r#"{"message":"overloaded"}"#)));
    /// assert_eq!(assembler.outcome(), Outcome::Failed);
    /// # Ok::<(), deltaic_chunk::ParseError>(())
    /// ```
    pub fn push_error(&mut self, error: ErrorPayload<'_>, at: u64) -> Updates<'_> {
        self.begin();
        self.push_error_beside(&error, at);
        self.updates()
    }

    /// Adds an error that is no JSON but text: it is kept as a JSON string.
    ///
    /// ```
    /// use deltaic_assembler::{Assembler, Outcome, Update};
    ///
    /// let mut assembler = Assembler::new();
    /// let mut updates = assembler.push_error_text("no \"slot\" is free", 7);
    /// assert_eq!(updates.next(), Some(Update::Error(r#""no \"slot\" is free""#)));
    /// assert_eq!(assembler.errors(), [r#""no \"slot\" is free""#]);
    /// assert_eq!(assembler.outcome(), Outcome::Failed);
    /// ```
    pub fn push_error_text(&mut self, text: &str, at: u64) -> Updates<'_> {
        self.begin();
        let mut raw = String::new();
        // Writing to a `String` cannot fail.
        let _ = write_string(&mut raw, text);
        self.add_error(raw, at);
        self.updates()
    }

    pub(super) fn push_foreign(&mut self, raw: Raw<'_>, at: u64) {
        let (kind, what) = match raw.kind() {
            Kind::Object => (FindingKind::Foreign, "neither chunk nor error"),
            _ => (FindingKind::NotAnObject, "no JSON object"),
        };
        let found = excerpt(raw.text());
        self.notes(at)
            .finding(kind, format_args!("{what}, nothing is taken: {found}"));
    }

    pub(super) fn after_done(&mut self, at: u64) {
        let detail = "an event after `[DONE]` is not assembled";
        self.notes(at).finding(FindingKind::AfterDone, detail);
    }

    pub(super) fn add_error(&mut self, raw: String, at: u64) {
        if self.done {
            return self.after_done(at);
        }
        let position = self.errors.len();
        if position >= self.limits.errors {
            return self.notes(at).finding(
                FindingKind::TooMany,
                format_args!("an error past the limit of {position} is dropped"),
            );
        }
        let detail = excerpt(&raw);
        self.notes(at).finding(FindingKind::ErrorInStream, detail);
        self.errors.push(raw);
        self.changes.push(Change::Error(position));
    }

    /// What stands beside an error in its event is not kept.
    pub(super) fn push_error_beside(&mut self, error: &ErrorPayload<'_>, at: u64) {
        self.add_error(error.raw.text().into(), at);
        let is_other = |(name, member): &(JsonStr<'_>, Raw<'_>)| {
            let is_tag = name == "object" && member.kind() == Kind::String;
            let is_known = is_tag || name == "error" || name == "obfuscation" || name == "p";
            !is_known && !says_nothing(*member)
        };
        if error.raw == error.whole || self.done {
            return;
        }
        let mut notes = self.notes(at);
        for (name, member) in error.whole.members().filter(is_other) {
            notes.ignored(&excerpt(&name_of(name)), member, "`error`");
        }
    }
}
