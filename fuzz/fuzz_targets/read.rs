#![no_main]
//! Cutting a stream must change nothing in its report, and no bytes may cause a
//! panic.

use deltaic::{Reader, Report};
use deltaic_corpus::cut;
use libfuzzer_sys::fuzz_target;

fn read(reads: &[&[u8]]) -> Report {
    let mut reader = Reader::new();
    for mut read in reads.iter().copied() {
        while let Some(updates) = reader.next(&mut read) {
            updates.for_each(drop);
        }
    }
    reader.into_report()
}

fuzz_target!(|input: (Vec<u16>, &[u8])| {
    let (places, stream) = input;
    let places: Vec<usize> = places.into_iter().map(usize::from).collect();
    let whole = read(&[stream]);
    assert_eq!(read(&cut::at(stream, &places)), whole, "cut at {places:?}");
    serde_json::to_string(&whole.completion).expect("it serializes");
});
