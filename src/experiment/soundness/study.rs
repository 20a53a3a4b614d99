//! The study behind `kadry soundness`: its runs, its report and its tables.

use super::answers::Answers;
use super::cases::{self, Case, Resolving};
use super::measures::{Period, periods};
use super::questions::{ALIKE, Questions, quantities};
use super::tables;
use super::values::Values;
use crate::experiment::claims::quantities::Quantity;
use crate::experiment::claims::record::{QUANTITIES, Quantities};
use crate::experiment::plan::Plan;
use crate::experiment::replicate;
use crate::experiment::run::{SCENARIO_FILE, values_of};
use crate::experiment::stored::StoredResult;
use crate::experiment::study::finish::VerbMark;
use crate::experiment::study::merge::merged;
use crate::experiment::study::outcome::Outcome;
use crate::experiment::study::session::{RunError, Session, StudyVerb};
use crate::experiment::study::{PlanDetails, Study, Variants, mark_of};
use crate::experiment::tables::points;
use crate::model::measures::MONTH_MEASURES;
use crate::output::dictionary;
use crate::output::manifest::Manifest;
use crate::output::plan::{PlanFile, VariantMark};
use crate::output::reading::{ReadError, ResultFolder};
use crate::scenario::Faults;
use crate::scenario::claims::load_claims;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// The word of [`crate::output::plan::PlanMark::command`] for folders with these answers.
pub const COMMAND: &str = "soundness";

/// The label columns of every run.
const KEYS: [&str; 2] = ["condition", "draw"];

/// The file of hypotheses whose list of judged parameters is drawn from, frozen so that models can be compared.
const PRIOR: &str = "essay";

/// How much is run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// The base by its name.
    pub base: String,
    /// Replicates of the base.
    pub replicates: u32,
    /// Random policies that are constant within phases.
    pub policies: u32,
    /// Random policies that are constant throughout.
    pub constants: u32,
    /// Draws of judged parameters.
    pub prior: u32,
}

/// The runs for the answers on a base.
pub struct SoundnessStudy {
    /// The runs.
    pub study: Study,
    /// What is recorded.
    pub settings: Settings,
    base_toml: String,
    periods: Vec<Period>,
    quantities: Vec<Quantity>,
    cases: Arc<Cases>,
    /// The variant of each case; equal cases share one.
    of_case: BTreeMap<Case, usize>,
}

/// The result.
pub struct SoundnessReport {
    /// How far it has come.
    pub outcome: Outcome,
    /// The answers; `None` if the work was stopped.
    pub answers: Option<Answers>,
}

/// The variants: resolved when they are needed.
struct Cases {
    base: Arc<Plan>,
    resolving: Resolving,
    /// The case of each variant.
    list: Vec<Case>,
}

impl Cases {
    fn plan_of(&self, case: Case) -> Result<Plan, Faults> {
        let scenario = self.resolving.resolve(case)?;
        let setup = scenario.setup();
        Ok(self.base.of_other(&scenario, setup))
    }
}

impl Variants for Arc<Cases> {
    fn plan(&self, variant: usize) -> Arc<Plan> {
        Arc::new(self.plan_of(self.list[variant]).expect("every case has been resolved before"))
    }
}

impl SoundnessStudy {
    /// The study of a base, which is given as the plan of its runs and the text of its resolved scenario. The tables of the
    /// plan are replaced.
    ///
    /// # Errors
    ///
    /// The faults of the first case that cannot be resolved on this base.
    pub fn new(base: Plan, base_toml: String, settings: Settings) -> Result<Self, Faults> {
        let resolving = Resolving::of(&base_toml, load_claims(PRIOR)?.robustness, base.seed)?;
        let periods = periods(&resolving.base, base.last);
        let quantities = quantities(&resolving.base, &periods);
        let table = Quantities::table(&quantities);
        let base = Arc::new(Plan { tables: vec![table], replicates: 1..=settings.replicates, ..base });
        let list = cases::all(&settings);
        let cases = Cases { base: Arc::clone(&base), resolving, list: Vec::new() };
        let mark = |case: &Case| -> Result<VariantMark, Faults> {
            let mut mark = mark_of(&cases.plan_of(*case)?, case.words().to_vec());
            mark.replicates = Some(case.replicates(&settings));
            if *case != Case::Base {
                let [condition, draw] = case.words();
                let label = format!("{}: {condition} {draw}", base.mark().called());
                mark.scenario.label = Some(label.trim_end().to_owned());
            }
            Ok(mark)
        };
        let marks = list.par_iter().map(mark).collect::<Result<Vec<_>, Faults>>()?;
        let merged = merged(marks);
        let of_case = list.iter().copied().zip(merged.of).collect();
        let list = merged.first.iter().map(|first| list[*first]).collect();
        let cases = Arc::new(Cases { list, ..cases });
        let keys = KEYS.map(str::to_owned).to_vec();
        let study = Study::new(base, Box::new(Arc::clone(&cases)), merged.marks, keys, vec![table]);
        Ok(SoundnessStudy { study, settings, base_toml, periods, quantities, cases, of_case })
    }

