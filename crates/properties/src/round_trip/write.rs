//! Writing what is said as a stream.

use std::{collections::VecDeque, fmt::Write};

use arbitrary::{Result, Unstructured};

use super::{
    dialect::{Dialect, Key, Later, Usage},
    said::{Answer, Call, Said},
};

/// The stream, with the rest of the choices from `u`.
pub(super) fn stream(said: &Said, dialect: &Dialect, u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    let mut queues = Vec::new();
    for answer in &said.answers {
        queues.push(VecDeque::from(choices(answer, dialect, u)?));
    }
    let mut stream = String::new();
    if dialect.byte_order_mark {
        stream.push('\u{feff}');
    }
    let mut chunks = 0;
    while queues.iter().any(|queue| !queue.is_empty()) {
        let mut list = String::new();
        let first = usize::from(u.arbitrary::<u8>()?);
        for step in 0..queues.len() {
            // One choice a chunk, or several.
            if !list.is_empty() && u.arbitrary::<u8>()? % 4 != 1 {
                break;
            }
            let index = (first + step) % queues.len();
            if let Some(said) = queues.get_mut(index).and_then(VecDeque::pop_front) {
                let comma = if list.is_empty() { "" } else { "," };
                let _ = write!(list, "{comma}{{\"index\":{index},{said}}}");
            }
        }
        chunks += 1;
        let is_last = queues.iter().all(VecDeque::is_empty);
        let usage = said
            .usage
            .and_then(|[prompt, completion]| match dialect.usage {
                Usage::Growing if !is_last => Some([prompt, completion.min(chunks)]),
                Usage::Growing | Usage::Last => is_last.then_some([prompt, completion]),
                Usage::Tail => None,
            });
        event(
            &mut stream,
            dialect,
            &chunk(said, dialect, &list, usage, u)?,
        );
    }
    if let (Some(usage), Usage::Tail) = (said.usage, dialect.usage) {
        event(
            &mut stream,
            dialect,
            &chunk(said, dialect, "", Some(usage), u)?,
        );
    }
    if dialect.done {
        event(&mut stream, dialect, "[DONE]");
    }
    Ok(stream.into_bytes())
}

fn event(stream: &mut String, dialect: &Dialect, data: &str) {
    let end = dialect.line_end.text();
    if dialect.comments {
        stream.extend([": keep-alive", end, end]);
    }
    if dialect.named {
        stream.extend(["event: message", end]);
    }
    let space = if dialect.space { " " } else { "" };
    for line in data.split('\n') {
        stream.extend(["data:", space, line, end]);
    }
    *stream += end;
}

fn chunk(
    said: &Said,
    dialect: &Dialect,
    choices: &str,
    usage: Option<[u16; 2]>,
    u: &mut Unstructured<'_>,
) -> Result<String> {
    let mut members = vec![
        format!("\"id\":\"{}\"", whole(&said.id.0, u)?),
        "\"object\":\"chat.completion.chunk\",\"created\":1".to_owned(),
        format!("\"model\":\"{}\"", whole(&said.model.0, u)?),
    ];
    match usage {
        Some([prompt, completion]) => members.push(format!(
            "\"usage\":{{\"prompt_tokens\":{prompt},\"completion_tokens\":{completion}}}"
        )),
        None if dialect.nulls => members.push("\"usage\":null".to_owned()),
        None => {}
    }
    if dialect.padding {
        members.push(format!(
            "\"obfuscation\":\"{}\"",
            "x".repeat(choices.len() % 7)
        ));
    }
    let at = if dialect.choices_last {
        members.len()
    } else {
        0
    };
    members.insert(at, format!("\"choices\":[{choices}]"));
    let between = if dialect.two_lines { ",\n" } else { "," };
    Ok(format!("{{{}}}", members.join(between)))
}

/// What the choices of one answer are, one after the other, without their index.
fn choices(answer: &Answer, dialect: &Dialect, u: &mut Unstructured<'_>) -> Result<Vec<String>> {
    let mut deltas = Vec::new();
    if let Some(text) = &answer.reasoning {
        for part in parts(&text.0, u)? {
            let names = dialect.reasoning.names().iter();
            let members = names.map(|name| format!("\"{name}\":\"{part}\""));
            deltas.push(members.collect::<Vec<_>>().join(","));
        }
    }
    for (name, text) in [("content", &answer.content), ("refusal", &answer.refusal)] {
        if let Some(text) = text {
            let parts = parts(&text.0, u)?.into_iter();
            deltas.extend(parts.map(|part| format!("\"{name}\":\"{part}\"")));
        }
    }
    deltas.extend(calls(answer, dialect, u)?);
    if deltas.is_empty() || !dialect.finish_with_last {
        deltas.push(String::new());
    }
    let last = deltas.len() - 1;
    let with_rest = |(at, mut delta): (usize, String)| {
        if at == 0 || dialect.role_each {
            let comma = if delta.is_empty() { "" } else { "," };
            delta = format!("\"role\":\"assistant\"{comma}{delta}");
        }
        if dialect.nulls && !delta.contains("\"content\":") {
            let comma = if delta.is_empty() { "" } else { "," };
            delta = format!("\"content\":null{comma}{delta}");
        }
        let finish = match (at == last, dialect.nulls) {
            (true, _) => format!(",\"finish_reason\":\"{}\"", answer.finish.name()),
            (false, true) => ",\"logprobs\":null,\"finish_reason\":null".to_owned(),
            (false, false) => String::new(),
        };
        format!("\"delta\":{{{delta}}}{finish}")
    };
    Ok(deltas.into_iter().enumerate().map(with_rest).collect())
}

