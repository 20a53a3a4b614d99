//! Carries out a study in a result folder: takes up finished runs, computes the missing ones, writes the tables.

use super::address::Address;
use super::execute::{self, End, Executed, Job, Observer};
use super::import::{self, Source};
use super::rows::{Labels, RunValues};
use super::store::{Store, StoreError};
use super::{RunId, Shard, Study};
use crate::engine::parallel::Workers;
use crate::experiment::machine;
use crate::experiment::plan::Plan;
use crate::experiment::replicate::{self, RunOutput};
use crate::experiment::tables::labelled;
use crate::model::simulation::Profile;
use crate::output::folder::{
    self, FolderError, Note, Opened, Request, Stream, Workspace, parts_of, remove_note, write_note,
};
use crate::output::manifest::{
    self, ComparisonMark, Cost, Manifest, Platform, Program, ReplicateStatus, Status, SweepMark,
    UnfinishedRun,
};
use crate::output::plan::PlanFile;
use crate::output::reading::ReadError;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// Name of the random number generator, for the manifest.
pub const GENERATOR: &str = "ChaCha8, keyed by seed, replicate, month, identity and purpose";

/// Number of runs whose rows are in memory at once while tables are written.
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
    /// Every replicate failed.
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

/// A study that has been opened.
pub enum Opening<'a> {
    /// It is already finished.
    Finished(Box<Manifest>),
    /// It is ready for work.
    Work(Box<Session<'a>>),
}

/// A study in its folder, which this process has locked.
pub struct Session<'a> {
    study: &'a Study,
    plan: &'a PlanFile,
    workspace: Workspace,
    store: Store,
    pool: rayon::ThreadPool,
    observer: &'a dyn Observer,
    stop: &'a AtomicBool,
    begin: Instant,
    unfinished: BTreeMap<RunId, End>,
    /// Finished runs of the study that were there before.
    pub taken_up: u64,
    /// Runs that this process computed.
    pub computed: u64,
    /// Sum over months of the people present in the runs that this process computed.
    pub agent_months_computed: u64,
    /// Time of the computed runs by process of the month; empty unless the plan asks for it.
    pub profile: Profile,
}

/// What a verb adds to the manifest.
#[derive(Default)]
pub struct VerbMark {
    /// The scenarios and statistics of a comparison.
    pub comparison: Option<ComparisonMark>,
    /// Whether the result is that of a sweep.
    pub sweep: bool,
}

/// Writes the plan into the folder, for processes that compute its runs, and takes the runs that are finished elsewhere.
/// Returns false if the result is already finished.
///
/// # Errors
///
/// If the folder cannot be used or written, or a folder to reuse cannot be read.
pub fn write_plan(study: &Study, plan: PlanFile, destination: &Destination<'_>) -> Result<bool, RunError> {
    let plan = PlanFile { planned: true, ..plan }.sealed();
    match folder::open(&destination.request(&plan))? {
        Opened::Finished(_) => Ok(false),
        Opened::Work(workspace) => {
            destination.finished_runs(study, &workspace)?;
            workspace.keep_plan();
            Ok(true)
        }
    }
}

