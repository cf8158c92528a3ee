//! Rounds of several things in turn, so that a noisy minute meets them all.

use std::{
    fmt,
    hint::black_box,
    time::{Duration, Instant},
};

use serde::{Deserialize, Serialize};

/// How long and how often things are timed.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// How often each gets its turn.
    pub rounds: usize,
    /// How long a turn is at least: what is shorter is run several times.
    pub turn: Duration,
}

/// Something to be timed.
pub struct Lane<'a> {
    /// What it is called in results.
    pub name: String,
    /// Runs it once and tells how long it took.
    run: Box<dyn FnMut() -> Duration + 'a>,
}

impl<'a> Lane<'a> {
    /// Times the whole of `run`.
    pub fn new<T>(name: impl Into<String>, mut run: impl FnMut() -> T + 'a) -> Self {
        Self::timed(name, move || {
            let began = Instant::now();
            black_box(run());
            began.elapsed()
        })
    }

    /// `run` tells itself how long it took, without what is only set up.
    pub fn timed(name: impl Into<String>, run: impl FnMut() -> Duration + 'a) -> Self {
        Self {
            name: name.into(),
            run: Box::new(run),
        }
    }
}

impl fmt::Debug for Lane<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

/// The nanoseconds of one run, for each lane in each round.
#[derive(Clone, Debug)]
pub struct Times(Vec<Vec<f64>>);

/// The middle, and between what the middle half lies.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Serialize)]
pub struct Spread {
    /// A quarter is below.
    pub low: f64,
    /// Half is below.
    pub median: f64,
    /// A quarter is above.
    pub high: f64,
}

/// Times the lanes in turn, after each has run once.
#[must_use]
pub fn rounds(lanes: &mut [Lane<'_>], effort: Effort) -> Times {
    let runs: Vec<u32> = lanes
        .iter_mut()
        .map(|lane| {
            let once = (lane.run)().max(Duration::from_nanos(1));
            let runs = effort.turn.as_nanos() / once.as_nanos();
            u32::try_from(runs + 1).unwrap_or(u32::MAX)
        })
        .collect();
    let round = |_| {
        let turns = lanes.iter_mut().zip(&runs);
        turns
            .map(|(lane, &runs)| {
                let took: Duration = (0..runs).map(|_| (lane.run)()).sum();
                took.as_secs_f64() * 1e9 / f64::from(runs)
            })
            .collect()
    };
    Times((0..effort.rounds).map(round).collect())
}

impl Times {
    /// The time of a lane, for each of so many parts of its work.
    #[must_use]
    pub fn per(&self, lane: usize, parts: usize) -> Spread {
        Spread::of(self.0.iter().map(|round| round[lane] / whole(parts)))
    }

    /// How many times longer one lane took than another, round by round.
    #[must_use]
    pub fn ratio(&self, lane: usize, to: usize) -> Spread {
        Spread::of(self.0.iter().map(|round| round[lane] / round[to]))
    }
}

impl Spread {
    /// Of these values.
    ///
    /// # Panics
    ///
    /// If there are none.
    #[must_use]
    pub fn of(values: impl Iterator<Item = f64>) -> Self {
        let mut values: Vec<f64> = values.collect();
        values.sort_by(f64::total_cmp);
        let at = |quarter: usize| values[(values.len() - 1) * quarter / 4];
        Self {
            low: at(1),
            median: at(2),
            high: at(3),
        }
    }
}

/// A count as a number to divide by.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "counts here are far below 2^52")]
pub fn whole(count: usize) -> f64 {
    count as f64
}
