//! Which files the built command writes, and which it leaves alone.

mod common;

use std::fs;

use common::{corpus, output as run, path, text};

#[test]
fn nothing_that_is_there_is_written_over() {
    let directory = tempfile::tempdir().expect("a directory");
    let at = |name: &str| path(&directory.path().join(name)).to_owned();
    let cassette = fs::read(corpus("cassettes/cerebras-capital.json")).expect("it is there");
    fs::write(at("chat.json"), &cassette).expect("it is written");
    let name = path(directory.path());
    let told = run(&["convert", name, "-o", name, "--to", "json"]);
    let error = format!(
        "deltaic: {}: would be replaced by what is made of it, expected another file after -o\n",
        at("chat.json")
    );
    assert_eq!((told.status.code(), text(&told.stderr)), (Some(2), &*error));
    assert_eq!(fs::read(at("chat.json")).expect("it is there"), cassette);
    let stream = fs::read(corpus("recordings/groq-hi.sse")).expect("it is there");
    fs::write(at("a.sse"), &stream).expect("it is written");
    let other = format!("{name}/./a.sse");
    for command in [
        &["view", &at("a.sse"), "-o", &other][..],
        &["min", &at("a.sse"), "--outcome", "done", "-o", &other],
    ] {
        assert_eq!(run(command).status.code(), Some(2), "{command:?}");
        assert_eq!(
            fs::read(at("a.sse")).expect("it is there"),
            stream,
            "{command:?}"
        );
    }
}

#[test]
fn a_file_is_replaced_where_that_is_asked_for_or_it_is_a_page() {
    let directory = tempfile::tempdir().expect("a directory");
    let at = |name: &str| path(&directory.path().join(name)).to_owned();
    let stream = fs::read(corpus("recordings/groq-hi.sse")).expect("it is there");
    fs::write(at("a.sse"), &stream).expect("it is written");
    let min = ["min", &at("a.sse"), "--outcome", "done", "-o", &at("b")];
    let (beside, elsewhere) = (
        ["view", &at("a.sse")],
        ["view", &at("a.sse"), "-o", &at("b")],
    );
    for (arguments, output) in [
        (&min[..], at("b")),
        (&beside, at("a.html")),
        (&elsewhere, at("b")),
    ] {
        fs::write(&output, "old").expect("it is written");
        let told = run(arguments);
        let error = format!("deltaic: {output}: exists, expected a new file, or --force\n");
        assert_eq!((told.status.code(), text(&told.stderr)), (Some(2), &*error));
        assert_eq!(fs::read(&output).expect("it is there"), b"old");
        let told = run(&[arguments, &["--force"]].concat());
        assert_eq!(told.status.code(), Some(0), "{}", text(&told.stderr));
        assert_ne!(fs::read(&output).expect("it is there"), b"old");
        // A page is made of the recording again; a stream is somebody's.
        let again = run(arguments).status.code();
        assert_eq!(again, Some(if arguments[0] == "view" { 0 } else { 2 }));
    }
}

#[test]
#[cfg(unix)]
fn what_is_no_file_is_written_to_and_loses_nothing() {
    let name = corpus("recordings/groq-hi.sse");
    for command in [&["min", "--outcome", "done"][..], &["view"]] {
        let told = run(&[command, &[&name, "-o", "/dev/null"]].concat());
        assert_eq!(told.status.code(), Some(0), "{}", text(&told.stderr));
    }
}

#[test]
fn the_recording_is_kept_by_whichever_name() {
    let directory = tempfile::tempdir().expect("a directory");
    let at = |name: &str| path(&directory.path().join(name)).to_owned();
    let stream = fs::read(corpus("recordings/groq-hi.sse")).expect("it is there");
    fs::write(at("a.sse"), &stream).expect("it is written");
    fs::hard_link(at("a.sse"), at("b.html")).expect("it is linked");
    let cassette = fs::read(corpus("cassettes/cerebras-capital.json")).expect("it is there");
    fs::write(at("c.json"), &cassette).expect("it is written");
    let why = "would be replaced by what is made of it, expected another file after -o";
    for (arguments, kept) in [
        (
            &["view", &at("a.sse"), "-o", &at("b.html")][..],
            at("b.html"),
        ),
        (
            &["min", &at("a.sse"), "-o", &at("b.html"), "--outcome=done"],
            at("b.html"),
        ),
        (
            &["convert", &at("c.json"), "-o", &at(""), "--to", "json"],
            at("c.json"),
        ),
    ] {
        if cfg!(not(unix)) && arguments[0] != "convert" {
            continue;
        }
        let told = run(&[arguments, &["--force"]].concat());
        let error = format!("deltaic: {kept}: {why}\n");
        assert_eq!((told.status.code(), text(&told.stderr)), (Some(2), &*error));
    }
    assert_eq!(fs::read(at("a.sse")).expect("it is there"), stream);
    assert_eq!(fs::read(at("c.json")).expect("it is there"), cassette);
}
