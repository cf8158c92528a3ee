//! The framer as a codec of tokio's.

use std::io;

use bytes::{Bytes, BytesMut};
use deltaic_sse::{BytesFramer, Event, TooLong};
use tokio_util::codec::Decoder;

/// Decodes events, sharing the memory of the buffer that they are read into.
///
/// An event that is too long is an item, not an error: a codec's error would end what
/// reads it, and the stream goes on with the next event. At the end of the input the
/// event counts that has no blank line behind it. What is no event stream has no events.
///
/// ```
/// use deltaic::EventDecoder;
/// use futures_util::StreamExt;
/// use tokio_util::codec::FramedRead;
///
/// # futures_util::future::FutureExt::now_or_never(async {
/// // Whatever is `AsyncRead`: a file, a socket, a child's output.
/// let input = &b"data: Hello\n\ndata: world\n\n"[..];
/// let mut events = FramedRead::new(input, EventDecoder::new());
/// while let Some(event) = events.next().await {
///     match event? {
///         Ok(event) => println!("{:?}", event.data),
///         Err(too_long) => eprintln!("{too_long}"),
///     }
/// }
/// # Ok::<(), std::io::Error>(())
/// # }).unwrap().unwrap();
/// ```
#[derive(Debug, Default)]
pub struct EventDecoder {
    framer: BytesFramer,
    /// What has been taken out of the buffer and not been framed yet.
    input: Bytes,
}

impl EventDecoder {
    /// For a stream that has not begun.
    #[must_use]
    pub const fn new() -> Self {
        Self::with_framer(BytesFramer::new())
    }

    /// As [`EventDecoder::new`], with a framer of your own: with another limit.
    ///
    /// ```
    /// use bytes::BytesMut;
    /// use deltaic::{EventDecoder, sse::BytesFramer};
    /// use tokio_util::codec::Decoder;
    ///
    /// let mut decoder = EventDecoder::with_framer(BytesFramer::with_limit(8));
    /// let mut buffer = BytesMut::from("data: more than eight\n\ndata: a\n\n");
    /// let too_long = decoder.decode(&mut buffer)?.expect("an item").unwrap_err();
    /// assert_eq!(too_long.limit, 8);
    /// assert_eq!(decoder.decode(&mut buffer)?.expect("an item")?.data, "a");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub const fn with_framer(framer: BytesFramer) -> Self {
        Self {
            framer,
            input: Bytes::new(),
        }
    }

    /// What finds the events: knows the last event ID and the reconnection time.
    #[must_use]
    pub const fn framer(&self) -> &BytesFramer {
        &self.framer
    }
}

impl Decoder for EventDecoder {
    type Item = Result<Event<Bytes>, TooLong>;
    type Error = io::Error;

    fn decode(&mut self, buffer: &mut BytesMut) -> io::Result<Option<Self::Item>> {
        loop {
            if !self.input.is_empty() {
                match self.framer.next(&mut self.input) {
                    Ok(None) => self.input = Bytes::new(),
                    result => return Ok(result.transpose()),
                }
            }
            if buffer.is_empty() {
                return Ok(None);
            }
            self.input = buffer.split().freeze();
        }
    }

    fn decode_eof(&mut self, buffer: &mut BytesMut) -> io::Result<Option<Self::Item>> {
        let item = self.decode(buffer)?;
        Ok(item.or_else(|| self.framer.finish().map(Ok)))
    }
}
