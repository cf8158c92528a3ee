//! Ways to read a stream, all behind one face.

use std::{
    fmt,
    time::{Duration, Instant},
};

use crate::{Read, Spelled};

/// Reads one stream. It is opened by `default`.
pub trait Way: Default {
    /// Reads what has come.
    ///
    /// # Errors
    ///
    /// If an event is none that this way reads.
    fn push(&mut self, read: Read) -> Result<(), Refused>;

    /// The stream has ended: what it spelled out.
    fn finish(self) -> Spelled;
}

/// A peer cannot read this stream.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Refused;

/// A way, by its name, to be run beside the others.
#[derive(Clone, Copy)]
pub struct Contestant {
    /// What it is called in results.
    pub name: &'static str,
    /// Reads one stream to its end.
    pub read: fn(&[Read]) -> Result<Spelled, Refused>,
    /// Reads many streams in turn: see [`in_turn`].
    pub in_turn: fn(usize, &[Vec<Read>]) -> Result<Duration, Refused>,
}

impl Contestant {
    /// The contestant that reads so.
    #[must_use]
    pub const fn new<W: Way>(name: &'static str) -> Self {
        Self {
            name,
            read: read::<W>,
            in_turn: in_turn::<W>,
        }
    }
}

impl fmt::Debug for Contestant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// Reads one stream to its end.
///
/// # Errors
///
/// If the way does not read it.
pub fn read<W: Way>(reads: &[Read]) -> Result<Spelled, Refused> {
    let mut way = W::default();
    for read in reads {
        way.push(read)?;
    }
    Ok(way.finish())
}

/// How many reads of each stream [`in_turn`] does not time.
pub const WARM_UP: usize = 4;

/// Opens so many streams and gives one read to each in turn, until they are
/// used up; tells how long that took once all were warm.
///
/// They share `streams`, so that what is measured is the state of those who
/// read, not the memory of what is read.
///
/// # Errors
///
/// If the way does not read them.
pub fn in_turn<W: Way>(count: usize, streams: &[Vec<Read>]) -> Result<Duration, Refused> {
    let mut open: Vec<W> = (0..count).map(|_| W::default()).collect();
    let mut turns = |turns: std::ops::Range<usize>| {
        for turn in turns {
            for (way, stream) in open.iter_mut().zip(streams.iter().cycle()) {
                way.push(stream[turn])?;
            }
        }
        Ok(())
    };
    let last = streams.iter().map(Vec::len).min().unwrap_or(0);
    turns(0..WARM_UP.min(last))?;
    let began = Instant::now();
    turns(WARM_UP.min(last)..last)?;
    Ok(began.elapsed())
}
