use std::fmt;

use simd_json::{
    Buffers, Tape,
    prelude::{ValueAsScalar, ValueIntoString},
    tape::Value,
};

use super::{Parsing, borrowed::Chunk};
use crate::{Refused, peer::framing::Data, spelled::Take};

/// simd-json into types that borrow. It writes into what it reads, so the data
/// is copied first.
#[derive(Default)]
pub struct SimdTyped {
    copy: Vec<u8>,
    buffers: Buffers,
}

/// simd-json into its tape, which is then looked into.
#[derive(Default)]
pub struct SimdTape {
    copy: Vec<u8>,
    buffers: Buffers,
    tape: Option<Tape<'static>>,
}

impl Parsing for SimdTyped {
    fn read(&mut self, data: Data<'_>, take: &mut impl Take) -> Result<(), Refused> {
        self.copy.clear();
        self.copy.extend_from_slice(data.bytes());
        let chunk = simd_json::serde::from_slice_with_buffers(&mut self.copy, &mut self.buffers);
        let chunk: Chunk<'_> = chunk.map_err(|_| Refused)?;
        chunk.give(take);
        Ok(())
    }
}

impl Parsing for SimdTape {
    fn read(&mut self, data: Data<'_>, take: &mut impl Take) -> Result<(), Refused> {
        self.copy.clear();
        self.copy.extend_from_slice(data.bytes());
        let mut tape = self.tape.take().unwrap_or_else(Tape::null).reset();
        simd_json::fill_tape(&mut self.copy, &mut self.buffers, &mut tape).map_err(|_| Refused)?;
        give(tape.as_value(), take);
        self.tape = Some(tape.reset());
        Ok(())
    }
}

fn give(chunk: Value<'_, '_>, take: &mut impl Take) {
    let choices = chunk.get("choices");
    for choice in choices
        .iter()
        .filter_map(Value::as_array)
        .flat_map(|list| list.iter())
    {
        let index = number(choice.get("index"));
        let Some(delta) = choice.get("delta") else {
            continue;
        };
        if let Some(text) = string(delta.get("content")) {
            take.content(index, text);
        }
        let reasoning = string(delta.get("reasoning_content"));
        if let Some(text) = reasoning.or_else(|| string(delta.get("reasoning"))) {
            take.reasoning(index, text);
        }
        let calls = delta.get("tool_calls");
        for call in calls
            .iter()
            .filter_map(Value::as_array)
            .flat_map(|list| list.iter())
        {
            let function = call.get("function");
            if let Some(text) = string(function.and_then(|function| function.get("arguments"))) {
                take.arguments(index, number(call.get("index")), text);
            }
        }
    }
}

fn string<'i>(value: Option<Value<'_, 'i>>) -> Option<&'i str> {
    value.and_then(Value::into_string)
}

fn number(value: Option<Value<'_, '_>>) -> usize {
    let number = value.and_then(|value| value.as_u64()).unwrap_or_default();
    usize::try_from(number).unwrap_or_default()
}

impl fmt::Debug for SimdTyped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SimdTyped")
    }
}

impl fmt::Debug for SimdTape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SimdTape")
    }
}
