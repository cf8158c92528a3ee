//! What tests of the built command share.
#![allow(dead_code, unreachable_pub, reason = "each test uses some of it")]

use std::{
    io::Write,
    path::Path,
    process::{Child, Command, Output, Stdio},
    thread,
};

/// A stream that is complete.
pub const WHOLE: &str = "data: {\"choices\":[{\"delta\":{\"content\":\"Oi!\"}}]}\n\n\
     data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n\
     data: [DONE]\n\n";

pub fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_deltaic"));
    command
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

pub fn start(arguments: &[&str]) -> Child {
    command(arguments).spawn().expect("the command starts")
}

/// Exit code, standard output, standard error; without any input.
pub fn run(arguments: &[&str]) -> (i32, Vec<u8>, String) {
    end(start(arguments))
}

/// What it has said in the end.
pub fn end(child: Child) -> (i32, Vec<u8>, String) {
    let output = child.wait_with_output().expect("it ends");
    let code = output.status.code().expect("nobody has killed it");
    let told = String::from_utf8(output.stderr).expect("it is UTF-8");
    (code, output.stdout, told)
}

/// All that it has said; without any input.
pub fn output(arguments: &[&str]) -> Output {
    let output = command(arguments).stdin(Stdio::null()).output();
    output.expect("the command runs")
}

/// All that it has said; with this on standard input.
pub fn fed(arguments: &[&str], input: impl AsRef<[u8]>) -> Output {
    let mut child = start(arguments);
    let mut stdin = child.stdin.take().expect("it is piped");
    let input = input.as_ref().to_vec();
    let writer = thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().expect("it ends");
    let _ = writer.join();
    output
}

#[track_caller]
pub fn check(arguments: &[&str], input: &str, code: i32, stdout: &str, stderr: &str) {
    let output = fed(arguments, input);
    assert_eq!(text(&output.stdout), stdout, "{arguments:?}");
    assert_eq!(text(&output.stderr), stderr, "{arguments:?}");
    assert_eq!(output.status.code(), Some(code), "{arguments:?}");
}

/// The path of a file of the corpus.
pub fn corpus(name: &str) -> String {
    path(&deltaic_corpus::directory().join(name)).to_owned()
}

#[track_caller]
pub fn text(output: &[u8]) -> &str {
    str::from_utf8(output).expect("the output is UTF-8")
}

#[track_caller]
pub fn path(path: &Path) -> &str {
    path.to_str().expect("the path is UTF-8")
}
