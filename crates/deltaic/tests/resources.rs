//! What a hostile server can make us hold, and that it costs no more than it
//! sends: by counts, not by clocks.

use allocation_counter::{AllocationInfo, measure};
use deltaic::{FindingKind, Limits, Reader, Report};
use deltaic_corpus::cut;

const KB: u64 = 1 << 10;
const MB: u64 = 1 << 20;

/// Reads a stream in reads of 16 KiB, and counts what is held for it.
fn read(stream: &[u8], limits: Limits) -> (Report, AllocationInfo) {
    let mut report = None;
    let counted = measure(|| {
        let mut reader = Reader::with_limits(limits);
        for mut read in cut::into(stream, 16 << 10) {
            while reader.next(&mut read).is_some() {}
        }
        report = Some(reader.into_report());
    });
    (report.expect("it has been read"), counted)
}

/// Checks that no more than `most` bytes are ever held for a stream of `n` parts
/// or of twice as many, and that the longer costs about twice as much: buffers
/// double, so not exactly.
#[track_caller]
fn check(stream: impl Fn(usize) -> String, n: usize, most: u64) -> Report {
    let (_, once) = read(stream(n).as_bytes(), Limits::default());
    let (report, twice) = read(stream(2 * n).as_bytes(), Limits::default());
    for counted in [once, twice] {
        assert!(counted.bytes_max <= most, "{} bytes", counted.bytes_max);
    }
    let enough = 5 * once.bytes_total / 2 + 16 * KB;
    assert!(
        twice.bytes_total <= enough,
        "{} bytes, then {}",
        once.bytes_total,
        twice.bytes_total
    );
    report
}

/// As [`check`], where the memory may grow with the stream: up to `times` its
/// length.
#[track_caller]
fn check_in_proportion(stream: impl Fn(usize) -> String, n: usize, times: u64) -> Report {
    let len = stream(2 * n).len() as u64;
    check(stream, n, times * len)
}

fn kinds(report: &Report) -> Vec<FindingKind> {
    let findings = report.findings.as_slice().iter();
    findings.map(|finding| finding.kind).collect()
}

fn event(data: &str) -> String {
    format!("data: {data}\n\n")
}

fn delta(delta: &str) -> String {
    event(&format!(
        r#"{{"choices":[{{"index":0,"delta":{{{delta}}}}}]}}"#
    ))
}

#[test]
fn comments_and_empty_events_hold_nothing() {
    let report = check(|n| ": ping\n".repeat(n), 250_000, KB);
    assert_eq!(report.stats.comments, 500_000);
    check(|n| "\n".repeat(n), 500_000, KB);
    check(|n| "id: 1\n\n".repeat(n), 100_000, KB);
    let report = check(|n| "data:\n\n".repeat(n), 500_000, KB);
    assert_eq!(report.stats.events, 1_000_000);
    assert_eq!(kinds(&report), []);
}

