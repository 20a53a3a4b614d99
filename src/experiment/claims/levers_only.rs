//! Predicts quantities from levers alone: by a line in each lever (null n3), and by a ridge regression over random policies
//! (null n4), which also gives the controllability of a metric.

use super::cases::{Case, Extent, Resolving};
use super::compile::{Compilation, Component, Estimator};
use super::course::{correlation, extreme, peaks, smoothed, statistic_of};
use super::evidence::Condition;
use super::policies;
use super::quantities::Quantity;
use super::regression::{Fit, least_squares, r2_out_of_sample, ridge};
use super::values::RunQuantities;
use crate::experiment::moments::Moments;
use crate::model::levers::LEVERS;
use crate::model::measures::MONTH_MEASURES;
use crate::model::setup::PolicyMode;
use crate::scenario::Scenario;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Share of the policies in which a quantity must be defined to be predicted.
const DEFINED: f64 = 0.8;

/// What levers alone predict.
#[derive(Debug, Default)]
pub(super) struct LeversOnly {
    /// By null, arm and quantity.
    predicted: BTreeMap<(u8, usize, usize), f64>,
    /// By quantities of a component: a share of explained variance, or a difference of two.
    controllability: BTreeMap<(usize, Option<usize>), Moments>,
}

/// Predicted quantities by arm and quantity.
type Predicted = Vec<((u8, usize, usize), f64)>;

impl LeversOnly {
    /// Fits both nulls. `months` are the columns of `series.csv` in the base by month, means over replicates.
    pub(super) fn of(
        compilation: &Compilation,
        resolving: &Resolving,
        values: &RunQuantities,
        extent: &Extent,
        months: &[Vec<Option<f64>>],
    ) -> LeversOnly {
        let base = Case::of(Condition::Base);
        let arms: Vec<Scenario> = compilation
            .arms
            .par_iter()
            .map(|arm| resolving.resolve(&base, arm).expect("every arm has been resolved before"))
            .collect();
        let lines = Lines::of(compilation, &resolving.base, months);
        let mut predicted: Predicted = arms
            .par_iter()
            .enumerate()
            .flat_map(|(arm, scenario)| lines.predict(compilation, arm, scenario))
            .collect();
        let policies = Policies::of(resolving, values, extent, compilation.quantities.len());
        let features: Vec<Vec<f64>> = arms.iter().map(policies::features).collect();
        let by_ridge = (0..compilation.quantities.len()).into_par_iter().filter_map(|quantity| {
            let fit = policies.fit(quantity)?;
            let predict = |(arm, features): (usize, &Vec<f64>)| ((4, arm, quantity), fit.predict(features));
            Some(features.iter().enumerate().map(predict).collect::<Predicted>())
        });
        predicted.extend(by_ridge.collect::<Vec<_>>().into_iter().flatten());
        let components = compilation.tests.iter().flatten().flatten().flat_map(|test| &test.components);
        let controllability = components.filter_map(|component| match component.estimator {
            Estimator::Controllability(one, other) => {
                Some(((one, other), policies.controllability(one, other)?))
            }
            _ => None,
        });
        LeversOnly { predicted: predicted.into_iter().collect(), controllability: controllability.collect() }
    }

    /// Adds a share of explained variance by hand.
    #[cfg(test)]
    pub(super) fn explain(&mut self, one: usize, other: Option<usize>, share: Moments) {
        self.controllability.insert((one, other), share);
    }

    /// What a null (3 or 4) predicts for a quantity of an arm.
    pub(super) fn predicted(&self, null: u8, arm: usize, quantity: usize) -> Option<f64> {
        self.predicted.get(&(null, arm, quantity)).copied()
    }

    /// The controllability that a component compares, if it does.
    pub(super) fn controllability(&self, component: &Component) -> Option<Moments> {
        match component.estimator {
            Estimator::Controllability(one, other) => {
                Some(self.controllability.get(&(one, other)).copied().unwrap_or_default())
            }
            _ => None,
        }
    }
}

/// What a null is fitted to: months or policies.
pub(super) fn fitted_to(null: u8, extent: &Extent) -> u64 {
    if null == 4 { u64::from(extent.policies) } else { crate::engine::calendar::Month::COUNT as u64 }
}

/// A line in each lever, fitted to the months of the base.
struct Lines {
    /// By column of `series.csv`: coefficients of the constant and of each lever.
    of: BTreeMap<String, Fit>,
}

