//! The framer over `Bytes`.

use alloc::vec::Vec;

use bytes::{Buf, Bytes};

use crate::{
    engine::{Engine, Place, Wanted},
    event::{Event, Item, TooLong},
    framer::DEFAULT_LIMIT,
    kept::Kept,
};

/// Finds the events in `Bytes` and hands them out as `Bytes`, to be kept or sent
/// on.
///
/// An event that lies in one input shares its memory. One that straddles inputs
/// owns what was carried for it, and nothing more: a small event never holds on
/// to the memory of a large one. A name that was kept from an earlier input is a
/// copy, and so is an ID, which all the events share that it lasts for.
///
/// ```
/// use bytes::Bytes;
/// use deltaic_sse::BytesFramer;
///
/// let mut framer = BytesFramer::new();
/// let mut read = Bytes::from_static(b"data: Hello\n\n");
/// let event = framer.next(&mut read)?.expect("one event");
/// assert_eq!(event.data, "Hello");
/// # Ok::<(), deltaic_sse::TooLong>(())
/// ```
#[derive(Debug)]
pub struct BytesFramer {
    engine: Engine<Vec<u8>>,
    /// A copy of the last event ID, which the events share that it lasts for.
    last_id: Bytes,
}

impl BytesFramer {
    /// For a stream that has not begun, with [`DEFAULT_LIMIT`].
    #[must_use]
    pub const fn new() -> Self {
        Self::with_limit(DEFAULT_LIMIT)
    }

    /// As [`BytesFramer::new`], for events of up to `limit` bytes.
    #[must_use]
    pub const fn with_limit(limit: usize) -> Self {
        let kept = Kept::new(Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Self {
            engine: Engine::new(kept, limit),
            last_id: Bytes::new(),
        }
    }

    /// The next event, and `input` advanced to behind it; `None` means that
    /// `input` is used up.
    ///
    /// # Errors
    ///
    /// As for [`Framer::next`](crate::Framer::next).
    pub fn next(&mut self, input: &mut Bytes) -> Result<Option<Event<Bytes>>, TooLong> {
        let item = self.take(input, Wanted::Events)?;
        Ok(item.and_then(Item::event))
    }

    /// The next event, comment, or field that the standard does not know.
    ///
    /// # Errors
    ///
    /// As for [`Framer::next`](crate::Framer::next).
    pub fn next_item(&mut self, input: &mut Bytes) -> Result<Option<Item<Bytes>>, TooLong> {
        self.take(input, Wanted::Items)
    }

    /// The event that the end of the stream left open: see
    /// [`Framer::finish`](crate::Framer::finish).
    pub fn finish(&mut self) -> Option<Event<Bytes>> {
        let event = Item::Event(self.engine.finish()?);
        self.own(event, &Bytes::new()).event()
    }

    /// As [`BytesFramer::finish`], but first the line that the end of the stream
    /// cut off: see [`Framer::finish_item`](crate::Framer::finish_item).
    pub fn finish_item(&mut self) -> Option<Item<Bytes>> {
        let item = self.engine.finish_item()?;
        Some(self.own(item, &Bytes::new()))
    }

    /// The last event ID as of the last whole block; `None` while it is empty.
    #[must_use]
    pub fn last_event_id(&self) -> Option<&[u8]> {
        self.engine.last_event_id()
    }

    /// The last reconnection time, in milliseconds.
    #[must_use]
    pub fn retry(&self) -> Option<u64> {
        self.engine.retry()
    }

    /// How many bytes of the stream have been taken.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.engine.position()
    }

    /// How many comments have come: a sign of life.
    #[must_use]
    pub fn comments(&self) -> u64 {
        self.engine.comments()
    }

    /// How long an event may be.
    #[must_use]
    pub fn limit(&self) -> usize {
        self.engine.limit()
    }

    fn take(&mut self, input: &mut Bytes, wanted: Wanted) -> Result<Option<Item<Bytes>>, TooLong> {
        let (taken, item) = self.engine.next(input, wanted);
        let item = item.map(|item| item.map(|item| self.own(item, input)));
        #[expect(clippy::disallowed_methods, reason = "what was taken is of `input`")]
        input.advance(taken);
        item
    }

    fn own(&mut self, item: Item<Place>, input: &Bytes) -> Item<Bytes> {
        let carry = match &item {
            // The carry is forgotten with the event, so that it can move out.
            Item::Event(Event {
                data: Place::Carry(_),
                ..
            }) => self.take_carry(),
            _ => Bytes::new(),
        };
        #[expect(
            clippy::disallowed_methods,
            reason = "the engine's places are ranges of the slices that it was given"
        )]
        item.map(|place| match place {
            Place::Input(range) => input.slice(range),
            Place::Carry(range) if !carry.is_empty() => carry.slice(range),
            Place::LastId => self.last_id(),
            place => Bytes::copy_from_slice(self.engine.resolve(&place, input)),
        })
    }

    fn take_carry(&mut self) -> Bytes {
        let mut carry = self.engine.kept.take_carry();
        // Room that only lines took which say nothing is not the event's.
        carry.shrink_to(2 * carry.len());
        carry.into()
    }

    fn last_id(&mut self) -> Bytes {
        if self.engine.kept.take_last_id_is_new() {
            self.last_id = Bytes::copy_from_slice(self.engine.kept.last_id());
        }
        self.last_id.clone()
    }
}

impl Default for BytesFramer {
    fn default() -> Self {
        Self::new()
    }
}
