//! Computes the 95 % interval of the share of the variance that the past decides.
//!
//! The share is ρ = V_past / (V_past + V_future + V_interaction), the intraclass correlation of a two-way table of random
//! effects. It is at most r if and only if
//!
//! ```text
//! γ(r) = (1 - r) V_past - r V_future - r V_interaction
//!      = (1 - r)/F θ_past - r/P θ_future - ((1 - r)/F + r (1 - 1/P)) θ_interaction  ≤ 0,
//! ```
//!
//! for P pasts, F futures and the expected mean squares θ. The ends of the interval are the r for which the modified
//! large-sample limits of γ(r) are zero: Ting, Burdick, Graybill, Jeyaratnam and Lu, "Confidence intervals on linear
//! combinations of variance components that are unrestricted in sign", *Journal of Statistical Computation and
//! Simulation* 35, 1990; Burdick and Graybill, *Confidence Intervals on Variance Components*, 1992, chapter 3. Arteaga,
//! Jeyaratnam and Graybill (1982) construct limits of ρ in the same way.
//!
//! The limits assume normally distributed effects. `the_interval_covers_known_shares` measures their coverage, for normal
//! effects and for others.

use std::collections::BTreeMap;

use super::crossed::MeanSquares;
use crate::experiment::moments::LEVEL;
use crate::experiment::quantiles::{chi_squared, fisher};

/// The constants of the limits for a number of pasts and futures.
#[derive(Debug, Clone, Copy)]
struct Limits {
    /// Of the squares of the terms past, future and interaction, and of the products of the past with the other two.
    lower: [f64; 5],
    /// The same, and of the product of future and interaction.
    upper: [f64; 6],
}

impl Limits {
    /// Computes the constants; both numbers are at least 2.
    fn new(pasts: usize, futures: usize) -> Limits {
        let outside = (1.0 - LEVEL) / 2.0;
        let freedom = [pasts - 1, futures - 1, (pasts - 1) * (futures - 1)].map(|number| number as f64);
        // Upper and lower points of a mean square of a normal sample, relative to its expectation.
        let upper_point = |freedom: f64| chi_squared(1.0 - outside, freedom) / freedom;
        let lower_point = |freedom: f64| chi_squared(outside, freedom) / freedom;
        let g = freedom.map(|freedom| 1.0 - 1.0 / upper_point(freedom));
        let h = freedom.map(|freedom| 1.0 / lower_point(freedom) - 1.0);
        // Chosen by Ting and others so that the limit of a difference of two mean squares is exact where it is zero.
        let lower_product = |other: usize| {
            let ratio = fisher(1.0 - outside, freedom[0], freedom[other]);
            ((ratio - 1.0).powi(2) - (g[0] * ratio).powi(2) - h[other].powi(2)) / ratio
        };
        let upper_product = |other: usize| {
            let ratio = fisher(outside, freedom[0], freedom[other]);
            ((1.0 - ratio).powi(2) - (h[0] * ratio).powi(2) - g[other].powi(2)) / ratio
        };
        let sum = freedom[1] + freedom[2];
        let of_sum = (1.0 - 1.0 / upper_point(sum)) * sum;
        let others = (of_sum.powi(2) - (g[1] * freedom[1]).powi(2) - (g[2] * freedom[2]).powi(2))
            / (freedom[1] * freedom[2]);
        let squared = |number: f64| number * number;
        Limits {
            lower: [squared(g[0]), squared(h[1]), squared(h[2]), lower_product(1), lower_product(2)],
            upper: [squared(h[0]), squared(g[1]), squared(g[2]), upper_product(1), upper_product(2), others],
        }
    }

    /// The lower and the upper limit of γ(r).
    fn of_excess(&self, mean_squares: &MeanSquares, r: f64) -> (f64, f64) {
        let (pasts, futures) = (mean_squares.pasts as f64, mean_squares.futures as f64);
        let past = (1.0 - r) / futures * mean_squares.past;
        let future = r / pasts * mean_squares.future;
        let rest = ((1.0 - r) / futures + r * (1.0 - 1.0 / pasts)) * mean_squares.interaction;
        let terms = [past * past, future * future, rest * rest, past * future, past * rest, future * rest];
        let excess = past - future - rest;
        let width = |constants: &[f64]| {
            let sum: f64 = constants.iter().zip(terms).map(|(constant, term)| constant * term).sum();
            sum.max(0.0).sqrt()
        };
        (excess - width(&self.lower), excess + width(&self.upper))
    }

