//! A reader for WebAssembly: numbers and memory go in and out, so that any host can use
//! it. `deltaic.mjs` beside it is one in JavaScript.
//!
//! ```text
//! stream = deltaic_open()
//! for each read:
//!     at  = deltaic_room(stream, length of the read)   copy the read to there
//!     len = deltaic_push(stream)                       it adds so many bytes of text,
//!     at  = deltaic_text(stream)                       which lie there until the next call
//! len     = deltaic_end(stream)                        as deltaic_push
//! tokens  = deltaic_tokens(stream)                     -1 if the server sent none
//! outcome = deltaic_close(stream)                      0 is done
//! ```
//!
//! A stream is a number, and one that is not open does nothing: no pointer comes in.
#![expect(
    unsafe_code,
    reason = "a name that is exported is unsafe to give twice"
)]

use std::{cell::RefCell, collections::BTreeMap};

use deltaic::{Outcome, Reader, Update, Updates};

/// A response that is being read.
#[derive(Default)]
struct Stream {
    reader: Reader,
    /// The read that the host writes.
    room: Vec<u8>,
    /// The text that it has added.
    text: String,
}

thread_local! {
    static STREAMS: RefCell<(u32, BTreeMap<u32, Stream>)> = RefCell::default();
}

/// Begins to read a response; its number.
#[unsafe(no_mangle)]
pub extern "C" fn deltaic_open() -> u32 {
    STREAMS.with_borrow_mut(|(last, streams)| {
        *last += 1;
        streams.insert(*last, Stream::default());
        *last
    })
}

/// Where the host may write the next `len` bytes of the response.
#[unsafe(no_mangle)]
pub extern "C" fn deltaic_room(stream: u32, len: usize) -> *mut u8 {
    with(stream, |stream| {
        stream.room.resize(len, 0);
        stream.room.as_mut_ptr()
    })
    .unwrap_or(std::ptr::null_mut())
}

/// Reads what was written; how many bytes of text that adds.
#[unsafe(no_mangle)]
pub extern "C" fn deltaic_push(stream: u32) -> usize {
    with(stream, |stream| {
        let mut input = &stream.room[..];
        stream.text.clear();
        while let Some(updates) = stream.reader.next(&mut input) {
            add(updates, &mut stream.text);
        }
        stream.room.clear();
        stream.text.len()
    })
    .unwrap_or_default()
}

/// The response has ended; how many bytes of text that adds.
#[unsafe(no_mangle)]
pub extern "C" fn deltaic_end(stream: u32) -> usize {
    with(stream, |stream| {
        stream.text.clear();
        while let Some(updates) = stream.reader.finish() {
            add(updates, &mut stream.text);
        }
        stream.text.len()
    })
    .unwrap_or_default()
}

/// Where the text lies that was added last, in UTF-8.
#[unsafe(no_mangle)]
pub extern "C" fn deltaic_text(stream: u32) -> *const u8 {
    with(stream, |stream| stream.text.as_ptr()).unwrap_or(std::ptr::null())
}

/// What the server says it has cost; -1 if it does not.
#[unsafe(no_mangle)]
pub extern "C" fn deltaic_tokens(stream: u32) -> i64 {
    with(stream, |stream| {
        let usage = stream.reader.completion().usage.as_ref()?;
        i64::try_from(usage.figures().total_tokens()?).ok()
    })
    .flatten()
    .unwrap_or(-1)
}

/// Closes the stream and tells how it ended: 0 done, 1 finished, 2 truncated, 3 failed,
/// 4 empty; -1 if it was not open.
#[unsafe(no_mangle)]
pub extern "C" fn deltaic_close(stream: u32) -> i32 {
    let closed = STREAMS.with_borrow_mut(|(_, streams)| streams.remove(&stream));
    match closed.map(|stream| stream.reader.outcome()) {
        Some(Outcome::Done) => 0,
        Some(Outcome::Finished) => 1,
        Some(Outcome::Truncated(_)) => 2,
        Some(Outcome::Failed) => 3,
        Some(Outcome::Empty) => 4,
        None => -1,
    }
}

fn with<T>(stream: u32, act: impl FnOnce(&mut Stream) -> T) -> Option<T> {
    STREAMS.with_borrow_mut(|(_, streams)| streams.get_mut(&stream).map(act))
}

/// Adds the text of the first choice.
fn add(updates: Updates<'_>, text: &mut String) {
    for update in updates {
        if let Update::Text {
            choice: 0,
            text: added,
        } = update
        {
            text.push_str(added);
        }
    }
}
