//! What a tap knows of the body that passes, and whom it tells.

use alloc::boxed::Box;
use std::io::IoSlice;

use bytes::Buf;

use super::{
    first::First,
    reading::{Keep, Reading},
    report::{TapEnd, TapReport, Unread},
};
use crate::reader::Limits;

/// Tells once, at the latest when it is dropped.
pub(super) struct Watch<F: FnOnce(TapReport)> {
    /// `None` once it has been told.
    tell: Option<F>,
    /// The body has given all that it has.
    pub(super) is_whole: bool,
    pub(super) keep: Keep,
    /// If they are not the default: few have others.
    limits: Option<Box<Limits>>,
    /// Why nothing is to be read.
    pub(super) unread: Option<Unread>,
    /// `None` while nothing has come: many streams wait for their first byte.
    passed: Option<Box<Passed>>,
}

/// What has passed.
struct Passed {
    reads: u64,
    bytes: u64,
    first: First,
    /// Why what comes is not read any more.
    unread: Option<Unread>,
    reading: Reading,
}

impl<F: FnOnce(TapReport)> Watch<F> {
    pub(super) fn new(tell: F) -> Self {
        Self {
            tell: Some(tell),
            is_whole: false,
            keep: Keep::All,
            limits: None,
            unread: None,
            passed: None,
        }
    }

    pub(super) fn limit(&mut self, limits: Limits) {
        self.limits = Some(Box::new(limits));
    }

    /// Reads the data of a frame, and leaves it as it is.
    #[inline]
    pub(super) fn read(&mut self, data: &impl Buf) {
        if self.tell.is_some() {
            let limits = self.limits.as_deref();
            let begin = || Box::new(Passed::new(self.keep, limits, self.unread));
            let passed = self.passed.get_or_insert_with(begin);
            passed.read(data, limits);
        }
    }

    /// The body has come to this end: tells so, unless it has been told before.
    pub(super) fn end(&mut self, end: impl FnOnce() -> TapEnd) {
        if let Some(tell) = self.tell.take() {
            let limits = self.limits.as_deref();
            let passed = self.passed.take().map_or_else(
                || Passed::new(self.keep, limits, self.unread),
                |passed| *passed,
            );
            tell(passed.into_report(end(), limits));
        }
    }
}

impl<F: FnOnce(TapReport)> Drop for Watch<F> {
    fn drop(&mut self) {
        let is_whole = self.is_whole;
        self.end(|| {
            if is_whole {
                TapEnd::Ended
            } else {
                TapEnd::Dropped
            }
        });
    }
}

impl Passed {
    fn new(keep: Keep, limits: Option<&Limits>, unread: Option<Unread>) -> Self {
        let reading = match unread {
            Some(_) => Reading::Nothing,
            None => Reading::new(keep, limits),
        };
        Self {
            reads: 0,
            bytes: 0,
            first: First::default(),
            unread,
            reading,
        }
    }

    fn read(&mut self, data: &impl Buf, limits: Option<&Limits>) {
        let read = self.reads;
        let len = data.remaining();
        self.reads += 1;
        self.bytes += len as u64;
        if self.unread.is_some() {
            return;
        }
        // Nearly all data is in one piece.
        if let Some(piece) = data.chunk().get(..len) {
            return self.reading.read(piece, read, &mut self.first, limits);
        }
        let mut pieces = [IoSlice::new(&[]); MOST_PIECES];
        let count = data.chunks_vectored(&mut pieces);
        let pieces = pieces.get(..count).unwrap_or_default();
        if pieces.iter().map(|piece| piece.len()).sum::<usize>() != len {
            self.unread = Some(Unread::Scattered);
            return;
        }
        for piece in pieces {
            self.reading.read(piece, read, &mut self.first, limits);
        }
    }

    fn into_report(self, end: TapEnd, limits: Option<&Limits>) -> TapReport {
        let mut report = self.reading.into_report(limits);
        report.stats.bytes = self.bytes;
        let too_long = (report.stats.too_long > 0).then_some(Unread::TooLong);
        TapReport {
            end,
            unread: self.unread.or(too_long),
            reads: self.reads,
            first: self.first,
            report,
        }
    }
}

/// In how many pieces the data of a frame may be.
const MOST_PIECES: usize = 16;
