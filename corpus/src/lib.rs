//! Recorded streams, and the ways to cut them up.
//!
//! Tests, benches and fuzz targets read the same recordings: those beside this
//! crate, and tests and benches any that the directory in `DELTAIC_RECORDINGS` holds.

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

/// The recordings of this repository, the streams made by hand, and the
/// recordings below the directory that `DELTAIC_RECORDINGS` names, if that is set.
///
/// A relative name starts at the root of the repository: tests run in the
/// directory of their crate, which nobody has in mind who sets it.
///
/// # Panics
///
/// If a recording cannot be read, or the directory holds none.
#[must_use]
pub fn recordings() -> Vec<Recording> {
    let mut all = own();
    all.extend(made());
    all.extend(yours());
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

/// The streams made by hand: `dialects/…` and `regress/…`.
///
/// # Panics
///
/// If one cannot be read.
#[must_use]
pub fn made() -> Vec<Recording> {
    let mut all = Vec::new();
    for folder in ["dialects", "regress"] {
        let below = below(&directory().join(folder)).into_iter();
        all.extend(below.map(|recording| Recording {
            name: format!("{folder}/{}", recording.name),
            ..recording
        }));
    }
    all
}

/// The recordings below the directory that `DELTAIC_RECORDINGS` names, if that is set.
///
/// # Panics
///
/// If one cannot be read, or the directory holds none.
#[must_use]
pub fn yours() -> Vec<Recording> {
    let name = env::var_os("DELTAIC_RECORDINGS").filter(|name| !name.is_empty());
    name.map_or_else(Vec::new, |name| more(Path::new(&name)))
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

/// The recordings below a directory that somebody named: one that holds none
/// was not meant.
fn more(name: &Path) -> Vec<Recording> {
    let root = directory().join("..").join(name);
    let found = below(&root);
    assert!(!found.is_empty(), "no recordings in {}", root.display());
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relative_directory_starts_at_the_root_of_the_repository() {
        let names = |all: Vec<Recording>| all.into_iter().map(|one| one.name).collect::<Vec<_>>();
        let expected = names(own());
        assert_eq!(names(more(Path::new("corpus/recordings"))), expected);
        assert_eq!(names(more(&directory().join("recordings"))), expected);
    }

    #[test]
    #[should_panic(expected = "no recordings in")]
    fn a_directory_without_recordings_is_refused() {
        more(Path::new("corpus/src"));
    }

    #[test]
    #[should_panic(expected = "no recordings in")]
    fn a_directory_that_is_not_there_is_refused() {
        more(Path::new("corpus/nowhere"));
    }
}
