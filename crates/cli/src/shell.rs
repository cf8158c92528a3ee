//! What a shell and `man` are told of the command.

use std::{
    fs,
    io::{self, Write},
    path::PathBuf,
};

use clap::CommandFactory;
use clap_complete::Shell;

use crate::{Verdict, args::Args, failure::Failure};

/// Prints what completes the command's arguments in a shell.
#[derive(Debug, clap::Args)]
#[command(after_help = COMPLETIONS)]
pub(crate) struct Completions {
    shell: Shell,
}

const COMPLETIONS: &str = "\
Examples:
  deltaic completions bash > ~/.local/share/bash-completion/completions/deltaic
  deltaic completions zsh > \"${fpath[1]}/_deltaic\"
  deltaic completions fish > ~/.config/fish/completions/deltaic.fish";

/// Prints the manual page; with -o, writes it and one for each command.
#[derive(Debug, clap::Args)]
#[command(after_help = MAN)]
pub(crate) struct Man {
    /// Where to write `deltaic.1`, `deltaic-read.1` …
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
}

const MAN: &str = "\
Examples:
  deltaic man | man -l -
  deltaic man -o ~/.local/share/man/man1";

impl Completions {
    pub(crate) fn run(&self) -> Result<Verdict, Failure> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Args::command(), "deltaic", &mut script);
        io::stdout().write_all(&script)?;
        Ok(Verdict::Fine)
    }
}

impl Man {
    pub(crate) fn run(&self) -> Result<Verdict, Failure> {
        let Some(directory) = &self.output else {
            let mut page = Vec::new();
            clap_mangen::Man::new(Args::command()).render(&mut page)?;
            io::stdout().write_all(&page)?;
            return Ok(Verdict::Fine);
        };
        let failed = |error| Failure::file(directory, error);
        fs::create_dir_all(directory).map_err(failed)?;
        clap_mangen::generate_to(Args::command(), directory).map_err(failed)?;
        Ok(Verdict::Fine)
    }
}
