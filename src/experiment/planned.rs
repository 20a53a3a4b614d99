//! Makes a study anew from the plan in a result folder, so that any process can work on it or collect it.

use super::compare::run::{Comparison, Settings};
use super::plan::{Futures, Plan};
use super::run::Run;
use super::stored::every_table;
use super::study::address::Address;
use super::study::execute::{Observer, Unobserved};
use super::study::session::{Destination, Failure, Opening, RunError, Session};
use super::study::store::Store;
use super::study::version::{RESULTS_VERSION, changes_since};
use super::study::{RunId, Shard, Study};
use super::tables::Table;
use crate::engine::calendar::Month;
use crate::output::folder::{FolderError, Note, notes, parts_of, plan_of};
use crate::output::plan::PlanFile;
use crate::scenario::load_text;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// A study that has been planned in a result folder.
pub struct PlannedStudy {
    folder: PathBuf,
    plan: PlanFile,
    verb: Planned,
}

/// The verb that made the plan.
enum Planned {
    Run(Run),
    Compare(Comparison),
}

/// The error if a plan cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PlannedError {
    /// The folder or the plan cannot be read.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The plan has results of another version.
    #[error(
        "{folder} is planned with results of version {theirs}, and this kadry has version {RESULTS_VERSION} ({}): use the \
         kadry that planned it, or plan it again with --force", changes_since(*.theirs)
    )]
    OtherResults {
        /// The folder.
        folder: PathBuf,
        /// Version of the plan.
        theirs: u32,
    },
    /// Something in the plan is not what this program writes.
    #[error("{0}/.kadry/plan.json: {1}: plan it again with --force")]
    Broken(PathBuf, String),
}

/// What [`PlannedStudy::recompute`] has done.
#[derive(Debug, Default)]
pub(super) struct Recomputed {
    /// Number of computed runs.
    pub(super) computed: u64,
    /// Whether the work was stopped.
    pub(super) stopped: bool,
}

impl Planned {
    /// Number of the last replicate that is computed first.
    fn replicates(&self) -> u32 {
        match self {
            Planned::Run(run) => *run.study.base.replicates.end(),
            Planned::Compare(comparison) => comparison.settings.rule.replicates,
        }
    }
}

/// What `kadry collect` has done.
pub enum Collected {
    /// The result was finished before.
    Already,
    /// The result is written.
    Finished {
        /// Number of runs.
        runs: u64,
    },
    /// Runs are missing.
    Missing(Vec<MissingRun>),
}

/// A run that is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingRun {
    /// Label of the scenario.
    pub scenario: String,
    /// Number of the replicate.
    pub replicate: u32,
    /// Number of its batch, from 1.
    pub batch: u64,
    /// Why it failed, if it did.
    pub reason: Option<String>,
}

impl PlannedStudy {
    /// Reads the plan of a folder; `None` if there is none.
    ///
    /// # Errors
    ///
    /// If the plan cannot be read, or has results of another version.
    pub fn open(folder: &Path) -> Result<Option<Self>, PlannedError> {
        let Some(plan) = plan_of(folder)? else { return Ok(None) };
        if plan.mark.results != RESULTS_VERSION {
            return Err(PlannedError::OtherResults { folder: folder.into(), theirs: plan.mark.results });
        }
        let verb = verb(&plan, 0).map_err(|what| PlannedError::Broken(folder.into(), what))?;
        let planned = PlannedStudy { folder: folder.into(), plan, verb };
        if planned.study().marks != planned.plan.variants {
            let what = "its scenarios are not those that this version of kadry reads from it";
            return Err(PlannedError::Broken(folder.into(), what.into()));
        }
        Ok(Some(planned))
    }

    /// Makes the study of a plan that a result records, which lacks variants and batches.
    pub(super) fn of_recorded(
        folder: &Path,
        mut plan: PlanFile,
        looks_before: u32,
    ) -> Result<Self, PlannedError> {
        let verb = verb(&plan, looks_before).map_err(|what| PlannedError::Broken(folder.into(), what))?;
        let mut planned = PlannedStudy { folder: folder.into(), plan: plan.clone(), verb };
        plan.variants = planned.study().marks.clone();
        plan.batches = planned.study().batches();
        planned.plan = plan.sealed();
        Ok(planned)
    }

    /// Computes the result again in another folder: the sampled runs are computed, the others are taken from the tables of
    /// the result in `from`.
    pub(super) fn recompute(
        &self,
        folder: &Path,
        from: &Path,
        sampled: &BTreeSet<Address>,
        observer: &dyn Observer,
        stop: &AtomicBool,
    ) -> Result<Recomputed, RunError> {
        let destination = Destination { folder: folder.into(), ..Destination::default() };
        let opening = Session::open(self.study(), &self.plan, &destination, observer, stop)?;
        let Opening::Work(mut session) = opening else { return Ok(Recomputed::default()) };
        session.take_from(from, |address| !sampled.contains(address))?;
        session.compute(self.verb.replicates())?;
        let mut recomputed = Recomputed { computed: session.computed, stopped: false };
        match &self.verb {
            Planned::Run(run) => recomputed.stopped = run.conclude(*session, folder)?.stopped,
            Planned::Compare(comparison) => {
                recomputed.stopped = comparison.conclude(*session, folder)?.stopped
            }
        }
        Ok(recomputed)
    }

    /// The study.
    pub fn study(&self) -> &Study {
        match &self.verb {
            Planned::Run(run) => &run.study,
            Planned::Compare(comparison) => &comparison.study,
        }
    }

    /// The folder, as the user named it.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The plan.
    pub fn plan(&self) -> &PlanFile {
        &self.plan
    }

