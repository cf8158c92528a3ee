//! What a run of the table found, as it is written for machines.

use std::{env, fs, process::Command, thread};

use serde::{Deserialize, Serialize};

use crate::measure::{Spread, Times};

/// All that a run found.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Run {
    /// The day.
    pub date: String,
    /// The processor, and how many of its cores there were.
    pub machine: String,
    /// The compiler.
    pub rust: String,
    /// What was called.
    pub command: String,
    /// How many rounds each row had.
    pub rounds: usize,
    /// Ours beside the peers.
    pub rows: Vec<Row>,
    /// What has no peers.
    pub figures: Vec<Figure>,
}

/// One task, and how long each took for it.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Row {
    /// `pipeline`, `parsing`, `framing` or `many streams`.
    pub group: String,
    /// What is read.
    pub name: String,
    /// How it comes.
    pub reads: String,
    /// How long each took, ours first.
    pub ways: Vec<Timed>,
    /// What is compared.
    pub checks: Vec<Check>,
}

/// How long one took.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Timed {
    /// Who.
    pub name: String,
    /// Nanoseconds for each event; nothing if the stream was refused or read
    /// otherwise than by the rest.
    pub per_event: Option<Spread>,
    /// How many times longer than ours.
    pub ratio: Option<Spread>,
}

/// Something compared, and what it shall be.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Check {
    /// What is compared with.
    pub with: String,
    /// What it is.
    pub reached: Spread,
    /// What it shall be, if that was said.
    pub goal: Option<Goal>,
}

/// What a figure shall be.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Goal {
    /// This, or more.
    AtLeast(f64),
    /// This, or less.
    AtMost(f64),
}

impl Goal {
    /// Whether `value` is as it shall be.
    #[must_use]
    pub fn is_met(self, value: f64) -> bool {
        match self {
            Self::AtLeast(least) => value >= least,
            Self::AtMost(most) => value <= most,
        }
    }
}

/// A figure that stands for itself.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Figure {
    /// What it is about.
    pub name: String,
    /// Of what.
    pub of: String,
    /// What it is.
    pub value: f64,
    /// In what it is counted.
    pub unit: String,
    /// What it shall be, if that was said.
    pub goal: Option<Goal>,
}

impl Run {
    /// A run on this machine, today, that has found nothing yet.
    #[must_use]
    pub fn new(rounds: usize) -> Self {
        let arguments: Vec<String> = env::args().skip(1).collect();
        let command = format!(
            "cargo run --release -p deltaic-benches --bin table -- {}",
            arguments.join(" ")
        );
        Self {
            date: said_by("date", &["-u", "+%F"]),
            machine: machine(),
            rust: said_by("rustc", &["--version"]),
            command: command.trim_end_matches([' ', '-']).into(),
            rounds,
            rows: Vec::new(),
            figures: Vec::new(),
        }
    }
}

/// What the fastest of the peers is called among the checks.
pub const FASTEST: &str = "the fastest peer";

impl Row {
    /// A row of lanes, ours first, and of those that could not take part.
    #[must_use]
    pub fn new(names: [&str; 3], lanes: &[&str], times: &Times, events: usize) -> Self {
        let [group, name, reads] = names.map(String::from);
        let ways = lanes.iter().enumerate().map(|(lane, name)| Timed {
            name: (*name).into(),
            per_event: Some(times.per(lane, events)),
            ratio: Some(times.ratio(lane, 0)),
        });
        Self {
            group,
            name,
            reads,
            ways: ways.collect(),
            checks: Vec::new(),
        }
    }

    /// That this one could not take part.
    pub fn refuse(&mut self, name: &str) {
        self.ways.push(Timed {
            name: name.into(),
            per_event: None,
            ratio: None,
        });
    }

    /// Checks the ratio to one of the peers.
    pub fn compare(&mut self, with: &str, goal: Option<f64>) {
        let way = self.ways.iter().find(|way| way.name == with);
        if let Some(reached) = way.and_then(|way| way.ratio) {
            self.check(with, reached, goal.map(Goal::AtLeast));
        }
    }

    /// Checks the ratio to the fastest of the peers.
    pub fn compare_fastest(&mut self, goal: Option<f64>) {
        if let Some(reached) = self.fastest().and_then(|way| way.ratio) {
            self.check(FASTEST, reached, goal.map(Goal::AtLeast));
        }
    }

    /// Adds a check.
    pub fn check(&mut self, with: &str, reached: Spread, goal: Option<Goal>) {
        self.checks.push(Check {
            with: with.into(),
            reached,
            goal,
        });
    }

    /// The fastest of the peers.
    #[must_use]
    pub fn fastest(&self) -> Option<&Timed> {
        let time = |timed: &Timed| timed.per_event.map_or(f64::INFINITY, |time| time.median);
        let peers = self.ways.iter().skip(1);
        peers.min_by(|a, b| time(a).total_cmp(&time(b)))
    }
}

fn machine() -> String {
    let told = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = told
        .lines()
        .find_map(|line| line.strip_prefix("model name"));
    let model = model.map_or(env::consts::ARCH, |model| {
        model.trim_start_matches(['\t', ' ', ':'])
    });
    let cores = thread::available_parallelism().map_or(1, usize::from);
    format!("{cores} cores of {model}, {}", env::consts::OS)
}

/// What a command prints, or nothing if it cannot be had.
fn said_by(command: &str, arguments: &[&str]) -> String {
    let output = Command::new(command).args(arguments).output();
    output.map_or_else(
        |_| String::new(),
        |output| String::from_utf8_lossy(&output.stdout).trim().into(),
    )
}
