//! What the original does not do.

mod common;

use std::{convert::Infallible, panic, pin::pin, task::Poll};

use common::{Item, any_cut, event, message, read, read_by_original};
use deltaic_corpus::cut;
use deltaic_eventsource::Event;
use futures::{Stream, stream};

#[test]
fn a_byte_order_mark_is_passed_over() {
    let stream = b"\xEF\xBB\xBFdata: a\n\n";
    assert_eq!(any_cut(stream), [message("a")]);
    assert!(panic::catch_unwind(|| read_by_original([&stream[..]])).is_err());
}

#[test]
fn a_cr_ends_its_line_at_once() {
    let stream = b"data: a\r\rdata: b\rdata: c\r\r";
    assert_eq!(any_cut(stream), [message("a"), message("b\nc")]);
    assert_eq!(
        read_by_original([&stream[..]]),
        [message("a")],
        "and the last is lost"
    );
    // It waits for no byte that may never come.
    let reads = stream::iter([Ok::<_, Infallible>("data: a\r\r")]).chain_pending();
    let mut events = pin!(deltaic_eventsource::EventStream::new(reads));
    let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
    let first = events.as_mut().poll_next(&mut cx);
    assert_eq!(first, Poll::Ready(Some(Ok(event("message", "a")))));
}

/// A stream that waits for ever where another would end.
trait ChainPending: Stream + Sized {
    fn chain_pending(self) -> impl Stream<Item = Self::Item> {
        futures::StreamExt::chain(self, stream::pending())
    }
}

impl<S: Stream> ChainPending for S {}

fn is_utf8_error(item: &Item) -> bool {
    matches!(item, Err(error) if error.starts_with("UTF8 error: "))
}

#[test]
fn a_bad_byte_spoils_its_own_event_and_no_other() {
    for spoiled in [&b"data: b\xFF\n\n"[..], b"event: \xC3\ndata: b\n\n"] {
        let stream = [b"data: a\n\n", spoiled, b"data: c\n\n"].concat();
        let items = any_cut(&stream);
        assert_eq!((&items[0], &items[2]), (&message("a"), &message("c")));
        assert!(is_utf8_error(&items[1]), "{items:?}");
        assert_eq!(items.len(), 3);
        let original = read_by_original([&stream[..]]);
        assert!(
            is_utf8_error(&original[1]) && original.len() == 2,
            "{original:?}"
        );
    }
}

#[test]
fn a_bad_byte_in_what_is_no_text_of_an_event_spoils_none() {
    let items = any_cut(b": \xFF\nx\xFF: \xFF\n\xFF\ndata: a\n\n");
    assert_eq!(items, [message("a")]);
    let items = any_cut(b"id: 1\xFF\ndata: a\n\nid: \xFE\n\ndata: b\n\n");
    let with_id = |data: &str, id: &str| {
        Ok(Event {
            id: id.into(),
            ..event("message", data)
        })
    };
    assert_eq!(items, [with_id("a", "1\u{FFFD}"), with_id("b", "\u{FFFD}")]);
}

#[test]
fn what_ends_inside_a_character_ends_as_anywhere_else() {
    let stream = b"data: a\n\ndata: \xC3";
    assert_eq!(any_cut(stream), [message("a")]);
    assert!(is_utf8_error(&read_by_original([&stream[..]])[1]));
}

#[test]
fn a_retry_is_digits() {
    for (value, expected) in [("+5", None), ("99999999999999999999", Some(u64::MAX))] {
        let stream = format!("retry: {value}\ndata\n\n");
        let items = any_cut(stream.as_bytes());
        let retry = items[0].as_ref().expect("UTF-8").retry;
        assert_eq!(retry, expected.map(std::time::Duration::from_millis));
        assert_ne!(read_by_original([stream.as_bytes()]), items);
    }
}

/// What is searched for line ends is counted where it is: in the framer's tests.
#[test]
fn a_long_event_in_small_reads_is_copied_a_few_times_over() {
    let stream = format!("data: {}\n\n", "x".repeat(4 << 20));
    let mut items = Vec::new();
    let memory = allocation_counter::measure(|| {
        items = read(cut::into(stream.as_bytes(), 1 << 10));
    });
    assert_eq!(items[0].as_ref().map(|event| event.data.len()), Ok(4 << 20));
    assert!(memory.bytes_total < 8 * stream.len() as u64, "{memory:?}");
}

#[test]
fn many_events_in_one_read_are_copied_twice() {
    let stream = "data: x\n\n".repeat(100_000);
    let mut events = pin!(deltaic_eventsource::EventStream::new(stream::iter([Ok::<
        _,
        Infallible,
    >(
        &stream
    )])));
    let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
    let memory = allocation_counter::measure(|| {
        let mut count = 0;
        while let Poll::Ready(Some(Ok(_))) = events.as_mut().poll_next(&mut cx) {
            count += 1;
        }
        assert_eq!(count, 100_000);
    });
    assert!(memory.bytes_total < 2 * stream.len() as u64, "{memory:?}");
    assert!(
        memory.bytes_current <= 0,
        "nothing is held on to: {memory:?}"
    );
}
