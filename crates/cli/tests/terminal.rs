//! What a person sees on a terminal, and what one gets who asks for man pages and completions.
#![cfg(unix)]

use std::{
    fs::{File, OpenOptions},
    io::{Read, Write},
    process::{Command, Stdio},
    sync::mpsc::{Receiver, channel},
    thread,
    time::{Duration, Instant},
};

use rustix::{
    pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt},
    termios::{Winsize, tcsetwinsize},
};
use vt100::{Color, Parser, Screen};

const DIM_TEXT: &str = "data: {\"choices\":[{\"index\":0,\"delta\":{\"reasoning\":\"Hm.\"}}]}\n\n";
const TEXT: &str =
    "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Oi! \\u001b[2J\"}}]}\n\n";
const CALL: &str = "data: {\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"a\",\
     \"function\":{\"name\":\"add\",\"arguments\":\"{\\\"a\\\": \"}}]}}]}\n\n";
const MORE: &str = "data: {\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\
     \"function\":{\"arguments\":\"2}\"}}]}}]}\n\n";
const END: &str = "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"tool_calls\"}],\
     \"usage\":{\"prompt_tokens\":1,\"completion_tokens\":9}}\n\n";

/// A terminal of 24 lines of 100 columns, and the command that has it.
struct Terminal {
    screen: Parser,
    output: Receiver<Vec<u8>>,
    child: std::process::Child,
}

impl Terminal {
    fn start(arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        Self::start_with(arguments, variables, None)
    }

    /// With standard output elsewhere.
    fn start_with(arguments: &[&str], variables: &[(&str, &str)], stdout: Option<Stdio>) -> Self {
        let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY;
        let leader = openpt(flags).expect("there are terminals");
        grantpt(&leader).expect("it is ours");
        unlockpt(&leader).expect("it is ours");
        let name = ptsname(&leader, Vec::new()).expect("it has a name");
        let name = name.to_str().expect("it is ASCII");
        let size = Winsize {
            ws_row: 24,
            ws_col: 100,
            ws_xpixel: 0,
            ws_ypixel: 0,
        };
        tcsetwinsize(&leader, size).expect("it has a size");
        let open = || OpenOptions::new().read(true).write(true).open(name);
        let follower = |_: &str| Stdio::from(open().expect("it is there"));
        let mut command = Command::new(env!("CARGO_BIN_EXE_deltaic"));
        command.args(arguments).env("TERM", "xterm-256color");
        for other in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "CI"] {
            command.env_remove(other);
        }
        command.envs(variables.iter().copied());
        command.stdin(Stdio::piped());
        command
            .stdout(stdout.unwrap_or_else(|| follower("out")))
            .stderr(follower("err"));
        let child = command.spawn().expect("it starts");
        drop(command);
        let (sender, output) = channel();
        let mut leader = File::from(leader);
        thread::spawn(move || {
            let mut read = [0; 4096];
            // An error says that the other end is closed.
            while let Ok(len @ 1..) = leader.read(&mut read) {
                if sender.send(read[..len].to_vec()).is_err() {
                    break;
                }
            }
        });
        Self {
            screen: Parser::new(24, 100, 0),
            output,
            child,
        }
    }

    fn type_in(&mut self, text: &str) {
        let input = self.child.stdin.as_mut().expect("it is open");
        input.write_all(text.as_bytes()).expect("it is read");
    }

    /// Waits until that is seen.
    #[track_caller]
    fn see(&mut self, text: &str) {
        let began = Instant::now();
        while !self.screen.screen().contents().contains(text) {
            let left = Duration::from_secs(20).saturating_sub(began.elapsed());
            let bytes = self.output.recv_timeout(left).unwrap_or_else(|error| {
                let seen = self.screen.screen().contents();
                panic!("{error}: no {text:?} in {seen:?}")
            });
            self.screen.process(&bytes);
        }
    }

    /// Closes the input, and gives what is seen at the end, and the exit code.
    fn end(mut self) -> (Screen, Option<i32>) {
        drop(self.child.stdin.take());
        let status = self.child.wait().expect("it ends");
        while let Ok(bytes) = self.output.recv() {
            self.screen.process(&bytes);
        }
        (self.screen.screen().clone(), status.code())
    }
}

/// What a cell looks like where `text` begins.
#[track_caller]
fn cell<'s>(screen: &'s Screen, text: &str) -> &'s vt100::Cell {
    let mut lines = screen.rows(0, 100).zip(0..);
    let found = lines.find_map(|(line, row)| {
        let before = line.split_once(text)?.0;
        screen.cell(row, u16::try_from(before.chars().count()).ok()?)
    });
    found.expect("it is seen")
}

