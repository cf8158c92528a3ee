//! Framing: any cut gives what the whole gives, through every face, and that is
//! what the standard says.

mod model;
mod peers;
mod told;

use bytes::Bytes;
use deltaic::sse::{BytesFramer, Framer};
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
    as_the_standard_says(&told, stream, usize::MAX, usize::MAX);
    peers::agree(&told, &reads);
    next_gives_the_events(&told, &reads);
    a_limit_holds(stream, &reads, limit);
    a_slice_holds_what_it_can(stream, &reads, limit);
}

/// It is what the standard says of events within the limit, with `room` for names
/// and IDs.
fn as_the_standard_says(told: &Told, stream: &[u8], limit: usize, room: usize) {
    let model = model(stream, limit, room);
    assert_eq!(told.items, model.items, "under a limit of {limit}");
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

/// However the stream is cut, the same events are too long, and no others.
fn a_limit_holds(stream: &[u8], reads: &[&[u8]], limit: usize) {
    let cut = frame(&mut Framer::with_limit(limit), reads.iter().copied());
    as_the_standard_says(&cut, stream, limit, usize::MAX);
    let whole = frame(&mut Framer::with_limit(limit), [stream]);
    assert_eq!(cut, whole, "under a limit of {limit}");
    let bytes = frame_bytes(limit, reads.iter().copied());
    assert_eq!(bytes, whole, "over `Bytes`, under a limit of {limit}");
}

/// So they are if memory is short, and the limit what there is of it.
fn a_slice_holds_what_it_can(stream: &[u8], reads: &[&[u8]], len: usize) {
    let mut memory = vec![0; len];
    let mut framer = Framer::in_slice(&mut memory);
    let cut = frame(&mut framer, reads.iter().copied());
    as_the_standard_says(&cut, stream, framer.limit(), len / 8);
    let mut memory = vec![0; len];
    let whole = frame(&mut Framer::in_slice(&mut memory), [stream]);
    assert_eq!(cut, whole, "in {len} bytes of memory");
}
