//! `deltaic bench`: what an event of somebody's own recording costs.

use std::{
    hint::black_box,
    io::{self, Write},
    num::NonZeroUsize,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use deltaic::{Reader, Report, chunk::Payload, sse::Framer};
use serde::Serialize;

use crate::{Verdict, args::Reads, failure::Failure, sources::each_whole, terminal};

/// Measures what an event costs: framing, parsing, and reading, that is from
/// bytes to completion. Nanoseconds are the median of 25 rounds, in turns.
///
/// Reading is measured as it is and with each event read in full, as where none
/// is like another; both must have read the same. With `--reads N` the stream comes
/// in reads of N bytes, else of 16 KiB.
///
/// Of a directory are taken, also below it, the files named .sse and the cassettes
/// (.yaml, .yml, .json, .har, by what they hold).
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Streams, cassettes, directories; `-` is standard input
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,

    /// Print one JSON object per stream, and nothing else
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    pub(crate) reads: Reads,
}

/// How often each way gets its turn, and how long that is at least.
const ROUNDS: usize = 25;
const TURN: Duration = Duration::from_micros(500);

/// A way to go over a stream.
struct Way {
    name: &'static str,
    run: fn(&[&[u8]]) -> u64,
}

const WAYS: [Way; 4] = [
    Way {
        name: "framing",
        run: frame,
    },
    Way {
        name: "framing, parsing",
        run: parse,
    },
    Way {
        name: "reading, each in full",
        run: |reads| {
            black_box(read(Reader::new().without_templates(), reads))
                .stats
                .events
        },
    },
    Way {
        name: "reading",
        run: |reads| black_box(read(Reader::new(), reads)).stats.events,
    },
];

/// What was measured of a stream.
#[derive(Serialize)]
struct Measured {
    file: String,
    bytes: usize,
    events: u64,
    ways: Vec<Figures>,
}

/// What a way costs.
#[derive(Serialize)]
struct Figures {
    name: &'static str,
    ns_per_event: f64,
    bytes_per_second: f64,
    allocations_per_event: f64,
}

pub(crate) fn run(options: &Options) -> Result<Verdict, Failure> {
    let len = options.reads.len.map_or(16 << 10, NonZeroUsize::get);
    each_whole(&options.files, |path, bytes| {
        let reads: Vec<_> = bytes.chunks(len).collect();
        let whole = read(Reader::new(), &reads);
        if whole.stats.events == 0 {
            let why = "has no event, expected a stream of them";
            return Err(Failure::file(path, why));
        }
        if whole != read(Reader::new().without_templates(), &reads) {
            let path = terminal::path(path);
            writeln!(io::stdout(), "{path}: read in full, it reads differently")?;
            return Ok(Verdict::NotFine);
        }
        let measured = measure(path, bytes, &reads, whole.stats.events);
        if options.json {
            terminal::print_json(&measured)?;
        } else {
            print(path, &measured)?;
        }
        Ok(Verdict::Fine)
    })
}

fn measure(path: &Path, bytes: &[u8], reads: &[&[u8]], events: u64) -> Measured {
    let runs = WAYS.map(|way| {
        let began = Instant::now();
        (way.run)(reads);
        let once = began.elapsed().max(Duration::from_nanos(1));
        u32::try_from(TURN.as_nanos() / once.as_nanos() + 1).unwrap_or(u32::MAX)
    });
    // In turns, so that a noisy moment meets all of them.
    let mut times = WAYS.map(|_| Vec::with_capacity(ROUNDS));
    for _ in 0..ROUNDS {
        for ((way, &runs), times) in WAYS.iter().zip(&runs).zip(&mut times) {
            let began = Instant::now();
            for _ in 0..runs {
                (way.run)(black_box(reads));
            }
            times.push(began.elapsed().as_secs_f64() / f64::from(runs));
        }
    }
    let ways = WAYS.iter().zip(times).map(|(way, mut times)| {
        times.sort_by(f64::total_cmp);
        let seconds = times[ROUNDS / 2];
        let counted = allocation_counter::measure(|| {
            (way.run)(reads);
        });
        #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
        Figures {
            name: way.name,
            ns_per_event: seconds * 1e9 / events as f64,
            bytes_per_second: bytes.len() as f64 / seconds,
            allocations_per_event: counted.count_total as f64 / events as f64,
        }
    });
    Measured {
        file: path.display().to_string(),
        bytes: bytes.len(),
        events,
        ways: ways.collect(),
    }
}

fn print(path: &Path, measured: &Measured) -> io::Result<()> {
    let Measured {
        bytes,
        events,
        ways,
        ..
    } = measured;
    let file = terminal::path(path);
    let mut out = io::stdout().lock();
    writeln!(out, "{file}: {events} events, {bytes} bytes")?;
    writeln!(
        out,
        "{:>46} {:>8} {:>12}",
        "ns/event", "MB/s", "allocations"
    )?;
    for way in ways {
        writeln!(
            out,
            "  {:<34} {:>9.1} {:>8.0} {:>12.2}",
            way.name,
            way.ns_per_event,
            way.bytes_per_second / 1e6,
            way.allocations_per_event
        )?;
    }
    Ok(())
}

fn read(mut reader: Reader, reads: &[&[u8]]) -> Report {
    for mut read in reads.iter().copied() {
        while reader.next(&mut read).is_some() {}
    }
    reader.into_report()
}

fn frame(reads: &[&[u8]]) -> u64 {
    over_events(reads, |data| {
        black_box(data);
    })
}

fn parse(reads: &[&[u8]]) -> u64 {
    over_events(reads, |data| {
        let _ = black_box(Payload::parse(data));
    })
}

/// Calls `see` with the data of each event.
fn over_events(reads: &[&[u8]], mut see: impl FnMut(&[u8])) -> u64 {
    let mut framer = Framer::new();
    let mut events = 0;
    for mut read in reads.iter().copied() {
        // An event that is too long is none.
        while !read.is_empty() {
            if let Ok(Some(event)) = framer.next(&mut read) {
                see(event.data);
                events += 1;
            }
        }
    }
    events
}
