//! Whether a response can be read, by its headers.

use http::{
    HeaderMap, Response,
    header::{CONTENT_ENCODING, CONTENT_TYPE},
};
use http_body::Body;

use super::{Tap, TapReport, Unread};

impl<B, F> Tap<B, F>
where
    B: Body,
    F: FnOnce(TapReport),
{
    /// The response with a tap around its body; its head is what it was.
    ///
    /// The body is read if the headers say that it is an event stream or JSON, or do not
    /// say what it is, and that it is not compressed. Else it is passed on unread, and the
    /// report says so.
    ///
    /// ```
    /// use deltaic::{Tap, TapReport, Unread};
    /// use http_body_util::Full;
    ///
    /// let response = http::Response::builder()
    ///     .header("content-type", "text/event-stream")
    ///     .header("content-encoding", "gzip")
    ///     .body(Full::new(&b"\x1F\x8B"[..]))?;
    /// let response = Tap::for_response(response, |report: TapReport| {
    ///     assert_eq!(report.unread, Some(Unread::ContentEncoding));
    /// });
    /// // What a tap can be told is told by `map`.
    /// let response = response.map(Tap::usage_only);
    /// # Ok::<(), http::Error>(())
    /// ```
    pub fn for_response(response: Response<B>, report: F) -> Response<Self> {
        let unread = unread(response.headers());
        response.map(|body| {
            let mut tap = Self::new(body, report);
            tap.watch.unread = unread;
            tap
        })
    }
}

fn unread(headers: &HeaderMap) -> Option<Unread> {
    let mut encodings = headers.get_all(CONTENT_ENCODING).iter();
    if !encodings.all(|encoding| is_plain(encoding.as_bytes())) {
        return Some(Unread::ContentEncoding);
    }
    let kind = headers.get(CONTENT_TYPE)?.as_bytes();
    (!is_readable(kind)).then_some(Unread::ContentType)
}

fn is_plain(encoding: &[u8]) -> bool {
    let encoding = encoding.trim_ascii();
    encoding.is_empty() || encoding.eq_ignore_ascii_case(b"identity")
}

/// Whether this is an event stream, or JSON of any kind: one value, lines of it, a problem.
fn is_readable(kind: &[u8]) -> bool {
    let mut parts = kind.split(|byte| *byte == b';');
    let kind = parts.next().unwrap_or_default().trim_ascii();
    let mut words = kind.split(|byte| b"/+-.".contains(byte));
    let is_json = |word: &[u8]| {
        let names = ["json", "ndjson", "jsonl", "jsonlines"];
        names
            .iter()
            .any(|name| word.eq_ignore_ascii_case(name.as_bytes()))
    };
    kind.is_empty() || kind.eq_ignore_ascii_case(b"text/event-stream") || words.any(is_json)
}
