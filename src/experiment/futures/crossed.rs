//! Splits the variance of crossed pasts and futures into that between pasts, that between futures, and their interaction.
//!
//! The result of a run is a function of two independent draws, the words of its past and the words of its future, and of
//! nothing else. It has one decomposition into a mean, an effect of the past, an effect of the future and an interaction
//! of the two, all uncorrelated (Hoeffding 1948). The share of the effect of the past in the variance is the first-order
//! sensitivity index of Sobol' (1993), and the share of everything but the effect of the future is its total index.
//!
//! One run per pair suffices: nothing else is random, so what two effects leave over is interaction and not noise.
//! The variances are estimated from mean squares without bias, whatever the distribution of the effects (Searle, Casella
//! and McCulloch, *Variance Components*, 1992, chapter 4).

use super::limits::LimitsBySize;
use crate::experiment::moments::Moments;

/// Values of one measure in one period by past and future, without gaps.
#[derive(Debug, Clone, PartialEq)]
pub struct Grid {
    /// By past, the values under each future.
    values: Vec<Vec<f64>>,
    futures: usize,
}

impl Grid {
    /// Creates the grid of the values that `value` returns for each past and future, both counted from 0.
    ///
    /// A missing value drops its past or its future. As long as there is one, the past or future with the largest
    /// share of missing values goes: of several pasts or futures the last, and of a past and a future the future.
    pub fn complete(pasts: usize, futures: usize, value: impl Fn(usize, usize) -> Option<f64>) -> Grid {
        let (mut kept_pasts, mut kept_futures): (Vec<_>, Vec<_>) =
            ((0..pasts).collect(), (0..futures).collect());
        let missing = |past: usize, future: usize| usize::from(value(past, future).is_none());
        loop {
            let of_past = |&past: &usize| kept_futures.iter().map(|&future| missing(past, future)).sum();
            let of_future = |&future: &usize| kept_pasts.iter().map(|&past| missing(past, future)).sum();
            let (past, past_lacks) = most(&kept_pasts, of_past);
            let (future, future_lacks) = most(&kept_futures, of_future);
            if past_lacks == 0 {
                break;
            }
            // Compares past_lacks / futures with future_lacks / pasts.
            if past_lacks * kept_pasts.len() > future_lacks * kept_futures.len() {
                kept_pasts.remove(past);
            } else {
                kept_futures.remove(future);
            }
        }
        let row = |past: usize| kept_futures.iter().filter_map(|&future| value(past, future)).collect();
        let values =
            if kept_futures.is_empty() { Vec::new() } else { kept_pasts.into_iter().map(row).collect() };
        Grid { futures: if values.is_empty() { 0 } else { kept_futures.len() }, values }
    }

    /// Number of pasts.
    pub fn pasts(&self) -> usize {
        self.values.len()
    }

    /// Number of futures.
    pub fn futures(&self) -> usize {
        self.futures
    }

    /// Splits the variance; `None` below two pasts or two futures.
    pub fn split(&self) -> Option<Parts> {
        let (pasts, futures) = (self.pasts(), self.futures());
        let of_pasts: Vec<f64> =
            self.values.iter().map(|row| mean(row.iter().copied())).collect::<Option<_>>()?;
        let of_futures: Vec<f64> = (0..futures)
            .map(|future| mean(self.values.iter().map(|row| row[future])))
            .collect::<Option<_>>()?;
        let between_pasts = moments(of_pasts.iter().copied());
        let between_futures = moments(of_futures.iter().copied());
        let mean = between_pasts.mean()?;
        let left_over = self.values.iter().zip(&of_pasts).flat_map(|(row, of_past)| {
            row.iter().zip(&of_futures).map(move |(value, of_future)| {
                // Exactly zero if the futures do not differ, or the pasts: then either equal numbers are subtracted in
                // both brackets, or the brackets are equal.
                (value - of_past) - (of_future - mean)
            })
        });
        let squares: f64 = left_over.map(|rest| rest * rest).sum();
        let mean_squares = MeanSquares {
            pasts,
            futures,
            past: futures as f64 * between_pasts.variance()?,
            future: pasts as f64 * between_futures.variance()?,
            interaction: squares / ((pasts - 1) * (futures - 1)) as f64,
        };
        Some(Parts::of(mean, mean_squares))
    }
}

