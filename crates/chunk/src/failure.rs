//! Errors that servers send in a stream.

use crate::{
    raw::{Kind, Raw},
    string::JsonStr,
};

/// An error that the server sent in the stream.
///
/// ```
/// use deltaic_chunk::Payload;
///
/// for data in [
///     &br#"{"error":{"message":"overloaded","code":529}}"#[..],
///     br#"{"object":"error","message":"overloaded","code":529}"#,
///     br#"{"error_msg":"overloaded","error_code":529}"#,
/// ] {
///     let Ok(Payload::Error(error)) = Payload::parse(data) else {
///         panic!("no error");
///     };
///     assert_eq!(error.message().expect("a text"), "overloaded");
///     assert_eq!(error.code().as_u64(), Some(529));
/// }
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct ErrorPayload<'a> {
    /// The error: the value of `error`, or the whole object where that is the
    /// error itself.
    pub raw: Raw<'a>,
    /// All that stood in the event; of a list of one, that.
    pub whole: Raw<'a>,
}

impl<'a> ErrorPayload<'a> {
    /// The payload of an event that is named `error`, whatever its shape.
    ///
    /// ```
    /// use deltaic_chunk::{ErrorPayload, Raw};
    ///
    /// let error = ErrorPayload::of(Raw::parse(br#"{"status":503}"#)?);
    /// assert_eq!((error.raw, error.code().as_u64()), (error.whole, Some(503)));
    /// assert_eq!(error.message(), None);
    /// # Ok::<(), deltaic_chunk::ParseError>(())
    /// ```
    #[must_use]
    pub fn of(whole: Raw<'a>) -> Self {
        if let Some(error) = Self::in_list(whole) {
            return error;
        }
        let error = whole.get("error");
        let raw = if error.is_there() { error } else { whole };
        Self { raw, whole }
    }

    /// The error that is the only element of a list.
    pub(crate) fn in_list(list: Raw<'a>) -> Option<Self> {
        let mut elements = list.elements();
        let (whole, None) = (elements.next()?, elements.next()) else {
            return None;
        };
        let raw = whole.get("error");
        is_error(raw).then_some(Self { raw, whole })
    }

    /// What the server says about it, where that can be told.
    ///
    /// ```
    /// use deltaic_chunk::{ErrorPayload, Raw};
    ///
    /// for data in [r#"{"error":"no room"}"#, r#"{"detail":"no room"}"#, r#"{"error":{"message":"no room"}}"#] {
    ///     let error = ErrorPayload::of(Raw::parse(data.as_bytes())?);
    ///     assert_eq!(error.message().expect("a text"), "no room");
    /// }
    /// assert_eq!(ErrorPayload::of(Raw::parse(br#"{"error":{"code":1}}"#)?).message(), None);
    /// # Ok::<(), deltaic_chunk::ParseError>(())
    /// ```
    #[must_use]
    pub fn message(&self) -> Option<JsonStr<'a>> {
        let raw = self.raw;
        raw.as_str().or_else(|| {
            [
                raw.get("message"),
                raw.get("detail"),
                raw.get("error_msg"),
                raw.get("error").get("message"),
                raw.get("base_resp").get("status_msg"),
            ]
            .into_iter()
            .find_map(Raw::as_str)
        })
    }

    /// Its code, a string or a number; its type, if it has none.
    ///
    /// ```
    /// use deltaic_chunk::{ErrorPayload, Raw};
    ///
    /// for (data, code) in [
    ///     (r#"{"error":{"code":429,"type":"limit"}}"#, "429"),
    ///     (r#"{"error":{"code":null,"type":"limit"}}"#, "\"limit\""),
    ///     (r#"{"error":"overloaded"}"#, ""),
    /// ] {
    ///     assert_eq!(ErrorPayload::of(Raw::parse(data.as_bytes())?).code().text(), code);
    /// }
    /// # Ok::<(), deltaic_chunk::ParseError>(())
    /// ```
    #[must_use]
    pub fn code(&self) -> Raw<'a> {
        let raw = self.raw;
        [
            raw.get("code"),
            raw.get("error_code"),
            raw.get("status_code"),
            raw.get("status"),
            raw.get("base_resp").get("status_code"),
            raw.get("type"),
        ]
        .into_iter()
        .find(|code| code.is_there())
        .unwrap_or_default()
    }
}

/// Whether the value of a member `error` tells of one.
pub(crate) fn is_error(raw: Raw<'_>) -> bool {
    match raw.kind() {
        Kind::String => raw.as_str().is_some_and(|text| !text.is_empty()),
        Kind::Object => raw.members().next().is_some(),
        Kind::Array => raw.elements().next().is_some(),
        _ => false,
    }
}
