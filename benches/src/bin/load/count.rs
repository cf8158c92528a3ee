//! What an event takes a gateway in instructions: they do not depend on what else a machine does.

use std::time::Duration;

use deltaic_benches::{measure::whole, workload::keep};
use deltaic_corpus::streams::{Envelope, text};

use crate::{
    child::Gateway,
    client::{Client, Expected},
    gateway::Mode,
    upstream::{Sent, serve},
};

/// How many chunks are relayed, once and again: the difference is what they take, without what is only
/// begun and ended.
const CHUNKS: [usize; 2] = [200, 800];

/// So long that each event is relayed by itself, as slow as a gateway is where it is counted.
const INTERVAL: Duration = Duration::from_millis(4);

/// Counts what each gateway takes in user mode, and prints it.
pub(crate) async fn print(gateways: impl Iterator<Item = Mode>) -> anyhow::Result<()> {
    println!("| gateway | instructions an event, in user mode | more than reading nothing |");
    println!("| --- | --- | --- |");
    let mut nothing = None;
    for mode in gateways {
        let [few, many] = [relay(mode, CHUNKS[0]).await?, relay(mode, CHUNKS[1]).await?];
        let each = whole(many.saturating_sub(few)) / whole(CHUNKS[1] - CHUNKS[0]);
        let more = each - *nothing.get_or_insert(each);
        println!("| {} | {each:.0} | {more:.0} |", mode.what());
    }
    Ok(())
}

/// The instructions of a gateway that relays a stream of so many chunks, one by one.
async fn relay(mode: Mode, chunks: usize) -> anyhow::Result<usize> {
    let kind = keep(text(chunks, Envelope::Cerebras).stream);
    let sent = Sent::new(1, &[kind], [0, 1, 0], Some(INTERVAL));
    sent.open();
    let gateway = Gateway::start_counted(mode, serve(sent.clone()).await?).await?;
    let mut client = Client::ask(gateway.address, sent, 0, Expected::of(mode)).await?;
    client.rest().await?;
    drop(client);
    gateway.instructions().await
}
