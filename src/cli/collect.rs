//! `kadry collect DIR`: joins the finished runs of a plan into the result.

use super::quantity::{count, plural};
use super::report::warn_of_outdated_page;
use super::run_options::use_threads;
use super::stderr::eprint_line;
use super::stdout::print;
use super::{Exit, report_unplanned};
use crate::experiment::planned::{Collected, MissingRun, PlannedStudy};
use crate::output::folder::clean_up;
use std::path::PathBuf;
use std::process::ExitCode;

/// Join the finished runs of a plan into the result
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Result folder whose runs `kadry work` has computed
    #[arg(value_name = "DIR")]
    folder: PathBuf,

    /// Number of threads (does not affect results) [default: as many as the process may use]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,

    /// Print only the folder
    #[arg(short, long)]
    quiet: bool,
}

/// Number of missing runs that are listed.
const LISTED: usize = 20;

/// Joins the runs, or lists those that are missing.
///
/// # Errors
///
/// If the folder has no plan or is in use, or the result cannot be written.
pub(super) fn collect(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let folder = &arguments.folder;
    let threads = use_threads(arguments.threads);
    let Some(mut planned) = PlannedStudy::open(folder)? else {
        clean_up(folder)?;
        return report_unplanned(folder);
    };
    planned.use_threads(threads, None);
    match planned.collect()? {
        Collected::Already => eprint_line(&format!("nothing to do: {} is finished", folder.display())),
        Collected::Finished { runs } if !arguments.quiet => {
            eprint_line(&format!("collected {} run{}", count(runs), plural(runs)));
        }
        Collected::Finished { .. } => {}
        Collected::Partly { runs, failed } => {
            eprint_line(&format!(
                "collected {} run{}; the others failed: `kadry work {}` tries them again",
                count(runs),
                plural(runs),
                folder.display()
            ));
            print(&list(&failed))?;
            warn_of_outdated_page(folder);
            return Ok(Exit::SomeFailed.into());
        }
        Collected::Missing(missing) => {
            let runs = missing.len() as u64;
            let all = planned.study().run_count();
            eprint_line(&format!(
                "{} of {} run{} missing: give `kadry work {}` to compute them",
                count(runs),
                count(all),
                if all == 1 { " is" } else { "s are" },
                folder.display()
            ));
            print(&list(&missing))?;
            return Ok(Exit::SomeFailed.into());
        }
    }
    print(&format!("{}\n", folder.display()))?;
    warn_of_outdated_page(folder);
    Ok(Exit::Success.into())
}

/// The missing runs, one line each: scenario, replicate, batch, and why it failed.
pub(super) fn list(missing: &[MissingRun]) -> String {
    let line = |run: &MissingRun| {
        let why = run.reason.as_ref().map_or_else(String::new, |reason| format!(": failed: {reason}"));
        format!("{}, replicate {}, batch {}{why}\n", run.scenario, run.replicate, run.batch)
    };
    let mut text: String = missing.iter().take(LISTED).map(line).collect();
    if missing.len() > LISTED {
        text += &format!("and {} more\n", count((missing.len() - LISTED) as u64));
    }
    text
}
