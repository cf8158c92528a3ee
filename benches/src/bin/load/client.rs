//! Who asks the gateways, and looks at what comes.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use anyhow::{Context, ensure};
use bytes::Bytes;
use deltaic::Reader;
use http_body_util::{BodyExt, Empty};
use hyper::{Request, body::Incoming, client::conn::http1};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::{gateway::Mode, upstream::Sent};

/// What is to come.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Expected {
    /// The same bytes.
    Bytes,
    /// The same text, however it is written.
    Text,
}

impl Expected {
    pub(crate) fn of(mode: Mode) -> Self {
        match mode {
            Mode::AsyncOpenai => Self::Text,
            _ => Self::Bytes,
        }
    }
}

/// An open stream.
pub(crate) struct Client {
    sent: Arc<Sent>,
    stream: usize,
    body: Incoming,
    expected: Expected,
    /// For what is written anew.
    reader: Reader,
    pub(crate) bytes: usize,
    events: usize,
    /// How long events between the gates were on their way.
    pub(crate) latencies: Vec<Duration>,
}

impl Client {
    /// Asks for the stream of this number.
    pub(crate) async fn ask(
        gateway: SocketAddr,
        sent: Arc<Sent>,
        stream: usize,
        expected: Expected,
    ) -> anyhow::Result<Self> {
        let connection = TcpStream::connect(gateway).await?;
        connection.set_nodelay(true)?;
        let (mut sender, driver) = http1::handshake(TokioIo::new(connection)).await?;
        tokio::spawn(driver);
        let request = Request::get(format!("/{stream}")).header("host", "gateway");
        let request = request.body(Empty::<Bytes>::new())?;
        Ok(Self {
            sent,
            stream,
            body: sender.send_request(request).await?.into_body(),
            expected,
            reader: Reader::new(),
            bytes: 0,
            events: 0,
            latencies: Vec::new(),
        })
    }

    /// Receives so many events.
    pub(crate) async fn receive(&mut self, events: usize) -> anyhow::Result<()> {
        while self.events < events {
            self.read().await?.context("it ends early")?;
        }
        Ok(())
    }

    /// Receives all that comes before this gate.
    pub(crate) async fn up_to(&mut self, gate: usize) -> anyhow::Result<()> {
        self.receive(self.sent.before(gate, self.stream)).await
    }

    /// Receives the rest, and sees that it is all.
    pub(crate) async fn rest(&mut self) -> anyhow::Result<()> {
        while self.read().await?.is_some() {}
        let kind = self.sent.kind(self.stream);
        ensure!(self.events == kind.events.len(), "not all events have come");
        if self.expected == Expected::Text {
            let mut whole = Reader::new();
            let mut input = kind.stream;
            while whole.next(&mut input).is_some() {}
            let text = |reader: &Reader| Some(reader.completion().choices.first()?.message.clone());
            ensure!(text(&whole) == text(&self.reader), "another text has come");
        }
        Ok(())
    }

    /// Receives what comes next; `None` at the end.
    pub(crate) async fn read(&mut self) -> anyhow::Result<Option<()>> {
        let Some(frame) = self.body.frame().await else {
            return Ok(None);
        };
        let Ok(data) = frame?.into_data() else {
            return Ok(Some(()));
        };
        let before = self.events;
        match self.expected {
            Expected::Bytes => {
                let kind = self.sent.kind(self.stream);
                let rest = kind.stream.get(self.bytes..).unwrap_or_default();
                ensure!(rest.starts_with(&data), "other bytes have come");
                // An event ends where the next begins.
                self.bytes += data.len();
                let start = kind.stream.as_ptr().addr();
                let ends = kind.events[self.events..].iter();
                let ends = ends.map(|event| event.as_ptr().addr() + event.len() - start);
                self.events += ends.take_while(|end| *end <= self.bytes).count();
            }
            Expected::Text => {
                let mut input = &data[..];
                while self.reader.next(&mut input).is_some() {}
                self.events = usize::try_from(self.reader.stats().events)?;
            }
        }
        let tail = self.sent.before_tail(self.stream);
        for event in before.max(self.sent.lead)..self.events.min(tail) {
            self.latencies.extend(self.sent.since(self.stream, event));
        }
        Ok(Some(()))
    }
}
