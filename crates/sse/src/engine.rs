//! The state machine under all faces.
//!
//! It goes line by line. The fields of a block that lie in the slice at hand are
//! ranges in that slice; nothing is copied for them. Only when the slice ends
//! inside a block are they [`Kept`], and behind the data the line that is not
//! whole yet. Later slices add to that line until its end is found, so no byte
//! is searched for a line end twice.
//!
//! It looks first and borrows last: what it finds it tells as [`Place`]s, and
//! the faces make slices or `Bytes` of them.
//!
//! Here lines and blocks begin and end; what a line says is read in `lines`, and
//! `look` spares most slices the detour.

mod lines;
mod look;
#[cfg(test)]
mod tests;

use core::{mem, ops::Range};

use memchr::{memchr, memchr2};

use self::look::Stands;
pub(crate) use self::look::{First, Look, Plain};
use crate::{
    buffer::Buffer,
    event::{Event, Item, Span, TooLong},
    field::{self, Field},
    kept::Kept,
};

/// Where bytes lie that were found.
#[derive(Clone, Debug)]
pub(crate) enum Place {
    Input(Range<usize>),
    Carry(Range<usize>),
    Name,
    /// The ID that the block gives, which does not last yet.
    Id,
    LastId,
}

/// Whether lines that the standard passes over are given out.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Wanted {
    Events,
    Items,
}

#[derive(Debug)]
pub(crate) struct Engine<B: Buffer> {
    pub(crate) kept: Kept<B>,
    limit: usize,
    block: Block,
    /// How many bytes of the stream were taken.
    position: u64,
    retry: Option<u64>,
    comments: u64,
    /// How many bytes of a byte order mark have come; all three of them count
    /// as more cannot come.
    mark: u8,
    /// The last line ended in CR: an LF that follows belongs to it.
    after_cr: bool,
    stands: Stands,
    lent: Lent,
    skipping: Skipping,
}

/// What is known of the block that is being read, beside its bytes.
#[derive(Debug)]
struct Block {
    /// Where it begins in the stream, once its first line has.
    start: Option<u64>,
    data_at: u64,
    /// Where the line begins in the stream that is not whole yet.
    line_at: u64,
    retry: Option<u64>,
}

impl Block {
    const NEW: Self = Self {
        start: None,
        data_at: 0,
        line_at: 0,
        retry: None,
    };
}

/// What was lent out of what is kept, and is to be forgotten at the next call.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Lent {
    Nothing,
    Block,
    Line,
    /// The open block, and the stream has ended.
    End,
}

/// Whether the rest of a block is passed over, because it is too long.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Skipping {
    No,
    /// The block, from a line's start.
    Block,
    /// The block, from inside of a line.
    Line,
}

/// The fields of the block that lie in the slice at hand.
#[derive(Debug, Default)]
struct Found {
    data: Option<Range<usize>>,
    name: Option<Range<usize>>,
    id: Option<Range<usize>>,
}

const BYTE_ORDER_MARK: &[u8; WHOLE_MARK as usize] = b"\xEF\xBB\xBF";

const WHOLE_MARK: u8 = 3;

impl<B: Buffer> Engine<B> {
    pub(crate) const fn new(kept: Kept<B>, limit: usize) -> Self {
        Self {
            kept,
            limit,
            block: Block::NEW,
            position: 0,
            retry: None,
            comments: 0,
            mark: 0,
            after_cr: false,
            stands: Stands::Elsewhere,
            lent: Lent::Nothing,
            skipping: Skipping::No,
        }
    }

    /// Reads `slice` up to the next item, and tells how much of it was read.
    pub(crate) fn next(
        &mut self,
        slice: &[u8],
        first: First,
        wanted: Wanted,
    ) -> (usize, Result<Option<Item<Place>>, TooLong>) {
        self.release();
        let mut at = 0;
        let result = self.read(slice, &mut at, first, wanted);
        self.position += at as u64;
        self.stands = self.where_it_stands();
        (at, result)
    }

