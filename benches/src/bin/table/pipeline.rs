//! Bytes to completion: one stream after the other, and many in turn.

use std::hint::black_box;

use deltaic_benches::{
    Read, Refused, Spelled,
    measure::{Effort, Lane, rounds},
    peer,
    run::{Goal, Row},
    way::{Contestant, WARM_UP},
    workload::{self, Reads, Workload},
};

use crate::Plan;

/// What the figures against the fastest peer shall be.
const FASTEST: f64 = 15.0;

pub(crate) fn rows(plan: &Plan) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut add = |workload: &Workload, reads, goal: f64, fastest| {
        rows.extend(one_by_one(plan, workload, reads, Some(goal), fastest));
    };
    let texts = workload::texts();
    let goals = [60.0, 50.0, 40.0, 20.0];
    for (reads, goal) in Reads::ALL.into_iter().zip(goals) {
        for text in &texts {
            add(text, reads, goal, Some(FASTEST));
        }
    }
    add(&workload::reasoning(), Reads::BUFFER, 60.0, Some(FASTEST));
    add(&workload::openai(), Reads::BUFFER, 45.0, None);
    add(&workload::calls(), Reads::BUFFER, 40.0, None);
    add(&workload::vllm(), Reads::BUFFER, 25.0, None);
    add(&workload::recordings(), Reads::Event, 10.0, None);
    rows.extend(one_by_one(
        plan,
        &workload::pieces(),
        Reads::BUFFER,
        None,
        None,
    ));
    if let Some(yours) = workload::yours() {
        rows.extend(one_by_one(plan, &yours, Reads::Event, None, None));
    }
    let counts: &[_] = if plan.is_quick {
        &[(1_000, 20.0)]
    } else {
        &[(1_000, 20.0), (10_000, 12.0), (100_000, 5.0)]
    };
    rows.extend(
        counts
            .iter()
            .filter_map(|&(count, goal)| many(plan, count, goal)),
    );
    rows
}

fn one_by_one(
    plan: &Plan,
    workload: &Workload,
    reads: Reads,
    goal: Option<f64>,
    fastest: Option<f64>,
) -> Option<Row> {
    if !plan.begins(&format!("{}, {reads}", workload.name)) {
        return None;
    }
    let streams = workload.reads(reads);
    let read = |way: &Contestant| -> Result<Vec<Spelled>, Refused> {
        streams
            .iter()
            .map(|stream| (way.read)(black_box(stream)))
            .collect()
    };
    let spelled = read(&peer::BASE).expect("the peer that all are compared with reads all");
    let agrees = |way: &Contestant| read(way).is_ok_and(|it| it == spelled);
    let (ways, others): (Vec<&Contestant>, Vec<&Contestant>) =
        peer::ALL.iter().partition(|way| agrees(way));
    assert_eq!(
        ways[0].name,
        peer::ALL[0].name,
        "we read {} otherwise",
        workload.name
    );

    let stream = workload.streams.concat();
    let copy = stream.clone();
    let mut target = vec![0; stream.len()];
    let mut lanes: Vec<Lane<'_>> = ways
        .iter()
        .map(|way| Lane::new(way.name, || read(way)))
        .collect();
    let first = lanes.len();
    // What it takes to look at each byte and to keep it.
    lanes.push(Lane::new("memcmp and copy", || {
        black_box(&mut target).copy_from_slice(black_box(&stream));
        black_box(&stream[..]) == black_box(&copy[..])
    }));
    let times = rounds(&mut lanes, plan.effort);

    let names: Vec<&str> = ways.iter().map(|way| way.name).collect();
    let of = ["pipeline", workload.name, &reads.to_string()];
    let mut row = Row::new(of, &names, &times, workload.events());
    for way in others {
        row.refuse(way.name);
    }
    row.compare(peer::BASE.name, goal);
    row.compare_fastest(fastest);
    let is_near_the_floor = reads == Reads::BUFFER && workload.name.starts_with("text");
    let floor = is_near_the_floor.then_some(Goal::AtMost(2.5));
    row.check("memcmp and copy", times.ratio(0, first), floor);
    Some(row)
}

/// So many streams, of which each in turn gets one event.
fn many(plan: &Plan, count: usize, goal: f64) -> Option<Row> {
    const TURNS: usize = 12;
    let name = format!("{count} streams");
    if !plan.begins(&name) {
        return None;
    }
    let streams: Vec<Vec<Read>> = workload::texts()
        .iter()
        .flat_map(|text| text.reads(Reads::Event))
        .map(|stream| stream[..WARM_UP + TURNS].to_vec())
        .collect();
    let asked: Vec<_> = peer::ALL
        .iter()
        .filter(|way| (way.in_turn)(1, &streams).is_ok())
        // With many, a round takes long: only those that tell something.
        .filter(|way| count < 10_000 || MANY.contains(&way.name))
        .collect();
    let lanes = asked.iter().map(|way| {
        let streams = &streams;
        Lane::timed(way.name, move || {
            (way.in_turn)(count, streams).expect("it was read before")
        })
    });
    let mut lanes: Vec<_> = lanes.collect();
    let effort = Effort {
        rounds: plan.effort.rounds.min(if count < 100_000 { 15 } else { 5 }),
        ..plan.effort
    };
    let times = rounds(&mut lanes, effort);
    let names: Vec<&str> = asked.iter().map(|way| way.name).collect();
    let of = ["many streams", &name, "one event"];
    let mut row = Row::new(of, &names, &times, count * TURNS);
    row.compare(peer::BASE.name, Some(goal));
    row.compare_fastest(None);
    Some(row)
}

/// Who reads many streams.
const MANY: [&str; 4] = [
    "deltaic",
    "eventsource-stream + serde_json owned",
    "sse-core + sonic-rs",
    "our framer + serde_json borrowed",
];
