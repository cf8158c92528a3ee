//! The properties, over inputs that proptest makes and shrinks.
//!
//! `PROPTEST_CASES=100000 cargo test --release -p deltaic-properties` tries more.

use std::{env, fmt};

use arbitrary::{Arbitrary, Unstructured};
use deltaic_properties::{
    TARGETS, alike::Alike, cassettes, framing, json, messy::Messy, passing, reading, round_trip,
    splicing,
};
use proptest::{prelude::*, sample, strategy::Union};

/// So many cases, unless the environment asks for another number.
fn cases(cases: u32) -> ProptestConfig {
    let config = ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    match env::var_os("PROPTEST_CASES") {
        Some(_) => config,
        None => ProptestConfig { cases, ..config },
    }
}

/// Bytes that are shown as text, to be read by who sees a test fail.
#[derive(Clone)]
struct Bytes(Vec<u8>);

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.0.escape_ascii())
    }
}

/// Up to so many of these pieces, one behind the other.
fn of_pieces(pieces: &'static [&'static [u8]], most: usize) -> impl Strategy<Value = Bytes> {
    prop::collection::vec(sample::select(pieces), 0..most).prop_map(|all| Bytes(all.concat()))
}

/// What `Arbitrary` makes of bytes; fewer and smaller bytes make simpler values.
fn arbitrary<T: for<'a> Arbitrary<'a> + fmt::Debug>(most: usize) -> impl Strategy<Value = T> {
    prop::collection::vec(any::<u8>(), 0..most).prop_filter_map("too few bytes", |bytes| {
        T::arbitrary(&mut Unstructured::new(&bytes)).ok()
    })
}

fn places() -> impl Strategy<Value = Vec<usize>> {
    prop::collection::vec(0..400_usize, 0..10)
}

const LINES: &[&[u8]] = &[
    b"\n",
    b"\r",
    b"\r\n",
    b"\n\n",
    b"data",
    b"data:",
    b"data: x",
    b":",
    b" ",
    b"id",
    b"id: 1",
    b"id: \0",
    b"event: e",
    b"event",
    b"retry: 7",
    b"retry: x",
    b"error: {}",
    b"\xEF\xBB\xBF",
    b"\xEF",
    b"\xBB",
    b"\xC3\xA9",
    b"\xC3",
    b"\0",
    b": c",
    b"dat",
    b"a long piece of text",
];

const JSON: &[&[u8]] = &[
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"\"",
    b"\\",
    b"\"a\"",
    b"\"a\":",
    b"1",
    b"0",
    b"-",
    b".",
    b"e",
    b"+",
    b"true",
    b"null",
    b" ",
    b"\n",
    b"\\u00e9",
    b"\\ud83e",
    b"\\udd80",
    b"\xC3\xA9",
    b"\0",
    b"12345678",
    b"\\n",
];

const EVENTS: &[&str] = &[
    "data: {\"id\":\"a\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"é\\ud83e\"}}]}",
    "data: {\"id\":\"b\",\"choices\":[{\"index\":1,\"delta\":{\"content\":\"\\udd80 \"}}]}",
    "data: {\"choices\":[{\"delta\":{\"reasoning\":\"r\"},\"finish_reason\":\"stop\"}]}",
    "data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"i\",\"function\":{\"name\":\"f\",\"arguments\":\"{\"}}]}}]}",
    "data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"function\":{\"arguments\":\"}\"}}]}}]}",
    "data: {\"choices\":[],\"usage\":{\"n\":1}}",
    "data: {\"error\":\"m\"}",
    "data: {\"choices\":",
    "data: [DONE]",
    "data:",
    "event: error\ndata: x",
    "error: {}",
    ": ping",
    "{\"choices\":[]}",
    "<html>",
    "\u{feff}",
];

/// Streams of whole events and broken ones.
fn events() -> impl Strategy<Value = Bytes> {
    let end = sample::select(&["\n\n", "\r\n\r\n", "\r\r", "\n", ""][..]);
    prop::collection::vec((sample::select(EVENTS), end), 0..12).prop_map(|events| {
        let parts = events.into_iter().flat_map(|(event, end)| [event, end]);
        Bytes(parts.collect::<String>().into_bytes())
    })
}

