//! A body through a tap.
#![expect(unreachable_pub, reason = "a module of each test that names it")]
#![allow(dead_code, unused_macros, reason = "no test uses all of it")]

use std::{
    io,
    sync::mpsc::{Receiver, channel},
};

use bytes::Bytes;
use deltaic::{Tap, TapEnd, TapReport};
use deltaic_corpus::cut;
use futures_util::{FutureExt, stream};
use http_body::{Body, Frame};
use http_body_util::{BodyExt, StreamBody};

pub type Frames = Vec<io::Result<Frame<Bytes>>>;

/// A body of these reads.
pub fn body(reads: &[&[u8]]) -> impl Body<Data = Bytes, Error = io::Error> + use<> {
    let frames = reads
        .iter()
        .map(|read| Ok(Frame::data(Bytes::copy_from_slice(read))));
    StreamBody::new(stream::iter(frames.collect::<Frames>()))
}

/// A place for a report, and what puts it there.
pub fn report() -> (impl FnOnce(TapReport) + Send + 'static, Receiver<TapReport>) {
    let (sender, receiver) = channel();
    (
        move |report| sender.send(report).expect("it is waited for"),
        receiver,
    )
}

/// Sends a body through a tap, to its end.
pub fn pass(reads: &[&[u8]], usage_only: bool) -> TapReport {
    let (tell, told) = report();
    let tap = Tap::new(body(reads), tell);
    let tap = if usage_only { tap.usage_only() } else { tap };
    let sent = tap.collect().now_or_never().expect("nothing waits");
    assert_eq!(sent.expect("nothing fails").to_bytes(), reads.concat());
    let report = told.try_recv().expect("a report");
    assert!(told.try_recv().is_err(), "there is but one");
    assert_eq!((&report.end, report.unread), (&TapEnd::Ended, None));
    assert_eq!(report.reads, reads.len() as u64);
    report
}

/// Ways in which a recording may come.
pub fn ways(bytes: &[u8]) -> Vec<Vec<&[u8]>> {
    let mut ways: Vec<Vec<&[u8]>> = [1, 7, 64, 1_448, 16_384]
        .map(|len| cut::into(bytes, len).collect())
        .into();
    ways.push(vec![bytes]);
    ways.push(cut::by_event(bytes));
    let step = (bytes.len() / 60).max(1);
    ways.extend(cut::in_two(bytes).step_by(step).map(Vec::from));
    ways
}

/// Asks for the next frame; nothing waits.
macro_rules! poll {
    ($tap:expr) => {
        $tap.as_mut()
            .poll_frame(&mut Context::from_waker(Waker::noop()))
    };
}
pub(crate) use poll;
