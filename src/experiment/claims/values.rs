//! Holds the quantities of all runs and evaluates components on them.

use super::cases::Case;
use super::compile::{Component, Estimator, Term};
use crate::experiment::moments::Moments;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// The quantities of the finished runs of a study.
#[derive(Debug, Default)]
pub struct RunQuantities {
    /// By variant and replicate: the quantities, NaN where undefined.
    runs: BTreeMap<(usize, u32), Vec<f64>>,
    /// The variant of each case and arm.
    variants: BTreeMap<(Case, usize), usize>,
}

impl RunQuantities {
    /// No runs yet, with the variant of each case and arm.
    pub fn of(variants: BTreeMap<(Case, usize), usize>) -> Self {
        RunQuantities { runs: BTreeMap::new(), variants }
    }

    /// Adds a finished run.
    pub fn add(&mut self, variant: usize, replicate: u32, quantities: &[Option<f64>]) {
        let values = quantities.iter().map(|value| value.unwrap_or(f64::NAN)).collect();
        self.runs.insert((variant, replicate), values);
    }

    /// Whether a run of an arm in a case is finished.
    pub fn has(&self, case: &Case, arm: usize, replicate: u32) -> bool {
        let variant = self.variants.get(&(case.clone(), arm));
        variant.is_some_and(|variant| self.runs.contains_key(&(*variant, replicate)))
    }

    /// A quantity of an arm in a case.
    pub fn value(&self, case: &Case, arm: usize, replicate: u32, quantity: usize) -> Option<f64> {
        let variant = self.variants.get(&(case.clone(), arm))?;
        let value = *self.runs.get(&(*variant, replicate))?.get(quantity)?;
        (!value.is_nan()).then_some(value)
    }

    /// The sum of terms in a replicate; `None` if one of them is undefined.
    pub fn sum(&self, case: &Case, replicate: u32, terms: &[Term]) -> Option<f64> {
        sum(terms, |term| self.value(case, term.arm, replicate, term.quantity))
    }

    /// The estimate of a component in a replicate.
    pub fn estimate(&self, case: &Case, replicate: u32, component: &Component) -> Option<f64> {
        estimate(component, |term| self.value(case, term.arm, replicate, term.quantity))
    }

    /// Moments over replicates of an estimate.
    pub fn moments(&self, replicates: RangeInclusive<u32>, of: impl Fn(u32) -> Option<f64>) -> Moments {
        let mut moments = Moments::default();
        replicates.filter_map(of).for_each(|value| moments.add(value));
        moments
    }
}

/// The sum of terms whose values a function gives; `None` if one of them is undefined.
pub fn sum(terms: &[Term], value: impl Fn(&Term) -> Option<f64>) -> Option<f64> {
    terms.iter().try_fold(0.0, |sum, term| Some(sum + term.weight * value(term)?))
}

/// The estimate of a component whose values a function gives.
pub fn estimate(component: &Component, value: impl Fn(&Term) -> Option<f64>) -> Option<f64> {
    match &component.estimator {
        Estimator::Sum(terms) => sum(terms, value),
        Estimator::Lag { months, share } => {
            let differences = months.iter().map(|terms| sum(terms, &value)).collect::<Option<Vec<f64>>>()?;
            lag(&differences, *share).map(|months| months as f64)
        }
        Estimator::Controllability(..) => None,
    }
}

/// The number of months before a course first reaches a share of its largest value, on the side of that value; `None` if it
/// is zero throughout.
fn lag(differences: &[f64], share: f64) -> Option<usize> {
    let largest = differences.iter().copied().max_by(|one, other| one.abs().total_cmp(&other.abs()))?;
    if largest == 0.0 {
        return None;
    }
    differences.iter().position(|difference| difference / largest >= share)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lag_is_counted_to_the_first_month_on_the_side_of_the_largest_value() {
        assert_eq!(lag(&[0.0, -0.5, -1.1, -2.0, -1.5], 0.5), Some(2));
        assert_eq!(lag(&[0.9, -0.5, -1.1, -2.0], 0.5), Some(2));
        assert_eq!(lag(&[3.0, 1.0], 0.5), Some(0));
        assert_eq!(lag(&[0.0, 0.0], 0.5), None);
    }
}
