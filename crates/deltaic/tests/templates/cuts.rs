//! Blocks that reads cut, and reads that are a block.

use deltaic::{Limits, Reader};

use super::{check_stream, push, read};

#[test]
fn what_is_held_back_has_no_line_end() {
    let text = |text: &str| {
        format!("data: {{\"choices\":[{{\"delta\":{{\"content\":\"{text}\"}}}}]}}\n\n")
    };
    for odd in ["\\\nerror: boom\\\nx", "\\\r: ping\\\rx", "\\\nid: 1\n\nx"] {
        let stream = text("a") + &text("b") + &text(odd) + &text("c");
        for cut in 0..stream.len() {
            let reads = [&stream.as_bytes()[..cut], &stream.as_bytes()[cut..]];
            let (alike, stands) = push(Reader::new(), &reads);
            let (in_full, stands_in_full) = push(Reader::new().without_templates(), &reads);
            assert_eq!(
                (alike, stands),
                (in_full, stands_in_full),
                "{odd:?}, cut at {cut}"
            );
        }
        check_stream(stream.as_bytes(), Limits::default());
    }
}

#[test]
fn a_line_behind_what_fits_says_what_it_says() {
    let data =
        |text: &str| format!("data: {{\"choices\":[{{\"delta\":{{\"content\":\"{text}\"}}}}]}}");
    for behind in [
        "error: boom",
        ": ping",
        "data: 1",
        "event: error",
        "id: 1",
        "x",
    ] {
        for end in ["\n", "\r", "\r\n"] {
            let event = |text: &str, behind: &str| [&*data(text), end, behind, end, end].concat();
            let alike = ["a", "b"]
                .map(|text| [&*data(text), end, end].concat())
                .concat();
            let stream = alike + &event("c", behind) + &event("d", ": ping");
            for (cut, next) in (0..stream.len()).flat_map(|cut| [(cut, cut), (cut, cut + 3)]) {
                let bytes = stream.as_bytes();
                let next = next.min(bytes.len());
                let reads = [&bytes[..cut], &bytes[cut..next], &bytes[next..]];
                let in_full = push(Reader::new().without_templates(), &reads);
                let what = stream.escape_debug();
                assert_eq!(
                    push(Reader::new(), &reads),
                    in_full,
                    "{what}, cut at {cut} and {next}"
                );
            }
            check_stream(stream.as_bytes(), Limits::default());
        }
    }
}

#[test]
fn a_long_text_is_read_to_its_end_wherever_it_is_cut() {
    let event = |len: usize| {
        let text = "a".repeat(len);
        format!("data: {{\"choices\":[{{\"delta\":{{\"content\":\"{text}\"}}}}]}}\n\n")
    };
    let stream = event(1) + &event(2) + &event(300) + &event(3);
    // A tab ends no line.
    for stream in [stream.replace(":[", ":\t["), stream] {
        let in_full = read(Reader::new().without_templates(), &[stream.as_bytes()]);
        for cut in 0..stream.len() {
            let reads = [&stream.as_bytes()[..cut], &stream.as_bytes()[cut..]];
            assert_eq!(read(Reader::new(), &reads), in_full, "cut at {cut}");
        }
    }
}

#[test]
fn a_long_number_is_not_looked_at_with_each_read() {
    let event = |number: &str| {
        format!(
            "data: {{\"created\":{number},\"choices\":[{{\"delta\":{{\"content\":\"a\"}}}}]}}\n\n"
        )
    };
    let alike: String = (1..9).map(|number| event(&number.to_string())).collect();
    let stream = alike + &event(&"1".repeat(200_000)) + &event("2");
    // If each byte were looked at with each read, this would take minutes.
    let reads: Vec<_> = stream.as_bytes().chunks(7).collect();
    let in_full = push(Reader::new().without_templates(), &reads);
    assert_eq!(push(Reader::new(), &reads), in_full);
}

#[test]
fn a_read_that_looks_like_a_block_goes_on_with_what_is_held() {
    let block = |text: &str| {
        format!("data: {{\"choices\":[{{\"delta\":{{\"content\":\"{text}\"}}}}]}}\n\n")
    };
    let blocks = ["a", "b", "c", "d"].map(block);
    let mut reads: Vec<_> = blocks.iter().map(String::as_bytes).collect();
    // One line together, that no text is in.
    reads.insert(3, b"data: {\"choices\":[{\"delta\":{\"content\":\"");
    let stream = reads.concat();
    let in_full = read(Reader::new().without_templates(), &[&stream]);
    assert_eq!(read(Reader::new(), &reads), in_full);
    assert_eq!(push(Reader::new(), &reads).0, in_full.0);
}

#[test]
fn what_ends_as_a_block_does_is_looked_at_from_its_beginning() {
    let block = "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n";
    for before in [": ", "data: ", "event: ", ""] {
        for len in [10, 30, 35, 40, 45, 80] {
            let line = format!("{before}{}\"}}}}]}}\n\n", "x".repeat(len));
            for event in [60, 1 << 20] {
                let limits = Limits {
                    event,
                    ..Limits::default()
                };
                for blocks in 1..4 {
                    let stream = block.repeat(blocks) + &line + block;
                    check_stream(stream.as_bytes(), limits);
                }
            }
        }
    }
}

#[test]
fn a_block_that_fits_is_no_longer_than_an_event_may_be() {
    let block = |text: &str| {
        format!("data: {{\"choices\":[{{\"delta\":{{\"content\":\"{text}\"}}}}]}}\n\n")
    };
    let blocks = [
        "a",
        "b",
        "c",
        "0123456789",
        "d",
        "0123456789abcdef0123456789",
        "e",
    ]
    .map(block);
    let stream = blocks.concat();
    for event in 50..75 {
        let limits = Limits {
            event,
            ..Limits::default()
        };
        check_stream(stream.as_bytes(), limits);
    }
}
