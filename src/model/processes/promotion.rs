//! R8 The vacancy chain: who is promoted into the posts that stand vacant.
//!
//! Step 7 of the month, ranks 4, 3, 2, 1 in this order, so that each promotion opens a post below it (White's chains).
//! A unit first takes the best of its own; posts still short are offered to the best of the region. Nobody who was
//! demoted this month is promoted in it. Claims C07, C09, C27, C49, C50, C54.

use std::ops::Range;

use crate::engine::distributions::{normal_of_word, round_randomly};
use crate::engine::instructions::{Instructions, dispatch};
use crate::engine::marks::room;
use crate::engine::maths::gumbel_of_word;
use crate::engine::random::uniform64;
use crate::model::conditions::Conditions;
use crate::model::levers::Levers;
use crate::model::parameters::Parameters;
use crate::model::people::{NEVER_ENTERED, Person, fate};
use crate::model::person::{ELITE, FOREMAN, ORIGIN_GROUPS, Origin, Party, REGIONAL, Role, Standing};
use crate::model::processes::accusation::eligible;
use crate::model::processes::births::regional_role;
use crate::model::purpose::{self, RARE, rare};
use crate::model::scratch::Scratch;
use crate::model::unit::{Promotion, Unit};

/// Weight of the noise in a score.
pub(crate) const NOISE: f32 = 0.3;
/// What training adds to the score for rank 2.
const TRAINED: f32 = 0.25;

/// A candidate of the region for a post elsewhere.
#[derive(Debug, Clone, Copy)]
pub struct Candidate {
    /// Score.
    pub score: f32,
    /// Who.
    pub identity: u64,
    /// Position of the unit.
    pub unit: u32,
    /// Row in it.
    pub row: u32,
}

/// Who comes first among candidates: the higher score, then the smaller identity.
pub fn better(one: (f32, u64), other: (f32, u64)) -> std::cmp::Ordering {
    other.0.total_cmp(&one.0).then(one.1.cmp(&other.1))
}

/// The coefficients of the part of a score that does not depend on chance or training.
#[derive(Debug, Clone, Copy)]
pub struct Merit {
    ability: f32,
    loyalty: f32,
    worker: f32,
    peasant: f32,
    ambition: f32,
    suspicion: f32,
    former: f32,
}

impl Merit {
    /// The coefficients under this month's levers.
    pub fn new(rules: &Parameters, levers: &Levers) -> Self {
        let preference = rules.promotion_origin * levers.origin_preference;
        Merit {
            ability: (rules.promotion_ability * (1.0 - 0.5 * levers.vigilance)) as f32,
            loyalty: rules.promotion_loyalty as f32,
            worker: preference as f32,
            peasant: (0.5 * preference) as f32,
            ambition: rules.promotion_ambition as f32,
            suspicion: rules.promotion_suspicion as f32,
            former: (rules.promotion_former * levers.class_war) as f32,
        }
    }

    /// The merit of a person.
    #[inline(always)]
    pub fn of(&self, standing: Standing, competence: f32, ambition: f32, suspicion: f32) -> f32 {
        let suspicion = if suspicion < 3.0 { suspicion } else { 3.0 };
        let origin = standing.origin_bits();
        self.ability * competence
            + if standing.in_party() { self.loyalty } else { 0.0 }
            + if origin == Origin::Worker as u16 { self.worker } else { 0.0 }
            + if origin == Origin::Peasant as u16 { self.peasant } else { 0.0 }
            + self.ambition * ambition
            - self.suspicion * suspicion
            - if origin == Origin::Former as u16 { self.former } else { 0.0 }
    }
}

/// What training adds to a score for `rank`.
pub(crate) fn training(rank: u8) -> f32 {
    if rank == ELITE { TRAINED } else { 0.0 }
}

/// May be promoted to `rank` this month.
#[inline(always)]
pub(crate) fn candidate(rank: u8, standing: Standing, fate: u16, competence: f32) -> bool {
    (standing.rank() + 1 == rank)
        & (fate & (fate::DEMOTED | fate::PROMOTED | fate::MOVED_UP) == 0)
        & ((rank > FOREMAN) | eligible(standing, competence))
}

