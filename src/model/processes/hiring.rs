//! R9 Hiring: workers come into industry where they lack.
//!
//! Step 7 of the month, after the vacancy chain and school. A share of the workers who are missing is hired; how scarce
//! labour is follows from what is missing. Claims C05, C29.

use crate::engine::distributions::round_randomly;
use crate::engine::random::uniform64;
use crate::model::conditions::Conditions;
use crate::model::identity;
use crate::model::processes::{births, recruitment};
use crate::model::purpose::{self, BIRTH, MONTHLY};
use crate::model::scratch::Scratch;
use crate::model::unit::Unit;
use crate::model::watchlists::Lookout;

/// Scarcity of labour a month on (tight): four fifths of what it was, and the share of workers missing as a part of the
/// share that counts as full scarcity.
pub fn tightness(tightness: f64, missing: f64, wanted: f64, reference: f64) -> f64 {
    0.8 * tightness + 0.2 * (missing / wanted.max(1.0) / reference).clamp(0.0, 1.0)
}

/// R9 for a unit: hires, and the scarcity that is left.
pub fn pass(conditions: &Conditions, lookout: &Lookout, unit: &mut Unit, scratch: &mut Scratch) {
    let (rules, month, instructions) = (&conditions.rules, conditions.month, conditions.instructions);
    let missing = unit.now.workers_missing;
    unit.tightness = tightness(unit.tightness, missing, unit.workers_wanted, rules.vacancy_reference);
    let draw = uniform64(unit.words[purpose::unit::HIRES]);
    let hires = round_randomly(rules.hiring_share * missing, draw) as u32;
    unit.now.hired = hires;
    let Scratch { words, identities, .. } = scratch;
    identities.clear();
    identities.extend((0..hires).map(|ordinal| identity::hire(month, unit.number, ordinal)));
    words.fill(instructions, &conditions.key, BIRTH, month.0, identities);
    let brigades = unit.brigades();
    let people = &mut unit.people;
    let first = births::hire_all(instructions, rules, people, month.0, brigades, identities, words);
    for standing in &people.standing[first..] {
        unit.now.hired_by_origin[standing.origin() as usize] += 1;
    }
    // Of this month's own words, that of joining the party is the only one that is still read.
    if let Some(joining) = &lookout.joining {
        words.fill(instructions, &conditions.key, MONTHLY, month.0, identities);
        recruitment::watch_from(conditions, joining, first, unit, scratch);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scarcity_follows_what_is_missing() {
        assert!((tightness(0.5, 30.0, 1000.0, 0.06) - (0.4 + 0.2 * 0.5)).abs() < 1e-12);
        assert!((tightness(0.5, 90.0, 1000.0, 0.06) - 0.6).abs() < 1e-12);
        assert_eq!(tightness(0.0, 0.0, 0.0, 0.06), 0.0);
    }
}
