//! Defines a society in its plainest form: people, units and country.
//!
//! This is the model. [`super::month`] says what happens in a month, [`super::steps`] has each of its calls,
//! [`super::rules`] the formulas. [`super::fast`] computes the same bytes several times faster.

use super::conditions::Conditions;
use super::country::Country;
use super::purpose::MONTHLY;
use super::state::person::Person;
use super::state::region::{Centre, Region};
use super::state::school::Cohort;
use super::state::unit::Unit;
use crate::engine::calendar::Month;

/// A society between two months; it can be cloned at any time.
#[derive(Debug, Clone)]
pub struct Society {
    pub(super) country: Country,
    /// Plants in the order of their numbers, then the regional offices.
    pub(super) units: Vec<Unit>,
    /// The people of each unit, in no particular order.
    pub(super) people: Vec<Vec<Agent>>,
}

/// A person with the month's random words and what has happened to the person this month.
#[derive(Debug, Clone)]
pub(super) struct Agent {
    pub(super) person: Person,
    /// Random words of the person, from page [`MONTHLY`].
    pub(super) words: [u32; 16],
    /// Fates of the person this month, as bits of [`super::state::fate`].
    pub(super) fate: u16,
    /// Accusations received this month.
    pub(super) accusations: u16,
    /// True if the person has accused someone this month.
    pub(super) accuses: bool,
    /// True if the rank has changed this month; such a person cannot be promoted.
    pub(super) rank_changed: bool,
}

impl Agent {
    /// Returns an agent to whom nothing has happened, without this month's words.
    pub(super) fn new(person: Person) -> Self {
        Agent { person, words: [0; 16], fate: 0, accusations: 0, accuses: false, rank_changed: false }
    }

    /// Returns an agent who is present this month, with this month's words.
    pub(super) fn present(conditions: &Conditions, person: Person) -> Self {
        let words = conditions.key.block(MONTHLY, conditions.month.0, person.identity);
        Agent { words, ..Agent::new(person) }
    }

    pub(super) fn rank(&self) -> u8 {
        self.person.rank()
    }
}

impl Society {
    /// Draws the months from `from` on with the words of another replicate, as
    /// [`with_future`](crate::model::simulation::Simulation::with_future) of a simulation.
    #[must_use]
    pub fn with_future(mut self, from: Month, replicate: u32) -> Self {
        self.country.set_future(from, replicate);
        self
    }

    /// Draws somebody by chance beside the target of each accusation, as
    /// [`with_chance_targets`](crate::model::simulation::Simulation::with_chance_targets) of a simulation.
    #[must_use]
    pub fn with_chance_targets(mut self) -> Self {
        self.country.notes.chance = true;
        self
    }

    /// Returns the month that [`Society::month`] will simulate next.
    pub fn next(&self) -> Month {
        self.country.next
    }

    /// Returns the units, plants before offices: their stocks, and what happened in them last month.
    pub fn units(&self) -> &[Unit] {
        &self.units
    }

    /// Returns the people of a unit, given by its position among [`Society::units`], in no particular order.
    pub fn people_of(&self, unit: usize) -> impl Iterator<Item = &Person> {
        self.people[unit].iter().map(|agent| &agent.person)
    }

    /// Returns the number of people present, not counting those at school.
    pub fn people(&self) -> u64 {
        self.people.iter().map(|people| people.len() as u64).sum()
    }

    /// Returns the regions.
    pub fn regions(&self) -> &[Region] {
        &self.country.regions
    }

    /// Returns the centre.
    pub fn centre(&self) -> &Centre {
        &self.country.centre
    }

    /// Returns the cohorts at school, in the order of entry.
    pub fn school(&self) -> impl Iterator<Item = &Cohort> {
        self.country.school.iter()
    }
}
