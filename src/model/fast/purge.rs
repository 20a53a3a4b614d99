//! Runs the purge by columns (R6d, [`crate::model::rules::purge`]).
//!
//! The first sweep sums the weights and marks everyone whom the purge may reach. The mean weight is not known yet,
//! but it is at least 1, the least weight. The fate of the people marked is decided once it is known.

use super::conditions::Conditions;
use super::fates as fate;
use super::unit::Unit;
use super::workspace::Workspace;
use crate::engine::maths::{SUMMABLE, fixed};
use crate::engine::random::{uniform, uniform64};
use crate::engine::simd::dispatch;
use crate::model::purpose::{RARE, monthly, rare};
use crate::model::rules::outcome::joined_recently;
use crate::model::rules::purge::{Terms, decide, hazard, weight};
use crate::model::state::standing::Standing;
use crate::model::state::traits::Dates;

dispatch! {
    /// Sets [`fate::AT_RISK`] for party people who may be expelled or leave at the given hazard if the mean weight is
    /// 1; returns the sum of the weights and the number of recent recruits.
    fn weigh(
        instructions,
        terms: &Terms,
        month: i16,
        hazard: f32,
        fates: &mut [u16],
        words: &[u32],
        dates: &[Dates],
        suspicions: &[f32],
        standings: &[Standing],
    ) -> (u64, u32) {
        let terms = *terms;
        let unit = 1.0 / terms.scale;
        let (mut sum, mut recent) = (0u64, 0u32);
        for first in (0..fates.len()).step_by(SUMMABLE) {
            let rows = first..fates.len().min(first + SUMMABLE);
            let fates = &mut fates[rows.clone()];
            let count = fates.len();
            let (words, dates) = (&words[rows.clone()][..count], &dates[rows.clone()][..count]);
            let (suspicions, standings) = (&suspicions[rows.clone()][..count], &standings[rows][..count]);
            let mut part = 0u32;
            for row in 0..count {
                let weight = weight(&terms, month - dates[row].joined(), suspicions[row], standings[row].blemish());
                let counted = if standings[row].in_party() { weight } else { 0.0 };
                part += fixed(counted * unit);
                recent += u32::from(standings[row].in_party() & joined_recently(dates[row].joined(), month));
                fates[row] |= if uniform(words[row]) < hazard * counted + ROUNDING { fate::AT_RISK } else { 0 };
            }
            sum += u64::from(part);
        }
        (sum, recent)
    }
}

/// Exceeds the rounding errors of a 23-bit uniform and of a product in `f32`. A mark too many does no harm,
/// because [`pass`] decides exactly.
const ROUNDING: f32 = 1e-6;

/// Sums the weights of the unit's party people, counts the recent recruits among them, and marks in `workspace.fates`
/// those who may be expelled or leave. `workspace.words` must be those of the unit's people.
pub(super) fn mark(conditions: &Conditions, unit: &mut Unit, workspace: &mut Workspace) {
    let people = &unit.people;
    // The factor of 1.001 allows for rounding.
    let terms = Terms::new(&conditions.parameters);
    let most = (1.001 * terms.quietly * hazard(conditions)) as f32;
    let (weight, recent) = weigh(
        conditions.instructions,
        &terms,
        conditions.month.0 as i16,
        most,
        &mut workspace.fates[..people.len()],
        workspace.words.column(monthly::PURGE),
        &people.dates,
        &people.suspicion,
        &people.standing,
    );
    unit.candidates.purge_weight = weight;
    let now = &mut unit.state.now;
    now.exposed_to_purge = [recent, now.party - recent];
}

/// R6d for a unit: decides the fate of the people marked by [`mark`].
pub(super) fn pass(conditions: &Conditions, mean_weight: f64, unit: &mut Unit) {
    let (rate, month) = (hazard(conditions), conditions.month.0);
    let terms = Terms::new(&conditions.parameters);
    let people = &unit.people;
    for event in unit.candidates.events.iter_mut().filter(|event| event.fate & fate::AT_RISK != 0) {
        let row = event.row as usize;
        let standing = people.standing[row];
        let months = month as i16 - people.dates[row].joined();
        let weight = weight(&terms, months, people.suspicion[row], standing.blemish());
        let demotion_draw = || {
            let words = conditions.key.block(RARE, month, people.identity[row]);
            uniform64(words[rare::EXPULSION_DEMOTION])
        };
        let hazard = rate * f64::from(weight) / mean_weight;
        let draw = uniform64(event.purge_word);
        if standing.in_party() {
            event.fate |= decide(&terms, hazard, draw, standing, event.fate, demotion_draw);
        }
    }
}
