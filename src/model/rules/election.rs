//! R6e Elections: the secret votes of 1937 on party and union posts.
//!
//! Step 4 of the month. Officials stand in the month of their parity; they lose where the electors are aggrieved,
//! where they are suspected, and, when the upper levels are the target, the higher they stand. Claim C36.

use crate::model::conditions::Conditions;
use crate::model::parameters::Parameters;
use crate::model::state::fate;
use crate::model::state::standing::{ELITE, Role, Standing};

/// Probability that an official is voted out by electors of this mean grievance.
pub fn losing(rules: &Parameters, grievance: f64, suspicion: f64, rank: u8, vigilance: f64) -> f64 {
    // Ranks above the lowest that is elected.
    let height = f64::from(rank - ELITE);
    let upper = if vigilance > rules.election_vigilance { height } else { 0.0 };
    let logit = rules.election_intercept
        + rules.election_grievance * grievance
        + rules.election_suspicion * suspicion.min(rules.suspicion_ceiling)
        + rules.election_upper * upper;
    1.0 / (1.0 + libm::exp(-logit))
}

/// The month, even or odd, in which an official stands: half of the officials stand in each of two months.
pub fn parity(identity: u64) -> u16 {
    (crate::engine::sampling::prefer(0, identity) & 1) as u16
}

/// Whether an official stands for election this month: in a post that is put to the vote, in the month of the parity, and
/// not fallen already.
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
        assert!((losing(&rules, 0.5, 1.0, 2, 1.0) - 0.598_687_66).abs() < 1e-8);
        // Two ranks higher, logit 2; the same as rank 2 where the upper levels are no target.
        assert!((losing(&rules, 0.5, 1.0, 4, 0.61) - 0.880_797_08).abs() < 1e-8);
        assert_eq!(losing(&rules, 0.5, 1.0, 4, 0.6), losing(&rules, 0.5, 1.0, 2, 1.0));
        assert_eq!(losing(&rules, 0.5, 9.0, 2, 1.0), losing(&rules, 0.5, 3.0, 2, 1.0));
    }

    #[test]
    fn half_of_the_officials_stand_in_each_month() {
        let even = (0..10_000u64).filter(|&identity| parity(identity) == 0).count();
        assert!((4_800..5_200).contains(&even), "{even}");
    }
}
