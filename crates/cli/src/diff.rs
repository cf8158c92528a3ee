//! `deltaic diff`: whether two streams come to the same.

mod number;
mod tree;
mod values;

use std::{
    io::Write,
    path::{Path, PathBuf},
};

use anstyle::{AnsiColor, Style};
use deltaic::sse::{Framer, Span};

use crate::{Verdict, check, failure::Failure, place::Lines, report, sources::Source, terminal};
use tree::Tree;

/// Tells whether two streams come to the same completion, usage and outcome; and which is
/// the first event in which they differ, though they may come to the same all the same.
///
/// Findings, and into which events an answer was cut, make no difference.
#[derive(Debug, clap::Args)]
#[command(after_help = HELP)]
pub(crate) struct Options {
    /// A stream; `-` is standard input
    a: PathBuf,

    /// Another
    b: PathBuf,

    /// Leave these members of the completion out, as `created` or `choices[].message.content`
    #[arg(long, value_name = "MEMBER", value_delimiter = ',')]
    ignore: Vec<String>,
}

const HELP: &str = "\
Examples:
  deltaic diff direct.sse through-the-gateway.sse
  deltaic diff --ignore id,created,system_fingerprint monday.sse tuesday.sse

Exit status: 0 if they come to the same, 1 if not.";

const OF_A: Style = AnsiColor::Red.on_default();
const OF_B: Style = AnsiColor::Green.on_default();

/// How many differences are shown.
const SHOWN: usize = 20;

pub(crate) fn run(options: &Options) -> Result<Verdict, Failure> {
    let ((_, a), (_, b)) = (Source::load_one(&options.a)?, Source::load_one(&options.b)?);
    let reports = (check::read([&*a]), check::read([&*b]));
    let mut values = (Tree::of_report(&reports.0), Tree::of_report(&reports.1));
    for member in &options.ignore {
        values.0.remove(member);
        values.1.remove(member);
    }
    let differences = values::differences(&values.0, &values.1);
    let mut out = anstream::stdout().lock();
    for difference in differences.iter().take(SHOWN) {
        let (path, a, b) = (&difference.path, &difference.a, &difference.b);
        writeln!(out, "{path}\n  {OF_A}- {a}{OF_A:#}\n  {OF_B}+ {b}{OF_B:#}")?;
    }
    if let Some(more) = differences.len().checked_sub(SHOWN + 1) {
        writeln!(
            out,
            "… and {}",
            report::counted(more as u64 + 1, "more difference")
        )?;
    }
    match first_apart(&a, &b) {
        Some(apart) => apart.print(&mut out, (&options.a, &a), (&options.b, &b))?,
        None => writeln!(out, "every event is the same")?,
    }
    if differences.is_empty() {
        writeln!(
            out,
            "the same completion, usage and outcome: {}",
            report::summary(&reports.0)
        )?;
        return Ok(Verdict::Fine);
    }
    Ok(Verdict::NotFine)
}

/// The first events that differ: which ones, and where each lies.
struct Apart {
    number: usize,
    a: Option<Span>,
    b: Option<Span>,
}

/// By the names and the data of their events.
fn first_apart(a: &[u8], b: &[u8]) -> Option<Apart> {
    let (mut rests, mut framers) = ((a, b), (Framer::new(), Framer::new()));
    for number in 1.. {
        let event_a = next(&mut framers.0, &mut rests.0);
        let event_b = next(&mut framers.1, &mut rests.1);
        let data = |event: &Option<Found>| event.as_ref().map(|found| found.says.clone());
        if data(&event_a) != data(&event_b) {
            return Some(Apart {
                number,
                a: event_a.map(|found| found.span),
                b: event_b.map(|found| found.span),
            });
        }
        event_a?;
    }
    None
}

struct Found {
    /// Its name, and its data.
    says: (Vec<u8>, Vec<u8>),
    span: Span,
}

/// What is too long for an event is passed by.
fn next(framer: &mut Framer, rest: &mut &[u8]) -> Option<Found> {
    loop {
        let event = match framer.next(rest) {
            Ok(Some(event)) => event,
            Ok(None) => framer.finish()?,
            Err(_) => continue,
        };
        return Some(Found {
            says: (event.name.unwrap_or_default().to_vec(), event.data.to_vec()),
            span: event.span,
        });
    }
}

impl Apart {
    fn print(
        &self,
        out: &mut impl Write,
        a: (&Path, &[u8]),
        b: (&Path, &[u8]),
    ) -> std::io::Result<()> {
        writeln!(
            out,
            "the first event that differs is number {}",
            self.number
        )?;
        let texts = (text(a.1, self.a.as_ref()), text(b.1, self.b.as_ref()));
        let same = texts
            .0
            .iter()
            .zip(texts.1)
            .take_while(|(a, b)| a == b)
            .count();
        for ((path, bytes), span) in [(a, &self.a), (b, &self.b)] {
            let path = terminal::path(path);
            match span {
                Some(span) => {
                    let offset = span.start + same as u64;
                    let place = Lines::of(bytes).place(offset);
                    let (line, column) = (place.line, place.column);
                    writeln!(out, " --> {path}:{line}:{column} (byte {offset})\n{place}")?;
                }
                None => writeln!(out, " --> {path}: has ended")?,
            }
        }
        Ok(())
    }
}

fn text<'s>(stream: &'s [u8], span: Option<&Span>) -> &'s [u8] {
    let range = span.and_then(|span| {
        let (start, end) = (usize::try_from(span.start), usize::try_from(span.end));
        stream.get(start.ok()?..end.ok()?)
    });
    range.unwrap_or_default()
}
