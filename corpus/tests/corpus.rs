//! What stands beside the recordings is whole, and the made streams are streams.

use std::{collections::BTreeSet, fs};

use deltaic_corpus::{
    below, cut, directory, made, own,
    streams::{Envelope, text},
    with_line_ends,
};
use serde_json::Value;

/// The chunks of a made stream, without the `[DONE]` that must end it.
#[track_caller]
fn chunks(stream: &[u8]) -> Vec<Value> {
    let mut data = cut::by_event(stream)
        .into_iter()
        .map(|event| {
            let event = str::from_utf8(event).expect("a stream is UTF-8");
            let data = event.strip_prefix("data: ").expect("one field");
            data.strip_suffix("\n\n").expect("a blank line")
        })
        .collect::<Vec<_>>();
    assert_eq!(data.pop(), Some("[DONE]"));
    let chunks = data.iter().map(|data| data.parse().expect("JSON"));
    chunks.collect()
}

/// The text of the first choice.
fn spelled_out(chunks: &[Value]) -> String {
    let contents = chunks
        .iter()
        .map(|chunk| &chunk["choices"][0]["delta"]["content"]);
    contents.filter_map(Value::as_str).collect()
}

#[test]
fn each_file_belongs_to_a_recording_that_has_all_three() {
    for folder in ["recordings", "dialects", "regress"] {
        let folder = directory().join(folder);
        let files: BTreeSet<String> = fs::read_dir(&folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        let expected: BTreeSet<String> = below(&folder)
            .iter()
            .flat_map(|found| ["sse", "toml", "expected.json"].map(|end| (&found.name, end)))
            .map(|(name, end)| format!("{name}.{end}"))
            .collect();
        assert_eq!(files, expected);
    }
}

#[test]
fn each_expectation_is_a_report() {
    for recording in own().into_iter().chain(made()) {
        let name = &recording.name;
        let report: Value = recording.expected.unwrap().parse().expect(name);
        let members: BTreeSet<&str> = report
            .as_object()
            .unwrap()
            .keys()
            .map(|key| &**key)
            .collect();
        let expected = ["completion", "error", "findings", "outcome"];
        assert_eq!(members, BTreeSet::from(expected), "{name}");
        let outcome = report["outcome"].as_str().unwrap();
        let outcomes = ["done", "empty", "failed", "finished", "truncated"];
        assert!(outcomes.contains(&outcome), "{name}: {outcome}");
    }
}

#[test]
fn recordings_are_found_at_any_depth_and_named_by_their_path() {
    let names: Vec<String> = below(&directory())
        .into_iter()
        .map(|found| found.name)
        .collect();
    let own = own().into_iter();
    let own = own.map(|own| format!("recordings/{}", own.name));
    let made = made().into_iter().map(|made| made.name);
    let mut expected: Vec<String> = own.chain(made).collect();
    expected.sort();
    assert_eq!(names, expected);
    assert!(names.is_sorted() && !names.is_empty());
}

#[test]
fn each_provenance_tells_all_there_is_to_tell() {
    for recording in own() {
        let name = &recording.name;
        let file = directory().join(format!("recordings/{name}.toml"));
        let lines = fs::read_to_string(file).unwrap();
        let members: Vec<(&str, &str)> = lines
            .lines()
            .map(|line| {
                let (key, value) = line.split_once(" = ").expect(name);
                let value = value.strip_prefix('"').and_then(|v| v.strip_suffix('"'));
                (key, value.expect(name))
            })
            .collect();
        let keys: Vec<&str> = members.iter().map(|&(key, _)| key).collect();
        let expected = [
            "source", "cassette", "from", "licence", "server", "model", "wire", "shows", "expected",
        ];
        assert_eq!(keys, expected, "{name}");
        assert!(directory().join(members[1].1).is_file(), "{name}");
        assert!(["exact", "written again"].contains(&members[6].1), "{name}");
    }
}

#[test]
fn made_streams_say_what_they_spell_out() {
    for envelope in [Envelope::Cerebras, Envelope::Groq, Envelope::OpenAi] {
        let least = text(0, envelope).chunks;
        for count in [0, least, least + 1, 100] {
            let made = text(count, envelope);
            let chunks = chunks(&made.stream);
            assert_eq!(made.chunks, count.max(least), "{envelope:?}");
            assert_eq!(chunks.len(), made.chunks, "{envelope:?}");
            assert_eq!(spelled_out(&chunks), made.text, "{envelope:?}");
            let finishes = chunks
                .iter()
                .filter(|chunk| chunk["choices"][0]["finish_reason"] == "stop");
            assert_eq!(finishes.count(), 1, "{envelope:?}");
            let usages = chunks.iter().filter(|chunk| chunk["usage"].is_object());
            assert_eq!(usages.count(), 1, "{envelope:?}");
            assert!(chunks[chunks.len() - 1]["usage"].is_object());
        }
        let made = text(100, envelope);
        let padded = chunks(&made.stream)
            .windows(2)
            .all(|two| two[0]["obfuscation"] != two[1]["obfuscation"]);
        assert_eq!(padded, envelope == Envelope::OpenAi);
        assert_eq!(made.stream, text(100, envelope).stream);
        for rare in ["\n\n", "°C"] {
            let times = made.text.matches(rare).count();
            assert!((2..=6).contains(&times), "{rare:?} {times} times");
        }
    }
}

#[test]
fn each_line_end_becomes_the_one_asked_for() {
    for (end, expected) in [
        ("\n", "a\n\nb\n"),
        ("\r\n", "a\r\n\r\nb\r\n"),
        ("\r", "a\r\rb\r"),
    ] {
        assert_eq!(with_line_ends(b"a\n\nb\n", end), expected.as_bytes());
    }
}
