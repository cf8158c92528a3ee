//! The event that a splicer has given, and where its data lies.

use alloc::vec::Vec;
use core::ptr;

use deltaic_sse::{Event, Span};

use super::held::Held;

/// The event that was given last.
#[derive(Debug)]
pub(super) struct AtHand {
    /// Its block, without comments that have gone out.
    pub(super) span: Span,
    pub(super) data_at: u64,
    pub(super) place: Place,
    pub(super) is_removed: bool,
    pub(super) is_refused: bool,
}

/// Where data lies.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Place {
    /// In the last read, so many bytes.
    Read { len: usize },
    /// In one line, of which a copy is in `joined`.
    Line,
    /// In several lines, which are joined there.
    Lines,
}

impl AtHand {
    pub(super) fn data<'s>(&self, held: &'s Held, joined: &'s [u8]) -> &'s [u8] {
        let Place::Read { len } = self.place else {
            return joined;
        };
        let rest = held.behind(self.data_at).unwrap_or_default();
        rest.get(..len).unwrap_or_default()
    }
}

impl Place {
    /// That of the data of `event`, if that is what `line` begins with; else of a copy in
    /// `joined`.
    pub(super) fn of(event: &Event<&[u8]>, line: &[u8], joined: &mut Vec<u8>) -> Self {
        let len = event.data.len();
        if line
            .get(..len)
            .is_some_and(|line| ptr::eq(line, event.data))
        {
            return Self::Read { len };
        }
        joined.clear();
        joined.extend_from_slice(event.data);
        // Lines are joined with LF, and none has one.
        if event.data.contains(&b'\n') {
            Self::Lines
        } else {
            Self::Line
        }
    }
}
