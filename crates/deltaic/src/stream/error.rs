//! What can go wrong between the transport and an event.

use core::{error, fmt};

use deltaic_sse::TooLong;

/// What an [`EventStream`](crate::EventStream) or a
/// [`PayloadStream`](crate::PayloadStream) gives in the place of an event.
///
/// ```
/// use deltaic::{EventStream, StreamError, sse::BytesFramer};
/// use futures_util::{StreamExt, stream};
///
/// # futures_util::future::FutureExt::now_or_never(async {
/// let reads = [Ok("data: more than eight\n\ndata: a\n\n"), Err(std::io::Error::other("gone"))];
/// let framer = BytesFramer::with_limit(8);
/// let mut events = EventStream::with_framer(stream::iter(reads), framer);
/// assert!(matches!(events.next().await, Some(Err(StreamError::TooLong(_)))));
/// assert_eq!(events.next().await.expect("an event")?.data, "a");
/// assert!(matches!(events.next().await, Some(Err(StreamError::Transport(_)))));
/// assert!(events.next().await.is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # }).unwrap().unwrap();
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum StreamError<E> {
    /// The transport failed, and the stream ends. The error is the `source` of this.
    Transport(E),
    /// An event was too long and is dropped. The stream goes on.
    TooLong(TooLong),
}

impl<E> fmt::Display for StreamError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Transport(_) => f.write_str("the response broke off"),
            Self::TooLong(error) => error.fmt(f),
        }
    }
}

impl<E: error::Error + 'static> error::Error for StreamError<E> {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::Transport(error) => Some(error),
            Self::TooLong(_) => None,
        }
    }
}
