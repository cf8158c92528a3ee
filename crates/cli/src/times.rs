//! When each read of a recording came: kept beside it.
//!
//! `NAME.times` beside `NAME.sse`, and beside any `NAME` that ends otherwise, has a line for each read, in order: microseconds since
//! the recording began, a space, how many bytes came. Its last line, with no bytes, tells
//! when the stream ended. Lines that begin with `#` are remarks.

use std::{
    fmt, fs,
    io::ErrorKind,
    path::{Path, PathBuf},
    time::Duration,
};

use crate::failure::Failure;

/// A read: when it came, and how long it is. None is empty but that of the end.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Read {
    pub(crate) at: Duration,
    pub(crate) len: usize,
}

impl fmt::Display for Read {
    /// The line of a read, without its end.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.at.as_micros(), self.len)
    }
}

/// The first line of what is written down.
pub(crate) const REMARK: &str = "# microseconds since it began, bytes that came then";

/// Where the times of a recording are kept.
pub(crate) fn beside(recording: &Path) -> PathBuf {
    let extension = recording.extension();
    if extension.is_some_and(|extension| extension.eq_ignore_ascii_case("sse")) {
        return recording.with_extension("times");
    }
    // Another ending may be all that tells two recordings apart.
    let mut name = recording.as_os_str().to_owned();
    name.push(".times");
    name.into()
}

/// The reads of a recording of `len` bytes; `None` if no times are kept beside it.
///
/// # Errors
///
/// Where they are not those of this recording.
pub(crate) fn load(recording: &Path, len: usize) -> Result<Option<Vec<Read>>, Failure> {
    if recording == Path::new("-") {
        return Ok(None);
    }
    let path = beside(recording);
    match fs::read_to_string(&path) {
        Ok(text) => match parse(&text, len) {
            Ok(reads) => Ok(Some(reads)),
            Err(why) => Err(Failure::file(path, why)),
        },
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::file(path, error)),
    }
}

fn parse(text: &str, len: usize) -> Result<Vec<Read>, String> {
    let mut reads: Vec<Read> = Vec::new();
    let lines = text.lines().enumerate();
    for (number, line) in lines.filter(|(_, line)| !line.starts_with('#')) {
        let wrong = |why: &str| format!("line {}: {why}", number + 1);
        let read = parse_line(line).ok_or_else(|| wrong("expected MICROSECONDS BYTES"))?;
        if let Some(last) = reads.last() {
            if last.len == 0 {
                return Err(wrong("expected nothing behind the end"));
            }
            if read.at < last.at {
                return Err(wrong("expected a time not before that of the line above"));
            }
        }
        reads.push(read);
    }
    let all = reads
        .iter()
        .try_fold(0_usize, |sum, read| sum.checked_add(read.len));
    match all {
        Some(all) if all == len => Ok(reads),
        Some(all) => Err(format!(
            "has reads of {all} bytes, expected {len} as the recording has"
        )),
        None => Err("has reads of more bytes than can be".into()),
    }
}

fn parse_line(line: &str) -> Option<Read> {
    let (at, len) = line.split_once(' ')?;
    Some(Read {
        at: Duration::from_micros(at.parse().ok()?),
        len: len.parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let read = |at, len| Read {
            at: Duration::from_micros(at),
            len,
        };
        let reads = [read(12, 3), read(12, 4), read(5_000_000, 0)];
        let lines = reads.iter().map(|read| format!("{read}\n"));
        let text = format!("{REMARK}\n{}", lines.collect::<String>());
        assert_eq!(parse(&text, 7), Ok(reads.to_vec()));
    }

    #[test]
    fn times_of_another_recording_are_an_error() {
        for (text, why) in [
            (
                "1 2\n",
                "has reads of 2 bytes, expected 7 as the recording has",
            ),
            (
                "2 3\n1 4\n",
                "line 2: expected a time not before that of the line above",
            ),
            ("1 0\n1 7\n", "line 2: expected nothing behind the end"),
            ("# \n3\n", "line 2: expected MICROSECONDS BYTES"),
            ("1 -7\n", "line 1: expected MICROSECONDS BYTES"),
        ] {
            assert_eq!(parse(text, 7), Err(why.into()), "{text}");
        }
    }
}
