//! On the host: what is printed is what a reader with an allocator says.

use deltaic::{Reader, Update};
use deltaic_corpus::{cut, recordings};
use deltaic_example_bare::Printer;

/// What a client so small does not read: whole messages, bodies that are no stream, and a
/// character whose halves come in two chunks.
const LEFT_OUT: [&str; 5] = [
    "dialects/json-lines",
    "dialects/message-instead-of-delta",
    "dialects/message-twice",
    "dialects/ordinary-completion",
    "dialects/surrogate-pair-in-two-deltas",
];

/// The texts of all choices, as they come.
fn text(mut stream: &[u8]) -> String {
    let mut reader = Reader::new();
    let mut text = String::new();
    while let Some(updates) = reader.next(&mut stream) {
        for update in updates {
            if let Update::Text { text: added, .. } = update {
                text.push_str(added);
            }
        }
    }
    while let Some(updates) = reader.finish() {
        for update in updates {
            if let Update::Text { text: added, .. } = update {
                text.push_str(added);
            }
        }
    }
    text
}

/// Enough for the longest event of the corpus, which is an image.
const MEMORY: usize = 256 << 10;

fn printed<'r>(reads: impl IntoIterator<Item = &'r [u8]>) -> String {
    let mut memory = vec![0; MEMORY];
    let mut printer = Printer::new(&mut memory, String::new());
    for read in reads {
        printer.push(read).expect("a string takes all");
    }
    assert_eq!(printer.too_long(), 0);
    printer.finish().expect("a string takes all")
}

#[test]
fn each_recording_is_printed_as_a_reader_reads_it() {
    for recording in recordings() {
        let (name, bytes) = (&recording.name, &recording.bytes);
        let expected = text(bytes);
        let whole = printed([&**bytes]);
        assert_eq!(printed(cut::into(bytes, 1)), whole, "{name}");
        assert_eq!(whole == expected, !LEFT_OUT.contains(&&**name), "{name}");
    }
}

#[test]
fn an_event_that_is_too_long_is_passed_over() {
    let long = "a".repeat(1000);
    let [before, long, behind] = ["Hel", &long, "lo"].map(|text| {
        format!("data: {{\"choices\":[{{\"delta\":{{\"content\":\"{text}\"}}}}]}}\n\n")
    });
    let stream = [before, long, behind].concat();
    let mut memory = [0; 512];
    let mut printer = Printer::new(&mut memory, String::new());
    printer.push(stream.as_bytes()).expect("a string takes all");
    assert_eq!((printer.too_long(), printer.is_done()), (1, false));
    assert_eq!(printer.finish().as_deref(), Ok("Hello"));
}
