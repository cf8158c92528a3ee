use serde::Deserialize;

use super::Parsing;
use crate::{Refused, peer::framing::Data, spelled::Take};

/// `serde_json` into owned types.
#[derive(Debug, Default)]
pub struct Owned;

/// A chunk, as clients declare it: lenient, and only what they use.
#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "read to be owned, as clients own it")]
struct Chunk {
    id: Option<String>,
    object: Option<String>,
    created: Option<u64>,
    model: Option<String>,
    system_fingerprint: Option<String>,
    service_tier: Option<String>,
    #[serde(default)]
    choices: Vec<Choice>,
    usage: Option<Usage>,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "as above")]
struct Choice {
    index: usize,
    delta: Delta,
    finish_reason: Option<String>,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "as above")]
struct Delta {
    role: Option<String>,
    content: Option<String>,
    refusal: Option<String>,
    reasoning_content: Option<String>,
    reasoning: Option<String>,
    tool_calls: Option<Vec<ToolCall>>,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "as above")]
struct ToolCall {
    index: Option<usize>,
    id: Option<String>,
    r#type: Option<String>,
    function: Option<Function>,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "as above")]
struct Function {
    name: Option<String>,
    arguments: Option<String>,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "as above")]
#[expect(clippy::struct_field_names, reason = "the API's names")]
struct Usage {
    prompt_tokens: u64,
    completion_tokens: u64,
    total_tokens: u64,
}

impl Parsing for Owned {
    fn read(&mut self, data: Data<'_>, take: &mut impl Take) -> Result<(), Refused> {
        let chunk = match data {
            Data::Bytes(bytes) => serde_json::from_slice(bytes),
            Data::Text(text) => serde_json::from_str(text),
        };
        let chunk: Chunk = chunk.map_err(|_| Refused)?;
        for Choice { index, delta, .. } in chunk.choices {
            if let Some(text) = delta.content {
                take.content(index, &text);
            }
            if let Some(text) = delta.reasoning_content.or(delta.reasoning) {
                take.reasoning(index, &text);
            }
            for call in delta.tool_calls.into_iter().flatten() {
                if let Some(text) = call.function.and_then(|function| function.arguments) {
                    take.arguments(index, call.index.unwrap_or_default(), &text);
                }
            }
        }
        Ok(())
    }
}
