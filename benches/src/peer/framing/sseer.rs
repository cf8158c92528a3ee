use bytes::Bytes;
use sseer::EventStream;

use super::{
    Data, Framing,
    feed::{Feed, next},
};
use crate::Read;

/// sseer.
#[derive(Debug)]
pub struct Sseer {
    feed: Feed<Bytes>,
    events: EventStream<Feed<Bytes>>,
}

impl Default for Sseer {
    fn default() -> Self {
        let feed = Feed::new();
        Self {
            events: EventStream::new(feed.end()),
            feed,
        }
    }
}

impl Framing for Sseer {
    fn push(&mut self, read: Read, mut each: impl FnMut(Data<'_>)) {
        self.feed.put(read);
        while let Some(event) = next(&mut self.events) {
            each(Data::Text(&event.expect("an event").data));
        }
    }
}
