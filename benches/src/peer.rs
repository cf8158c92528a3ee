//! Reading as most Rust clients do: eventsource-stream, then `serde_json` into
//! owned types, then a `String` for each choice.

use core::{
    convert::Infallible,
    future::Future,
    pin::pin,
    task::{Context, Poll, Waker},
};

use eventsource_stream::Eventsource;
use futures_util::{StreamExt, stream};
use serde::Deserialize;

/// A chunk, as clients declare it: lenient, and only what they use.
#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "read to be owned, as clients own it")]
struct Chunk {
    id: Option<String>,
    object: Option<String>,
    created: Option<u64>,
    model: Option<String>,
    system_fingerprint: Option<String>,
    service_tier: Option<String>,
    #[serde(default)]
    choices: Vec<Choice>,
    usage: Option<Usage>,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "as above")]
struct Choice {
    index: u32,
    delta: Delta,
    finish_reason: Option<String>,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "as above")]
struct Delta {
    role: Option<String>,
    content: Option<String>,
    refusal: Option<String>,
    reasoning_content: Option<String>,
    tool_calls: Option<Vec<ToolCall>>,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "as above")]
struct ToolCall {
    index: Option<u32>,
    id: Option<String>,
    r#type: Option<String>,
    function: Option<Function>,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "as above")]
struct Function {
    name: Option<String>,
    arguments: Option<String>,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "as above")]
#[expect(clippy::struct_field_names, reason = "the API's names")]
struct Usage {
    prompt_tokens: u64,
    completion_tokens: u64,
    total_tokens: u64,
}

/// Bytes to the text of the first choice.
///
/// # Panics
///
/// If an event is not what the peer can read.
#[must_use]
pub fn read(reads: &[&[u8]]) -> String {
    let mut text = String::new();
    events(reads, |data| {
        if data == "[DONE]" {
            return;
        }
        let chunk: Chunk = serde_json::from_str(data).expect("a chunk that the peer reads");
        for choice in chunk.choices {
            if choice.index == 0 {
                text.push_str(choice.delta.content.as_deref().unwrap_or_default());
            }
        }
    });
    text
}

/// Framing alone: how many bytes of data the events have.
#[must_use]
pub fn frame(reads: &[&[u8]]) -> usize {
    let mut len = 0;
    events(reads, |data| len += data.len());
    len
}

/// Parsing alone: how many bytes of text the chunks have, decoded.
#[must_use]
pub fn parse(payloads: &[&[u8]]) -> usize {
    let mut len = 0;
    for data in payloads {
        if let Ok(chunk) = serde_json::from_slice::<Chunk>(data) {
            let texts = chunk.choices.into_iter().filter_map(|c| c.delta.content);
            len += texts.map(|text| text.len()).sum::<usize>();
        }
    }
    len
}

fn events(reads: &[&[u8]], mut each: impl FnMut(&str)) {
    let reads = reads.iter().map(|read| Ok::<_, Infallible>(*read));
    let mut events = stream::iter(reads).eventsource();
    while let Some(event) = now(events.next()) {
        each(&event.expect("an event").data);
    }
}

/// The result of a future that never waits.
fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => unreachable!("all input is there"),
    }
}
