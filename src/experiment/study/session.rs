//! Carries out a study in a result folder: takes up finished runs and computes the missing ones. [`super::tables`] and
//! [`super::finish`] write the result.

use super::address::Address;
use super::execute::{self, End, Observer};
use super::heartbeat::Heartbeat;
use super::import::{self, Source};
use super::rows::RunValues;
use super::store::{Check, Store, StoreError, StoredRun};
use super::work::{Work, failures, simulate, work};
use super::{RunId, Shard, Study};
use crate::engine::parallel::Workers;
use crate::experiment::plan::Plan;
use crate::experiment::replicate::RunOutput;
use crate::model::simulation::Profile;
use crate::output::folder::{self, FolderError, Opened, Request, Stream, Workspace};
use crate::output::manifest::{Manifest, ReplicateStatus, Status};
use crate::output::plan::PlanFile;
use crate::output::reading::ReadError;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// Name of the random number generator, for the manifest.
pub const GENERATOR: &str = "ChaCha8, keyed by seed, replicate, month, identity and purpose";

/// Number of runs whose rows are in memory at once while values are read.
const AT_ONCE: usize = 64;

/// The error of a study.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The folder cannot be used or written.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// Finished runs cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A finished result cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// A result whose runs are to be reused cannot be read.
    #[error(transparent)]
    Import(#[from] import::ImportError),
    /// The system refuses to start the threads.
    #[error("cannot start {threads} threads: {reason}; give a smaller --threads N")]
    Threads {
        /// Number of threads asked for.
        threads: usize,
        /// Error of the system.
        reason: rayon::ThreadPoolBuildError,
    },
    /// Every run failed.
    #[error(
        "every replicate failed; replicate {replicate}: {reason}; this is a fault of the program: please report it with the scenario and the seed"
    )]
    AllFailed {
        /// The first replicate that failed.
        replicate: u32,
        /// Its panic message.
        reason: String,
    },
}

/// Where the result of a study goes, and which finished runs it may take.
#[derive(Debug, Default)]
pub struct Destination<'a> {
    /// The folder.
    pub folder: PathBuf,
    /// Whether to replace a result of another plan.
    pub force: bool,
    /// If the study extends the result in the folder, the digest of its manifest.
    pub extends: Option<String>,
    /// Other folders whose finished runs are taken.
    pub reuse: &'a [PathBuf],
}

/// A verb that makes a study and a result of its runs.
pub trait StudyVerb {
    /// What it reports.
    type Report;

    /// The study.
    fn study(&self) -> &Study;

    /// Number of the last replicate that is computed before [`StudyVerb::conclude`].
    fn last(&self) -> u32 {
        *self.study().base.replicates.end()
    }

    /// The plan as the result folder records it.
    fn plan_file(&self, options: BTreeMap<String, serde_json::Value>) -> PlanFile;

