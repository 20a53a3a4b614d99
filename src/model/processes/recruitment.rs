//! R9 Recruitment to the party.
//!
//! End of step 7. Everybody outside the party who is present joins with a probability relative to the mean over them:
//! the ambitious, the risen, preferred origins, heroes of labour first. Candidates become members after a year and a
//! half. Claims C07, C35.

use crate::engine::instructions::dispatch;
use crate::engine::maths::{SUMMABLE, exp, fixed, from_fixed};
use crate::engine::random::uniform;
use crate::model::conditions::Conditions;
use crate::model::people::{People, fate};
use crate::model::person::{Origin, Party, Standing};
use crate::model::purpose::{MONTHLY, monthly};
use crate::model::scratch::Scratch;
use crate::model::unit::Unit;

/// Months after which a candidate becomes a member.
const CANDIDACY_MONTHS: i16 = 18;
/// Weights are summed as shares of this, which none reaches (the largest is e^3.2).
const WEIGHT_SCALE: f32 = 32.0;

/// The terms of the weight that do not depend on the person.
#[derive(Debug, Clone, Copy)]
struct Terms {
    preference: f32,
    hero_below: f32,
}

impl Terms {
    fn new(conditions: &Conditions) -> Self {
        Terms {
            preference: (0.6 * conditions.levers.origin_preference) as f32,
            hero_below: conditions.hero_below,
        }
    }
}

/// Weight of a person outside the party (w).
#[inline(always)]
fn weight(terms: &Terms, standing: Standing, ambition: f32, hero_quality: f32, suspicion: f32) -> f32 {
    let rank = standing.rank();
    let suspicion = if suspicion < 2.0 { suspicion } else { 2.0 };
    exp(0.8 * ambition
        + 0.5 * f32::from(if rank < 2 { rank } else { 2 })
        + if standing.origin_bits() == Origin::Worker as u16 { terms.preference } else { 0.0 }
        + if hero_quality < terms.hero_below { 0.8 } else { 0.0 }
        - if standing.origin_bits() == Origin::Former as u16 { 1.0 } else { 0.0 }
        - 0.5 * suspicion)
}

dispatch! {
    /// Weights of those outside the party (0 for those in it), and their sum.
    fn weights(
        instructions,
        terms: &Terms,
        weights: &mut [f32],
        standings: &[Standing],
        ambitions: &[f32],
        hero_qualities: &[f32],
        suspicions: &[f32],
    ) -> u64 {
        let terms = *terms;
        let mut sum = 0u64;
        for first in (0..weights.len()).step_by(SUMMABLE) {
            let rows = first..weights.len().min(first + SUMMABLE);
            let weights = &mut weights[rows.clone()];
            let count = weights.len();
            let (standings, ambitions) = (&standings[rows.clone()][..count], &ambitions[rows.clone()][..count]);
            let hero_qualities = &hero_qualities[rows.clone()][..count];
            let suspicions = &suspicions[rows][..count];
            let mut part = 0u32;
            for row in 0..count {
            let standing = standings[row];
            let weight = weight(&terms, standing, ambitions[row], hero_qualities[row], suspicions[row]);
            let weight = if standing.in_party() { 0.0 } else { weight };
            weights[row] = weight;
            part += fixed(weight * (1.0 / WEIGHT_SCALE));
            }
            sum += u64::from(part);
        }
        sum
    }
}

fn weigh_rows(conditions: &Conditions, people: &People, into: &mut Vec<f32>) -> u64 {
    into.clear();
    into.resize(people.len(), 0.0);
    weights(
        conditions.instructions,
        &Terms::new(conditions),
        into,
        &people.standing,
        &people.ambition,
        &people.hero_quality,
        &people.suspicion,
    )
}

/// Sum of the weights of a unit, and how many people it is over.
pub fn weigh(conditions: &Conditions, unit: &Unit, scratch: &mut Scratch) -> (u64, u64) {
    let sum = weigh_rows(conditions, &unit.people, &mut scratch.bounds);
    let outside = unit.people.standing.iter().map(|standing| u64::from(!standing.in_party())).sum();
    (sum, outside)
}

/// Monthly rate of joining at this month's levers, before weights.
fn rate(conditions: &Conditions) -> f64 {
    conditions.rules.recruitment_rate / 12.0 * conditions.levers.party_recruitment
}

