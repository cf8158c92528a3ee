//! `deltaic record`, over commands and pipes.
#![cfg(unix)]

use std::{
    fs,
    io::{Read, Write},
    path::{Path, PathBuf},
    process::{Child, Command},
    thread,
    time::{Duration, Instant},
};

use common::{WHOLE, command, end, path, run, start};
use tempfile::TempDir;

mod common;

const SUMMARY: &str = "done · stop · 2 chunks";

/// A directory, and where a recording goes in it.
fn place() -> (TempDir, PathBuf) {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("a.sse");
    (directory, file)
}

/// The times beside a recording: microseconds and bytes of each read.
fn times(file: &Path) -> Vec<(u64, usize)> {
    let text = fs::read_to_string(file.with_extension("times")).expect("they are kept");
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let pair = |line: &str| -> Option<_> {
        let (at, len) = line.split_once(' ')?;
        Some((at.parse().ok()?, len.parse().ok()?))
    };
    lines.map(|line| pair(line).expect(line)).collect()
}

/// Records what a shell does.
fn record(file: &Path, script: &str) -> (i32, Vec<u8>, String) {
    run(&["record", "-o", path(file), "--", "sh", "-c", script])
}

fn interrupt(child: &Child) {
    let status = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(status.expect("it is there").success());
}

#[test]
fn bytes_are_passed_on_and_kept_with_their_times() {
    let (directory, file) = place();
    let from = directory.path().join("from");
    let odd = [WHOLE.as_bytes(), b": \xFF\x00\r\n"].concat();
    fs::write(&from, &odd).expect("it is written");
    let script = format!(
        "head -c 30 {from}; sleep 0.2; tail -c +31 {from}; sleep 0.1",
        from = path(&from)
    );
    let (code, stdout, told) = record(&file, &script);
    assert_eq!(stdout, odd);
    assert_eq!(fs::read(&file).expect("it is kept"), odd);
    assert_eq!(told, format!("{}: {SUMMARY}\n", file.display()));
    assert_eq!(code, 0);
    let times = times(&file);
    let [(first, 30), .., (last, _), (end, 0)] = times[..] else {
        panic!("{times:?}");
    };
    assert!(last - first >= 150_000 && end - last >= 50_000, "{times:?}");
    let all: usize = times.iter().map(|(_, len)| len).sum();
    assert_eq!(all, odd.len());
}

#[test]
fn reads_are_as_long_as_asked() {
    let (_directory, file) = place();
    let script = format!("printf '%s' '{}'", WHOLE.replace("\n\n", "\n\n\n"));
    let arguments = ["--reads", "50", "record", "-o", path(&file), "--", "sh"];
    let (code, ..) = run(&[&arguments[..], &["-c", &script]].concat());
    assert_eq!(code, 0);
    let times = times(&file);
    let (end, reads) = times.split_last().expect("there is an end");
    assert!(reads.iter().all(|(_, len)| (1..=50).contains(len)));
    assert!(reads.len() > 1 && end.1 == 0, "{times:?}");
}

#[test]
fn standard_input_is_recorded_as_it_comes() {
    let (_directory, file) = place();
    let mut child = start(&["record", "-o", path(&file)]);
    let mut stdin = child.stdin.take().expect("it is piped");
    let mut stdout = child.stdout.take().expect("it is piped");
    let (before, behind) = WHOLE.as_bytes().split_at(60);
    stdin.write_all(before).expect("it is taken");
    let mut seen = vec![0; 60];
    stdout.read_exact(&mut seen).expect("it comes at once");
    assert_eq!(fs::read(&file).expect("it is kept at once"), before);
    assert_eq!(times(&file)[0].1, 60);
    stdin.write_all(behind).expect("it is taken");
    drop(stdin);
    stdout.read_to_end(&mut seen).expect("the rest comes");
    assert_eq!(seen, WHOLE.as_bytes());
    let (code, _, told) = end(child);
    assert_eq!(told, format!("{}: {SUMMARY}\n", file.display()));
    assert_eq!(code, 0);
    assert_eq!(fs::read(&file).expect("it is kept"), WHOLE.as_bytes());
}

#[test]
fn the_exit_status_is_the_outcome_and_the_command_s() {
    let whole = format!("printf '%s' '{WHOLE}'");
    for (script, code, outcome, why) in [
        (whole.clone(), 0, SUMMARY, ""),
        ("echo".into(), 1, "empty · 0 chunks", ""),
        (
            format!("{whole}; exit 22"),
            1,
            SUMMARY,
            "deltaic: sh: ended with exit status: 22\n",
        ),
        (
            format!("{whole}; kill -9 $$"),
            1,
            SUMMARY,
            "deltaic: sh: ended with signal: 9 (SIGKILL)\n",
        ),
    ] {
        let (_directory, file) = place();
        let (seen, _, told) = record(&file, &script);
        assert_eq!(told, format!("{}: {outcome}\n{why}", file.display()));
        assert_eq!(seen, code, "{script}");
    }
}