#[test]
fn each_piece_is_seen_as_it_comes() {
    let mut terminal = Terminal::start(&[], &[]);
    terminal.type_in(DIM_TEXT);
    terminal.see("Hm.");
    // Half an event says nothing yet.
    let (half, rest) = TEXT.split_at(60);
    terminal.type_in(half);
    terminal.type_in(rest);
    // What would clear the screen is shown; this terminal leaves U+FFFD out.
    terminal.see("Oi! [2J");
    terminal.type_in(CALL);
    terminal.see("→ add {\"a\":");
    // A model takes its time.
    thread::sleep(Duration::from_millis(5));
    terminal.type_in(MORE);
    terminal.see("→ add {\"a\": 2} ✓");
    terminal.type_in(END);
    let (screen, code) = terminal.end();
    assert_eq!(code, Some(0));
    let lines: Vec<String> = screen.contents().lines().map(Into::into).collect();
    assert_eq!(lines[..3], ["Hm.", "Oi! [2J", "→ add {\"a\": 2} ✓"]);
    let (last, times) = lines[3].split_once(" · TTFT ").expect("there are times");
    assert_eq!(last, "[finished · tool_calls · 1 + 9 tokens · 5 chunks");
    for word in ["between pieces p50 ", " p99 ", " tokens/s", " in all]"] {
        assert!(times.contains(word), "{times}");
    }
    assert!(cell(&screen, "Hm.").dim());
    assert!(!cell(&screen, "Oi!").dim());
    assert_eq!(cell(&screen, "→ add").fgcolor(), Color::Idx(6));
    assert!(cell(&screen, "[finished").dim());
    assert!(!screen.hide_cursor());
}

#[test]
fn who_wants_no_colour_gets_none() {
    for variables in [&[("NO_COLOR", "1")][..], &[("TERM", "dumb")]] {
        let mut terminal = Terminal::start(&["check", "-"], variables);
        terminal.type_in("data: {oops}\n\n");
        let (screen, code) = terminal.end();
        assert_eq!(code, Some(1));
        let seen = cell(&screen, "error: invalid_json");
        assert_eq!((seen.fgcolor(), seen.bold()), (Color::Default, false));
    }
    let mut terminal = Terminal::start(&["check", "-"], &[]);
    terminal.type_in("data: {oops}\n\n");
    let (screen, _) = terminal.end();
    assert_eq!(
        cell(&screen, "error: invalid_json").fgcolor(),
        Color::Idx(1)
    );
}

#[test]
fn the_smallest_stream_commands_no_terminal() {
    for (odd, code) in [("\u{1b}[31m", 2), ("\u{9b}31m", 2), ("oops", 0)] {
        let mut terminal = Terminal::start(&["min", "-"], &[]);
        terminal.type_in(&format!("{odd}\n\n"));
        let (screen, found) = terminal.end();
        let seen = screen.contents();
        assert_eq!(found, Some(code), "{seen}");
        let why = "deltaic: -: has bytes that a terminal may obey, expected -o FILE";
        assert_eq!(seen.contains(why), code == 2, "{seen}");
    }
}

#[test]
fn a_long_check_shows_how_far_it_is() {
    let mut terminal = Terminal::start(&["check", "--cuts", "-"], &[]);
    let text = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"".to_owned();
    terminal.type_in(&(text + &"word ".repeat(8_000) + "\"}}]}\n\n"));
    drop(terminal.child.stdin.take());
    terminal.see(" cuts ");
    terminal.child.kill().expect("it runs");
    let _ = terminal.end();
}

#[test]
fn no_count_stands_between_lines_on_a_terminal() {
    let mut terminal = Terminal::start_with(&["usage", "-"], &[], Some(Stdio::null()));
    terminal.see("0 files, 0/s");
    let (screen, _) = terminal.end();
    assert_eq!(screen.contents(), "");

    let mut terminal = Terminal::start(&["usage", "-"], &[]);
    // It would be there by then.
    thread::sleep(Duration::from_millis(400));
    let drawn = terminal.output.try_iter().collect::<Vec<_>>().concat();
    assert!(drawn.is_empty(), "{drawn:?}");
    terminal.type_in(END);
    let (screen, _) = terminal.end();
    assert!(screen.contents().starts_with("{\"file\":\"-\""));
}

#[test]
fn help_is_shown_where_nothing_is_piped_in() {
    let output = Command::new(env!("CARGO_BIN_EXE_deltaic"))
        .arg("--help")
        .output();
    let help = String::from_utf8(output.expect("it runs").stdout).expect("it is UTF-8");
    for command in [
        "demo", "read", "check", "diff", "usage", "convert", "bench", "events",
    ] {
        assert!(help.contains(&format!("\n  {command} ")), "{command}");
    }
}

#[test]
fn completions_and_manual_pages_know_every_command() {
    let run = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_deltaic"))
            .args(arguments)
            .output();
        let output = output.expect("it runs");
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
        String::from_utf8(output.stdout).expect("it is UTF-8")
    };
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = run(&["completions", shell]);
        assert!(
            script.contains("usage") && script.contains("cuts"),
            "{shell}"
        );
    }
    assert!(run(&["man"]).contains("deltaic\\-check(1)"));
    let directory = tempfile::tempdir().expect("a directory");
    let name = directory.path().to_str().expect("it is UTF-8");
    run(&["man", "-o", name]);
    let page = std::fs::read_to_string(directory.path().join("deltaic-check.1"));
    assert!(page.expect("it is written").contains("\\-\\-cuts"));
}
