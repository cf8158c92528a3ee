//! What is said.

use arbitrary::{Arbitrary, Result, Unstructured};

/// A completion.
#[derive(Clone, Debug)]
pub(super) struct Said {
    pub(super) id: Word,
    pub(super) model: Word,
    pub(super) answers: Vec<Answer>,
    pub(super) usage: Option<[u16; 2]>,
}

impl<'a> Arbitrary<'a> for Said {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let count = 1 + usize::from(u.arbitrary::<u8>()? / 100);
        Ok(Self {
            id: u.arbitrary()?,
            model: u.arbitrary()?,
            answers: (0..count).map(|_| u.arbitrary()).collect::<Result<_>>()?,
            usage: u.arbitrary()?,
        })
    }
}

/// One of the answers.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) reasoning: Option<Word>,
    pub(super) content: Option<Word>,
    pub(super) refusal: Option<Word>,
    pub(super) calls: Vec<Call>,
    pub(super) finish: Finish,
}

impl<'a> Arbitrary<'a> for Answer {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let calls = usize::from(u.arbitrary::<u8>()? % 4);
        Ok(Self {
            reasoning: u.arbitrary()?,
            content: u.arbitrary()?,
            refusal: u.arbitrary()?,
            calls: (0..calls).map(|_| u.arbitrary()).collect::<Result<_>>()?,
            finish: u.arbitrary()?,
        })
    }
}

/// A call of a tool.
#[derive(Arbitrary, Clone, Debug)]
pub(super) struct Call {
    pub(super) name: Word,
    pub(super) arguments: Arguments,
    pub(super) is_custom: bool,
}

impl Call {
    /// The ID of the call at this place.
    pub(super) fn id(at: usize) -> String {
        format!("call_{at}")
    }
}

/// What a tool is given.
#[derive(Clone, Debug)]
pub(super) enum Arguments {
    /// A JSON object.
    Object(String),
    /// Whatever the model made of it.
    Text(String),
}

impl<'a> Arbitrary<'a> for Arguments {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let is_object = u.arbitrary::<u8>()? % 4 != 3;
        let text: String = u.arbitrary()?;
        Ok(if is_object {
            Self::Object(serde_json::json!({ "a": [text, 1] }).to_string())
        } else {
            Self::Text(text)
        })
    }
}

impl Arguments {
    pub(super) fn text(&self) -> &str {
        match self {
            Self::Object(text) | Self::Text(text) => text,
        }
    }

    /// Whether they are one JSON value, or none.
    pub(super) fn is_json(&self) -> bool {
        let text = self.text();
        text.is_empty() || serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
    }
}

/// Text that is not empty.
#[derive(Clone, Debug)]
pub(super) struct Word(pub(super) String);

impl<'a> Arbitrary<'a> for Word {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let text: String = u.arbitrary()?;
        Ok(Self(if text.is_empty() { "w".into() } else { text }))
    }
}

/// Why an answer ends.
#[derive(Arbitrary, Clone, Copy, Debug)]
pub(super) enum Finish {
    Stop,
    Length,
    ToolCalls,
    Filter,
}

impl Finish {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Stop => "stop",
            Self::Length => "length",
            Self::ToolCalls => "tool_calls",
            Self::Filter => "content_filter",
        }
    }
}
