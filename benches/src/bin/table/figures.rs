//! What has no peers: what grows, and what is held.

use std::process::Command;

use deltaic_benches::{
    Read, Refused, Spelled,
    growth::{EVENTS, Growth},
    measure::{Effort, Lane, rounds},
    ours::{InFull, Ours},
    run::{Figure, Goal},
    way::read,
    workload::{Reads, large, unlike},
};

use crate::Plan;

pub(crate) fn figures(plan: &Plan) -> Vec<Figure> {
    let mut figures = one_large_event(plan);
    figures.extend(growth(plan));
    figures.extend(never_alike(plan));
    figures.extend(memory(plan));
    figures
}

/// Each takes long, so that few rounds must do.
fn few(plan: &Plan) -> Effort {
    Effort {
        rounds: plan.effort.rounds.min(5),
        ..plan.effort
    }
}

fn one_large_event(plan: &Plan) -> Vec<Figure> {
    if !plan.begins("one large event") {
        return Vec::new();
    }
    let len = if plan.is_quick { 1_000_000 } else { 10_000_000 };
    let events = [large(len), large(len / 10)];
    let mut figures = Vec::new();
    for (reads, most) in [
        (Reads::Bytes(1), None),
        (Reads::Bytes(1_024), Some(1.2)),
        (Reads::BUFFER, Some(1.2)),
    ] {
        let cut: Vec<_> = events.iter().flat_map(|event| event.reads(reads)).collect();
        let lanes = cut.iter().map(|cut| Lane::new("", || read::<Ours>(cut)));
        let times = rounds(&mut lanes.collect::<Vec<_>>(), few(plan));
        let per_byte = |lane: usize| times.per(lane, events[lane].bytes()).median;
        figures.push(Figure {
            name: format!("one event of {} MB", len / 1_000_000),
            of: format!("reads of {reads}"),
            value: per_byte(0),
            unit: "ns per byte".into(),
            goal: most.map(Goal::AtMost),
        });
        figures.push(Figure {
            name: "the same, beside one of a tenth".into(),
            of: format!("reads of {reads}"),
            value: per_byte(0) / per_byte(1),
            unit: "times as long per byte".into(),
            goal: Some(Goal::AtMost(1.25)),
        });
    }
    figures
}

fn growth(plan: &Plan) -> Vec<Figure> {
    if !plan.begins("growth") {
        return Vec::new();
    }
    let growth = &Growth::default();
    let many = if plan.is_quick { 100_000 } else { 1_000_000 };
    let parts = [
        ("a stream of 100 chunks", EVENTS),
        ("a stream of 10,000 chunks", 10_000),
        (
            if plan.is_quick {
                "a stream of 100,000 chunks"
            } else {
                "a stream of 1,000,000 chunks"
            },
            many,
        ),
        ("a chunk behind 1 KB of text", EVENTS),
        ("a chunk behind 1 MB of text", EVENTS),
        ("a chunk behind 100 MB of text", EVENTS),
    ];
    let mut lanes = vec![
        Lane::timed("", || growth.short()),
        Lane::timed("", || growth.long(10_000)),
        Lane::timed("", || growth.long(many)),
    ];
    lanes.extend([1_000, 1_000_000, 100_000_000].map(|len| Lane::timed("", growth.after(len))));
    let times = rounds(&mut lanes, few(plan));
    let figures = parts
        .iter()
        .enumerate()
        .map(|(lane, (name, events))| Figure {
            name: (*name).into(),
            of: "text, Groq".into(),
            value: times.per(lane, *events).median,
            unit: "ns per event".into(),
            goal: None,
        });
    figures.collect()
}

/// What it costs to look for what is not there.
fn never_alike(plan: &Plan) -> Vec<Figure> {
    if !plan.begins("never alike") {
        return Vec::new();
    }
    let workload = unlike();
    let mut figures = Vec::new();
    for reads in [Reads::BUFFER, Reads::Event] {
        let streams = workload.reads(reads);
        let reads_all = |way: fn(&[Read]) -> Result<Spelled, Refused>| {
            let streams = &streams;
            move || streams.iter().map(|stream| way(stream)).collect::<Vec<_>>()
        };
        let [ours, in_full] = [read::<Ours>, read::<InFull>].map(reads_all);
        assert_eq!(ours(), in_full(), "both read the same");
        let mut lanes = [Lane::new("", ours), Lane::new("", in_full)];
        let times = rounds(&mut lanes, plan.effort);
        figures.push(Figure {
            name: "events that are never alike, beside reading each in full".into(),
            of: format!("reads of {reads}"),
            value: times.ratio(0, 1).median,
            unit: "times as long".into(),
            goal: Some(Goal::AtMost(1.05)),
        });
    }
    figures
}

/// Counted by another program: what counts slows down.
fn memory(plan: &Plan) -> Vec<Figure> {
    if !plan.begins("memory") {
        return Vec::new();
    }
    let arguments = [
        "run",
        "--quiet",
        "--release",
        "-p",
        "deltaic-benches",
        "--bin",
        "memory",
    ];
    let output = Command::new("cargo")
        .args(arguments)
        .args(["--", "--json"])
        .output();
    let figures = output.map(|output| serde_json::from_slice(&output.stdout));
    match figures {
        Ok(Ok(figures)) => figures,
        Ok(Err(error)) => skipped(&error),
        Err(error) => skipped(&error),
    }
}

fn skipped(error: &dyn std::error::Error) -> Vec<Figure> {
    eprintln!("SKIPPED: memory cannot be counted: {error}");
    Vec::new()
}
