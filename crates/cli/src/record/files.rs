//! The two files of a recording.

use std::{
    fs::{self, File},
    io::Write,
    path::Path,
    time::Duration,
};

use crate::{failure::Failure, output::create, times};

/// The two files of a recording.
pub(super) struct Files<'p> {
    path: &'p Path,
    bytes: File,
    times: File,
    is_new: bool,
}

impl<'p> Files<'p> {
    /// Opens both, and changes neither yet.
    pub(super) fn open(path: &'p Path, force: bool) -> Result<Self, Failure> {
        if path == Path::new("-") {
            let why = "is standard output, where all goes anyway, expected a file's name";
            return Err(Failure::file(path, why));
        }
        let beside = times::beside(path);
        if path
            .extension()
            .is_some_and(|extension| extension == "times")
        {
            let why = "is where the times would go, expected another name, such as NAME.sse";
            return Err(Failure::file(path, why));
        }
        let bytes = create(path, force)?;
        let times = create(&beside, force).inspect_err(|_| {
            if !force {
                let _ = fs::remove_file(path);
            }
        })?;
        Ok(Self {
            path,
            bytes,
            times,
            is_new: !force,
        })
    }

    /// Whether no byte was kept, as far as can be told.
    pub(super) fn is_empty(&self) -> bool {
        self.bytes.metadata().is_ok_and(|data| data.len() == 0)
    }

    /// Nothing is recorded: what was made for it goes.
    pub(super) fn discard(self) {
        if self.is_new {
            let _ = fs::remove_file(self.path);
            let _ = fs::remove_file(times::beside(self.path));
        }
    }

    pub(super) fn begin(mut self) -> Result<Self, Failure> {
        for file in [&self.bytes, &self.times] {
            file.set_len(0)
                .map_err(|error| Failure::file(self.path, error))?;
        }
        self.write_time(&times::REMARK)?;
        Ok(self)
    }

    pub(super) fn write(&mut self, at: Duration, read: &[u8]) -> Result<(), Failure> {
        let written = self.bytes.write_all(read);
        written.map_err(|error| Failure::file(self.path, error))?;
        let len = read.len();
        self.write_time(&times::Read { at, len })
    }

    /// A line at once, so that none is there in part.
    fn write_time(&mut self, line: &impl ToString) -> Result<(), Failure> {
        let line = line.to_string() + "\n";
        let written = self.times.write_all(line.as_bytes());
        written.map_err(|error| Failure::file(times::beside(self.path), error))
    }
}