    /// Number of the first run of each batch.
    pub fn batches(&self) -> &[u64] {
        &self.plan.batches
    }

    /// Number of variants.
    pub fn variants(&self) -> usize {
        self.plan.variants.len()
    }

    /// Sets the number of threads, and of runs at the same time.
    pub fn use_threads(&mut self, threads: usize, side_by_side: usize) {
        let study = match &mut self.verb {
            Planned::Run(run) => &mut run.study,
            Planned::Compare(comparison) => &mut comparison.study,
        };
        let base = Arc::make_mut(&mut study.base);
        base.threads = threads;
        base.side_by_side = side_by_side;
    }

    /// The finished runs in the folder.
    ///
    /// # Errors
    ///
    /// If the folder cannot be read.
    pub fn store(&self) -> Result<Store, RunError> {
        let mut store = Store::new(parts_of(&self.folder)?, self.study().tables());
        store.refresh(false, false)?;
        Ok(store)
    }

    /// Number of runs of a shard, and how many of them are finished.
    ///
    /// # Errors
    ///
    /// If the folder cannot be read.
    pub fn progress_of(&self, shard: Shard) -> Result<(u64, u64), RunError> {
        let (store, study) = (self.store()?, self.study());
        let runs: Vec<RunId> =
            study.batches_of(self.batches(), Some(shard), |_| true).into_iter().flatten().collect();
        let finished = runs.iter().filter(|run| store.has(&study.address(**run))).count();
        Ok((runs.len() as u64, finished as u64))
    }

    /// The runs that are missing, in the order of the plan.
    ///
    /// # Errors
    ///
    /// If the folder cannot be read.
    pub fn missing(&self) -> Result<Vec<MissingRun>, RunError> {
        let (store, study) = (self.store()?, self.study());
        let failures = self.failures();
        let missing = |(number, run): (usize, RunId)| {
            let address = study.address(run);
            let failure = failures.iter().find(|(of, _)| *of == address).map(|(_, failure)| failure);
            (!store.has(&address)).then(|| MissingRun {
                scenario: study.marks[run.variant].scenario.called().to_owned(),
                replicate: run.replicate,
                batch: self.plan.batches.partition_point(|begin| *begin <= number as u64) as u64,
                reason: failure.map(|failure| failure.reason.clone()),
            })
        };
        Ok(study.runs().enumerate().filter_map(missing).collect())
    }

    /// The runs that have failed.
    pub fn failures(&self) -> Vec<(Address, Failure)> {
        let notes = notes(&self.folder, Note::Failure);
        let read = |(name, bytes, _): (String, Vec<u8>, _)| {
            Some((Address::parse(&name)?, serde_json::from_slice(&bytes).ok()?))
        };
        notes.into_iter().filter_map(read).collect()
    }

    /// Joins the finished runs into the result, if none are missing.
    ///
    /// # Errors
    ///
    /// If the folder is in use, or the result cannot be written.
    pub fn collect(&self) -> Result<Collected, RunError> {
        let missing = self.missing()?;
        if !missing.is_empty() {
            return Ok(Collected::Missing(missing));
        }
        let destination = Destination { folder: self.folder.clone(), force: true, ..Destination::default() };
        let never = AtomicBool::new(false);
        let opening = Session::open(self.study(), &self.plan, &destination, &Unobserved, &never)?;
        let Opening::Work(session) = opening else { return Ok(Collected::Already) };
        match &self.verb {
            Planned::Run(run) => drop(run.conclude(*session, &self.folder)?),
            Planned::Compare(comparison) => drop(comparison.conclude(*session, &self.folder)?),
        }
        Ok(Collected::Finished { runs: self.study().run_count() })
    }
}

/// Makes the verb of a plan anew; the error is the fault in words.
fn verb(plan: &PlanFile, looks_before: u32) -> Result<Planned, String> {
    let last: Month = plan.mark.months[1].parse().map_err(|error| format!("{error}"))?;
    let table = |file: &String| {
        let found = every_table().find(|table| table.layout().file() == *file);
        found.ok_or_else(|| format!("there is no table {file}"))
    };
    let tables = plan.mark.tables.iter().map(table).collect::<Result<Vec<&'static dyn Table>, _>>()?;
    let futures = match &plan.mark.futures {
        Some(mark) => Some(Futures::read(mark).ok_or("futures cannot be read")?),
        None => None,
    };
    let [first, end] = plan.mark.replicates;
    let plans = plan.scenario_texts.iter().map(|text| {
        let scenario = load_text("scenario.toml", text).map_err(|faults| faults.to_string())?;
        let (tables, replicates) = (tables.clone(), first..=end);
        Ok(Plan { seed: plan.mark.seed, replicates, last, tables, futures, ..Plan::of(&scenario) })
    });
    let mut plans = plans.collect::<Result<Vec<Plan>, String>>()?;
    Ok(match plan.mark.command.as_str() {
        "run" => {
            let base = plans.pop().ok_or("it has no scenario")?;
            let summary = plan.mark.settings["summary"].as_bool().unwrap_or(true);
            Planned::Run(Run::new(base, plan.scenario_texts.concat(), summary))
        }
        "compare" => {
            let settings: Settings =
                serde_json::from_value(plan.mark.settings.clone()).map_err(|error| error.to_string())?;
            if plans.is_empty() {
                return Err("it has no scenario".into());
            }
            Planned::Compare(Comparison {
                study: Study::of_plans(plans),
                texts: plan.scenario_texts.clone(),
                settings,
                looks_before,
            })
        }
        other => return Err(format!("there is no command {other:?}")),
    })
}
