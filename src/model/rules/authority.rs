//! R7 Units: authority, catharsis, union capacity, and the stocks of accusation.
//!
//! Step 5 of the month. Managerial authority moves towards the backing that the centre gives it. It is lost,
//! in proportion to itself, when bosses are accused, arrested or demoted. Visible punishment of the elite and
//! show trials feed catharsis. Union capacity decays fast and is rebuilt slowly. Claims C14, C22, C29, C40.

use crate::model::conditions::Conditions;
use crate::model::parameters::Parameters;
use crate::model::state::unit::Unit;

/// Returns managerial authority after a month (A), from `authority_floor` to 1.
///
/// `backing` is the lever, 0 to 1. `accusations` and `removals` are this month's per boss.
pub fn authority(rules: &Parameters, authority: f64, backing: f64, accusations: f64, removals: f64) -> f64 {
    let drawn = rules.authority_speed * (backing - authority);
    let lost =
        authority * (rules.authority_loss_accusation * accusations + rules.authority_loss_removal * removals);
    // Authority is at most 1 by definition.
    (authority + drawn - lost).clamp(rules.authority_floor, 1.0)
}

/// Returns catharsis after a month (K), 0 or more.
///
/// Part of it is forgotten. `punished_elite`, the share of the elite arrested or demoted this month, and
/// `strongest_pulse`, that of the show trials, add to it.
pub fn catharsis(rules: &Parameters, catharsis: f64, punished_elite: f64, strongest_pulse: f64) -> f64 {
    rules.catharsis_memory * catharsis
        + rules.catharsis_gain * punished_elite.min(rules.catharsis_ceiling)
        + rules.trial_catharsis * strongest_pulse
}

/// Returns union capacity after a month (U), 0 to 1. `room` is the capacity that the centre allows.
pub fn union(rules: &Parameters, capacity: f64, room: f64) -> f64 {
    let speed = if room < capacity { rules.union_decay } else { rules.union_rebuilding };
    capacity + (room - capacity) * speed
}

/// Applies R7 to the stocks of a unit.
pub fn update(conditions: &Conditions, unit: &mut Unit) {
    let bosses = unit.now.bosses_at_least_one();
    let now = &unit.now;
    let accusations = f64::from(now.accusations_of_bosses) / bosses;
    let removals = f64::from(now.arrested_bosses + now.demoted_bosses) / bosses;
    let (rules, levers) = (&conditions.parameters, &conditions.levers);
    unit.authority = authority(rules, unit.authority, levers.managerial_authority, accusations, removals);
    let punished = f64::from(now.arrested_elite + now.demoted_elite) / now.elite_at_least_one();
    let strongest_pulse = conditions.pulses.iter().copied().fold(0.0, f64::max);
    unit.catharsis = catharsis(rules, unit.catharsis, punished, strongest_pulse);
    if conditions.mechanisms.union_stock {
        unit.union = union(rules, unit.union, levers.union);
    }
    let speed = rules.accused_speed;
    unit.accused_bosses = (1.0 - speed) * unit.accused_bosses + speed * accusations;
    let denouncers = if now.people() == 0 { 0.0 } else { f64::from(now.accusers) / f64::from(now.people()) };
    let speed = rules.denouncer_speed;
    // A share is at most 1; rounding of the two weights can exceed it.
    unit.denouncers = (rest_of(speed) * unit.denouncers + speed * denouncers).min(1.0);
}

/// Returns one minus a share, rounded to 15 decimals: `1.0 - 0.33` is one bit below 0.67, the weight that is
/// meant.
fn rest_of(share: f64) -> f64 {
    ((1.0 - share) * 1e15).round() / 1e15
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn authority_follows_its_backing_and_loses_in_proportion_to_itself() {
        let rules = Parameters::default();
        let expected = 0.5 + 0.06 * 0.3 - 0.5 * (0.5 * 0.1 + 0.02);
        assert!((authority(&rules, 0.5, 0.8, 0.1, 0.02) - expected).abs() < 1e-12);
        assert_eq!(authority(&rules, 0.02, 0.0, 9.0, 9.0), 0.02);
    }

    #[test]
    fn catharsis_fades_and_is_fed_by_punishment_and_trials() {
        let rules = Parameters::default();
        assert!((catharsis(&rules, 0.1, 0.2, 0.6) - (0.08 + 0.12 + 0.006)).abs() < 1e-12);
        assert_eq!(catharsis(&rules, 0.0, 0.9, 0.0), 0.3);
    }

    #[test]
    fn a_share_and_its_rest_make_one() {
        assert_eq!([0.0, 0.33, 0.25, 1.0].map(rest_of), [1.0, 0.67, 0.75, 0.0]);
    }

    #[test]
    fn unions_decay_fast_and_rebuild_slowly() {
        let rules = Parameters::default();
        assert!((union(&rules, 0.6, 0.3) - 0.55).abs() < 1e-12);
        assert!((union(&rules, 0.12, 0.6) - 0.13).abs() < 1e-12);
    }
}
