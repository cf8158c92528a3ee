//! A stream for peers that want one: it has what was put in, then waits.

use std::{
    cell::Cell,
    convert::Infallible,
    fmt,
    marker::PhantomData,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll, Waker},
};

use futures_util::Stream;

use crate::Read;

/// Both ends of a stream that holds one read at most, as a `T`.
pub(super) struct Feed<T>(Rc<Cell<Option<Read>>>, PhantomData<fn() -> T>);

impl<T> Feed<T> {
    pub(super) fn new() -> Self {
        Self(Rc::default(), PhantomData)
    }

    /// The other end.
    pub(super) fn end(&self) -> Self {
        Self(Rc::clone(&self.0), PhantomData)
    }

    pub(super) fn put(&self, read: Read) {
        self.0.set(Some(read));
    }
}

impl<T> fmt::Debug for Feed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Feed")
    }
}

impl<T: From<Read>> Stream for Feed<T> {
    type Item = Result<T, Infallible>;

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let read = self.0.take();
        read.map_or(Poll::Pending, |read| Poll::Ready(Some(Ok(read.into()))))
    }
}

/// The next item, if it is there.
pub(super) fn next<S: Stream + Unpin>(stream: &mut S) -> Option<S::Item> {
    match Pin::new(stream).poll_next(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(item) => item,
        Poll::Pending => None,
    }
}