    /// The ends of the interval.
    ///
    /// Where the estimate of V_past is negative, the upper end is that of an estimate of zero. Taken from the mean squares
    /// as they are, it would be the closer to zero the worse they fit any variance, as if that were precision.
    fn of_share(&self, mean_squares: &MeanSquares) -> (f64, f64) {
        let at_least_zero =
            MeanSquares { past: mean_squares.past.max(mean_squares.interaction), ..*mean_squares };
        (root(|r| self.of_excess(mean_squares, r).0), root(|r| self.of_excess(&at_least_zero, r).1))
    }
}

/// Halvings of the range 0 to 1, after which the next would change no digit.
const HALVINGS: u32 = 53;

/// The number between 0 and 1 where a decreasing function changes its sign: 0 if it is never positive, 1 if it is never
/// negative.
fn root(function: impl Fn(f64) -> f64) -> f64 {
    if function(0.0) <= 0.0 {
        return 0.0;
    }
    if function(1.0) >= 0.0 {
        return 1.0;
    }
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..HALVINGS {
        let middle = 0.5 * (low + high);
        if function(middle) > 0.0 { low = middle } else { high = middle }
    }
    0.5 * (low + high)
}

/// Intervals of shares, with the constants kept for each size of the table.
#[derive(Debug, Clone, Default)]
pub struct LimitsBySize {
    found: BTreeMap<(usize, usize), Limits>,
}