/// The position at which `number` is largest, the last of several, and that number; 0 and 0 if there is none.
fn most(items: &[usize], number: impl Fn(&usize) -> usize) -> (usize, usize) {
    items.iter().map(number).enumerate().max_by_key(|&(_, number)| number).unwrap_or((0, 0))
}

/// The mean as [`Moments`] compute it, which is exact if all values are equal.
fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    moments(values).mean()
}

fn moments(values: impl Iterator<Item = f64>) -> Moments {
    let mut moments = Moments::default();
    values.for_each(|value| moments.add(value));
    moments
}

/// Mean squares of the two-way analysis of variance with one value per cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MeanSquares {
    /// Number of pasts, at least 2.
    pub pasts: usize,
    /// Number of futures, at least 2.
    pub futures: usize,
    /// Between pasts.
    pub past: f64,
    /// Between futures.
    pub future: f64,
    /// What is left over.
    pub interaction: f64,
}

/// The variance of a measure, in three parts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Parts {
    /// Mean over all runs.
    pub mean: f64,
    /// Variance between pasts, as estimated: chance can make it negative.
    pub past: f64,
    /// Variance between futures, as estimated: chance can make it negative.
    pub future: f64,
    /// Variance of the interaction.
    pub interaction: f64,
    mean_squares: MeanSquares,
}

impl Parts {
    fn of(mean: f64, mean_squares: MeanSquares) -> Parts {
        let MeanSquares { pasts, futures, past, future, interaction } = mean_squares;
        Parts {
            mean,
            past: (past - interaction) / futures as f64,
            future: (future - interaction) / pasts as f64,
            interaction,
            mean_squares,
        }
    }

    /// Variance of a run with a past and a future of its own: the sum of the three parts, never negative.
    pub fn variance(&self) -> f64 {
        (self.past + self.future + self.interaction).max(0.0)
    }

    /// Share of the past in the variance, 0 to 1, a negative part counting as 0; `None` if nothing varies.
    pub fn share_past(&self) -> Option<f64> {
        self.share(self.past.max(0.0))
    }

    /// Share of past and interaction in the variance, 0 to 1: everything that the future does not decide alone. A
    /// negative part counts as 0. `None` if nothing varies.
    pub fn share_with_past(&self) -> Option<f64> {
        self.share(self.past.max(0.0) + self.interaction)
    }

    fn share(&self, part: f64) -> Option<f64> {
        let all = self.past.max(0.0) + self.future.max(0.0) + self.interaction;
        (all > 0.0).then(|| (part / all).min(1.0))
    }

