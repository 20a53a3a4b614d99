//! Runs one scenario: the study behind `kadry run`, its report and its summary.

use super::futures::crossed::Grid;
use super::futures::limits::LimitsBySize;
use super::futures::{self, Phase, Place};
use super::plan::{Futures, Plan};
use super::stored::{StoredResult, StoredRun};
use super::study::finish::VerbMark;
use super::study::rows::RunValues;
use super::study::session::{RunError, Session, StudyVerb};
use super::study::{PlanDetails, Study};
use super::summary::{self, HEADLINE, Summary};
use super::tables::{TABLES, Table, labelled, layouts};
use crate::model::simulation::Profile;
use crate::output::dictionary;
use crate::output::manifest::{Manifest, ReplicateStatus, Status};
use crate::output::plan::PlanFile;
use crate::output::reading::{ReadError, ResultFolder};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// File of the resolved scenario in the folder of a run.
pub const SCENARIO_FILE: &str = "scenario.toml";

/// Values of the runs by replicate, then by phase and by measure.
type PhaseValues = BTreeMap<u32, Vec<Vec<Option<f64>>>>;

/// Tables that the summary is computed from.
const SUMMARISED: [&str; 2] = ["series", "phases"];

/// A run to carry out.
pub struct Run {
    /// Its runs.
    pub study: Study,
    /// The resolved scenario, for `scenario.toml`.
    pub scenario_toml: String,
    /// Whether to write `summary.csv`.
    pub summary: bool,
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
    /// Finished replicates that were taken up.
    pub taken_up: u64,
    /// The folders from which runs were taken, and how many.
    pub reused: Vec<(PathBuf, u64)>,
    /// Sum over months and finished replicates of the people present.
    pub agent_months: u64,
    /// The same sum over the replicates that this process computed.
    pub agent_months_computed: u64,
    /// Wall time, in seconds.
    pub seconds: f64,
    /// Time by process of the month, summed over threads and replicates; empty unless the plan asks for it.
    pub profile: Profile,
    /// Whether the work was stopped before every replicate was tried.
    pub stopped: bool,
    /// Of pasts and futures, by phase and by position in [`summary::HEADLINE`]: the share of the variance that the past
    /// decides, and its interval.
    pub past_shares: Vec<Vec<Option<PastShare>>>,
}

/// A share, and the ends of its interval.
pub type PastShare = (f64, (f64, f64));

impl RunReport {
    /// Number of replicates with a status.
    pub fn count(&self, status: Status) -> usize {
        self.replicates.iter().filter(|replicate| replicate.status == status).count()
    }
}

impl Run {
    /// A run of a plan, whose tables are those that the result is to hold.
    pub fn new(plan: Plan, scenario_toml: String, summary: bool) -> Run {
        let written = plan.tables.clone();
        let chosen = |table: &&'static dyn Table| {
            let name = table.layout().name;
            SUMMARISED.contains(&name) || written.iter().any(|other| other.layout().name == name)
        };
        let recorded = TABLES.iter().copied().filter(chosen).collect();
        let mut study = Study::of_plans(vec![Plan { tables: recorded, ..plan }]);
        study.written = written;
        Run { study, scenario_toml, summary }
    }

    /// The shares of the headline measures that the past decides.
    fn past_shares(&self, values: &PhaseValues) -> Vec<Vec<Option<PastShare>>> {
        let Some(futures) = self.study.base.futures else { return Vec::new() };
        let mut limits = LimitsBySize::default();
        let mut share = |phase: usize, measure: usize| {
            let grid = Grid::complete(futures.pasts as usize, futures.futures as usize, |past, future| {
                let replicate = past as u32 * futures.futures + future as u32 + 1;
                values.get(&replicate)?.get(phase)?.get(measure).copied().flatten()
            });
            let parts = grid.split()?;
            Some((parts.share_past()?, parts.interval_of_share_past(&mut limits)?))
        };
        let phases = 0..self.study.base.phases_reached().len();
        phases.map(|phase| HEADLINE.iter().map(|one| share(phase, one.position())).collect()).collect()
    }

    /// The bytes of `futures.csv`.
    fn futures_csv(&self, futures: Futures, values: &PhaseValues) -> Vec<u8> {
        let base = &self.study.base;
        let phases: Vec<Phase<'_>> = base
            .phases_reached()
            .iter()
            .enumerate()
            .map(|(position, name)| Phase { name, from: base.phase_from(position) })
            .collect();
        let all = futures::Futures {
            scenario: &base.scenario,
            seed: base.seed,
            fresh_from: futures.from,
            pasts: futures.pasts as usize,
            futures: futures.futures as usize,
            phases: &phases,
        };
        futures::csv(&all, |Place { past, future, phase, measure }| {
            let replicate = past as u32 * futures.futures + future as u32 + 1;
            values.get(&replicate)?.get(phase)?.get(measure).copied().flatten()
        })
    }
}

impl StudyVerb for Run {
    type Report = RunReport;

    fn study(&self) -> &Study {
        &self.study
    }

