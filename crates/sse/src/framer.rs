//! The framer over borrowed slices.

#[cfg(feature = "alloc")]
use alloc::vec::Vec;

use crate::{
    buffer::{self, Buffer, Slice},
    engine::{Engine, First, Look, Place, Plain, Wanted},
    event::{Event, Item, TooLong},
    field::LONGEST_PREFIX,
    kept::Kept,
};

/// How long an event may be unless the caller says otherwise: 16 MiB. Images
/// arrive as one line.
///
/// ```
/// use deltaic_sse::{DEFAULT_LIMIT, Framer};
///
/// assert_eq!(Framer::new().limit(), DEFAULT_LIMIT);
/// assert_eq!(Framer::with_limit(DEFAULT_LIMIT / 16).limit(), 1 << 20);
/// ```
#[cfg(feature = "alloc")]
pub const DEFAULT_LIMIT: usize = 16 << 20;

/// Finds the events in slices of a stream and lends them out.
///
/// An event that lies in one slice is borrowed from it, and nothing is allocated
/// for it, so idle streams are cheap. Three things are copied: what straddles
/// slices; the values of several `data` lines, whose join stands nowhere in the
/// stream; and the last event ID, which outlasts its slice.
///
/// An event may be as long as the limit: its data so far and the line at hand,
/// whatever that says, are together no longer. So a framer never holds more than
/// the limit, an event's name and two IDs, however the stream was cut.
///
/// ```
/// # use deltaic_sse::{Framer, TooLong};
/// fn print_all(reads: &[&[u8]]) -> Result<(), TooLong> {
///     let mut framer = Framer::new();
///     for mut read in reads.iter().copied() {
///         while let Some(event) = framer.next(&mut read)? {
///             println!("{}", String::from_utf8_lossy(event.data));
///         }
///     }
///     Ok(())
/// }
/// # print_all(&[b"data: a\n\n"]).unwrap();
/// ```
#[derive(Debug)]
pub struct Framer<B: Buffer = buffer::Default> {
    engine: Engine<B>,
}

#[cfg(feature = "alloc")]
impl Framer<Vec<u8>> {
    /// For a stream that has not begun, with [`DEFAULT_LIMIT`].
    #[must_use]
    pub const fn new() -> Self {
        Self::with_limit(DEFAULT_LIMIT)
    }

    /// As [`Framer::new`], for events of up to `limit` bytes.
    ///
    /// ```
    /// let mut framer = deltaic_sse::Framer::with_limit(12);
    /// let mut read = &b"data: Hello\n\ndata: Hello, world\n\ndata: Hi\n\n"[..];
    /// assert_eq!(framer.next(&mut read)?.expect("an event").data, b"Hello");
    /// let error = framer.next(&mut read).unwrap_err();
    /// assert_eq!(error.to_string(), "event at byte 13 is longer than 12 bytes");
    /// // It costs the stream no more than that event.
    /// assert_eq!(framer.next(&mut read)?.expect("an event").data, b"Hi");
    /// # Ok::<(), deltaic_sse::TooLong>(())
    /// ```
    #[must_use]
    pub const fn with_limit(limit: usize) -> Self {
        Self {
            engine: Engine::new(Kept::NOTHING, limit),
        }
    }
}

impl<'b> Framer<Slice<'b>> {
    /// For a stream that has not begun, keeping what straddles slices in `memory`:
    /// nothing is ever allocated.
    ///
    /// Five eighths of `memory` carry an event, and so bound its length. An eighth
    /// each is for its name, its ID and the last event ID; an event with a longer
    /// one is [`TooLong`] too.
    ///
    /// ```
    /// let mut memory = [0; 4096];
    /// let mut framer = deltaic_sse::Framer::in_slice(&mut memory);
    /// let mut read = &b"data: Hello\n\n"[..];
    /// let event = framer.next(&mut read)?.expect("one event");
    /// assert_eq!(event.data, b"Hello");
    /// # Ok::<(), deltaic_sse::TooLong>(())
    /// ```
    pub fn in_slice(memory: &'b mut [u8]) -> Self {
        let eighth = memory.len() / 8;
        let (name, rest) = split(memory, eighth);
        let (id, rest) = split(rest, eighth);
        let (last_id, carry) = split(rest, eighth);
        let limit = carry.len().saturating_sub(LONGEST_PREFIX);
        let [carry, name, id, last_id] = [carry, name, id, last_id].map(Slice::new);
        Self {
            engine: Engine::new(Kept::new(carry, name, id, last_id), limit),
        }
    }
}

/// As `split_at_mut`, but never panics: of too little memory nothing is left.
fn split(memory: &mut [u8], at: usize) -> (&mut [u8], &mut [u8]) {
    memory.split_at_mut_checked(at).unwrap_or_default()
}

