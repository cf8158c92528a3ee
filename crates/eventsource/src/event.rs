//! Events as owned text.

use alloc::{
    string::{FromUtf8Error, String},
    vec::Vec,
};
use core::time::Duration;

/// An event, as owned text.
///
/// ```
/// use std::time::Duration;
///
/// use deltaic_eventsource::Eventsource;
/// use futures::{StreamExt, executor::block_on, stream};
///
/// let reads = ["id: 7\nretry: 500\ndata: a\ndata: b\n\n"].map(Ok::<_, std::io::Error>);
/// let mut events = stream::iter(reads).eventsource();
/// let event = block_on(events.next()).expect("an event")?;
/// assert_eq!((&*event.event, &*event.data, &*event.id), ("message", "a\nb", "7"));
/// assert_eq!(event.retry, Some(Duration::from_millis(500)));
/// # Ok::<(), deltaic_eventsource::EventStreamError<std::io::Error>>(())
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Event {
    /// The event's type: `message` where the server gives none.
    pub event: String,
    /// The values of the `data` lines, joined with LF.
    pub data: String,
    /// The last event ID, be it from this event or an earlier one; empty if there
    /// is none.
    pub id: String,
    /// The reconnection time that this event gives.
    pub retry: Option<Duration>,
}

impl Event {
    /// The event with its text checked, and `id` as the ID.
    pub(crate) fn new(event: &deltaic_sse::Event<&[u8]>, id: &str) -> Result<Self, FromUtf8Error> {
        Ok(Self {
            event: text(event.name.unwrap_or(b"message"))?,
            data: text(event.data)?,
            id: id.into(),
            retry: event.retry.map(Duration::from_millis),
        })
    }
}

fn text(bytes: &[u8]) -> Result<String, FromUtf8Error> {
    String::from_utf8(Vec::from(bytes))
}
