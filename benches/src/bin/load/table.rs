//! What was measured, for people and as JSON.

use std::{
    io::{self, Write},
    time::Duration,
};

use deltaic_benches::measure::Spread;
use serde::Serialize;

use crate::{
    gateway::Mode,
    turn::{Pace, Plan, Turn},
};

/// All rows.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Table {
    rows: Vec<Row>,
}

/// One gateway under one load.
#[derive(Debug, Serialize)]
pub(crate) struct Row {
    streams: usize,
    pace: &'static str,
    chunks: usize,
    gateway: &'static str,
    /// Nanoseconds for an event.
    cpu: Option<Spread>,
    /// How many times as many as without reading, round by round.
    cpu_ratio: Option<Spread>,
    /// Microseconds for the end of a stream.
    end: Option<Spread>,
    /// KiB for an open stream.
    memory: Option<Spread>,
    /// How many KiB more than without reading, round by round.
    memory_more: Option<Spread>,
    /// Microseconds on the way, of the middle event and of the slowest of a hundred.
    p50: Option<Spread>,
    p99: Option<Spread>,
}

/// What reading in passing is to cost at most.
const MOST_CPU: f64 = 1.03;
const MOST_KIB: f64 = 1.0;

impl Row {
    /// `None` if it had no turn.
    pub(crate) fn new(
        lane: Option<Mode>,
        plan: &Plan,
        turns: &[Turn],
        plain: &[Turn],
    ) -> Option<Self> {
        if turns.is_empty() {
            return None;
        }
        let spread = |of: &dyn Fn(&Turn) -> f64| Spread::of(turns.iter().map(of));
        let beside = |of: &dyn Fn(&Turn, &Turn) -> f64| {
            Spread::of(turns.iter().zip(plain).map(|(turn, plain)| of(turn, plain)))
        };
        let is_slow = plan.pace == Pace::Slow;
        let at = |part: usize| {
            is_slow
                .then(|| spread(&|turn| micros(turn.latencies[turn.latencies.len() * part / 100])))
        };
        let is_gateway = lane.is_some();
        // Pages are too large to tell of few.
        let has_memory = is_gateway && plan.streams >= 1_000;
        Some(Self {
            streams: plan.streams,
            pace: plan.pace.name(),
            chunks: plan.chunks,
            gateway: lane.map_or("none", Mode::what),
            cpu: is_gateway.then(|| spread(&|turn| turn.cpu)),
            cpu_ratio: is_gateway.then(|| beside(&|turn, plain| turn.cpu / plain.cpu)),
            end: is_gateway.then(|| spread(&|turn| turn.end / 1e3)),
            memory: has_memory.then(|| spread(&|turn| turn.memory)),
            memory_more: has_memory.then(|| beside(&|turn, plain| turn.memory - plain.memory)),
            p50: at(50),
            p99: at(99),
        })
    }

    fn print(&self, out: &mut impl Write) -> io::Result<()> {
        let is_ours = self.gateway == "Tap, usage only";
        let cell = |spread: Option<Spread>, digits: usize| match spread {
            Some(Spread { low, median, high }) => {
                format!("{median:.digits$} ({low:.digits$}–{high:.digits$})")
            }
            None => String::new(),
        };
        let goal = |spread: Option<Spread>, most: f64, digits| {
            let is_missed = is_ours && spread.is_some_and(|spread| spread.median > most);
            cell(spread, digits) + if is_missed { " !" } else { "" }
        };
        writeln!(
            out,
            "| {} | {} | {} | {} | {} | {} | {} | {} | {} |",
            self.gateway,
            self.chunks,
            cell(self.cpu, 0),
            goal(self.cpu_ratio, MOST_CPU, 3),
            cell(self.end, 1),
            cell(self.memory, 1),
            goal(self.memory_more, MOST_KIB, 2),
            cell(self.p50, 0),
            cell(self.p99, 0),
        )
    }
}

impl Table {
    /// Adds the rows of one load, and prints them.
    pub(crate) fn add(&mut self, rows: Vec<Row>) -> io::Result<()> {
        let mut out = io::stdout().lock();
        if let Some(row) = rows.first() {
            writeln!(out, "\n{} streams, {}:\n", row.streams, row.pace)?;
            writeln!(
                out,
                "| gateway | chunks a stream | CPU ns an event | beside reading nothing | \
                 CPU µs an end | KiB a stream | more than reading nothing | on the way, µs | \
                 the slowest of 100 |"
            )?;
            writeln!(
                out,
                "| --- | --- | --- | --- | --- | --- | --- | --- | --- |"
            )?;
        }
        for row in &rows {
            row.print(&mut out)?;
        }
        self.rows.extend(rows);
        Ok(())
    }
}

fn micros(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e6
}
