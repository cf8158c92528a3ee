//! What a framer gives out.

use core::{error, fmt};

/// What a block says, by the rules of the standard.
///
/// `T` is how the bytes are held: borrowed, or as `Bytes`.
///
/// ```
/// let mut framer = deltaic_sse::Framer::new();
/// let mut read = &b": comment\nevent: add\nid: 7\nretry: 500\ndata: one\ndata: two\n\n"[..];
/// let event = framer.next(&mut read)?.expect("one event");
/// assert_eq!(event.name, Some(&b"add"[..]));
/// assert_eq!(event.data, b"one\ntwo");
/// assert_eq!((event.id, event.retry), (Some(&b"7"[..]), Some(500)));
/// # Ok::<(), deltaic_sse::TooLong>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Event<T> {
    /// The event's type; `None` where it is empty, which means `message`.
    pub name: Option<T>,
    /// The values of the `data` lines, joined with LF.
    pub data: T,
    /// The last event ID, be it from this block or an earlier one; `None` while
    /// it is empty.
    pub id: Option<T>,
    /// The reconnection time that this block gives, in milliseconds.
    pub retry: Option<u64>,
    /// Where the block lies in the stream.
    pub span: Span,
    /// Where the first byte of the data lies in the stream. If the data is one
    /// line, its byte n lies at `data_at + n`.
    pub data_at: u64,
}

impl<T> Event<T> {
    #[inline]
    pub(crate) fn map<U>(self, mut f: impl FnMut(T) -> U) -> Event<U> {
        Event {
            name: self.name.map(&mut f),
            data: f(self.data),
            id: self.id.map(f),
            retry: self.retry,
            span: self.span,
            data_at: self.data_at,
        }
    }
}

/// An event, or a line that the standard passes over.
///
/// ```
/// use deltaic_sse::{Framer, Item};
///
/// let mut framer = Framer::new();
/// let mut read = &b": ping\nerror: {\"code\":500}\n\n"[..];
/// let item = framer.next_item(&mut read)?;
/// assert_eq!(item, Some(Item::Comment { text: &b"ping"[..], at: 0 }));
/// let item = framer.next_item(&mut read)?;
/// assert!(matches!(item, Some(Item::Field { name: b"error", value: b"{\"code\":500}", at: 7 })));
/// # Ok::<(), deltaic_sse::TooLong>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Item<T> {
    /// An event.
    Event(Event<T>),
    /// A comment: nothing to say, but a sign of life.
    Comment {
        /// What follows the colon, and one space.
        text: T,
        /// Where the line begins in the stream.
        at: u64,
    },
    /// A field that the standard does not know. Some servers send their errors
    /// so.
    Field {
        /// The name: all of the line, if it has no colon.
        name: T,
        /// The value.
        value: T,
        /// Where the line begins in the stream.
        at: u64,
    },
}

impl<T> Item<T> {
    pub(crate) fn map<U>(self, mut f: impl FnMut(T) -> U) -> Item<U> {
        match self {
            Self::Event(event) => Item::Event(event.map(f)),
            Self::Comment { text, at } => Item::Comment { text: f(text), at },
            Self::Field { name, value, at } => Item::Field {
                name: f(name),
                value: f(value),
                at,
            },
        }
    }

    pub(crate) fn event(self) -> Option<Event<T>> {
        match self {
            Self::Event(event) => Some(event),
            _ => None,
        }
    }
}

/// Where the bytes of a block lie in the stream, counted from its first byte.
///
/// From the first byte of the block's first line, comments included, to the end
/// of its blank line. Of a CR LF at the end only the CR belongs to it, because
/// the event is given out at the CR; a byte order mark belongs to no block.
///
/// ```
/// let stream = b"data: a\n\nevent: secret\ndata: b\n\ndata: c\n\n";
/// let (mut framer, mut read) = (deltaic_sse::Framer::new(), &stream[..]);
/// let mut sent = Vec::new();
/// while let Some(event) = framer.next(&mut read)? {
///     if event.name != Some(b"secret") {
///         // A relay that leaves events out: what it sends is what came.
///         sent.extend_from_slice(&stream[event.span.start as usize..event.span.end as usize]);
///     }
/// }
/// assert_eq!(sent, b"data: a\n\ndata: c\n\n");
/// # Ok::<(), deltaic_sse::TooLong>(())
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Span {
    /// The first byte.
    pub start: u64,
    /// The byte behind the last.
    pub end: u64,
}

/// An event was longer than the framer accepts.
///
/// Reported once for each such event. The framer drops the rest of it and goes
/// on with the next, so the caller may keep calling.
///
/// ```
/// use deltaic_sse::{Framer, TooLong};
///
/// let mut framer = Framer::with_limit(16);
/// let mut read = &b"data: more than sixteen bytes\n\ndata: short\n\n"[..];
/// assert_eq!(framer.next(&mut read), Err(TooLong { at: 0, limit: 16 }));
/// let event = framer.next(&mut read)?.expect("the next event");
/// assert_eq!(event.data, b"short");
/// # Ok::<(), TooLong>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct TooLong {
    /// Where the block begins in the stream.
    pub at: u64,
    /// The limit, in bytes, that was exceeded.
    pub limit: usize,
}

impl fmt::Display for TooLong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { at, limit } = self;
        write!(f, "event at byte {at} is longer than {limit} bytes")
    }
}

impl error::Error for TooLong {}
