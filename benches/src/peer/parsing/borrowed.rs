use std::borrow::Cow;

use serde::Deserialize;

use super::Parsing;
use crate::{Refused, peer::framing::Data, spelled::Take};

/// `serde_json` into types that borrow what they can.
#[derive(Debug, Default)]
pub struct Borrowed;

/// sonic-rs into the same types.
#[derive(Debug, Default)]
pub struct Sonic;

/// A chunk, as [`Owned`](super::Owned) has it.
#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "read as clients read it")]
pub(super) struct Chunk<'a> {
    #[serde(borrow)]
    id: Option<Str<'a>>,
    #[serde(borrow)]
    object: Option<Str<'a>>,
    created: Option<u64>,
    #[serde(borrow)]
    model: Option<Str<'a>>,
    #[serde(borrow)]
    system_fingerprint: Option<Str<'a>>,
    #[serde(borrow)]
    service_tier: Option<Str<'a>>,
    #[serde(borrow, default)]
    choices: Vec<Choice<'a>>,
    usage: Option<Usage>,
}

/// Serde borrows in a `Cow` that is a field of its own, not in one within an
/// `Option`.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
struct Str<'a>(#[serde(borrow)] Cow<'a, str>);

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "as above")]
struct Choice<'a> {
    index: usize,
    #[serde(borrow)]
    delta: Delta<'a>,
    #[serde(borrow)]
    finish_reason: Option<Str<'a>>,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "as above")]
struct Delta<'a> {
    #[serde(borrow)]
    role: Option<Str<'a>>,
    #[serde(borrow)]
    content: Option<Str<'a>>,
    #[serde(borrow)]
    refusal: Option<Str<'a>>,
    #[serde(borrow)]
    reasoning_content: Option<Str<'a>>,
    #[serde(borrow)]
    reasoning: Option<Str<'a>>,
    #[serde(borrow)]
    tool_calls: Option<Vec<ToolCall<'a>>>,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "as above")]
struct ToolCall<'a> {
    index: Option<usize>,
    #[serde(borrow)]
    id: Option<Str<'a>>,
    #[serde(borrow)]
    r#type: Option<Str<'a>>,
    #[serde(borrow)]
    function: Option<Function<'a>>,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "as above")]
struct Function<'a> {
    #[serde(borrow)]
    name: Option<Str<'a>>,
    #[serde(borrow)]
    arguments: Option<Str<'a>>,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "as above")]
#[expect(clippy::struct_field_names, reason = "the API's names")]
struct Usage {
    prompt_tokens: u64,
    completion_tokens: u64,
    total_tokens: u64,
}

impl Chunk<'_> {
    /// Gives what the chunk says to `take`.
    pub(super) fn give(&self, take: &mut impl Take) {
        for Choice { index, delta, .. } in &self.choices {
            if let Some(text) = &delta.content {
                take.content(*index, &text.0);
            }
            if let Some(text) = delta
                .reasoning_content
                .as_ref()
                .or(delta.reasoning.as_ref())
            {
                take.reasoning(*index, &text.0);
            }
            for call in delta.tool_calls.iter().flatten() {
                let function = call.function.as_ref();
                if let Some(text) = function.and_then(|function| function.arguments.as_ref()) {
                    take.arguments(*index, call.index.unwrap_or_default(), &text.0);
                }
            }
        }
    }
}

impl Parsing for Borrowed {
    fn read(&mut self, data: Data<'_>, take: &mut impl Take) -> Result<(), Refused> {
        let chunk = match data {
            Data::Bytes(bytes) => serde_json::from_slice(bytes),
            Data::Text(text) => serde_json::from_str(text),
        };
        let chunk: Chunk<'_> = chunk.map_err(|_| Refused)?;
        chunk.give(take);
        Ok(())
    }
}

impl Parsing for Sonic {
    fn read(&mut self, data: Data<'_>, take: &mut impl Take) -> Result<(), Refused> {
        let chunk = match data {
            Data::Bytes(bytes) => sonic_rs::from_slice(bytes),
            Data::Text(text) => sonic_rs::from_str(text),
        };
        let chunk: Chunk<'_> = chunk.map_err(|_| Refused)?;
        chunk.give(take);
        Ok(())
    }
}
