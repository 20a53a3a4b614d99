//! R9 Hiring: workers enter industry in the plants that lack them.
//!
//! Step 7 of the month, after the vacancy chain and school. Each plant hires a share of the workers that it
//! lacks. The scarcity of labour follows the share of workers missing, with a delay. Claims C05, C29.

use crate::engine::distributions::round_randomly;
use crate::engine::random::uniform64;
use crate::model::conditions::Conditions;
use crate::model::parameters::Parameters;
use crate::model::purpose;
use crate::model::state::unit::Unit;

/// Returns the scarcity of labour after a month (tight), 0 to 1.
///
/// Scarcity moves towards the share of workers missing, relative to the share that counts as full scarcity
/// (`vacancy_reference`).
pub fn tightness(rules: &Parameters, tightness: f64, missing: f64, wanted: f64) -> f64 {
    let speed = rules.tightness_speed;
    // The number of workers wanted may be zero.
    let scarcity = (missing / wanted.max(1.0) / rules.vacancy_reference).clamp(0.0, 1.0);
    (1.0 - speed) * tightness + speed * scarcity
}

/// Updates the scarcity of labour in a unit, and sets the number of workers that it hires this month.
pub fn update(conditions: &Conditions, unit: &mut Unit) {
    let (rules, missing) = (&conditions.parameters, unit.now.workers_missing);
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
