//! R8 The vacancy chain: who is promoted into the posts that stand vacant.
//!
//! Step 7 of the month, ranks 4, 3, 2, 1 in this order, so that each promotion opens a post below it (White's chains).
//! A unit first takes the best of its own; posts still short are offered to the best of the region. Nobody who was
//! demoted this month is promoted in it. Claims C07, C09, C27, C49, C50, C54.

use crate::engine::distributions::{normal_of_word, round_randomly};
use crate::engine::instructions::Instructions;
use crate::engine::maths::gumbel_of_word;
use crate::engine::random::uniform64;
use crate::model::conditions::Conditions;
use crate::model::identity;
use crate::model::people::{NEVER_ENTERED, People, Person, fate};
use crate::model::person::{ELITE, FOREMAN, ORIGIN_GROUPS, Origin, Party, REGIONAL, Role, Standing};
use crate::model::processes::accusation::eligible;
use crate::model::processes::births::regional_role;
use crate::model::purpose::{self, MONTHLY, RARE, monthly, rare};
use crate::model::scratch::Scratch;
use crate::model::unit::{Promotion, Unit};

/// Weight of the noise in a score.
const NOISE: f64 = 0.3;
/// What training adds to the score for rank 2.
const TRAINED: f64 = 0.25;

/// A candidate of the region for a post elsewhere.
#[derive(Debug, Clone, Copy)]
pub struct Candidate {
    /// Score without noise and training.
    pub score: f64,
    /// Who.
    pub identity: u64,
    /// Position of the unit.
    pub unit: u32,
    /// Row in it.
    pub row: u32,
}

/// Who comes first among candidates: the higher score, then the smaller identity.
pub fn better(one: (f64, u64), other: (f64, u64)) -> std::cmp::Ordering {
    other.0.total_cmp(&one.0).then(one.1.cmp(&other.1))
}

/// The part of a score that does not depend on chance or training.
pub fn merit(
    conditions: &Conditions,
    standing: Standing,
    competence: f32,
    ambition: f32,
    suspicion: f32,
) -> f64 {
    let (rules, levers) = (&conditions.rules, &conditions.levers);
    let preferred = match standing.origin() {
        Origin::Worker => 1.0,
        Origin::Peasant => 0.5,
        Origin::Employee | Origin::Former => 0.0,
    };
    rules.promotion_ability * f64::from(competence) * (1.0 - 0.5 * levers.vigilance)
        + if standing.in_party() { rules.promotion_loyalty } else { 0.0 }
        + rules.promotion_origin * levers.origin_preference * preferred
        + rules.promotion_ambition * f64::from(ambition)
        - rules.promotion_suspicion * f64::from(suspicion.min(3.0))
        - if standing.former() { rules.promotion_former * levers.class_war } else { 0.0 }
}

/// What chance and training add to a score for `rank`.
pub fn luck(rank: u8, standing: Standing, word: u32) -> f64 {
    let trained = if rank == ELITE && standing.trained() { TRAINED } else { 0.0 };
    trained + NOISE * f64::from(gumbel_of_word(word))
}

fn merit_of(conditions: &Conditions, people: &People, row: usize) -> f64 {
    merit(
        conditions,
        people.standing[row],
        people.competence[row],
        people.ambition[row],
        people.suspicion[row],
    )
}

/// May be promoted to `rank` this month.
fn candidate(people: &People, row: usize, rank: u8) -> bool {
    let standing = people.standing[row];
    standing.rank() + 1 == rank
        && people.fate[row] & (fate::DEMOTED | fate::PROMOTED | fate::MOVED_UP) == 0
        && (rank > FOREMAN || eligible(standing, people.competence[row]))
}

/// Vacant posts of a rank in a unit, and how many of them are filled this month.
pub fn posts_to_fill(conditions: &Conditions, unit: &mut Unit, rank: u8) -> u64 {
    let posts = unit.whole_posts(usize::from(rank));
    let need = posts.saturating_sub(u64::from(unit.holders[usize::from(rank)]));
    unit.now.vacant[usize::from(rank)] = need;
    if need == 0 {
        return 0;
    }
    let words = conditions.key.block(purpose::UNIT, conditions.month.0, identity::unit(unit.number));
    let draw = uniform64(words[purpose::unit::FILLING + usize::from(rank) - 1]);
    round_randomly(conditions.rules.post_filling * need as f64, draw).min(need)
}

