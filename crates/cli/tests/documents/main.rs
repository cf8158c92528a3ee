//! What the documents and the help of the command tell people to type works as it stands.
//!
//! Of a document that is each `sh` block: its lines for `deltaic` are run in turn, in a
//! directory that has the files they name. A block of what a command prints stands right behind
//! it (`text` or `json`), and is compared with what its last line printed. A line whose comment
//! says `exit status 1` must end so, every other with 0.
//!
//! `rust` blocks are compiled and run as doctests: here is only seen to that none is forgotten. What a
//! `toml` block asks of our crates is to be had. Lines for `cargo` are run by `.ci/documents`.

#![cfg(unix)]

mod blocks;
mod links;
mod manifests;
mod run;

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;
use walkdir::WalkDir;

use blocks::{Block, blocks, commands};
use links::{headings, links};
use manifests::Crates;
use run::{Ran, Shell};

/// What the lines begin with that are not for `deltaic`, and not run.
const OTHERS: &[&str] = &[
    "cargo", "cd", "curl", "echo", "git", "just", "ls", "rustup", "valgrind",
];

/// What else a block may hold; a picture has no name.
const KINDS: &[&str] = &["", "rust", "toml"];

fn root() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    root.canonicalize()
        .expect("the crate lies in the repository")
}

/// The files of the repository whose names end so.
fn files(ending: &str) -> Vec<PathBuf> {
    let is_ours = |name: &str| !name.starts_with('.') && name != "target";
    let all = WalkDir::new(root()).sort_by_file_name().into_iter();
    let all = all.filter_entry(|entry| is_ours(&entry.file_name().to_string_lossy()));
    all.map(|entry| entry.expect("it can be looked into").into_path())
        .filter(|path| path.to_string_lossy().ends_with(ending))
        .collect()
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The code blocks of all documents.
fn all_blocks() -> Vec<(PathBuf, Vec<Block>)> {
    let documents = files(".md").into_iter();
    let all: Vec<_> = documents
        .map(|path| {
            let blocks = blocks(&read(&path));
            (path, blocks)
        })
        .collect();
    assert!(all.len() > 10, "the documents are found");
    all
}

/// A line of a document or of the help, by the words it begins with.
#[track_caller]
fn is_for_deltaic(line: &str, place: &str) -> bool {
    let mut words = line.split_whitespace();
    if words.clone().any(|word| word == "deltaic") {
        return true;
    }
    let first = words.find(|word| !word.contains('='));
    let is_known = first.is_none_or(|word| OTHERS.contains(&word) || word.starts_with('#'));
    assert!(is_known, "{place}: what is this for? {line}");
    false
}

#[test]
fn what_documents_tell_to_type_works() {
    let mut count = 0;
    for (path, blocks) in all_blocks() {
        let mut printed: Option<Ran> = None;
        for block in &blocks {
            let place = format!("{}:{}", path.display(), block.line);
            let before = printed.take().filter(|_| block.is_right_behind);
            match (block.kind.as_str(), before) {
                ("sh", _) => {
                    let shell = Shell::new();
                    for line in commands(&block.text) {
                        let line = line.replace("cargo run --release -p deltaic-cli --", "deltaic");
                        if is_for_deltaic(&line, &place) {
                            count += 1;
                            let code = i32::from(line.contains("exit status 1"));
                            printed = Some(shell.check(&line, &[code], &place));
                        }
                    }
                }
                ("json" | "text", Some(Ran { stdout: None })) => {}
                (
                    "json",
                    Some(Ran {
                        stdout: Some(stdout),
                    }),
                ) => {
                    let value = |text: &str| {
                        let value = text.parse::<Value>();
                        value.unwrap_or_else(|error| panic!("{place}: {error}: {text}"))
                    };
                    assert_eq!(value(&stdout), value(&block.text), "{place}");
                }
                (
                    "text",
                    Some(Ran {
                        stdout: Some(stdout),
                    }),
                ) => {
                    assert_eq!(stdout, block.text, "{place}");
                }
                ("json" | "text", None) => panic!("{place}: what prints this?"),
                (kind, _) => assert!(KINDS.contains(&kind), "{place}: a block of kind `{kind}`"),
            }
        }
    }
    assert!(count > 4, "lines are found");
}

#[test]
fn what_the_help_tells_to_type_works() {
    let deltaic = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_deltaic"))
            .args(arguments)
            .output()
            .expect("the command runs");
        String::from_utf8(output.stdout).expect("the help is UTF-8")
    };
    let section = |help: &str, name: &str| -> Vec<String> {
        let lines = help.lines().skip_while(|line| *line != name).skip(1);
        let lines = lines.take_while(|line| line.starts_with("  "));
        lines.map(|line| line.trim().to_owned()).collect()
    };
    let help = deltaic(&["--help"]);
    let listed = section(&help, "Commands:");
    let names = listed.iter().filter_map(|line| line.split(' ').next());
    let names: Vec<_> = names.filter(|name| *name != "help").collect();
    assert!(names.contains(&"read"), "commands are found");
    let mut helps = vec![("deltaic".to_owned(), help.clone())];
    helps.extend(names.iter().map(|name| {
        let place = format!("deltaic {name}");
        (place, deltaic(&[name, "--help"]))
    }));
    for (name, help) in helps {
        let place = format!("{name} --help");
        // What an example names may be complete, and show what it is to show, or not.
        let (_, statuses) = help.split_once("Exit status").unwrap_or_default();
        let codes: &[i32] = if statuses.contains('1') {
            &[0, 1]
        } else {
            &[0]
        };
        let shell = Shell::new();
        let examples = section(&help, "Examples:");
        assert_eq!(help.contains("Examples:"), !examples.is_empty(), "{place}");
        for line in examples {
            // What it is for stands behind it, without a sign of its own.
            let line = line.split("  ").next().unwrap_or_default();
            if is_for_deltaic(line, &place) {
                shell.check(line, codes, &place);
            }
        }
    }
}

