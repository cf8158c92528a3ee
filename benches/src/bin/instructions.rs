//! Counts the instructions that it takes us to read, and fails if they have
//! become more than were recorded. Clocks are noisy, counts are not.
//!
//! Each task is done once and twice under callgrind: the difference is what it
//! takes, without what is only set up.

use std::{
    collections::BTreeMap,
    env::{self, consts},
    fs,
    hint::black_box,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, bail, ensure};
use bytes::Bytes;
use clap::Parser;
use deltaic_benches::{
    ours::{self, Ours},
    peer::parsing,
    relay,
    way::read,
    workload::{self, Reads, Workload},
};
use serde::{Deserialize, Serialize};

/// How much more is let pass, in percent.
const MORE: f64 = 5.0;

/// Counts instructions, beside those recorded in `benches/instructions.json`.
#[derive(Debug, Parser)]
struct Arguments {
    /// Records what is counted now.
    #[arg(long)]
    record: bool,
    /// Only the tasks that have this in their name.
    filter: Option<String>,
    /// Does one task so many times, to be counted.
    #[arg(long, num_args = 2, value_names = ["TASK", "TIMES"], hide = true)]
    work: Option<Vec<String>>,
}

/// What is kept in the file.
#[derive(Debug, Deserialize, Serialize)]
struct Recorded {
    /// The kind of machine: others take other instructions.
    machine: String,
    /// The compiler: others make others.
    rust: String,
    /// Instructions for each event.
    per_event: BTreeMap<String, f64>,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    if let Some([name, times]) = arguments.work.as_deref() {
        let tasks = tasks();
        let task = tasks.iter().find(|task| task.name == *name);
        let task = task.context("no such task")?;
        (0..times.parse()?).for_each(|_| (task.work)());
        return Ok(());
    }
    ensure!(
        !cfg!(debug_assertions),
        "only a release build is worth counting: cargo run --release"
    );
    if Command::new("valgrind").arg("--version").output().is_err() {
        eprintln!("SKIPPED: valgrind is not installed, so no instructions are counted");
        return Ok(());
    }
    let filter = arguments.filter.unwrap_or_default();
    let mut counted = BTreeMap::new();
    for task in tasks().iter().filter(|task| task.name.contains(&filter)) {
        counted.insert(task.name.clone(), count(task)?);
    }
    if arguments.record {
        record(counted)
    } else {
        compare(&counted)
    }
}

/// Something to be counted.
struct Task {
    name: String,
    events: usize,
    work: Box<dyn Fn()>,
}

impl Task {
    fn new(name: String, workload: &Workload, work: impl Fn() + 'static) -> Self {
        Self {
            name,
            events: workload.events(),
            work: Box::new(work),
        }
    }
}

fn tasks() -> Vec<Task> {
    let mut tasks = Vec::new();
    for workload in workload::all().into_iter().chain([workload::unlike()]) {
        // That cuts of all kinds cost little is seen by the texts.
        let is_text = workload.name.starts_with("text");
        let reads = if is_text {
            &Reads::ALL[..]
        } else {
            &Reads::ALL[..2]
        };
        for &reads in reads {
            let cut = workload.reads(reads);
            let name = format!("read, {}, {reads}", workload.name);
            tasks.push(Task::new(name, &workload, move || {
                for stream in &cut {
                    let _ = black_box(read::<Ours>(black_box(stream)));
                }
            }));
        }
    }
    for text in workload::texts() {
        let cut = text.reads(Reads::BUFFER);
        tasks.push(Task::new(
            format!("frame, {}", text.name),
            &text,
            move || {
                for stream in &cut {
                    black_box(ours::frame(black_box(stream)));
                }
            },
        ));
    }
    for workload in workload::texts().into_iter().chain([workload::calls()]) {
        let payloads = workload.payloads();
        tasks.push(Task::new(
            format!("parse, {}", workload.name),
            &workload,
            move || {
                let _ = black_box(parsing::ALL[0].1(black_box(&payloads)));
            },
        ));
    }
    let [text, _] = workload::texts();
    let texts = relay::texts(&text);
    tasks.push(Task::new("write, text".into(), &text, move || {
        relay::write(black_box(&texts), &mut Vec::new());
    }));
    let reads = text.reads(Reads::Event).concat();
    let reads: Vec<Bytes> = reads.into_iter().map(Bytes::from_static).collect();
    for (name, usage_only) in [("tap", false), ("tap for the usage", true)] {
        let reads = reads.clone();
        tasks.push(Task::new(format!("{name}, text"), &text, move || {
            assert!(relay::tap(black_box(&reads), usage_only).is_some());
        }));
    }
    for workload in [workload::openai(), workload::unlike()] {
        let reads = workload.reads(Reads::BUFFER).concat();
        let reads: Vec<Bytes> = reads.into_iter().map(Bytes::from_static).collect();
        tasks.push(Task::new(
            format!("rename, {}", workload.name),
            &workload,
            move || relay::rename(black_box(&reads), &mut Vec::new()),
        ));
    }
    tasks
}

