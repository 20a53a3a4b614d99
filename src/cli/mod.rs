//! The command line: one file per verb.
//!
//! Owns the verbs, the exit codes and how errors are told. Each verb's file has its `Arguments` and a function `run`
//! that gives an [`Exit`] or an error; none exits by itself.

mod chart;
mod closing;
mod interrupt;
mod progress;
mod quantity;
pub mod run;
mod terminal;

use clap::{CommandFactory, Parser, Subcommand};
use std::ffi::OsString;
use std::process::ExitCode;

/// How the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Done.
    Done,
    /// A run failed: disk, memory, a broken folder.
    Failed,
    /// Wrong usage.
    Usage,
    /// A scenario or hypothesis file is not valid.
    Invalid,
    /// Some runs of many failed, the rest are kept.
    SomeFailed,
    /// `verify` found a difference.
    Different,
    /// Interrupted, with what was finished kept and marked.
    Interrupted,
}

impl Exit {
    /// The exit code.
    pub fn code(self) -> u8 {
        match self {
            Exit::Done => 0,
            Exit::Failed => 1,
            Exit::Usage => 2,
            Exit::Invalid => 3,
            Exit::SomeFailed => 4,
            Exit::Different => 5,
            Exit::Interrupted => 130,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit.code())
    }
}

/// An agent-based model of elite formation, denunciation and discipline in Soviet industry, 1928-41.
#[derive(Debug, Parser)]
#[command(name = "kadry", version, max_term_width = 100, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Run(run::Arguments),
}

/// The whole command line, for shell completions.
pub fn command() -> clap::Command {
    Cli::command()
}

/// Reads the arguments, does what they ask, and says how it went.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> Exit {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version come this way too; a reader who has gone away does not mind.
            let _ = error.print();
            return if error.use_stderr() { Exit::Usage } else { Exit::Done };
        }
    };
    let done = match &cli.verb {
        Verb::Run(arguments) => run::run(arguments),
    };
    done.unwrap_or_else(|error| {
        terminal::complain(&format!("error: {error:#}"));
        Exit::Failed
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        command().debug_assert();
    }
}
