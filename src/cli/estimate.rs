//! Words the estimates of `--dry-run`, and refuses runs that need too much memory.

use super::quantity::{bytes, count, duration, plural};
use crate::experiment::foresight::speed::Speed;
use crate::experiment::foresight::{self, Foresight};
use crate::output::folder::FolderState;
use anyhow::bail;

/// The remark after the path of the result folder in the text of `--dry-run`.
pub(super) fn folder_remark(state: FolderState) -> &'static str {
    match state {
        FolderState::New => "",
        FolderState::Unfinished => "  (unfinished: the run would continue)",
        FolderState::Finished => "  (finished: there would be nothing to do)",
        FolderState::Replaceable => "  (kadry's own files in it would be replaced)",
    }
}

/// The state of the result folder in the JSON of `--dry-run`.
pub(super) fn folder_word(state: FolderState) -> &'static str {
    match state {
        FolderState::New => "new",
        FolderState::Unfinished => "unfinished",
        FolderState::Finished => "finished",
        FolderState::Replaceable => "replaced",
    }
}

/// The estimated time for a number of agent-months, and the trial that the estimate is based on.
pub(super) fn time_text(speed: Option<Speed>, agent_months: u64) -> String {
    let Some(speed) = speed else { return "unknown: the trial runs failed".to_owned() };
    format!(
        "about {} (at {:.1} million agent-months per second, measured with up to {} people)",
        duration(speed.seconds(agent_months)),
        speed.rate / 1e6,
        count(speed.tried)
    )
}

/// The estimated work in seconds of one core, if `side` runs are computed at the same time at this speed.
pub(super) fn core_seconds(speed: Speed, agent_months: u64, side: u32) -> f64 {
    speed.seconds(agent_months) * f64::from(side)
}

/// The estimated time of each of as many tasks of a cluster as are useful, with one core each.
pub(super) fn cluster_text(speed: Option<Speed>, foresight: &Foresight, batches: u64) -> String {
    let tasks = batches.clamp(1, MOST_TASKS);
    let each = match speed {
        Some(speed) => {
            let seconds = core_seconds(speed, foresight.agent_months, foresight.side_by_side);
            // A task takes whole batches.
            let share = batches.div_ceil(tasks) as f64 / batches.max(1) as f64;
            format!("about {} on one core", duration(seconds * share))
        }
        None => "time unknown".to_owned(),
    };
    let most = bytes(foresight.memory_per_replicate.saturating_add(foresight::BYTES_OF_PROGRAM));
    let s = plural(tasks);
    format!("{} batches; {tasks} task{s}, each {each} with about {most} of memory", count(batches))
}

/// Largest number of tasks that an estimate proposes.
pub(super) const MOST_TASKS: u64 = 64;

/// Checks that a run fits the memory limit.
///
/// # Errors
///
/// If it needs more; the error lists what would help.
pub(super) fn check_memory(
    foresight: &Foresight,
    needed: u64,
    (limit, whose): (u64, &str),
) -> anyhow::Result<()> {
    if needed <= limit {
        return Ok(());
    }
    let most = foresight.people.iter().copied().max().unwrap_or(0);
    bail!(
        "the run needs about {} of memory for up to {} people, more than the {} that {whose}: give a smaller \
         --population N, an earlier --until YYYY-MM{}",
        bytes(needed),
        count(most),
        bytes(limit),
        match whose {
            whose if whose.starts_with("--") => ", or a larger --memory-limit",
            whose if whose.contains("ulimit") => ", or raise the limit",
            _ => ", or free some memory",
        },
    )
}
