//! Counts what we allocate for an event, and what an open stream holds.
//!
//! A program of its own, because what counts slows down those who allocate much.

use allocation_counter::measure;
use clap::Parser;
use deltaic::Reader;
use deltaic_benches::{
    Read,
    measure::whole,
    run::{Figure, Goal},
    workload::{self, Reads},
};

/// Counts allocations.
#[derive(Debug, Parser)]
struct Arguments {
    /// As JSON.
    #[arg(long)]
    json: bool,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let mut figures = Vec::new();
    for workload in workload::all() {
        if let [stream] = workload.streams[..] {
            figures.extend(Reads::ALL.map(|reads| allocations(workload.name, stream, reads)));
        }
    }
    let text = workload::texts()[1].streams[0];
    let events = Reads::Event.of(text);
    let behind = |count: usize| events[..count].to_vec();
    let mut within = behind(50);
    within.push(&events[50][..events[50].len() / 2]);
    figures.extend([
        held("before its first byte", &[]),
        held("behind its first event", &behind(1)),
        held("behind 50 events", &behind(50)),
        held("within its 51st event", &within),
    ]);
    if arguments.json {
        println!("{}", serde_json::to_string(&figures)?);
        return Ok(());
    }
    for figure in figures {
        println!(
            "{}, {}: {} {}",
            figure.name, figure.of, figure.value, figure.unit
        );
    }
    Ok(())
}

/// How many allocations there are in the second half of a stream.
fn allocations(name: &str, stream: Read, reads: Reads) -> Figure {
    let cut = reads.of(stream);
    let (before, behind) = cut.split_at(cut.len() / 2);
    let mut reader = Reader::new();
    read(&mut reader, before);
    let counted = measure(|| read(&mut reader, behind));
    let events = Reads::Event.of(stream).len() / 2;
    Figure {
        name: format!("allocations for an event, {name}"),
        of: format!("second half, reads of {reads}"),
        value: number(counted.count_total) / whole(events),
        unit: format!("({} for {events} events)", counted.count_total),
        // The texts grow, and a new one may begin.
        goal: Some(Goal::AtMost(0.02)),
    }
}

/// What a stream holds that was read so far: itself, and what it allocated for
/// all but its text.
fn held(when: &str, reads: &[Read]) -> Figure {
    let mut reader = None;
    let counted = measure(|| {
        let mut new = Reader::new();
        read(&mut new, reads);
        reader = Some(new);
    });
    let report = reader.map(Reader::into_report);
    let completion = report.and_then(|report| report.completion);
    let choices = completion.into_iter().flat_map(|all| all.choices);
    let texts = choices.filter_map(|choice| choice.message.content);
    // With the room that it grows into.
    let text: usize = texts.map(|text| String::from(text).capacity()).sum();
    let allocated = usize::try_from(counted.bytes_current).unwrap_or_default();
    let held = size_of::<Reader>() + allocated - text;
    Figure {
        name: "an open stream, without its text".into(),
        of: when.into(),
        value: number(held as u64),
        unit: format!("bytes, {} of them allocated", allocated - text),
        goal: Some(Goal::AtMost(1_536.0)),
    }
}

fn read(reader: &mut Reader, reads: &[Read]) {
    for mut read in reads.iter().copied() {
        while reader.next(&mut read).is_some() {}
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts here are far below 2^52")]
fn number(count: u64) -> f64 {
    count as f64
}
