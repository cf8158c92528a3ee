//! A chunk of a completion.

use crate::{
    choice::Choice,
    failure::{ErrorPayload, is_error},
    object::{Found, Others, read_members},
    raw::{Elements, Raw},
    scan::Scan,
    text::{between, trim},
};

/// A chunk of a completion: the object of most events.
///
/// ```
/// use deltaic_chunk::Payload;
///
/// let data = br#"{"id":"c1","choices":[{"delta":{"content":"Hi"}},{"index":1}],"x_vendor":{"ms":7}}"#;
/// let Ok(Payload::Chunk(chunk)) = Payload::parse(data) else {
///     panic!("not a chunk");
/// };
/// assert_eq!(chunk.id.as_str().expect("a string"), "c1");
/// assert!(chunk.model.is_missing());
/// assert_eq!(chunk.choices().count(), 2);
/// // What no field is for is there, too.
/// assert_eq!(chunk.get("x_vendor").get("ms").as_u64(), Some(7));
/// assert_eq!(chunk.other().next().expect("a member").0, "x_vendor");
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct Chunk<'a> {
    /// The completion's id, mostly the same in each chunk.
    pub id: Raw<'a>,
    /// `chat.completion.chunk`, mostly.
    pub object: Raw<'a>,
    /// When the completion was made, in seconds since 1970.
    pub created: Raw<'a>,
    /// The model that answers.
    pub model: Raw<'a>,
    /// What the server runs on.
    pub system_fingerprint: Raw<'a>,
    /// The tier that the request was served in.
    pub service_tier: Raw<'a>,
    /// Token counts: an object in the last chunk, null or missing before; see
    /// [`Usage`](crate::Usage).
    pub usage: Raw<'a>,
    /// What Groq adds; token counts among it.
    pub x_groq: Raw<'a>,
    /// An error beside choices or usage; [`Chunk::error`] tells whether it is one.
    pub error: Raw<'a>,
    /// The choices, a list; [`Chunk::choices`] reads it.
    pub choices: Raw<'a>,
    /// The first of the choices, which is read in passing: most chunks have one.
    first: Choice<'a>,
    /// What follows the first choice in the text; `None` if there is none.
    rest: Option<&'a str>,
    raw: Raw<'a>,
    pub(crate) others: Found<'a>,
}

const CHUNK: &[&str] = &[
    "id",
    "object",
    "created",
    "model",
    "system_fingerprint",
    "service_tier",
    "usage",
    "x_groq",
    "error",
    "choices",
    // Padding against guesses from the length of events.
    "obfuscation",
    "p",
];

impl<'a> Chunk<'a> {
    /// Reads an object, whatever kind of payload it is. Of anything else only
    /// [`Chunk::raw`] is there.
    pub(crate) fn scan(&mut self, scan: &mut Scan, rest: &'a str) -> Option<&'a str> {
        if !rest.starts_with('{') {
            return scan.read(rest, 0, &mut self.raw);
        }
        read_members!(scan, rest, 0, self, {
            "id" => id,
            "object" => object,
            "created" => created,
            "model" => model,
            "usage" => usage,
            "system_fingerprint" => system_fingerprint,
            "service_tier" => service_tier,
            "x_groq" => x_groq,
            "error" => error,
            by hand "choices" => self.scan_choices(scan, rest),
            passed "obfuscation" | "p",
        })
    }

    fn scan_choices(&mut self, scan: &mut Scan, rest: &'a str) -> Option<&'a str> {
        self.rest = None;
        if !rest.starts_with('[') {
            return scan.read(rest, 1, &mut self.choices);
        }
        let mut after_first = None;
        let end = scan.elements(rest, 1, |scan, rest| {
            if after_first.is_some() {
                return scan.value(rest, 2);
            }
            if !self.first.raw().is_missing() {
                self.first = Choice::default();
            }
            after_first = self.first.scan(scan, rest, 2);
            after_first
        })?;
        self.choices = Raw::trusted(between(rest, end));
        self.rest = after_first.map(|behind| between(behind, end));
        Some(end)
    }

    pub(crate) fn has_choices(&self) -> bool {
        self.rest.is_some()
    }

    /// The choices, in their order.
    ///
    /// ```
    /// use deltaic_chunk::Payload;
    ///
    /// let data = br#"{"choices":[{"index":0,"delta":{"content":"Hi"}},{"index":1,"delta":{"content":"Ho"}}]}"#;
    /// let Payload::Chunk(chunk) = Payload::parse(data)? else {
    ///     panic!("not a chunk");
    /// };
    /// let texts: Vec<_> = chunk.choices().filter_map(|choice| choice.delta.content.as_str()).collect();
    /// assert_eq!(texts, ["Hi", "Ho"]);
    /// # Ok::<(), deltaic_chunk::ParseError>(())
    /// ```
    #[inline]
    #[must_use]
    pub fn choices(&self) -> Choices<'_, 'a> {
        Choices {
            first: self.rest.map(|_| &self.first),
            rest: Elements::after(self.rest.unwrap_or_default()),
        }
    }

    /// The choice, if there is one and no more.
    ///
    /// ```
    /// use deltaic_chunk::Payload;
    ///
    /// let [one, two] = [&br#"{"choices":[{"index":0}]}"#[..], br#"{"choices":[{},{}]}"#].map(|data| {
    ///     let Ok(Payload::Chunk(chunk)) = Payload::parse(data) else {
    ///         panic!("not a chunk");
    ///     };
    ///     chunk
    /// });
    /// assert_eq!(one.only_choice().expect("one").index.as_u64(), Some(0));
    /// assert!(two.only_choice().is_none());
    /// ```
    #[must_use]
    pub fn only_choice(&self) -> Option<&Choice<'a>> {
        let behind = trim(self.rest?);
        behind.starts_with(']').then_some(&self.first)
    }

    /// The error that stands in the chunk beside choices or usage, if there is
    /// one.
    ///
    /// ```
    /// use deltaic_chunk::Payload;
    ///
    /// let data = br#"{"choices":[{"delta":{"content":"Half"}}],"error":{"code":502}}"#;
    /// let Ok(Payload::Chunk(chunk)) = Payload::parse(data) else {
    ///     panic!("not a chunk");
    /// };
    /// assert_eq!(chunk.error().expect("an error").code().as_u64(), Some(502));
    /// ```
    #[must_use]
    pub fn error(&self) -> Option<ErrorPayload<'a>> {
        is_error(self.error).then_some(ErrorPayload {
            raw: self.error,
            whole: self.raw,
        })
    }

