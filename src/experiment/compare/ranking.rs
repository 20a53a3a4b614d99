//! Chooses the differences that a reader sees first.
//!
//! A comparison tests every metric in every period, several hundred differences for each scenario. A summary shows one
//! row per metric: headline measures first, then the other outcomes by the size of the effect. Sizes and inputs are left
//! out, because a scenario sets them; so is the second of two metrics that move together. Whatever the user asked for by
//! name is shown, significant or not.

use super::question::{Estimate, Question};
use crate::experiment::summary::HEADLINE;
use crate::model::measures::PHASE_MEASURES;

/// Units of metrics that measure the size of the society, which follows from its growth.
const SIZES: &[&str] = &["months", "people", "posts per year", "output of a standard worker-month"];

/// Metrics that are little else than a lever seen through the plants: an effect on them is what the scenario sets.
const INPUTS: &[&str] = &["union_capacity", "implementation", "tightness"];

/// Metrics that are another metric but for a constant, a sign or a few people, and that other metric.
const TWINS: &[(&str, &str)] =
    &[("mood", "grievance"), ("mood_public", "grievance"), ("discipline_least", "discipline")];

/// The place of a metric in a summary: lower comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    /// A headline measure, by its position among them.
    Headline(usize),
    /// Another outcome.
    Outcome,
    /// Not shown unless asked for.
    Omitted,
}

/// The place of a metric, by position in [`PHASE_MEASURES`].
fn place(metric: usize) -> Place {
    let measure = &PHASE_MEASURES[metric];
    if let Some(position) = HEADLINE.iter().position(|(key, _)| *key == measure.key) {
        return Place::Headline(position);
    }
    let omitted = SIZES.contains(&measure.unit)
        || INPUTS.contains(&measure.key)
        || TWINS.iter().any(|(key, _)| *key == measure.key);
    if omitted { Place::Omitted } else { Place::Outcome }
}

/// The rows of a summary.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Ranked {
    /// The rows, in the order in which they are shown.
    pub rows: Vec<Estimate>,
    /// Significant differences that are not among them.
    pub more: usize,
}

/// Whether a difference is significant at the level of a question, after its correction.
pub fn significant(row: &Estimate, question: &Question) -> bool {
    row.adjusted.is_some_and(|p| p <= 1.0 - question.level)
}

/// The rows to show of the differences of one scenario, at most `top` of those that were not asked for by name. `periods`
/// is the number of periods that could have been asked for.
pub fn ranked(rows: &[Estimate], question: &Question, periods: usize, top: usize) -> Ranked {
    let clear = rows.iter().filter(|row| significant(row, question)).count();
    // All metrics but the number of months are compared unless some are named.
    let metrics_named = question.metrics.len() + 1 < PHASE_MEASURES.len();
    let periods_named = question.periods.len() < periods;
    let shown = if metrics_named { rows.to_vec() } else { chosen(rows, question, periods_named, top) };
    let clear_shown = shown.iter().filter(|row| significant(row, question)).count();
    Ranked { more: clear - clear_shown, rows: shown }
}

fn chosen(rows: &[Estimate], question: &Question, periods_named: bool, top: usize) -> Vec<Estimate> {
    let asked = |row: &Estimate| periods_named && matches!(place(row.subject.metric), Place::Headline(_));
    let mut candidates: Vec<&Estimate> = rows
        .iter()
        .filter(|row| place(row.subject.metric) != Place::Omitted)
        .filter(|row| (significant(row, question) && size(row) > 0.0) || asked(row))
        .collect();
    // The sorts are stable: equal effects stay in the order of the columns.
    candidates.sort_by(|a, b| size(b).total_cmp(&size(a)));
    if !periods_named {
        let mut seen = vec![false; PHASE_MEASURES.len()];
        candidates.retain(|row| !std::mem::replace(&mut seen[row.subject.metric], true));
    }
    candidates.sort_by_key(|row| place(row.subject.metric));
    let named = candidates.iter().filter(|row| asked(row)).count();
    candidates.into_iter().take(named.max(top)).copied().collect()
}

/// The size of an effect. A metric that is the same in every replicate follows from the scenario alone, and has none.
fn size(row: &Estimate) -> f64 {
    row.effect_size.map_or(0.0, f64::abs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::compare::question::{Subject, Width};
    use crate::experiment::compare::statistics::{Correction, Pairs};

    fn metric(key: &str) -> usize {
        PHASE_MEASURES.iter().position(|measure| measure.key == key).unwrap()
    }

    fn row(key: &str, period: usize, effect: f64, p: f64) -> Estimate {
        Estimate {
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

    fn question(metrics: &[&str], periods: &[usize]) -> Question {
        let all = (0..PHASE_MEASURES.len()).filter(|position| PHASE_MEASURES[*position].key != "months");
        Question {
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
        let ranked = ranked(&rows, &question(&[], &[0, 1]), 2, 3);
        assert_eq!(keys(&ranked), [("elite_turnover", 1), ("discipline", 1), ("vacancies", 0)]);
        assert_eq!(ranked.more, 6);
    }

    #[test]
    fn what_was_asked_for_is_shown_even_if_it_is_not_significant() {
        let rows = [row("mood", 0, 0.1, 0.6), row("mood", 1, 2.0, 0.01), row("people", 0, 0.0, 1.0)];
        let asked = ranked(&rows, &question(&["mood", "people"], &[0, 1]), 2, 1);
        assert_eq!(keys(&asked), [("mood", 0), ("mood", 1), ("people", 0)]);
        let rows = [row("fear", 1, 0.1, 0.6), row("unrest", 1, 3.0, 0.6), row("vacancies", 1, 2.0, 0.0)];
        let asked = ranked(&rows, &question(&[], &[1]), 2, 12);
        assert_eq!(keys(&asked), [("fear", 1), ("vacancies", 1)]);
    }

    #[test]
    fn lists_name_metrics_and_units_that_there_are() {
        let known = |key: &str| PHASE_MEASURES.iter().any(|measure| measure.key == key);
        assert!(INPUTS.iter().all(|key| known(key)));
        assert!(TWINS.iter().all(|(key, of)| known(key) && place(metric(of)) < Place::Omitted));
        assert!(SIZES.iter().all(|unit| PHASE_MEASURES.iter().any(|measure| measure.unit == *unit)));
        assert!(HEADLINE.iter().all(|(key, _)| known(key)));
    }
}
