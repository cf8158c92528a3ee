//! What a tap keeps, and what it tells where no more than the usage is asked for.

mod common;
#[path = "common/passing.rs"]
mod passing;

use std::{
    pin::pin,
    task::{Context, Poll, Waker},
};

use allocation_counter::measure;
use bytes::Bytes;
use common::read;
use deltaic::{Choice, Completion, Reader, Report, Tap, TapReport, UsageState};
use deltaic_corpus::{
    cut, recordings,
    streams::{Envelope, text},
};
use futures_util::stream;
use http_body::{Body, Frame};
use http_body_util::StreamBody;
use passing::{Frames, pass, poll, report, ways};

/// Of a report what is told where no more than the usage is asked for.
fn usage(mut report: Report) -> Report {
    report.findings = Reader::new().findings().clone();
    report.completion = report.completion.map(|all| {
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
    });
    report
}

#[test]
fn usage_alone_is_told_as_with_all_the_rest() {
    for recording in recordings() {
        let whole = usage(read([&*recording.bytes]));
        for reads in ways(&recording.bytes) {
            let told = pass(&reads, true);
            assert_eq!(
                told.report,
                whole,
                "{} in {} reads",
                recording.name,
                reads.len()
            );
            let all = pass(&reads, false);
            assert_eq!(
                told.first,
                all.first,
                "{} in {} reads",
                recording.name,
                reads.len()
            );
        }
    }
}

/// Checks that the usage alone is told as with all the rest, which is this; cut in two
/// everywhere, too.
#[track_caller]
fn check(events: &[&str], outcome: &str, state: UsageState) {
    let events = events.iter().map(|data| format!("data: {data}\n\n"));
    let stream = events.collect::<Vec<_>>().concat();
    let whole = read([stream.as_bytes()]);
    assert_eq!((whole.outcome.name(), whole.usage), (outcome, state));
    let whole = usage(whole);
    for reads in cut::in_two(stream.as_bytes()) {
        assert_eq!(
            pass(&reads, true).report,
            whole,
            "cut at {}",
            reads[0].len()
        );
    }
    let by_event = cut::by_event(stream.as_bytes());
    assert_eq!(pass(&by_event, true).report, whole, "by event");
}

const USAGE: &str = r#"{"choices":[],"usage":{"total_tokens":7}}"#;

