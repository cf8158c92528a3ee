//! `deltaic read`: what a stream spells out, as it comes.

use std::{
    io::{self, Write},
    path::PathBuf,
};

use deltaic::{Outcome, Reader};

use crate::{
    Verdict,
    args::Reads,
    clock::Clock,
    failure::Failure,
    input::Input,
    render::Renderer,
    report,
    sources::{self, Streams},
    terminal,
};

/// Prints what a stream spells out as it comes: text, reasoning (dim), tool
/// calls; then one line with the outcome, the finish reason, the usage and the
/// number of chunks. Of what comes live also when: TTFT (the time to the first piece of
/// the answer), what lies between pieces, tokens per second.
///
/// Files may be streams or cassettes (see `deltaic convert`). Of a directory are taken, also below it, the files named .sse and the cassettes
/// (.yaml, .yml, .json, .har, by what they hold).
#[derive(Debug, Default, clap::Args)]
#[command(after_help = READ)]
pub(crate) struct Options {
    /// Streams, cassettes, directories; `-` is standard input, and the default
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,

    /// Print one JSON object per stream, and nothing else
    #[arg(long)]
    json: bool,

    /// Pass the input to standard output byte for byte; report on stderr
    #[arg(long)]
    tee: bool,

    #[command(flatten)]
    pub(crate) reads: Reads,
}

impl Options {
    /// Those for standard input.
    pub(crate) fn with(reads: Reads) -> Self {
        Self {
            reads,
            ..Self::default()
        }
    }
}

const READ: &str = "\
The object that --json prints has:
  file        where several streams are read: which of them
  outcome     done ([DONE] came), finished (every choice has a finish reason),
              truncated, failed (the server sent an error) or empty
  completion  the chat.completion object; null if no chunk came
  error       the server's error, as it came; null if there was none
  findings    what was odd: kind, offset in bytes, detail
  stats       bytes, events, chunks";

pub(crate) fn run(options: &Options) -> Result<Verdict, Failure> {
    let reads = options.reads.len;
    let standard_input = [PathBuf::from("-")];
    let files = match &*options.files {
        [] => &standard_input,
        files => files,
    };
    let are_several = !matches!(files, [file] if !file.is_dir());
    let mut is_first = true;
    let mut read_one = |input: Input, is_alone: bool| {
        if !is_alone && !options.json {
            let blank = if is_first { "" } else { "\n" };
            let heading = format!("{blank}==> {} <==", terminal::path(input.path()));
            writeln!(report_to(options.tee), "{heading}")?;
        }
        is_first = false;
        read(input, options, is_alone)
    };
    sources::each(files, |source| match source.streams()? {
        Streams::Itself => read_one(Input::open(&source.path, reads)?, !are_several),
        Streams::OfCassette(streams) => {
            let is_alone = !are_several && streams.len() == 1;
            let mut verdict = Verdict::Fine;
            for stream in streams {
                verdict = verdict.and(read_one(Input::of(stream, reads), is_alone)?);
            }
            Ok(verdict)
        }
    })
}

/// Where the report goes: away from the bytes that are passed on.
fn report_to(tee: bool) -> Box<dyn Write> {
    if tee {
        Box::new(anstream::stderr())
    } else {
        Box::new(anstream::stdout())
    }
}

fn read(mut input: Input, options: &Options, is_alone: bool) -> Result<Verdict, Failure> {
    let mut clock = Clock::start();
    let mut renderer = Renderer::new(report_to(options.tee));
    let mut reader = Reader::new();
    loop {
        let mut bytes = input.read()?;
        if bytes.is_empty() {
            break;
        }
        if options.tee {
            let mut stdout = io::stdout().lock();
            stdout.write_all(bytes)?;
            stdout.flush()?;
        }
        while let Some(updates) = reader.next(&mut bytes) {
            clock.note(updates.clone());
            if !options.json {
                renderer.render(updates)?;
            }
        }
        renderer.flush()?;
    }
    while let Some(updates) = reader.finish() {
        if !options.json {
            renderer.render(updates)?;
        }
    }
    let report = reader.into_report();
    if options.json {
        let file = Some(input.path()).filter(|_| !is_alone);
        writeln!(report_to(options.tee), "{}", report::json(&report, file))?;
    } else {
        renderer.end_line()?;
        if report.outcome == Outcome::Empty {
            // Often a page, or an error that is no event: it tells what to do.
            let finding = report.findings.as_slice().first();
            if let Some(finding) = finding {
                renderer.line(&terminal::in_one_line(&finding.detail))?;
            }
        }
        let mut parts = vec![report::summary(&report)];
        if input.is_live {
            parts.extend(clock.summary(&report));
        }
        renderer.line(&parts.join(" · "))?;
    }
    Ok(Verdict::fine_if(report.outcome.is_complete()))
}