/// Probability of joining per unit of weight, from the sums over the country.
pub fn chance(conditions: &Conditions, sum: u64, people: u64) -> f64 {
    let mean = mean_weight(sum, people);
    if mean > 0.0 { rate(conditions) / mean } else { 0.0 }
}

/// Mean of weights that sum to `sum` over `people`.
pub fn mean_weight(sum: u64, people: u64) -> f64 {
    from_fixed(sum) * f64::from(WEIGHT_SCALE) / people.max(1) as f64
}

/// A draw above which nobody joins, as long as the mean weight is at least half of what it was a month ago: who is
/// below it is marked while the month's draws are at hand. Nothing is known in the first month (mean 0): all are marked.
pub fn possible_below(conditions: &Conditions, mean_before: f64) -> f32 {
    let heaviest = 0.8 + 1.0 + 0.8 + 0.6 * conditions.levers.origin_preference;
    (2.0 * rate(conditions) * libm::exp(heaviest) / mean_before).min(1.0) as f32
}

/// Recruits the people of a unit, and makes members of those whose candidacy is over. `marked`: whether only those
/// marked [`fate::MAY_JOIN`] can join.
pub fn pass(conditions: &Conditions, chance: f64, marked: bool, unit: &mut Unit, scratch: &mut Scratch) {
    let month = conditions.month.0 as i16;
    let people = &mut unit.people;
    if chance > 0.0 {
        let terms = Terms::new(conditions);
        let marks = if marked { fate::MAY_JOIN } else { u16::MAX };
        possible(conditions.instructions, &mut scratch.rows, &people.fate, &people.standing, marks, !marked);
        scratch.identities.clear();
        scratch.identities.extend(scratch.rows.iter().map(|&row| people.identity[row as usize]));
        scratch.words.fill(
            conditions.instructions,
            &conditions.key,
            MONTHLY,
            conditions.month.0,
            &scratch.identities,
        );
        let words = scratch.words.column(monthly::RECRUITMENT);
        for (&row, &word) in scratch.rows.iter().zip(words) {
            let row = row as usize;
            let weight = weight(
                &terms,
                people.standing[row],
                people.ambition[row],
                people.hero_quality[row],
                people.suspicion[row],
            );
            if uniform(word) < chance as f32 * weight {
                people.standing[row].set_party(Party::Candidate);
                people.joined[row] = month;
                unit.now.recruits += 1;
            }
        }
    }
    end_candidacies(conditions.instructions, &mut people.standing, &people.joined, month);
}

dispatch! {
    /// Rows outside the party that have one of the marks, or all of them.
    fn possible(
        instructions,
        rows: &mut Vec<u32>,
        fates: &[u16],
        standings: &[Standing],
        marks: u16,
        all: bool,
    ) {
        rows.clear();
        rows.resize(fates.len(), 0);
        let mut count = 0;
        for (row, (&fate, standing)) in fates.iter().zip(standings).enumerate() {
            rows[count] = row as u32;
            count += usize::from(((fate & marks != 0) | all) & !standing.in_party());
        }
        rows.truncate(count);
    }
}

dispatch! {
    /// Makes members of the candidates who joined long enough ago.
    fn end_candidacies(instructions, standings: &mut [Standing], joined: &[i16], month: i16) {
        for (standing, &joined) in standings.iter_mut().zip(joined) {
            standing.end_candidacy(month - joined >= CANDIDACY_MONTHS);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ambitious_risen_and_preferred_join_first() {
        let terms = Terms { preference: 0.3, hero_below: 0.2 };
        let mut standing = Standing::worker(Origin::Worker, false);
        assert!((weight(&terms, standing, 0.5, 0.5, 0.0) - 0.7f64.exp_m1() as f32 - 1.0).abs() < 1e-5);
        standing.set_rank(3);
        assert!((weight(&terms, standing, 0.0, 0.1, 4.0) - 1.1f64.exp_m1() as f32 - 1.0).abs() < 1e-5);
        let former = Standing::worker(Origin::Former, true);
        assert!((weight(&terms, former, 0.0, 0.5, 0.0) - (-1f64).exp_m1() as f32 - 1.0).abs() < 1e-6);
    }
}
