//! What is written is read: by us, by the types and the framer that most Rust clients
//! share, and by a reader of JSON.

use async_openai::types::chat::{CreateChatCompletionStreamResponse, FinishReason};
use deltaic::{Envelope, Outcome, Reader, Report, Tokens, UsageState, Writer};
use eventsource_stream::Eventsource;
use futures_util::{FutureExt, StreamExt, stream};
use proptest::{collection::vec, prelude::*, sample};
use serde_json::{Value, json};

const ENVELOPE: Envelope<'static> = Envelope {
    id: "c\"1",
    created: 1_763_000_000,
    model: "m\\",
    system_fingerprint: None,
    service_tier: None,
};

fn read(written: &[u8]) -> Report {
    let mut reader = Reader::new();
    let mut input = written;
    while reader.next(&mut input).is_some() {}
    reader.into_report()
}

/// The data of the events, by the framer that most Rust clients share.
fn framed(written: &[u8]) -> Vec<String> {
    let reads = stream::iter(written.chunks(7).map(Ok::<_, ()>));
    let events = reads.eventsource().map(|event| event.expect("UTF-8").data);
    let all = events.collect().now_or_never();
    all.expect("nothing is waited for")
}

/// What one call writes, as JSON.
#[track_caller]
fn check(write: impl Fn(&Writer, &mut Vec<u8>), expected: &Value) {
    let mut out = b"before".to_vec();
    write(&Writer::new(&ENVELOPE), &mut out);
    let written = out.strip_prefix(b"before").expect("it is added");
    let line = written.strip_prefix(b"data: ").expect("a data line");
    let data = line.strip_suffix(b"\n\n").expect("a blank line");
    assert!(!data.contains(&b'\n') && !data.contains(&b'\r'));
    let mut value: Value = serde_json::from_slice(data).expect("JSON");
    if let Some(members) = value
        .as_object_mut()
        .filter(|members| !members.contains_key("error"))
    {
        assert_eq!(members.remove("id"), Some(json!("c\"1")));
        assert_eq!(
            members.remove("object"),
            Some(json!("chat.completion.chunk"))
        );
        assert_eq!(members.remove("created"), Some(json!(1_763_000_000)));
        assert_eq!(members.remove("model"), Some(json!("m\\")));
    }
    assert_eq!(value, *expected);
}

#[test]
fn each_event_says_what_it_should() {
    let choice = |index: u32, delta: Value| json!({ "choices": [{ "index": index, "delta": delta, "finish_reason": null }] });
    check(
        |writer, out| writer.role(out, 0, "assistant"),
        &choice(0, json!({ "role": "assistant", "content": "" })),
    );
    check(
        |writer, out| writer.text(out, 9, "a\"\\\n\r\t\0\u{1f}\u{7f}é\u{2028}\u{1F980}"),
        &choice(
            9,
            json!({ "content": "a\"\\\n\r\t\0\u{1f}\u{7f}é\u{2028}\u{1F980}" }),
        ),
    );
    check(
        |writer, out| writer.reasoning(out, 10, ""),
        &choice(10, json!({ "reasoning_content": "" })),
    );
    check(
        |writer, out| writer.refusal(out, u32::MAX, "no"),
        &choice(u32::MAX, json!({ "refusal": "no" })),
    );
    let function = json!({ "name": "f\n", "arguments": "" });
    check(
        |writer, out| writer.call(out, 0, 12, "i\"", "f\n"),
        &choice(
            0,
            json!({ "tool_calls": [{ "index": 12, "id": "i\"", "type": "function", "function": function }] }),
        ),
    );
    check(
        |writer, out| writer.arguments(out, 0, 0, "{\"a\":"),
        &choice(
            0,
            json!({ "tool_calls": [{ "index": 0, "function": { "arguments": "{\"a\":" } }] }),
        ),
    );
    check(
        |writer, out| writer.finish(out, 1, "stop\""),
        &json!({ "choices": [{ "index": 1, "delta": {}, "finish_reason": "stop\"" }] }),
    );
}

