//! The streams of cassettes, however those keep them.

use std::{fs, io::Write};

use base64::{Engine, prelude::BASE64_STANDARD};
use deltaic_cli::cassette::streams;
use flate2::{
    Compression,
    write::{GzEncoder, ZlibEncoder},
};
use serde_json::{Value, json};

fn stream() -> Vec<u8> {
    let directory = deltaic_corpus::directory().join("recordings");
    fs::read(directory.join("groq-hi.sse")).expect("it is there")
}

fn text() -> String {
    String::from_utf8(stream()).expect("it is UTF-8")
}

fn gzipped() -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(&stream()).expect("it is memory");
    gzip.finish().expect("it is memory")
}

fn deflated() -> Vec<u8> {
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::best());
    zlib.write_all(&stream()).expect("it is memory");
    zlib.finish().expect("it is memory")
}

fn in_base64(bytes: &[u8]) -> String {
    BASE64_STANDARD.encode(bytes)
}

#[track_caller]
fn gives_the_stream(cassette: &str) {
    let streams = streams(cassette.into());
    assert_eq!(streams.as_deref(), Ok(&[stream()][..]), "{cassette}");
}

#[track_caller]
fn is_refused(cassette: &str, why: &str) {
    let error = streams(cassette.into()).expect_err(cassette);
    assert!(error.contains(why), "{error}");
}

/// As VCR.py writes it, with this body and these headers.
fn vcr_py(body: &str, headers: &str) -> String {
    format!(
        "interactions:\n- request:\n    body: null\n    method: POST\n    uri: https://a/v1\n  \
         response:\n    body:\n      {body}\n    headers:\n{headers}    status:\n      \
         code: 200\n      message: OK\nversion: 1\n"
    )
}

const TYPE: &str = "      Content-Type:\n      - text/event-stream; charset=utf-8\n";

fn encoded(encoding: &str) -> String {
    format!("{TYPE}      Content-Encoding:\n      - {encoding}\n")
}

/// A YAML scalar that breaks its lines as VCR.py does.
fn binary(bytes: &[u8]) -> String {
    let base64 = in_base64(bytes);
    let lines: Vec<&str> = base64
        .as_bytes()
        .chunks(60)
        .map(|line| str::from_utf8(line).expect("it is ASCII"))
        .collect();
    format!("string: !!binary |\n        {}", lines.join("\n        "))
}

#[test]
fn vcr_py_keeps_text_as_it_came() {
    let quoted = Value::from(text()).to_string();
    gives_the_stream(&vcr_py(&format!("string: {quoted}"), TYPE));
    // Some recorders take the compression out and leave its header.
    gives_the_stream(&vcr_py(&format!("string: {quoted}"), &encoded("gzip")));
}

#[test]
fn vcr_py_keeps_what_is_compressed_in_base64() {
    gives_the_stream(&vcr_py(&binary(&gzipped()), &encoded("gzip")));
    gives_the_stream(&vcr_py(&binary(&deflated()), &encoded("deflate")));
    let brotli = vcr_py(&binary(b"\x0B\x02\x80"), &encoded("br"));
    is_refused(
        &brotli,
        "a body is compressed with br, expected gzip or deflate",
    );
    let broken = vcr_py(&binary(&gzipped()[..40]), &encoded("gzip"));
    is_refused(&broken, "a body is not gzip, as it says: ");
}

#[test]
fn vcr_py_in_json_is_read_too() {
    let interaction = |body: Value| {
        let headers = json!({"content-type": "text/event-stream"});
        let response = json!({"body": body, "headers": headers, "status": {"code": 200}});
        json!({"version": 1, "interactions": [{"request": {}, "response": response}]}).to_string()
    };
    gives_the_stream(&interaction(json!({"string": text()})));
    gives_the_stream(&interaction(json!({"base64_string": in_base64(&stream())})));
    is_refused(
        &interaction(json!({"base64_string": "?"})),
        "a `base64_string` is no base64",
    );
    is_refused(
        &interaction(json!({"other": 1})),
        "the cassette holds no streamed response",
    );
}

#[test]
fn an_archive_gives_its_streams_and_nothing_else() {
    let archive = |content: Value| {
        let other = json!({"response": {"content": {"mimeType": "text/html", "text": "data:"}}});
        let entry = json!({"response": {"content": content}});
        let none = json!({"response": {"content": {"mimeType": ""}}});
        json!({"log": {"version": "1.2", "entries": [other, entry, none]}}).to_string()
    };
    let mime = "text/event-stream; charset=utf-8";
    gives_the_stream(&archive(json!({"mimeType": mime, "text": text()})));
    gives_the_stream(&archive(json!({"mimeType": "", "text": text()})));
    let base64 = in_base64(&stream());
    gives_the_stream(&archive(
        json!({"mimeType": mime, "text": base64, "encoding": "base64"}),
    ));
    is_refused(
        &archive(json!({"mimeType": mime, "text": "?", "encoding": "base64"})),
        "the text of a response is no base64, as it says",
    );
    is_refused(
        &archive(json!({"mimeType": "application/json", "text": "data:"})),
        "the cassette holds no streamed response",
    );
    is_refused(r#"{"log":{}}"#, "no HTTP archive: ");
}

#[test]
fn what_is_no_cassette_is_told_in_plain_words_with_the_place() {
    let deep = "[".repeat(3_000) + &"]".repeat(3_000);
    let many = format!(
        "interactions:\n- response:\n    body: [{}]\n",
        "1,".repeat(300_000)
    );
    let archive = |entries: &str| format!("{{\"log\":{{\"entries\":{entries}}}}}");
    for (cassette, why) in [
        (
            r#"{"log":{}}"#.into(),
            "no HTTP archive: missing field `entries` at line 1 column 9",
        ),
        (
            archive(r#"[{"response":{"content":5}}]"#),
            "no HTTP archive: invalid type: integer `5`, expected an object at line 1 column 43",
        ),
        (
            archive("[1 2]"),
            "no JSON: expected `,` or `]` at line 1 column 22",
        ),
        (
            format!("{{\"request\":1,\"response\":{{\"body\":{deep}}}}}"),
            "no llama-stack recording: recursion limit exceeded at line 1 column 158",
        ),
        (
            r#"{"interactions":[{"response":{"body":5}}]}"#.into(),
            "no cassette of go-vcr or VCR.py: expected a text, or an object with `string` or \
             `base64_string` at line 1 column 39",
        ),
        (
            "interactions: []\nversion: 1\nversion: 2\n".into(),
            "no cassette of go-vcr or VCR.py: expected `version` once at line 3, column 1",
        ),
        (
            many,
            "no cassette of go-vcr or VCR.py: has more parts than are read at line 3, column 499996",
        ),
    ] {
        assert_eq!(streams(cassette.into()), Err(why.into()));
    }
}
