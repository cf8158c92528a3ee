//! The search for the smallest stream.

use std::mem;

use indicatif::ProgressBar;
use serde_json::Value;

use super::{
    Goal,
    json::{self, Line},
    smallest::leave_out,
};
use crate::{cut, progress};

/// How many bytes are read at most: some seconds' worth, and the same on every machine.
const PATIENCE: u64 = 4 << 30;

/// A search for the smallest stream that shows what it is to.
pub(super) struct Search {
    goal: Goal,
    /// The smallest so far.
    best: Vec<u8>,
    /// How many bytes may still be read.
    patience: u64,
    /// How many streams were tried, as a terminal shows it.
    tries: ProgressBar,
}

impl Search {
    pub(super) fn new(goal: Goal, stream: Vec<u8>) -> Self {
        Self {
            goal,
            best: stream,
            patience: PATIENCE,
            tries: progress::count("tried"),
        }
    }

    pub(super) fn best(&self) -> &[u8] {
        &self.best
    }

    /// Whether it was found: patience may end before.
    pub(super) fn run(&mut self) -> bool {
        let is_smallest = loop {
            let before = self.best.len();
            if self.round().is_none() {
                break false;
            }
            if self.best.len() == before {
                break true;
            }
        };
        self.tries.finish_and_clear();
        is_smallest
    }

    /// From what is large to what is small. `None` where patience ends.
    fn round(&mut self) -> Option<()> {
        let stream = self.best.clone();
        leave_out(&mut cut::by_event(&stream), |events| {
            self.attempt(events.concat())
        })?;
        let stream = self.best.clone();
        leave_out(&mut lines(&stream), |lines| self.attempt(lines.concat()))?;
        // What goes alone in no event may go in all.
        let stream = self.best.clone();
        let all = lines(&stream);
        leave_out(&mut json::names(&all), |names| {
            self.attempt(json::with_names(&all, names))
        })?;
        for line in (0..lines(&self.best).len()).rev() {
            self.shorten_line(line)?;
        }
        leave_out(&mut self.best.clone(), |bytes| self.attempt(bytes.into()))?;
        self.leave_out_runs()
    }

    /// Shortens the JSON of a line, if it has some.
    fn shorten_line(&mut self, number: usize) -> Option<()> {
        let stream = self.best.clone();
        let lines = lines(&stream);
        let Some(line) = Line::parse(lines[number]) else {
            return Some(());
        };
        let before = lines[..number].concat();
        let behind = lines[number + 1..].concat();
        let stream_of = |value: &Value| [&*before, &line.with(value), &behind].concat();
        // Without white space, as it is written anew.
        self.attempt(stream_of(&line.value))?;
        let mut root = line.value.clone();
        let mut paths = vec![String::new()];
        while let Some(path) = paths.pop() {
            let mut whole = root.clone();
            let value = root.pointer_mut(&path);
            let value = value.expect("nothing above it goes any more");
            let mut attempt = |smaller: Value| {
                *whole.pointer_mut(&path).expect("it is as the root is") = smaller;
                self.attempt(stream_of(&whole))
            };
            match value {
                Value::Object(object) => {
                    let mut members: Vec<_> = mem::take(object).into_iter().collect();
                    leave_out(&mut members, |members| {
                        attempt(Value::Object(members.iter().cloned().collect()))
                    })?;
                    object.extend(members);
                    let names = object.keys();
                    let names = names.map(|name| name.replace('~', "~0").replace('/', "~1"));
                    paths.extend(names.map(|name| format!("{path}/{name}")));
                }
                Value::Array(elements) => {
                    leave_out(elements, |elements| attempt(Value::Array(elements.into())))?;
                    paths.extend((0..elements.len()).map(|at| format!("{path}/{at}")));
                }
                Value::String(text) => {
                    let mut chars: Vec<char> = text.chars().collect();
                    leave_out(&mut chars, |chars| {
                        attempt(Value::String(chars.iter().collect()))
                    })?;
                    *text = chars.into_iter().collect();
                }
                // Digits go byte by byte.
                Value::Null | Value::Bool(_) | Value::Number(_) => {}
            }
        }
        Some(())
    }

    /// Leaves out bytes that only go together, such as a member where `serde_json` does
    /// not read the rest: each run of up to 64, where there are few enough to try all.
    fn leave_out_runs(&mut self) -> Option<()> {
        if self.best.len() > 2_048 {
            return Some(());
        }
        for len in (2..=64).rev() {
            let mut end = self.best.len();
            while let Some(start) = end.checked_sub(len) {
                let fewer = [&self.best[..start], &self.best[end..]].concat();
                end = if self.attempt(fewer)? { start } else { end - 1 };
            }
        }
        Some(())
    }

    /// Takes the stream if it shows what it is to. `None` where patience ends.
    fn attempt(&mut self, stream: Vec<u8>) -> Option<bool> {
        // None is for nothing.
        self.patience = self.patience.checked_sub(stream.len() as u64 + 256)?;
        self.tries.inc(1);
        let is_shown = self.goal.is_shown(&stream);
        if is_shown {
            self.best = stream;
        }
        Some(is_shown)
    }
}

/// The lines of a stream, with their ends. The LF of a CR LF is one more.
fn lines(stream: &[u8]) -> Vec<&[u8]> {
    let is_end = |byte: &u8| matches!(byte, b'\n' | b'\r');
    stream.split_inclusive(is_end).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use deltaic::FindingKind;

    use super::*;

    fn search(kind: FindingKind, stream: &str) -> Search {
        let findings = BTreeSet::from([kind]);
        let goal = Goal {
            findings: findings.clone(),
            known: findings,
            outcome: None,
            ends_with_event: false,
        };
        Search::new(goal, stream.into())
    }

    #[test]
    fn what_only_goes_whole_goes_whole() {
        let event = "data: {\"id\":\ndata: \"a\",\ndata: \"choices\"\ndata: :[]}\n\n";
        let events = event.repeat(70) + "data: ]\n\n" + &event.repeat(30);
        let lines = "event: abc\n".repeat(300) + "data: ]\n\n";
        for stream in [events, lines] {
            let mut search = search(FindingKind::InvalidJson, &stream);
            assert!(search.run());
            assert_eq!(search.best(), b"data:]\n\n");
            assert!(search.tries.position() < 130, "{:?}", search.tries);
        }
    }

    #[test]
    fn where_patience_ends_the_smallest_so_far_is_there() {
        let stream = "data: {\"id\":\"a\",\"choices\":[]}\n\ndata: {]\n\n".repeat(20);
        let mut least = stream.len();
        for patience in [0, 3_000, 10_000, PATIENCE] {
            let mut search = search(FindingKind::InvalidJson, &stream);
            search.patience = patience;
            assert_eq!(search.run(), patience == PATIENCE);
            assert!(search.goal.is_shown(search.best()));
            assert!(search.best().len() <= least);
            least = search.best().len();
        }
        assert_eq!(least, "data:{\n\n".len());
    }
}
