//! Beside the original: the same comes out wherever that is right.

mod common;

use std::{str, time::Duration};

use common::{Item, read, read_by_original};
use deltaic_corpus::{cut, own, recordings, with_line_ends};
use deltaic_eventsource::Event;
use deltaic_sse::Framer;
use proptest::{prelude::*, sample};

/// Whether the original reads all of it: it panics at a byte order mark, a byte that
/// is no UTF-8 stops it, and it waits for what follows a CR.
fn can_be_read_by_original(stream: &[u8]) -> bool {
    str::from_utf8(stream).is_ok_and(|text| !text.starts_with('\u{FEFF}') && !text.ends_with('\r'))
}

/// The events of the framer, spelled as here.
fn framed(mut stream: &[u8]) -> Vec<Item> {
    let mut framer = Framer::with_limit(usize::MAX);
    let mut items = Vec::new();
    while let Some(event) = framer.next(&mut stream).expect("no limit") {
        items.push(spelled(&event));
    }
    items
}

fn spelled(event: &deltaic_sse::Event<&[u8]>) -> Item {
    let text = |bytes: &[u8]| match str::from_utf8(bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(error) => Err(format!("UTF8 error: {error}")),
    };
    Ok(Event {
        event: text(event.name.unwrap_or(b"message"))?,
        data: text(event.data)?,
        id: String::from_utf8_lossy(event.id.unwrap_or_default()).into_owned(),
        retry: event.retry.map(Duration::from_millis),
    })
}

/// Both read it alike, in these reads.
#[track_caller]
fn check<'r>(name: &str, reads: impl IntoIterator<Item = &'r [u8]>, expected: &[Item]) {
    let reads: Vec<&[u8]> = reads.into_iter().collect();
    assert_eq!(read(reads.iter().copied()), expected, "{name}");
    let original = read_by_original(reads);
    assert_eq!(original, expected, "{name}, by the original");
}

#[test]
fn every_recording_reads_as_it_is_framed_and_as_the_original_does() {
    let mut compared = 0;
    for recording in recordings() {
        let (name, bytes) = (&recording.name, &recording.bytes);
        if !can_be_read_by_original(bytes) {
            continue;
        }
        let expected = framed(bytes);
        // Long ones are cut at a number of places that does not grow.
        let step = bytes.len() / 100 + 1;
        for reads in cut::in_two(bytes).step_by(step) {
            check(name, reads, &expected);
        }
        for end in ["\n", "\r\n", "\r"] {
            // For the original, no CR at the end.
            let stream = [with_line_ends(bytes, end), b"\n".to_vec()].concat();
            let expected = framed(&stream);
            assert_eq!(read(cut::into(&stream, 1)), expected, "{name} with {end:?}");
            // One byte at a time, or a line of 76 KB would take the original minutes.
            let len = if stream.len() < 10_000 { 1 } else { 1_024 };
            check(name, cut::into(&stream, len), &expected);
        }
        compared += 1;
    }
    assert!(compared >= own().len(), "only {compared}");
}

#[test]
fn what_the_original_cannot_read_reads_as_it_is_framed() {
    let mut read_alone = 0;
    for recording in recordings() {
        let stream = &recording.bytes;
        if !can_be_read_by_original(stream) {
            let expected = framed(stream);
            assert_eq!(read([&stream[..]]), expected, "{}", recording.name);
            assert_eq!(read(cut::into(stream, 1)), expected, "{}", recording.name);
            read_alone += 1;
        }
    }
    assert!(read_alone > 0, "the corpus has such streams");
}

const PIECES: &[&str] = &[
    "\n",
    "\r",
    "\r\n",
    "\n\n",
    "data",
    "data:",
    "data: x",
    ":",
    " ",
    "é\u{1F980}",
    "event: e\n",
    "event",
    "id: 1\n",
    "id\n",
    "id: 2\0",
    "retry: 10\n",
    "retry: x\n",
    "data: {}\n\n",
    "x: y\n",
    "\u{2028}",
    "data: \u{FEFF}",
];

fn stream() -> impl Strategy<Value = String> {
    let pieces = prop::collection::vec(sample::select(PIECES), 0..40);
    // For the original, no CR at the end.
    pieces.prop_map(|pieces| pieces.concat() + "\n")
}

const BYTES: &[&[u8]] = &[
    b"\xEF\xBB\xBF",
    b"\xEF",
    b"\xBB",
    b"\xFF",
    b"\xC3",
    b"\xA9",
    b"\0",
];

/// Also what the original cannot read.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let pieces = PIECES.iter().map(|piece| piece.as_bytes());
    let pieces: Vec<&[u8]> = pieces.chain(BYTES.iter().copied()).collect();
    prop::collection::vec(sample::select(pieces), 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_in_any_reads_reads_as_by_the_original(
        stream in stream(),
        places in prop::collection::vec(0..200_usize, 0..10),
    ) {
        let reads = cut::at(stream.as_bytes(), &places);
        let expected = read_by_original(reads.iter().copied());
        prop_assert_eq!(&read(reads), &expected);
        prop_assert_eq!(&framed(stream.as_bytes()), &expected);
    }

    #[test]
    fn any_bytes_in_any_reads_read_as_they_are_framed(
        stream in bytes(),
        places in prop::collection::vec(0..200_usize, 0..10),
    ) {
        let reads = cut::at(&stream, &places);
        prop_assert_eq!(read(reads), framed(&stream));
    }

    #[test]
    fn a_recording_in_any_reads_reads_as_by_the_original(
        which in any::<sample::Index>(),
        places in prop::collection::vec(any::<sample::Index>(), 0..20),
    ) {
        let all = own();
        let stream = &which.get(&all).bytes;
        let places: Vec<usize> = places.iter().map(|at| at.index(stream.len() + 1)).collect();
        let reads = cut::at(stream, &places);
        let expected = read_by_original(reads.iter().copied());
        prop_assert!(can_be_read_by_original(stream));
        prop_assert_eq!(read(reads), expected);
    }
}
