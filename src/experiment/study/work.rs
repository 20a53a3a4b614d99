//! Computes the runs of a study that are missing: in the process that carries the study out, or in any number of others.

use super::address::Address;
use super::execute::{self, End, Executed, Job, Observer};
use super::heartbeat::Heartbeat;
use super::session::RunError;
use super::store::{Check, Store, StoreError};
use super::{RunId, Shard, Study};
use crate::engine::parallel::Workers;
use crate::experiment::plan::Plan;
use crate::experiment::replicate::{self, RunOutput};
use crate::output::folder::{Note, notes, parts_of, process_name, remove_note, write_note};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

/// Which missing runs to compute, and with what.
pub(super) struct Work<'a> {
    pub(super) study: &'a Study,
    /// First run of each batch.
    pub(super) begins: &'a [u64],
    pub(super) shard: Shard,
    pub(super) observer: &'a dyn Observer,
    pub(super) stop: &'a AtomicBool,
    /// Last replicate.
    pub(super) last: u32,
    /// Whether this process has locked the folder.
    pub(super) locked: bool,
}

/// The simulation of a run of a study.
pub(super) fn simulate<'s>(
    study: &'s Study,
    observer: &'s dyn Observer,
    stop: &'s AtomicBool,
) -> impl Fn(&Plan, RunId, Workers) -> Option<RunOutput> + Sync + 's {
    move |plan, run, workers| {
        let weight = study.marks[run.variant].agent_months;
        replicate::simulate(plan, run.replicate, workers, weight, observer, stop)
    }
}

/// Computes the runs that the store does not have. Batches with the most work come first.
pub(super) fn work(
    work: &Work<'_>,
    store: &mut Store,
    pool: &rayon::ThreadPool,
    unfinished: &mut BTreeMap<RunId, End>,
    simulate: &(impl Fn(&Plan, RunId, Workers) -> Option<RunOutput> + Sync),
) -> Result<Executed, RunError> {
    let Work { study, begins, shard, observer, stop, last, locked } = *work;
    let mut all = Executed::default();
    let expected = |run: &RunId| study.marks[run.variant].agent_months;
    loop {
        let mut seen = BTreeSet::new();
        let mut batches = study.batches_of(begins, shard, |run| {
            let address = study.address(run);
            run.replicate <= last
                && !store.has(&address)
                && !matches!(unfinished.get(&run), Some(End::Failed(_)))
                && seen.insert(address)
        });
        if batches.is_empty() || stop.load(Ordering::Relaxed) {
            return Ok(all);
        }
        if !locked && shard == Shard::ALL {
            // Processes that share all batches begin in different places, so that they seldom compute the same ones.
            let digest = Sha256::digest(process_name());
            let number = usize::from(digest[0]) << 8 | usize::from(digest[1]);
            let begin = number % batches.len();
            batches.rotate_left(begin);
        }
        batches.sort_by_key(|batch| std::cmp::Reverse(batch.iter().map(expected).max()));
        let runs = || batches.iter().flatten();
        let months = study.base.months().count() as u64;
        observer.expect(runs().count() as u64 * months, runs().map(expected).sum());
        let job = Job { study, parts: store.parts(), known: store.names(), pool, observer, stop };
        let executed = execute::execute(&job, &batches, simulate)?;
        let tables = study.recorded();
        for (name, runs) in &executed.stored {
            store.add(name, &tables, runs);
        }
        let folder = store.parts().shown().to_owned();
        for (run, end) in &executed.unfinished {
            if let End::Failed(reason) = end {
                note_failure(&folder, study, *run, reason);
            }
        }
        unfinished.extend(executed.unfinished);
        all.finished += executed.finished;
        all.agent_months += executed.agent_months;
        all.profile.add(&executed.profile);
        if !executed.elsewhere {
            return Ok(all);
        }
        let check = if locked { Check::Repair } else { Check::Header };
        if pool.install(|| store.refresh(check))?.runs > 0 {
            continue;
        }
        // A part that cannot be used stands in the place of a batch. Without progress, the loop would not end.
        if pool.install(|| store.refresh(Check::Repair))?.damaged.is_empty() {
            return Err(StoreError::Blocked(folder.display().to_string()).into());
        }
    }
}

/// A failed run, for `kadry status`.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Failure {
    /// Label of the scenario.
    pub scenario: String,
    /// Number of the replicate.
    pub replicate: u32,
    /// The panic message.
    pub reason: String,
}

fn note_failure(folder: &Path, study: &Study, run: RunId, reason: &str) {
    let scenario = study.marks[run.variant].scenario.called().to_owned();
    let failure = Failure { scenario, replicate: run.replicate, reason: reason.to_owned() };
    if let Ok(bytes) = serde_json::to_vec(&failure) {
        write_note(folder, Note::Failure, &study.address(run).to_string(), &bytes);
    }
}

/// The failed runs that processes have noted in a folder.
pub fn failures(folder: &Path) -> BTreeMap<Address, Failure> {
    let read = |(name, bytes, _): (String, Vec<u8>, _)| {
        Some((Address::parse(&name)?, serde_json::from_slice(&bytes).ok()?))
    };
    notes(folder, Note::Failure).into_iter().filter_map(read).collect()
}

/// What `kadry work` has done.
#[derive(Debug, Default)]
pub struct Worked {
    /// Runs of the shard.
    pub runs: u64,
    /// Runs of the shard that were finished before, here or elsewhere.
    pub before: u64,
    /// Runs that this process computed.
    pub computed: u64,
    /// Runs that failed.
    pub failed: u64,
    /// Whether runs of the shard are missing because the work was stopped.
    pub stopped: bool,
}

/// Computes the missing runs of a shard of a plan without locking the folder: any number of processes may do so at once.
///
/// # Errors
///
/// If the folder has no parts, or a part cannot be stored.
pub fn work_on(
    study: &Study,
    begins: &[u64],
    shard: Shard,
    folder: &Path,
    observer: &dyn Observer,
    stop: &AtomicBool,
) -> Result<Worked, RunError> {
    let threads = study.base.threads;
    let pool = execute::pool(&study.base).map_err(|reason| RunError::Threads { threads, reason })?;
    let mut store = Store::new(parts_of(folder)?, study.recorded());
    pool.install(|| store.refresh(Check::Header))?;
    let ours: Vec<RunId> = study.batches_of(begins, shard, |_| true).into_iter().flatten().collect();
    let has = |store: &Store| ours.iter().filter(|run| store.has(&study.address(**run))).count() as u64;
    let mut worked = Worked { runs: ours.len() as u64, before: has(&store), ..Worked::default() };
    let heartbeat = Heartbeat::new(folder, shard, observer);
    let mut unfinished = BTreeMap::new();
    let last = *study.base.replicates.end();
    let job = Work { study, begins, shard, observer: &heartbeat, stop, last, locked: false };
    let simulate = simulate(study, &heartbeat, stop);
    let executed = work(&job, &mut store, &pool, &mut unfinished, &simulate)?;
    worked.computed = executed.finished;
    worked.failed = unfinished.values().filter(|end| matches!(end, End::Failed(_))).count() as u64;
    worked.stopped = stop.load(Ordering::Relaxed) && has(&store) + worked.failed < worked.runs;
    for run in &ours {
        let address = study.address(*run);
        if store.has(&address) {
            remove_note(folder, Note::Failure, &address.to_string());
        }
    }
    Ok(worked)
}
