//! The program `kadry`: hands its arguments to [`kadry::cli`] and ends with the exit code that comes back. The only
//! place that exits.

use std::process::ExitCode;

fn main() -> ExitCode {
    kadry::cli::main(std::env::args_os())
}