impl<B: Buffer> Framer<B> {
    /// The next event, and `input` advanced to behind it.
    ///
    /// `None` means that `input` is used up: go on with the next slice. The event
    /// borrows from `input`, or from the framer if it straddles slices.
    ///
    /// ```
    /// use deltaic_sse::Framer;
    ///
    /// let mut framer = Framer::new();
    /// let mut read = &b"data: Hel"[..];
    /// assert_eq!(framer.next(&mut read)?, None);
    /// let mut read = &b"lo\n\ndata: world\n\n"[..];
    /// assert_eq!(framer.next(&mut read)?.expect("an event").data, b"Hello");
    /// assert_eq!(read, b"data: world\n\n");
    /// # Ok::<(), deltaic_sse::TooLong>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If an event is longer than the limit: once for each, where its block goes
    /// over it. The caller may go on; the rest of that block is passed over.
    #[inline]
    pub fn next<'a, 'i: 'a>(
        &'a mut self,
        input: &mut &'i [u8],
    ) -> Result<Option<Event<&'a [u8]>>, TooLong> {
        match self.look(input) {
            Look::Plain(plain) => Ok(Some(self.lend(plain, input))),
            Look::UsedUp => Ok(None),
            Look::Other(first) => {
                let item = self.take(input, first, Wanted::Events)?;
                Ok(item.and_then(Item::event))
            }
        }
    }

    /// The next event, comment, or field that the standard does not know.
    ///
    /// As [`Framer::next`], which passes over all but the events. The two may be
    /// mixed.
    ///
    /// ```
    /// use deltaic_sse::{Framer, Item};
    ///
    /// let mut framer = Framer::new();
    /// let mut read = &b": ping\n\ndata: a\n\n"[..];
    /// let mut told = Vec::new();
    /// while let Some(item) = framer.next_item(&mut read)? {
    ///     told.push(match item {
    ///         Item::Event(event) => ("event", event.span.start),
    ///         Item::Comment { at, .. } => ("comment", at),
    ///         Item::Field { at, .. } => ("field", at),
    ///     });
    /// }
    /// assert_eq!(told, [("comment", 0), ("event", 8)]);
    /// # Ok::<(), deltaic_sse::TooLong>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As for [`Framer::next`].
    #[inline]
    pub fn next_item<'a, 'i: 'a>(
        &'a mut self,
        input: &mut &'i [u8],
    ) -> Result<Option<Item<&'a [u8]>>, TooLong> {
        match self.look(input) {
            Look::Plain(plain) => Ok(Some(Item::Event(self.lend(plain, input)))),
            Look::UsedUp => Ok(None),
            Look::Other(first) => self.take(input, first, Wanted::Items),
        }
    }

    /// Whether a block begins at `input`, which is advanced to behind the LF of a
    /// CR LF that ended the last one.
    ///
    /// For callers who know what comes: they may read a block themselves, and
    /// tell so with [`Framer::skip_blocks`]. At the start of a stream none is known to
    /// begin, for a byte order mark may come.
    ///
    /// ```
    /// let mut framer = deltaic_sse::Framer::new();
    /// let mut read = &b"data: a\n\ndata: a\n\ndata: b\n\n"[..];
    /// assert_eq!(framer.next(&mut read)?.expect("the first event").data, b"a");
    /// while framer.begins_block(&mut read) && read.starts_with(b"data: a\n\n") {
    ///     let (block, rest) = read.split_at(9);
    ///     framer.skip_blocks(block);
    ///     read = rest;
    /// }
    /// let event = framer.next(&mut read)?.expect("the third event");
    /// assert_eq!((event.data, event.span.start), (&b"b"[..], 18));
    /// # Ok::<(), deltaic_sse::TooLong>(())
    /// ```
    #[inline]
    pub fn begins_block(&mut self, input: &mut &[u8]) -> bool {
        let (at, is_between) = self.engine.begins_block(input);
        if at > 0 {
            *input = input.get(at..).unwrap_or_default();
        }
        is_between
    }

    /// The caller has read `blocks` himself: the next bytes of the stream, where
    /// [`Framer::begins_block`]. Each is to be one `data` line and the blank line
    /// behind it, the last without the LF of a CR LF at its end.
    #[inline]
    pub fn skip_blocks(&mut self, blocks: &[u8]) {
        self.engine.skip_blocks(blocks);
    }

    /// The event that the end of the stream left open, without its blank line.
    ///
    /// The standard drops it; some servers mean it. Its last line may be cut off
    /// anywhere, and counts as if it were whole; but neither an ID of the open
    /// block becomes the last event ID, nor a `retry` that was cut off the
    /// framer's.
    ///
    /// This ends the stream: what comes next is the start of another, counted
    /// from 0. The last event ID and the reconnection time stay.
    ///
    /// ```
    /// let mut framer = deltaic_sse::Framer::new();
    /// let mut read = &b"data: the last words\n"[..];
    /// assert_eq!(framer.next(&mut read)?, None);
    /// assert_eq!(framer.finish().expect("an open event").data, b"the last words");
    /// assert_eq!(framer.finish(), None);
    /// # Ok::<(), deltaic_sse::TooLong>(())
    /// ```
    pub fn finish(&mut self) -> Option<Event<&[u8]>> {
        let event = self.engine.finish()?;
        Some(event.map(|place| self.engine.resolve(&place, &[])))
    }

    /// As [`Framer::finish`], but first the comment or the field that the standard
    /// does not know, if the end of the stream cut that off. Call it until it
    /// gives `None`.
    ///
    /// ```
    /// use deltaic_sse::{Framer, Item};
    ///
    /// let mut framer = Framer::new();
    /// let mut read = &b"error: overloaded"[..];
    /// assert_eq!(framer.next_item(&mut read)?, None);
    /// let item = framer.finish_item();
    /// assert!(matches!(item, Some(Item::Field { name: b"error", value: b"overloaded", .. })));
    /// # Ok::<(), deltaic_sse::TooLong>(())
    /// ```
    pub fn finish_item(&mut self) -> Option<Item<&[u8]>> {
        let item = self.engine.finish_item()?;
        Some(item.map(|place| self.engine.resolve(&place, &[])))
    }

    /// The last event ID as of the last whole block: what a client sends when it
    /// connects again. `None` while it is empty.
    ///
    /// ```
    /// let mut framer = deltaic_sse::Framer::new();
    /// let mut read = &b"id: 7\nretry: 500\ndata: a\n\ndata: b\n\nid: 8\ndata: not wh"[..];
    /// while framer.next(&mut read)?.is_some() {}
    /// assert_eq!(framer.last_event_id(), Some(&b"7"[..]));
    /// assert_eq!(framer.retry(), Some(500));
    /// # Ok::<(), deltaic_sse::TooLong>(())
    /// ```
    #[must_use]
    pub fn last_event_id(&self) -> Option<&[u8]> {
        self.engine.last_event_id()
    }

    /// The last reconnection time, in milliseconds, also from blocks that are no
    /// events. One past the range of `u64` is its end.
    #[must_use]
    pub fn retry(&self) -> Option<u64> {
        self.engine.retry()
    }

    /// How many bytes of the stream have been taken.
    ///
    /// ```
    /// let mut framer = deltaic_sse::Framer::new();
    /// let mut read = &b"data: a\n\ndata: b"[..];
    /// framer.next(&mut read)?.expect("an event");
    /// assert_eq!(framer.position(), 9);
    /// // What has begun is taken, though no event has come of it yet.
    /// assert_eq!(framer.next(&mut read)?, None);
    /// assert_eq!(framer.position(), 16);
    /// # Ok::<(), deltaic_sse::TooLong>(())
    /// ```
    #[inline]
    #[must_use]
    pub fn position(&self) -> u64 {
        self.engine.position()
    }

    /// Where the block begins in the stream that is open, and may yet be an event:
    /// what a relay has to hold back that changes events. `None` between blocks, and in
    /// one that is too long.
    ///
    /// What begins like a byte order mark is open until it is one.
    ///
    /// ```
    /// let mut framer = deltaic_sse::Framer::new();
    /// let mut read = &b"data: a\n\ndata: b"[..];
    /// while framer.next(&mut read)?.is_some() {}
    /// // What comes before may go out.
    /// assert_eq!(framer.open_block(), Some(9));
    /// # Ok::<(), deltaic_sse::TooLong>(())
    /// ```
    #[must_use]
    pub fn open_block(&self) -> Option<u64> {
        self.engine.open_block()
    }

    /// How many comments have come: a sign of life.
    ///
    /// ```
    /// let mut framer = deltaic_sse::Framer::new();
    /// let mut read = &b": ping\n\n: ping\n\n"[..];
    /// // No event, but the server is there.
    /// assert_eq!(framer.next(&mut read)?, None);
    /// assert_eq!(framer.comments(), 2);
    /// # Ok::<(), deltaic_sse::TooLong>(())
    /// ```
    #[must_use]
    pub fn comments(&self) -> u64 {
        self.engine.comments()
    }

    /// How long an event may be.
    #[inline]
    #[must_use]
    pub fn limit(&self) -> usize {
        self.engine.limit()
    }

    #[inline]
    fn look(&mut self, input: &mut &[u8]) -> Look {
        self.begins_block(input);
        let look = self.engine.look(input);
        if let Look::UsedUp = look {
            *input = &[];
        }
        look
    }

    #[inline]
    fn lend<'a, 'i: 'a>(&'a self, plain: Plain, input: &mut &'i [u8]) -> Event<&'a [u8]> {
        let slice: &'i [u8] = input;
        *input = slice.get(plain.taken..).unwrap_or_default();
        let event = self.engine.plain(plain);
        event.map(|place| self.engine.resolve(&place, slice))
    }

    fn take<'a, 'i: 'a>(
        &'a mut self,
        input: &mut &'i [u8],
        first: First,
        wanted: Wanted,
    ) -> Result<Option<Item<&'a [u8]>>, TooLong> {
        let slice: &'i [u8] = input;
        let (taken, item) = self.engine.next(slice, first, wanted);
        *input = slice.get(taken..).unwrap_or_default();
        let engine = &self.engine;
        let resolve = |place: Place| engine.resolve(&place, slice);
        Ok(item?.map(|item| item.map(resolve)))
    }
}

#[cfg(feature = "alloc")]
impl Default for Framer<Vec<u8>> {
    fn default() -> Self {
        Self::new()
    }
}