/// Fills posts of `rank` from the unit's own people, best first; returns how many are still short.
pub fn fill_from_within(conditions: &Conditions, unit: &mut Unit, rank: u8, scratch: &mut Scratch) -> u64 {
    let posts = posts_to_fill(conditions, unit, rank);
    if posts == 0 {
        return 0;
    }
    let Scratch { words, identities, rows, candidates: scores, .. } = scratch;
    rows.clear();
    rows.extend(
        unit.ranks.of(rank - 1).filter(|&row| candidate(&unit.people, row, rank)).map(|row| row as u32),
    );
    identities.clear();
    identities.extend(rows.iter().map(|&row| unit.people.identity[row as usize]));
    words.fill(conditions.instructions, &conditions.key, MONTHLY, conditions.month.0, identities);
    scores.clear();
    for (&row, &word) in rows.iter().zip(words.column(monthly::PROMOTION)) {
        let standing = unit.people.standing[row as usize];
        let score = merit_of(conditions, &unit.people, row as usize) + luck(rank, standing, word);
        scores.push((score, unit.people.identity[row as usize], row));
    }
    let chosen = (posts as usize).min(scores.len());
    if chosen < scores.len() {
        scores.select_nth_unstable_by(chosen, |one, other| better((one.0, one.1), (other.0, other.1)));
    }
    for &(_, _, row) in &scores[..chosen] {
        let person = promoted(conditions, unit.people.person(row as usize), rank);
        unit.people.put(row as usize, person.0);
        unit.holders[usize::from(rank)] += 1;
        unit.holders[usize::from(rank) - 1] -= 1;
        unit.now.promotions.push(Promotion { from_elsewhere: false, ..person.1 });
    }
    posts - chosen as u64
}

/// Candidates of a unit for posts of `rank` elsewhere in the region; with noise and training for regional posts only.
pub fn candidates(conditions: &Conditions, unit: &Unit, position: u32, rank: u8, found: &mut Vec<Candidate>) {
    for row in unit.ranks.of(rank - 1) {
        if candidate(&unit.people, row, rank) {
            let identity = unit.people.identity[row];
            let mut score = merit_of(conditions, &unit.people, row);
            if rank == REGIONAL {
                let words = conditions.key.block(MONTHLY, conditions.month.0, identity);
                score += luck(rank, unit.people.standing[row], words[monthly::PROMOTION]);
            }
            found.push(Candidate { score, identity, unit: position, row: row as u32 });
        }
    }
}

/// Turn of a unit in the regional pass for `rank`: a keyed random order.
pub fn turn(conditions: &Conditions, unit: u32, rank: u8) -> (u32, u32) {
    let words = conditions.key.block(purpose::UNIT, conditions.month.0, identity::unit(unit));
    (words[purpose::unit::TURN + usize::from(rank) - 1], unit)
}

/// A person promoted to `rank`, and the record of it.
///
/// Ability is partly drawn anew, as it is another work; the role is drawn on entering the elite without one, and anew
/// on becoming a regional official, who also joins the party.
pub fn promoted(conditions: &Conditions, mut person: Person, rank: u8) -> (Person, Promotion) {
    let words = conditions.key.block(RARE, conditions.month.0, person.identity);
    let trained = person.standing.trained();
    let role_before = person.standing.role() as u8;
    person.standing.set_rank(rank);
    if rank == REGIONAL {
        person.standing.set_role(regional_role(uniform64(words[rare::REGIONAL_ROLE])));
        if !person.standing.in_party() {
            person.standing.set_party(Party::Candidate);
        }
    } else if rank >= ELITE && person.standing.role() == Role::None {
        person.standing.set_role(role(person.standing.in_party(), trained, uniform64(words[rare::ROLE])));
    }
    person.since = 0;
    person.competence = ability(
        conditions.rules.ability_carried,
        f64::from(person.competence),
        rank,
        trained,
        normal_of_word(words[rare::ABILITY]),
    ) as f32;
    let new_spell = person.entered == NEVER_ENTERED;
    if rank >= ELITE && new_spell {
        person.entered = conditions.month.0 as i16;
    }
    person.fate |= fate::PROMOTED;
    let promotion = Promotion {
        rank,
        role: person.standing.role() as u8,
        role_before,
        origin: person.standing.origin() as u8,
        new_spell,
        from_elsewhere: true,
    };
    (person, promotion)
}

