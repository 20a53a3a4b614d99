//! Words the estimates of `--dry-run` that `run` and `compare` share, and refuses runs that need too much memory.

use super::quantity::{bytes, count, duration};
use crate::experiment::foresight::Foresight;
use crate::experiment::foresight::speed::Speed;
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
