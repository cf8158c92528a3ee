//! Asks a server line by line, and prints its answers as they come.

use std::io;

use clap::Parser;
use deltaic_examples::client::{Server, ask};
use serde_json::json;

/// Talks with a model: one line of standard input, one answer.
#[derive(Debug, Parser)]
struct Arguments {
    /// The model that is asked for.
    #[arg(long)]
    model: String,
    /// What stands before `/chat/completions`.
    #[arg(
        long,
        env = "OPENAI_BASE_URL",
        default_value = "http://127.0.0.1:8080/v1"
    )]
    base_url: String,
    /// What tells the server who asks.
    #[arg(long, env = "OPENAI_API_KEY", hide_env_values = true)]
    key: Option<String>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let Arguments {
        model,
        base_url,
        key,
    } = Arguments::parse();
    let server = Server {
        base_url,
        model,
        key,
    };
    let client = reqwest::Client::new();
    let mut messages = Vec::new();
    for line in io::stdin().lines() {
        messages.push(json!({ "role": "user", "content": line? }));
        let report = ask(&client, &server, &messages, &mut io::stdout()).await?;
        let choices = report.completion.unwrap_or_default().choices;
        if let Some(text) = choices.first().and_then(|c| c.message.content.as_deref()) {
            messages.push(json!({ "role": "assistant", "content": text }));
        }
    }
    Ok(())
}
