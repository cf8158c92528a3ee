//! What the data of an event is.

use crate::{
    chunk::Chunk,
    error::ParseError,
    failure::ErrorPayload,
    raw::{Kind, Raw},
    scan::Scan,
};

/// What the data of an event is.
///
/// ```
/// use deltaic_chunk::Payload;
///
/// let Payload::Error(error) = Payload::parse(br#"{"error":"overloaded"}"#)? else {
///     panic!("not an error");
/// };
/// assert_eq!(error.message().expect("a text"), "overloaded");
/// let Payload::Foreign(raw) = Payload::parse(br#"{"type":"ping"}"#)? else {
///     panic!("not foreign");
/// };
/// assert_eq!(raw.get("type").as_str().expect("a string"), "ping");
/// assert!(matches!(Payload::parse(b"[DONE]")?, Payload::Done));
/// # Ok::<(), deltaic_chunk::ParseError>(())
/// ```
#[derive(Clone, Copy, Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "nearly all are chunks, and there is no heap to put one on"
)]
#[non_exhaustive]
pub enum Payload<'a> {
    /// A chunk of the completion.
    Chunk(Chunk<'a>),
    /// `[DONE]`: the server has sent all.
    Done,
    /// An error that the server sent in the stream.
    Error(ErrorPayload<'a>),
    /// JSON that is neither.
    Foreign(Raw<'a>),
}

impl<'a> Payload<'a> {
    /// Reads the data of an event.
    ///
    /// An object with `choices` or `usage` is a chunk. One that has the shape of
    /// an error, in one of the forms that servers use, is an error, unless it
    /// has choices or usage too: then [`Chunk::error`] tells it. So is one that is
    /// all there is in a list, as Google answers.
    ///
    /// ```
    /// use deltaic_chunk::Payload;
    ///
    /// let kinds = [
    ///     &br#"{"choices":[{"delta":{"content":"Hi"}}]}"#[..],
    ///     b"[DONE]",
    ///     br#"{"error":{"message":"overloaded"}}"#,
    ///     br#"{"type":"ping"}"#,
    /// ]
    /// .map(|data| match Payload::parse(data) {
    ///     Ok(Payload::Chunk(_)) => "chunk",
    ///     Ok(Payload::Done) => "done",
    ///     Ok(Payload::Error(_)) => "error",
    ///     Ok(Payload::Foreign(_)) => "foreign",
    ///     _ => "no JSON",
    /// });
    /// assert_eq!(kinds, ["chunk", "done", "error", "foreign"]);
    /// ```
    ///
    /// # Errors
    ///
    /// If the data is neither `[DONE]` nor JSON.
    pub fn parse(data: &'a [u8]) -> Result<Self, ParseError> {
        if data.trim_ascii_start().starts_with(b"[DONE]") {
            return Ok(Self::Done);
        }
        let mut chunk = Chunk::default();
        Scan::whole(data, |scan, rest| chunk.scan(scan, rest))?;
        let raw = chunk.raw();
        if raw.kind() != Kind::Object {
            let in_list = ErrorPayload::in_list(raw).map(Self::Error);
            return Ok(in_list.unwrap_or(Self::Foreign(raw)));
        }
        // Beside choices or usage an error is told by the chunk.
        let has_error_and_usage = chunk.error().is_some() && chunk.usage.is_there();
        if chunk.has_choices() || has_error_and_usage {
            return Ok(Self::Chunk(chunk));
        }
        if let Some(error) = chunk.error().or_else(|| by_shape(&chunk)) {
            return Ok(Self::Error(error));
        }
        if chunk.choices.kind() == Kind::Array || chunk.usage.is_there() {
            return Ok(Self::Chunk(chunk));
        }
        Ok(Self::Foreign(raw))
    }
}

/// The object itself is an error, in one of the forms that have no `error`.
fn by_shape<'a>(chunk: &Chunk<'a>) -> Option<ErrorPayload<'a>> {
    let named_so = chunk.object.as_str().is_some_and(|name| name == "error");
    if !named_so && chunk.others.is_empty() {
        return None;
    }
    let whole = chunk.raw();
    let has = |name| whole.get(name).is_there();
    let status = whole.get("base_resp").get("status_code");
    let is_error = named_so
        || has("detail")
        || has("error_code")
        || has("error_msg")
        // The events of other APIs have a message, too: an object.
        || whole.get("message").as_str().is_some()
            && (has("code") || has("status") || has("type"))
        || status.is_there() && status.as_i64() != Some(0);
    is_error.then_some(ErrorPayload { raw: whole, whole })
}
