use std::fmt;

use sse_stream::SseByteStream;

use super::{
    Data, Framing,
    feed::{Feed, next},
};
use crate::Read;

/// sse-stream.
pub struct SseStream {
    feed: Feed<Read>,
    events: SseByteStream<Feed<Read>>,
}

impl Default for SseStream {
    fn default() -> Self {
        let feed = Feed::new();
        Self {
            events: SseByteStream::new(feed.end()),
            feed,
        }
    }
}

impl fmt::Debug for SseStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SseStream")
    }
}

impl Framing for SseStream {
    fn push(&mut self, read: Read, mut each: impl FnMut(Data<'_>)) {
        self.feed.put(read);
        while let Some(event) = next(&mut self.events) {
            if let Some(data) = &event.expect("an event").data {
                each(Data::Text(data));
            }
        }
    }
}
