//! Reading with deltaic.

use deltaic::{
    Reader, Text,
    assembler::Assembler,
    chunk::{Chunk, JsonStr, Payload, Raw},
    sse::Framer,
};

use crate::{
    Read, Refused, Spelled, Way,
    spelled::{Said, Take, at},
};

/// Bytes to completion.
#[derive(Debug, Default)]
pub struct Ours(Reader);

impl Ours {
    /// Reads what has come. We refuse nothing.
    pub fn read(&mut self, read: Read) {
        self.0.push(read);
    }
}

impl Way for Ours {
    fn push(&mut self, read: Read) -> Result<(), Refused> {
        self.read(read);
        Ok(())
    }

    fn finish(self) -> Spelled {
        spelled(self.0)
    }
}

/// The same with each event read in full: what reading by comparison is measured beside.
#[derive(Debug)]
pub struct InFull(Reader);

impl Default for InFull {
    fn default() -> Self {
        Self(Reader::new().without_templates())
    }
}

impl Way for InFull {
    fn push(&mut self, read: Read) -> Result<(), Refused> {
        self.0.push(read);
        Ok(())
    }

    fn finish(self) -> Spelled {
        spelled(self.0)
    }
}

fn spelled(reader: Reader) -> Spelled {
    let mut spelled = Spelled::default();
    let completion = reader.into_report().completion.unwrap_or_default();
    for choice in completion.choices {
        let index = usize::try_from(choice.index).unwrap_or_default();
        let message = choice.message;
        let calls = message.tool_calls.into_iter();
        *at(&mut spelled.choices, index) = Said {
            content: message.content.map(Text::into).unwrap_or_default(),
            reasoning: message.reasoning.map(Text::into).unwrap_or_default(),
            arguments: calls.map(|call| call.function.arguments.into()).collect(),
        };
    }
    spelled
}

/// Framing alone: how many bytes of data the events have.
#[must_use]
pub fn frame(reads: &[Read]) -> usize {
    let mut framer = Framer::new();
    let mut len = 0;
    for mut read in reads.iter().copied() {
        while let Ok(Some(event)) = framer.next(&mut read) {
            len += event.data.len();
        }
    }
    len
}

/// Parsing alone, each chunk for itself: what it says goes to `take`.
///
/// # Errors
///
/// If the data is no chunk.
pub fn parse(data: &[u8], take: &mut impl Take) -> Result<(), Refused> {
    let payload = Payload::parse(data);
    let Ok(Payload::Chunk(chunk)) = &payload else {
        return Err(Refused);
    };
    for choice in chunk.choices() {
        let index = number(choice.index);
        let delta = &choice.delta;
        if let Some(text) = delta.content.as_str() {
            decoded(text, |text| take.content(index, text));
        }
        let reasoning = delta.reasoning_content.as_str();
        if let Some(text) = reasoning.or_else(|| delta.reasoning.as_str()) {
            decoded(text, |text| take.reasoning(index, text));
        }
        for call in delta.calls() {
            if let Some(text) = call.arguments.as_str() {
                let call = number(call.index);
                decoded(text, |text| take.arguments(index, call, text));
            }
        }
    }
    Ok(())
}

fn number(raw: Raw<'_>) -> usize {
    let number = raw.as_u64().unwrap_or_default();
    usize::try_from(number).unwrap_or_default()
}

fn decoded(text: JsonStr<'_>, mut each: impl FnMut(&str)) {
    if let Some(text) = text.as_str() {
        return each(text);
    }
    let mut out = String::new();
    let written = text.decode_into(&mut out);
    written.expect("a string takes all that is written");
    each(&out);
}

/// Chunks for [`assemble`].
#[must_use]
pub fn chunks<'a>(payloads: &[&'a [u8]]) -> Vec<Chunk<'a>> {
    let parsed = payloads.iter().filter_map(|data| Payload::parse(data).ok());
    parsed
        .filter_map(|payload| match payload {
            Payload::Chunk(chunk) => Some(chunk),
            _ => None,
        })
        .collect()
}

/// Assembling alone: how many bytes of text the completion has.
#[must_use]
pub fn assemble(chunks: &[Chunk<'_>]) -> usize {
    let mut assembler = Assembler::new();
    for chunk in chunks {
        assembler.push(&Payload::Chunk(*chunk), 0);
    }
    let len = |text: &Option<Text>| text.as_deref().map_or(0, str::len);
    let of = |choice: &deltaic::Choice| {
        let message = &choice.message;
        let calls = message.tool_calls.iter();
        let arguments = calls.map(|call| call.function.arguments.len());
        len(&message.content) + len(&message.reasoning) + arguments.sum::<usize>()
    };
    assembler.completion().choices.iter().map(of).sum()
}
