//! Hires workers for a unit (R9, [`crate::model::rules::hiring`]).

use super::conditions::Conditions;
use super::prefilter::Prefilter;
use super::unit::Unit;
use super::workspace::Workspace;
use super::{entrants, recruitment};
use crate::model::identity;
use crate::model::purpose::{BIRTH, MONTHLY};
use crate::model::rules::hiring as rule;

/// R9 for a unit: hires workers and updates the scarcity of labour.
pub(super) fn pass(
    conditions: &Conditions,
    prefilter: &Prefilter,
    unit: &mut Unit,
    workspace: &mut Workspace,
) {
    let (rules, month, instructions) = (&conditions.parameters, conditions.month, conditions.instructions);
    rule::update(conditions, &mut unit.state);
    let hires = unit.state.now.hired;
    let Workspace { words, identities, .. } = workspace;
    identities.clear();
    identities.extend((0..hires).map(|ordinal| identity::hire(month, unit.state.number, ordinal)));
    words.fill(instructions, &conditions.key, BIRTH, month.0, identities);
    let brigades = unit.state.brigades();
    let people = &mut unit.people;
    let first = entrants::hires(instructions, rules, people, month.0, brigades, identities, words);
    for standing in &people.standing[first..] {
        unit.state.now.hired_by_origin[standing.origin() as usize] += 1;
    }
    // Of the hires' own words of this month, only the draw of joining the party is still read.
    if let Some(joining) = &prefilter.party {
        words.fill(instructions, &conditions.key, MONTHLY, month.0, identities);
        recruitment::list_from(conditions, joining, first, unit, workspace);
    }
}
