//! Bodies that a cassette keeps as they were compressed.

use std::io::{self, Read};

use base64::{Engine, prelude::BASE64_STANDARD};
use flate2::read::{MultiGzDecoder, ZlibDecoder};

/// No recorded answer is longer; what says it is, is made to fill the memory.
const LONGEST: u64 = 1 << 30;

/// The bytes of base64, which may be broken into lines. `None` if it is none.
pub(super) fn from_base64(text: &str) -> Option<Vec<u8>> {
    let one_line: String = text.split_ascii_whitespace().collect();
    BASE64_STANDARD.decode(one_line).ok()
}

/// A body without its `Content-Encoding`.
///
/// # Errors
///
/// If it is none of that, or of one that is not known.
pub(super) fn decoded(body: Vec<u8>, encoding: &str) -> Result<Vec<u8>, String> {
    let encoding = encoding.trim().to_ascii_lowercase();
    let read = match &*encoding {
        "" | "identity" => return Ok(body),
        "gzip" | "x-gzip" => all_of(MultiGzDecoder::new(&*body)),
        "deflate" => all_of(ZlibDecoder::new(&*body)),
        other => {
            return Err(format!(
                "a body is compressed with {}, expected gzip or deflate",
                other.escape_debug()
            ));
        }
    };
    read.map_err(|error| format!("a body is not {encoding}, as it says: {error}"))
}

fn all_of(body: impl Read) -> io::Result<Vec<u8>> {
    let mut all = Vec::new();
    let mut body = body.take(LONGEST + 1);
    body.read_to_end(&mut all)?;
    if body.limit() == 0 {
        return Err(io::Error::other("it is longer than 1 GiB"));
    }
    Ok(all)
}
