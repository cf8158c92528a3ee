//! The proxy over loopback.

mod common;

use std::{io, time::Duration};

use bytes::Bytes;
use common::{
    BOTH, EVENTS, GZIP, RECORDINGS, Server, Version, answer, frames, read, recorded, serve,
};
use deltaic::sse::Framer;
use deltaic_examples::proxy::{self, Proxy};
use futures_util::{StreamExt, stream};
use hyper::{body::Frame, header::HeaderMap};
use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use serde_json::Value;
use tokio::{net::TcpListener, time::sleep};

/// The proxy before a server which knows "ours" as `theirs`; where it is.
async fn before(server: &Server, version: Version, theirs: &str) -> String {
    let client = Client::builder(TokioExecutor::new())
        .http2_only(version == Version::Two)
        .build_http();
    let names = ["ours".into(), theirs.into()];
    let proxy = Proxy::new(client, server.url(), names, "x_groq".into()).expect("a path");
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(proxy::serve(listener, proxy));
    url + "/v1/chat/completions"
}

async fn ask(version: Version, url: &str) -> reqwest::Response {
    let body = r#"{"model":"ours","stop":["model"],"seed":12345678901234567890}"#;
    let asked = version.client().post(url).body(body).send().await;
    asked.expect("an answer")
}

/// The data of the events of a stream, and that which its end left open.
fn events(mut stream: &[u8]) -> Vec<Vec<u8>> {
    let mut framer = Framer::new();
    let mut events = Vec::new();
    while let Some(event) = framer.next(&mut stream).expect("short events") {
        events.push(event.data.to_vec());
    }
    events.extend(framer.finish().map(|event| event.data.to_vec()));
    events
}

/// The data as JSON. Half a surrogate pair is none here, and is taken as it stands.
fn json(data: &[u8]) -> Option<Value> {
    let text = str::from_utf8(data).ok()?;
    let escaped = || serde_json::from_str(&text.replace("\\ud", "\\\\ud")).ok();
    serde_json::from_str(text).ok().or_else(escaped)
}

/// What an event is to be behind the proxy; `Err` if it is to be the same.
fn edited(data: &[u8]) -> Result<Value, &[u8]> {
    // Data in several lines is not edited.
    let is_edited = !data.contains(&b'\n');
    let value = json(data).filter(|_| is_edited);
    let mut value: Value = value.ok_or(data)?;
    if let Some(object) = value.as_object_mut() {
        object.remove("x_groq");
        object
            .entry("model")
            .and_modify(|model| *model = "ours".into());
    }
    Ok(value)
}

#[tokio::test]
async fn each_event_has_our_name_and_is_otherwise_as_it_was() {
    for version in BOTH {
        let server = recorded().await;
        for recording in RECORDINGS.iter() {
            let url = before(&server, version, &recording.name).await;
            let received = ask(version, &url).await.bytes().await.expect("a body");
            let name = &recording.name;
            if read(&recording.bytes)
                .findings
                .as_slice()
                .iter()
                .any(|f| f.kind.name() == "not_a_stream")
            {
                assert_eq!(received, recording.bytes, "{name}");
                continue;
            }
            let (sent, received) = (events(&recording.bytes), events(&received));
            assert_eq!(sent.len(), received.len(), "{name}");
            for (sent, received) in sent.iter().zip(&received) {
                match edited(sent) {
                    Ok(value) => {
                        assert_eq!(json(received), Some(value), "{name}");
                    }
                    Err(data) => assert_eq!(received, data, "{name}"),
                }
            }
        }
    }
}

#[tokio::test]
async fn each_recording_reads_the_same_but_for_the_names() {
    let server = recorded().await;
    for recording in RECORDINGS.iter() {
        let url = before(&server, Version::One, &recording.name).await;
        let received = ask(Version::One, &url).await.bytes().await.expect("a body");
        let (sent, received) = (read(&recording.bytes), read(&received));
        assert_eq!(sent.outcome.name(), received.outcome.name());
        let texts = |report: deltaic::Report| {
            let choices = report.completion.unwrap_or_default().choices;
            choices
                .into_iter()
                .map(|choice| choice.message)
                .collect::<Vec<_>>()
        };
        assert_eq!(texts(sent), texts(received), "{}", recording.name);
    }
}

