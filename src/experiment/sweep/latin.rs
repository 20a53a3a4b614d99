//! Draws Latin hypercubes: for n points, each key's range has n strata of equal width, and each stratum has one point.
//!
//! (M. D. McKay, R. J. Beckman and W. J. Conover, "A comparison of three methods for selecting values of input variables
//! in the analysis of output from a computer code", Technometrics 21, 239-245, 1979.) Every draw is keyed by the seed, the
//! position of the key and the number of the point, so the hypercube depends on nothing else.

use crate::engine::random::{Key, uniform64};

/// A replicate that no run has: runs count replicates from 1, so their draws are never those of a design.
const REPLICATE: u32 = 0;

/// Share of a stratum, at each edge, without points: rounding of values does not move a point to another stratum.
const MARGIN: f64 = 0.001;

/// A Latin hypercube.
pub(super) struct Latin {
    draws: Key,
    /// For each dimension, the stratum of each point.
    strata: Vec<Vec<u32>>,
}

impl Latin {
    /// Draws a hypercube.
    pub(super) fn new(seed: u64, points: u32, dimensions: usize) -> Latin {
        let draws = Key::new(seed, REPLICATE);
        let strata = (0..dimensions).map(|dimension| permutation(&draws, points, dimension)).collect();
        Latin { draws, strata }
    }

    /// A coordinate of a point, from 0: between 0 and 1.
    pub(super) fn coordinate(&self, point: u32, dimension: usize) -> f64 {
        let strata = &self.strata[dimension];
        let [_, _, word, ..] = block(&self.draws, point, dimension);
        let within = MARGIN + (1.0 - 2.0 * MARGIN) * uniform64(word);
        (f64::from(strata[point as usize]) + within) / strata.len() as f64
    }
}

/// A random permutation: the rank of each point by a random number of 64 bits.
fn permutation(draws: &Key, points: u32, dimension: usize) -> Vec<u32> {
    let mut order: Vec<(u64, u32)> = (0..points)
        .map(|point| {
            let [low, high, ..] = block(draws, point, dimension);
            (u64::from(high) << 32 | u64::from(low), point)
        })
        .collect();
    order.sort_unstable();
    let mut ranks = vec![0; order.len()];
    for (rank, (_, point)) in (0..).zip(order) {
        ranks[point as usize] = rank;
    }
    ranks
}

fn block(draws: &Key, point: u32, dimension: usize) -> [u32; 16] {
    // There are at most 64 dimensions.
    draws.block(dimension as u16, 0, u64::from(point))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_stratum_has_one_point() {
        for points in [1, 2, 3, 10, 1_000] {
            let latin = Latin::new(7, points, 5);
            for dimension in 0..5 {
                let mut strata: Vec<u32> = (0..points)
                    .map(|point| (latin.coordinate(point, dimension) * f64::from(points)) as u32)
                    .collect();
                strata.sort_unstable();
                assert!(strata.into_iter().eq(0..points), "{points} points, dimension {dimension}");
            }
        }
    }

    #[test]
    fn the_seed_determines_the_points_and_dimensions_do_not_disturb_each_other() {
        let coordinates = |latin: &Latin, dimension| -> Vec<f64> {
            (0..50).map(|point| latin.coordinate(point, dimension)).collect()
        };
        let (latin, other) = (Latin::new(1, 50, 3), Latin::new(2, 50, 3));
        assert_eq!(coordinates(&latin, 1), coordinates(&Latin::new(1, 50, 2), 1));
        assert_ne!(coordinates(&latin, 1), coordinates(&other, 1));
        assert_ne!(coordinates(&latin, 1), coordinates(&latin, 2));
    }

    /// In 4,000 points the correlation of independent dimensions has a standard deviation of 1/sqrt(4,000) = 0.016, and
    /// the mean of a stratified dimension one of 1/sqrt(12)/4,000^1.5 = 1.1e-6.
    #[test]
    fn dimensions_are_uncorrelated_and_have_the_mean_of_a_uniform() {
        let latin = Latin::new(3, 4_000, 4);
        let of = |dimension| (0..4_000).map(move |point| (point, dimension));
        for a in 0..4 {
            let mean = of(a).map(|(point, a)| latin.coordinate(point, a)).sum::<f64>() / 4_000.0;
            assert!((mean - 0.5).abs() < 6e-6, "{mean}");
            for b in 0..a {
                let product = of(a).map(|(point, a)| {
                    12.0 * (latin.coordinate(point, a) - 0.5) * (latin.coordinate(point, b) - 0.5)
                });
                let correlation = product.sum::<f64>() / 4_000.0;
                assert!(correlation.abs() < 0.08, "{correlation}");
            }
        }
    }
}
