//! A server that sends the corpus.

use std::net::Ipv4Addr;

use axum::{
    Router,
    body::Body,
    extract::{Path, State},
    http::header,
    response::IntoResponse,
    routing::any,
};
use deltaic_corpus::{Recording, cut};
use futures::stream;
use tokio::net::TcpListener;

/// Sends recordings at `/WHICH/LEN/…`, in writes of so many bytes. Gives its address.
pub async fn serve(recordings: &'static [Recording]) -> String {
    let app = Router::new().route("/{which}/{len}/{*rest}", any(send));
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await;
    let listener = listener.expect("a free port");
    let address = listener.local_addr().expect("it is bound");
    tokio::spawn(async { axum::serve(listener, app.with_state(recordings)).await });
    format!("http://{address}")
}

async fn send(
    State(recordings): State<&'static [Recording]>,
    Path((which, len, _)): Path<(usize, usize, String)>,
) -> impl IntoResponse {
    let writes = cut::into(&recordings[which].bytes, len).map(Ok::<_, std::io::Error>);
    let body = Body::from_stream(stream::iter(writes));
    ([(header::CONTENT_TYPE, "text/event-stream")], body)
}
