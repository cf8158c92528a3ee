//! A gateway in a process of its own.

use std::{env, net::SocketAddr, process::Stdio};

use anyhow::Context;
use clap::ValueEnum;
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines},
    process::{Child, ChildStdin, ChildStdout, Command},
};

use crate::gateway::{Bill, Mode};

/// A gateway, which ends with this.
pub(crate) struct Gateway {
    pub(crate) address: SocketAddr,
    questions: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
    process: Child,
}

impl Gateway {
    /// Starts one before `upstream`.
    pub(crate) async fn start(mode: Mode, upstream: SocketAddr) -> anyhow::Result<Self> {
        Self::begin(Command::new(env::current_exe()?), mode, upstream).await
    }

    /// As [`Gateway::start`], under callgrind.
    pub(crate) async fn start_counted(mode: Mode, upstream: SocketAddr) -> anyhow::Result<Self> {
        let mut valgrind = Command::new("valgrind");
        valgrind
            .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
            .arg(env::current_exe()?)
            .stderr(Stdio::piped());
        Self::begin(valgrind, mode, upstream).await
    }

    async fn begin(mut command: Command, mode: Mode, upstream: SocketAddr) -> anyhow::Result<Self> {
        let mode = mode.to_possible_value().context("it is named")?;
        let mut process = command
            .args(["--gateway", mode.get_name()])
            .args(["--upstream", &upstream.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("{command:?}"))?;
        let questions = process.stdin.take().context("it is piped")?;
        let answers = process.stdout.take().context("it is piped")?;
        let mut answers = BufReader::new(answers).lines();
        let address = answers.next_line().await?.context("it has begun")?;
        Ok(Self {
            address: address.parse()?,
            questions,
            answers,
            process,
        })
    }

    /// The time that it has taken, in nanoseconds.
    pub(crate) async fn cpu(&mut self) -> anyhow::Result<f64> {
        Ok(self.ask("cpu").await?.parse()?)
    }

    /// The memory that it has, in KiB.
    pub(crate) async fn memory(&mut self) -> anyhow::Result<f64> {
        Ok(self.ask("memory").await?.parse()?)
    }

    /// How many streams have ended.
    pub(crate) async fn ended(&mut self) -> anyhow::Result<usize> {
        Ok(self.ask("ended").await?.parse()?)
    }

    /// What it has seen of each stream that has ended.
    pub(crate) async fn bills(&mut self) -> anyhow::Result<Vec<Bill>> {
        Ok(serde_json::from_str(&self.ask("bills").await?)?)
    }

    /// The instructions that it has taken, once it has ended: of one that was counted.
    pub(crate) async fn instructions(self) -> anyhow::Result<usize> {
        // It ends with the questions.
        drop(self.questions);
        let told = self.process.wait_with_output().await?.stderr;
        let told = String::from_utf8_lossy(&told);
        let line = told.lines().find_map(|line| line.split_once("Collected :"));
        let count = line.and_then(|(_, count)| count.trim().parse().ok());
        count.with_context(|| format!("valgrind did not count: {told}"))
    }

    async fn ask(&mut self, question: &str) -> anyhow::Result<String> {
        let question = format!("{question}\n");
        self.questions.write_all(question.as_bytes()).await?;
        self.answers.next_line().await?.context("it has ended")
    }
}
