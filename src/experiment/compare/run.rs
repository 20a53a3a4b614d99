//! Executes a comparison: computes missing runs, writes the tables, finishes the result folder.
//!
//! Rows are ordered by scenario, the baseline first, then by replicate. The order depends neither on what was stored before
//! nor on the number of looks.

use super::contrasts::{Analysis, Contrasts, Width, contrasts};
use super::samples::Samples;
use super::sequential::{self, UntilPrecise};
use super::statistics::Correction;
use super::tables::{
    Names, compare, compare_csv, compare_months, compare_months_csv, compare_phases, compare_phases_csv,
    layouts,
};
use crate::engine::calendar::Month;
use crate::experiment::batch::{self, Observer};
use crate::experiment::gather::{self, Gathered, Work};
use crate::experiment::machine;
use crate::experiment::plan::Plan;
use crate::experiment::quantiles::Quantiles;
use crate::experiment::replicate::{self, ReplicateOutput};
use crate::experiment::reread::{self, StoredResult};
use crate::experiment::run::{GENERATOR, RunError};
use crate::experiment::summary::{self, Summary};
use crate::model::phase::PHASE_MEASURES;
use crate::output::dictionary;
use crate::output::folder::{self, FolderError, Opened, Request, Workspace};
use crate::output::manifest::{
    self, ComparedMark, ComparisonMark, Cost, Manifest, PlanMark, Platform, Program, ReplicateStatus, Status,
};
use crate::output::reading::ResultFolder;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// A scenario of a comparison.
pub struct ComparedScenario {
    /// Its plan. The [`StoppingRule`] determines the replicates; tables, seed and last month are the same for all scenarios.
    pub plan: Plan,
    /// The resolved scenario.
    pub toml: String,
}

/// The number of replicates, fixed or sequential.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StoppingRule {
    /// Replicates of each scenario, stored ones included.
    pub replicates: u32,
    /// Rule by which more replicates are added.
    pub until: Option<UntilPrecise>,
}

/// What to compare, and how.
pub struct Comparison {
    /// The scenarios, the baseline first.
    pub scenarios: Vec<ComparedScenario>,
    /// The contrasts to estimate.
    pub analysis: Analysis,
    /// The number of replicates.
    pub rule: StoppingRule,
    /// Whether `compare_months.csv` has every column of `series.csv`, or only the chosen metrics.
    pub all_months: bool,
}

/// Where to write the result of a comparison.
pub struct ComparisonDestination<'a> {
    /// The folder.
    pub folder: &'a Path,
    /// Whether to replace a result of another plan.
    pub force: bool,
    /// The result to extend. Its scenarios come first in the comparison, in the same order.
    pub extends: Option<StoredResult>,
    /// Options in force, for the manifest.
    pub options: BTreeMap<String, Value>,
}

/// The result of a comparison.
#[derive(Debug)]
pub struct ComparisonReport {
    /// The result folder, as the user named it.
    pub folder: PathBuf,
    /// Names of the scenarios and phases that the fields below refer to by position.
    pub names: Names,
    /// How the replicates of each scenario ended.
    pub replicates: Vec<Vec<ReplicateStatus>>,
    /// Values of the replicates.
    pub samples: Samples,
    /// The analysis, with the `spend` of the last look.
    pub analysis: Analysis,
    /// The estimated contrasts.
    pub contrasts: Contrasts,
    /// Number of looks, including those of the result that was extended.
    pub looks: u32,
    /// Whether every interval has the width asked for; `None` without such a request.
    pub precise: Option<bool>,
    /// True if the comparison was finished before and nothing was done.
    pub already: bool,
    /// Finished runs that were loaded.
    pub taken_up: u64,
    /// Runs that this process computed.
    pub computed: u64,
    /// Sum over months and computed runs of the people present.
    pub agent_months: u64,
    /// Wall time, in seconds.
    pub seconds: f64,
}

impl ComparisonReport {
    /// Returns whether every run is finished.
    pub fn complete(&self) -> bool {
        self.replicates.iter().flatten().all(|replicate| replicate.status == Status::Finished)
    }

