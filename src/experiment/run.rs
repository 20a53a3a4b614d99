//! Executes a plan: runs the replicates, writes the tables, finishes the result folder.
//!
//! This is what `kadry run` does between reading its arguments and printing its summary.

use super::batch::{self, Observer};
use super::gather::{self, Gathered, Work};
use super::machine;
use super::plan::Plan;
use super::replicate::{self, ReplicateOutput};
use super::reread;
use super::summary::{self, Summary};
use super::tables::layouts;
use crate::engine::calendar::Month;
use crate::engine::parallel::Workers;
use crate::model::simulation::Profile;
use crate::output::dictionary;
use crate::output::folder::{self, FolderError, Opened, Request};
use crate::output::manifest::{self, Cost, Manifest, PlanMark, Platform, Program, ReplicateStatus, Status};
use crate::output::reading::{ReadError, ResultFolder};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::Instant;

/// Name of the random number generator, for the manifest.
pub const GENERATOR: &str = "ChaCha8, keyed by seed, replicate, month, identity and purpose";

/// File of the resolved scenario in the folder of a run.
const SCENARIO_FILE: &str = "scenario.toml";

/// Where to write the result, and what to write besides the tables.
#[derive(Debug)]
pub struct Destination<'a> {
    /// The folder.
    pub folder: &'a Path,
    /// Whether to replace a result of another plan.
    pub force: bool,
    /// The resolved scenario, for `scenario.toml`.
    pub scenario_toml: &'a str,
    /// Whether to write `summary.csv`.
    pub summary: bool,
    /// Options in force, for the manifest.
    pub options: BTreeMap<String, serde_json::Value>,
}

/// The result of a run.
#[derive(Debug)]
pub struct RunReport {
    /// The result folder, as the user named it.
    pub folder: PathBuf,
    /// How each replicate ended.
    pub replicates: Vec<ReplicateStatus>,
    /// Moments over the finished replicates.
    pub summary: Summary,
    /// False if the result was finished before and lacks the tables from which the summary is computed.
    pub summarised: bool,
    /// True if the result was finished before and nothing was done.
    pub already: bool,
    /// Finished replicates that were loaded from an earlier process.
    pub taken_up: u64,
    /// Sum over months and finished replicates of the people present.
    pub agent_months: u64,
    /// The same sum over the replicates that this process computed.
    pub agent_months_computed: u64,
    /// Wall time, in seconds.
    pub seconds: f64,
    /// Time by process of the month, summed over threads and replicates; empty unless the plan asks for it.
    pub profile: Profile,
}

impl RunReport {
    /// Number of replicates with a status.
    pub fn count(&self, status: Status) -> usize {
        self.replicates.iter().filter(|replicate| replicate.status == status).count()
    }
}

/// The error of a run or a comparison.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The folder cannot be used or written.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// A finished result cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
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

/// The plan as recorded in the folder.
pub fn mark(plan: &Plan, summary: bool, scenario_toml: &str) -> PlanMark {
    let tables: Vec<String> = plan.tables.iter().map(|table| table.layout().file()).collect();
    let always = [SCENARIO_FILE.to_owned(), dictionary::layout().file()];
    let summary = summary.then(|| summary::layout().file());
    PlanMark {
        command: "run".into(),
        program: Program::this(),
        scenarios: vec![plan.mark()],
        seed: plan.seed,
        replicates: [*plan.replicates.start(), *plan.replicates.end()],
        months: [Month::FIRST.to_string(), plan.last.to_string()],
        texts: manifest::digest_of_texts([scenario_toml]),
        tables: tables.clone(),
        analysis: BTreeMap::new(),
        files: always.into_iter().chain(tables).chain(summary).collect(),
    }
}

/// Executes a plan, or continues it where an earlier process stopped. When `stop` is set, every running replicate ends
/// after its current month, and finished replicates are stored for the next call.
///
/// # Errors
///
/// If the folder cannot be used or written, or every replicate fails.
pub fn run(
    plan: &Plan,
    destination: Destination<'_>,
    observer: &dyn Observer,
    stop: &AtomicBool,
) -> Result<RunReport, RunError> {
    let simulate = |plan: &Plan, number, workers| replicate::simulate(plan, number, workers, observer, stop);
    run_with(plan, destination, observer, stop, simulate)
}