/// The deltas of the calls: their fragments in turn, in any order that keeps the
/// order within each call, and that of their beginnings.
fn calls(answer: &Answer, dialect: &Dialect, u: &mut Unstructured<'_>) -> Result<Vec<String>> {
    let mut waiting = VecDeque::new();
    for (at, call) in answer.calls.iter().enumerate() {
        waiting.push_back(VecDeque::from(fragments(at, call, dialect, u)?));
    }
    let mut begun: Vec<VecDeque<String>> = Vec::new();
    let mut deltas = Vec::new();
    loop {
        begun.retain(|call| !call.is_empty());
        if begun.is_empty() || u.arbitrary::<u8>()? % 4 == 1 {
            match waiting.pop_front() {
                // A call begins with its first fragment.
                Some(call) => begun.insert(0, call),
                None if begun.is_empty() => break,
                None => {}
            }
        } else {
            let by = usize::from(u.arbitrary::<u8>()?) % begun.len();
            begun.rotate_left(by);
        }
        let first = begun.first_mut().and_then(VecDeque::pop_front);
        deltas.extend(first.map(|call| format!("\"tool_calls\":[{call}]")));
    }
    Ok(deltas)
}

fn fragments(
    at: usize,
    call: &Call,
    dialect: &Dialect,
    u: &mut Unstructured<'_>,
) -> Result<Vec<String>> {
    let id = Call::id(at);
    let name = whole(&call.name.0, u)?;
    let (kind, body, arguments) = if call.is_custom {
        ("custom", "custom", "input")
    } else {
        ("function", "function", "arguments")
    };
    let texts = if dialect.whole_calls {
        vec![whole(call.arguments.text(), u)?]
    } else {
        parts(call.arguments.text(), u)?
    };
    let fragment = |(nth, text): (usize, &String)| {
        let index = match dialect.key {
            Key::Index => format!("\"index\":{at},"),
            Key::OddIndex => format!("\"index\":{},", 3 * at + 1),
            Key::Id | Key::Name => String::new(),
        };
        let (id, name) = match (nth, dialect.later) {
            _ if dialect.key == Key::Name => (String::new(), format!("\"name\":\"{name}\",")),
            (0, _) | (_, Later::IdAndName) => {
                (format!("\"id\":\"{id}\","), format!("\"name\":\"{name}\","))
            }
            (_, Later::Id) => (format!("\"id\":\"{id}\","), String::new()),
            _ if dialect.key == Key::Id => (format!("\"id\":\"{id}\","), String::new()),
            (_, Later::Empty) => ("\"id\":\"\",".into(), "\"name\":\"\",".into()),
            (_, Later::Nothing) => (String::new(), String::new()),
        };
        format!(
            "{{{index}{id}\"type\":\"{kind}\",\"{body}\":{{{name}\"{arguments}\":\"{text}\"}}}}"
        )
    };
    Ok(texts.iter().enumerate().map(fragment).collect())
}

fn whole(text: &str, u: &mut Unstructured<'_>) -> Result<String> {
    Ok(parts(text, u)?.concat())
}

/// The insides of JSON strings that say `text` together: at least one. A pair of
/// surrogates may be split.
fn parts(text: &str, u: &mut Unstructured<'_>) -> Result<Vec<String>> {
    let mut parts = vec![String::new()];
    for char in text.chars() {
        let choice = u.arbitrary::<u8>()?;
        for unit in spell(char, choice) {
            if let Some(part) = parts.last_mut() {
                *part += &unit;
            }
            if u.arbitrary::<u8>()? % 4 == 1 {
                parts.push(String::new());
            }
        }
    }
    Ok(parts)
}

/// A character as JSON, in one piece or two.
fn spell(char: char, choice: u8) -> Vec<String> {
    let plain = !matches!(char, '"' | '\\' | '\0'..='\x1f');
    if plain && choice % 4 != 3 {
        return vec![char.to_string()];
    }
    match char {
        '"' | '\\' | '/' if choice % 8 < 6 => return vec![format!("\\{char}")],
        '\n' if choice.is_multiple_of(2) => return vec!["\\n".to_owned()],
        '\t' if choice.is_multiple_of(2) => return vec!["\\t".to_owned()],
        _ => {}
    }
    let mut units = [0; 2];
    let units = char.encode_utf16(&mut units).iter();
    let escape = |unit: &u16| match choice % 16 {
        0..8 => format!("\\u{unit:04x}"),
        _ => format!("\\u{unit:04X}"),
    };
    units.map(escape).collect()
}
