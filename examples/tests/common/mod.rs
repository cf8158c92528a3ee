//! A real server that sends recordings, cut anywhere, over HTTP/1.1 and HTTP/2.
#![expect(unreachable_pub, reason = "a module of each test that names it")]
#![allow(dead_code, reason = "no test uses all of it")]

use std::{
    convert::Infallible,
    io,
    net::SocketAddr,
    sync::{Arc, LazyLock, Mutex},
};

use bytes::Bytes;
use deltaic::{Reader, Report};
use deltaic_corpus::{Recording, cut, recordings};
use futures_util::{Stream, StreamExt, stream};
use http_body_util::{BodyExt, StreamBody, combinators::UnsyncBoxBody};
use hyper::{
    Request, Response,
    body::{Frame, Incoming},
    header::HeaderMap,
    service::service_fn,
};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto,
};
use serde_json::Value;
use tokio::{net::TcpListener, task::yield_now};

/// All recordings; a server that is asked for a model of that name sends it.
pub static RECORDINGS: LazyLock<Vec<Recording>> = LazyLock::new(recordings);

pub const EVENTS: &str = "text/event-stream; charset=utf-8";

/// An HTTP version, for client and server.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Version {
    One,
    Two,
}

pub const BOTH: [Version; 2] = [Version::One, Version::Two];

impl Version {
    /// A client that speaks no other.
    pub fn client(self) -> reqwest::Client {
        let builder = reqwest::Client::builder();
        let builder = match self {
            Self::One => builder.http1_only(),
            Self::Two => builder.http2_prior_knowledge(),
        };
        builder.build().expect("a client")
    }
}

pub type Body = UnsyncBoxBody<Bytes, io::Error>;

/// A server, and what it has been asked.
pub struct Server {
    pub address: SocketAddr,
    pub asked: Arc<Mutex<Vec<(HeaderMap, Value)>>>,
}

impl Server {
    /// What stands before a path there.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What it has been asked since it was asked for last.
    pub fn asked(&self) -> Vec<(HeaderMap, Value)> {
        std::mem::take(&mut self.asked.lock().expect("no panic"))
    }
}

/// A server on a port of its own, which gives this answer to who asks for a model.
pub async fn serve(answer: impl Fn(&str) -> Response<Body> + Send + Sync + 'static) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let asked = Arc::<Mutex<Vec<_>>>::default();
    let (answer, list) = (Arc::new(answer), asked.clone());
    tokio::spawn(async move {
        while let Ok((connection, _)) = listener.accept().await {
            connection.set_nodelay(true).expect("an option");
            let (answer, list) = (answer.clone(), list.clone());
            let service = service_fn(move |request: Request<Incoming>| {
                let (answer, list) = (answer.clone(), list.clone());
                async move {
                    let (head, body) = request.into_parts();
                    let body = body.collect().await.expect("a request").to_bytes();
                    let body: Value = serde_json::from_slice(&body).expect("JSON");
                    let answer = answer(body["model"].as_str().expect("a model"));
                    list.lock().expect("no panic").push((head.headers, body));
                    Ok::<_, Infallible>(answer)
                }
            });
            tokio::spawn(async move {
                let builder = auto::Builder::new(TokioExecutor::new());
                let connection = TokioIo::new(connection);
                // An answer that breaks off ends it in an error.
                let _ = builder.serve_connection(connection, service).await;
            });
        }
    });
    Server { address, asked }
}

/// A server that sends the recording that is asked for, cut at random places.
pub async fn recorded() -> Server {
    serve(|name| {
        let recording = RECORDINGS.iter().find(|recording| recording.name == name);
        let bytes = &recording.expect("a recording").bytes;
        answer(EVENTS, frames(cut(bytes, name.len() as u64)))
    })
    .await
}

/// The stream in reads of any length, the same for the same seed.
pub fn cut(stream: &[u8], seed: u64) -> Vec<Bytes> {
    let mut random = fastrand::Rng::with_seed(seed);
    let count = random.usize(0..=stream.len().min(200));
    let places: Vec<usize> = (0..count).map(|_| random.usize(0..=stream.len())).collect();
    let mut reads = cut::at(stream, &places);
    // HTTP/2 takes many empty frames for an attack.
    reads.retain(|read| !read.is_empty());
    reads.into_iter().map(Bytes::copy_from_slice).collect()
}

/// An answer of these frames, with this content type.
pub fn answer(
    kind: &'static str,
    frames: impl Stream<Item = io::Result<Frame<Bytes>>> + Send + 'static,
) -> Response<Body> {
    let response = Response::builder().header("content-type", kind);
    let body = StreamBody::new(frames).boxed_unsync();
    response.body(body).expect("an answer")
}

/// Each read in a frame of its own: what sends them has a chance to.
pub fn frames(reads: Vec<Bytes>) -> impl Stream<Item = io::Result<Frame<Bytes>>> + Send {
    stream::iter(reads).then(async |read| {
        yield_now().await;
        Ok(Frame::data(read))
    })
}

/// What a reader says of it.
pub fn read(mut stream: &[u8]) -> Report {
    let mut reader = Reader::new();
    while reader.next(&mut stream).is_some() {}
    reader.into_report()
}

/// `data: {}` and a blank line, as gzip writes them.
pub const GZIP: &[u8] = &[
    0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0xFF, 0x4B, 0x49, 0x2C, 0x49, 0xB4, 0x52,
    0xA8, 0xAE, 0xE5, 0xE2, 0x02, 0x00, 0x65, 0x57, 0x48, 0xEB, 0x0A, 0x00, 0x00, 0x00,
];
