//! R8 The vacancy chain: who is promoted into the vacant posts.
//!
//! Step 7 of the month, ranks 4, 3, 2, 1 in this order, so that each promotion opens a post below it (White's
//! chains). A share of the vacant posts is filled each month. A unit first promotes its own best candidates;
//! posts that remain are offered to the best of the region. Nobody is promoted in the month of a demotion.
//! Claims C07, C09, C27, C49, C50, C54.

use super::entrants::regional_role;
use super::recruitment::join;
use crate::engine::distributions::{normal_of_word, round_randomly};
use crate::engine::maths::fixed;
use crate::engine::random::uniform64;
use crate::model::conditions::Conditions;
use crate::model::parameters::Parameters;
use crate::model::purpose;
use crate::model::purpose::{RARE, rare};
use crate::model::state::person::Person;
use crate::model::state::standing::{ELITE, ORIGIN_GROUPS, REGIONAL, Role};
use crate::model::state::target::suspicion_share;
use crate::model::state::traits::NEVER_ENTERED;
use crate::model::state::unit::{Promotion, Unit};

/// Returns the number of vacant posts of a rank to be filled this month, given the number of people who hold
/// that rank. Records the vacancies in the unit.
pub fn posts_to_fill(conditions: &Conditions, unit: &mut Unit, rank: u8, holders: u64) -> u64 {
    let posts = unit.whole_posts(usize::from(rank));
    let need = posts.saturating_sub(holders);
    unit.now.vacant[usize::from(rank)] = need;
    if need == 0 {
        return 0;
    }
    let draw = uniform64(unit.words[purpose::unit::FILLING + usize::from(rank) - 1]);
    round_randomly(conditions.parameters.post_filling * need as f64, draw).min(need)
}

/// Returns the random words of a person who is promoted, for [`promoted`].
pub fn words(conditions: &Conditions, identity: u64) -> [u32; 16] {
    conditions.key.block(RARE, conditions.month.0, identity)
}

/// Returns the sort key of a unit in the regional pass for `rank`. It gives a new random order each month.
pub fn turn(unit: &Unit, rank: u8) -> (u32, u32) {
    (unit.words[purpose::unit::TURN + usize::from(rank) - 1], unit.number)
}

/// Returns a person after promotion to `rank`, and the record of the promotion. `words` are those of page
/// [`RARE`].
///
/// Ability is partly redrawn, because the work is different. A role is drawn on entering the elite without
/// one, and redrawn on becoming a regional official, who also joins the party if still outside it.
pub fn promoted(
    conditions: &Conditions,
    mut person: Person,
    rank: u8,
    words: &[u32; 16],
) -> (Person, Promotion) {
    let rules = &conditions.parameters;
    let trained = person.standing.trained();
    let role_before = person.standing.role() as u8;
    let (in_party, month) = (person.standing.in_party(), conditions.month.0);
    let ability_before = person.competence(month);
    person.standing.set_rank(rank);
    if rank == REGIONAL {
        person.standing.set_role(regional_role(rules, uniform64(words[rare::REGIONAL_ROLE])));
        if !person.standing.in_party() {
            join(&mut person, month);
        }
    } else if rank >= ELITE && person.standing.role() == Role::None {
        let draw = uniform64(words[rare::ROLE]);
        person.standing.set_role(role(rules, person.standing.in_party(), trained, draw));
    }
    person.set_months_in_rank(0, month);
    let ability =
        ability(rules, f64::from(ability_before), rank, trained, normal_of_word(words[rare::ABILITY]));
    person.set_competence(ability as f32, month);
    let new_spell = person.career.entered() == NEVER_ENTERED;
    if rank >= ELITE && new_spell {
        person.career.set_entered(conditions.month.0 as i16);
    }
    let promotion = Promotion {
        rank,
        role: person.standing.role() as u8,
        role_before,
        origin: person.standing.origin() as u8,
        new_spell,
        from_elsewhere: true,
        // In the month in which it is set, ability may lie below 0 by half a step.
        ability: fixed(ability_before.max(0.0)),
        ambition: fixed(person.ambition()),
        suspicion: fixed(suspicion_share(person.suspicion)),
        in_party,
        joined: person.dates.joined(),
    };
    (person, promotion)
}

/// Returns the ability in a new rank, 0 to 1: a share of the ability before, and the rest drawn anew.
/// `normal` is a standard normal deviate.
pub fn ability(rules: &Parameters, before: f64, rank: u8, trained: bool, normal: f64) -> f64 {
    let fresh = rules.new_ability
        + rules.new_ability_rank * f64::from(rank)
        + rules.new_ability_spread * normal
        + if trained { rules.new_ability_training } else { 0.0 };
    let carried = rules.ability_carried;
    (carried * before + (1.0 - carried) * fresh).clamp(0.0, 1.0)
}

/// Returns the role on entering the elite. `draw` is uniform on (0, 1).
pub fn role(rules: &Parameters, in_party: bool, trained: bool, draw: f64) -> Role {
    if in_party && draw < rules.role_party {
        Role::Party
    } else if in_party && draw < rules.role_party + rules.role_union {
        Role::Union
    } else if draw < if trained { rules.manager_trained } else { rules.manager_untrained } {
        Role::Manager
    } else {
        Role::Specialist
    }
}

/// Returns the openness of a unit after a month (opn): promotions per post and year, smoothed.
pub fn openness(rules: &Parameters, openness: f64, promotions: usize, posts: f64) -> f64 {
    let speed = rules.openness_speed;
    // The rate is per year.
    (1.0 - speed) * openness + speed * 12.0 * promotions as f64 / posts.max(1.0)
}

/// Returns the month's promotions into posts of a unit, by origin group.
pub fn by_group(unit: &Unit) -> [u64; ORIGIN_GROUPS] {
    let mut groups = [0; ORIGIN_GROUPS];
    for promotion in &unit.now.promotions {
        groups[usize::from(promotion.origin).min(ORIGIN_GROUPS - 1)] += 1;
    }
    groups
}

#[cfg(test)]
#[path = "promotion_tests.rs"]
mod tests;
