//! The commands: one file per verb.
//!
//! Owns arguments, what is printed, and exit codes. Everything else is done by the layers below.

pub mod check;
pub mod completions;
pub mod diff;
pub mod explain;
pub mod faults;
pub mod list;
pub mod schema;
mod stdout;

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

/// The command line.
#[derive(Debug, Parser)]
#[command(name = "kadry", version, about)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub verb: Verb,
}

/// What `kadry` can do.
#[derive(Debug, Subcommand)]
#[allow(missing_docs, reason = "the arguments of each verb carry its description")]
pub enum Verb {
    Check(check::CheckArgs),
    Explain(explain::ExplainArgs),
    Diff(diff::DiffArgs),
    List(list::ListArgs),
    Schema(schema::SchemaArgs),
    Completions(completions::CompletionsArgs),
}

impl Verb {
    /// Does it.
    ///
    /// # Errors
    ///
    /// What kept it from being done; faults of scenarios are reported by the verbs themselves.
    pub fn run(&self) -> anyhow::Result<ExitCode> {
        match self {
            Verb::Check(args) => check::check(args),
            Verb::Explain(args) => explain::explain(args),
            Verb::Diff(args) => diff::diff(args),
            Verb::List(args) => list::list(args),
            Verb::Schema(args) => schema::schema(args),
            Verb::Completions(args) => completions::completions(args, Cli::command()),
        }
    }
}
