//! Defines a unit with its people in columns.

use std::slice::from_ref;

use super::candidates::Candidates;
use super::people::People;
use crate::engine::prefetch::prefetch;
use crate::model::state::person::Person;
use crate::model::state::unit;

/// A plant or a regional office, with its people.
#[derive(Debug, Clone, Default)]
pub struct Unit {
    /// Stocks, and what happened this month.
    pub state: unit::Unit,
    /// The people present.
    pub people: People,
    /// The people who matter for later steps of this month.
    pub candidates: Candidates,
}

impl Unit {
    /// Creates a unit without people.
    pub(super) fn new(state: unit::Unit) -> Self {
        Unit { state, ..Unit::default() }
    }

    /// Returns everyone present, as records.
    pub fn everybody(&self) -> impl Iterator<Item = Person> + '_ {
        (0..self.people.len()).map(|row| self.people.person(row))
    }

    /// Prefetches what sweeps read before they reach the unit's people.
    fn prefetch(&self) {
        let Candidates { events, for_promotion, for_school, for_party, .. } = &self.candidates;
        prefetch(for_promotion);
        prefetch(from_ref(events));
        prefetch(from_ref(for_school));
        prefetch(from_ref(for_party));
        prefetch(&self.state.posts);
        prefetch(&self.state.words);
        // The headers of the columns, from which the addresses for the next prefetch come.
        let People { identity, drive, dates, career, ranks, .. } = &self.people;
        prefetch(from_ref(identity));
        prefetch(from_ref(drive));
        prefetch(from_ref(dates));
        prefetch(from_ref(career));
        prefetch(from_ref(ranks));
    }
}

/// Calls `work` for each unit, passing the next one too; prefetches the one after that.
pub(super) fn for_each_with_next(units: &mut [Unit], mut work: impl FnMut(&mut Unit, Option<&mut Unit>)) {
    let mut rest = units;
    while let Some((unit, others)) = rest.split_first_mut() {
        others.get(1).into_iter().for_each(Unit::prefetch);
        work(unit, others.first_mut());
        rest = others;
    }
}
