//! The gateways: a process of its own, so that its time and memory are its own.

use std::{
    hint::black_box,
    io::{self, BufRead, Write},
    net::SocketAddr,
    sync::{Arc, Mutex},
    thread,
};

use anyhow::Context;
use async_openai::types::chat::CreateChatCompletionStreamResponse;
use bytes::Bytes;
use deltaic::{Tap, TapReport};
use eventsource_stream::{Event, Eventsource};
use futures_util::StreamExt;
use http_body_util::{BodyExt, Empty, StreamBody};
use hyper::{
    Request, Response,
    body::{Body, Frame, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::{TokioExecutor, TokioIo},
};
use rustix::time::{ClockId, clock_gettime};
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;

/// What a gateway does with what it relays.
#[derive(
    Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize, clap::ValueEnum,
)]
pub(crate) enum Mode {
    /// Nothing.
    Plain,
    /// Looks at a byte in 64: the least that who reads must do, for so the caches fetch.
    Look,
    /// Reads what it costs.
    Usage,
    /// Reads all of it.
    Full,
    /// Reads each event into async-openai's types, and writes it anew.
    AsyncOpenai,
}

impl Mode {
    /// What it does, in words.
    pub(crate) fn what(self) -> &'static str {
        match self {
            Self::Plain => "reads nothing",
            Self::Look => "looks at a byte in 64",
            Self::Usage => "Tap, usage only",
            Self::Full => "Tap",
            Self::AsyncOpenai => "async-openai, written anew",
        }
    }
}

/// What a gateway has seen of a stream.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize)]
pub(crate) struct Bill {
    /// Which stream it is.
    pub(crate) stream: usize,
    /// How many bytes passed.
    pub(crate) bytes: u64,
    /// Whether it came to its end.
    pub(crate) is_complete: bool,
    pub(crate) prompt: u64,
    pub(crate) completion: u64,
}

type Bills = Arc<Mutex<Vec<Bill>>>;

/// Relays to `upstream`, and answers on standard output what it is asked on standard
/// input, until that ends.
pub(crate) fn run(mode: Mode, upstream: SocketAddr) -> anyhow::Result<()> {
    let bills = Bills::default();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        println!("{}", listener.local_addr()?);
        let told = bills.clone();
        thread::spawn(move || answer(&told));
        match mode {
            Mode::Plain => serve(listener, upstream, |_, answer| answer).await,
            Mode::Look => {
                let looked_at =
                    |_, answer: Response<Incoming>| answer.map(|body| body.map_frame(look));
                serve(listener, upstream, looked_at).await
            }
            Mode::Usage => {
                let tap = move |stream, answer| {
                    let bills = bills.clone();
                    Tap::for_response(answer, move |seen| add(&bills, stream, &seen))
                        .map(Tap::usage_only)
                };
                serve(listener, upstream, tap).await
            }
            Mode::Full => {
                let tap = move |stream, answer| {
                    let bills = bills.clone();
                    Tap::for_response(answer, move |seen| add(&bills, stream, &seen))
                };
                serve(listener, upstream, tap).await
            }
            Mode::AsyncOpenai => {
                let anew = move |stream, answer: Response<Incoming>| {
                    let account = Account {
                        bills: bills.clone(),
                        bill: Bill {
                            stream,
                            ..Bill::default()
                        },
                    };
                    answer.map(|body| written_anew(body, account))
                };
                serve(listener, upstream, anew).await
            }
        }
    })
}

