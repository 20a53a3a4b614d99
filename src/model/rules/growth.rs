//! R8 Growth of the workforce and of posts.
//!
//! Step 7 of the month. The growth rates follow from the levers and are the same everywhere, so that the
//! proportions between plants stay as they were at the start. The choice of a mover's plant
//! ([`super::destinations`]) relies on this. Claims C01, C09.

use crate::model::conditions::Conditions;
use crate::model::levers::Levers;
use crate::model::parameters::Parameters;
use crate::model::state::standing::RANKS;
use crate::model::state::unit::Unit;

/// Returns the monthly log growth of workers (gw), and of posts beyond it (gx).
pub fn rates(rules: &Parameters, levers: &Levers) -> (f64, f64) {
    // The parameters are per year.
    (rules.workforce_growth * levers.growth / 12.0, rules.post_deepening * levers.post_growth / 12.0)
}

/// Returns the factors by which the workers wanted (rank 0) and the posts of ranks 1 to 4 grow in a month.
///
/// Log growth adds up, so that twelve months at the same levers give the growth of a year.
pub fn factors(rules: &Parameters, levers: &Levers) -> [f64; RANKS] {
    let (workers, posts) = rates(rules, levers);
    let foremen = workers + rules.foreman_deepening * posts;
    [workers, foremen, workers + posts, workers + posts, rules.office_growth * (workers + posts)]
        .map(libm::exp)
}

/// Applies a month of growth to the workers wanted and the posts of a unit.
pub fn update(conditions: &Conditions, unit: &mut Unit) {
    unit.now.posts_before = std::array::from_fn(|rank| unit.whole_posts(rank));
    let factors = factors(&conditions.parameters, &conditions.levers);
    unit.workers_wanted *= factors[0];
    for (posts, factor) in unit.posts.iter_mut().zip(factors).skip(1) {
        *posts *= factor;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_a_twelfth_of_the_year() {
        let levers = Levers { growth: 0.5, post_growth: 0.25, ..Levers::default() };
        let (workers, posts) = rates(&Parameters::default(), &levers);
        assert!((workers - 0.26 * 0.5 / 12.0).abs() < 1e-15);
        assert!((posts - 0.153 * 0.25 / 12.0).abs() < 1e-15);
    }

    #[test]
    fn twelve_months_make_the_year() {
        let levers = Levers { growth: 1.0, post_growth: 1.0, ..Levers::default() };
        let year = factors(&Parameters::default(), &levers).map(|factor| libm::pow(factor, 12.0));
        // Logs .26, .26 + .5·.153, .26 + .153 twice, and .3 of that: e to the power of each.
        let expected = [1.296_930_1, 1.400_038_9, 1.511_345_0, 1.511_345_0, 1.131_902_7];
        for (got, expected) in year.into_iter().zip(expected) {
            assert!((got - expected).abs() < 1e-6, "{got} {expected}");
        }
    }
}
