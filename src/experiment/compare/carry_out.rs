//! A comparison carried out: what is missing is run, rows are written as they come, the folder is put in place.
//!
//! Owns the order of runs and rows: scenarios as given, the baseline first, each by replicate, whatever was there before
//! and however many looks it took.

use super::earlier::{Earlier, scenario_file};
use super::looks::{self, UntilPrecise};
use super::question::{Answer, Question, answer};
use super::samples::Samples;
use super::tables::{Names, compare, compare_csv, compare_months_csv, compare_phases_csv, layouts};
use crate::engine::calendar::Month;
use crate::experiment::batch::{self, Ended};
use crate::experiment::machine;
use crate::experiment::plan::Plan;
use crate::experiment::quantiles::Quantiles;
use crate::experiment::replicate::{self, Outcome};
use crate::experiment::run::{GENERATOR, RunError};
use crate::experiment::summary::{self, Summary};
use crate::output::dictionary;
use crate::output::folder::{Draft, FolderError, Stream};
use crate::output::manifest::{
    self, ComparedMark, ComparisonMark, Cost, Manifest, Platform, Program, ReplicateStatus, ScenarioMark,
    Status,
};
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// A scenario that takes part.
pub struct Entrant {
    /// What is run; the numbers of its replicates are settled by the rule. Tables, seed and last month are the same for
    /// all entrants.
    pub plan: Plan,
    /// The resolved scenario.
    pub toml: String,
}

/// How many replicates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rule {
    /// So many of each scenario; what is there already counts.
    pub replicates: u32,
    /// And more, until intervals are narrow.
    pub until: Option<UntilPrecise>,
}

/// Where results go.
pub struct Destination<'a> {
    /// The folder.
    pub folder: &'a Path,
    /// Whether an older result there may be replaced.
    pub force: bool,
    /// What is extended: its scenarios are the first entrants, in their order.
    pub earlier: Option<Earlier>,
    /// Options in force, for the manifest.
    pub options: BTreeMap<String, serde_json::Value>,
    /// Whether `compare_months.csv` has every column of `series.csv`, not the chosen metrics alone.
    pub all_months: bool,
}

/// Who watches a comparison.
pub trait Observer: batch::Observer {
    /// So many runs of each scenario will be computed next.
    fn round(&self, runs: &[u32]);

    /// The runs of a scenario, by position, begin.
    fn scenario(&self, position: usize);
}

/// What came of a comparison.
#[derive(Debug)]
pub struct Report {
    /// Where the results stand.
    pub folder: PathBuf,
    /// Names for the positions in everything below.
    pub names: Names,
    /// How the replicates of each scenario ended.
    pub replicates: Vec<Vec<ReplicateStatus>>,
    /// What each replicate gave.
    pub samples: Samples,
    /// What was asked; `spend` is that of the last look.
    pub question: Question,
    /// The answer.
    pub answer: Answer,
    /// Looks so far, those of the folder that was extended included.
    pub looks: u32,
    /// Whether every interval is as narrow as was asked for; none if that was not asked.
    pub precise: Option<bool>,
    /// Runs that were computed.
    pub computed: u64,
    /// Sum over months and computed runs of the people present.
    pub agent_months: u64,
    /// Time it took, in seconds.
    pub seconds: f64,
}

impl Report {
    /// True if every run that was asked for is there.
    pub fn complete(&self) -> bool {
        self.replicates.iter().flatten().all(|replicate| replicate.status == Status::Finished)
    }

    /// Replicates that every scenario has finished.
    pub fn finished(&self) -> usize {
        let of = |replicates: &Vec<ReplicateStatus>| {
            replicates.iter().filter(|replicate| replicate.status == Status::Finished).count()
        };
        self.replicates.iter().map(of).min().unwrap_or(0)
    }
}

/// What a comparison has gathered so far.
struct State<'a> {
    entrants: &'a [Entrant],
    /// By scenario and table.
    parts: Vec<Vec<Stream>>,
    summaries: Vec<Summary>,
    samples: Samples,
    replicates: Vec<Vec<ReplicateStatus>>,
    computed: u64,
    agent_months: u64,
}

impl<'a> State<'a> {
    fn new(entrants: &'a [Entrant], draft: &Draft) -> Result<Self, FolderError> {
        let part = |plan: &Plan, name: &str| draft.part(&format!("{}-{name}", plan.scenario));
        let parts = entrants.iter().map(|Entrant { plan, .. }| {
            plan.tables.iter().map(|table| part(plan, table.layout().name)).collect::<Result<Vec<_>, _>>()
        });
        let (phases, months) = entrants
            .first()
            .map_or((0, 0), |first| (first.plan.phases_reached().len(), first.plan.months().count()));
        Ok(State {
            parts: parts.collect::<Result<_, _>>()?,
            summaries: entrants.iter().map(|entrant| Summary::new(&entrant.plan)).collect(),
            samples: Samples::new(entrants.len(), phases, months),
            replicates: vec![Vec::new(); entrants.len()],
            computed: 0,
            agent_months: 0,
            entrants,
        })
    }

