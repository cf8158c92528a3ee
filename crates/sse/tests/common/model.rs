//! The standard, written out as plainly as it can be: whole lines, whole events,
//! slow, and meant to be obviously right.
//!
//! <https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation>

use deltaic_sse::{Event, Item, Span};

/// What the standard makes of a stream.
#[derive(Debug, Default)]
pub struct Model {
    pub items: Vec<Item<Vec<u8>>>,
    pub last_id: Vec<u8>,
    pub retry: Option<u64>,
    pub comments: u64,
}

/// A line, where it begins, where it ends with its end, and that its end came.
struct Line {
    text: Vec<u8>,
    start: usize,
    end: usize,
}

/// The lines of a stream whose ends have come. Of a CR LF the LF is left out of
/// the line, for it may come late.
fn lines(stream: &[u8]) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut at = if stream.starts_with(b"\xEF\xBB\xBF") {
        3
    } else {
        0
    };
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
    lines
}

pub fn model(stream: &[u8]) -> Model {
    let mut model = Model::default();
    let mut data: Vec<u8> = Vec::new();
    let mut name: Vec<u8> = Vec::new();
    let mut id = Vec::new();
    let mut retry = None;
    let mut data_at = None;
    let mut begin = None;
    for Line { text, start, end } in lines(stream) {
        let first = *begin.get_or_insert(start);
        if text.is_empty() {
            model.last_id.clone_from(&id);
            if !data.is_empty() {
                data.pop();
                model.items.push(Item::Event(Event {
                    name: Some(name.clone()).filter(|name| !name.is_empty()),
                    data: data.clone(),
                    id: Some(id.clone()).filter(|id| !id.is_empty()),
                    retry,
                    span: Span {
                        start: first as u64,
                        end: end as u64,
                    },
                    data_at: data_at.expect("there is data"),
                }));
            }
            data.clear();
            name.clear();
            (retry, data_at, begin) = (None, None, None);
            continue;
        }
        let colon = text.iter().position(|&byte| byte == b':');
        let field = &text[..colon.unwrap_or(text.len())];
        let mut value = colon.map_or(&[][..], |colon| &text[colon + 1..]);
        if value.first() == Some(&b' ') {
            value = &value[1..];
        }
        let at = start as u64;
        match field {
            b"" => {
                model.comments += 1;
                let text = value.to_vec();
                model.items.push(Item::Comment { text, at });
            }
            b"data" => {
                data_at.get_or_insert((start + text.len() - value.len()) as u64);
                data.extend(value);
                data.push(b'\n');
            }
            b"event" => name = value.to_vec(),
            b"id" if !value.contains(&0) => id = value.to_vec(),
            b"id" => {}
            b"retry" => {
                let digits = std::str::from_utf8(value).unwrap_or("x");
                if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
                    retry = Some(digits.parse().unwrap_or(u64::MAX));
                    model.retry = retry;
                }
            }
            _ => model.items.push(Item::Field {
                name: field.to_vec(),
                value: value.to_vec(),
                at,
            }),
        }
    }
    model
}
