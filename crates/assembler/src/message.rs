//! How a delta adds to the message of its choice.

use alloc::vec::Vec;

use deltaic_chunk::{Delta, JsonStr, Kind, Raw};

use crate::{
    calls::{self, Calls},
    completion::{Function, Message},
    details,
    finding::FindingKind,
    members::{Members, name_of},
    notes::Notes,
    text::Text,
    update::What,
    value::Value,
};

/// Adds `delta` to `message`.
pub(crate) fn push(
    message: &mut Message,
    calls: &mut Calls,
    delta: &Delta<'_>,
    notes: &mut Notes<'_>,
) {
    if message.role.is_none() {
        let role = delta.role.as_str().filter(|role| !role.is_empty());
        message.role = role.map(|role| name_of(role).into());
    }
    push_reasoning(message, delta, notes);
    push_content(message, delta.content, notes);
    match delta.refusal.as_str() {
        Some(text) => grow(&mut message.refusal, text, What::Refusal, notes),
        None => expect_null("refusal", delta.refusal, notes),
    }
    if delta.tool_calls.kind() != Kind::Array {
        expect_null("tool_calls", delta.tool_calls, notes);
    }
    for call in delta.calls() {
        if call.raw().kind() == Kind::Object {
            calls.push(&mut message.tool_calls, &call, notes);
        } else {
            notes.wrong_type("tool_calls[]", call.raw());
        }
    }
    push_function_call(message, delta.function_call, notes);
    details::push(&mut message.other, delta, notes);
}

/// The stream has ended: nothing more comes to this message.
pub(crate) fn finish(message: &mut Message, calls: &mut Calls, notes: &mut Notes<'_>) {
    calls.finish(&mut message.tool_calls, notes);
    for (name, text) in [
        ("content", message.content.as_mut()),
        ("refusal", message.refusal.as_mut()),
        ("reasoning", message.reasoning.as_mut()),
        (
            "function_call",
            message.function_call.as_mut().map(|f| &mut f.arguments),
        ),
    ] {
        let whole = text.is_none_or(Text::settle);
        notes.whole(whole, name);
    }
    let whole = message.content_parts.as_mut().is_none_or(Value::settle);
    notes.whole(whole, "content");
    let whole = message.other.settle();
    notes.whole(whole, "delta");
}

fn expect_null(name: &str, raw: Raw<'_>, notes: &mut Notes<'_>) {
    if !raw.is_missing() && !raw.is_null() {
        notes.wrong_type(name, raw);
    }
}

/// Adds `piece` to `text` and says so.
fn grow(text: &mut Option<Text>, piece: JsonStr<'_>, what: What, notes: &mut Notes<'_>) {
    let text = text.get_or_insert_default();
    let before = text.len();
    let whole = text.append(piece);
    if text.len() > before {
        notes.change(what, 0, before..text.len());
    }
    let name = match what {
        What::Text => "content",
        What::Refusal => "refusal",
        _ => "reasoning",
    };
    notes.whole(whole, name);
}

/// Several names in one delta carry the same text: the first counts.
fn push_reasoning(message: &mut Message, delta: &Delta<'_>, notes: &mut Notes<'_>) {
    let mut first: Option<JsonStr<'_>> = None;
    for (name, raw) in [
        ("reasoning_content", delta.reasoning_content),
        ("reasoning", delta.reasoning),
        ("reasoning_text", delta.reasoning_text),
        ("thinking", delta.thinking),
    ] {
        let text = match (raw.kind(), raw.as_str()) {
            (Kind::Missing | Kind::Null, _) => continue,
            (_, Some(text)) if text.is_empty() => {
                message.reasoning.get_or_insert_default();
                continue;
            }
            (_, Some(text)) => text,
            // The name under which text goes out must not go out twice.
            _ if name == "reasoning_content" => {
                notes.wrong_type(name, raw);
                continue;
            }
            _ => {
                message.other.merge(name, raw);
                continue;
            }
        };
        match first {
            None => {
                first = Some(text);
                grow(&mut message.reasoning, text, What::Reasoning(name), notes);
            }
            Some(first) if first == text => {}
            Some(_) => notes.finding(
                FindingKind::ReasoningDiffers,
                format_args!("`{name}` differs from the reasoning before it and is ignored"),
            ),
        }
    }
}

