//! A body that is read in passing.

mod first;
mod plain;
mod reading;
mod report;
mod response;
mod skim;
mod watch;

use alloc::string::ToString;
use core::{
    fmt,
    pin::Pin,
    task::{Context, Poll},
};

use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

pub use first::First;
use reading::Keep;
pub use report::{TapEnd, TapReport, Unread};
use watch::Watch;

use crate::reader::Limits;

pin_project! {
    /// A body that hands on every frame of another untouched, reads it in passing, and
    /// tells once what that has been.
    ///
    /// The frames are the very same: data, trailers, errors, size hint. None is held back,
    /// copied or changed, and none is asked for before this body is asked. What cannot be
    /// read is passed on all the same: [`TapReport::unread`].
    ///
    /// What is read are chat completions, as streams or whole; of another API's answers the usage may
    /// be found, but not whether it is all.
    ///
    /// `report` is called once: when the body has ended, when it fails, or when it is
    /// dropped, as a server does whose client hung up. It is called where the body is
    /// polled or dropped, so it should be quick and must not panic: let it send the report
    /// on, or count.
    ///
    /// ```
    /// use deltaic::{Outcome, Tap, TapEnd};
    /// use http_body_util::{BodyExt, Full};
    ///
    /// # futures_util::future::FutureExt::now_or_never(async {
    /// let upstream = Full::new(&b"data: {\"choices\":[{\"delta\":{\"content\":\"Hi\"}}]}\n\n"[..]);
    /// let body = Tap::new(upstream, |report| {
    ///     assert_eq!(report.end, TapEnd::Ended);
    ///     assert_eq!(report.first.content, Some(0));
    ///     // There was neither a finish reason nor `[DONE]`.
    ///     assert!(matches!(report.report.outcome, Outcome::Truncated(_)));
    /// });
    /// let sent = body.collect().await?.to_bytes();
    /// assert!(sent.ends_with(b"\n\n"));
    /// # Ok::<(), std::convert::Infallible>(())
    /// # }).unwrap().unwrap();
    /// ```
    pub struct Tap<B, F>
    where
        F: FnOnce(TapReport),
    {
        #[pin]
        body: B,
        watch: Watch<F>,
    }
}

impl<B, F> Tap<B, F>
where
    B: Body,
    F: FnOnce(TapReport),
{
    /// Around the body of a response that is to be read, whatever it is.
    ///
    /// [`Tap::for_response`] looks at the headers first.
    ///
    /// ```
    /// use std::sync::mpsc;
    ///
    /// use deltaic::{Outcome, Tap};
    /// use http_body_util::{BodyExt, Full};
    ///
    /// # futures_util::future::FutureExt::now_or_never(async {
    /// let (sender, reports) = mpsc::channel();
    /// let body = Tap::new(Full::new(&b"data: [DONE]\n\n"[..]), move |report| {
    ///     // Whoever waits for it may be gone.
    ///     let _ = sender.send(report);
    /// });
    /// assert!(reports.try_recv().is_err());
    /// body.collect().await?;
    /// assert_eq!(reports.recv()?.report.outcome, Outcome::Empty);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # }).unwrap().unwrap();
    /// ```
    pub fn new(body: B, report: F) -> Self {
        let mut watch = Watch::new(report);
        watch.is_whole = body.is_end_stream();
        Self { body, watch }
    }

    /// Keeps no texts, for who wants to know no more than what a response has cost and how
    /// it ended.
    ///
    /// The report is the same but for two things: of the completion there are only its id,
    /// its model, the token counts, and the finish reason of each choice; and there are
    /// no findings.
    ///
    /// ```
    /// use deltaic::Tap;
    /// use http_body_util::{BodyExt, Full};
    ///
    /// # futures_util::future::FutureExt::now_or_never(async {
    /// let read = "data: {\"model\":\"m\",\"choices\":[{\"delta\":{\"content\":\"Hi\"},\"finish_reason\":\"stop\"}],\
    ///     \"usage\":{\"total_tokens\":9}}\n\n";
    /// let body = Tap::new(Full::new(read.as_bytes()), |seen| {
    ///     let completion = seen.report.completion.expect("a chunk came");
    ///     assert_eq!(completion.model.as_deref(), Some("m"));
    ///     assert_eq!(completion.usage.expect("it came").figures().total_tokens(), Some(9));
    ///     assert_eq!(completion.choices[0].finish_reason.as_deref(), Some("stop"));
    ///     assert_eq!(completion.choices[0].message.content, None);
    /// });
    /// body.usage_only().collect().await?;
    /// # Ok::<(), std::convert::Infallible>(())
    /// # }).unwrap().unwrap();
    /// ```
    #[must_use]
    pub fn usage_only(mut self) -> Self {
        self.watch.keep = Keep::Usage;
        self
    }

    /// Keeps no more of the response than this. What is no event stream is kept whole, up to
    /// [`Limits::event`], and read at the end: a proxy of many streams may want less than
    /// the 16 MiB of the default.
    ///
    /// ```
    /// use deltaic::{FindingKind, Limits, Tap};
    /// use http_body_util::{BodyExt, Full};
    ///
    /// # futures_util::future::FutureExt::now_or_never(async {
    /// let large = format!("data: {{\"id\":\"{}\",\"choices\":[]}}\n\n", "a".repeat(1000));
    /// let body = Tap::new(Full::new(large.as_bytes()), |seen| {
    ///     assert_eq!(seen.report.findings.as_slice()[0].kind, FindingKind::EventTooLong);
    /// });
    /// let body = body.with_limits(Limits { event: 100, ..Limits::default() });
    /// // It is passed on all the same.
    /// assert_eq!(body.collect().await?.to_bytes(), large);
    /// # Ok::<(), std::convert::Infallible>(())
    /// # }).unwrap().unwrap();
    /// ```
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.watch.limit(limits);
        self
    }

    /// The body, which is no longer read. The report is given.
    ///
    /// ```
    /// use std::cell::Cell;
    ///
    /// use deltaic::{Tap, TapEnd};
    /// use http_body_util::Full;
    ///
    /// let end = Cell::new(None);
    /// let tap = Tap::new(Full::new(&b"data: [DONE]\n\n"[..]), |seen| end.set(Some(seen.end)));
    /// let body: Full<&[u8]> = tap.into_inner();
    /// // As far as the tap can tell, nobody wants more of it.
    /// assert_eq!(end.take(), Some(TapEnd::Dropped));
    /// ```
    pub fn into_inner(self) -> B {
        self.body
    }
}

impl<B, F> Body for Tap<B, F>
where
    B: Body,
    B::Error: fmt::Display,
    F: FnOnce(TapReport),
{
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        let mut this = self.project();
        let polled = this.body.as_mut().poll_frame(context);
        match &polled {
            Poll::Pending => {}
            Poll::Ready(Some(Ok(frame))) => {
                if let Some(data) = frame.data_ref() {
                    this.watch.read(data);
                }
                // Who sends it need not ask again, and may drop it now.
                this.watch.is_whole = frame.is_trailers() || this.body.is_end_stream();
            }
            Poll::Ready(Some(Err(error))) => {
                this.watch.end(|| TapEnd::Failed(error.to_string()));
            }
            Poll::Ready(None) => this.watch.end(|| TapEnd::Ended),
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl<B: fmt::Debug, F: FnOnce(TapReport)> fmt::Debug for Tap<B, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Tap");
        debug.field("body", &self.body).finish_non_exhaustive()
    }
}
