//! The rules of the standard, one by one, through every face and every cut.

use bytes::Bytes;
use deltaic_properties::framing::{any_cut, frame};
use deltaic_sse::{BytesFramer, Framer, Item, Span};

/// Checks the data of the events of `stream`.
#[track_caller]
fn check(stream: &str, expected: &[&str]) {
    assert_eq!(any_cut(stream.as_bytes()).data(), expected, "{stream:?}");
}

#[test]
fn data_is_the_value_of_its_field() {
    check("data: hello\n\n", &["hello"]);
    check("data:hello\n\n", &["hello"]);
    check("data:  hello\n\n", &[" hello"]);
    check("data:\thello \n\n", &["\thello "]);
    check("data: a: b\n\n", &["a: b"]);
    check("data: é°\u{1F980}\n\n", &["é°\u{1F980}"]);
}

#[test]
fn a_field_without_a_colon_has_an_empty_value() {
    check("data\n\n", &[""]);
    check("data:\n\n", &[""]);
    check("data: \n\n", &[""]);
    check("data\ndata\n\n", &["\n"]);
}

#[test]
fn data_lines_join_with_a_line_feed() {
    check("data: a\ndata: b\n\n", &["a\nb"]);
    check("data: a\ndata\ndata: c\n\n", &["a\n\nc"]);
    check(
        "data: a\nevent: x\ndata: b\nid: 1\ndata:c\n\n",
        &["a\nb\nc"],
    );
    check("data:\ndata:\n\ndata: x\n\n", &["\n", "x"]);
}

#[test]
fn lines_end_with_lf_or_cr_lf_or_cr() {
    check("data: a\r\ndata: b\r\n\r\n", &["a\nb"]);
    check("data: a\rdata: b\r\r", &["a\nb"]);
    check("data: a\r\n\ndata: b\n\r\n", &["a", "b"]);
    check("data: a\n\rdata: b\r\r\n", &["a", "b"]);
    check("\r\n\r\ndata: a\r\n\r\n\r\n", &["a"]);
    check("\r\n\r\ndata: a\rx\rdata: b\r\r", &["a\nb"]);
}

#[test]
fn nothing_else_ends_a_line() {
    check(
        "data: a\u{2028}b\u{85}c\u{b}d\u{c}e\n\n",
        &["a\u{2028}b\u{85}c\u{b}d\u{c}e"],
    );
}

#[test]
fn a_cr_ends_its_line_without_waiting() {
    let mut framer = Framer::new();
    let mut read = &b"data: a\r\r"[..];
    let event = framer.next(&mut read).expect("short").expect("complete");
    assert_eq!(event.data, b"a");
}

#[test]
fn one_byte_order_mark_at_the_start_is_stripped() {
    check("\u{feff}data: a\n\n", &["a"]);
    check("\u{feff}\u{feff}data: a\n\n", &[]);
    check("data: a\n\n\u{feff}data: b\n\n", &["a"]);
    check("\u{feff}", &[]);
    check("data: \u{feff}a\n\n", &["\u{feff}a"]);
}

#[test]
fn what_only_begins_like_a_byte_order_mark_is_a_line() {
    for start in [&b"\xEF"[..], b"\xEF\xBB", b"\xEF\xBBdata: x", b"\xEFdata"] {
        let told = any_cut(&[start, b"\n\ndata: a\n\n"].concat());
        assert_eq!(told.data(), ["a"]);
        let name = start.split(|&byte| byte == b':').next().map(Vec::from);
        let Some(Ok(Item::Field {
            name: found, at: 0, ..
        })) = told.items.first()
        else {
            panic!("no field first: {told:?}");
        };
        assert_eq!(Some(found), name.as_ref());
    }
}

#[test]
fn a_block_without_data_is_no_event_and_names_none() {
    check("event: a\n\ndata: b\n\n", &["b"]);
    let told = any_cut(b"event: a\n\ndata: b\n\n");
    assert_eq!(told.events()[0].name, None);
}

#[test]
fn the_last_event_line_names_the_event() {
    let told = any_cut(b"event: a\ndata: x\nevent: bc\n\nevent: d\nevent\ndata: y\n\ndata: z\n\n");
    let names: Vec<_> = told.events().into_iter().map(|event| event.name).collect();
    assert_eq!(names, [Some(b"bc".to_vec()), None, None]);
}