    /// 95 % interval of [`Parts::share_past`], see [`limits`](super::limits); `None` if nothing varies.
    pub fn interval_of_share_past(&self, limits: &mut LimitsBySize) -> Option<(f64, f64)> {
        self.share_past()?;
        Some(limits.of_share(&self.mean_squares))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn grid(values: &[&[f64]]) -> Grid {
        Grid::complete(values.len(), values[0].len(), |past, future| Some(values[past][future]))
    }

    fn close(got: f64, expected: f64) {
        assert!((got - expected).abs() < 1e-12 * (1.0 + expected.abs()), "{got}, not {expected}");
    }

    #[test]
    fn variances_by_hand() {
        // Means of pasts 2 and 5, of futures 2, 3 and 5.5, of all 3.5. Left over: -.5 0 .5 and .5 0 -.5, squares 1.
        // Mean squares: past 3 * 4.5 = 13.5; future 2 * 6.5 / 2 = 6.5; rest 1 / 2.
        let parts = grid(&[&[0.0, 1.5, 4.5], &[4.0, 4.5, 6.5]]).split().unwrap();
        close(parts.mean, 3.5);
        close(parts.interaction, 0.5);
        close(parts.past, 13.0 / 3.0);
        close(parts.future, 3.0);
        close(parts.variance(), 13.0 / 3.0 + 3.5);
        close(parts.share_past().unwrap(), 13.0 / 23.5);
        close(parts.share_with_past().unwrap(), 14.5 / 23.5);
    }

    /// Ratings of six subjects by four judges, with the mean squares and ICC(2,1) that Shrout and Fleiss (Psychological
    /// Bulletin 86, 1979, tables 2 to 4) give: the share of the past is the intraclass correlation of that design.
    #[test]
    fn a_published_table_has_its_published_correlation() {
        let parts = grid(&[
            &[9.0, 2.0, 5.0, 8.0],
            &[6.0, 1.0, 3.0, 2.0],
            &[8.0, 4.0, 6.0, 8.0],
            &[7.0, 1.0, 2.0, 6.0],
            &[10.0, 5.0, 6.0, 9.0],
            &[6.0, 2.0, 4.0, 7.0],
        ])
        .split()
        .unwrap();
        let rounded = |number: f64| (100.0 * number).round() / 100.0;
        let MeanSquares { past, future, interaction, .. } = parts.mean_squares;
        assert_eq!([past, future, interaction].map(rounded), [11.24, 32.49, 1.02]);
        assert_eq!(rounded(parts.share_past().unwrap()), 0.29);
    }

    #[test]
    fn a_negative_part_counts_as_nothing_in_the_shares() {
        // All means are 0: the mean squares between pasts and futures are 0, that of the rest is 4.
        let parts = grid(&[&[1.0, -1.0], &[-1.0, 1.0]]).split().unwrap();
        assert_eq!((parts.past, parts.future, parts.interaction), (-2.0, -2.0, 4.0));
        assert_eq!((parts.share_past(), parts.share_with_past()), (Some(0.0), Some(1.0)));
        assert_eq!(parts.variance(), 0.0);
    }

    #[test]
    fn missing_values_drop_as_few_runs_as_possible() {
        let size = |pasts, futures, missing: &dyn Fn(usize, usize) -> bool| {
            let grid = Grid::complete(pasts, futures, |past, future| {
                (!missing(past, future)).then_some((10 * past + future) as f64)
            });
            (grid.pasts(), grid.futures(), grid.values)
        };
        // One run: a fourth of its past or a third of its future.
        assert_eq!(
            size(3, 4, &|past, future| (past, future) == (1, 2)),
            (3, 3, vec![vec![0.0, 1.0, 3.0], vec![10.0, 11.0, 13.0], vec![20.0, 21.0, 23.0]])
        );
        assert_eq!(size(3, 3, &|past, future| (past, future) == (0, 0)).0, 3);
        assert_eq!(size(5, 3, &|past, future| (past, future) == (4, 1)).1, 3);
        // A whole past, and one run elsewhere.
        let (pasts, futures, _) = size(4, 4, &|past, future| past == 3 || (past, future) == (0, 0));
        assert_eq!((pasts, futures), (3, 3));
        assert_eq!(size(4, 4, &|_, _| true), (0, 0, vec![]));
        assert_eq!(size(0, 4, &|_, _| true), (0, 0, vec![]));
    }

    #[test]
    fn fewer_than_two_of_either_have_no_parts() {
        assert_eq!(grid(&[&[1.0, 2.0, 3.0]]).split(), None);
        assert_eq!(grid(&[&[1.0], &[2.0]]).split(), None);
        assert_eq!(Grid::complete(0, 0, |_, _| None).split(), None);
    }

    proptest! {
        #[test]
        fn what_the_past_decides_alone_has_no_other_variance_in_any_bit(
            effects in prop::collection::vec(-1e3f64..1e3, 2..30), others in 2..30usize,
        ) {
            let pasts = Grid::complete(effects.len(), others, |past, _| Some(effects[past])).split().unwrap();
            prop_assert_eq!((pasts.mean_squares.future, pasts.interaction), (0.0, 0.0));
            let futures = Grid::complete(others, effects.len(), |_, future| Some(effects[future])).split().unwrap();
            prop_assert_eq!((futures.mean_squares.past, futures.interaction), (0.0, 0.0));
            if pasts.past > 0.0 {
                prop_assert_eq!((pasts.share_past(), pasts.share_with_past()), (Some(1.0), Some(1.0)));
                prop_assert_eq!((futures.share_past(), futures.share_with_past()), (Some(0.0), Some(0.0)));
            }
        }
    }
}
