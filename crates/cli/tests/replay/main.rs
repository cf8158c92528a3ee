//! `deltaic replay`, asked over loopback.

#[path = "../common/mod.rs"]
mod common;
mod server;

use std::{
    fs,
    io::{self, ErrorKind, Read, Write},
    net::TcpListener,
    path::PathBuf,
    thread,
    time::{Duration, Instant},
};

use common::{WHOLE, path, run};
use serde_json::Value;
use server::Server;
use tempfile::TempDir;

/// A directory with a recording, and with its times if there are any.
fn recording(bytes: &[u8], times: &str) -> (TempDir, PathBuf) {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("a.sse");
    fs::write(&file, bytes).expect("it is written");
    if !times.is_empty() {
        fs::write(file.with_extension("times"), times).expect("it is written");
    }
    (directory, file)
}

/// Where the events of `WHOLE` end.
fn lens_of_events() -> Vec<usize> {
    let events = WHOLE.split_inclusive("\n\n");
    events.map(str::len).collect()
}

const TIMES: &str = "# remark\n50000 30\n150000 60\n250000 30\n300000 0\n";

#[test]
fn any_request_is_answered_with_the_next_recording() {
    let recordings = deltaic_corpus::own()
        .into_iter()
        .chain(deltaic_corpus::made());
    let recordings: Vec<_> = recordings.collect();
    let directory = tempfile::tempdir().expect("a directory");
    let files: Vec<PathBuf> = (0..recordings.len())
        .map(|number| directory.path().join(number.to_string()))
        .collect();
    for (file, recording) in files.iter().zip(&recordings) {
        fs::write(file, &recording.bytes).expect("it is written");
    }
    let mut arguments: Vec<&str> = files.iter().map(|file| path(file)).collect();
    arguments.push("--once");
    let server = Server::start(&arguments);
    let requests = [
        "GET / HTTP/1.1\r\nhost: a\r\n\r\n",
        "POST /v1/chat/completions HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\n\r\n{}",
    ];
    for (recording, request) in recordings.iter().zip(requests.into_iter().cycle()) {
        let answer = server.ask_for(request);
        let head = answer.head.to_lowercase();
        assert!(head.starts_with("http/1.1 200 ok\r\n"), "{head}");
        assert!(
            head.contains("\r\ncontent-type: text/event-stream\r\n"),
            "{head}"
        );
        assert!(
            answer.chunks.concat() == recording.bytes,
            "{}",
            recording.name
        );
        assert_eq!(answer.end, Ok(()), "{}", recording.name);
    }
    server.ends();
}

#[test]
fn recordings_are_taken_in_turn_until_it_is_ended() {
    let (_a, first) = recording(WHOLE.as_bytes(), "");
    let (_b, second) = recording(b": hm\n\n", "");
    let server = Server::start(&[path(&first), path(&second)]);
    for _ in 0..3 {
        assert_eq!(server.ask().text(), WHOLE);
        assert_eq!(server.ask().text(), ": hm\n\n");
    }
    server.goes_on();
}

#[test]
fn streams_of_a_cassette_are_served_in_turn() {
    let cassette = deltaic_corpus::directory().join("cassettes/cerebras-weather.yaml");
    let server = Server::start(&["--once", path(&cassette)]);
    for number in 1..=2 {
        let stream = format!("recordings/cerebras-weather-{number}.sse");
        let expected = fs::read(deltaic_corpus::directory().join(stream));
        assert!(server.ask().chunks.concat() == expected.expect("it is there"));
    }
    server.ends();
}

#[test]
fn clients_do_not_wait_for_each_other() {
    let (_directory, file) = recording(WHOLE.as_bytes(), "");
    let server = Server::start(&["--once", path(&file)]);
    // One that asks for nothing, and one that goes away.
    let idle = server.connect();
    drop(server.connect());
    assert_eq!(server.ask().text(), WHOLE);
    server.ends();
    drop(idle);
}

