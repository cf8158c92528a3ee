//! Reading with deltaic.

use deltaic::{
    Reader,
    assembler::Assembler,
    chunk::{Chunk, Payload},
    sse::Framer,
};

/// Bytes to completion: the text of the first choice.
#[must_use]
pub fn read(reads: &[&[u8]]) -> String {
    let mut reader = Reader::new();
    for mut read in reads.iter().copied() {
        while reader.next(&mut read).is_some() {}
    }
    let completion = reader.into_report().completion.unwrap_or_default();
    let content = completion.choices.into_iter().next();
    content
        .and_then(|choice| choice.message.content)
        .map(Into::into)
        .unwrap_or_default()
}

/// Framing alone: how many bytes of data the events have.
#[must_use]
pub fn frame(reads: &[&[u8]]) -> usize {
    let mut framer = Framer::new();
    let mut len = 0;
    for mut read in reads.iter().copied() {
        while let Ok(Some(event)) = framer.next(&mut read) {
            len += event.data.len();
        }
    }
    len
}

/// Parsing alone: how many bytes of text the chunks have.
#[must_use]
pub fn parse(payloads: &[&[u8]]) -> usize {
    let mut len = 0;
    for data in payloads {
        if let Ok(Payload::Chunk(chunk)) = Payload::parse(data) {
            len += chunk
                .choices()
                .filter_map(|choice| choice.delta.content.as_str())
                .map(|text| text.as_raw().len())
                .sum::<usize>();
        }
    }
    len
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
    let choice = assembler.completion().choices.first();
    choice
        .and_then(|choice| choice.message.content.as_deref())
        .map_or(0, str::len)
}
