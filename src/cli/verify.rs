//! `kadry verify DIR`: compares a result folder with its digests and with its recomputed runs.

use super::progress::{Progress, When};
use super::quantity::{count, plural};
use super::run_options::{memory_limit, use_threads};
use super::stderr::eprint_line;
use super::stdout::print;
use super::{Exit, interrupt};
use crate::experiment::verify::{Verification, Verified};
use anyhow::Context;
use serde_json::json;
use std::path::PathBuf;
use std::process::ExitCode;

/// Recompute the runs of a result folder, and compare every file
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Result folder
    #[arg(value_name = "DIR")]
    folder: PathBuf,

    /// Recompute N runs instead of all; with 0, only what is made from the runs is computed again
    #[arg(long, value_name = "N")]
    sample: Option<u64>,

    /// Number of threads (does not affect results) [default: as many as the process may use]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,

    /// Print as JSON
    #[arg(long)]
    json: bool,

    /// When to show progress on stderr
    #[arg(long, value_name = "WHEN", value_enum, default_value_t = When::Auto)]
    progress: When,
}

/// Verifies the folder.
///
/// # Errors
///
/// If it cannot be read, or has results of another version.
pub(super) fn verify(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let signals = interrupt::listen().context("cannot listen for Ctrl-C")?;
    let progress = Progress::new(true, arguments.progress, false);
    let verification = Verification {
        folder: &arguments.folder,
        sample: arguments.sample,
        threads: use_threads(arguments.threads),
        memory: memory_limit(None).map(|(limit, _)| limit),
        observer: &progress,
        stop: &signals.stop,
    };
    let verified = verification.carry_out();
    progress.finish();
    let verified = verified?;
    if verified.stopped {
        eprint_line("interrupted: nothing was written");
        return Ok(signals.exit_code(None));
    }
    print(&if arguments.json { as_json(&verified) } else { as_text(&verified) })?;
    Ok(if verified.damage.is_empty() { Exit::Success } else { Exit::Different }.into())
}

fn as_json(verified: &Verified) -> String {
    let damage = verified.damage.iter();
    let value = json!({
        "ok": verified.damage.is_empty(),
        "unfinished": verified.unfinished,
        "files": verified.files,
        "runs": verified.all_runs,
        "recomputed": verified.runs,
        "damage": damage.map(|one| json!({ "file": one.file, "what": one.what })).collect::<Vec<_>>(),
    });
    format!("{value:#}\n")
}

fn as_text(verified: &Verified) -> String {
    let mut text: String =
        verified.damage.iter().map(|damage| format!("{}: {}\n", damage.file, damage.what)).collect();
    let Verified { files, runs, all_runs, unfinished, .. } = verified;
    let files = format!("{} file{} compared", count(*files), plural(*files));
    text += &match (verified.damage.len(), unfinished) {
        (0, false) => format!("ok: {files}, {} of {} runs recomputed\n", count(*runs), count(*all_runs)),
        (0, true) => {
            format!("ok so far: {files}, {} finished runs of an unfinished result\n", count(*all_runs))
        }
        (damaged, _) => format!("damaged: {damaged} of {files}\n"),
    };
    text
}
