//! One gateway, loaded once.

use std::{mem, sync::Arc, time::Duration};

use anyhow::ensure;
use deltaic::Reader;
use deltaic_benches::{Read, measure::whole, workload::keep};
use deltaic_corpus::streams::{Envelope, text};
use futures_util::{StreamExt, TryStreamExt, stream};
use tokio::time::sleep;

use crate::{
    child::Gateway,
    client::{Client, Expected},
    gateway::Mode,
    upstream::{Sent, serve},
};

/// How fast the upstream sends.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Pace {
    /// As fast as it may.
    Fast,
    /// As many events in a second as a machine bears easily, each by itself.
    Slow,
}

impl Pace {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Fast => "as fast as it goes",
            Self::Slow => "paced",
        }
    }
}

/// What every gateway is loaded with.
pub(crate) struct Plan {
    pub(crate) streams: usize,
    pub(crate) pace: Pace,
    /// How many chunks a stream has.
    pub(crate) chunks: usize,
    lead: usize,
    interval: Option<Duration>,
    kinds: [Read; 2],
}

impl Plan {
    pub(crate) fn new(streams: usize, pace: Pace, is_quick: bool) -> Self {
        let (chunks, lead, interval) = match pace {
            Pace::Fast => {
                // Enough to be timed, and no more than need be: where a process happens to lie in memory
                // tells in its time, so that many short ones tell more than a long one.
                let events = if is_quick { 20_000 } else { 250_000 };
                let chunks = match streams {
                    1 => events / 20,
                    _ => (events / streams).clamp(200, 2_000),
                };
                (chunks, chunks / 5, None)
            }
            Pace::Slow => {
                let (rate, seconds) = if is_quick { (2_000, 0.5) } else { (4_000, 4.0) };
                let interval = (whole(streams) / whole(rate)).max(0.002);
                let interval = Duration::from_secs_f64(interval);
                let mut chunks = 10;
                while interval * chunks < Duration::from_secs_f64(seconds) {
                    chunks += 1;
                }
                (chunks as usize + 10, 10, Some(interval))
            }
        };
        let kind = |envelope| keep(text(chunks, envelope).stream);
        Self {
            streams,
            pace,
            chunks,
            lead,
            interval,
            kinds: [kind(Envelope::Cerebras), kind(Envelope::Groq)],
        }
    }
}

/// What was measured.
#[derive(Clone, Debug)]
pub(crate) struct Turn {
    /// The nanoseconds of processor time that the gateway has had for an event, while all
    /// streams are at their text.
    pub(crate) cpu: f64,
    /// Those that it has had for the end of a stream.
    pub(crate) end: f64,
    /// The KiB of memory that it has for an open stream.
    pub(crate) memory: f64,
    /// How long events were on their way, sorted; none if they were sent in a hurry.
    pub(crate) latencies: Vec<Duration>,
}

impl Turn {
    /// One for several of one gateway: their mean, and the latencies of all. `None` of none.
    pub(crate) fn mean(turns: Vec<Self>) -> Option<Self> {
        let mean = |of: &dyn Fn(&Self) -> f64| {
            let sum: f64 = turns.iter().map(of).sum();
            (!turns.is_empty()).then(|| sum / whole(turns.len()))
        };
        let (cpu, end, memory) = (
            mean(&|turn| turn.cpu)?,
            mean(&|turn| turn.end)?,
            mean(&|turn| turn.memory)?,
        );
        let mut latencies: Vec<_> = turns.into_iter().flat_map(|turn| turn.latencies).collect();
        latencies.sort_unstable();
        Some(Self {
            cpu,
            end,
            memory,
            latencies,
        })
    }
}

/// Loads these gateways, a part of the streams at a time in turns: so that whatever else the
/// machine does meets all alike, and none finds the caches full of another. Sees that all is right.
pub(crate) async fn take(lanes: &[Option<Mode>], plan: &Plan) -> anyhow::Result<Vec<Turn>> {
    let mut loaded = Vec::new();
    for lane in lanes {
        loaded.push(Loaded::begin(*lane, plan).await?);
    }
    for gate in 1..=PARTS {
        for lane in &mut loaded {
            lane.said += lane.go_on(Until::Gate(gate)).await?;
        }
    }
    let mut turns = Vec::new();
    for lane in loaded {
        turns.push(lane.end(plan).await?);
    }
    Ok(turns)
}

/// In how many parts the streams are sent.
const PARTS: usize = 10;

/// A gateway, or none, with all its streams open.
struct Loaded {
    gateway: Option<(Mode, Gateway)>,
    sent: Arc<Sent>,
    clients: Vec<Client>,
    /// Its memory for all streams, in KiB.
    memory: f64,
    /// The time that it has had for what was said, in nanoseconds.
    said: f64,
}

