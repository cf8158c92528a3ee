//! A tap in a proxy: real servers and clients, over HTTP/1.1 and HTTP/2.

mod common;

use std::{
    convert::Infallible,
    io,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use common::{A, STOP, content, read};
use deltaic::{Outcome, Tap, TapEnd, TapReport, Unread, UsageState};
use deltaic_corpus::{cut, own};
use futures_util::{
    FutureExt, Stream, StreamExt,
    future::{self, BoxFuture},
    stream,
};
use http::{HeaderMap, HeaderValue, Request, Response};
use http_body::Frame;
use http_body_util::{BodyExt, Empty, StreamBody, combinators::UnsyncBoxBody};
use hyper::{
    body::{Body, Incoming},
    client, server,
    service::service_fn,
};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::mpsc::{self, UnboundedReceiver, UnboundedSender},
    time::{sleep, timeout},
};

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Version {
    One,
    Two,
}

const BOTH: [Version; 2] = [Version::One, Version::Two];

type AnyBody = UnsyncBoxBody<Bytes, io::Error>;

/// A server on a port of its own that gives these answers.
async fn serve(
    version: Version,
    answer: impl Fn() -> BoxFuture<'static, Response<AnyBody>> + Clone + Send + 'static,
) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((connection, _)) = listener.accept().await {
            connection.set_nodelay(true).expect("an option");
            let answer = answer.clone();
            let service = service_fn(move |_: Request<Incoming>| answer().map(Ok::<_, Infallible>));
            let connection = TokioIo::new(connection);
            // An answer that breaks off ends the connection in an error.
            match version {
                Version::One => {
                    let http = server::conn::http1::Builder::new();
                    tokio::spawn(http.serve_connection(connection, service).map(drop));
                }
                Version::Two => {
                    let http = server::conn::http2::Builder::new(TokioExecutor::new());
                    tokio::spawn(http.serve_connection(connection, service).map(drop));
                }
            }
        }
    });
    address
}

/// Asks a server. The connection lasts as long as the answer.
async fn ask(version: Version, address: SocketAddr) -> Response<Incoming> {
    let connection = TcpStream::connect(address).await.expect("a connection");
    let connection = TokioIo::new(connection);
    let request = Request::get("http://server/").header("te", "trailers");
    let request = request.body(Empty::<Bytes>::new()).expect("a request");
    match version {
        Version::One => {
            let (mut sender, driver) = client::conn::http1::handshake(connection)
                .await
                .expect("a handshake");
            tokio::spawn(driver.map(drop));
            sender.send_request(request).await.expect("an answer")
        }
        Version::Two => {
            let (mut sender, driver) =
                client::conn::http2::handshake(TokioExecutor::new(), connection)
                    .await
                    .expect("a handshake");
            tokio::spawn(driver.map(drop));
            sender.send_request(request).await.expect("an answer")
        }
    }
}

/// A proxy before a server that gives these answers; the reports of its taps.
async fn proxy(
    version: Version,
    answer: impl Fn() -> Response<AnyBody> + Clone + Send + 'static,
) -> (SocketAddr, UnboundedReceiver<TapReport>) {
    let upstream = serve(version, move || future::ready(answer()).boxed()).await;
    let (tell, told) = mpsc::unbounded_channel();
    let address = serve(version, move || {
        let tell = tell.clone();
        async move { tapped(ask(version, upstream).await, tell) }.boxed()
    });
    (address.await, told)
}

fn tapped(answer: Response<Incoming>, tell: UnboundedSender<TapReport>) -> Response<AnyBody> {
    let answer = Tap::for_response(answer, move |report| {
        tell.send(report).expect("it is waited for");
    });
    answer.map(|tap| tap.map_err(io::Error::other).boxed_unsync())
}

/// An answer of these frames, with this content type.
fn answer(
    kind: &'static str,
    frames: impl Stream<Item = io::Result<Frame<Bytes>>> + Send + 'static,
) -> Response<AnyBody> {
    let mut answer = Response::new(StreamBody::new(frames).boxed_unsync());
    let kind = HeaderValue::from_static(kind);
    answer.headers_mut().insert("content-type", kind);
    answer
}

const EVENTS: &str = "text/event-stream; charset=utf-8";

/// Each read in a frame of its own: what sends them has a chance to.
fn frames(reads: Vec<Bytes>) -> impl Stream<Item = io::Result<Frame<Bytes>>> + Send {
    stream::iter(reads).then(async |read| {
        tokio::task::yield_now().await;
        Ok(Frame::data(read))
    })
}

fn reads(stream: &[u8], len: usize) -> Vec<Bytes> {
    cut::into(stream, len).map(Bytes::copy_from_slice).collect()
}

