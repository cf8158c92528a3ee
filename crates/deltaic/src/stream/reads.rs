//! The reads of a response, up to their end or the first error.

use core::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use futures_core::Stream;
use pin_project_lite::pin_project;

pin_project! {
    /// The reads of a response. The transport is dropped with the last of them, or
    /// with its error, and not asked again.
    #[derive(Debug)]
    pub(super) struct Reads<S> {
        #[pin]
        transport: Option<S>,
        has_failed: bool,
    }
}

impl<S> Reads<S> {
    pub(super) fn new(transport: S) -> Self {
        Self {
            transport: Some(transport),
            has_failed: false,
        }
    }

    /// Whether they ended in an error, so that what is open was cut off.
    pub(super) fn have_failed(&self) -> bool {
        self.has_failed
    }
}

impl<S, T, E> Stream for Reads<S>
where
    S: Stream<Item = Result<T, E>>,
    T: Into<Bytes>,
{
    type Item = Result<Bytes, E>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut this = self.project();
        let Some(transport) = this.transport.as_mut().as_pin_mut() else {
            return Poll::Ready(None);
        };
        let read = ready!(transport.poll_next(context));
        if !matches!(read, Some(Ok(_))) {
            *this.has_failed = read.is_some();
            this.transport.set(None);
        }
        Poll::Ready(read.map(|read| read.map(Into::into)))
    }
}
