//! Tests a file of hypotheses: the study behind `kadry claims`, its report and its tables.
//!
//! The variants of the study are arms under conditions and draws. Equal ones are run once, whatever they are needed for.

use super::cases::{Case, Extent, Planned, Resolving, planned};
use super::compile::{Arm, Compilation};
use super::evaluate::Evaluation;
use super::evidence::{Condition, Evidence};
use super::heading::Heading;
use super::levers_only::LeversOnly;
use super::record::{QUANTITIES, Quantities};
use super::rows::Results;
use super::stored;
use super::values::RunQuantities;
use crate::experiment::plan::Plan;
use crate::experiment::replicate;
use crate::experiment::study::finish::VerbMark;
use crate::experiment::study::merge::merged;
use crate::experiment::study::outcome::Outcome;
use crate::experiment::study::session::{RunError, Session, StudyVerb};
use crate::experiment::study::{PlanDetails, Study, Variants, mark_of};
use crate::experiment::tables::points;
use crate::model::state::standing::MOTIVES;
use crate::output::dictionary;
use crate::output::folder::hexadecimal;
use crate::output::manifest::Manifest;
use crate::output::plan::{PlanFile, VariantMark};
use crate::output::reading::ResultFolder;
use crate::scenario::claims::Claims;
use crate::scenario::{Faults, Scenario};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// The file of hypotheses in a result folder.
pub const CLAIMS_FILE: &str = "claims.toml";

/// The resolved base in a result folder.
const SCENARIO_FILE: &str = crate::experiment::run::SCENARIO_FILE;

/// The label columns of every run: condition, draw, arm.
const KEYS: [&str; 3] = ["condition", "draw", "arm"];

/// What a plan records of a test of hypotheses.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// The text of the file.
    pub claims: String,
    /// The claims that are tested, by id; empty for all.
    #[serde(default)]
    pub only: Vec<String>,
    /// The base by its name, as it was asked for.
    pub base: String,
    /// How much is run.
    pub extent: Extent,
}

/// A file of hypotheses to test.
pub struct ClaimsStudy {
    /// The runs.
    pub study: Study,
    /// The file.
    pub claims: Claims,
    /// What is recorded.
    pub settings: Settings,
    base_toml: String,
    compilation: Compilation,
    variants: Arc<Cases>,
    of_case: BTreeMap<(Case, usize), usize>,
}

/// The result.
pub struct ClaimsReport {
    /// How far it has come.
    pub outcome: Outcome,
    /// What was found; `None` if the work was stopped.
    pub results: Option<Results>,
}

/// The variants: resolved when they are needed.
struct Cases {
    base: Arc<Plan>,
    resolving: Resolving,
    /// Case and arm of each variant.
    of: Vec<(Case, Arm)>,
}

impl Cases {
    /// The marks of everything that is planned, in order. The patch of a case is read once for all arms.
    fn marks(&self, all: &[Planned], arms: &[Arm]) -> Result<Vec<VariantMark>, Faults> {
        let cases: Vec<&[Planned]> = all.chunk_by(|one, other| one.case == other.case).collect();
        let of_case = |planned: &&[Planned]| {
            let under = self.resolving.under(&planned[0].case)?;
            let mark = |one: &Planned| {
                let arm = &arms[one.arm];
                let plan = self.plan_of(&under.resolve(arm)?);
                let replicates = Some(one.replicates);
                Ok(VariantMark { replicates, ..mark_of(&plan, values_of(&one.case, arm)) })
            };
            planned.iter().map(mark).collect::<Result<Vec<_>, Faults>>()
        };
        let marks: Vec<Result<Vec<VariantMark>, Faults>> = cases.par_iter().map(of_case).collect();
        let marks: Vec<Vec<VariantMark>> = marks.into_iter().collect::<Result<_, Faults>>()?;
        Ok(marks.into_iter().flatten().collect())
    }

    fn plan_of(&self, scenario: &Scenario) -> Plan {
        self.base.of_other(scenario, scenario.setup())
    }
}

impl Variants for Arc<Cases> {
    fn plan(&self, variant: usize) -> Arc<Plan> {
        let (case, arm) = &self.of[variant];
        let scenario = self.resolving.resolve(case, arm).expect("every case has been resolved before");
        Arc::new(self.plan_of(&scenario))
    }
}