#[test]
fn counts_are_given_as_they_are_and_added_up() {
    let tokens = Tokens {
        prompt: u32::MAX,
        completion: 2,
        ..Tokens::default()
    };
    let usage = json!({ "prompt_tokens": u32::MAX, "completion_tokens": 2, "total_tokens": 4_294_967_297_u64 });
    check(
        |writer, out| writer.usage(out, &tokens),
        &json!({ "choices": [], "usage": usage }),
    );
    let tokens = Tokens {
        cached: Some(0),
        reasoning: Some(3),
        prompt: 1,
        completion: 4,
    };
    let usage = json!({
        "prompt_tokens": 1,
        "completion_tokens": 4,
        "total_tokens": 5,
        "prompt_tokens_details": { "cached_tokens": 0 },
        "completion_tokens_details": { "reasoning_tokens": 3 },
    });
    check(
        |writer, out| writer.usage(out, &tokens),
        &json!({ "choices": [], "usage": usage }),
    );
}

#[test]
fn an_error_is_read_as_one() {
    check(
        |_, out| Writer::error(out, "too \"much\"", "rate_limit", None),
        &json!({ "error": { "message": "too \"much\"", "type": "rate_limit", "param": null, "code": null } }),
    );
    let mut out = Vec::new();
    Writer::error(&mut out, "m", "server_error", Some("50\"3"));
    let report = read(&out);
    assert_eq!(report.outcome, Outcome::Failed);
    let error: Value = report.errors[0].parse().expect("JSON");
    assert_eq!(error["code"], "50\"3");
}

#[test]
fn what_an_envelope_has_not_is_left_out() {
    let chunk = |envelope: &Envelope<'_>| -> Value {
        let mut out = Vec::new();
        Writer::new(envelope).text(&mut out, 0, "a");
        framed(&out)[0].parse().expect("JSON")
    };
    let members = |chunk: &Value| -> Vec<String> {
        let names = chunk.as_object().expect("an object").keys();
        let mut names: Vec<_> = names.cloned().collect();
        names.sort_unstable();
        names
    };
    let mut names = vec!["choices", "created", "id", "model", "object"];
    assert_eq!(members(&chunk(&ENVELOPE)), names);
    let full = chunk(&Envelope {
        system_fingerprint: Some("fp\""),
        service_tier: Some("default"),
        ..ENVELOPE
    });
    names.extend(["service_tier", "system_fingerprint"]);
    assert_eq!(members(&full), names);
    assert_eq!(
        [&full["system_fingerprint"], &full["service_tier"]],
        ["fp\"", "default"]
    );
}

/// What is said in a choice.
#[derive(Clone, Debug, Default)]
struct Said {
    text: Vec<String>,
    reasoning: Vec<String>,
    refusal: Vec<String>,
    /// Id, name, and the pieces of the arguments.
    calls: Vec<(String, String, Vec<String>)>,
    finish: &'static str,
}

/// Any text, in which what has to be escaped is frequent.
fn text() -> impl Strategy<Value = String> {
    let odd = sample::select(vec![
        '"',
        '\\',
        '\n',
        '\r',
        '\0',
        '\u{1f}',
        '\u{7f}',
        '/',
        '\u{2028}',
        '\u{1F980}',
        'u',
    ]);
    vec(
        prop_oneof![any::<char>(), odd, proptest::char::range('a', 'z')],
        0..24,
    )
    .prop_map(String::from_iter)
}

fn texts() -> impl Strategy<Value = Vec<String>> {
    vec(text(), 0..5)
}

