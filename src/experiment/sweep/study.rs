//! Sweeps over keys of a scenario: the study behind `kadry sweep`, its report and its tables.
//!
//! The first variant is the base, the others are the points. Replicate k of every point uses the random numbers of replicate
//! k of the base, so the differences are paired.

use super::response::{self, Period, Responses};
use crate::experiment::compare::statistics::Correction;
use crate::experiment::compare::tables::layouts;
use crate::experiment::plan::Plan;
use crate::experiment::run::{SCENARIO_FILE, values_of};
use crate::experiment::stored::{StoredResult, every_table};
use crate::experiment::study::finish::VerbMark;
use crate::experiment::study::outcome::Outcome;
use crate::experiment::study::session::{RunError, Session, StudyVerb};
use crate::experiment::study::{PlanDetails, Study, Variants, mark_of};
use crate::experiment::tables::whole_period::WHOLE_PERIOD;
use crate::experiment::tables::{Table, labelled, points};
use crate::model::levers::LEVERS;
use crate::model::mechanisms::MECHANISMS;
use crate::model::parameters::PARAMETERS;
use crate::model::phase::PHASE_MEASURES;
use crate::model::setup::Setup;
use crate::output::dictionary;
use crate::output::folder::hexadecimal;
use crate::output::manifest::Manifest;
use crate::output::plan::{PlanFile, VariantMark};
use crate::output::reading::{ReadError, ResultFolder};
use crate::output::table::{Kind, real};
use crate::scenario::{Faults, MAX_LABEL, Scenario, Template, number_text};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// Tables from which responses are computed.
const VALUED: [&str; 2] = ["phases", "whole_period"];

/// Number of faulty points that are reported.
const MOST_FAULTY: usize = 10;

/// What to estimate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// Metrics, by position in [`PHASE_MEASURES`].
    pub metrics: Vec<usize>,
    /// Level of the intervals.
    pub level: f64,
    /// Correction for multiple testing.
    pub correction: Correction,
    /// Number of regions that the base asks for ([`Template::requested_regions`]).
    pub regions: u32,
}

/// A sweep to carry out.
pub struct Sweep {
    /// The runs of the base and of all points.
    pub study: Study,
    /// The resolved base.
    pub base_toml: String,
    /// What to estimate.
    pub settings: Settings,
}

/// The result of a sweep.
pub struct SweepReport {
    /// How far it has come.
    pub outcome: Outcome,
    /// The estimates of the base and of all points.
    pub responses: Responses,
}

/// The variants of a sweep: resolved when they are needed.
struct Points {
    base: Arc<Plan>,
    template: Template,
    keys: Vec<String>,
    /// By point: the values of the keys.
    values: Vec<Vec<String>>,
}

impl Points {
    fn resolve(&self, point: usize) -> Result<(Scenario, Setup), Faults> {
        let settings: Vec<(&str, &str)> =
            self.keys.iter().map(String::as_str).zip(self.values[point].iter().map(String::as_str)).collect();
        self.template.resolve_with_setup(&settings)
    }
}

impl Variants for Points {
    fn plan(&self, variant: usize) -> Arc<Plan> {
        match variant.checked_sub(1) {
            None => Arc::clone(&self.base),
            Some(point) => {
                let (scenario, setup) = self.resolve(point).expect("every point has been resolved before");
                // Name, label and hash are those of the mark.
                Arc::new(Plan {
                    scenario: scenario.called().to_owned(),
                    setup: Arc::new(setup),
                    steps: Arc::new(scenario.steps()),
                    ..Plan::clone(&self.base)
                })
            }
        }
    }
}

