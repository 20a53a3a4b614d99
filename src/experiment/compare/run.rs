//! Compares scenarios: the study behind `kadry compare`, its report and its tables.
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
use crate::experiment::plan::Plan;
use crate::experiment::quantiles::Quantiles;
use crate::experiment::run::values_of;
use crate::experiment::stored::{StoredResult, every_table};
use crate::experiment::study::finish::VerbMark;
use crate::experiment::study::rows::RunValues;
use crate::experiment::study::session::{RunError, Session, StudyVerb};
use crate::experiment::study::{PlanDetails, Study};
use crate::experiment::summary::{self, Summary};
use crate::model::phase::PHASE_MEASURES;
use crate::output::dictionary;
use crate::output::manifest::{ComparedMark, ComparisonMark, Manifest, ReplicateStatus, Status};
use crate::output::plan::PlanFile;
use crate::output::reading::{ReadError, ResultFolder};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The number of replicates, fixed or sequential.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct StoppingRule {
    /// Replicates of each scenario, stored ones included.
    pub replicates: u32,
    /// Rule by which more replicates are added.
    pub until: Option<UntilPrecise>,
}

impl StoppingRule {
    /// Maximum number of replicates of each scenario.
    pub fn most(&self) -> u32 {
        self.until.map_or(self.replicates, |until| until.at_most)
    }
}

/// What to estimate, and when to stop.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// The contrasts to estimate.
    pub analysis: Analysis,
    /// The number of replicates.
    pub rule: StoppingRule,
    /// Whether `compare_months.csv` has every column of `series.csv`, or only the chosen metrics.
    pub all_months: bool,
}

/// What to compare, and how.
pub struct Comparison {
    /// The runs of all scenarios, the baseline first, up to [`StoppingRule::most`] replicates.
    pub study: Study,
    /// The resolved scenarios.
    pub texts: Vec<String>,
    /// What to estimate, and when to stop.
    pub settings: Settings,
    /// Number of looks at the result that is extended.
    pub looks_before: u32,
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
    /// Finished runs that were taken up.
    pub taken_up: u64,
    /// The folders from which runs were taken, and how many.
    pub reused: Vec<(PathBuf, u64)>,
    /// Runs that this process computed.
    pub computed: u64,
    /// Sum over months and computed runs of the people present.
    pub agent_months: u64,
    /// Wall time, in seconds.
    pub seconds: f64,
    /// Whether the work was stopped before every run was tried.
    pub stopped: bool,
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
    fn baseline(&self) -> &Plan {
        &self.study.base
    }

    fn names(&self) -> Names {
        let baseline = self.baseline();
        let phases = baseline.phases_reached();
        Names {
            scenarios: self.study.marks.iter().map(|mark| mark.scenario.called().to_owned()).collect(),
            phases: phases.to_vec(),
            phases_from: (0..phases.len()).map(|phase| baseline.phase_from(phase)).collect(),
            seed: baseline.seed,
        }
    }

    /// Names of the files of the resolved scenarios. Altered scenarios can share a name; later ones get a number.
    pub fn scenario_files(&self) -> Vec<String> {
        let names: Vec<&str> = self.study.marks.iter().map(|mark| mark.scenario.name.as_str()).collect();
        let file = |position: usize| {
            let before = names[..position].iter().filter(|other| **other == names[position]).count();
            match before {
                0 => format!("scenarios/{}.toml", names[position]),
                number => format!("scenarios/{}-{}.toml", names[position], number + 1),
            }
        };
        (0..names.len()).map(file).collect()
    }

    /// Settings of the analysis, as recorded in the plan.
    fn analysis(&self) -> BTreeMap<String, Value> {
        let width = |width: Width| match width {
            Width::Absolute(width) => json!(width),
            Width::Share(share) => json!(format!("{}%", 100.0 * share)),
        };
        let Settings { analysis, rule, all_months } = &self.settings;
        let Analysis { metrics, periods, level, correction, half_width, .. } = analysis;
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
            ("until precise", rule.until.map_or(Value::Null, |until| width(until.width))),
            ("replicates before the first look", json!(rule.until.map(|_| rule.replicates))),
            ("every month column", json!(all_months)),
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
        let (study, baseline) = (&comparison.study, comparison.baseline());
        let (phases, months) = (baseline.phases_reached().len(), baseline.months().count());
        Aggregates {
            summaries: vec![Summary::new(baseline); study.marks.len()],
            samples: Samples::new(study.marks.len(), phases, months),
        }
    }

    fn take(&mut self, scenario: usize, replicate: u32, values: &RunValues) {
        self.summaries[scenario].add(values);
        self.samples.add(scenario, replicate, values);
    }
}

/// The estimates of the last look.
struct LastLook {
    analysis: Analysis,
    contrasts: Contrasts,
    looks: u32,
    precise: Option<bool>,
    /// Number of replicates of each scenario.
    replicates: u32,
}

impl Comparison {
    /// Looks at the intervals, and computes more replicates while the stopping rule asks for them.
    fn look(
        &self,
        session: &mut Session<'_>,
        values: &mut Aggregates,
        quantiles: &mut Quantiles,
    ) -> Result<LastLook, RunError> {
        let until = self.settings.rule.until;
        let mut analysis = self.settings.analysis.clone();
        let (mut looks, mut first, mut last) = (self.looks_before, 1, self.settings.rule.replicates);
        loop {
            session.check_some_finished(last)?;
            session.values(first..=last, |run, read| values.take(run.variant, run.replicate, read))?;
            looks += 1;
            analysis.spend = if until.is_some() { sequential::spend(looks) } else { 1.0 };
            let contrasts = contrasts(&values.samples, &analysis, quantiles);
            let precise = until.map(|until| until.reached(&contrasts));
            let next = until.filter(|_| precise == Some(false) && !session.stopped(last));
            match next.and_then(|until| until.next(last)) {
                Some(next) => {
                    session.compute(next)?;
                    (first, last) = (last + 1, next);
                }
                None => return Ok(LastLook { analysis, contrasts, looks, precise, replicates: last }),
            }
        }
    }

