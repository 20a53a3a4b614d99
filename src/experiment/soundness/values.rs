//! Holds the numbers of all runs.

use super::cases::Case;
use crate::experiment::claims::quantities::Quantity;
use crate::experiment::moments::Moments;
use std::collections::BTreeMap;

/// The quantities of the finished runs of a study.
pub(super) struct Values<'a> {
    cases: &'a [Case],
    positions: BTreeMap<&'a Quantity, usize>,
    runs: BTreeMap<(Case, u32), Vec<Option<f64>>>,
}

impl<'a> Values<'a> {
    /// No runs yet.
    pub(super) fn new(cases: &'a [Case], quantities: &'a [Quantity]) -> Values<'a> {
        let positions = quantities.iter().enumerate().map(|(position, quantity)| (quantity, position));
        Values { cases, positions: positions.collect(), runs: BTreeMap::new() }
    }

    /// Adds a finished run.
    pub(super) fn add(&mut self, variant: usize, replicate: u32, quantities: Vec<Option<f64>>) {
        self.runs.insert((self.cases[variant], replicate), quantities);
    }

    /// A quantity of a run; `None` if it is undefined or the run is missing.
    pub(super) fn of(&self, case: Case, replicate: u32, quantity: &Quantity) -> Option<f64> {
        let position = self.positions.get(quantity);
        debug_assert!(position.is_some(), "{quantity:?} is not recorded");
        *self.runs.get(&(case, replicate))?.get(*position?)?
    }

    /// The replicates of a case that have finished.
    pub(super) fn replicates(&self, case: Case) -> impl Iterator<Item = u32> + '_ {
        self.runs.range((case, 0)..=(case, u32::MAX)).map(|((_, replicate), _)| *replicate)
    }

    /// Moments over the finished replicates of a case.
    pub(super) fn moments(&self, case: Case, of: impl Fn(u32) -> Option<f64>) -> Moments {
        let mut moments = Moments::default();
        self.replicates(case).filter_map(of).for_each(|value| moments.add(value));
        moments
    }

    /// Moments over replicates of the difference of a quantity in two cases.
    pub(super) fn difference(&self, case: Case, less: Case, quantity: &Quantity) -> Moments {
        self.moments(case, |replicate| {
            Some(self.of(case, replicate, quantity)? - self.of(less, replicate, quantity)?)
        })
    }
}
