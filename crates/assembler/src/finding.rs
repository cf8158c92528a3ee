//! What was odd in a stream, and where.

use alloc::{boxed::Box, string::String, vec::Vec};
use core::fmt;

/// Something odd in a stream, or something decided against what it says.
///
/// What servers repeat in each chunk (another id, an envelope of wrong types) makes
/// one finding, not one for each chunk.
///
/// ```
/// use deltaic_assembler::{Assembler, FindingKind, Severity};
/// use deltaic_chunk::Payload;
///
/// let mut assembler = Assembler::new();
/// for (id, at) in [("a", 6), ("b", 40)] {
///     let chunk = format!(r#"{{"id":"{id}","choices":[]}}"#);
///     assembler.push(&Payload::parse(chunk.as_bytes())?, at);
/// }
/// let finding = &assembler.findings().as_slice()[0];
/// assert_eq!((finding.kind, finding.offset), (FindingKind::EnvelopeChanged, 40));
/// assert_eq!(finding.kind.severity(), Severity::Warning);
/// assert!(finding.to_string().starts_with("envelope_changed at byte 40: "));
/// # Ok::<(), deltaic_chunk::ParseError>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Finding {
    /// What it is.
    pub kind: FindingKind,
    /// Where it lies in the stream: the exact byte where that is known, else
    /// where the data of its event begins.
    pub offset: u64,
    /// What was found and what was done about it, for people.
    pub detail: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at byte {}: {}", self.kind, self.offset, self.detail)
    }
}

/// How much a [`Finding`] matters.
///
/// ```
/// use deltaic_assembler::{FindingKind, Severity};
///
/// assert!(Severity::Note < Severity::Warning && Severity::Warning < Severity::Error);
/// let mut kinds = FindingKind::ALL.iter();
/// assert!(kinds.any(|kind| kind.severity() == Severity::Error));
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum Severity {
    /// Odd, but nothing hangs on it.
    Note,
    /// The stream says two things, or what nobody can be sure of: one was chosen.
    Warning,
    /// Something was dropped, is broken, or the server said that it failed.
    Error,
}

impl Severity {
    /// The name that stands in machine-readable output.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Writes the enum, the stable name of each kind, and the list of all.
macro_rules! kinds {
    ($($(#[doc = $doc:literal])* $kind:ident: $severity:ident = $name:literal,)*) => {
        /// What a [`Finding`] is. The names are stable.
        ///
        /// ```
        /// use deltaic_assembler::FindingKind;
        ///
        /// let kind = FindingKind::ALL.iter().find(|kind| kind.name() == "index_reused");
        /// assert_eq!(kind, Some(&FindingKind::IndexReused));
        /// assert!(FindingKind::IndexReused.meaning().contains("tool call"));
        /// ```
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        #[non_exhaustive]
        pub enum FindingKind {
            $($(#[doc = $doc])* #[doc = concat!("`", $name, "`")] $kind,)*
        }

        impl FindingKind {
            /// All kinds, in the order of their Rust names.
            pub const ALL: &'static [Self] = &[$(Self::$kind,)*];

            /// The name that stands in machine-readable output.
            ///
            /// ```
            /// use deltaic_assembler::FindingKind;
            ///
            /// assert_eq!(FindingKind::InvalidJson.name(), "invalid_json");
            /// assert_eq!(FindingKind::InvalidJson.to_string(), "invalid_json");
            /// ```
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$kind => $name,)*
                }
            }

            /// How much it matters.
            ///
            /// ```
            /// use deltaic_assembler::{FindingKind, Severity};
            ///
            /// assert_eq!(FindingKind::UnknownField.severity(), Severity::Note);
            /// assert_eq!(FindingKind::UsageChanged.severity(), Severity::Warning);
            /// assert_eq!(FindingKind::InvalidJson.severity(), Severity::Error);
            /// ```
            #[must_use]
            pub const fn severity(self) -> Severity {
                match self {
                    $(Self::$kind => Severity::$severity,)*
                }
            }

            /// What it means and what was done, in a sentence or two.
            ///
            /// ```
            /// use deltaic_assembler::FindingKind;
            ///
            /// let meaning = FindingKind::InvalidJson.meaning();
            /// assert_eq!(meaning, "Data that is not JSON. It is dropped.");
            /// ```
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self {
                    $(Self::$kind => concat!($($doc),*).trim_ascii_start(),)*
                }
            }
        }
    };
}

kinds! {
    /// An event after `[DONE]`, or more in its own: counted, not assembled.
    AfterDone: Warning = "after_done",
    /// Arguments of a call that are no complete JSON value when the stream ends.
    ArgumentsNotJson: Error = "arguments_not_json",
    /// Arguments that are JSON themselves, where a string of JSON belongs.
    ArgumentsNotText: Note = "arguments_not_text",
    /// Another `id`, `model` or `role` in a later chunk. The first stays.
    EnvelopeChanged: Warning = "envelope_changed",
    /// An error that the server sent inside the stream.
    ErrorInStream: Error = "error_in_stream",
    /// An event longer than the limit. It is dropped.
    EventTooLong: Error = "event_too_long",
    /// A finish reason that replaces another.
    FinishReasonChanged: Warning = "finish_reason_changed",
    /// A finish reason that comes after another and does not replace it.
    FinishReasonIgnored: Warning = "finish_reason_ignored",
    /// A JSON object that is neither chunk nor error. Nothing is taken from it.
    Foreign: Warning = "foreign",
    /// A member beside another that counts instead, where the two do not say the
    /// same. It is not assembled.
    Ignored: Warning = "ignored",
    /// The index of an earlier tool call on what must be a new one.
    IndexReused: Warning = "index_reused",
    /// Data that is not JSON. It is dropped.
    InvalidJson: Error = "invalid_json",
    /// Data that is not UTF-8. It is dropped.
    InvalidUtf8: Error = "invalid_utf8",
    /// Half of a surrogate pair alone. It becomes U+FFFD.
    LoneSurrogate: Warning = "lone_surrogate",
    /// A value that gave way to another which does not continue it, where the last
    /// stays: in members that are not known, and some that are.
    MemberReplaced: Warning = "member_replaced",
    /// `[DONE]`, but a choice has no finish reason.
    NoFinishReason: Warning = "no_finish_reason",
    /// A body that is no event stream.
    NotAStream: Warning = "not_a_stream",
    /// JSON data that is no object. It is dropped.
    NotAnObject: Error = "not_an_object",
    /// Two names for reasoning in one delta with different text, or parts of
    /// another. The first counts.
    ReasoningDiffers: Warning = "reasoning_differs",
    /// More choices, calls or errors than the limit. The rest is dropped.
    TooMany: Error = "too_many",
    /// Another id, name or type for a tool call, of which the first stays; or
    /// another index, of which the last does.
    ToolCallChanged: Warning = "tool_call_changed",
    /// A line whose field the SSE standard does not know. It is ignored.
    UnknownField: Note = "unknown_field",
    /// The last event has no blank line behind it. It counts all the same.
    UnterminatedEvent: Warning = "unterminated_event",
    /// Token counts that replace others and are not what those have grown to. The
    /// last count.
    UsageChanged: Warning = "usage_changed",
    /// Token counts that have grown since those before, as where each chunk has the
    /// sum so far. The last count.
    UsageGrows: Note = "usage_grows",
    /// Token counts, but more was said after them, or the stream did not end as it
    /// should.
    UsagePartial: Warning = "usage_partial",
    /// A member of a type that it should not have. It is not assembled.
    WrongType: Warning = "wrong_type",
}

impl fmt::Display for FindingKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The findings of a stream, the first up to a limit, the rest counted.
///
/// ```
/// use deltaic_assembler::{Assembler, Limits};
/// use deltaic_chunk::Payload;
///
/// let mut assembler = Assembler::with_limits(Limits { findings: 2, ..Limits::default() });
/// for _ in 0..5 {
///     assembler.push(&Payload::parse(br#"{"type":"ping"}"#)?, 0);
/// }
/// let findings = assembler.findings();
/// assert_eq!((findings.as_slice().len(), findings.omitted()), (2, 3));
/// # Ok::<(), deltaic_chunk::ParseError>(())
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Findings {
    /// Small where there are none, for most streams have none.
    inner: Option<Box<Inner>>,
}

#[derive(Clone, Debug, Default, Eq, PartialEq)]
struct Inner {
    list: Vec<Finding>,
    omitted: u64,
    /// What is told once, and has been.
    told: Vec<(FindingKind, &'static str, String)>,
}

impl Findings {
    /// Those of a stream of which nothing was odd.
    #[must_use]
    pub fn none() -> &'static Self {
        static NONE: Findings = Findings { inner: None };
        &NONE
    }

