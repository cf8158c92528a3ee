//! Streams from files and from standard input, read by read.

use std::{
    fs::File,
    io::{self, ErrorKind, Read, Write},
    num::NonZeroUsize,
    path::{Path, PathBuf},
};

use crate::{Verdict, failure::Failure};

/// A stream that is being read.
pub(crate) struct Input<'p> {
    path: &'p Path,
    file: File,
    /// Bytes come as somebody sends them, not as fast as a disk can.
    pub(crate) is_live: bool,
    buffer: Vec<u8>,
}

impl<'p> Input<'p> {
    /// Opens a file; `-` is standard input. With `reads`, it comes in reads of so
    /// many bytes, up to 16 MiB.
    pub(crate) fn open(path: &'p Path, reads: Option<NonZeroUsize>) -> Result<Self, Failure> {
        let failed = |error: io::Error| Failure::file(path, error);
        let file = if path == Path::new("-") {
            standard_input().map_err(failed)?
        } else {
            File::open(path).map_err(failed)?
        };
        let metadata = file.metadata().map_err(failed)?;
        if metadata.is_dir() {
            return Err(Failure::file(path, "is a directory, expected a stream"));
        }
        Ok(Self {
            path,
            file,
            is_live: !metadata.is_file(),
            buffer: vec![0; reads.map_or(16 << 10, |len| len.get().min(16 << 20))],
        })
    }

    /// The next read; empty at the end.
    pub(crate) fn read(&mut self) -> Result<&[u8], Failure> {
        loop {
            match self.file.read(&mut self.buffer) {
                Ok(len) => return Ok(self.buffer.get(..len).unwrap_or_default()),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(Failure::file(self.path, error)),
            }
        }
    }

    /// All that is left of it.
    pub(crate) fn read_all(mut self) -> Result<Vec<u8>, Failure> {
        let mut all = Vec::new();
        let read = self.file.read_to_end(&mut all);
        read.map_err(|error| Failure::file(self.path, error))?;
        Ok(all)
    }
}

/// Does `work` with the whole of each file; names those that cannot be read, and goes
/// on.
pub(crate) fn each_whole(
    paths: &[PathBuf],
    mut work: impl FnMut(&Path, &[u8]) -> Result<Verdict, Failure>,
) -> Result<Verdict, Failure> {
    let mut verdict = Verdict::Fine;
    for path in paths {
        let whole = Input::open(path, None).and_then(Input::read_all);
        match whole.and_then(|bytes| work(path, &bytes)) {
            Ok(found) => verdict = verdict.and(found),
            Err(failure @ Failure::File(..)) => {
                writeln!(io::stderr(), "deltaic: {failure}")?;
                verdict = verdict.and(Verdict::Unreadable);
            }
            Err(failure) => return Err(failure),
        }
    }
    Ok(verdict)
}

/// Without a buffer of our own, so that bytes are seen when they come.
#[cfg(unix)]
fn standard_input() -> io::Result<File> {
    use std::os::fd::AsFd;
    Ok(File::from(io::stdin().as_fd().try_clone_to_owned()?))
}

#[cfg(windows)]
fn standard_input() -> io::Result<File> {
    use std::os::windows::io::AsHandle;
    Ok(File::from(io::stdin().as_handle().try_clone_to_owned()?))
}
