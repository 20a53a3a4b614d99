//! The month in plain words: one person after another, nobody spared, nothing clever. The oracle of the fast month.
//!
//! Owns a second iteration of section 3 of docs/model.md, which must give the bytes of [`super::society::Society`]:
//! everybody's acquaintance is looked up, whole lists are sorted, words are drawn for one person at a time, and
//! people are records in a list. What a rule says of one person or unit is not written twice: formulas, generator and
//! mathematics are those of [`super::processes`] and [`crate::engine`]. No run uses it; tests and benches do. Must not
//! be made fast by bounds, marks, columns or threads.

mod accusation;
mod acquaintance;
mod careers;
mod chain;
mod punishment;
mod start;
mod work;

use std::collections::VecDeque;
use std::sync::Arc;

use super::conditions::{Conditions, official_image};
use super::country::{HEROES, PULSE_DECAY};
use super::parameters::Parameters;
use super::people::Person;
use super::person::{DIRECTOR, TARGET_CLASSES};
use super::policy::{Observation, Policy};
use super::processes::discourse::{self, Images};
use super::processes::regions::RegionMonth;
use super::processes::school::{self, Cohort};
use super::processes::{growth, production};
use super::purpose::MONTHLY;
use super::region::{Centre, Region};
use super::setup::Setup;
use super::tally::{self, MonthRecord};
use super::unit::Unit;
use crate::engine::calendar::Month;
use crate::engine::random::Key;
use crate::engine::sampling::Alias;
use crate::engine::simd::Instructions;

/// A person, with the month's random words of page [`MONTHLY`] and what the month has brought.
#[derive(Debug, Clone)]
struct Somebody {
    person: Person,
    words: [u32; 16],
    /// What happens, as bits of [`super::people::fate`].
    fate: u16,
    /// Accusations against the person.
    accused: u16,
    /// The rank has changed.
    moved: bool,
}

impl Somebody {
    /// Somebody who is here this month.
    fn new(conditions: &Conditions, person: Person) -> Self {
        let words = conditions.key.block(MONTHLY, conditions.month.0, person.identity);
        Somebody { person, words, fate: 0, accused: 0, moved: false }
    }

    fn rank(&self) -> u8 {
        self.person.standing.rank()
    }

    /// A worker who is a hero of labour.
    fn hero(&self, conditions: &Conditions) -> bool {
        !self.person.standing.boss() && self.person.drive.hero_quality().value() < conditions.hero_below
    }
}

/// A society of one replicate whose months are lived through in the plain way.
pub struct Country {
    setup: Arc<Setup>,
    rules: Parameters,
    key: Key,
    policy: Box<dyn Policy>,
    observed: Option<Observation>,
    next: Month,
    /// Plants, then offices; their people stand in `people`.
    units: Vec<Unit>,
    /// The people of each unit, in no order.
    people: Vec<Vec<Somebody>>,
    regions: Vec<Region>,
    centre: Centre,
    school: VecDeque<Cohort>,
    early_students: Vec<u32>,
    sizes: Alias,
    regional_sizes: Vec<Alias>,
}

impl Country {
    /// Lives through one month and says what happened: the record that [`super::society::Society::month`] gives.
    ///
    /// Not to be called after June 1941, the last month of the calendar.
    pub fn month(&mut self) -> MonthRecord {
        // 0. Policy.
        let conditions = self.set_levers();
        // 1. Roll call.
        let mut months = self.roll_call(&conditions);
        let elite = self.units.iter().flat_map(|unit| &unit.now.counts[2..]).map(|&count| u64::from(count));
        let places = school::places(&conditions, elite.sum());
        // 2. Mood and work.
        self.feel_and_work(&conditions);
        // 3. Accusation.
        self.accuse(&conditions, &months);
        // 4. Sanctions.
        self.sanction(&conditions);
        self.arrest(&conditions);
        self.exit_naturally(&conditions);
        self.purge(&conditions);
        self.elect(&conditions, &months);
        self.count_outcomes(&conditions);
        // 5. Stocks. 6. Measurement.
        self.update_stocks(&conditions);
        self.update_regions(&conditions, &mut months);
        // 7. Carrying out.
        let movers = self.depart(&conditions);
        self.units.iter_mut().for_each(|unit| growth::pass(&conditions, unit));
        self.return_graduates(&conditions);
        self.place_movers(&conditions, movers);
        self.fill_posts(&conditions);
        self.rise_of_groups(&mut months);
        self.send_to_school(&conditions, places);
        self.hire(&conditions);
        self.recruit(&conditions);
        // 8. Output.
        self.produce(&conditions);
        let images = self.discuss(&conditions);
        self.next = Month(conditions.month.0 + 1);
        let mut record = tally::record(&conditions, &self.units, &self.regions, &images);
        record.outsiders_to_school = places.1;
        self.observed = Some(record.observation());
        record
    }

