//! `kadry work DIR --shard i/n`: computes a share of the runs of a plan.
//!
//! Any number of processes may do so at once, on any machine that sees the folder, in any order.

use super::estimate::check_memory;
use super::interrupt;
use super::progress::{Progress, When};
use super::quantity::{count, plural};
use super::run_options::{memory_limit, use_threads};
use super::stderr::eprint_line;
use super::stdout::print;
use super::{Exit, report_unplanned};
use crate::experiment::planned::PlannedStudy;
use crate::experiment::study::Shard;
use crate::experiment::study::work::{Worked, work_on};
use crate::output::plan::PlanFile;
use anyhow::Context;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Compute a share of the runs of a plan
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Result folder with a plan, made by a command with --plan-only
    #[arg(value_name = "DIR")]
    folder: PathBuf,

    /// Compute every N-th batch, beginning with batch I [default: all]
    #[arg(long, value_name = "I/N")]
    shard: Option<Shard>,

    /// Number of threads (does not affect results) [default: as many as the process may use]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,

    /// Exit code after SIGTERM, for schedulers [default: 130]
    #[arg(long, value_name = "CODE", value_parser = clap::value_parser!(u8).range(1..))]
    on_term: Option<u8>,

    /// Print the runs of the shard that are missing, then exit
    #[arg(long)]
    dry_run: bool,

    /// When to show progress on stderr
    #[arg(long, value_name = "WHEN", value_enum, default_value_t = When::Auto)]
    progress: When,

    /// Print nothing
    #[arg(short, long)]
    quiet: bool,
}

/// Computes the missing runs of the shard.
///
/// # Errors
///
/// If the folder has no plan, or a batch cannot be stored.
pub(super) fn work(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let folder = &arguments.folder;
    let threads = use_threads(arguments.threads);
    let Some(mut planned) = PlannedStudy::open(folder)? else {
        return report_unplanned(folder);
    };
    planned.use_threads(threads, memory_limit(None).map(|(limit, _)| limit));
    let shard = arguments.shard.unwrap_or(Shard::ALL);
    if arguments.dry_run {
        let (runs, finished) = planned.progress_of(shard)?;
        print(&format!("runs    {}\nmissing {}\n", count(runs), count(runs - finished)))?;
        return Ok(Exit::Success.into());
    }
    if let Some(limit) = memory_limit(None) {
        let foresight = planned.study().foresight();
        check_memory(&foresight, foresight.memory, limit)?;
    }
    let signals = interrupt::listen().context("cannot listen for Ctrl-C")?;
    let when = if arguments.quiet { When::Never } else { arguments.progress };
    let progress = Progress::new(planned.variants() > 1, when, false);
    let worked = work_on(planned.study(), planned.batches(), shard, folder, &progress, &signals.stop);
    progress.finish();
    let worked = worked?;
    if !arguments.quiet {
        eprint_line(&summary(&worked, shard));
    }
    Ok(match worked {
        Worked { stopped: true, .. } => signals.exit_code(arguments.on_term),
        Worked { failed: 1.., .. } => Exit::SomeFailed.into(),
        _ => Exit::Success.into(),
    })
}

fn summary(worked: &Worked, shard: Shard) -> String {
    let Worked { runs, before, computed, failed, stopped } = worked;
    let name = format!("shard {}/{}", shard.position, shard.of);
    if *runs == 0 {
        return format!("{name} has no runs: there are fewer batches than shards");
    }
    let mut text = format!(
        "{name}: {} run{}, {} finished before, {} computed",
        count(*runs),
        plural(*runs),
        count(*before),
        count(*computed)
    );
    if *failed > 0 {
        text += &format!(", {} failed (`kadry status` shows why)", count(*failed));
    }
    if *stopped {
        text += "; interrupted: the same command continues";
    }
    text
}

/// Says how many runs were taken from other folders.
pub(super) fn report_reused(reused: &[(PathBuf, u64)]) {
    for (folder, runs) in reused {
        let (folder, s) = (folder.display(), plural(*runs));
        eprint_line(&match runs {
            0 => format!(
                "--reuse: no run is taken from {folder}: it has none of the missing runs, or not all tables that are needed"
            ),
            runs => format!("{} run{s} taken from {folder}", count(*runs)),
        });
    }
}

/// Prints what `--plan-only` has written, and the next steps. `reused` is `None` if the result is already finished.
pub(super) fn print_planned(
    plan: &PlanFile,
    folder: &Path,
    reused: Option<Vec<(PathBuf, u64)>>,
) -> anyhow::Result<()> {
    let Some(reused) = reused else {
        eprint_line(&format!("nothing to do: {} is finished", folder.display()));
        return print(&format!("{}\n", folder.display()));
    };
    report_reused(&reused);
    let (runs, batches) = (plan.runs(), plan.batches.len() as u64);
    eprint_line(&format!(
        "planned: {} run{} in {} batch{}; compute them with `kadry work DIR --shard I/N` on any number of machines, then \
         join them with `kadry collect DIR`",
        count(runs),
        plural(runs),
        count(batches),
        if batches == 1 { "" } else { "es" },
    ));
    print(&format!("{}\n", folder.display()))
}