fn run_with(
    plan: &Plan,
    destination: Destination<'_>,
    observer: &dyn Observer,
    stop: &AtomicBool,
    simulate: impl Fn(&Plan, u32, Workers) -> Option<ReplicateOutput> + Sync,
) -> Result<RunReport, RunError> {
    let begin = Instant::now();
    let pool = batch::pool(plan).map_err(|reason| RunError::Threads { threads: plan.threads, reason })?;
    let mark = mark(plan, destination.summary, destination.scenario_toml);
    let request =
        Request { folder: destination.folder, plan: &mark, replace: destination.force, extends: None };
    let mut workspace = match folder::open(&request)? {
        Opened::Finished(manifest) => return finished(plan, destination.folder, &manifest),
        Opened::Work(workspace) => workspace,
    };
    let mut summary = Summary::new(plan);
    let work = Work { plans: vec![plan], workspace: &workspace, pool: &pool, observer, stop };
    let mut gathered = Gathered::new(work)?;
    gathered.compute(*plan.replicates.end(), &simulate, |_, _, output| summary.add(output))?;
    if let Some((replicate, reason)) = gathered.all_failed() {
        return Err(RunError::AllFailed { replicate, reason });
    }
    let stopped = gathered.stopped();
    let Gathered { mut replicates, taken_up, computed, agent_months, agent_months_computed, profile, .. } =
        gathered;
    let mut report = RunReport {
        folder: destination.folder.into(),
        replicates: replicates.swap_remove(0),
        summary,
        summarised: true,
        already: false,
        taken_up,
        agent_months,
        agent_months_computed,
        seconds: begin.elapsed().as_secs_f64(),
        profile,
    };
    if stopped {
        return Ok(report);
    }
    workspace.write(SCENARIO_FILE, destination.scenario_toml.as_bytes())?;
    workspace.write(&dictionary::layout().file(), &dictionary::csv(&layouts()))?;
    gather::write_tables(&mut workspace, plan, std::slice::from_ref(&report.replicates), &pool)?;
    if destination.summary {
        workspace.write(&summary::layout().file(), &report.summary.to_csv(plan))?;
    }
    report.seconds = begin.elapsed().as_secs_f64();
    let process_seconds =
        report.profile.seconds().map(|(name, seconds)| (name.to_owned(), seconds)).collect();
    let manifest = Manifest {
        form: manifest::FORM,
        digest: String::new(),
        complete: report.count(Status::Finished) == report.replicates.len(),
        program: Program::this(),
        scenario: plan.mark(),
        seed: plan.seed,
        seed_text: plan.seed.to_string(),
        months: mark.months.clone(),
        generator: GENERATOR.into(),
        replicates: report.replicates.clone(),
        files: workspace.marks().clone(),
        plan: mark,
        options: destination.options,
        comparison: None,
        cost: Cost {
            wall_seconds: report.seconds,
            peak_memory_bytes: machine::peak_memory(),
            threads: plan.threads,
            side_by_side: batch::side_by_side(plan),
            runs_computed: computed,
            agent_months,
            process_seconds: if plan.profile { process_seconds } else { BTreeMap::new() },
        },
        platform: Platform::this(),
    };
    workspace.finish(&manifest.sealed())?;
    Ok(report)
}

