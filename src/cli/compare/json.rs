//! Writes all differences of a comparison as JSON.

use crate::experiment::compare::contrasts::Contrast;
use crate::experiment::compare::ranking::significant;
use crate::experiment::compare::run::ComparisonReport;
use crate::experiment::compare::statistics::Correction;
use crate::experiment::compare::tables::Names;
use crate::model::phase::PHASE_MEASURES;
use crate::output::manifest::Program;
use crate::scenario::Scenario;
use serde_json::{Value, json};

/// Returns the comparison as JSON.
pub(super) fn json(scenarios: &[Scenario], report: &ComparisonReport) -> String {
    let names = &report.names;
    let rows = |estimates: &[Contrast]| estimates.iter().map(|row| json_row(row, names)).collect::<Vec<_>>();
    let described: Vec<Value> = scenarios
        .iter()
        .zip(&report.replicates)
        .map(|(scenario, replicates)| {
            json!({
                "name": scenario.called(),
                "hash": scenario.hash_hex(),
                "title": scenario.title,
                "hypothesis": scenario.hypothesis,
                "first_difference": scenarios[0].first_difference(scenario).map(|month| month.to_string()),
                "replicates": replicates.len(),
            })
        })
        .collect();
    let all = report.contrasts.scenarios.iter().chain(&report.contrasts.regimes);
    let value = json!({
        "program": Program::this(),
        "baseline": names.scenarios[0],
        "scenarios": described,
        "seed": names.seed,
        "replicates": report.finished(),
        "complete": report.complete(),
        "level": report.analysis.level,
        "level_of_intervals": report.analysis.level_of_look(),
        "correction": match report.analysis.correction { Correction::Holm => "holm", Correction::None => "none" },
        "tests": report.contrasts.tests,
        "significant": all.filter(|row| significant(row, &report.analysis)).count(),
        "looks": report.looks,
        "precise": report.precise,
        "runs_computed": report.computed,
        "folder": report.folder.to_string_lossy(),
        "wall_seconds": report.seconds,
        "differences": rows(&report.contrasts.scenarios),
        "differences_between_phases": rows(&report.contrasts.regimes),
    });
    format!("{value:#}\n")
}

fn json_row(row: &Contrast, names: &Names) -> Value {
    let subject = row.subject;
    let measure = &PHASE_MEASURES[subject.metric];
    let (interval, simultaneous) = (row.interval(), row.simultaneous_interval());
    json!({
        "metric": measure.key,
        "unit": measure.unit,
        "phase": names.period(subject.period),
        "from_phase": subject.from_period.map(|from| names.period(from)),
        "scenario": names.scenarios[subject.scenario],
        "n": row.pairs.n(),
        "first_mean": row.pairs.first_mean(),
        "second_mean": row.pairs.second_mean(),
        "difference": row.pairs.difference(),
        "lo": interval.map(|(lo, _)| lo),
        "hi": interval.map(|(_, hi)| hi),
        "p": row.p,
        "p_adjusted": row.adjusted,
        "lo_simultaneous": simultaneous.map(|(lo, _)| lo),
        "hi_simultaneous": simultaneous.map(|(_, hi)| hi),
        "effect_size": row.effect_size,
        "variance_ratio": row.variance_ratio,
        "half_width_target": row.target,
        "replicates_needed": row.needed,
    })
}
