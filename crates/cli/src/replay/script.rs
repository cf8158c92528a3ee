//! What is sent, and when.

use std::{iter, sync::Arc, time::Duration};

use bytes::Bytes;

use super::Pace;
use crate::{cut, times::Read};

/// What is sent, and when.
#[derive(Debug, Eq, PartialEq)]
pub(crate) struct Script {
    bytes: Bytes,
    /// Invariant: they are as long as the bytes, and the last alone is empty: the end.
    reads: Vec<Read>,
}

impl Script {
    /// A recording in its own reads, or event by event where they are not known, or
    /// where the pace is one of events.
    pub(crate) fn new(bytes: Vec<u8>, times: Option<Vec<Read>>, pace: Option<Pace>) -> Self {
        let mut reads = match (times, pace) {
            (Some(times), None | Some(Pace::Recorded)) => times,
            (Some(times), Some(Pace::None)) => {
                let at = Duration::ZERO;
                times.into_iter().map(|read| Read { at, ..read }).collect()
            }
            (_, pace) => by_event(&bytes, pace),
        };
        if reads.last().is_none_or(|last| last.len > 0) {
            let at = reads.last().map_or(Duration::ZERO, |last| last.at);
            reads.push(Read { at, len: 0 });
        }
        let bytes = bytes.into();
        Self { bytes, reads }
    }

    /// The first `len` bytes. It ends when the last of them came.
    pub(crate) fn truncated(mut self, len: usize) -> Self {
        if len == self.bytes.len() {
            return self;
        }
        self.bytes.truncate(len);
        let mut left = len;
        let mut reads = Vec::new();
        for Read { at, len } in self.reads {
            let len = len.min(left);
            left -= len;
            reads.push(Read { at, len });
            if left == 0 {
                reads.extend((len > 0).then_some(Read { at, len: 0 }));
                break;
            }
        }
        Self { reads, ..self }
    }

    /// With CR LF for each LF that has no CR before it. A read keeps its time, and grows.
    pub(crate) fn with_crlf(self) -> Self {
        let mut bytes = Vec::with_capacity(self.bytes.len());
        let mut rest = &*self.bytes;
        let mut reads = self.reads;
        for read in &mut reads {
            let (piece, behind) = rest.split_at(read.len);
            rest = behind;
            let start = bytes.len();
            for &byte in piece {
                if byte == b'\n' && bytes.last() != Some(&b'\r') {
                    bytes.push(b'\r');
                }
                bytes.push(byte);
            }
            read.len = bytes.len() - start;
        }
        let bytes = bytes.into();
        Self { bytes, reads }
    }

    /// In pieces of at most `len` bytes.
    pub(crate) fn split(self, len: usize) -> Self {
        let reads = self.reads.into_iter().flat_map(|read| {
            let at = read.at;
            let pieces = iter::repeat_n(Read { at, len }, read.len / len);
            let rest = read.len % len;
            let is_last = rest > 0 || read.len == 0;
            pieces.chain(is_last.then_some(Read { at, len: rest }))
        });
        Self {
            reads: reads.collect(),
            ..self
        }
    }

    /// What is sent, and how long after the start; last the end, which is empty.
    pub(crate) fn pieces(
        self: &Arc<Self>,
    ) -> impl Iterator<Item = (Duration, Bytes)> + Send + use<> {
        let mut bytes = self.bytes.clone();
        let script = Arc::clone(self);
        (0..self.reads.len()).map(move |number| {
            let Read { at, len } = script.reads[number];
            (at, bytes.split_to(len))
        })
    }
}

fn by_event(bytes: &[u8], pace: Option<Pace>) -> Vec<Read> {
    let interval = match pace {
        Some(Pace::Each(interval)) => interval,
        _ => Duration::ZERO,
    };
    let mut at = Duration::ZERO;
    let events = cut::by_event(bytes).into_iter();
    let reads = events.map(|event| {
        let read = Read {
            at,
            len: event.len(),
        };
        at = at.saturating_add(interval);
        read
    });
    reads.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Milliseconds, and what is sent then.
    type Piece<'a> = (u64, &'a str);

    fn read(at: u64, len: usize) -> Read {
        let at = Duration::from_millis(at);
        Read { at, len }
    }

    /// Two events in three reads, and the end.
    fn script() -> Script {
        let reads = vec![read(1, 3), read(5, 10), read(9, 6), read(11, 0)];
        Script::new(b"data: a\n\ndata: b\r\n\n".into(), Some(reads), None)
    }

    #[track_caller]
    fn check(script: Script, expected: &[Piece<'_>]) {
        let pieces = Arc::new(script).pieces();
        let pieces: Vec<_> = pieces
            .map(|(at, piece)| (at, String::from_utf8_lossy(&piece).into_owned()))
            .collect();
        let expected = expected.iter();
        let expected: Vec<_> = expected
            .map(|&(at, piece)| (Duration::from_millis(at), piece.to_owned()))
            .collect();
        assert_eq!(pieces, expected);
    }

    #[test]
    fn a_recording_comes_in_its_reads_or_by_event() {
        let whole = "data: a\n\ndata: b\r\n\n";
        let times = Some(vec![read(1, 13), read(3, 6)]);
        for (times, pace, expected) in [
            (
                &times,
                None,
                &[(1, "data: a\n\ndata"), (3, ": b\r\n\n"), (3, "")],
            ),
            (
                &times,
                Some(Pace::Recorded),
                &[(1, "data: a\n\ndata"), (3, ": b\r\n\n"), (3, "")],
            ),
            (
                &times,
                Some(Pace::None),
                &[(0, "data: a\n\ndata"), (0, ": b\r\n\n"), (0, "")],
            ),
            (
                &times,
                Some(Pace::Each(Duration::from_millis(7))),
                &[(0, "data: a\n\n"), (7, "data: b\r\n\n"), (7, "")],
            ),
            (
                &None,
                None,
                &[(0, "data: a\n\n"), (0, "data: b\r\n\n"), (0, "")],
            ),
        ] {
            check(Script::new(whole.into(), times.clone(), pace), expected);
        }
        check(Script::new(Vec::new(), None, None), &[(0, "")]);
    }

    #[test]
    fn what_is_truncated_ends_when_its_last_byte_came() {
        let whole = [(1, "dat"), (5, "a: a\n\ndata"), (9, ": b\r\n\n"), (11, "")];
        check(script().truncated(19), &whole);
        check(script().truncated(4), &[(1, "dat"), (5, "a"), (5, "")]);
        check(script().truncated(3), &[(1, "dat"), (1, "")]);
        check(script().truncated(0), &[(1, "")]);
    }

    #[test]
    fn reads_keep_their_times_and_grow_with_their_line_ends() {
        check(
            script().with_crlf(),
            &[
                (1, "dat"),
                (5, "a: a\r\n\r\ndata"),
                (9, ": b\r\n\r\n"),
                (11, ""),
            ],
        );
        // A CR LF that lies in two reads is one.
        let reads = vec![read(0, 2), read(1, 1)];
        let script = Script::new(b"a\r\n".into(), Some(reads), None);
        check(script.with_crlf(), &[(0, "a\r"), (1, "\n"), (1, "")]);
    }

    #[test]
    fn pieces_are_no_longer_than_asked() {
        check(
            script().truncated(13).split(5),
            &[(1, "dat"), (5, "a: a\n"), (5, "\ndata"), (5, "")],
        );
        check(
            script().truncated(4).with_crlf().split(2),
            &[(1, "da"), (1, "t"), (5, "a"), (5, "")],
        );
    }
}