dispatch! {
    /// Scores for a post of `rank`: merit, chance times `noise`, training if `trained`; negative infinity for those who
    /// may not be promoted to it.
    fn score_all(
        instructions,
        merit: &Merit,
        rank: u8,
        noise: f32,
        trained: f32,
        scores: &mut [f32],
        words: &[u32],
        standings: &[Standing],
        fates: &[u16],
        competences: &[f32],
        ambitions: &[f32],
        suspicions: &[f32],
    ) {
        let merit = *merit;
        let count = scores.len();
        let (words, standings, fates) = (&words[..count], &standings[..count], &fates[..count]);
        let (competences, ambitions) = (&competences[..count], &ambitions[..count]);
        let suspicions = &suspicions[..count];
        for row in 0..count {
            let standing = standings[row];
            let score = merit.of(standing, competences[row], ambitions[row], suspicions[row])
                + noise * gumbel_of_word(words[row])
                + if standing.trained() { trained } else { 0.0 };
            let candidate = candidate(rank, standing, fates[row], competences[row]);
            scores[row] = if candidate { score } else { f32::NEG_INFINITY };
        }
    }
}

/// What a score for a post consists of beside merit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Beside {
    /// Chance and training: where a unit chooses among its own, and for regional posts.
    ChanceAndTraining,
    /// Nothing: where a region chooses for the posts that units leave open.
    Nothing,
}

/// Scores of the people of the rank below for posts of `rank` in `scores`; returns their rows.
fn score_candidates(
    conditions: &Conditions,
    unit: &Unit,
    rank: u8,
    beside: Beside,
    scores: &mut Vec<f32>,
) -> Range<usize> {
    let rows = unit.ranks.of(rank - 1);
    let people = &unit.people;
    let noisy = beside == Beside::ChanceAndTraining;
    score_all(
        conditions.instructions,
        &Merit::new(&conditions.rules, &conditions.levers),
        rank,
        if noisy { NOISE } else { 0.0 },
        if noisy { training(rank) } else { 0.0 },
        room(scores, rows.len()),
        &people.promotion_word[rows.clone()],
        &people.standing[rows.clone()],
        &people.fate[rows.clone()],
        &people.competence[rows.clone()],
        &people.ambition[rows.clone()],
        &people.suspicion[rows.clone()],
    );
    rows
}

/// Leaves the best `places` of those who scored in `best`, in no order; the first score is that of row `first`.
fn choose_best(
    scores: &[f32],
    first: usize,
    identities: &[u64],
    places: usize,
    best: &mut Vec<(f32, u64, u32)>,
) {
    let order = |one: &(f32, u64, u32), other: &(f32, u64, u32)| better((one.0, one.1), (other.0, other.1));
    best.clear();
    // Nobody below the last of the best so far is looked at; when there are twice as many as places, the worse go.
    let room = 2 * places.max(8);
    let mut least = f32::NEG_INFINITY;
    for (row, &score) in (first..).zip(scores) {
        if score > f32::NEG_INFINITY && score >= least {
            best.push((score, identities[row], row as u32));
            if best.len() == room {
                least = best.select_nth_unstable_by(places - 1, order).1.0;
                best.truncate(places);
            }
        }
    }
    if places < best.len() {
        best.select_nth_unstable_by(places - 1, order);
        best.truncate(places);
    }
}

/// Vacant posts of a rank in a unit, and how many of them are filled this month.
pub fn posts_to_fill(conditions: &Conditions, unit: &mut Unit, rank: u8) -> u64 {
    let posts = unit.whole_posts(usize::from(rank));
    let need = posts.saturating_sub(u64::from(unit.holders[usize::from(rank)]));
    unit.now.vacant[usize::from(rank)] = need;
    if need == 0 {
        return 0;
    }
    let draw = uniform64(unit.words[purpose::unit::FILLING + usize::from(rank) - 1]);
    round_randomly(conditions.rules.post_filling * need as f64, draw).min(need)
}

