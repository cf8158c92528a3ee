//! Passing a response on: a tap and the streams tell what a reader tells, and of a body
//! nothing is changed.

use std::{
    convert::Infallible,
    pin::pin,
    sync::mpsc::channel,
    task::{Context, Poll, Waker},
};

use bytes::Bytes;
use deltaic::{
    Choice, Completion, First, Limits, Message, OwnedUpdate, Reader, Report, Tap, TapEnd,
    TapReport, Text, Unread, Update, UpdateStream, assembler::Assembler, chunk::Payload,
    sse::Framer,
};
use deltaic_corpus::cut;
use futures_util::{FutureExt, StreamExt, stream};
use http_body::{Body, Frame};
use http_body_util::StreamBody;

/// Checks a response, cut at these places.
///
/// # Panics
///
/// If what is told differs from what a reader tells, or what comes out from what went in.
pub fn check(stream: &[u8], places: &[usize]) {
    let reads: Vec<Bytes> = cut::at(stream, places)
        .into_iter()
        .map(Bytes::copy_from_slice)
        .collect();
    check_within(Limits::default(), &reads);
    let limits = Limits {
        event: places.first().copied().unwrap_or(16),
        ..Limits::default()
    };
    check_within(limits, &reads);
    forgets(stream);
}

fn check_within(limits: Limits, reads: &[Bytes]) {
    let (report, updates) = read(limits, reads);
    let all = pass(limits, reads, Asked::All);
    assert_eq!(all.report, report);
    assert_eq!(seen(all.first), first(limits, reads));
    let usage = pass(limits, reads, Asked::Usage);
    assert_eq!(usage.first, all.first);
    assert_eq!(usage.report, usage_of(report.clone()));
    assert_eq!(updates_of(limits, reads), (report, updates));
}

/// Checks that an assembler that forgets the texts each time goes on as one that does not.
fn forgets(mut stream: &[u8]) {
    let (mut all, mut none) = (Assembler::new(), Assembler::new());
    let mut framer = Framer::new();
    while let Ok(Some(event)) = framer.next(&mut stream) {
        let Ok(payload) = Payload::parse(event.data) else {
            continue;
        };
        // Of a call that is whole all arguments are shown.
        let is_shown = |update: &Update<'_>| !matches!(update, Update::ArgumentsComplete { .. });
        let expected: Vec<_> = all.push(&payload, 0).filter(is_shown).map(told).collect();
        let found: Vec<_> = none.push(&payload, 0).filter(is_shown).map(told).collect();
        assert_eq!(found, expected);
        none.forget_texts();
        assert_eq!(none.updates().count(), 0);
        assert_eq!(none.outcome(), all.outcome());
        assert_eq!(none.usage_state(), all.usage_state());
    }
    let [all, none] = [all, none].map(|assembler| assembler.finish(0));
    assert_eq!((none.outcome, none.usage), (all.outcome, all.usage));
    let choices = |completion: Option<Completion>| {
        let choices = completion.map(|completion| usage_of_completion(completion).choices);
        choices.unwrap_or_default()
    };
    assert_eq!(choices(none.completion), choices(all.completion));
}

/// What a reader tells.
fn read(limits: Limits, reads: &[Bytes]) -> (Report, Vec<String>) {
    let mut reader = Reader::with_limits(limits);
    let mut updates = Vec::new();
    for read in reads {
        let mut read = &read[..];
        while let Some(more) = reader.next(&mut read) {
            updates.extend(more.map(told));
        }
    }
    while let Some(more) = reader.finish() {
        updates.extend(more.map(told));
    }
    (reader.into_report(), updates)
}

/// Which reads had the first role, reasoning, content and tool call.
fn first(limits: Limits, reads: &[Bytes]) -> [Option<u64>; 4] {
    let mut reader = Reader::with_limits(limits).without_templates();
    let mut first = [None; 4];
    for (at, read) in (0..).zip(reads) {
        reader.push(read);
        for choice in &reader.completion().choices {
            let has = kinds(&choice.message);
            for (first, _) in first.iter_mut().zip(has).filter(|(_, has)| *has) {
                first.get_or_insert(at);
            }
        }
    }
    first
}

