//! Departures: carries out what the month's draws decided about leaving, rank and party (R4, R6).
//!
//! First part of step 7. The arrested and those who leave naturally go; bosses are demoted; members are expelled;
//! workers who quit or are dismissed leave industry or become movers. Demoted regional officials go to a plant of
//! their region.

use std::slice::from_ref;

use crate::engine::prefetch::{prefetch, prefetch_first};
use crate::engine::random::uniform64;
use crate::engine::reserve::make_room;
use crate::model::attributes::{Career, NEVER_ENTERED};
use crate::model::conditions::Conditions;
use crate::model::people::{Person, fate};
use crate::model::person::{Party, REGIONAL, Role, WORKER};
use crate::model::processes::outcome::{Outcome, outcome};
use crate::model::purpose::{RARE, rare};
use crate::model::scratch::Scratch;
use crate::model::setup::Population;
use crate::model::unit::Unit;
use crate::model::watchlists::{Event, LateWords, Lookout};

/// Somebody on the way to another unit: a line of the cache.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
pub struct Mover {
    /// Who.
    pub person: Person,
    /// The words that are read after the move.
    pub words: LateWords,
}

const _: () = assert!(size_of::<Mover>() == 64);

impl AsMut<Person> for Mover {
    fn as_mut(&mut self) -> &mut Person {
        &mut self.person
    }
}

/// People on the way to other units.
#[derive(Debug, Clone, Default)]
pub struct Movers {
    /// Who.
    pub people: Vec<Mover>,
    /// Their identities.
    pub identities: Vec<u64>,
    /// Position of the unit to which each of them goes; of workers who seek a plant, the own until all deficits are known.
    pub to: Vec<u32>,
    /// Random words of the brigades there; none if nobody goes elsewhere.
    pub brigades: Vec<u32>,
}

impl Movers {
    /// Nobody any more; keeps the room.
    pub fn clear(&mut self) {
        self.people.clear();
        self.identities.clear();
        self.to.clear();
        self.brigades.clear();
    }

    /// Asks for the memory of somebody.
    pub fn prefetch(&self, index: usize) {
        prefetch(from_ref(&self.people[index]));
    }

    /// Asks for the memory of those who come next.
    pub fn prefetch_room(&mut self, additional: usize) {
        prefetch_first(self.people.spare_capacity_mut(), additional);
    }

    fn make_room(&mut self, additional: usize) {
        make_room(&mut self.people, additional);
        make_room(&mut self.identities, additional);
        make_room(&mut self.to, additional);
    }

    fn push(&mut self, mover: Mover, to: u32) {
        self.people.push(mover);
        self.identities.push(mover.person.identity);
        self.to.push(to);
    }

    /// Bytes held, spare room included.
    pub fn bytes(&self) -> usize {
        self.people.capacity() * size_of::<Mover>()
            + self.identities.capacity() * size_of::<u64>()
            + (self.to.capacity() + self.brigades.capacity()) * size_of::<u32>()
    }
}

/// Plants of a region: every `regions`-th from the region's own number on.
pub fn plants_of(region: u32, enterprises: u32, regions: u32) -> u32 {
    (enterprises - region).div_ceil(regions)
}

/// The plant of the own region to which a demoted official goes.
pub(crate) fn plant_after_demotion(
    conditions: &Conditions,
    enterprises: u32,
    regions: u32,
    region: u32,
    identity: u64,
) -> u32 {
    let words = conditions.key.block(RARE, conditions.month.0, identity);
    let plants = plants_of(region, enterprises, regions);
    let turn = (uniform64(words[rare::PLANT]) * f64::from(plants)) as u32;
    region + regions * turn.min(plants - 1)
}

