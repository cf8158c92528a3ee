//! Where bytes go: standard output as they come, and files that are not written over.

use std::{
    fs::{self, File},
    io::{self, ErrorKind, Write},
    path::Path,
};

use crate::failure::Failure;

/// A file to write, where none is, or any if that is forced: its bytes are still there.
pub(crate) fn create(path: &Path, force: bool) -> Result<File, Failure> {
    let mut options = File::options();
    options.write(true).create(force).create_new(!force);
    options.open(path).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => exists(path),
        _ => Failure::file(path, error),
    })
}

/// Fails where [`write`] would replace a file, before there is work for nothing.
pub(crate) fn check(path: &Path, force: bool) -> Result<(), Failure> {
    if !force && fs::symlink_metadata(path).is_ok() && !is_a_device(path) {
        return Err(exists(path));
    }
    Ok(())
}

/// Writes all of a file, as [`create`] has it. What is no file, such as a pipe, loses nothing.
pub(crate) fn write(path: &Path, bytes: &[u8], force: bool) -> Result<(), Failure> {
    let failed = |error| Failure::file(path, error);
    if is_a_device(path) {
        return fs::write(path, bytes).map_err(failed);
    }
    let mut file = create(path, force)?;
    file.set_len(0)
        .and_then(|()| file.write_all(bytes))
        .map_err(failed)
}

fn is_a_device(path: &Path) -> bool {
    path.metadata()
        .is_ok_and(|data| !data.is_file() && !data.is_dir())
}

fn exists(path: &Path) -> Failure {
    Failure::file(path, "exists, expected a new file, or --force")
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