async fn next(told: &mut UnboundedReceiver<TapReport>) -> TapReport {
    let report = timeout(Duration::from_secs(10), told.recv()).await;
    let report = report.expect("a report in time").expect("a report");
    sleep(Duration::from_millis(20)).await;
    assert!(told.try_recv().is_err(), "there is but one");
    report
}

#[tokio::test]
async fn recordings_pass_as_they_are_and_are_told_as_they_are() {
    for version in BOTH {
        for recording in own() {
            let bytes = recording.bytes.clone();
            for len in [1, 100, bytes.len()] {
                let sent = reads(&bytes, len);
                let count = sent.len() as u64;
                let (address, mut told) =
                    proxy(version, move || answer(EVENTS, frames(sent.clone()))).await;
                let received = ask(version, address).await;
                assert_eq!(received.headers()["content-type"], EVENTS);
                let received = received.into_body().collect().await.expect("a body");
                assert_eq!(received.to_bytes(), bytes, "{}", recording.name);
                let report = next(&mut told).await;
                assert_eq!(report.end, TapEnd::Ended);
                assert_eq!(report.report, read([&*bytes]), "{}", recording.name);
                if len == 1 {
                    // HTTP/2 may end in a frame of nothing.
                    assert!((count..=count + 1).contains(&report.reads), "a byte each");
                }
            }
        }
    }
}

#[tokio::test]
async fn trailers_pass() {
    for version in BOTH {
        let (address, mut told) = proxy(version, || {
            let mut trailers = HeaderMap::new();
            trailers.insert("x-cost", HeaderValue::from_static("7"));
            let frames = [Frame::data(Bytes::from(A)), Frame::trailers(trailers)];
            let mut answer = answer(EVENTS, stream::iter(frames.map(Ok)));
            let name = HeaderValue::from_static("x-cost");
            answer.headers_mut().insert("trailer", name);
            answer
        })
        .await;
        let received = ask(version, address).await.into_body();
        let received = received.collect().await.expect("a body");
        assert_eq!(received.trailers().expect("trailers")["x-cost"], "7");
        assert_eq!(received.to_bytes(), A);
        assert_eq!(next(&mut told).await.end, TapEnd::Ended, "{version:?}");
    }
}

#[tokio::test]
async fn a_body_that_breaks_off_fails_and_tells_what_had_come() {
    for version in BOTH {
        let (address, mut told) = proxy(version, || {
            let begun = frames(vec![Bytes::from(A), Bytes::from(A)]);
            let error = stream::once(async {
                sleep(Duration::from_millis(50)).await;
                Err(io::Error::other("the model is gone"))
            });
            answer(EVENTS, begun.chain(error))
        })
        .await;
        let mut received = ask(version, address).await.into_body();
        let mut passed = Vec::new();
        let error = loop {
            match received.frame().await.expect("an error comes") {
                Ok(frame) => passed.extend(frame.into_data().expect("data")),
                Err(error) => break error,
            }
        };
        assert!(!error.is_user(), "it is the connection's: {error}");
        assert_eq!(passed, [A, A].concat().as_bytes());
        let report = next(&mut told).await;
        assert!(
            matches!(&report.end, TapEnd::Failed(error) if !error.is_empty()),
            "{:?}",
            report.end
        );
        assert!(matches!(report.report.outcome, Outcome::Truncated(_)));
        assert_eq!(content(&report.report), Some("aa"));
    }
}

#[tokio::test]
async fn a_client_that_hangs_up_drops_the_tap_which_tells_what_had_come() {
    for version in BOTH {
        let (address, mut told) = proxy(version, || {
            let begun = frames(vec![Bytes::from(A)]);
            // The model thinks on, and says a word now and then.
            let more = stream::repeat_with(|| Ok(Frame::data(Bytes::from(": still there\n\n"))));
            let more = more.then(|frame| sleep(Duration::from_millis(5)).map(|()| frame));
            answer(EVENTS, begun.chain(more))
        })
        .await;
        let mut received = ask(version, address).await.into_body();
        let frame = received.frame().await.expect("a frame").expect("no error");
        assert!(frame.data_ref().expect("data").starts_with(A.as_bytes()));
        drop(received);
        let report = next(&mut told).await;
        assert_eq!(report.end, TapEnd::Dropped, "{version:?}");
        assert_eq!(content(&report.report), Some("a"));
        assert_eq!(report.report.usage, UsageState::None);
        assert_eq!(report.first.content, Some(0));
    }
}

/// `data: {}` and a blank line, as gzip writes them.
const GZIP: &[u8] = &[
    0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0xFF, 0x4B, 0x49, 0x2C, 0x49, 0xB4, 0x52,
    0xA8, 0xAE, 0xE5, 0xE2, 0x02, 0x00, 0x65, 0x57, 0x48, 0xEB, 0x0A, 0x00, 0x00, 0x00,
];

