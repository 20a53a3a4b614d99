//! R7 Regions: perceived punishment, the attack on officials, the arrest quota, and the rise of origin
//! groups.
//!
//! Step 5 of the month (the rise of origin groups: step 7). People learn from recent months in their region
//! how often the accused are punished. Arrests and demotions of its officials put those who remain under
//! attack. A region that nearly fulfils its plan of arrests raises its quota, the faster the more its
//! officials fear; the quota falls back to the plan once repression is low. Claims C42, C48.

use crate::model::parameters::Parameters;
use crate::model::state::region::{Region, RegionMonth};
use crate::model::state::standing::ORIGIN_GROUPS;

/// Returns the perceived share of the accused who are punished (phat), between its floor and its ceiling.
///
/// `punishments` and `accused` are numbers of people of the region, with exponential forgetting. Both count people:
/// several accusations of one person lead to one punishment at most.
pub fn perceived_punishment(rules: &Parameters, punishments: f64, accused: f64) -> f64 {
    ((punishments + rules.perception_punished) / (accused + rules.perception_accusations))
        .clamp(rules.perception_floor, rules.perception_ceiling)
}

/// Returns the arrest quota of a region after a month, as a multiple of the plan, 1 or more.
///
/// The quota rises while the number `arrested` is close to the number `due`, the faster the higher the
/// officials' mean `fear` (0 to 1). It falls back to the plan once `repression` is low.
pub fn quota(rules: &Parameters, quota: f64, repression: f64, due: u64, arrested: u64, fear: f64) -> f64 {
    // The quota never falls below the plan itself.
    if repression <= rules.ratchet_repression {
        (1.0 + rules.quota_memory * (quota - 1.0)).max(1.0)
    } else if arrested as f64 >= rules.ratchet_fulfilment * due as f64 {
        (quota * (1.0 + rules.quota_ratchet * (rules.ratchet_without_fear + fear))).min(rules.quota_ceiling)
    } else {
        quota
    }
}

/// Applies R7 to a region.
pub fn update(rules: &Parameters, repression: f64, region: &mut Region, now: &RegionMonth) {
    region.accused = rules.punishment_memory * region.accused + now.accused as f64;
    region.punishments = rules.punishment_memory * region.punishments + now.punished_suspects as f64;
    region.perceived_punishment = perceived_punishment(rules, region.punishments, region.accused);
    // Attack is at most 1 by definition.
    let attack = (rules.attack_scale * now.officials_removed as f64).min(1.0);
    region.attack = (1.0 - rules.attack_speed) * region.attack + rules.attack_speed * attack;
    region.quota = quota(rules, region.quota, repression, now.due, now.arrests, now.officials_fear);
}

/// Updates the promotions per head and year of each origin group, smoothed over a year (mob).
pub fn rise_of_groups(region: &mut Region, now: &RegionMonth) {
    for group in 0..ORIGIN_GROUPS {
        let rate = now.promotions[group] as f64 / now.heads[group].max(1) as f64;
        // Forgetting a twelfth each month makes the sum a number of promotions per head and year. Another
        // memory would change its unit.
        region.mobility[group] = region.mobility[group] * (11.0 / 12.0) + rate;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn region() -> Region {
        Region {
            quota: 2.0,
            attack: 0.4,
            accused: 10.0,
            punishments: 2.0,
            perceived_punishment: 0.14,
            mobility: [0.06, 0.05, 0.0],
        }
    }

    #[test]
    fn a_region_remembers_what_accusing_led_to() {
        let mut region = region();
        let now = RegionMonth {
            accused: 6,
            punished_suspects: 1,
            due: 10,
            arrests: 8,
            officials_removed: 2,
            officials_fear: 0.3,
            ..RegionMonth::default()
        };
        update(&Parameters::default(), 0.5, &mut region, &now);
        assert!((region.accused - 15.0).abs() < 1e-12);
        assert!((region.punishments - 2.8).abs() < 1e-12);
        assert!((region.perceived_punishment - 3.5 / 20.0).abs() < 1e-12);
        assert!((region.attack - (0.34 + 0.15)).abs() < 1e-12);
        assert!((region.quota - 2.0 * (1.0 + 0.05 * 0.8)).abs() < 1e-12);
    }

    #[test]
    fn quotas_ratchet_up_to_a_ceiling_and_fall_back_when_repression_ends() {
        let rules = Parameters::default();
        assert_eq!(quota(&rules, 2.0, 0.5, 10, 7, 0.3), 2.0);
        assert_eq!(quota(&rules, 2.99, 0.5, 0, 0, 0.9), 3.0);
        assert_eq!(quota(&rules, 2.0, 0.2, 10, 10, 0.3), 1.7);
        assert_eq!(quota(&rules, 1.0, 0.0, 0, 0, 0.0), 1.0);
    }

    #[test]
    fn perceived_punishment_stays_between_its_limits() {
        let rules = Parameters::default();
        assert_eq!(perceived_punishment(&rules, 0.0, 1e6), 0.02);
        assert_eq!(perceived_punishment(&rules, 1e6, 0.0), 0.6);
        assert!((perceived_punishment(&rules, 0.7, 5.0) - 0.14).abs() < 1e-12);
    }

    #[test]
    fn groups_rise_by_promotions_per_head() {
        let mut region = region();
        let now = RegionMonth { heads: [100, 0, 10], promotions: [2, 0, 1], ..RegionMonth::default() };
        rise_of_groups(&mut region, &now);
        for (got, expected) in region.mobility.iter().zip([0.055 + 0.02, 0.05 * 11.0 / 12.0, 0.1]) {
            assert!((got - expected).abs() < 1e-12);
        }
    }
}
