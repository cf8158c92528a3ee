//! Recorded streams, and the ways to cut them up.
//!
//! Tests, benches and fuzz targets read the same recordings: those beside this
//! crate, and any that the directory in `DELTAIC_RECORDINGS` holds.

pub mod cut;
pub mod streams;

use std::{
    env, fs,
    path::{Path, PathBuf},
};

/// A stream as a server sent it.
#[derive(Clone, Debug)]
pub struct Recording {
    /// Its path below the directory that it was found in, without `.sse`.
    pub name: String,
    /// The body of the response.
    pub bytes: Vec<u8>,
    /// What it spells out, as JSON text, where that was written down beside it.
    pub expected: Option<String>,
}

/// The recordings of this repository, and those below `DELTAIC_RECORDINGS` if
/// that is set.
///
/// # Panics
///
/// If a recording cannot be read, or the directory does not exist.
#[must_use]
pub fn recordings() -> Vec<Recording> {
    let mut all = own();
    if let Some(more) = env::var_os("DELTAIC_RECORDINGS").filter(|path| !path.is_empty()) {
        all.extend(below(Path::new(&more)));
    }
    all
}

/// The recordings of this repository.
///
/// # Panics
///
/// If one cannot be read.
#[must_use]
pub fn own() -> Vec<Recording> {
    below(&directory().join("recordings"))
}

/// Where the corpus lies.
#[must_use]
pub fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).into()
}

/// All recordings below `root`, by name.
///
/// # Panics
///
/// If one cannot be read.
#[must_use]
pub fn below(root: &Path) -> Vec<Recording> {
    let mut found = Vec::new();
    let mut left = vec![root.to_owned()];
    while let Some(directory) = left.pop() {
        for path in entries(&directory) {
            if path.is_dir() {
                left.push(path);
            } else if path.extension().is_some_and(|ending| ending == "sse") {
                found.push(read(root, &path));
            }
        }
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found
}

fn entries(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory)
        .unwrap_or_else(|error| panic!("no recordings in {}: {error}", directory.display()));
    entries
        .map(|entry| entry.expect("a directory entry is readable").path())
        .collect()
}

fn read(root: &Path, path: &Path) -> Recording {
    let name = path.strip_prefix(root).unwrap_or(path).with_extension("");
    Recording {
        name: name.to_string_lossy().into_owned(),
        bytes: fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display())),
        expected: fs::read_to_string(path.with_extension("expected.json")).ok(),
    }
}

/// The stream with other line ends: each LF becomes `end`.
#[must_use]
pub fn with_line_ends(stream: &[u8], end: &str) -> Vec<u8> {
    let lines: Vec<&[u8]> = stream.split(|&byte| byte == b'\n').collect();
    lines.join(end.as_bytes())
}
