//! How often a long stream allocates, and what it keeps.

use allocation_counter::measure;
use deltaic_assembler::Assembler;
use deltaic_chunk::Payload;
use deltaic_corpus::streams::{Envelope, text};

/// The data of the events of a made stream.
fn events(stream: &[u8]) -> impl Iterator<Item = &[u8]> {
    let lines = stream.split(|&byte| byte == b'\n');
    lines.filter_map(|line| line.strip_prefix(b"data: "))
}

#[test]
fn two_thousand_chunks_allocate_at_most_forty_times() {
    for envelope in [Envelope::Cerebras, Envelope::Groq] {
        let made = text(2_000, envelope);
        let counted = measure(|| {
            let mut assembler = Assembler::new();
            for data in events(&made.stream) {
                assembler.push(&Payload::parse(data).expect("JSON"), 0);
            }
            let assembled = assembler.finish(0);
            let completion = assembled.completion.expect("chunks came");
            assert_eq!(
                completion.choices[0].message.content.as_deref(),
                Some(&*made.text)
            );
        });
        assert!(
            counted.count_total <= 40,
            "{} allocations",
            counted.count_total
        );
    }
}

#[test]
fn memory_is_that_of_the_text_however_many_chunks_bring_it() {
    let kept = |chunks| {
        let made = text(chunks, Envelope::Groq);
        let mut assembler = Assembler::new();
        let counted = measure(|| {
            for data in events(&made.stream) {
                assembler.push(&Payload::parse(data).expect("JSON"), 0);
            }
        });
        (counted.bytes_current, made.text.len())
    };
    for chunks in [2_000, 20_000] {
        let (bytes, len) = kept(chunks);
        let len = i64::try_from(len).expect("small");
        assert!(bytes < 2 * len + 4_096, "{bytes} bytes for a text of {len}");
    }
}