    fn plan_file(&self, options: BTreeMap<String, Value>) -> PlanFile {
        let tables = self.study.written.iter().map(|table| table.layout().file());
        let always = [SCENARIO_FILE.to_owned(), dictionary::layout().file()];
        let summary = self.summary.then(|| summary::layout().file());
        let futures = self.study.base.futures.map(|_| futures::layout().file());
        let details = PlanDetails {
            command: "run",
            scenarios: vec![self.study.base.mark()],
            texts: vec![self.scenario_toml.clone()],
            points: None,
            analysis: BTreeMap::new(),
            settings: json!({ "summary": self.summary }),
            files: always.into_iter().chain(tables).chain(summary).chain(futures).collect(),
        };
        self.study.plan_file(details, options)
    }

    fn conclude(&self, mut session: Session<'_>, folder: &Path) -> Result<RunReport, RunError> {
        let last = self.last();
        session.check_some_finished(last)?;
        let mut summary = Summary::new(&self.study.base);
        let mut phases = PhaseValues::new();
        session.values(self.study.base.replicates.clone(), |run, values| {
            summary.add(values);
            if self.study.base.futures.is_some() {
                phases.insert(run.replicate, values.phases.clone());
            }
        })?;
        let mut report = RunReport {
            folder: folder.into(),
            replicates: session.statuses(0, last),
            summary,
            summarised: true,
            already: false,
            taken_up: session.taken_up,
            reused: session.reused.clone(),
            agent_months: session.agent_months(last),
            agent_months_computed: session.agent_months_computed,
            seconds: session.seconds(),
            profile: session.profile.clone(),
            stopped: session.stopped(last),
            past_shares: self.past_shares(&phases),
        };
        if report.stopped {
            return Ok(report);
        }
        session.write(SCENARIO_FILE, self.scenario_toml.as_bytes())?;
        let columns = self.study.labels();
        let own = self.study.base.futures.map(|_| futures::layout());
        let layouts: Vec<_> = layouts()
            .into_iter()
            .chain(own)
            .map(
                |layout| {
                    if layout.name == summary::layout().name { layout } else { labelled(layout, &columns) }
                },
            )
            .collect();
        session.write(&dictionary::layout().file(), &dictionary::csv(&layouts))?;
        session.write_tables(last)?;
        if let Some(futures) = self.study.base.futures {
            session.write(&futures::layout().file(), &self.futures_csv(futures, &phases))?;
        }
        if self.summary {
            session.write(&summary::layout().file(), &report.summary.to_csv(&self.study.base))?;
        }
        report.seconds = session.seconds();
        session.finish(VerbMark::default(), last)?;
        Ok(report)
    }

    fn finished(&self, path: &Path, manifest: &Manifest) -> Result<RunReport, RunError> {
        let tables: Vec<_> =
            TABLES.iter().copied().filter(|table| SUMMARISED.contains(&table.layout().name)).collect();
        let summarised = tables.iter().all(|table| manifest.files.contains_key(&table.layout().file()));
        let mut summary = Summary::new(&self.study.base);
        let mut phases = PhaseValues::new();
        if summarised {
            let stored = StoredResult::open(ResultFolder::open(path)?)?;
            stored.runs(&tables, |run| {
                let values = values_of(&run, &tables);
                summary.add(&values);
                if self.study.base.futures.is_some() {
                    phases.insert(run.replicate, values.phases);
                }
                Ok::<(), ReadError>(())
            })?;
        }
        Ok(RunReport {
            folder: path.into(),
            replicates: manifest.replicates.clone(),
            summary,
            summarised,
            already: true,
            taken_up: manifest.replicates.len() as u64,
            reused: Vec::new(),
            agent_months: manifest.cost.agent_months,
            agent_months_computed: 0,
            seconds: 0.0,
            profile: Profile::default(),
            stopped: false,
            past_shares: self.past_shares(&phases),
        })
    }
}

