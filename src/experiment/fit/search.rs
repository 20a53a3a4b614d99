//! Minimises a function of the unit cube without derivatives: an evolution strategy that adapts its step in each direction.
//!
//! It is the separable form of covariance matrix adaptation (Ros and Hansen, *A simple modification in CMA-ES achieving linear
//! time and space complexity*, 2008): the candidates of a generation are drawn around a mean, the better half moves it, and
//! lengths of steps follow the steps that succeeded. A few hundred evaluations are too few to learn how some twenty parameters
//! depend on each other, so correlations are left out. Candidates beyond the cube are reflected into it.
//!
//! Random words are keyed by seed, generation, coordinate and candidate. Only the evaluation of a generation may be parallel;
//! everything else is in one order, so the same bytes come out on any number of threads.

use crate::engine::distributions::normal_of_word;
use crate::experiment::claims::draws::Keyed;

/// Standard deviation of the first generation, as a share of each range.
const FIRST_STEP: f64 = 0.15;

/// Names the random words.
const PURPOSE: &str = "fit";

/// What is searched, and from where.
#[derive(Debug, Clone, Copy)]
pub(super) struct Start<'a> {
    /// Names of the coordinates.
    pub(super) names: &'a [&'a str],
    /// The first point.
    pub(super) point: &'a [f64],
    /// The value there, which counts as the first evaluation.
    pub(super) value: f64,
    /// Seed of the random words.
    pub(super) seed: u64,
    /// Evaluations in all, from 1.
    pub(super) evaluations: u32,
}

/// The best point found.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Found {
    /// The point; the start if nothing was better.
    pub(super) point: Vec<f64>,
    /// The value there.
    pub(super) value: f64,
    /// Evaluations made, and the least value so far, after the start and after each generation.
    pub(super) trace: Vec<(u32, f64)>,
}

/// Numbers of candidates in a generation for this many coordinates.
pub(super) fn candidates(coordinates: usize) -> usize {
    4 + (3.0 * libm::log(coordinates as f64)) as usize
}

/// Searches the least value. `values` evaluates the points of a generation.
pub(super) fn minimise(start: Start<'_>, values: impl Fn(&[Vec<f64>]) -> Vec<f64>) -> Found {
    let mut found = Found { point: start.point.to_vec(), value: start.value, trace: vec![(1, start.value)] };
    let mut strategy = Strategy::new(start.point);
    let mut done = 1;
    for generation in 1.. {
        let left = start.evaluations.saturating_sub(done) as usize;
        if left == 0 {
            break;
        }
        let points = strategy.sample(start, generation, left);
        let values = values(&points);
        let mut ranked: Vec<(f64, &Vec<f64>)> = values.iter().copied().zip(&points).collect();
        // A stable sort: of equal values the first candidate is the better one.
        ranked.sort_by(|one, other| one.0.total_cmp(&other.0));
        if let Some((value, point)) = ranked.first()
            && *value < found.value
        {
            (found.value, found.point) = (*value, (*point).clone());
        }
        done += points.len() as u32;
        found.trace.push((done, found.value));
        if points.len() == strategy.size {
            let points: Vec<&[f64]> = ranked.iter().map(|(_, point)| point.as_slice()).collect();
            strategy.learn(&points);
        }
    }
    found
}

/// The state between two generations, with the symbols of the literature.
struct Strategy {
    /// Candidates of a generation (lambda).
    size: usize,
    weights: Vec<f64>,
    /// The number of parents that the weights are worth (mu_eff).
    worth: f64,
    mean: Vec<f64>,
    /// Length of a step (sigma).
    step: f64,
    /// Variance of each coordinate (diagonal of C).
    variances: Vec<f64>,
    step_path: Vec<f64>,
    path: Vec<f64>,
    generations: i32,
}

impl Strategy {
    fn new(point: &[f64]) -> Strategy {
        let n = point.len();
        let size = candidates(n);
        let parents = size / 2;
        let raw: Vec<f64> =
            (1..=parents).map(|rank| libm::log((parents as f64 + 0.5) / rank as f64)).collect();
        let sum: f64 = raw.iter().sum();
        let weights: Vec<f64> = raw.iter().map(|weight| weight / sum).collect();
        let worth = 1.0 / weights.iter().map(|weight| weight * weight).sum::<f64>();
        Strategy {
            size,
            weights,
            worth,
            mean: point.to_vec(),
            step: FIRST_STEP,
            variances: vec![1.0; n],
            step_path: vec![0.0; n],
            path: vec![0.0; n],
            generations: 0,
        }
    }

    /// The points of a generation, at most `left`.
    fn sample(&self, start: Start<'_>, generation: u32, left: usize) -> Vec<Vec<f64>> {
        let words = Keyed::new(start.seed, PURPOSE, generation);
        let coordinate = |candidate: usize, position: usize| {
            let deviate = normal_of_word(words.word(start.names[position], candidate));
            let length = self.step * libm::sqrt(self.variances[position]);
            reflected(self.mean[position] + length * deviate)
        };
        let point =
            |candidate| (0..self.mean.len()).map(|position| coordinate(candidate, position)).collect();
        (0..self.size.min(left)).map(point).collect()
    }

