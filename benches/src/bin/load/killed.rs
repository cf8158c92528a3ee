//! Clients that are killed: what had been relayed to them is on the bill.

use std::time::Duration;

use anyhow::{Context, ensure};
use deltaic_benches::workload;
use tokio::time::sleep;

use crate::{
    child::Gateway,
    client::{Client, Expected},
    gateway::Mode,
    turn::tokens,
    upstream::{Sent, serve},
};

const CLIENTS: usize = 50;

/// Kills clients at random, and compares what the gateway says with what they have.
pub(crate) async fn check(mode: Mode) -> anyhow::Result<()> {
    // The tokens so far are in each of its chunks.
    let kind = workload::vllm().streams[0];
    let sent = Sent::new(CLIENTS, &[kind], [0, 1, 0], Some(Duration::from_millis(1)));
    sent.open();
    let mut gateway = Gateway::start(mode, serve(sent.clone()).await?).await?;
    let mut tasks = Vec::new();
    for stream in 0..CLIENTS {
        let (address, sent) = (gateway.address, sent.clone());
        tasks.push(tokio::spawn(async move {
            let mut random = fastrand::Rng::with_seed(stream as u64);
            let most = random.usize(1..kind.len() / 4);
            let mut client = Client::ask(address, sent, stream, Expected::Bytes).await?;
            while client.bytes < most {
                client.read().await?.context("it goes on")?;
            }
            anyhow::Ok(client.bytes)
        }));
    }
    let mut received = Vec::new();
    for task in tasks {
        received.push(task.await??);
    }
    while gateway.ended().await? < CLIENTS {
        sleep(Duration::from_millis(10)).await;
    }
    for bill in gateway.bills().await? {
        let bytes = usize::try_from(bill.bytes)?;
        let (prompt, completion) = tokens(&kind[..bytes]);
        ensure!(
            bytes >= received[bill.stream],
            "{bill:?}: more was received"
        );
        ensure!(!bill.is_complete, "{bill:?}: it was killed");
        ensure!(
            (bill.prompt, bill.completion) == (prompt, completion),
            "{bill:?} is not {prompt} and {completion} tokens"
        );
    }
    Ok(())
}
