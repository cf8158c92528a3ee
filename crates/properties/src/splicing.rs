//! Splicing: any cut gives what the whole gives, an event at a time it is what the bare
//! function says, and what that says is what a reader of JSON makes of the edits.

use bytes::Bytes;
use deltaic::{
    Relayed, Splicer,
    chunk::{Edit, Kind, Raw, splice},
    sse::{DEFAULT_LIMIT, Event},
};
use deltaic_corpus::cut;
use serde_json::Value;

use crate::framing;

/// What is to become of a member.
type Change = (&'static str, Option<&'static str>, Missing);

/// What becomes of an object that has it not.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Missing {
    Stays,
    Gets,
}

/// Lists of edits: none leads into what another of its list replaces or removes.
const CHANGES: &[&[Change]] = &[
    &[("model", Some("\"ours\""), Missing::Stays)],
    &[
        ("x_groq", None, Missing::Stays),
        ("id", None, Missing::Stays),
        ("choices[*].delta.content", None, Missing::Stays),
    ],
    &[
        ("usage", Some("{\"total_tokens\":1}"), Missing::Gets),
        ("a", Some("[{}]"), Missing::Gets),
        ("choices[*].delta.role", Some("null"), Missing::Gets),
        ("choices[*].index", None, Missing::Stays),
    ],
    &[
        ("choices[*].finish_reason", None, Missing::Stays),
        (
            "choices[*].delta.tool_calls[*].function.name",
            Some("\"\""),
            Missing::Gets,
        ),
        ("choices[*].delta.tool_calls[*].index", None, Missing::Stays),
        ("choices[*].message.content", Some("7"), Missing::Stays),
        ("usage.total_tokens", None, Missing::Stays),
    ],
    &[
        ("choices", None, Missing::Stays),
        ("id", Some("\"i\\n\""), Missing::Gets),
    ],
];

/// Checks a stream, cut at these places, with edits that `which` chooses; and under a
/// limit.
///
/// # Panics
///
/// If what goes out is not what should.
pub fn check(stream: &[u8], places: &[usize], which: usize, limit: usize) {
    let changes = CHANGES[which % CHANGES.len()];
    let edits: Vec<Edit<&str>> = changes.iter().map(edit).collect();
    let reads = cut::at(stream, places);
    let whole = relay(&[stream], DEFAULT_LIMIT, &edits);
    assert_eq!(relay(&reads, DEFAULT_LIMIT, &edits), whole, "{reads:?}");
    let (out, relayed) = whole;
    if relayed.is_no_stream {
        assert_eq!(out, stream);
    } else {
        as_event_by_event(stream, &out, relayed, changes, &edits);
    }
    assert_eq!(relay(&reads, DEFAULT_LIMIT, &[]).0, stream);
    assert_eq!(relay(&reads, limit, &[]).0, stream);

    let whole = relay(&[stream], limit, &edits);
    assert_eq!(
        relay(&reads, limit, &edits),
        whole,
        "under {limit}: {reads:?}"
    );
}

fn edit(&(path, json, missing): &Change) -> Edit<&'static str> {
    let edit = match (json, missing) {
        (None, _) => Edit::remove(path),
        (Some(json), Missing::Stays) => Edit::replace(path, json),
        (Some(json), Missing::Gets) => Edit::set(path, json),
    };
    edit.expect("an edit")
}

/// What goes out of these reads, and what is told of it.
fn relay(reads: &[&[u8]], limit: usize, edits: &[Edit<&str>]) -> (Vec<u8>, Relayed) {
    let mut splicer = Splicer::with_limit(limit);
    let mut out = Vec::new();
    let mut came = 0;
    for read in reads {
        splicer.push(Bytes::copy_from_slice(read));
        while splicer.next().is_some() {
            let _ = splicer.edit(edits);
        }
        while let Some(piece) = splicer.piece() {
            assert!(!piece.is_empty());
            out.extend_from_slice(&piece);
        }
        came += read.len();
        // One more, for the LF of a CR LF.
        let held = came.saturating_sub(out.len());
        assert!(
            !edits.is_empty() || held <= limit.saturating_add(1),
            "{held} bytes are held"
        );
    }
    while splicer.finish().is_some() {
        let _ = splicer.edit(edits);
    }
    while let Some(piece) = splicer.piece() {
        out.extend_from_slice(&piece);
    }
    (out, splicer.relayed())
}

