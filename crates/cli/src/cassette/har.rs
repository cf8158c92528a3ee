//! HTTP archives (HAR 1.2), as browsers and proxies save them.

use serde::Deserialize;

use super::{body, is_stream, json};

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct Archive {
    log: Log,
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct Log {
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct Entry {
    response: Response,
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct Response {
    content: Content,
}

/// The body, without its `Content-Encoding`.
#[derive(Deserialize)]
#[serde(expecting = "an object", rename_all = "camelCase")]
struct Content {
    mime_type: Option<String>,
    text: Option<String>,
    encoding: Option<String>,
}

impl Content {
    fn stream(self) -> Option<Result<Vec<u8>, String>> {
        let text = self.text?;
        let mime_type = self.mime_type.as_deref().filter(|named| !named.is_empty());
        if !is_stream(mime_type, &text) {
            return None;
        }
        if self.encoding.as_deref() != Some("base64") {
            return Some(Ok(text.into_bytes()));
        }
        let bytes = body::from_base64(&text);
        Some(bytes.ok_or_else(|| "the text of a response is no base64, as it says".into()))
    }
}

pub(super) fn streams(archive: &[u8]) -> Result<Vec<Vec<u8>>, String> {
    let archive: Archive = json(archive, "HTTP archive")?;
    let contents = archive.log.entries.into_iter().map(|e| e.response.content);
    contents.filter_map(Content::stream).collect()
}
