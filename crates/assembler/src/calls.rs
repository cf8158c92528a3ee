//! To which call a fragment belongs.
//!
//! Servers agree that a call's first fragment names it and that the later ones
//! bring its arguments. They do not agree on how a later fragment says whose it
//! is: by index, by id, by both, or by standing behind it. Some give each call
//! the index 0.

use alloc::vec::Vec;
use core::ops::Range;

use deltaic_chunk::{JsonStr, Kind, ToolCallDelta, Word};

use crate::{
    call::{
        Fragment, State, add, append_arguments, grow_arguments, name_and_id, note_growth,
        says_something,
    },
    changes::What,
    completion::ToolCall,
    finding::FindingKind,
    notes::Notes,
    progress::Reader,
};

/// What the calls of one choice need beside themselves to go on.
#[derive(Clone, Debug, Default)]
pub(crate) struct Calls {
    /// One for each of the choice's calls.
    states: Vec<State>,
    /// The call that the last fragment belonged to; [`Calls::DROPPED`] if that was dropped.
    last: usize,
}

/// How the arguments of a call have grown.
#[derive(Clone, Debug, Default)]
pub(crate) struct Grown {
    call: usize,
    pub(crate) added: Range<usize>,
    was_complete: bool,
}

/// What a list of calls is of.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Piece {
    /// A delta: each call may go on.
    Delta,
    /// A whole message: each call is one.
    Whole,
}

impl Calls {
    /// No call is there.
    const DROPPED: usize = usize::MAX;

    /// Adds a fragment to one of `calls`.
    pub(crate) fn push(
        &mut self,
        calls: &mut Vec<ToolCall>,
        delta: &ToolCallDelta<'_>,
        piece: Piece,
        notes: &mut Notes<'_>,
    ) {
        let fragment = Fragment::read(delta, notes);
        for (name, raw) in [
            ("tool_calls[].id", delta.id),
            ("tool_calls[].type", delta.kind),
            ("tool_calls[].name", delta.name),
        ] {
            notes.expect(name, Kind::String, raw);
        }
        if fragment.index.is_none() && delta.index.is_there() {
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
                // What follows it is not of an earlier call.
                self.last = Self::DROPPED;
                let of_it = |state: &&mut State| state.index == fragment.index;
                for state in self.states.iter_mut().filter(of_it) {
                    state.index = None;
                }
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
            if let Some(index) = fragment.index {
                state.take_index(index, notes);
            }
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
            && fragment.has_arguments()
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
        let id = fragment.id.as_deref();
        if let Some(known) = id.and_then(with_id) {
            return Some(known);
        }
        let at = self.last;
        let (last, state) = (calls.get(at)?, self.states.get(at)?);
        let continues = match (id, fragment.name) {
            (Some(_), name) => name.is_none() && last.id.is_none(),
            (None, None) => true,
            (None, Some(name)) => {
                let has_begun = fragment.has_arguments() || !last.function.arguments.is_empty();
                last.function.name.as_deref().is_some_and(|n| name == n)
                    && (fragment.has_space() || has_begun && !state.is_complete())
            }
        };
        continues.then_some(at)
    }

    /// The call that a fragment belongs to which has this index and no name.
    pub(crate) fn with_index(&self, index: u64) -> Option<usize> {
        self.states.iter().rposition(|s| s.index == Some(index))
    }

    /// Adds a fragment that has nothing but arguments.
    pub(crate) fn push_arguments(
        &mut self,
        calls: &mut [ToolCall],
        at: usize,
        text: JsonStr<'_>,
        notes: &mut Notes<'_>,
    ) {
        self.last = at;
        if let (Some(call), Some(state)) = (calls.get_mut(at), self.states.get_mut(at)) {
            grow_arguments(call, state, at, notes, |function, notes| {
                append_arguments(function, text, notes);
            });
        }
    }

    /// As [`Calls::push_arguments`], of a word, and without notes. `None`, and nothing is added, if half a
    /// surrogate pair waits.
    #[inline]
    pub(crate) fn push_word(
        &mut self,
        calls: &mut [ToolCall],
        at: usize,
        word: &Word<'_>,
    ) -> Option<Grown> {
        let (call, state) = (calls.get_mut(at)?, self.states.get_mut(at)?);
        let text = call.function.arguments.plain_mut()?;
        self.last = at;
        let was_complete = state.is_complete();
        let start = text.len();
        word.push_to(text);
        let added = text.get(start..).unwrap_or_default();
        state.read_word(added, word);
        Some(Grown {
            call: at,
            added: start..text.len(),
            was_complete,
        })
    }

    /// Notes how a call has grown.
    pub(crate) fn note(&self, grown: Grown, notes: &mut Notes<'_>) {
        let Grown {
            call,
            added,
            was_complete,
        } = grown;
        if let Some(state) = self.states.get(call).filter(|_| !added.is_empty()) {
            note_growth(state, call, added, was_complete, notes);
        }
    }

    /// No more text will come to any call.
    pub(crate) fn settle(&mut self, calls: &mut [ToolCall], notes: &mut Notes<'_>) {
        for (at, (call, state)) in calls.iter_mut().zip(&mut self.states).enumerate() {
            let text = &mut call.function.arguments;
            let added = text.settle("arguments", notes);
            state.read(text.get(added.clone()).unwrap_or_default());
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

fn has_id(call: &ToolCall, id: &str) -> bool {
    call.id.as_deref() == Some(id)
}