impl ClaimsStudy {
    /// The study of a file on a base, which is given as the plan of its runs and the text of its resolved scenario. The
    /// tables of the plan are replaced.
    ///
    /// # Errors
    ///
    /// The faults of the first case that cannot be resolved on this base.
    pub fn new(
        base: Plan,
        base_toml: String,
        mut claims: Claims,
        settings: Settings,
    ) -> Result<Self, Faults> {
        if !settings.only.is_empty() {
            claims.claims.retain(|claim| settings.only.contains(&claim.id));
        }
        let resolving = Resolving::of(&base_toml, &claims, base.seed)?;
        let compilation = Compilation::of(&claims, &resolving.base);
        let table = Quantities::table(&compilation.quantities);
        let extent = settings.extent;
        let base = Arc::new(Plan { tables: vec![table], replicates: 1..=extent.replicates, ..base });
        let cases = Cases { base: Arc::clone(&base), resolving, of: Vec::new() };
        let all = planned(&claims, &compilation, &extent);
        let arms = &compilation.arms;
        let marks = cases.marks(&all, arms)?;
        let merged = merged(marks);
        let named = base.mark();
        let unique = merged.marks.into_iter().map(|mark| labelled_mark(mark, named.called())).collect();
        let of = merged.first.iter().map(|first| (all[*first].case.clone(), arms[all[*first].arm].clone()));
        let of = of.collect();
        let of_case =
            all.into_iter().zip(merged.of).map(|(one, variant)| ((one.case, one.arm), variant)).collect();
        let variants = Arc::new(Cases { of, ..cases });
        let keys = KEYS.map(str::to_owned).to_vec();
        let study = Study::new(base, Box::new(Arc::clone(&variants)), unique, keys, vec![table]);
        Ok(ClaimsStudy { study, claims, settings, base_toml, compilation, variants, of_case })
    }

    fn quantities(&self) -> RunQuantities {
        RunQuantities::of(self.of_case.clone())
    }

    /// The evidence from the quantities of the runs.
    fn evidence(&self, values: &RunQuantities) -> Evidence {
        let extent = &self.settings.extent;
        let months = self.base_months(values);
        let levers_only =
            LeversOnly::of(&self.compilation, &self.variants.resolving, values, extent, &months);
        let evaluation = Evaluation {
            claims: &self.claims,
            compilation: &self.compilation,
            extent,
            values,
            levers_only: &levers_only,
        };
        Evidence { found: evaluation.evidence(), confusion: self.confusion(values), ..self.nothing_found() }
    }

    /// File, base and extent, before anything is found.
    fn nothing_found(&self) -> Evidence {
        let (claims, extent) = (&self.claims, &self.settings.extent);
        Evidence {
            claims: claims.clone(),
            digest: hexadecimal(&Sha256::digest(&claims.text)),
            base: self.settings.base.clone(),
            seed: self.study.base.seed,
            people: self.study.base.setup.population.size,
            replicates: extent.replicates,
            null_replicates: extent.null_replicates,
            draws: (extent.jitter, extent.prior),
            level: extent.level,
            found: Vec::new(),
            confusion: None,
        }
    }

    fn heading(&self) -> Heading {
        Heading::of(&self.nothing_found())
    }

