//! Selects the differences to show in a summary.
//!
//! A comparison tests every metric in every period, several hundred differences for each scenario. A summary shows one row
//! per metric: headline measures first, then other metrics by effect size. It leaves out sizes and inputs, which the
//! scenario sets, and the second of two metrics that move together. Metrics that the user named are always shown.

use super::contrasts::{Analysis, Contrast};
use crate::experiment::summary::HEADLINE;
use crate::model::phase::PHASE_MEASURES;

/// Units of metrics that measure the size of the society, which follows from its growth.
const SIZES: &[&str] = &["months", "people", "posts per year", "output of a standard worker-month"];

/// Metrics that mirror a lever: an effect on them is what the scenario sets.
const INPUTS: &[&str] = &["union_capacity", "implementation", "tightness"];

/// Metrics that equal another metric up to a constant, a sign or a few people, with that other metric.
const TWINS: &[(&str, &str)] =
    &[("mood", "grievance"), ("mood_public", "grievance"), ("discipline_least", "discipline")];

/// The priority of a metric in a summary; lower values come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Priority {
    /// A headline measure, by its position among them.
    Headline(usize),
    /// Another metric.
    Other,
    /// Shown only if the user named it.
    Omitted,
}

/// The priority of a metric, given by position in [`PHASE_MEASURES`].
fn priority(metric: usize) -> Priority {
    let measure = &PHASE_MEASURES[metric];
    if let Some(position) = HEADLINE.iter().position(|headline| headline.key == measure.key) {
        return Priority::Headline(position);
    }
    let omitted = SIZES.contains(&measure.unit)
        || INPUTS.contains(&measure.key)
        || TWINS.iter().any(|(key, _)| *key == measure.key);
    if omitted { Priority::Omitted } else { Priority::Other }
}

/// The rows of a summary.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Ranked {
    /// The rows, in the order in which they are shown.
    pub rows: Vec<Contrast>,
    /// Significant differences that are not among them.
    pub more: usize,
}

/// Returns whether a difference is significant at the level of the analysis, after correction for multiple testing.
pub fn significant(row: &Contrast, analysis: &Analysis) -> bool {
    row.adjusted.is_some_and(|p| p <= 1.0 - analysis.level)
}

/// Selects rows from the differences of one scenario, at most `top` unless the user named more. `periods` is the number of
/// periods that the user could have named.
pub fn ranked(rows: &[Contrast], analysis: &Analysis, periods: usize, top: usize) -> Ranked {
    let clear = rows.iter().filter(|row| significant(row, analysis)).count();
    // By default, all metrics but the number of months are compared.
    let metrics_named = analysis.metrics.len() + 1 < PHASE_MEASURES.len();
    let periods_named = analysis.periods.len() < periods;
    let shown = if metrics_named { rows.to_vec() } else { chosen(rows, analysis, periods_named, top) };
    let clear_shown = shown.iter().filter(|row| significant(row, analysis)).count();
    Ranked { more: clear - clear_shown, rows: shown }
}

fn chosen(rows: &[Contrast], analysis: &Analysis, periods_named: bool, top: usize) -> Vec<Contrast> {
    let asked =
        |row: &Contrast| periods_named && matches!(priority(row.subject.metric), Priority::Headline(_));
    let mut candidates: Vec<&Contrast> = rows
        .iter()
        .filter(|row| priority(row.subject.metric) != Priority::Omitted)
        .filter(|row| (significant(row, analysis) && size(row) > 0.0) || asked(row))
        .collect();
    // Both sorts are stable: equal effects stay in the order of the columns.
    candidates.sort_by(|a, b| size(b).total_cmp(&size(a)));
    if !periods_named {
        let mut seen = vec![false; PHASE_MEASURES.len()];
        candidates.retain(|row| !std::mem::replace(&mut seen[row.subject.metric], true));
    }
    candidates.sort_by_key(|row| priority(row.subject.metric));
    let named = candidates.iter().filter(|row| asked(row)).count();
    candidates.into_iter().take(named.max(top)).copied().collect()
}

