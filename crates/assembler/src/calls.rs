//! To which call a fragment belongs, and how it adds to it.
//!
//! Servers agree that a call's first fragment names it and that the later ones
//! bring its arguments. They do not agree on how a later fragment says whose it
//! is: by index, by id, by both, or by standing behind it. Some give each call
//! the index 0.

use alloc::{borrow::Cow, boxed::Box, string::String, vec::Vec};

use deltaic_chunk::{JsonStr, Kind, Raw, ToolCallDelta};

use crate::{
    changes::What,
    completion::{Function, ToolCall},
    finding::FindingKind,
    members::name_of,
    notes::{Notes, Place, excerpt},
    progress::{Progress, Reader},
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
    /// Small where there are none.
    arguments: Option<Box<Reader>>,
    changed: Changed,
}

/// What a list of calls is of.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Piece {
    /// A delta: each call may go on.
    Delta,
    /// A whole message: each call is one.
    Whole,
}

/// Which members of a call have been told to have changed.
#[derive(Clone, Copy, Debug, Default)]
struct Changed {
    id: bool,
    kind: bool,
    name: bool,
}

impl State {
    fn is_complete(&self) -> bool {
        let arguments = self.arguments.as_deref();
        arguments.is_some_and(|reader| reader.progress() == Progress::Complete)
    }
}

/// The members of a fragment that say whose it is.
struct Fragment<'a> {
    index: Option<u64>,
    id: Option<Cow<'a, str>>,
    name: Option<JsonStr<'a>>,
    has_arguments: bool,
}

