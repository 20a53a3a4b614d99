//! Counts the outcomes of a unit's events ([`crate::model::rules::outcome`]).

use super::conditions::Conditions;
use super::fates as fate;
use super::unit::Unit;
use crate::model::rules::outcome::{self, Subject};

/// Counts the outcomes of a unit's events.
pub(super) fn count(conditions: &Conditions, unit: &mut Unit) {
    let Unit { people, candidates, state } = unit;
    for event in &candidates.events {
        let row = event.row as usize;
        let standing = people.standing[row];
        let punished = event.fate & (fate::ARRESTED | fate::SANCTIONED) != 0;
        let is_accused =
            || candidates.accused.binary_search_by_key(&event.row, |accused| accused.row).is_ok();
        let subject = Subject {
            standing,
            shock_worker: !standing.boss()
                && people.drive[row].shock_quality().value() < conditions.shock_below,
            suspicion: people.suspicion[row],
            accused: punished && is_accused(),
            entered: people.entered(row),
            joined: people.dates[row].joined(),
            month: conditions.month.0,
        };
        outcome::count(&conditions.parameters, event.fate, &subject, &mut state.now);
    }
}
