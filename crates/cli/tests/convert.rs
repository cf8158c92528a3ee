//! `convert`: the streams of cassettes, as the built command writes them.

mod common;

use std::fs;

use common::{check, corpus, fed, output as run, path, text};

#[test]
fn cassettes_give_their_streams_byte_for_byte() {
    for (name, streams) in [
        ("cerebras-hi.yaml", &["cerebras-hi"][..]),
        (
            "cerebras-weather.yaml",
            &["cerebras-weather-1", "cerebras-weather-2"],
        ),
        ("cerebras-capital.json", &["cerebras-capital"]),
        ("groq-hi.yaml", &["groq-hi"]),
        (
            "huggingface-add-multiply.yaml",
            &["huggingface-add-multiply-1", "huggingface-add-multiply-2"],
        ),
    ] {
        let directory = tempfile::tempdir().expect("a directory");
        let output = directory.path().join("new");
        let cassette = corpus(&format!("cassettes/{name}"));
        let told = run(&["convert", &cassette, "-o", path(&output)]);
        assert_eq!(told.status.code(), Some(0), "{}", text(&told.stderr));
        assert_eq!(text(&told.stdout).lines().count(), streams.len());
        assert_eq!(
            fs::read_dir(&output).expect("it is made").count(),
            streams.len()
        );
        for stream in streams {
            let written = fs::read(output.join(stream).with_extension("sse"));
            let expected =
                fs::read(corpus(&format!("recordings/{stream}.sse"))).expect("it is there");
            assert!(written.expect("it is written") == expected, "{stream}");
        }
    }
}

#[test]
fn a_cassette_without_a_stream_says_so() {
    let directory = tempfile::tempdir().expect("a directory");
    let output = path(directory.path());
    for (cassette, why) in [
        (
            "version: 2\ninteractions: []\n",
            "the cassette holds no streamed response",
        ),
        (
            "interactions:\n- response:\n    body: '{}'\n    headers:\n      Content-Type: [application/json]\n",
            "the cassette holds no streamed response",
        ),
        (
            "{\"response\":{\"body\":{}}}",
            "the cassette holds no streamed response",
        ),
        (
            "{\"response\":{\"body\":[{}]}}",
            "no llama-stack recording: expected `__data__` in object 0 of the body",
        ),
    ] {
        let error = format!("deltaic: -: {why}\n");
        check(&["convert", "-", "-o", output], cassette, 2, "", &error);
    }
    for (cassette, start) in [
        ("a: [", "deltaic: -: no cassette of go-vcr or VCR.py: "),
        (
            "a: 1\na: 2\n",
            "deltaic: -: no cassette of go-vcr or VCR.py: ",
        ),
        ("{\"a\":", "deltaic: -: no JSON: "),
        // The byte that is wrong is shown, and is the end of a line.
        ("{\"response\":{\"body\":[-\n]}}", "deltaic: -: no JSON: "),
        ("{}", "deltaic: -: no llama-stack recording: "),
        ("\u{0}", "deltaic: -: no cassette of go-vcr or VCR.py: "),
    ] {
        let told = fed(&["convert", "-", "-o", output], cassette);
        assert_eq!(told.status.code(), Some(2));
        assert!(
            text(&told.stderr).starts_with(start),
            "{}",
            text(&told.stderr)
        );
        assert_eq!(
            text(&told.stderr).lines().count(),
            1,
            "{}",
            text(&told.stderr)
        );
    }
    assert_eq!(
        fs::read_dir(directory.path()).expect("it is there").count(),
        0
    );
}

#[test]
fn two_cassettes_of_one_name_give_two_streams() {
    let directory = tempfile::tempdir().expect("a directory");
    for below in ["a", "b"] {
        fs::create_dir(directory.path().join(below)).expect("it is made");
        let to = directory.path().join(below).join("hi.yaml");
        fs::copy(corpus("cassettes/groq-hi.yaml"), to).expect("it is copied");
    }
    let output = directory.path().join("new");
    let told = run(&["convert", path(directory.path()), "-o", path(&output)]);
    assert_eq!(told.status.code(), Some(0));
    let stream = fs::read(corpus("recordings/groq-hi.sse")).expect("it is there");
    for name in ["hi.sse", "hi~2.sse"] {
        assert_eq!(fs::read(output.join(name)).expect(name), stream);
    }
}

#[test]
fn a_stream_is_no_cassette_and_no_directory_is_left_for_it() {
    let directory = tempfile::tempdir().expect("a directory");
    let output = directory.path().join("new");
    let name = corpus("recordings/groq-hi.sse");
    let told = run(&["convert", &name, "-o", path(&output)]);
    let error = format!("deltaic: {name}: is a stream already, expected a cassette\n");
    assert_eq!((told.status.code(), text(&told.stderr)), (Some(2), &*error));
    assert!(!output.exists());
    // Nor are there any where only streams are.
    let streams = tempfile::tempdir().expect("a directory");
    fs::copy(&name, streams.path().join("a.sse")).expect("it is copied");
    let name = path(streams.path());
    let told = run(&["convert", name, "-o", path(&output)]);
    let error = format!("deltaic: {name}: holds streams, expected a cassette\n");
    assert_eq!((told.status.code(), text(&told.stderr)), (Some(2), &*error));
}

#[test]
fn streams_of_one_name_never_replace_each_other() {
    let directory = tempfile::tempdir().expect("a directory");
    let at = |name: &str| directory.path().join("in").join(name);
    fs::create_dir(directory.path().join("in")).expect("it is made");
    for name in ["a.yaml", "a.yml", "a~2.yaml"] {
        fs::copy(corpus("cassettes/groq-hi.yaml"), at(name)).expect("it is copied");
    }
    let output = directory.path().join("new");
    let told = run(&[
        "convert",
        path(&directory.path().join("in")),
        "-o",
        path(&output),
    ]);
    assert_eq!(told.status.code(), Some(0), "{}", text(&told.stderr));
    assert_eq!(fs::read_dir(&output).expect("it is made").count(), 3);
    let again = run(&[
        "convert",
        path(&at("a.yaml")),
        "-o",
        path(&output),
        "--force",
    ]);
    assert_eq!(again.status.code(), Some(0));
}
