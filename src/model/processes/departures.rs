//! Departures: carries out what the month's draws decided about leaving, rank and party (R4, R6).
//!
//! First part of step 7. The arrested and those who leave naturally go; bosses are demoted; members are expelled;
//! workers who quit or are dismissed leave industry or become movers. Demoted regional officials go to a plant of
//! their region. After this the rows of a unit are in no particular order.

use crate::engine::random::uniform64;
use crate::model::conditions::Conditions;
use crate::model::people::{Person, fate};
use crate::model::person::{Party, REGIONAL, WORKER};
use crate::model::processes::outcome::{Outcome, outcome};
use crate::model::purpose::{RARE, rare};
use crate::model::unit::Unit;

/// How somebody comes to be on the way to another unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// A worker who looks for another plant.
    Seeks,
    /// A worker who would move, but finds no vacancy anywhere.
    Stays,
    /// A regional official who was demoted and goes back to a plant.
    Falls,
    /// Promoted into a post of another unit.
    Rises,
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
        person.demote(month as i16);
    }
    if marks & fate::EXPELLED != 0 {
        person.standing.set_party(Party::Outside);
        person.suspicion += 0.5;
        person.grudge = 6;
    }
    if marks & fate::LEFT_PARTY != 0 {
        person.standing.set_party(Party::Outside);
    }
}

/// Carries out the departures of a unit, of those in `rows` to whom something happens; movers are added to `movers`.
/// The last row moves into the row of whoever goes: from the last of `rows` on, so that no row still to come is moved.
/// Gaps are closed here, while the people are in the cache; whoever arrives then joins the end of each column.
pub fn pass(
    conditions: &Conditions,
    enterprises: u32,
    regions: u32,
    unit: &mut Unit,
    rows: &[u32],
    movers: &mut Vec<Mover>,
) {
    let month = conditions.month.0;
    let mut workers = unit.ranks.count(WORKER) as u32;
    for row in rows.iter().rev().map(|&row| row as usize) {
        let marks = unit.people.fate[row];
        let boss = unit.people.standing[row].boss();
        let outcome = outcome(marks, boss);
        let gone = match outcome {
            Outcome::Arrested | Outcome::Natural => true,
            Outcome::Quits | Outcome::Dismissed => marks & fate::LEAVES != 0,
            Outcome::Stays | Outcome::Demoted(_) => false,
        };
        if gone {
            unit.now.left_industry += u32::from(matches!(outcome, Outcome::Quits | Outcome::Dismissed));
            workers -= u32::from(!boss);
            unit.people.take(row);
            continue;
        }
        let mut person = unit.people.person(row);
        person.fate = marks & fate::HOPES;
        let official = person.standing.rank() == REGIONAL;
        degrade(&mut person, marks, outcome, month);
        workers += u32::from(boss && !person.standing.boss());
        match outcome {
            Outcome::Quits | Outcome::Dismissed => {
                unit.now.moved_out += 1;
                workers -= 1;
                unit.people.take(row);
                movers.push(Mover { person, to: unit.number, way: Way::Seeks, brigade: 0 });
            }
            Outcome::Demoted(_) if official => {
                let to = plant_after_demotion(conditions, enterprises, regions, unit.region, person.identity);
                unit.people.take(row);
                movers.push(Mover { person, to, way: Way::Falls, brigade: 0 });
            }
            _ => unit.people.put(row, person),
        }
    }
    unit.now.workers_left = workers;
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
