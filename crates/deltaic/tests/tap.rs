//! A tap by itself: what passes is what came, and what is told is what a reader tells.

mod common;
#[path = "common/passing.rs"]
mod passing;

use std::{
    io,
    io::IoSlice,
    pin::pin,
    task::{Context, Poll, Waker},
};

use allocation_counter::measure;
use bytes::{Buf, Bytes};
use common::{A, STOP, content, read};
use deltaic::{First, Limits, Outcome, Tap, TapEnd, Unread, UsageState};
use deltaic_corpus::{cut, recordings};
use futures_util::{FutureExt, stream};
use http_body::{Body, Frame};
use http_body_util::{BodyExt, StreamBody};
use passing::{Frames, body, pass, poll, report, ways};

#[test]
fn what_a_tap_tells_is_what_a_reader_tells() {
    for recording in recordings() {
        let whole = read([&*recording.bytes]);
        for reads in ways(&recording.bytes) {
            let told = pass(&reads, false);
            assert_eq!(
                told.report,
                whole,
                "{} in {} reads",
                recording.name,
                reads.len()
            );
        }
    }
}

#[test]
fn the_first_of_each_kind_is_told_by_its_read() {
    let delta = |delta: &str| format!("data: {{\"choices\":[{{\"delta\":{{{delta}}}}}]}}\n\n");
    let role = delta(r#""role":"assistant","content":"""#);
    let thought = delta(r#""reasoning":"r""#);
    let said = delta(r#""content":"a""#);
    let refused = delta(r#""refusal":"a""#);
    let call = delta(r#""tool_calls":[{"index":0,"id":"c","function":{"name":"f"}}]"#);
    let (one, two) = said.split_at(20);
    for usage_only in [false, true] {
        let first = |reads: &[&str]| {
            let reads: Vec<_> = reads.iter().map(|read| read.as_bytes()).collect();
            let First {
                role,
                reasoning,
                content,
                tool,
                ..
            } = pass(&reads, usage_only).first;
            [role, reasoning, content, tool]
        };
        let all = [&*role, ": ping\n\n", &thought, &said, &said, &call];
        assert_eq!(first(&all), [Some(0), Some(2), Some(3), Some(5)]);
        assert_eq!(first(&[&all.concat()]), [Some(0); 4]);
        assert_eq!(first(&[&said, &role, STOP]), [Some(1), None, Some(0), None]);
        assert_eq!(first(&["", one, two]), [None, None, Some(2), None]);
        assert_eq!(first(&[&refused]), [None, None, Some(0), None]);
        assert_eq!(first(&["data: [DONE]\n\n"]), [None; 4]);
        // What counts first, and texts behind it.
        assert_eq!(
            first(&[&call, &said, &thought]),
            [None, Some(2), Some(1), Some(0)]
        );
    }
}

#[test]
fn a_tap_that_is_dropped_tells_what_has_come() {
    let usage = r#"data: {"choices":[],"usage":{"total_tokens":7}}"#;
    for (reads, outcome, state) in [
        (vec![A], "truncated", UsageState::None),
        (
            vec![A, STOP, usage, "\n\n"],
            "finished",
            UsageState::Complete,
        ),
        (vec![A, usage, "\n\n", A], "truncated", UsageState::Partial),
        (vec![], "empty", UsageState::None),
    ] {
        for usage_only in [false, true] {
            let (tell, told) = report();
            let bytes: Vec<_> = reads.iter().map(|read| read.as_bytes()).collect();
            let rest = [&bytes[..], &[A.as_bytes()]].concat();
            let tap = Tap::new(body(&rest), tell);
            let mut tap = Box::pin(if usage_only { tap.usage_only() } else { tap });
            for _ in &bytes {
                assert!(poll!(tap).is_ready());
            }
            assert!(told.try_recv().is_err(), "not yet");
            drop(tap);
            let report = told.try_recv().expect("now");
            assert_eq!(report.end, TapEnd::Dropped);
            assert_eq!(report.report.outcome.name(), outcome);
            assert_eq!(report.report.usage, state);
            assert!(told.try_recv().is_err(), "once");
        }
    }
}

#[test]
fn an_error_is_told_and_passed_on_and_ends_the_reading() {
    let frames: Frames = vec![
        Ok(Frame::data(Bytes::from(A))),
        Err(io::Error::other("gone")),
        Ok(Frame::data(Bytes::from(A))),
    ];
    let (tell, told) = report();
    let mut tap = pin!(Tap::new(StreamBody::new(stream::iter(frames)), tell));
    assert!(matches!(poll!(tap), Poll::Ready(Some(Ok(_)))));
    let Poll::Ready(Some(Err(error))) = poll!(tap) else {
        panic!("an error comes");
    };
    assert_eq!(error.to_string(), "gone");
    let report = told.try_recv().expect("a report");
    assert_eq!(report.end, TapEnd::Failed("gone".into()));
    assert_eq!(report.end.to_string(), "failed: gone");
    assert_eq!((report.reads, content(&report.report)), (1, Some("a")));
    let counted = measure(|| {
        let Poll::Ready(Some(Ok(frame))) = poll!(tap) else {
            panic!("it is passed on");
        };
        assert_eq!(frame.into_data().expect("data"), A);
    });
    assert_eq!(counted.count_total, 0, "and not read");
    assert!(matches!(poll!(tap), Poll::Ready(None)));
    assert!(told.try_recv().is_err(), "once");
}

#[test]
fn a_body_that_says_that_it_is_whole_has_ended() {
    for bytes in ["", A] {
        let (tell, told) = report();
        let full = http_body_util::Full::new(Bytes::from(bytes));
        let mut tap = Box::pin(Tap::new(full, tell));
        assert_eq!(tap.size_hint().exact(), Some(bytes.len() as u64));
        if !bytes.is_empty() {
            assert!(!tap.is_end_stream());
            assert!(poll!(tap).is_ready());
        }
        assert!(tap.is_end_stream());
        drop(tap);
        assert_eq!(told.try_recv().expect("a report").end, TapEnd::Ended);
    }
}

#[test]
fn the_inner_body_is_asked_when_this_one_is() {
    let (tell, told) = report();
    let mut asked = 0;
    let frames = stream::poll_fn(|_| {
        asked += 1;
        match asked {
            2 => Poll::Pending,
            _ => Poll::Ready(Some(Ok::<_, io::Error>(Frame::data(Bytes::from(A))))),
        }
    });
    let mut tap = Box::pin(Tap::new(StreamBody::new(frames), tell));
    assert!(poll!(tap).is_ready());
    assert!(poll!(tap).is_pending());
    assert!(poll!(tap).is_ready());
    drop(tap);
    assert_eq!(asked, 3);
    assert_eq!(told.try_recv().expect("a report").reads, 2);
}

/// Data in pieces, of which no more are shown than `shown`.
struct Pieces {
    pieces: Vec<Bytes>,
    shown: usize,
}

impl Buf for Pieces {
    fn remaining(&self) -> usize {
        self.pieces.iter().map(Bytes::len).sum()
    }

    fn chunk(&self) -> &[u8] {
        self.pieces.first().map_or(&[], |piece| piece)
    }

    fn chunks_vectored<'a>(&'a self, into: &mut [IoSlice<'a>]) -> usize {
        let shown = self.pieces.iter().take(self.shown).zip(into.iter_mut());
        shown
            .map(|(piece, slice)| *slice = IoSlice::new(piece))
            .count()
    }

    fn advance(&mut self, mut count: usize) {
        while let Some(first) = self.pieces.first_mut().filter(|_| count > 0) {
            let taken = count.min(first.len());
            first.advance(taken);
            count -= taken;
            if first.is_empty() {
                self.pieces.remove(0);
            }
        }
    }
}

#[test]
fn data_in_pieces_is_read_if_all_of_them_can_be_seen() {
    let stream = [A, STOP].concat();
    let pieces = |shown| {
        let pieces = cut::into(stream.as_bytes(), 20).map(Bytes::copy_from_slice);
        let pieces: Vec<_> = pieces.collect();
        assert!((2..16).contains(&pieces.len()));
        Pieces { pieces, shown }
    };
    for (shown, unread, outcome) in [
        (usize::MAX, None, Outcome::Finished),
        (1, Some(Unread::Scattered), Outcome::Empty),
    ] {
        let (tell, told) = report();
        let frames = vec![Ok::<_, io::Error>(Frame::data(pieces(shown)))];
        let tap = Tap::new(StreamBody::new(stream::iter(frames)), tell);
        let sent = tap.collect().now_or_never().expect("nothing waits");
        assert_eq!(sent.expect("nothing fails").to_bytes(), stream);
        let report = told.try_recv().expect("a report");
        assert_eq!((report.unread, report.report.outcome), (unread, outcome));
        assert_eq!(report.report.stats.bytes, stream.len() as u64);
    }
}

#[test]
fn a_limit_holds() {
    let (tell, told) = report();
    let limits = Limits {
        event: 30,
        ..Limits::default()
    };
    let tap = Tap::new(body(&[A.as_bytes(), b"data: [DONE]\n\n"]), tell).with_limits(limits);
    assert!(tap.collect().now_or_never().is_some());
    let report = told.try_recv().expect("a report").report;
    assert_eq!((report.stats.chunks, report.stats.events), (0, 1));
}

#[test]
fn what_is_past_the_limit_is_told_as_unread() {
    let limits = Limits {
        event: 60,
        ..Limits::default()
    };
    let usage = r#"{"choices":[],"usage":{"total_tokens":9},"padding":"beyond the limit"}"#;
    let stream = format!("data: {usage}\n\ndata: [DONE]\n\n");
    for (bytes, unread) in [
        (&*stream, Some(Unread::TooLong)),
        (usage, Some(Unread::TooLong)),
        ("data: [DONE]\n\n", None),
        ("{\"choices\":[]}", None),
    ] {
        for usage_only in [false, true] {
            for len in [1, 7, 1_000] {
                let reads: Vec<&[u8]> = bytes.as_bytes().chunks(len).collect();
                let (tell, told) = report();
                let tap = Tap::new(body(&reads), tell).with_limits(limits);
                let tap = if usage_only { tap.usage_only() } else { tap };
                assert!(tap.collect().now_or_never().is_some());
                let seen = told.try_recv().expect("a report");
                assert_eq!(seen.unread, unread, "{bytes} {usage_only} {len}");
                let too_long = u64::from(unread.is_some());
                assert_eq!(seen.report.stats.too_long, too_long);
            }
        }
    }
}

#[test]
fn what_is_too_long_before_the_first_line_counts_too() {
    // A second byte order mark is a line that says nothing.
    let reads = [&b"\xEF\xBB\xBF\xEF\xBB\xBF"[..], b"data: 1\n\n"];
    let limits = Limits {
        event: 0,
        ..Limits::default()
    };
    let told = [false, true].map(|usage_only| {
        let (tell, told) = report();
        let tap = Tap::new(body(&reads), tell).with_limits(limits);
        let tap = if usage_only { tap.usage_only() } else { tap };
        assert!(tap.collect().now_or_never().is_some());
        told.try_recv().expect("a report").report.stats
    });
    assert!(told[0].too_long > 0);
    assert_eq!(told[0], told[1]);
}

#[test]
fn the_first_of_a_choice_that_is_dropped_is_none() {
    let mut limits = Limits::default();
    limits.assembler.choices = 0;
    for usage_only in [false, true] {
        let (tell, told) = report();
        let tap = Tap::new(body(&[A.as_bytes()]), tell).with_limits(limits);
        let tap = if usage_only { tap.usage_only() } else { tap };
        assert!(tap.collect().now_or_never().is_some());
        let seen = told.try_recv().expect("a report");
        assert_eq!(seen.first, First::default(), "{usage_only}");
    }
}

#[test]
fn what_is_taken_back_is_told_of() {
    let (tell, told) = report();
    let mut body = Tap::new(body(&[A.as_bytes()]), tell).into_inner();
    assert_eq!(told.try_recv().expect("a report").end, TapEnd::Dropped);
    let frame = body.frame().now_or_never().expect("nothing waits");
    assert!(frame.is_some());
}
