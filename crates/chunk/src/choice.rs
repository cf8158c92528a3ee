//! What a chunk says of one of the answers.

use crate::{
    delta::Delta,
    object::{Found, Others, read_members},
    raw::Raw,
    scan::Scan,
};

/// What a chunk says of one of the answers.
///
/// ```
/// use deltaic_chunk::Payload;
///
/// let data = br#"{"choices":[{"index":1,"delta":{"content":"Hi"},"finish_reason":"stop","seed":7}]}"#;
/// let Payload::Chunk(chunk) = Payload::parse(data)? else {
///     panic!("not a chunk");
/// };
/// let choice = chunk.choices().next().expect("a choice");
/// assert_eq!(choice.index.as_u64(), Some(1));
/// assert_eq!(choice.delta.content.as_str().expect("a string"), "Hi");
/// assert_eq!(choice.finish_reason.as_str().expect("a string"), "stop");
/// // What no field is for is there, too.
/// assert_eq!(choice.get("seed").as_u64(), Some(7));
/// assert_eq!(choice.other().count(), 1);
/// # Ok::<(), deltaic_chunk::ParseError>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct Choice<'a> {
    /// Which of the answers: an integer from 0.
    pub index: Raw<'a>,
    /// What it adds.
    pub delta: Delta<'a>,
    /// A whole message, where a server sends one beside or instead of a delta.
    pub message: Raw<'a>,
    /// Text beside the delta, as some servers repeat it.
    pub text: Raw<'a>,
    /// Why it ends: a string, null before.
    pub finish_reason: Raw<'a>,
    /// Log probabilities: an object.
    pub logprobs: Raw<'a>,
    /// Token counts, where a server sends them here.
    pub usage: Raw<'a>,
    raw: Raw<'a>,
    others: Found<'a>,
}

const CHOICE: &[&str] = &[
    "index",
    "delta",
    "message",
    "text",
    "finish_reason",
    "logprobs",
    "usage",
    // Padding against guesses from the length of events.
    "obfuscation",
    "p",
];

impl<'a> Choice<'a> {
    pub(crate) fn read(raw: Raw<'a>) -> Self {
        let mut choice = Self::default();
        // The text has been read before.
        let _ = choice.scan(&mut Scan::new(raw.text()), raw.text(), 0);
        choice
    }

    /// Reads into what is new.
    pub(crate) fn scan(
        &mut self,
        scan: &mut Scan,
        rest: &'a str,
        inside: usize,
    ) -> Option<&'a str> {
        if !rest.starts_with('{') {
            return scan.read(rest, inside, &mut self.raw);
        }
        read_members!(scan, rest, inside, self, {
            "index" => index,
            "finish_reason" => finish_reason,
            "logprobs" => logprobs,
            "message" => message,
            "text" => text,
            "usage" => usage,
            by hand "delta" => {
                if !self.delta.raw().is_missing() {
                    self.delta = Delta::default();
                }
                self.delta.scan(scan, rest, inside + 1)
            },
            passed "obfuscation" | "p",
        })
    }

    /// The choice as it stands. What is no object has nothing else.
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
        Others::new(self.others, CHOICE)
    }
}
