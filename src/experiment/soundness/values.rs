//! Holds the numbers of all runs.

use super::cases::Case;
use super::study::Settings;
use crate::experiment::claims::quantities::Quantity;
use crate::experiment::moments::Moments;
use std::collections::BTreeMap;

/// The quantities of the finished runs of a study.
pub(super) struct Values<'a> {
    of_case: &'a BTreeMap<Case, usize>,
    settings: &'a Settings,
    positions: BTreeMap<&'a Quantity, usize>,
    /// By variant and replicate.
    runs: BTreeMap<(usize, u32), Vec<Option<f64>>>,
}

impl<'a> Values<'a> {
    /// No runs yet, with the variant of each case.
    pub(super) fn new(
        of_case: &'a BTreeMap<Case, usize>,
        settings: &'a Settings,
        quantities: &'a [Quantity],
    ) -> Values<'a> {
        let positions = quantities.iter().enumerate().map(|(position, quantity)| (quantity, position));
        Values { of_case, settings, positions: positions.collect(), runs: BTreeMap::new() }
    }

    /// Adds a finished run.
    pub(super) fn add(&mut self, variant: usize, replicate: u32, quantities: Vec<Option<f64>>) {
        self.runs.insert((variant, replicate), quantities);
    }

    /// A quantity of a run; `None` if it is undefined or the run is missing.
    pub(super) fn of(&self, case: Case, replicate: u32, quantity: &Quantity) -> Option<f64> {
        let position = self.positions.get(quantity);
        debug_assert!(position.is_some(), "{quantity:?} is not recorded");
        *self.runs.get(&(*self.of_case.get(&case)?, replicate))?.get(*position?)?
    }

    /// The replicates of a case that have finished.
    pub(super) fn replicates(&self, case: Case) -> impl Iterator<Item = u32> + '_ {
        let [first, last] = case.replicates(self.settings);
        let variant = self.of_case.get(&case).copied();
        (first..=last).filter(move |replicate| {
            variant.is_some_and(|variant| self.runs.contains_key(&(variant, *replicate)))
        })
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
