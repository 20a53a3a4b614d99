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
    /// Marks natural exits, and those who would leave industry, by their chances.
    fn mark(
        instructions,
        fates: &mut [u16],
        natural_words: &[u32],
        leaving_words: &[u32],
        natural: f32,
        leaving: f32,
    ) {
        let count = fates.len();
        let (natural_words, leaving_words) = (&natural_words[..count], &leaving_words[..count]);
        for row in 0..count {
            fates[row] |= if uniform(natural_words[row]) < natural { fate::NATURAL } else { 0 }
                | if uniform(leaving_words[row]) < leaving { fate::LEAVES } else { 0 };
        }
    }
}

/// R6c for a unit: marks in `scratch.fates` the natural exits, and those who would leave industry if they were workers who quit or are
/// dismissed.
pub fn pass(conditions: &Conditions, unit: &Unit, scratch: &mut Scratch) {
    let rules = &conditions.rules;
    let elite = unit.people.ranks.elite();
    for (rows, natural) in [
        (elite.end..unit.people.len(), rules.natural_exit),
        (elite, rules.natural_exit + rules.natural_exit_elite),
    ] {
        mark(
            conditions.instructions,
            &mut scratch.fates[rows.clone()],
            &scratch.words.column(monthly::NATURAL_EXIT)[rows.clone()],
            &scratch.words.column(monthly::LEAVE_INDUSTRY)[rows],
            natural as f32,
            rules.leaving_industry as f32,
        );
    }
}