#[test]
fn a_message_counts_behind_what_said_nothing_alone() {
    let message = r#"{"choices":[{"message":{"content":"a"},"finish_reason":"stop"}]}"#;
    for (first, state) in [
        (
            r#"{"choices":[{"delta":{"content":"a"}}]}"#,
            UsageState::Complete,
        ),
        (
            r#"{"choices":[{"delta":{"content":""}}]}"#,
            UsageState::Complete,
        ),
        (
            r#"{"choices":[{"delta":{"role":"assistant"}}]}"#,
            UsageState::Complete,
        ),
        (r#"{"choices":[{"delta":{"foo":1}}]}"#, UsageState::Complete),
        (
            r#"{"choices":[{"delta":{"foo":null,"role":""}}]}"#,
            UsageState::Partial,
        ),
        (
            r#"{"choices":[{"delta":{"tool_calls":0}}]}"#,
            UsageState::Partial,
        ),
        (
            r#"{"choices":[{"delta":{"tool_calls":[]}}]}"#,
            UsageState::Partial,
        ),
        (r#"{"choices":[]}"#, UsageState::Partial),
    ] {
        check(&[first, USAGE, message], "finished", state);
    }
}

#[test]
fn half_a_pair_may_say_something_behind_the_counts() {
    let text =
        |text: &str| format!(r#"{{"choices":[{{"index":0,"delta":{{"content":"{text}"}}}}]}}"#);
    let [word, first, second] = ["a", "\\ud83d", "\\ud83e"].map(text);
    check(
        &[&*word, &first, USAGE, &second, "[DONE]"],
        "done",
        UsageState::Partial,
    );
    check(
        &[&*word, &word, &first, USAGE, &second, "[DONE]"],
        "done",
        UsageState::Partial,
    );
}

#[test]
fn a_choice_begins_where_its_index_comes() {
    let said =
        |index: &str| format!(r#"{{"choices":[{{"index":{index},"delta":{{"content":"a"}}}}]}}"#);
    let stop = r#"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#;
    let all = ["0", "0", "0", "7"].map(said);
    let [first, more @ ..] = all.each_ref().map(String::as_str);
    check(&[first, first, stop], "finished", UsageState::None);
    check(
        &[&[first][..], &more, &[stop]].concat(),
        "truncated",
        UsageState::None,
    );
    // No index counts as 0, whatever stands there.
    let all = ["-1", "-2", "-3", "7", "-1"].map(said);
    let all = all.each_ref().map(String::as_str);
    check(&[&all[..3], &[stop]].concat(), "finished", UsageState::None);
    check(&[&all[..], &[stop]].concat(), "truncated", UsageState::None);
}

#[test]
fn a_call_whose_arguments_are_forgotten_still_has_some() {
    let call = |function: &str| {
        format!(r#"{{"choices":[{{"delta":{{"tool_calls":[{{"function":{{{function}}}}}]}}}}]}}"#)
    };
    let (begun, again) = (call(r#""name":"f","arguments":"{""#), call(r#""name":"f""#));
    let stop = r#"{"choices":[{"delta":{},"finish_reason":"tool_calls"}]}"#;
    check(
        &[&begun, USAGE, &again, stop],
        "finished",
        UsageState::Complete,
    );
}

#[test]
fn data_in_two_lines_is_no_shape_of_a_line() {
    let two = "{\"choices\":\ndata: [{\"delta\":{\"content\":\"a\"}}]}";
    let broken = "{\"choices\":\n[{\"delta\":{\"content\":\"a\"}}]}";
    check(
        &[two, two, two, broken, broken],
        "truncated",
        UsageState::None,
    );
}

/// Keeps what frames hold, for else they free it where allocations are counted.
fn keep(frames: &Frames) -> Vec<Bytes> {
    let frames = frames.iter().flatten();
    frames
        .filter_map(|frame| frame.data_ref().cloned())
        .collect()
}

/// What a tap holds of a stream of text, in each of these reads, and how often it allocated
/// in the second half.
fn held(envelope: Envelope, len: Option<usize>, usage_only: bool) -> (Vec<i64>, u64) {
    let made = text(2_000, envelope);
    let reads: Vec<&[u8]> = match len {
        Some(len) => cut::into(&made.stream, len).collect(),
        None => cut::by_event(&made.stream),
    };
    let half = reads.len() / 2;
    let frames = reads
        .iter()
        .map(|read| Ok(Frame::data(Bytes::copy_from_slice(read))));
    let frames: Frames = frames.collect();
    let kept = keep(&frames);
    let tap = Tap::new(StreamBody::new(stream::iter(frames)), |_: TapReport| {});
    let mut tap = pin!(if usage_only { tap.usage_only() } else { tap });
    let (mut held, mut sum, mut count) = (Vec::with_capacity(reads.len()), 0, 0);
    for at in 0..reads.len() - 8 {
        let counted = measure(|| assert!(poll!(tap).is_ready()));
        sum += counted.bytes_current;
        held.push(sum);
        count += if at > half { counted.count_total } else { 0 };
    }
    drop(kept);
    (held, count)
}

#[test]
fn a_tap_for_the_usage_holds_a_kibibyte_at_most_and_allocates_nothing_as_it_goes() {
    // Where reads cut events, what is open of one is held, too.
    for (len, most) in [(None, 1_024), (Some(1_448), 1_536), (Some(64), 1_152)] {
        for envelope in [Envelope::Cerebras, Envelope::Groq, Envelope::OpenAi] {
            let (held, count) = held(envelope, len, true);
            let of_box = held.iter().max().map(|most| most.unsigned_abs());
            let of_box = usize::try_from(of_box.expect("reads")).expect("it fits");
            let of_tap = size_of::<Tap<(), fn(TapReport)>>();
            println!("{envelope:?} {len:?}: {of_tap} and {of_box} bytes");
            assert!(of_tap + of_box <= most, "{envelope:?} {len:?}: {of_box}");
            assert_eq!(count, 0, "{envelope:?} {len:?}");
        }
    }
}

#[test]
fn what_comes_behind_the_counts_is_not_kept() {
    let usage = format!("data: {USAGE}\n\n");
    // `N` is another number in each chunk.
    for more in [
        r#"{"delta":{"content":"some text"}}"#,
        r#"{"delta":{"refusal":"some text"}}"#,
        r#"{"delta":{"reasoning":"some text"}}"#,
        r#"{"delta":{"reasoning_details":[{"type":"reasoning.text","text":"some text"}]}}"#,
        r#"{"delta":{"content":[{"type":"x","x":"some text"}]}}"#,
        r#"{"delta":{"content":"a","xN":1}}"#,
        r#"{"delta":{"content":"a"},"xN":1}"#,
        r#"{"delta":{"content":"a"},"logprobs":{"content":[{"token":"some text"}]}}"#,
        r#"{"delta":{"content":"a"}}],"xN":["some text"#,
        r#"{"delta":{"function_call":{"arguments":"some text","xN":1}}}"#,
        r#"{"delta":{"tool_calls":[{"index":0,"function":{"name":"f","arguments":"\"some text"}}]}}"#,
        r#"{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"1","xN":1}}]}}"#,
        r#"{"delta":{"tool_calls":[{"index":0,"xN":1,"function":{"arguments":"1"}}]}}"#,
    ] {
        let more = |n: usize| {
            let more = more.replace('N', &n.to_string());
            let end = if more.ends_with('}') { "]}" } else { "\"]}" };
            format!("data: {{\"choices\":[{more}{end}\n\n")
        };
        let stream = usage.clone() + &(0..5_000).map(more).collect::<Vec<_>>().concat();
        let frames = cut::into(stream.as_bytes(), 700)
            .map(|read| Ok(Frame::data(Bytes::copy_from_slice(read))));
        let frames: Frames = frames.collect();
        let kept = keep(&frames);
        let (tell, told) = report();
        let mut tap = pin!(Tap::new(StreamBody::new(stream::iter(frames)), tell).usage_only());
        let counted = measure(|| {
            for _ in &kept {
                assert!(poll!(tap).is_ready());
            }
        });
        let (held, last) = (counted.bytes_max, more(0));
        assert!(held < 20_000, "{last}: {held}");
        assert!(matches!(poll!(tap), Poll::Ready(None)));
        let report = told.try_recv().expect("a report").report;
        assert_eq!(report.usage, UsageState::Partial, "{last}");
        assert_eq!(report.stats.chunks, 5_001, "{last}");
    }
}

#[test]
fn a_tap_allocates_for_the_growth_of_texts_alone() {
    for envelope in [Envelope::Cerebras, Envelope::Groq, Envelope::OpenAi] {
        for len in [None, Some(1_448), Some(64)] {
            let (_, count) = held(envelope, len, false);
            // The text doubles its room.
            assert!(count <= 1, "{envelope:?} {len:?}: {count}");
        }
    }
}
