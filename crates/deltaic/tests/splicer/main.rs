//! Streams that are passed on and changed in passing.

#[path = "../common/mod.rs"]
mod common;
mod cost;
mod recordings;

use allocation_counter::measure;
use bytes::Bytes;
use common::{json, read};
use deltaic::{Refused, Relayed, Report, Splicer, chunk::Edit};
use deltaic_corpus::{Recording, cut, recordings, streams, with_line_ends};
use serde_json::Value;

const ALIAS: &str = "\"ours, and longer than theirs\"";

fn alias() -> [Edit<&'static str>; 1] {
    [Edit::replace("model", ALIAS).expect("an edit")]
}

/// Drains what may go out.
fn drain(splicer: &mut Splicer, out: &mut Vec<u8>) {
    while let Some(piece) = splicer.piece() {
        out.extend_from_slice(&piece);
    }
}

/// What goes out of these reads, with `act` on each event.
fn relay<'r>(
    mut splicer: Splicer,
    reads: impl IntoIterator<Item = &'r [u8]>,
    act: impl Fn(&mut Splicer, &[u8]),
) -> (Vec<u8>, Relayed) {
    let mut out = Vec::new();
    for read in reads {
        splicer.push(Bytes::copy_from_slice(read));
        while let Some(data) = splicer.next().map(<[u8]>::to_vec) {
            act(&mut splicer, &data);
        }
        drain(&mut splicer, &mut out);
    }
    while let Some(data) = splicer.finish().map(<[u8]>::to_vec) {
        act(&mut splicer, &data);
    }
    drain(&mut splicer, &mut out);
    (out, splicer.relayed())
}

fn edit_all(splicer: &mut Splicer, edits: &[Edit<&str>]) {
    // It is told by what goes out, and counted.
    let _ = splicer.edit(edits);
}

/// What goes out of a stream, which must not depend on how it is cut.
#[track_caller]
fn any_cut(stream: &str, limit: usize, act: impl Fn(&mut Splicer, &[u8])) -> (String, Relayed) {
    let new = || Splicer::with_limit(limit);
    let whole = relay(new(), [stream.as_bytes()], &act);
    for reads in cut::in_two(stream.as_bytes()) {
        assert_eq!(relay(new(), reads, &act), whole, "{reads:?}");
    }
    let bytes = cut::into(stream.as_bytes(), 1);
    assert_eq!(relay(new(), bytes, &act), whole, "byte by byte");
    (String::from_utf8(whole.0).expect("UTF-8"), whole.1)
}

/// What goes out where the model is renamed.
#[track_caller]
fn renamed(stream: &str, limit: usize) -> (String, Relayed) {
    any_cut(stream, limit, |splicer, _| edit_all(splicer, &alias()))
}

#[track_caller]
fn check(stream: &str) -> Relayed {
    let (out, relayed) = renamed(stream, 1 << 20);
    assert_eq!(out, stream.replace("\"m\"", ALIAS));
    relayed
}

#[test]
fn an_event_is_edited_and_all_else_stays() {
    for stream in [
        "data: {\"model\":\"m\"}\n\n",
        "\u{feff}: hi\n\nid: 1\nevent: e\ndata:{\"a\":{},\"model\" : \"m\"}\nretry: 7\nx\n: c\n\n\ndata: [DONE]\n\n",
        "data: {\"model\":\"m\",\"model\":\"m\"}\r\n\r\ndata: {\"mo\\u0064el\":\"m\"}\r\rdata:\n\n",
    ] {
        let relayed = check(stream);
        assert!(relayed.edited > 0 && relayed.refused == 0, "{relayed:?}");
    }
}

#[test]
fn events_that_are_alike_are_edited_alike() {
    let chunk = |text: &str, p: &str| {
        format!(
            "data: {{\"p\":\"{p}\",\"model\":\"m\",\"choices\":[{{\"delta\":{{\"content\":\"{text}\"}}}}],\"p\":\"{p}\"}}\n\n"
        )
    };
    let texts = ["a", "", "bcd", "\\n", "é", "a", "\\\"model\\\":\\\"x\\\""];
    let stream: String = texts
        .iter()
        .map(|text| chunk(text, &text.repeat(2)))
        .collect();
    let relayed = check(&stream);
    assert_eq!(relayed.edited, texts.len() as u64);
    let edits = [
        Edit::remove("p").expect("an edit"),
        Edit::set("q", "1").expect("an edit"),
    ];
    let (out, _) = any_cut(&stream, 1 << 20, |splicer, _| edit_all(splicer, &edits));
    let expected = texts.iter().map(|text| {
        format!("data: {{\"model\":\"m\",\"choices\":[{{\"delta\":{{\"content\":\"{text}\"}}}}],\"q\":1}}\n\n")
    });
    assert_eq!(out, expected.collect::<String>());
}