impl Lines {
    fn of(compilation: &Compilation, base: &Scenario, months: &[Vec<Option<f64>>]) -> Lines {
        let levers = levers_of(base);
        let fit = |metric: &String| {
            let column = MONTH_MEASURES.iter().position(|measure| measure.key == metric)?;
            let values: Vec<Option<f64>> = months.iter().map(|month| month[column]).collect();
            Some((metric.clone(), least_squares(&levers[..values.len()], &values)?))
        };
        let mut metrics: Vec<String> = compilation.quantities.iter().flat_map(Quantity::metrics).collect();
        metrics.sort_unstable();
        metrics.dedup();
        Lines { of: metrics.iter().filter_map(fit).collect() }
    }

    /// The quantities of an arm, as far as they follow from predicted columns.
    fn predict(&self, compilation: &Compilation, arm: usize, scenario: &Scenario) -> Predicted {
        let levers = levers_of(scenario);
        let column = |metric: &str| -> Option<Vec<Option<f64>>> {
            if let Some(key) = metric.strip_prefix("levers.") {
                let position = LEVERS.iter().position(|info| info.key == key)?;
                return Some(levers.iter().map(|levers| Some(levers[position])).collect());
            }
            let line = self.of.get(metric)?;
            Some(levers.iter().map(|levers| Some(line.predict(levers))).collect())
        };
        let predicted = |(position, quantity): (usize, &Quantity)| {
            Some(((3, arm, position), of_columns(quantity, column)?))
        };
        compilation.quantities.iter().enumerate().filter_map(predicted).collect()
    }
}

/// A quantity from columns of `series.csv`; `None` if it needs more.
fn of_columns(quantity: &Quantity, column: impl Fn(&str) -> Option<Vec<Option<f64>>>) -> Option<f64> {
    match quantity {
        Quantity::Measured { metric, span, statistic, chance: false } => {
            if metric == "months" {
                return Some(span.count() as f64);
            }
            statistic_of(&column(metric)?, *span, *statistic)
        }
        Quantity::Extreme(course, extremum) => {
            let values = smoothed(&column(&course.metric)?, course.smooth);
            extreme(&values, course.span, *extremum).map(|month| month as f64)
        }
        Quantity::Peaks(course, extremum, prominence) => {
            let values = smoothed(&column(&course.metric)?, course.smooth);
            Some(peaks(&values, course.span, *extremum, f64::from_bits(*prominence)) as f64)
        }
        Quantity::Month(metric, month, smooth) => smoothed(&column(metric)?, *smooth)[month.index()],
        Quantity::Correlation { metric, with, span, absolute } => {
            let found = correlation(&column(metric)?, &column(with)?, *span)?;
            Some(if *absolute { found.abs() } else { found })
        }
        _ => None,
    }
}

/// The levers of each month as people see them.
fn levers_of(scenario: &Scenario) -> Vec<Vec<f64>> {
    let PolicyMode::Schedule(months) = scenario.setup().policy;
    months.iter().map(|levers| LEVERS.iter().map(|info| (info.get)(levers)).collect()).collect()
}

/// The random policies and the quantities under them.
struct Policies {
    features: Vec<Vec<f64>>,
    /// By quantity and policy.
    values: Vec<Vec<Option<f64>>>,
    seed: u64,
}

impl Policies {
    fn of(resolving: &Resolving, values: &RunQuantities, extent: &Extent, quantities: usize) -> Policies {
        let numbers: Vec<u32> = (1..=extent.policies).collect();
        let features = numbers.iter().map(|number| resolving.policy_features(*number)).collect();
        let value = |quantity: usize, number: u32| {
            let case = Case { condition: Condition::Null(4), draw: number };
            values.value(&case, 0, super::cases::replicate_of(number, extent), quantity)
        };
        let of = |quantity| numbers.iter().map(|number| value(quantity, *number)).collect();
        Policies { features, values: (0..quantities).map(of).collect(), seed: resolving.seed() }
    }

    /// The regression of a quantity on the levers; `None` if it is defined under too few policies.
    fn fit(&self, quantity: usize) -> Option<Fit> {
        let values = &self.values[quantity];
        let defined = values.iter().flatten().count() as f64;
        let enough = defined >= DEFINED * values.len() as f64;
        if enough { ridge(&self.features, values) } else { None }
    }

    /// Share of explained variance of a quantity, minus that of another one.
    fn controllability(&self, one: usize, other: Option<usize>) -> Option<Moments> {
        let of = |quantity: usize| r2_out_of_sample(&self.features, &self.values[quantity], self.seed);
        let first = of(one)?;
        let second = match other {
            None => None,
            Some(other) => Some(of(other)?),
        };
        Some(first.moments(second.as_ref(), self.features.len() as u64))
    }
}