    /// The month that [`Country::month`] would live through.
    pub fn next(&self) -> Month {
        self.next
    }

    /// The units, plants before offices: their stocks and what happened in them. Their people are
    /// [`Country::people_of`].
    pub fn units(&self) -> &[Unit] {
        &self.units
    }

    /// The people of a unit, by its position among [`Country::units`], in no order.
    pub fn people_of(&self, unit: usize) -> impl Iterator<Item = &Person> {
        self.people[unit].iter().map(|somebody| &somebody.person)
    }

    /// People present now, those at school not counted.
    pub fn people(&self) -> u64 {
        self.people.iter().map(|people| people.len() as u64).sum()
    }

    /// The regions.
    pub fn regions(&self) -> &[Region] {
        &self.regions
    }

    /// The centre.
    pub fn centre(&self) -> &Centre {
        &self.centre
    }

    /// Those at school, by month of entry; the front entered first.
    pub fn school(&self) -> impl Iterator<Item = &Cohort> {
        self.school.iter()
    }

    /// Number of plants, which is the position of the first office.
    fn plants(&self) -> usize {
        self.units.len() - self.regions.len()
    }

    fn set_levers(&mut self) -> Conditions {
        let month = self.next;
        let levers = self.policy.levers(month, self.observed.as_ref());
        let events = &self.setup.events;
        for class in 0..TARGET_CLASSES {
            let pulse = self.centre.pulses[class];
            self.centre.pulses[class] = pulse * PULSE_DECAY + events.pulses[month.index()][class];
        }
        Conditions {
            month,
            levers,
            rules: self.rules.clone(),
            mechanisms: self.setup.mechanisms,
            pulses: self.centre.pulses,
            image: official_image(&levers, &self.centre.pulses),
            hero_below: (HEROES * levers.stakhanovism) as f32,
            elections: [events.party_elections[month.index()], events.union_elections[month.index()]],
            key: self.key.clone(),
            instructions: Instructions::Baseline,
        }
    }

    /// Takes the list of those present; returns what is known of the regions by it.
    fn roll_call(&mut self, conditions: &Conditions) -> Vec<RegionMonth> {
        let mut months = vec![RegionMonth::default(); self.regions.len()];
        for (unit, people) in self.units.iter_mut().zip(&mut self.people) {
            work::roll_call(conditions, unit, people);
            let month = &mut months[unit.region as usize];
            month.people += people.len() as u64;
            month.directors += u64::from(unit.now.counts[usize::from(DIRECTOR)]);
            for somebody in people {
                month.heads[somebody.person.standing.origin().group()] += 1;
            }
        }
        months
    }

    fn feel_and_work(&mut self, conditions: &Conditions) {
        for (unit, people) in self.units.iter_mut().zip(&mut self.people) {
            let region = &self.regions[unit.region as usize];
            work::feel(conditions, region, unit, people);
            work::work(conditions, unit, people);
        }
    }

    fn produce(&mut self, conditions: &Conditions) {
        self.centre.capital = production::capital(&conditions.rules, self.centre.capital);
        for unit in &mut self.units {
            production::pass(&conditions.rules, &conditions.levers, self.centre.capital, unit);
        }
    }

    fn discuss(&mut self, conditions: &Conditions) -> Images {
        let mut meetings = [0.0; TARGET_CLASSES];
        for unit in &self.units {
            for (class, sum) in meetings.iter_mut().enumerate() {
                *sum += unit.now.acquaintances[class];
            }
        }
        let acts = self.units.iter().flat_map(|unit| &unit.now.acts);
        discourse::remember(&mut self.centre, acts, &meetings);
        discourse::images(&conditions.image, &self.centre)
    }
}