#[test]
fn each_event_may_have_edits_of_its_own() {
    let stream = "data: {\"n\":1}\n\ndata: {\"n\":2}\n\ndata: {\"n\":3}\n\ndata: {\"n\":4}\n\n";
    let (out, _) = any_cut(stream, 100, |splicer, data| {
        let json = String::from_utf8_lossy(data).replace("\"n\"", "\"m\"");
        let edits = [Edit::replace("n", &*json).expect("an edit")];
        if data != b"{\"n\":3}" {
            assert_eq!(splicer.edit(&edits), Ok(1));
        }
    });
    assert_eq!(
        out,
        "data: {\"n\":{\"m\":1}}\n\ndata: {\"n\":{\"m\":2}}\n\ndata: {\"n\":3}\n\ndata: {\"n\":{\"m\":4}}\n\n"
    );
}

#[test]
fn the_last_edit_of_an_event_counts() {
    let stream = "data: {\"model\":\"m\",\"n\":1}\n\ndata: {\"n\":1}\n\n";
    let (out, relayed) = any_cut(stream, 100, |splicer, _| {
        let edits = [Edit::remove("n").expect("an edit")];
        assert!(splicer.edit(&alias()).is_ok());
        assert_eq!(splicer.edit(&edits), Ok(1));
    });
    assert_eq!(out, "data: {\"model\":\"m\"}\n\ndata: {}\n\n");
    assert_eq!((relayed.events, relayed.edited), (2, 2));
}

#[test]
fn what_cannot_be_edited_goes_out_as_it_is_and_is_told() {
    let refused = |stream: &str| {
        let told = std::cell::RefCell::new(Vec::new());
        let (out, relayed) = any_cut(stream, 100, |splicer, _| {
            told.borrow_mut().extend(splicer.edit(&alias()).err());
        });
        assert_eq!(out, stream);
        assert_eq!((relayed.refused, relayed.edited), (1, 0), "{stream:?}");
        told.into_inner()[0]
    };
    for lines in [
        "data: {\"model\":\ndata: \"m\"}\n\n",
        "data: {\"model\":\"m\"}\ndata\n\n",
    ] {
        assert_eq!(refused(lines), Refused::SeveralLines);
    }
    for data in [
        "{\"model\":\"m\"",
        "{\"model\":\"m\"}}",
        "{\"model\":\"\u{1}\"}",
        "<html>",
        "ping",
    ] {
        let error = refused(&format!("data: {data}\n\n"));
        let expected = deltaic::chunk::Raw::parse(data.as_bytes()).expect_err("no JSON");
        assert_eq!(error, Refused::NotJson(expected));
    }
}

#[test]
fn data_that_has_no_members_is_nothing_odd() {
    for data in [
        "[DONE]",
        " [DONE]",
        "",
        " ",
        "[{\"model\":\"m\"}]",
        "7",
        "{}",
        "{\"models\":1}",
    ] {
        let stream = format!("data: {data}\n\n");
        let (out, relayed) = renamed(&stream, 100);
        assert_eq!(out, stream);
        assert_eq!((relayed.events, relayed.edited, relayed.refused), (1, 0, 0));
    }
}

#[test]
fn an_event_that_the_end_left_open_can_be_edited() {
    for (end, edited) in [("", 1), ("\n", 1), ("\r", 1), ("\nid: 1", 1), ("\n: c", 1)] {
        let relayed = check(&format!(
            "data: {{\"n\":1}}\n\ndata: {{\"model\":\"m\"}}{end}"
        ));
        assert_eq!((relayed.events, relayed.edited), (2, edited), "{end:?}");
    }
    let relayed = check("data: {\"model\":");
    assert_eq!((relayed.events, relayed.refused), (1, 1));
    assert_eq!(check("id: 1").events, 0);
    assert_eq!(check(": {\"model\":\"\"}").events, 0);
}