impl Destination<'_> {
    fn request<'r>(&'r self, plan: &'r PlanFile) -> Request<'r> {
        Request { folder: &self.folder, plan, replace: self.force, extends: self.extends.as_deref() }
    }

    /// Finds the finished runs of a study: those among the parts, and those of the results that it may take runs from.
    fn finished_runs(&self, study: &Study, workspace: &Workspace) -> Result<Store, RunError> {
        let mut store = Store::new(workspace.parts()?, study.tables());
        store.refresh(true, self.force)?;
        if self.extends.is_some() {
            import::import(study, &mut store, &self.folder, Source::Extended)?;
        } else if self.force {
            import::import(study, &mut store, &self.folder, Source::Replaced)?;
        }
        for other in self.reuse {
            import::import(study, &mut store, other, Source::Other)?;
        }
        Ok(store)
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
        let workspace = match folder::open(&destination.request(plan))? {
            Opened::Finished(manifest) => return Ok(Opening::Finished(manifest)),
            Opened::Work(workspace) => workspace,
        };
        let store = pool.install(|| destination.finished_runs(study, &workspace))?;
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
            taken_up: 0,
            computed: 0,
            agent_months_computed: 0,
            profile: Profile::default(),
        };
        session.taken_up = session.finished(*study.base.replicates.end());
        Ok(Opening::Work(Box::new(session)))
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
        let Session { study, observer, stop, .. } = *self;
        let simulate = |plan: &Plan, run: RunId, workers| {
            let weight = study.marks[run.variant].agent_months;
            replicate::simulate(plan, run.replicate, workers, weight, observer, stop)
        };
        self.compute_with(last, &simulate)
    }

    /// Like [`Session::compute`], with another function in place of the simulation.
    pub(in crate::experiment) fn compute_with(
        &mut self,
        last: u32,
        simulate: &(impl Fn(&Plan, RunId, Workers) -> Option<RunOutput> + Sync),
    ) -> Result<(), RunError> {
        let begins = self.study.batches();
        let Session { study, observer, stop, .. } = *self;
        let job = Work { study, begins: &begins, shard: None, observer, stop, last };
        let executed = work(&job, &mut self.store, &self.pool, &mut self.unfinished, simulate)?;
        self.computed += executed.finished;
        self.agent_months_computed += executed.agent_months;
        self.profile.add(&executed.profile);
        Ok(())
    }

    /// The threads of the study.
    pub fn pool(&self) -> &rayon::ThreadPool {
        &self.pool
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
            let (status, reason) = match self.unfinished.get(&run) {
                _ if self.store.has(&self.study.address(run)) => (Status::Finished, None),
                Some(End::Failed(reason)) => (Status::Failed, Some(reason.clone())),
                Some(_) => (Status::Interrupted, None),
                None => (Status::NotStarted, None),
            };
            ReplicateStatus { replicate, status, reason }
        };
        super::up_to(&self.study.base.replicates, last).map(status).collect()
    }

    /// Fails if all replicates of a variant up to the replicate `last` failed.
    ///
    /// # Errors
    ///
    /// [`RunError::AllFailed`].
    pub fn check_some_finished(&self, last: u32) -> Result<(), RunError> {
        if self.unfinished.is_empty() {
            return Ok(());
        }
        for variant in 0..self.study.marks.len() {
            let statuses = self.statuses(variant, last);
            if statuses.iter().all(|one| one.status == Status::Failed)
                && let Some(first) = statuses.first()
            {
                let reason = first.reason.clone().unwrap_or_default();
                return Err(RunError::AllFailed { replicate: first.replicate, reason });
            }
        }
        Ok(())
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
            let read = |(run, stored): &(RunId, super::store::StoredRun)| {
                (
                    *run,
                    RunValues::read(
                        names.iter().enumerate().map(|(table, name)| (*name, stored.rows(table))),
                    ),
                )
            };
            let values: Vec<(RunId, RunValues)> = self.pool.install(|| found.par_iter().map(read).collect());
            values.iter().for_each(|(run, values)| take(*run, values));
        }
        Ok(())
    }

    /// Writes the tables by run: variants in their order, replicates by number up to `last`.
    ///
    /// # Errors
    ///
    /// If a part has disappeared or a table cannot be written.
    pub fn write_tables(&mut self, last: u32) -> Result<(), RunError> {
        let Session { study, workspace, store, pool, .. } = self;
        let columns = study.labels();
        let position = |table: &&'static dyn super::Table| {
            let name = table.layout().name;
            study.base.tables.iter().position(|other| other.layout().name == name).expect("it is recorded")
        };
        let mut tables: Vec<(usize, &'static dyn super::Table, Stream)> = Vec::new();
        for table in &study.written {
            let layout = labelled(table.layout(), &columns);
            let mut stream = workspace.stream(&layout.file())?;
            stream.append(&layout.header())?;
            tables.push((position(table), *table, stream));
        }
        let mut labels: Option<(usize, Labels)> = None;
        for variant in 0..study.marks.len() {
            let runs: Vec<RunId> = super::up_to(&study.base.replicates, last)
                .map(|replicate| RunId { variant, replicate })
                .collect();
            if labels.as_ref().is_none_or(|(of, _)| *of != variant) {
                labels = Some((variant, study.labels_of(variant)));
            }
            let Some((_, labels)) = &labels else { continue };
            for runs in runs.chunks(AT_ONCE) {
                let mut found = Vec::with_capacity(runs.len());
                for run in runs {
                    let address = study.address(*run);
                    if store.has(&address) {
                        found.push((run.replicate, store.run(&address)?));
                    }
                }
                let append = |(position, table, stream): &mut (usize, &'static dyn super::Table, Stream)| {
                    let mut bytes = Vec::new();
                    for (replicate, stored) in &found {
                        let more = study.base.past_and_future(*replicate);
                        labels.label(*table, *replicate, &more, stored.rows(*position), &mut bytes);
                    }
                    stream.append(&bytes)
                };
                pool.install(|| tables.par_iter_mut().try_for_each(append))?;
            }
        }
        tables.into_iter().try_for_each(|(_, _, stream)| workspace.close(stream))?;
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

    /// Moves the tables into place and writes the manifest.
    ///
    /// # Errors
    ///
    /// If a file of the user is in the way, or the disk is full.
    pub fn finish(self, verb: VerbMark, last: u32) -> Result<(), RunError> {
        let (study, base) = (self.study, &self.study.base);
        let mut unfinished: Vec<UnfinishedRun> = Vec::new();
        if verb.sweep {
            for run in self.missing(last) {
                let status =
                    self.statuses(run.variant, last).into_iter().find(|one| one.replicate == run.replicate);
                let scenario = study.marks[run.variant].scenario.called().to_owned();
                unfinished.extend(status.map(|run| UnfinishedRun { scenario, run }));
            }
        }
        let complete = self.missing(last).is_empty();
        let profile = self.profile.seconds().map(|(name, seconds)| (name.to_owned(), seconds)).collect();
        let manifest = Manifest {
            form: manifest::FORM,
            digest: String::new(),
            complete,
            program: Program::this(),
            scenario: base.mark(),
            seed: base.seed,
            seed_text: base.seed.to_string(),
            months: self.plan.mark.months.clone(),
            generator: GENERATOR.into(),
            replicates: self.statuses(0, last),
            files: self.workspace.marks().clone(),
            plan: self.plan.mark.clone(),
            options: self.plan.options.clone(),
            comparison: verb.comparison,
            sweep: verb.sweep.then(|| SweepMark {
                keys: study.keys.clone(),
                points: study.marks.len() as u64 - 1,
                unfinished,
            }),
            cost: Cost {
                wall_seconds: self.seconds(),
                peak_memory_bytes: machine::peak_memory(),
                threads: base.threads,
                side_by_side: execute::side_by_side(base, study.run_count()),
                runs_computed: self.computed,
                agent_months: self.agent_months(last),
                process_seconds: if base.profile { profile } else { BTreeMap::new() },
            },
            platform: Platform::this(),
        };
        Ok(self.workspace.finish(&manifest.sealed())?)
    }
}