    /// The stream has ended: the line that its end cut off, if that is one which
    /// the standard passes over; then the event that it left open.
    pub(crate) fn finish_item(&mut self) -> Option<Item<Place>> {
        if self.lent == Lent::End {
            return None;
        }
        self.release();
        if self.mark < WHOLE_MARK && self.keep_begun_mark().is_err() {
            return self.finish().map(Item::Event);
        }
        match self.kept_line() {
            (field @ (Field::Comment | Field::Unknown(_)), value)
                if !self.kept.line().is_empty() =>
            {
                self.lent = Lent::Line;
                self.stands = Stands::Elsewhere;
                self.pass_over_kept(field, value, Wanted::Items)
            }
            _ => self.finish().map(Item::Event),
        }
    }

    /// The stream has ended: the event that it left open, if it left one.
    ///
    /// What the line says that the end cut off is lent from where it is: it may
    /// be too long for the buffers of names and IDs.
    pub(crate) fn finish(&mut self) -> Option<Event<Place>> {
        if self.lent == Lent::End {
            return None;
        }
        self.release();
        self.lent = Lent::End;
        self.stands = Stands::Elsewhere;
        let (field, value) = self.kept_line();
        if field == Field::Data {
            self.keep_data_line(value.clone());
        }
        let data = Place::Carry(self.kept.data()?);
        let id = self.kept.id().map_or(Place::LastId, |_| Place::Id);
        let said = self.kept.carry().get(value.clone()).unwrap_or_default();
        let (name, id, retry) = match field {
            Field::Event => (Place::Carry(value), id, None),
            Field::Id if memchr(0, said).is_none() => (Place::Name, Place::Carry(value), None),
            Field::Retry => (Place::Name, id, field::milliseconds(said)),
            _ => (Place::Name, id, None),
        };
        self.block.retry = retry.or(self.block.retry);
        Some(self.event(data, name, id, self.position))
    }

    pub(crate) fn resolve<'a, 'i: 'a>(&'a self, place: &Place, input: &'i [u8]) -> &'a [u8] {
        match place {
            Place::Input(range) => input.get(range.clone()).unwrap_or_default(),
            Place::Carry(range) => self.kept.carry().get(range.clone()).unwrap_or_default(),
            Place::Name => self.kept.name(),
            Place::Id => self.kept.id().unwrap_or_default(),
            Place::LastId => self.kept.last_id(),
        }
    }

    pub(crate) fn last_event_id(&self) -> Option<&[u8]> {
        Some(self.kept.last_id()).filter(|id| !id.is_empty())
    }

    /// Where the block begins that is open, and may yet be an event.
    pub(crate) fn open_block(&self) -> Option<u64> {
        let is_over = matches!(self.lent, Lent::Block | Lent::End) || self.skipping != Skipping::No;
        let begun_mark = (1..WHOLE_MARK).contains(&self.mark).then_some(0);
        self.block.start.or(begun_mark).filter(|_| !is_over)
    }

    pub(crate) fn retry(&self) -> Option<u64> {
        self.retry
    }

    pub(crate) fn position(&self) -> u64 {
        self.position
    }

    pub(crate) fn comments(&self) -> u64 {
        self.comments
    }

    pub(crate) fn limit(&self) -> usize {
        self.limit
    }

    /// Forgets what was lent, and begins a new stream where one has ended.
    fn release(&mut self) {
        match mem::replace(&mut self.lent, Lent::Nothing) {
            Lent::Nothing => {}
            Lent::Block => self.forget_block(),
            Lent::Line => self.kept.drop_line(),
            Lent::End => {
                self.forget_block();
                self.position = 0;
                self.mark = 0;
                self.after_cr = false;
                self.skipping = Skipping::No;
            }
        }
    }

    fn forget_block(&mut self) {
        self.kept.forget();
        self.block = Block::NEW;
    }