#[test]
fn a_response_that_is_no_stream_goes_out_at_once() {
    for body in [
        "{\"model\":\"m\"}",
        " \n[{\"model\":\"m\"}]\n",
        "<p>\ndata: {\"model\":\"m\"}\n\n",
    ] {
        let (out, relayed) = renamed(body, 4);
        assert_eq!(out, body);
        assert!(relayed.is_no_stream);
        assert_eq!(relayed.events, 0);
        let mut splicer = Splicer::new();
        for byte in body.bytes() {
            splicer.push(Bytes::from(vec![byte]));
            assert_eq!(splicer.next(), None);
            if !byte.is_ascii_whitespace() {
                assert!(splicer.piece().is_some());
            }
            while splicer.piece().is_some() {}
        }
    }
    assert!(!check("data: {\"model\":\"m\"}\n\n").is_no_stream);
}

#[test]
fn a_block_that_is_too_long_goes_out_as_it_is() {
    let block = "data: {\"model\":\"m\"}\n\n";
    let fits = block.len();
    for (lead, rest) in [
        ("", ""),
        (": a comment\n", ""),
        (": a comment\r\n: a comment\r", ""),
        ("", ": a comment\n: a comment\n: a comment\n"),
        ("id: 1\n", ": a comment\n"),
        ("", "id: a\nid: b\nid: c\nid: d\n"),
    ] {
        let fields = lead.strip_prefix("id").map_or(0, |_| lead.len());
        let fits = fits + fields + rest.len();
        let (before, after) = block.split_at(block.len() - 1);
        let stream = format!("{block}{lead}{before}{rest}{after}{block}");
        let (out, relayed) = renamed(&stream, fits);
        assert_eq!(out, stream.replace("\"m\"", ALIAS), "{stream:?}");
        assert_eq!((relayed.edited, relayed.too_long), (3, 0));
        let (out, relayed) = renamed(&stream, fits - 1);
        if rest.is_empty() && fields == 0 {
            assert_eq!((out, relayed.too_long), (stream, 3));
            continue;
        }
        let edited = block.replace("\"m\"", ALIAS);
        assert_eq!(out, format!("{edited}{lead}{before}{rest}{after}{edited}"));
        assert_eq!(
            (relayed.events, relayed.edited, relayed.too_long),
            (2, 2, 1)
        );
    }
}

#[test]
fn a_comment_may_be_as_long_as_the_limit() {
    let block = "data: {\"model\":\"m\"}\n\n";
    for end in ["\n", "\r\n", "\r"] {
        let comment = format!(":{}{end}", "x".repeat(block.len() - 1));
        let stream = format!(": c{end}{comment}{comment}{block}");
        let (out, relayed) = renamed(&stream, block.len());
        assert_eq!(out, stream.replace("\"m\"", ALIAS), "{stream:?}");
        assert_eq!((relayed.edited, relayed.too_long), (1, 0));
    }
}

#[test]
fn an_event_is_taken_out_with_its_block() {
    let remove = |splicer: &mut Splicer, data: &[u8]| {
        if matches!(data, b"x" | b"{\"model\":1}") {
            edit_all(splicer, &alias());
            splicer.remove();
        }
    };
    for (stream, expected) in [
        (
            "data: a\n\nid: 1\ndata: x\n: c\n\ndata: b\n\n",
            "data: a\n\ndata: b\n\n",
        ),
        ("data: a\n\ndata: {\"model\":1}\n\n", "data: a\n\n"),
        (": c\ndata: x\n\ndata: b\n\n", ": c\ndata: b\n\n"),
        ("data: x", ""),
        ("\u{feff}data: x\n\n\n", "\u{feff}\n"),
        ("data: x\r\n\r\ndata: b\r\n\r\n", "\ndata: b\r\n\r\n"),
    ] {
        let (out, relayed) = any_cut(stream, 100, remove);
        assert_eq!(out, expected, "{stream:?}");
        assert_eq!(
            (relayed.removed, relayed.edited, relayed.refused),
            (1, 0, 0)
        );
    }
}

/// What is put in.
const PUT: &str = "data: 1\n\ndata: 2\n\n";

