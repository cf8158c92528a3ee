//! What was odd in a stream, and where.

use alloc::{string::String, vec::Vec};
use core::fmt;

/// Something odd in a stream, or something decided against what it says.
///
/// What servers repeat in each chunk (another id, an envelope of wrong types) makes
/// one finding, not one for each chunk.
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

/// Writes the enum, the stable name of each kind, and the list of all.
macro_rules! kinds {
    ($($(#[doc = $doc:literal])* $kind:ident = $name:literal,)*) => {
        /// What a [`Finding`] is. The names are stable.
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        #[non_exhaustive]
        pub enum FindingKind {
            $($(#[doc = $doc])* #[doc = concat!("`", $name, "`")] $kind,)*
        }

        impl FindingKind {
            /// All kinds, in the order of their Rust names.
            pub const ALL: &'static [Self] = &[$(Self::$kind,)*];

            /// The name that stands in machine-readable output.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$kind => $name,)*
                }
            }

            /// What it means and what was done, in a sentence or two.
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
    AfterDone = "after_done",
    /// Arguments of a call that are no complete JSON value when the stream ends.
    ArgumentsNotJson = "arguments_not_json",
    /// Arguments that are JSON themselves, where a string of JSON belongs.
    ArgumentsNotText = "arguments_not_text",
    /// Another `id`, `model` or `role` in a later chunk. The first stays.
    EnvelopeChanged = "envelope_changed",
    /// An error that the server sent inside the stream.
    ErrorInStream = "error_in_stream",
    /// An event longer than the limit. It is dropped.
    EventTooLong = "event_too_long",
    /// A finish reason that replaces another.
    FinishReasonChanged = "finish_reason_changed",
    /// A finish reason that comes after another and does not replace it.
    FinishReasonIgnored = "finish_reason_ignored",
    /// A JSON object that is neither chunk nor error. Nothing is taken from it.
    Foreign = "foreign",
    /// A member beside another that counts instead, where the two do not say the
    /// same. It is not assembled.
    Ignored = "ignored",
    /// The index of an earlier tool call on what must be a new one.
    IndexReused = "index_reused",
    /// Data that is not JSON. It is dropped.
    InvalidJson = "invalid_json",
    /// Data that is not UTF-8. It is dropped.
    InvalidUtf8 = "invalid_utf8",
    /// Half of a surrogate pair alone. It becomes U+FFFD.
    LoneSurrogate = "lone_surrogate",
    /// A value that gave way to another which does not continue it, where the last
    /// stays: in members that are not known, and some that are.
    MemberReplaced = "member_replaced",
    /// `[DONE]`, but a choice has no finish reason.
    NoFinishReason = "no_finish_reason",
    /// A body that is no event stream.
    NotAStream = "not_a_stream",
    /// JSON data that is no object. It is dropped.
    NotAnObject = "not_an_object",
    /// Two names for reasoning in one delta with different text, or parts of
    /// another. The first counts.
    ReasoningDiffers = "reasoning_differs",
    /// More choices, calls or errors than the limit. The rest is dropped.
    TooMany = "too_many",
    /// Another id, name or type for a tool call, of which the first stays; or
    /// another index, of which the last does.
    ToolCallChanged = "tool_call_changed",
    /// A line whose field the SSE standard does not know. It is ignored.
    UnknownField = "unknown_field",
    /// The last event has no blank line behind it. It counts all the same.
    UnterminatedEvent = "unterminated_event",
    /// Token counts that replace others and are not what those have grown to. The
    /// last count.
    UsageChanged = "usage_changed",
    /// Token counts that have grown since those before, as where each chunk has the
    /// sum so far. The last count.
    UsageGrows = "usage_grows",
    /// Token counts, but more was said after them, or the stream did not end as it
    /// should.
    UsagePartial = "usage_partial",
    /// A member of a type that it should not have. It is not assembled.
    WrongType = "wrong_type",
}

impl fmt::Display for FindingKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The findings of a stream, the first up to a limit, the rest counted.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Findings {
    list: Vec<Finding>,
    omitted: u64,
    /// What is told once, and has been.
    told: Vec<(FindingKind, &'static str, String)>,
}

impl Findings {
    /// The findings that were kept, in the order in which they were made.
    #[must_use]
    pub fn as_slice(&self) -> &[Finding] {
        &self.list
    }

    /// How many more were made, past the limit.
    #[must_use]
    pub fn omitted(&self) -> u64 {
        self.omitted
    }

    pub(crate) fn push(&mut self, finding: Finding, limit: usize) {
        if self.list.len() < limit {
            self.list.push(finding);
        } else {
            self.omit();
        }
    }

    /// Counts one that is not kept.
    pub(crate) fn omit(&mut self) {
        self.omitted += 1;
    }

    /// Whether this has been told of `name` in `place`, and will not be told again.
    pub(crate) fn has_told(&self, kind: FindingKind, place: &str, name: &str) -> bool {
        let mut told = self.told.iter();
        told.any(|(k, p, n)| (*k, *p, &**n) == (kind, place, name))
    }

    /// Whether this is the first to be told of that kind about `name` in `place`.
    /// Past some number of names each is: a hostile server may have any.
    pub(crate) fn is_first(&mut self, kind: FindingKind, place: &'static str, name: &str) -> bool {
        const NAMES: usize = 64;
        if self.has_told(kind, place, name) {
            return false;
        }
        if self.told.len() < NAMES {
            self.told.push((kind, place, name.into()));
        }
        true
    }
}
