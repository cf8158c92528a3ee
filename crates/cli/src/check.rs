//! `deltaic check`: what is odd in streams.

use std::{
    io::{self, IsTerminal, Write},
    num::NonZeroUsize,
    path::Path,
};

use deltaic::{Reader, Report};

use crate::{
    Verdict, args,
    failure::Failure,
    input::each_whole,
    report::{counted, summary},
};

pub(crate) fn run(command: &args::Check, reads: Option<NonZeroUsize>) -> Result<Verdict, Failure> {
    each_whole(&command.files, |path, bytes| {
        let report = match reads {
            None => read([bytes]),
            Some(len) => read(bytes.chunks(len.get())),
        };
        let verdict = tell(path, &report)?;
        if command.cuts {
            return Ok(verdict.and(check_cuts(path, bytes, &report)?));
        }
        Ok(verdict)
    })
}

/// Reads a stream that comes in these reads.
pub(crate) fn read<'r>(reads: impl IntoIterator<Item = &'r [u8]>) -> Report {
    let mut reader = Reader::new();
    for mut read in reads {
        while reader.next(&mut read).is_some() {}
    }
    reader.into_report()
}

fn tell(path: &Path, report: &Report) -> Result<Verdict, Failure> {
    let mut out = io::stdout().lock();
    let path = path.display();
    for finding in report.findings.as_slice() {
        let (kind, offset) = (finding.kind, finding.offset);
        writeln!(
            out,
            "{path}:{offset}: {kind}: {}",
            finding.detail.escape_debug()
        )?;
    }
    let omitted = report.findings.omitted();
    if omitted > 0 {
        writeln!(out, "{path}: and {}", counted(omitted, "more finding"))?;
    }
    writeln!(out, "{path}: {}", summary(report))?;
    let is_fine = report.outcome.is_complete() && report.findings.as_slice().is_empty();
    Ok(if is_fine {
        Verdict::Fine
    } else {
        Verdict::NotFine
    })
}

/// Reads the stream cut in two at every byte, and byte by byte.
fn check_cuts(path: &Path, bytes: &[u8], whole: &Report) -> Result<Verdict, Failure> {
    let mut different = Vec::new();
    let progress = Progress::new(bytes.len());
    for cut in 0..=bytes.len() {
        let (a, b) = bytes.split_at(cut);
        if read([a, b]) != *whole {
            different.push(format!("cut at byte {cut}"));
        }
        progress.tell(cut)?;
    }
    progress.clear()?;
    if read(bytes.chunks(1)) != *whole {
        different.push("read byte by byte".into());
    }
    let mut out = io::stdout().lock();
    let path = path.display();
    for how in &different {
        writeln!(out, "{path}: {how}, it reads differently")?;
    }
    if different.is_empty() {
        let cuts = counted(bytes.len() as u64 + 1, "cut");
        writeln!(out, "{path}: {cuts} and byte by byte, one result")?;
        return Ok(Verdict::Fine);
    }
    Ok(Verdict::NotFine)
}

/// How far a long check has come, on a terminal.
struct Progress {
    all: usize,
    is_shown: bool,
}

impl Progress {
    fn new(all: usize) -> Self {
        let is_shown = io::stderr().is_terminal() && all > 20_000;
        Self { all, is_shown }
    }

    fn tell(&self, done: usize) -> io::Result<()> {
        if self.is_shown && done.is_multiple_of(1_000) {
            write!(io::stderr(), "\r{done} of {} cuts", self.all)?;
        }
        Ok(())
    }

    fn clear(&self) -> io::Result<()> {
        if self.is_shown {
            write!(io::stderr(), "\r\x1b[K")?;
        }
        Ok(())
    }
}
