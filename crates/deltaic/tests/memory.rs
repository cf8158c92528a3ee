//! How often a long stream allocates, from bytes to completion.

use allocation_counter::measure;
use deltaic::Reader;
use deltaic_corpus::{
    cut,
    streams::{Envelope, text},
};

#[test]
fn two_thousand_chunks_allocate_at_most_forty_times() {
    for envelope in [Envelope::Cerebras, Envelope::Groq] {
        let made = text(2_000, envelope);
        let read_in = |reads: Vec<&[u8]>| {
            measure(|| {
                let mut reader = Reader::new();
                for mut read in reads {
                    while reader.next(&mut read).is_some() {}
                }
                let report = reader.into_report();
                let completion = report.completion.expect("chunks came");
                assert_eq!(
                    completion.choices[0].message.content.as_deref(),
                    Some(&*made.text)
                );
                assert_eq!(report.stats.chunks, 2_000);
            })
        };
        for (name, reads) in [
            ("one read", vec![&*made.stream]),
            ("one event a read", cut::by_event(&made.stream)),
            (
                "1,448 bytes a read",
                cut::into(&made.stream, 1_448).collect(),
            ),
            ("64 bytes a read", cut::into(&made.stream, 64).collect()),
        ] {
            let counted = read_in(reads);
            assert!(counted.count_total <= 40, "{name}: {}", counted.count_total);
            println!("{envelope:?}, {name}: {} allocations", counted.count_total);
        }
    }
}