    /// Columns of `series.csv` in the base, means over a few finished replicates, by month. They are simulated again because
    /// only the line in each lever needs them.
    fn base_months(&self, values: &RunQuantities) -> Vec<Vec<Option<f64>>> {
        let base = Case::of(Condition::Base);
        let replicates: Vec<u32> = (1..=self.settings.extent.null_replicates)
            .filter(|replicate| values.has(&base, 0, *replicate))
            .collect();
        let runs = replicate::months(&self.study.base, &replicates);
        let Some(first) = runs.first() else { return Vec::new() };
        let mean = |month: usize, column: usize| {
            let values: Vec<f64> = runs.iter().filter_map(|run| run[month][column]).collect();
            (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
        };
        (0..first.len())
            .map(|month| (0..first[month].len()).map(|column| mean(month, column)).collect())
            .collect()
    }

    fn confusion(&self, values: &RunQuantities) -> Option<[[f64; MOTIVES]; MOTIVES]> {
        let base = Case::of(Condition::Base);
        let mut shares = [[0.0; MOTIVES]; MOTIVES];
        for (of, row) in shares.iter_mut().enumerate() {
            for (to, share) in row.iter_mut().enumerate() {
                let quantity = self.compilation.ascribed(of, to)?;
                let replicates = 1..=self.settings.extent.replicates;
                *share = values
                    .moments(replicates, |replicate| values.value(&base, 0, replicate, quantity))
                    .mean()
                    .unwrap_or(0.0);
            }
        }
        Some(shares)
    }
}

/// Values of the label columns.
fn values_of(case: &Case, arm: &Arm) -> Vec<String> {
    vec![case.condition.word(), case.draw.to_string(), arm.word()]
}

/// A mark whose label says what the variant is.
fn labelled_mark(mut mark: VariantMark, base: &str) -> VariantMark {
    let [condition, draw, arm] = mark.values.as_slice() else { return mark };
    if (condition.as_str(), arm.as_str()) != ("base", "base") {
        let draw = if draw == "0" { String::new() } else { format!(" {draw}") };
        mark.scenario.label = Some(format!("{base}: {arm}, {condition}{draw}"));
    }
    mark
}

impl StudyVerb for ClaimsStudy {
    type Report = ClaimsReport;

    fn study(&self) -> &Study {
        &self.study
    }

    fn plan_file(&self, options: BTreeMap<String, Value>) -> PlanFile {
        let mut files = vec![
            CLAIMS_FILE.to_owned(),
            SCENARIO_FILE.to_owned(),
            dictionary::layout().file(),
            points::POINTS.to_owned(),
            format!("{QUANTITIES}.csv"),
        ];
        let recovers = self.compilation.ascribed(0, 0).is_some();
        let tables = super::tables::layouts().into_iter().map(|layout| layout.file());
        files.extend(tables.filter(|file| recovers || *file != super::tables::motives().file()));
        let extent = &self.settings.extent;
        let own = [
            ("claims tested", json!(self.settings.only)),
            ("permutations", json!(extent.permutations)),
            ("policies", json!(extent.policies)),
        ];
        let own = own.into_iter().map(|(name, value)| (name.to_owned(), value));
        let details = PlanDetails {
            command: "claims",
            scenarios: vec![self.study.base.mark()],
            texts: vec![self.base_toml.clone()],
            points: Some(self.study.digest()),
            analysis: self.heading().analysis().into_iter().chain(own).collect(),
            settings: serde_json::to_value(&self.settings).expect("settings have finite numbers only"),
            files,
        };
        self.study.plan_file(details, options)
    }

    fn conclude(&self, mut session: Session<'_>, folder: &Path) -> Result<ClaimsReport, RunError> {
        let last = *self.study.base.replicates.end();
        session.check_some_finished(last)?;
        let mut report = ClaimsReport { outcome: Outcome::of(&session, folder), results: None };
        if report.outcome.stopped {
            return Ok(report);
        }
        let mut quantities = self.quantities();
        session.values(1..=last, |run, values| {
            quantities.add(run.variant, run.replicate, &values.quantities);
        })?;
        let results = Results::of(&session.pool().install(|| self.evidence(&quantities)));
        session.write(CLAIMS_FILE, self.claims.text.as_bytes())?;
        session.write(SCENARIO_FILE, self.base_toml.as_bytes())?;
        session.write_variants(super::tables::layouts(), last)?;
        for (file, bytes) in super::tables::files(&results) {
            session.write(&file, &bytes)?;
        }
        report.outcome.seconds = session.seconds();
        report.results = Some(results);
        session.finish(VerbMark { comparison: None, sweep: true }, last)?;
        Ok(report)
    }

    fn finished(&self, path: &Path, _manifest: &Manifest) -> Result<ClaimsReport, RunError> {
        let results = stored::read(&ResultFolder::open(path)?, self.heading())?;
        let outcome = Outcome::finished_before(path, self.study.run_count());
        Ok(ClaimsReport { outcome, results: Some(results) })
    }
}