#[tokio::test]
async fn what_cannot_be_read_passes_unread() {
    for version in BOTH {
        for (kind, encoding, unread) in [
            (EVENTS, "gzip", Some(Unread::ContentEncoding)),
            (EVENTS, "br, identity", Some(Unread::ContentEncoding)),
            ("audio/mpeg", "identity", Some(Unread::ContentType)),
            ("text/html", "", Some(Unread::ContentType)),
            (EVENTS, "Identity", None),
            ("Text/Event-Stream", "", None),
            ("application/x-ndjson", "", None),
            ("", "", None),
        ] {
            let (address, mut told) = proxy(version, move || {
                let mut answer = answer(kind, frames(reads(GZIP, 9)));
                let encoding = HeaderValue::from_static(encoding);
                answer.headers_mut().insert("content-encoding", encoding);
                answer
            })
            .await;
            let received = ask(version, address).await.into_body();
            let received = received.collect().await.expect("a body").to_bytes();
            assert_eq!(received, GZIP);
            let report = next(&mut told).await;
            assert_eq!(report.unread, unread, "{kind} {encoding}");
            assert_eq!(report.end, TapEnd::Ended);
            assert_eq!(report.report.stats.bytes, GZIP.len() as u64);
            assert_eq!(report.report.outcome, Outcome::Empty);
            assert!(report.reads > 0);
            let is_read = !report.report.findings.as_slice().is_empty();
            assert_eq!(is_read, unread.is_none(), "what is no event is a finding");
        }
    }
}

#[tokio::test]
async fn an_ordinary_completion_is_read_too() {
    let body = r#"{"id":"c","model":"m","choices":[{"message":{"content":"a"},"finish_reason":"stop"}],"usage":{"total_tokens":7}}"#;
    for version in BOTH {
        let (address, mut told) = proxy(version, move || {
            answer("application/json", frames(reads(body.as_bytes(), 50)))
        })
        .await;
        let received = ask(version, address).await.into_body();
        let received = received.collect().await.expect("a body").to_bytes();
        assert_eq!(received, body);
        let report = next(&mut told).await;
        assert_eq!(report.report, read([body.as_bytes()]));
        assert_eq!(report.report.usage, UsageState::Complete);
        assert_eq!(content(&report.report), Some("a"));
    }
}

#[tokio::test]
async fn a_slow_client_slows_the_server_down() {
    const FRAME: usize = 16 << 10;
    for version in BOTH {
        let sent = Arc::new(AtomicUsize::new(0));
        let count = sent.clone();
        let (address, mut told) = proxy(version, move || {
            let count = count.clone();
            let frame = Bytes::from(A.repeat(FRAME / A.len()));
            let endless = stream::repeat_with(move || {
                count.fetch_add(1, Ordering::Relaxed);
                Ok(Frame::data(frame.clone()))
            });
            answer(EVENTS, endless)
        })
        .await;
        let mut received = ask(version, address).await.into_body();
        let settled = async || {
            let mut before = usize::MAX;
            loop {
                let now = sent.load(Ordering::Relaxed);
                if now == before {
                    break now;
                }
                before = now;
                sleep(Duration::from_millis(100)).await;
            }
        };
        // Buffers of the system's and of hyper's are full, and nothing more is made.
        let stopped = timeout(Duration::from_secs(20), settled()).await;
        let stopped = stopped.expect("the server waits for the client");
        let mut passed = 0;
        while passed < (stopped + 100) * FRAME {
            let frame = received.frame().await.expect("a frame").expect("no error");
            passed += frame.data_ref().map_or(0, Bytes::len);
        }
        assert!(sent.load(Ordering::Relaxed) > stopped, "it goes on");
        drop(received);
        let report = next(&mut told).await;
        assert_eq!(report.end, TapEnd::Dropped);
        let read = report.report.stats.bytes;
        assert!(read >= passed as u64, "no more is sent than has been read");
    }
    let _ = STOP;
}

#[tokio::test]
async fn a_body_of_known_length_ends_with_its_last_byte() {
    let bytes = [A, STOP].concat();
    for version in BOTH {
        let whole = bytes.clone();
        let (address, mut told) = proxy(version, move || {
            let body = http_body_util::Full::new(Bytes::from(whole.clone()));
            let mut answer = Response::new(body.map_err(|never| match never {}).boxed_unsync());
            let kind = HeaderValue::from_static(EVENTS);
            answer.headers_mut().insert("content-type", kind);
            answer
        })
        .await;
        let received = ask(version, address).await;
        assert_eq!(
            received.body().size_hint().exact(),
            Some(bytes.len() as u64)
        );
        let received = received.into_body().collect().await.expect("a body");
        assert_eq!(received.to_bytes(), bytes);
        let report = next(&mut told).await;
        assert_eq!(report.end, TapEnd::Ended, "{version:?}");
        assert_eq!(report.report.outcome, Outcome::Finished);
    }
}
