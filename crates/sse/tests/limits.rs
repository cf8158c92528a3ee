//! What a limit costs, and what it keeps from growing.

use deltaic_corpus::cut;
use deltaic_properties::framing::{any_cut, frame};
use deltaic_sse::{BytesFramer, DEFAULT_LIMIT, Framer, Item, TooLong};

/// The data of the events of `stream` under a limit, and where events were too
/// long; the same however it is cut.
#[track_caller]
fn check(limit: usize, stream: &str, data: &[&str], too_long: &[u64]) {
    let whole = frame(&mut Framer::with_limit(limit), [stream.as_bytes()]);
    for reads in cut::in_two(stream.as_bytes()) {
        let told = frame(&mut Framer::with_limit(limit), reads);
        assert_eq!(told, whole, "{reads:?}");
    }
    let told = frame(
        &mut Framer::with_limit(limit),
        cut::into(stream.as_bytes(), 1),
    );
    assert_eq!(told, whole, "byte by byte");
    assert_eq!(whole.data(), data);
    let errors = whole.items.iter().filter_map(|item| item.as_ref().err());
    let expected = too_long.iter().map(|&at| TooLong { at, limit });
    assert_eq!(
        errors.copied().collect::<Vec<_>>(),
        expected.collect::<Vec<_>>()
    );
}

#[test]
fn an_event_up_to_the_limit_passes() {
    check(9, "data: abc\n\n", &["abc"], &[]);
    check(8, "data: abc\n\n", &[], &[0]);
    // What comes first is read otherwise than what follows.
    check(9, "\ndata: abc\n\n", &["abc"], &[]);
    check(8, "\ndata: abc\n\n", &[], &[1]);
}

#[test]
fn one_event_is_lost_and_no_other() {
    check(
        10,
        "data: a\n\ndata: too long by far\ndata: b\nid: 5\n\ndata: c\n\n",
        &["a", "c"],
        &[9],
    );
}

#[test]
fn a_long_event_is_reported_once() {
    check(
        4,
        "data: a\ndata: b\ndata: c\n: d e f g h\n\nid:1\n\n",
        &[],
        &[0],
    );
}

#[test]
fn lines_of_one_event_count_together() {
    check(9, "data: a\ndata: b\n\n", &["a\nb"], &[]);
    check(9, "data: abc\ndata: b\n\n", &[], &[0]);
}

#[test]
fn a_line_that_says_nothing_counts_too() {
    check(9, ": a comment\n\ndata: b\n\n", &["b"], &[0]);
    check(9, "data: a\nunknown field\n\ndata: b\n\n", &["b"], &[0]);
}

#[test]
fn comments_do_not_add_up() {
    let stream = ": ping\n".repeat(if cfg!(miri) { 3 } else { 100 }) + "data: a\n\n";
    check(9, &stream, &["a"], &[]);
}

#[test]
fn what_is_passed_over_says_nothing() {
    let told = frame(
        &mut Framer::with_limit(8),
        [&b"id: 1\ndata: abcdefgh\nretry: 9\n\n"[..]],
    );
    assert_eq!((told.last_id, told.retry), (None, None));
}

#[test]
fn the_id_of_an_event_that_is_too_long_does_not_last() {
    let stream = b"id: 7\ndata: a\n\nid: 5\ndata: too long by far\n\ndata: c\n\n";
    for reads in cut::in_two(stream) {
        let told = frame(&mut Framer::with_limit(10), reads);
        let ids: Vec<_> = told.events().into_iter().map(|event| event.id).collect();
        assert_eq!(ids, [Some(b"7".to_vec()), Some(b"7".to_vec())], "{reads:?}");
        assert_eq!(told.last_id.as_deref(), Some(&b"7"[..]), "{reads:?}");
    }
}

#[test]
fn a_slice_bounds_name_and_id_too() {
    // 8 bytes each for a name, an ID and the last ID, 40 for the carry.
    for (stream, expected) in [
        ("event: 12345678\ndata: a\n\n", Ok("a")),
        ("event: 123456789\ndata: a\n\n", Err(0)),
        ("id: 12345678\ndata: a\n\n", Ok("a")),
        ("id: 123456789\ndata: a\n\n", Err(0)),
        (
            "data: 1234567890123456789012345678\n\n",
            Ok("1234567890123456789012345678"),
        ),
        ("data: 12345678901234567890123456789\n\n", Err(0)),
    ] {
        for reads in cut::in_two(stream.as_bytes()) {
            let mut memory = [0; 64];
            let told = frame(&mut Framer::in_slice(&mut memory), reads);
            let found = match &told.items[..] {
                [Ok(Item::Event(event))] => Ok(std::str::from_utf8(&event.data).expect("ASCII")),
                [Err(error)] => Err(error.at),
                items => panic!("{items:?}"),
            };
            assert_eq!(found, expected, "{reads:?}");
        }
    }
}

#[test]
fn no_memory_at_all_frames_what_needs_none() {
    let mut framer = Framer::in_slice(&mut []);
    let mut read = &b"data: a\n\n"[..];
    assert!(framer.next(&mut read).is_err());
    assert_eq!(framer.limit(), 0);
}

#[test]
fn names_and_data_may_take_turns() {
    let count = if cfg!(miri) { 5 } else { 200 };
    let stream = "data: a\nevent: b\n".repeat(count) + "\n";
    let told = any_cut(stream.as_bytes());
    assert_eq!(told.data(), [vec!["a"; count].join("\n")]);
}

#[test]
fn the_limit_can_be_asked_for() {
    assert_eq!(Framer::new().limit(), DEFAULT_LIMIT);
    assert_eq!(Framer::with_limit(9).limit(), 9);
    assert_eq!(BytesFramer::with_limit(9).limit(), 9);
    let error = TooLong { at: 5, limit: 9 };
    assert_eq!(error.to_string(), "event at byte 5 is longer than 9 bytes");
}
