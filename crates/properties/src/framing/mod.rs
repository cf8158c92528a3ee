//! Framing: any cut gives what the whole gives, through every face, and that is
//! what the standard says.

mod model;
mod peers;
mod told;

use bytes::Bytes;
use deltaic::sse::{BytesFramer, Event, Framer, Item};
use deltaic_corpus::cut;

pub use model::{Model, model};
pub use told::{Items, Told, all_faces, any_cut, frame, frame_bytes};

/// Checks a stream, cut at these places: without a limit worth the name, and
/// under one of `limit` bytes.
///
/// # Panics
///
/// If a framer does not tell what it should.
pub fn check(stream: &[u8], places: &[usize], limit: usize) {
    let reads = cut::at(stream, places);
    let told = all_faces(&reads);
    as_the_standard_says(&told, stream);
    peers::agree(&told, &reads);
    next_gives_the_events(&told, &reads);
    a_limit_holds(&told, stream, &reads, limit);
    a_slice_does_not_depend_on_the_cut(stream, &reads, limit);
}

fn as_the_standard_says(told: &Told, stream: &[u8]) {
    let model = model(stream);
    let items: Result<Vec<_>, _> = told.items.iter().cloned().collect();
    assert_eq!(items, Ok(model.items));
    assert_eq!(told.left, model.left);
    assert_eq!(told.last_id, model.last_id);
    assert_eq!(told.retry, model.retry);
    assert_eq!(told.comments, model.comments);
    assert_eq!(told.bytes, stream.len() as u64);
}

/// Who asks for events alone gets the same ones; and at the end the open one.
fn next_gives_the_events(told: &Told, reads: &[&[u8]]) {
    let mut framer = Framer::new();
    let mut data = Vec::new();
    for mut read in reads.iter().copied() {
        while let Some(event) = framer.next(&mut read).expect("the limit is far") {
            data.push(event.data.to_vec());
        }
    }
    data.extend(framer.finish().map(|event| event.data.to_vec()));
    let expected = told.events().into_iter().chain(told.open());
    let expected: Vec<_> = expected.map(|event| event.data).collect();
    assert_eq!(data, expected);

    let mut framer = BytesFramer::new();
    let mut data = Vec::new();
    for read in reads {
        let mut read = Bytes::copy_from_slice(read);
        while let Some(event) = framer.next(&mut read).expect("the limit is far") {
            data.push(event.data);
        }
    }
    data.extend(framer.finish().map(|event| event.data));
    assert_eq!(data, expected, "over `Bytes`");
}

/// However the stream is cut, the same events are too long, and the others are
/// as they were.
fn a_limit_holds(unlimited: &Told, stream: &[u8], reads: &[&[u8]], limit: usize) {
    let whole = frame(&mut Framer::with_limit(limit), [stream]);
    let cut = frame(&mut Framer::with_limit(limit), reads.iter().copied());
    assert_eq!(cut, whole, "under a limit of {limit}");
    let bytes = frame_bytes(limit, reads.iter().copied());
    assert_eq!(bytes, whole, "over `Bytes`, under a limit of {limit}");

    // An ID may be that of an event which is too long, and so lost.
    let but_for_the_id = |item: &Item<Vec<u8>>| match item.clone() {
        Item::Event(event) => Item::Event(Event { id: None, ..event }),
        item => item,
    };
    let mut others = unlimited.items.iter().flatten().map(but_for_the_id);
    for item in whole.items.iter().flatten() {
        let item = but_for_the_id(item);
        assert!(
            others.any(|other| other == item),
            "{item:?} is not in the stream"
        );
        if let Item::Event(event) = item {
            assert!(event.data.len() <= limit);
        }
    }
}

/// A slice that is too short for some events gives the same of any cut.
fn a_slice_does_not_depend_on_the_cut(stream: &[u8], reads: &[&[u8]], len: usize) {
    let mut memory = vec![0; len];
    let whole = frame(&mut Framer::in_slice(&mut memory), [stream]);
    let mut memory = vec![0; len];
    let cut = frame(&mut Framer::in_slice(&mut memory), reads.iter().copied());
    assert_eq!(cut, whole, "in {len} bytes of memory");
}
