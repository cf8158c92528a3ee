//! The server behind the gateways, and what it sends.

use std::{
    convert::Infallible,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use bytes::Bytes;
use deltaic_benches::Read;
use deltaic_corpus::cut;
use futures_util::{Stream, stream};
use http_body_util::StreamBody;
use hyper::{
    Request, Response,
    body::{Frame, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use tokio::{net::TcpListener, sync::watch, time::sleep};

/// What is sent to so many clients at once.
#[derive(Debug)]
pub(crate) struct Sent {
    /// One more, if it is asked for, does not wait.
    pub(crate) streams: usize,
    /// How many events are sent before the first gate.
    pub(crate) lead: usize,
    /// How many are sent behind the last.
    pub(crate) tail: usize,
    /// In how many parts what lies between is sent, each behind a gate.
    pub(crate) parts: usize,
    /// How long it is from an event to the next between the first gate and the last; as long
    /// as it takes if it is none.
    pub(crate) interval: Option<Duration>,
    /// What is sent: streams take turns.
    kinds: Vec<Kind>,
    /// How many gates are open.
    gates: watch::Sender<usize>,
    began: Instant,
    /// When each event between the first gate and the last was sent, in nanoseconds, by stream and event.
    stamps: Vec<AtomicU64>,
}

/// A stream in its events.
#[derive(Debug)]
pub(crate) struct Kind {
    pub(crate) stream: Read,
    pub(crate) events: Vec<Read>,
}

impl Sent {
    pub(crate) fn new(
        streams: usize,
        kinds: &[Read],
        [lead, parts, tail]: [usize; 3],
        interval: Option<Duration>,
    ) -> Arc<Self> {
        let kind = |stream: &Read| Kind {
            stream,
            events: cut::by_event(stream),
        };
        let kinds: Vec<Kind> = kinds.iter().map(kind).collect();
        let most = kinds.iter().map(|kind| kind.events.len()).max();
        let stamps = match interval {
            Some(_) => streams * most.unwrap_or_default(),
            None => 0,
        };
        Arc::new(Self {
            streams,
            lead,
            tail,
            parts,
            interval,
            kinds,
            gates: watch::Sender::new(0),
            began: Instant::now(),
            stamps: (0..stamps).map(|_| AtomicU64::new(0)).collect(),
        })
    }

    /// What is sent to the client of this number.
    pub(crate) fn kind(&self, stream: usize) -> &Kind {
        &self.kinds[stream % self.kinds.len()]
    }

    /// Lets all go on to the next gate.
    pub(crate) fn open(&self) {
        self.gates.send_modify(|open| *open += 1);
    }

    /// How many events are sent before the last gate.
    pub(crate) fn before_tail(&self, stream: usize) -> usize {
        self.kind(stream).events.len() - self.tail
    }

    /// How many events are sent before this gate. The last is that of the tail.
    pub(crate) fn before(&self, gate: usize, stream: usize) -> usize {
        self.lead + (self.before_tail(stream) - self.lead) * gate / self.parts
    }

    /// How many events are sent between the first gate and the last, in all streams.
    pub(crate) fn between(&self) -> usize {
        let between = |stream| self.before_tail(stream) - self.lead;
        (0..self.streams).map(between).sum()
    }

    /// How long ago an event was sent; `None` if nobody looked.
    pub(crate) fn since(&self, stream: usize, event: usize) -> Option<Duration> {
        let sent = self.stamp(stream, event)?.load(Ordering::Acquire);
        self.began.elapsed().checked_sub(Duration::from_nanos(sent))
    }

    fn stamp(&self, stream: usize, event: usize) -> Option<&AtomicU64> {
        let each = self.stamps.len() / self.streams;
        self.stamps.get(stream * each + event)
    }

    async fn wait(&self, stream: usize, event: usize) {
        if stream >= self.streams {
            return;
        }
        let gate = (0..=self.parts).find(|gate| self.before(*gate, stream) == event);
        if let Some(gate) = gate {
            // They open in the end, and the sender is ours.
            let _ = self.gates.subscribe().wait_for(|open| *open > gate).await;
        }
        let is_between = (self.lead..self.before_tail(stream)).contains(&event);
        let Some(interval) = self.interval.filter(|_| is_between) else {
            return;
        };
        if gate.is_some() {
            // Not all at once.
            let part = u32::try_from(stream).unwrap_or_default();
            let parts = u32::try_from(self.streams).unwrap_or(u32::MAX);
            sleep(interval * part / parts).await;
        } else {
            sleep(interval).await;
        }
        let now = u64::try_from(self.began.elapsed().as_nanos()).unwrap_or(u64::MAX);
        if let Some(stamp) = self.stamp(stream, event) {
            stamp.store(now, Ordering::Release);
        }
    }
}

/// Sends to whom asks for `/` and a number; where that is.
pub(crate) async fn serve(sent: Arc<Sent>) -> anyhow::Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        while let Ok((connection, _)) = listener.accept().await {
            // What cannot be set is slower, and no reason to end.
            let _ = connection.set_nodelay(true);
            let sent = sent.clone();
            let service = service_fn(move |request: Request<Incoming>| {
                let path = request.uri().path().trim_start_matches('/');
                let stream = path.parse().unwrap_or_default();
                let answer = Response::builder().header("content-type", "text/event-stream");
                let answer = answer.body(StreamBody::new(frames(sent.clone(), stream)));
                async move { answer }
            });
            let connection = TokioIo::new(connection);
            tokio::spawn(http1::Builder::new().serve_connection(connection, service));
        }
    });
    Ok(address)
}

fn frames(
    sent: Arc<Sent>,
    stream: usize,
) -> impl Stream<Item = Result<Frame<Bytes>, Infallible>> + Send {
    let next = move |(sent, at): (Arc<Sent>, usize)| async move {
        let event = *sent.kind(stream).events.get(at)?;
        sent.wait(stream, at).await;
        Some((Ok(Frame::data(Bytes::from_static(event))), (sent, at + 1)))
    };
    stream::unfold((sent, 0), next)
}
