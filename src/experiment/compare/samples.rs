//! What the replicates of all scenarios gave, as far as comparing needs it.
//!
//! Owns which value belongs beside which: replicate k of a scenario beside replicate k of the baseline. Values of
//! phases and of the whole period are kept for each replicate; of the months only the baseline's are, and moments of
//! the others' differences from it, so that memory grows little with scenarios.

use super::statistics::Pairs;
use crate::experiment::replicate::ReplicateOutput;
use crate::model::measures::{MONTH_MEASURES, PHASE_MEASURES};
use std::collections::BTreeMap;

/// The samples of a comparison.
#[derive(Debug, Clone, PartialEq)]
pub struct Samples {
    periods: usize,
    months: usize,
    baseline_months: BTreeMap<u32, Vec<f64>>,
    scenarios: Vec<Sample>,
}

/// One scenario; a value that is not defined is NaN inside.
#[derive(Debug, Clone, PartialEq)]
struct Sample {
    replicates: BTreeMap<u32, Vec<f64>>,
    months: Vec<Pairs>,
}

impl Samples {
    /// Nothing yet, of so many scenarios, phases reached and months.
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

    /// Adds a replicate of a scenario (0 is the baseline). Replicates of a scenario come in the order of their numbers,
    /// and after the baseline's of the same number: months without a partner there are not kept.
    pub fn add(&mut self, scenario: usize, replicate: u32, output: &ReplicateOutput) {
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

    /// Periods: the phases reached in order, and behind them the whole period.
    pub fn periods(&self) -> usize {
        self.periods
    }

    /// Months that were run.
    pub fn months(&self) -> usize {
        self.months
    }

    /// Numbers of the replicates that a scenario has.
    pub fn replicates(&self, scenario: usize) -> impl Iterator<Item = u32> + '_ {
        self.scenarios[scenario].replicates.keys().copied()
    }

    /// A measure of [`PHASE_MEASURES`] in a period of one replicate, if both are there.
    pub fn value(&self, scenario: usize, replicate: u32, period: usize, measure: usize) -> Option<f64> {
        let values = self.scenarios[scenario].replicates.get(&replicate)?;
        defined(values[period * PHASE_MEASURES.len() + measure])
    }

    /// A measure of a period, the baseline beside a scenario.
    pub fn against_baseline(&self, scenario: usize, period: usize, measure: usize) -> Pairs {
        self.pairs(scenario, |replicate| {
            (self.value(0, replicate, period, measure), self.value(scenario, replicate, period, measure))
        })
    }

    /// A measure of one scenario, one period beside another.
    pub fn between_periods(&self, scenario: usize, periods: (usize, usize), measure: usize) -> Pairs {
        let value = |replicate, period| self.value(scenario, replicate, period, measure);
        self.pairs(scenario, |replicate| (value(replicate, periods.0), value(replicate, periods.1)))
    }

    /// Pairs over the replicates of a scenario, in the order of their numbers.
    pub fn pairs(&self, scenario: usize, pair: impl Fn(u32) -> (Option<f64>, Option<f64>)) -> Pairs {
        let mut pairs = Pairs::default();
        for replicate in self.replicates(scenario) {
            let (first, second) = pair(replicate);
            pairs.add(first, second);
        }
        pairs
    }

    /// A measure of [`MONTH_MEASURES`] in a month, the baseline beside a scenario other than it.
    pub fn month(&self, scenario: usize, month: usize, measure: usize) -> &Pairs {
        &self.scenarios[scenario].months[month * MONTH_MEASURES.len() + measure]
    }
}

fn defined(value: f64) -> Option<f64> {
    (!value.is_nan()).then_some(value)
}
