//! What the command line says.

use std::{num::NonZeroUsize, path::Path};

use clap::{
    CommandFactory, Error, Parser, Subcommand,
    error::{ContextKind, ContextValue, ErrorKind},
};

use crate::{
    bench, check, convert, diff, events, min, read, record, replay, shell, terminal, usage, view,
};

/// Reads, checks, records and shows LLM token streams.
///
/// A stream is the body of a streamed chat-completions response: server-sent
/// events, as any OpenAI-compatible server sends them. Save one with `curl -N`,
/// or pipe it in as it comes.
#[derive(Debug, Parser)]
#[command(name = "deltaic", version, after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,

    #[command(flatten)]
    pub(crate) reads: Reads,
}

/// How the input of a command is cut.
#[derive(Clone, Copy, Debug, Default, clap::Args)]
pub(crate) struct Reads {
    /// Cut the input into reads of N bytes; nothing in the output may change
    #[arg(long = "reads", value_name = "N")]
    pub(crate) len: Option<NonZeroUsize>,
}

impl Args {
    /// What is to be done: `--reads` may stand before a command that takes it, too.
    pub(crate) fn parse_all() -> Self {
        let mut args = Self::try_parse().unwrap_or_else(|error| with_hint(error).exit());
        let Some(len) = args.reads.len else {
            return args;
        };
        match args.command.as_mut().map(Command::reads) {
            None => {}
            Some(Some(reads)) => reads.len = reads.len.or(Some(len)),
            Some(None) => Self::command()
                .error(
                    ErrorKind::ArgumentConflict,
                    "the argument '--reads <N>' is for read, events, check, view, bench and record",
                )
                .exit(),
        }
        args
    }
}

/// Who names a file before a command is told how to read it.
fn with_hint(mut error: Error) -> Error {
    let Some(ContextValue::String(name)) = error.get(ContextKind::InvalidSubcommand) else {
        return error;
    };
    let path = Path::new(name);
    if path.exists() {
        let hint = format!("to read it: deltaic read {}", terminal::path(path));
        let hint = ContextValue::StyledStrs(vec![hint.into()]);
        error.insert(ContextKind::Suggested, hint);
        error.remove(ContextKind::SuggestedSubcommand);
    }
    error
}

const EXAMPLES: &str = "\
Without a command, a stream on standard input is read.

Examples:
  deltaic demo                              see it work, without key or network
  curl -N … | deltaic                       watch a response as it comes
  curl -N … | deltaic read --tee > saved    save what you watch
  deltaic record -o saved.sse -- curl -N …  save it with the time of each read
  deltaic replay saved.sse                  serve it again, to test a client
  deltaic read --json saved.sse             the completion, as JSON
  deltaic check --cuts *.sse                what is odd, and does any cut matter?
  deltaic diff monday.sse tuesday.sse       do they come to the same?
  deltaic usage recordings                  what did they cost?
  deltaic min saved.sse                     the least that shows what is odd
  deltaic view saved.sse                    a page that shows it event by event
  deltaic bench saved.sse                   what an event of it costs

Exit status:
  0    every stream is complete, and nothing was found
  1    one is truncated, failed or empty, or something was found
  2    wrong usage, or a file that cannot be read (the others are) or written
  141  whoever reads the output has closed it, so that not all was told

Not all commands ask whether streams are complete:
  events   1 if an event was too long to be one
  diff     1 if the two do not come to the same
  usage    1 if a stream has no complete counts
  bench    1 if a stream is not the same read in full
  min      1 if the stream does not show what it is to
  convert  0 once all is written, whatever the streams say
  replay   0 once all is sent, whatever the streams say";

/// Each command has its longer words, and its arguments, in its own module.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Play bundled recordings, and see every cut of them come out the same
    Demo,
    #[command(about = "Print text, reasoning and tool calls as they come, and how it ended")]
    Read(read::Options),
    #[command(about = "Print the events that the SSE standard dispatches, one JSON object a line")]
    Events(events::Options),
    #[command(about = "Tell what is odd in streams, with byte offsets")]
    Check(check::Options),
    #[command(about = "Tell whether two streams come to the same, and where they part")]
    Diff(diff::Options),
    #[command(about = "Print what streams have cost, one JSON object a line")]
    Usage(usage::Options),
    #[command(about = "Make a stream smaller for as long as it shows what is odd")]
    Min(min::Options),
    #[command(about = "Write a page that shows a recording event by event")]
    View(view::Options),
    #[command(about = "Measure what an event of your own recordings costs")]
    Bench(bench::Options),
    #[command(about = "Pass a stream on as it comes, and keep it with the time of each read")]
    Record(record::Options),
    #[command(
        about = "Serve recordings on a loopback port at their own pace, or worse, to test clients"
    )]
    Replay(replay::Options),
    #[command(about = "Take the streams out of cassettes: go-vcr, VCR.py, HAR, llama-stack")]
    Convert(convert::Options),
    #[command(about = "Print what completes arguments in a shell")]
    Completions(shell::Completions),
    #[command(about = "Print the manual page, or write one for each command")]
    Man(shell::Man),
}

impl Command {
    /// How it cuts its input, if it does.
    fn reads(&mut self) -> Option<&mut Reads> {
        match self {
            Self::Bench(options) => Some(&mut options.reads),
            Self::Check(options) => Some(&mut options.reads),
            Self::Events(options) => Some(&mut options.reads),
            Self::Read(options) => Some(&mut options.reads),
            Self::Record(options) => Some(&mut options.reads),
            Self::View(options) => Some(&mut options.reads),
            Self::Completions(_)
            | Self::Convert(_)
            | Self::Demo
            | Self::Diff(_)
            | Self::Man(_)
            | Self::Min(_)
            | Self::Replay(_)
            | Self::Usage(_) => None,
        }
    }
}
