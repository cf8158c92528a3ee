//! The `deltaic` command: reads, checks and converts recorded LLM token streams.

use std::process::ExitCode;

fn main() -> ExitCode {
    deltaic_cli::main()
}
