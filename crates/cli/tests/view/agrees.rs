//! What pages tell, beside what `read` tells, of every recording.

use deltaic_corpus::{Recording, recordings};
use serde_json::{Value, json};

use crate::{data, list, number, page, run, saved, string};

/// The texts of a completion that are not empty: whose, of what kind, and what they say.
fn texts_of(completion: &Value) -> Vec<(usize, &str, String)> {
    let mut texts = Vec::new();
    for choice in list(&completion["choices"]) {
        let (index, message) = (number(&choice["index"]), &choice["message"]);
        for (kind, value) in [
            ("text", &message["content"]),
            ("reasoning", &message["reasoning_content"]),
            ("refusal", &message["refusal"]),
        ] {
            let text = value.as_str();
            texts.extend(text.map(|text| (index, kind, text.to_owned())));
        }
        let calls = list(&message["tool_calls"]).iter().map(|call| {
            let custom = &call["custom"]["input"];
            let arguments = &call["function"]["arguments"];
            string(if custom.is_null() { arguments } else { custom })
        });
        let function = message["function_call"]["arguments"].as_str();
        texts.extend(
            calls
                .chain(function)
                .map(|text| (index, "call", text.into())),
        );
    }
    texts.retain(|(_, _, text)| !text.is_empty());
    texts.sort();
    texts
}

fn texts_in(data: &Value) -> Vec<(usize, &str, String)> {
    let lanes = list(&data["lanes"]).iter().map(|lane| {
        let text = string(&lane["text"]).to_owned();
        let kind = string(&lane["kind"]);
        (number(&lane["choice"]), kind, text)
    });
    let mut texts: Vec<_> = lanes.filter(|(_, _, text)| !text.is_empty()).collect();
    texts.sort();
    texts
}

fn check_against_read(Recording { name, bytes, .. }: &Recording) {
    let (_directory, path) = saved("a.sse", bytes);
    let read = run(&["read", "--json", &path]);
    let report: Value = serde_json::from_slice(&read.stdout).expect("it is JSON");
    let (page, code) = page(&path, &[]);
    let data = data(&page);
    assert_eq!(code, read.status.code(), "{name}");
    assert_eq!(data["outcome"], report["outcome"], "{name}");
    let completion = &report["completion"];
    assert_eq!(texts_in(&data), texts_of(completion), "{name}");
    assert_eq!(data["usage"], completion["usage"], "{name}");
    for count in ["bytes", "events", "chunks"] {
        assert_eq!(data["stats"][count], report["stats"][count], "{name}");
    }
    let rows = list(&data["rows"]);
    let events = rows.iter().filter(|row| row["number"].is_u64()).count();
    assert_eq!(json!(events), report["stats"]["events"], "{name}");
    let findings = list(&data["findings"]);
    assert_eq!(findings.len(), list(&report["findings"]).len(), "{name}");
    for (shown, told) in findings.iter().zip(list(&report["findings"])) {
        for member in ["kind", "offset", "detail"] {
            assert_eq!(shown[member], told[member], "{name}");
        }
        let offset = told["offset"].as_u64();
        let row = number(&shown["row"]);
        let is_last = row + 1 == rows.len();
        assert!(is_last || offset < rows[row]["end"].as_u64(), "{name}");
        assert!(
            row == 0 || rows[row - 1]["end"].as_u64() <= offset,
            "{name}"
        );
    }
    // The rows follow each other by their ends, and say what stands there.
    let mut before = 0;
    for row in rows {
        let [at, end] = ["at", "end"].map(|place| number(&row[place]));
        assert!(at <= end && before <= end, "{name}");
        let cut = row.get("cut").map_or(0, number);
        let raw = String::from_utf8_lossy(&bytes[at..end - cut]);
        assert!(row["raw"] == *raw, "{name}: bytes {at} to {end}");
        before = end;
    }
    assert!(before <= bytes.len(), "{name}");
}

#[test]
fn pages_tell_what_read_tells() {
    let all = recordings();
    assert!(all.len() > 100);
    all.iter().for_each(check_against_read);
}