impl LimitsBySize {
    /// The ends of the 95 % interval of the share that the past decides, each 0 to 1.
    ///
    /// Both are 1 if neither futures nor interaction vary, and 0 if only futures do.
    pub fn of_share(&mut self, mean_squares: &MeanSquares) -> (f64, f64) {
        let size = (mean_squares.pasts, mean_squares.futures);
        let limits = self.found.entry(size).or_insert_with(|| Limits::new(size.0, size.1));
        limits.of_share(mean_squares)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::distributions::normal_of_word;
    use crate::engine::random::{Key, uniform64};
    use crate::experiment::futures::crossed::{Grid, Parts};
    use proptest::prelude::*;

    /// Effects with mean 0 and variance 1, from one random word.
    type Effect = fn(u32) -> f64;

    /// Skewness 2 and kurtosis 9.
    fn exponential(word: u32) -> f64 {
        -libm::log(uniform64(word)) - 1.0
    }

    /// Kurtosis 1.8.
    fn uniform(word: u32) -> f64 {
        (uniform64(word) - 0.5) * 12f64.sqrt()
    }

    /// Draws a table; `variances` are those of past, future and interaction.
    fn draw(pasts: usize, futures: usize, variances: [f64; 3], effect: Effect, number: u32) -> Parts {
        let key = Key::new(20, number);
        let effects = |page: u16, count: usize| -> Vec<f64> {
            let size = variances[usize::from(page)].sqrt();
            let words = (0..count.div_ceil(16) as u64).flat_map(|block| key.block(page, 0, block));
            words.take(count).map(|word| size * effect(word)).collect()
        };
        let (past, future, rest) = (effects(0, pasts), effects(1, futures), effects(2, pasts * futures));
        let value = |p: usize, f: usize| past[p] + future[f] + rest[p * futures + f];
        Grid::complete(pasts, futures, |past, future| Some(value(past, future))).split().unwrap()
    }

    /// Shares of tables whose interval lies above the true share, and below it. Prints them, and the mean width.
    fn misses(pasts: usize, futures: usize, variances: [f64; 3], effect: Effect) -> (f64, f64) {
        let share = variances[0] / variances.iter().sum::<f64>();
        let mut limits = LimitsBySize::default();
        let (mut above, mut below, mut width) = (0.0, 0.0, 0.0);
        for number in 0..TABLES {
            let parts = draw(pasts, futures, variances, effect, number);
            let (low, high) = parts.interval_of_share_past(&mut limits).unwrap();
            width += (high - low) / f64::from(TABLES);
            above += f64::from(low > share) / f64::from(TABLES);
            below += f64::from(high < share) / f64::from(TABLES);
        }
        println!("{pasts} x {futures}, {variances:?}: above {above:.3}, below {below:.3}, width {width:.2}");
        (above, below)
    }

    const TABLES: u32 = 1_000;

    /// Of 1,000 intervals 50 should miss, 25 at each end, with a standard error of 7, and of 5 at each end. Allowed are
    /// three standard errors and an error of the method of .01.
    #[test]
    fn the_interval_covers_known_shares() {
        for (pasts, futures) in [(20, 20), (5, 5), (10, 30), (30, 10)] {
            for variances in [
                [0.0, 0.5, 0.5],
                [0.05, 0.5, 0.45],
                [0.2, 0.4, 0.4],
                [0.5, 0.25, 0.25],
                [0.5, 0.499, 0.001],
                [0.8, 0.1, 0.1],
                [0.95, 0.04, 0.01],
                [0.1, 0.0, 0.9],
            ] {
                let (above, below) = misses(pasts, futures, variances, normal_of_word);
                assert!((above - 0.025).abs() < 0.025, "{variances:?}: {above}");
                // Small shares have negative estimates, and then the upper end is cautious.
                let least = if variances[0] < 0.5 { 0.0 } else { 0.01 };
                assert!(least <= below && below < 0.05, "{variances:?}: {below}");
                assert!(above + below < 0.081, "{variances:?}: {above} and {below}");
            }
        }
    }

    #[test]
    fn a_negative_estimate_has_the_upper_end_of_an_estimate_of_zero() {
        let of = |past| {
            let mean_squares = MeanSquares { pasts: 20, futures: 20, past, future: 3.0, interaction: 2.0 };
            LimitsBySize::default().of_share(&mean_squares)
        };
        let (low, high) = of(2.0);
        assert!(low == 0.0 && 0.02 < high && high < 0.06, "{low} {high}");
        assert_eq!([of(1.9), of(0.5), of(0.0)], [(low, high); 3]);
        assert!(of(2.1).1 > high);
    }

    #[test]
    fn the_interval_of_a_certain_share_is_a_point() {
        let mut limits = LimitsBySize::default();
        for number in 0..100 {
            let parts = draw(7, 9, [2.0, 0.0, 0.0], normal_of_word, number);
            assert_eq!(parts.interval_of_share_past(&mut limits), Some((1.0, 1.0)));
            // Without pasts the upper end is 0 as well.
            let parts = draw(7, 9, [0.0, 2.0, 0.0], normal_of_word, number);
            assert_eq!(parts.interval_of_share_past(&mut limits), Some((0.0, 0.0)));
        }
    }

    /// The ratings of Shrout and Fleiss: the interval of SciPy's quantiles in the same formulas, computed in Python. Close
    /// to it is [.019, .761], from the approximation of McGraw and Wong (Psychological Methods 1, 1996).
    #[test]
    fn a_published_table_has_its_interval() {
        let mean_squares = MeanSquares {
            pasts: 6,
            futures: 4,
            past: 11.241666666666669,
            future: 32.486111111111114,
            interaction: 1.0194444444444444,
        };
        let (low, high) = LimitsBySize::default().of_share(&mean_squares);
        assert!((low - 0.028619845).abs() < 1e-5 && (high - 0.758935108).abs() < 1e-5, "{low} {high}");
    }

    /// What docs/futures.md says about effects that are not normal: a quarter of the intervals miss, and 1 in 200.
    #[test]
    fn skewed_effects_make_the_interval_too_short_and_bounded_ones_too_long() {
        let missed = |effect| {
            let (above, below) = misses(20, 20, [0.5, 0.25, 0.25], effect);
            above + below
        };
        assert!((missed(exponential) - 0.25).abs() < 0.05);
        assert!(missed(uniform) < 0.02);
    }

    fn mean_squares() -> impl Strategy<Value = MeanSquares> {
        let size = || 2..40usize;
        let square = || prop_oneof![Just(0.0), 1e-6..1e6f64, 0.5..2.0f64];
        (size(), size(), square(), square(), square()).prop_map(
            |(pasts, futures, past, future, interaction)| MeanSquares {
                pasts,
                futures,
                past,
                future,
                interaction,
            },
        )
    }

    proptest! {
        #[test]
        fn the_ends_are_in_order_and_the_limits_change_their_sign_once(mean_squares in mean_squares()) {
            let limits = Limits::new(mean_squares.pasts, mean_squares.futures);
            let (low, high) = limits.of_share(&mean_squares);
            prop_assert!(0.0 <= low && low <= high && high <= 1.0, "{} {}", low, high);
            let negative = |r: f64| {
                let (lower, upper) = limits.of_excess(&mean_squares, r);
                (lower <= 0.0, upper <= 0.0)
            };
            let mut last = (false, false);
            for step in 0..=200 {
                let now = negative(f64::from(step) / 200.0);
                prop_assert!(now.0 >= last.0 && now.1 >= last.1, "at {} of 200", step);
                last = now;
            }
        }
    }
}
