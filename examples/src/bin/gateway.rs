//! Relays completions as they are, and counts what they cost: see `/metrics`.

use std::sync::Arc;

use clap::Parser;
use deltaic_examples::gateway::{Gateway, Keep, Meter, serve};
use tokio::net::TcpListener;

/// Relays `/v1/chat/completions`, and counts what that costs at `/metrics`.
#[derive(Debug, Parser)]
struct Arguments {
    /// What stands before `/v1/chat/completions`.
    upstream: String,
    /// Where clients come.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: String,
    /// Reads all of each answer, for the findings.
    #[arg(long)]
    findings: bool,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let gateway = Gateway {
        upstream: arguments.upstream,
        client: reqwest::Client::new(),
        keep: if arguments.findings {
            Keep::All
        } else {
            Keep::Usage
        },
        meter: Arc::new(Meter::default()),
    };
    let listener = TcpListener::bind(arguments.listen).await?;
    println!("http://{}", listener.local_addr()?);
    serve(listener, gateway).await?;
    Ok(())
}
