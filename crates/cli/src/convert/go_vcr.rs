//! Cassettes of go-vcr: YAML with the bodies as the server sent them.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::terminal::in_one_line;

#[derive(Deserialize)]
struct Cassette {
    interactions: Vec<Interaction>,
}

#[derive(Deserialize)]
struct Interaction {
    response: Response,
}

#[derive(Deserialize)]
struct Response {
    #[serde(default)]
    body: String,
    #[serde(default)]
    headers: BTreeMap<String, Vec<String>>,
}

impl Response {
    /// By its type, or by its looks where no type was recorded.
    fn is_stream(&self) -> bool {
        let is_type =
            |(name, _): &(&String, &Vec<String>)| name.eq_ignore_ascii_case("content-type");
        match self.headers.iter().find(is_type) {
            Some((_, types)) => types.iter().any(|t| t.contains("text/event-stream")),
            None => self.body.starts_with("data:"),
        }
    }
}

/// The bodies of the streamed responses.
pub(super) fn streams(cassette: &[u8]) -> Result<Vec<Vec<u8>>, String> {
    let text = str::from_utf8(cassette)
        .map_err(|error| format!("expected UTF-8 at byte {}", error.valid_up_to()))?;
    let cassette: Cassette = serde_saphyr::from_str(text).map_err(|error| {
        // Where it is and what it is, without the lines around it.
        let why = in_one_line(&error.without_snippet().to_string());
        format!("no go-vcr cassette: {why}")
    })?;
    let responses = cassette.interactions.into_iter().map(|i| i.response);
    let streamed = responses.filter(Response::is_stream);
    Ok(streamed
        .map(|response| response.body.into_bytes())
        .collect())
}