/// A call whose arguments are JSON, in pieces.
fn call() -> impl Strategy<Value = (String, String, Vec<String>)> {
    let arguments = vec((text(), text()), 0..4).prop_map(|members| {
        let members = members
            .into_iter()
            .map(|(name, text)| (name, Value::String(text)));
        Value::Object(members.collect()).to_string()
    });
    let named = |text: String| format!("a{text}");
    (
        text().prop_map(named),
        text().prop_map(named),
        arguments,
        1..9_usize,
    )
        .prop_map(|(id, name, arguments, len)| {
            let chars: Vec<char> = arguments.chars().collect();
            (id, name, chars.chunks(len).map(String::from_iter).collect())
        })
}

fn said() -> impl Strategy<Value = Said> {
    let finish = sample::select(vec!["stop", "length", "tool_calls", "content_filter"]);
    (texts(), texts(), texts(), vec(call(), 0..3), finish).prop_map(
        |(text, reasoning, refusal, mut calls, finish)| {
            // By its id a call is known.
            for (nth, call) in calls.iter_mut().enumerate() {
                call.0 += &nth.to_string();
            }
            Said {
                text,
                reasoning,
                refusal,
                calls,
                finish,
            }
        },
    )
}

/// The events of one choice, in their order.
fn events(writer: &Writer, choice: u32, said: &Said) -> Vec<Vec<u8>> {
    let mut events = Vec::new();
    let mut add = |write: &dyn Fn(&mut Vec<u8>)| {
        let mut out = Vec::new();
        write(&mut out);
        events.push(out);
    };
    add(&|out| writer.role(out, choice, "assistant"));
    for text in &said.reasoning {
        add(&|out| writer.reasoning(out, choice, text));
    }
    for text in &said.text {
        add(&|out| writer.text(out, choice, text));
    }
    for text in &said.refusal {
        add(&|out| writer.refusal(out, choice, text));
    }
    for (call, (id, name, arguments)) in (0..).zip(&said.calls) {
        add(&|out| writer.call(out, choice, call, id, name));
        for piece in arguments {
            add(&|out| writer.arguments(out, choice, call, piece));
        }
    }
    add(&|out| writer.finish(out, choice, said.finish));
    events
}

/// The stream of these choices, whose events take turns.
fn stream_of(envelope: &Envelope<'_>, all: &[Said], turns: &[usize], tokens: &Tokens) -> Vec<u8> {
    let writer = Writer::new(envelope);
    let mut queues: Vec<_> = (0..)
        .zip(all)
        .map(|(choice, said)| events(&writer, choice, said).into_iter())
        .collect();
    let mut out = Vec::new();
    let mut turns = turns.iter().cycle();
    while !queues.is_empty() {
        let turn = turns.next().map_or(0, |turn| turn % queues.len());
        match queues[turn].next() {
            Some(event) => out.extend(event),
            None => drop(queues.remove(turn)),
        }
    }
    writer.usage(&mut out, tokens);
    Writer::done(&mut out);
    out
}

/// We read what was said, and nothing odd.
fn read_by_us(written: &[u8], envelope: &Envelope<'_>, all: &[Said], tokens: &Tokens) {
    let report = read(written);
    assert_eq!(report.findings.as_slice(), []);
    assert_eq!(report.outcome, Outcome::Done);
    assert_eq!(report.usage, UsageState::Complete);
    let completion = report.completion.expect("it was said");
    assert_eq!(completion.id.as_deref(), Some(envelope.id));
    assert_eq!(completion.model.as_deref(), Some(envelope.model));
    let usage = completion.usage.expect("it was told");
    let figures = usage.figures();
    assert_eq!(figures.prompt_tokens(), Some(tokens.prompt.into()));
    assert_eq!(figures.completion_tokens(), Some(tokens.completion.into()));
    assert_eq!(figures.cached_tokens(), tokens.cached.map(u64::from));
    assert_eq!(figures.reasoning_tokens(), tokens.reasoning.map(u64::from));
    assert_eq!(completion.choices.len(), all.len());
    for (choice, said) in completion.choices.iter().zip(all) {
        let message = &choice.message;
        assert_eq!(message.role.as_deref(), Some("assistant"));
        assert_eq!(
            message.content.as_deref().unwrap_or_default(),
            said.text.concat()
        );
        assert_eq!(
            message.reasoning.as_deref().unwrap_or_default(),
            said.reasoning.concat()
        );
        assert_eq!(
            message.refusal.as_deref().unwrap_or_default(),
            said.refusal.concat()
        );
        assert_eq!(choice.finish_reason.as_deref(), Some(said.finish));
        assert_eq!(message.tool_calls.len(), said.calls.len());
        for (call, (id, name, arguments)) in message.tool_calls.iter().zip(&said.calls) {
            assert_eq!(call.id.as_deref(), Some(&**id));
            assert_eq!(call.function.name.as_deref(), Some(&**name));
            assert_eq!(call.function.arguments.as_str(), arguments.concat());
        }
    }
}

