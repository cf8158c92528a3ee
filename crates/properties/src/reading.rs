//! Reading a response: any cut gives one report, the updates add up to it, and
//! what is kept is bounded by what came.

use std::collections::BTreeMap;

use allocation_counter::measure;
use deltaic::{
    Arguments, Completion, Limits, Outcome, Progress, Reader, Report, Stats, ToolCall, Update,
    Updates, chunk::Raw,
};
use deltaic_corpus::cut;

/// How much may be held at once for a response of so many bytes.
///
/// The most comes of findings (a short event can make one, up to 1,000 of them)
/// and of lists of short elements.
#[must_use]
pub fn most_kept(len: usize) -> u64 {
    (64 * len + (64 << 10)) as u64
}

/// Checks a response, cut at these places: with the default limits, and where
/// events may be no longer than up to the first of these places.
///
/// # Panics
///
/// If the report depends on the cut, or is not what the updates tell.
pub fn check(stream: &[u8], places: &[usize]) {
    check_within(Limits::default(), stream, places);
    let limits = Limits {
        event: places.first().copied().unwrap_or(16),
        ..Limits::default()
    };
    check_within(limits, stream, places);
}

/// The places behind blank lines: as servers send events one by one.
fn blank_lines(stream: &[u8]) -> Vec<usize> {
    let is_end = |at: &usize| {
        let before = &stream[..*at];
        ["\n\n", "\r\n\r\n", "\r\r"]
            .iter()
            .any(|end| before.ends_with(end.as_bytes()))
    };
    (0..stream.len()).filter(is_end).collect()
}

fn check_within(limits: Limits, stream: &[u8], places: &[usize]) {
    let mut told = Told::default();
    let mut whole = None;
    let counted = measure(|| whole = Some(read(limits, &[stream], |_| {})));
    let whole = whole.expect("it has been read");
    same_in_full(limits, stream, places, &whole);
    assert_eq!(whole.stats.bytes, stream.len() as u64);
    assert!(
        counted.bytes_max <= most_kept(stream.len()),
        "{} bytes are held for {}",
        counted.bytes_max,
        stream.len()
    );
    let blocks = cut::at(stream, &blank_lines(stream));
    let by_block = read(limits, &blocks, |_| {});
    assert_eq!(by_block, whole, "cut behind blank lines");
    let reads = cut::at(stream, places);
    let cut = read(limits, &reads, |updates| told.hear(updates));
    assert_eq!(cut, whole, "cut at {places:?}");
    told.adds_up_to(&whole);
    if let Some(completion) = &whole.completion {
        let json = serde_json::to_value(completion).expect("it serializes");
        assert!(json["choices"].is_array());
    }
}

/// Checks that an event that is like those before says the same as if it were read
/// in full, at once.
fn same_in_full(limits: Limits, stream: &[u8], places: &[usize], whole: &Report) {
    // An update of arguments shows all of them.
    const LONGEST: usize = 1 << 14;
    let listed = |updates: Updates<'_>| -> Vec<String> {
        if stream.len() > LONGEST {
            return Vec::new();
        }
        updates.map(|update| format!("{update:?}")).collect()
    };
    let (mut told, mut told_in_full) = (Vec::new(), Vec::new());
    let reader = Reader::with_limits(limits).without_templates();
    let in_full = read_with(reader, &[stream], |updates| {
        told_in_full.push(listed(updates));
    });
    let reads = cut::at(stream, places);
    read(limits, &reads, |updates| told.push(listed(updates)));
    assert_eq!(*whole, in_full, "read in full");
    assert_eq!(told, told_in_full, "updates, read in full");
    let in_full = || Reader::with_limits(limits).without_templates();
    let (pushed, stands) = push(Reader::with_limits(limits), &reads);
    let (_, stands_in_full) = push(in_full(), &reads);
    assert_eq!(pushed, *whole, "pushed");
    assert_eq!(
        stands, stands_in_full,
        "no event waits for more than it needs"
    );
}

/// The report, and what had been read after each read.
fn push(mut reader: Reader, reads: &[&[u8]]) -> (Report, Vec<Stats>) {
    let push = |read: &&[u8]| {
        reader.push(read);
        reader.stats()
    };
    let stands = reads.iter().map(push).collect();
    (reader.into_report(), stands)
}

