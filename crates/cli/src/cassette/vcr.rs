//! Cassettes of go-vcr, with bodies as the server sent them, and of VCR.py, which keeps
//! in base64 what is no text.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_saphyr::Error;

use super::{body, is_stream, json};
use crate::terminal::in_one_line;

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct Cassette {
    interactions: Vec<Interaction>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct Interaction {
    response: Response,
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct Response {
    #[serde(default)]
    body: Option<Body>,
    #[serde(default)]
    headers: BTreeMap<String, Values>,
}

/// What go-vcr has as a text, VCR.py has as a `string` or `base64_string` in an object.
#[derive(Deserialize)]
#[serde(
    expecting = "expected a text, or an object with `string` or `base64_string`",
    untagged
)]
enum Body {
    Text(String),
    Object {
        string: Option<String>,
        base64_string: Option<String>,
    },
}

#[derive(Deserialize)]
#[serde(expecting = "expected a text, or a list of texts", untagged)]
enum Values {
    One(String),
    Several(Vec<String>),
}

impl Response {
    fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let (_, values) = headers.find(|(other, _)| other.eq_ignore_ascii_case(name))?;
        match values {
            Values::One(value) => Some(value),
            Values::Several(values) => values.first().map(String::as_str),
        }
    }

    /// The body, if it is a stream.
    fn stream(self) -> Result<Option<Vec<u8>>, String> {
        let encoding = self.header("content-encoding").unwrap_or_default();
        let (text, in_base64) = match &self.body {
            Some(
                Body::Text(text)
                | Body::Object {
                    string: Some(text), ..
                },
            ) => (&**text, false),
            Some(Body::Object {
                base64_string: Some(text),
                ..
            }) => (&**text, true),
            Some(Body::Object { .. }) | None => return Ok(None),
        };
        if !is_stream(self.header("content-type"), text) {
            return Ok(None);
        }
        // What is compressed is no text, so it is in base64. Recorders that take out the
        // compression may leave its header.
        let bytes = match body::from_base64(text) {
            Some(bytes) if in_base64 || !encoding.is_empty() => bytes,
            None if in_base64 => return Err("a `base64_string` is no base64".into()),
            _ => return Ok(Some(text.as_bytes().to_vec())),
        };
        body::decoded(bytes, encoding).map(Some)
    }
}

pub(super) fn of_yaml(cassette: &[u8]) -> Result<Vec<Vec<u8>>, String> {
    let text = str::from_utf8(cassette)
        .map_err(|error| format!("expected UTF-8 at byte {}", error.valid_up_to()))?;
    let options = serde_saphyr::options! {
        // Compressed bodies are no UTF-8.
        ignore_binary_tag_for_string: true,
    };
    let cassette: Cassette =
        serde_saphyr::from_str_with_options(text, options).map_err(|error| {
            let why = in_one_line(&told(&error));
            format!("no cassette of go-vcr or VCR.py: {why}")
        })?;
    streams(cassette)
}

/// What is wrong and where, without the lines around it.
fn told(error: &Error) -> String {
    let (why, at) = (error.without_snippet().to_string(), error.location());
    let told = match error.without_snippet() {
        Error::DuplicateMappingKey { key: Some(key), .. } => format!("expected `{key}` once"),
        Error::DuplicateMappingKey { .. } => "expected each key once".into(),
        // Of what is small and says much, by names that stand for more and more.
        _ if why.contains("budget breached") => "has more parts than are read".into(),
        _ => return why,
    };
    match at {
        Some(at) => format!("{told} at line {}, column {}", at.line(), at.column()),
        None => told,
    }
}

pub(super) fn of_json(cassette: &[u8]) -> Result<Vec<Vec<u8>>, String> {
    streams(json(cassette, "cassette of go-vcr or VCR.py")?)
}

fn streams(cassette: Cassette) -> Result<Vec<Vec<u8>>, String> {
    let responses = cassette.interactions.into_iter().map(|i| i.response);
    responses
        .filter_map(|response| response.stream().transpose())
        .collect()
}
