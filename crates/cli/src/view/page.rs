//! The page around the data.
//!
//! A hostile stream is kept from running in two ways, each enough: no text of it can
//! end the element that holds the data, and the page's policy names the one script and
//! the one style that may be used, by their hashes.

use std::{fmt::Write, fs::File, io::Read, path::Path};

use base64::{Engine, prelude::BASE64_STANDARD};
use sha2::{Digest, Sha256};

use super::data::View;
use crate::terminal;

const PAGE: &str = include_str!("page.html");
const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = concat!(
    include_str!("model.js"),
    include_str!("axis.js"),
    include_str!("list.js"),
    include_str!("state.js"),
    include_str!("page.js"),
);

/// The page, whole.
pub(super) fn write(view: &View<'_>) -> String {
    let json = terminal::json(view).expect("it has string keys and no maps of its own");
    let policy = format!(
        "default-src 'none'; script-src '{}'; style-src '{}'; base-uri 'none'; form-action 'none'",
        hash(SCRIPT),
        hash(STYLE)
    );
    let mut page = String::new();
    let mut rest = PAGE;
    // In their order, so that what is put in is not looked into.
    for (place, value) in [
        ("{policy}", &*policy),
        ("{style}", STYLE),
        ("{data}", &in_script(&json)),
        ("{script}", SCRIPT),
    ] {
        let (before, after) = rest.split_once(place).expect("the page has each place");
        page.push_str(before);
        page.push_str(value);
        rest = after;
    }
    page + rest
}

/// Whether a file is a page that this command has written.
pub(super) fn is_one(path: &Path) -> bool {
    let Ok(file) = File::open(path) else {
        return false;
    };
    let mut begin = Vec::new();
    let read = file.take(2_048).read_to_end(&mut begin);
    let begin = String::from_utf8_lossy(&begin);
    read.is_ok() && begin.starts_with(FIRST_LINE) && begin.contains(TITLE)
}

/// What pages have had from the first on.
const FIRST_LINE: &str = "<!doctype html>\n";
const TITLE: &str = "<title>deltaic view</title>";

/// How a policy names a script or a style.
fn hash(text: &str) -> String {
    format!("sha256-{}", BASE64_STANDARD.encode(Sha256::digest(text)))
}

/// JSON with escapes for what could end the element that it stands in, or show a
/// reader of the page's source another order than there is. All of that can only stand
/// in strings.
fn in_script(json: &str) -> String {
    let mut escaped = String::with_capacity(json.len());
    for char in json.chars() {
        match char {
            '<'
            | '>'
            | '&'
            | '\u{61C}'
            | '\u{200E}'
            | '\u{200F}'
            | '\u{2028}'..='\u{202E}'
            | '\u{2066}'..='\u{2069}'
            | '\u{FEFF}' => {
                // Of a string, it cannot fail.
                let _ = write!(escaped, "\\u{:04x}", u32::from(char));
            }
            char => escaped.push(char),
        }
    }
    escaped
}
