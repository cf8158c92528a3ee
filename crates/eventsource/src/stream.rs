//! The stream.

use alloc::string::String;
use core::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use deltaic_sse::DEFAULT_LIMIT;
use futures_core::Stream;
use pin_project_lite::pin_project;

use crate::{error::EventStreamError, event::Event, framing::Framing};

/// Makes a stream of events out of a stream of bytes.
///
/// ```
/// use deltaic_eventsource::Eventsource;
/// use futures::{StreamExt, executor::block_on, stream};
///
/// // Whatever is a stream of results of bytes has it.
/// let reads = stream::iter([Ok(b"data: Hel".to_vec()), Ok(b"lo\n\n".to_vec()), Err("gone")]);
/// let mut events = reads.eventsource();
/// assert_eq!(block_on(events.next()).expect("an event")?.data, "Hello");
/// // Its errors pass through.
/// let error = block_on(events.next()).expect("an item").unwrap_err();
/// assert_eq!(error.to_string(), "Transport error: gone");
/// # Ok::<(), deltaic_eventsource::EventStreamError<&str>>(())
/// ```
pub trait Eventsource: Sized {
    /// The events in these bytes, which may be cut anywhere.
    fn eventsource(self) -> EventStream<Self>;
}

impl<S, B, E> Eventsource for S
where
    S: Stream<Item = Result<B, E>>,
    B: AsRef<[u8]>,
{
    fn eventsource(self) -> EventStream<Self> {
        EventStream::new(self)
    }
}

pin_project! {
    /// The events in a stream of bytes.
    ///
    /// It asks the stream below for more when all that came before has been given
    /// out, and never again after its end. It gives an event as soon as its last
    /// byte is there.
    ///
    /// ```
    /// use deltaic_eventsource::EventStream;
    /// use futures::{StreamExt, executor::block_on, stream};
    ///
    /// let reads = ["id: 7\ndata: a\n\nevent: add\nda", "ta: b\n\ndata: no blank line"];
    /// let mut events = EventStream::new(stream::iter(reads.map(Ok::<_, std::io::Error>)));
    /// let first = block_on(events.next()).expect("an event")?;
    /// assert_eq!((&first.event[..], &first.data[..], &first.id[..]), ("message", "a", "7"));
    /// let second = block_on(events.next()).expect("an event")?;
    /// assert_eq!((&second.event[..], &second.data[..], &second.id[..]), ("add", "b", "7"));
    /// assert!(block_on(events.next()).is_none());
    /// # Ok::<(), deltaic_eventsource::EventStreamError<std::io::Error>>(())
    /// ```
    #[derive(Debug)]
    pub struct EventStream<S> {
        #[pin]
        stream: S,
        framing: Framing,
        has_ended: bool,
    }
}

impl<S> EventStream<S> {
    /// The events in `stream`, each of up to 16 MiB.
    pub fn new(stream: S) -> Self {
        Self::with_limit(stream, DEFAULT_LIMIT)
    }

    /// The events in `stream`, each of up to `limit` bytes.
    ///
    /// In the place of a longer one comes [`EventStreamError::Parser`], then the
    /// next.
    ///
    /// ```
    /// use deltaic_eventsource::{EventStream, EventStreamError};
    /// use futures::{StreamExt, executor::block_on, stream};
    ///
    /// let reads = ["data: more than eight\n\ndata: a\n\n"].map(Ok::<_, std::io::Error>);
    /// let mut events = EventStream::with_limit(stream::iter(reads), 8);
    /// let first = block_on(events.next()).expect("an item");
    /// assert!(matches!(first, Err(EventStreamError::Parser(_))));
    /// assert_eq!(block_on(events.next()).expect("an item")?.data, "a");
    /// # Ok::<(), EventStreamError<std::io::Error>>(())
    /// ```
    pub fn with_limit(stream: S, limit: usize) -> Self {
        Self {
            stream,
            framing: Framing::with_limit(limit),
            has_ended: false,
        }
    }

    /// Sets what [`EventStream::last_event_id`] tells until the next event, though
    /// that may have none. No event gets this ID.
    pub fn set_last_event_id(&mut self, id: impl Into<String>) {
        self.framing.last_id = id.into();
    }

    /// The ID of the last event: what a client sends when it connects again. Empty
    /// if it had none.
    ///
    /// ```
    /// use deltaic_eventsource::Eventsource;
    /// use futures::{StreamExt, executor::block_on, stream};
    ///
    /// let reads = ["id: 7\ndata: a\n\n"].map(Ok::<_, std::io::Error>);
    /// let mut events = stream::iter(reads).eventsource();
    /// events.set_last_event_id("6");
    /// assert_eq!(events.last_event_id(), "6");
    /// assert!(block_on(events.next()).is_some_and(|event| event.is_ok()));
    /// assert_eq!(events.last_event_id(), "7");
    /// ```
    pub fn last_event_id(&self) -> &str {
        &self.framing.last_id
    }
}

impl<S, B, E> Stream for EventStream<S>
where
    S: Stream<Item = Result<B, E>>,
    B: AsRef<[u8]>,
{
    type Item = Result<Event, EventStreamError<E>>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut this = self.project();
        if let Some(item) = this.framing.next() {
            return Poll::Ready(Some(item));
        }
        while !*this.has_ended {
            let item = match ready!(this.stream.as_mut().poll_next(cx)) {
                Some(Ok(read)) => this.framing.push(read.as_ref()),
                Some(Err(error)) => Some(Err(EventStreamError::Transport(error))),
                None => {
                    *this.has_ended = true;
                    None
                }
            };
            if item.is_some() {
                return Poll::Ready(item);
            }
        }
        Poll::Ready(None)
    }
}
