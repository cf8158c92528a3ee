//! What has been counted, as Prometheus reads it.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use deltaic::{First, TapReport, UsageState};

/// The seconds that the histograms have a bucket for.
const BOUNDS: [f64; 10] = [0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0];

/// How many series there may be: a server may call its models as it likes.
const MOST_SERIES: usize = 10_000;

/// How many reads of an answer had come within each bound. That tells the bucket of any
/// of them, and is all that an answer's times take, however long it is.
#[derive(Debug, Default)]
pub(super) struct Arrivals([AtomicU64; BOUNDS.len()]);

impl Arrivals {
    /// A read came after so long.
    pub(super) fn add(&self, after: Duration) {
        for (bound, reads) in BOUNDS.iter().zip(&self.0) {
            if after.as_secs_f64() <= *bound {
                reads.fetch_add(1, Ordering::Relaxed);
            }
        }
    }
}

/// What has been counted.
#[derive(Debug, Default)]
pub struct Meter(Mutex<Totals>);

#[derive(Debug, Default)]
struct Totals {
    /// By the name and labels of a series.
    counters: BTreeMap<String, u64>,
    /// By what came first: how often it came within each bound, and at all.
    first: BTreeMap<&'static str, ([u64; BOUNDS.len()], u64)>,
}

impl Meter {
    /// Adds what a tap has seen of an answer.
    pub(super) fn count(&self, seen: &TapReport, arrivals: &Arrivals) {
        let mut totals = self.totals();
        let report = &seen.report;
        let (outcome, end) = (report.outcome, seen.end.name());
        totals.add(
            format!(r#"llm_streams_total{{outcome="{outcome}",end="{end}"}}"#),
            1,
        );
        if seen.unread.is_some() {
            totals.add("llm_unread_total".into(), 1);
        }
        for finding in report.findings.as_slice() {
            totals.add(
                format!(r#"llm_findings_total{{kind="{}"}}"#, finding.kind),
                1,
            );
        }
        if let Some(completion) = &report.completion
            && let Some(usage) = &completion.usage
        {
            let model = label(completion.model.as_deref().unwrap_or_default());
            let complete = report.usage == UsageState::Complete;
            let figures = usage.figures();
            for (kind, tokens) in [
                ("prompt", figures.prompt_tokens()),
                ("cached", figures.cached_tokens()),
                ("completion", figures.completion_tokens()),
                ("reasoning", figures.reasoning_tokens()),
            ] {
                let labels = format!(r#"model="{model}",kind="{kind}",complete="{complete}""#);
                let series = format!("llm_tokens_total{{{labels}}}");
                totals.add(series, tokens.unwrap_or_default());
            }
        }
        totals.add_first(seen.first, arrivals);
    }

    /// Adds one that was not answered at all.
    pub(super) fn count_unreached(&self) {
        let series = r#"llm_streams_total{outcome="empty",end="unreached"}"#;
        self.totals().add(series.into(), 1);
    }

    fn totals(&self) -> MutexGuard<'_, Totals> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Totals {
    fn add(&mut self, series: String, count: u64) {
        if count == 0 {
            return;
        }
        let is_one_more =
            self.counters.len() >= MOST_SERIES && !self.counters.contains_key(&series);
        let series = if is_one_more {
            "llm_other_total".into()
        } else {
            series
        };
        *self.counters.entry(series).or_default() += count;
    }

    fn add_first(&mut self, first: First, arrivals: &Arrivals) {
        for (part, read) in [
            ("role", first.role),
            ("reasoning", first.reasoning),
            ("content", first.content),
            ("tool", first.tool),
        ] {
            let Some(read) = read else { continue };
            let (buckets, count) = self.first.entry(part).or_default();
            *count += 1;
            for (bucket, reads) in buckets.iter_mut().zip(&arrivals.0) {
                *bucket += u64::from(reads.load(Ordering::Relaxed) > read);
            }
        }
    }
}

impl fmt::Display for Meter {
    /// Writes all series, as Prometheus reads them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let totals = self.totals();
        let mut last = "";
        for (series, count) in &totals.counters {
            let name = series.split('{').next().unwrap_or_default();
            if name != last {
                writeln!(f, "# TYPE {name} counter")?;
                last = name;
            }
            writeln!(f, "{series} {count}")?;
        }
        // Their sums would need a time for each read.
        writeln!(f, "# TYPE llm_first_seconds histogram")?;
        for (part, (buckets, count)) in &totals.first {
            let name = "llm_first_seconds";
            for (bound, bucket) in BOUNDS.iter().zip(buckets) {
                writeln!(f, r#"{name}_bucket{{part="{part}",le="{bound}"}} {bucket}"#)?;
            }
            writeln!(f, r#"{name}_bucket{{part="{part}",le="+Inf"}} {count}"#)?;
            writeln!(f, r#"{name}_count{{part="{part}"}} {count}"#)?;
        }
        Ok(())
    }
}

/// A text between the quotes of a label.
fn label(text: &str) -> String {
    let text: String = text.chars().take(100).collect();
    let text = text.replace('\\', r"\\").replace('"', r#"\""#);
    text.replace('\n', r"\n")
}
