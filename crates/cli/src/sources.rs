//! Which streams are meant by paths: files, cassettes, and all below directories.

mod below;

use std::{
    fmt, fs,
    io::{self, Write},
    iter,
    path::{Path, PathBuf},
};

use crate::{Verdict, cassette, failure::Failure, input, times};
use below::below;

/// A file that was named, or lies below a directory that was.
#[derive(Debug)]
pub(crate) struct Source {
    pub(crate) path: PathBuf,
    /// Nobody has named it itself.
    is_found: bool,
}

/// A stream, and what it is called.
pub(crate) type Stream = (PathBuf, Vec<u8>);

/// A stream, and when its reads came, if that is known.
pub(crate) type Timed = (Stream, Option<Vec<times::Read>>);

/// What is read of a source.
pub(crate) enum Streams {
    /// The file is a stream itself.
    Itself,
    /// Those of a cassette: each called `PATH#1`, `PATH#2` …, if there are several.
    OfCassette(Vec<Stream>),
}

/// The sources that these paths name, those of a directory in the order of their names.
///
/// `tell` is told, once for a directory, how many files there are neither streams nor cassettes.
pub(crate) fn sources<'p>(
    paths: &'p [PathBuf],
    tell: &'p dyn Fn(String),
) -> impl Iterator<Item = Result<Source, Failure>> + 'p {
    paths.iter().flat_map(move |path| {
        // What does not exist is told of by whoever opens it.
        let sources: Box<dyn Iterator<Item = Result<Source, Failure>>> = if path.is_dir() {
            Box::new(below(path, tell))
        } else {
            Box::new(iter::once(Ok(Source::named_itself(path))))
        };
        sources
    })
}

/// Tells of it on stderr. Where that is closed, nobody is left to tell.
pub(crate) fn tell(line: impl fmt::Display) {
    let _ = writeln!(io::stderr(), "deltaic: {line}");
}

impl Source {
    pub(crate) fn named_itself(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            is_found: false,
        }
    }

    /// What lies below a directory.
    fn found(path: PathBuf) -> Self {
        Self {
            path,
            is_found: true,
        }
    }

    /// Whether it lies below a directory, and nobody has named it itself.
    pub(crate) fn is_found(&self) -> bool {
        self.is_found
    }

    /// Reads the streams, if it is a cassette.
    pub(crate) fn streams(&self) -> Result<Streams, Failure> {
        if !cassette::may_be_one(&self.path) {
            return Ok(Streams::Itself);
        }
        let failed = |why: &dyn fmt::Display| Failure::file(&self.path, why);
        let bytes = fs::read(&self.path).map_err(|error| failed(&error))?;
        // What was found has been looked at.
        if !self.is_found && !cassette::is_one(&self.path, &bytes) {
            return Ok(Streams::Itself);
        }
        match cassette::streams(bytes) {
            Ok(streams) => Ok(Streams::OfCassette(self.named(streams))),
            Err(why) => Err(failed(&why)),
        }
    }

    fn named(&self, streams: Vec<Vec<u8>>) -> Vec<Stream> {
        let are_several = streams.len() > 1;
        let name = |at: usize| {
            let mut name = self.path.clone().into_os_string();
            if are_several {
                name.push(format!("#{}", at + 1));
            }
            PathBuf::from(name)
        };
        let streams = streams.into_iter().enumerate();
        streams.map(|(at, bytes)| (name(at), bytes)).collect()
    }

    /// The stream that it is, whole: of a cassette the only one.
    pub(crate) fn load_one(path: &Path) -> Result<Stream, Failure> {
        only(path, Self::named_itself(path).load()?)
    }

    /// The stream that it is, with its times.
    pub(crate) fn load_one_timed(path: &Path) -> Result<Timed, Failure> {
        only(path, Self::named_itself(path).load_timed()?)
    }

    /// All streams, whole, and the times beside a recording: a cassette has none.
    pub(crate) fn load_timed(self) -> Result<Vec<Timed>, Failure> {
        match self.streams()? {
            Streams::OfCassette(streams) => {
                Ok(streams.into_iter().map(|stream| (stream, None)).collect())
            }
            Streams::Itself => {
                let bytes = input::read_all(&self.path)?;
                let times = times::load(&self.path, bytes.len())?;
                Ok(vec![((self.path, bytes), times)])
            }
        }
    }

    /// All streams, whole.
    pub(crate) fn load(self) -> Result<Vec<Stream>, Failure> {
        match self.streams()? {
            Streams::OfCassette(streams) => Ok(streams),
            Streams::Itself => {
                let bytes = input::read_all(&self.path)?;
                Ok(vec![(self.path, bytes)])
            }
        }
    }
}

/// The only one of the streams of a file.
fn only<T>(path: &Path, streams: Vec<T>) -> Result<T, Failure> {
    <[_; 1]>::try_from(streams).map_or_else(
        |streams| {
            let why = format!("holds {} streams, expected one", streams.len());
            Err(Failure::file(path, why))
        },
        |[stream]| Ok(stream),
    )
}

/// Does `work` with each source; names those that cannot be read, and goes on.
pub(crate) fn each(
    paths: &[PathBuf],
    mut work: impl FnMut(Source) -> Result<Verdict, Failure>,
) -> Result<Verdict, Failure> {
    let mut verdict = Verdict::Fine;
    for source in sources(paths, &|line| tell(line)) {
        match source.and_then(&mut work) {
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

/// Does `work` with each stream, whole.
pub(crate) fn each_whole(
    paths: &[PathBuf],
    mut work: impl FnMut(&Path, &[u8]) -> Result<Verdict, Failure>,
) -> Result<Verdict, Failure> {
    each(paths, |source| {
        let mut verdict = Verdict::Fine;
        for (name, bytes) in source.load()? {
            verdict = verdict.and(work(&name, &bytes)?);
        }
        Ok(verdict)
    })
}

/// Fails if to write `output` would replace `source`, or its times.
pub(crate) fn keep(source: &Path, output: &Path) -> Result<(), Failure> {
    let Some(written) = identity(output) else {
        return Ok(());
    };
    if [source, &times::beside(source)]
        .iter()
        .any(|kept| identity(kept).as_ref() == Some(&written))
    {
        let why = "would be replaced by what is made of it, expected another file after -o";
        return Err(Failure::file(output, why));
    }
    Ok(())
}

/// What tells a file from all others, by whichever name; `None` if it is not there.
#[cfg(unix)]
fn identity(path: &Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    let data = path.metadata().ok()?;
    Some((data.dev(), data.ino()))
}

#[cfg(not(unix))]
fn identity(path: &Path) -> Option<PathBuf> {
    path.canonicalize().ok()
}