/// JSON texts, with white space and escapes of all kinds.
fn values() -> impl Strategy<Value = String> {
    let pieces = sample::select(
        &[
            "a",
            "é",
            "\u{1F980}",
            "\\n",
            "\\\"",
            "\\\\",
            "\\/",
            "\\u0061",
            "\\ud83e\\udd80",
            "\\u0000",
            " ",
            "longer than eight",
        ][..],
    );
    let string =
        prop::collection::vec(pieces, 0..6).prop_map(|pieces| format!("\"{}\"", pieces.concat()));
    let name = Union::new([
        sample::select(
            &[
                "\"choices\"",
                "\"delta\"",
                "\"content\"",
                "\"id\"",
                "\"tool_calls\"",
            ][..],
        )
        .prop_map(String::from)
        .boxed(),
        string.clone().boxed(),
    ]);
    let number = prop_oneof![
        any::<i64>().prop_map(|number| number.to_string()),
        any::<u64>().prop_map(|number| number.to_string()),
        any::<f64>()
            .prop_filter("finite", |number| number.is_finite())
            .prop_map(|number| serde_json::to_string(&number).expect("a number")),
    ];
    let word = sample::select(&["null", "true", "false", "-0", "1E5"][..]);
    let leaf = prop_oneof![string, number, word.prop_map(Into::into)];
    let space = || sample::select(&["", " ", "\n\t"][..]);
    leaf.prop_recursive(4, 40, 5, move |inner| {
        let list = prop::collection::vec((space(), inner.clone()), 0..5);
        let members = prop::collection::vec((name.clone(), space(), inner), 0..5);
        prop_oneof![
            list.prop_map(|list| {
                let list = list
                    .iter()
                    .map(|(space, item)| format!("{space}{item}{space}"));
                format!("[{}]", list.collect::<Vec<_>>().join(","))
            }),
            members.prop_map(|members| {
                let members = members
                    .iter()
                    .map(|(name, space, value)| format!("{name}{space}:{value}{space}"));
                format!("{{{}}}", members.collect::<Vec<_>>().join(","))
            }),
        ]
    })
}

/// Objects of the members by which a payload is judged.
fn payloads() -> impl Strategy<Value = String> {
    const NAMES: &[&str] = &[
        "base_resp",
        "choices",
        "code",
        "detail",
        "error",
        "error_code",
        "error_msg",
        "message",
        "object",
        "status",
        "type",
        "usage",
    ];
    const VALUES: &[&str] = &[
        "null",
        "0",
        "true",
        r#""""#,
        r#""error""#,
        "[]",
        r#"[{"delta":{"content":"a"}}]"#,
        "{}",
        r#"{"status_code":0}"#,
        r#"{"status_code":1}"#,
    ];
    let member = (sample::select(NAMES), sample::select(VALUES))
        .prop_map(|(name, value)| format!("\"{name}\":{value}"));
    prop::collection::vec(member, 0..5).prop_map(|members| format!("{{{}}}", members.join(",")))
}

/// Pieces of cassettes, in YAML and in JSON.
const CASSETTE: &[&[u8]] = &[
    b"interactions:\n",
    b"  - request:\n",
    b"    response:\n",
    b"      body: ",
    b"|\n",
    b"\"",
    b"'",
    b"- ",
    b": ",
    b"\n",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b"&a ",
    b"*a",
    b"!!binary ",
    b"\\u00",
    b"\xC2\x9B",
    b"null",
    b"\t",
    b"data: {}\\n",
];

/// The cassettes of the corpus, short enough to be broken often.
fn cassette_seeds() -> Vec<Vec<u8>> {
    let target = TARGETS.iter().find(|target| target.name == "convert");
    let seeds = (target.expect("it is there").seeds)().into_iter();
    seeds
        .map(|mut seed| {
            seed.truncate(3_000);
            seed
        })
        .collect()
}

