//! R6c Natural exit: death, retirement, departure.
//!
//! Step 4 of the month; the draw is marked with those of step 2, because it depends on nothing but rank. It takes
//! effect in step 7, unless the person is arrested or, being a boss, demoted.

use crate::engine::instructions::dispatch;
use crate::engine::random::uniform;
use crate::model::conditions::Conditions;
use crate::model::people::fate;
use crate::model::person::{ELITE, RANKS};
use crate::model::purpose::monthly;
use crate::model::scratch::Scratch;
use crate::model::unit::Unit;

dispatch! {
    /// Marks with `mark` those whose draw lies below `chance`.
    fn mark(instructions, fates: &mut [u16], words: &[u32], chance: f32, mark: u16) {
        for (fate, &word) in fates.iter_mut().zip(words) {
            *fate |= if uniform(word) < chance { mark } else { 0 };
        }
    }
}

/// R6c for a unit: marks the natural exits.
pub fn pass(conditions: &Conditions, unit: &mut Unit, scratch: &Scratch) {
    let rules = &conditions.rules;
    let elite = unit.begin[usize::from(ELITE)];
    for (rows, chance) in [
        (0..elite, rules.natural_exit),
        (elite..unit.begin[RANKS], rules.natural_exit + rules.natural_exit_elite),
    ] {
        mark(
            conditions.instructions,
            &mut unit.people.fate[rows.clone()],
            &scratch.words.column(monthly::NATURAL_EXIT)[rows],
            chance as f32,
            fate::NATURAL,
        );
    }
}
