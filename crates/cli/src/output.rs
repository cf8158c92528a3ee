//! Where bytes go: standard output as they come, and files that are not written over.

use std::{
    fs::File,
    io::{self, ErrorKind},
    path::Path,
};

use crate::failure::Failure;

/// A file to write, where none is, or any if that is forced: its bytes are still there.
pub(crate) fn create(path: &Path, force: bool) -> Result<File, Failure> {
    let mut options = File::options();
    options.write(true).create(force).create_new(!force);
    options.open(path).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => Failure::file(path, "exists, expected a new file, or --force"),
        _ => Failure::file(path, error),
    })
}

/// Without a buffer of our own: that would cut what is written behind its last line.
#[cfg(unix)]
pub(crate) fn standard_output() -> io::Result<File> {
    use std::os::fd::AsFd;
    Ok(File::from(io::stdout().as_fd().try_clone_to_owned()?))
}

#[cfg(windows)]
pub(crate) fn standard_output() -> io::Result<File> {
    use std::os::windows::io::AsHandle;
    Ok(File::from(io::stdout().as_handle().try_clone_to_owned()?))
}
