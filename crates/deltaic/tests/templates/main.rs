//! Events that are nearly like earlier ones say the same as if read in full.

mod cuts;

use deltaic::{Limits, Reader, Report, Stats, assembler};
use deltaic_corpus::cut;

/// The report, and the updates of each event.
fn read(mut reader: Reader, reads: &[&[u8]]) -> (Report, Vec<Vec<String>>) {
    let mut told = Vec::new();
    for mut read in reads.iter().copied() {
        while let Some(updates) = reader.next(&mut read) {
            told.push(updates.map(|update| format!("{update:?}")).collect());
        }
    }
    while let Some(updates) = reader.finish() {
        told.push(updates.map(|update| format!("{update:?}")).collect());
    }
    (reader.into_report(), told)
}

#[track_caller]
fn check_stream(stream: &[u8], limits: Limits) {
    let new = || Reader::with_limits(limits);
    let in_full = read(new().without_templates(), &[stream]);
    assert_eq!(read(new(), &[stream]), in_full);
    let bytes: Vec<_> = stream.chunks(1).collect();
    assert_eq!(read(new(), &bytes), in_full, "byte by byte");
    let check = |reads: &[&[u8]], cut: &str| {
        assert_eq!(read(new(), reads), in_full, "{cut}");
        let (pushed, stands) = push(new(), reads);
        assert_eq!(pushed, in_full.0, "pushed, {cut}");
        let (_, stands_in_full) = push(new().without_templates(), reads);
        assert_eq!(stands, stands_in_full, "no event waits, {cut}");
    };
    for len in [1, 7, 64, 333, stream.len()] {
        let reads: Vec<_> = stream.chunks(len.max(1)).collect();
        check(&reads, &format!("{len} bytes each"));
    }
    let events = by_event(stream);
    check(&events, "an event each");
    // Some in two, so that others are held.
    let halves = events.iter().enumerate().flat_map(|(at, event)| {
        let (first, second) = event.split_at(if at % 3 == 0 { event.len() / 2 } else { 0 });
        [first, second]
    });
    check(&halves.collect::<Vec<_>>(), "some events in two");
}

/// One event a read, with either kind of line ends.
fn by_event(stream: &[u8]) -> Vec<&[u8]> {
    let places = (0..stream.len()).filter(|at| stream[..*at].ends_with(b"\r\n\r\n"));
    match &*places.collect::<Vec<_>>() {
        [] => cut::by_event(stream),
        places => cut::at(stream, places),
    }
}

/// The report, and what had been read after each read.
fn push(mut reader: Reader, reads: &[&[u8]]) -> (Report, Vec<Stats>) {
    let push = |read: &&[u8]| {
        reader.push(read);
        reader.stats()
    };
    let stands = reads.iter().map(push).collect();
    (reader.into_report(), stands)
}

/// The stream of events with these data.
fn stream_of(data: &[impl AsRef<str>]) -> String {
    let events: Vec<_> = data
        .iter()
        .map(|data| format!("data: {}\n\n", data.as_ref()))
        .collect();
    events.concat()
}

/// Checks a stream of events with these data.
#[track_caller]
fn check(data: &[&str]) {
    let stream = stream_of(data);
    check_stream(stream.as_bytes(), Limits::default());
    let stream = stream.replace('\n', "\r\n");
    check_stream(stream.as_bytes(), Limits::default());
}

