//! Blocks that the caller reads himself.

use deltaic_sse::Framer;

/// Reads a stream, each block that begins a read by hand, where that is allowed.
/// Gives what was read, `*` before what was read by hand.
fn by_hand(reads: &[&[u8]], block: &[u8]) -> Vec<String> {
    let mut framer = Framer::new();
    let mut all = Vec::new();
    for mut read in reads.iter().copied() {
        loop {
            if framer.begins_block(&mut read) && read.starts_with(block) {
                framer.skip_blocks(block);
                read = &read[block.len()..];
                all.push(format!("* {}", framer.position()));
                continue;
            }
            let Some(event) = framer.next(&mut read).expect("short") else {
                break;
            };
            let data = String::from_utf8_lossy(event.data).into_owned();
            all.push(format!("{data} {}..{}", event.span.start, event.span.end));
        }
    }
    all
}

#[test]
fn a_block_may_be_read_by_the_caller() {
    let block = b"data: a\n\n";
    let all = by_hand(&[b"data: b\n\ndata: a\n\ndata: a\n\ndata: c\n\n"], block);
    assert_eq!(all, ["b 0..9", "* 18", "* 27", "c 27..36"]);
}

#[test]
fn the_line_feed_behind_it_belongs_to_it() {
    let block = b"data: a\r\n\r";
    let stream = b"data: b\r\n\r\ndata: a\r\n\r\ndata: a\r\n\r\ndata: c\r\n\r\n";
    let whole = by_hand(&[stream], block);
    assert_eq!(whole, ["b 0..10", "* 21", "* 32", "c 33..43"]);
    // The line feed may come in another read, or never.
    assert_eq!(by_hand(&[&stream[..10], &stream[10..]], block), whole);
    assert_eq!(by_hand(&[&stream[..21], &stream[21..]], block), whole);
    let bare = b"data: b\r\rdata: a\r\rdata: c\r\r";
    let all = by_hand(&[bare], b"data: a\r\r");
    assert_eq!(all, ["b 0..9", "* 18", "c 18..27"]);
}

#[test]
fn a_block_begins_only_where_none_is_open() {
    let open = |stream: &[u8]| {
        let mut framer = Framer::with_limit(16);
        let mut read = stream;
        while !read.is_empty() {
            let _ = framer.next(&mut read);
        }
        !framer.begins_block(&mut &b"data"[..])
    };
    // A byte order mark may come yet.
    assert!(open(b""));
    assert!(open(b"\xEF\xBB"));
    assert!(!open(b"\n"));
    assert!(!open(b": c\n\n"));
    assert!(!open(b"data: a\n\n"));
    assert!(open(b"data: a\n"));
    assert!(open(b"data: a"));
    assert!(open(b": c"));
    assert!(open(b"id: 1\n"));
    assert!(open(b"data: much too long\n"));
    assert!(!open(b"data: much too long\n\n"));
}

#[test]
fn a_new_stream_begins_with_a_mark() {
    let mut framer = Framer::new();
    let mut read = &b"data: a"[..];
    assert_eq!(framer.next(&mut read), Ok(None));
    assert!(framer.finish().is_some());
    assert!(!framer.begins_block(&mut &b"data"[..]));
}