fn push_content(message: &mut Message, content: Raw<'_>, notes: &mut Notes<'_>) {
    if let Some(text) = content.as_str() {
        grow(&mut message.content, text, What::Text, notes);
        // Between parts, a plain string is one too.
        if let (Some(parts), false) = (&mut message.content_parts, text.is_empty()) {
            keep_texts(parts.list(), "text", &[text]);
        }
        return;
    }
    if content.kind() != Kind::Array {
        return expect_null("content", content, notes);
    }
    for part in content.elements() {
        push_part(message, part, notes);
    }
}

/// Adds a part of a content list: to the text or the reasoning, if it is of
/// either, and to the list of parts.
fn push_part(message: &mut Message, part: Raw<'_>, notes: &mut Notes<'_>) {
    let Some(kind) = part.get("type").as_str() else {
        return notes.wrong_type("content[]", part);
    };
    let (what, texts) = if kind == "text" {
        (What::Text, texts(part.get("text")))
    } else if kind == "thinking" || kind == "reasoning" {
        let texts = [&*name_of(kind), "text"].map(|name| texts(part.get(name)));
        (What::Reasoning("content"), texts.concat())
    } else {
        let parts = message.content_parts.get_or_insert_with(Value::empty_list);
        return parts.list().push(Value::new(part));
    };
    let text = match what {
        What::Text => &mut message.content,
        _ => &mut message.reasoning,
    };
    for &piece in &texts {
        grow(text, piece, what, notes);
    }
    let parts = message.content_parts.get_or_insert_with(Value::empty_list);
    let kind = name_of(kind);
    let Some(members) = keep_texts(parts.list(), &kind, &texts) else {
        return;
    };
    for (name, member) in part.members() {
        let name = name_of(name);
        if !["type", "text", &*kind].contains(&&*name) {
            members.merge(&name, member);
        }
    }
}

/// The strings of a part: one, or a list of parts of its own.
fn texts(raw: Raw<'_>) -> Vec<JsonStr<'_>> {
    let one = raw.as_str();
    let many = raw.elements().filter_map(|part| part.get("text").as_str());
    one.into_iter().chain(many).collect()
}

/// Keeps texts as a part `{type, text}`; neighbours of one type are one part.
fn keep_texts<'p>(
    parts: &'p mut Vec<Value>,
    kind: &str,
    texts: &[JsonStr<'_>],
) -> Option<&'p mut Members> {
    let is_last = |last: &Value| {
        let known = last.member("type");
        known.is_some_and(|known| known.raw().as_str().is_some_and(|known| known == kind))
    };
    if !parts.last().is_some_and(is_last) {
        let mut part = Value::empty_object();
        part.unite()?.set("type", Value::string(kind));
        parts.push(part);
    }
    let members = parts.last_mut()?.unite()?;
    for &text in texts {
        // Half a surrogate pair was found where the text itself was read.
        members.text("text").append(text);
    }
    Some(members)
}

fn push_function_call(message: &mut Message, call: Raw<'_>, notes: &mut Notes<'_>) {
    if call.kind() != Kind::Object {
        return expect_null("function_call", call, notes);
    }
    let function = message.function_call.get_or_insert_default();
    let Function { arguments, .. } = function;
    let before = arguments.len();
    if let Some(name) = call.get("name").as_str().filter(|name| !name.is_empty()) {
        calls::add_name(function, name, notes);
    }
    calls::add_arguments(function, call.get("arguments"), notes);
    calls::add_others(function, call);
    let added = before..function.arguments.len();
    notes.change(What::FunctionCall, 0, added);
}