/// Ability in a new rank, 0 to 1.
pub fn ability(carried: f64, before: f64, rank: u8, trained: bool, normal: f64) -> f64 {
    let fresh = 0.40 + 0.04 * f64::from(rank) + 0.15 * normal + if trained { 0.15 } else { 0.0 };
    (carried * before + (1.0 - carried) * fresh).clamp(0.0, 1.0)
}

/// Role on entering the elite.
pub fn role(in_party: bool, trained: bool, draw: f64) -> Role {
    if in_party && draw < 0.1 {
        Role::Party
    } else if in_party && draw < 0.2 {
        Role::Union
    } else if draw < if trained { 0.4 } else { 0.7 } {
        Role::Manager
    } else {
        Role::Specialist
    }
}

/// Promotions per post and year, smoothed (opn).
pub fn openness(openness: f64, promotions: usize, posts: f64) -> f64 {
    0.84 * openness + 0.16 * 12.0 * promotions as f64 / posts.max(1.0)
}

/// Promotions of a unit by origin group.
pub fn by_group(unit: &Unit) -> [u64; ORIGIN_GROUPS] {
    let mut groups = [0; ORIGIN_GROUPS];
    for promotion in &unit.now.promotions {
        groups[usize::from(promotion.origin).min(ORIGIN_GROUPS - 1)] += 1;
    }
    groups
}

/// Orders the rows of a unit by rank again and counts who holds each rank, before the first post is filled.
pub fn prepare(instructions: Instructions, unit: &mut Unit) {
    unit.ranks = unit.people.order_by_rank(instructions);
    unit.holders = std::array::from_fn(|rank| unit.ranks.count(rank as u8) as u32);
}

/// Takes those who rose into another unit out of this one, after the last post is filled.
pub fn see_off(unit: &mut Unit) {
    for row in (0..unit.people.len()).rev() {
        if unit.people.fate[row] & fate::MOVED_UP != 0 {
            unit.people.take(row);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ability_is_partly_drawn_anew_in_a_new_rank() {
        assert!((ability(0.3, 0.5, 2, true, 1.0) - (0.15 + 0.7 * (0.48 + 0.15 + 0.15))).abs() < 1e-12);
        assert_eq!(ability(0.3, 0.0, 1, false, -9.0), 0.0);
        assert_eq!(ability(1.0, 0.37, 3, true, 2.0), 0.37);
    }

    #[test]
    fn roles_follow_party_and_training() {
        assert_eq!(role(true, false, 0.05), Role::Party);
        assert_eq!(role(true, false, 0.15), Role::Union);
        assert_eq!(role(false, false, 0.05), Role::Manager);
        assert_eq!(role(false, true, 0.5), Role::Specialist);
        assert_eq!(role(false, false, 0.5), Role::Manager);
        assert_eq!(role(false, false, 0.7), Role::Specialist);
    }

    #[test]
    fn openness_is_promotions_per_post_and_year() {
        assert!((openness(0.2, 3, 24.0) - (0.168 + 0.16 * 1.5)).abs() < 1e-12);
        assert!((openness(0.0, 1, 0.2) - 1.92).abs() < 1e-12);
    }

    #[test]
    fn the_better_score_comes_first_and_ties_go_by_identity() {
        let mut candidates = [(1.0, 7), (2.0, 9), (2.0, 3), (-1.0, 1)];
        candidates.sort_by(|one, other| better(*one, *other));
        assert_eq!(candidates, [(2.0, 3), (2.0, 9), (1.0, 7), (-1.0, 1)]);
    }
}