#[test]
#[cfg(target_os = "linux")]
fn more_clients_than_it_may_have_do_not_end_it() {
    use std::process::Command;

    let (_directory, file) = recording(WHOLE.as_bytes(), "");
    let mut server = Server::start(&[path(&file)]);
    let limit = Command::new("prlimit")
        .args(["--nofile=20", "--pid", &server.child.id().to_string()])
        .status();
    assert!(limit.expect("it is there").success());
    let idle: Vec<_> = (0..40).map(|_| server.connect()).collect();
    thread::sleep(Duration::from_millis(200));
    let ended = server.child.try_wait().expect("it can be asked");
    assert_eq!(ended, None);
    drop(idle);
    assert_eq!(server.ask().text(), WHOLE);
    server.goes_on();
}

#[test]
fn no_more_is_answered_once_than_there_are_recordings() {
    let (_directory, file) = recording(WHOLE.as_bytes(), "");
    for (fault, times) in [(&[][..], 1), (&[], 2), (&["--fail-with", "429"], 2)] {
        let always = ["--once", "--pace", "100ms"];
        let files = vec![path(&file); times];
        let server = Server::start(&[&always, fault, &files].concat());
        let mut clients: Vec<_> = (0..5).map(|_| server.connect()).collect();
        for client in &mut clients {
            let written = client.write_all(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n");
            written.expect("it is taken");
        }
        let answers = clients.into_iter().filter_map(|mut client| {
            let mut all = Vec::new();
            // It may be reset, as nobody answers.
            let _ = client.read_to_end(&mut all);
            (!all.is_empty()).then_some(all)
        });
        assert_eq!(answers.count(), times, "{fault:?}");
        server.ends();
    }
}

#[test]
fn a_head_takes_no_recording() {
    let (_directory, file) = recording(WHOLE.as_bytes(), "");
    let server = Server::start(&["--once", path(&file)]);
    for _ in 0..2 {
        let answer = server.ask_for("HEAD / HTTP/1.1\r\nhost: a\r\n\r\n");
        let head = answer.head.to_lowercase();
        assert!(head.starts_with("http/1.1 200 ok\r\n"), "{head}");
        assert!(head.contains("content-type: text/event-stream"), "{head}");
        assert_eq!(answer.chunks.len(), 0);
    }
    assert_eq!(server.ask().text(), WHOLE);
    server.ends();
}

#[test]
fn a_long_request_is_read_to_its_end() {
    let (_directory, file) = recording(WHOLE.as_bytes(), "");
    let server = Server::start(&["--once", path(&file)]);
    let long = "a".repeat(20_000_000);
    let head = format!(
        "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: {}\r\n\r\n",
        long.len()
    );
    let answer = server.ask_for(&(head + &long));
    assert_eq!(answer.end, Ok(()));
    assert_eq!(answer.text(), WHOLE);
    server.ends();
}

#[test]
fn pieces_are_those_of_the_recording_or_its_events_or_as_asked() {
    let events = lens_of_events();
    for (times, arguments, expected) in [
        ("", &[][..], &events[..]),
        ("", &["--pace", "none"], &events),
        ("", &["--pace", "1ms"], &events),
        (TIMES, &[], &[30, 60, 30]),
        (TIMES, &["--pace", "none"], &[30, 60, 30]),
        (TIMES, &["--pace", "1ms"], &events),
        (TIMES, &["--split", "40"], &[30, 40, 20, 30]),
        (TIMES, &["--truncate-at", "95"], &[30, 60, 5]),
    ] {
        let (_directory, file) = recording(WHOLE.as_bytes(), times);
        let server = Server::start(&[arguments, &["--once", path(&file)]].concat());
        let answer = server.ask();
        assert_eq!(answer.lens(), expected, "{arguments:?}");
        assert_eq!(answer.end, Ok(()), "{arguments:?}");
        let text = answer.text();
        assert!(WHOLE.starts_with(&text), "{arguments:?}");
        server.ends();
    }
}

#[test]
fn the_pace_is_kept() {
    const SLOW: &str = "0 30\n30000000 90\n";
    let ms = Duration::from_millis;
    for (times, arguments, at_least) in [
        ("", &["--pace", "100ms"][..], ms(200)),
        (TIMES, &[], ms(300)),
        (TIMES, &["--pace", "recorded"], ms(300)),
        (TIMES, &["--truncate-at", "31"], ms(150)),
        (SLOW, &["--pace", "none"], ms(0)),
        (SLOW, &["--pace", "1ms"], ms(2)),
        (SLOW, &["--truncate-at", "30"], ms(0)),
    ] {
        let expected = at_least..Duration::from_secs(15);
        let (_directory, file) = recording(WHOLE.as_bytes(), times);
        let server = Server::start(&[arguments, &["--once", path(&file)]].concat());
        let took = server.ask().took;
        assert!(expected.contains(&took), "{arguments:?}: {took:?}");
        server.ends();

        let began = Instant::now();
        let (code, ..) = run(&[&["replay", "--stdout", path(&file)], arguments].concat());
        let took = began.elapsed();
        assert!(expected.contains(&took), "{arguments:?}: {took:?}");
        assert_eq!(code, 0);
    }
}

#[test]
fn a_piece_comes_when_it_is_its_time() {
    let (_directory, file) = recording(WHOLE.as_bytes(), "1 30\n20000000 90\n");
    let server = Server::start(&[path(&file)]);
    let mut connection = server.connect();
    let written = connection.write_all(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n");
    written.expect("it is taken");
    let began = Instant::now();
    let first = &WHOLE.as_bytes()[..30];
    let mut seen = vec![0];
    while !seen.ends_with(first) {
        let mut more = [0];
        connection.read_exact(&mut more).expect("it comes");
        seen.extend(more);
    }
    assert!(began.elapsed() < Duration::from_secs(15));
    server.goes_on();
}

#[test]
fn line_ends_are_made_crlf() {
    let expected = WHOLE.replace('\n', "\r\n");
    let (_directory, file) = recording(WHOLE.as_bytes(), TIMES);
    let server = Server::start(&["--once", "--crlf", "--pace", "none", path(&file)]);
    let answer = server.ask();
    assert_eq!(answer.text(), expected);
    assert_eq!(answer.lens(), [30, 62, 34]);
    server.ends();
}

#[test]
fn it_fails_as_asked_behind_all_that_it_sends() {
    let (_directory, file) = recording(WHOLE.as_bytes(), "");
    for (fault, end) in [
        ("reset", ErrorKind::ConnectionReset),
        ("close", ErrorKind::UnexpectedEof),
    ] {
        for (arguments, len) in [(&["--truncate-at", "60"][..], 60), (&[], WHOLE.len())] {
            let always = ["--once", "--fail-with", fault, path(&file)];
            let server = Server::start(&[arguments, &always].concat());
            let answer = server.ask();
            assert_eq!(answer.end, Err(end));
            assert_eq!(answer.text(), WHOLE[..len], "{fault} {arguments:?}");
            server.ends();
        }
    }
}

#[test]
fn a_status_is_the_answer_to_all() {
    let (_directory, file) = recording(WHOLE.as_bytes(), "");
    for (status, line, kind) in [
        ("401", "401 Unauthorized", "invalid_request_error"),
        ("429", "429 Too Many Requests", "rate_limit_exceeded"),
        ("503", "503 Service Unavailable", "server_error"),
    ] {
        let server = Server::start(&["--fail-with", status, path(&file)]);
        for _ in 0..2 {
            let mut connection = server.connect();
            let written = connection.write_all(b"POST /v1 HTTP/1.1\r\nhost: a\r\n\r\n");
            written.expect("it is taken");
            let answer = io::read_to_string(connection).expect("it ends");
            let (head, body) = answer.split_once("\r\n\r\n").expect("it has a body");
            assert!(head.starts_with(&format!("HTTP/1.1 {line}\r\n")), "{head}");
            assert!(head.contains("content-type: application/json"), "{head}");
            let body: Value = body.parse().expect("JSON");
            assert_eq!(body["error"]["type"], kind);
            let message = body["error"]["message"].as_str().expect("a text");
            assert!(message.starts_with(line), "{message}");
        }
        server.goes_on();
    }
}

#[test]
fn standard_output_has_all_of_them() {
    let (_directory, file) = recording(WHOLE.as_bytes(), "");
    let (code, stdout, told) = run(&["replay", "--stdout", path(&file), path(&file)]);
    assert_eq!(stdout, WHOLE.repeat(2).as_bytes());
    assert_eq!((code, &*told), (0, ""));
    let (code, stdout, _) = run(&[
        "replay",
        "--stdout",
        "--truncate-at=51",
        "--crlf",
        "--split=7",
        path(&file),
    ]);
    assert_eq!(stdout, WHOLE[..51].replace('\n', "\r\n").as_bytes());
    assert_eq!(code, 0);
}

#[test]
fn what_is_recorded_of_it_has_its_reads_and_times() {
    let (directory, file) = recording(WHOLE.as_bytes(), TIMES);
    let again = directory.path().join("again.sse");
    let record = ["record", "-o", path(&again), "--"];
    let replay = [env!("CARGO_BIN_EXE_deltaic"), "replay", "--stdout"];
    let (code, stdout, _) = run(&[&record[..], &replay, &[path(&file)]].concat());
    assert_eq!((code, &*stdout), (0, WHOLE.as_bytes()));
    let times = fs::read_to_string(again.with_extension("times")).expect("they are kept");
    let reads = times.lines().filter(|line| !line.starts_with('#'));
    for (read, expected) in reads.zip([(50_000, 30), (150_000, 60), (250_000, 30), (300_000, 0)]) {
        let (at, len) = read.split_once(' ').expect(read);
        let (at, len): (u64, usize) = (at.parse().expect(read), len.parse().expect(read));
        assert!(at >= expected.0 && len == expected.1, "{times}");
    }
}

#[test]
fn what_cannot_be_played_is_told_in_one_line() {
    let (_a, plain) = recording(WHOLE.as_bytes(), "");
    let (_b, other) = recording(WHOLE.as_bytes(), "1 5\n");
    let empty = tempfile::tempdir().expect("a directory");
    let empty = empty.path();
    fs::write(empty.join("other.yaml"), "a: 1").expect("it is written");
    let taken = TcpListener::bind("127.0.0.1:0").expect("there is a port");
    let taken = taken.local_addr().expect("it has one");
    let port = taken.port().to_string();
    for (arguments, why) in [
        (
            &["--pace", "recorded", path(&plain)][..],
            format!(
                "{}: has no times, expected NAME.times beside it, as `deltaic record` writes it",
                plain.display()
            ),
        ),
        (
            &[path(&other)],
            format!(
                "{}: has reads of 5 bytes, expected 120 as the recording has",
                other.with_extension("times").display()
            ),
        ),
        (
            &["--truncate-at", "121", path(&plain)],
            format!(
                "{}: has 120 bytes, expected 121 or more to truncate it there",
                plain.display()
            ),
        ),
        (
            &["/nowhere.sse"],
            "/nowhere.sse: No such file or directory (os error 2)".into(),
        ),
        (
            &[path(empty)],
            format!("{}: holds no stream or cassette", empty.display()),
        ),
        (
            &["--port", &port, path(&plain)],
            format!("{taken}: Address already in use (os error 98)"),
        ),
    ] {
        let (code, stdout, told) = run(&[&["replay"], arguments].concat());
        assert_eq!(told, format!("deltaic: {why}\n"));
        assert_eq!((code, &*stdout), (2, &b""[..]));
    }
}

#[test]
fn wrong_usage_is_2() {
    for (arguments, word) in [
        (&[][..], "FILE"),
        (&["--pace", "20", "a"], "20ms"),
        (&["--pace", "18446744073709551615s", "a"], "a day at most"),
        (&["--fail-with", "200", "a"], "400 to 599"),
        (&["--fail-with", "600", "a"], "400 to 599"),
        (&["--fail-with", "teapot", "a"], "400 to 599"),
        (&["--split", "0", "a"], "--split"),
        (&["--stdout", "--once", "a"], "--once"),
        (&["--stdout", "--port", "1", "a"], "--port"),
        (&["--stdout", "--fail-with", "close", "a"], "--fail-with"),
    ] {
        let (code, stdout, told) = run(&[&["replay"], arguments].concat());
        assert!(told.contains(word), "{told}");
        assert_eq!((code, &*stdout), (2, &b""[..]), "{arguments:?}");
    }
}
