//! The standard, written out as plainly as it can be: whole lines, whole events,
//! slow, and meant to be obviously right. The limit on events is ours.
//!
//! <https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation>

use deltaic::sse::{Event, Item, Span, TooLong};

use super::Items;

const MARK: &[u8] = b"\xEF\xBB\xBF";

/// What the standard makes of a stream.
#[derive(Debug, Default)]
pub struct Model {
    /// Events, comments, lines of no known field, and events that are too long.
    pub items: Items,
    /// What the end leaves: a line that says nothing and is cut off, then the
    /// event that is not whole. The standard drops both.
    pub left: Vec<Item<Vec<u8>>>,
    /// The last event ID.
    pub last_id: Option<Vec<u8>>,
    /// The reconnection time.
    pub retry: Option<u64>,
    /// How many comments there are, one that is cut off among them.
    pub comments: u64,
}

/// A line, where it begins, and where it ends with its end. Of a CR LF the LF
/// is left out, for it may come late.
struct Line {
    text: Vec<u8>,
    start: usize,
    end: usize,
}

impl Line {
    /// Its field's name and value.
    fn field(&self) -> (&[u8], &[u8]) {
        let text = &self.text;
        let colon = text.iter().position(|&byte| byte == b':');
        let mut value = colon.map_or(&[][..], |colon| &text[colon + 1..]);
        if value.first() == Some(&b' ') {
            value = &value[1..];
        }
        (&text[..colon.unwrap_or(text.len())], value)
    }

    /// Whether it has a name or an ID that is longer than `room`.
    fn overflows(&self, room: usize) -> bool {
        let (field, value) = self.field();
        let is_kept = field == b"event" || field == b"id" && !value.contains(&0);
        is_kept && value.len() > room
    }
}

/// The lines of a stream whose ends have come, and what comes behind the last.
fn lines(stream: &[u8]) -> (Vec<Line>, Line) {
    let mut lines = Vec::new();
    let mut at = if stream.starts_with(MARK) { 3 } else { 0 };
    let mut start = at;
    while at < stream.len() {
        if stream[at] == b'\n' || stream[at] == b'\r' {
            lines.push(Line {
                text: stream[start..at].to_vec(),
                start,
                end: at + 1,
            });
            if stream[at] == b'\r' && stream.get(at + 1) == Some(&b'\n') {
                at += 1;
            }
            start = at + 1;
        }
        at += 1;
    }
    let rest = Line {
        text: stream[start.min(stream.len())..].to_vec(),
        start,
        end: stream.len(),
    };
    (lines, rest)
}

/// The block that is being read.
#[derive(Clone, Debug, Default)]
struct Block {
    data: Vec<u8>,
    name: Vec<u8>,
    id: Option<Vec<u8>>,
    retry: Option<u64>,
    data_at: Option<usize>,
    start: Option<usize>,
}

impl Block {
    /// Whether the limit has room for the line behind the data.
    fn fits(&self, line: &Line, limit: usize) -> bool {
        let data = self.data.strip_suffix(b"\n").unwrap_or_default();
        line.text.is_empty() || line.text.len() + data.len() <= limit
    }

    fn too_long(&self, line: &Line, limit: usize) -> TooLong {
        TooLong {
            at: self.start.unwrap_or(line.start) as u64,
            limit,
        }
    }

    /// Reads a line; gives it back if it says nothing.
    fn read(&mut self, line: &Line) -> Option<Item<Vec<u8>>> {
        let Line { text, start, .. } = line;
        self.start.get_or_insert(*start);
        let (field, value) = line.field();
        let at = *start as u64;
        match field {
            b"" if text.is_empty() => {}
            b"" => {
                let text = value.to_vec();
                return Some(Item::Comment { text, at });
            }
            b"data" => {
                self.data_at.get_or_insert(start + text.len() - value.len());
                self.data.extend(value);
                self.data.push(b'\n');
            }
            b"event" => self.name = value.to_vec(),
            b"id" if value.contains(&0) => {}
            b"id" => self.id = Some(value.to_vec()),
            b"retry" => self.retry = milliseconds(value).or(self.retry),
            _ => {
                return Some(Item::Field {
                    name: field.to_vec(),
                    value: value.to_vec(),
                    at,
                });
            }
        }
        None
    }

    fn event(&self, last_id: Option<&Vec<u8>>, end: usize) -> Option<Item<Vec<u8>>> {
        let data = self.data.strip_suffix(b"\n")?.to_vec();
        let full = |value: &Vec<u8>| Some(value.clone()).filter(|value| !value.is_empty());
        Some(Item::Event(Event {
            name: full(&self.name),
            data,
            id: self.id.as_ref().or(last_id).and_then(full),
            retry: self.retry,
            span: Span {
                start: self.start? as u64,
                end: end as u64,
            },
            data_at: self.data_at? as u64,
        }))
    }
}

fn milliseconds(value: &[u8]) -> Option<u64> {
    let is_digits = !value.is_empty() && value.iter().all(u8::is_ascii_digit);
    let digits = std::str::from_utf8(value).ok().filter(|_| is_digits)?;
    Some(digits.parse().unwrap_or(u64::MAX))
}

/// Reads a stream as the standard says, but for events over the limit: one of
/// their lines, with the data before it, is longer, or their name or ID is longer
/// than the `room` for it. From there on nothing of such an event counts.
#[must_use]
pub fn model(stream: &[u8], limit: usize, room: usize) -> Model {
    let mut model = Model::default();
    let mut block = Block::default();
    let mut is_too_long = false;
    let (lines, rest) = lines(stream);
    for line in lines {
        if line.text.is_empty() {
            if let Some(id) = &block.id {
                model.last_id = Some(id.clone()).filter(|id| !id.is_empty());
            }
            block.start.get_or_insert(line.start);
            let event = block.event(model.last_id.as_ref(), line.end);
            model.items.extend(event.map(Ok));
            block = Block::default();
            is_too_long = false;
        } else if is_too_long {
        } else if !block.fits(&line, limit) || line.overflows(room) {
            model.items.push(Err(block.too_long(&line, limit)));
            block = Block::default();
            is_too_long = true;
        } else {
            let passed_over = block.read(&line);
            model.comments += u64::from(matches!(passed_over, Some(Item::Comment { .. })));
            model.items.extend(passed_over.map(Ok));
            // It counts at once, whether an event comes of its block or not.
            model.retry = block.retry.or(model.retry);
        }
    }
    if is_too_long {
        return model;
    }
    if !block.fits(&rest, limit) {
        // What begins like a byte order mark is known to be none at the end alone,
        // where there are no errors.
        if !MARK.starts_with(stream) {
            model.items.push(Err(block.too_long(&rest, limit)));
        }
        return model;
    }
    let cut_off = block.read(&rest);
    model.comments += u64::from(matches!(cut_off, Some(Item::Comment { .. })));
    model.left.extend(cut_off);
    model
        .left
        .extend(block.event(model.last_id.as_ref(), stream.len()));
    model
}
