//! The interface, rule by rule.

mod common;

use std::{convert::Infallible, error::Error as _, io, time::Duration};

use common::{any_cut, event, message};
use deltaic_eventsource::{Event, EventStream, EventStreamError, Eventsource};
use futures::{StreamExt, executor::block_on, stream};
use nom::error::{Error as NomError, ErrorKind};

type Error = EventStreamError<io::Error>;

#[test]
fn an_event_without_a_name_is_a_message() {
    let events = any_cut(b"data: a\n\nevent: add\ndata: b\n\nevent:\ndata: c\n\n");
    assert_eq!(events, [message("a"), Ok(event("add", "b")), message("c")]);
}

#[test]
fn data_may_be_empty_or_of_several_lines() {
    let events = any_cut(b"data\n\ndata: a\ndata: b\n\n: a comment\n\nevent: none\n\n");
    assert_eq!(events, [message(""), message("a\nb")]);
}

#[test]
fn an_id_lasts_and_a_retry_does_not() {
    let events =
        any_cut(b"id: 1\nretry: 20\ndata: a\n\ndata: b\n\nid: 2\n\ndata: c\n\nid\ndata\n\n");
    let expected = [
        ("a", "1", Some(Duration::from_millis(20))),
        ("b", "1", None),
        ("c", "2", None),
        ("", "", None),
    ];
    let expected = expected.map(|(data, id, retry)| {
        Ok(Event {
            id: id.into(),
            retry,
            ..event("message", data)
        })
    });
    assert_eq!(events, expected);
}

#[test]
fn what_has_no_blank_line_behind_it_is_no_event() {
    assert_eq!(any_cut(b"data: a\n\ndata: b\n"), [message("a")]);
    assert_eq!(any_cut(b""), []);
}

#[test]
fn a_read_is_anything_that_bytes_can_be_seen_of() {
    fn check<B: AsRef<[u8]>>(read: B) {
        let mut events = stream::iter([Ok::<B, Infallible>(read)]).eventsource();
        let event = block_on(events.next()).expect("an event").expect("UTF-8");
        assert_eq!(event.data, "a");
    }
    check("data: a\n\n");
    check(String::from("data: a\n\n"));
    check(b"data: a\n\n");
    check(Vec::from(b"data: a\n\n"));
}

/// The IDs of the events, and the last ID when each has come, and at the end.
macro_rules! ids {
    ($stream:ty, $set:expr) => {{
        let reads = [
            ": a\n\ndata: b\n\nid: 1\ndata: c\n\nid: 2\n\n",
            "data: d\n\nid: 3\n\n",
        ];
        let mut events = <$stream>::new(stream::iter(reads.map(Ok::<_, Infallible>)));
        assert_eq!(events.last_event_id(), "");
        events.set_last_event_id($set);
        let mut ids = vec![(String::new(), events.last_event_id().to_owned())];
        while let Some(event) = block_on(events.next()) {
            ids.push((event.expect("UTF-8").id, events.last_event_id().to_owned()));
        }
        ids.push((String::new(), events.last_event_id().to_owned()));
        ids
    }};
}

#[test]
fn the_last_id_is_that_of_the_last_event() {
    let ids = ids!(EventStream<_>, "5");
    let original = ids!(eventsource_stream::EventStream<_>, String::from("5"));
    assert_eq!(ids, original);
    let expected = [("", "5"), ("", ""), ("1", "1"), ("2", "2"), ("", "2")];
    assert_eq!(
        ids,
        expected.map(|(id, last)| (id.to_owned(), last.to_owned()))
    );
}

#[test]
fn an_event_over_the_limit_is_an_error_in_its_place() {
    let read = "data: a\n\ndata: 23456789\n\ndata: c\n\n";
    for len in [1, 2, 3, 10, read.len()] {
        let reads = read.as_bytes().chunks(len).map(Ok::<_, Infallible>);
        let events = EventStream::with_limit(stream::iter(reads), 10);
        let items: Vec<_> = block_on(events.collect());
        let [Ok(_), Err(EventStreamError::Parser(error)), Ok(last)] = &items[..] else {
            panic!("{items:?}");
        };
        assert_eq!(error.code, ErrorKind::TooLarge);
        assert_eq!(error.input, "event at byte 9 is longer than 10 bytes");
        assert_eq!(last.data, "c");
    }
    let long = format!("data: {}\n\n", "x".repeat(16 << 20));
    let items = common::read([long.as_bytes()]);
    assert!(items[0].is_err(), "16 MiB are what is allowed");
}

#[test]
fn errors_have_the_words_of_the_original() {
    use eventsource_stream::EventStreamError as Original;
    let utf8 = || String::from_utf8(vec![b'a', 0xFF]).expect_err("not UTF-8");
    let nom = || NomError::new("x".to_owned(), ErrorKind::Tag);
    let transport = || io::Error::other("cut off");
    let pairs = [
        (Error::Utf8(utf8()), Original::Utf8(utf8())),
        (Error::Parser(nom()), Original::Parser(nom())),
        (
            Error::Transport(transport()),
            Original::Transport(transport()),
        ),
    ];
    for (ours, original) in pairs {
        assert_eq!(ours.to_string(), original.to_string());
        assert_eq!(format!("{ours:?}"), format!("{original:?}"));
        assert_eq!(ours.source().is_none(), original.source().is_none());
    }
}

#[test]
fn errors_come_from_noms_and_are_compared() {
    let error = EventStreamError::<u8>::from(NomError::new("x", ErrorKind::Tag));
    assert_eq!(
        error,
        EventStreamError::Parser(NomError::new("x".to_owned(), ErrorKind::Tag))
    );
    assert_ne!(error, EventStreamError::Transport(1));
}
