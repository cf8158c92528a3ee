//! What the framer finds in the reads of a response.

use core::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use deltaic_sse::{BytesFramer, Item};
use futures_core::Stream;
use pin_project_lite::pin_project;

use super::{error::StreamError, reads::Reads};

pin_project! {
    /// The items of a response: the engine of the streams of events and of payloads.
    #[derive(Debug)]
    pub(super) struct Items<S> {
        #[pin]
        reads: Reads<S>,
        framer: BytesFramer,
        // What is left of the read at hand.
        input: Bytes,
    }
}

impl<S> Items<S> {
    pub(super) fn new(transport: S, framer: BytesFramer) -> Self {
        Self {
            reads: Reads::new(transport),
            framer,
            input: Bytes::new(),
        }
    }

    pub(super) fn framer(&self) -> &BytesFramer {
        &self.framer
    }
}

impl<S, T, E> Stream for Items<S>
where
    S: Stream<Item = Result<T, E>>,
    T: Into<Bytes>,
{
    type Item = Result<Item<Bytes>, StreamError<E>>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut this = self.project();
        loop {
            if !this.input.is_empty() {
                match this.framer.next_item(this.input) {
                    Ok(Some(item)) => return Poll::Ready(Some(Ok(item))),
                    Ok(None) => *this.input = Bytes::new(),
                    Err(error) => return Poll::Ready(Some(Err(StreamError::TooLong(error)))),
                }
            }
            match ready!(this.reads.as_mut().poll_next(context)) {
                Some(Ok(read)) => *this.input = read,
                Some(Err(error)) => return Poll::Ready(Some(Err(StreamError::Transport(error)))),
                None if this.reads.have_failed() => return Poll::Ready(None),
                None => return Poll::Ready(this.framer.finish_item().map(Ok)),
            }
        }
    }
}