    /// Writes the tables by replicate and those over replicates.
    fn write_tables(
        &self,
        session: &mut Session<'_>,
        summaries: &[Summary],
        report: &ComparisonReport,
        quantiles: &mut Quantiles,
        last: u32,
    ) -> Result<(), RunError> {
        for (text, file) in self.texts.iter().zip(self.scenario_files()) {
            session.write(&file, text.as_bytes())?;
        }
        session.write(&dictionary::layout().file(), &dictionary::csv(&layouts()))?;
        session.write_tables(last)?;
        let mut rows = summary::layout().header();
        for (scenario, summary) in report.names.scenarios.iter().zip(summaries) {
            rows.extend(summary.rows(scenario, self.baseline()));
        }
        session.write(&summary::layout().file(), &rows)?;
        let ComparisonReport { contrasts, analysis, names, samples, .. } = report;
        if names.scenarios.len() > 1 {
            session.write(&compare().file(), &compare_csv(contrasts, analysis, names))?;
            let months = compare_months_csv(samples, analysis, self.settings.all_months, names, quantiles);
            session.write(&compare_months().file(), &months)?;
        }
        if analysis.regimes {
            session.write(&compare_phases().file(), &compare_phases_csv(contrasts, analysis, names))?;
        }
        Ok(())
    }
}

impl StudyVerb for Comparison {
    type Report = ComparisonReport;

    fn study(&self) -> &Study {
        &self.study
    }

    fn last(&self) -> u32 {
        self.settings.rule.replicates
    }

    fn plan_file(&self, options: BTreeMap<String, Value>) -> PlanFile {
        let mut files = self.scenario_files();
        files.push(dictionary::layout().file());
        files.extend(self.study.written.iter().map(|table| table.layout().file()));
        files.push(summary::layout().file());
        if self.study.marks.len() > 1 {
            files.extend([compare().file(), compare_months().file()]);
        }
        if self.settings.analysis.regimes {
            files.push(compare_phases().file());
        }
        let details = PlanDetails {
            command: "compare",
            scenarios: self.study.marks.iter().map(|mark| mark.scenario.clone()).collect(),
            texts: self.texts.clone(),
            points: None,
            analysis: self.analysis(),
            settings: serde_json::to_value(&self.settings).expect("settings have finite numbers only"),
            files,
        };
        PlanFile { looks_before: self.looks_before, ..self.study.plan_file(details, options) }
    }

    fn conclude(&self, mut session: Session<'_>, folder: &Path) -> Result<ComparisonReport, RunError> {
        let mut quantiles = Quantiles::default();
        let mut values = Aggregates::new(self);
        let look = self.look(&mut session, &mut values, &mut quantiles)?;
        let last = look.replicates;
        let statuses = (0..self.study.marks.len()).map(|scenario| session.statuses(scenario, last)).collect();
        let mut report = ComparisonReport {
            folder: folder.into(),
            names: self.names(),
            replicates: statuses,
            samples: values.samples,
            analysis: look.analysis,
            contrasts: look.contrasts,
            looks: look.looks,
            precise: look.precise,
            already: false,
            taken_up: session.taken_up,
            reused: session.reused.clone(),
            computed: session.computed,
            agent_months: session.agent_months_computed,
            seconds: session.seconds(),
            stopped: session.stopped(last),
        };
        if report.stopped {
            return Ok(report);
        }
        self.write_tables(&mut session, &values.summaries, &report, &mut quantiles, last)?;
        report.seconds = session.seconds();
        let marks = self.study.marks.iter().zip(self.scenario_files()).zip(&report.replicates);
        let marks = marks.map(|((mark, file), replicates)| ComparedMark {
            scenario: mark.scenario.clone(),
            file,
            replicates: replicates.clone(),
        });
        let comparison = ComparisonMark {
            scenarios: marks.collect(),
            looks: report.looks,
            looks_before: self.looks_before,
            level: report.analysis.level_of_look(),
            tests: report.contrasts.tests,
            precise: report.precise,
        };
        session.finish(VerbMark { comparison: Some(comparison), sweep: false }, last)?;
        Ok(report)
    }

    fn finished(&self, path: &Path, manifest: &Manifest) -> Result<ComparisonReport, RunError> {
        let stored = StoredResult::open(ResultFolder::open(path)?)?;
        let valued = ["series", "phases", "whole_period"];
        let tables: Vec<_> = every_table().filter(|table| valued.contains(&table.layout().name)).collect();
        let mut values = Aggregates::new(self);
        stored.runs(&tables, |run| {
            values.take(run.variant, run.replicate, &values_of(&run, &tables));
            Ok::<(), ReadError>(())
        })?;
        let mark = manifest.comparison.as_ref();
        let (looks, precise) = mark.map_or((1, None), |mark| (mark.looks, mark.precise));
        let mut analysis = self.settings.analysis.clone();
        analysis.spend = if self.settings.rule.until.is_some() { sequential::spend(looks) } else { 1.0 };
        let contrasts = contrasts(&values.samples, &analysis, &mut Quantiles::default());
        let replicates: Vec<Vec<ReplicateStatus>> =
            mark.iter().flat_map(|mark| &mark.scenarios).map(|one| one.replicates.clone()).collect();
        Ok(ComparisonReport {
            folder: path.into(),
            names: self.names(),
            taken_up: replicates.iter().map(|replicates| replicates.len() as u64).sum(),
            reused: Vec::new(),
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
            stopped: false,
        })
    }
}
