//! Finds out how far a study is: finished, missing and failed runs, the processes at work, the time left.

use super::planned::{MissingRun, PlannedStudy};
use super::study::Shard;
use super::study::heartbeat::Beat;
use super::study::session::RunError;
use super::study::store::{Check, Store};
use crate::output::folder::{Note, notes, parts_of};
use std::time::Duration;

/// Time after which a process that has not been heard counts as gone.
const SILENT: Duration = Duration::from_secs(120);

/// How far a study is.
#[derive(Debug, Clone, PartialEq)]
pub struct Status {
    /// Number of runs.
    pub runs: u64,
    /// Finished runs.
    pub finished: u64,
    /// Runs that are not finished.
    pub missing: u64,
    /// Number of batches.
    pub batches: u64,
    /// Batches all of whose runs are finished.
    pub batches_finished: u64,
    /// Runs that failed.
    pub failed: Vec<MissingRun>,
    /// The processes at work, each with the time since it was heard, in seconds.
    pub workers: Vec<(Beat, f64)>,
    /// Estimated time left in seconds, if the processes go on as they have begun.
    pub seconds_left: Option<f64>,
    /// Names of parts that are damaged.
    pub damaged: Vec<String>,
}

/// Finds out how far a planned study is.
///
/// # Errors
///
/// If the folder cannot be read.
pub fn status(planned: &PlannedStudy) -> Result<Status, RunError> {
    let (study, folder) = (planned.study(), planned.folder());
    let mut store = Store::new(parts_of(folder)?, study.recorded());
    let damaged = store.refresh(Check::Digest)?.damaged;
    let missing = planned.missing(&store);
    let has = |batch: &Vec<_>| batch.iter().all(|run| store.has(&study.address(*run)));
    let batches = study.batches_of(planned.batches(), Shard::ALL, |_| true);
    let left: u64 = study
        .runs()
        .filter(|run| !store.has(&study.address(*run)))
        .map(|run| study.marks[run.variant].agent_months)
        .sum();
    let workers: Vec<(Beat, f64)> = notes(folder, Note::Worker)
        .into_iter()
        .filter(|(_, _, age)| *age < SILENT)
        .filter_map(|(_, bytes, age)| Some((serde_json::from_slice(&bytes).ok()?, age.as_secs_f64())))
        .collect();
    let rate: f64 = workers
        .iter()
        .map(|(beat, _)| beat.weight as f64 / beat.seconds.max(1e-3))
        .filter(|rate| *rate > 0.0)
        .sum();
    Ok(Status {
        runs: study.run_count(),
        finished: study.run_count() - missing.len() as u64,
        missing: missing.len() as u64,
        batches: batches.len() as u64,
        batches_finished: batches.iter().filter(|batch| has(batch)).count() as u64,
        failed: missing.into_iter().filter(|run| run.reason.is_some()).collect(),
        workers,
        seconds_left: (rate > 0.0).then(|| left as f64 / rate),
        damaged,
    })
}
