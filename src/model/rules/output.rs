//! R11 Output and the plan gap.
//!
//! Step 8 of the month, for the people counted in step 1. A plant's output is the sum of its workers'
//! efforts, times capital, times a factor for its elite: their competence, their time in rank, and the share
//! of posts that are filled. The plan runs ahead of the trend of output. The elite is blamed in the next
//! month for the share by which output falls short of the plan. Claims C03, C08, C27, C37.

use super::growth;
use crate::model::conditions::Conditions;
use crate::model::levers::Levers;
use crate::model::parameters::Parameters;
use crate::model::state::unit::Unit;

/// Returns the factor of output due to the elite (the product that follows the workers' sum in R11).
///
/// `competence` is the elite's mean ability and `experience` the mean of [`super::effort::experience`], both
/// 0 to 1. `vacant` is the vacant share of posts of ranks 2 and 3; values below 0 or above
/// `output_vacancy_ceiling` count as these limits.
pub fn elite_part(rules: &Parameters, competence: f64, experience: f64, vacant: f64) -> f64 {
    // The floor applies also to a unit without an elite. Competence is measured in units of one half; this
    // affects only the level of output, which has no scale.
    let least = rules.output_floor;
    libm::pow((competence / 0.5).max(least), rules.output_competence)
        * libm::pow(experience.max(least), rules.output_experience)
        * libm::pow(1.0 - vacant.clamp(0.0, rules.output_vacancy_ceiling), rules.output_vacancies)
}

/// Returns capital after a month of growth, in the unit of the argument.
pub fn capital(rules: &Parameters, capital: f64) -> f64 {
    // The growth rate is per year.
    capital * libm::pow(1.0 + rules.capital_growth, 1.0 / 12.0)
}

/// Returns the share by which output falls short of the plan, from 0 to `plan_gap_ceiling`.
///
/// `output` and `trend` are monthly and in the same unit.
pub fn gap(rules: &Parameters, levers: &Levers, output: f64, trend: f64) -> f64 {
    let (growth, _) = growth::rates(rules, levers);
    let ahead = 1.0
        + rules.plan_growth * levers.growth
        + rules.plan_stakhanovism * levers.stakhanovism
        + libm::expm1(rules.plan_months * growth);
    let plan = trend * ahead;
    // Without earlier output there is no plan to miss.
    if plan > 0.0 { (1.0 - output / plan).clamp(0.0, rules.plan_gap_ceiling) } else { 0.0 }
}

/// Applies R11 to a unit: sets its output, its plan gap and the trend of its output. `capital` is relative to
/// January 1928.
pub fn update(conditions: &Conditions, capital: f64, unit: &mut Unit) {
    let (rules, levers) = (&conditions.parameters, &conditions.levers);
    let now = &mut unit.now;
    let elite: u32 = now.people_by_rank[2..].iter().sum();
    let mean = |sum: u64| {
        if elite == 0 { 0.0 } else { crate::engine::maths::from_fixed(sum) / f64::from(elite) }
    };
    // An office has no posts of these ranks.
    let posts = (unit.posts[2] + unit.posts[3]).max(1.0);
    let vacant = 1.0 - f64::from(now.people_by_rank[2] + now.people_by_rank[3]) / posts;
    let part = elite_part(rules, mean(now.elite_competence), mean(now.elite_experience), vacant);
    // Each worker's output was halved to fit fixed point.
    now.output = capital * 2.0 * crate::engine::maths::from_fixed(now.work) * part;
    let trend = unit.output_trend.unwrap_or(now.output);
    unit.plan_gap = if unit.office { 0.0 } else { gap(rules, levers, now.output, trend) };
    unit.output_trend = Some(trend + (now.output - trend) / rules.trend_months);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_elite_brings_competence_experience_and_presence() {
        let rules = Parameters::default();
        // .8^.2 · .6^.15 · .9^.3.
        let expected = 0.956_352_499_8 * 0.926_238_198_5 * 0.968_886_161_2;
        assert!((elite_part(&rules, 0.4, 0.6, 0.1) - expected).abs() < 1e-6);
        assert_eq!(elite_part(&rules, 0.0, 0.0, 2.0), elite_part(&rules, 0.01, 0.05, 0.9));
        // More people than posts count as no vacancy.
        assert_eq!(elite_part(&rules, 0.4, 0.6, -0.5), elite_part(&rules, 0.4, 0.6, 0.0));
    }

    #[test]
    fn plans_run_ahead_of_the_trend() {
        let rules = Parameters::default();
        let levers = Levers { growth: 0.5, stakhanovism: 0.4, ..Levers::default() };
        // Six months at half of .26: e^.065 - 1.
        let plan = 100.0 * (1.0 + 0.075 + 0.04 + 0.067_159_024_38);
        assert!((gap(&rules, &levers, 100.0, 100.0) - (1.0 - 100.0 / plan)).abs() < 1e-10);
        assert_eq!(gap(&rules, &levers, 200.0, 100.0), 0.0);
        assert_eq!(gap(&rules, &levers, 1.0, 100.0), 0.5);
        assert_eq!(gap(&rules, &levers, 0.0, 0.0), 0.0);
    }

    #[test]
    fn capital_compounds_to_a_year() {
        let rules = Parameters::default();
        let after = (0..12).fold(1.0, |stock, _| capital(&rules, stock));
        assert!((after - 1.03).abs() < 1e-12);
    }
}
