//! A proxy that gives a model another name, both ways, and drops what one vendor adds.
//!
//! All else of an answer goes out as it came in, byte for byte; so does an answer that is no
//! event stream, with the name that it has.

mod spliced;

use std::{net::SocketAddr, sync::Arc};

use anyhow::Context;
use bytes::Bytes;
use deltaic::chunk::{Edit, Raw, quoted, splice};
use http_body_util::{BodyExt, Full, combinators::UnsyncBoxBody};
use hyper::{
    Request, Response, StatusCode, Uri,
    body::Incoming,
    header::{self, HeaderMap, HeaderValue},
    service::service_fn,
};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::{TokioExecutor, TokioIo},
    server::conn::auto,
};
use tokio::net::TcpListener;

use crate::headers::strip;

/// What goes back to the client.
pub type Answer = Response<UnsyncBoxBody<Bytes, hyper::Error>>;

/// Where completions come from, and what is changed in them.
#[derive(Debug)]
pub struct Proxy {
    /// Scheme and authority: `http://127.0.0.1:8000`.
    upstream: String,
    client: Client<HttpConnector, Full<Bytes>>,
    /// What clients call the model, and what the upstream does.
    ours: String,
    theirs: Edit<String>,
    edits: Arc<[Edit<String>]>,
}

impl Proxy {
    /// Gives the model `theirs` at `upstream` the name `ours`, and takes the member at
    /// `vendor` out of its answers.
    ///
    /// # Errors
    ///
    /// If `vendor` is no path.
    pub fn new(
        client: Client<HttpConnector, Full<Bytes>>,
        upstream: String,
        [ours, theirs]: [String; 2],
        vendor: String,
    ) -> anyhow::Result<Self> {
        let call = |name: &str| Edit::replace("model".into(), quoted(name).to_string());
        let edits = [call(&ours)?, Edit::remove(vendor)?];
        let theirs = call(&theirs)?;
        Ok(Self {
            upstream,
            client,
            ours,
            theirs,
            edits: edits.into(),
        })
    }

    async fn relay(&self, request: Request<Incoming>) -> anyhow::Result<Answer> {
        let (mut head, body) = request.into_parts();
        let body = body.collect().await?.to_bytes();
        let body = self.rename(&body).unwrap_or(body);

        let path = head.uri.path_and_query().map_or("/", |path| path.as_str());
        head.uri = format!("{}{path}", self.upstream).parse::<Uri>()?;
        head.version = hyper::Version::default();
        strip(&mut head.headers);
        head.headers.remove(header::CONTENT_LENGTH);
        head.headers.remove(header::HOST);
        // What is compressed cannot be changed.
        let plain = HeaderValue::from_static("identity");
        head.headers.insert(header::ACCEPT_ENCODING, plain);
        let request = Request::from_parts(head, Full::new(body));
        let answer = self.client.request(request).await.context("no answer")?;

        let (mut head, body) = answer.into_parts();
        strip(&mut head.headers);
        // It changes.
        head.headers.remove(header::CONTENT_LENGTH);
        let body = if is_plain_stream(&head.headers) {
            spliced::spliced(body, self.edits.clone()).boxed_unsync()
        } else {
            body.boxed_unsync()
        };
        Ok(Response::from_parts(head, body))
    }

    /// The request, for their model if it is for ours: all else of it stays as it is.
    fn rename(&self, request: &[u8]) -> Option<Bytes> {
        let model = Raw::parse(request).ok()?.get("model").as_str()?;
        if model != *self.ours {
            return None;
        }
        let (mut renamed, mut taken) = (Vec::new(), 0);
        let edits = std::slice::from_ref(&self.theirs);
        splice(request, edits, |splice| {
            renamed.extend_from_slice(&request[taken..splice.range.start]);
            renamed.extend_from_slice(splice.parts().concat().as_bytes());
            taken = splice.range.end;
        })
        .ok()?;
        renamed.extend_from_slice(&request[taken..]);
        Some(renamed.into())
    }
}

/// Serves HTTP/1.1 and HTTP/2 there, as long as that goes.
///
/// # Errors
///
/// If there are no more connections to be had.
pub async fn serve(listener: TcpListener, proxy: Proxy) -> anyhow::Result<()> {
    let proxy = Arc::new(proxy);
    loop {
        let (connection, client) = listener.accept().await?;
        connection.set_nodelay(true)?;
        let proxy = proxy.clone();
        tokio::spawn(async move {
            let answer = service_fn(move |request| {
                let proxy = proxy.clone();
                async move { Ok::<_, hyper::Error>(answer(&proxy, request, client).await) }
            });
            let builder = auto::Builder::new(TokioExecutor::new());
            // A client that hangs up is no error of ours.
            let _ = builder
                .serve_connection(TokioIo::new(connection), answer)
                .await;
        });
    }
}

async fn answer(proxy: &Proxy, request: Request<Incoming>, client: SocketAddr) -> Answer {
    proxy.relay(request).await.unwrap_or_else(|error| {
        eprintln!("{client}: {error:#}");
        let mut answer = Response::new(
            Full::default()
                .map_err(|never| match never {})
                .boxed_unsync(),
        );
        *answer.status_mut() = StatusCode::BAD_GATEWAY;
        answer
    })
}

/// Whether the events of an answer can be read.
fn is_plain_stream(headers: &HeaderMap) -> bool {
    let value = |name| {
        let value = headers.get(name).and_then(|value| value.to_str().ok());
        value.map(|value| value.trim().to_ascii_lowercase())
    };
    let is_encoded = headers.contains_key(header::CONTENT_ENCODING);
    value(header::CONTENT_TYPE).is_some_and(|value| value.starts_with("text/event-stream"))
        && (!is_encoded || value(header::CONTENT_ENCODING).is_some_and(|value| value == "identity"))
}
