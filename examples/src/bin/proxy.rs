//! Gives a model another name, both ways.

use clap::Parser;
use deltaic_examples::proxy::{Proxy, serve};
use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use tokio::net::TcpListener;

/// Relays to a server, which knows the model by another name.
#[derive(Debug, Parser)]
struct Arguments {
    /// Scheme and authority of the server: `http://127.0.0.1:8000`.
    upstream: String,
    /// What clients call the model.
    ours: String,
    /// What the server calls it.
    theirs: String,
    /// What is taken out of each chunk.
    #[arg(long, default_value = "x_groq")]
    vendor: String,
    /// Where clients come.
    #[arg(long, default_value = "127.0.0.1:8081")]
    listen: String,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let Arguments {
        upstream,
        ours,
        theirs,
        vendor,
        listen,
    } = Arguments::parse();
    let client = Client::builder(TokioExecutor::new()).build_http();
    let proxy = Proxy::new(client, upstream, [ours, theirs], vendor)?;
    let listener = TcpListener::bind(listen).await?;
    println!("http://{}", listener.local_addr()?);
    serve(listener, proxy).await
}
