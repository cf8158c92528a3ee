use std::fmt;

use eventsource_stream::{EventStream, Eventsource};

use super::{
    Data, Framing,
    feed::{Feed, next},
};
use crate::Read;

/// eventsource-stream.
pub struct EventsourceStream {
    feed: Feed<Read>,
    events: EventStream<Feed<Read>>,
}

impl Default for EventsourceStream {
    fn default() -> Self {
        let feed = Feed::new();
        Self {
            events: feed.end().eventsource(),
            feed,
        }
    }
}

impl Framing for EventsourceStream {
    fn push(&mut self, read: Read, mut each: impl FnMut(Data<'_>)) {
        self.feed.put(read);
        while let Some(event) = next(&mut self.events) {
            each(Data::Text(&event.expect("an event").data));
        }
    }
}

impl fmt::Debug for EventsourceStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EventsourceStream")
    }
}