    fn values(&self) -> Values<'_> {
        Values::new(&self.of_case, &self.settings, &self.quantities)
    }

    fn answers(&self, values: &Values<'_>) -> Answers {
        let population = &self.study.base.setup.population;
        let about = Answers {
            base: self.settings.base.clone(),
            seed: self.study.base.seed,
            people: population.size,
            units: [population.enterprises, population.regions].map(u64::from),
            replicates: self.settings.replicates,
            draws: [self.settings.policies, self.settings.constants, self.settings.prior],
            periods: self.periods.iter().map(|period| period.name.clone()).collect(),
            figures: Vec::new(),
            patterns: Vec::new(),
            policies: Vec::new(),
        };
        let questions = Questions {
            values,
            resolving: &self.cases.resolving,
            settings: &self.settings,
            periods: &self.periods,
            months: &self.base_months(values),
        };
        questions.answer(about)
    }

    /// Columns of `series.csv` in the finished replicates of the base. They are simulated again, because nothing else needs
    /// the months of a run.
    fn base_months(&self, values: &Values<'_>) -> Vec<[Vec<Option<f64>>; ALIKE.len()]> {
        let columns = ALIKE.map(|metric| MONTH_MEASURES.iter().position(|measure| measure.key == metric));
        let replicates: Vec<u32> = values.replicates(Case::Base).collect();
        let runs = replicate::months(&self.study.base, &replicates);
        let of = |months: Vec<Vec<Option<f64>>>| {
            columns.map(|column| months.iter().map(|month| month[column?]).collect())
        };
        runs.into_iter().map(of).collect()
    }
}

impl StudyVerb for SoundnessStudy {
    type Report = SoundnessReport;

    fn study(&self) -> &Study {
        &self.study
    }

    fn plan_file(&self, options: BTreeMap<String, Value>) -> PlanFile {
        let mut files =
            vec![SCENARIO_FILE.to_owned(), dictionary::layout().file(), points::POINTS.to_owned()];
        files.push(format!("{QUANTITIES}.csv"));
        files.extend(tables::layouts().into_iter().map(|layout| layout.file()));
        let Settings { base, replicates, policies, constants, prior } = &self.settings;
        let own = [
            ("base", json!(base)),
            ("replicates", json!(replicates)),
            ("policies", json!(policies)),
            ("constants", json!(constants)),
            ("prior", json!(prior)),
        ];
        let details = PlanDetails {
            command: COMMAND,
            scenarios: vec![self.study.base.mark()],
            texts: vec![self.base_toml.clone()],
            points: Some(self.study.digest()),
            analysis: own.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
            settings: serde_json::to_value(&self.settings).expect("settings have whole numbers only"),
            files,
        };
        self.study.plan_file(details, options)
    }

    fn conclude(&self, mut session: Session<'_>, folder: &Path) -> Result<SoundnessReport, RunError> {
        let last = *self.study.base.replicates.end();
        session.check_some_finished(last)?;
        let mut report = SoundnessReport { outcome: Outcome::of(&session, folder), answers: None };
        if report.outcome.stopped {
            return Ok(report);
        }
        let mut values = self.values();
        session.values(1..=last, |run, of_run| {
            values.add(run.variant, run.replicate, of_run.quantities.clone());
        })?;
        let answers = session.pool().install(|| self.answers(&values));
        session.write(SCENARIO_FILE, self.base_toml.as_bytes())?;
        session.write_variants(tables::layouts(), last)?;
        for (file, bytes) in tables::files(&answers) {
            session.write(&file, &bytes)?;
        }
        report.outcome.seconds = session.seconds();
        report.answers = Some(answers);
        session.finish(VerbMark { comparison: None, sweep: true }, last)?;
        Ok(report)
    }

    fn finished(&self, path: &Path, _manifest: &Manifest) -> Result<SoundnessReport, RunError> {
        let mut values = self.values();
        let stored = StoredResult::open(ResultFolder::open(path)?)?;
        stored.runs(&self.study.base.tables, |run| {
            let of_run = values_of(&run, &self.study.base.tables);
            values.add(run.variant, run.replicate, of_run.quantities);
            Ok::<(), ReadError>(())
        })?;
        let outcome = Outcome::finished_before(path, self.study.run_count());
        Ok(SoundnessReport { outcome, answers: Some(self.answers(&values)) })
    }
}
