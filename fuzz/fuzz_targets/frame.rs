#![no_main]
//! Cutting a stream must change nothing that a framer tells of it, and no bytes
//! may cause a panic.

use deltaic::sse::{Buffer, Framer, TooLong};
use deltaic_corpus::cut;
use libfuzzer_sys::fuzz_target;

/// All that a framer tells, in its own words.
fn told<B: Buffer>(mut framer: Framer<B>, reads: &[&[u8]]) -> Vec<String> {
    let mut told = Vec::new();
    for mut read in reads.iter().copied() {
        loop {
            let item: Result<_, TooLong> = framer.next_item(&mut read);
            match item {
                Ok(None) => break,
                item => told.push(format!("{item:?}")),
            }
        }
        assert!(read.is_empty());
    }
    let open = format!("{:?}", framer.finish());
    let (id, retry) = (framer.last_event_id(), framer.retry());
    told.push(format!("{open} {id:?} {retry:?} {}", framer.position()));
    told
}

fuzz_target!(|input: (Vec<u16>, u8, &[u8])| {
    let (places, limit, stream) = input;
    let places: Vec<usize> = places.into_iter().map(usize::from).collect();
    let reads = cut::at(stream, &places);
    for limit in [usize::from(limit), 1 << 20] {
        let whole = told(Framer::with_limit(limit), &[stream]);
        assert_eq!(told(Framer::with_limit(limit), &reads), whole, "cut at {places:?}");
    }
    let mut memory = [0; 256];
    let whole = told(Framer::in_slice(&mut memory), &[stream]);
    assert_eq!(told(Framer::in_slice(&mut memory), &reads), whole, "cut at {places:?}");
});