/// Documents are doctests of a crate that includes them.
#[test]
fn every_rust_block_is_a_doctest() {
    let mut included = BTreeSet::new();
    for source in files("lib.rs") {
        let text = read(&source);
        for rest in text.split("include_str!(\"").skip(1) {
            let name = rest.split('"').next().unwrap_or_default();
            let path = source.with_file_name("").join(name);
            included.insert(path.canonicalize().expect("what is included is there"));
        }
    }
    assert!(included.contains(&root().join("README.md")));
    for (path, blocks) in all_blocks() {
        for block in blocks.iter().filter(|block| block.kind.starts_with("rust")) {
            let place = format!("{}:{}", path.display(), block.line);
            assert!(included.contains(&path), "{place}: no crate tests this");
            assert_eq!(block.kind, "rust", "{place}: it is to run");
        }
    }
}

#[test]
fn what_manifests_are_to_say_can_be_had() {
    let [workspace, manifests @ ..] = &*files("Cargo.toml") else {
        panic!("manifests are found");
    };
    let of_crates = |path: &&PathBuf| path.starts_with(root().join("crates"));
    let crates = manifests.iter().filter(of_crates).cloned();
    let crates = Crates::new(workspace, &crates.collect::<Vec<_>>());
    let mut count = 0;
    for (path, blocks) in all_blocks() {
        for block in blocks.iter().filter(|block| block.kind == "toml") {
            crates.check(&block.text, &format!("{}:{}", path.display(), block.line));
            count += 1;
        }
    }
    assert!(count > 2, "blocks are found");
}

#[test]
fn links_lead_to_what_is_there() {
    let mut count = 0;
    for path in files(".md") {
        for link in links(&read(&path)) {
            let (name, anchor) = link.split_once('#').unwrap_or((&link, ""));
            let to = match name {
                "" => path.clone(),
                name => path.with_file_name("").join(name),
            };
            assert!(to.exists(), "{}: no file at {link}", path.display());
            let is_there =
                anchor.is_empty() || headings(&read(&to)).iter().any(|found| found == anchor);
            assert!(is_there, "{}: no heading at {link}", path.display());
            count += 1;
        }
    }
    assert!(count > 100, "links are found");
}
