//! What tests of the built command share.
#![allow(dead_code, unreachable_pub, reason = "each test uses some of it")]

use std::{
    path::Path,
    process::{Child, Command, Output, Stdio},
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

#[track_caller]
pub fn text(output: &[u8]) -> &str {
    str::from_utf8(output).expect("the output is UTF-8")
}

#[track_caller]
pub fn path(path: &Path) -> &str {
    path.to_str().expect("the path is UTF-8")
}
