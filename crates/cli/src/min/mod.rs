//! `deltaic min`: the smallest stream that still shows what another shows.

mod goal;
mod json;
mod search;
mod smallest;

use std::{
    io::{self, IsTerminal, Write},
    path::PathBuf,
};

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use deltaic::FindingKind;

use crate::{
    Verdict,
    check::read,
    failure::Failure,
    output,
    report::counted,
    sources::{self, Source},
    terminal,
};
use goal::Goal;
use search::Search;

/// Makes a stream smaller for as long as it shows what it shows, to tell of an oddity in
/// a few lines, or to test for it.
///
/// What is left out are events, lines, members and elements of JSON, characters and
/// bytes, until nothing more can be. Findings that the stream did not have never come in, and
/// where it ended with an event, so does what is left.
#[derive(Debug, clap::Args)]
#[command(after_help = MIN)]
pub(crate) struct Options {
    /// The stream; `-` is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// Where to write it, instead of standard output; a terminal gets none that it may obey
    #[arg(short, long, value_name = "OUT")]
    output: Option<PathBuf>,

    /// Replace the file if it is there
    #[arg(long)]
    force: bool,

    /// A finding that it must show; without this and --outcome, all that it has, and its outcome
    #[arg(long, value_name = "KIND", value_parser = kind())]
    finding: Vec<FindingKind>,

    /// The outcome that it must have
    #[arg(long, value_name = "NAME", value_parser = OUTCOMES)]
    outcome: Option<String>,
}

const MIN: &str = "\
How far it came is told on stderr: `12,345 → 210 bytes, 3 events`.

Examples:
  deltaic check saved.sse                            what is there to show
  deltaic min saved.sse                              all of it, in as little as can be
  deltaic min --finding usage_changed saved.sse      one kind of finding
  deltaic min --outcome failed -o small.sse saved.sse

Exit status:
  0  the smallest stream is written
  1  the stream does not show it
  2  wrong usage, a file that cannot be read or written, or one that exists";

const OUTCOMES: [&str; 5] = ["done", "finished", "truncated", "failed", "empty"];

/// A finding by its name. The help tells what each means.
fn kind() -> impl TypedValueParser<Value = FindingKind> {
    let kinds = FindingKind::ALL.iter();
    PossibleValuesParser::new(
        kinds.map(|kind| PossibleValue::new(kind.name()).help(kind.meaning())),
    )
    .map(|name| {
        let mut kinds = FindingKind::ALL.iter().copied();
        let kind = kinds.find(|kind| kind.name() == name);
        kind.expect("it is one of the possible values")
    })
}

pub(crate) fn run(options: &Options) -> Result<Verdict, Failure> {
    if let Some(output) = &options.output {
        sources::keep(&options.file, output)?;
        output::check(output, options.force)?;
    }
    let (_, bytes) = Source::load_one(&options.file)?;
    let goal = match Goal::new(options, &bytes) {
        Ok(goal) => goal,
        Err(why) => {
            let failure = Failure::file(&options.file, why);
            writeln!(io::stderr(), "deltaic: {failure}")?;
            return Ok(Verdict::NotFine);
        }
    };
    let before = bytes.len();
    let mut search = Search::new(goal, bytes);
    let is_smallest = search.run();
    let smallest = search.best();
    match &options.output {
        Some(path) => output::write(path, smallest, options.force)?,
        None if io::stdout().is_terminal() && terminal::may_command(smallest) => {
            let why = "has bytes that a terminal may obey, expected -o FILE";
            return Err(Failure::file(&options.file, why));
        }
        None => io::stdout().write_all(smallest)?,
    }
    let told = how_far(before, smallest, is_smallest);
    writeln!(io::stderr(), "{told}")?;
    Ok(Verdict::Fine)
}

fn how_far(before: usize, smallest: &[u8], is_smallest: bool) -> String {
    let (before, after) = (thousands(before), thousands(smallest.len()));
    let events = counted(read([smallest]).stats.events, "event");
    let rest = if is_smallest {
        ""
    } else {
        "; there may be less, given up"
    };
    let ending = if smallest.len() == 1 { "" } else { "s" };
    format!("{before} → {after} byte{ending}, {events}{rest}")
}

/// With a comma before each three digits.
fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_have_commas() {
        for (number, expected) in [
            (0, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (1_234_567, "1,234,567"),
        ] {
            assert_eq!(thousands(number), expected);
        }
    }

    #[test]
    fn it_is_told_that_there_may_be_less() {
        let smallest = b"data: {}\n\n";
        assert_eq!(how_far(1_000, smallest, true), "1,000 → 10 bytes, 1 event");
        assert_eq!(
            how_far(1_000, smallest, false),
            "1,000 → 10 bytes, 1 event; there may be less, given up"
        );
    }
}
