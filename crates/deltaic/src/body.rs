//! A response that is no event stream.
//!
//! A server that refuses a request often answers with JSON or HTML where a
//! stream was asked for, with any status. No line of an event stream that says
//! anything begins like either.

use alloc::{format, string::String, vec::Vec};

use deltaic_assembler::{Assembler, Finding, FindingKind};
use deltaic_chunk::Payload;

use crate::{
    event::{read_data, shown},
    templates::Templates,
};

/// Whether a response is no event stream, if this is the first of its bytes that
/// may not stand before one.
pub(crate) fn is_body(first: u8) -> bool {
    matches!(first, b'{' | b'[' | b'<')
}

/// How much of what may stand before a body a read begins with.
pub(crate) fn lead(read: &[u8]) -> usize {
    read.iter().take_while(|byte| BLANK.contains(byte)).count()
}

/// What may stand before a body, and says nothing in an event stream either: white
/// space, and the bytes of a byte order mark.
const BLANK: &[u8] = b" \t\r\n\xEF\xBB\xBF";

/// Whether there is nothing but what may stand before a body.
pub(crate) fn is_blank(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| BLANK.contains(byte))
}

/// A response that is no event stream, as much of it as the limit allows.
#[derive(Debug)]
pub(crate) struct Body {
    bytes: Vec<u8>,
    /// How many bytes came before.
    at: u64,
    len: u64,
    limit: usize,
    is_cut: bool,
    next: Next,
    templates: Templates,
}

/// What is to be read of a body.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Next {
    All,
    /// The line that begins there.
    Line(usize),
    Nothing,
}

impl Body {
    pub(crate) fn new(at: u64, limit: usize, templates: Templates) -> Self {
        Self {
            bytes: Vec::new(),
            at,
            len: 0,
            limit,
            is_cut: false,
            next: Next::All,
            templates,
        }
    }

    pub(crate) fn push(&mut self, read: &[u8]) {
        self.len += read.len() as u64;
        let room = self.limit.saturating_sub(self.bytes.len());
        let kept = read.get(..room).unwrap_or(read);
        self.is_cut |= kept.len() < read.len();
        self.bytes.extend_from_slice(kept);
    }

    pub(crate) fn len(&self) -> u64 {
        self.len
    }

    /// There was more than the limit allows.
    pub(crate) fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// The response is whole: reads the next of what it says. False if there is
    /// nothing more.
    pub(crate) fn read(&mut self, assembler: &mut Assembler) -> bool {
        match self.next {
            Next::All => {
                self.next = self.read_all(assembler);
                true
            }
            Next::Line(start) => self.read_line(assembler, start),
            Next::Nothing => false,
        }
    }

    fn read_all(&self, assembler: &mut Assembler) -> Next {
        let body = &*self.bytes;
        if self.is_cut {
            assembler.push_finding(Finding {
                kind: FindingKind::EventTooLong,
                offset: self.at,
                detail: format!(
                    "of a body longer than {} bytes the rest is dropped",
                    self.limit
                ),
            });
        }
        let mut finding = |offset: usize, detail: String| {
            assembler.push_finding(Finding {
                kind: FindingKind::NotAStream,
                offset: self.at + offset as u64,
                detail,
            });
        };
        if body.first() == Some(&b'<') {
            finding(0, format!("markup, not an event stream: {}", shown(body)));
            return Next::Nothing;
        }
        match Payload::parse(body) {
            Err(error) if !is_lines(body) => {
                finding(error.offset, format!("{error} of a JSON body"));
            }
            Err(_) | Ok(Payload::Done) => {
                finding(0, "lines of JSON without `data:`; they are read".into());
                return Next::Line(0);
            }
            Ok(payload) => {
                finding(0, "one JSON value, not an event stream; it is read".into());
                assembler.push(&payload, self.at);
            }
        }
        Next::Nothing
    }

    /// Reads the next line that says anything, from `start` on.
    fn read_line(&mut self, assembler: &mut Assembler, mut start: usize) -> bool {
        while let Some(rest) = self.bytes.get(start..).filter(|rest| !rest.is_empty()) {
            let len = rest.iter().position(is_line_end);
            let line = rest.get(..len.unwrap_or(rest.len())).unwrap_or_default();
            let at = self.at + start as u64;
            start += line.len() + 1;
            if !line.trim_ascii().is_empty() {
                read_data(assembler, &mut self.templates, line, at, None);
                self.next = Next::Line(start);
                return true;
            }
        }
        self.next = Next::Nothing;
        false
    }
}

/// Whether the first of several lines is a JSON value of its own.
fn is_lines(body: &[u8]) -> bool {
    let mut lines = body.split(is_line_end);
    lines
        .next()
        .is_some_and(|line| Payload::parse(line).is_ok())
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as slices ask")]
fn is_line_end(byte: &u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}
