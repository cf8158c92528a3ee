//! To which call a fragment belongs, and how it adds to it.
//!
//! Servers agree that a call's first fragment names it and that the later ones
//! bring its arguments. They do not agree on how a later fragment says whose it
//! is: by index, by id, by both, or by standing behind it. Some give each call
//! the index 0.

use alloc::{string::String, vec::Vec};

use deltaic_chunk::{JsonStr, Kind, Raw, ToolCallDelta};

use crate::{
    completion::{Function, ToolCall},
    finding::FindingKind,
    members::name_of,
    notes::{Notes, excerpt},
    progress::{Progress, Reader},
    update::What,
};

/// What the calls of one choice need beside themselves to go on.
#[derive(Clone, Debug, Default)]
pub(crate) struct Calls {
    /// One for each of the choice's calls.
    states: Vec<State>,
    /// The call that the last fragment belonged to.
    last: usize,
}

#[derive(Clone, Debug, Default)]
struct State {
    index: Option<u64>,
    arguments: Reader,
}

impl State {
    fn is_complete(&self) -> bool {
        self.arguments.progress() == Progress::Complete
    }
}

/// The members of a fragment that say whose it is.
struct Fragment<'a> {
    index: Option<u64>,
    id: Option<JsonStr<'a>>,
    name: Option<JsonStr<'a>>,
    has_arguments: bool,
}

impl<'a> Fragment<'a> {
    fn read(delta: &ToolCallDelta<'a>) -> Self {
        let text = |raw: Raw<'a>| raw.as_str().filter(|text| !text.is_empty());
        Self {
            index: delta.index.as_u64(),
            id: text(delta.id).filter(|id| *id != "null"),
            name: text(delta.name),
            has_arguments: match delta.arguments.kind() {
                Kind::Missing | Kind::Null => false,
                Kind::String => text(delta.arguments).is_some(),
                _ => true,
            },
        }
    }
}

impl Calls {
    /// Adds a fragment to one of `calls`.
    pub(crate) fn push(
        &mut self,
        calls: &mut Vec<ToolCall>,
        delta: &ToolCallDelta<'_>,
        notes: &mut Notes<'_>,
    ) {
        let fragment = Fragment::read(delta);
        for (name, raw, fits) in [
            ("index", delta.index, fragment.index.is_some()),
            ("id", delta.id, delta.id.kind() == Kind::String),
            ("type", delta.kind, delta.kind.kind() == Kind::String),
            ("name", delta.name, delta.name.kind() == Kind::String),
        ] {
            if !fits && !raw.is_null() && !raw.is_missing() {
                notes.wrong_type(name, raw);
            }
        }
        let at = match self.find(calls, &fragment, notes) {
            Some(at) => at,
            None if calls.len() >= notes.limits.tool_calls => {
                let limit = notes.limits.tool_calls;
                return notes.finding(
                    FindingKind::TooMany,
                    format_args!("a tool call past the limit of {limit} is dropped"),
                );
            }
            None => {
                calls.push(ToolCall::default());
                self.states.push(State::default());
                notes.change(What::ToolCall, calls.len() - 1, 0..0);
                calls.len() - 1
            }
        };
        self.last = at;
        if let (Some(call), Some(state)) = (calls.get_mut(at), self.states.get_mut(at)) {
            state.index = state.index.or(fragment.index);
            add(call, state, at, delta, &fragment, notes);
        }
    }

    /// The call that the fragment belongs to; `None` if it begins one.
    fn find(
        &self,
        calls: &[ToolCall],
        fragment: &Fragment<'_>,
        notes: &mut Notes<'_>,
    ) -> Option<usize> {
        let with_id = |id: JsonStr<'_>| calls.iter().rposition(|call| has_id(call, id));
        let Some(index) = fragment.index else {
            return self.find_without_index(calls, fragment, with_id);
        };
        let opened = self.states.iter().rposition(|s| s.index == Some(index));
        let Some(at) = opened else {
            return with_id(fragment.id?);
        };
        let (call, state) = (calls.get(at)?, self.states.get(at)?);
        let same_id = fragment.id.is_some_and(|id| has_id(call, id));
        let other_id = fragment.id.is_some() && call.id.is_some() && !same_id;
        let named_anew = fragment.name.is_some()
            && fragment.has_arguments
            && call.function.name.is_some()
            && state.is_complete()
            && !same_id;
        if !(other_id && fragment.name.is_some() || named_anew) {
            return Some(at);
        }
        notes.finding(
            FindingKind::IndexReused,
            format_args!("another tool call with index {index} begins a new one"),
        );
        None
    }

