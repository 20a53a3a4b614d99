//! R9 Recruitment to the party.
//!
//! End of step 7. Everybody outside the party who is present joins with a probability relative to the mean over them:
//! the ambitious, the risen, preferred origins, heroes of labour first. Candidates become members after a year and a
//! half. Claims C07, C35.

use crate::engine::instructions::dispatch;
use crate::engine::marks::{positions, room};
use crate::engine::maths::{SUMMABLE, exp, fixed, from_fixed};
use crate::engine::random::uniform;
use crate::model::conditions::Conditions;
use crate::model::people::Person;
use crate::model::person::{Origin, Party, Standing};
use crate::model::scratch::Scratch;
use crate::model::unit::Unit;

/// Months after which a candidate becomes a member.
pub(crate) const CANDIDACY_MONTHS: i16 = 18;
/// Weights are summed as shares of this, which none reaches (the largest is e^3.2).
const WEIGHT_SCALE: f32 = 32.0;

/// The terms of the weight that do not depend on the person.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terms {
    preference: f32,
    hero_below: f32,
}

impl Terms {
    pub(crate) fn new(conditions: &Conditions) -> Self {
        Terms {
            preference: (0.6 * conditions.levers.origin_preference) as f32,
            hero_below: conditions.hero_below,
        }
    }
}

/// Weight of a person outside the party (w).
#[inline(always)]
pub(crate) fn weight(
    terms: &Terms,
    standing: Standing,
    ambition: f32,
    hero_quality: f32,
    suspicion: f32,
) -> f32 {
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
    /// Sum of the weights of those outside the party, and how many they are.
    fn sum_weights(
        instructions,
        terms: &Terms,
        standings: &[Standing],
        ambitions: &[f32],
        hero_qualities: &[f32],
        suspicions: &[f32],
    ) -> (u64, u64) {
        let terms = *terms;
        let (mut sum, mut people) = (0u64, 0u64);
        for first in (0..standings.len()).step_by(SUMMABLE) {
            let rows = first..standings.len().min(first + SUMMABLE);
            let standings = &standings[rows.clone()];
            let count = standings.len();
            let (ambitions, hero_qualities) =
                (&ambitions[rows.clone()][..count], &hero_qualities[rows.clone()][..count]);
            let suspicions = &suspicions[rows][..count];
            let (mut part, mut outside) = (0u32, 0u32);
            for row in 0..count {
                let standing = standings[row];
                let weight = weight(&terms, standing, ambitions[row], hero_qualities[row], suspicions[row]);
                let counted = fixed(weight * (1.0 / WEIGHT_SCALE));
                part += if standing.in_party() { 0 } else { counted };
                outside += u32::from(!standing.in_party());
            }
            sum += u64::from(part);
            people += u64::from(outside);
        }
        (sum, people)
    }
}

/// Everybody outside the party: the sum of their weights, and their number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Outsiders {
    /// In fixed point, as shares of [`WEIGHT_SCALE`].
    weights: u64,
    people: u64,
}

impl Outsiders {
    /// More of them.
    pub fn add(&mut self, more: Outsiders) {
        self.weights += more.weights;
        self.people += more.people;
    }

    /// Fewer of them.
    pub fn remove(&mut self, fewer: Outsiders) {
        self.weights -= fewer.weights;
        self.people -= fewer.people;
    }

    /// A single person: nobody, if in the party.
    pub fn person(conditions: &Conditions, person: &Person) -> Outsiders {
        if person.standing.in_party() {
            return Outsiders::default();
        }
        let Person { standing, ambition, hero_quality, suspicion, .. } = *person;
        let weight = weight(&Terms::new(conditions), standing, ambition, hero_quality, suspicion);
        Outsiders { weights: u64::from(fixed(weight * (1.0 / WEIGHT_SCALE))), people: 1 }
    }
}

/// Whether anybody can join this month.
pub fn open(conditions: &Conditions) -> bool {
    conditions.levers.party_recruitment > 0.0
}

/// Those of a unit who are outside the party.
pub fn weigh(conditions: &Conditions, unit: &Unit) -> Outsiders {
    let people = &unit.people;
    let (weights, people) = sum_weights(
        conditions.instructions,
        &Terms::new(conditions),
        &people.standing,
        &people.ambition,
        &people.hero_quality,
        &people.suspicion,
    );
    Outsiders { weights, people }
}

/// Probability of joining in a month per unit of weight, from everybody outside the party in the country.
pub fn chance(conditions: &Conditions, outsiders: &Outsiders) -> f64 {
    let mean = from_fixed(outsiders.weights) * f64::from(WEIGHT_SCALE) / outsiders.people.max(1) as f64;
    let rate = conditions.rules.recruitment_rate / 12.0 * conditions.levers.party_recruitment;
    if mean > 0.0 { rate / mean } else { 0.0 }
}

dispatch! {
    /// Marks those who join the party.
    fn join(
        instructions,
        terms: &Terms,
        chance: f32,
        joins: &mut [bool],
        words: &[u32],
        standings: &[Standing],
        ambitions: &[f32],
        hero_qualities: &[f32],
        suspicions: &[f32],
    ) {
        let terms = *terms;
        let count = joins.len();
        let (words, standings) = (&words[..count], &standings[..count]);
        let (ambitions, hero_qualities) = (&ambitions[..count], &hero_qualities[..count]);
        let suspicions = &suspicions[..count];
        for row in 0..count {
            let weight = weight(&terms, standings[row], ambitions[row], hero_qualities[row], suspicions[row]);
            joins[row] = (uniform(words[row]) < chance * weight) & !standings[row].in_party();
        }
    }
}

/// Recruits the people of a unit with this chance per unit of weight, and makes members of those whose candidacy is
/// over.
pub fn pass(conditions: &Conditions, chance: f64, unit: &mut Unit, scratch: &mut Scratch) {
    let month = conditions.month.0 as i16;
    let people = &mut unit.people;
    if chance > 0.0 {
        let joins = room(&mut scratch.marks, people.len());
        join(
            conditions.instructions,
            &Terms::new(conditions),
            chance as f32,
            joins,
            &people.recruitment_word,
            &people.standing,
            &people.ambition,
            &people.hero_quality,
            &people.suspicion,
        );
        positions(joins, &mut scratch.rows);
        for &row in &scratch.rows {
            people.standing[row as usize].set_party(Party::Candidate);
            people.joined[row as usize] = month;
        }
        unit.now.recruits = scratch.rows.len() as u32;
    }
    end_candidacies(conditions.instructions, &mut people.standing, &people.joined, month);
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
