//! Draws natural exits and leaving industry by columns (R4, R6c).
//!
//! A uniform draw from the top 23 bits of a word lies below a chance exactly if these bits lie below a whole number,
//! so the loop compares integers.

use super::conditions::Conditions;
use super::fates as fate;
use super::unit::Unit;
use super::workspace::Workspace;
use crate::engine::simd::dispatch;
use crate::model::purpose::monthly;

/// Returns how many of the 2^23 values of [`uniform`] lie below a chance.
///
/// [`uniform`]: crate::engine::random::uniform
fn values_below(chance: f32) -> i32 {
    // Bits k give the value (2 k + 1) / 2^24. Exact except for the rounding up.
    (f64::from(chance) * f64::from(1 << 23) - 0.5).ceil() as i32
}

/// Returns true if the uniform draw of `word` lies below the chance that has this many values below it.
#[inline(always)]
fn strikes(word: u32, values: i32) -> bool {
    ((word >> 9) as i32) < values
}

dispatch! {
    /// Marks natural exits, and people who would leave industry; chances are given as numbers of values below them.
    fn mark(
        instructions,
        fates: &mut [u16],
        natural_words: &[u32],
        leaving_words: &[u32],
        natural: i32,
        leaving: i32,
    ) {
        let count = fates.len();
        let (natural_words, leaving_words) = (&natural_words[..count], &leaving_words[..count]);
        for row in 0..count {
            fates[row] |= if strikes(natural_words[row], natural) { fate::NATURAL } else { 0 }
                | if strikes(leaving_words[row], leaving) { fate::LEAVES } else { 0 };
        }
    }
}

/// R6c for a unit: marks natural exits in `workspace.fates`, and the people who would leave industry if they quit or
/// were dismissed.
pub(super) fn pass(conditions: &Conditions, unit: &Unit, workspace: &mut Workspace) {
    let rules = &conditions.parameters;
    let elite = unit.people.ranks.elite();
    for (rows, natural) in [
        (elite.end..unit.people.len(), rules.natural_exit),
        (elite, rules.natural_exit + rules.natural_exit_elite),
    ] {
        mark(
            conditions.instructions,
            &mut workspace.fates[rows.clone()],
            &workspace.words.column(monthly::NATURAL_EXIT)[rows.clone()],
            &workspace.words.column(monthly::LEAVE_INDUSTRY)[rows],
            values_below(natural as f32),
            values_below(rules.leaving_industry as f32),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::random::uniform;

    #[test]
    fn bits_of_a_word_strike_as_its_uniform_does() {
        let step = 1.0 / (1 << 24) as f32;
        for chance in [0.0, step, 1.5 * step, 2.0 * step, 3.0 * step, 0.0035, 0.5, 1.0 - step, 1.0, 1.5] {
            let values = values_below(chance);
            let edge = (values.clamp(1, (1 << 23) - 1) as u32) << 9;
            for word in [0, 1 << 9, edge - 1, edge, edge + 1, edge | 511, u32::MAX, 0x00e5_6042] {
                assert_eq!(strikes(word, values), uniform(word) < chance, "{chance} {word}");
            }
        }
    }
}
