//! Stores the values of all replicates that a comparison needs, and pairs them.
//!
//! Replicate k of a scenario is paired with replicate k of the baseline. Values of phases and of the whole period are
//! stored for each replicate. Monthly values are stored for the baseline only; for the other scenarios, only the moments of
//! their differences from it are, so memory grows little with the number of scenarios.

use super::statistics::Pairs;
use crate::experiment::study::rows::RunValues;
use crate::model::measures::MONTH_MEASURES;
use crate::model::phase::PHASE_MEASURES;
use std::collections::BTreeMap;

/// The values of all scenarios.
#[derive(Debug, Clone, PartialEq)]
pub struct Samples {
    periods: usize,
    months: usize,
    baseline_months: BTreeMap<u32, Vec<f64>>,
    scenarios: Vec<Sample>,
}

/// The values of one scenario; NaN stands for a value that is not defined.
#[derive(Debug, Clone, PartialEq)]
struct Sample {
    replicates: BTreeMap<u32, Vec<f64>>,
    months: Vec<Pairs>,
}

impl Samples {
    /// Creates empty samples for a number of scenarios, phases reached and months.
    pub fn new(scenarios: usize, phases: usize, months: usize) -> Self {
        let of_months = |scenario: usize| if scenario == 0 { 0 } else { months * MONTH_MEASURES.len() };
        Samples {
            periods: phases + 1,
            months,
            baseline_months: BTreeMap::new(),
            scenarios: (0..scenarios)
                .map(|scenario| Sample {
                    replicates: BTreeMap::new(),
                    months: vec![Pairs::default(); of_months(scenario)],
                })
                .collect(),
        }
    }

    /// Adds a replicate of a scenario (0 is the baseline). Replicates of a scenario must be added in the order of their
    /// numbers, and after the baseline's replicate of the same number; otherwise their months are not stored.
    pub fn add(&mut self, scenario: usize, replicate: u32, output: &RunValues) {
        let sample = &mut self.scenarios[scenario];
        let periods = output.phases.iter().chain([&output.whole]).flatten();
        sample.replicates.insert(replicate, periods.map(|value| value.unwrap_or(f64::NAN)).collect());
        let months = output.months.iter().flatten();
        if scenario == 0 {
            self.baseline_months.insert(replicate, months.map(|value| value.unwrap_or(f64::NAN)).collect());
        } else if let Some(baseline) = self.baseline_months.get(&replicate) {
            for ((pairs, first), second) in sample.months.iter_mut().zip(baseline).zip(months) {
                pairs.add(defined(*first), *second);
            }
        }
    }

    /// Number of scenarios, the baseline included.
    pub fn scenarios(&self) -> usize {
        self.scenarios.len()
    }

    /// Number of periods: the phases reached, in order, and the whole period after them.
    pub fn periods(&self) -> usize {
        self.periods
    }

    /// Number of months that were run.
    pub fn months(&self) -> usize {
        self.months
    }

    /// Numbers of the replicates of a scenario.
    pub fn replicates(&self, scenario: usize) -> impl Iterator<Item = u32> + '_ {
        self.scenarios[scenario].replicates.keys().copied()
    }

    /// The value of a measure of [`PHASE_MEASURES`] in a period of one replicate, if it exists and is defined.
    pub fn value(&self, scenario: usize, replicate: u32, period: usize, measure: usize) -> Option<f64> {
        let values = self.scenarios[scenario].replicates.get(&replicate)?;
        defined(values[period * PHASE_MEASURES.len() + measure])
    }

    /// Pairs the values of a measure in a period: baseline, scenario.
    pub fn against_baseline(&self, scenario: usize, period: usize, measure: usize) -> Pairs {
        self.pairs(scenario, |replicate| {
            (self.value(0, replicate, period, measure), self.value(scenario, replicate, period, measure))
        })
    }

    /// Pairs the values of a measure in two periods of one scenario.
    pub fn between_periods(&self, scenario: usize, periods: (usize, usize), measure: usize) -> Pairs {
        let value = |replicate, period| self.value(scenario, replicate, period, measure);
        self.pairs(scenario, |replicate| (value(replicate, periods.0), value(replicate, periods.1)))
    }

    /// Collects what `pair` returns for each replicate of a scenario, in the order of their numbers.
    pub fn pairs(&self, scenario: usize, pair: impl Fn(u32) -> (Option<f64>, Option<f64>)) -> Pairs {
        let mut pairs = Pairs::default();
        for replicate in self.replicates(scenario) {
            let (first, second) = pair(replicate);
            pairs.add(first, second);
        }
        pairs
    }

    /// The pairs (baseline, scenario) of a measure of [`MONTH_MEASURES`] in a month; `scenario` is not the baseline.
    pub fn month(&self, scenario: usize, month: usize, measure: usize) -> &Pairs {
        &self.scenarios[scenario].months[month * MONTH_MEASURES.len() + measure]
    }
}

fn defined(value: f64) -> Option<f64> {
    (!value.is_nan()).then_some(value)
}
