//! The society: its people, units and country, kept as plainly as they can be.
//!
//! This is the model. What happens in a month is in [`super::month`], each call of it in [`super::steps`], the formulas in
//! [`super::rules`]. [`super::fast`] computes the same bytes several times faster.

use super::conditions::Conditions;
use super::country::Country;
use super::purpose::MONTHLY;
use super::state::person::Person;
use super::state::region::{Centre, Region};
use super::state::school::Cohort;
use super::state::unit::Unit;
use crate::engine::calendar::Month;

/// A society at the end of some month, which can be taken month by month and cloned at any time.
#[derive(Debug, Clone)]
pub struct Society {
    pub(super) country: Country,
    /// Plants in the order of their numbers, then the regional offices.
    pub(super) units: Vec<Unit>,
    /// The people of each unit, in no particular order.
    pub(super) people: Vec<Vec<Agent>>,
}

/// A person, with the month's random words and what the month has brought so far.
#[derive(Debug, Clone)]
pub(super) struct Agent {
    pub(super) person: Person,
    /// The person's words of page [`MONTHLY`].
    pub(super) words: [u32; 16],
    /// What happens to the person, as bits of [`super::state::fate`].
    pub(super) fate: u16,
    /// Accusations received this month.
    pub(super) accusations: u16,
    /// The rank has changed this month, so that it cannot rise.
    pub(super) moved: bool,
}

impl Agent {
    /// A person to whom nothing has happened, without this month's words.
    pub(super) fn new(person: Person) -> Self {
        Agent { person, words: [0; 16], fate: 0, accusations: 0, moved: false }
    }

    /// A person who is present this month, with this month's words.
    pub(super) fn present(conditions: &Conditions, person: Person) -> Self {
        let words = conditions.key.block(MONTHLY, conditions.month.0, person.identity);
        Agent { words, ..Agent::new(person) }
    }

    pub(super) fn rank(&self) -> u8 {
        self.person.rank()
    }
}

impl Society {
    /// The month that [`Society::month`] will simulate next.
    pub fn next(&self) -> Month {
        self.country.next
    }

    /// The units, plants before offices: their stocks, and what happened in them in the last month.
    pub fn units(&self) -> &[Unit] {
        &self.units
    }

    /// The people of a unit, by its position among [`Society::units`], in no particular order.
    pub fn people_of(&self, unit: usize) -> impl Iterator<Item = &Person> {
        self.people[unit].iter().map(|agent| &agent.person)
    }

    /// Number of people present; those at school are not counted.
    pub fn people(&self) -> u64 {
        self.people.iter().map(|people| people.len() as u64).sum()
    }

    /// The regions.
    pub fn regions(&self) -> &[Region] {
        &self.country.regions
    }

    /// The centre.
    pub fn centre(&self) -> &Centre {
        &self.country.centre
    }

    /// People at school, by month of entry; the first cohort entered first.
    pub fn school(&self) -> impl Iterator<Item = &Cohort> {
        self.country.school.iter()
    }
}