impl Sweep {
    /// A sweep over the points of a base. `base` is the plan of the base with the tables that the result is to hold, and
    /// `values` are the values of the keys by point.
    ///
    /// # Errors
    ///
    /// The first points that cannot be resolved, each with its faults.
    pub fn new(
        base: Plan,
        template: Template,
        keys: Vec<String>,
        values: Vec<Vec<String>>,
        settings: Settings,
    ) -> Result<Sweep, Vec<(usize, Faults)>> {
        let written = base.tables.clone();
        let needed = |table: &&'static dyn Table| {
            let name = table.layout().name;
            VALUED.contains(&name) || written.iter().any(|other| other.layout().name == name)
        };
        let base = Arc::new(Plan { tables: every_table().filter(needed).collect(), ..base });
        let base_toml = template.base().to_toml();
        let base_values = keys.iter().map(|key| value_in(template.base(), key)).collect();
        let points = Points { base: Arc::clone(&base), template, keys: keys.clone(), values };
        let mark = |point: usize| match points.resolve(point) {
            Ok((scenario, setup)) => {
                Ok(mark_of(&points.base.of_other(&scenario, setup), points.values[point].clone()))
            }
            Err(faults) => Err((point, faults)),
        };
        let marks: Vec<_> = (0..points.values.len()).into_par_iter().map(mark).collect();
        let (mut resolved, mut faulty) = (Vec::with_capacity(marks.len()), Vec::new());
        for mark in marks {
            match mark {
                Ok(mark) => resolved.push(mark),
                Err(faults) => faulty.push(faults),
            }
        }
        if !faulty.is_empty() {
            faulty.truncate(MOST_FAULTY);
            return Err(faulty);
        }
        let mut marks: Vec<VariantMark> = [mark_of(&base, base_values)].into_iter().chain(resolved).collect();
        name_equal_points(&keys, &mut marks);
        write_reals(&keys, &mut marks);
        let study = Study::new(base, Box::new(points), marks, keys, written);
        Ok(Sweep { study, base_toml, settings })
    }

    /// Digest of the points.
    pub fn digest(&self) -> String {
        let mut digest = Sha256::new();
        for mark in &self.study.marks {
            digest.update(mark.substance.as_bytes());
            for value in &mark.values {
                digest.update(value.as_bytes());
                digest.update([0]);
            }
        }
        hexadecimal(&digest.finalize())
    }

    /// The periods of the responses: the phases that are reached, and the whole period.
    fn periods(&self) -> Vec<Period> {
        let base = &self.study.base;
        let phases = base.phases_reached().iter().enumerate();
        let whole = Period { name: WHOLE_PERIOD.to_owned(), from: crate::engine::calendar::Month::FIRST };
        phases
            .map(|(position, name)| Period { name: name.clone(), from: base.phase_from(position) })
            .chain([whole])
            .collect()
    }

    fn responses(&self) -> Responses {
        Responses::new(self.settings.clone(), self.periods(), self.study.marks.len())
    }
}

impl StudyVerb for Sweep {
    type Report = SweepReport;

    fn study(&self) -> &Study {
        &self.study
    }

    fn plan_file(&self, options: BTreeMap<String, Value>) -> PlanFile {
        let mut files =
            vec![SCENARIO_FILE.to_owned(), dictionary::layout().file(), points::POINTS.to_owned()];
        files.extend(self.study.written.iter().map(|table| table.layout().file()));
        files.push(response::layout().file());
        let Settings { metrics, level, correction, .. } = &self.settings;
        let metrics: Vec<&str> = metrics.iter().map(|metric| PHASE_MEASURES[*metric].key).collect();
        let correction = if *correction == Correction::Holm { "holm" } else { "none" };
        let analysis =
            [("metrics", json!(metrics)), ("level", json!(level)), ("correction", json!(correction))];
        let details = PlanDetails {
            command: "sweep",
            scenarios: vec![self.study.base.mark()],
            texts: vec![self.base_toml.clone()],
            points: Some(self.digest()),
            analysis: analysis.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
            settings: serde_json::to_value(&self.settings).expect("settings have finite numbers only"),
            files,
        };
        self.study.plan_file(details, options)
    }

