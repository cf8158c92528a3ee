//! `deltaic events`: what the SSE standard makes of a stream.

use std::{
    borrow::Cow,
    io::{self, BufWriter, Write},
    path::PathBuf,
};

use deltaic::sse::{Event, Framer};
use serde::Serialize;

use crate::{
    Verdict,
    args::Reads,
    failure::Failure,
    input::Input,
    sources::{Source, Streams},
    terminal,
};

/// Prints each event that the SSE standard dispatches, as a JSON object on a line of its own.
///
/// An event has `event` (its name, `message` where it has none), `data` (its data lines, with a
/// line feed between them) and `id` (the last event ID, of whichever event that was). What is no
/// UTF-8 becomes U+FFFD. What the data means makes no difference, nor that it is no JSON.
///
/// The last line has `end`, with `retry` (how many milliseconds to wait before another request, as
/// the stream said last, or null), `unterminated` (whether data came without a blank line behind
/// it, which is no event) and `bytes` (how many came).
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// A stream; `-` is standard input
    #[arg(value_name = "FILE", default_value = "-")]
    file: PathBuf,

    #[command(flatten)]
    pub(crate) reads: Reads,
}

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

pub(crate) fn run(options: &Options) -> Result<Verdict, Failure> {
    let reads = options.reads.len;
    let mut input = match Source::named_itself(&options.file).streams()? {
        Streams::Itself => Input::open(&options.file, reads)?,
        Streams::OfCassette(_) => Input::of(Source::load_one(&options.file)?, reads),
    };
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
                    let failure = Failure::file(&options.file, error);
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