/// Creates the report of a result that was finished before, from its tables.
fn finished(plan: &Plan, path: &Path, manifest: &Manifest) -> Result<RunReport, RunError> {
    let has = |table: &str| manifest.files.contains_key(&format!("{table}.csv"));
    let summarised = has("series") && has("phases");
    let mut summary = Summary::new(plan);
    if summarised {
        let reread = reread::read(&ResultFolder::open(path)?)?;
        reread
            .scenarios
            .iter()
            .flat_map(|kept| kept.replicates.values())
            .for_each(|output| summary.add(output));
    }
    Ok(RunReport {
        folder: path.into(),
        replicates: manifest.replicates.clone(),
        summary,
        summarised,
        already: true,
        taken_up: manifest.replicates.len() as u64,
        agent_months: manifest.cost.agent_months,
        agent_months_computed: 0,
        seconds: 0.0,
        profile: Profile::default(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::batch::Unobserved;
    use crate::experiment::plan::tests::small;
    use std::fs;
    use std::ops::ControlFlow;
    use std::sync::atomic::Ordering;

    fn destination(folder: &Path) -> Destination<'_> {
        Destination {
            folder,
            force: false,
            scenario_toml: "name = \"small\"\n",
            summary: true,
            options: BTreeMap::new(),
        }
    }

    fn tables(folder: &Path) -> Vec<Vec<u8>> {
        ["series.csv", "phases.csv", "summary.csv", "columns.csv"]
            .map(|file| fs::read(folder.join(file)).unwrap())
            .to_vec()
    }

    #[test]
    fn threads_change_no_byte() {
        let home = tempfile::tempdir().unwrap();
        let mut of_one = None;
        for threads in [1, 2, 3, 8] {
            let folder = home.path().join(threads.to_string());
            let never = AtomicBool::new(false);
            let report = run(&small(20, threads), destination(&folder), &Unobserved, &never).unwrap();
            assert_eq!((report.folder.as_path(), report.count(Status::Finished)), (folder.as_path(), 20));
            let got = tables(&folder);
            assert_eq!(of_one.get_or_insert_with(|| got.clone()), &got, "{threads} threads");
        }
    }

    #[test]
    fn a_single_replicate_has_the_rows_that_it_has_among_others() {
        let home = tempfile::tempdir().unwrap();
        let never = AtomicBool::new(false);
        run(&small(20, 2), destination(&home.path().join("all")), &Unobserved, &never).unwrap();
        let mut plan = small(20, 2);
        plan.replicates = 7..=7;
        run(&plan, destination(&home.path().join("one")), &Unobserved, &never).unwrap();
        for file in ["series.csv", "phases.csv"] {
            let read = |folder: &str| fs::read_to_string(home.path().join(folder).join(file)).unwrap();
            let (all, one) = (read("all"), read("one"));
            let rows: Vec<&str> = all.lines().filter(|line| line.starts_with("small,7,")).collect();
            assert_eq!(one.lines().skip(1).collect::<Vec<_>>(), rows, "{file}");
        }
    }

    /// Sets a stop flag when a given replicate has ended.
    struct StopAfter<'a>(u32, &'a AtomicBool);

    impl Observer for StopAfter<'_> {
        fn month(&self, _replicate: u32, _month: usize, _people: u64) {}
        fn ended(&self, replicate: &ReplicateStatus) {
            if replicate.replicate == self.0 {
                self.1.store(true, Ordering::Relaxed);
            }
        }
    }

    #[test]
    fn a_stopped_run_keeps_its_finished_replicates() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("result");
        let stop = AtomicBool::new(false);
        let report = run(&small(40, 2), destination(&folder), &StopAfter(3, &stop), &stop).unwrap();
        let finished = report.count(Status::Finished);
        assert!((3..40).contains(&finished));
        assert_eq!(names(&folder), [".kadry"]);

        let never = AtomicBool::new(false);
        let again = run(&small(40, 2), destination(&folder), &Unobserved, &never).unwrap();
        assert_eq!((again.taken_up, again.count(Status::Finished)), (finished as u64, 40));
        let whole = home.path().join("whole");
        run(&small(40, 2), destination(&whole), &Unobserved, &never).unwrap();
        assert_eq!(tables(&folder), tables(&whole));
        assert_eq!(names(&folder), names(&whole));
    }

    #[test]
    fn a_finished_run_is_summarised_from_its_tables() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("result");
        let never = AtomicBool::new(false);
        let first = run(&small(3, 2), destination(&folder), &Unobserved, &never).unwrap();
        let before = fs::read(folder.join(manifest::FILE)).unwrap();
        let again = run(&small(3, 2), destination(&folder), &Unobserved, &never).unwrap();
        assert!(again.already && !first.already);
        assert_eq!(again.summary, first.summary);
        assert_eq!(fs::read(folder.join(manifest::FILE)).unwrap(), before);
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    fn whole(plan: &Plan, replicate: u32) -> Option<ReplicateOutput> {
        replicate::run(plan, replicate, Workers::One, |_| ControlFlow::Continue(()))
    }

    #[test]
    fn failed_replicates_are_marked_and_the_others_kept() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("result");
        let (plan, never) = (small(5, 2), AtomicBool::new(false));
        let work = |plan: &Plan, replicate, _| {
            assert!(replicate != 2, "a fault of the model");
            whole(plan, replicate)
        };
        let report = run_with(&plan, destination(&folder), &Unobserved, &never, work).unwrap();
        assert_eq!((report.count(Status::Finished), report.count(Status::Failed)), (4, 1));
        assert_eq!(report.replicates[1].reason.as_deref(), Some("a fault of the model"));
        let series = fs::read_to_string(report.folder.join("series.csv")).unwrap();
        assert!(!series.contains("small,2,") && series.contains("small,5,"));
        let summary = fs::read_to_string(report.folder.join("summary.csv")).unwrap();
        assert!(summary.lines().nth(1).unwrap().contains(",4,"), "{summary}");
        assert!(!ResultFolder::open(&folder).unwrap().manifest.complete);
        // The same command runs the failed replicate again.
        let report = run(&plan, destination(&folder), &Unobserved, &never).unwrap();
        assert_eq!((report.taken_up, report.count(Status::Finished)), (1, 5));
        assert!(ResultFolder::open(&folder).unwrap().manifest.complete && !folder.join(".kadry").exists());
    }

    #[test]
    fn if_every_replicate_fails_no_folder_remains() {
        let home = tempfile::tempdir().unwrap();
        let never = AtomicBool::new(false);
        let work = |_: &Plan, _, _| panic!("a fault of the model");
        let folder = home.path().join("result");
        let error = run_with(&small(3, 2), destination(&folder), &Unobserved, &never, work).unwrap_err();
        assert!(error.to_string().contains("replicate 1: a fault of the model"), "{error}");
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);
    }
}