impl Person {
    /// Leaves a rank of the elite, or enters one below: the loss of rank of rule R6.
    ///
    /// Rank falls by two, suspicion to .3 of itself; the role goes with the elite; a grudge of six months begins. A
    /// new spell in the elite begins in `month` if the person is still in it.
    pub fn demote(&mut self, month: u16) {
        let was_elite = self.standing.elite();
        let rank = self.standing.rank().saturating_sub(2);
        self.standing.set_rank(rank);
        if !self.standing.elite() {
            self.standing.set_role(Role::None);
        }
        self.suspicion *= 0.3;
        self.take_offence(month);
        if was_elite {
            self.career.set_entered(if self.standing.elite() { month as i16 } else { NEVER_ENTERED });
        }
        if self.standing.boss() {
            self.set_months_in_rank(48, month);
        } else {
            self.career = Career::none();
        }
    }
}

/// Carries out what costs rank or the party card.
#[inline(always)]
pub(crate) fn degrade(person: &mut Person, marks: u16, outcome: Outcome, month: u16) {
    if let Outcome::Demoted(_) = outcome {
        person.demote(month);
    }
    if marks & fate::EXPELLED != 0 {
        person.standing.set_party(Party::Outside);
        person.suspicion += 0.5;
        person.take_offence(month);
    }
    if marks & fate::LEFT_PARTY != 0 {
        person.standing.set_party(Party::Outside);
    }
}

/// Carries out the departures of a unit, of those among its events to whom something happens; who goes elsewhere is added to
/// `movers`. From the last row on: whoever goes leaves the rows before in their places. Workers, who stand last, come first.
pub fn pass(
    conditions: &Conditions,
    lookout: &Lookout,
    population: Population,
    unit: &mut Unit,
    scratch: &mut Scratch,
    movers: &mut Movers,
) {
    let events = std::mem::take(&mut unit.watched.events);
    let bosses = unit.people.ranks.bosses();
    let (of_bosses, of_workers) =
        events.split_at(events.partition_point(|event| bosses.contains(&(event.row as usize))));
    let moved_before = movers.people.len();
    workers_depart(conditions, lookout, unit, of_workers, scratch, movers);
    unit.now.moved_out += (movers.people.len() - moved_before) as u32;
    for event in of_bosses.iter().rev() {
        boss_departs(conditions, lookout, population, unit, event, movers);
    }
    unit.watched.events = events;
    unit.now.workers_left = unit.people.ranks.count(WORKER) as u32;
}

/// Whether somebody is expelled from the party or leaves it.
fn loses_card(event: &Event) -> bool {
    event.fate & (fate::EXPELLED | fate::LEFT_PARTY) != 0
}

/// Somebody of the unit after losing rank or party card. What was noted of the person does not hold any more.
fn degraded(
    conditions: &Conditions,
    lookout: &Lookout,
    unit: &mut Unit,
    before: &Person,
    event: &Event,
    outcome: Outcome,
) -> Person {
    let mut person = *before;
    degrade(&mut person, event.fate, outcome, conditions.month.0);
    let watched = &mut unit.watched;
    watched.outsiders.remove(lookout.outsider(before));
    watched.outsiders.add(lookout.outsider(&person));
    watched.strike(before.standing.rank(), person.identity);
    person
}

/// Workers go, or lose their party cards. All who go are taken out in one sweep of the columns.
fn workers_depart(
    conditions: &Conditions,
    lookout: &Lookout,
    unit: &mut Unit,
    events: &[Event],
    scratch: &mut Scratch,
    movers: &mut Movers,
) {
    let Scratch { rows, places, .. } = scratch;
    rows.clear();
    places.clear();
    for (place, event) in events.iter().enumerate().rev() {
        let row = event.row as usize;
        if outcome(event.fate, false) != Outcome::Stays {
            rows.push(event.row);
            places.push(place as u32);
        } else if loses_card(event) {
            let before = unit.people.person(row);
            let person = degraded(conditions, lookout, unit, &before, event, Outcome::Stays);
            unit.people.put(row, person);
            lookout.newcomer(conditions, unit, row, &event.words);
        }
    }
    // They go where those on the way stand; who does not arrive anywhere is taken away again.
    let first = movers.people.len();
    let words = places.iter().map(|&place| events[place as usize].words);
    movers.make_room(places.len());
    movers.people.extend(words.map(|words| Mover { person: Person::default(), words }));
    unit.people.take_workers(rows, &mut movers.people[first..]);
    unit.watched.follow(&unit.people, rows);
    for (index, &place) in places.iter().enumerate().rev() {
        let event = &events[place as usize];
        let person = &mut movers.people[first + index].person;
        let outcome = outcome(event.fate, false);
        let quits = matches!(outcome, Outcome::Quits | Outcome::Dismissed);
        if !quits || event.fate & fate::LEAVES != 0 {
            unit.now.left_industry += u32::from(quits);
            unit.watched.outsiders.remove(lookout.outsider(person));
            movers.people.swap_remove(first + index);
        } else if loses_card(event) {
            *person = degraded(conditions, lookout, unit, person, event, outcome);
        }
    }
    movers.identities.extend(movers.people[first..].iter().map(|mover| mover.person.identity));
    movers.to.resize(movers.people.len(), unit.number);
}

