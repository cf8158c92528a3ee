//! `deltaic convert`: the streams that a cassette holds.

mod go_vcr;
mod llama_stack;

use std::{
    fs,
    io::{self, Write},
    path::Path,
};

use crate::{Verdict, args, failure::Failure, input::Input};

pub(crate) fn run(command: &args::Convert) -> Result<Verdict, Failure> {
    let path = &command.cassette;
    let cassette = Input::open(path, None)?.read_all()?;
    let streams = streams(cassette).map_err(|why| Failure::file(path, why))?;
    fs::create_dir_all(&command.output).map_err(|error| Failure::file(&command.output, error))?;
    let stem = match path.file_stem() {
        Some(stem) if path != Path::new("-") => stem.to_string_lossy(),
        _ => "stream".into(),
    };
    for (at, stream) in streams.iter().enumerate() {
        let name = if streams.len() > 1 {
            format!("{stem}-{}.sse", at + 1)
        } else {
            format!("{stem}.sse")
        };
        let path = command.output.join(name);
        fs::write(&path, stream).map_err(|error| Failure::file(&path, error))?;
        writeln!(io::stdout(), "{}: {} bytes", path.display(), stream.len())?;
    }
    Ok(Verdict::Fine)
}

/// The bodies of the streams that a cassette holds.
///
/// # Errors
///
/// Why it holds none, or cannot be read, in one line.
pub fn streams(cassette: Vec<u8>) -> Result<Vec<Vec<u8>>, String> {
    let is_json = cassette.trim_ascii_start().first() == Some(&b'{');
    let streams = if is_json {
        llama_stack::streams(cassette)?
    } else {
        go_vcr::streams(&cassette)?
    };
    if streams.is_empty() {
        return Err("the cassette holds no streamed response".into());
    }
    Ok(streams)
}
