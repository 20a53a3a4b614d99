//! Parses the command line and runs the verb that it names, and defines the exit codes.
//!
//! Each verb has a file with its arguments and a function that returns an exit code or an error. No verb ends the
//! process itself.

mod carry_out;
mod chart;
mod check;
mod claims;
mod claims_summary;
mod collect;
mod compare;
mod completions;
mod diff;
mod diverge;
mod estimate;
mod explain;
mod faults;
mod fit;
mod follow;
mod help;
mod history;
mod interrupt;
mod list;
mod man;
mod person;
mod progress;
mod quantity;
mod quote;
mod report;
mod run;
mod run_options;
mod schema;
mod soundness;
mod status;
mod stderr;
mod stdout;
mod submit;
mod sweep;
mod table;
mod terminal;
mod variants;
mod verify;
mod work;

use crate::output::reading::ResultFolder;
use clap::{Command, CommandFactory, FromArgMatches, Parser, Subcommand};
use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

/// How the program ends; each variant has an exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// The command succeeded.
    Success,
    /// The command failed: disk, memory, or a folder that cannot be used.
    Failed,
    /// Wrong usage: an unknown option or value.
    Usage,
    /// A scenario is not valid, or its file cannot be read.
    Invalid,
    /// Some runs failed or are missing; the others are kept.
    SomeFailed,
    /// A result differs from its digests, from its recomputed runs, or from another result.
    Different,
    /// Interrupted; finished runs are kept, and the same command continues.
    Interrupted,
}

impl Exit {
    /// The exit code.
    pub const fn code(self) -> u8 {
        match self {
            Exit::Success => 0,
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
#[command(name = "kadry", version, subcommand_value_name = "COMMAND", arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Run(run::Arguments),
    Compare(compare::Arguments),
    Sweep(sweep::Arguments),
    Claims(claims::Arguments),
    Soundness(soundness::Arguments),
    Fit(fit::Arguments),
    Work(work::Arguments),
    Collect(collect::Arguments),
    Status(status::Arguments),
    Verify(verify::Arguments),
    Check(check::Arguments),
    Explain(explain::Arguments),
    Diff(diff::Arguments),
    Diverge(diverge::Arguments),
    Follow(follow::Arguments),
    List(list::Arguments),
    History(history::Arguments),
    Report(report::Arguments),
    Submit(submit::Arguments),
    Schema(schema::Arguments),
    Completions(completions::Arguments),
    Man(man::Arguments),
}

impl Verb {
    fn run(&self) -> anyhow::Result<ExitCode> {
        match self {
            Verb::Run(arguments) => run::run(arguments),
            Verb::Compare(arguments) => compare::compare(arguments),
            Verb::Sweep(arguments) => sweep::sweep(arguments),
            Verb::Claims(arguments) => claims::claims(arguments),
            Verb::Soundness(arguments) => soundness::soundness(arguments),
            Verb::Fit(arguments) => fit::fit(arguments),
            Verb::Work(arguments) => work::work(arguments),
            Verb::Collect(arguments) => collect::collect(arguments),
            Verb::Status(arguments) => status::show(arguments),
            Verb::Verify(arguments) => verify::verify(arguments),
            Verb::Check(arguments) => check::check(arguments),
            Verb::Explain(arguments) => explain::explain(arguments),
            Verb::Diff(arguments) => diff::diff(arguments),
            Verb::Diverge(arguments) => diverge::diverge(arguments),
            Verb::Follow(arguments) => follow::follow(arguments),
            Verb::List(arguments) => list::list(arguments),
            Verb::History(arguments) => history::history(arguments),
            Verb::Report(arguments) => report::report(arguments),
            Verb::Submit(arguments) => submit::submit(arguments),
            Verb::Schema(arguments) => schema::schema(arguments),
            Verb::Completions(arguments) => completions::completions(arguments),
            Verb::Man(arguments) => man::man(arguments, command()),
        }
    }
}

/// Says that a folder has no plan: it is finished, or nothing was planned there.
///
/// # Errors
///
/// If it is neither.
fn report_unplanned(folder: &Path) -> anyhow::Result<ExitCode> {
    let result = ResultFolder::open(folder)?;
    if result.manifest.complete {
        stderr::eprint_line(&format!("nothing to do: {} is finished", folder.display()));
        return Ok(Exit::Success.into());
    }
    anyhow::bail!("{} has no plan: give the command that wrote it again", folder.display())
}

/// Maximum width of help texts in columns; longer lines are hard to read.
const HELP_WIDTH: usize = 100;

/// Builds the command line, including help texts and completers.
fn command() -> Command {
    let width = terminal::Terminal::of_stdout().width.min(HELP_WIDTH);
    completions::with_completers(help::with_help(Cli::command())).term_width(width)
}

/// Parses the arguments, runs the command, and returns the exit code.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    interrupt::survive_file_size_limit();
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    match completions::answer(&arguments, command) {
        Ok(true) => return Exit::Success.into(),
        Ok(false) => {}
        Err(error) => {
            stderr::eprint_line(&format!("error: {error:#}"));
            return Exit::Usage.into();
        }
    }
    let matches = command().try_get_matches_from(arguments);
    let cli = match matches.and_then(|matches| Cli::from_arg_matches(&matches)) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version arrive here too. A closed pipe is not an error.
            let _ = error.print();
            return if error.use_stderr() { Exit::Usage } else { Exit::Success }.into();
        }
    };
    cli.verb.run().unwrap_or_else(|error| {
        stderr::eprint_line(&format!("error: {error:#}"));
        Exit::Failed.into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        command().debug_assert();
    }
}
