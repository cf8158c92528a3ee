//! `deltaic read`: what a stream spells out, as it comes.

use std::{
    io::{self, Write},
    num::NonZeroUsize,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use deltaic::{Reader, Report, Update, Updates};

use crate::{Verdict, args, failure::Failure, input::Input, render::Renderer, report};

/// When things happened, from the first look at the input on.
struct Clock {
    began: Instant,
    first: Option<Duration>,
}

impl Clock {
    /// Notes when the first piece of an answer came.
    fn note(&mut self, updates: Updates<'_>) {
        if self.first.is_some() {
            return;
        }
        let is_answer = |update| !matches!(update, Update::Usage(_) | Update::Done);
        if updates.into_iter().any(is_answer) {
            self.first = Some(self.began.elapsed());
        }
    }
}

pub(crate) fn run(command: &args::Read, reads: Option<NonZeroUsize>) -> Result<Verdict, Failure> {
    let standard_input = [PathBuf::from("-")];
    let files = match &*command.files {
        [] => &standard_input,
        files => files,
    };
    let mut verdict = Verdict::Fine;
    for (at, path) in files.iter().enumerate() {
        if files.len() > 1 && !command.json {
            let blank = if at > 0 { "\n" } else { "" };
            let heading = format!("{blank}==> {} <==", path.display());
            writeln!(report_to(command.tee), "{heading}")?;
        }
        let result = read(path, command, reads);
        match result {
            Err(failure @ Failure::File(..)) if files.len() > 1 => {
                writeln!(io::stderr(), "deltaic: {failure}")?;
                verdict = verdict.and(Verdict::Unreadable);
            }
            result => verdict = verdict.and(result?),
        }
    }
    Ok(verdict)
}

/// Where the report goes: away from the bytes that are passed on.
fn report_to(tee: bool) -> Box<dyn Write> {
    if tee {
        Box::new(anstream::stderr())
    } else {
        Box::new(anstream::stdout())
    }
}

fn read(
    path: &Path,
    command: &args::Read,
    reads: Option<NonZeroUsize>,
) -> Result<Verdict, Failure> {
    let mut input = Input::open(path, reads)?;
    let mut clock = Clock {
        began: Instant::now(),
        first: None,
    };
    let mut renderer = Renderer::new(report_to(command.tee));
    let mut reader = Reader::new();
    loop {
        let mut bytes = input.read()?;
        if bytes.is_empty() {
            break;
        }
        if command.tee {
            let mut stdout = io::stdout().lock();
            stdout.write_all(bytes)?;
            stdout.flush()?;
        }
        while let Some(updates) = reader.next(&mut bytes) {
            clock.note(updates.clone());
            if !command.json {
                renderer.render(updates)?;
            }
        }
        renderer.flush()?;
    }
    while let Some(updates) = reader.finish() {
        if !command.json {
            renderer.render(updates)?;
        }
    }
    let report = reader.into_report();
    let times = input.is_live.then(|| (clock.first, clock.began.elapsed()));
    finish(&report, command, renderer, times)?;
    Ok(if report.outcome.is_complete() {
        Verdict::Fine
    } else {
        Verdict::NotFine
    })
}

fn finish(
    report: &Report,
    command: &args::Read,
    mut renderer: Renderer,
    times: Option<(Option<Duration>, Duration)>,
) -> Result<(), Failure> {
    if command.json {
        writeln!(report_to(command.tee), "{}", report::json(report))?;
        return Ok(());
    }
    renderer.end_line()?;
    let mut parts = vec![report::summary(report)];
    if let Some((first, all)) = times {
        parts.extend(first.map(|first| format!("first after {} ms", first.as_millis())));
        parts.push(format!("{} ms in all", all.as_millis()));
    }
    renderer.line(&parts.join(" · "))?;
    Ok(())
}