/// The values of a stored run.
pub fn values_of(run: &StoredRun, tables: &[&'static dyn Table]) -> RunValues {
    let names = tables.iter().map(|table| table.layout().name);
    RunValues::read(names.zip(run.tables.iter().map(Vec::as_slice)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::parallel::Workers;
    use crate::experiment::plan::tests::small;
    use crate::experiment::replicate::{self, RunOutput};
    use crate::experiment::study::RunId;
    use crate::experiment::study::execute::{End, Observer, Unobserved};
    use crate::experiment::study::session::{Destination, Opening};
    use crate::output::manifest;
    use std::fs;
    use std::ops::ControlFlow;
    use std::sync::atomic::{AtomicBool, Ordering};

    fn of(plan: &Plan) -> Run {
        Run::new(plan.clone(), "name = \"small\"\n".into(), true)
    }

    fn to(folder: &Path) -> Destination<'static> {
        Destination { folder: folder.into(), ..Destination::default() }
    }

    fn run(
        plan: &Plan,
        folder: &Path,
        observer: &dyn Observer,
        stop: &AtomicBool,
    ) -> Result<RunReport, RunError> {
        let run = of(plan);
        run.carry_out(&run.plan_file(BTreeMap::new()).sealed(), &to(folder), observer, stop)
    }

    /// Like [`run`], with another function in place of the simulation.
    fn run_with(
        plan: &Plan,
        folder: &Path,
        simulate: impl Fn(&Plan, RunId, Workers) -> Option<RunOutput> + Sync,
    ) -> Result<RunReport, RunError> {
        let (run, never) = (of(plan), AtomicBool::new(false));
        let file = run.plan_file(BTreeMap::new()).sealed();
        let opening = Session::open(&run.study, &file, &to(folder), &Unobserved, &never)?;
        let Opening::Work(mut session) = opening else { panic!("it is not finished") };
        session.compute_with(run.last(), &simulate)?;
        run.conclude(*session, folder)
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
            let report = run(&small(20, threads), &folder, &Unobserved, &never).unwrap();
            assert_eq!((report.folder.as_path(), report.count(Status::Finished)), (folder.as_path(), 20));
            let got = tables(&folder);
            assert_eq!(of_one.get_or_insert_with(|| got.clone()), &got, "{threads} threads");
        }
    }

    #[test]
    fn a_single_replicate_has_the_rows_that_it_has_among_others() {
        let home = tempfile::tempdir().unwrap();
        let never = AtomicBool::new(false);
        run(&small(20, 2), &home.path().join("all"), &Unobserved, &never).unwrap();
        let mut plan = small(20, 2);
        plan.replicates = 7..=7;
        run(&plan, &home.path().join("one"), &Unobserved, &never).unwrap();
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
        fn ended(&self, _scenario: &str, replicate: u32, _end: &End) {
            if replicate == self.0 {
                self.1.store(true, Ordering::Relaxed);
            }
        }
    }

    #[test]
    fn a_stopped_run_keeps_its_finished_replicates() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("result");
        let stop = AtomicBool::new(false);
        let report = run(&small(40, 2), &folder, &StopAfter(3, &stop), &stop).unwrap();
        let finished = report.count(Status::Finished);
        assert!((3..40).contains(&finished));
        assert_eq!(names(&folder), [".kadry"]);

        let never = AtomicBool::new(false);
        let again = run(&small(40, 2), &folder, &Unobserved, &never).unwrap();
        assert_eq!((again.taken_up, again.count(Status::Finished)), (finished as u64, 40));
        let whole = home.path().join("whole");
        run(&small(40, 2), &whole, &Unobserved, &never).unwrap();
        assert_eq!(tables(&folder), tables(&whole));
        assert_eq!(names(&folder), names(&whole));
    }

    #[test]
    fn a_finished_run_is_summarised_from_its_tables() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("result");
        let never = AtomicBool::new(false);
        let settings = ["population.size=1000".to_owned()];
        let scenario = crate::scenario::load("historical", &settings).unwrap();
        let plan =
            Plan { replicates: 1..=3, last: crate::engine::calendar::Month(30), ..Plan::of(&scenario) };
        let once = || {
            let run = Run::new(plan.clone(), scenario.to_toml(), true);
            run.carry_out(&run.plan_file(BTreeMap::new()).sealed(), &to(&folder), &Unobserved, &never)
                .unwrap()
        };
        let first = once();
        let before = fs::read(folder.join(manifest::FILE)).unwrap();
        let again = once();
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

    fn whole(plan: &Plan, replicate: u32) -> Option<RunOutput> {
        replicate::run(plan, replicate, Workers::One, |_| ControlFlow::Continue(()))
    }

    #[test]
    fn failed_replicates_are_marked_and_the_others_kept() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("result");
        let (plan, never) = (small(5, 2), AtomicBool::new(false));
        let work = |plan: &Plan, run: RunId, _| {
            assert!(run.replicate != 2, "a fault of the model");
            whole(plan, run.replicate)
        };
        let report = run_with(&plan, &folder, work).unwrap();
        assert_eq!((report.count(Status::Finished), report.count(Status::Failed)), (4, 1));
        assert_eq!(report.replicates[1].reason.as_deref(), Some("a fault of the model"));
        let series = fs::read_to_string(report.folder.join("series.csv")).unwrap();
        assert!(!series.contains("small,2,") && series.contains("small,5,"));
        let summary = fs::read_to_string(report.folder.join("summary.csv")).unwrap();
        assert!(summary.lines().nth(1).unwrap().contains(",4,"), "{summary}");
        assert!(!ResultFolder::open(&folder).unwrap().manifest.complete);
        // The same command runs the failed replicate again.
        let report = run(&plan, &folder, &Unobserved, &never).unwrap();
        assert_eq!((report.taken_up, report.count(Status::Finished)), (4, 5));
        assert!(ResultFolder::open(&folder).unwrap().manifest.complete && !folder.join(".kadry").exists());
    }

    #[test]
    fn if_every_replicate_fails_no_folder_remains() {
        let home = tempfile::tempdir().unwrap();
        let work = |_: &Plan, _, _| panic!("a fault of the model");
        let folder = home.path().join("result");
        let error = run_with(&small(3, 2), &folder, work).unwrap_err();
        assert!(error.to_string().contains("replicate 1: a fault of the model"), "{error}");
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);
    }
}
