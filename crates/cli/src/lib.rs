//! What the `deltaic` command is made of.
//!
//! It is a library so that the readers of cassettes, which take any file that
//! somebody has, can be fuzzed. Nothing here is promised to stay.

mod args;
mod bench;
pub mod cassette;
mod check;
mod clock;
mod convert;
mod cut;
mod demo;
mod diff;
mod events;
mod failure;
mod input;
mod min;
mod output;
mod place;
mod progress;
mod read;
mod record;
mod render;
mod replay;
mod report;
mod shell;
mod sources;
mod terminal;
mod times;
mod usage;
mod view;

use std::{
    io::{self, ErrorKind, IsTerminal, Write},
    process::ExitCode,
};

use args::{Args, Command};
use clap::CommandFactory;
use failure::Failure;

/// How a command ends, if nothing failed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Verdict {
    /// The streams are complete, nothing was found.
    Fine,
    /// A stream is not complete, or something was found.
    NotFine,
    /// A file could not be read; the others were.
    Unreadable,
}

impl Verdict {
    fn fine_if(is_fine: bool) -> Self {
        if is_fine { Self::Fine } else { Self::NotFine }
    }

    /// The worse of the two.
    fn and(self, other: Self) -> Self {
        if (self as u8) < (other as u8) {
            other
        } else {
            self
        }
    }
}

impl From<Verdict> for ExitCode {
    fn from(verdict: Verdict) -> Self {
        Self::from(verdict as u8)
    }
}

/// Runs the command with the arguments of the process, and tells its exit code.
#[must_use]
pub fn main() -> ExitCode {
    match run(Args::parse_all()) {
        Ok(verdict) => verdict.into(),
        // Whoever reads our output has seen enough. What they have not seen may be bad.
        Err(Failure::Output(error)) if error.kind() == ErrorKind::BrokenPipe => CLOSED.into(),
        Err(failure) => {
            // Where stderr is closed too, nobody is left to tell.
            let _ = writeln!(io::stderr(), "deltaic: {failure}");
            Verdict::Unreadable.into()
        }
    }
}

/// As a shell has it of a program that ends by SIGPIPE: 128, and the number of the signal.
const CLOSED: u8 = 141;

fn run(args: Args) -> Result<Verdict, Failure> {
    let Some(command) = args.command else {
        if io::stdin().is_terminal() {
            Args::command().print_help().map_err(Failure::Output)?;
            return Ok(Verdict::Fine);
        }
        return read::run(&read::Options::with(args.reads));
    };
    match command {
        Command::Bench(options) => bench::run(&options),
        Command::Check(options) => check::run(&options),
        Command::Completions(options) => options.run(),
        Command::Convert(options) => convert::run(&options),
        Command::Demo => demo::run(),
        Command::Diff(options) => diff::run(&options),
        Command::Events(options) => events::run(&options),
        Command::Man(options) => options.run(),
        Command::Min(options) => min::run(&options),
        Command::Read(options) => read::run(&options),
        Command::Record(options) => record::run(&options),
        Command::Replay(options) => replay::run(&options),
        Command::Usage(options) => usage::run(&options),
        Command::View(options) => view::run(&options),
    }
}
