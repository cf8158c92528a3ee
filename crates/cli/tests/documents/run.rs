//! A line that is run as somebody would who types it.

use std::{
    env, fs,
    io::{BufRead, BufReader, Read, Write},
    path::Path,
    process::{Command, Output, Stdio},
};

use serde_json::json;
use tempfile::TempDir;

/// The files that lines name, and what of the corpus each is.
const FILES: &[(&str, &str)] = &[
    ("saved.sse", "recordings/groq-hi.sse"),
    ("hi.sse", "recordings/groq-hi.sse"),
    ("call.sse", "recordings/cerebras-weather-1.sse"),
    ("answer.sse", "recordings/cerebras-weather-2.sse"),
    ("odd/calls.sse", "regress/dynamo-4723.sse"),
    ("direct.sse", "recordings/cerebras-hi.sse"),
    ("through-the-gateway.sse", "recordings/cerebras-hi.sse"),
    ("monday.sse", "recordings/groq-hi.sse"),
    ("tuesday.sse", "recordings/groq-hi.sse"),
    ("recordings/hi.sse", "recordings/groq-hi.sse"),
    (
        "recordings/weather.sse",
        "recordings/cerebras-weather-1.sse",
    ),
    ("fixtures/chat.yaml", "cassettes/groq-hi.yaml"),
    (
        "tests/cassettes/weather.yaml",
        "cassettes/cerebras-weather.yaml",
    ),
    (
        "tests/cassettes/capital.json",
        "cassettes/cerebras-capital.json",
    ),
];

/// Directories of a home that has been lived in.
const DIRECTORIES: &[&str] = &[
    ".local/share/bash-completion/completions",
    ".config/fish/completions",
];

/// Programs that lines need and not every machine has, and how to see that one has them.
const TOOLS: &[(&str, &str)] = &[("jq", "jq --version"), ("man", "echo .TH a 1 | man -l -")];

/// A directory that is all that a line sees of the world.
pub(crate) struct Shell {
    home: TempDir,
}

/// A line that was checked.
pub(crate) struct Ran {
    /// What it printed; `None` if this machine lacks what it needs.
    pub(crate) stdout: Option<String>,
}

impl Shell {
    pub(crate) fn new() -> Self {
        let home = tempfile::tempdir().expect("a directory");
        for (name, from) in FILES {
            let path = home.path().join(name);
            let parent = path.parent().expect("it has one");
            fs::create_dir_all(parent).expect("it is made");
            let from = deltaic_corpus::directory().join(from);
            fs::copy(&from, &path).unwrap_or_else(|error| panic!("{}: {error}", from.display()));
        }
        for name in DIRECTORIES {
            fs::create_dir_all(home.path().join(name)).expect("it is made");
        }
        fs::write(home.path().join("session.har"), archive()).expect("it is written");
        Self { home }
    }

    /// Runs a line, which must end with one of these codes.
    #[track_caller]
    pub(crate) fn check(&self, line: &str, codes: &[i32], place: &str) -> Ran {
        let needed = TOOLS.iter().filter(|(tool, _)| uses(line, tool));
        for (tool, probe) in needed {
            if !self.run(probe).status.success() {
                // Past what tests have captured: nobody should miss it.
                let _ = writeln!(
                    std::io::stderr(),
                    "SKIPPED, for want of {tool}: {place}: {line}"
                );
                return Ran { stdout: None };
            }
        }
        self.clear_way(line);
        if line.contains("deltaic replay") && !line.contains("--stdout") {
            self.serve(line, place);
            return Ran { stdout: None };
        }
        let output = self.run(&here(line));
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
        let told = format!(
            "{place}: {line}\nended with {}\n{stdout}{stderr}",
            output.status
        );
        let code = output.status.code().unwrap_or(-1);
        assert!(codes.contains(&code), "{told}");
        // In a pipe the last command alone has a status.
        let is_told = |line: &str| line.starts_with("error:") || line.starts_with("deltaic: ");
        assert!(code != 0 || !stderr.lines().any(is_told), "{told}");
        Ran {
            stdout: Some(stdout),
        }
    }

    /// Runs a line that serves until it is killed, up to the address that it prints.
    #[track_caller]
    fn serve(&self, line: &str, place: &str) {
        let mut server = self.command(&format!("exec {line}"));
        let mut server = server
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("there is a shell");
        let mut address = String::new();
        let stdout = server.stdout.take().expect("it is piped");
        let read = BufReader::new(stdout).read_line(&mut address);
        // It may have ended by itself.
        let _ = server.kill();
        let mut told = String::new();
        let stderr = server.stderr.as_mut().expect("it is piped");
        let _ = stderr.read_to_string(&mut told);
        let _ = server.wait();
        let is_there = read.is_ok() && address.starts_with("http://127.0.0.1:");
        assert!(is_there, "{place}: {line}\n{address}{told}");
    }

    /// What a line writes must not be there.
    fn clear_way(&self, line: &str) {
        let mut words = line.split_whitespace().skip_while(|word| *word != "-o");
        if let Some(name) = words.nth(1) {
            let path = self.home.path().join(name);
            let _ = fs::remove_file(path.with_extension("times"));
            let _ = fs::remove_file(path);
        }
    }

    fn run(&self, line: &str) -> Output {
        self.command(line).output().expect("there is a shell")
    }

    fn command(&self, line: &str) -> Command {
        let binary = Path::new(env!("CARGO_BIN_EXE_deltaic"));
        let mut path = binary.parent().expect("a directory").as_os_str().to_owned();
        path.push(":");
        path.push(env::var_os("PATH").unwrap_or_default());
        let mut command = Command::new("sh");
        command
            .args(["-c", line])
            .current_dir(self.home.path())
            .env("HOME", self.home.path())
            .env("PATH", path)
            .stdin(Stdio::null());
        command
    }
}

/// Whether a program of a line is this.
fn uses(line: &str, tool: &str) -> bool {
    let mut programs = line.split('|');
    programs.any(|program| program.split_whitespace().next() == Some(tool))
}

/// A line with what is not to be had here put in its place: servers, and what only zsh knows.
fn here(line: &str) -> String {
    let line = line.replace("${fpath[1]}", "$HOME");
    let Some((before, curl)) = line.split_once("curl ") else {
        return line;
    };
    let behind = curl.find('|').map_or("", |at| &curl[at..]);
    format!("{before}cat recordings/hi.sse {behind}")
}

/// What the network panel of a browser saves.
fn archive() -> String {
    let stream = deltaic_corpus::directory().join("recordings/groq-hi.sse");
    let stream = fs::read_to_string(stream).expect("the recording is text");
    let content = json!({"mimeType": "text/event-stream", "text": stream});
    let entry = json!({"response": {"status": 200, "content": content}});
    json!({"log": {"version": "1.2", "entries": [entry]}}).to_string()
}
