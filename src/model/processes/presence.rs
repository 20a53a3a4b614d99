//! Presence: the list of people at the start of a month, and the counts that stay frozen through steps 2 to 6.
//!
//! Step 1 of the month.

use crate::model::conditions::Conditions;
use crate::model::processes::implementation::implementation;
use crate::model::unit::Unit;

/// Bin of months in rank: under 12, 12 to 35, 36 and more.
pub fn since_bin(since: u8) -> usize {
    match since {
        0..=11 => 0,
        12..=35 => 1,
        _ => 2,
    }
}

/// Takes the list of a unit and counts it; how far rules are implemented follows from last month.
pub fn pass(conditions: &Conditions, unit: &mut Unit) {
    unit.now.clear();
    unit.begin = unit.people.order_by_rank();
    let people = &unit.people;
    let now = &mut unit.now;
    now.counts = std::array::from_fn(|rank| (unit.begin[rank + 1] - unit.begin[rank]) as u32);
    let mut origins = [0u32; 4];
    let mut party = 0;
    for standing in &people.standing {
        party += u32::from(standing.in_party());
        for (origin, count) in origins.iter_mut().enumerate() {
            *count += u32::from(standing.origin_bits() == origin as u16);
        }
    }
    (now.origins, now.party) = (origins, party);
    let workers = unit.begin[1];
    now.heroes = people.hero_quality[..workers]
        .iter()
        .map(|&quality| u32::from(quality < conditions.hero_below))
        .sum();
    for row in workers..people.len() {
        now.bosses_by_since[since_bin(people.since[row])] += 1;
        let former = people.standing[row].former();
        now.former_bosses += u32::from(former);
        now.former_elite += u32::from(former && row >= unit.begin[2]);
    }
    now.implementation =
        implementation(&conditions.rules, conditions.levers.enforcement, unit.tightness, unit.accused_bosses);
    if !conditions.mechanisms.union_stock {
        unit.union = conditions.levers.union;
    }
}
