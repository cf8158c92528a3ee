//! `deltaic usage`: what streams have cost.

use std::{
    io::{self, BufWriter, Write},
    num::NonZeroUsize,
    path::{Path, PathBuf},
    sync::mpsc::{Receiver, sync_channel},
    thread,
};

use deltaic::{Reader, Report, UsageState};
use indicatif::ProgressBar;
use rayon::prelude::*;
use serde::Serialize;

use crate::{
    Verdict,
    failure::Failure,
    input::Input,
    progress,
    sources::{Source, Streams, sources, tell},
    terminal,
};

/// Prints what each stream has cost, as the server counted: one JSON object a line, in the
/// order of the files. All cores read.
///
/// Nothing is guessed: what the server did not send is null.
///
/// Of a directory are taken, also below it, the files named .sse and the cassettes
/// (.yaml, .yml, .json, .har, by what they hold).
#[derive(Debug, clap::Args)]
#[command(after_help = HELP)]
pub(crate) struct Options {
    /// Streams, cassettes, directories; `-` is standard input
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
}

const HELP: &str = "\
Each object has:
  file, id, model    which stream it was
  outcome            done, finished, truncated, failed or empty
  finish_reasons     of each choice, in the order of their indices
  usage_state        complete (the stream ended after the counts), partial (it has cost at
                     least this) or none
  prompt_tokens, completion_tokens, total_tokens, cached_tokens, reasoning_tokens
  usage              the object as it came, with all that is not listed above

Examples:
  deltaic usage recordings > usage.ndjson
  deltaic usage recordings | jq -s 'group_by(.model)[] | [.[0].model, (map(.total_tokens) | add)]'
  deltaic usage recordings | jq -r 'select(.usage_state != \"complete\") | .file'

Exit status: 1 if a stream has no complete counts.";

/// How many files are read before they are told of.
const BATCH: usize = 1024;

/// How much of a file is read at once.
const READ: Option<NonZeroUsize> = NonZeroUsize::new(256 << 10);

#[derive(Serialize)]
struct Line<'a> {
    file: String,
    id: Option<&'a str>,
    model: Option<&'a str>,
    outcome: &'a str,
    finish_reasons: Vec<Option<&'a str>>,
    usage_state: &'a str,
    prompt_tokens: Option<u64>,
    completion_tokens: Option<u64>,
    total_tokens: Option<u64>,
    cached_tokens: Option<u64>,
    reasoning_tokens: Option<u64>,
    usage: Option<&'a deltaic::Usage>,
}

/// What was found of a source: lines, and whether all have complete counts.
type Found = (Vec<String>, Verdict);

pub(crate) fn run(options: &Options) -> Result<Verdict, Failure> {
    let (sender, batches) = sync_channel(2);
    let bar = progress::count_beside_lines("files");
    let above = bar.clone();
    thread::scope(|scope| {
        // Looking for files takes as long as reading short ones.
        scope.spawn(move || {
            let tell = |line| above.suspend(|| tell(line));
            let mut sources = sources(&options.files, &tell);
            loop {
                let batch: Vec<_> = sources.by_ref().take(BATCH).collect();
                if batch.is_empty() || sender.send(batch).is_err() {
                    break;
                }
            }
        });
        print(batches, &bar)
    })
}

/// Reads the sources of each batch, and prints what they have cost.
fn print(
    batches: Receiver<Vec<Result<Source, Failure>>>,
    bar: &ProgressBar,
) -> Result<Verdict, Failure> {
    let mut out = BufWriter::new(io::stdout().lock());
    let mut verdict = Verdict::Fine;
    for batch in batches {
        let done = batch.len() as u64;
        let found: Vec<Result<Found, Failure>> = batch
            .into_par_iter()
            .map(|source| source.and_then(|source| read(&source)))
            .collect();
        for found in found {
            match found {
                Ok((lines, is_whole)) => {
                    verdict = verdict.and(is_whole);
                    for line in lines {
                        writeln!(out, "{line}")?;
                    }
                }
                Err(failure @ Failure::File(..)) => {
                    bar.suspend(|| writeln!(io::stderr(), "deltaic: {failure}"))?;
                    verdict = verdict.and(Verdict::Unreadable);
                }
                Err(failure) => return Err(failure),
            }
        }
        out.flush()?;
        bar.inc(done);
    }
    bar.finish_and_clear();
    Ok(verdict)
}

fn read(source: &Source) -> Result<Found, Failure> {
    match source.streams()? {
        Streams::Itself => {
            let input = Input::open(&source.path, READ)?;
            let (line, verdict) = read_one(input)?;
            Ok((vec![line], verdict))
        }
        Streams::OfCassette(streams) => {
            let (mut lines, mut verdict) = (Vec::new(), Verdict::Fine);
            for stream in streams {
                let (line, found) = read_one(Input::of(stream, READ))?;
                lines.push(line);
                verdict = verdict.and(found);
            }
            Ok((lines, verdict))
        }
    }
}

/// Read by read, as a recording may be larger than memory.
fn read_one(mut input: Input) -> Result<(String, Verdict), Failure> {
    let mut reader = Reader::new();
    loop {
        let read = input.read()?;
        if read.is_empty() {
            break;
        }
        reader.push(read);
    }
    let report = reader.into_report();
    let line = line(input.path(), &report).map_err(io::Error::other)?;
    Ok((line, Verdict::fine_if(report.usage == UsageState::Complete)))
}

fn line(name: &Path, report: &Report) -> serde_json::Result<String> {
    let completion = report.completion.as_ref();
    let usage = completion.and_then(|completion| completion.usage.as_ref());
    let figures = usage.map(deltaic::Usage::figures).unwrap_or_default();
    let choices = completion.map_or(&[][..], |completion| &completion.choices);
    let reasons = choices.iter().map(|choice| choice.finish_reason.as_deref());
    terminal::json(&Line {
        file: name.display().to_string(),
        id: completion.and_then(|completion| completion.id.as_deref()),
        model: completion.and_then(|completion| completion.model.as_deref()),
        outcome: report.outcome.name(),
        finish_reasons: reasons.collect(),
        usage_state: report.usage.name(),
        prompt_tokens: figures.prompt_tokens(),
        completion_tokens: figures.completion_tokens(),
        total_tokens: figures.total_tokens(),
        cached_tokens: figures.cached_tokens(),
        reasoning_tokens: figures.reasoning_tokens(),
        usage,
    })
}
