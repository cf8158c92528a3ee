//! The server that plays recordings, and fails as asked.

use std::{
    error,
    io::{self, ErrorKind, Write},
    net::Ipv4Addr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use futures_util::{Stream, stream};
use http_body_util::{BodyExt, Either, Full, StreamBody};
use hyper::{
    Method, Request, Response, StatusCode,
    body::{Body, Frame, Incoming},
    header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use serde_json::json;
use tokio::{
    net::{TcpListener, TcpStream},
    runtime, select,
    task::{JoinSet, yield_now},
    time::{Instant, sleep},
};

use super::{Options, Script};
use crate::{Verdict, failure::Failure};

/// How an answer fails.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Fault {
    /// The connection is reset where the stream ends.
    Reset,
    /// It is closed there, and the body has no end.
    Close,
    /// An error is the answer.
    Status(StatusCode),
}

impl Fault {
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let status = StatusCode::from_bytes(text.as_bytes());
        match (text, status) {
            ("reset", _) => Ok(Self::Reset),
            ("close", _) => Ok(Self::Close),
            (_, Ok(status)) if status.is_client_error() || status.is_server_error() => {
                Ok(Self::Status(status))
            }
            _ => Err("expected reset, close, or a status from 400 to 599".into()),
        }
    }
}

/// What `Either` makes of the errors of its two sides.
type BoxError = Box<dyn error::Error + Send + Sync>;

/// What is served.
struct Server {
    scripts: Vec<Arc<Script>>,
    fault: Option<Fault>,
    /// How many answers there are to be; `None` is no end of them.
    answers: Option<usize>,
    /// How many have begun.
    begun: AtomicUsize,
}

pub(crate) fn serve(scripts: Vec<Arc<Script>>, options: &Options) -> Result<Verdict, Failure> {
    let address = (Ipv4Addr::LOCALHOST, options.port);
    let name = format!("{}:{}", address.0, address.1);
    let failed = |error: io::Error| Failure::file(&name, error);
    let answers = options.once.then_some(scripts.len());
    let server = Arc::new(Server {
        scripts,
        fault: options.fault,
        answers,
        begun: AtomicUsize::new(0),
    });
    let runtime = runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(failed)?.block_on(async {
        let listener = TcpListener::bind(address).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        writeln!(io::stdout(), "http://{address}")?;
        let mut connections = JoinSet::new();
        let mut answered = 0;
        while answers.is_none_or(|answers| answered < answers) {
            select! {
                connection = listener.accept() => match connection {
                    Ok((connection, _)) => {
                        connections.spawn(server.clone().meet(connection));
                    }
                    // Too many are open, say: some of them end.
                    Err(_) => sleep(Duration::from_millis(50)).await,
                },
                Some(has_answered) = connections.join_next() => {
                    answered += usize::from(has_answered.unwrap_or(false));
                }
            }
        }
        Ok(Verdict::Fine)
    })
}

impl Server {
    /// Serves a connection, for one request at most, so that its end is that of the
    /// answer. Whether a recording was taken for it.
    async fn meet(self: Arc<Self>, connection: TcpStream) -> bool {
        // Small pieces go out at once. What cannot be set is slower, and no reason to end.
        let _ = connection.set_nodelay(true);
        if self.fault == Some(Fault::Reset) {
            let _ = connection.set_zero_linger();
        }
        let has_answered = AtomicBool::new(false);
        let service = service_fn(|request: Request<Incoming>| {
            let (server, has_answered) = (&self, &has_answered);
            async move {
                let is_head = request.method() == Method::HEAD;
                // A connection that is closed with something unread is reset.
                let mut body = request.into_body();
                while let Some(Ok(_)) = body.frame().await {}
                let number = server.number(is_head).ok_or(ErrorKind::ConnectionReset)?;
                has_answered.store(!is_head, Ordering::Relaxed);
                Ok::<_, io::Error>(server.answer(number))
            }
        });
        let served = http1::Builder::new()
            .keep_alive(false)
            .serve_connection(TokioIo::new(connection), service);
        // A fault of ours, no answer left, or a client that went away.
        let _ = served.await;
        has_answered.load(Ordering::Relaxed)
    }

    /// Which answer is next, if there is one. It is for the request that asks, unless that
    /// wants the head alone.
    fn number(&self, is_head: bool) -> Option<usize> {
        let begun = &self.begun;
        let number = begun.fetch_add(usize::from(!is_head), Ordering::Relaxed);
        self.answers
            .is_none_or(|answers| number < answers)
            .then_some(number)
    }

    fn answer(&self, number: usize) -> Response<impl Body<Data = Bytes, Error = BoxError> + use<>> {
        if let Some(Fault::Status(status)) = self.fault {
            let body = Full::new(error_object(status).into());
            let mut answer = Response::new(Either::Left(body));
            *answer.status_mut() = status;
            set(&mut answer, "application/json");
            return answer;
        }
        let script = &self.scripts[number % self.scripts.len()];
        let frames = frames(script, self.fault);
        let mut answer = Response::new(Either::Right(StreamBody::new(frames)));
        set(&mut answer, "text/event-stream");
        answer
    }
}

fn set<B>(answer: &mut Response<B>, content_type: &'static str) {
    let headers = answer.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
}

/// An error as OpenAI's API has it.
fn error_object(status: StatusCode) -> String {
    let kind = match status {
        StatusCode::TOO_MANY_REQUESTS => "rate_limit_exceeded",
        status if status.is_server_error() => "server_error",
        _ => "invalid_request_error",
    };
    let message = format!("{status}, as `deltaic replay` was asked to answer");
    json!({"error": {"message": message, "type": kind, "param": null, "code": kind}}).to_string()
}

/// The pieces of a script as frames, each at its time. In the end it fails if it is to.
fn frames(
    script: &Arc<Script>,
    fails: Option<Fault>,
) -> impl Stream<Item = io::Result<Frame<Bytes>>> + Send + use<> {
    let began = Instant::now();
    stream::unfold(script.pieces(), move |mut pieces| async move {
        let (at, piece) = pieces.next()?;
        // No sum of our own: a time may be later than any that a clock can tell.
        sleep(at.saturating_sub(began.elapsed())).await;
        // What was sent before goes out before, and is not lost where this fails.
        yield_now().await;
        match fails {
            _ if !piece.is_empty() => Some((Ok(Frame::data(piece)), pieces)),
            Some(_) => Some((Err(ErrorKind::ConnectionReset.into()), pieces)),
            None => None,
        }
    })
}
