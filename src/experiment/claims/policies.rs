//! Makes random policies for null n4, and describes any scenario by what its levers are in each phase.
//!
//! Null n4 predicts a result from the levers alone. It is fitted on these policies, not on the base or its patches.

use super::draws::Keyed;
use super::layers::{phase_means, write_phases};
use crate::experiment::sweep::sobol::{DIMENSIONS, Sobol};
use crate::model::levers::{LEVERS, LeverInfo};
use crate::scenario::Scenario;

/// Levers, besides the judged ones, that random policies vary.
const FURTHER: [&str; 2] = ["union", "repression"];

/// The lever that has a range of its own.
const REPRESSION: &str = "repression";

/// The levers that random policies vary, with their positions: the judged ones, union and repression.
fn varied() -> impl Iterator<Item = (usize, &'static LeverInfo)> {
    LEVERS.iter().enumerate().filter(|(_, info)| info.judged || FURTHER.contains(&info.key))
}

/// Writes a random policy as a patch, and returns its [`features`].
///
/// Each varied lever is constant within each phase of the base, at a coordinate of a point of the Sobol' sequence. The bits
/// of each dimension are flipped by a random word of the seed (a digital shift), which keeps the points as even as they are
/// and lets none of them be a corner. Dimensions beyond the 64 of the sequence, which a base with more than five phases has,
/// are independent draws. All levers run from 0 to 1 but repression, which runs from 0 to the largest mean that it has in a
/// phase of the base: at 1 throughout, arrests would stay for thirteen years at the height of the autumn of 1937, and such
/// policies would decide the fit. The rest of the base is unchanged, its events included.
pub fn policy(base: &Scenario, seed: u64, number: u32) -> (String, Vec<f64>) {
    let (shifts, rest) = (Keyed::new(seed, "policy shift", 0), Keyed::new(seed, "policy", number));
    let phases = base.phases.len();
    let dimensions = varied().count() * phases;
    let sobol = Sobol::new(dimensions.min(DIMENSIONS));
    let coordinate = |dimension: usize| {
        if dimension >= DIMENSIONS {
            return rest.uniform("dimension", dimension);
        }
        let bits = sobol.coordinate(number, dimension) ^ shifts.word("dimension", dimension);
        crate::engine::random::uniform64(bits)
    };
    let (mut text, mut features) = (String::new(), Vec::with_capacity(dimensions));
    for (row, (_, info)) in varied().enumerate() {
        let most = most(base, info.key);
        let of_phase: Vec<f64> = (0..phases).map(|phase| most * coordinate(row * phases + phase)).collect();
        write_phases(&mut text, base, info.key, &of_phase);
        features.extend(of_phase);
    }
    (text, features)
}

/// The largest level of a lever in random policies: 1, and for repression the largest mean that it has in a phase of the base.
pub fn most(base: &Scenario, lever: &str) -> f64 {
    let repression = LEVERS.iter().position(|info| info.key == lever).filter(|_| lever == REPRESSION);
    repression
        .map_or(1.0, |position| phase_means(base, &base.tracks[position]).into_iter().fold(0.0, f64::max))
}

/// The means of the varied levers in each phase, before smoothing: lever by lever, each phase in turn.
pub fn features(scenario: &Scenario) -> Vec<f64> {
    varied().flat_map(|(position, _)| phase_means(scenario, &scenario.tracks[position])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Patch, Stack, load};

    #[test]
    fn twelve_levers_and_five_phases_fit_the_sequence() {
        let levers: Vec<&str> = varied().map(|(_, info)| info.key).collect();
        assert_eq!(levers.len(), 12, "{levers:?}");
        assert_eq!(features(&load("historical", &[]).unwrap()).len(), 60);
    }

    #[test]
    fn a_policy_has_the_features_that_it_returns() {
        let stack = Stack::load("historical").unwrap();
        let base = load("historical", &[]).unwrap();
        for number in [0, 1, 77, 199] {
            let (text, expected) = policy(&base, 1, number);
            let scenario = stack.resolve(&[Patch::Text { name: "a policy", text: &text }], None).unwrap();
            let found = features(&scenario);
            assert!(found.iter().zip(&expected).all(|(one, other)| (one - other).abs() < 1e-12));
            assert_eq!((scenario.events, &scenario.parameters), (base.events.clone(), &base.parameters));
        }
    }

    /// 64 points of the sequence fall into each 64th of every dimension once, and so they do after a digital shift.
    #[test]
    fn policies_fill_every_part_of_every_range_once() {
        let base = load("historical", &[]).unwrap();
        let all: Vec<Vec<f64>> = (0..64).map(|number| policy(&base, 5, number).1).collect();
        for (dimension, (position, info)) in varied().flat_map(|lever| [lever; 5]).enumerate() {
            let most = if info.key == "repression" { 8.86 / 22.0 } else { 1.0 };
            let mut parts: Vec<usize> =
                all.iter().map(|features| (features[dimension] / most * 64.0) as usize).collect();
            parts.sort_unstable();
            assert!(parts.iter().copied().eq(0..64), "{} {position}: {parts:?}", info.key);
        }
        assert!(policy(&base, 5, 0) != policy(&base, 6, 0));
    }

    #[test]
    fn a_base_with_many_phases_has_policies_as_well() {
        let mut base = load("historical", &[]).unwrap();
        let months = ["1928-01", "1930-01", "1932-01", "1934-01", "1936-01", "1938-01", "1940-01"];
        base.phases = months
            .iter()
            .map(|from| crate::scenario::Phase { name: format!("from {from}"), from: from.parse().unwrap() })
            .collect();
        let (one, other) = (policy(&base, 1, 0).1, policy(&base, 1, 1).1);
        assert_eq!(one.len(), 84);
        assert!(one.iter().zip(&other).all(|(one, other)| one != other));
    }
}