#[test]
fn an_endless_line_holds_the_limit() {
    let limits = Limits {
        event: 1 << 20,
        ..Limits::default()
    };
    // Behind events that are alike a line may be held for one more.
    let alike = delta(r#""content":"a""#).repeat(5);
    for (before, start) in ["", &alike]
        .into_iter()
        .flat_map(|before| ["data: ", ": ", "id: ", "unknown"].map(|start| (before, start)))
    {
        let stream = [before, start, &"x".repeat(8 << 20), "\n\n", &delta("")].concat();
        let (report, counted) = read(stream.as_bytes(), limits);
        // A buffer that doubles up to the limit.
        assert!(counted.bytes_max <= 3 * MB, "{} bytes", counted.bytes_max);
        assert_eq!(kinds(&report)[0], FindingKind::EventTooLong, "{start}");
        let chunks = 1 + before.matches("data").count() as u64;
        assert_eq!(report.stats.chunks, chunks, "what follows is read");
    }
}

#[test]
fn endless_data_lines_of_one_event_hold_the_limit() {
    let limits = Limits {
        event: 1 << 20,
        ..Limits::default()
    };
    let stream = "data: x\n".repeat(1 << 20) + "\n" + &delta("");
    let (report, counted) = read(stream.as_bytes(), limits);
    assert!(counted.bytes_max <= 3 * MB, "{} bytes", counted.bytes_max);
    assert_eq!(kinds(&report)[0], FindingKind::EventTooLong);
    assert_eq!(report.stats.chunks, 1, "what follows is read");
}

#[test]
fn calls_choices_errors_and_findings_have_their_limits() {
    let call = |n: usize| {
        delta(&format!(
            r#""tool_calls":[{{"index":{n},"id":"c{n}","function":{{"name":"f"}}}}]"#
        ))
    };
    let calls = |n: usize| (0..n).map(call).collect::<String>();
    let report = check(calls, 10_000, 2 * MB);
    assert_eq!(kinds(&report)[0], FindingKind::TooMany);
    let completion = report.completion.expect("chunks came");
    assert_eq!(completion.choices[0].message.tool_calls.len(), 1_024);

    let choice = |n: usize| format!(r#"{{"index":{n},"delta":{{"content":"a"}}}}"#);
    let one_event = |n: usize| {
        let choices: Vec<_> = (0..n).map(choice).collect();
        event(&format!(r#"{{"choices":[{}]}}"#, choices.join(",")))
    };
    // The event straddles, so it is held itself.
    let report = check(one_event, 100_000, 64 * MB);
    assert_eq!(kinds(&report)[0], FindingKind::TooMany);
    assert_eq!(report.completion.expect("a chunk came").choices.len(), 128);
    let one_each = |n: usize| {
        let event = |n| event(&format!(r#"{{"choices":[{}]}}"#, choice(n)));
        (0..n).map(event).collect()
    };
    let report = check(one_each, 250_000, MB);
    assert_eq!(report.completion.expect("a chunk came").choices.len(), 128);

    let report = check(|n| event(r#"{"error":"m"}"#).repeat(n), 50_000, MB);
    assert_eq!(report.errors.len(), 16);
    assert_eq!(report.findings.as_slice().len(), 1_000);
    assert!(report.findings.omitted() > 98_000);
}

#[test]
fn an_index_is_a_name_and_no_place() {
    for index in [u64::from(u32::MAX), u64::MAX] {
        let stream = [
            delta(&format!(
                r#""tool_calls":[{{"index":{index},"id":"a","function":{{"name":"f"}}}}]"#
            )),
            event(&format!(
                r#"{{"choices":[{{"index":{index},"delta":{{"content":"a"}}}}]}}"#
            )),
        ];
        let (report, counted) = read(stream.concat().as_bytes(), Limits::default());
        assert!(counted.bytes_max <= 8 * KB, "{} bytes", counted.bytes_max);
        let choices = report.completion.expect("chunks came").choices;
        assert_eq!(choices[0].message.tool_calls.len(), 1);
        assert_eq!(choices[1].index, index);
    }
}

#[test]
fn nesting_is_refused_before_it_is_entered() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let nested = |n: usize| event(&[&open.repeat(n), "1", &close.repeat(n)].concat());
        let report = check_in_proportion(nested, 100_000, 3);
        assert_eq!(kinds(&report), [FindingKind::InvalidJson]);
    }
}

#[test]
fn long_keys_and_many_keys_are_held_a_few_times_at_most() {
    let key = |n: usize| event(&format!(r#"{{"choices":[],"{}":1}}"#, "k".repeat(n)));
    check_in_proportion(key, 5 << 20, 4);
    let escaped = |n: usize| event(&format!(r#"{{"choices":[],"{}":1}}"#, "\\u006b".repeat(n)));
    check_in_proportion(escaped, 1 << 20, 4);
    let keys = |n: usize| {
        let members: Vec<_> = (0..n).map(|n| format!(r#""key-{n}":{n}"#)).collect();
        event(&format!(r#"{{"choices":[],{}}}"#, members.join(",")))
    };
    check_in_proportion(keys, 50_000, 24);
}

#[test]
fn values_that_grow_are_held_a_few_times_at_most() {
    check_in_proportion(|n| delta(r#""content":"text""#).repeat(n), 20_000, 1);
    check_in_proportion(
        |n| {
            delta(r#""reasoning_details":[{"type":"reasoning.text","text":"a","index":0}]"#)
                .repeat(n)
        },
        20_000,
        1,
    );
    let logprob = r#""logprobs":{"content":[{"token":"a","logprob":-1}]}"#;
    let chunk = event(&format!(
        r#"{{"choices":[{{"index":0,{logprob},"delta":{{}}}}]}}"#
    ));
    check_in_proportion(|n| chunk.repeat(n), 20_000, 4);
    let list = |n: usize| delta(&format!(r#""annotations":[{}1]"#, "1,".repeat(n)));
    check_in_proportion(|n| list(n) + &list(1), 100_000, 4);
}

#[test]
fn small_values_are_held_as_some_sixty_of_their_bytes() {
    // Where a list has just doubled its room there is most to spare.
    for n in [65_536, 65_537] {
        for (name, entry) in [
            ("reasoning_details", "1"),
            ("reasoning_details", "{}"),
            ("reasoning_details", r#"{"":1}"#),
            ("reasoning_details", r#"{"text":""}"#),
            ("content", r#"{"type":"x"}"#),
            ("content", r#"{"type":"text","x":[1]}"#),
        ] {
            let entries = |n: usize| {
                let entries = format!("{entry},").repeat(n - 1);
                delta(&format!(r#""{name}":[{entries}{entry}]"#))
            };
            check_in_proportion(entries, n, 64);
        }
        let indexed = |n: usize| {
            let entries: Vec<_> = (0..n).map(|n| format!(r#"{{"index":{n}}}"#)).collect();
            delta(&format!(r#""x":[{}]"#, entries.join(",")))
        };
        check_in_proportion(indexed, n, 64);
    }
}

#[test]
fn what_has_a_limit_is_small_within_it() {
    let most = |stream: &str| (64 * stream.len() + (64 << 10)) as u64;
    for n in [65, 128, 257, 513, 1_024] {
        let list =
            |entry: &dyn Fn(usize) -> String| (0..n).map(entry).collect::<Vec<_>>().join(",");
        let by_index = list(&|n| format!(r#"{{"index":{n}}}"#));
        let falling = list(&|at| format!(r#"{{"index":{},"":1}}"#, n - at));
        let by_id = list(&|n| format!(r#"{{"id":"{n}"}}"#));
        let calls = |list: &str| delta(&format!(r#""tool_calls":[{list}]"#));
        let many = |count: usize| {
            let choice =
                |n: usize| format!(r#"{{"index":{n},"delta":{{"tool_calls":[{by_id}]}}}}"#);
            let choices: Vec<_> = (0..count).map(choice).collect();
            event(&format!(r#"{{"choices":[{}]}}"#, choices.join(",")))
        };
        for stream in [
            calls(&by_index),
            calls(&falling),
            calls(&by_id),
            event(&format!(r#"{{"choices":[{by_index}]}}"#)),
            many(33),
            many(128),
            "a\n".repeat(n),
            "a\n".repeat(n) + &calls(&by_id),
            event(r#"{"error":1}"#).repeat(n),
        ] {
            let (_, counted) = read(stream.as_bytes(), Limits::default());
            let held = counted.bytes_max;
            assert!(held <= most(&stream), "{held} for {} bytes", stream.len());
        }
    }
}

#[test]
fn arguments_in_tiny_pieces_cost_their_length() {
    let piece = |n: usize| {
        let text = ["{\\\"a\\\":\\\"", &"x".repeat(4 * n), "\\\"}"].concat();
        let call = |text: &str, rest: &str| {
            delta(&format!(
                r#""tool_calls":[{{"index":0,{rest}"function":{{"arguments":"{text}"}}}}]"#
            ))
        };
        let (first, rest) = text.split_at(9);
        let mut stream = call(first, r#""id":"a","#);
        let (whole, last) = rest.split_at(rest.len() / 4 * 4);
        for at in (0..whole.len()).step_by(4) {
            stream += &call(&whole[at..at + 4], "");
        }
        stream + &call(last, "")
    };
    let report = check_in_proportion(piece, 25_000, 1);
    assert_eq!(kinds(&report), [], "they are JSON");
    let completion = report.completion.expect("chunks came");
    let arguments = &completion.choices[0].message.tool_calls[0]
        .function
        .arguments;
    assert_eq!(arguments.len(), 4 * 50_000 + 8);
}

#[test]
fn after_a_huge_event_little_is_held() {
    let huge = [
        ": ",
        &"x".repeat(4 << 20),
        "\n\n",
        &event(&["\"", &"x".repeat(4 << 20), "\""].concat()),
    ];
    let mut reader = Reader::new();
    let counted = measure(|| {
        let stream = huge.concat() + &delta(r#""content":"a""#);
        for mut read in cut::into(stream.as_bytes(), 16 << 10) {
            while reader.next(&mut read).is_some() {}
        }
    });
    assert!(counted.bytes_max >= 4 * MB, "it straddles");
    let held = counted.bytes_current;
    assert!(held <= 64 * 1024, "{held} bytes");
}

#[test]
fn a_huge_line_behind_a_part_of_an_event_is_not_copied() {
    let event = delta(r#""content":"a""#);
    let huge = ["x".repeat(4 << 20).as_str(), "\n\n"].concat();
    let mut reader = Reader::with_limits(Limits {
        event: 1 << 20,
        ..Limits::default()
    });
    let counted = measure(|| {
        for part in [&event, &event, "data: {", &huge] {
            reader.push(part.as_bytes());
        }
    });
    assert_eq!(reader.stats().too_long, 1);
    assert!(counted.bytes_max <= 64 * KB, "{} bytes", counted.bytes_max);
}

#[test]
fn a_huge_id_is_held_once_while_it_lasts() {
    let huge = ["id: ", &"x".repeat(4 << 20), "\n\n"].concat();
    for (then, most) in [("", 4 * MB + 64 * KB), ("id: 1\n\n", 64 * KB)] {
        let mut reader = Reader::new();
        let counted = measure(|| {
            let stream = [&huge, then, &*delta(r#""content":"a""#)].concat();
            for mut read in cut::into(stream.as_bytes(), 16 << 10) {
                while reader.next(&mut read).is_some() {}
            }
        });
        let held = counted.bytes_current.unsigned_abs();
        assert!(held <= most, "{held} bytes after {then:?}");
    }
}
