//! `deltaic demo`: the first minute, without a key or a network.

use std::{
    hint::black_box,
    io::{self, Write},
    thread,
    time::{Duration, Instant},
};

use deltaic::{Reader, Report};

use crate::{
    Verdict,
    check::read,
    failure::Failure,
    render::Renderer,
    report::{counted, json, summary},
};

/// Recordings of real servers, by name.
const RECORDINGS: [(&str, &[u8]); 4] = [
    (
        "Cerebras, a short answer",
        include_bytes!("../recordings/cerebras-hi.sse"),
    ),
    (
        "Cerebras, a tool call",
        include_bytes!("../recordings/cerebras-weather-1.sse"),
    ),
    (
        "Hugging Face, two tool calls in one delta",
        include_bytes!("../recordings/huggingface-add-multiply-1.sse"),
    ),
    (
        "Groq, usage in three places",
        include_bytes!("../recordings/groq-hi.sse"),
    ),
];

pub(crate) fn run() -> Result<Verdict, Failure> {
    let mut out = anstream::stdout();
    let mut last = None;
    for (name, stream) in RECORDINGS {
        writeln!(out, "{name}")?;
        last = Some(play(stream)?);
        writeln!(out)?;
    }
    if let Some(report) = last {
        writeln!(
            out,
            "The last one as JSON, as `deltaic read --json` prints it:"
        )?;
        writeln!(out, "{}\n", json(&report, None))?;
    }
    let verdict = try_cuts(&mut out)?;
    measure(&mut out)?;
    Ok(verdict)
}

/// Plays a recording at about the pace of a quick server.
fn play(stream: &[u8]) -> Result<Report, Failure> {
    let mut renderer = Renderer::new(Box::new(anstream::stdout()));
    let mut reader = Reader::new();
    for mut read in stream.chunks(256) {
        while let Some(updates) = reader.next(&mut read) {
            renderer.render(updates)?;
        }
        thread::sleep(Duration::from_millis(25));
    }
    let report = reader.into_report();
    renderer.end_line()?;
    renderer.line(&summary(&report))?;
    Ok(report)
}

/// Every cut of every recording must give what the whole gives.
fn try_cuts(out: &mut impl Write) -> io::Result<Verdict> {
    let mut tried = 0;
    let mut different = 0;
    for (_, stream) in RECORDINGS {
        let whole = read([stream]);
        for cut in 0..=stream.len() {
            let (a, b) = stream.split_at(cut);
            tried += 1;
            different += u64::from(read([a, b]) != whole);
        }
        tried += 1;
        different += u64::from(read(stream.chunks(1)) != whole);
    }
    let tried = counted(tried, "way");
    if different == 0 {
        writeln!(
            out,
            "Cut in {tried}, at every byte and byte by byte: one result."
        )?;
        return Ok(Verdict::Fine);
    }
    writeln!(out, "Cut in {tried}: {different} read differently.")?;
    Ok(Verdict::NotFine)
}

/// What an event costs, from bytes to completion.
fn measure(out: &mut impl Write) -> io::Result<()> {
    const ROUNDS: u32 = 200;
    let read_all = || {
        let mut events = 0;
        for (_, stream) in RECORDINGS {
            events += black_box(read([black_box(stream)])).stats.events;
        }
        events
    };
    let mut fastest = Duration::MAX;
    for _ in 0..ROUNDS {
        let began = Instant::now();
        read_all();
        fastest = fastest.min(began.elapsed());
    }
    let mut events = 0;
    let allocations = allocation_counter::measure(|| events = read_all());
    #[expect(clippy::cast_precision_loss, reason = "small numbers")]
    let (time, allocations) = (
        fastest.as_nanos() as f64 / events as f64,
        allocations.count_total as f64 / events as f64,
    );
    writeln!(
        out,
        "In this run an event took {time:.0} ns and {allocations:.1} allocations, bytes to \
         completion: the fastest of {ROUNDS} rounds over these {}, each stream anew.",
        counted(events, "event"),
    )
}
