//! Reads a recording, and says what it holds.

use deltaic_chunk::{Chunk, JsonStr, Payload, Piece, Usage};
use deltaic_sse::{Framer, Item};

/// What a recording holds.
#[derive(Clone, Copy, Default, Eq, PartialEq)]
pub(crate) struct Found {
    events: u64,
    chunks: u64,
    done: u64,
    text: u64,
    hash: u64,
    tokens: u64,
}

pub(crate) const CAPITAL: Found = Found {
    events: 22,
    chunks: 22,
    done: 0,
    text: 80,
    hash: 0x2226_0c57_3fbb_4f88,
    tokens: 65,
};

pub(crate) const HI: Found = Found {
    events: 6,
    chunks: 5,
    done: 1,
    text: 3,
    hash: 0xac9b_0001_83d9_cac7,
    tokens: 46,
};

/// Reads the recording in reads of `len` bytes.
pub(crate) fn recording(stream: &[u8], len: usize) -> Found {
    let mut memory = [0; 4096];
    let mut framer = Framer::in_slice(&mut memory);
    let mut found = Found::default();
    let mut rest = stream;
    while !rest.is_empty() {
        let (mut read, behind) = rest.split_at_checked(len).unwrap_or((rest, &[]));
        rest = behind;
        loop {
            match framer.next_item(&mut read) {
                Ok(Some(Item::Event(event))) => found.event(event.data),
                Ok(Some(_)) | Err(_) => {}
                Ok(None) => break,
            }
        }
    }
    while let Some(item) = framer.finish_item() {
        if let Item::Event(event) = item {
            found.event(event.data);
        }
    }
    found
}

impl Found {
    fn event(&mut self, data: &[u8]) {
        self.events += 1;
        match Payload::parse(data) {
            Ok(Payload::Chunk(chunk)) => self.chunk(&chunk),
            Ok(Payload::Done) => self.done += 1,
            _ => {}
        }
    }

    fn chunk(&mut self, chunk: &Chunk<'_>) {
        self.chunks += 1;
        for choice in chunk.choices() {
            if let Some(text) = choice.delta.content.as_str() {
                self.text(text);
            }
        }
        self.tokens += Usage::read(chunk.usage).total_tokens().unwrap_or(0);
    }

    fn text(&mut self, text: JsonStr<'_>) {
        for piece in text.pieces() {
            let mut buffer = [0; 4];
            let text = match piece {
                Piece::Text(text) => text,
                Piece::Char(char) => char.encode_utf8(&mut buffer),
                Piece::Surrogate(_) => continue,
            };
            self.text += text.len() as u64;
            for byte in text.bytes() {
                // FNV-1a.
                self.hash = (self.hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
            }
        }
    }
}