#[test]
fn the_id_lasts_from_event_to_event() {
    let told = any_cut(b"id: 1\ndata: a\n\ndata: b\n\nid: 22\n\ndata: c\n\nid\ndata: d\n\n");
    let ids: Vec<_> = told.events().into_iter().map(|event| event.id).collect();
    let (one, two) = (Some(b"1".to_vec()), Some(b"22".to_vec()));
    assert_eq!(ids, [one.clone(), one, two, None]);
    assert_eq!(told.last_id, None);
}

#[test]
fn an_id_with_a_nul_is_ignored() {
    let told = any_cut(b"id: 1\nid: 2\0\ndata: a\n\n");
    assert_eq!(told.last_id.as_deref(), Some(&b"1"[..]));
}

#[test]
fn the_id_of_a_block_that_is_not_whole_does_not_last() {
    let told = any_cut(b"id: 1\ndata: a\n\nid: 2\ndata: b\n");
    assert_eq!(told.last_id.as_deref(), Some(&b"1"[..]));
    assert_eq!(
        told.open().and_then(|event| event.id).as_deref(),
        Some(&b"2"[..])
    );
}

#[test]
fn retry_is_digits() {
    for (value, expected) in [
        ("retry: 10", Some(10)),
        ("retry:0010", Some(10)),
        ("retry: 0", Some(0)),
        ("retry: 18446744073709551615", Some(u64::MAX)),
        ("retry: 99999999999999999999999", Some(u64::MAX)),
        ("retry: 1.5", None),
        ("retry: -1", None),
        ("retry: 1 ", None),
        ("retry:", None),
        ("retry", None),
        ("retry: \u{663}", None),
    ] {
        assert_eq!(
            any_cut(format!("{value}\n\n").as_bytes()).retry,
            expected,
            "{value}"
        );
        let told = any_cut(format!("{value}\ndata: a\n\ndata: b\n\n").as_bytes());
        let retries: Vec<_> = told.events().iter().map(|event| event.retry).collect();
        assert_eq!(retries, [expected, None], "{value}");
    }
    assert_eq!(any_cut(b"retry: 1\n\nretry: x\n\n").retry, Some(1));
    assert_eq!(
        any_cut(b"retry: 1\nretry: x\ndata\n\n").events()[0].retry,
        Some(1)
    );
}

#[test]
fn comments_and_unknown_fields_are_there_for_who_asks() {
    let told = any_cut(b": a\n:\ndata: x\n:b\nerror: {\"c\":1}\n data: no\ndatax\n\n: d\n");
    let comment = |text: &str, at| Item::Comment {
        text: text.into(),
        at,
    };
    let field = |name: &str, value: &str, at| Item::Field {
        name: name.into(),
        value: value.into(),
        at,
    };
    let events = told.events();
    assert_eq!(
        told.items.into_iter().flatten().collect::<Vec<_>>(),
        [
            comment("a", 0),
            comment("", 4),
            comment("b", 14),
            field("error", "{\"c\":1}", 17),
            field(" data", "no", 32),
            field("datax", "", 42),
            Item::Event(events[0].clone()),
            comment("d", 49),
        ]
    );
    assert_eq!(told.comments, 4);
    assert_eq!(events[0].data, b"x");
    assert_eq!(events[0].span, Span { start: 0, end: 49 });
}

#[test]
fn an_event_says_where_it_lies_in_the_stream() {
    let stream = b"\xEF\xBB\xBF: c\ndata: a\r\n\r\n\nevent: e\ndata:b\n\ndata: c";
    let told = any_cut(stream);
    let places: Vec<_> = told.events().iter().map(|e| (e.span, e.data_at)).collect();
    let span = |start, end| Span { start, end };
    assert_eq!(places, [(span(3, 17), 13), (span(19, 36), 33)]);
    assert_eq!(told.bytes, stream.len() as u64);
    let open = told.open().expect("the last event is open");
    assert_eq!((open.span, open.data_at), (span(36, 43), 42));
}

