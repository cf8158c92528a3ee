//! Recordings of llama-stack: JSON with the chunks as openai-python held them.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::json;

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct Recording {
    response: Response,
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct Response {
    /// A list of objects if it was streamed; anything else if not.
    body: Value,
}

/// The stream that the client must have received, in the order and with the
/// nulls that it kept.
pub(super) fn streams(recording: &[u8]) -> Result<Vec<Vec<u8>>, String> {
    let recording: Recording = json(recording, "llama-stack recording")?;
    let Value::Array(objects) = recording.response.body else {
        return Ok(Vec::new());
    };
    let mut stream = Vec::new();
    for (at, object) in objects.iter().enumerate() {
        let Some(chunk) = object.get("__data__").and_then(Value::as_object) else {
            return Err(format!(
                "no llama-stack recording: expected `__data__` in object {at} of the body"
            ));
        };
        push(&mut stream, chunk).map_err(|error| error.to_string())?;
    }
    Ok(vec![stream])
}

fn push(stream: &mut Vec<u8>, chunk: &Map<String, Value>) -> serde_json::Result<()> {
    stream.extend(b"data: ");
    serde_json::to_writer(&mut *stream, chunk)?;
    stream.extend(b"\n\n");
    Ok(())
}
