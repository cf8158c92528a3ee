//! The tables of `docs/dialects.md` are those of the corpus.
//!
//! `DELTAIC_WRITE_DOCS=1 cargo test -p deltaic --all-features --test docs` writes
//! them anew.

use std::{env, fmt::Write, fs, path::Path};

use deltaic::FindingKind;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Dialect {
    oddity: String,
    place: String,
    providers: Vec<String>,
    result: String,
    source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Regression {
    thread: String,
    defect: String,
    result: String,
    source: String,
}

/// The places, in the order of the table.
const PLACES: &[&str] = &[
    "stream",
    "chunk",
    "choice",
    "message",
    "tool calls",
    "usage",
    "no stream",
];

/// What stands beside the streams of a folder, with their names.
fn provenance<T: for<'d> Deserialize<'d>>(folder: &str) -> Vec<(String, T)> {
    let root = deltaic_corpus::directory().join(folder);
    let streams = deltaic_corpus::below(&root).into_iter();
    streams
        .map(|stream| {
            let path = root.join(format!("{}.toml", stream.name));
            let text = fs::read_to_string(&path).expect("each stream has its provenance");
            let read = toml::from_str(&text);
            let read = read.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            (stream.name, read)
        })
        .collect()
}

fn oddities() -> String {
    let mut rows = String::new();
    let all: Vec<(String, Dialect)> = provenance("dialects");
    for (name, one) in &all {
        assert!(PLACES.contains(&&*one.place), "{name}: {}", one.place);
        assert!(!one.source.is_empty(), "{name}");
    }
    for place in PLACES {
        for (name, one) in all.iter().filter(|(_, one)| one.place == *place) {
            let providers = match &*one.providers {
                [] => "–".to_owned(),
                some => some.join(", "),
            };
            let (oddity, result) = (&one.oddity, &one.result);
            let link = format!("[{name}](../corpus/dialects/{name}.sse)");
            let _ = writeln!(
                rows,
                "| {place} | {oddity} | {providers} | {result} | {link} |"
            );
        }
    }
    rows
}

fn defects() -> String {
    let mut rows = String::new();
    for (name, one) in provenance::<Regression>("regress") {
        assert!(!one.source.is_empty(), "{name}");
        let (thread, defect, result) = (&one.thread, &one.defect, &one.result);
        let link = format!("[{name}](../corpus/regress/{name}.sse)");
        let _ = writeln!(rows, "| {thread} | {defect} | {result} | {link} |");
    }
    rows
}

fn findings() -> String {
    let mut rows = String::new();
    for kind in FindingKind::ALL {
        let _ = writeln!(
            rows,
            "| `{}` | {} | {} |",
            kind.name(),
            kind.severity(),
            kind.meaning()
        );
    }
    rows
}

#[test]
fn the_tables_are_those_of_the_corpus() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/dialects.md");
    let text = fs::read_to_string(&path).expect("it is there");
    let mut expected = text.clone();
    for (name, rows) in [
        ("oddities", oddities()),
        ("defects", defects()),
        ("findings", findings()),
    ] {
        let (begin, end) = (
            format!("<!-- {name} -->\n"),
            format!("<!-- end of {name} -->"),
        );
        let (before, rest) = expected.split_once(&begin).expect("the table begins");
        let (table, after) = rest.split_once(&end).expect("the table ends");
        let head: String = table.split_inclusive('\n').take(2).collect();
        expected = [before, &begin, &head, &rows, &end, after].concat();
    }
    if env::var_os("DELTAIC_WRITE_DOCS").is_some() {
        fs::write(&path, &expected).expect("it can be written");
        return;
    }
    assert!(
        text == expected,
        "docs/dialects.md has drifted: see the head of this file"
    );
}
