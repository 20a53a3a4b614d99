//! Sanctions the accused of a unit (R6a, [`crate::model::rules::sanction`]).

use super::conditions::Conditions;
use super::fates as fate;
use super::unit::Unit;
use crate::engine::random::uniform64;
use crate::model::rules::sanction as rule;
use crate::model::state::region::Region;

/// R6a for a unit: marks the people who are sanctioned in `fates`.
pub(super) fn pass(conditions: &Conditions, region: &Region, unit: &mut Unit, fates: &mut [u16]) {
    unit.state.now.accused = unit.candidates.accused.len() as u32;
    for accused in &unit.candidates.accused {
        let row = accused.row as usize;
        let standing = unit.people.standing[row];
        let protected = rule::protected(standing);
        let criticism = conditions.levers.criticism;
        let chance =
            rule::probability(&conditions.parameters, criticism, accused.times, protected, region.attack);
        if uniform64(accused.sanction_word) < chance {
            fates[row] |= fate::SANCTIONED;
        }
    }
}
