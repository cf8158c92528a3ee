//! How a delta adds to the message of its choice.

use alloc::string::String;

use deltaic_chunk::{Delta, JsonStr, Kind, Raw};

use crate::{
    call,
    calls::{Calls, Piece},
    changes::{Spelling, What},
    completion::{Function, Message},
    details,
    envelope::keep_first,
    finding::FindingKind,
    notes::Notes,
    parts::{self, Reasoning},
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
    let reasoning = push_reasoning(message, delta, notes);
    push_content(message, delta.content, reasoning, notes);
    notes.expect_each("refusal", Kind::String, delta.refusal);
    if let Some(text) = delta.refusal.as_str() {
        grow(&mut message.refusal, text, What::Refusal, notes);
    }
    notes.expect_each("tool_calls", Kind::Array, delta.tool_calls);
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
            What::Reasoning(Spelling::ReasoningContent),
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

/// Adds `piece` to `text` and says so.
#[inline]
pub(crate) fn grow(text: &mut Option<Text>, piece: JsonStr<'_>, what: What, notes: &mut Notes<'_>) {
    let text = text.get_or_insert_default();
    let before = text.len();
    if before == 0 && !piece.as_raw().is_empty() {
        text.make_room();
    }
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

/// Several names in one delta carry the same text: the first counts. Gives it.
fn push_reasoning<'a>(
    message: &mut Message,
    delta: &Delta<'a>,
    notes: &mut Notes<'_>,
) -> Option<JsonStr<'a>> {
    let mut first: Option<JsonStr<'_>> = None;
    for (spelling, raw) in [
        (Spelling::ReasoningContent, delta.reasoning_content),
        (Spelling::Reasoning, delta.reasoning),
        (Spelling::ReasoningText, delta.reasoning_text),
        (Spelling::Thinking, delta.thinking),
    ] {
        let name = spelling.name();
        let Some(text) = raw.as_str() else {
            // The name under which text goes out must not go out twice.
            if name == "reasoning_content" {
                notes.expect_each(name, Kind::String, raw);
            } else if raw.is_there() {
                message.other.merge(name, raw, "delta", notes);
            }
            continue;
        };
        if text.is_empty() {
            message.reasoning.get_or_insert_default();
            continue;
        }
        match first {
            None => {
                first = Some(text);
                grow(
                    &mut message.reasoning,
                    text,
                    What::Reasoning(spelling),
                    notes,
                );
            }
            Some(first) if first == text => {}
            Some(_) => notes.finding(
                FindingKind::ReasoningDiffers,
                format_args!("`{name}` differs from the reasoning before it and is ignored"),
            ),
        }
    }
    first
}

/// `reasoning` is what the delta has said under a name of its own: parts say it
/// again.
fn push_content(
    message: &mut Message,
    content: Raw<'_>,
    reasoning: Option<JsonStr<'_>>,
    notes: &mut Notes<'_>,
) {
    if let Some(text) = content.as_str() {
        grow(&mut message.content, text, What::Text, notes);
        // Between parts, a plain string is one too.
        if message.content_parts.is_some() && !text.is_empty() {
            parts::push_text(message, text);
        }
        return;
    }
    notes.expect_each("content", Kind::Array, content);
    let reasoning = reasoning.map(|said| {
        parts::see_reasoning(content, said, notes);
        Reasoning::Said
    });
    for part in content.elements() {
        parts::push(message, part, reasoning.unwrap_or_default(), notes);
    }
}

fn push_function_call(message: &mut Message, call: Raw<'_>, notes: &mut Notes<'_>) {
    notes.expect_each("function_call", Kind::Object, call);
    if call.kind() != Kind::Object {
        return;
    }
    let known = message.function_call.take();
    let is_new = known.is_none();
    let mut function = known.unwrap_or_default();
    let size = |function: &Function| {
        (
            function.name.as_ref().map_or(0, String::len),
            function.arguments.len(),
        )
    };
    let before = size(&function);
    let name = call.get("name");
    notes.expect("function_call.name", Kind::String, name);
    if let Some(name) = name.as_str().filter(|name| !name.is_empty()) {
        call::add_name(&mut function, name, &mut false, notes);
    }
    call::add_arguments(&mut function, call.get("arguments"), notes);
    call::add_others(&mut function, call, "arguments", notes);
    let has_name = function.name.is_some() || !function.other.is_empty();
    if is_new && !has_name && function.arguments.is_untouched() {
        return;
    }
    if is_new || size(&function) != before {
        let added = before.1..function.arguments.len();
        notes.change(What::FunctionCall, 0, added);
    }
    message.function_call = Some(function);
}
