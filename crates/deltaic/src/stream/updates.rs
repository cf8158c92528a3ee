//! Reads in, updates out.

use alloc::collections::VecDeque;
use core::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use futures_core::Stream;
use pin_project_lite::pin_project;

use super::{reads::Reads, update::OwnedUpdate};
use crate::{reader::Reader, report::Report};

pin_project! {
    /// What the events in a stream of reads change, one update after the other: a
    /// [`Reader`] over a stream.
    ///
    /// The only errors are those of the transport, as they are. After one it gives `None`,
    /// as at the end; what had been assembled is in [`UpdateStream::reader`] before and
    /// after. What the end of the response left open is read at the end.
    ///
    /// A read is polled for when all updates of the one before have been given.
    ///
    /// ```
    /// use deltaic::{Outcome, OwnedUpdate, UpdateStream};
    /// use futures_util::{StreamExt, stream};
    ///
    /// # futures_util::future::FutureExt::now_or_never(async {
    /// let reads = [
    ///     "data: {\"choices\":[{\"delta\":{\"content\":\"Hel",
    ///     "lo\"}}]}\n\ndata: [DONE]\n\n",
    /// ];
    /// let mut updates = UpdateStream::new(stream::iter(reads.map(Ok::<_, std::io::Error>)));
    /// while let Some(update) = updates.next().await {
    ///     if let OwnedUpdate::Text { text, .. } = update? {
    ///         print!("{text}");
    ///     }
    /// }
    /// let report = updates.into_report();
    /// assert_eq!(report.outcome, Outcome::Done);
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap().unwrap();
    /// ```
    #[derive(Debug)]
    pub struct UpdateStream<S> {
        #[pin]
        reads: Reads<S>,
        reader: Reader,
        // The read at hand, and how much of it has been taken.
        input: Bytes,
        taken: usize,
        // What the last event has changed and has not been given yet.
        updates: VecDeque<OwnedUpdate>,
    }
}

impl<S> UpdateStream<S> {
    /// Over the reads of a response that has not begun.
    #[must_use]
    pub fn new(reads: S) -> Self {
        Self::with_reader(reads, Reader::new())
    }

    /// As [`UpdateStream::new`], with a reader of your own: with other limits.
    ///
    /// ```
    /// use deltaic::{FindingKind, Limits, Reader, UpdateStream};
    /// use futures_util::{StreamExt, stream};
    ///
    /// # futures_util::future::FutureExt::now_or_never(async {
    /// let reads = ["data: {\"choices\":[],\"model\":\"a long name\"}\n\n"].map(Ok::<_, std::io::Error>);
    /// let reader = Reader::with_limits(Limits { event: 16, ..Limits::default() });
    /// let mut updates = UpdateStream::with_reader(stream::iter(reads), reader);
    /// assert!(updates.next().await.is_none());
    /// let findings = updates.reader().findings();
    /// assert_eq!(findings.as_slice()[0].kind, FindingKind::EventTooLong);
    /// # }).unwrap();
    /// ```
    #[must_use]
    pub fn with_reader(reads: S, reader: Reader) -> Self {
        Self {
            reads: Reads::new(reads),
            reader,
            input: Bytes::new(),
            taken: 0,
            updates: VecDeque::new(),
        }
    }

    /// What puts the completion together: it knows what that is so far, and what the
    /// outcome is if the response ends here.
    ///
    /// It is up to an event ahead of the updates that have been given.
    ///
    /// ```
    /// use deltaic::UpdateStream;
    /// use futures_util::{StreamExt, stream};
    ///
    /// # futures_util::future::FutureExt::now_or_never(async {
    /// let reads = [Ok("data: {\"choices\":[{\"delta\":{\"content\":\"So far\"}}]}\n\n"), Err("gone")];
    /// let mut updates = UpdateStream::new(stream::iter(reads));
    /// while let Some(Ok(_)) = updates.next().await {}
    /// let completion = updates.reader().completion();
    /// assert_eq!(completion.choices[0].message.content.as_deref(), Some("So far"));
    /// # }).unwrap();
    /// ```
    #[must_use]
    pub fn reader(&self) -> &Reader {
        &self.reader
    }

    /// All that is known of the response, which ends here: at its end, after an error,
    /// or when no more of it is wanted. What was open is read before that, with a finding: so the
    /// completion may have more than the updates told.
    ///
    /// ```
    /// use deltaic::{Outcome, OwnedUpdate, UpdateStream};
    /// use futures_util::{StreamExt, stream};
    ///
    /// # futures_util::future::FutureExt::now_or_never(async {
    /// let reads = ["data: {\"choices\":[{\"delta\":{\"content\":\"Enough\"}}]}\n\n", "data: [DONE]\n\n"];
    /// let mut updates = UpdateStream::new(stream::iter(reads.map(Ok::<_, std::io::Error>)));
    /// assert!(matches!(updates.next().await, Some(Ok(OwnedUpdate::Text { .. }))));
    /// // The rest is not wanted, nor asked for.
    /// let report = updates.into_report();
    /// assert!(matches!(report.outcome, Outcome::Truncated(_)));
    /// assert_eq!(report.stats.events, 1);
    /// # }).unwrap();
    /// ```
    #[must_use]
    pub fn into_report(self) -> Report {
        self.reader.into_report()
    }
}

impl<S, T, E> Stream for UpdateStream<S>
where
    S: Stream<Item = Result<T, E>>,
    T: Into<Bytes>,
{
    type Item = Result<OwnedUpdate, E>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut this = self.project();
        loop {
            if let Some(update) = this.updates.pop_front() {
                return Poll::Ready(Some(Ok(update)));
            }
            let mut rest = this.input.get(*this.taken..).unwrap_or_default();
            if let Some(updates) = this.reader.next(&mut rest) {
                *this.taken = this.input.len() - rest.len();
                this.updates.extend(updates.filter_map(OwnedUpdate::of));
                continue;
            }
            *this.taken = 0;
            *this.input = Bytes::new();
            match ready!(this.reads.as_mut().poll_next(context)) {
                Some(Ok(read)) => *this.input = read,
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None if this.reads.have_failed() => return Poll::Ready(None),
                None => match this.reader.finish() {
                    Some(updates) => this.updates.extend(updates.filter_map(OwnedUpdate::of)),
                    None => return Poll::Ready(None),
                },
            }
        }
    }
}
