//! The command line: one file per verb.
//!
//! Owns the verbs, the exit codes and how errors are told. Each verb's file has its arguments and a function
//! that gives an exit code or an error; none exits by itself.

mod chart;
pub mod check;
mod closing;
mod common;
pub mod compare;
pub mod completions;
pub mod diff;
mod differences;
pub mod explain;
pub mod faults;
pub mod history;
mod interrupt;
pub mod list;
mod progress;
mod quantity;
pub mod report;
pub mod run;
pub mod schema;
mod stderr;
mod stdout;

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
    Compare(compare::Arguments),
    Check(check::CheckArgs),
    Explain(explain::ExplainArgs),
    Diff(diff::DiffArgs),
    List(list::ListArgs),
    History(history::Arguments),
    Report(report::Arguments),
    Schema(schema::SchemaArgs),
    Completions(completions::CompletionsArgs),
}

impl Verb {
    fn run(&self) -> anyhow::Result<ExitCode> {
        match self {
            Verb::Run(arguments) => run::run(arguments),
            Verb::Compare(arguments) => compare::compare(arguments),
            Verb::Check(arguments) => check::check(arguments),
            Verb::Explain(arguments) => explain::explain(arguments),
            Verb::Diff(arguments) => diff::diff(arguments),
            Verb::List(arguments) => list::list(arguments),
            Verb::History(arguments) => history::history(arguments),
            Verb::Report(arguments) => report::report(arguments),
            Verb::Schema(arguments) => schema::schema(arguments),
            Verb::Completions(arguments) => completions::completions(arguments, Cli::command()),
        }
    }
}

/// Reads the arguments, does what they ask, and gives the exit code.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    interrupt::survive_file_size_limit();
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version come this way too; a reader who has gone away does not mind.
            let _ = error.print();
            return if error.use_stderr() { Exit::Usage } else { Exit::Done }.into();
        }
    };
    cli.verb.run().unwrap_or_else(|error| {
        stderr::complain(&format!("error: {error:#}"));
        Exit::Failed.into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }
}
