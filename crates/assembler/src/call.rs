//! How a fragment adds to the call that it belongs to.

use alloc::{borrow::Cow, boxed::Box, string::String};
use core::ops::Range;

use deltaic_chunk::{JsonStr, Kind, Raw, ToolCallDelta, Word};

use crate::{
    changes::What,
    completion::{Function, ToolCall},
    finding::FindingKind,
    members::name_of,
    notes::{Notes, Place, excerpt},
    progress::{Progress, Reader},
};

/// What a call needs beside itself to go on.
#[derive(Clone, Debug, Default)]
pub(crate) struct State {
    pub(crate) index: Option<u64>,
    /// Small where there are none.
    pub(crate) arguments: Option<Box<Reader>>,
    /// Whether it is of a custom tool, whose arguments are any text.
    is_custom: bool,
    changed: Changed,
}

/// Which members of a call have been told to have changed.
#[expect(clippy::struct_excessive_bools, reason = "one for each member")]
#[derive(Clone, Copy, Debug, Default)]
struct Changed {
    index: bool,
    id: bool,
    kind: bool,
    name: bool,
}

impl State {
    /// Whether the arguments are one whole JSON value, so that no more come.
    pub(crate) fn is_complete(&self) -> bool {
        let arguments = self.arguments.as_deref().filter(|_| !self.is_custom);
        arguments.is_some_and(|reader| reader.progress() == Progress::Complete)
    }

    /// A fragment of the call has this index, which later ones may have alone.
    pub(crate) fn take_index(&mut self, index: u64, notes: &mut Notes<'_>) {
        let known = self.index.replace(index).unwrap_or(index);
        if known != index && !core::mem::replace(&mut self.changed.index, true) {
            notes.finding(
                FindingKind::ToolCallChanged,
                format_args!("index {index} for the tool call whose index was {known} counts"),
            );
        }
    }

    /// Reads more arguments.
    pub(crate) fn read(&mut self, text: &str) {
        if !text.is_empty() {
            self.arguments.get_or_insert_default().push(text);
        }
    }

    /// As [`State::read`], of what this word says.
    #[inline]
    pub(crate) fn read_word(&mut self, text: &str, word: &Word<'_>) {
        match &mut self.arguments {
            Some(reader) if !word.is_escaped() => reader.push_plain(text),
            _ => self.read(text),
        }
    }
}

const ARGUMENTS: Place = "arguments";

/// White space of JSON.
const SPACE: [char; 4] = [' ', '\t', '\n', '\r'];

/// The members of a fragment that say whose it is.
pub(crate) struct Fragment<'a> {
    pub(crate) index: Option<u64>,
    pub(crate) id: Option<Cow<'a, str>>,
    pub(crate) name: Option<JsonStr<'a>>,
    arguments: Raw<'a>,
}

impl<'a> Fragment<'a> {
    pub(crate) fn read(delta: &ToolCallDelta<'a>, notes: &mut Notes<'_>) -> Self {
        let text = |raw: Raw<'a>| raw.as_str().filter(|text| !text.is_empty());
        let id = text(delta.id).filter(|id| *id != "null");
        Self {
            index: delta.index.as_u64(),
            id: id.map(|id| notes.said(id, "tool_calls[].id")),
            name: text(delta.name),
            arguments: delta.arguments,
        }
    }

    /// Whether it has arguments that say anything.
    pub(crate) fn has_arguments(&self) -> bool {
        let is_blank = |text: JsonStr<'_>| name_of(text).trim_matches(SPACE).is_empty();
        self.arguments.is_there() && !self.arguments.as_str().is_some_and(is_blank)
    }

    /// Whether it has white space for arguments.
    pub(crate) fn has_space(&self) -> bool {
        self.arguments.as_str().is_some_and(|text| !text.is_empty()) && !self.has_arguments()
    }
}

/// Whether a call has an id, and how long its name is: neither shrinks.
pub(crate) fn name_and_id(call: &ToolCall) -> (bool, usize) {
    let name = call.function.name.as_ref();
    (call.id.is_some(), name.map_or(0, String::len))
}

/// Whether there is more to a call than its type.
pub(crate) fn says_something(call: &ToolCall, notes: &mut Notes<'_>) -> bool {
    let Function {
        name,
        arguments,
        other,
    } = &call.function;
    let is_empty = call.id.is_none() && name.is_none() && arguments.is_empty();
    if !is_empty || !other.is_empty() || !call.other.is_empty() {
        return true;
    }
    if let Some(kind) = call.kind.as_deref().filter(|kind| *kind != "function") {
        let kind = excerpt(kind);
        notes.finding(
            FindingKind::Ignored,
            format_args!("a tool call is dropped that says nothing but its type, `{kind}`"),
        );
    }
    false
}

