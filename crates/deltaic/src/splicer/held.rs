//! What has come of a stream and has not gone out.

use alloc::{collections::VecDeque, vec::Vec};

use bytes::Bytes;

/// For how many pieces room is kept, and how many small ones are held as they came.
const FEW: usize = 64;

/// A read that is shorter may be a small part of the buffer that it keeps alive.
const SMALL: usize = 4096;

/// What has come and has not gone out, as the reads that it came in; and what goes
/// out. Places are those of the stream.
#[derive(Debug, Default)]
pub(super) struct Held {
    pieces: VecDeque<Bytes>,
    /// How many of the last are small.
    small: usize,
    /// Where the first piece begins, and the last ends.
    from: u64,
    end: u64,
    out: VecDeque<Bytes>,
}

impl Held {
    pub(super) fn push(&mut self, read: Bytes) {
        self.end += read.len() as u64;
        self.small = if read.len() < SMALL {
            self.small.min(self.pieces.len()) + 1
        } else {
            0
        };
        self.pieces.push_back(read);
        if self.small > FEW {
            self.join();
        }
    }

    /// Makes one piece of the small ones, but for the last: else a server that sends byte by
    /// byte would have a buffer held for each. What is joined becomes large, so that
    /// no byte is copied more than `SMALL / FEW` times.
    #[cold]
    fn join(&mut self) {
        let Some(last) = self.pieces.pop_back() else {
            return;
        };
        let kept = self.pieces.len().saturating_sub(self.small - 1);
        let joined: Vec<u8> = self.pieces.iter().skip(kept).flatten().copied().collect();
        self.pieces.truncate(kept);
        self.small = 1 + usize::from(joined.len() < SMALL);
        self.pieces.extend([Bytes::from(joined), last]);
    }

    /// Where the last read ends.
    pub(super) fn end(&self) -> u64 {
        self.end
    }

    /// What of the last read lies behind `at`; `None` if it does not begin there yet.
    pub(super) fn behind(&self, at: u64) -> Option<&[u8]> {
        let len = usize::try_from(self.end.checked_sub(at)?).ok()?;
        let last = self.pieces.back()?;
        last.get(last.len().checked_sub(len)?..)
    }

    /// The first byte that is held.
    pub(super) fn first(&self) -> Option<u8> {
        self.pieces.front()?.first().copied()
    }

    /// What is held before `to` goes out.
    pub(super) fn release(&mut self, to: u64) {
        while let Some(piece) = self.take(to) {
            self.out.push_back(piece);
        }
    }

    /// What is held before `to` is dropped.
    pub(super) fn skip(&mut self, to: u64) {
        while self.take(to).is_some() {}
    }

    /// What goes out behind what has been released.
    pub(super) fn put(&mut self, piece: Bytes) {
        if !piece.is_empty() {
            self.out.push_back(piece);
        }
    }

    pub(super) fn pop_out(&mut self) -> Option<Bytes> {
        let piece = self.out.pop_front();
        if piece.is_none() {
            // One large event is not to cost for all that come.
            shrink(&mut self.out);
            shrink(&mut self.pieces);
        }
        piece
    }

    /// The first piece of what is held before `to`.
    fn take(&mut self, to: u64) -> Option<Bytes> {
        let len = usize::try_from(to.checked_sub(self.from)?).ok()?;
        if len == 0 {
            return None;
        }
        #[expect(clippy::disallowed_methods, reason = "it is longer than `len`")]
        let piece = match self.pieces.front_mut()? {
            first if first.len() > len => first.split_to(len),
            _ => self.pieces.pop_front()?,
        };
        self.from += piece.len() as u64;
        Some(piece)
    }
}

/// Gives back room that is hardly used. Never twice for what was kept once, so that it costs
/// no more than what came.
fn shrink<T>(list: &mut VecDeque<T>) {
    if list.capacity() > FEW && list.len() < list.capacity() / 4 {
        list.shrink_to(FEW.max(2 * list.len()));
    }
}
