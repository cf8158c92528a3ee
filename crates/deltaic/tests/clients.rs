//! The adapters in clients and servers of today: axum serves, hands on and counts, reqwest
//! reads.

mod common;

use std::{convert::Infallible, io};

use axum::{
    Router,
    body::Body,
    extract::State,
    response::IntoResponse,
    routing::{get, post},
};
use bytes::Bytes;
use common::read;
use deltaic::{EventStream, OwnedUpdate, PayloadStream, Tap, TapReport, UpdateStream};
use deltaic_corpus::{Recording, cut, own};
use futures_util::{StreamExt, TryStreamExt, stream};
use http_body_util::BodyDataStream;
use tokio::{
    net::TcpListener,
    sync::mpsc::{UnboundedSender, unbounded_channel},
};

const EVENTS: [(&str, &str); 1] = [("content-type", "text/event-stream")];

/// A server of these routes, on a port of its own: its address.
async fn serve(routes: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async { axum::serve(listener, routes).await });
    format!("http://{address}/")
}

/// A server that sends a recording in reads of 100 bytes.
async fn server_of(recording: &Recording) -> String {
    let reads: Vec<_> = cut::into(&recording.bytes, 100)
        .map(Bytes::copy_from_slice)
        .collect();
    let answer = || async {
        let reads = stream::iter(reads).then(async |read| {
            tokio::task::yield_now().await;
            Ok::<_, Infallible>(read)
        });
        (EVENTS, Body::from_stream(reads))
    };
    serve(Router::new().route("/", get(answer))).await
}

#[tokio::test]
async fn a_client_reads_updates_as_they_come() {
    for recording in own() {
        let answer = reqwest::get(server_of(&recording).await).await;
        let answer = answer.expect("an answer");
        let mut updates = UpdateStream::new(answer.bytes_stream());
        let mut texts = String::new();
        while let Some(update) = updates.try_next().await.expect("nothing fails") {
            if let OwnedUpdate::Text { text, .. } = update {
                texts += &text;
            }
        }
        let report = updates.into_report();
        assert_eq!(report, read([&*recording.bytes]), "{}", recording.name);
        let message = &report.completion.expect("chunks came").choices[0].message;
        assert_eq!(texts, message.content.as_deref().unwrap_or_default());
    }
}

/// Asks a server for what a proxy passes on, and taps it.
async fn hand_on(
    State((upstream, tell)): State<(String, UnboundedSender<TapReport>)>,
) -> impl IntoResponse {
    let answer = reqwest::get(upstream).await.expect("an answer");
    let answer = http::Response::from(answer);
    let answer = Tap::for_response(answer, move |report| {
        tell.send(report).expect("it is waited for");
    });
    answer.map(|tap| Body::new(tap.usage_only()))
}

#[tokio::test]
async fn a_proxy_of_two_kinds_counts_what_it_hands_on() {
    for recording in own() {
        let (tell, mut told) = unbounded_channel();
        let state = (server_of(&recording).await, tell);
        let routes = Router::new().route("/", get(hand_on)).with_state(state);
        let answer = reqwest::get(serve(routes).await).await.expect("an answer");
        assert_eq!(answer.headers()["content-type"], "text/event-stream");
        let bytes = answer.bytes().await.expect("nothing fails");
        assert_eq!(bytes, recording.bytes, "{}", recording.name);
        let report = told.recv().await.expect("a report").report;
        let whole = read([&*recording.bytes]);
        assert_eq!((report.outcome, report.usage), (whole.outcome, whole.usage));
        assert_eq!(report.stats, whole.stats);
        let usage = |report: deltaic::Report| report.completion.expect("chunks came").usage;
        assert_eq!(usage(report), usage(whole), "{}", recording.name);
    }
}

/// Counts the events of a body that comes in.
async fn count(body: Body) -> String {
    let mut events = EventStream::new(body.into_data_stream());
    let mut count = 0;
    while let Some(event) = events.next().await {
        event.expect("nothing fails");
        count += 1;
    }
    count.to_string()
}

#[tokio::test]
async fn a_server_reads_the_events_of_a_request() {
    let address = serve(Router::new().route("/", post(count))).await;
    for recording in own() {
        let client = reqwest::Client::new();
        let request = client.post(&address).body(recording.bytes.clone());
        let answer = request.send().await.expect("an answer");
        let events = read([&*recording.bytes]).stats.events;
        assert_eq!(answer.text().await.expect("a text"), events.to_string());
    }
}

#[tokio::test]
async fn any_body_is_a_stream_of_reads() {
    for recording in own() {
        let answer = reqwest::get(server_of(&recording).await).await;
        let body = reqwest::Body::from(answer.expect("an answer"));
        let payloads = PayloadStream::new(BodyDataStream::new(body).map_err(io::Error::other));
        let payloads: Vec<_> = payloads.try_collect().await.expect("nothing fails");
        let chunks = payloads.iter().filter(|data| {
            let payload = data.payload().expect("JSON");
            matches!(payload, deltaic::chunk::Payload::Chunk(_))
        });
        assert_eq!(
            chunks.count() as u64,
            read([&*recording.bytes]).stats.chunks
        );
    }
}
