//! The gateway over loopback.

mod common;

use std::{
    collections::BTreeMap,
    io,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use common::{
    BOTH, EVENTS, GZIP, RECORDINGS, Server, Version, answer, frames, read, recorded, serve,
};
use deltaic::{Reader, Report, Update, UsageState};
use deltaic_examples::gateway::{self, Gateway, Keep, Meter};
use futures_util::{FutureExt, StreamExt, future::join_all, stream};
use hyper::body::Frame;
use tokio::{
    net::TcpListener,
    time::{sleep, timeout},
};

/// A gateway before a server, and a client of it.
struct Before {
    url: String,
    client: reqwest::Client,
}

impl Before {
    async fn new(server: &Server, version: Version, keep: Keep) -> Self {
        Self::at(server.url(), version, keep).await
    }

    async fn at(upstream: String, version: Version, keep: Keep) -> Self {
        let gateway = Gateway {
            upstream,
            client: version.client(),
            keep,
            meter: Arc::new(Meter::default()),
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        tokio::spawn(gateway::serve(listener, gateway));
        Self {
            url,
            client: version.client(),
        }
    }

    /// Asks for a model.
    async fn ask(&self, model: &str) -> reqwest::Response {
        let post = self
            .client
            .post(format!("{}/v1/chat/completions", self.url));
        let post = post.header("accept-encoding", "gzip, br");
        let asked = post.body(format!(r#"{{"model":"{model}"}}"#)).send().await;
        asked.expect("an answer")
    }

    /// The series at `/metrics`.
    async fn metrics(&self) -> BTreeMap<String, u64> {
        let asked = self
            .client
            .get(format!("{}/metrics", self.url))
            .send()
            .await;
        let text = asked.expect("an answer").text().await.expect("a text");
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        lines
            .map(|line| line.rsplit_once(' ').expect("a series and its count"))
            .map(|(series, count)| (series.into(), count.parse().expect("a count")))
            .collect()
    }

    /// The series, once so many streams have ended.
    async fn metrics_of(&self, streams: u64) -> BTreeMap<String, u64> {
        let ended = async {
            loop {
                let metrics = self.metrics().await;
                let all = metrics.iter();
                let ended = all.filter(|(series, _)| series.starts_with("llm_streams_total"));
                if ended.map(|(_, count)| count).sum::<u64>() == streams {
                    break metrics;
                }
                sleep(Duration::from_millis(10)).await;
            }
        };
        timeout(Duration::from_secs(20), ended)
            .await
            .expect("all end")
    }
}

/// What is to be counted for these reports, but for times.
fn expected(reports: &[Report], keep: Keep) -> BTreeMap<String, u64> {
    let mut all = BTreeMap::<String, u64>::new();
    let mut add = |series, count: u64| *all.entry(series).or_default() += count;
    for report in reports {
        let outcome = report.outcome;
        add(
            format!(r#"llm_streams_total{{outcome="{outcome}",end="ended"}}"#),
            1,
        );
        if keep == Keep::All {
            for finding in report.findings.as_slice() {
                add(
                    format!(r#"llm_findings_total{{kind="{}"}}"#, finding.kind),
                    1,
                );
            }
        }
        let Some(completion) = &report.completion else {
            continue;
        };
        let Some(usage) = &completion.usage else {
            continue;
        };
        let model = completion.model.as_deref().unwrap_or_default();
        let complete = report.usage == UsageState::Complete;
        let figures = usage.figures();
        for (kind, tokens) in [
            ("prompt", figures.prompt_tokens()),
            ("cached", figures.cached_tokens()),
            ("completion", figures.completion_tokens()),
            ("reasoning", figures.reasoning_tokens()),
        ] {
            let labels = format!(r#"model="{model}",kind="{kind}",complete="{complete}""#);
            add(
                format!("llm_tokens_total{{{labels}}}"),
                tokens.unwrap_or_default(),
            );
        }
    }
    all.retain(|_, count| *count > 0);
    all
}

#[tokio::test]
async fn what_passes_is_as_it_was_and_counted_as_a_reader_reads_it() {
    for (version, keep) in BOTH
        .into_iter()
        .flat_map(|v| [(v, Keep::Usage), (v, Keep::All)])
    {
        let server = recorded().await;
        let before = Before::new(&server, version, keep).await;
        for recording in RECORDINGS.iter() {
            let received = before.ask(&recording.name).await;
            assert_eq!(received.headers()["content-type"], EVENTS);
            let received = received.bytes().await.expect("a body");
            assert_eq!(received, recording.bytes, "{}", recording.name);
        }
        let reports: Vec<Report> = RECORDINGS.iter().map(|r| read(&r.bytes)).collect();
        let mut metrics = before.metrics_of(reports.len() as u64).await;
        let said = metrics.get(r#"llm_first_seconds_count{part="content"}"#);
        let texts = RECORDINGS.iter().filter(|r| has_text(&r.bytes)).count();
        assert_eq!(said, Some(&(texts as u64)), "each that has a text began it");
        metrics.retain(|series, _| !series.starts_with("llm_first"));
        assert_eq!(metrics, expected(&reports, keep), "{version:?} {keep:?}");
    }
}

/// Whether the stream has a text before its end, or says why it has none.
fn has_text(mut stream: &[u8]) -> bool {
    let mut reader = Reader::new();
    while let Some(mut updates) = reader.next(&mut stream) {
        if updates.any(|update| matches!(update, Update::Text { .. } | Update::Refusal { .. })) {
            return true;
        }
    }
    false
}

/// A chunk with the tokens so far, as vLLM sends them if it is asked to.
fn counted(model: &str, tokens: u64) -> String {
    format!(
        "data: {{\"model\":\"{model}\",\"choices\":[{{\"index\":0,\"delta\":{{\"content\":\"a\"}}}}],\
         \"usage\":{{\"prompt_tokens\":7,\"completion_tokens\":{tokens}}}}}\n\n"
    )
}

#[tokio::test]
async fn what_a_client_had_received_when_it_was_killed_is_on_the_bill() {
    const CLIENTS: u64 = 60;
    for (version, keep) in [(Version::One, Keep::Usage), (Version::Two, Keep::All)] {
        let sent = Arc::new(AtomicU64::new(0));
        let most = sent.clone();
        let server = serve(move |model| {
            let (model, most) = (model.to_owned(), most.clone());
            let endless = stream::iter(1..).then(move |tokens| {
                let chunk = Bytes::from(counted(&model, tokens));
                most.fetch_max(tokens, Ordering::Relaxed);
                sleep(Duration::from_millis(1)).map(|()| Ok(Frame::data(chunk)))
            });
            answer(EVENTS, endless)
        });
        let before = &Before::new(&server.await, version, keep).await;
        let killed = (0..CLIENTS).map(|seed| async move {
            let mut random = fastrand::Rng::with_seed(seed);
            let mut left = random.usize(1..20_000);
            let mut answer = before.ask(&format!("m{seed}")).await.bytes_stream();
            let mut received = Vec::new();
            // It hangs up within a read, for all it knows.
            while left > 0 {
                let read = answer.next().await.expect("it goes on").expect("no error");
                let taken = &read[..left.min(read.len())];
                left -= taken.len();
                received.extend_from_slice(taken);
            }
            read(&received)
        });
        let killed = join_all(killed).await;
        let metrics = before.metrics_of(CLIENTS).await;
        let dropped = r#"llm_streams_total{outcome="truncated",end="dropped"}"#;
        assert_eq!(metrics.get(dropped), Some(&CLIENTS));
        for (seed, report) in killed.iter().enumerate() {
            let usage = report.completion.as_ref().and_then(|c| c.usage.as_ref());
            let Some(seen) = usage.and_then(|usage| usage.figures().completion_tokens()) else {
                continue;
            };
            let labels = format!(r#"model="m{seed}",kind="completion",complete="false""#);
            let billed = metrics.get(&format!("llm_tokens_total{{{labels}}}"));
            let billed = *billed.expect("a bill");
            let most = sent.load(Ordering::Relaxed);
            assert!((seen..=most).contains(&billed), "{seen} {billed} {most}");
        }
        assert_eq!(
            metrics[r#"llm_first_seconds_count{part="content"}"#],
            CLIENTS
        );
    }
}

#[tokio::test]
async fn an_upstream_that_dies_midway_is_passed_on_and_reported() {
    for version in BOTH {
        let server = serve(|_| {
            let begun = frames(vec![
                Bytes::from(counted("m", 1)),
                Bytes::from(counted("m", 2)),
            ]);
            let gone = stream::once(async {
                sleep(Duration::from_millis(50)).await;
                Err(io::Error::other("gone"))
            });
            answer(EVENTS, begun.chain(gone))
        });
        let before = Before::new(&server.await, version, Keep::Usage).await;
        let mut received = before.ask("m").await.bytes_stream();
        let mut passed = Vec::new();
        let error = loop {
            match received.next().await.expect("an error comes") {
                Ok(read) => passed.extend_from_slice(&read),
                Err(error) => break error,
            }
        };
        assert!(
            error.is_body() || error.is_decode() || error.is_request(),
            "{error:?}"
        );
        assert_eq!(passed, (counted("m", 1) + &counted("m", 2)).as_bytes());
        let metrics = before.metrics_of(1).await;
        assert_eq!(
            metrics[r#"llm_streams_total{outcome="truncated",end="failed"}"#],
            1
        );
        let labels = r#"model="m",kind="completion",complete="false""#;
        assert_eq!(metrics[&format!("llm_tokens_total{{{labels}}}")], 2);
    }
}

#[tokio::test]
async fn nothing_compressed_is_asked_for_whatever_the_client_reads() {
    for version in BOTH {
        let server = recorded().await;
        let before = Before::new(&server, version, Keep::Usage).await;
        before.ask("groq-hi").await.bytes().await.expect("a body");
        let asked = server.asked();
        assert_eq!(asked[0].0["accept-encoding"], "identity");
        assert_eq!(asked[0].1["model"], "groq-hi");
    }
}

#[tokio::test]
async fn what_is_compressed_all_the_same_passes_unread() {
    for version in BOTH {
        let server = serve(|_| {
            let mut answer = answer(EVENTS, frames(vec![Bytes::from(GZIP)]));
            let gzip = "gzip".parse().expect("a value");
            answer.headers_mut().insert("content-encoding", gzip);
            answer
        });
        let before = Before::new(&server.await, version, Keep::All).await;
        let received = before.ask("m").await;
        assert_eq!(received.headers()["content-encoding"], "gzip");
        assert_eq!(received.bytes().await.expect("a body"), GZIP);
        let metrics = before.metrics_of(1).await;
        assert_eq!(metrics["llm_unread_total"], 1);
        assert!(
            !metrics
                .keys()
                .any(|series| series.starts_with("llm_findings"))
        );
    }
}

#[tokio::test]
async fn the_time_to_the_first_content_is_not_that_to_the_role() {
    let server = serve(|_| {
        let role = Bytes::from("data: {\"choices\":[{\"delta\":{\"role\":\"assistant\"}}]}\n\n");
        let content = async {
            sleep(Duration::from_millis(600)).await;
            Ok(Frame::data(Bytes::from(counted("m", 1))))
        };
        answer(EVENTS, frames(vec![role]).chain(stream::once(content)))
    });
    let before = Before::new(&server.await, Version::One, Keep::Usage).await;
    before.ask("m").await.bytes().await.expect("a body");
    let metrics = before.metrics_of(1).await;
    let within = |part: &str, bound: &str| {
        metrics[&format!(r#"llm_first_seconds_bucket{{part="{part}",le="{bound}"}}"#)]
    };
    assert_eq!((within("role", "0.5"), within("content", "0.5")), (1, 0));
    assert_eq!((within("role", "+Inf"), within("content", "+Inf")), (1, 1));
    assert!(!metrics.contains_key(r#"llm_first_seconds_count{part="reasoning"}"#));
}

#[tokio::test]
async fn a_model_may_be_called_anything() {
    let server = serve(|_| {
        let chunk = counted(r#"a\"b\\c\nd"#, 3);
        answer(EVENTS, frames(vec![Bytes::from(chunk)]))
    });
    let before = Before::new(&server.await, Version::One, Keep::Usage).await;
    before.ask("m").await.bytes().await.expect("a body");
    let labels = r#"model="a\"b\\c\nd",kind="completion",complete="false""#;
    let metrics = before.metrics_of(1).await;
    assert_eq!(metrics[&format!("llm_tokens_total{{{labels}}}")], 3);
}

#[tokio::test]
async fn a_server_that_is_not_there_is_told_and_counted() {
    let free = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = free.local_addr().expect("an address");
    drop(free);
    let before = Before::at(format!("http://{address}"), Version::One, Keep::Usage).await;
    let received = before.ask("m").await;
    assert_eq!(received.status(), 502);
    let report = read(&received.bytes().await.expect("a body"));
    assert_eq!(report.outcome, deltaic::Outcome::Failed);
    let metrics = before.metrics_of(1).await;
    assert_eq!(
        metrics[r#"llm_streams_total{outcome="empty",end="unreached"}"#],
        1
    );
}
