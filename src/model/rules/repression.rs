//! R6b Repression: arrests under a plan.
//!
//! Step 4 of the month, all ranks. Each unit is due a random number of arrests, whose mean follows the plan
//! and the region's quota. The people of the unit with the highest scores are considered. A score is the case
//! against a person plus noise; the case rises with suspicion, membership of the elite, origin among the
//! former people, and a blemish. A strong case always leads to arrest, a weak one with some probability.
//! Claims C24, C39, C42, C48.

use crate::engine::distributions::poisson;
use crate::engine::random::uniform64;
use crate::model::conditions::Conditions;
use crate::model::levers::Levers;
use crate::model::parameters::Parameters;
use crate::model::purpose;
use crate::model::state::region::Region;
use crate::model::state::standing::{Origin, Standing, TARGET_CLASSES};
use crate::model::state::unit::Unit;

/// Terms of the case that do not depend on the person.
#[derive(Debug, Clone, Copy)]
pub struct Case {
    /// Weight of suspicion by target class.
    suspicion: [f32; TARGET_CLASSES],
    elite: f32,
    former: f32,
    blemish: f32,
}

impl Case {
    /// Returns the terms under these levers and this official image.
    pub fn new(rules: &Parameters, levers: &Levers, image: &[f64; TARGET_CLASSES]) -> Self {
        Case {
            suspicion: image.map(|weight| (1.0 + rules.case_image * weight) as f32),
            elite: (rules.case_elite * levers.repression * levers.vigilance) as f32,
            former: (rules.case_former * levers.class_war) as f32,
            blemish: rules.case_blemish as f32,
        }
    }

    /// Returns the case against a person (base of R6b), 0 or more. `suspicion` is 0 or more.
    #[inline(always)]
    pub fn against(&self, standing: Standing, shock_worker: bool, suspicion: f32) -> f32 {
        self.suspicion[standing.target_class(shock_worker)] * suspicion
            + if standing.elite() { self.elite } else { 0.0 }
            + if standing.former() { self.former } else { 0.0 }
            + if standing.blemish() { self.blemish } else { 0.0 }
    }
}

/// Returns the probability that a person considered is arrested on a weak case.
pub fn weak_case(rules: &Parameters, repression: f64) -> f64 {
    (rules.weak_case_base + rules.weak_case_repression * repression).min(1.0)
}

impl Case {
    /// Returns [`Case::against`] for a worker.
    #[inline(always)]
    pub(crate) fn against_worker(&self, standing: Standing, shock_worker: bool, suspicion: f32) -> f32 {
        let own = if shock_worker { self.suspicion[4] } else { self.suspicion[5] };
        let former = standing.origin_bits() == Origin::Former as u16;
        (if former { self.suspicion[0] } else { own }) * suspicion
            + if former { self.former } else { 0.0 }
            + if standing.blemish() { self.blemish } else { 0.0 }
    }

    /// Returns [`Case::against`] for a boss.
    #[inline(always)]
    pub(crate) fn against_boss(&self, standing: Standing, suspicion: f32) -> f32 {
        let [former, specialist, manager, official, ..] = self.suspicion;
        let own = match standing.target_class(false) {
            0 => former,
            1 => specialist,
            2 => manager,
            _ => official,
        };
        own * suspicion
            + if standing.elite() { self.elite } else { 0.0 }
            + if standing.former() { self.former } else { 0.0 }
            + if standing.blemish() { self.blemish } else { 0.0 }
    }
}

/// Returns the number of people of a unit who are due for arrest this month: a Poisson draw.
pub(crate) fn due(conditions: &Conditions, region: &Region, unit: &Unit) -> u32 {
    let repression = conditions.levers.repression;
    let plan = conditions.parameters.arrest_plan * repression * f64::from(unit.now.people()) * region.quota;
    poisson(plan, uniform64(unit.words[purpose::unit::ARRESTS]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::state::standing::Role;

    #[test]
    fn the_case_adds_suspicion_rank_class_and_blemish() {
        let levers = Levers { repression: 0.5, vigilance: 0.8, class_war: 0.4, ..Levers::default() };
        let case = Case::new(&Parameters::default(), &levers, &[1.0, 0.0, 0.6, 0.0, 0.0, 0.0]);
        let mut manager = Standing::worker(Origin::Worker, true);
        manager.set_rank(3);
        manager.set_role(Role::Manager);
        let expected = 2.0 * 1.3 + 0.3 * 0.5 * 0.8 + 0.3;
        assert!((case.against(manager, false, 2.0) - expected).abs() < 1e-6);
        let mut foreman = Standing::worker(Origin::Former, true);
        foreman.set_rank(1);
        for role in [Role::Manager, Role::Specialist, Role::Party, Role::Union] {
            manager.set_role(role);
            for boss in [manager, foreman] {
                assert_eq!(case.against_boss(boss, 0.7), case.against(boss, false, 0.7));
            }
        }
        let former = Standing::worker(Origin::Former, false);
        assert!((case.against(former, false, 1.0) - (1.5 + 0.35 * 0.4)).abs() < 1e-6);
        for (origin, blemish) in [(Origin::Peasant, false), (Origin::Worker, true), (Origin::Former, true)] {
            let worker = Standing::worker(origin, blemish);
            for shock_worker in [false, true] {
                assert_eq!(
                    case.against_worker(worker, shock_worker, 0.7),
                    case.against(worker, shock_worker, 0.7)
                );
            }
        }
    }

    #[test]
    fn weak_cases_suffice_under_full_repression() {
        let rules = Parameters::default();
        assert_eq!(weak_case(&rules, 0.25), 0.65);
        assert_eq!(weak_case(&rules, 1.0), 1.0);
    }
}