/// Adds the members of a fragment to the call that it belongs to.
pub(crate) fn add(
    call: &mut ToolCall,
    state: &mut State,
    at: usize,
    delta: &ToolCallDelta<'_>,
    fragment: &Fragment<'_>,
    notes: &mut Notes<'_>,
) {
    let changed = &mut state.changed;
    match (&fragment.id, &call.id) {
        (Some(id), None) => call.id = Some(String::from(&**id)),
        (Some(id), Some(known)) if id != known => {
            tell_once(&mut changed.id, "id", known, id, notes);
        }
        _ => {}
    }
    let kind = delta.kind.as_str().filter(|kind| !kind.is_empty());
    match (kind, &call.kind) {
        (Some(kind), None) => call.kind = Some(notes.said(kind, "tool_calls[].type").into()),
        (Some(kind), Some(known)) if kind != known.as_str() => {
            tell_once(&mut changed.kind, "type", known, &name_of(kind), notes);
        }
        _ => {}
    }
    let (body, arguments) = delta.body();
    if call.kind.is_none() && delta.is_custom() {
        call.kind = Some("custom".into());
    }
    state.is_custom = call.is_custom();
    if let Some(name) = fragment.name {
        add_name(&mut call.function, name, &mut changed.name, notes);
    }
    for (name, member) in delta.other() {
        call.other
            .merge(&name_of(name), member, "tool_calls", notes);
    }
    add_others(&mut call.function, body, arguments, notes);
    for (name, raw) in [("function", delta.function), ("custom", delta.custom)] {
        notes.expect_each(name, Kind::Object, raw);
    }
    if delta.custom.kind() == Kind::Object && !delta.is_custom() {
        notes.ignored("custom", delta.custom, "`function`");
    }
    grow_arguments(call, state, at, notes, |function, notes| {
        add_arguments(function, delta.arguments, notes);
    });
}

/// Lets `add` add to the arguments, and says so.
pub(crate) fn grow_arguments(
    call: &mut ToolCall,
    state: &mut State,
    at: usize,
    notes: &mut Notes<'_>,
    add: impl FnOnce(&mut Function, &mut Notes<'_>),
) {
    let before = call.function.arguments.len();
    let was_complete = state.is_complete();
    add(&mut call.function, notes);
    let added = before..call.function.arguments.len();
    if added.is_empty() {
        return;
    }
    let text = call.function.arguments.get(added.clone());
    state.read(text.unwrap_or_default());
    note_growth(state, at, added, was_complete, notes);
}

/// Says that the arguments of a call have grown, which then `state` is of.
pub(crate) fn note_growth(
    state: &State,
    at: usize,
    added: Range<usize>,
    was_complete: bool,
    notes: &mut Notes<'_>,
) {
    notes.change(What::Arguments, at, added);
    if !was_complete && state.is_complete() {
        notes.change(What::ArgumentsComplete, at, 0..0);
    }
}

/// The first name stays; one that comes in pieces before any arguments grows.
/// Whether another has been told is `told`.
pub(crate) fn add_name(
    function: &mut Function,
    name: JsonStr<'_>,
    told: &mut bool,
    notes: &mut Notes<'_>,
) {
    const PLACE: Place = "name";
    match &mut function.name {
        None => function.name = Some(notes.said(name, PLACE).into()),
        Some(known) if name == known.as_str() => {}
        Some(known) if function.arguments.is_empty() => known.push_str(&notes.said(name, PLACE)),
        Some(known) => tell_once(told, "name", known, &name_of(name), notes),
    }
}

/// Members of a function beside its name and what it calls its `arguments`.
pub(crate) fn add_others(
    function: &mut Function,
    body: Raw<'_>,
    arguments: &str,
    notes: &mut Notes<'_>,
) {
    for (name, member) in body.members() {
        match &*name_of(name) {
            "name" => {}
            name if name == arguments => {}
            // The names under which they go out must not go out twice.
            "arguments" => notes.ignored("arguments", member, "`input`"),
            "input" => notes.ignored("input", member, "`arguments`"),
            name => function.other.merge(name, member, "function", notes),
        }
    }
}

/// Strings grow; other JSON adds its text.
pub(crate) fn add_arguments(function: &mut Function, new: Raw<'_>, notes: &mut Notes<'_>) {
    if let Some(text) = new.as_str() {
        append_arguments(function, text, notes);
    } else if new.is_there() {
        function.arguments.push_str(&compact(new), ARGUMENTS, notes);
        notes.finding(
            FindingKind::ArgumentsNotText,
            "arguments are JSON, not a string of it: their text is taken",
        );
    }
}

pub(crate) fn append_arguments(function: &mut Function, text: JsonStr<'_>, notes: &mut Notes<'_>) {
    function.arguments.append(text, ARGUMENTS, notes);
}

/// Says that a call has another of what it had, unless that was `told`.
fn tell_once(told: &mut bool, what: &str, known: &str, new: &str, notes: &mut Notes<'_>) {
    if core::mem::replace(told, true) {
        return;
    }
    let (known, new) = (excerpt(known), excerpt(new));
    notes.finding(
        FindingKind::ToolCallChanged,
        format_args!("{what} `{new}` for the tool call whose {what} is `{known}` is ignored"),
    );
}

/// The text of `raw` without white space between its tokens.
fn compact(raw: Raw<'_>) -> String {
    let (mut inside, mut escaped) = (false, false);
    let keep = |char: &char| {
        let kept = inside || !SPACE.contains(char);
        (inside, escaped) = match char {
            '"' if !escaped => (!inside, false),
            '\\' => (inside, !escaped),
            _ => (inside, false),
        };
        kept
    };
    raw.text().chars().filter(keep).collect()
}
