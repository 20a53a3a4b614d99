//! R6d Party purge: expulsion, and the quiet departure of workers.
//!
//! Step 4 of the month. Recent recruits, the suspected and the blemished are at risk first; weights are relative to
//! their mean over the party people of the country. Who may be expelled is marked while that mean is not yet known: it is
//! at least 1, the least weight. Claims C21, C35.

use crate::engine::maths::{exp, from_fixed};
use crate::model::conditions::Conditions;
use crate::model::state::fate;
use crate::model::state::person::Person;

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

/// Monthly hazard of expulsion at the mean weight; 0 in a month without a purge.
pub fn hazard(conditions: &Conditions) -> f64 {
    conditions.rules.purge_rate * conditions.levers.purge
}

/// Weight in the purge of a person in the party, in `month`.
pub(crate) fn weight_of(person: &Person, month: u16) -> f32 {
    weight(month as i16 - person.dates.joined(), person.suspicion, person.standing.blemish())
}

/// What the purge does to a person in the party with this hazard, as bits of [`fate`] to be added to what has already
/// happened: expulsion, with demotion of a boss who has not been arrested or sanctioned; or quiet departure of a worker.
#[inline(always)]
pub(crate) fn decide(
    hazard: f64,
    draw: f64,
    boss: bool,
    already: u16,
    demotion_draw: impl FnOnce() -> f64,
) -> u16 {
    if draw < hazard {
        let spared = already & (fate::ARRESTED | fate::SANCTIONED) != 0;
        let demoted = boss && !spared && demotion_draw() < DEMOTED;
        fate::EXPELLED | if demoted { fate::PURGED } else { 0 }
    } else if !boss && draw < QUIETLY * hazard {
        fate::LEFT_PARTY
    } else {
        0
    }
}

/// Mean weight of `people` party people whose weights sum to `sum`.
pub fn mean_weight(sum: u64, people: u64) -> f64 {
    if people == 0 { 1.0 } else { from_fixed(sum) * f64::from(WEIGHT_SCALE) / people as f64 }
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
