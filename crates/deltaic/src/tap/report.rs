//! What a tap tells.

use alloc::string::String;
use core::fmt;

use super::first::First;
use crate::report::Report;

/// What has passed through a [`Tap`](crate::Tap).
///
/// ```
/// use deltaic::{Tap, TapEnd};
/// use futures_util::stream;
/// use http_body::Frame;
/// use http_body_util::{BodyExt, StreamBody};
///
/// # futures_util::future::FutureExt::now_or_never(async {
/// let reads = [
///     Ok(Frame::data(&b"data: {\"choices\":[{\"delta\":{\"content\":\"Hi\"}}]}\n\n"[..])),
///     Err("reset by peer"),
/// ];
/// let tap = Tap::new(StreamBody::new(stream::iter(reads)), |seen| {
///     assert_eq!(seen.end, TapEnd::Failed("reset by peer".into()));
///     assert_eq!((seen.unread, seen.reads, seen.first.content), (None, 1, Some(0)));
///     // What came before is there.
///     assert_eq!((seen.report.stats.bytes, seen.report.stats.chunks), (48, 1));
/// });
/// assert_eq!(tap.collect().await.unwrap_err(), "reset by peer");
/// # }).unwrap();
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct TapReport {
    /// How the body ended.
    pub end: TapEnd,
    /// Why not all of it was read; `None` if it was. What it has cost may be missing then.
    pub unread: Option<Unread>,
    /// How many frames of data came: the reads.
    pub reads: u64,
    /// Which of them, counted from 0, had the first of what is waited for.
    pub first: First,
    /// What was read. [`Stats::bytes`](crate::Stats::bytes) are all that passed, read or not.
    pub report: Report,
}

/// How a body ended.
///
/// ```
/// use deltaic::{Tap, TapEnd};
/// use http_body_util::Full;
///
/// let body = Full::new(&b"data: [DONE]\n\n"[..]);
/// let tap = Tap::new(body, |seen| {
///     assert_eq!((seen.end.name(), seen.reads), ("dropped", 0));
///     assert_eq!(seen.end, TapEnd::Dropped);
/// });
/// // The client hangs up before the first frame.
/// drop(tap);
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum TapEnd {
    /// All of it was passed on.
    Ended,
    /// It failed, with what the transport's error says of itself. Its sources are not in this: the
    /// error was passed on, with them.
    Failed(String),
    /// It was dropped before its end: as where the client hung up.
    Dropped,
}

/// Why a body is passed on unread, or not read to its end.
///
/// ```
/// use deltaic::{Tap, Unread};
/// use http_body_util::{BodyExt, Full};
///
/// # futures_util::future::FutureExt::now_or_never(async {
/// let response = http::Response::builder()
///     .header("content-type", "image/png")
///     .body(Full::new(&b"\x89PNG"[..]))?;
/// let response = Tap::for_response(response, |seen| {
///     assert_eq!(seen.unread, Some(Unread::ContentType));
///     // So it says nothing of what the response has cost.
///     assert_eq!((seen.report.completion, seen.report.stats.bytes), (None, 4));
/// });
/// let sent = response.into_body().collect().await.expect("it cannot fail");
/// assert_eq!(sent.to_bytes(), &b"\x89PNG"[..]);
/// # Ok::<(), http::Error>(())
/// # }).unwrap().unwrap();
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Unread {
    /// Its `content-type` is neither an event stream nor JSON.
    ContentType,
    /// Its `content-encoding` is not `identity`: it is compressed.
    ContentEncoding,
    /// A frame had its data in more pieces than could be had without taking it.
    Scattered,
    /// An event, or a body that is no event stream, was longer than
    /// [`Limits::event`](crate::Limits::event): [`Stats::too_long`](crate::Stats::too_long).
    TooLong,
}

impl TapEnd {
    /// The stable name: `ended`, `failed` or `dropped`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Ended => "ended",
            Self::Failed(_) => "failed",
            Self::Dropped => "dropped",
        }
    }
}

impl fmt::Display for TapEnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())?;
        match self {
            Self::Failed(error) => write!(f, ": {error}"),
            Self::Ended | Self::Dropped => Ok(()),
        }
    }
}