/// Which missing runs to compute, and with what.
struct Work<'a> {
    study: &'a Study,
    /// First run of each batch.
    begins: &'a [u64],
    shard: Option<Shard>,
    observer: &'a dyn Observer,
    stop: &'a AtomicBool,
    /// Last replicate.
    last: u32,
}

/// Computes the runs that the store does not have. Batches with the most work come first.
fn work(
    work: &Work<'_>,
    store: &mut Store,
    pool: &rayon::ThreadPool,
    unfinished: &mut BTreeMap<RunId, End>,
    simulate: &(impl Fn(&Plan, RunId, Workers) -> Option<RunOutput> + Sync),
) -> Result<Executed, RunError> {
    let Work { study, begins, shard, observer, stop, last } = *work;
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
        batches.sort_by_key(|batch| std::cmp::Reverse(batch.iter().map(expected).max()));
        let runs = || batches.iter().flatten();
        let months = study.base.months().count() as u64;
        observer.expect(runs().count() as u64 * months, runs().map(expected).sum());
        let job = Job { study, parts: store.parts(), pool, observer, stop };
        let executed = execute::execute(&job, &batches, simulate)?;
        let tables: Vec<String> = study.tables().into_iter().map(str::to_owned).collect();
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
        pool.install(|| store.refresh(true, false))?;
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
    let mut store = Store::new(parts_of(folder)?, study.tables());
    pool.install(|| store.refresh(false, false))?;
    let ours: Vec<RunId> = study.batches_of(begins, Some(shard), |_| true).into_iter().flatten().collect();
    let has = |store: &Store| ours.iter().filter(|run| store.has(&study.address(**run))).count() as u64;
    let mut worked = Worked { runs: ours.len() as u64, before: has(&store), ..Worked::default() };
    let simulate = |plan: &Plan, run: RunId, workers| {
        let weight = study.marks[run.variant].agent_months;
        replicate::simulate(plan, run.replicate, workers, weight, observer, stop)
    };
    let mut unfinished = BTreeMap::new();
    let last = *study.base.replicates.end();
    let job = Work { study, begins, shard: Some(shard), observer, stop, last };
    let executed = work(&job, &mut store, &pool, &mut unfinished, &simulate)?;
    worked.computed = executed.finished;
    worked.failed = unfinished.values().filter(|end| matches!(end, End::Failed(_))).count() as u64;
    worked.stopped = stop.load(Ordering::Relaxed) && has(&store) + worked.failed < worked.runs;
    for run in &ours {
        let address: Address = study.address(*run);
        if store.has(&address) {
            remove_note(folder, Note::Failure, &address.to_string());
        }
    }
    Ok(worked)
}