    fn read(
        &mut self,
        slice: &[u8],
        at: &mut usize,
        mut first: First,
        wanted: Wanted,
    ) -> Result<Option<Item<Place>>, TooLong> {
        let mut found = Found::default();
        self.skip_byte_order_mark(slice, at)?;
        loop {
            if self.after_cr && *at < slice.len() {
                *at += usize::from(slice.get(*at) == Some(&b'\n'));
                self.after_cr = false;
            }
            let start = *at;
            let rest = slice.get(start..).unwrap_or_default();
            if !rest.is_empty() && self.block.start.is_none() {
                self.block.start = Some(self.position + start as u64);
            }
            let len = match mem::replace(&mut first, First::Unknown) {
                First::Unknown => line_len(rest),
                First::Searched(len) => len,
            };
            let Some(len) = len else {
                *at = slice.len();
                self.keep(slice, &found);
                self.keep_line(rest, self.position + start as u64)?;
                return Ok(None);
            };
            *at = start + len + 1;
            self.after_cr = rest.get(len) == Some(&b'\r');
            if self.skipping != Skipping::No {
                self.skip_line(len);
                continue;
            }
            let is_whole = self.kept.line().is_empty();
            let is_blank = is_whole && len == 0;
            let item = if is_blank {
                self.dispatch(slice, &found, *at)
            } else if is_whole {
                self.read_line(slice, start..start + len, &mut found, wanted)?
            } else {
                let line = rest.get(..len).unwrap_or_default();
                self.keep_line(line, self.block.line_at)
                    .inspect_err(|_| self.skipping = Skipping::Block)?;
                self.read_kept_line(wanted)?
            };
            match item {
                Some(Item::Event(_)) => return Ok(item),
                Some(_) => {
                    self.keep(slice, &found);
                    return Ok(item);
                }
                None if is_blank => found = Found::default(),
                None => {}
            }
        }
    }

    /// The standard strips one, at the very start. What only begins like one is
    /// the start of a line.
    fn skip_byte_order_mark(&mut self, slice: &[u8], at: &mut usize) -> Result<(), TooLong> {
        while self.mark < WHOLE_MARK {
            let Some(byte) = slice.get(*at) else {
                return Ok(());
            };
            if BYTE_ORDER_MARK.get(usize::from(self.mark)) != Some(byte) {
                return self.keep_begun_mark();
            }
            self.mark += 1;
            *at += 1;
        }
        Ok(())
    }

    /// What has come of a byte order mark is the start of the first line.
    fn keep_begun_mark(&mut self) -> Result<(), TooLong> {
        let begun = mem::replace(&mut self.mark, WHOLE_MARK);
        self.block.start = Some(0);
        self.keep_line(
            BYTE_ORDER_MARK
                .get(..usize::from(begun))
                .unwrap_or_default(),
            0,
        )
    }

    /// Passes over the end of a line, of so many bytes, of a block that is too
    /// long.
    fn skip_line(&mut self, len: usize) {
        if self.skipping == Skipping::Block && len == 0 {
            self.skipping = Skipping::No;
            self.forget_block();
        } else {
            self.skipping = Skipping::Block;
        }
    }

    /// A blank line: the block is whole.
    fn dispatch(&mut self, slice: &[u8], found: &Found, end: usize) -> Option<Item<Place>> {
        if let Some(id) = &found.id {
            self.kept.keep_id(slice.get(id.clone()).unwrap_or_default());
        }
        self.kept.commit_id();
        let kept = self.kept.data().map(Place::Carry);
        let Some(data) = found.data.clone().map(Place::Input).or(kept) else {
            self.forget_block();
            return None;
        };
        let name = found.name.clone().map_or(Place::Name, Place::Input);
        let end = self.position + end as u64;
        self.lent = Lent::Block;
        Some(Item::Event(self.event(data, name, Place::LastId, end)))
    }

    fn event(&self, data: Place, name: Place, id: Place, end: u64) -> Event<Place> {
        Event {
            name: self.unless_empty(name),
            data,
            id: self.unless_empty(id),
            retry: self.block.retry,
            span: Span {
                start: self.block.start.unwrap_or(end),
                end,
            },
            data_at: self.block.data_at,
        }
    }

    fn unless_empty(&self, place: Place) -> Option<Place> {
        let is_empty = match &place {
            Place::Input(range) => range.is_empty(),
            place => self.resolve(place, &[]).is_empty(),
        };
        (!is_empty).then_some(place)
    }

    #[cold]
    fn too_long<T>(&mut self, skipping: Skipping) -> Result<T, TooLong> {
        let error = TooLong {
            at: self.block.start.unwrap_or(self.position),
            limit: self.limit,
        };
        self.forget_block();
        self.skipping = skipping;
        Err(error)
    }
}

/// How long the line is that `bytes` begins with; `None` if its end is not there.
fn line_len(bytes: &[u8]) -> Option<usize> {
    let len = match bytes {
        [b'\n' | b'\r', ..] => Some(0),
        [] | [_] => None,
        _ => memchr2(b'\n', b'\r', bytes),
    };
    #[cfg(test)]
    tests::count(len.map_or(bytes.len(), |len| len + 1));
    len
}