/// The instructions that a task takes for each event.
fn count(task: &Task) -> anyhow::Result<f64> {
    let [once, twice] = [
        under_callgrind(&task.name, 1)?,
        under_callgrind(&task.name, 2)?,
    ];
    #[expect(clippy::cast_precision_loss, reason = "counts are below 2^52")]
    let per_event = twice.saturating_sub(once) as f64 / task.events as f64;
    eprintln!("{}: {per_event:.1} instructions for each event", task.name);
    Ok((per_event * 10.0).round() / 10.0)
}

fn under_callgrind(task: &str, times: u32) -> anyhow::Result<u64> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(env::current_exe()?)
        .args(["--work", task, &times.to_string()])
        .stdout(Stdio::null())
        .output()?;
    let told = String::from_utf8_lossy(&output.stderr);
    let line = told.lines().find_map(|line| line.split_once("Collected :"));
    let count = line.and_then(|(_, count)| count.trim().parse().ok());
    count.with_context(|| format!("valgrind did not count: {told}"))
}

fn record(counted: BTreeMap<String, f64>) -> anyhow::Result<()> {
    let mut recorded = recorded().unwrap_or_else(|_| Recorded {
        machine: String::new(),
        rust: String::new(),
        per_event: BTreeMap::new(),
    });
    recorded.machine = machine();
    recorded.rust = compiler();
    recorded.per_event.extend(counted);
    let known: Vec<String> = tasks().into_iter().map(|task| task.name).collect();
    recorded.per_event.retain(|name, _| known.contains(name));
    fs::write(path(), serde_json::to_string_pretty(&recorded)? + "\n")?;
    Ok(())
}

fn compare(counted: &BTreeMap<String, f64>) -> anyhow::Result<()> {
    let recorded = recorded()?;
    let then = format!("{}, {}", recorded.machine, recorded.rust);
    let now = format!("{}, {}", machine(), compiler());
    if then != now {
        eprintln!("SKIPPED: recorded on {then}; this is {now}: counts cannot be compared");
        return Ok(());
    }
    let mut failed = Vec::new();
    for (name, now) in counted {
        let Some(before) = recorded.per_event.get(name) else {
            failed.push(format!("{name}: {now} instructions, never recorded"));
            continue;
        };
        let change = (now / before - 1.0) * 100.0;
        println!("{name}: {now} instructions for each event, recorded {before} ({change:+.1} %)");
        if change > MORE {
            failed.push(format!(
                "{name}: {now} instructions for each event, {change:.1} % more than {before}"
            ));
        } else if change < -MORE {
            println!("    less: `--record` keeps it so");
        }
    }
    if failed.is_empty() {
        return Ok(());
    }
    bail!(
        "more than {MORE} % above benches/instructions.json:\n{}",
        failed.join("\n")
    );
}

fn recorded() -> anyhow::Result<Recorded> {
    let text = fs::read_to_string(path()).context("benches/instructions.json")?;
    Ok(serde_json::from_str(&text)?)
}

fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("instructions.json")
}

/// By what the C library and memchr choose their code.
fn machine() -> String {
    #[cfg(target_arch = "x86_64")]
    if std::is_x86_feature_detected!("avx2") {
        return format!("{} with AVX2", consts::ARCH);
    }
    consts::ARCH.into()
}

fn compiler() -> String {
    let output = Command::new("rustc").arg("--version").output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    text.unwrap_or_default()
}