fn read(limits: Limits, reads: &[&[u8]], hear: impl FnMut(Updates<'_>)) -> Report {
    read_with(Reader::with_limits(limits), reads, hear)
}

fn read_with(mut reader: Reader, reads: &[&[u8]], mut hear: impl FnMut(Updates<'_>)) -> Report {
    for mut read in reads.iter().copied() {
        while let Some(updates) = reader.next(&mut read) {
            hear(updates);
        }
        assert!(
            read.is_empty(),
            "`None` must mean that the input is used up"
        );
    }
    while let Some(updates) = reader.finish() {
        hear(updates);
    }
    reader.into_report()
}

/// What the updates have told.
#[derive(Default)]
struct Told {
    choices: BTreeMap<u64, Texts>,
    usage: Option<String>,
    errors: Vec<String>,
    is_done: bool,
}

/// What they have told of a choice.
#[derive(Default)]
struct Texts {
    content: String,
    reasoning: String,
    refusal: String,
    /// One for each call, in the order of their begins.
    arguments: Vec<String>,
    function: String,
    finish: Option<String>,
}

impl Told {
    fn hear(&mut self, updates: Updates<'_>) {
        for update in updates {
            match update {
                Update::Text { choice, text } => self.of(choice).content += text,
                Update::Reasoning { choice, text, .. } => self.of(choice).reasoning += text,
                Update::Refusal { choice, text } => self.of(choice).refusal += text,
                Update::ToolCall { choice, call, .. } => {
                    let calls = &mut self.of(choice).arguments;
                    assert_eq!(call, calls.len(), "calls begin in their order");
                    calls.push(String::new());
                }
                Update::ToolCallNamed { choice, call, .. } => {
                    assert!(call < self.of(choice).arguments.len(), "it has begun");
                }
                Update::Arguments {
                    choice,
                    call,
                    text,
                    arguments,
                } => {
                    let told = &mut self.of(choice).arguments[call];
                    *told += text;
                    // A chunk may bring several fragments of a call.
                    assert!(arguments.text().starts_with(&**told), "{text:?}");
                    as_far_as_they_are(arguments);
                }
                Update::ArgumentsComplete { choice, call, .. } => {
                    let told = &self.of(choice).arguments[call];
                    assert!(Raw::parse(told.as_bytes()).is_ok(), "{told:?}");
                }
                Update::FunctionCall { choice, text, .. } => self.of(choice).function += text,
                Update::Finish { choice, reason } => {
                    self.of(choice).finish = Some(reason.to_owned());
                }
                Update::Usage(usage) => self.usage = Some(usage.raw().text().to_owned()),
                Update::Error(raw) => self.errors.push(raw.to_owned()),
                Update::Done => {
                    assert!(!self.is_done, "it comes once");
                    self.is_done = true;
                }
                update => panic!("{update:?} is not known here"),
            }
        }
    }

    fn of(&mut self, choice: u64) -> &mut Texts {
        self.choices.entry(choice).or_default()
    }

    fn adds_up_to(&self, report: &Report) {
        assert_eq!(self.errors, report.errors);
        if report.errors.is_empty() && report.outcome != Outcome::Empty {
            assert_eq!(self.is_done, report.outcome == Outcome::Done);
        }
        let nothing = Completion::default();
        let completion = report.completion.as_ref().unwrap_or(&nothing);
        let usage = completion.usage.as_ref().map(|usage| usage.raw().text());
        assert_eq!(self.usage.as_deref(), usage);
        let nothing = Texts::default();
        for choice in &completion.choices {
            let told = self.choices.get(&choice.index).unwrap_or(&nothing);
            let message = &choice.message;
            same(&told.content, message.content.as_deref());
            same(&told.reasoning, message.reasoning.as_deref());
            same(&told.refusal, message.refusal.as_deref());
            let function = message.function_call.as_ref();
            same(
                &told.function,
                function.map(|function| function.arguments.as_str()),
            );
            assert_eq!(told.finish, choice.finish_reason);
            same_calls(&told.arguments, &message.tool_calls);
        }
        assert!(self.choices.keys().all(|told| {
            completion
                .choices
                .iter()
                .any(|choice| choice.index == *told)
        }));
    }
}

fn same(told: &str, kept: Option<&str>) {
    assert_eq!(told, kept.unwrap_or_default());
}

/// At the end calls may be sorted, and those that say nothing are dropped.
fn same_calls(told: &[String], kept: &[ToolCall]) {
    let mut told: Vec<&str> = told.iter().map(String::as_str).collect();
    let kept = kept.iter().map(|call| call.function.arguments.as_str());
    for kept in kept {
        let found = told.iter().position(|told| *told == kept);
        told.swap_remove(found.unwrap_or_else(|| panic!("{kept:?} was not told: {told:?}")));
    }
    assert!(told.iter().all(|told| told.is_empty()), "lost: {told:?}");
}

/// Arguments are whole if they are JSON, and what they are so far is JSON.
fn as_far_as_they_are(arguments: Arguments<'_>) {
    let text = arguments.text();
    // To parse all of it after each delta is quadratic.
    if text.len() > 1_000 {
        return;
    }
    let is_json = Raw::parse(text.as_bytes()).is_ok();
    assert_eq!(
        arguments.progress() == Progress::Complete,
        is_json,
        "{text:?}"
    );
    let Some(partial) = arguments.partial() else {
        return;
    };
    assert!(text.starts_with(partial.text()));
    let partial = partial.to_string();
    assert!(
        Raw::parse(partial.as_bytes()).is_ok(),
        "{partial:?} of {text:?}"
    );
    if is_json {
        assert_eq!(partial, text);
    }
}
