//! What can go wrong in a stream of events.

use alloc::string::{FromUtf8Error, String, ToString};
use core::{error, fmt};

use deltaic_sse::TooLong;
use nom::error::{Error as NomError, ErrorKind};

/// Why there is an error in the place of an event.
///
/// None of them ends the stream: the caller may go on.
///
/// ```
/// use deltaic_eventsource::{EventStreamError, Eventsource};
/// use futures::{StreamExt, executor::block_on, stream};
///
/// let reads = [Ok(&b"data: \xFF\n\ndata: a\n\n"[..]), Err("gone")];
/// let mut events = stream::iter(reads).eventsource();
/// assert!(matches!(block_on(events.next()), Some(Err(EventStreamError::Utf8(_)))));
/// assert_eq!(block_on(events.next()).expect("an item")?.data, "a");
/// assert_eq!(block_on(events.next()), Some(Err(EventStreamError::Transport("gone"))));
/// # Ok::<(), EventStreamError<&str>>(())
/// ```
#[derive(Debug, PartialEq)]
pub enum EventStreamError<E> {
    /// The data or the name of an event is not UTF-8.
    Utf8(FromUtf8Error),
    /// An event is longer than the limit: its code is `TooLarge`, its input says
    /// so in words. Nothing else is ever malformed.
    Parser(NomError<String>),
    /// The error of the stream below.
    Transport(E),
}

impl<E> EventStreamError<E> {
    #[cold]
    pub(crate) fn too_long(error: TooLong) -> Self {
        Self::Parser(NomError::new(error.to_string(), ErrorKind::TooLarge))
    }
}

impl<E> From<NomError<&str>> for EventStreamError<E> {
    fn from(error: NomError<&str>) -> Self {
        Self::Parser(NomError::new(error.input.into(), error.code))
    }
}

/// In the words of eventsource-stream, the error below included; so there is no
/// `source`.
impl<E: fmt::Display> fmt::Display for EventStreamError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Utf8(error) => write!(f, "UTF8 error: {error}"),
            Self::Parser(error) => write!(f, "Parse error: {error}"),
            Self::Transport(error) => write!(f, "Transport error: {error}"),
        }
    }
}

impl<E: fmt::Debug + fmt::Display> error::Error for EventStreamError<E> {}
