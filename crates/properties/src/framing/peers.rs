//! Other framers, asked for the same stream.
//!
//! Both make text of the bytes and fill in `message` for a name that is missing.
//! What one may differ in is left out: sse-core keeps `retry` in 32 bits,
//! sse-parse ignores what does not fit 64; neither gives what the end leaves.

use std::{num::NonZeroUsize, time::Duration};

use bytes::Bytes;
use sse_core::{SseDecoder, SseEvent};
use sse_parse::SseParser;

use super::Told;

/// An event, as both spell it.
#[derive(Debug, Eq, PartialEq)]
struct Spelled {
    name: String,
    data: String,
    id: String,
}

pub(super) fn agree(told: &Told, reads: &[&[u8]]) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let ours: Vec<Spelled> = told
        .events()
        .into_iter()
        .map(|event| Spelled {
            name: event.name.map_or("message".into(), |name| text(&name)),
            data: text(&event.data),
            id: event.id.map_or(String::new(), |id| text(&id)),
        })
        .collect();
    assert_eq!(sse_core(reads), ours, "sse-core differs");
    let (events, retry) = sse_parse(reads);
    assert_eq!(events, ours, "sse-parse differs");
    if told.retry != Some(u64::MAX) {
        assert_eq!(
            retry,
            told.retry.map(Duration::from_millis),
            "sse-parse differs"
        );
    }
}

fn sse_core(reads: &[&[u8]]) -> Vec<Spelled> {
    let mut decoder = SseDecoder::with_limit(NonZeroUsize::MAX);
    let mut events = Vec::new();
    for read in reads {
        let mut read = Bytes::copy_from_slice(read);
        while let Some(event) = decoder.next(&mut read) {
            if let SseEvent::Message(event) = event.expect("the limit is far") {
                events.push(Spelled {
                    name: event.event.into_owned(),
                    data: event.data,
                    id: event
                        .last_event_id
                        .map_or(String::new(), |id| id.to_string()),
                });
            }
        }
    }
    events
}

fn sse_parse(reads: &[&[u8]]) -> (Vec<Spelled>, Option<Duration>) {
    let mut parser = SseParser::new();
    let mut events = Vec::new();
    for read in reads {
        parser.feed(read);
        while let Some(event) = parser.next_event() {
            events.push(Spelled {
                name: event.event,
                data: event.data,
                id: event.id,
            });
        }
    }
    (events, parser.retry())
}