    /// Takes in a replicate that is finished.
    fn take(&mut self, scenario: usize, replicate: u32, outcome: &Outcome) -> Result<(), FolderError> {
        for (part, rows) in self.parts[scenario].iter_mut().zip(&outcome.tables) {
            part.append(rows)?;
        }
        self.summaries[scenario].add(outcome);
        self.samples.add(scenario, replicate, outcome);
        self.replicates[scenario].push(ReplicateStatus { replicate, status: Status::Finished, reason: None });
        Ok(())
    }

    /// Runs what a scenario lacks up to a number of replicates.
    fn extend(
        &mut self,
        scenario: usize,
        replicates: u32,
        pool: &rayon::ThreadPool,
        observer: &dyn Observer,
        stop: &AtomicBool,
    ) -> Result<(), FolderError> {
        let mut plan = self.entrants[scenario].plan.clone();
        plan.replicates = self.next_replicate(scenario)..=replicates;
        if plan.replicate_count() == 0 {
            return Ok(());
        }
        observer.scenario(scenario);
        let work = |number, workers| {
            let mut months = 0;
            replicate::run(&plan, number, workers, |people| {
                observer.month(number, months, people);
                months += 1;
                if stop.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            })
        };
        batch::run(&plan, pool, stop, work, |replicate, ended| {
            let (status, reason) = match ended {
                Ended::Finished(outcome) => {
                    self.take(scenario, replicate, &outcome)?;
                    self.computed += 1;
                    self.agent_months += outcome.agent_months;
                    (Status::Finished, None)
                }
                Ended::Failed(reason) => (Status::Failed, Some(reason)),
                Ended::Interrupted => (Status::Interrupted, None),
                Ended::NotStarted => (Status::NotStarted, None),
            };
            let ended = ReplicateStatus { replicate, status, reason };
            observer.ended(&ended);
            if status != Status::Finished {
                self.replicates[scenario].push(ended);
            }
            Ok::<(), FolderError>(())
        })
    }

    fn next_replicate(&self, scenario: usize) -> u32 {
        self.replicates[scenario].last().map_or(1, |last| last.replicate + 1)
    }

    /// The first failure, if some scenario has no finished replicate although none was stopped.
    fn all_failed(&self) -> Option<RunError> {
        let of = |replicates: &Vec<ReplicateStatus>| {
            let first = replicates.first()?;
            let all = replicates.iter().all(|replicate| replicate.status == Status::Failed);
            all.then(|| RunError::AllFailed {
                replicate: first.replicate,
                reason: first.reason.clone().unwrap_or_default(),
            })
        };
        self.replicates.iter().find_map(of)
    }
}

