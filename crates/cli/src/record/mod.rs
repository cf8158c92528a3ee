//! `deltaic record`: a stream kept as it comes, with the time of each read.

mod files;

use std::{
    ffi::OsString,
    fs::File,
    io::{self, ErrorKind, Write},
    num::NonZeroUsize,
    path::{Path, PathBuf},
    process::{self, Child, Command, Stdio},
    sync::mpsc::{Receiver, SyncSender, sync_channel},
    thread,
    time::{Duration, Instant},
};

use deltaic::{Reader, Report};

use crate::{
    Verdict, args::Reads, failure::Failure, input::Input, output::standard_output, report::summary,
    terminal,
};
use files::Files;

/// Runs a command and keeps the stream that it prints: the bytes as they are, and beside
/// them, in NAME.times, when each read came. Without a command, standard input is kept.
///
/// The bytes are passed on to standard output as they come; how the stream ended is told
/// on stderr.
#[derive(Debug, clap::Args)]
#[command(after_help = RECORD)]
pub(crate) struct Options {
    /// Where to keep the bytes
    #[arg(short, long, value_name = "FILE", default_value = "recording.sse")]
    output: PathBuf,

    /// Write over files that exist
    #[arg(long)]
    force: bool,

    #[command(flatten)]
    pub(crate) reads: Reads,

    /// What to run
    #[arg(last = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

const RECORD: &str = "\
What is kept is what came, written as it comes: Ctrl-C ends a recording and loses none
of it; another ends it at once, even where standard output stalls. The command line is
not written down, as it may hold a key. Where standard output takes no more, the
recording goes on. Where the command fails and no byte came, new files are removed.

Each line of NAME.times is a read: microseconds since the command was started, and how
many bytes came. The last has none: it is the end. `deltaic replay` plays it again.
NAME is the file's without .sse; of another ending nothing is taken away.

Examples:
  deltaic record -o hi.sse -- curl -N https://… -d @request.json
  deltaic record -o hi.sse -- curl -N … | deltaic read     watch what is recorded
  curl -N … | deltaic record -o hi.sse > /dev/null         what another program prints

Exit status:
  0    the stream is complete
  1    it is truncated, failed or empty, or the command failed
  2    wrong usage, a file that exists or cannot be written, or the command cannot
       be started
  130  Ctrl-C came twice";

pub(crate) fn run(options: &Options) -> Result<Verdict, Failure> {
    let files = Files::open(&options.output, options.force)?;
    let (send, came) = sync_channel(64);
    // Where it cannot be caught, what has come is kept all the same.
    let _ = ctrlc::set_handler(on_interrupt(send.clone()));
    let began = Instant::now();
    let (input, child) = match source(&options.command, options.reads.len) {
        Ok(source) => source,
        Err(failure) => {
            files.discard();
            return Err(failure);
        }
    };
    read_on(input, began, send);
    let mut files = files.begin()?;
    let (report, last) = keep(&mut files, began, &came)?;
    let path = terminal::path(&options.output);
    writeln!(io::stderr(), "{path}: {}", summary(&report))?;
    let verdict = Verdict::fine_if(report.outcome.is_complete());
    let Some((program, child)) = child else {
        return Ok(verdict);
    };
    let ended = end(child, program, last)?;
    if ended != Verdict::Fine && files.is_empty() {
        files.discard();
    }
    Ok(verdict.and(ended))
}

/// What the first Ctrl-C does, and what any other does.
fn on_interrupt(send: SyncSender<Came>) -> impl FnMut() + Send {
    let mut first = Some(send);
    move || match first.take() {
        // Not here: it waits while standard output stalls, and the next is to be heard.
        Some(send) => drop(thread::spawn(move || send.send(Came::Interrupt))),
        None => process::exit(INTERRUPTED),
    }
}

/// As a shell has it: 128, and the number of the signal.
const INTERRUPTED: i32 = 130;

/// A program by its name; what it is called with is told to nobody.
type Started<'o> = (&'o OsString, Child);

/// Where the stream comes from: a command that is started here, or standard input.
fn source(
    command: &[OsString],
    reads: Option<NonZeroUsize>,
) -> Result<(Input, Option<Started<'_>>), Failure> {
    let Some((program, arguments)) = command.split_first() else {
        return Ok((Input::open(Path::new("-"), reads)?, None));
    };
    let mut command = Command::new(program);
    let started = command.args(arguments).stdout(Stdio::piped()).spawn();
    let mut child = started.map_err(|error| Failure::file(program, error))?;
    let stdout = child.stdout.take().expect("it is piped");
    let name = "standard output of the command";
    Ok((Input::live(name, stdout, reads), Some((program, child))))
}

/// What comes while a stream is recorded.
enum Came {
    /// A read, and when it came; empty at the end.
    Read(Duration, Vec<u8>),
    /// What cannot be read.
    Failed(Failure),
    /// Ctrl-C.
    Interrupt,
}

/// What ended a recording.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Last {
    End,
    Interrupt,
}

/// Reads in a thread of its own, so that writing delays no time.
fn read_on(mut input: Input, began: Instant, send: SyncSender<Came>) {
    thread::spawn(move || {
        loop {
            let came = match input.read() {
                Ok(bytes) => Came::Read(began.elapsed(), bytes.to_vec()),
                Err(failure) => Came::Failed(failure),
            };
            let is_last = !matches!(&came, Came::Read(_, bytes) if !bytes.is_empty());
            if send.send(came).is_err() || is_last {
                return;
            }
        }
    });
}

/// Waits for the command, and tells if it failed.
fn end(mut child: Child, program: &OsString, last: Last) -> Result<Verdict, Failure> {
    if last == Last::Interrupt {
        // It may have ended already, as Ctrl-C meets it too.
        let _ = child.kill();
    }
    let status = child
        .wait()
        .map_err(|error| Failure::file(program, error))?;
    if status.success() || last == Last::Interrupt {
        return Ok(Verdict::Fine);
    }
    let failure = Failure::file(program, format_args!("ended with {status}"));
    writeln!(io::stderr(), "deltaic: {failure}")?;
    Ok(Verdict::NotFine)
}

/// Keeps what comes in `files`, and passes it on.
fn keep(
    files: &mut Files<'_>,
    began: Instant,
    came: &Receiver<Came>,
) -> Result<(Report, Last), Failure> {
    let mut watcher = Some(standard_output()?);
    let mut reader = Reader::new();
    loop {
        let (at, read, last) = match came.recv() {
            Ok(Came::Read(at, read)) => (at, read, Last::End),
            Ok(Came::Failed(failure)) => return Err(failure),
            Ok(Came::Interrupt) | Err(_) => (began.elapsed(), Vec::new(), Last::Interrupt),
        };
        files.write(at, &read)?;
        if read.is_empty() {
            return Ok((reader.into_report(), last));
        }
        watcher = watcher.and_then(|stdout| pass_on(stdout, &read));
        reader.push(&read);
    }
}

/// Standard output, if it takes more: what it does not take is kept all the same.
fn pass_on(mut stdout: File, read: &[u8]) -> Option<File> {
    let Err(error) = stdout.write_all(read) else {
        return Some(stdout);
    };
    // Whoever reads it may have seen enough.
    if error.kind() != ErrorKind::BrokenPipe {
        let failure = Failure::Output(error);
        let _ = writeln!(io::stderr(), "deltaic: {failure}, the recording goes on");
    }
    None
}