    /// Writes the result from the finished runs, unless the work was stopped.
    ///
    /// # Errors
    ///
    /// If every run failed, or the result cannot be written.
    fn conclude(&self, session: Session<'_>, folder: &Path) -> Result<Self::Report, RunError>;

    /// Reports a result that was finished before, from its tables.
    ///
    /// # Errors
    ///
    /// If a table cannot be read.
    fn finished(&self, folder: &Path, manifest: &Manifest) -> Result<Self::Report, RunError>;

    /// Carries out the study, or continues it where an earlier process stopped. When `stop` is set, every run ends after its
    /// current month, and finished runs are stored for the next call.
    ///
    /// # Errors
    ///
    /// If the folder cannot be used or written, or every run fails.
    fn carry_out(
        &self,
        plan: &PlanFile,
        destination: &Destination<'_>,
        observer: &dyn Observer,
        stop: &AtomicBool,
    ) -> Result<Self::Report, RunError> {
        match Session::open(self.study(), plan, destination, observer, stop)? {
            Opening::Finished(manifest) => self.finished(&destination.folder, &manifest),
            Opening::Work(mut session) => {
                session.compute(self.last())?;
                self.conclude(*session, &destination.folder)
            }
        }
    }
}

/// A study that has been opened.
pub enum Opening<'a> {
    /// It is already finished.
    Finished(Box<Manifest>),
    /// It is ready for work.
    Work(Box<Session<'a>>),
}

/// A study in its folder, which this process has locked.
pub struct Session<'a> {
    pub(super) study: &'a Study,
    pub(super) plan: &'a PlanFile,
    pub(super) workspace: Workspace,
    pub(super) store: Store,
    pub(super) pool: rayon::ThreadPool,
    observer: &'a dyn Observer,
    stop: &'a AtomicBool,
    begin: Instant,
    unfinished: BTreeMap<RunId, End>,
    /// Runs that failed in other processes.
    failed_before: BTreeMap<Address, String>,
    /// The folders from which runs were taken, and how many.
    pub reused: Vec<(PathBuf, u64)>,
    /// Finished runs of the study that were there before.
    pub taken_up: u64,
    /// Runs that this process computed.
    pub computed: u64,
    /// Sum over months of the people present in the runs that this process computed.
    pub agent_months_computed: u64,
    /// Time of the computed runs by process of the month; empty unless the plan asks for it.
    pub profile: Profile,
}

/// Writes the plan into the folder, for processes that compute its runs, and takes the runs that are finished elsewhere.
/// Returns the folders from which runs were taken, and how many; `None` if the result is already finished.
///
/// # Errors
///
/// If the folder cannot be used or written, or a folder to reuse cannot be read.
pub fn write_plan(
    study: &Study,
    plan: PlanFile,
    destination: &Destination<'_>,
) -> Result<Option<Vec<(PathBuf, u64)>>, RunError> {
    let plan = PlanFile { planned: true, ..plan }.sealed();
    destination.check_reused()?;
    match folder::open(&destination.request(&plan))? {
        Opened::Finished(_) => Ok(None),
        Opened::Work(workspace) => {
            let (_, reused) = destination.finished_runs(study, &workspace)?;
            workspace.keep_plan();
            Ok(Some(reused))
        }
    }
}

impl Destination<'_> {
    fn request<'r>(&'r self, plan: &'r PlanFile) -> Request<'r> {
        Request { folder: &self.folder, plan, replace: self.force, extends: self.extends.as_deref() }
    }

    /// Fails if a folder to reuse cannot be read, before anything is written.
    fn check_reused(&self) -> Result<(), RunError> {
        self.reuse.iter().try_for_each(|folder| Ok(import::check(folder)?))
    }

    /// Finds the finished runs of a study: those among the parts, and those of the results that it may take runs from.
    /// Also returns the folders from which runs were taken, and how many.
    fn finished_runs(
        &self,
        study: &Study,
        workspace: &Workspace,
    ) -> Result<(Store, Vec<(PathBuf, u64)>), RunError> {
        let mut store = Store::new(workspace.parts()?, study.recorded());
        store.refresh(if self.force { Check::Replace } else { Check::Repair })?;
        if self.extends.is_some() {
            import::import(study, &mut store, &self.folder, Source::Extended)?;
        } else if self.force {
            import::import(study, &mut store, &self.folder, Source::Replaced)?;
        }
        let mut reused = Vec::new();
        for other in self.reuse {
            reused.push((other.clone(), import::import(study, &mut store, other, Source::Other)?));
        }
        Ok((store, reused))
    }
}

