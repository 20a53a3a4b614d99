//! R6e Elections: the secret votes of 1937 on party and union posts.
//!
//! Step 4 of the month. Half of the officials stand for election in each of two months. They are more likely
//! to lose if their electors are aggrieved, if they are under suspicion, and, when vigilance makes the upper
//! levels the target, the higher their rank. Claim C36.

use crate::model::conditions::Conditions;
use crate::model::parameters::Parameters;
use crate::model::state::fate;
use crate::model::state::standing::{ELITE, Role, Standing};

/// Returns the probability that an official is voted out.
///
/// `grievance` is the mean grievance of the electors, 0 to 1. `suspicion`, 0 or more, counts up to
/// `suspicion_ceiling`. `rank` is at least 2.
pub fn probability(rules: &Parameters, grievance: f64, suspicion: f64, rank: u8, vigilance: f64) -> f64 {
    // Number of ranks above the lowest that is elected.
    let height = f64::from(rank - ELITE);
    let upper = if vigilance > rules.election_vigilance { height } else { 0.0 };
    let logit = rules.election_intercept
        + rules.election_grievance * grievance
        + rules.election_suspicion * suspicion.min(rules.suspicion_ceiling)
        + rules.election_upper * upper;
    1.0 / (1.0 + libm::exp(-logit))
}

/// Returns the parity, 0 or 1, of the month in which an official stands. Each applies to half of the
/// officials.
pub fn parity(identity: u64) -> u16 {
    (crate::engine::sampling::prefer(0, identity) & 1) as u16
}

/// Returns true if an official stands for election this month: the post is put to the vote, the parity of the
/// month is the official's, and the official has not been arrested, sanctioned or demoted this month.
pub(crate) fn stands(conditions: &Conditions, standing: Standing, identity: u64, fate: u16) -> bool {
    let [party, union] = conditions.elections;
    let put_to_the_vote = match standing.role() {
        Role::Party => party,
        Role::Union => union,
        _ => false,
    };
    let fallen = fate & (fate::ARRESTED | fate::SANCTIONED | fate::PURGED) != 0;
    standing.elite() && put_to_the_vote && !fallen && parity(identity) == conditions.month.0 % 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn officials_lose_by_grievance_suspicion_and_height() {
        let rules = Parameters::default();
        // Logit −1 + 2·.5 + .4·1 = .4.
        assert!((probability(&rules, 0.5, 1.0, 2, 1.0) - 0.598_687_66).abs() < 1e-8);
        // Two ranks higher: logit 2. Where the upper levels are not the target, all ranks are equal.
        assert!((probability(&rules, 0.5, 1.0, 4, 0.61) - 0.880_797_08).abs() < 1e-8);
        assert_eq!(probability(&rules, 0.5, 1.0, 4, 0.6), probability(&rules, 0.5, 1.0, 2, 1.0));
        assert_eq!(probability(&rules, 0.5, 9.0, 2, 1.0), probability(&rules, 0.5, 3.0, 2, 1.0));
    }

    #[test]
    fn half_of_the_officials_stand_in_each_month() {
        let even = (0..10_000u64).filter(|&identity| parity(identity) == 0).count();
        assert!((4_800..5_200).contains(&even), "{even}");
    }
}
