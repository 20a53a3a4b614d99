//! R10 Discourse: the official image of the enemy, the popular one, and their overlap.
//!
//! Step 8 of the month; a measurement that no rule reads. The popular image is the rate at which people of
//! each target class are accused out of principle or temperament, per meeting with them. It fades over a
//! year. Claims C18, C19, C44, C45.

use crate::model::conditions::shares;
use crate::model::state::region::Centre;
use crate::model::state::standing::TARGET_CLASSES;
use crate::model::state::unit::{Act, WHOLE_ACT};

/// The two images of a month.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Images {
    /// Official image as shares of the target classes; `None` if it names no class.
    pub official: Option<[f64; TARGET_CLASSES]>,
    /// Popular image as shares of the target classes; `None` until someone is accused out of principle or
    /// temperament.
    pub popular: Option<[f64; TARGET_CLASSES]>,
    /// Overlap of the two images (Ω), 0 to 1: one minus their total variation distance. An undefined image
    /// counts as all zeros.
    pub overlap: f64,
}

/// Adds the month's accusations and expected meetings to the popular image, after a twelfth of it has been
/// forgotten.
pub fn remember<'a>(
    centre: &mut Centre,
    acts: impl Iterator<Item = &'a Act>,
    meetings: &[f64; TARGET_CLASSES],
) {
    // Integers, so that the sum does not depend on the order of the acts.
    let mut popular = [0u64; TARGET_CLASSES];
    for act in acts {
        popular[usize::from(act.target.class)] += u64::from(act.motives[0] + act.motives[1]);
    }
    for class in 0..TARGET_CLASSES {
        let acts = popular[class] as f64 / f64::from(WHOLE_ACT);
        centre.popular_acts[class] = centre.popular_acts[class] * (11.0 / 12.0) + acts;
        centre.popular_meetings[class] = centre.popular_meetings[class] * (11.0 / 12.0) + meetings[class];
    }
}

/// Returns the current images. `image` holds the weights of the official image (M).
pub fn images(image: &[f64; TARGET_CLASSES], centre: &Centre) -> Images {
    let official = shares(image);
    let rates: [f64; TARGET_CLASSES] = std::array::from_fn(|class| {
        let meetings = centre.popular_meetings[class];
        if meetings > 0.0 { centre.popular_acts[class] / meetings } else { 0.0 }
    });
    let popular = shares(&rates);
    let (one, other) = (official.unwrap_or_default(), popular.unwrap_or_default());
    let distance: f64 = one.iter().zip(&other).map(|(one, other)| (one - other).abs()).sum();
    // Rounding can raise the distance of disjoint images above 2 by a unit in the last place.
    Images { official, popular, overlap: (1.0 - 0.5 * distance).max(0.0) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::state::target::TargetProfile;

    #[test]
    fn images_overlap_by_what_they_share() {
        let mut centre =
            Centre { pulses: [0.0; 6], popular_acts: [0.0; 6], popular_meetings: [1e-9; 6], capital: 1.0 };
        let official = TargetProfile {
            rank: 3,
            role: 3,
            class: 3,
            since: 5,
            ambition: 0,
            ability: 0,
            candidate: false,
            suspected: false,
            comrades: false,
            same_brigade: false,
        };
        let act = Act {
            motives: [WHOLE_ACT / 2, WHOLE_ACT / 4, WHOLE_ACT / 4, 0],
            accuser_rank: 0,
            accuser_role: 0,
            target: official,
            chance: None,
            row: 0,
            official: false,
        };
        let manager = Act { target: TargetProfile { class: 2, ..official }, ..act };
        let acts = [act, manager, manager];
        remember(&mut centre, acts.iter(), &[1.0, 1.0, 2.0, 1.0, 1.0, 1.0]);
        // Rates: managers 1.5/2, officials .75/1, each half of the popular image.
        let images = images(&[0.5, 0.0, 0.5, 0.0, 0.0, 0.0], &centre);
        let popular = images.popular.unwrap();
        assert!((popular[2] - 0.5).abs() < 1e-6 && (popular[3] - 0.5).abs() < 1e-6);
        assert!((images.overlap - 0.5).abs() < 1e-6);
    }

    #[test]
    fn disjoint_images_never_overlap_by_less_than_zero() {
        for step in 1..2_000 {
            let weight = |factor: f64| 1.0 + (f64::from(step) * factor).fract();
            let official = [weight(0.37), weight(0.73), weight(0.91), 0.0, 0.0, 0.0];
            let popular_acts = [0.0, 0.0, 0.0, weight(0.29), weight(0.53), weight(0.83)];
            let centre = Centre { pulses: [0.0; 6], popular_acts, popular_meetings: [1.0; 6], capital: 1.0 };
            let overlap = images(&official, &centre).overlap;
            assert!((0.0..1e-15).contains(&overlap), "{overlap:?}");
        }
    }

    #[test]
    fn an_image_of_nobody_is_undefined() {
        let centre =
            Centre { pulses: [0.0; 6], popular_acts: [0.0; 6], popular_meetings: [1e-9; 6], capital: 1.0 };
        let images = images(&[0.0; 6], &centre);
        assert_eq!((images.official, images.popular), (None, None));
    }
}