impl Loaded {
    async fn begin(mode: Option<Mode>, plan: &Plan) -> anyhow::Result<Self> {
        let gates = [plan.lead, PARTS, TAIL];
        let sent = Sent::new(plan.streams, &plan.kinds, gates, plan.interval);
        let upstream = serve(sent.clone()).await?;
        let Some(mode) = mode else {
            return Ok(Self {
                gateway: None,
                clients: open(upstream, &sent, Expected::Bytes).await?,
                sent,
                memory: 0.0,
                said: 0.0,
            });
        };
        let mut gateway = Gateway::start(mode, upstream).await?;
        let expected = Expected::of(mode);
        // One ahead, so that all code has run once.
        let mut ahead = Client::ask(gateway.address, sent.clone(), sent.streams, expected).await?;
        ahead.rest().await?;
        let empty = gateway.memory().await?;
        let clients = open(gateway.address, &sent, expected).await?;
        let memory = gateway.memory().await? - empty;
        Ok(Self {
            gateway: Some((mode, gateway)),
            sent,
            clients,
            memory,
            said: 0.0,
        })
    }

    /// Lets all streams go on, and gives the time that it took the gateway.
    async fn go_on(&mut self, until: Until) -> anyhow::Result<f64> {
        let before = self.cpu().await?;
        let clients = mem::take(&mut self.clients);
        self.clients = go_on(&self.sent, clients, until).await?;
        Ok(self.cpu().await? - before)
    }

    async fn cpu(&mut self) -> anyhow::Result<f64> {
        match &mut self.gateway {
            Some((_, gateway)) => gateway.cpu().await,
            None => Ok(0.0),
        }
    }

    async fn end(mut self, plan: &Plan) -> anyhow::Result<Turn> {
        let ended = self.go_on(Until::End).await?;
        if let Some((mode, gateway)) = &mut self.gateway
            && !matches!(mode, Mode::Plain | Mode::Look)
        {
            check_bills(gateway, &self.sent).await?;
        }
        Ok(Turn {
            cpu: self.said / whole(self.sent.between()),
            end: ended / whole(plan.streams),
            memory: self.memory / whole(plan.streams),
            latencies: latencies(self.clients),
        })
    }
}

/// How many events are the end of a stream: the finish with its usage, and `[DONE]`.
const TAIL: usize = 2;

/// Opens all streams, up to the first gate.
async fn open(
    gateway: std::net::SocketAddr,
    sent: &Arc<Sent>,
    expected: Expected,
) -> anyhow::Result<Vec<Client>> {
    let ask = |stream| async move {
        let mut client = Client::ask(gateway, sent.clone(), stream, expected).await?;
        client.up_to(0).await?;
        anyhow::Ok(client)
    };
    let clients = stream::iter(0..sent.streams).map(ask);
    clients.buffer_unordered(64).try_collect().await
}

#[derive(Clone, Copy)]
enum Until {
    Gate(usize),
    End,
}

/// Opens the next gate and lets all clients receive what comes.
async fn go_on(sent: &Sent, clients: Vec<Client>, until: Until) -> anyhow::Result<Vec<Client>> {
    sent.open();
    let receive = |mut client: Client| {
        tokio::spawn(async move {
            match until {
                Until::Gate(gate) => client.up_to(gate).await?,
                Until::End => client.rest().await?,
            }
            anyhow::Ok(client)
        })
    };
    let tasks: Vec<_> = clients.into_iter().map(receive).collect();
    let mut clients = Vec::new();
    for task in tasks {
        clients.push(task.await??);
    }
    Ok(clients)
}

/// How long events were on their way, sorted.
fn latencies(clients: Vec<Client>) -> Vec<Duration> {
    let latencies = clients.into_iter().flat_map(|client| client.latencies);
    let mut all: Vec<Duration> = latencies.collect();
    all.sort_unstable();
    all
}

/// Sees that each stream has been billed as a reader would.
async fn check_bills(gateway: &mut Gateway, sent: &Sent) -> anyhow::Result<()> {
    // With the one ahead.
    let count = sent.streams + 1;
    while gateway.ended().await? < count {
        sleep(Duration::from_millis(10)).await;
    }
    let mut bills = gateway.bills().await?;
    bills.sort_by_key(|bill| bill.stream);
    ensure!(bills.len() == count, "a stream is billed twice");
    for (stream, bill) in bills.iter().enumerate() {
        let tokens = tokens(sent.kind(stream).stream);
        ensure!(
            bill.stream == stream && bill.is_complete && (bill.prompt, bill.completion) == tokens,
            "{bill:?} is not {tokens:?}"
        );
    }
    Ok(())
}

/// Those of prompt and completion, as a reader finds them.
pub(crate) fn tokens(mut stream: &[u8]) -> (u64, u64) {
    let mut reader = Reader::new();
    while reader.next(&mut stream).is_some() {}
    let usage = reader.completion().usage.as_ref();
    let figures = usage.map(deltaic::Usage::figures).unwrap_or_default();
    let [prompt, completion] = [figures.prompt_tokens(), figures.completion_tokens()];
    (prompt.unwrap_or_default(), completion.unwrap_or_default())
}
