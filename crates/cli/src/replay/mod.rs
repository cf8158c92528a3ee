//! `deltaic replay`: a recording, sent as a server would.

mod pace;
mod script;
mod server;

use std::{io::Write, num::NonZeroUsize, path::PathBuf, sync::Arc, thread, time::Instant};

use crate::{
    Verdict,
    failure::Failure,
    output::standard_output,
    sources::{Timed, sources, tell},
};
use pace::Pace;
use script::Script;
use server::{Fault, serve};

/// Serves recordings on a loopback port, as a double of a server to test clients with:
/// any request is answered with the next recording.
///
/// The address is the one line on standard output. A recording with NAME.times beside it
/// comes in its own reads and at its own times, any other event by event.
///
/// Of a directory are taken, also below it, the files named .sse and the cassettes
/// (.yaml, .yml, .json, .har, by what they hold).
#[derive(Debug, clap::Args)]
#[command(after_help = REPLAY)]
pub(crate) struct Options {
    /// Recordings, cassettes, directories, taken in turn; `-` is standard input
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,

    /// The port of 127.0.0.1; 0 is any that is free
    #[arg(long, default_value_t = 0)]
    port: u16,

    /// End after one answer for each recording
    #[arg(long)]
    once: bool,

    /// Write to standard output, and serve nothing
    #[arg(long, conflicts_with_all = ["port", "once", "fault"])]
    stdout: bool,

    /// `recorded`, `none` (as fast as may be), or from event to event, such as `20ms`
    ///
    /// Without it, `recorded` where the times are known, else `none`.
    #[arg(long, value_parser = Pace::parse)]
    pace: Option<Pace>,

    /// End behind so many bytes of the recording
    #[arg(long, value_name = "BYTE")]
    truncate_at: Option<usize>,

    /// End lines with CR LF
    #[arg(long)]
    crlf: bool,

    /// Send pieces of at most N bytes
    #[arg(long, value_name = "N")]
    split: Option<NonZeroUsize>,

    /// Fail, by `reset`, `close` or a status such as 429
    #[arg(long = "fail-with", id = "fault", value_name = "FAULT", value_parser = Fault::parse)]
    fault: Option<Fault>,
}

const REPLAY: &str = "\
What misbehaves does so in this order: the recording is truncated, its lines get their
ends (a read keeps its time, and grows), its reads and events are split. What is left of
them are the chunks of the HTTP body.

--fail-with takes:
  reset   where the stream ends, the connection is reset
  close   where the stream ends, the connection is closed without the end of the body
  STATUS  400 to 599: an error as of OpenAI's API is the answer, and no stream

Examples:
  deltaic replay hi.sse                                    and ask at the address it prints
  deltaic replay hi.sse --pace 20ms --split 7              slow, and cut within lines
  deltaic replay hi.sse --truncate-at 900 --fail-with close
  deltaic replay --once call.sse answer.sse                two turns, then it ends
  deltaic replay --stdout --pace 20ms hi.sse | deltaic read";

pub(crate) fn run(options: &Options) -> Result<Verdict, Failure> {
    let mut scripts = Vec::new();
    for source in sources(&options.files, &|line| tell(line)) {
        for stream in source?.load_timed()? {
            scripts.push(script(stream, options)?);
        }
    }
    if options.stdout {
        return write(&scripts);
    }
    serve(scripts, options)
}

/// What is sent of a recording.
fn script(stream: Timed, options: &Options) -> Result<Arc<Script>, Failure> {
    let ((path, bytes), times) = stream;
    if options.pace == Some(Pace::Recorded) && times.is_none() {
        let why = "has no times, expected NAME.times beside it, as `deltaic record` writes it";
        return Err(Failure::file(path, why));
    }
    let len = bytes.len();
    let mut script = Script::new(bytes, times, options.pace);
    if let Some(at) = options.truncate_at {
        if at > len {
            let why = format!("has {len} bytes, expected {at} or more to truncate it there");
            return Err(Failure::file(path, why));
        }
        script = script.truncated(at);
    }
    if options.crlf {
        script = script.with_crlf();
    }
    if let Some(len) = options.split {
        script = script.split(len.get());
    }
    Ok(Arc::new(script))
}

fn write(scripts: &[Arc<Script>]) -> Result<Verdict, Failure> {
    let mut stdout = standard_output()?;
    for script in scripts {
        let began = Instant::now();
        for (at, piece) in script.pieces() {
            thread::sleep(at.saturating_sub(began.elapsed()));
            stdout.write_all(&piece)?;
        }
    }
    Ok(Verdict::Fine)
}