    /// Number of finished replicates of the scenario that has the fewest.
    pub fn finished(&self) -> usize {
        let of = |replicates: &Vec<ReplicateStatus>| {
            replicates.iter().filter(|replicate| replicate.status == Status::Finished).count()
        };
        self.replicates.iter().map(of).min().unwrap_or(0)
    }
}

impl Comparison {
    fn plans(&self) -> Vec<&Plan> {
        self.scenarios.iter().map(|scenario| &scenario.plan).collect()
    }

    fn baseline(&self) -> &Plan {
        &self.scenarios.first().expect("a comparison has a baseline").plan
    }

    fn names(&self) -> Names {
        let baseline = self.baseline();
        Names {
            scenarios: self.scenarios.iter().map(|scenario| scenario.plan.scenario.clone()).collect(),
            phases: baseline.phases_reached().to_vec(),
            phases_from: (0..baseline.phases_reached().len())
                .map(|phase| baseline.phase_from(phase))
                .collect(),
            seed: baseline.seed,
        }
    }

    /// Names of the files of the resolved scenarios. Altered scenarios can share a name; later ones get a number.
    pub fn scenario_files(&self) -> Vec<String> {
        let name = |position: usize| self.scenarios[position].plan.name.as_str();
        let file = |position: usize| {
            let before = (0..position).filter(|other| name(*other) == name(position)).count();
            match before {
                0 => format!("scenarios/{}.toml", name(position)),
                number => format!("scenarios/{}-{}.toml", name(position), number + 1),
            }
        };
        (0..self.scenarios.len()).map(file).collect()
    }

    /// The plan as recorded in the folder.
    pub fn mark(&self) -> PlanMark {
        let plan = self.baseline();
        let mut files = self.scenario_files();
        files.push(dictionary::layout().file());
        files.extend(plan.tables.iter().map(|table| table.layout().file()));
        files.push(summary::layout().file());
        if self.scenarios.len() > 1 {
            files.extend([compare().file(), compare_months().file()]);
        }
        if self.analysis.regimes {
            files.push(compare_phases().file());
        }
        PlanMark {
            command: "compare".into(),
            program: Program::this(),
            scenarios: self.scenarios.iter().map(|scenario| scenario.plan.mark()).collect(),
            seed: plan.seed,
            replicates: [1, self.rule.replicates],
            months: [Month::FIRST.to_string(), plan.last.to_string()],
            texts: manifest::digest_of_texts(self.scenarios.iter().map(|scenario| scenario.toml.as_str())),
            tables: plan.tables.iter().map(|table| table.layout().file()).collect(),
            analysis: self.analysis(),
            files,
        }
    }

    /// Settings of the analysis, as recorded in the plan.
    fn analysis(&self) -> BTreeMap<String, Value> {
        let width = |width: Width| match width {
            Width::Absolute(width) => json!(width),
            Width::Share(share) => json!(format!("{}%", 100.0 * share)),
        };
        let Analysis { metrics, periods, level, correction, half_width, .. } = &self.analysis;
        // The number of months is the only measure that is never compared.
        let all = metrics.len() + 1 == PHASE_MEASURES.len();
        let keys: Vec<&str> = metrics.iter().map(|metric| PHASE_MEASURES[*metric].key).collect();
        let names = self.names();
        let periods: Vec<&str> = periods.iter().map(|period| names.period(*period)).collect();
        [
            ("metrics", if all { json!("all") } else { json!(keys) }),
            ("phases", json!(periods)),
            ("level", json!(level)),
            ("correction", json!(if *correction == Correction::Holm { "holm" } else { "none" })),
            ("half-width", width(*half_width)),
            ("until precise", self.rule.until.map_or(Value::Null, |until| width(until.width))),
            ("at most", json!(self.rule.until.map(|until| until.at_most))),
            ("every month column", json!(self.all_months)),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
    }
}

/// Values of the finished runs, from which the tables over replicates are computed.
struct Aggregates {
    summaries: Vec<Summary>,
    samples: Samples,
}

impl Aggregates {
    fn new(comparison: &Comparison) -> Self {
        let baseline = comparison.baseline();
        let (phases, months) = (baseline.phases_reached().len(), baseline.months().count());
        Aggregates {
            summaries: comparison.plans().into_iter().map(Summary::new).collect(),
            samples: Samples::new(comparison.scenarios.len(), phases, months),
        }
    }

