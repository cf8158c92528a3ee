//! `deltaic check`: what is odd in streams.

mod cuts;

use std::{
    io::Write,
    path::{Path, PathBuf},
};

use anstyle::{AnsiColor, Style};
use deltaic::{Finding, Reader, Report, Severity};
use serde::Serialize;

use crate::{
    Verdict,
    args::Reads,
    failure::Failure,
    place::Lines,
    report::{counted, summary},
    sources::each_whole,
    terminal,
};
use cuts::Cuts;

/// Tells what is odd in streams: each finding with how much it matters, the byte offset, and the
/// line that it stands in; then a line for each stream.
///
/// An `error` is where something was dropped or is broken, a `warning` where one of two things was
/// chosen, a `note` what is odd and does no harm.
///
/// Of a directory are taken, also below it, the files named .sse and the cassettes
/// (.yaml, .yml, .json, .har, by what they hold).
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Options {
    /// Streams, cassettes, directories; `-` is standard input
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,

    /// Also read each stream cut in two at every byte, and compare
    #[arg(long)]
    cuts: bool,

    /// Print one JSON object per stream, and nothing else
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    pub(crate) reads: Reads,
}

const EXAMPLES: &str = "\
Examples:
  deltaic check saved.sse
  curl -N … | deltaic check -
  deltaic check --cuts recordings            is it read alike however it is cut?
  deltaic check --json *.sse | jq '.findings[] | select(.severity == \"error\")'

Exit status: 1 if a stream is not complete, or something was found.";

/// The object that `--json` prints.
#[derive(Serialize)]
struct Json<'a> {
    file: String,
    outcome: &'a str,
    findings: Vec<Found<'a>>,
    /// Findings past the number that is kept.
    findings_omitted: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    cuts: Option<Cuts>,
}

#[derive(Serialize)]
struct Found<'a> {
    severity: &'a str,
    kind: &'a str,
    offset: u64,
    line: usize,
    column: usize,
    detail: &'a str,
}

pub(crate) fn run(options: &Options) -> Result<Verdict, Failure> {
    let reads = options.reads.len;
    each_whole(&options.files, |path, bytes| {
        let report = match reads {
            None => read([bytes]),
            Some(len) => read(bytes.chunks(len.get())),
        };
        let cuts = options.cuts.then(|| Cuts::try_all(bytes, &report));
        if options.json {
            print_json(path, bytes, &report, cuts.clone())?;
        } else {
            print(path, bytes, &report, cuts.as_ref())?;
        }
        let is_fine = report.outcome.is_complete()
            && report.findings.as_slice().is_empty()
            && cuts.is_none_or(|cuts| cuts.are_alike());
        Ok(Verdict::fine_if(is_fine))
    })
}

/// Reads a stream that comes in these reads.
pub(crate) fn read<'r>(reads: impl IntoIterator<Item = &'r [u8]>) -> Report {
    let mut reader = Reader::new();
    for mut read in reads {
        while reader.next(&mut read).is_some() {}
    }
    reader.into_report()
}

fn print(path: &Path, bytes: &[u8], report: &Report, cuts: Option<&Cuts>) -> Result<(), Failure> {
    let mut out = anstream::stdout().lock();
    let (path, lines) = (terminal::path(path), Lines::of(bytes));
    for finding in report.findings.as_slice() {
        let Finding { kind, offset, .. } = finding;
        let place = lines.place(*offset);
        let (severity, style) = (kind.severity(), style(kind.severity()));
        let detail = terminal::in_one_line(&finding.detail);
        writeln!(out, "{style}{severity}{style:#}: {kind}: {detail}")?;
        let margin = " ".repeat(place.line.to_string().len());
        writeln!(
            out,
            "{margin}--> {path}:{}:{} (byte {offset})",
            place.line, place.column
        )?;
        writeln!(out, "{place}\n")?;
    }
    let omitted = report.findings.omitted();
    if omitted > 0 {
        writeln!(out, "{path}: and {}", counted(omitted, "more finding"))?;
    }
    writeln!(out, "{path}: {}", summary(report))?;
    for line in cuts.into_iter().flat_map(Cuts::lines) {
        writeln!(out, "{path}: {line}")?;
    }
    Ok(())
}

fn style(severity: Severity) -> Style {
    let colour = match severity {
        Severity::Error => AnsiColor::Red,
        Severity::Warning => AnsiColor::Yellow,
        _ => AnsiColor::Blue,
    };
    colour.on_default().bold()
}

fn print_json(
    path: &Path,
    bytes: &[u8],
    report: &Report,
    cuts: Option<Cuts>,
) -> Result<(), Failure> {
    let lines = Lines::of(bytes);
    let findings = report.findings.as_slice().iter().map(|finding| {
        let place = lines.place(finding.offset);
        Found {
            severity: finding.kind.severity().name(),
            kind: finding.kind.name(),
            offset: finding.offset,
            line: place.line,
            column: place.column,
            detail: &finding.detail,
        }
    });
    let json = Json {
        file: path.display().to_string(),
        outcome: report.outcome.name(),
        findings: findings.collect(),
        findings_omitted: report.findings.omitted(),
        cuts,
    };
    terminal::print_json(&json)
}
