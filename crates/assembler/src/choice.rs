//! How a chunk's choice adds to the completion's.

use alloc::boxed::Box;

use deltaic_chunk::{self as chunk, Delta, Kind, Raw};

use crate::{
    calls::{Calls, Piece},
    changes::What,
    completion::{Choice, Message},
    finding::FindingKind,
    loss::says_nothing,
    members::name_of,
    message,
    notes::{Notes, excerpt},
    value::Value,
};

/// Adds what `new` says to `choice`.
pub(crate) fn push(
    choice: &mut Choice,
    calls: &mut Calls,
    new: &chunk::Choice<'_>,
    notes: &mut Notes<'_>,
) {
    if new.delta.raw().kind() == Kind::Object {
        message::push(&mut choice.message, calls, &new.delta, Piece::Delta, notes);
        see_beside(choice, new, notes);
    } else {
        push_whole(choice, calls, new, notes);
    }
    push_logprobs(&mut choice.logprobs, new.logprobs, notes);
    for (name, member) in new.other() {
        choice.other.merge(&name_of(name), member, "choice", notes);
    }
    push_finish_reason(choice, new.finish_reason, notes);
}

/// Without a delta, a whole message counts as one, but only once: servers that
/// send it again send all of it again.
fn push_whole(
    choice: &mut Choice,
    calls: &mut Calls,
    new: &chunk::Choice<'_>,
    notes: &mut Notes<'_>,
) {
    notes.expect_each("delta", Kind::Object, new.delta.raw());
    if !new.text.is_missing() {
        choice.other.merge("text", new.text, "choice", notes);
    }
    notes.expect("message", Kind::Object, new.message);
    if new.message.kind() == Kind::Object && choice.message == Message::default() {
        let whole = Delta::read(new.message);
        message::push(&mut choice.message, calls, &whole, Piece::Whole, notes);
    } else if !repeats(&choice.message, &new.delta, new.message) {
        notes.ignored("message", new.message, "the message before it");
    }
}

/// Beside a delta, a text or message says again what that says, or what all of
/// them have said.
fn see_beside(choice: &Choice, new: &chunk::Choice<'_>, notes: &mut Notes<'_>) {
    let text = new.text.as_str().filter(|text| !text.is_empty());
    if text.is_some() && text != new.delta.content.as_str() {
        notes.ignored("text", new.text, "`delta`");
    }
    notes.expect("text", Kind::String, new.text);
    // Most chunks have none, and a delta is large to read.
    if new.message.is_missing() {
        return;
    }
    notes.expect("message", Kind::Object, new.message);
    if !repeats(&choice.message, &new.delta, new.message) {
        notes.ignored("message", new.message, "`delta`");
    }
}

/// Whether all that is in `whole` has been said by this delta or is known.
fn repeats(known: &Message, delta: &Delta<'_>, whole: Raw<'_>) -> bool {
    let whole = Delta::read(whole);
    let is_known = |new: Raw<'_>, known: Option<&str>| {
        let new = new.as_str();
        new.is_some_and(|new| known.is_some_and(|known| new == known))
    };
    let role = known.role.as_deref().unwrap_or("assistant");
    let content = known.content.as_deref();
    let refusal = known.refusal.as_deref();
    let reasoning = known.reasoning.as_deref();
    [
        (whole.role, delta.role, Some(role)),
        (whole.content, delta.content, content),
        (whole.refusal, delta.refusal, refusal),
        (whole.reasoning_content, delta.reasoning_content, reasoning),
        (whole.reasoning, delta.reasoning, reasoning),
        (whole.reasoning_text, delta.reasoning_text, reasoning),
        (whole.thinking, delta.thinking, reasoning),
        (whole.reasoning_details, delta.reasoning_details, None),
        (whole.tool_calls, delta.tool_calls, None),
        (whole.function_call, delta.function_call, None),
        (whole.audio, delta.audio, None),
    ]
    .into_iter()
    .all(|(new, said, known)| says_nothing(new) || new == said || is_known(new, known))
        && whole.other().all(|(_, member)| says_nothing(member))
}

/// Lists grow; of other members the last that is not null stays.
fn push_logprobs(logprobs: &mut Option<Box<Value>>, new: Raw<'_>, notes: &mut Notes<'_>) {
    notes.expect("logprobs", Kind::Object, new);
    if new.kind() != Kind::Object {
        return;
    }
    let known = logprobs.get_or_insert_with(|| Box::new(Value::empty_object()));
    let Some(members) = known.unite() else {
        return;
    };
    for (name, member) in new.members() {
        let name = name_of(name);
        match member.kind() {
            Kind::Array => members.extend(&name, member, "logprobs", notes),
            // Null stands until there is something else.
            Kind::Null if members.get(&name).is_none() => members.set(&name, Value::new(member)),
            _ => members.merge(&name, member, "logprobs", notes),
        }
    }
}

/// The last that is not empty stays, but `stop` replaces no other.
fn push_finish_reason(choice: &mut Choice, new: Raw<'_>, notes: &mut Notes<'_>) {
    notes.expect("finish_reason", Kind::String, new);
    let Some(reason) = new.as_str() else { return };
    match &mut choice.finish_reason {
        _ if reason.is_empty() => {}
        Some(known) if reason == known.as_str() => {}
        Some(known) if reason == "stop" => {
            let known = excerpt(known);
            notes.finding(
                FindingKind::FinishReasonIgnored,
                format_args!("`stop` does not replace the finish reason `{known}`"),
            );
        }
        known => {
            if let Some(known) = known {
                let (known, new) = (excerpt(known), excerpt(reason.as_raw()));
                notes.finding(
                    FindingKind::FinishReasonChanged,
                    format_args!("`{new}` replaces the finish reason `{known}`"),
                );
            }
            *known = Some(notes.said(reason, "finish_reason").into());
            notes.change(What::Finish, 0, 0..0);
        }
    }
}
