//! Divides people into thirds by ambition and by ability.
//!
//! No rule reads these thirds; they classify bosses and the targets of accusations for the tables.

use crate::model::state::standing::RANKS;
use crate::model::state::target::THIRDS;
use crate::model::state::traits::Aptitude;

/// Ambitions that divide the people who enter the model into thirds: the tertiles of Beta(2, 4), .229 and .421.
///
/// Ambition never changes, so the cut points hold for all months. Among bosses the thirds are not of equal size, because
/// ambition helps people to rise.
pub const AMBITION_CUTS: [f32; THIRDS - 1] = [beta_2_4_quantile(1.0 / 3.0), beta_2_4_quantile(2.0 / 3.0)];

/// Returns the value below which this share of the distribution Beta(2, 4) lies.
const fn beta_2_4_quantile(share: f64) -> f32 {
    let (mut low, mut high) = (0.0, 1.0);
    let mut step = 0;
    while step < 60 {
        let middle = 0.5 * (low + high);
        // The distribution function: 1 − (1 − x)⁴ (1 + 4x).
        let rest = (1.0 - middle) * (1.0 - middle);
        if 1.0 - rest * rest * (1.0 + 4.0 * middle) < share {
            low = middle;
        } else {
            high = middle;
        }
        step += 1;
    }
    (0.5 * (low + high)) as f32
}

/// Returns the third of an ambition, 0 to 2.
#[inline(always)]
pub fn ambition_third(ambition: f32) -> u8 {
    u8::from(ambition >= AMBITION_CUTS[0]) + u8::from(ambition >= AMBITION_CUTS[1])
}

/// Thirds of ability among the bosses of each rank, as of January of the current year.
///
/// Ability grows by the same amount for everyone, so the cut points are kept as aptitudes: they rise through the year as
/// the ability of the people does. Ranks are divided separately, because ability rises with rank.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AbilityThirds {
    cuts: [[Aptitude; THIRDS - 1]; RANKS],
}

impl Default for AbilityThirds {
    /// Returns the thirds of ranks without people, in which everyone counts to the middle.
    fn default() -> Self {
        AbilityThirds { cuts: [[Aptitude::nearest(-1.0), Aptitude::nearest(1.0)]; RANKS] }
    }
}

impl AbilityThirds {
    /// Returns the thirds of bosses with these aptitudes, by rank.
    ///
    /// Of n people of a rank in ascending order, the middle third begins with person n/3 and the upper third with
    /// person 2n/3, both rounded down and counted from 0. Equal people are in the same third.
    pub(crate) fn of(aptitudes: &mut [Vec<Aptitude>; RANKS]) -> Self {
        let mut thirds = AbilityThirds::default();
        for (cuts, aptitudes) in thirds.cuts.iter_mut().zip(aptitudes) {
            let people = aptitudes.len();
            if people > 0 {
                let mut cut = |place: usize| *aptitudes.select_nth_unstable(place).1;
                *cuts = [cut(people / THIRDS), cut(2 * people / THIRDS)];
            }
        }
        thirds
    }

    /// Returns the cut points of a rank.
    #[inline(always)]
    pub(crate) fn cuts(&self, rank: u8) -> [Aptitude; THIRDS - 1] {
        self.cuts[usize::from(rank)]
    }

    /// Returns the third of a boss of this rank and aptitude, 0 to 2.
    #[inline(always)]
    pub fn third(&self, rank: u8, aptitude: Aptitude) -> u8 {
        let [middle, upper] = self.cuts(rank);
        u8::from(aptitude >= middle) + u8::from(aptitude >= upper)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cut_points_of_ambition_are_tertiles() {
        for (cut, share) in AMBITION_CUTS.into_iter().zip([1.0 / 3.0, 2.0 / 3.0]) {
            let x = f64::from(cut);
            // The distribution function as a sum of binomial probabilities: at least two of five draws lie below x.
            let rest = 1.0 - x;
            let above = rest.powi(5) + 5.0 * x * rest.powi(4);
            assert!((1.0 - above - share).abs() < 1e-6, "{cut}");
        }
        assert_eq!([0.2, 0.3, 0.5].map(ambition_third), [0, 1, 2]);
        assert_eq!(AMBITION_CUTS.map(ambition_third), [1, 2]);
    }

    #[test]
    fn ability_is_divided_within_each_rank() {
        let steps = |steps: &[i16]| steps.iter().map(|&n| Aptitude::nearest(f32::from(n) * 0.01)).collect();
        // Seven foremen: places 2 and 4 of the sorted list, 30 and 40. Two directors: places 0 and 1.
        let mut aptitudes =
            [Vec::new(), steps(&[70, 10, 40, 30, 20, 40, 60]), Vec::new(), steps(&[9, 5]), Vec::new()];
        let thirds = AbilityThirds::of(&mut aptitudes);
        let third = |rank, n: i16| thirds.third(rank, Aptitude::nearest(f32::from(n) * 0.01));
        assert_eq!([10, 20, 29, 30, 39, 40, 70].map(|n| third(1, n)), [0, 0, 0, 1, 1, 2, 2]);
        assert_eq!([4, 5, 8, 9].map(|n| third(3, n)), [0, 1, 1, 2]);
        // Nobody of rank 2 in January.
        assert_eq!([-99, 0, 99].map(|n| third(2, n)), [1, 1, 1]);
    }
}