#[test]
fn events_are_put_in_before_the_one_at_hand() {
    let insert = |splicer: &mut Splicer, data: &[u8]| {
        if data == b"x" {
            splicer.insert(Bytes::from_static(b"data: 1\n\n"));
            splicer.insert(Bytes::from_static(b"data: 2\n\n"));
        }
    };
    for (before, behind) in [
        ("data: a\n\n", "id: 1\ndata: x\n\ndata: b\n\n"),
        (": c\r\n", "data: x\r\n\r\n"),
        ("\u{feff}", "data: x"),
        ("id: 1\r\n\r\n: c\r\n: c\r", "data: x\r\r"),
    ] {
        let (out, _) = any_cut(&format!("{before}{behind}"), 100, insert);
        assert_eq!(out, format!("{before}{PUT}{behind}"));
    }
}

#[test]
fn without_an_event_at_hand_nothing_is_done() {
    let mut splicer = Splicer::new();
    splicer.insert(Bytes::from_static(b"data: 1\n\n"));
    splicer.remove();
    assert_eq!(splicer.edit(&alias()), Ok(0));
    splicer.push(Bytes::from_static(b"data: {\"model\":1}\n\n"));
    assert_eq!(splicer.next(), Some(&b"{\"model\":1}"[..]));
    // It is gone with the piece.
    assert_eq!(
        splicer.piece().as_deref(),
        Some(&b"data: {\"model\":1}\n\n"[..])
    );
    splicer.remove();
    assert_eq!(splicer.edit(&alias()), Ok(0));
    assert_eq!(splicer.piece(), None);
    assert_eq!(splicer.relayed().removed, 0);
}

#[test]
fn what_comes_behind_the_end_goes_out_as_it_is() {
    let mut splicer = Splicer::new();
    assert_eq!(splicer.finish(), None);
    splicer.push(Bytes::from_static(b"data: a\n\n"));
    assert_eq!(splicer.next(), None);
    assert_eq!(splicer.piece().as_deref(), Some(&b"data: a\n\n"[..]));
    assert_eq!(splicer.finish(), None);
}

/// How much is out after each of these reads.
fn out_after(reads: &[&str]) -> Vec<usize> {
    let mut splicer = Splicer::with_limit(40);
    let mut out = Vec::new();
    let after = |read: &&str| {
        splicer.push(Bytes::copy_from_slice(read.as_bytes()));
        while splicer.next().is_some() {}
        drain(&mut splicer, &mut out);
        out.len()
    };
    reads.iter().map(after).collect()
}

#[test]
fn only_the_open_block_is_held() {
    assert_eq!(out_after(&["data: a\n\nda", "ta: b\n", "\n"]), [9, 9, 18]);
    assert_eq!(out_after(&["id: 1\n\nid: 2\n", "\n"]), [7, 14]);
    assert_eq!(
        out_after(&["data: a\r\n\r", "\nd", "ata: b\r\n\r\n"]),
        [10, 11, 22]
    );
    assert_eq!(out_after(&["\u{feff}", "data: a\n\n"]), [3, 12]);
}

#[test]
fn comments_before_an_event_are_not_held() {
    assert_eq!(
        out_after(&[": ping\n", ": pi", "ng\n", "data: a\n: c\n", "\n"]),
        [7, 7, 14, 14, 27]
    );
    assert_eq!(
        out_after(&[": p\r\n: q\r\n", "data: a", "\r\n\r\n"]),
        [9, 9, 21]
    );
    let ping: String = ": ping\n".repeat(100);
    assert_eq!(out_after(&[&ping, "data: a\n", "\n"]), [700, 700, 709]);
}

#[test]
fn what_is_too_long_is_not_held() {
    let text = "x".repeat(50);
    assert_eq!(
        out_after(&["data: ", &text, "y", "\n\ndata: a\n"]),
        [0, 56, 57, 59]
    );
    let fields = "id: 1\n".repeat(10);
    assert_eq!(out_after(&[&fields, "id: 2\n", "\nid: 3\n"]), [60, 66, 67]);
}

#[test]
fn events_that_nobody_has_asked_for_are_given_at_the_end() {
    let stream = "data: {\"model\":1}\n\ndata: {\"model\":2}\n\ndata: {\"model\":3}";
    let mut splicer = Splicer::new();
    splicer.push(Bytes::from_static(stream.as_bytes()));
    let mut events = 0;
    while splicer.finish().is_some() {
        edit_all(&mut splicer, &alias());
        events += 1;
    }
    let mut out = Vec::new();
    drain(&mut splicer, &mut out);
    let expected = stream.replace(['1', '2', '3'], ALIAS);
    assert_eq!(String::from_utf8_lossy(&out), expected);
    assert_eq!((events, splicer.relayed().edited), (3, 3));
}
