//! A response that is no event stream.
//!
//! A server that refuses a request often answers with JSON or HTML where a
//! stream was asked for, with any status. No line of an event stream that says
//! anything begins like either.

use alloc::{format, string::String, vec::Vec};

use deltaic_assembler::{Assembler, Finding, FindingKind};
use deltaic_chunk::Payload;

use crate::event::read_data;

/// Whether the response has begun.
#[derive(Debug, Default)]
pub(crate) struct Start {
    begun: bool,
}

impl Start {
    /// Whether the response turns out to be no event stream with this read.
    pub(crate) fn is_body(&mut self, read: &[u8]) -> bool {
        if self.begun {
            return false;
        }
        let blank = b" \t\r\n\xEF\xBB\xBF";
        let Some(first) = read.iter().find(|byte| !blank.contains(byte)) else {
            return false;
        };
        self.begun = true;
        matches!(first, b'{' | b'[' | b'<')
    }
}

/// A response that is no event stream, as much of it as the limit allows.
#[derive(Debug)]
pub(crate) struct Body {
    bytes: Vec<u8>,
    /// How many bytes came before.
    at: u64,
    len: u64,
    limit: usize,
    is_read: bool,
}

impl Body {
    pub(crate) fn new(at: u64, limit: usize) -> Self {
        Self {
            bytes: Vec::new(),
            at,
            len: 0,
            limit,
            is_read: false,
        }
    }

    pub(crate) fn push(&mut self, read: &[u8]) {
        self.len += read.len() as u64;
        let room = self.limit - self.bytes.len();
        let kept = read.get(..room).unwrap_or(read);
        self.bytes.extend_from_slice(kept);
    }

    pub(crate) fn len(&self) -> u64 {
        self.len
    }

    pub(crate) fn is_read(&self) -> bool {
        self.is_read
    }

    /// The response is whole: reads it as what it is.
    pub(crate) fn read(&mut self, assembler: &mut Assembler) {
        self.is_read = true;
        let blank = b" \t\r\n\xEF\xBB\xBF";
        let lead = self.bytes.iter().take_while(|byte| blank.contains(byte));
        let lead = lead.count();
        let body = self.bytes.get(lead..).unwrap_or_default();
        let at = self.at + lead as u64;
        let mut finding = |offset: u64, detail: String| {
            assembler.push_finding(Finding {
                kind: FindingKind::NotAStream,
                offset: at + offset,
                detail,
            });
        };
        if body.first() == Some(&b'<') {
            let shown = String::from_utf8_lossy(body);
            let shown: String = shown.chars().take(60).collect();
            return finding(0, format!("markup, not an event stream: {shown}"));
        }
        match Payload::parse(body) {
            Ok(payload) => {
                finding(0, "one JSON value, not an event stream; it is read".into());
                assembler.push(&payload, at);
            }
            Err(_) if is_lines(body) => {
                finding(0, "lines of JSON without `data:`; they are read".into());
                read_lines(assembler, body, at);
            }
            Err(error) => finding(error.offset as u64, format!("{error} of a JSON body")),
        }
    }
}

/// Whether the first of several lines is a JSON value of its own.
fn is_lines(body: &[u8]) -> bool {
    let mut lines = body.split(|&byte| byte == b'\n');
    lines
        .next()
        .is_some_and(|line| Payload::parse(line).is_ok())
}

fn read_lines(assembler: &mut Assembler, body: &[u8], mut at: u64) {
    for line in body.split(|&byte| byte == b'\n') {
        if !line.trim_ascii().is_empty() {
            read_data(assembler, line, at);
        }
        at += line.len() as u64 + 1;
    }
}
