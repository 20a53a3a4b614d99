//! Implementation slack: how far managers enforce what the centre orders (before rule R1; claim C42).
//!
//! Step 1 of the month. Managers enforce less where labour is scarce and where they themselves are accused.
//! Pressure from the centre removes the slack.

use crate::model::conditions::Conditions;
use crate::model::parameters::Parameters;
use crate::model::state::unit::Unit;

/// Returns the share of the rules that is enforced in a unit (impl), from `implementation_floor` to 1.
///
/// `enforcement` is the lever, 0 to 1. `tightness` (0 to 1) and `accused_bosses` (accusations per boss,
/// smoothed) are last month's.
pub fn implementation(rules: &Parameters, enforcement: f64, tightness: f64, accused_bosses: f64) -> f64 {
    // Accusations have at most their full effect, and enforcement is at most full.
    let accused = (rules.accusation_pressure * accused_bosses).min(1.0);
    let slack = rules.scarcity_slack * tightness + rules.accusation_slack * accused;
    (1.0 - (1.0 - enforcement) * slack).clamp(rules.implementation_floor, 1.0)
}

/// Sets the share of the rules that a unit enforces this month. If the mechanism `union_stock` is off, union
/// capacity equals its lever.
pub fn update(conditions: &Conditions, unit: &mut Unit) {
    let enforcement = conditions.levers.enforcement;
    unit.now.implementation =
        implementation(&conditions.parameters, enforcement, unit.tightness, unit.accused_bosses);
    if !conditions.mechanisms.union_stock {
        unit.union = conditions.levers.union;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scarcity_and_accusation_make_slack_and_pressure_removes_it() {
        let rules = Parameters::default();
        assert!((implementation(&rules, 0.0, 0.5, 0.1) - (1.0 - (0.4 * 0.5 + 0.3 * 0.6))).abs() < 1e-12);
        assert!((implementation(&rules, 0.5, 0.5, 0.1) - (1.0 - 0.5 * 0.38)).abs() < 1e-12);
        assert_eq!(implementation(&rules, 1.0, 1.0, 1.0), 1.0);
        // More than a sixth of an accusation per boss has no further effect.
        assert_eq!(implementation(&rules, 0.0, 1.0, 5.0), implementation(&rules, 0.0, 1.0, 1.0 / 6.0));
        let slack = Parameters { scarcity_slack: 0.9, ..rules };
        assert_eq!(implementation(&slack, 0.0, 1.0, 1.0), 0.2);
    }
}
