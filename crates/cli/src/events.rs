//! `deltaic events`: what the SSE standard makes of a stream.

use std::{
    borrow::Cow,
    io::{self, BufWriter, Write},
    num::NonZeroUsize,
};

use deltaic::sse::{Event, Framer};
use serde::Serialize;

use crate::{Verdict, args, failure::Failure, input::Input, terminal};

#[derive(Serialize)]
struct Line<'a> {
    event: Cow<'a, str>,
    data: Cow<'a, str>,
    id: Cow<'a, str>,
}

#[derive(Serialize)]
struct Last {
    end: End,
}

#[derive(Serialize)]
struct End {
    retry: Option<u64>,
    unterminated: bool,
    bytes: u64,
}

pub(crate) fn run(command: &args::Events, reads: Option<NonZeroUsize>) -> Result<Verdict, Failure> {
    let mut input = Input::open(&command.file, reads)?;
    let mut out = BufWriter::new(io::stdout().lock());
    let mut framer = Framer::new();
    let mut verdict = Verdict::Fine;
    loop {
        let mut bytes = input.read()?;
        if bytes.is_empty() {
            break;
        }
        loop {
            match framer.next(&mut bytes) {
                Ok(Some(event)) => write_line(&mut out, &line(&event))?,
                Ok(None) => break,
                Err(error) => {
                    let failure = Failure::file(&command.file, error);
                    writeln!(io::stderr(), "deltaic: {failure}")?;
                    verdict = Verdict::NotFine;
                }
            }
        }
        out.flush()?;
    }
    let end = End {
        unterminated: framer.finish().is_some(),
        retry: framer.retry(),
        bytes: framer.position(),
    };
    write_line(&mut out, &Last { end })?;
    out.flush()?;
    Ok(verdict)
}

fn line<'a>(event: &Event<&'a [u8]>) -> Line<'a> {
    let name = event.name.unwrap_or(b"message");
    Line {
        event: String::from_utf8_lossy(name),
        data: String::from_utf8_lossy(event.data),
        id: String::from_utf8_lossy(event.id.unwrap_or_default()),
    }
}

fn write_line(out: &mut impl Write, line: &impl Serialize) -> io::Result<()> {
    writeln!(out, "{}", terminal::json(line)?)
}