    /// The chunk as it stands.
    #[must_use]
    pub fn raw(&self) -> Raw<'a> {
        self.raw
    }

    /// Any member, known or not.
    ///
    /// ```
    /// use deltaic_chunk::Payload;
    ///
    /// let data = br#"{"id":"c1","choices":[],"provider":"x"}"#;
    /// let Payload::Chunk(chunk) = Payload::parse(data)? else {
    ///     panic!("not a chunk");
    /// };
    /// assert_eq!(chunk.get("id"), chunk.id);
    /// assert_eq!(chunk.get("provider").text(), "\"x\"");
    /// assert!(chunk.get("region").is_missing());
    /// # Ok::<(), deltaic_chunk::ParseError>(())
    /// ```
    #[must_use]
    pub fn get(&self, name: &str) -> Raw<'a> {
        self.raw.get(name)
    }

    /// The members that have no field here, but for padding.
    ///
    /// ```
    /// use deltaic_chunk::Payload;
    ///
    /// let data = br#"{"id":"c1","provider":"x","choices":[],"obfuscation":"qZ","cost":0.10}"#;
    /// let Payload::Chunk(chunk) = Payload::parse(data)? else {
    ///     panic!("not a chunk");
    /// };
    /// let other = chunk.other().map(|(name, value)| format!("{name}: {value}"));
    /// assert_eq!(other.collect::<Vec<_>>(), ["provider: \"x\"", "cost: 0.10"]);
    /// # Ok::<(), deltaic_chunk::ParseError>(())
    /// ```
    #[must_use]
    pub fn other(&self) -> Others<'a> {
        Others::new(self.others, CHUNK)
    }
}

/// The choices of a chunk.
///
/// ```
/// use deltaic_chunk::Payload;
///
/// let data = br#"{"choices":[{"index":1},{"index":0}]}"#;
/// let Payload::Chunk(chunk) = Payload::parse(data)? else {
///     panic!("not a chunk");
/// };
/// // In the order of the list, whatever their indices.
/// let indices: Vec<_> = chunk.choices().map(|choice| choice.index.as_u64()).collect();
/// assert_eq!(indices, [Some(1), Some(0)]);
/// # Ok::<(), deltaic_chunk::ParseError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Choices<'c, 'a> {
    first: Option<&'c Choice<'a>>,
    rest: Elements<'a>,
}

impl<'a> Iterator for Choices<'_, 'a> {
    type Item = Choice<'a>;

    #[inline]
    fn next(&mut self) -> Option<Choice<'a>> {
        match self.first.take() {
            None => self.rest.next().map(Choice::read),
            first => first.copied(),
        }
    }
}
