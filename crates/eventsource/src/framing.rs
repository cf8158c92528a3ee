//! From reads to events.

use alloc::{string::String, vec::Vec};

use deltaic_sse::Framer;

use crate::{error::EventStreamError, event::Event};

/// The framer, and what it has not read yet.
#[derive(Debug)]
pub(crate) struct Framing {
    framer: Framer,
    /// What followed the first event of the last read. A read of one event, as
    /// most are, is never copied here; and no memory waits while none is there.
    rest: Vec<u8>,
    /// How much of it has been framed.
    framed: usize,
    /// Of the last event, or what the caller set since.
    pub(crate) last_id: String,
}

/// An item of the stream.
type Item<E> = Result<Event, EventStreamError<E>>;

impl Framing {
    pub(crate) fn with_limit(limit: usize) -> Self {
        Self {
            framer: Framer::with_limit(limit),
            rest: Vec::new(),
            framed: 0,
            last_id: String::new(),
        }
    }

    /// The next event of the last read; `None` means that it is used up.
    pub(crate) fn next<E>(&mut self) -> Option<Item<E>> {
        let mut input = self.rest.get(self.framed..).unwrap_or_default();
        let item = next(&mut self.framer, &mut self.last_id, &mut input);
        self.framed = self.rest.len() - input.len();
        if input.is_empty() {
            self.rest = Vec::new();
            self.framed = 0;
        }
        item
    }

    /// The first event of another read. The last one is to be used up.
    pub(crate) fn push<E>(&mut self, mut read: &[u8]) -> Option<Item<E>> {
        let item = next(&mut self.framer, &mut self.last_id, &mut read);
        self.rest.extend_from_slice(read);
        item
    }
}

fn next<E>(framer: &mut Framer, last_id: &mut String, input: &mut &[u8]) -> Option<Item<E>> {
    let event = match framer.next(input) {
        Ok(event) => event?,
        Err(error) => return Some(Err(EventStreamError::too_long(error))),
    };
    let id = String::from_utf8_lossy(event.id.unwrap_or_default());
    if id != *last_id {
        *last_id = id.into_owned();
    }
    Some(Event::new(&event, last_id).map_err(EventStreamError::Utf8))
}
