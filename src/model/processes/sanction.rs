//! R6a Administrative sanctions: what an accusation leads to short of arrest.
//!
//! Step 4 of the month. A boss is demoted, a worker dismissed; party people in the elite enjoy patronage unless the
//! region's officials are themselves under attack. Claims C34, C42.

use crate::engine::random::uniform64;
use crate::model::conditions::Conditions;
use crate::model::parameters::Parameters;
use crate::model::people::fate;
use crate::model::region::Region;
use crate::model::unit::Unit;

/// Probability that somebody accused `times` this month is sanctioned; it compounds over the accusations.
pub fn sanction(rules: &Parameters, criticism: f64, times: u16, protected: bool, attack: f64) -> f64 {
    let protection = if protected { rules.patronage * (1.0 - attack) } else { 0.0 };
    let once = rules.sanction_base * (0.4 + 0.6 * criticism) * (1.0 - protection);
    1.0 - (0..times).fold(1.0, |spared, _| spared * (1.0 - once))
}

/// R6a for a unit: marks those who are sanctioned in `fates`.
pub fn pass(conditions: &Conditions, region: &Region, unit: &mut Unit, fates: &mut [u16]) {
    unit.now.accused_people = unit.now.accused.len() as u32;
    for accused in &unit.now.accused {
        let row = accused.row as usize;
        let standing = unit.people.standing[row];
        let protected = standing.elite() && standing.in_party();
        let criticism = conditions.levers.criticism;
        let chance = sanction(&conditions.rules, criticism, accused.times, protected, region.attack);
        if uniform64(accused.sanction_word) < chance {
            fates[row] |= fate::SANCTIONED;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sanctions_compound_and_patronage_averts_them_until_it_is_attacked() {
        let rules = Parameters::default();
        let once = 0.178 * (0.4 + 0.6 * 0.6);
        assert!((sanction(&rules, 0.6, 1, false, 0.0) - once).abs() < 1e-12);
        assert!((sanction(&rules, 0.6, 3, false, 0.0) - (1.0 - (1.0 - once).powi(3))).abs() < 1e-12);
        assert!((sanction(&rules, 0.6, 1, true, 0.0) - once * 0.6).abs() < 1e-12);
        assert!((sanction(&rules, 0.6, 1, true, 0.5) - once * 0.8).abs() < 1e-12);
        assert_eq!(sanction(&rules, 0.6, 0, false, 0.0), 0.0);
    }
}
