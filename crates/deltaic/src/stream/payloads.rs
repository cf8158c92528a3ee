//! Reads in, payloads out.

use core::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use deltaic_sse::BytesFramer;
use futures_core::Stream;
use pin_project_lite::pin_project;

use super::{data::EventData, error::StreamError, items::Items};

pin_project! {
    /// The data of the events in a stream of reads, to be read as payloads.
    ///
    /// Leaves out what says nothing: comments, and events of nothing but white space. Is in
    /// all else as [`EventStream`](crate::EventStream). `[DONE]` is a payload, not an end:
    /// what comes behind it is given, too. A response that is no event stream, as the JSON of a
    /// server that refuses a request, has no events: [`UpdateStream`](crate::UpdateStream) reads it.
    ///
    /// ```
    /// use deltaic::{PayloadStream, chunk::Payload};
    /// use futures_util::{StreamExt, stream};
    ///
    /// # futures_util::future::FutureExt::now_or_never(async {
    /// let reads = [
    ///     "data: {\"choices\":[{\"delta\":{\"con",
    ///     "tent\":\"Hello\"}}]}\n\n",
    /// ];
    /// let mut payloads = PayloadStream::new(stream::iter(reads.map(Ok::<_, std::io::Error>)));
    /// while let Some(data) = payloads.next().await {
    ///     let data = data?;
    ///     if let Payload::Chunk(chunk) = data.payload()? {
    ///         for choice in chunk.choices() {
    ///             println!("{:?}", choice.delta.content);
    ///         }
    ///     }
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # }).unwrap().unwrap();
    /// ```
    #[derive(Debug)]
    pub struct PayloadStream<S> {
        #[pin]
        items: Items<S>,
    }
}

impl<S> PayloadStream<S> {
    /// Over the reads of a response that has not begun.
    #[must_use]
    pub fn new(reads: S) -> Self {
        Self::with_framer(reads, BytesFramer::new())
    }

    /// As [`PayloadStream::new`], with a framer of your own: with another limit.
    #[must_use]
    pub fn with_framer(reads: S, framer: BytesFramer) -> Self {
        Self {
            items: Items::new(reads, framer),
        }
    }
}

impl<S, T, E> Stream for PayloadStream<S>
where
    S: Stream<Item = Result<T, E>>,
    T: Into<Bytes>,
{
    type Item = Result<EventData, StreamError<E>>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut this = self.project();
        loop {
            let Some(item) = ready!(this.items.as_mut().poll_next(context)) else {
                return Poll::Ready(None);
            };
            if let Some(data) = item.map(EventData::of).transpose() {
                return Poll::Ready(Some(data));
            }
        }
    }
}
