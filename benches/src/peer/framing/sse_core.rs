use sse_core::{SseDecoder, SseEvent};

use super::{Data, Framing};
use crate::Read;

/// sse-core.
#[derive(Debug)]
pub struct SseCore(SseDecoder);

impl Default for SseCore {
    fn default() -> Self {
        // Its default is less than the largest event that is read here.
        Self(SseDecoder::with_limit(std::num::NonZeroUsize::MAX))
    }
}

impl Framing for SseCore {
    fn push(&mut self, mut read: Read, mut each: impl FnMut(Data<'_>)) {
        while let Some(event) = self.0.next(&mut read) {
            if let SseEvent::Message(message) = event.expect("an event within the limit") {
                each(Data::Text(&message.data));
            }
        }
    }
}
