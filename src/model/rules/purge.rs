//! R6d Party purge: expulsion, and the quiet departure of workers.
//!
//! Step 4 of the month, party people, only while a purge is on. The hazard of expulsion is proportional to a
//! weight, relative to the mean weight of all party people in the country. Recent recruits, suspects and
//! people with a blemish weigh more. Workers may leave quietly before they are expelled. Of the bosses who are
//! expelled, those whose posts are for party people alone lose them, and some of the others are demoted as
//! well. Claims C21, C35.

use crate::engine::maths::{exp, from_fixed, scale_above};
use crate::model::conditions::Conditions;
use crate::model::parameters::Parameters;
use crate::model::state::fate;
use crate::model::state::person::Person;
use crate::model::state::standing::Standing;

/// Terms of the purge that do not depend on the person.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terms {
    /// Months after joining in which a person counts as a recent recruit.
    recent_months: i16,
    recent: f32,
    suspicion: f32,
    suspicion_ceiling: f32,
    blemish: f32,
    /// Scale of the sums: weights are summed as shares of this power of two, which exceeds every weight.
    pub(crate) scale: f32,
    /// Hazard that a worker is expelled or leaves quietly, relative to expulsion alone.
    pub(crate) quietly: f64,
    /// Probability that an expelled boss is demoted as well whose post is not for party people alone.
    demoted: f64,
}

impl Terms {
    /// Returns the terms under these parameters.
    pub(crate) fn new(rules: &Parameters) -> Self {
        Terms {
            recent_months: rules.purge_recent_months as i16,
            recent: rules.purge_recent as f32,
            suspicion: rules.purge_suspicion as f32,
            suspicion_ceiling: rules.suspicion_ceiling as f32,
            blemish: rules.purge_blemish as f32,
            scale: scale(rules),
            quietly: rules.purge_quiet,
            demoted: rules.purge_demotion,
        }
    }
}

/// Returns the scale of the weights; 16 for the default parameters, at most 1,024.
fn scale(rules: &Parameters) -> f32 {
    let suspicion = rules.purge_suspicion * rules.suspicion_ceiling;
    scale_above(libm::exp(rules.purge_recent + suspicion + rules.purge_blemish))
}

/// Returns the weight of a person in the purge, 1 or more, before division by the mean.
#[inline(always)]
pub(crate) fn weight(terms: &Terms, months_in_party: i16, suspicion: f32, blemish: bool) -> f32 {
    let suspicion = if suspicion < terms.suspicion_ceiling { suspicion } else { terms.suspicion_ceiling };
    exp(if months_in_party < terms.recent_months { terms.recent } else { 0.0 }
        + terms.suspicion * suspicion
        + if blemish { terms.blemish } else { 0.0 })
}

/// Returns the monthly hazard of expulsion at the mean weight; 0 in a month without a purge.
pub fn hazard(conditions: &Conditions) -> f64 {
    conditions.parameters.purge_rate * conditions.levers.purge
}

/// Returns the weight in the purge of a person in the party, in `month`.
pub(crate) fn weight_of(terms: &Terms, person: &Person, month: u16) -> f32 {
    weight(terms, month as i16 - person.dates.joined(), person.suspicion, person.standing.blemish())
}

/// Decides what the purge does to a person in the party. Returns bits of [`fate`] to be added to those in
/// `already`.
///
/// A person is expelled if `draw`, uniform on (0, 1), lies below `hazard`. A boss who is expelled is demoted as
/// well if the post is for party people alone, and otherwise may be, unless arrested or sanctioned this month. A
/// worker may leave the party quietly instead.
#[inline(always)]
pub(crate) fn decide(
    terms: &Terms,
    hazard: f64,
    draw: f64,
    standing: Standing,
    already: u16,
    demotion_draw: impl FnOnce() -> f64,
) -> u16 {
    if draw < hazard {
        let spared = already & (fate::ARRESTED | fate::SANCTIONED) != 0;
        let demoted =
            standing.boss() && !spared && (standing.party_post() || demotion_draw() < terms.demoted);
        fate::EXPELLED | if demoted { fate::PURGED } else { 0 }
    } else if !standing.boss() && draw < terms.quietly * hazard {
        fate::LEFT_PARTY
    } else {
        0
    }
}

/// Returns the mean weight of `people` party people whose weights sum to `sum` (in fixed point, as shares of
/// [`Terms::scale`]); 1 if there are no people.
pub(crate) fn mean_weight(terms: &Terms, sum: u64, people: u64) -> f64 {
    if people == 0 { 1.0 } else { from_fixed(sum) * f64::from(terms.scale) / people as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::parameters::parameter;
    use crate::model::state::standing::{Origin, Role};

    #[test]
    fn recent_suspected_and_blemished_members_are_at_risk_first() {
        let terms = Terms::new(&Parameters::default());
        let weight = |months, suspicion, blemish| weight(&terms, months, suspicion, blemish);
        assert_eq!(weight(60, 0.0, false), 1.0);
        assert!((weight(23, 0.0, false) - 2.013_752_7).abs() < 1e-5);
        assert_eq!(weight(24, 0.0, false), 1.0);
        assert!((weight(60, 2.0, true) - 1.4f64.exp_m1() as f32 - 1.0).abs() < 1e-5);
        assert_eq!(weight(60, 3.0, false), weight(60, 9.0, false));
        assert_eq!(mean_weight(&terms, 3 << 19, 2), 1.5);
    }

    #[test]
    fn expulsion_costs_posts_that_are_for_party_people() {
        let terms = Terms::new(&Parameters::default());
        let decide = |draw, rank, role, already, demotion_draw| {
            let mut standing = Standing::worker(Origin::Worker, false);
            standing.set_rank(rank);
            standing.set_role(role);
            decide(&terms, 0.1, draw, standing, already, || demotion_draw)
        };
        let (expelled, demoted) = (fate::EXPELLED, fate::EXPELLED | fate::PURGED);
        // Half of the managers are demoted with their expulsion, and all officials of party and union.
        assert_eq!(decide(0.05, 3, Role::Manager, 0, 0.4), demoted);
        assert_eq!(decide(0.05, 3, Role::Manager, 0, 0.6), expelled);
        for (rank, role) in [(2, Role::Party), (3, Role::Union), (4, Role::Manager)] {
            assert_eq!(decide(0.05, rank, role, 0, 0.9), demoted);
            assert_eq!(decide(0.05, rank, role, fate::SANCTIONED, 0.9), expelled);
        }
        assert_eq!(decide(0.15, 2, Role::Party, 0, 0.1), 0);
        assert_eq!(decide(0.15, 0, Role::None, 0, 0.1), fate::LEFT_PARTY);
        assert_eq!(decide(0.19, 0, Role::None, 0, 0.1), 0);
    }

    #[test]
    fn no_weight_reaches_its_scale() {
        let mut rules = Parameters::default();
        assert_eq!(Terms::new(&rules).scale, 16.0);
        for key in ["purge_recent", "purge_suspicion", "purge_blemish", "suspicion_ceiling"] {
            let info = parameter(key).unwrap();
            (info.set)(&mut rules, info.valid.1);
        }
        let terms = Terms::new(&rules);
        assert_eq!(terms.scale, 1024.0);
        assert!(weight(&terms, 0, 9.0, true) < terms.scale);
    }
}