/// Whether a message has a role, reasoning, content and tool calls.
fn kinds(message: &Message) -> [bool; 4] {
    let says = |text: &Option<Text>| text.as_deref().is_some_and(|text| !text.is_empty());
    [
        message.role.is_some(),
        says(&message.reasoning),
        says(&message.content) || says(&message.refusal),
        !message.tool_calls.is_empty() || message.function_call.is_some(),
    ]
}

fn seen(first: First) -> [Option<u64>; 4] {
    [first.role, first.reasoning, first.content, first.tool]
}

/// What a stream of updates tells.
fn updates_of(limits: Limits, reads: &[Bytes]) -> (Report, Vec<String>) {
    let reads = reads.iter().cloned().map(Ok::<_, Infallible>);
    let mut stream = UpdateStream::with_reader(stream::iter(reads), Reader::with_limits(limits));
    let mut updates = Vec::new();
    while let Some(Ok(update)) = stream.next().now_or_never().expect("nothing waits") {
        updates.push(told_by(update));
    }
    (stream.into_report(), updates)
}

/// An update in words, as far as an owned one holds it.
fn told(update: Update<'_>) -> String {
    match update {
        Update::ToolCall { choice, call, .. } => format!("{choice} {call} begins"),
        Update::ToolCallNamed { choice, call, .. } => format!("{choice} {call} is named"),
        Update::Arguments {
            choice,
            call,
            text,
            arguments,
        } => format!("{choice} {call} {text:?} {:?}", arguments.progress()),
        Update::ArgumentsComplete {
            choice,
            call,
            tool_call,
        } => format!("{choice} {call} {tool_call:?}"),
        Update::FunctionCall { choice, text, .. } => format!("{choice} {text:?}"),
        update => format!("{update:?}"),
    }
}

fn told_by(update: OwnedUpdate) -> String {
    match update {
        OwnedUpdate::ToolCall { choice, call, .. } => format!("{choice} {call} begins"),
        OwnedUpdate::ToolCallNamed { choice, call, .. } => format!("{choice} {call} is named"),
        OwnedUpdate::Arguments {
            choice,
            call,
            text,
            progress,
        } => format!("{choice} {call} {text:?} {progress:?}"),
        OwnedUpdate::ArgumentsComplete {
            choice,
            call,
            tool_call,
        } => format!("{choice} {call} {tool_call:?}"),
        OwnedUpdate::FunctionCall { choice, text, .. } => format!("{choice} {text:?}"),
        update => format!("{update:?}"),
    }
}

/// What is asked of a tap.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Asked {
    All,
    Usage,
}

/// What a tap tells, once; it hands on the very memory.
fn pass(limits: Limits, reads: &[Bytes], asked: Asked) -> TapReport {
    let frames = reads
        .iter()
        .cloned()
        .map(|read| Ok::<_, Infallible>(Frame::data(read)));
    let (sender, receiver) = channel();
    let tap = Tap::new(StreamBody::new(stream::iter(frames)), move |report| {
        sender.send(report).expect("it is waited for");
    })
    .with_limits(limits);
    let mut tap = pin!(if asked == Asked::Usage {
        tap.usage_only()
    } else {
        tap
    });
    let mut context = Context::from_waker(Waker::noop());
    let mut sent = reads.iter();
    while let Poll::Ready(Some(Ok(frame))) = tap.as_mut().poll_frame(&mut context) {
        let (frame, read) = (
            frame.into_data().expect("data"),
            sent.next().expect("a read"),
        );
        assert_eq!((frame.as_ptr(), frame.len()), (read.as_ptr(), read.len()));
    }
    assert!(sent.next().is_none(), "all has been passed on");
    let report = receiver.try_recv().expect("it has ended");
    assert_eq!(report.end, TapEnd::Ended);
    let is_cut = report.report.stats.too_long > 0;
    assert_eq!(report.unread, is_cut.then_some(Unread::TooLong));
    report
}

/// Of a report what is told where no more than the usage is asked for.
fn usage_of(mut report: Report) -> Report {
    report.findings = Reader::new().findings().clone();
    report.completion = report.completion.map(usage_of_completion);
    report
}

fn usage_of_completion(all: Completion) -> Completion {
    let mut completion = Completion::default();
    completion.id = all.id;
    completion.model = all.model;
    completion.usage = all.usage;
    for all in all.choices {
        let mut choice = Choice::default();
        choice.index = all.index;
        choice.finish_reason = all.finish_reason;
        completion.choices.push(choice);
    }
    completion
}
