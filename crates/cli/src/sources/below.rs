//! What lies below a directory: streams, cassettes, and what is neither.

use std::{
    fs,
    io::{self, ErrorKind},
    iter, mem,
    path::{Path, PathBuf},
};

use walkdir::{DirEntry, WalkDir};

use super::Source;
use crate::{cassette, failure::Failure, terminal};

/// The sources below a directory, in the order of their names; links are followed.
///
/// `tell` is told of the files that are none, where others are.
pub(super) fn below<'p>(
    directory: &'p Path,
    tell: &'p dyn Fn(String),
) -> impl Iterator<Item = Result<Source, Failure>> + 'p {
    let entries = WalkDir::new(directory).follow_links(true);
    let mut entries = entries.sort_by_file_name().into_iter();
    let (mut passed_over, mut has_some) = (0, false);
    let mut sources = iter::from_fn(move || {
        for entry in entries.by_ref() {
            match look_at(directory, entry) {
                Ok(Seen::Source(path)) => {
                    has_some = true;
                    return Some(Ok(Source::found(path)));
                }
                Ok(Seen::Other) => passed_over += 1,
                Ok(Seen::Nothing) => {}
                Err(failure) => return Some(Err(failure)),
            }
        }
        let passed_over = mem::take(&mut passed_over);
        if has_some && passed_over > 0 {
            tell(others(directory, passed_over));
        }
        None
    });
    let first = sources.next();
    let first =
        first.unwrap_or_else(|| Err(Failure::file(directory, "holds no stream or cassette")));
    iter::once(first).chain(sources)
}

fn others(directory: &Path, number: usize) -> String {
    let directory = terminal::path(directory);
    let (files, were) = match number {
        1 => ("1 file is".into(), "was"),
        _ => (format!("{number} files are"), "were"),
    };
    format!("{directory}: {files} neither .sse nor cassettes and {were} passed over")
}

/// What an entry of a directory is.
enum Seen {
    /// A stream or a cassette.
    Source(PathBuf),
    /// A file that somebody may have taken for one.
    Other,
    /// A directory, or a file that is no news.
    Nothing,
}

fn look_at(directory: &Path, entry: walkdir::Result<DirEntry>) -> Result<Seen, Failure> {
    let error = match entry {
        Ok(entry) if entry.file_type().is_dir() => return Ok(Seen::Nothing),
        Ok(entry) => return look_at_file(entry.into_path()),
        Err(error) => error,
    };
    let path = error.path().unwrap_or(directory);
    // It leads back to a directory that is being looked at.
    if error.loop_ancestor().is_some() {
        return Ok(Seen::Nothing);
    }
    let why = error
        .io_error()
        .map_or_else(|| error.to_string(), ToString::to_string);
    let leads_nowhere = error.io_error().map(io::Error::kind) == Some(ErrorKind::NotFound)
        && path.is_symlink()
        && !may_be_one(path);
    if leads_nowhere {
        return Ok(Seen::Other);
    }
    Err(Failure::file(path, why))
}

fn look_at_file(path: PathBuf) -> Result<Seen, Failure> {
    match is_one(&path) {
        Ok(true) => Ok(Seen::Source(path)),
        Ok(false) if is_companion(&path) => Ok(Seen::Nothing),
        Ok(false) => Ok(Seen::Other),
        Err(error) => Err(Failure::file(path, error)),
    }
}

/// Whether it is a stream by its name, or a cassette by its name and what it holds.
fn is_one(path: &Path) -> io::Result<bool> {
    Ok(may_be_one(path)
        && path.is_file()
        && (is_stream(path) || cassette::is_one(path, &fs::read(path)?)))
}

fn may_be_one(path: &Path) -> bool {
    is_stream(path) || cassette::may_be_one(path)
}

fn is_stream(path: &Path) -> bool {
    let extension = path.extension();
    extension.is_some_and(|extension| extension.eq_ignore_ascii_case("sse"))
}

/// What lies beside streams, as this command and others leave it; and what hides.
fn is_companion(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let name = name.to_lowercase();
    let endings = [".times", ".html", ".expected.json"];
    name.starts_with('.') || endings.iter().any(|ending| name.ends_with(ending))
}