/// Checks events whose delta has `more` beside a text, among `others`.
#[track_caller]
fn check_beside(more: &str, others: &[&str]) {
    let text = |text: &str| {
        let comma = if more.is_empty() { "" } else { "," };
        format!(r#"{{"choices":[{{"delta":{{"content":"{text}"{comma}{more}}}}}]}}"#)
    };
    let texts = ["a", "b", "c", "", "d"].map(text);
    let mut data: Vec<&str> = texts.iter().map(String::as_str).collect();
    data.extend(others);
    data.extend(texts.iter().map(String::as_str));
    check(&data);
}

#[test]
fn a_member_that_does_something_each_time_does_so() {
    for name in [
        "role",
        "reasoning",
        "reasoning_content",
        "refusal",
        "tool_calls",
        "function_call",
        "audio",
        "images",
        "annotations",
        "reasoning_details",
        "content_parts",
        "x",
    ] {
        for value in [
            r#""""#,
            r#""x""#,
            "{}",
            "[]",
            "null",
            "0",
            "1",
            "false",
            r#"{"a":1}"#,
            r#"{"data":"x"}"#,
            r#"[{"index":0}]"#,
            r#"[{"type":"x"}]"#,
            "[1]",
            r#"{"name":"f","arguments":""}"#,
        ] {
            let more = format!(r#""{name}":{value}"#);
            let other =
                |delta: &str| format!(r#"{{"choices":[{{"delta":{{"{name}":{delta}}}}}]}}"#);
            let others = [
                other(r#"[{"type":"x"}]"#),
                r#"{"choices":[],"usage":{"total_tokens":1}}"#.into(),
                other(r#""y""#),
            ];
            check_beside(&more, &others.each_ref().map(String::as_str));
        }
    }
}

#[test]
fn a_member_of_the_choice_or_chunk_does_too() {
    for name in [
        "id",
        "created",
        "model",
        "object",
        "system_fingerprint",
        "service_tier",
        "error",
        "x_groq",
        "usage",
        "message",
        "text",
        "logprobs",
        "finish_reason",
        "obfuscation",
        "x",
    ] {
        for value in [
            r#""""#,
            r#""x""#,
            "{}",
            "[]",
            "null",
            "0",
            "1",
            "false",
            r#"{"a":1}"#,
            r#"{"content":"a"}"#,
            r#"{"content":[1]}"#,
            r#"{"usage":{"total_tokens":1}}"#,
        ] {
            let in_choice = |text: &str| {
                format!(r#"{{"choices":[{{"delta":{{"content":"{text}"}},"{name}":{value}}}]}}"#)
            };
            let in_chunk = |text: &str| {
                format!(r#"{{"choices":[{{"delta":{{"content":"{text}"}}}}],"{name}":{value}}}"#)
            };
            let other = format!(r#"{{"choices":[],"{name}":"y"}}"#);
            for make in [&in_choice as &dyn Fn(&str) -> String, &in_chunk] {
                let texts = ["a", "b", "c", "d"].map(make);
                let mut data: Vec<&str> = texts.iter().map(String::as_str).collect();
                data.push(&other);
                data.extend(texts.iter().map(String::as_str));
                check(&data);
            }
        }
    }
}

/// Events of a text and token counts.
fn metered(counts: &[String]) -> Vec<String> {
    let counts = counts.iter();
    counts
        .map(|usage| format!(r#"{{"choices":[{{"delta":{{"content":"a"}}}}],"usage":{usage}}}"#))
        .collect()
}

#[track_caller]
fn check_counts(counts: &[String]) {
    let data = metered(counts);
    check(&data.iter().map(String::as_str).collect::<Vec<_>>());
}

#[test]
fn counts_of_several_shapes_take_turns() {
    let shapes = [
        r#""a":null"#,
        r#""a":{}"#,
        r#""a":{"b":null}"#,
        r#""a":[1]"#,
        r#""a":"b""#,
    ];
    for first in shapes {
        for second in shapes {
            for third in shapes {
                let turns = [
                    first, first, second, second, second, third, third, first, second, third, first,
                ];
                let counts = turns.iter().enumerate();
                let counts: Vec<_> = counts
                    .map(|(n, shape)| format!(r#"{{"total_tokens":{},{shape}}}"#, n + 2))
                    .collect();
                check_counts(&counts);
            }
        }
    }
}

#[test]
fn counts_change_where_no_plan_may_tell() {
    for shape in [
        r#"{"total_tokens":N,"d":[N]}"#,
        r#"{"total_tokens":N,"total_tokens":"s"}"#,
        r#"{"total_tokens":N,"d":"N"}"#,
        r#"{"prompt_tokens":5,"completion_tokens":N}"#,
        r#"{"prompt_tokens":{"x":N},"completion_tokens":N}"#,
        r#"{"n":N}"#,
    ] {
        let counts =
            [1, 2, 3, 4, 4, 5, 3, 6, 7, 8].map(|n: u32| shape.replace('N', &n.to_string()));
        check_counts(&counts);
        let flood = |value: u32| {
            let names: Vec<_> = (0..63)
                .map(|name| format!(r#""k{name}":"{value}""#))
                .collect();
            format!(r#"{{"choices":[],{}}}"#, names.join(","))
        };
        let mut data = metered(&counts[..2]);
        data.extend([flood(0), flood(1)]);
        data.extend(metered(&counts[2..]));
        check(&data.iter().map(String::as_str).collect::<Vec<_>>());
    }
}

#[test]
fn counts_in_a_choice_count_less() {
    let chunk = |n: u32| {
        format!(
            r#"{{"choices":[{{"delta":{{"content":"a"}},"usage":{{"n":{n}}}}}],"usage":{{"total_tokens":{n}}}}}"#
        )
    };
    let in_choice =
        |n: u32| format!(r#"{{"choices":[{{"delta":{{"content":"a"}},"usage":{{"n":{n}}}}}]}}"#);
    let mut data: Vec<_> = (1..4).map(in_choice).collect();
    data.extend(metered(&[4, 5, 6].map(|n| format!(r#"{{"n":{n}}}"#))));
    data.extend((7..9).map(in_choice));
    data.extend((9..12).map(chunk));
    check(&data.iter().map(String::as_str).collect::<Vec<_>>());
}

#[test]
fn reasoning_may_have_two_names() {
    let two = |a: &str, b: &str| {
        format!(r#"{{"choices":[{{"delta":{{"reasoning":"{a}","thinking":"{b}"}}}}]}}"#)
    };
    let data = [
        two("a", "a"),
        two("b", "b"),
        two("c", "d"),
        two("e", ""),
        two("", "f"),
        two("g", "g"),
    ];
    check(&data.each_ref().map(String::as_str));
}

#[test]
fn a_choice_by_its_index_may_be_any() {
    let at =
        |index: u32, delta: &str| format!(r#"{{"choices":[{{"index":{index},"delta":{delta}}}]}}"#);
    let text = |index| at(index, r#"{"content":"a"}"#);
    let parts = at(1, r#"{"content":[{"type":"text","text":"b"}]}"#);
    let data = [
        text(0),
        text(1),
        text(0),
        parts,
        text(1),
        text(0),
        text(1),
        text(2),
        text(2),
        text(0),
    ];
    check(&data.each_ref().map(String::as_str));
    let limits = Limits {
        assembler: assembler::Limits {
            choices: 2,
            ..assembler::Limits::default()
        },
        ..Limits::default()
    };
    let stream = stream_of(&data);
    check_stream(stream.as_bytes(), limits);
}

#[test]
fn a_call_by_its_index_may_be_any() {
    let call = |index: u32, more: &str, text: &str| {
        format!(
            r#"{{"choices":[{{"delta":{{"tool_calls":[{{"index":{index}{more},"function":{{"arguments":"{text}"}}}}]}}}}]}}"#
        )
    };
    let begin = |index, id: &str| {
        let call = call(index, &format!(r#","id":"{id}","type":"function""#), "");
        call.replace(r#""arguments""#, r#""name":"f","arguments""#)
    };
    for more in [
        "",
        r#","type":"function""#,
        r#","type":"x""#,
        r#","id":null"#,
        r#","id":"a""#,
        r#","x":1"#,
    ] {
        let data = [
            begin(0, "a"),
            call(0, more, "["),
            call(0, more, "1"),
            begin(1, "b"),
            call(1, more, "{"),
            call(0, more, "]"),
            begin(1, "c"),
            call(1, more, "}"),
            call(1, more, "2"),
            call(2, more, "{"),
            call(2, more, "}"),
            call(0, more, " "),
        ];
        check(&data.each_ref().map(String::as_str));
    }
}

#[test]
fn lines_of_json_are_read_alike_too() {
    let line = |text: &str| {
        format!(r#"{{"choices":[{{"delta":{{"content":"{text}","tool_calls":{{}}}}}}]}}"#)
    };
    let lines = ["a", "b", "c"].map(line).join("\n");
    check_stream(lines.as_bytes(), Limits::default());
}

#[test]
fn what_comes_between_changes_nothing() {
    let text = |text: &str| {
        format!("data: {{\"choices\":[{{\"delta\":{{\"content\":\"{text}\"}}}}]}}\n\n")
    };
    for between in [
        ": ping\n\n",
        "\n",
        "id: 1\n\n",
        "event: error\ndata: e\n\n",
        "error: e\n\n",
        "nonsense\n",
        "data: [DONE]\n\n",
        "data: nonsense\n\n",
        "data: {\"error\":\"e\"}\n\n",
        "event: x\n",
        "event: error\n",
        "data: 1\n",
    ] {
        let stream = [
            text("a"),
            text("b"),
            between.into(),
            text("c"),
            between.into(),
            text("d"),
            text("e"),
        ]
        .concat();
        check_stream(stream.as_bytes(), Limits::default());
        let limits = Limits {
            event: 40,
            ..Limits::default()
        };
        check_stream(stream.as_bytes(), limits);
    }
}
