//! What can go wrong, in one line each.

use std::{error, fmt, io, path::PathBuf};

use crate::terminal;

/// Why a command cannot go on.
#[derive(Debug)]
pub(crate) enum Failure {
    /// A file, and why it is of no use.
    File(PathBuf, String),
    /// Nobody takes our output.
    Output(io::Error),
}

impl Failure {
    pub(crate) fn file(path: impl Into<PathBuf>, why: impl fmt::Display) -> Self {
        // A reader's error may have several lines; ours have one.
        let why = why.to_string();
        let words: Vec<&str> = why.split_whitespace().collect();
        Self::File(path.into(), words.join(" "))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path, why) => write!(
                f,
                "{}: {}",
                terminal::path(path),
                terminal::in_one_line(why)
            ),
            Self::Output(error) => write!(f, "cannot write the output: {error}"),
        }
    }
}

impl error::Error for Failure {}

impl From<io::Error> for Failure {
    /// Of writing: what is read has its file's name.
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}
