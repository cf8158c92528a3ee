//! The properties, as a fuzzer sees them.

use std::fs;

use arbitrary::{Arbitrary, Unstructured};
use deltaic_corpus::{made, own};

use crate::{
    alike::Alike, cassettes, framing, input::Cut, json, messy::Messy, passing, reading, round_trip,
    splicing,
};

/// A property over plain bytes.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Its name, which is that of the fuzz target.
    pub name: &'static str,
    /// Panics where the property does not hold.
    pub check: fn(&[u8]),
    /// Inputs to begin with.
    pub seeds: fn() -> Vec<Vec<u8>>,
}

/// All of them.
pub const TARGETS: &[Target] = &[
    Target {
        name: "frame",
        check: frame,
        seeds: limited_recordings,
    },
    Target {
        name: "parse",
        check: json::check,
        seeds: payloads,
    },
    Target {
        name: "read",
        check: read,
        seeds: cut_recordings,
    },
    Target {
        name: "assemble",
        check: assemble,
        seeds: random,
    },
    Target {
        name: "template",
        check: template,
        seeds: random,
    },
    Target {
        name: "round_trip",
        check: round_trip,
        seeds: random,
    },
    Target {
        name: "pass",
        check: pass,
        seeds: random,
    },
    Target {
        name: "splice",
        check: splice,
        seeds: spliced_recordings,
    },
    Target {
        name: "convert",
        check: cassettes::check,
        seeds: cassette_files,
    },
];

/// Checks these bytes by the property of this name.
///
/// # Panics
///
/// Where the property does not hold, and if there is none of the name.
pub fn check(name: &str, bytes: &[u8]) {
    let target = TARGETS.iter().find(|target| target.name == name);
    (target.expect("a name in `TARGETS`").check)(bytes);
}

/// Streams of any bytes.
fn frame(bytes: &[u8]) {
    let (limit, bytes) = bytes.split_last().unwrap_or((&0, &[]));
    let Cut { stream, places } = Cut::read(bytes);
    framing::check(stream, &places, usize::from(*limit));
}

/// Responses of any bytes.
fn read(bytes: &[u8]) {
    let Cut { stream, places } = Cut::read(bytes);
    reading::check(stream, &places);
}

/// Streams that look like those of servers.
fn assemble(bytes: &[u8]) {
    let mut u = Unstructured::new(bytes);
    let Ok(places) = u.arbitrary::<[u16; 4]>() else {
        return;
    };
    if let Ok(Messy(stream)) = Messy::arbitrary(&mut u) {
        reading::check(&stream, &places.map(usize::from));
    }
}

/// Streams whose events are nearly alike.
fn template(bytes: &[u8]) {
    let mut u = Unstructured::new(bytes);
    let Ok(places) = u.arbitrary::<[u16; 4]>() else {
        return;
    };
    if let Ok(Alike(stream)) = Alike::arbitrary(&mut u) {
        reading::check(&stream, &places.map(usize::from));
    }
}

/// Streams of either kind, passed on.
fn pass(bytes: &[u8]) {
    let mut u = Unstructured::new(bytes);
    let Ok(places) = u.arbitrary::<[u16; 4]>() else {
        return;
    };
    let stream = match u.arbitrary() {
        Ok(true) => Messy::arbitrary(&mut u).map(|Messy(stream)| stream),
        _ => Alike::arbitrary(&mut u).map(|Alike(stream)| stream),
    };
    if let Ok(stream) = stream {
        passing::check(&stream, &places.map(usize::from));
    }
}

/// Streams of any bytes that are passed on: which edits, and a limit, stand at their
/// end.
fn splice(bytes: &[u8]) {
    let (&[which, limit], bytes) = bytes
        .split_last_chunk()
        .map_or((&[0, 0], bytes), |(rest, last)| (last, rest));
    let Cut { stream, places } = Cut::read(bytes);
    splicing::check(stream, &places, usize::from(which), usize::from(limit));
}

fn round_trip(bytes: &[u8]) {
    if let Ok(told) = round_trip::Told::arbitrary(&mut Unstructured::new(bytes)) {
        round_trip::check(&told);
    }
}

/// The recordings and the streams made by hand, each cut at a few places.
fn cut_recordings() -> Vec<Vec<u8>> {
    let recordings = own().into_iter().chain(made());
    recordings
        .map(|recording| Cut::write(&recording.bytes, &[1, 70, 71, 700]))
        .collect()
}

/// The same, and a limit that some of their events exceed.
fn limited_recordings() -> Vec<Vec<u8>> {
    let mut seeds = cut_recordings();
    for seed in &mut seeds {
        seed.push(200);
    }
    seeds
}

/// The same, with edits and a limit.
fn spliced_recordings() -> Vec<Vec<u8>> {
    let mut seeds = cut_recordings();
    for (which, seed) in (0..=4).cycle().zip(&mut seeds) {
        seed.extend([which, 250]);
    }
    seeds
}

/// The data of their events.
fn payloads() -> Vec<Vec<u8>> {
    let recordings = own().into_iter().chain(made());
    let told = recordings.map(|recording| framing::all_faces(&[&recording.bytes]));
    let events = told.flat_map(|told| told.events());
    let mut data: Vec<_> = events.map(|event| event.data).collect();
    data.sort();
    data.dedup();
    data
}

fn cassette_files() -> Vec<Vec<u8>> {
    let entries = fs::read_dir(deltaic_corpus::directory().join("cassettes"));
    let entries = entries.into_iter().flatten().flatten();
    entries
        .filter_map(|entry| fs::read(entry.path()).ok())
        .collect()
}

/// Bytes of which each makes a choice: those of any generator will do.
fn random() -> Vec<Vec<u8>> {
    let mut state = 1_u64;
    let mut next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        state.to_be_bytes()[0]
    };
    (1..=64)
        .map(|len| (0..16 * len).map(|_| next()).collect())
        .collect()
}