impl<'a> Fragment<'a> {
    fn read(delta: &ToolCallDelta<'a>, notes: &mut Notes<'_>) -> Self {
        let text = |raw: Raw<'a>| raw.as_str().filter(|text| !text.is_empty());
        let id = text(delta.id).filter(|id| *id != "null");
        Self {
            index: delta.index.as_u64(),
            id: id.map(|id| notes.said(id, "tool_calls[].id")),
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
        piece: Piece,
        notes: &mut Notes<'_>,
    ) {
        let fragment = Fragment::read(delta, notes);
        for (name, raw) in [("id", delta.id), ("type", delta.kind), ("name", delta.name)] {
            notes.expect(name, Kind::String, raw);
        }
        if fragment.index.is_none() && !delta.index.is_null() && !delta.index.is_missing() {
            notes.wrong_type_once("tool_calls[].index", delta.index);
        }
        let found = match piece {
            Piece::Delta => self.find(calls, &fragment, notes),
            Piece::Whole => None,
        };
        let at = match found {
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
            let before = name_and_id(call);
            add(call, state, at, delta, &fragment, notes);
            if found.is_some() && name_and_id(call) != before {
                notes.change(What::ToolCallNamed, at, 0..0);
            }
        }
    }

    /// The call that the fragment belongs to; `None` if it begins one.
    fn find(
        &self,
        calls: &[ToolCall],
        fragment: &Fragment<'_>,
        notes: &mut Notes<'_>,
    ) -> Option<usize> {
        let with_id = |id: &str| calls.iter().rposition(|call| has_id(call, id));
        let id = fragment.id.as_deref();
        let Some(index) = fragment.index else {
            return self.find_without_index(calls, fragment, with_id);
        };
        let opened = self.states.iter().rposition(|s| s.index == Some(index));
        let Some(at) = opened else {
            return with_id(id?);
        };
        let (call, state) = (calls.get(at)?, self.states.get(at)?);
        let same_id = id.is_some_and(|id| has_id(call, id));
        let other_id = id.is_some() && call.id.is_some() && !same_id;
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
        with_id: impl Fn(&str) -> Option<usize>,
    ) -> Option<usize> {
        let last = calls.get(self.last)?;
        let continues = match (fragment.id.as_deref(), fragment.name) {
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

    /// No more text will come to any call.
    pub(crate) fn settle(&mut self, calls: &mut [ToolCall], notes: &mut Notes<'_>) {
        for (at, (call, state)) in calls.iter_mut().zip(&mut self.states).enumerate() {
            let text = &mut call.function.arguments;
            let added = text.settle("arguments", notes);
            read(state, text.get(added.clone()).unwrap_or_default());
            if !added.is_empty() {
                notes.change(What::Arguments, at, added);
            }
            call.function.other.settle("function", notes);
            call.other.settle("tool_calls", notes);
        }
    }

    /// The stream has ended.
    pub(crate) fn finish(&self, calls: &mut Vec<ToolCall>, notes: &mut Notes<'_>) {
        for (at, (call, state)) in calls.iter().zip(&self.states).enumerate() {
            let text = &call.function.arguments;
            if !call.is_custom() && !text.is_empty() && !state.is_complete() {
                notes.finding(
                    FindingKind::ArgumentsNotJson,
                    format_args!("the arguments of tool call {at} are no whole JSON value"),
                );
            }
        }
        self.sort(calls);
        calls.retain(|call| says_something(call, notes));
    }

    /// By index, if each has one of its own.
    fn sort(&self, calls: &mut [ToolCall]) {
        let mut order = Vec::with_capacity(calls.len());
        for (at, state) in self.states.iter().enumerate() {
            let Some(index) = state.index else { return };
            order.push((index, at));
        }
        order.sort_unstable();
        if !order.is_sorted_by(|a, b| a.0 < b.0) {
            return;
        }
        // The call for a place stands where it stood at first, or where it went
        // when its place was filled.
        for place in 0..order.len() {
            let mut from = order.get(place).map_or(place, |(_, at)| *at);
            while from < place {
                from = order.get(from).map_or(place, |(_, at)| *at);
            }
            swap(calls, place, from);
        }
    }

    /// How far the arguments of the call have come.
    pub(crate) fn reader(&self, call: usize) -> Option<&Reader> {
        self.states.get(call)?.arguments.as_deref()
    }

    /// Whether the arguments of the last call still want more.
    pub(crate) fn is_open(&self, calls: &[ToolCall]) -> bool {
        let (Some(call), Some(state)) = (calls.last(), self.states.last()) else {
            return false;
        };
        !call.is_custom() && !state.is_complete()
    }
}

/// Swaps two calls; `a` is not behind `b`.
fn swap(calls: &mut [ToolCall], a: usize, b: usize) {
    let (before, rest) = calls.split_at_mut_checked(b).unwrap_or_default();
    if let (Some(a), Some(b)) = (before.get_mut(a), rest.first_mut()) {
        core::mem::swap(a, b);
    }
}

/// Reads more arguments.
fn read(state: &mut State, text: &str) {
    if !text.is_empty() {
        state.arguments.get_or_insert_default().push(text);
    }
}

/// Whether a call has an id, and how long its name is: neither shrinks.
fn name_and_id(call: &ToolCall) -> (bool, usize) {
    let name = call.function.name.as_ref();
    (call.id.is_some(), name.map_or(0, String::len))
}

fn has_id(call: &ToolCall, id: &str) -> bool {
    call.id.as_deref() == Some(id)
}

/// Whether there is more to a call than its type.
fn says_something(call: &ToolCall, notes: &mut Notes<'_>) -> bool {
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
fn add(
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
    if call.kind.is_none() && body.kind() == Kind::Object && body == delta.custom {
        call.kind = Some("custom".into());
    }
    if let Some(name) = fragment.name {
        add_name(&mut call.function, name, &mut changed.name, notes);
    }
    for (name, member) in delta.other() {
        call.other
            .merge(&name_of(name), member, "tool_calls", notes);
    }
    for (name, raw) in [("function", delta.function), ("custom", delta.custom)] {
        match raw.kind() {
            Kind::Missing | Kind::Null => {}
            Kind::Object if raw == body => {
                add_others(&mut call.function, body, arguments, notes);
            }
            Kind::Object => notes.ignored(name, raw, "`function`"),
            _ => notes.wrong_type(name, raw),
        }
    }
    let before = call.function.arguments.len();
    let was_complete = state.is_complete();
    add_arguments(&mut call.function, delta.arguments, notes);
    let added = before..call.function.arguments.len();
    if added.is_empty() {
        return;
    }
    read(
        state,
        call.function
            .arguments
            .get(added.clone())
            .unwrap_or_default(),
    );
    notes.change(What::Arguments, at, added);
    if !was_complete && state.is_complete() && !call.is_custom() {
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
    const PLACE: Place = "arguments";
    match (new.kind(), new.as_str()) {
        (Kind::Missing | Kind::Null, _) => {}
        (_, Some(text)) => function.arguments.append(text, PLACE, notes),
        _ => {
            function.arguments.push_str(&compact(new), PLACE, notes);
            notes.finding(
                FindingKind::ArgumentsNotText,
                "arguments are JSON, not a string of it: their text is taken",
            );
        }
    }
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
