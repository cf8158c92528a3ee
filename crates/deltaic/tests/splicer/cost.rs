//! What it costs to pass a stream on.

use super::*;

#[test]
fn what_is_not_edited_shares_the_memory_of_what_came() {
    let made = streams::text(100, streams::Envelope::OpenAi);
    let read = Bytes::from(made.stream);
    let all = read.as_ptr_range();
    let mut splicer = Splicer::new();
    splicer.push(read);
    let mut events = 0;
    while splicer.next().is_some() {
        edit_all(&mut splicer, &alias());
        events += 1;
    }
    let mut pieces = Vec::new();
    while let Some(piece) = splicer.piece() {
        pieces.push(piece);
    }
    assert_eq!(splicer.relayed().edited, events - 1, "all but `[DONE]`");
    // What was put in, and what is between.
    let put = pieces.iter().filter(|piece| *piece == ALIAS).count();
    assert_eq!((put, pieces.len()), (100, 201));
    for piece in pieces.iter().filter(|piece| *piece != ALIAS) {
        let piece = piece.as_ptr_range();
        assert!(all.contains(&piece.start) && piece.end <= all.end);
    }
}

#[test]
fn an_event_like_the_one_before_allocates_nothing() {
    let chunk = |text: &str| {
        Bytes::from(format!(
            "data: {{\"model\":\"m\",\"choices\":[{{\"delta\":{{\"content\":\"{text}\"}}}}]}}\n\n"
        ))
    };
    let reads: Vec<Bytes> = (0..200).map(|n| chunk(&n.to_string())).collect();
    // To share memory for the first time allocates.
    let shared = reads.clone();
    let mut splicer = Splicer::new();
    let edits = alias();
    let mut out = 0;
    let mut pass = |reads: &[Bytes]| {
        for read in reads {
            splicer.push(read.clone());
            while splicer.next().is_some() {
                edit_all(&mut splicer, &edits);
            }
            while let Some(piece) = splicer.piece() {
                out += piece.len();
            }
        }
    };
    pass(&reads[..50]);
    let counted = measure(|| pass(&reads[50..]));
    assert_eq!(counted.count_total, 0);
    let came: usize = shared.iter().map(Bytes::len).sum();
    assert_eq!(out, came + 200 * (ALIAS.len() - 3));
}

/// What is allocated where all of these events are edited, and what is left of it.
fn allocated(edits: &[Edit<&str>], events: impl Iterator<Item = String>) -> (u64, i64) {
    let reads: Vec<Bytes> = events
        .map(|data| Bytes::from(format!("data: {data}\n\n")))
        .collect();
    // To share memory for the first time allocates.
    let _shared = reads.clone();
    let mut splicer = Splicer::new();
    let counted = measure(|| {
        for read in &reads {
            splicer.push(read.clone());
            while splicer.next().is_some() {
                edit_all(&mut splicer, edits);
            }
            while splicer.piece().is_some() {}
        }
    });
    (counted.count_total, counted.bytes_current)
}

#[test]
fn events_that_are_never_alike_cost_no_learning() {
    let long = "x".repeat(4_000);
    let events = (0..2_000).map(|n| format!("{{\"n{n}\":\"{long}\"}}"));
    let (count, bytes) = allocated(&alias(), events);
    assert!(count < 1_000, "{count} allocations");
    assert!(bytes < 20 << 10, "{bytes} bytes are kept");
}

#[test]
fn an_event_that_is_not_alike_spoils_no_others() {
    let events = (0..20_000).map(|n| match n % 20 {
        0 => format!("{{\"model\":\"m\",\"n{n}\":1}}"),
        _ => format!("{{\"model\":\"m\",\"n\":{n}}}"),
    });
    let (count, _) = allocated(&alias(), events);
    assert!(count < 10 * 20_000 / 20, "{count} allocations");
}