#[test]
fn a_command_that_cannot_be_started_leaves_nothing_behind() {
    let (directory, file) = place();
    let arguments = ["record", "-o", path(&file), "--", "/nowhere/curl", "-H"];
    let (code, _, told) = run(&[&arguments[..], &["authorization: secret"]].concat());
    assert_eq!(
        told,
        "deltaic: /nowhere/curl: No such file or directory (os error 2)\n"
    );
    assert_eq!(code, 2);
    let left = fs::read_dir(directory.path()).expect("it is there");
    assert_eq!(left.count(), 0);
    // What was there stays, even where it may be written over.
    fs::write(&file, "old").expect("it is written");
    let (code, ..) = run(&["record", "--force", "-o", path(&file), "--", "/nowhere"]);
    assert_eq!(code, 2);
    assert_eq!(fs::read(&file).expect("it is there"), b"old");
}

#[test]
fn a_command_that_fails_without_a_byte_leaves_nothing_behind() {
    for (script, code, left) in [
        ("exit 7", 1, 0),
        ("echo; exit 7", 1, 2),
        // Nothing failed: this is what it says.
        ("exit 0", 1, 2),
    ] {
        let (directory, file) = place();
        let (seen, ..) = record(&file, script);
        assert_eq!(seen, code, "{script}");
        let files = fs::read_dir(directory.path()).expect("it is there");
        assert_eq!(files.count(), left, "{script}");
    }
    // What was there stays, though it is written over.
    let (_directory, file) = place();
    fs::write(&file, "old").expect("it is written");
    let (code, ..) = run(&["record", "--force", "-o", path(&file), "--", "false"]);
    assert_eq!(code, 1);
    assert_eq!(fs::read(&file).expect("it is there"), b"");
}

#[test]
fn no_file_is_written_over_unless_asked() {
    for existing in ["a.sse", "a.times"] {
        let (directory, file) = place();
        let existing = directory.path().join(existing);
        let old = "old ".repeat(1_000);
        fs::write(&existing, &old).expect("it is written");
        let ran = directory.path().join("ran");
        let (code, _, told) = record(&file, &format!("touch {}", path(&ran)));
        let expected = format!(
            "deltaic: {}: exists, expected a new file, or --force\n",
            existing.display()
        );
        assert_eq!(told, expected);
        assert_eq!(code, 2);
        assert!(!ran.exists(), "it was not even started");
        assert_eq!(fs::read(&existing).expect("it is there"), old.as_bytes());
        let left = fs::read_dir(directory.path()).expect("it is there");
        assert_eq!(left.count(), 1);

        let arguments = ["record", "--force", "-o", path(&file), "--", "printf"];
        let (code, ..) = run(&[&arguments[..], &["%s", WHOLE]].concat());
        assert_eq!(code, 0);
        assert_eq!(fs::read(&file).expect("it is kept"), WHOLE.as_bytes());
        let all: usize = times(&file).iter().map(|(_, len)| len).sum();
        assert_eq!(all, WHOLE.len());
    }
}

#[test]
fn a_name_that_leaves_none_for_the_times_is_refused() {
    let (_directory, file) = place();
    let file = file.with_extension("times");
    let (code, _, told) = run(&["record", "-o", path(&file)]);
    assert!(told.contains("expected another name"), "{told}");
    assert_eq!((code, told.lines().count()), (2, 1));
    assert!(!file.exists());
}

#[test]
fn recordings_that_differ_in_their_ending_have_times_of_their_own() {
    let (directory, _) = place();
    let at = |name: &str| directory.path().join(name);
    for name in ["run.1", "run.2", "run.sse"] {
        let script = format!("printf '%s' '{WHOLE}'");
        let (code, _, told) = record(&at(name), &script);
        assert_eq!(code, 0, "{told}");
    }
    for name in ["run.1.times", "run.2.times", "run.times"] {
        assert!(at(name).exists(), "{name}");
    }
    // They are found again, and beside cassettes none is looked for.
    let recorded = ["replay", "--stdout", "--pace=recorded"];
    let (code, _, told) = run(&[&recorded[..], &[path(&at("run.2"))]].concat());
    assert_eq!((code, &*told), (0, ""));
    let cassette = deltaic_corpus::directory().join("cassettes/groq-hi.yaml");
    fs::copy(cassette, at("run.yaml")).expect("it is copied");
    fs::copy(at("run.times"), at("run.yaml.times")).expect("it is copied");
    for command in [&["replay", "--stdout"][..], &["view", "-o", "-"]] {
        let (code, _, told) = run(&[command, &[path(&at("run.yaml"))]].concat());
        assert_eq!((code, &*told), (0, ""));
    }
}

#[test]
fn standard_output_is_no_name_of_a_file() {
    let (directory, _) = place();
    for arguments in [&["-o", "-"][..], &["--force", "-o", "-"]] {
        let mut command = command(&[&["record"], arguments].concat());
        command.current_dir(directory.path());
        let (code, _, told) = end(command.spawn().expect("it starts"));
        let why = "is standard output, where all goes anyway, expected a file's name";
        assert_eq!((code, told), (2, format!("deltaic: -: {why}\n")));
    }
    let left = fs::read_dir(directory.path()).expect("it is there");
    assert_eq!(left.count(), 0);
}

