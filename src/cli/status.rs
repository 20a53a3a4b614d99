//! `kadry status DIR`: shows how far a study is.

use super::collect::list;
use super::quantity::{count, duration};
use super::stdout::print;
use super::{Exit, report_unplanned};
use crate::experiment::planned::PlannedStudy;
use crate::experiment::status::{Status, status};
use anyhow::Context;
use serde_json::json;
use std::path::PathBuf;
use std::process::ExitCode;

/// Show how many runs of a study are finished, running, missing or failed
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Result folder
    #[arg(value_name = "DIR")]
    folder: PathBuf,

    /// Print as JSON
    #[arg(long)]
    json: bool,
}

/// Prints the state of the study.
///
/// # Errors
///
/// If the folder cannot be read.
pub(super) fn show(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let folder = &arguments.folder;
    let Some(planned) = PlannedStudy::open(folder)? else {
        let code = report_unplanned(folder)?;
        if code == ExitCode::from(Exit::Success) {
            print(&if arguments.json { "{\n  \"state\": \"finished\"\n}\n".into() } else { String::new() })?;
        }
        return Ok(code);
    };
    let status = status(&planned).context("cannot read the finished runs")?;
    let text = if arguments.json { as_json(&status) } else { as_text(&status) };
    print(&text)?;
    Ok(Exit::Success.into())
}

fn as_json(status: &Status) -> String {
    let failed = status.failed.iter();
    let workers = status.workers.iter();
    let value = json!({
        "state": if status.missing == 0 { "ready to collect" } else { "unfinished" },
        "runs": status.runs,
        "finished": status.finished,
        "missing": status.missing,
        "batches": status.batches,
        "batches_finished": status.batches_finished,
        "failed": failed.map(|run| json!({ "scenario": run.scenario, "replicate": run.replicate, "reason": run.reason })).collect::<Vec<_>>(),
        "workers": workers.map(|(beat, age)| json!({
            "process": beat.process, "shard": beat.shard, "runs": beat.runs, "seconds": beat.seconds, "last_heard": age,
        })).collect::<Vec<_>>(),
        "seconds_left": status.seconds_left,
        "damaged_parts": status.damaged,
    });
    format!("{value:#}\n")
}

fn as_text(status: &Status) -> String {
    let mut text = format!(
        "runs      {} of {} finished, {} missing\nbatches   {} of {} finished\n",
        count(status.finished),
        count(status.runs),
        count(status.missing),
        count(status.batches_finished),
        count(status.batches),
    );
    for (beat, age) in &status.workers {
        text += &format!(
            "working   {}, shard {}: {} runs in {}, heard {} ago\n",
            beat.process,
            beat.shard,
            count(beat.runs),
            duration(beat.seconds),
            duration(*age)
        );
    }
    if !status.damaged.is_empty() {
        text += &format!("damaged   {} (their runs are computed again)\n", status.damaged.join(", "));
    }
    if !status.failed.is_empty() {
        text += "failed\n";
        text += &list(&status.failed);
    }
    text += &match (status.missing, status.seconds_left) {
        (0, _) => "next      kadry collect DIR joins the runs\n".to_owned(),
        (_, Some(seconds)) => format!("left      about {}\n", duration(seconds)),
        (_, None) if status.workers.is_empty() => "left      unknown: no process is at work\n".to_owned(),
        (_, None) => "left      unknown: the processes at work have just begun\n".to_owned(),
    };
    text
}
