//! A conversation that is printed as it comes.

use std::{
    collections::BTreeSet,
    io::{self, Write},
};

use deltaic::{Completion, OwnedUpdate, Report, ToolCall, UpdateStream};
use futures_util::StreamExt;
use reqwest::Client;
use serde_json::{Value, json};

/// Who answers.
#[derive(Clone, Debug)]
pub struct Server {
    /// What stands before `/chat/completions`.
    pub base_url: String,
    /// The model that is asked for.
    pub model: String,
    /// What tells the server who asks.
    pub key: Option<String>,
}

/// Asks for an answer to these messages, prints it as it comes, and tells how that went.
///
/// What the server sends is never an error: one that says no, in whatever way, has the
/// outcome [`Failed`](deltaic::Outcome::Failed).
///
/// # Errors
///
/// If the server cannot be reached, the answer breaks off, or `out` fails.
pub async fn ask(
    client: &Client,
    server: &Server,
    messages: &[Value],
    out: &mut impl Write,
) -> anyhow::Result<Report> {
    let request = json!({
        "model": server.model,
        "messages": messages,
        "stream": true,
        // Else many servers do not tell what it has cost.
        "stream_options": { "include_usage": true },
    });
    let mut post = client
        .post(format!("{}/chat/completions", server.base_url))
        .header("content-type", "application/json")
        .body(request.to_string());
    if let Some(key) = &server.key {
        post = post.bearer_auth(key);
    }
    let response = post.send().await?;

    let mut updates = UpdateStream::new(response.bytes_stream());
    let mut screen = Screen::new(out);
    let mut failure = None;
    while let Some(update) = updates.next().await {
        match update {
            Ok(update) => screen.show(&update)?,
            // What has come until then is worth as much.
            Err(error) => failure = Some(error),
        }
    }
    let report = updates.into_report();
    screen.end(&report)?;
    match failure {
        Some(error) => Err(error.into()),
        None => Ok(report),
    }
}

/// Where it is printed: the answer as it is, all else dim.
struct Screen<'o, W> {
    out: &'o mut W,
    is_dim: bool,
    /// The calls that have been shown.
    shown: BTreeSet<(u64, usize)>,
}

impl<'o, W: Write> Screen<'o, W> {
    fn new(out: &'o mut W) -> Self {
        Self {
            out,
            is_dim: false,
            shown: BTreeSet::new(),
        }
    }

    fn show(&mut self, update: &OwnedUpdate) -> io::Result<()> {
        match update {
            OwnedUpdate::Text { text, .. } | OwnedUpdate::Refusal { text, .. } => {
                self.print(text, false)?;
            }
            OwnedUpdate::Reasoning { text, .. } => self.print(text, true)?,
            OwnedUpdate::ArgumentsComplete {
                choice,
                call,
                tool_call,
            } => {
                self.shown.insert((*choice, *call));
                self.show_call(tool_call)?;
            }
            OwnedUpdate::Error(raw) => self.print(&format!("\nerror: {raw}\n"), false)?,
            _ => {}
        }
        self.out.flush()
    }

    fn show_call(&mut self, call: &ToolCall) -> io::Result<()> {
        let name = call.function.name.as_deref().unwrap_or("?");
        self.print(&format!("\n{name}({})\n", &*call.function.arguments), false)
    }

    /// The calls whose arguments are no JSON, or none at all; and what it has cost.
    fn end(&mut self, report: &Report) -> io::Result<()> {
        let none = Completion::default();
        let completion = report.completion.as_ref().unwrap_or(&none);
        for choice in &completion.choices {
            for (at, call) in choice.message.tool_calls.iter().enumerate() {
                if !self.shown.contains(&(choice.index, at)) {
                    self.show_call(call)?;
                }
            }
        }
        let usage = completion.usage.as_ref();
        let tokens = match usage.and_then(|usage| usage.figures().total_tokens()) {
            Some(tokens) => format!("{tokens} tokens ({:?})", report.usage),
            None => "tokens unknown".into(),
        };
        self.print(&format!("\n[{}, {tokens}]\n", report.outcome), true)?;
        self.print("", false)?;
        self.out.flush()
    }

    fn print(&mut self, text: &str, is_dim: bool) -> io::Result<()> {
        if is_dim != self.is_dim {
            self.is_dim = is_dim;
            self.out
                .write_all(if is_dim { b"\x1b[2m" } else { b"\x1b[0m" })?;
        }
        // A model is not to command the terminal.
        let is_shown = |char: &char| !char.is_control() || matches!(char, '\n' | '\t');
        let shown: String = text.chars().filter(is_shown).collect();
        self.out.write_all(shown.as_bytes())
    }
}