/// The absolute effect size; 0 for a metric that does not vary between replicates and so follows from the scenario alone.
fn size(row: &Contrast) -> f64 {
    row.effect_size.map_or(0.0, f64::abs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::compare::contrasts::{Subject, Width};
    use crate::experiment::compare::statistics::{Correction, Pairs};

    fn metric(key: &str) -> usize {
        PHASE_MEASURES.iter().position(|measure| measure.key == key).unwrap()
    }

    fn row(key: &str, period: usize, effect: f64, p: f64) -> Contrast {
        Contrast {
            subject: Subject { scenario: 1, metric: metric(key), period, from_period: None },
            pairs: Pairs::default(),
            half: None,
            simultaneous_half: None,
            p: Some(p),
            adjusted: Some(p),
            effect_size: Some(effect),
            variance_ratio: None,
            target: None,
            needed: None,
        }
    }

    fn analysis(metrics: &[&str], periods: &[usize]) -> Analysis {
        let all = (0..PHASE_MEASURES.len()).filter(|position| PHASE_MEASURES[*position].key != "months");
        Analysis {
            metrics: if metrics.is_empty() {
                all.collect()
            } else {
                metrics.iter().map(|key| metric(key)).collect()
            },
            periods: periods.to_vec(),
            regimes: false,
            level: 0.95,
            spend: 1.0,
            correction: Correction::Holm,
            half_width: Width::Share(0.05),
        }
    }

    fn keys(ranked: &Ranked) -> Vec<(&'static str, usize)> {
        let subjects = ranked.rows.iter().map(|row| row.subject);
        subjects.map(|subject| (PHASE_MEASURES[subject.metric].key, subject.period)).collect()
    }

    #[test]
    fn headline_measures_come_first_and_each_metric_has_one_row() {
        let rows = [
            row("people", 0, 9000.0, 0.0),
            row("workers", 1, -8000.0, 0.0),
            row("union_capacity", 1, 900.0, 0.0),
            row("mood", 1, 30.0, 0.0),
            row("unrest", 0, 20.0, 0.0),
            row("vacancies", 0, -25.0, 0.0),
            row("discipline", 0, 3.0, 0.0),
            row("discipline", 1, -4.0, 0.01),
            row("elite_turnover", 1, 0.5, 0.04),
            row("fear", 1, 0.1, 0.6),
        ];
        let ranked = ranked(&rows, &analysis(&[], &[0, 1]), 2, 3);
        assert_eq!(keys(&ranked), [("elite_turnover", 1), ("discipline", 1), ("vacancies", 0)]);
        assert_eq!(ranked.more, 6);
    }

    #[test]
    fn named_metrics_and_periods_are_shown_even_if_not_significant() {
        let rows = [row("mood", 0, 0.1, 0.6), row("mood", 1, 2.0, 0.01), row("people", 0, 0.0, 1.0)];
        let asked = ranked(&rows, &analysis(&["mood", "people"], &[0, 1]), 2, 1);
        assert_eq!(keys(&asked), [("mood", 0), ("mood", 1), ("people", 0)]);
        let rows = [row("fear", 1, 0.1, 0.6), row("unrest", 1, 3.0, 0.6), row("vacancies", 1, 2.0, 0.0)];
        let asked = ranked(&rows, &analysis(&[], &[1]), 2, 12);
        assert_eq!(keys(&asked), [("fear", 1), ("vacancies", 1)]);
    }

    #[test]
    fn lists_name_existing_metrics_and_units() {
        let known = |key: &str| PHASE_MEASURES.iter().any(|measure| measure.key == key);
        assert!(INPUTS.iter().all(|key| known(key)));
        assert!(TWINS.iter().all(|(key, of)| known(key) && priority(metric(of)) < Priority::Omitted));
        assert!(SIZES.iter().all(|unit| PHASE_MEASURES.iter().any(|measure| measure.unit == *unit)));
    }
}
