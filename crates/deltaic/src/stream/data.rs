//! Data that is kept, and read when it is asked for.

use bytes::Bytes;
use deltaic_chunk::{ErrorPayload, ParseError, Payload, Raw};
use deltaic_sse::Item;

/// The data of an event: owned, and read when it is asked for.
///
/// ```
/// use deltaic::{EventData, PayloadStream, chunk::Payload};
/// use futures_util::{StreamExt, stream};
///
/// # futures_util::future::FutureExt::now_or_never(async {
/// let reads = ["data: {\"choices\":[{\"delta\":{\"content\":\"Hi\"}}]}\n\ndata: [DONE]\n\n"];
/// let payloads = PayloadStream::new(stream::iter(reads.map(Ok::<_, std::io::Error>)));
/// // Kept as it is, and read when somebody asks.
/// let kept: Vec<EventData> = payloads.map(Result::unwrap).collect().await;
/// assert_eq!((&kept[1].bytes[..], kept[1].at), (&b"[DONE]"[..], 54));
/// let Payload::Chunk(chunk) = kept[0].payload()? else {
///     panic!("not a chunk");
/// };
/// assert_eq!(chunk.choices().count(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # }).unwrap().unwrap();
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct EventData {
    /// The data, which shares the memory of the read that it came in.
    pub bytes: Bytes,
    /// Where it begins in the stream.
    pub at: u64,
    kind: Kind,
}

/// What the event says of its data.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Kind {
    Payload,
    /// It was named `error`.
    ErrorEvent,
    /// It was no event but a field named `error`: what llama.cpp sends.
    ErrorField,
}

impl EventData {
    /// `None` if the item says nothing.
    pub(super) fn of(item: Item<Bytes>) -> Option<Self> {
        let (bytes, at, kind) = match item {
            Item::Event(event) if event.name.as_deref() == Some(b"error") => {
                (event.data, event.data_at, Kind::ErrorEvent)
            }
            Item::Event(event) if event.data.trim_ascii().is_empty() => return None,
            Item::Event(event) => (event.data, event.data_at, Kind::Payload),
            Item::Field { name, value, at } if name == "error" => (value, at, Kind::ErrorField),
            Item::Field { .. } | Item::Comment { .. } => return None,
        };
        Some(Self { bytes, at, kind })
    }

    /// What the data is. It borrows from this: nothing is copied.
    ///
    /// What the server calls an error is one, whatever its shape. It is parsed at each
    /// call.
    ///
    /// ```
    /// use deltaic::{PayloadStream, chunk::Payload};
    /// use futures_util::{StreamExt, stream};
    ///
    /// # futures_util::future::FutureExt::now_or_never(async {
    /// let reads = ["event: error\ndata: {\"status\":503}\n\n", "error: overloaded\n\n"];
    /// let mut payloads = PayloadStream::new(stream::iter(reads.map(Ok::<_, std::io::Error>)));
    /// let data = payloads.next().await.expect("an event")?;
    /// assert!(matches!(data.payload(), Ok(Payload::Error(error)) if error.code().as_u64() == Some(503)));
    /// // Plain text, as llama.cpp may send it.
    /// let data = payloads.next().await.expect("a field")?;
    /// assert!(data.is_error() && data.payload().is_err());
    /// assert_eq!(data.bytes, "overloaded");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # }).unwrap().unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// If the data is neither `[DONE]` nor JSON. Where [`EventData::is_error`] too, it is
    /// an error that the server tells in plain text.
    pub fn payload(&self) -> Result<Payload<'_>, ParseError> {
        let raw = || Raw::parse(&self.bytes);
        match self.kind {
            Kind::Payload => Payload::parse(&self.bytes),
            Kind::ErrorField => raw().map(|raw| Payload::Error(ErrorPayload { raw, whole: raw })),
            Kind::ErrorEvent => match Payload::parse(&self.bytes) {
                Ok(Payload::Chunk(chunk)) if chunk.error().is_some() => Ok(Payload::Chunk(chunk)),
                _ => raw().map(|raw| Payload::Error(ErrorPayload::of(raw))),
            },
        }
    }

    /// Whether the server calls it an error by the name of the event, or of the field.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.kind != Kind::Payload
    }
}
