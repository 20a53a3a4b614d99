//! Departures: carries out what the month's draws decided about leaving, rank and party (R4, R6).
//!
//! First part of step 7. The arrested and those who leave naturally go; bosses are demoted; members are expelled;
//! workers who quit or are dismissed leave industry or become movers. Demoted regional officials go to a plant of
//! their region.

use crate::engine::random::uniform64;
use crate::model::conditions::Conditions;
use crate::model::people::{Person, fate};
use crate::model::person::{Party, REGIONAL, WORKER};
use crate::model::processes::outcome::{Outcome, outcome};
use crate::model::purpose::{RARE, rare};
use crate::model::setup::Population;
use crate::model::unit::Unit;
use crate::model::watchlists::{Event, LateWords, Lookout};

/// How somebody comes to be on the way to another unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// A worker who looks for another plant.
    Seeks,
    /// A worker who would move, but finds no vacancy anywhere.
    Stays,
    /// A regional official who was demoted and goes back to a plant.
    Falls,
}

/// Somebody on the way to another unit.
#[derive(Debug, Clone, Copy)]
pub struct Mover {
    /// Who.
    pub person: Person,
    /// Position of the unit where the person goes; of a worker who seeks, the own until all deficits are known.
    pub to: u32,
    /// Why.
    pub way: Way,
    /// Random word of the new brigade, for those who seek.
    pub brigade: u32,
    /// The words that are read after the move.
    pub words: LateWords,
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

/// Carries out the departures of a unit, of those among its events to whom something happens; movers are added to
/// `movers`. From the last row on: whoever goes leaves the rows before in their places.
pub fn pass(
    conditions: &Conditions,
    lookout: &Lookout,
    population: Population,
    unit: &mut Unit,
    movers: &mut Vec<Mover>,
) {
    let month = conditions.month.0;
    let events = std::mem::take(&mut unit.watched.events);
    for event in events.iter().rev() {
        let row = event.row as usize;
        let marks = event.fate;
        let boss = unit.people.standing[row].boss();
        let outcome = outcome(marks, boss);
        let gone = match outcome {
            Outcome::Arrested | Outcome::Natural => true,
            Outcome::Quits | Outcome::Dismissed => marks & fate::LEAVES != 0,
            Outcome::Stays | Outcome::Demoted(_) => false,
        };
        if gone {
            unit.now.left_industry += u32::from(matches!(outcome, Outcome::Quits | Outcome::Dismissed));
            let person = unit.people.remove(row);
            if boss {
                unit.watched.strike(person.standing.rank(), person.identity);
            }
            unit.watched.outsiders.remove(lookout.outsider(&person));
            continue;
        }
        let moves = matches!(outcome, Outcome::Quits | Outcome::Dismissed);
        if outcome == Outcome::Stays && marks & (fate::EXPELLED | fate::LEFT_PARTY) == 0 {
            continue;
        }
        let before = if moves { unit.people.remove(row) } else { unit.people.person(row) };
        let mut person = before;
        degrade(&mut person, marks, outcome, month);
        if person != before {
            // What was noted of the person does not hold any more.
            let watched = &mut unit.watched;
            watched.outsiders.remove(lookout.outsider(&before));
            watched.outsiders.add(lookout.outsider(&person));
            watched.strike(before.standing.rank(), person.identity);
        }
        let official = before.standing.rank() == REGIONAL;
        match outcome {
            Outcome::Quits | Outcome::Dismissed => {
                unit.now.moved_out += 1;
                let to = unit.number;
                movers.push(Mover { person, to, way: Way::Seeks, brigade: 0, words: event.words });
            }
            Outcome::Demoted(_) if official => {
                let (enterprises, regions) = (population.enterprises, population.regions);
                let to = plant_after_demotion(conditions, enterprises, regions, unit.region, person.identity);
                unit.people.remove(row);
                movers.push(Mover { person, to, way: Way::Falls, brigade: 0, words: event.words });
            }
            _ => stay(conditions, lookout, unit, row, person, event),
        }
    }
    unit.watched.events = events;
    unit.now.workers_left = unit.people.ranks.count(WORKER) as u32;
}

/// Somebody who lost rank or party card stays in the unit.
fn stay(
    conditions: &Conditions,
    lookout: &Lookout,
    unit: &mut Unit,
    row: usize,
    person: Person,
    event: &Event,
) {
    let fell = person.standing.rank() != unit.people.standing[row].rank();
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
}
