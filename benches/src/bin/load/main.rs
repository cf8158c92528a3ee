//! Loads gateways with many streams at once: what reading in passing costs them, in time
//! and memory, beside not reading at all, beside a mere look at the bytes, and beside reading
//! and writing anew.
//!
//! ```text
//! upstream ──▶ gateway, a process of its own ──▶ clients
//!     └─────────── this process, which looks at what comes ───────────┘
//! ```

mod child;
mod client;
mod count;
mod gateway;
mod killed;
mod table;
mod turn;
mod upstream;

use std::{fs, net::SocketAddr, path::PathBuf, time::Duration};

use anyhow::{Context, ensure};
use clap::Parser;
use gateway::Mode;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use table::{Row, Table};
use tokio::time::timeout;
use turn::{Pace, Plan, Turn};

/// Loads gateways with many streams at once.
#[derive(Debug, Parser)]
struct Arguments {
    /// How many streams are open at once.
    #[arg(long, value_delimiter = ',', default_value = "1,100,1000,5000")]
    streams: Vec<usize>,
    /// How many rounds; in each, every gateway is begun first once.
    #[arg(long, default_value_t = 2)]
    rounds: usize,
    /// Few and short rounds: to see that it works.
    #[arg(long)]
    quick: bool,
    /// Instead counts the instructions that an event takes each gateway. Needs valgrind.
    #[arg(long, conflicts_with_all = ["streams", "rounds", "quick", "json"])]
    instructions: bool,
    /// Writes all that was found, as JSON.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Be a gateway: this is how it starts them.
    #[arg(long, hide = true, requires = "upstream")]
    gateway: Option<Mode>,
    #[arg(long, hide = true)]
    upstream: Option<SocketAddr>,
}

/// As long as a round may take, however busy the machine is.
const LONGEST: Duration = Duration::from_hours(1);

/// What is loaded: the gateways, and none.
const LANES: [Option<Mode>; 6] = [
    Some(Mode::Plain),
    Some(Mode::Look),
    Some(Mode::Usage),
    Some(Mode::Full),
    Some(Mode::AsyncOpenai),
    None,
];

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    if let (Some(mode), Some(upstream)) = (arguments.gateway, arguments.upstream) {
        return gateway::run(mode, upstream);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    if arguments.instructions {
        return runtime.block_on(count::print(LANES.into_iter().flatten()));
    }
    runtime.block_on(async {
        let rounds = u32::try_from(arguments.rounds.max(1))?;
        let all = timeout(LONGEST * rounds, load(&arguments)).await;
        all.context("it has taken too long")?
    })
}

async fn load(arguments: &Arguments) -> anyhow::Result<()> {
    for mode in [Mode::Usage, Mode::Full] {
        killed::check(mode).await?;
    }
    let (streams, rounds) = if arguments.quick {
        (vec![1, 50], 1)
    } else {
        (arguments.streams.clone(), arguments.rounds.max(1))
    };
    let most = most_streams()?;
    let mut table = Table::default();
    for wanted in streams {
        let streams = wanted.clamp(1, most);
        if streams < wanted {
            eprintln!("{streams} streams, not {wanted}: there may be no more open files");
        }
        for pace in [Pace::Fast, Pace::Slow] {
            let plan = Plan::new(streams, pace, arguments.quick);
            eprintln!("{streams} streams, {} …", pace.name());
            let mut turns: [Vec<Turn>; LANES.len()] = Default::default();
            // Without a gateway there is only time on the way.
            let gateways = LANES.len() - 1;
            let lanes = match pace {
                Pace::Slow => &LANES[..],
                Pace::Fast => &LANES[..gateways],
            };
            let at_once = (most / streams).clamp(1, lanes.len());
            if at_once < lanes.len() {
                eprintln!(
                    "{at_once} of {} at once: there may be no more open files",
                    lanes.len()
                );
            }
            for _ in 0..rounds {
                let mut round: [Vec<Turn>; LANES.len()] = Default::default();
                // Which is begun first is slower, by up to 5 %: so each is first in turn.
                for first in 0..if arguments.quick { 1 } else { gateways } {
                    let mut order: Vec<usize> = (0..lanes.len()).collect();
                    order[..gateways].rotate_left(first);
                    for places in order.chunks(at_once) {
                        let lanes: Vec<_> = places.iter().map(|place| lanes[*place]).collect();
                        let taken = turn::take(&lanes, &plan).await?;
                        for (place, turn) in places.iter().zip(taken) {
                            round[*place].push(turn);
                        }
                    }
                }
                for (turns, round) in turns.iter_mut().zip(round) {
                    turns.extend(Turn::mean(round));
                }
            }
            let rows = LANES.iter().zip(&turns);
            let rows = rows.filter_map(|(lane, of)| Row::new(*lane, &plan, of, &turns[0]));
            table.add(rows.collect())?;
        }
    }
    if let Some(path) = &arguments.json {
        let json = serde_json::to_string_pretty(&table)? + "\n";
        fs::write(path, json).with_context(|| path.display().to_string())?;
    }
    Ok(())
}

/// How many streams may be open: each has two ends here and two in the gateway. Raises
/// the limit as far as that goes.
fn most_streams() -> anyhow::Result<usize> {
    const OTHERS: u64 = 100;
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: maximum,
        maximum,
    };
    setrlimit(Resource::Nofile, raised)?;
    let files = maximum.unwrap_or(u64::MAX);
    ensure!(files > OTHERS + 2, "too few files may be open: {files}");
    Ok(usize::try_from((files - OTHERS) / 2)?)
}
