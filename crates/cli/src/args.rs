//! What the command line says.

use std::{num::NonZeroUsize, path::PathBuf};

use clap::{Parser, Subcommand};

/// Reads, checks and converts LLM token streams.
///
/// A stream is the body of a streamed chat-completions response: server-sent
/// events, as any OpenAI-compatible server sends them. Save one with `curl -N`,
/// or pipe it in as it comes.
#[derive(Debug, Parser)]
#[command(name = "deltaic", version, after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,

    /// Cut the input into reads of N bytes; nothing in the output may change.
    #[arg(long, value_name = "N", global = true)]
    pub(crate) reads: Option<NonZeroUsize>,
}

const EXAMPLES: &str = "\
Without a command, a stream on standard input is read.

Examples:
  deltaic demo                              see it work, without key or network
  curl -N … | deltaic                       watch a response as it comes
  curl -N … | deltaic read --tee > saved    save what you watch
  deltaic read --json saved.sse             the completion, as JSON
  deltaic check --cuts *.sse                what is odd, and does any cut matter?
  deltaic bench saved.sse                   what an event of it costs

Exit status:
  0  every stream is complete
  1  one is truncated, failed or empty, or something was found
  2  wrong usage, or a file that cannot be read";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Play bundled recordings, and see every cut of them come out the same
    Demo,
    /// Print text, reasoning and tool calls as they come, and how it ended
    Read(Read),
    /// Print the events that the SSE standard dispatches, one JSON object a line
    Events(Events),
    /// Tell what is odd in streams, with byte offsets
    Check(Check),
    /// Measure what an event of your own recordings costs
    Bench(Bench),
    /// Take the streams out of a cassette: go-vcr YAML or llama-stack JSON
    Convert(Convert),
}

/// Prints what a stream spells out as it comes: text, reasoning (dim), tool
/// calls; then one line with the outcome, the finish reason, the usage and the
/// number of chunks.
#[derive(Debug, Default, clap::Args)]
#[command(after_help = READ)]
pub(crate) struct Read {
    /// Streams; `-` is standard input, and the default
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    /// Print one JSON object per stream, and nothing else
    #[arg(long)]
    pub(crate) json: bool,

    /// Pass the input to standard output byte for byte; report on stderr
    #[arg(long)]
    pub(crate) tee: bool,
}

const READ: &str = "\
The object that --json prints has:
  outcome     done ([DONE] came), finished (every choice has a finish reason),
              truncated, failed (the server sent an error) or empty
  completion  the chat.completion object; null if no chunk came
  error       the server's error, as it came; null if there was none
  findings    what was odd: kind, offset in bytes, detail
  stats       bytes, events, chunks";

/// Prints each event that the SSE standard dispatches as a JSON object with
/// `event`, `data` and `id` (the last event ID), and last one with `end`.
#[derive(Debug, clap::Args)]
pub(crate) struct Events {
    /// A stream; `-` is standard input
    #[arg(value_name = "FILE", default_value = "-")]
    pub(crate) file: PathBuf,
}

/// Tells what is odd in streams: a line for each finding, with the byte offset,
/// and a line for each stream.
#[derive(Debug, clap::Args)]
pub(crate) struct Check {
    /// Streams; `-` is standard input
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,

    /// Also read each stream cut in two at every byte, and compare
    #[arg(long)]
    pub(crate) cuts: bool,
}

/// Measures what an event costs: framing, parsing, and reading, that is from
/// bytes to completion. Nanoseconds are the median of 25 rounds, in turns.
///
/// Reading is measured as it is and with each event read in full, as where none
/// is like another; both must have read the same. With `--reads N` the stream comes
/// in reads of N bytes, else of 16 KiB.
#[derive(Debug, clap::Args)]
pub(crate) struct Bench {
    /// Streams; `-` is standard input
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,

    /// Print one JSON object per stream, and nothing else
    #[arg(long)]
    pub(crate) json: bool,
}

/// Writes the body of each streamed response in a cassette to a `.sse` file.
///
/// go-vcr cassettes hold bodies as the server sent them. llama-stack recordings
/// hold the objects that a client made of the chunks: from these the stream is
/// written again, nulls and all.
#[derive(Debug, clap::Args)]
pub(crate) struct Convert {
    /// The cassette; `-` is standard input
    #[arg(value_name = "CASSETTE")]
    pub(crate) cassette: PathBuf,

    /// Where to write `NAME.sse`, or `NAME-1.sse`, `NAME-2.sse` …
    #[arg(short, long, value_name = "DIR")]
    pub(crate) output: PathBuf,
}
