//! Presence: the list of people at the start of a month, and the counts that stay frozen through steps 2 to 6.
//!
//! Step 1 of the month.

use crate::engine::instructions::dispatch;
use crate::model::conditions::Conditions;
use crate::model::identity;
use crate::model::person::ELITE;
use crate::model::processes::ageing::months_in_rank;
use crate::model::processes::implementation::implementation;
use crate::model::processes::recruitment;
use crate::model::purpose;
use crate::model::unit::Unit;

/// Bin of months in rank: under 12, 12 to 35, 36 and more.
pub fn since_bin(since: u8) -> usize {
    match since {
        0..=11 => 0,
        12..=35 => 1,
        _ => 2,
    }
}

dispatch! {
    fn count_below(instructions, values: &[f32], limit: f32) -> u32 {
        values.iter().map(|&value| u32::from(value < limit)).sum()
    }
}

/// Takes the list of a unit: candidacies that have lasted long enough end, and what the month may bring is forgotten from
/// the last; how far rules are implemented follows from last month.
pub fn pass(conditions: &Conditions, unit: &mut Unit) {
    unit.now.clear();
    unit.watched.clear();
    unit.words = conditions.key.block(purpose::UNIT, conditions.month.0, identity::unit(unit.number));
    recruitment::end_candidacies(conditions, &mut unit.people);
    let people = &unit.people;
    let now = &mut unit.now;
    let counts = people.count(conditions.instructions);
    (now.counts, now.origins, now.party) = (counts.ranks, counts.origins, counts.party);
    let qualities = &people.hero_quality[people.ranks.workers()];
    now.heroes = count_below(conditions.instructions, qualities, conditions.hero_below);
    for row in people.ranks.bosses() {
        now.bosses_by_since[since_bin(months_in_rank(people.ranked[row], conditions.month.0))] += 1;
        let standing = people.standing[row];
        let former = standing.former();
        if standing.elite() {
            let role = (standing.role() as usize).saturating_sub(1);
            now.elite_by_role[usize::from(standing.rank() - ELITE)][role] += 1;
        }
        now.former_bosses += u32::from(former);
        now.former_elite += u32::from(former && standing.elite());
    }
    now.implementation =
        implementation(&conditions.rules, conditions.levers.enforcement, unit.tightness, unit.accused_bosses);
    if !conditions.mechanisms.union_stock {
        unit.union = conditions.levers.union;
    }
}
