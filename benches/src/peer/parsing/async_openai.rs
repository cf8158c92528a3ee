use async_openai::types::chat::CreateChatCompletionStreamResponse;

use super::Parsing;
use crate::{Refused, peer::framing::Data, spelled::Take};

/// `serde_json` into the types of async-openai. They know no reasoning, and
/// refuse what the API's description does not have.
#[derive(Debug, Default)]
pub struct AsyncOpenai;

impl Parsing for AsyncOpenai {
    fn read(&mut self, data: Data<'_>, take: &mut impl Take) -> Result<(), Refused> {
        let chunk = match data {
            Data::Bytes(bytes) => serde_json::from_slice(bytes),
            Data::Text(text) => serde_json::from_str(text),
        };
        let chunk: CreateChatCompletionStreamResponse = chunk.map_err(|_| Refused)?;
        for choice in chunk.choices {
            let index = choice.index as usize;
            if let Some(text) = choice.delta.content {
                take.content(index, &text);
            }
            for call in choice.delta.tool_calls.into_iter().flatten() {
                if let Some(text) = call.function.and_then(|function| function.arguments) {
                    take.arguments(index, call.index as usize, &text);
                }
            }
        }
        Ok(())
    }
}