async fn serve<B>(
    listener: TcpListener,
    upstream: SocketAddr,
    wrap: impl Fn(usize, Response<Incoming>) -> Response<B> + Clone + Send + 'static,
) -> anyhow::Result<()>
where
    B: Body<Data = Bytes, Error: std::error::Error + Send + Sync> + Send + 'static,
{
    let mut connector = HttpConnector::new();
    connector.set_nodelay(true);
    let client = Client::builder(TokioExecutor::new()).build(connector);
    loop {
        let (connection, _) = listener.accept().await?;
        connection.set_nodelay(true)?;
        let (client, wrap) = (client.clone(), wrap.clone());
        let service = service_fn(move |request: Request<Incoming>| {
            let path = request.uri().path();
            let stream = path.trim_start_matches('/').parse().unwrap_or_default();
            let url = format!("http://{upstream}{path}");
            let request = Request::get(url).body(Empty::<Bytes>::new());
            let (client, wrap) = (client.clone(), wrap.clone());
            async move {
                let answer = client.request(request?).await?;
                anyhow::Ok(wrap(stream, answer))
            }
        });
        let connection = TokioIo::new(connection);
        tokio::spawn(http1::Builder::new().serve_connection(connection, service));
    }
}

fn look(frame: Frame<Bytes>) -> Frame<Bytes> {
    const LINE: usize = 64;
    let seen = frame.data_ref().map(|data| {
        let bytes = data.iter().step_by(LINE);
        bytes.fold(0, |all, byte| all ^ byte)
    });
    black_box(seen);
    frame
}

fn add(bills: &Bills, stream: usize, seen: &TapReport) {
    let usage = seen.report.completion.as_ref();
    let usage = usage.and_then(|completion| completion.usage.as_ref());
    let figures = usage.map(deltaic::Usage::figures).unwrap_or_default();
    push(
        bills,
        Bill {
            stream,
            bytes: seen.report.stats.bytes,
            is_complete: seen.report.outcome.is_complete(),
            prompt: figures.prompt_tokens().unwrap_or_default(),
            completion: figures.completion_tokens().unwrap_or_default(),
        },
    );
}

fn push(bills: &Bills, bill: Bill) {
    bills.lock().expect("nothing panics").push(bill);
}

/// The way of who has async-openai: events into its types, and out again.
fn written_anew(
    body: Incoming,
    mut account: Account,
) -> impl Body<Data = Bytes, Error = io::Error> + Send {
    let events = body.into_data_stream().eventsource();
    StreamBody::new(events.map(move |event| {
        let event = event.map_err(io::Error::other)?;
        let frame = account.read(&event).map_err(io::Error::other)?;
        Ok(Frame::data(frame.into()))
    }))
}

/// Pushes its bill at the end, also where a client hung up.
struct Account {
    bills: Bills,
    bill: Bill,
}

impl Account {
    fn read(&mut self, event: &Event) -> serde_json::Result<String> {
        if event.data == "[DONE]" {
            self.bill.is_complete = true;
            return Ok("data: [DONE]\n\n".into());
        }
        let chunk: CreateChatCompletionStreamResponse = serde_json::from_str(&event.data)?;
        if let Some(usage) = &chunk.usage {
            self.bill.prompt = usage.prompt_tokens.into();
            self.bill.completion = usage.completion_tokens.into();
        }
        let json = serde_json::to_string(&chunk)?;
        Ok(format!("data: {json}\n\n"))
    }
}

impl Drop for Account {
    fn drop(&mut self) {
        push(&self.bills, self.bill);
    }
}

/// Answers `cpu` with nanoseconds, `memory` with KiB, `ended` with how many streams have,
/// and `bills` with all of them.
fn answer(bills: &Bills) {
    let mut out = io::stdout();
    for line in io::stdin().lock().lines().map_while(Result::ok) {
        let answer = match &*line {
            "cpu" => cpu().to_string(),
            "memory" => memory().unwrap_or_default().to_string(),
            "ended" => bills.lock().expect("nothing panics").len().to_string(),
            _ => serde_json::to_string(&*bills.lock().expect("nothing panics"))
                .expect("numbers are JSON"),
        };
        if writeln!(out, "{answer}").is_err() {
            break;
        }
    }
    std::process::exit(0);
}

/// The time that all threads have had, in nanoseconds.
fn cpu() -> i64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec * 1_000_000_000 + time.tv_nsec
}

/// The memory that is resident, in KiB.
fn memory() -> anyhow::Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.split_whitespace().next());
    Ok(kib.context("no VmRSS")?.parse()?)
}