/// A boss goes, loses rank or the party card, or nothing of the kind.
fn boss_departs(
    conditions: &Conditions,
    lookout: &Lookout,
    population: Population,
    unit: &mut Unit,
    event: &Event,
    movers: &mut Movers,
) {
    let (row, marks) = (event.row as usize, event.fate);
    let outcome = outcome(marks, true);
    if matches!(outcome, Outcome::Arrested | Outcome::Natural) {
        let person = unit.people.remove(row);
        unit.watched.strike(person.standing.rank(), person.identity);
        unit.watched.outsiders.remove(lookout.outsider(&person));
        return;
    }
    let demoted = matches!(outcome, Outcome::Demoted(_));
    if !demoted && !loses_card(event) {
        return;
    }
    let before = unit.people.person(row);
    let person = degraded(conditions, lookout, unit, &before, event, outcome);
    if demoted && before.standing.rank() == REGIONAL {
        let (enterprises, regions) = (population.enterprises, population.regions);
        let to = plant_after_demotion(conditions, enterprises, regions, unit.region, person.identity);
        unit.people.remove(row);
        movers.push(Mover { person, words: event.words }, to);
        return;
    }
    let fell = person.standing.rank() != before.standing.rank();
    let row = unit.people.replace(row, person);
    lookout.newcomer(conditions, unit, row, &event.words);
    if fell {
        unit.watched.strike(person.standing.rank(), person.identity);
        unit.watched.fallen.push(person.identity);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::attributes::ENTERED_BEFORE;
    use crate::model::people::tests::somebody;

    #[test]
    fn every_plant_belongs_to_one_region() {
        for (enterprises, regions) in [(30, 6), (31, 6), (10, 10), (1, 1), (7, 3)] {
            let total: u32 = (0..regions).map(|region| plants_of(region, enterprises, regions)).sum();
            assert_eq!(total, enterprises);
            for region in 0..regions {
                let last = region + regions * (plants_of(region, enterprises, regions) - 1);
                assert!(last < enterprises && last % regions == region);
            }
        }
    }

    #[test]
    fn a_director_who_is_demoted_becomes_a_foreman_without_a_role() {
        let mut person = somebody(1, 3);
        person.standing.set_role(Role::Manager);
        person.career = Career::new(5, 3);
        person.suspicion = 2.0;
        person.demote(20);
        assert_eq!((person.standing.rank(), person.standing.role()), (1, Role::None));
        assert_eq!((person.months_in_rank(20), person.career.entered()), (48, NEVER_ENTERED));
        assert!(person.rankles(25) && !person.rankles(26));
        assert!((person.suspicion - 0.6).abs() < 1e-6);
    }

    #[test]
    fn a_regional_official_who_is_demoted_keeps_the_role_and_begins_a_new_spell() {
        let mut person = somebody(1, 4);
        person.standing.set_role(Role::Union);
        person.career.set_entered(ENTERED_BEFORE);
        person.demote(20);
        assert_eq!(
            (person.standing.rank(), person.standing.role(), person.career.entered()),
            (2, Role::Union, 20)
        );
    }
}