impl<'a> Session<'a> {
    /// Opens the folder of a study and takes up the runs that are finished.
    ///
    /// # Errors
    ///
    /// If the folder cannot be used, or a folder to reuse cannot be read.
    pub fn open(
        study: &'a Study,
        plan: &'a PlanFile,
        destination: &Destination<'_>,
        observer: &'a dyn Observer,
        stop: &'a AtomicBool,
    ) -> Result<Opening<'a>, RunError> {
        let begin = Instant::now();
        let threads = study.base.threads;
        let pool = execute::pool(&study.base).map_err(|reason| RunError::Threads { threads, reason })?;
        destination.check_reused()?;
        let workspace = match folder::open(&destination.request(plan))? {
            Opened::Finished(manifest) => return Ok(Opening::Finished(manifest)),
            Opened::Work(workspace) => workspace,
        };
        let (store, reused) = pool.install(|| destination.finished_runs(study, &workspace))?;
        let mut session = Session {
            study,
            plan,
            workspace,
            store,
            pool,
            observer,
            stop,
            begin,
            unfinished: BTreeMap::new(),
            failed_before: failures(&destination.folder)
                .into_iter()
                .map(|(address, failure)| (address, failure.reason))
                .collect(),
            reused,
            taken_up: 0,
            computed: 0,
            agent_months_computed: 0,
            profile: Profile::default(),
        };
        session.taken_up = session.finished(*study.base.replicates.end());
        Ok(Opening::Work(Box::new(session)))
    }

    /// The threads of the study.
    pub fn pool(&self) -> &rayon::ThreadPool {
        &self.pool
    }

    /// Takes the finished runs that `wanted` selects from a finished result.
    ///
    /// # Errors
    ///
    /// If the result cannot be read, or a run cannot be stored.
    pub fn take_from(&mut self, folder: &Path, wanted: impl Fn(&Address) -> bool) -> Result<(), RunError> {
        import::from_result(self.study, &mut self.store, folder, wanted)?;
        Ok(())
    }

    /// Number of finished runs up to the replicate `last`.
    pub fn finished(&self, last: u32) -> u64 {
        let finished = |run: &RunId| run.replicate <= last && self.store.has(&self.study.address(*run));
        self.study.runs().filter(finished).count() as u64
    }

    /// Computes the missing runs up to the replicate `last`.
    ///
    /// # Errors
    ///
    /// If a part cannot be stored; earlier parts stay.
    pub fn compute(&mut self, last: u32) -> Result<(), RunError> {
        let heartbeat = Heartbeat::new(self.workspace.shown(), Shard::ALL, self.observer);
        let simulate = simulate(self.study, &heartbeat, self.stop);
        self.compute_observed(last, &heartbeat, &simulate)
    }

    /// Like [`Session::compute`], with another function in place of the simulation.
    #[cfg(test)]
    pub(in crate::experiment) fn compute_with(
        &mut self,
        last: u32,
        simulate: &(impl Fn(&Plan, RunId, Workers) -> Option<RunOutput> + Sync),
    ) -> Result<(), RunError> {
        self.compute_observed(last, self.observer, simulate)
    }

    fn compute_observed(
        &mut self,
        last: u32,
        observer: &dyn Observer,
        simulate: &(impl Fn(&Plan, RunId, Workers) -> Option<RunOutput> + Sync),
    ) -> Result<(), RunError> {
        let (study, stop, begins) = (self.study, self.stop, &self.plan.batches);
        let job = Work { study, begins, shard: Shard::ALL, observer, stop, last, locked: true };
        let executed = work(&job, &mut self.store, &self.pool, &mut self.unfinished, simulate)?;
        self.computed += executed.finished;
        self.agent_months_computed += executed.agent_months;
        self.profile.add(&executed.profile);
        Ok(())
    }

    /// Returns whether the work was stopped before every run up to the replicate `last` was tried.
    pub fn stopped(&self, last: u32) -> bool {
        let mut runs = self.study.runs().filter(|run| run.replicate <= last);
        self.stop.load(Ordering::Relaxed)
            && runs.any(|run| {
                !self.store.has(&self.study.address(run))
                    && !matches!(self.unfinished.get(&run), Some(End::Failed(_)))
            })
    }

    /// The runs that are missing up to the replicate `last`.
    pub fn missing(&self, last: u32) -> Vec<RunId> {
        let missing = |run: &RunId| run.replicate <= last && !self.store.has(&self.study.address(*run));
        self.study.runs().filter(missing).collect()
    }

    /// How the replicates of a variant ended, up to the replicate `last`.
    pub fn statuses(&self, variant: usize, last: u32) -> Vec<ReplicateStatus> {
        let status = |replicate| {
            let run = RunId { variant, replicate };
            let address = self.study.address(run);
            let (status, reason) = match (self.unfinished.get(&run), self.failed_before.get(&address)) {
                _ if self.store.has(&address) => (Status::Finished, None),
                (Some(End::Failed(reason)), _) | (None, Some(reason)) => {
                    (Status::Failed, Some(reason.clone()))
                }
                (Some(_), _) => (Status::Interrupted, None),
                (None, None) => (Status::NotStarted, None),
            };
            ReplicateStatus { replicate, status, reason }
        };
        super::up_to(&self.study.replicates(variant), last).map(status).collect()
    }

    /// Fails if all runs up to the replicate `last` failed.
    ///
    /// # Errors
    ///
    /// [`RunError::AllFailed`].
    pub fn check_some_finished(&self, last: u32) -> Result<(), RunError> {
        let failed = |run: &RunId| matches!(self.unfinished.get(run), Some(End::Failed(_)));
        match self.unfinished.first_key_value() {
            Some((first, End::Failed(reason)))
                if self.study.runs().filter(|run| run.replicate <= last).all(|run| failed(&run)) =>
            {
                Err(RunError::AllFailed { replicate: first.replicate, reason: reason.clone() })
            }
            _ => Ok(()),
        }
    }

    /// Passes the values of each finished run of some replicates to `take`, in the order of the tables.
    ///
    /// # Errors
    ///
    /// If a part has been removed or changed meanwhile.
    pub fn values(
        &mut self,
        replicates: RangeInclusive<u32>,
        mut take: impl FnMut(RunId, &RunValues),
    ) -> Result<(), RunError> {
        let names = self.study.tables();
        let runs: Vec<RunId> = self.study.runs().filter(|run| replicates.contains(&run.replicate)).collect();
        for runs in runs.chunks(AT_ONCE) {
            let mut found = Vec::with_capacity(runs.len());
            for run in runs {
                let address = self.study.address(*run);
                if self.store.has(&address) {
                    found.push((*run, self.store.run(&address)?));
                }
            }
            let read = |(run, stored): &(RunId, StoredRun)| {
                let tables = names.iter().enumerate().map(|(table, name)| (*name, stored.rows(table)));
                (*run, RunValues::read(tables))
            };
            let values: Vec<(RunId, RunValues)> = self.pool.install(|| found.par_iter().map(read).collect());
            values.iter().for_each(|(run, values)| take(*run, values));
        }
        Ok(())
    }

    /// Writes a file of the result.
    ///
    /// # Errors
    ///
    /// If the disk is full.
    pub fn write(&mut self, file: &str, bytes: &[u8]) -> Result<(), RunError> {
        Ok(self.workspace.write(file, bytes)?)
    }

    /// Opens a file of the result to append to.
    ///
    /// # Errors
    ///
    /// If it cannot be created.
    pub fn stream(&mut self, file: &str) -> Result<Stream, RunError> {
        Ok(self.workspace.stream(file)?)
    }

    /// Closes a file that [`Session::stream`] has opened.
    ///
    /// # Errors
    ///
    /// If the disk is full.
    pub fn close(&mut self, stream: Stream) -> Result<(), RunError> {
        Ok(self.workspace.close(stream)?)
    }

    /// Wall time since the study was opened, in seconds.
    pub fn seconds(&self) -> f64 {
        self.begin.elapsed().as_secs_f64()
    }

    /// Sum over months and finished runs, up to the replicate `last`, of the people present.
    pub fn agent_months(&self, last: u32) -> u64 {
        let runs = self.study.runs().filter(|run| run.replicate <= last);
        runs.map(|run| self.store.agent_months(&self.study.address(run))).sum()
    }
}
