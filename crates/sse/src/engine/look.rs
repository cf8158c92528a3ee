//! A first look at a slice, before the state machine.
//!
//! Nearly all blocks of a token stream are plain: one `data` line and the blank
//! line. One that is whole in a slice needs no state at all, and one that
//! straddles slices only its line in the carry. All else is for the state machine,
//! which is told what was searched here: no byte is searched twice.

use super::{Engine, Lent, Place, Skipping, WHOLE_MARK, line_len};
use crate::{
    buffer::Buffer,
    event::{Event, Span},
};

/// Where the next byte stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Stands {
    /// Where a block begins, but for the LF of a CR LF before it.
    Between,
    /// In the line that is not whole yet; what has come of it is in the carry.
    InLine,
    Elsewhere,
}

/// What a first look at a slice told.
#[derive(Debug)]
pub(crate) enum Look {
    /// A plain block ends in it.
    Plain(Plain),
    /// It is used up.
    UsedUp,
    /// The state machine has to read it.
    Other(First),
}

/// A block of one `data` line, which has been taken.
#[derive(Debug)]
pub(crate) struct Plain {
    /// Where it begins in the stream.
    start: u64,
    data: Place,
    /// Where its data begins in the block.
    data_at: usize,
    /// How much of the slice was taken.
    pub(crate) taken: usize,
}

/// What is known of the first line in a slice.
#[derive(Clone, Copy, Debug)]
pub(crate) enum First {
    /// Nothing.
    Unknown,
    /// How much of it lies there; `None` if its end does not.
    Searched(Option<usize>),
}

/// What a plain block begins with.
const DATA: &[u8] = b"data:";

impl<B: Buffer> Engine<B> {
    /// Passes over the rest of the line end before, and tells whether a block begins
    /// behind it; tells how much that was.
    #[inline]
    pub(crate) fn begins_block(&mut self, slice: &[u8]) -> (usize, bool) {
        if self.lent == Lent::Block {
            self.release();
        }
        let is_between = self.stands == Stands::Between;
        let mut at = 0;
        if is_between && self.after_cr && !slice.is_empty() {
            at = usize::from(slice.first() == Some(&b'\n'));
            self.after_cr = false;
            self.position += at as u64;
        }
        (at, is_between)
    }

    /// Somebody else has read whole blocks, each of a data line alone.
    #[inline]
    pub(crate) fn skip_blocks(&mut self, blocks: &[u8]) {
        self.position += blocks.len() as u64;
        self.after_cr = blocks.last() == Some(&b'\r');
    }

    /// Looks at a slice. [`Engine::begins_block`] has been asked before.
    #[inline]
    pub(crate) fn look(&mut self, slice: &[u8]) -> Look {
        match self.stands {
            Stands::Between if slice.is_empty() => Look::UsedUp,
            Stands::Between if slice.starts_with(DATA) => self.look_for_block(slice),
            Stands::InLine => self.look_for_end(slice),
            Stands::Between | Stands::Elsewhere => Look::Other(First::Unknown),
        }
    }

    /// What was lent of a plain block.
    #[inline]
    pub(crate) fn plain(&self, plain: Plain) -> Event<Place> {
        Event {
            name: None,
            data: plain.data,
            id: self.unless_empty(Place::LastId),
            retry: None,
            span: Span {
                start: plain.start,
                end: self.position,
            },
            data_at: plain.start + plain.data_at as u64,
        }
    }

    /// The slice begins with a `data` line, and a block with it.
    fn look_for_block(&mut self, slice: &[u8]) -> Look {
        let value = slice.get(DATA.len()..).unwrap_or_default();
        let Some(len) = line_len(value) else {
            return self.begin_line(slice);
        };
        let line = DATA.len() + len;
        let Some(end) = block_end(slice, line).filter(|_| line <= self.limit) else {
            return Look::Other(First::Searched(Some(line)));
        };
        let start = self.position;
        self.skip_blocks(slice.get(..end).unwrap_or_default());
        let data_at = value_at(slice);
        Look::Plain(Plain {
            start,
            data: Place::Input(data_at..line),
            data_at,
            taken: end,
        })
    }

    /// All of the slice is the beginning of a block's first line.
    fn begin_line(&mut self, slice: &[u8]) -> Look {
        self.block.start = Some(self.position);
        self.block.line_at = self.position;
        self.stands = Stands::InLine;
        self.go_on(slice)
    }

    /// The slice begins within a line.
    fn look_for_end(&mut self, slice: &[u8]) -> Look {
        match line_len(slice) {
            None => self.go_on(slice),
            Some(len) => self.end_line(slice, len),
        }
    }

    /// All of the slice is of the line that is not whole yet.
    #[inline]
    fn go_on(&mut self, slice: &[u8]) -> Look {
        if slice.len() > self.room() {
            return Look::Other(First::Searched(None));
        }
        self.kept.push_line(slice);
        self.position += slice.len() as u64;
        Look::UsedUp
    }

    /// So much of the slice ends the line that was not whole yet.
    fn end_line(&mut self, slice: &[u8], len: usize) -> Look {
        let other = Look::Other(First::Searched(Some(len)));
        let start = self.block.line_at;
        if self.block.start != Some(start) || !self.kept.line().starts_with(DATA) {
            return other;
        }
        let Some(end) = block_end(slice, len).filter(|_| len <= self.room()) else {
            return other;
        };
        self.kept.push_line(slice.get(..len).unwrap_or_default());
        self.skip_blocks(slice.get(..end).unwrap_or_default());
        self.lent = Lent::Block;
        self.stands = Stands::Between;
        let line = self.kept.line();
        let data_at = value_at(line);
        Look::Plain(Plain {
            start,
            data: Place::Carry(data_at..line.len()),
            data_at,
            taken: end,
        })
    }

    /// Where the byte stands behind what was read.
    pub(super) fn where_it_stands(&self) -> Stands {
        match self.lent {
            Lent::Block => Stands::Between,
            Lent::Nothing if !self.kept.line().is_empty() => Stands::InLine,
            Lent::Nothing
                if self.block.start.is_none()
                    && self.mark == WHOLE_MARK
                    && self.skipping == Skipping::No =>
            {
                Stands::Between
            }
            _ => Stands::Elsewhere,
        }
    }
}

/// Where the value of a line begins that begins with [`DATA`].
#[inline]
fn value_at(line: &[u8]) -> usize {
    DATA.len() + usize::from(line.get(DATA.len()) == Some(&b' '))
}

/// Where a block ends with a line that ends at `line`, if a blank one follows. Who ends
/// lines otherwise than all do is not in a hurry.
#[inline]
fn block_end(slice: &[u8], line: usize) -> Option<usize> {
    match slice.get(line..)? {
        [b'\n', b'\n', ..] => Some(line + 2),
        [b'\r', b'\n', b'\r', ..] => Some(line + 3),
        _ => None,
    }
}