    fn find_without_index(
        &self,
        calls: &[ToolCall],
        fragment: &Fragment<'_>,
        with_id: impl Fn(JsonStr<'_>) -> Option<usize>,
    ) -> Option<usize> {
        let last = calls.get(self.last)?;
        let continues = match (fragment.id, fragment.name) {
            (Some(id), _) if with_id(id).is_some() => return with_id(id),
            (Some(_), name) => name.is_none() && last.id.is_none(),
            (None, None) => true,
            (None, Some(name)) => {
                let state = self.states.get(self.last)?;
                last.function.name.as_deref().is_some_and(|n| name == n)
                    && !state.is_complete()
                    && (fragment.has_arguments || !last.function.arguments.is_empty())
            }
        };
        continues.then_some(self.last)
    }

    /// The stream has ended: nothing more comes to any call.
    pub(crate) fn finish(&mut self, calls: &mut Vec<ToolCall>, notes: &mut Notes<'_>) {
        for (at, (call, state)) in calls.iter_mut().zip(&self.states).enumerate() {
            let mut whole = call.function.arguments.settle();
            whole &= call.function.other.settle();
            whole &= call.other.settle();
            notes.whole(whole, "tool_calls");
            let text = &call.function.arguments;
            if !call.is_custom() && !text.is_empty() && !state.is_complete() {
                notes.finding(
                    FindingKind::ArgumentsNotJson,
                    format_args!("the arguments of tool call {at} are no whole JSON value"),
                );
            }
        }
        self.sort(calls);
        calls.retain(|call| {
            let Function {
                name,
                arguments,
                other,
            } = &call.function;
            let says = call.id.is_some() || name.is_some() || !arguments.is_empty();
            says || !other.is_empty() || !call.other.is_empty()
        });
    }

    /// By index, if each has one of its own.
    fn sort(&self, calls: &mut Vec<ToolCall>) {
        let mut order = Vec::with_capacity(calls.len());
        for (at, state) in self.states.iter().enumerate() {
            let Some(index) = state.index else { return };
            order.push((index, at));
        }
        order.sort_unstable();
        let distinct = order.is_sorted_by(|a, b| a.0 < b.0);
        if !distinct || order.is_sorted_by_key(|&(_, at)| at) {
            return;
        }
        let take = |&(_, at): &(u64, usize)| calls.get_mut(at).map(core::mem::take);
        *calls = order.iter().filter_map(take).collect();
    }

    /// How far the arguments of the call have come.
    pub(crate) fn reader(&self, call: usize) -> Option<&Reader> {
        self.states.get(call).map(|state| &state.arguments)
    }

    /// Whether the arguments of the last call still want more.
    pub(crate) fn is_open(&self, calls: &[ToolCall]) -> bool {
        let (Some(call), Some(state)) = (calls.last(), self.states.last()) else {
            return false;
        };
        !call.is_custom() && !state.is_complete()
    }
}

fn has_id(call: &ToolCall, id: JsonStr<'_>) -> bool {
    call.id.as_deref().is_some_and(|known| id == known)
}

/// Adds the members of a fragment to the call that it belongs to.
fn add(
    call: &mut ToolCall,
    state: &mut State,
    at: usize,
    delta: &ToolCallDelta<'_>,
    fragment: &Fragment<'_>,
    notes: &mut Notes<'_>,
) {
    match (fragment.id, &call.id) {
        (Some(id), None) => call.id = Some(name_of(id).into()),
        (Some(id), Some(known)) if id != known.as_str() => changed("id", known, id, notes),
        _ => {}
    }
    if call.kind.is_none() {
        let kind = delta.kind.as_str().filter(|kind| !kind.is_empty());
        call.kind = kind.map(|kind| name_of(kind).into());
    }
    if let Some(name) = fragment.name {
        add_name(&mut call.function, name, notes);
    }
    for (name, member) in delta.other() {
        call.other.merge(&name_of(name), member);
    }
    if delta.body.kind() == Kind::Object {
        add_others(&mut call.function, delta.body);
    } else if !delta.body.is_missing() && !delta.body.is_null() {
        notes.wrong_type("function", delta.body);
    }
    let before = call.function.arguments.len();
    let was_complete = state.is_complete();
    add_arguments(&mut call.function, delta.arguments, notes);
    let added = before..call.function.arguments.len();
    if added.is_empty() {
        return;
    }
    if let Some(text) = call.function.arguments.get(added.clone()) {
        state.arguments.push(text);
    }
    notes.change(What::Arguments, at, added);
    if !was_complete && state.is_complete() && !call.is_custom() {
        notes.change(What::ArgumentsComplete, at, 0..0);
    }
}

/// The first name stays; one that comes in pieces before any arguments grows.
pub(crate) fn add_name(function: &mut Function, name: JsonStr<'_>, notes: &mut Notes<'_>) {
    match &mut function.name {
        None => function.name = Some(name_of(name).into()),
        Some(known) if name == known.as_str() => {}
        Some(known) if function.arguments.is_empty() => known.push_str(&name_of(name)),
        Some(known) => changed("name", known, name, notes),
    }
}

/// Members of a function beside its name and arguments.
pub(crate) fn add_others(function: &mut Function, body: Raw<'_>) {
    for (name, member) in body.members() {
        let name = name_of(name);
        if !matches!(&*name, "name" | "arguments" | "input") {
            function.other.merge(&name, member);
        }
    }
}

/// Strings grow; other JSON adds its text.
pub(crate) fn add_arguments(function: &mut Function, new: Raw<'_>, notes: &mut Notes<'_>) {
    match (new.kind(), new.as_str()) {
        (Kind::Missing | Kind::Null, _) => {}
        (_, Some(text)) => {
            let whole = function.arguments.append(text);
            notes.whole(whole, "arguments");
        }
        _ => {
            function.arguments.push_str(&compact(new));
            notes.finding(
                FindingKind::ArgumentsNotText,
                "arguments are JSON, not a string of it: their text is taken",
            );
        }
    }
}

fn changed(what: &str, known: &str, new: JsonStr<'_>, notes: &mut Notes<'_>) {
    let (known, new) = (excerpt(known), excerpt(new.as_raw()));
    notes.finding(
        FindingKind::ToolCallChanged,
        format_args!("{what} `{new}` for the tool call whose {what} is `{known}` is ignored"),
    );
}

/// The text of `raw` without white space between its tokens.
fn compact(raw: Raw<'_>) -> String {
    let (mut inside, mut escaped) = (false, false);
    let keep = |char: &char| {
        let kept = inside || !matches!(char, ' ' | '\t' | '\n' | '\r');
        (inside, escaped) = match char {
            '"' if !escaped => (!inside, false),
            '\\' => (inside, !escaped),
            _ => (inside, false),
        };
        kept
    };
    raw.text().chars().filter(keep).collect()
}
