//! Every recording, cut everywhere, with every line end, through every face.

use deltaic_corpus::{cut, recordings, with_line_ends};
use deltaic_properties::framing::{Told, all_faces, frame};

/// What does not depend on how lines end.
fn said(told: &Told) -> Vec<(Option<Vec<u8>>, Vec<u8>)> {
    let events = told.events().into_iter().chain(told.open());
    events.map(|event| (event.name, event.data)).collect()
}

#[test]
fn a_recording_frames_alike_however_it_comes() {
    for recording in recordings() {
        let whole = all_faces(&[&recording.bytes]);
        // Long ones are cut at a number of places that does not grow.
        let step = recording.bytes.len() / 2_000 + 1;
        for reads in cut::in_two(&recording.bytes).step_by(step) {
            if recording.bytes.len() < 4_000 || reads[0].len() % 97 == 0 {
                assert_eq!(all_faces(&reads), whole, "{}", recording.name);
            }
        }
        for end in ["\n", "\r\n", "\r"] {
            let stream = with_line_ends(&recording.bytes, end);
            let bytes: Vec<&[u8]> = cut::into(&stream, 1).collect();
            let told = frame(&mut deltaic_sse::Framer::new(), bytes);
            assert_eq!(said(&told), said(&whole), "{} with {end:?}", recording.name);
        }
    }
}
