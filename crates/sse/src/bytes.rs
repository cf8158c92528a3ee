//! The framer over `Bytes`.

use alloc::vec::Vec;

use bytes::{Buf, Bytes};

use crate::{
    engine::{Engine, First, Look, Place, Plain, Wanted},
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
/// let mut read = Bytes::from_static(b"data: Hello\n\ndata: wor");
/// let came = read.as_ptr_range();
/// let hello = framer.next(&mut read)?.expect("an event");
/// assert_eq!(hello.data, "Hello");
/// // It lies where it came.
/// assert!(came.contains(&hello.data.as_ptr()));
///
/// assert_eq!(framer.next(&mut read)?, None);
/// let mut read = Bytes::from_static(b"ld\n\n");
/// let world = framer.next(&mut read)?.expect("an event");
/// // The first is there as long as it is kept.
/// assert_eq!((hello.data, world.data), (Bytes::from("Hello"), Bytes::from("world")));
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
        Self {
            engine: Engine::new(Kept::NOTHING, limit),
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
        match self.look(input) {
            Look::Plain(plain) => Ok(Some(self.share(plain, input))),
            Look::UsedUp => Ok(None),
            Look::Other(first) => {
                let item = self.take(input, first, Wanted::Events)?;
                Ok(item.and_then(Item::event))
            }
        }
    }

    /// The next event, comment, or field that the standard does not know.
    ///
    /// ```
    /// use bytes::Bytes;
    /// use deltaic_sse::{BytesFramer, Item};
    ///
    /// let mut framer = BytesFramer::new();
    /// let mut read = Bytes::from_static(b": ping\nerror: overloaded\n\n");
    /// let item = framer.next_item(&mut read)?;
    /// assert_eq!(item, Some(Item::Comment { text: Bytes::from("ping"), at: 0 }));
    /// let Some(Item::Field { name, value, .. }) = framer.next_item(&mut read)? else {
    ///     panic!("no field");
    /// };
    /// assert_eq!((name, value), (Bytes::from("error"), Bytes::from("overloaded")));
    /// # Ok::<(), deltaic_sse::TooLong>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As for [`Framer::next`](crate::Framer::next).
    pub fn next_item(&mut self, input: &mut Bytes) -> Result<Option<Item<Bytes>>, TooLong> {
        match self.look(input) {
            Look::Plain(plain) => Ok(Some(Item::Event(self.share(plain, input)))),
            Look::UsedUp => Ok(None),
            Look::Other(first) => self.take(input, first, Wanted::Items),
        }
    }

    /// The event that the end of the stream left open: see
    /// [`Framer::finish`](crate::Framer::finish).
    ///
    /// ```
    /// use bytes::Bytes;
    /// use deltaic_sse::BytesFramer;
    ///
    /// let mut framer = BytesFramer::new();
    /// let mut read = Bytes::from_static(b"data: kept\n\ndata: last");
    /// let kept = framer.next(&mut read)?.expect("one event");
    /// assert_eq!(framer.next(&mut read)?, None);
    /// assert_eq!(framer.finish().expect("an open event").data, "last");
    /// assert_eq!(kept.data, "kept");
    /// # Ok::<(), deltaic_sse::TooLong>(())
    /// ```
    pub fn finish(&mut self) -> Option<Event<Bytes>> {
        let event = self.engine.finish()?;
        Some(self.own_event(event, &Bytes::new()))
    }

    /// As [`BytesFramer::finish`], but first the line that the end of the stream
    /// cut off: see [`Framer::finish_item`](crate::Framer::finish_item).
    ///
    /// ```
    /// use bytes::Bytes;
    /// use deltaic_sse::{BytesFramer, Item};
    ///
    /// let mut framer = BytesFramer::new();
    /// let mut read = Bytes::from_static(b"data: last\nerror: overloa");
    /// assert_eq!(framer.next_item(&mut read)?, None);
    /// let item = framer.finish_item();
    /// assert!(matches!(item, Some(Item::Field { value, .. }) if value == "overloa"));
    /// let item = framer.finish_item();
    /// assert!(matches!(item, Some(Item::Event(event)) if event.data == "last"));
    /// assert_eq!(framer.finish_item(), None);
    /// # Ok::<(), deltaic_sse::TooLong>(())
    /// ```
    pub fn finish_item(&mut self) -> Option<Item<Bytes>> {
        let item = self.engine.finish_item()?;
        Some(self.own(item, &Bytes::new()))
    }

    /// The last event ID as of the last whole block; `None` while it is empty.
    ///
    /// ```
    /// use bytes::Bytes;
    ///
    /// let mut framer = deltaic_sse::BytesFramer::new();
    /// let mut read = Bytes::from_static(b"id: 7\nretry: 500\ndata: a\n\nid: 8\ndata: not wh");
    /// let event = framer.next(&mut read)?.expect("an event");
    /// assert_eq!(framer.next(&mut read)?, None);
    /// // What a client sends when it connects again, and after how long.
    /// assert_eq!((framer.last_event_id(), framer.retry()), (Some(&b"7"[..]), Some(500)));
    /// assert_eq!(event.id.expect("an ID"), "7");
    /// # Ok::<(), deltaic_sse::TooLong>(())
    /// ```
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

    fn look(&mut self, input: &mut Bytes) -> Look {
        let (at, _) = self.engine.begins_block(input);
        advance(input, at);
        let look = self.engine.look(input);
        if let Look::UsedUp = look {
            advance(input, input.len());
        }
        look
    }

    /// Shares a plain block.
    fn share(&mut self, plain: Plain, input: &mut Bytes) -> Event<Bytes> {
        let taken = plain.taken;
        let event = self.engine.plain(plain);
        let event = self.own_event(event, input);
        advance(input, taken);
        event
    }

    fn take(
        &mut self,
        input: &mut Bytes,
        first: First,
        wanted: Wanted,
    ) -> Result<Option<Item<Bytes>>, TooLong> {
        let (taken, item) = self.engine.next(input, first, wanted);
        let item = item.map(|item| item.map(|item| self.own(item, input)));
        advance(input, taken);
        item
    }

    fn own(&mut self, item: Item<Place>, input: &Bytes) -> Item<Bytes> {
        match item {
            Item::Event(event) => Item::Event(self.own_event(event, input)),
            line => line.map(|place| self.bytes(place, input, &Bytes::new())),
        }
    }

    fn own_event(&mut self, event: Event<Place>, input: &Bytes) -> Event<Bytes> {
        let carry = match &event.data {
            // The carry is forgotten with the event, so that it can move out.
            Place::Carry(_) => self.take_carry(),
            _ => Bytes::new(),
        };
        event.map(|place| self.bytes(place, input, &carry))
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "the engine's places are ranges of the slices that it was given"
    )]
    fn bytes(&mut self, place: Place, input: &Bytes, carry: &Bytes) -> Bytes {
        match place {
            Place::Input(range) => input.slice(range),
            Place::Carry(range) if !carry.is_empty() => carry.slice(range),
            Place::LastId => self.last_id(),
            place => Bytes::copy_from_slice(self.engine.resolve(&place, input)),
        }
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

#[expect(clippy::disallowed_methods, reason = "what was taken is of `input`")]
fn advance(input: &mut Bytes, taken: usize) {
    input.advance(taken);
}

impl Default for BytesFramer {
    fn default() -> Self {
        Self::new()
    }
}
