//! Makes a study anew from the plan in a result folder, so that any process can work on it or collect it.

use super::claims::record::QUANTITIES;
use super::claims::study::{self as claims, CLAIMS_FILE, ClaimsStudy};
use super::compare::run::{Comparison, Settings};
use super::plan::{Futures, Plan};
use super::run::Run;
use super::soundness::study::{self as soundness, SoundnessStudy};
use super::stored::every_table;
use super::study::address::Address;
use super::study::execute::{Observer, Unobserved};
use super::study::session::{Destination, Opening, RunError, Session, StudyVerb};
use super::study::store::{Check, Store};
use super::study::version::{RESULTS_VERSION, changes_since};
use super::study::work::failures;
use super::study::{RunId, Shard, Study};
use super::sweep::{self, study::Sweep};
use super::tables::Table;
use crate::engine::calendar::Month;
use crate::output::folder::{FolderError, parts_of, plan_of};
use crate::output::plan::PlanFile;
use crate::output::reading::ResultFolder;
use crate::scenario::claims::load_claims_text_on;
use crate::scenario::{Faults, Template, load_text};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Maximum number of runs of a plan; no command makes one with more.
const MOST_RUNS: u64 = 100_000_000;

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
    Sweep(Sweep),
    Claims(Box<ClaimsStudy>),
    Soundness(Box<SoundnessStudy>),
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
    /// Writes the result from the finished runs, and computes more if the stopping rule of a comparison asks for them.
    fn conclude(&self, session: Session<'_>, folder: &Path) -> Result<Recomputed, RunError> {
        let computed = session.computed;
        let (computed, stopped) = match self {
            Planned::Run(run) => (computed, run.conclude(session, folder)?.stopped),
            Planned::Compare(comparison) => {
                let report = comparison.conclude(session, folder)?;
                (report.computed, report.stopped)
            }
            Planned::Sweep(sweep) => (computed, sweep.conclude(session, folder)?.outcome.stopped),
            Planned::Claims(claims) => (computed, claims.conclude(session, folder)?.outcome.stopped),
            Planned::Soundness(study) => (computed, study.conclude(session, folder)?.outcome.stopped),
        };
        Ok(Recomputed { computed, stopped })
    }

    /// The plan as the result folder records it.
    fn plan_file(&self, options: BTreeMap<String, serde_json::Value>) -> PlanFile {
        match self {
            Planned::Run(run) => run.plan_file(options),
            Planned::Compare(comparison) => comparison.plan_file(options),
            Planned::Sweep(sweep) => sweep.plan_file(options),
            Planned::Claims(claims) => claims.plan_file(options),
            Planned::Soundness(study) => study.plan_file(options),
        }
    }

    /// Number of the last replicate that is computed first.
    fn last(&self) -> u32 {
        match self {
            Planned::Run(run) => run.last(),
            Planned::Compare(comparison) => comparison.last(),
            Planned::Sweep(sweep) => sweep.last(),
            Planned::Claims(claims) => claims.last(),
            Planned::Soundness(study) => study.last(),
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
    /// The result is written without the runs that failed.
    Partly {
        /// Number of runs in the result.
        runs: u64,
        /// The runs that failed.
        failed: Vec<MissingRun>,
    },
    /// Runs are missing that have not failed; nothing is written.
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
        // A process may have been killed while it removed the parts of a finished result.
        if ResultFolder::open(folder).is_ok_and(|result| result.manifest.is_of(&plan.mark)) {
            return Ok(None);
        }
        if plan.mark.results != RESULTS_VERSION {
            return Err(PlannedError::OtherResults { folder: folder.into(), theirs: plan.mark.results });
        }
        let broken = |what: String| PlannedError::Broken(folder.into(), what);
        let [first, last] = plan.mark.replicates;
        if first == 0 || first > last {
            return Err(broken(format!("there are no replicates {first} to {last}")));
        }
        if plan.runs() > MOST_RUNS {
            return Err(broken(format!("it has {} runs, more than {MOST_RUNS}", plan.runs())));
        }
        let begins = &plan.batches;
        let ascending = begins.is_sorted_by(|one, next| one < next);
        if begins.first() != Some(&0) || !ascending || begins.last().is_none_or(|last| *last >= plan.runs()) {
            return Err(broken("its batches do not divide its runs".into()));
        }
        let verb = verb(&plan).map_err(broken)?;
        let mut planned = PlannedStudy { folder: folder.into(), plan, verb };
        planned.adopt_variants()?;
        Ok(Some(planned))
    }

    /// Takes names, labels and hashes of the variants from the plan, and checks that their runs are the same.
    fn adopt_variants(&mut self) -> Result<(), PlannedError> {
        let recorded = std::mem::take(&mut self.plan.variants);
        let marks = &mut self.study_mut().marks;
        let mut same = marks.len() == recorded.len();
        for (mark, recorded) in marks.iter_mut().zip(&recorded) {
            same &= mark.substance == recorded.substance;
            mark.scenario.clone_from(&recorded.scenario);
        }
        self.plan.variants = recorded;
        if !same {
            let what = "its scenarios are not those that this version of kadry reads from it";
            return Err(PlannedError::Broken(self.folder.clone(), what.into()));
        }
        Ok(())
    }

    /// Makes the study of a plan that a result records, which lacks batches and, unless it is a sweep, variants.
    pub(super) fn of_recorded(folder: &Path, plan: PlanFile) -> Result<Self, PlannedError> {
        let verb = verb(&plan).map_err(|what| PlannedError::Broken(folder.into(), what))?;
        let mut planned = PlannedStudy { folder: folder.into(), plan: plan.clone(), verb };
        if !plan.variants.is_empty() {
            planned.adopt_variants()?;
        }
        // Made anew, so that it can be compared with what is recorded.
        let own = planned.verb.plan_file(plan.options.clone());
        planned.plan = PlanFile { program: plan.program, looks_before: plan.looks_before, ..own }.sealed();
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
        let study = self.study();
        if study.runs().any(|run| !sampled.contains(&study.address(run))) {
            session.take_from(from, |address| !sampled.contains(address))?;
        }
        session.compute(self.verb.last())?;
        self.verb.conclude(*session, folder)
    }

    /// The study.
    pub fn study(&self) -> &Study {
        match &self.verb {
            Planned::Run(run) => &run.study,
            Planned::Compare(comparison) => &comparison.study,
            Planned::Sweep(sweep) => &sweep.study,
            Planned::Claims(claims) => &claims.study,
            Planned::Soundness(study) => &study.study,
        }
    }

    fn study_mut(&mut self) -> &mut Study {
        match &mut self.verb {
            Planned::Run(run) => &mut run.study,
            Planned::Compare(comparison) => &mut comparison.study,
            Planned::Sweep(sweep) => &mut sweep.study,
            Planned::Claims(claims) => &mut claims.study,
            Planned::Soundness(study) => &mut study.study,
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

    /// Sets the number of threads, and as many runs at the same time as fit the memory, if it is known.
    pub fn use_threads(&mut self, threads: usize, memory: Option<u64>) {
        let study = self.study_mut();
        let base = Arc::make_mut(&mut study.base);
        base.threads = threads;
        base.side_by_side = threads;
        if let Some(memory) = memory {
            study.fit(memory);
        }
    }

    /// The finished runs in the folder.
    ///
    /// # Errors
    ///
    /// If the folder cannot be read.
    pub fn store(&self) -> Result<Store, RunError> {
        let mut store = Store::new(parts_of(&self.folder)?, self.study().recorded());
        store.refresh(Check::Header)?;
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
            study.batches_of(self.batches(), shard, |_| true).into_iter().flatten().collect();
        let finished = runs.iter().filter(|run| store.has(&study.address(**run))).count();
        Ok((runs.len() as u64, finished as u64))
    }

    /// The runs that a store does not have, in the order of the plan.
    pub fn missing(&self, store: &Store) -> Vec<MissingRun> {
        let study = self.study();
        let failures = failures(&self.folder);
        let missing = |(number, run): (usize, RunId)| {
            let address = study.address(run);
            (!store.has(&address)).then(|| MissingRun {
                scenario: study.marks[run.variant].scenario.called().to_owned(),
                replicate: run.replicate,
                batch: self.plan.batches.partition_point(|begin| *begin <= number as u64) as u64,
                reason: failures.get(&address).map(|failure| failure.reason.clone()),
            })
        };
        study.runs().enumerate().filter_map(missing).collect()
    }

    /// Joins the finished runs into the result, if none are missing but those that failed.
    ///
    /// # Errors
    ///
    /// If the folder is in use, or the result cannot be written.
    pub fn collect(&self) -> Result<Collected, RunError> {
        // Damaged parts are put aside now, so that the next worker computes their runs.
        let mut store = Store::new(parts_of(&self.folder)?, self.study().recorded());
        store.refresh(Check::Repair)?;
        let missing = self.missing(&store);
        if missing.iter().any(|run| run.reason.is_none()) {
            return Ok(Collected::Missing(missing));
        }
        let destination = Destination { folder: self.folder.clone(), ..Destination::default() };
        let never = AtomicBool::new(false);
        let opening = Session::open(self.study(), &self.plan, &destination, &Unobserved, &never)?;
        let Opening::Work(session) = opening else { return Ok(Collected::Already) };
        // A part may have been put aside since.
        let left = session.missing(*self.study().base.replicates.end()).len();
        if left > missing.len() {
            drop(session);
            return Ok(Collected::Missing(self.missing(&self.store()?)));
        }
        self.verb.conclude(*session, &self.folder)?;
        let runs = self.study().run_count() - left as u64;
        Ok(if left == 0 { Collected::Finished { runs } } else { Collected::Partly { runs, failed: missing } })
    }
}

/// Makes the verb of a plan anew; the error is the fault in words.
fn verb(plan: &PlanFile) -> Result<Planned, String> {
    let last: Month = plan.mark.months[1].parse().map_err(|error| format!("{error}"))?;
    let table = |file: &String| {
        let found = every_table().find(|table| table.layout().file() == *file);
        found.ok_or_else(|| format!("there is no table {file}"))
    };
    // The table of a test of hypotheses follows from its file.
    let own = format!("{QUANTITIES}.csv");
    let tables = plan.mark.tables.iter().filter(|file| **file != own).map(table);
    let tables = tables.collect::<Result<Vec<&'static dyn Table>, _>>()?;
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
                looks_before: plan.looks_before,
            })
        }
        "sweep" => {
            let settings: sweep::study::Settings =
                serde_json::from_value(plan.mark.settings.clone()).map_err(|error| error.to_string())?;
            let base = plans.pop().ok_or("it has no scenario")?;
            let template =
                Template::load_text("scenario.toml", &plan.scenario_texts.concat(), settings.regions)
                    .map_err(|faults| faults.to_string())?;
            let points = plan.variants.iter().skip(1).map(|variant| variant.values.clone()).collect();
            let sweep = Sweep::new(base, template, plan.mark.keys.clone(), points, settings);
            let fault = |faulty: Vec<(usize, Faults)>| {
                faulty.first().map_or_else(String::new, |(_, faults)| faults.to_string())
            };
            Planned::Sweep(sweep.map_err(fault)?)
        }
        "claims" => {
            let settings: claims::Settings =
                serde_json::from_value(plan.mark.settings.clone()).map_err(|error| error.to_string())?;
            let base = plans.pop().ok_or("it has no scenario")?;
            let base_toml = plan.scenario_texts.concat();
            let file = load_claims_text_on(CLAIMS_FILE, &settings.claims, &base_toml)
                .map_err(|faults| faults.to_string())?;
            let study = ClaimsStudy::new(base, base_toml, file, settings);
            Planned::Claims(Box::new(study.map_err(|faults| faults.to_string())?))
        }
        soundness::COMMAND => {
            let settings: soundness::Settings =
                serde_json::from_value(plan.mark.settings.clone()).map_err(|error| error.to_string())?;
            let base = plans.pop().ok_or("it has no scenario")?;
            let study = SoundnessStudy::new(base, plan.scenario_texts.concat(), settings);
            Planned::Soundness(Box::new(study.map_err(|faults| faults.to_string())?))
        }
        other => return Err(format!("there is no command {other:?}")),
    })
}
