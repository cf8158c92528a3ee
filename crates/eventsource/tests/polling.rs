//! When the stream below is asked, and what becomes of its errors and its end:
//! the same in both, step by step.

use std::{
    cell::Cell,
    collections::VecDeque,
    fmt::Debug,
    pin::{Pin, pin},
    task::{Context, Poll, Waker},
};

use futures::Stream;

/// What a poll gives.
type Step<T> = Poll<Option<T>>;

const PENDING: Step<Result<&str, u8>> = Poll::Pending;
const END: Step<Result<&str, u8>> = Poll::Ready(None);

const fn read(read: &str) -> Step<Result<&str, u8>> {
    Poll::Ready(Some(Ok(read)))
}

const fn error(error: u8) -> Step<Result<&'static str, u8>> {
    Poll::Ready(Some(Err(error)))
}

/// A stream that gives these steps, and counts how often it is asked.
struct Steps<'s> {
    steps: VecDeque<Step<Result<&'s str, u8>>>,
    asked: &'s Cell<usize>,
}

impl<'s> Stream for Steps<'s> {
    type Item = Result<&'s str, u8>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Step<Self::Item> {
        self.asked.set(self.asked.get() + 1);
        self.steps
            .pop_front()
            .expect("not asked past the last step")
    }
}

/// What each poll gives, in words, and how often the stream below was asked by then.
fn trace<'s, S: Stream<Item: Debug>>(
    steps: &[Step<Result<&'s str, u8>>],
    asked: &'s Cell<usize>,
    polls: usize,
    events: impl FnOnce(Steps<'s>) -> S,
) -> Vec<(String, usize)> {
    asked.set(0);
    let steps = steps.iter().copied().collect();
    let mut events = pin!(events(Steps { steps, asked }));
    let mut cx = Context::from_waker(Waker::noop());
    let mut poll = || {
        (
            format!("{:?}", events.as_mut().poll_next(&mut cx)),
            asked.get(),
        )
    };
    (0..polls).map(|_| poll()).collect()
}

/// Checks what each poll gives, and of how many steps it is made.
#[track_caller]
fn check(steps: &[Step<Result<&str, u8>>], expected: &[(&str, usize)]) {
    let asked = Cell::new(0);
    let polls = expected.len();
    let ours = trace(steps, &asked, polls, deltaic_eventsource::EventStream::new);
    let original = trace(steps, &asked, polls, eventsource_stream::EventStream::new);
    assert_eq!(ours, original);
    for ((told, asked), (part, expected)) in ours.iter().zip(expected) {
        assert!(told.contains(part), "{told} has no {part}");
        assert_eq!(asked, expected, "{told}");
    }
}

#[test]
fn nothing_is_read_before_it_is_asked_for() {
    check(
        &[read("data: a\n\ndata: b\n\ndata: c"), read("\n\n"), END],
        &[("\"a\"", 1), ("\"b\"", 1), ("\"c\"", 2), ("None", 3)],
    );
}

#[test]
fn reads_are_taken_until_there_is_an_event() {
    check(
        &[
            read("da"),
            read(""),
            read("ta: a\n"),
            PENDING,
            read("\n"),
            PENDING,
        ],
        &[("Pending", 4), ("\"a\"", 5), ("Pending", 6)],
    );
}

#[test]
fn an_error_below_passes_and_the_stream_goes_on() {
    check(
        &[
            error(1),
            read("data: a\n\nda"),
            error(2),
            error(3),
            read("ta: b\n\n"),
            END,
        ],
        &[
            ("Transport(1)", 1),
            ("\"a\"", 2),
            ("Transport(2)", 3),
            ("Transport(3)", 4),
            ("\"b\"", 5),
            ("None", 6),
        ],
    );
}

#[test]
fn the_stream_below_is_not_asked_past_its_end() {
    check(&[END], &[("None", 1), ("None", 1), ("None", 1)]);
    check(
        &[read("data: a\n\ndata: b\n\n: c"), END],
        &[("\"a\"", 1), ("\"b\"", 1), ("None", 2), ("None", 2)],
    );
}
