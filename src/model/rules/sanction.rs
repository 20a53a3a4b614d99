//! R6a Administrative sanctions: what an accusation leads to short of arrest.
//!
//! Step 4 of the month, for those accused this month. A boss is demoted, a worker dismissed. The probability
//! rises with the licence to criticise and compounds over the accusations of the month. Patronage protects
//! party people in the elite, less so while the officials of the region are themselves under attack. Claims
//! C34, C42.

use crate::model::parameters::Parameters;
use crate::model::state::standing::Standing;

/// Returns the probability that a person accused `times` times this month is sanctioned.
///
/// `criticism` is the lever, 0 to 1. If the person is `protected`, patronage averts part of the sanctions;
/// `attack`, the attack on the region's officials (0 to 1), reduces that part.
pub fn probability(rules: &Parameters, criticism: f64, times: u16, protected: bool, attack: f64) -> f64 {
    let protection = if protected { rules.patronage * (1.0 - attack) } else { 0.0 };
    let once = rules.sanction_base
        * (rules.sanction_floor + (1.0 - rules.sanction_floor) * criticism)
        * (1.0 - protection);
    1.0 - (0..times).fold(1.0, |spared, _| spared * (1.0 - once))
}

/// Returns true for people who enjoy patronage: party people in the elite.
#[inline(always)]
pub(crate) fn protected(standing: Standing) -> bool {
    standing.elite() && standing.in_party()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sanctions_compound_and_patronage_averts_them_until_it_is_attacked() {
        let rules = Parameters::default();
        let once = 0.178 * (0.4 + 0.6 * 0.6);
        assert!((probability(&rules, 0.6, 1, false, 0.0) - once).abs() < 1e-12);
        assert!((probability(&rules, 0.6, 3, false, 0.0) - (1.0 - (1.0 - once).powi(3))).abs() < 1e-12);
        assert!((probability(&rules, 0.6, 1, true, 0.0) - once * 0.6).abs() < 1e-12);
        assert!((probability(&rules, 0.6, 1, true, 0.5) - once * 0.8).abs() < 1e-12);
        assert_eq!(probability(&rules, 0.6, 0, false, 0.0), 0.0);
    }
}
