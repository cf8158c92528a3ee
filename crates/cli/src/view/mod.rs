//! `deltaic view`: a recording as a page to look at.

mod collect;
mod data;
mod lanes;
mod page;

use std::{
    io::{self, Write},
    num::NonZeroUsize,
    path::{Path, PathBuf},
};

use deltaic::Report;

use self::{collect::collect, data::View};
use crate::{
    Verdict,
    args::Reads,
    failure::Failure,
    output,
    sources::{self, Source},
    terminal,
    times::Read,
};

/// Writes a page that shows a recording event by event: when each came, what it
/// added, what stood there then, and what was odd.
///
/// Open it in any browser. It is one file that asks for no other, and nothing in
/// it can run but its own script, whatever the stream says.
#[derive(Debug, clap::Args)]
#[command(after_help = VIEW)]
pub(crate) struct Options {
    /// A recording; `-` is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// Where to write the page; `-` is standard output [default: FILE with the
    /// ending .html, or standard output if FILE is -]
    #[arg(short, long, value_name = "OUT.html")]
    output: Option<PathBuf>,

    /// Replace the file if it is there; a page of this command needs no force
    #[arg(long)]
    force: bool,

    #[command(flatten)]
    pub(crate) reads: Reads,
}

const VIEW: &str = "\
With NAME.times beside NAME.sse, the axis of the page is time and shows the reads.
Without, it is bytes: a recording does not say when they came.

On the page, arrow keys go from event to event, Home and End to the first and last.
A click on an event shows its bytes as they came.

Examples:
  deltaic view saved.sse                    writes saved.html
  deltaic view saved.sse -o - > page.html   to standard output
  curl -N … | deltaic view - -o page.html   a response that is not saved";

pub(crate) fn run(options: &Options) -> Result<Verdict, Failure> {
    let reads = options.reads.len;
    let path = &options.file;
    let output = output(options)?;
    let may_replace = options.force || page::is_one(&output);
    if output != Path::new("-") {
        output::check(&output, may_replace)?;
    }
    let ((_, bytes), times) = Source::load_one_timed(path)?;
    let (page, report) = view(path, &bytes, times.as_deref(), reads);
    if output == Path::new("-") {
        io::stdout().write_all(page.as_bytes())?;
    } else {
        output::write(&output, page.as_bytes(), may_replace)?;
        writeln!(
            io::stdout(),
            "{}: {} bytes",
            terminal::path(&output),
            page.len()
        )?;
    }
    Ok(Verdict::fine_if(report.outcome.is_complete()))
}

/// Where the page goes: never over what it shows.
fn output(options: &Options) -> Result<PathBuf, Failure> {
    let file = &options.file;
    let stdout = Path::new("-");
    let output = match &options.output {
        Some(output) => output.clone(),
        None if file == stdout => stdout.into(),
        None => file.with_extension("html"),
    };
    if file != stdout && output != stdout {
        sources::keep(file, &output)?;
    }
    Ok(output)
}

fn view(
    path: &Path,
    bytes: &[u8],
    times: Option<&[Read]>,
    reads: Option<NonZeroUsize>,
) -> (String, Report) {
    let len = reads.map_or(bytes.len().max(1), NonZeroUsize::get);
    let collected = collect(bytes, bytes.chunks(len));
    let name = match path.file_name() {
        Some(name) if path != Path::new("-") => name.to_string_lossy(),
        _ => "standard input".into(),
    };
    let page = page::write(&View::new(&name, &collected, times));
    (page, collected.report)
}
