//! Streams of reads, through ours and through the original.

#![expect(unreachable_pub, reason = "a module of each test that names it")]
#![allow(dead_code, reason = "no test uses all of it")]

use std::convert::Infallible;

use deltaic_corpus::cut;
use deltaic_eventsource::{Event, EventStream};
use futures::{StreamExt, executor::block_on, stream};

/// An event, or the words of an error.
pub type Item = Result<Event, String>;

/// What comes out of these reads.
pub fn read<'r>(reads: impl IntoIterator<Item = &'r [u8]>) -> Vec<Item> {
    let reads = stream::iter(reads.into_iter().map(Ok::<_, Infallible>));
    let items = EventStream::new(reads).map(|item| item.map_err(|error| error.to_string()));
    block_on(items.collect())
}

/// What comes out of the original.
pub fn read_by_original<'r>(reads: impl IntoIterator<Item = &'r [u8]>) -> Vec<Item> {
    let reads = stream::iter(reads.into_iter().map(Ok::<_, Infallible>));
    let items = eventsource_stream::EventStream::new(reads);
    block_on(items.map(of_original).collect())
}

fn of_original<E: std::fmt::Display>(
    item: Result<eventsource_stream::Event, eventsource_stream::EventStreamError<E>>,
) -> Item {
    let event = item.map_err(|error| error.to_string())?;
    Ok(Event {
        event: event.event,
        data: event.data,
        id: event.id,
        retry: event.retry,
    })
}

/// What comes out of a stream, which is the same for every cut of it.
#[track_caller]
pub fn any_cut(stream: &[u8]) -> Vec<Item> {
    let whole = read([stream]);
    for reads in cut::in_two(stream) {
        assert_eq!(read(reads), whole, "cut at {}", reads[0].len());
    }
    assert_eq!(read(cut::into(stream, 1)), whole, "byte by byte");
    whole
}

/// An event without ID and retry.
pub fn event(name: &str, data: &str) -> Event {
    Event {
        event: name.into(),
        data: data.into(),
        ..Event::default()
    }
}

/// One without a name either, as an item.
#[expect(clippy::unnecessary_wraps, reason = "items are results")]
pub fn message(data: &str) -> Item {
    Ok(event("message", data))
}