    /// Moves to the better half of a generation, the best first.
    fn learn(&mut self, ranked: &[&[f64]]) {
        let n = self.mean.len() as f64;
        let worth = self.worth;
        let step_speed = (worth + 2.0) / (n + worth + 5.0);
        let damping =
            1.0 + 2.0 * (libm::sqrt((worth - 1.0).max(0.0) / (n + 1.0)) - 1.0).max(0.0) + step_speed;
        let path_speed = (4.0 + worth / n) / (n + 4.0 + 2.0 * worth / n);
        // Variances alone are learnt faster than a whole matrix.
        let faster = (n + 2.0) / 3.0;
        let of_path = (faster * 2.0 / ((n + 1.3) * (n + 1.3) + worth)).min(1.0);
        let of_rank = faster * 2.0 * (worth - 2.0 + 1.0 / worth) / ((n + 2.0) * (n + 2.0) + worth);
        let of_rank = of_rank.min(1.0 - of_path);
        let usual = libm::sqrt(n) * (1.0 - 1.0 / (4.0 * n) + 1.0 / (21.0 * n * n));
        self.generations += 1;

        let moved = |point: &[f64], position: usize| (point[position] - self.mean[position]) / self.step;
        let moves: Vec<f64> = (0..self.mean.len())
            .map(|position| {
                self.weights.iter().zip(ranked).map(|(weight, point)| weight * moved(point, position)).sum()
            })
            .collect();
        let spread: Vec<f64> = (0..self.mean.len())
            .map(|position| {
                let square = |point: &[f64]| moved(point, position) * moved(point, position);
                self.weights.iter().zip(ranked).map(|(weight, point)| weight * square(point)).sum()
            })
            .collect();
        let gain = libm::sqrt(step_speed * (2.0 - step_speed) * worth);
        for (position, path) in self.step_path.iter_mut().enumerate() {
            *path =
                (1.0 - step_speed) * *path + gain * moves[position] / libm::sqrt(self.variances[position]);
        }
        let length = libm::sqrt(self.step_path.iter().map(|path| path * path).sum());
        let warm = 1.0 - libm::pow(1.0 - step_speed, f64::from(2 * self.generations));
        let stalled = length / libm::sqrt(warm) >= (1.4 + 2.0 / (n + 1.0)) * usual;
        let gain = if stalled { 0.0 } else { libm::sqrt(path_speed * (2.0 - path_speed) * worth) };
        for position in 0..self.mean.len() {
            self.path[position] = (1.0 - path_speed) * self.path[position] + gain * moves[position];
            self.variances[position] = (1.0 - of_path - of_rank) * self.variances[position]
                + of_path * self.path[position] * self.path[position]
                + of_rank * spread[position];
            self.mean[position] += self.step * moves[position];
        }
        self.step *= libm::exp((length / usual - 1.0) * step_speed / damping);
    }
}

/// Reflects a number into the interval from 0 to 1.
fn reflected(x: f64) -> f64 {
    let folded = x.rem_euclid(2.0);
    if folded > 1.0 { 2.0 - folded } else { folded }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rayon::prelude::*;

    const NAMES: [&str; 6] = ["a", "b", "c", "d", "e", "f"];

    fn search(seed: u64, evaluations: u32, of: impl Fn(&[f64]) -> f64 + Sync) -> Found {
        let point = [0.5; 6];
        let start = Start { names: &NAMES, point: &point, value: of(&point), seed, evaluations };
        minimise(start, |points| points.par_iter().map(|point| of(point)).collect())
    }

    /// An ellipsoid with axes of very different lengths and its minimum at known places, one of them at the edge.
    fn ellipsoid(point: &[f64]) -> f64 {
        let least = [0.2, 0.9, 0.35, 0.0, 0.6, 0.71];
        let squares = point.iter().zip(least).enumerate();
        squares.map(|(axis, (x, least))| libm::pow(10.0, axis as f64 / 2.0) * (x - least) * (x - least)).sum()
    }

    #[test]
    fn a_known_minimum_is_found() {
        for seed in 1..=5 {
            let found = search(seed, 1_500, ellipsoid);
            assert!(found.value < 1e-4, "{found:?}");
            assert!((found.point[5] - 0.71).abs() < 0.01 && found.point[3] < 0.03, "{found:?}");
            assert_eq!(found.value, ellipsoid(&found.point));
        }
    }

    #[test]
    fn the_search_depends_on_the_seed_alone_and_keeps_its_budget() {
        let one = search(1, 200, ellipsoid);
        assert_eq!(one, search(1, 200, ellipsoid));
        assert_ne!(one.point, search(2, 200, ellipsoid).point);
        assert_eq!((one.trace[0].0, one.trace.last().unwrap().0), (1, 200));
        assert!(one.trace.windows(2).all(|pair| pair[1].1 <= pair[0].1), "{:?}", one.trace);
        // A smaller budget is the beginning of a larger one.
        let short = search(1, 50, ellipsoid);
        assert_eq!(short.trace[..5], one.trace[..5]);
    }

    #[test]
    fn the_start_is_kept_if_nothing_is_better() {
        let found = search(1, 60, |point| point.iter().map(|x| (x - 0.5).abs()).sum());
        assert_eq!((found.point, found.value), (vec![0.5; 6], 0.0));
        let alone = search(1, 1, ellipsoid);
        assert_eq!(alone.trace.len(), 1);
    }

    #[test]
    fn one_coordinate_can_be_searched() {
        let of = |point: &[f64]| (point[0] - 0.9) * (point[0] - 0.9);
        let start = Start { names: &["a"], point: &[0.1], value: of(&[0.1]), seed: 1, evaluations: 120 };
        let found = minimise(start, |points| points.iter().map(|point| of(point)).collect());
        assert!((found.point[0] - 0.9).abs() < 0.01, "{found:?}");
    }

    #[test]
    fn numbers_are_reflected_into_the_interval() {
        let all = [(0.3, 0.3), (-0.25, 0.25), (1.25, 0.75), (2.5, 0.5), (-1.25, 0.75)];
        assert!(all.iter().all(|(x, inside)| reflected(*x) == *inside));
    }
}
