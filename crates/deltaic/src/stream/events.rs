//! Reads in, events out.

use core::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use deltaic_sse::{BytesFramer, Event, Item};
use futures_core::Stream;
use pin_project_lite::pin_project;

use super::{error::StreamError, items::Items};

pin_project! {
    /// The events in a stream of reads, sharing their memory.
    ///
    /// Gives what [`BytesFramer`] does, and at the end the event that has no blank line
    /// behind it, which some servers mean. After an error of the transport it gives
    /// `None`, and what that cut off is dropped. After [`StreamError::TooLong`] it goes on.
    ///
    /// A read is polled for when all events of the one before have been given. A response that is
    /// no event stream has none: look at its status and type, or take an
    /// [`UpdateStream`](crate::UpdateStream), which reads what it is.
    ///
    /// ```
    /// use deltaic::EventStream;
    /// use futures_util::{StreamExt, stream};
    ///
    /// # futures_util::future::FutureExt::now_or_never(async {
    /// let reads = ["data: Hel", "lo\n\ndata: world\n\n"].map(Ok::<_, std::io::Error>);
    /// let mut events = EventStream::new(stream::iter(reads));
    /// while let Some(event) = events.next().await {
    ///     println!("{:?}", event?.data);
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # }).unwrap().unwrap();
    /// ```
    #[derive(Debug)]
    pub struct EventStream<S> {
        #[pin]
        items: Items<S>,
    }
}

impl<S> EventStream<S> {
    /// Over the reads of a response that has not begun.
    #[must_use]
    pub fn new(reads: S) -> Self {
        Self::with_framer(reads, BytesFramer::new())
    }

    /// As [`EventStream::new`], with a framer of your own: with another limit, or with
    /// the last event ID of an earlier connection.
    ///
    /// ```
    /// use deltaic::{EventStream, sse::BytesFramer};
    /// use futures_util::{StreamExt, stream};
    ///
    /// # futures_util::future::FutureExt::now_or_never(async {
    /// let mut framer = BytesFramer::with_limit(1 << 20);
    /// // An earlier connection, which broke off.
    /// framer.next(&mut "id: 7\ndata: a\n\ndata: b".into())?;
    /// framer.finish();
    /// let reads = ["data: c\n\n"].map(Ok::<_, std::io::Error>);
    /// let mut events = EventStream::with_framer(stream::iter(reads), framer);
    /// let event = events.next().await.expect("an event")?;
    /// assert_eq!((event.data, event.id), ("c".into(), Some("7".into())));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # }).unwrap().unwrap();
    /// ```
    #[must_use]
    pub fn with_framer(reads: S, framer: BytesFramer) -> Self {
        Self {
            items: Items::new(reads, framer),
        }
    }

    /// What finds the events: knows the last event ID and the reconnection time.
    ///
    /// ```
    /// use deltaic::EventStream;
    /// use futures_util::{StreamExt, stream};
    ///
    /// # futures_util::future::FutureExt::now_or_never(async {
    /// let reads = ["id: 7\nretry: 500\ndata: a\n\n"].map(Ok::<_, std::io::Error>);
    /// let mut events = EventStream::new(stream::iter(reads));
    /// while events.next().await.is_some() {}
    /// // What a client sends when it connects again, and after how long.
    /// assert_eq!(events.framer().last_event_id(), Some(&b"7"[..]));
    /// assert_eq!(events.framer().retry(), Some(500));
    /// # }).unwrap();
    /// ```
    #[must_use]
    pub fn framer(&self) -> &BytesFramer {
        self.items.framer()
    }
}

impl<S, T, E> Stream for EventStream<S>
where
    S: Stream<Item = Result<T, E>>,
    T: Into<Bytes>,
{
    type Item = Result<Event<Bytes>, StreamError<E>>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut this = self.project();
        loop {
            match ready!(this.items.as_mut().poll_next(context)) {
                Some(Ok(Item::Event(event))) => return Poll::Ready(Some(Ok(event))),
                Some(Ok(_)) => {}
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}
