//! The streams that a cassette holds: what tools for tests and browsers keep of what
//! passed.

mod body;
mod har;
mod llama_stack;
mod vcr;

use std::{ffi::OsStr, path::Path};

use serde::{
    Deserialize,
    de::{DeserializeOwned, IgnoredAny},
};

use crate::terminal::in_one_line;

/// The bodies of the streamed responses of a cassette, in its order.
///
/// It may be of go-vcr or VCR.py (YAML, or JSON), an HTTP archive as browsers save it, or a
/// recording of llama-stack.
///
/// # Errors
///
/// Why it holds none, or cannot be read, in one line.
pub fn streams(cassette: Vec<u8>) -> Result<Vec<Vec<u8>>, String> {
    let cassette = match cassette.strip_prefix(b"\xEF\xBB\xBF") {
        Some(rest) => rest.to_vec(),
        None => cassette,
    };
    let streams = if cassette.trim_ascii_start().first() == Some(&b'{') {
        of_json(&cassette)?
    } else {
        vcr::of_yaml(&cassette)?
    };
    if streams.is_empty() {
        return Err("the cassette holds no streamed response".into());
    }
    Ok(streams)
}

/// Whether a file may be a cassette, by its name.
pub(crate) fn may_be_one(path: &Path) -> bool {
    let extension = extension(path);
    matches!(&*extension, "yaml" | "yml" | "har" | "json")
}

/// Whether a file is a cassette that may be one: a response that was not streamed is JSON, too.
pub(crate) fn is_one(path: &Path, bytes: &[u8]) -> bool {
    match &*extension(path) {
        "json" => matches!(Kind::of(bytes), Ok(Some(_))),
        "har" => true,
        _ => bytes.starts_with(b"interactions:") || has_line(bytes, b"\ninteractions:"),
    }
}

fn extension(path: &Path) -> String {
    let extension = path.extension().and_then(OsStr::to_str);
    extension.unwrap_or_default().to_ascii_lowercase()
}

fn has_line(bytes: &[u8], line: &[u8]) -> bool {
    bytes.windows(line.len()).any(|window| window == line)
}

/// What a cassette in JSON is.
enum Kind {
    Har,
    LlamaStack,
    Vcr,
}

impl Kind {
    fn of(json: &[u8]) -> serde_json::Result<Option<Self>> {
        #[derive(Deserialize)]
        #[serde(expecting = "an object")]
        struct Top {
            log: Option<IgnoredAny>,
            interactions: Option<IgnoredAny>,
            request: Option<IgnoredAny>,
            response: Option<IgnoredAny>,
        }
        let top: Top = serde_json::from_slice(json)?;
        Ok(match top {
            Top { log: Some(_), .. } => Some(Self::Har),
            Top {
                interactions: Some(_),
                ..
            } => Some(Self::Vcr),
            Top {
                request: Some(_),
                response: Some(_),
                ..
            } => Some(Self::LlamaStack),
            _ => None,
        })
    }
}

fn of_json(cassette: &[u8]) -> Result<Vec<Vec<u8>>, String> {
    match Kind::of(cassette).map_err(|error| format!("no JSON: {error}"))? {
        Some(Kind::Har) => har::streams(cassette),
        Some(Kind::Vcr) => vcr::of_json(cassette),
        // It says best what is missing.
        Some(Kind::LlamaStack) | None => llama_stack::streams(cassette),
    }
}

/// Reads a whole document of JSON, which `what` calls by its name where it is none.
fn json<T: DeserializeOwned>(document: &[u8], what: &str) -> Result<T, String> {
    // It writes over what it reads. What is wrong, and where, the other says better.
    simd_json::serde::from_slice(&mut document.to_vec())
        .or_else(|_| serde_json::from_slice(document))
        .map_err(|error| format!("no {what}: {}", in_one_line(&error.to_string())))
}

/// Whether a response was streamed: by its type, or by its looks where no type was recorded.
fn is_stream(content_type: Option<&str>, body: &str) -> bool {
    match content_type {
        Some(named) => named.to_ascii_lowercase().contains("text/event-stream"),
        None => body.starts_with("data:"),
    }
}