    fn take(&mut self, scenario: usize, replicate: u32, output: &ReplicateOutput) {
        self.summaries[scenario].add(output);
        self.samples.add(scenario, replicate, output);
    }
}

/// Executes a comparison, or continues it where an earlier process stopped. When `stop` is set, every running replicate
/// ends after its current month, and finished runs are stored for the next call.
///
/// # Errors
///
/// If the folder cannot be used or written, or every replicate of some scenario fails.
pub fn run(
    mut comparison: Comparison,
    destination: ComparisonDestination<'_>,
    observer: &dyn Observer,
    stop: &AtomicBool,
) -> Result<ComparisonReport, RunError> {
    let begin = Instant::now();
    let threads = comparison.baseline().threads;
    let pool = batch::pool(comparison.baseline()).map_err(|reason| RunError::Threads { threads, reason })?;
    let mark = comparison.mark();
    let extends = destination.extends.as_ref().map(|extended| extended.manifest.digest.clone());
    let request = Request {
        folder: destination.folder,
        plan: &mark,
        replace: destination.force,
        extends: extends.as_deref(),
    };
    let mut workspace = match folder::open(&request)? {
        Opened::Finished(manifest) => return finished(comparison, destination.folder, &manifest),
        Opened::Work(workspace) => workspace,
    };
    let mut looks = 0;
    if let Some(extended) = destination.extends {
        looks = extended.manifest.comparison.as_ref().map_or(0, |comparison| comparison.looks);
        if !workspace.resumed() {
            gather::keep_all(
                &workspace,
                extended.scenarios.into_iter().map(|kept| kept.replicates.into_iter().collect()),
            )?;
        }
    }
    let mut values = Aggregates::new(&comparison);
    let work = Work { plans: comparison.plans(), workspace: &workspace, pool: &pool, observer, stop };
    let mut gathered = Gathered::new(work)?;
    let simulate = |plan: &Plan, number, workers| replicate::simulate(plan, number, workers, observer, stop);
    let mut quantiles = Quantiles::default();
    let mut analysis = comparison.analysis.clone();
    let mut replicates = comparison.rule.replicates;
    let until = comparison.rule.until;
    let (contrasts, precise) = loop {
        gathered.compute(replicates, &simulate, |scenario, replicate, output| {
            values.take(scenario, replicate, output);
        })?;
        looks += 1;
        analysis.spend = if until.is_some() { sequential::spend(looks) } else { 1.0 };
        let contrasts = contrasts(&values.samples, &analysis, &mut quantiles);
        let precise = until.map(|until| until.reached(&contrasts));
        let next = until.filter(|_| precise == Some(false) && !stop.load(Ordering::Relaxed));
        match next.and_then(|until| until.next(replicates)) {
            Some(next) => replicates = next,
            None => break (contrasts, precise),
        }
    };
    if let Some((replicate, reason)) = gathered.all_failed() {
        return Err(RunError::AllFailed { replicate, reason });
    }
    let stopped = gathered.stopped();
    let Gathered { replicates, taken_up, computed, agent_months, agent_months_computed, .. } = gathered;
    comparison.analysis = analysis.clone();
    let mut report = ComparisonReport {
        folder: destination.folder.into(),
        names: comparison.names(),
        replicates,
        samples: values.samples,
        analysis,
        contrasts,
        looks,
        precise,
        already: false,
        taken_up,
        computed,
        agent_months: agent_months_computed,
        seconds: begin.elapsed().as_secs_f64(),
    };
    if stopped {
        return Ok(report);
    }
    write_tables(&mut workspace, &comparison, &values.summaries, &report, &mut quantiles, &pool)?;
    report.seconds = begin.elapsed().as_secs_f64();
    let manifest = manifest(&report, &comparison, &workspace, mark, agent_months, destination.options);
    workspace.finish(&manifest.sealed())?;
    Ok(report)
}

/// Creates the report of a comparison that was finished before, from its tables.
fn finished(comparison: Comparison, path: &Path, manifest: &Manifest) -> Result<ComparisonReport, RunError> {
    let reread = reread::read(&ResultFolder::open(path)?)?;
    let mut values = Aggregates::new(&comparison);
    for (scenario, kept) in reread.scenarios.iter().enumerate() {
        for (replicate, output) in &kept.replicates {
            values.take(scenario, *replicate, output);
        }
    }
    let mark = manifest.comparison.as_ref();
    let (looks, precise) = mark.map_or((1, None), |mark| (mark.looks, mark.precise));
    let names = comparison.names();
    let mut analysis = comparison.analysis;
    analysis.spend = if comparison.rule.until.is_some() { sequential::spend(looks) } else { 1.0 };
    let contrasts = contrasts(&values.samples, &analysis, &mut Quantiles::default());
    let replicates: Vec<Vec<ReplicateStatus>> =
        mark.iter().flat_map(|mark| &mark.scenarios).map(|one| one.replicates.clone()).collect();
    Ok(ComparisonReport {
        folder: path.into(),
        names,
        taken_up: replicates.iter().map(|replicates| replicates.len() as u64).sum(),
        replicates,
        samples: values.samples,
        analysis,
        contrasts,
        looks,
        precise,
        already: true,
        computed: 0,
        agent_months: 0,
        seconds: 0.0,
    })
}

/// Writes the tables by replicate and those over replicates.
fn write_tables(
    workspace: &mut Workspace,
    comparison: &Comparison,
    summaries: &[Summary],
    report: &ComparisonReport,
    quantiles: &mut Quantiles,
    pool: &rayon::ThreadPool,
) -> Result<(), FolderError> {
    for (scenario, file) in comparison.scenarios.iter().zip(comparison.scenario_files()) {
        workspace.write(&file, scenario.toml.as_bytes())?;
    }
    workspace.write(&dictionary::layout().file(), &dictionary::csv(&layouts()))?;
    gather::write_tables(workspace, comparison.baseline(), &report.replicates, pool)?;
    let mut rows = summary::layout().header();
    for (plan, summary) in comparison.plans().into_iter().zip(summaries) {
        rows.extend(summary.rows(plan));
    }
    workspace.write(&summary::layout().file(), &rows)?;
    let ComparisonReport { contrasts, analysis, names, samples, .. } = report;
    if comparison.scenarios.len() > 1 {
        workspace.write(&compare().file(), &compare_csv(contrasts, analysis, names))?;
        let months = compare_months_csv(samples, analysis, comparison.all_months, names, quantiles);
        workspace.write(&compare_months().file(), &months)?;
    }
    if analysis.regimes {
        workspace.write(&compare_phases().file(), &compare_phases_csv(contrasts, analysis, names))?;
    }
    Ok(())
}

fn manifest(
    report: &ComparisonReport,
    comparison: &Comparison,
    workspace: &Workspace,
    mark: PlanMark,
    agent_months: u64,
    options: BTreeMap<String, Value>,
) -> Manifest {
    let plan = comparison.baseline();
    let marks = comparison.scenarios.iter().zip(comparison.scenario_files()).zip(&report.replicates).map(
        |((scenario, file), replicates)| ComparedMark {
            scenario: scenario.plan.mark(),
            file,
            replicates: replicates.clone(),
        },
    );
    Manifest {
        form: manifest::FORM,
        digest: String::new(),
        complete: report.complete(),
        program: Program::this(),
        scenario: plan.mark(),
        seed: plan.seed,
        seed_text: plan.seed.to_string(),
        months: mark.months.clone(),
        generator: GENERATOR.into(),
        replicates: report.replicates[0].clone(),
        files: workspace.marks().clone(),
        plan: mark,
        options,
        comparison: Some(ComparisonMark {
            scenarios: marks.collect(),
            looks: report.looks,
            level: report.analysis.level_of_look(),
            tests: report.contrasts.tests,
            precise: report.precise,
        }),
        cost: Cost {
            wall_seconds: report.seconds,
            peak_memory_bytes: machine::peak_memory(),
            threads: plan.threads,
            side_by_side: batch::side_by_side(plan),
            runs_computed: report.computed,
            agent_months,
            process_seconds: BTreeMap::new(),
        },
        platform: Platform::this(),
    }
}
