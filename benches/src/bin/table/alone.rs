//! Parsing and framing, each alone.

use std::hint::black_box;

use deltaic_benches::{
    Read,
    measure::{Lane, Spread, rounds, whole},
    ours,
    peer::{framing, parsing},
    run::{Goal, Row},
    workload::{self, Reads, Workload},
};
use memchr::{memchr, memchr_iter};

use crate::Plan;

pub(crate) fn rows(plan: &Plan) -> Vec<Row> {
    let mut rows = Vec::new();
    let texts = workload::texts();
    for workload in texts
        .iter()
        .chain([&workload::openai(), &workload::calls()])
    {
        rows.extend(parse(plan, workload));
    }
    for text in &texts {
        rows.extend(frame(plan, text));
    }
    rows
}

/// Each chunk for itself, without anything known of those before it.
fn parse(plan: &Plan, workload: &Workload) -> Option<Row> {
    if !plan.begins(&format!("parsing {}", workload.name)) {
        return None;
    }
    let payloads = workload.payloads();
    let read = parsing::ALL[0].1(&payloads).expect("we read all chunks");
    let (ways, others): (Vec<_>, Vec<_>) = parsing::ALL
        .iter()
        .partition(|(_, parse)| parse(&payloads) == Ok(read));
    let lanes = ways.iter().map(|(name, parse)| {
        let payloads = &payloads;
        Lane::new(*name, move || parse(black_box(payloads)))
    });
    let times = rounds(&mut lanes.collect::<Vec<_>>(), plan.effort);
    let names: Vec<&str> = ways.iter().map(|(name, _)| *name).collect();
    let of = ["parsing", workload.name, "one chunk"];
    let mut row = Row::new(of, &names, &times, payloads.len());
    for (name, _) in others {
        row.refuse(name);
    }
    row.compare("serde_json owned", None);
    row.compare_fastest(None);
    row.compare("sonic-rs typed", Some(1.6));
    row.compare("simd-json typed", Some(2.0));
    row.compare("jiter", Some(1.4));
    Some(row)
}

fn frame(plan: &Plan, workload: &Workload) -> Option<Row> {
    if !plan.begins(&format!("framing {}", workload.name)) {
        return None;
    }
    let [reads]: [Vec<Read>; 1] = workload.reads(Reads::BUFFER).try_into().ok()?;
    let ways = framing::ALL;
    let data = ours::frame(&reads);
    for (name, frame) in ways {
        assert_eq!(
            frame(&reads),
            data,
            "{name} frames {} otherwise",
            workload.name
        );
    }
    let mut lanes: Vec<Lane<'_>> = ways
        .iter()
        .map(|(name, frame)| Lane::new(*name, || frame(black_box(&reads))))
        .collect();
    // How fast a byte that is nowhere could be looked for, and line ends be found.
    let reads = &reads;
    lanes.push(Lane::new("", || {
        let mut found = reads.iter().map(|read| memchr(0, black_box(read)));
        found.any(|found| found.is_some())
    }));
    lanes.push(Lane::new("", || {
        let ends = reads
            .iter()
            .flat_map(|read| memchr_iter(b'\n', black_box(read)));
        ends.fold(0, |sum: usize, at| sum ^ at)
    }));
    let times = rounds(&mut lanes, plan.effort);
    let names: Vec<&str> = ways.iter().map(|(name, _)| *name).collect();
    let of = ["framing", workload.name, "16 KiB"];
    let mut row = Row::new(of, &names, &times, workload.events());
    row.compare("eventsource-stream", Some(15.0));
    row.compare_fastest(None);
    let rates = [
        ("our GB/s", 0, Some(Goal::AtLeast(12.0))),
        ("GB/s of memchr", ways.len(), None),
        ("GB/s of memchr for line ends", ways.len() + 1, None),
    ];
    for (with, lane, goal) in rates {
        let Spread { low, median, high } = times.per(lane, workload.bytes());
        let rate = |each: f64| whole(1) / each;
        let reached = Spread {
            low: rate(high),
            median: rate(median),
            high: rate(low),
        };
        row.check(with, reached, goal);
    }
    Some(row)
}
