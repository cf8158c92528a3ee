//! `deltaic convert`: the streams that cassettes hold.

use std::{
    collections::HashSet,
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use deltaic::sse::Framer;

use crate::{
    Verdict, cassette, check,
    failure::Failure,
    input, output, progress, report,
    sources::{self, Streams},
    terminal,
};

/// Writes the body of each streamed response in a cassette to a file.
///
/// Cassettes of go-vcr and VCR.py (YAML or JSON) and HTTP archives (HAR) hold bodies as the
/// server sent them; what is compressed with gzip or deflate is written as it was before. llama-stack
/// recordings hold the objects that a client made of the chunks: from these the
/// stream is written again, nulls and all.
///
/// Of a directory all cassettes below it are taken, by their names (.yaml, .yml, .json, .har)
/// and what they hold.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Options {
    /// Cassettes, and directories of them; `-` is standard input
    #[arg(value_name = "CASSETTE", required = true)]
    cassettes: Vec<PathBuf>,

    /// Where to write `NAME.sse`, or `NAME-1.sse`, `NAME-2.sse` …
    #[arg(short, long, value_name = "DIR")]
    output: PathBuf,

    /// What to write: the stream as it was sent, or the report on it as `deltaic read --json` has it
    #[arg(long, value_name = "FORMAT", default_value = "sse")]
    to: Format,

    /// Replace files that are there
    #[arg(long)]
    force: bool,
}

const EXAMPLES: &str = "\
Examples:
  deltaic convert fixtures/chat.yaml -o streams
  deltaic convert session.har -o streams     saved from the network panel of a browser
  deltaic convert tests/cassettes -o streams --to json";

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Format {
    Sse,
    Json,
}

pub(crate) fn run(options: &Options) -> Result<Verdict, Failure> {
    let directory = &options.output;
    let mut names = Names::default();
    let bar = progress::count_beside_lines("cassettes");
    let mut is_nothing = true;
    let verdict = sources::each(&options.cassettes, |source| {
        let streams = match source.streams()? {
            Streams::OfCassette(streams) => streams.into_iter().map(|(_, bytes)| bytes).collect(),
            // Named by somebody who knows better.
            Streams::Itself if source.is_found() => return Ok(Verdict::Fine),
            Streams::Itself => {
                let bytes = input::read_all(&source.path)?;
                let is_stream = is_stream(&bytes);
                cassette::streams(bytes).map_err(|why| {
                    let why = if is_stream {
                        "is a stream already, expected a cassette"
                    } else {
                        &why
                    };
                    Failure::file(&source.path, why)
                })?
            }
        };
        bar.inc(1);
        is_nothing = false;
        let are_several = streams.len() > 1;
        for (at, stream) in streams.iter().enumerate() {
            let number = are_several.then_some(at + 1);
            let path = directory.join(names.of(&source.path, number, options.to));
            let bytes = match options.to {
                Format::Sse => stream,
                Format::Json => {
                    &(report::json(&check::read([&**stream]), None) + "\n").into_bytes()
                }
            };
            sources::keep(&source.path, &path)?;
            fs::create_dir_all(directory).map_err(|error| Failure::file(directory, error))?;
            output::write(&path, bytes, options.force)?;
            let line = format!("{}: {} bytes", terminal::path(&path), bytes.len());
            bar.suspend(|| writeln!(io::stdout(), "{line}"))?;
        }
        Ok(Verdict::Fine)
    });
    bar.finish_and_clear();
    match (verdict?, &*options.cassettes) {
        (Verdict::Fine, [first, ..]) if is_nothing => {
            Err(Failure::file(first, "holds streams, expected a cassette"))
        }
        (verdict, _) => Ok(verdict),
    }
}

/// Whether there is an event in it.
fn is_stream(mut bytes: &[u8]) -> bool {
    matches!(Framer::new().next(&mut bytes), Ok(Some(_)))
}

/// The names of files that were written: cassettes of several directories may have the same.
#[derive(Default)]
struct Names(HashSet<String>);

impl Names {
    fn of(&mut self, cassette: &Path, number: Option<usize>, format: Format) -> String {
        let stem = match cassette.file_stem() {
            Some(stem) if cassette != Path::new("-") => stem.to_string_lossy().into_owned(),
            _ => "stream".into(),
        };
        let stem = match number {
            Some(number) => format!("{stem}-{number}"),
            None => stem,
        };
        let ending = match format {
            Format::Sse => "sse",
            Format::Json => "json",
        };
        let mut name = format!("{stem}.{ending}");
        let mut times = 1;
        while !self.0.insert(name.clone()) {
            times += 1;
            name = format!("{stem}~{times}.{ending}");
        }
        name
    }
}
