//! The streams and the codec, on every recording, however it is cut: they give what the
//! plain reader and framer give.

mod common;

use std::{
    error::Error,
    fmt, io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll},
};

use bytes::{Bytes, BytesMut};
use common::{A, STOP, content, read};
use deltaic::{
    EventDecoder, EventStream, Outcome, OwnedUpdate, PayloadStream, Reader, StreamError, Tap,
    UpdateStream,
    chunk::Payload,
    sse::{BytesFramer, Event, TooLong},
};
use deltaic_corpus::{cut, recordings};
use futures_util::{FutureExt, Stream, StreamExt, stream};
use tokio_util::{
    codec::{Decoder, FramedRead},
    io::ReaderStream,
};

/// All that a stream gives, where nothing waits.
fn all<T>(stream: impl Stream<Item = T>) -> Vec<T> {
    let all = stream.collect().now_or_never();
    all.expect("nothing waits")
}

fn oks(reads: &[&[u8]]) -> impl Stream<Item = io::Result<Bytes>> + Unpin + use<> {
    let reads = reads.iter().map(|read| Ok(Bytes::copy_from_slice(read)));
    stream::iter(reads.collect::<Vec<_>>())
}

/// Reads, then an error.
fn broken(reads: &[&[u8]]) -> impl Stream<Item = io::Result<Bytes>> + Unpin + use<> {
    let error = io::Error::from(io::ErrorKind::ConnectionReset);
    oks(reads).chain(stream::iter([Err(error)]))
}

/// The events of a stream, by the framer below all of this.
fn framed(stream: &[u8]) -> Vec<Result<Event<Bytes>, TooLong>> {
    let mut framer = BytesFramer::with_limit(LIMIT);
    let mut input = Bytes::copy_from_slice(stream);
    let mut events = Vec::new();
    while let Some(event) = framer.next(&mut input).transpose() {
        events.push(event);
    }
    events.extend(framer.finish().map(Ok));
    events
}

/// Some events of the corpus are longer.
const LIMIT: usize = 1_000;

/// Ways in which a recording may come.
fn ways(bytes: &[u8]) -> Vec<Vec<&[u8]>> {
    let mut places: Vec<usize> = Vec::new();
    let mut seed = bytes.len();
    for _ in 0..9 {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        places.push((seed >> 33) % (bytes.len() + 1));
    }
    vec![
        vec![bytes],
        cut::into(bytes, 1).collect(),
        cut::into(bytes, 64).collect(),
        cut::into(bytes, 1_448).collect(),
        cut::at(bytes, &places),
    ]
}

#[test]
fn events_are_those_of_the_framer() {
    let mut longer = 0;
    for recording in recordings() {
        let expected = framed(&recording.bytes);
        longer += expected.iter().filter(|event| event.is_err()).count();
        for reads in ways(&recording.bytes) {
            let framer = BytesFramer::with_limit(LIMIT);
            let events = all(EventStream::with_framer(oks(&reads), framer));
            let events: Vec<_> = events
                .into_iter()
                .map(|event| {
                    event.map_err(|error| match error {
                        StreamError::TooLong(error) => error,
                        StreamError::Transport(error) => panic!("{error}"),
                    })
                })
                .collect();
            assert_eq!(events, expected, "{}", recording.name);
        }
    }
    assert!(longer > 0, "and go on after one that is too long");
}

#[test]
fn a_codec_decodes_the_events_of_the_framer() {
    for recording in recordings() {
        let expected = framed(&recording.bytes);
        for reads in ways(&recording.bytes) {
            // A reader of as many bytes at a time as each read has.
            let chained = tokio_util::io::StreamReader::new(oks(&reads));
            let decoder = EventDecoder::with_framer(BytesFramer::with_limit(LIMIT));
            let events = all(FramedRead::new(chained, decoder));
            let events: Vec<_> = events.into_iter().map(Result::unwrap).collect();
            assert_eq!(events, expected, "{}", recording.name);
        }
    }
}

#[test]
fn decoded_events_share_the_memory_of_the_buffer() {
    let mut buffer = BytesMut::from(&b"data: a\n\ndata: b\n\n"[..]);
    let range = buffer.as_ptr_range();
    let mut decoder = EventDecoder::new();
    for expected in ["a", "b"] {
        let event = decoder.decode(&mut buffer).unwrap().unwrap().unwrap();
        assert_eq!(event.data, expected);
        assert!(range.contains(&event.data.as_ptr()));
    }
    assert!(decoder.decode(&mut buffer).unwrap().is_none());
}

