//! `kadry diverge A B`: shows where two results part.
//!
//! [`crate::experiment::diverge`] compares the folders and recomputes the first run that differs; this module formats
//! what it found.

mod json;
mod text;

use super::Exit;
use super::quantity::count;
use super::stderr::eprint_line;
use super::stdout::{print, print_json};
use super::terminal::Terminal;
use crate::experiment::diverge::recompute::{NotRecomputed, Recomputation, recompute};
use crate::experiment::diverge::{Divergence, compare};
use crate::output::reading::ResultFolder;
use std::path::PathBuf;
use std::process::ExitCode;

/// Show where two results part: the first row, month and person that differ
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// First result folder of `kadry run` or `kadry compare`
    #[arg(value_name = "A")]
    first_folder: PathBuf,

    /// Second result folder
    #[arg(value_name = "B")]
    second_folder: PathBuf,

    /// Compare this scenario only; a folder with a single scenario takes part with that one, whatever its name
    #[arg(long, value_name = "NAME")]
    scenario: Option<String>,

    /// Compare the tables and recompute nothing
    #[arg(long)]
    tables_only: bool,

    /// Number of threads (does not affect results) [default: as many as the process may use]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,

    /// Print the comparison as JSON
    #[arg(long)]
    json: bool,
}

/// People in January 1928 from which a recomputation is announced.
const LARGE: u64 = 100_000;

/// What was recomputed, if anything.
enum Recomputed {
    /// The tables do not differ, or recomputing was not asked for.
    NotAsked,
    /// It cannot be recomputed.
    Not(NotRecomputed),
    /// The result.
    Done(Box<Recomputation>),
}

/// Prints the comparison. The exit code is 0 if all rows that the folders have in common are equal, 5 if they differ, and
/// 1 if they differ and a folder was written by a version that gives other results.
///
/// # Errors
///
/// If a folder is not a result, cannot be read or is damaged, or if the folders have nothing in common.
pub(super) fn diverge(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let left = ResultFolder::open(&arguments.first_folder)?;
    let right = ResultFolder::open(&arguments.second_folder)?;
    let divergence = compare(&left, &right, arguments.scenario.as_deref())?;
    for side in divergence.sides.iter().filter(|side| !side.complete) {
        eprint_line(&format!(
            "warning: {} is incomplete; only its finished replicates are compared",
            side.path
        ));
    }
    let threads = arguments.threads.map_or_else(
        || std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get),
        usize::from,
    );
    announce(&divergence, arguments.tables_only);
    let recomputed = if arguments.tables_only {
        Recomputed::NotAsked
    } else {
        match recompute(&divergence, [&left, &right], threads) {
            Ok(Some(found)) => Recomputed::Done(Box::new(found)),
            Ok(None) => Recomputed::NotAsked,
            Err(NotRecomputed::Read(error)) => return Err(error.into()),
            Err(reason) => Recomputed::Not(reason),
        }
    };
    if arguments.json {
        print_json(&json::json(&divergence, &recomputed))?;
    } else {
        print(&text::text(&divergence, &recomputed, Terminal::of_stdout()))?;
    }
    Ok(exit(&divergence, &recomputed).into())
}

/// Says on stderr what is about to be recomputed, if it is large.
fn announce(divergence: &Divergence, tables_only: bool) {
    let Some((_, row)) = divergence.first().filter(|_| !tables_only) else { return };
    let positions = divergence.pairs[row.pair].positions.into_iter();
    let scenarios = divergence.sides.iter().zip(positions).map(|(side, at)| &side.scenarios[at].scenario);
    let people = scenarios.flatten().map(|scenario| scenario.population.size).max().unwrap_or(0);
    if people >= LARGE {
        let people = count(people);
        eprint_line(&format!(
            "recomputing replicate {} of both, with {people} people in January 1928; --tables-only skips this",
            row.replicate
        ));
    }
}

fn exit(divergence: &Divergence, recomputed: &Recomputed) -> Exit {
    match recomputed {
        _ if divergence.first().is_none() => Exit::Success,
        Recomputed::Not(NotRecomputed::OtherVersion { .. }) => Exit::Failed,
        _ => Exit::Different,
    }
}
