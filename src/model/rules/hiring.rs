//! R9 Hiring: workers come into industry where they lack.
//!
//! Step 7 of the month, after the vacancy chain and school. A share of the workers who are missing is hired; how scarce
//! labour is follows from what is missing. Claims C05, C29.

use crate::engine::distributions::round_randomly;
use crate::engine::random::uniform64;
use crate::model::conditions::Conditions;
use crate::model::parameters::Parameters;
use crate::model::purpose;
use crate::model::state::unit::Unit;

/// Scarcity of labour a month on (tight): it follows the share of workers missing, as a part of the share that counts as
/// full scarcity.
pub fn tightness(rules: &Parameters, tightness: f64, missing: f64, wanted: f64) -> f64 {
    let speed = rules.tightness_speed;
    // A plant may want no workers at all. Scarcity is a share of full scarcity.
    let scarcity = (missing / wanted.max(1.0) / rules.vacancy_reference).clamp(0.0, 1.0);
    (1.0 - speed) * tightness + speed * scarcity
}

/// Sets the scarcity of labour in a unit, and how many workers it hires this month.
pub fn update(conditions: &Conditions, unit: &mut Unit) {
    let (rules, missing) = (&conditions.rules, unit.now.workers_missing);
    unit.tightness = tightness(rules, unit.tightness, missing, unit.workers_wanted);
    let draw = uniform64(unit.words[purpose::unit::HIRES]);
    unit.now.hired = round_randomly(rules.hiring_share * missing, draw) as u32;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scarcity_follows_what_is_missing() {
        let rules = Parameters { vacancy_reference: 0.06, ..Parameters::default() };
        assert!((tightness(&rules, 0.5, 30.0, 1000.0) - (0.4 + 0.2 * 0.5)).abs() < 1e-12);
        assert!((tightness(&rules, 0.5, 90.0, 1000.0) - 0.6).abs() < 1e-12);
        assert_eq!(tightness(&rules, 0.0, 0.0, 0.0), 0.0);
    }
}