#[test]
fn updates_and_report_are_those_of_the_reader() {
    for recording in recordings() {
        let whole = read([&*recording.bytes]);
        for reads in ways(&recording.bytes) {
            let mut updates = UpdateStream::new(oks(&reads));
            let mut texts = String::new();
            for update in all(&mut updates) {
                if let OwnedUpdate::Text { choice: 0, text } = update.unwrap() {
                    texts += &text;
                }
            }
            let report = updates.into_report();
            let first = report.completion.iter().flat_map(|all| &all.choices);
            let said = first
                .filter(|choice| choice.index == 0)
                .map(|choice| &choice.message.content);
            let said: String = said.flatten().map(deltaic::Text::as_str).collect();
            assert_eq!(texts, said, "{}", recording.name);
            assert_eq!(report, whole, "{}", recording.name);
        }
    }
}

/// What chunks say, to be compared.
fn told(payload: &Payload<'_>) -> String {
    match payload {
        Payload::Chunk(chunk) => chunk.raw().text().into(),
        payload => format!("{payload:?}"),
    }
}

#[test]
fn payloads_are_those_of_the_events() {
    for recording in recordings() {
        let events = framed(&recording.bytes).into_iter().flatten();
        let named = |event: &Event<Bytes>| event.name.as_deref() == Some(b"error");
        let expected: Vec<_> = events
            .filter(|event| !named(event) && !event.data.trim_ascii().is_empty())
            .map(|event| {
                (
                    event.data_at,
                    Payload::parse(&event.data).map(|payload| told(&payload)),
                )
            })
            .collect();
        for reads in ways(&recording.bytes) {
            let framer = BytesFramer::with_limit(LIMIT);
            let payloads = all(PayloadStream::with_framer(oks(&reads), framer));
            let payloads: Vec<_> = payloads
                .iter()
                .flatten()
                .filter(|data| !data.is_error())
                .map(|data| (data.at, data.payload().map(|payload| told(&payload))))
                .collect();
            assert_eq!(payloads, expected, "{}", recording.name);
        }
    }
}

#[test]
fn what_the_server_calls_an_error_is_one() {
    for (stream, raw) in [
        (
            "event: error\ndata: {\"message\":\"m\"}\n\n",
            Some("{\"message\":\"m\"}"),
        ),
        ("event: error\ndata: {\"error\":\"m\"}\n\n", Some("\"m\"")),
        ("event: error\ndata: m\n\n", None),
        ("error: {\"code\":1}\n\n", Some("{\"code\":1}")),
        ("error: {\"code\":1}", Some("{\"code\":1}")),
    ] {
        let payloads = all(PayloadStream::new(oks(&[stream.as_bytes()])));
        let [Ok(data)] = &payloads[..] else {
            panic!("{payloads:?}");
        };
        assert!(data.is_error());
        let found = match data.payload() {
            Ok(Payload::Error(error)) => Some(error.raw.text()),
            Ok(payload) => panic!("{payload:?}"),
            Err(_) => None,
        };
        assert_eq!(found, raw, "{stream}");
    }
    let beside = "event: error\ndata: {\"error\":\"m\",\"choices\":[{}]}\n\n";
    let payloads = all(PayloadStream::new(oks(&[beside.as_bytes()])));
    let payload = payloads[0].as_ref().unwrap().payload();
    assert!(matches!(payload, Ok(Payload::Chunk(chunk)) if chunk.error().is_some()));
}

#[test]
fn an_event_in_one_read_is_not_copied() {
    let read = Bytes::from(A);
    let reads = || stream::iter([Ok::<_, io::Error>(read.clone())]);
    let range = read.as_ptr_range();
    let events = all(EventStream::new(reads()));
    assert!(range.contains(&events[0].as_ref().unwrap().data.as_ptr()));
    let payloads = all(PayloadStream::new(reads()));
    assert!(range.contains(&payloads[0].as_ref().unwrap().bytes.as_ptr()));
}

#[test]
fn the_error_of_a_transport_is_the_source_and_the_last() {
    let cut_off = [A.as_bytes(), b"data: {\"choices\":[]}"];
    let mut events = EventStream::new(broken(&cut_off));
    let all_events = all(&mut events);
    let [Ok(_), Err(error)] = &all_events[..] else {
        panic!("{all_events:?}");
    };
    assert_eq!(error.to_string(), "the response broke off");
    let source = error
        .source()
        .and_then(|source| source.downcast_ref::<io::Error>());
    assert_eq!(source.unwrap().kind(), io::ErrorKind::ConnectionReset);
    assert!(all(&mut events).is_empty(), "it has ended");

    let payloads = all(PayloadStream::new(broken(&cut_off)));
    assert!(matches!(
        payloads[..],
        [Ok(_), Err(StreamError::Transport(_))]
    ));
}

