//! R6c Natural exit: death, retirement, departure.
//!
//! Step 4 of the month; the draw is marked with those of step 2, because it depends on nothing but rank. It takes
//! effect in step 7, unless the person is arrested or, being a boss, demoted. Marked here as well: whether a worker who
//! quits or is dismissed leaves industry (R4).

use crate::engine::instructions::dispatch;
use crate::engine::random::uniform;
use crate::model::conditions::Conditions;
use crate::model::people::fate;
use crate::model::purpose::monthly;
use crate::model::scratch::Scratch;
use crate::model::unit::Unit;

dispatch! {
    /// Marks with `mark` those whose draw lies below `chance`.
    pub fn mark(instructions, fates: &mut [u16], words: &[u32], chance: f32, mark: u16) {
        for (fate, &word) in fates.iter_mut().zip(words) {
            *fate |= if uniform(word) < chance { mark } else { 0 };
        }
    }
}

/// R6c for a unit: marks the natural exits, and the workers who would leave industry.
pub fn pass(conditions: &Conditions, unit: &mut Unit, scratch: &Scratch) {
    let rules = &conditions.rules;
    let elite = unit.ranks.elite();
    for (rows, chance) in [
        (elite.end..unit.people.len(), rules.natural_exit),
        (elite, rules.natural_exit + rules.natural_exit_elite),
    ] {
        mark(
            conditions.instructions,
            &mut unit.people.fate[rows.clone()],
            &scratch.words.column(monthly::NATURAL_EXIT)[rows],
            chance as f32,
            fate::NATURAL,
        );
    }
    let workers = unit.ranks.workers();
    mark(
        conditions.instructions,
        &mut unit.people.fate[workers.clone()],
        &scratch.words.column(monthly::LEAVE_INDUSTRY)[workers],
        rules.leaving_industry as f32,
        fate::LEAVES,
    );
}
