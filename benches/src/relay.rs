//! The other directions: a stream that is written, and one that is changed in passing.

use std::{
    cell::Cell,
    convert::Infallible,
    pin::pin,
    task::{Context, Poll, Waker},
};

use bytes::Bytes;
use deltaic::{
    Envelope, Reader, Splicer, Tap, Writer,
    chunk::{Edit, quoted},
};
use futures_util::stream;
use http_body_util::StreamBody;
use hyper::body::{Body, Frame};
use serde::Serialize;
use serde_json::Value;

use crate::{ours, workload::Workload};

const ENVELOPE: Envelope<'static> = Envelope {
    id: "chatcmpl-0123456789abcdef0123456789abcdef",
    created: 1_768_582_461,
    model: "a-model-2026-01-01",
    system_fingerprint: Some("fp_0123456789"),
    service_tier: None,
};

/// What the model is called where streams are changed.
pub const ALIAS: &str = "ours";

/// The pieces of text that a workload says.
#[must_use]
pub fn texts(workload: &Workload) -> Vec<String> {
    let payloads = workload.payloads();
    let chunks = ours::chunks(&payloads);
    let choices = chunks.iter().flat_map(deltaic::chunk::Chunk::choices);
    choices
        .filter_map(|choice| choice.delta.content.as_str())
        .map(|text| text.to_string())
        .collect()
}

/// Writes each text as an event, with [`Writer`].
pub fn write(texts: &[String], out: &mut Vec<u8>) {
    let writer = Writer::new(&ENVELOPE);
    for text in texts {
        writer.text(out, 0, text);
    }
}

/// The same from a struct, with `serde_json`.
pub fn write_struct(texts: &[String], out: &mut Vec<u8>) {
    for text in texts {
        let chunk = Chunk {
            id: ENVELOPE.id,
            object: "chat.completion.chunk",
            created: ENVELOPE.created,
            model: ENVELOPE.model,
            system_fingerprint: ENVELOPE.system_fingerprint,
            choices: [Choice {
                index: 0,
                delta: Delta { content: text },
                finish_reason: None,
            }],
        };
        out.extend_from_slice(b"data: ");
        // A vector takes all that is written.
        let _ = serde_json::to_writer(&mut *out, &chunk);
        out.extend_from_slice(b"\n\n");
    }
}

#[derive(Serialize)]
struct Chunk<'c> {
    id: &'c str,
    object: &'c str,
    created: u64,
    model: &'c str,
    #[serde(skip_serializing_if = "Option::is_none")]
    system_fingerprint: Option<&'c str>,
    choices: [Choice<'c>; 1],
}

#[derive(Serialize)]
struct Choice<'c> {
    index: u32,
    delta: Delta<'c>,
    finish_reason: Option<&'c str>,
}

#[derive(Serialize)]
struct Delta<'c> {
    content: &'c str,
}

/// What is written says what it was made of.
///
/// # Panics
///
/// If it does not.
pub fn check_written(written: &[u8], texts: &[String]) {
    let mut reader = Reader::new();
    reader.push(written);
    let said = &reader.completion().choices[0].message.content;
    assert_eq!(said.as_deref(), Some(&*texts.concat()));
}

/// Passes reads on through a [`Tap`], and gives the tokens of the completion that it has seen.
pub fn tap(reads: &[Bytes], usage_only: bool) -> Option<u64> {
    let frames = reads
        .iter()
        .cloned()
        .map(|read| Ok::<_, Infallible>(Frame::data(read)));
    let seen = Cell::new(None);
    let tap = Tap::new(StreamBody::new(stream::iter(frames)), |report| {
        let usage = report
            .report
            .completion
            .and_then(|completion| completion.usage);
        seen.set(usage.and_then(|usage| usage.figures().completion_tokens()));
    });
    let mut tap = pin!(if usage_only { tap.usage_only() } else { tap });
    let mut context = Context::from_waker(Waker::noop());
    while let Poll::Ready(Some(_)) = tap.as_mut().poll_frame(&mut context) {}
    seen.get()
}

/// Renames the model in each event, with [`Splicer`].
pub fn rename(reads: &[Bytes], out: &mut Vec<u8>) {
    let edits = Edit::replace("model".into(), quoted(ALIAS).to_string());
    let edits: Vec<_> = edits.into_iter().collect();
    let mut splicer = Splicer::new();
    for read in reads {
        splicer.push(read.clone());
        while splicer.next().is_some() {
            // `[DONE]` stays as it is.
            let _ = splicer.edit(&edits);
        }
        while let Some(piece) = splicer.piece() {
            out.extend_from_slice(&piece);
        }
    }
}

/// The same with our framer and `serde_json`, which reads each event as a value and writes it.
pub fn rename_value(reads: &[Bytes], out: &mut Vec<u8>) {
    let mut framer = deltaic::sse::Framer::new();
    for read in reads {
        let mut read = &read[..];
        while let Ok(Some(event)) = framer.next(&mut read) {
            out.extend_from_slice(b"data: ");
            match serde_json::from_slice::<Value>(event.data) {
                Ok(mut value) => {
                    value["model"] = ALIAS.into();
                    let _ = serde_json::to_writer(&mut *out, &value);
                }
                Err(_) => out.extend_from_slice(event.data),
            }
            out.extend_from_slice(b"\n\n");
        }
    }
}

/// What has been changed says what came, under the other name.
///
/// # Panics
///
/// If it does not.
pub fn check_renamed(changed: &[u8], reads: &[Bytes]) {
    let [mut came, mut went] = [Reader::new(), Reader::new()];
    for read in reads {
        came.push(read);
    }
    went.push(changed);
    let [came, went] = [&came, &went].map(Reader::completion);
    assert_eq!(went.model.as_deref(), Some(ALIAS));
    assert_eq!(went.choices, came.choices);
}