proptest! {
    #![proptest_config(cases(1_000))]

    #[test]
    fn any_stream_is_framed_as_the_standard_says(
        stream in of_pieces(LINES, 40),
        places in places(),
        limit in 0..80_usize,
    ) {
        framing::check(&stream.0, &places, limit);
    }

    #[test]
    fn pieces_of_json_are_judged_alike(text in of_pieces(JSON, 12)) {
        json::check(&text.0);
    }

    #[test]
    fn values_are_read_alike(text in values()) {
        json::check(text.as_bytes());
    }

    #[test]
    fn payloads_are_judged_alike(text in payloads()) {
        json::check(text.as_bytes());
    }

    #[test]
    fn broken_values_are_judged_alike(
        text in values(),
        at in any::<sample::Index>(),
        byte in any::<u8>(),
    ) {
        let mut bytes = text.into_bytes();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        json::check(&bytes);
        bytes.truncate(at);
        json::check(&bytes);
    }

    #[test]
    fn any_events_are_read_alike_however_cut(stream in events(), places in places()) {
        reading::check(&stream.0, &places);
    }

    #[test]
    fn any_events_are_passed_on_as_they_are(stream in events(), places in places()) {
        passing::check(&stream.0, &places);
    }

    #[test]
    fn any_chunks_are_passed_on_as_they_are(
        stream in arbitrary::<Messy>(800),
        places in places(),
    ) {
        passing::check(&stream.0, &places);
    }

    #[test]
    fn chunks_that_are_nearly_alike_are_passed_on_as_they_are(
        stream in arbitrary::<Alike>(800),
        places in places(),
    ) {
        passing::check(&stream.0, &places);
    }

    #[test]
    fn any_bytes_are_read_alike_however_cut(
        stream in prop::collection::vec(any::<u8>(), 0..200),
        places in places(),
    ) {
        reading::check(&stream, &places);
    }

    #[test]
    fn any_chunks_are_read_alike_however_cut(
        stream in arbitrary::<Messy>(800),
        places in places(),
    ) {
        reading::check(&stream.0, &places);
    }

    #[test]
    fn events_that_are_nearly_alike_are_read_as_in_full(
        stream in arbitrary::<Alike>(800),
        places in places(),
    ) {
        reading::check(&stream.0, &places);
    }

    #[test]
    fn any_events_are_spliced_alike_however_cut(
        stream in events(),
        places in places(),
        which in any::<usize>(),
        limit in 0..300_usize,
    ) {
        splicing::check(&stream.0, &places, which, limit);
    }

    #[test]
    fn any_lines_are_spliced_alike_however_cut(
        stream in of_pieces(LINES, 40),
        places in places(),
        limit in 0..30_usize,
    ) {
        splicing::check(&stream.0, &places, 0, limit);
    }

    #[test]
    fn any_value_is_spliced(text in values(), which in any::<usize>()) {
        let stream = format!("data: {}\n\n", text.replace('\n', " "));
        splicing::check(stream.as_bytes(), &[], which, 50);
    }

    #[test]
    fn any_chunks_are_spliced_alike_however_cut(
        stream in arbitrary::<Messy>(800),
        places in places(),
        which in any::<usize>(),
        limit in 0..300_usize,
    ) {
        splicing::check(&stream.0, &places, which, limit);
    }

    #[test]
    fn events_that_are_nearly_alike_are_spliced_as_in_full(
        stream in arbitrary::<Alike>(800),
        places in places(),
        which in any::<usize>(),
        limit in 0..300_usize,
    ) {
        splicing::check(&stream.0, &places, which, limit);
    }

    #[test]
    fn what_is_said_in_any_dialect_is_read(told in arbitrary::<round_trip::Told>(600)) {
        round_trip::check(&told);
    }

    #[test]
    fn broken_cassettes_are_errors(
        at in any::<sample::Index>(),
        len in 0..40_usize,
        with in of_pieces(CASSETTE, 4),
        which in any::<sample::Index>(),
    ) {
        let mut cassette = which.get(&cassette_seeds()).clone();
        let at = at.index(cassette.len() + 1);
        let end = (at + len).min(cassette.len());
        cassette.splice(at..end, with.0);
        cassettes::check(&cassette);
    }
}
