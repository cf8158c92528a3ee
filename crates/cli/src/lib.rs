//! What the `deltaic` command is made of.
//!
//! It is a library so that the readers of cassettes, which take any file that
//! somebody has, can be fuzzed. Nothing here is promised to stay.

mod args;
mod bench;
mod check;
pub mod convert;
mod demo;
mod events;
mod failure;
mod input;
mod read;
mod render;
mod report;
mod terminal;

use std::{
    io::{self, ErrorKind, IsTerminal, Write},
    process::ExitCode,
};

use args::{Args, Command};
use clap::{CommandFactory, Parser};
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
    match run(Args::parse()) {
        Ok(verdict) => verdict.into(),
        // Whoever reads our output has seen enough.
        Err(Failure::Output(error)) if error.kind() == ErrorKind::BrokenPipe => {
            Verdict::Fine.into()
        }
        Err(failure) => {
            // Where stderr is closed too, nobody is left to tell.
            let _ = writeln!(io::stderr(), "deltaic: {failure}");
            Verdict::Unreadable.into()
        }
    }
}

fn run(args: Args) -> Result<Verdict, Failure> {
    let Some(command) = args.command else {
        if io::stdin().is_terminal() {
            Args::command().print_help().map_err(Failure::Output)?;
            return Ok(Verdict::Fine);
        }
        return read::run(&args::Read::default(), args.reads);
    };
    match command {
        Command::Bench(command) => bench::run(&command, args.reads),
        Command::Check(command) => check::run(&command, args.reads),
        Command::Convert(command) => convert::run(&command),
        Command::Demo => demo::run(),
        Command::Events(command) => events::run(&command, args.reads),
        Command::Read(command) => read::run(&command, args.reads),
    }
}