/// So do others, who know no reasoning.
fn read_by_others(written: &[u8], envelope: &Envelope<'_>, all: &[Said], tokens: &Tokens) {
    let mut read = vec![Said::default(); all.len()];
    let mut data = framed(written);
    assert_eq!(data.pop().as_deref(), Some("[DONE]"));
    let mut usage = None;
    for data in &data {
        let chunk: CreateChatCompletionStreamResponse =
            serde_json::from_str(data).unwrap_or_else(|error| panic!("{error}: {data}"));
        assert_eq!((&*chunk.id, &*chunk.model), (envelope.id, envelope.model));
        assert_eq!(u64::from(chunk.created), envelope.created);
        usage = usage.or(chunk.usage);
        for choice in chunk.choices {
            let said = &mut read[choice.index as usize];
            said.text.extend(choice.delta.content);
            said.refusal.extend(choice.delta.refusal);
            for call in choice.delta.tool_calls.into_iter().flatten() {
                let function = call.function.expect("a function");
                if let (Some(id), Some(name)) = (call.id, function.name) {
                    assert_eq!(call.index as usize, said.calls.len());
                    said.calls.push((id, name, Vec::new()));
                }
                said.calls[call.index as usize].2.extend(function.arguments);
            }
            said.finish = match choice.finish_reason {
                None => continue,
                Some(FinishReason::Stop) => "stop",
                Some(FinishReason::Length) => "length",
                Some(FinishReason::ToolCalls) => "tool_calls",
                Some(FinishReason::ContentFilter) => "content_filter",
                Some(reason) => panic!("{reason:?}"),
            };
        }
    }
    let usage = usage.expect("it was told");
    assert_eq!(
        (usage.prompt_tokens, usage.completion_tokens),
        (tokens.prompt, tokens.completion)
    );
    for (read, said) in read.iter().zip(all) {
        assert_eq!(read.text.concat(), said.text.concat());
        assert_eq!(read.refusal.concat(), said.refusal.concat());
        assert_eq!(read.finish, said.finish);
        assert_eq!(read.calls.len(), said.calls.len());
        for (read, said) in read.calls.iter().zip(&said.calls) {
            assert_eq!(
                (&read.0, &read.1, read.2.concat()),
                (&said.0, &said.1, said.2.concat())
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_said_is_read(
        (id, model, fingerprint) in (text(), text(), proptest::option::of(text())),
        all in vec(said(), 1..4),
        turns in vec(any::<usize>(), 1..20),
        (prompt, completion) in (0..1_u32 << 31, 1..1_u32 << 31),
        details in any::<bool>(),
    ) {
        let (id, model) = (format!("i{id}"), format!("m{model}"));
        let envelope = Envelope {
            id: &id,
            model: &model,
            system_fingerprint: fingerprint.as_deref(),
            ..ENVELOPE
        };
        let tokens = Tokens {
            prompt,
            completion,
            cached: details.then_some(prompt / 2),
            reasoning: details.then_some(completion / 2),
        };
        let written = stream_of(&envelope, &all, &turns, &tokens);
        read_by_us(&written, &envelope, &all, &tokens);
        read_by_others(&written, &envelope, &all, &tokens);
    }
}