/// Fills posts of `rank` from the unit's own people, best first; returns how many are still short.
pub fn fill_from_within(conditions: &Conditions, unit: &mut Unit, rank: u8, scratch: &mut Scratch) -> u64 {
    let posts = posts_to_fill(conditions, unit, rank);
    if posts == 0 {
        return 0;
    }
    let Scratch { scores, candidates, .. } = scratch;
    let rows = score_candidates(conditions, unit, rank, Beside::ChanceAndTraining, scores);
    choose_best(&scores[..rows.len()], rows.start, &unit.people.identity, posts as usize, candidates);
    for &(_, _, row) in candidates.iter() {
        let person = promoted(conditions, unit.people.person(row as usize), rank);
        unit.people.put(row as usize, person.0);
        unit.holders[usize::from(rank)] += 1;
        unit.holders[usize::from(rank) - 1] -= 1;
        unit.now.promotions.push(Promotion { from_elsewhere: false, ..person.1 });
    }
    posts - candidates.len() as u64
}

/// Candidates of a unit for posts of `rank` elsewhere in the region; with chance and training for regional posts only.
pub fn candidates(
    conditions: &Conditions,
    unit: &Unit,
    position: u32,
    rank: u8,
    scratch: &mut Scratch,
    found: &mut Vec<Candidate>,
) {
    let beside = if rank == REGIONAL { Beside::ChanceAndTraining } else { Beside::Nothing };
    let rows = score_candidates(conditions, unit, rank, beside, &mut scratch.scores);
    for (row, &score) in rows.clone().zip(&scratch.scores[..rows.len()]) {
        if score > f32::NEG_INFINITY {
            found.push(Candidate {
                score,
                identity: unit.people.identity[row],
                unit: position,
                row: row as u32,
            });
        }
    }
}

/// Turn of a unit in the regional pass for `rank`: a keyed random order.
pub fn turn(unit: &Unit, rank: u8) -> (u32, u32) {
    (unit.words[purpose::unit::TURN + usize::from(rank) - 1], unit.number)
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
    let counts = unit.people.count(instructions);
    unit.ranks = unit.people.order_by_rank(&counts);
    unit.holders = counts.ranks;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn merit_weighs_ability_loyalty_origin_ambition_and_suspicion() {
        let levers = Levers { vigilance: 0.5, origin_preference: 0.8, class_war: 0.6, ..Levers::default() };
        let merit = Merit::new(&Parameters::default(), &levers);
        let mut worker = Standing::worker(Origin::Worker, false);
        let common = 0.9 * 0.4 * 0.75 + 0.25 * 0.2;
        assert!((merit.of(worker, 0.4, 0.2, 1.0) - (common + 0.48 - 0.35)).abs() < 1e-6);
        worker.set_party(Party::Member);
        assert!((merit.of(worker, 0.4, 0.2, 9.0) - (common + 0.48 + 0.45 - 1.05)).abs() < 1e-6);
        let peasant = Standing::worker(Origin::Peasant, false);
        assert!((merit.of(peasant, 0.4, 0.2, 0.0) - (common + 0.24)).abs() < 1e-6);
        let former = Standing::worker(Origin::Former, true);
        assert!((merit.of(former, 0.4, 0.2, 0.0) - (common - 0.24)).abs() < 1e-6);
    }

    #[test]
    fn those_demoted_or_promoted_this_month_are_no_candidates() {
        let mut standing = Standing::worker(Origin::Worker, false);
        assert!(!candidate(1, standing, 0, 0.45));
        assert!(candidate(1, standing, 0, 0.46));
        assert!(!candidate(1, standing, fate::DEMOTED, 0.46));
        standing.set_rank(1);
        assert!(candidate(2, standing, fate::HOPES, 0.0));
        assert!(!candidate(2, standing, fate::PROMOTED, 0.0));
        assert!(!candidate(3, standing, 0, 0.9));
    }

    #[test]
    fn training_counts_for_rank_2_alone() {
        assert_eq!([1, 2, 3, 4].map(training), [0.0, 0.25, 0.0, 0.0]);
    }

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
