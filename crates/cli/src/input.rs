//! Streams from files and from standard input, read by read.

use std::{
    fs::{self, File},
    io::{self, Cursor, ErrorKind, Read},
    num::NonZeroUsize,
    path::{Path, PathBuf},
};

use crate::{failure::Failure, sources::Stream};

/// A stream that is being read.
pub(crate) struct Input {
    path: PathBuf,
    from: Box<dyn Read + Send>,
    /// Bytes come as somebody sends them, not as fast as a disk can.
    pub(crate) is_live: bool,
    buffer: Vec<u8>,
}

impl Input {
    /// Opens a file; `-` is standard input. With `reads`, it comes in reads of so
    /// many bytes, up to 16 MiB.
    pub(crate) fn open(path: &Path, reads: Option<NonZeroUsize>) -> Result<Self, Failure> {
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
            path: path.to_owned(),
            from: Box::new(file),
            is_live: !metadata.is_file(),
            buffer: buffer(reads),
        })
    }

    /// A stream that was found elsewhere.
    pub(crate) fn of((name, bytes): Stream, reads: Option<NonZeroUsize>) -> Self {
        Self {
            path: name,
            from: Box::new(Cursor::new(bytes)),
            is_live: false,
            buffer: buffer(reads),
        }
    }

    /// What somebody sends, under a name for where it fails.
    pub(crate) fn live(
        name: &str,
        from: impl Read + Send + 'static,
        reads: Option<NonZeroUsize>,
    ) -> Self {
        Self {
            path: name.into(),
            from: Box::new(from),
            is_live: true,
            buffer: buffer(reads),
        }
    }

    /// What the stream is called.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The next read; empty at the end.
    pub(crate) fn read(&mut self) -> Result<&[u8], Failure> {
        loop {
            match self.from.read(&mut self.buffer) {
                Ok(len) => return Ok(self.buffer.get(..len).unwrap_or_default()),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(Failure::file(&self.path, error)),
            }
        }
    }
}

/// All of a file; `-` is standard input.
pub(crate) fn read_all(path: &Path) -> Result<Vec<u8>, Failure> {
    let mut all = Vec::new();
    let read = if path == Path::new("-") {
        io::stdin().lock().read_to_end(&mut all).map(|_| all)
    } else {
        fs::read(path)
    };
    read.map_err(|error| Failure::file(path, error))
}

fn buffer(reads: Option<NonZeroUsize>) -> Vec<u8> {
    vec![0; reads.map_or(16 << 10, |len| len.get().min(16 << 20))]
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