    fn conclude(&self, mut session: Session<'_>, folder: &Path) -> Result<SweepReport, RunError> {
        let last = *self.study.base.replicates.end();
        session.check_some_finished(last)?;
        let mut report = SweepReport { outcome: Outcome::of(&session, folder), responses: self.responses() };
        if report.outcome.stopped {
            return Ok(report);
        }
        let responses = &mut report.responses;
        session.values(self.study.base.replicates.clone(), |run, values| {
            responses.add(run.variant, run.replicate, values);
        })?;
        responses.finish();
        let columns = self.study.labels();
        session.write(SCENARIO_FILE, self.base_toml.as_bytes())?;
        let tables = layouts().into_iter().chain([response::layout()]);
        let mut layouts: Vec<_> = tables.map(|layout| labelled(layout, &columns)).collect();
        layouts.push(points::layout(&columns, false));
        session.write(&dictionary::layout().file(), &dictionary::csv(&layouts))?;
        session.write(points::POINTS, &points::csv(&columns, &self.study.marks[1..], false))?;
        session.write_tables(last)?;
        let mut stream = session.stream(&response::layout().file())?;
        stream.append(&labelled(response::layout(), &columns).header())?;
        for variant in 0..self.study.marks.len() {
            stream.append(&responses.rows(variant, &self.study.marks[variant], self.study.base.seed))?;
        }
        session.close(stream)?;
        report.outcome.seconds = session.seconds();
        session.finish(VerbMark { comparison: None, sweep: true }, last)?;
        Ok(report)
    }

    fn finished(&self, path: &Path, manifest: &Manifest) -> Result<SweepReport, RunError> {
        let mut responses = self.responses();
        let tables: Vec<_> = every_table().filter(|table| VALUED.contains(&table.layout().name)).collect();
        if tables.iter().all(|table| manifest.files.contains_key(&table.layout().file())) {
            let stored = StoredResult::open(ResultFolder::open(path)?)?;
            stored.runs(&tables, |run| {
                responses.add(run.variant, run.replicate, &values_of(&run, &tables));
                Ok::<(), ReadError>(())
            })?;
        }
        responses.finish();
        let outcome = Outcome::finished_before(path, self.study.run_count());
        Ok(SweepReport { outcome, responses })
    }
}

/// Gives points that are equal to the base, and so have its label, a label of their own.
fn name_equal_points(keys: &[String], marks: &mut [VariantMark]) {
    let Some((base, points)) = marks.split_first_mut() else { return };
    let name = base.scenario.called();
    for (number, point) in points.iter_mut().enumerate().filter(|(_, point)| point.scenario.called() == name)
    {
        let settings = keys.iter().zip(&point.values).map(|(key, value)| format!("+{key}={value}"));
        let label = format!("{name}{}", settings.collect::<String>());
        let short = label.len() <= MAX_LABEL;
        point.scenario.label = Some(if short { label } else { format!("{name}+point={}", number + 1) });
    }
}

/// Formats the values of keys whose column is real like other reals.
fn write_reals(keys: &[String], marks: &mut [VariantMark]) {
    for (position, column) in points::key_columns(keys, marks).iter().enumerate() {
        for mark in marks.iter_mut().filter(|_| column.kind == Kind::Real) {
            if let Ok(value) = mark.values[position].parse() {
                mark.values[position] = real(value);
            }
        }
    }
}

/// The value of a key in a scenario, as a text for tables; empty if the key has no single value.
fn value_in(scenario: &Scenario, key: &str) -> String {
    let (table, name) = key.split_once('.').unwrap_or(("", key));
    let population = &scenario.population;
    let value = match table {
        "parameters" => PARAMETERS
            .iter()
            .find(|info| info.key == name)
            .map(|info| number_text((info.get)(&scenario.parameters))),
        "mechanisms" => MECHANISMS
            .iter()
            .find(|info| info.key == name)
            .map(|info| (info.get)(&scenario.mechanisms).to_string()),
        "levers" => LEVERS.iter().position(|info| info.key == name).and_then(|position| {
            let values = &scenario.tracks[position].values;
            values.iter().all(|value| *value == values[0]).then(|| number_text(values[0]))
        }),
        "population" => match name {
            "size" => Some(population.size.to_string()),
            "enterprises" => Some(population.enterprises.to_string()),
            "regions" => Some(population.regions.to_string()),
            _ => None,
        },
        _ => None,
    };
    value.unwrap_or_default()
}
