//! Where the block begins that is open.

use deltaic_sse::Framer;

/// What is open after each byte of `stream`, as a digit, or `.` if nothing is.
fn open_blocks(stream: &str, limit: usize) -> String {
    let mut framer = Framer::with_limit(limit);
    let mut told = String::new();
    for mut read in stream.as_bytes().chunks(1) {
        // An event that is too long is no matter here.
        let _ = framer.next_item(&mut read);
        let open = framer.open_block().map(|at| at.to_string());
        told += open.as_deref().unwrap_or(".");
    }
    told
}

#[test]
fn a_block_is_open_from_its_first_byte_to_its_blank_line() {
    for (stream, expected) in [
        ("data\n\n\ndata\n", "00000..77777"),
        ("id\n\r\n\rdata", "000...6666"),
        (":\n:\n\n", "0000."),
        ("\u{feff}a", "00.3"),
    ] {
        assert_eq!(open_blocks(stream, 100), expected, "{stream:?}");
    }
}

#[test]
fn what_only_begins_like_a_byte_order_mark_is_a_block() {
    let mut framer = Framer::new();
    let mut read = &b"\xEF\xBBdata"[..];
    assert!(framer.next(&mut read).is_ok());
    assert_eq!(framer.open_block(), Some(0));
}

#[test]
fn a_block_that_is_too_long_is_not_open() {
    assert_eq!(open_blocks("id: 123\n:\n\nx", 4), "0000.......11");
}

#[test]
fn nothing_is_open_at_the_end() {
    let mut framer = Framer::new();
    let mut read = &b"data: a"[..];
    assert_eq!(framer.next(&mut read), Ok(None));
    assert_eq!(framer.open_block(), Some(0));
    assert!(framer.finish().is_some());
    assert_eq!(framer.open_block(), None);
}