/// What goes out is the stream with the edits made in each event.
fn as_event_by_event(
    stream: &[u8],
    out: &[u8],
    relayed: Relayed,
    changes: &[Change],
    edits: &[Edit<&str>],
) {
    let told = framing::all_faces(&[stream]);
    let mut expected = Vec::new();
    let mut counted = Relayed::default();
    let mut from = 0;
    for event in told.events().into_iter().chain(told.open()) {
        counted.events += 1;
        let Some(edited) = edited(stream, &event, edits) else {
            counted.refused += 1;
            continue;
        };
        counted.edited += u64::from(edited != event.data);
        let at = usize::try_from(event.data_at).expect("a place in memory");
        expected.extend_from_slice(&stream[from..at]);
        expected.extend_from_slice(&edited);
        from = at + event.data.len();
        as_json(&event.data, &edited, changes);
    }
    expected.extend_from_slice(&stream[from..]);
    assert_eq!(
        out.escape_ascii().to_string(),
        expected.escape_ascii().to_string()
    );
    assert_eq!(relayed.events, counted.events);
    assert_eq!(relayed.refused, counted.refused);
    assert_eq!(relayed.too_long, 0);
    // An edit may put in what was there.
    assert!(relayed.edited >= counted.edited);
}

/// The data of an event with the edits made; `None` if that cannot be.
fn edited(stream: &[u8], event: &Event<Vec<u8>>, edits: &[Edit<&str>]) -> Option<Vec<u8>> {
    let at = usize::try_from(event.data_at).ok()?;
    if !stream.get(at..)?.starts_with(&event.data) || event.data.contains(&b'\n') {
        return None;
    }
    let (mut edited, mut at) = (Vec::new(), 0);
    let read = splice(&event.data, edits, |splice| {
        assert!(at <= splice.range.start, "in their order");
        edited.extend_from_slice(&event.data[at..splice.range.start]);
        edited.extend_from_slice(splice.to_string().as_bytes());
        at = splice.range.end;
    });
    let is_silent =
        event.data.trim_ascii().is_empty() || event.data.trim_ascii().starts_with(b"[DONE]");
    match (read, Raw::parse(&event.data)) {
        (Err(ours), Err(error)) => {
            assert_eq!(ours, error);
            return None;
        }
        (Ok(()), Ok(_)) => {}
        (read, parsed) => assert!(is_silent && read.is_ok(), "{read:?}, {parsed:?}"),
    }
    edited.extend_from_slice(&event.data[at..]);
    Some(edited)
}

/// The edited data is what a reader of JSON makes of the edits.
fn as_json(data: &[u8], edited: &[u8], changes: &[Change]) {
    if let Ok(raw) = Raw::parse(data) {
        let now = Raw::parse(edited).expect("JSON stays JSON");
        assert_eq!(raw.kind(), now.kind());
        if raw.kind() != Kind::Object {
            assert_eq!(data, edited);
        }
    }
    // It refuses halves of pairs, and numbers past the range of `f64`.
    let Ok(mut value) = serde_json::from_slice::<Value>(data) else {
        return;
    };
    for (path, json, missing) in changes {
        let path: Vec<&str> = path.split('.').collect();
        let json = json.map(|json| json.parse().expect("JSON"));
        change(&mut value, &path, json.as_ref(), *missing);
    }
    let now: Value = serde_json::from_slice(edited).expect("JSON");
    assert_eq!(now, value, "of {}", data.escape_ascii());
}

fn change(value: &mut Value, path: &[&str], json: Option<&Value>, missing: Missing) {
    let (Value::Object(members), Some((name, rest))) = (value, path.split_first()) else {
        return;
    };
    if let Some(name) = name.strip_suffix("[*]") {
        let list = members.get_mut(name).and_then(Value::as_array_mut);
        for value in list.into_iter().flatten() {
            change(value, rest, json, missing);
        }
    } else if !rest.is_empty() {
        if let Some(value) = members.get_mut(*name) {
            change(value, rest, json, missing);
        }
    } else if members.contains_key(*name) || missing == Missing::Gets {
        match json {
            None => members.remove(*name),
            Some(json) => members.insert((*name).to_owned(), json.clone()),
        };
    }
}