#[test]
fn what_was_assembled_before_an_error_is_there() {
    let cut_off = [A.as_bytes(), A.as_bytes(), b"data: {\"choi"];
    let mut updates = UpdateStream::new(broken(&cut_off));
    let mut count = 0;
    loop {
        match updates.next().now_or_never().unwrap() {
            Some(Ok(_)) => count += 1,
            Some(Err(error)) => break assert_eq!(error.kind(), io::ErrorKind::ConnectionReset),
            None => panic!("an error comes"),
        }
    }
    assert_eq!(count, 2);
    let said = updates.reader().completion().choices[0]
        .message
        .content
        .as_deref();
    assert_eq!(said, Some("aa"));
    assert!(updates.next().now_or_never().unwrap().is_none());
    let report = updates.into_report();
    assert!(matches!(report.outcome, Outcome::Truncated(open) if open.event));
    assert_eq!(content(&report), Some("aa"));
}

#[test]
fn an_ordinary_completion_is_read_at_the_end() {
    let body = br#"{"choices":[{"message":{"content":"a"},"finish_reason":"stop"}]}"#;
    let updates = all(UpdateStream::new(oks(&[&body[..20], &body[20..]])));
    assert!(
        matches!(&updates[..], [Ok(OwnedUpdate::Text { text, .. }), Ok(OwnedUpdate::Finish { .. })] if text == "a"),
        "{updates:?}"
    );
}

#[test]
fn a_long_name_costs_its_length_once() {
    let call = |name: &str| {
        format!(
            "data: {{\"choices\":[{{\"delta\":{{\"tool_calls\":[{{\"index\":0,\"function\":{{\"name\":\"{name}\"}}}}]}}}}]}}\n\n"
        )
    };
    let stream = (0..500).map(|n| call(&format!("n{n}"))).collect::<String>();
    let mut updates = UpdateStream::new(oks(&[stream.as_bytes()]));
    let told = all(&mut updates);
    let held = told.iter().map(|update| match update {
        Ok(OwnedUpdate::ToolCall { named, .. } | OwnedUpdate::ToolCallNamed { named, .. }) => {
            named.name.as_deref().map_or(0, str::len)
        }
        update => panic!("{update:?}"),
    });
    let held: Vec<_> = held.collect();
    assert_eq!(held.len(), 500);
    assert_eq!(held[..2], [2, 4], "it is as it is by then");
    assert!(held.iter().all(|len| *len <= 256));
    let name = &updates.reader().completion().choices[0].message.tool_calls[0]
        .function
        .name;
    assert_eq!(
        name.as_ref().map(String::len),
        Some(2 * 10 + 3 * 90 + 4 * 400)
    );
}

/// A stream that counts how often it was asked.
struct Counted<S> {
    reads: S,
    asked: Arc<AtomicUsize>,
}

impl<S: Stream + Unpin> Stream for Counted<S> {
    type Item = S::Item;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<S::Item>> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        self.reads.poll_next_unpin(context)
    }
}

/// Checks when a stream asks for its two reads, which have three items.
fn check<T: fmt::Debug>(asked: &AtomicUsize, mut stream: impl Stream<Item = T> + Unpin) {
    asked.store(0, Ordering::Relaxed);
    for expected in [1, 1, 2, 3, 3] {
        let next = stream.next().now_or_never().expect("nothing waits");
        assert_eq!(asked.load(Ordering::Relaxed), expected, "{next:?}");
    }
}

#[test]
fn a_read_is_asked_for_when_the_one_before_is_used_up() {
    let two = [A, A].concat();
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = || Counted {
        reads: oks(&[two.as_bytes(), STOP.as_bytes()]),
        asked: asked.clone(),
    };
    check(&asked, EventStream::new(counted()));
    check(&asked, PayloadStream::new(counted()));
    check(&asked, UpdateStream::new(counted()));
}

#[test]
fn all_of_it_can_be_sent() {
    fn is_sent<T: Send + 'static>(_: &T) {}
    fn items_are_sent<S>(stream: &S)
    where
        S: Stream<Item: Send + 'static> + Send + 'static,
    {
        is_sent(stream);
    }
    items_are_sent(&EventStream::new(oks(&[])));
    items_are_sent(&PayloadStream::new(oks(&[])));
    items_are_sent(&UpdateStream::new(oks(&[])));
    is_sent(&EventDecoder::new());
    is_sent(&Reader::new().into_report());
    is_sent(&Tap::new(http_body_util::Empty::<Bytes>::new(), |_| {}));
}

#[tokio::test]
async fn whatever_is_read_asynchronously_can_be_a_stream_of_reads() {
    let stream = [A, STOP, "data: [DONE]\n\n"].concat();
    let reads = ReaderStream::with_capacity(io::Cursor::new(stream), 16);
    let mut updates = UpdateStream::new(reads);
    while let Some(update) = updates.next().await {
        update.unwrap();
    }
    let report = updates.into_report();
    assert_eq!(
        (report.outcome, content(&report)),
        (Outcome::Done, Some("a"))
    );
}
