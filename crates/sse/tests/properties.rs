//! Any stream, cut anywhere, is what the model of the standard makes of it.

mod common;

use common::{all_faces, frame, frame_bytes, model::model};
use deltaic_sse::{Framer, Item};
use proptest::prelude::*;

/// Streams of the pieces that matter.
fn stream() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop::sample::select(vec![
        &b"\n"[..],
        b"\r",
        b"\r\n",
        b"\n\n",
        b"data",
        b"data:",
        b"data: x",
        b":",
        b" ",
        b"id",
        b"id: 1",
        b"id: \0",
        b"event: e",
        b"event",
        b"retry: 7",
        b"retry: x",
        b"error: {}",
        b"\xEF\xBB\xBF",
        b"\xEF",
        b"\xBB",
        b"\xC3\xA9",
        b"\0",
        b": c",
        b"dat",
        b"a long piece of text",
    ]);
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

fn cuts() -> impl Strategy<Value = Vec<usize>> {
    prop::collection::vec(0..300_usize, 0..12)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn every_face_tells_what_the_standard_says(stream in stream(), cuts in cuts()) {
        let told = all_faces(&deltaic_corpus::cut::at(&stream, &cuts));
        let model = model(&stream);
        prop_assert_eq!(told.items.into_iter().collect::<Result<Vec<_>, _>>(), Ok(model.items));
        prop_assert_eq!(told.last_id.unwrap_or_default(), model.last_id);
        prop_assert_eq!(told.retry, model.retry);
        prop_assert_eq!(told.comments, model.comments);
        prop_assert_eq!(told.bytes, stream.len() as u64);
    }

    #[test]
    fn next_gives_the_events_among_the_items(stream in stream(), cuts in cuts()) {
        let told = all_faces(&deltaic_corpus::cut::at(&stream, &cuts));
        let mut framer = Framer::new();
        let mut data = Vec::new();
        for mut read in deltaic_corpus::cut::at(&stream, &cuts) {
            while let Some(event) = framer.next(&mut read).expect("short") {
                data.push(event.data.to_vec());
            }
        }
        let expected: Vec<_> = told.events().into_iter().map(|event| event.data).collect();
        prop_assert_eq!(data, expected);
        prop_assert_eq!(framer.comments(), told.comments);
    }

    #[test]
    fn a_limit_holds_however_the_stream_is_cut(
        stream in stream(),
        cuts in cuts(),
        limit in 0..30_usize,
    ) {
        let reads = deltaic_corpus::cut::at(&stream, &cuts);
        let whole = frame(&mut Framer::with_limit(limit), [&*stream]);
        prop_assert_eq!(&frame(&mut Framer::with_limit(limit), reads.iter().copied()), &whole);
        prop_assert_eq!(&frame_bytes(limit, reads.iter().copied()), &whole);
        let unlimited = model(&stream);
        let events = |items: &[Item<Vec<u8>>]| {
            items.iter().filter(|item| matches!(item, Item::Event(_))).count()
        };
        let kept: Vec<_> = whole.items.iter().flatten().cloned().collect();
        prop_assert!(kept.iter().all(|item| unlimited.items.contains(item)
            || matches!(item, Item::Event(_))));
        prop_assert!(events(&kept) <= events(&unlimited.items));
        for event in whole.events() {
            prop_assert!(event.data.len() <= limit);
        }
    }

    #[test]
    fn a_slice_behaves_however_the_stream_is_cut(
        stream in stream(),
        cuts in cuts(),
        len in 0..80_usize,
    ) {
        let mut memory = vec![0; len];
        let whole = frame(&mut Framer::in_slice(&mut memory), [&*stream]);
        let mut memory = vec![0; len];
        let reads = deltaic_corpus::cut::at(&stream, &cuts);
        prop_assert_eq!(frame(&mut Framer::in_slice(&mut memory), reads), whole);
    }
}
