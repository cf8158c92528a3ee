//! Prints how long we take for each task, beside the peers, and what was aimed
//! at. What is timed takes turns; what counts is the ratio within a round.

mod alone;
mod figures;
mod pipeline;
mod print;

use std::{fs, path::PathBuf, time::Duration};

use anyhow::Context;
use clap::Parser;
use deltaic_benches::{measure::Effort, run::Run};

/// Times deltaic beside its peers.
#[derive(Debug, Parser)]
struct Arguments {
    /// Only the rows that have this in their name.
    filter: Option<String>,
    /// Writes all that was found, as JSON.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// How often each gets its turn.
    #[arg(long, default_value_t = 15)]
    rounds: usize,
    /// Few and short rounds, and nothing large: to see that it works.
    #[arg(long)]
    quick: bool,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let effort = if arguments.quick {
        Effort {
            rounds: 3,
            turn: Duration::from_micros(300),
        }
    } else {
        Effort {
            rounds: arguments.rounds.max(1),
            turn: Duration::from_millis(2),
        }
    };
    let plan = Plan {
        filter: arguments.filter.unwrap_or_default().to_lowercase(),
        effort,
        is_quick: arguments.quick,
    };
    let mut run = Run::new(effort.rounds);
    run.rows.extend(pipeline::rows(&plan));
    run.rows.extend(alone::rows(&plan));
    run.figures.extend(figures::figures(&plan));
    print::print(&run)?;
    if let Some(path) = arguments.json {
        let json = serde_json::to_string_pretty(&run)? + "\n";
        fs::write(&path, json).with_context(|| path.display().to_string())?;
    }
    Ok(())
}

/// Which rows are asked for, and how they are timed.
struct Plan {
    filter: String,
    effort: Effort,
    is_quick: bool,
}

impl Plan {
    /// Whether the row of this name is asked for. Tells that it begins.
    fn begins(&self, name: &str) -> bool {
        let is_wanted = name.to_lowercase().contains(&self.filter);
        if is_wanted {
            eprintln!("{name} …");
        }
        is_wanted
    }
}
