//! A chunk of a completion.

use crate::{
    choice::Choice,
    error::ParseError,
    failure::{ErrorPayload, is_error},
    object::{Others, read_members},
    raw::{Elements, Raw},
    scan::Scan,
};

/// A chunk of a completion: the object of most events.
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
    pub(crate) others: bool,
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
    /// Reads an object at its brace, as whatever kind of payload it is.
    pub(crate) fn scan(&mut self, scan: &mut Scan<'a>) -> Result<(), ParseError> {
        read_members!(scan, 0, self, {
            "id" => self.id = scan.value(1)?,
            "object" => self.object = scan.value(1)?,
            "created" => self.created = scan.value(1)?,
            "model" => self.model = scan.value(1)?,
            "choices" => self.scan_choices(scan)?,
            "usage" => self.usage = scan.value(1)?,
            "system_fingerprint" => self.system_fingerprint = scan.value(1)?,
            "service_tier" => self.service_tier = scan.value(1)?,
            "x_groq" => self.x_groq = scan.value(1)?,
            "error" => self.error = scan.value(1)?,
            "obfuscation" | "p" => { scan.value(1)?; },
        });
        Ok(())
    }

    fn scan_choices(&mut self, scan: &mut Scan<'a>) -> Result<(), ParseError> {
        self.rest = None;
        if scan.peek() != Some(b'[') {
            self.choices = scan.value(1)?;
            return Ok(());
        }
        let start = scan.position();
        let mut after_first = None;
        scan.elements(1, |scan| {
            if after_first.is_some() {
                return scan.value(2).map(|_| ());
            }
            self.first = Choice::default();
            self.first.scan(scan, 2)?;
            after_first = Some(scan.position());
            Ok(())
        })?;
        self.choices = Raw::trusted(scan.since(start));
        self.rest = after_first.map(|at| scan.since(at));
        Ok(())
    }

    pub(crate) fn has_choices(&self) -> bool {
        self.rest.is_some()
    }

    /// The choices, in their order.
    #[must_use]
    pub fn choices(&self) -> Choices<'_, 'a> {
        Choices {
            first: self.rest.map(|_| &self.first),
            rest: Elements::after(self.rest.unwrap_or_default()),
        }
    }

    /// The error that stands in the chunk beside choices or usage, if there is
    /// one.
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
    #[must_use]
    pub fn get(&self, name: &str) -> Raw<'a> {
        self.raw.get(name)
    }

    /// The members that have no field here, but for padding.
    #[must_use]
    pub fn other(&self) -> Others<'a> {
        Others::new(self.raw, self.others, CHUNK)
    }
}

/// The choices of a chunk.
#[derive(Clone, Debug)]
pub struct Choices<'c, 'a> {
    first: Option<&'c Choice<'a>>,
    rest: Elements<'a>,
}

impl<'a> Iterator for Choices<'_, 'a> {
    type Item = Choice<'a>;

    fn next(&mut self) -> Option<Choice<'a>> {
        match self.first.take() {
            None => self.rest.next().map(Choice::read),
            first => first.copied(),
        }
    }
}