/// Carries out a comparison. When `stop` is set it ends within a month of the model, and what was finished is kept in a
/// folder marked incomplete; likewise when some runs fail.
///
/// # Errors
///
/// If the folder cannot be written or no replicate of some scenario comes to its end; nothing is changed then.
pub fn run(
    entrants: &[Entrant],
    mut question: Question,
    rule: Rule,
    destination: Destination<'_>,
    observer: &dyn Observer,
    stop: &AtomicBool,
) -> Result<Report, RunError> {
    let begin = Instant::now();
    let baseline = &entrants.first().expect("a comparison has a baseline").plan;
    let pool =
        batch::pool(baseline).map_err(|reason| RunError::Threads { threads: baseline.threads, reason })?;
    let mut draft = Draft::open(destination.folder, destination.force || destination.earlier.is_some())?;
    for entrant in entrants {
        draft.write(&scenario_file(&entrant.plan.scenario), entrant.toml.as_bytes())?;
    }
    draft.write(&dictionary::layout().file(), &dictionary::csv(&layouts()))?;
    let mut state = State::new(entrants, &draft)?;
    let mut looks = 0;
    if let Some(earlier) = destination.earlier {
        looks = earlier.manifest.comparison.as_ref().map_or(0, |comparison| comparison.looks);
        for (scenario, kept) in earlier.scenarios.into_iter().enumerate() {
            for (position, outcome) in (1..).zip(kept.outcomes) {
                state.take(scenario, position, &outcome)?;
            }
        }
    }
    let mut quantiles = Quantiles::default();
    let mut replicates = rule.replicates;
    let (answer, precise) = loop {
        let lacking = |scenario| (replicates + 1).saturating_sub(state.next_replicate(scenario));
        observer.round(&(0..entrants.len()).map(lacking).collect::<Vec<_>>());
        for scenario in 0..entrants.len() {
            state.extend(scenario, replicates, &pool, observer, stop)?;
        }
        looks += 1;
        question.spend = if rule.until.is_some() { looks::spend(looks) } else { 1.0 };
        let answer = answer(&state.samples, &question, &mut quantiles);
        let precise = rule.until.map(|until| until.reached(&answer));
        let next = rule.until.filter(|_| precise == Some(false) && !stop.load(Ordering::Relaxed));
        match next.and_then(|until| until.next(replicates)) {
            Some(next) => replicates = next,
            None => break (answer, precise),
        }
    };
    if let Some(error) = state.all_failed() {
        return Err(error);
    }
    let names = Names {
        scenarios: entrants.iter().map(|entrant| entrant.plan.scenario.clone()).collect(),
        phases: baseline.phases_reached().to_vec(),
        phases_from: (0..baseline.phases_reached().len()).map(|phase| baseline.phase_from(phase)).collect(),
        seed: baseline.seed,
    };
    let mut report = Report {
        folder: PathBuf::new(),
        names,
        replicates: state.replicates.clone(),
        samples: Samples::new(0, 0, 0),
        question,
        answer,
        looks,
        precise,
        computed: state.computed,
        agent_months: state.agent_months,
        seconds: 0.0,
    };
    report.samples = write_tables(&mut draft, state, &report, destination.all_months, &mut quantiles)?;
    report.seconds = begin.elapsed().as_secs_f64();
    let bytes = manifest(&report, entrants, &draft, destination.options).to_bytes();
    report.folder = if report.complete() { draft.finish(&bytes)? } else { draft.keep_incomplete(&bytes)? };
    Ok(report)
}

/// Joins the tables of replicates and writes those over them; gives the samples back.
fn write_tables(
    draft: &mut Draft,
    state: State<'_>,
    report: &Report,
    all_months: bool,
    quantiles: &mut Quantiles,
) -> Result<Samples, FolderError> {
    let State { entrants, parts, summaries, samples, .. } = state;
    let tables = &entrants[0].plan.tables;
    let mut by_table: Vec<Vec<Stream>> = tables.iter().map(|_| Vec::new()).collect();
    for (position, part) in parts.into_iter().flat_map(|parts| parts.into_iter().enumerate()) {
        by_table[position].push(part);
    }
    for (table, parts) in tables.iter().zip(by_table) {
        let layout = table.layout();
        draft.join(&layout.file(), &layout.header(), parts)?;
    }
    let mut rows = summary::layout().header();
    for (entrant, summary) in entrants.iter().zip(&summaries) {
        rows.extend(summary.rows(&entrant.plan));
    }
    draft.write(&summary::layout().file(), &rows)?;
    let Report { answer, question, names, .. } = report;
    if entrants.len() > 1 {
        draft.write(&compare().file(), &compare_csv(answer, question, names))?;
        let months = compare_months_csv(&samples, question, all_months, names, quantiles);
        draft.write(&super::tables::compare_months().file(), &months)?;
    }
    if question.regimes {
        let phases = compare_phases_csv(answer, question, names);
        draft.write(&super::tables::compare_phases().file(), &phases)?;
    }
    Ok(samples)
}

fn manifest(
    report: &Report,
    entrants: &[Entrant],
    draft: &Draft,
    options: BTreeMap<String, serde_json::Value>,
) -> Manifest {
    let plan = &entrants[0].plan;
    let marks = entrants.iter().zip(&report.replicates).map(|(entrant, replicates)| ComparedMark {
        name: entrant.plan.scenario.clone(),
        hash: entrant.plan.hash.clone(),
        replicates: replicates.clone(),
    });
    Manifest {
        form: manifest::FORM,
        complete: report.complete(),
        program: Program::this(),
        scenario: ScenarioMark { name: plan.scenario.clone(), hash: plan.hash.clone() },
        seed: plan.seed,
        months: [Month::FIRST.to_string(), plan.last.to_string()],
        generator: GENERATOR.into(),
        replicates: report.replicates[0].clone(),
        files: draft.marks().clone(),
        options,
        comparison: Some(ComparisonMark {
            scenarios: marks.collect(),
            runs_computed: report.computed,
            looks: report.looks,
            level: report.question.level_of_look(),
            tests: report.answer.tests,
            precise: report.precise,
        }),
        cost: Cost {
            wall_seconds: report.seconds,
            peak_memory_bytes: machine::peak_memory(),
            threads: plan.threads,
            side_by_side: batch::side_by_side(plan),
            agent_months: report.agent_months,
            process_seconds: BTreeMap::new(),
        },
        platform: Platform::this(),
    }
}
