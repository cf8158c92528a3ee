//! A gateway that relays completions as they are, and counts what they cost.
//!
//! Every frame goes out as it came in, when it came in. A [`Tap`] reads it in passing and
//! tells at the end what it was: also where the upstream dies midway, and where the client
//! hangs up, so that what had been generated until then is on the bill.

mod meter;

use std::{io, sync::Arc, time::Instant};

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    http::{HeaderValue, Response, StatusCode, header},
    response::IntoResponse,
    routing::{get, post},
    serve::ListenerExt,
};
use deltaic::Tap;
use http_body_util::BodyExt;
use meter::Arrivals;
pub use meter::Meter;
use tokio::net::TcpListener;

use crate::headers::strip;

/// Where completions come from, and what is known of them.
#[derive(Debug)]
pub struct Gateway {
    /// What stands before `/v1/chat/completions`.
    pub upstream: String,
    /// Who asks there.
    pub client: reqwest::Client,
    /// What is read of an answer.
    pub keep: Keep,
    /// What has been counted.
    pub meter: Arc<Meter>,
}

/// What is read of an answer.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Keep {
    /// What it costs and how it ends. An open stream of text holds about a kilobyte, or two.
    Usage,
    /// All of it, for the findings. An open stream holds its text.
    All,
}

/// Serves HTTP/1.1 and HTTP/2 there, as long as that goes.
///
/// # Errors
///
/// If the listener fails. What goes wrong with a connection ends that and no more.
pub async fn serve(listener: TcpListener, gateway: Gateway) -> io::Result<()> {
    let service = Router::new()
        .route("/v1/chat/completions", post(relay))
        .route("/metrics", get(metrics))
        .with_state(Arc::new(gateway));
    // Else a short event may wait for the client to say that it has the one before.
    let listener = listener.tap_io(|connection| {
        let _ = connection.set_nodelay(true);
    });
    axum::serve(listener, service).await
}

async fn relay(State(gateway): State<Arc<Gateway>>, request: Request) -> Response<Body> {
    let began = Instant::now();
    let (head, body) = request.into_parts();
    let path = head.uri.path_and_query().map_or("/", |path| path.as_str());
    let mut headers = head.headers;
    strip(&mut headers);
    headers.remove(header::HOST);
    // What is compressed cannot be counted.
    let plain = HeaderValue::from_static("identity");
    headers.insert(header::ACCEPT_ENCODING, plain);
    let asked = gateway
        .client
        .post(format!("{}{path}", gateway.upstream))
        .headers(headers)
        .body(reqwest::Body::wrap_stream(body.into_data_stream()))
        .send()
        .await;
    let Ok(answer) = asked else {
        gateway.meter.count_unreached();
        let error = r#"{"error":{"message":"no answer","type":"upstream_error"}}"#;
        return (StatusCode::BAD_GATEWAY, error).into_response();
    };
    let answer = Response::<reqwest::Body>::from(answer);

    let arrivals = Arc::new(Arrivals::default());
    let (stamps, meter) = (arrivals.clone(), gateway.meter.clone());
    let stamped = answer.map(|body| {
        body.map_frame(move |frame| {
            if frame.is_data() {
                stamps.add(began.elapsed());
            }
            frame
        })
    });
    let mut tapped = Tap::for_response(stamped, move |seen| meter.count(&seen, &arrivals));
    if gateway.keep == Keep::Usage {
        tapped = tapped.map(Tap::usage_only);
    }
    strip(tapped.headers_mut());
    tapped.map(Body::new)
}

async fn metrics(State(gateway): State<Arc<Gateway>>) -> impl IntoResponse {
    let kind = "text/plain; version=0.0.4";
    ([(header::CONTENT_TYPE, kind)], gateway.meter.to_string())
}
