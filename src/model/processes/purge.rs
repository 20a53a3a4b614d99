//! R6d Party purge: expulsion, and the quiet departure of workers.
//!
//! Step 4 of the month. Recent recruits, the suspected and the blemished are at risk first; weights are relative to
//! their mean over the party people of the country. Who may be expelled is marked while that mean is not yet known: it is
//! at least 1, the least weight. Claims C21, C35.

use crate::engine::maths::{SUMMABLE, exp, fixed, from_fixed};
use crate::engine::random::{uniform, uniform64};
use crate::engine::simd::dispatch;
use crate::model::attributes::Dates;
use crate::model::conditions::Conditions;
use crate::model::people::fate;
use crate::model::person::Standing;
use crate::model::purpose::{RARE, monthly, rare};
use crate::model::scratch::Scratch;
use crate::model::unit::Unit;
use crate::model::watchlists::AtRisk;

/// Months after joining during which somebody counts as a recent recruit.
const RECENT_MONTHS: i16 = 24;
/// Share of the hazard of expulsion at which a worker leaves quietly, expulsion included.
pub(crate) const QUIETLY: f64 = 1.8;
/// Probability that an expelled boss is demoted as well.
pub(crate) const DEMOTED: f64 = 0.5;
/// Weights are summed as shares of this, which none reaches (the largest is e^2.6).
pub(crate) const WEIGHT_SCALE: f32 = 16.0;

/// Weight of a person in the purge, before division by its mean.
#[inline(always)]
pub fn weight(months_in_party: i16, suspicion: f32, blemish: bool) -> f32 {
    let suspicion = if suspicion < 3.0 { suspicion } else { 3.0 };
    exp(if months_in_party < RECENT_MONTHS { 0.7 } else { 0.0 }
        + 0.5 * suspicion
        + if blemish { 0.4 } else { 0.0 })
}

dispatch! {
    /// Sets [`fate::AT_RISK`] where a party person may be expelled or leave if the hazard at the mean weight is `hazard` and
    /// that mean at its least, which is 1; returns the sum of the weights of the party people.
    fn weigh(
        instructions,
        month: i16,
        hazard: f32,
        fates: &mut [u16],
        words: &[u32],
        dates: &[Dates],
        suspicions: &[f32],
        standings: &[Standing],
    ) -> u64 {
        let mut sum = 0u64;
        for first in (0..fates.len()).step_by(SUMMABLE) {
            let rows = first..fates.len().min(first + SUMMABLE);
            let fates = &mut fates[rows.clone()];
            let count = fates.len();
            let (words, dates) = (&words[rows.clone()][..count], &dates[rows.clone()][..count]);
            let (suspicions, standings) = (&suspicions[rows.clone()][..count], &standings[rows][..count]);
            let mut part = 0u32;
            for row in 0..count {
                let weight = weight(month - dates[row].joined(), suspicions[row], standings[row].blemish());
                let counted = if standings[row].in_party() { weight } else { 0.0 };
                part += fixed(counted * (1.0 / WEIGHT_SCALE));
                fates[row] |= if uniform(words[row]) < hazard * counted + ROUNDING { fate::AT_RISK } else { 0 };
            }
            sum += u64::from(part);
        }
        sum
    }
}

/// More than a uniform of 23 bits and a product in `f32` can be off.
const ROUNDING: f32 = 1e-6;

/// Monthly hazard of expulsion at the mean weight; 0 in a month without a purge.
pub fn hazard(conditions: &Conditions) -> f64 {
    conditions.rules.purge_rate * conditions.levers.purge
}

/// Sums the weights of the unit's party people, and marks in `scratch.fates` who may be expelled or leave.
/// `scratch.words` are those of the unit's people.
pub fn watch(conditions: &Conditions, unit: &Unit, scratch: &mut Scratch) -> u64 {
    let people = &unit.people;
    // A hazard raised by a thousandth, for rounding.
    let most = (1.001 * QUIETLY * hazard(conditions)) as f32;
    weigh(
        conditions.instructions,
        conditions.month.0 as i16,
        most,
        &mut scratch.fates[..people.len()],
        scratch.words.column(monthly::PURGE),
        &people.dates,
        &people.suspicion,
        &people.standing,
    )
}

/// Mean weight of `people` party people whose weights sum to `sum`.
pub fn mean_weight(sum: u64, people: u64) -> f64 {
    if people == 0 { 1.0 } else { from_fixed(sum) * f64::from(WEIGHT_SCALE) / people as f64 }
}

/// R6d for a unit: marks the expelled, those who leave quietly, and those demoted on expulsion, among those at risk.
pub fn pass(conditions: &Conditions, mean_weight: f64, unit: &mut Unit) {
    let hazard = hazard(conditions);
    let people = &unit.people;
    let month = conditions.month.0;
    for AtRisk { event, purge_word, .. } in &mut unit.watched.at_risk {
        let row = event.row as usize;
        let standing = people.standing[row];
        if !standing.in_party() {
            continue;
        }
        let weight =
            weight(month as i16 - people.dates[row].joined(), people.suspicion[row], standing.blemish());
        let hazard = hazard * f64::from(weight) / mean_weight;
        let draw = uniform64(*purge_word);
        if draw < hazard {
            event.fate |= fate::EXPELLED;
            let spared = event.fate & (fate::ARRESTED | fate::SANCTIONED) != 0;
            if standing.boss() && !spared {
                let words = conditions.key.block(RARE, month, people.identity[row]);
                if uniform64(words[rare::EXPULSION_DEMOTION]) < DEMOTED {
                    event.fate |= fate::PURGED;
                }
            }
        } else if !standing.boss() && draw < QUIETLY * hazard {
            event.fate |= fate::LEFT_PARTY;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recent_suspected_and_blemished_members_are_at_risk_first() {
        assert_eq!(weight(60, 0.0, false), 1.0);
        assert!((weight(23, 0.0, false) - 2.013_752_7).abs() < 1e-5);
        assert_eq!(weight(24, 0.0, false), 1.0);
        assert!((weight(60, 2.0, true) - 1.4f64.exp_m1() as f32 - 1.0).abs() < 1e-5);
        assert_eq!(weight(60, 3.0, false), weight(60, 9.0, false));
        assert_eq!(mean_weight(3 << 19, 2), 1.5);
    }
}