    /// The findings that were kept, in the order in which they were made.
    ///
    /// ```
    /// use deltaic_assembler::{Assembler, Severity};
    /// use deltaic_chunk::Payload;
    ///
    /// let mut assembler = Assembler::new();
    /// assert!(assembler.findings().as_slice().is_empty());
    /// for data in [r#"{"choices":[{"delta":{"content":7}}]}"#, "17"] {
    ///     assembler.push(&Payload::parse(data.as_bytes())?, 0);
    /// }
    /// let findings = assembler.findings().as_slice();
    /// let names: Vec<_> = findings.iter().map(|finding| finding.kind.name()).collect();
    /// assert_eq!(names, ["wrong_type", "not_an_object"]);
    /// let worst = findings.iter().map(|finding| finding.kind.severity()).max();
    /// assert_eq!(worst, Some(Severity::Error));
    /// # Ok::<(), deltaic_chunk::ParseError>(())
    /// ```
    #[must_use]
    pub fn as_slice(&self) -> &[Finding] {
        self.inner.as_deref().map_or(&[], |inner| &inner.list)
    }

    /// How many more were made, past the limit.
    #[must_use]
    pub fn omitted(&self) -> u64 {
        self.inner.as_deref().map_or(0, |inner| inner.omitted)
    }

    pub(crate) fn push(&mut self, finding: Finding, limit: usize) {
        let list = &mut self.inner().list;
        if list.len() < limit {
            list.push(finding);
        } else {
            self.omit();
        }
    }

    /// Counts one that is not kept.
    pub(crate) fn omit(&mut self) {
        self.inner().omitted += 1;
    }

    /// Whether this has been told of `name` in `place`, and will not be told again.
    pub(crate) fn has_told(&self, kind: FindingKind, place: &str, name: &str) -> bool {
        let told = self.inner.as_deref().map_or(&[][..], |inner| &inner.told);
        let mut told = told.iter();
        told.any(|(k, p, n)| (*k, *p, &**n) == (kind, place, name))
    }

    /// Whether this is the first to be told of that kind about `name` in `place`.
    /// Past some number of names each is: a hostile server may have any.
    pub(crate) fn is_first(&mut self, kind: FindingKind, place: &'static str, name: &str) -> bool {
        const NAMES: usize = 64;
        if self.has_told(kind, place, name) {
            return false;
        }
        let told = &mut self.inner().told;
        if told.len() < NAMES {
            told.push((kind, place, name.into()));
        }
        true
    }

    fn inner(&mut self) -> &mut Inner {
        self.inner.get_or_insert_default()
    }
}