#[test]
fn the_end_may_leave_an_event_open() {
    for (stream, expected) in [
        ("data: a\n", Some("a")),
        ("data: a\r", Some("a")),
        ("data: a", Some("a")),
        ("data: a\ndata: b", Some("a\nb")),
        ("data", Some("")),
        ("data: a\nda", Some("a")),
        ("data: a\nevent: x", Some("a")),
        ("dat", None),
        ("event: x\n", None),
        (": c", None),
        ("id: 1\n", None),
        ("data: a\n\n", None),
        ("data: a\r\r", None),
        ("", None),
    ] {
        let open = any_cut(stream.as_bytes()).open();
        let data = open.map(|event| String::from_utf8_lossy(&event.data).into_owned());
        assert_eq!(data.as_deref(), expected, "{stream:?}");
        let (mut framer, mut read) = (Framer::new(), stream.as_bytes());
        while framer.next(&mut read).expect("short").is_some() {}
        let data = framer.finish().map(|event| event.data);
        assert_eq!(data, expected.map(str::as_bytes), "{stream:?}");
        let (mut framer, mut read) = (BytesFramer::new(), Bytes::from(stream));
        while framer.next(&mut read).expect("short").is_some() {}
        let data = framer.finish().map(|event| event.data);
        assert_eq!(data, expected.map(Bytes::from), "{stream:?}");
    }
}

#[test]
fn a_line_that_the_end_cuts_off_can_be_had() {
    for (stream, expected) in [
        (&b"data: a\nerror: {}"[..], 2),
        (b": pin", 1),
        (b"data: a\ndat", 2),
        (b"data: a\nid: 1", 1),
        (b"data: a\n\n", 0),
    ] {
        let mut framer = Framer::new();
        let mut read = stream;
        while framer.next_item(&mut read).expect("short").is_some() {}
        let mut count = 0;
        while framer.finish_item().is_some() {
            count += 1;
        }
        assert_eq!(count, expected, "{}", stream.escape_ascii());
        assert_eq!(framer.position(), stream.len() as u64);
    }
}

#[test]
fn what_the_end_cuts_off_counts_for_the_open_event_alone() {
    let told = any_cut(b"id: 1\nretry: 1\n\ndata: a\nevent: x");
    assert_eq!(told.open().and_then(|open| open.name), Some(b"x".to_vec()));
    let told = any_cut(b"id: 1\nretry: 1\n\ndata: a\nid: 2");
    assert_eq!(told.open().and_then(|open| open.id), Some(b"2".to_vec()));
    assert_eq!(told.last_id, Some(b"1".to_vec()));
    let told = any_cut(b"id: 1\nretry: 1\n\ndata: a\nid: 2\0");
    assert_eq!(told.open().and_then(|open| open.id), Some(b"1".to_vec()));
    let told = any_cut(b"id: 1\nretry: 1\n\ndata: a\nretry: 2");
    assert_eq!(told.open().and_then(|open| open.retry), Some(2));
    assert_eq!(told.retry, Some(1));
}

#[test]
fn a_byte_order_mark_that_the_end_cuts_off_is_a_line() {
    for start in [&b"\xEF"[..], b"\xEF\xBB"] {
        let mut framer = Framer::new();
        let mut read = start;
        assert_eq!(framer.next_item(&mut read), Ok(None));
        let Some(Item::Field { name, at: 0, .. }) = framer.finish_item() else {
            panic!("no field");
        };
        assert_eq!(name, start);
        assert_eq!(framer.finish_item(), None);
    }
}

#[test]
fn a_comment_that_the_end_cut_off_is_no_part_of_what_follows() {
    // For who asks for what the end left open, and then reads on.
    for reads in [
        &["data: x\n\n"][..],
        &["data: x", "\n\n"],
        &["d", "ata: x\n\n"],
    ] {
        let mut framer = Framer::new();
        assert_eq!(framer.next_item(&mut &b": c"[..]), Ok(None));
        let item = framer.finish_item();
        assert!(matches!(item, Some(Item::Comment { .. })), "{item:?}");
        let mut data = Vec::new();
        for read in reads {
            let mut read = read.as_bytes();
            while let Some(event) = framer.next(&mut read).expect("short") {
                data.push(event.data.to_vec());
            }
        }
        assert_eq!(data, [b"x"], "{reads:?}");
    }
}

#[test]
fn a_framer_reads_another_stream_after_the_end() {
    let mut framer = Framer::new();
    frame(&mut framer, [&b"id: 7\nretry: 5\ndata: a\n\ndata: b\r"[..]]);
    let told = frame(&mut framer, [&b"\xEF\xBB\xBFdata: c\n\n"[..]]);
    let event = &told.events()[0];
    assert_eq!(
        (&*event.data, event.id.as_deref()),
        (&b"c"[..], Some(&b"7"[..]))
    );
    assert_eq!(event.span, Span { start: 3, end: 12 });
    assert_eq!(told.retry, Some(5));
    assert!(framer.finish().is_none(), "a stream ends once");
    assert_eq!(
        framer.position(),
        12,
        "and is counted on until the next begins"
    );
}
