//! How a delta adds to the message of its choice.

use deltaic_chunk::{Delta, JsonStr, Kind, Raw};

use crate::{
    call,
    calls::{Calls, Piece},
    changes::What,
    completion::{Function, Message},
    details,
    envelope::keep_first,
    finding::FindingKind,
    notes::Notes,
    parts,
    text::Text,
};

/// Adds `delta` to `message`.
pub(crate) fn push(
    message: &mut Message,
    calls: &mut Calls,
    delta: &Delta<'_>,
    piece: Piece,
    notes: &mut Notes<'_>,
) {
    keep_first(&mut message.role, delta.role, "role", notes);
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
            calls.push(&mut message.tool_calls, &call, piece, notes);
        } else {
            notes.wrong_type("tool_calls[]", call.raw());
        }
    }
    push_function_call(message, delta.function_call, notes);
    details::push(message, delta, notes);
}

/// No more text will come to this message.
pub(crate) fn settle(message: &mut Message, calls: &mut Calls, notes: &mut Notes<'_>) {
    for (place, text, what) in [
        ("content", &mut message.content, What::Text),
        ("refusal", &mut message.refusal, What::Refusal),
        (
            "reasoning",
            &mut message.reasoning,
            What::Reasoning("reasoning_content"),
        ),
    ] {
        if let Some(text) = text {
            let added = text.settle(place, notes);
            if !added.is_empty() {
                notes.change(what, 0, added);
            }
        }
    }
    calls.settle(&mut message.tool_calls, notes);
    if let Some(function) = &mut message.function_call {
        let added = function.arguments.settle("function_call", notes);
        function.other.settle("function_call", notes);
        if !added.is_empty() {
            notes.change(What::FunctionCall, 0, added);
        }
    }
    if let Some(parts) = &mut message.content_parts {
        parts.settle("content", notes);
    }
    message.other.settle("delta", notes);
}

fn expect_null(name: &str, raw: Raw<'_>, notes: &mut Notes<'_>) {
    if !raw.is_missing() && !raw.is_null() {
        notes.wrong_type(name, raw);
    }
}

/// Adds `piece` to `text` and says so.
pub(crate) fn grow(text: &mut Option<Text>, piece: JsonStr<'_>, what: What, notes: &mut Notes<'_>) {
    let text = text.get_or_insert_default();
    let before = text.len();
    let place = match what {
        What::Text => "content",
        What::Refusal => "refusal",
        _ => "reasoning",
    };
    text.append(piece, place, notes);
    if text.len() > before {
        notes.change(what, 0, before..text.len());
    }
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
                message.other.merge(name, raw, "delta", notes);
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
        if message.content_parts.is_some() && !text.is_empty() {
            parts::push_text(message, text);
        }
        return;
    }
    if content.kind() != Kind::Array {
        return expect_null("content", content, notes);
    }
    for part in content.elements() {
        parts::push(message, part, notes);
    }
}

fn push_function_call(message: &mut Message, call: Raw<'_>, notes: &mut Notes<'_>) {
    if call.kind() != Kind::Object {
        return expect_null("function_call", call, notes);
    }
    let function = message.function_call.get_or_insert_default();
    let Function { arguments, .. } = function;
    let before = arguments.len();
    let name = call.get("name");
    notes.expect("function_call.name", Kind::String, name);
    if let Some(name) = name.as_str().filter(|name| !name.is_empty()) {
        call::add_name(function, name, &mut false, notes);
    }
    call::add_arguments(function, call.get("arguments"), notes);
    call::add_others(function, call, "arguments", notes);
    let added = before..function.arguments.len();
    notes.change(What::FunctionCall, 0, added);
}