#[test]
fn ctrl_c_keeps_what_has_come_and_tells_how_it_ended() {
    let script = format!("printf '%s' '{}'; exec sleep 60", &WHOLE[..60]);
    for arguments in [&["--", "sh", "-c", &script][..], &[]] {
        let (_directory, file) = place();
        let began = Instant::now();
        let mut child = start(&[&["record", "-o", path(&file)], arguments].concat());
        let mut stdin = child.stdin.take().expect("it is piped");
        if arguments.is_empty() {
            let written = stdin.write_all(&WHOLE.as_bytes()[..60]);
            written.expect("it is taken");
        }
        let mut stdout = child.stdout.take().expect("it is piped");
        stdout.read_exact(&mut [0; 60]).expect("it comes");
        interrupt(&child);
        let (code, _, told) = end(child);
        assert_eq!(code, 1);
        assert!(began.elapsed() < Duration::from_secs(30), "it was ended");
        let expected = format!("{}: truncated · 1 chunk · 2 findings\n", file.display());
        assert_eq!(told, expected);
        assert_eq!(
            fs::read(&file).expect("it is kept"),
            &WHOLE.as_bytes()[..60]
        );
        let times = times(&file);
        assert!(matches!(times[..], [(_, 60), (_, 0)]), "{times:?}");
    }
}

/// Records without end, until nobody takes what is passed on.
fn stalled(file: &Path) -> Child {
    let child = start(&["record", "-o", path(file), "--", "yes", ": ping"]);
    let len = || fs::metadata(file).map_or(0, |data| data.len());
    let mut before = 0;
    loop {
        thread::sleep(Duration::from_millis(300));
        match len() {
            now if now > 0 && now == before => return child,
            now => before = now,
        }
    }
}

#[test]
fn ctrl_c_is_heard_once_standard_output_goes_on() {
    let (_directory, file) = place();
    let child = stalled(&file);
    interrupt(&child);
    let (code, stdout, told) = end(child);
    assert_eq!(code, 1);
    assert!(told.contains(": empty"), "{told}");
    assert!(fs::read(&file).expect("it is kept") == stdout);
    assert_eq!(times(&file).last().expect("there is an end").1, 0);
}

#[test]
fn ctrl_c_twice_ends_it_at_once_with_all_that_was_written() {
    let (_directory, file) = place();
    let mut child = stalled(&file);
    let kept = fs::read(&file).expect("it is kept");
    interrupt(&child);
    thread::sleep(Duration::from_millis(200));
    interrupt(&child);
    let began = Instant::now();
    while child.try_wait().expect("it can be asked").is_none() {
        if began.elapsed() > Duration::from_secs(10) {
            child.kill().expect("it can be ended");
            panic!("it goes on");
        }
        thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(child.wait().expect("it has ended").code(), Some(130));
    assert!(fs::read(&file).expect("it is kept") == kept);
    let all: usize = times(&file).iter().map(|(_, len)| len).sum();
    assert_eq!(all, kept.len());
}

#[test]
fn it_goes_on_where_nobody_watches() {
    let (_directory, file) = place();
    let mut child = start(&["record", "-o", path(&file)]);
    drop(child.stdout.take());
    let mut stdin = child.stdin.take().expect("it is piped");
    let long = ": ping\n\n".repeat(20_000) + WHOLE;
    stdin.write_all(long.as_bytes()).expect("it is taken");
    drop(stdin);
    let (code, _, told) = end(child);
    assert_eq!(told, format!("{}: {SUMMARY}\n", file.display()));
    assert_eq!(code, 0);
    assert_eq!(fs::read(&file).expect("it is kept"), long.as_bytes());
}

#[test]
#[cfg(target_os = "linux")]
fn it_goes_on_where_standard_output_fails_and_tells_it_once() {
    let (_directory, file) = place();
    let full = fs::File::options().write(true).open("/dev/full");
    let script = format!("echo; sleep 0.1; echo; sleep 0.1; printf '%s' '{WHOLE}'");
    let mut command = command(&["record", "-o", path(&file), "--", "sh", "-c", &script]);
    command.stdout(full.expect("it is there"));
    let (code, _, told) = end(command.spawn().expect("it starts"));
    let why = "deltaic: cannot write the output: No space left on device (os error 28), \
               the recording goes on\n";
    assert_eq!(told, format!("{why}{}: {SUMMARY}\n", file.display()));
    assert_eq!(code, 0);
    let expected = format!("\n\n{WHOLE}");
    assert_eq!(fs::read(&file).expect("it is kept"), expected.as_bytes());
}

#[test]
fn nothing_of_the_command_line_is_kept() {
    let (directory, file) = place();
    let arguments = ["record", "-o", path(&file), "--", "sh", "-c"];
    let (code, stdout, told) =
        run(&[&arguments[..], &["echo; exit 3 # secret", "secret"]].concat());
    assert_eq!(code, 1);
    assert!(stdout == b"\n" && !told.contains("secret"), "{told}");
    for entry in fs::read_dir(directory.path()).expect("it is there") {
        let text = fs::read_to_string(entry.expect("it is there").path());
        assert!(!text.expect("it is text").contains("secret"));
    }
}
