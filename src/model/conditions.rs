//! Defines the conditions of a month, which are the same for everyone: levers, parameters, events, and the official
//! image of the enemy.
//!
//! They are computed once at the start of the month; the rules only read them.

use super::levers::Levers;
use super::mechanisms::Mechanisms;
use super::parameters::Parameters;
use super::state::standing::TARGET_CLASSES;
use crate::engine::calendar::Month;
use crate::engine::random::Key;

/// Returns the hostility of the discourse of class war to each target class (a of R5), in units of that to
/// former people. The lever `class_war` carries the size.
///
/// The zeros are not parameters: this discourse did not name these classes as enemies.
fn class_hostility(rules: &Parameters) -> [f64; TARGET_CLASSES] {
    [1.0, rules.class_war_specialist, rules.class_war_manager, 0.0, 0.0, 0.0]
}

/// Returns the hostility of the discourse of vigilance, in which enemies may be anywhere, to each target
/// class (b of R5), in units of that to officials. The lever `vigilance` carries the size.
///
/// The zero is not a parameter: this discourse did not name shock workers as enemies.
fn vigilant_hostility(rules: &Parameters) -> [f64; TARGET_CLASSES] {
    [
        rules.vigilance_former,
        rules.vigilance_specialist,
        rules.vigilance_manager,
        1.0,
        0.0,
        rules.vigilance_worker,
    ]
}

/// The conditions of one month.
#[derive(Debug, Clone)]
pub struct Conditions {
    /// The month.
    pub month: Month,
    /// Levers in force, after smoothing.
    pub levers: Levers,
    /// Parameters, with those of ablated mechanisms at zero.
    pub parameters: Parameters,
    /// Switches of the mechanisms. Rules read only those that no parameter represents.
    pub mechanisms: Mechanisms,
    /// Pulse of the show trials by target class, 0 or more.
    pub pulses: [f64; TARGET_CLASSES],
    /// Weight of each target class in the official image of the enemy (M), 0 or more; not normalised.
    pub image: [f64; TARGET_CLASSES],
    /// Quality number below which a worker is a shock worker.
    pub shock_below: f32,
    /// True if party posts, and if union posts, are put to the vote this month.
    pub elections: [bool; 2],
    /// Key of the month's random draws; every draw of the month uses it.
    pub key: Key,
}

/// Returns the weight of each target class in the official image of the enemy (M of R5): class war, vigilance
/// and the pulses of show trials. Weights are 0 or more and not normalised.
pub fn official_image(
    rules: &Parameters,
    levers: &Levers,
    pulses: &[f64; TARGET_CLASSES],
) -> [f64; TARGET_CLASSES] {
    let (by_class, by_vigilance) = (class_hostility(rules), vigilant_hostility(rules));
    std::array::from_fn(|class| {
        levers.class_war * by_class[class] + levers.vigilance * by_vigilance[class] + pulses[class]
    })
}

/// Returns `weights` divided by their sum, or `None` if the sum is zero.
pub fn shares(weights: &[f64; TARGET_CLASSES]) -> Option<[f64; TARGET_CLASSES]> {
    let sum: f64 = weights.iter().sum();
    (sum > 0.0).then(|| weights.map(|weight| weight / sum))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_official_image_adds_class_war_vigilance_and_trials() {
        let levers = Levers { class_war: 0.7, vigilance: 0.35, ..Levers::default() };
        let image = official_image(&Parameters::default(), &levers, &[0.6, 0.0, 0.0, 0.5, 0.0, 0.0]);
        for (got, expected) in
            image.iter().zip([0.7 + 0.1 + 0.6, 0.2 + 0.15, 0.1 + 0.35, 0.35 + 0.5, 0.0, 0.05])
        {
            assert!((got - expected).abs() < 1e-12, "{image:?}");
        }
    }

    #[test]
    fn an_image_of_nobody_has_no_shares() {
        assert_eq!(shares(&[0.0; 6]), None);
        assert_eq!(shares(&[1.0, 0.0, 3.0, 0.0, 0.0, 0.0]), Some([0.25, 0.0, 0.75, 0.0, 0.0, 0.0]));
    }
}
