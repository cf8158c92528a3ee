//! Nothing is allocated, whatever is looked at.

use allocation_counter::measure;
use deltaic_chunk::{Payload, Raw};
use deltaic_corpus::own;

/// Looks at all that a payload gives out.
fn look(data: &[u8]) -> usize {
    let Ok(Payload::Chunk(chunk)) = Payload::parse(data) else {
        return 0;
    };
    let mut seen = chunk.other().count() + chunk.get("usage").text().len();
    for choice in chunk.choices() {
        seen += choice.other().count() + choice.delta.other().count();
        seen += choice
            .delta
            .content
            .as_str()
            .map_or(0, |text| text.pieces().count());
        for call in choice.delta.calls() {
            seen += call.other().count() + call.arguments.text().len();
        }
    }
    seen
}

#[test]
fn a_chunk_allocates_nothing() {
    let mut chunks = 0;
    for recording in own() {
        for line in recording.bytes.split(|&byte| byte == b'\n') {
            let Some(data) = line.strip_prefix(b"data: ") else {
                continue;
            };
            let counted = measure(|| chunks += usize::from(look(data) > 0));
            assert_eq!(counted.count_total, 0, "{}", data.escape_ascii());
        }
    }
    assert!(chunks > 50, "only {chunks} chunks were looked at");
}

#[test]
fn an_error_allocates_nothing() {
    let hostile = "[".repeat(1 << 20);
    let counted = measure(|| assert!(Raw::parse(hostile.as_bytes()).is_err()));
    assert_eq!(counted.count_total, 0);
}