#[test]
fn other_edits_are_not_those_of_before() {
    let stream = "data: {\"a\":1}\n\ndata: {\"b\":1}\n\n";
    let mut out = Vec::new();
    let mut splicer = Splicer::new();
    for json in ["7", "8", "\"9\""] {
        let edits = ["a", "b"].map(|path| Edit::replace(path, json).expect("an edit"));
        splicer.push(Bytes::from_static(stream.as_bytes()));
        while splicer.next().is_some() {
            assert_eq!(splicer.edit(&edits), Ok(1));
        }
        drain(&mut splicer, &mut out);
        let expected = stream.replace('1', json);
        assert_eq!(String::from_utf8_lossy(&out), expected);
        out.clear();
    }
}

#[test]
fn a_large_event_is_forgotten() {
    let large = format!(
        "data: {{\"model\":\"m\",\"x\":\"{}\"}}\n\n",
        "x".repeat(1 << 20)
    );
    let many = format!("data: {{{}}}\n\n", vec!["\"model\":1"; 1 << 13].join(","));
    let mut splicer = Splicer::new();
    let mut left = 0;
    let counted = measure(|| {
        for (stream, len) in [(&*large, 1 << 16), (&many, 2), ("data: a\n\n", 2)] {
            for read in stream.as_bytes().chunks(len) {
                splicer.push(Bytes::copy_from_slice(read));
                while splicer.next().is_some() {
                    edit_all(&mut splicer, &alias());
                }
                while let Some(piece) = splicer.piece() {
                    left += piece.len();
                }
            }
        }
    });
    assert!(left > large.len() + many.len());
    assert!(
        counted.bytes_current < 200 << 10,
        "{} bytes",
        counted.bytes_current
    );
}

#[test]
fn an_event_in_many_small_reads_costs_no_square() {
    let total = |reads: usize| {
        let mut splicer = Splicer::new();
        let mut out = Vec::new();
        let counted = measure(|| {
            for _ in 0..reads {
                splicer.push(Bytes::from_static(b"x"));
                while splicer.next().is_some() {}
                drain(&mut splicer, &mut out);
            }
        });
        assert!(out.is_empty(), "the line has no end");
        counted.bytes_total
    };
    let (once, twice) = (total(20_000), total(40_000));
    assert!(twice < 3 * once, "{once} and {twice} bytes");
}

#[test]
fn small_reads_do_not_keep_their_buffers_alive() {
    // A server that sends byte by byte, read into buffers as HTTP clients have them.
    let mut splicer = Splicer::new();
    let counted = measure(|| {
        for _ in 0..20_000 {
            splicer.push(Bytes::from(vec![b'x'; 8 << 10]).slice(..1));
            while splicer.next().is_some() {}
            assert_eq!(splicer.piece(), None, "the line has no end");
        }
    });
    let held = counted.bytes_current;
    assert!(held < 1 << 20, "{held} bytes for 20,000 that came");
    let mut out = Vec::new();
    while splicer.finish().is_some() {}
    drain(&mut splicer, &mut out);
    assert!(out == b"x".repeat(20_000));
}

#[test]
fn large_reads_share_their_memory_between_small_ones() {
    let large = Bytes::from(vec![b'x'; 8 << 10]);
    let mut splicer = Splicer::new();
    let mut sent = Vec::new();
    for _ in 0..100 {
        splicer.push(Bytes::from_static(b"x"));
        splicer.push(large.clone());
        while splicer.next().is_some() {}
    }
    while splicer.finish().is_some() {}
    sent.extend(std::iter::from_fn(|| splicer.piece()));
    let shared = sent.iter().filter(|piece| piece.as_ptr() == large.as_ptr());
    assert_eq!(shared.count(), 100);
    assert_eq!(
        sent.iter().map(Bytes::len).sum::<usize>(),
        100 * (1 + large.len())
    );
}

#[test]
fn events_that_are_seldom_alike_are_not_learned_each_time() {
    // The members behind differ, so that all before them is looked at in vain.
    let events = (0..2_000).map(|n| {
        let numbers = vec!["1"; n % 7].join(",");
        format!("{{\"model\":\"m\",\"text\":\"{n}\",\"n\":[{numbers}]}}")
    });
    let (count, _) = allocated(&alias(), events);
    // An edit allocates nothing but what it puts in.
    assert!(count < 2 * 2_000, "{count} allocations");
}