#[tokio::test]
async fn the_request_has_their_name_and_is_otherwise_as_it_was() {
    for version in BOTH {
        let server = recorded().await;
        let url = before(&server, version, "groq-hi").await;
        ask(version, &url).await.bytes().await.expect("a body");
        let asked = server.asked();
        let expected = serde_json::json!({
            "model": "groq-hi",
            "stop": ["model"],
            "seed": 12_345_678_901_234_567_890_u64,
        });
        assert_eq!(asked[0].1, expected);
        assert_eq!(asked[0].0["accept-encoding"], "identity");
    }
}

#[tokio::test]
async fn what_cannot_be_changed_passes_as_it_is() {
    for version in BOTH {
        let server = serve(|_| {
            let mut answer = answer(EVENTS, frames(vec![Bytes::from(GZIP)]));
            let gzip = "gzip".parse().expect("a value");
            answer.headers_mut().insert("content-encoding", gzip);
            answer
        });
        let url = before(&server.await, version, "theirs").await;
        let received = ask(version, &url).await;
        assert_eq!(received.bytes().await.expect("a body"), GZIP);
    }
}

const BEGUN: &str = "data: {\"model\":\"theirs\",\"choices\":[]}\n\ndata: {\"model\":\"th";
const PASSED: &str = "data: {\"model\":\"ours\",\"choices\":[]}\n\ndata: {\"model\":\"th";

#[tokio::test]
async fn an_upstream_that_dies_is_passed_on_behind_what_was_held() {
    for version in BOTH {
        let server = serve(|_| {
            let gone = stream::once(async {
                sleep(Duration::from_millis(50)).await;
                Err(io::Error::other("gone"))
            });
            answer(EVENTS, frames(vec![Bytes::from(BEGUN)]).chain(gone))
        });
        let url = before(&server.await, version, "theirs").await;
        let mut received = ask(version, &url).await.bytes_stream();
        let mut passed = Vec::new();
        while let Some(Ok(read)) = received.next().await {
            passed.extend_from_slice(&read);
        }
        let whole = "data: {\"model\":\"ours\",\"choices\":[]}\n\n";
        // What was held may be lost with the connection, but nothing else.
        let passed = String::from_utf8(passed).expect("UTF-8");
        assert!(
            PASSED.starts_with(&passed) && passed.len() >= whole.len(),
            "{passed}"
        );
    }
}

#[tokio::test]
async fn what_the_end_leaves_open_and_trailers_pass() {
    let server = serve(|_| {
        let mut trailers = HeaderMap::new();
        trailers.insert("x-cost", "7".parse().expect("a value"));
        let trailers = stream::iter([Ok(Frame::trailers(trailers))]);
        answer(EVENTS, frames(vec![Bytes::from(BEGUN)]).chain(trailers))
    });
    let url = before(&server.await, Version::Two, "theirs").await;
    let answer = hyper::Response::<reqwest::Body>::from(ask(Version::Two, &url).await);
    let body = http_body_util::BodyExt::collect(answer.into_body())
        .await
        .expect("a body");
    assert_eq!(body.trailers().expect("trailers")["x-cost"], "7");
    assert_eq!(body.to_bytes(), PASSED);
}

#[tokio::test]
async fn a_server_that_is_not_there_is_a_bad_gateway() {
    let server = Server {
        address: {
            let free = TcpListener::bind("127.0.0.1:0").await.expect("a port");
            free.local_addr().expect("an address")
        },
        asked: std::sync::Arc::default(),
    };
    let url = before(&server, Version::One, "theirs").await;
    assert_eq!(ask(Version::One, &url).await.status(), 502);
}
