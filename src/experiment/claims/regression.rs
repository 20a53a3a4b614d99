//! Fits linear predictions: nulls n3 and n4, and the share of variance that levers explain.
//!
//! All fits are ridge regressions on standardised features. They minimise the sum of squared errors plus a penalty times
//! the sum of squared coefficients, without a penalty on the intercept. Least squares has a penalty so small that it only
//! decides between features that say the same. The normal equations are solved by Cholesky's method. Sums run in the order
//! of the rows, and the only function beyond arithmetic is the square root, so results are the same on all platforms.

use super::draws::Keyed;
use crate::experiment::moments::Moments;
use rand::Rng;

/// Penalty of [`least_squares`], as a share of the number of rows. Features that are equal share their coefficient.
const LEAST: f64 = 1e-10;

/// Penalties that [`ridge`] tries, as shares of the number of rows: quarters of powers of ten.
const PENALTIES: (i32, i32) = (-24, 12);

/// Number of parts in [`r2_out_of_sample`].
pub const FOLDS: usize = 10;

/// Number of resamples for its standard error.
pub const RESAMPLES: usize = 1_000;

/// A linear prediction.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// The prediction where all features are 0.
    pub intercept: f64,
    /// The coefficients of the features as they were given; 0 for features that did not vary.
    pub coefficients: Vec<f64>,
    /// The penalty, as a share of the number of rows.
    pub penalty: f64,
}

impl Fit {
    /// The prediction for these features.
    pub fn predict(&self, features: &[f64]) -> f64 {
        let terms = self.coefficients.iter().zip(features).map(|(coefficient, value)| coefficient * value);
        self.intercept + terms.sum::<f64>()
    }
}

/// Fits null n3: least squares on all features that vary.
///
/// `rows` are the features of the observations, each of the same number, and `outcomes` the outcomes in the same order.
/// Rows without an outcome are left out. `None` if fewer than two are left.
pub fn least_squares(rows: &[Vec<f64>], outcomes: &[Option<f64>]) -> Option<Fit> {
    let (rows, outcomes) = defined(rows, outcomes)?;
    Some(Design::new(&rows).fit(&outcomes, |_| LEAST))
}

/// Fits null n4: a ridge regression. The penalty is the one, of 37 from 10^-6 to 10^3 times the number of rows, with the
/// least squared errors when each row in turn is left out and predicted from the others.
///
/// The arguments are those of [`least_squares`].
pub fn ridge(rows: &[Vec<f64>], outcomes: &[Option<f64>]) -> Option<Fit> {
    let (rows, outcomes) = defined(rows, outcomes)?;
    Some(Design::new(&rows).fit_ridge(&outcomes))
}

/// The rows with an outcome; `None` if there are fewer than two.
fn defined<'a>(rows: &'a [Vec<f64>], outcomes: &[Option<f64>]) -> Option<(Vec<&'a [f64]>, Vec<f64>)> {
    let pairs = rows.iter().zip(outcomes).filter_map(|(row, outcome)| Some((row.as_slice(), (*outcome)?)));
    let (rows, outcomes): (Vec<_>, Vec<_>) = pairs.unzip();
    (rows.len() > 1).then_some((rows, outcomes))
}

/// The share of an outcome's variance that features explain out of sample, with its resamples.
#[derive(Debug, Clone, PartialEq)]
pub struct Explained {
    /// 1 minus the squared errors over the squared deviations from the mean; negative if the mean predicts better.
    pub share: f64,
    /// The share in each resample of the rows; `None` where the outcome does not vary. Resamples of two outcomes with the
    /// same seed and rows draw the same rows, so their differences are paired.
    pub resamples: Vec<Option<f64>>,
}

impl Explained {
    /// The share, or the difference between it and another one, as the mean of as many values as there are rows. The
    /// standard error of this mean is the standard deviation of the resamples.
    pub fn moments(&self, less: Option<&Explained>, rows: u64) -> Moments {
        let mut resamples = Moments::default();
        for (resample, one) in self.resamples.iter().enumerate() {
            let other = less.map_or(Some(0.0), |other| other.resamples[resample]);
            one.zip(other).into_iter().for_each(|(one, other)| resamples.add(one - other));
        }
        let share = self.share - less.map_or(0.0, |other| other.share);
        Moments::of(rows, share, resamples.sd().unwrap_or(0.0) * (rows as f64).sqrt())
    }
}

/// Computes the share of variance that a ridge regression explains out of sample.
///
/// The rows fall into [`FOLDS`] parts, row i into part i mod 10. Each part is predicted from a [`ridge`] on the others,
/// which chooses its own penalty. The standard error comes from [`RESAMPLES`] resamples of the rows with their predictions:
/// it says how far the share depends on which rows were drawn. The regressions are not fitted again, so it leaves out how
/// far the share depends on them.
///
/// `None` if there are fewer than 20 outcomes, or if they are all equal.
pub fn r2_out_of_sample(rows: &[Vec<f64>], outcomes: &[Option<f64>], seed: u64) -> Option<Explained> {
    if outcomes.iter().flatten().count() < 2 * FOLDS {
        return None;
    }
    let mut pairs: Vec<Option<(f64, f64)>> = vec![None; outcomes.len()];
    for fold in 0..FOLDS {
        let train: Vec<Option<f64>> =
            outcomes.iter().enumerate().map(|(row, value)| value.filter(|_| row % FOLDS != fold)).collect();
        let fit = ridge(rows, &train)?;
        for row in (fold..outcomes.len()).step_by(FOLDS) {
            pairs[row] = outcomes[row].map(|value| (value, fit.predict(&rows[row])));
        }
    }
    let share = explained(pairs.iter().flatten().copied())?;
    let count = pairs.len() as u64;
    let resamples = (0..RESAMPLES).map(|resample| {
        let mut draws = Keyed::new(seed, "bootstrap", 0).generator("rows", resample);
        let drawn: Vec<(f64, f64)> = (0..pairs.len())
            .filter_map(|_| pairs[((u64::from(draws.next_u32()) * count) >> 32) as usize])
            .collect();
        explained(drawn.into_iter())
    });
    Some(Explained { share, resamples: resamples.collect() })
}

/// The share of variance that predictions explain: pairs of outcome and prediction.
fn explained(pairs: impl Iterator<Item = (f64, f64)> + Clone) -> Option<f64> {
    let count = pairs.clone().count() as f64;
    let mean = pairs.clone().map(|(outcome, _)| outcome).sum::<f64>() / count;
    let errors: f64 = pairs.clone().map(|(outcome, predicted)| square(outcome - predicted)).sum();
    let deviations: f64 = pairs.map(|(outcome, _)| square(outcome - mean)).sum();
    (deviations > 0.0).then(|| 1.0 - errors / deviations)
}

fn square(value: f64) -> f64 {
    value * value
}

/// Standardised features: each varying one less its mean, over its standard deviation (divisor n).
struct Design {
    /// Number of features as given.
    features: usize,
    /// Of each varying feature: its position, mean and standard deviation.
    scales: Vec<(usize, f64, f64)>,
    /// The standardised rows.
    rows: Vec<Vec<f64>>,
    /// The sums of products of the standardised features.
    products: Vec<Vec<f64>>,
}

impl Design {
    fn new(rows: &[&[f64]]) -> Design {
        let count = rows.len() as f64;
        let features = rows.first().map_or(0, |row| row.len());
        let scales: Vec<(usize, f64, f64)> = (0..features)
            .filter_map(|feature| {
                let values = || rows.iter().map(|row| row[feature]);
                let first = values().next()?;
                let mean = values().sum::<f64>() / count;
                let sd = (values().map(|value| square(value - mean)).sum::<f64>() / count).sqrt();
                (values().any(|value| value != first) && sd > 0.0).then_some((feature, mean, sd))
            })
            .collect();
        let rows: Vec<Vec<f64>> = rows
            .iter()
            .map(|row| scales.iter().map(|(feature, mean, sd)| (row[*feature] - mean) / sd).collect())
            .collect();
        let size = scales.len();
        let mut products = vec![vec![0.0; size]; size];
        for row in &rows {
            for one in 0..size {
                for other in 0..=one {
                    products[one][other] += row[one] * row[other];
                }
            }
        }
        Design { features, scales, rows, products }
    }

    /// Fits with the penalty that `choose` returns for the centred outcomes.
    fn fit(&self, outcomes: &[f64], choose: impl FnOnce(&[f64]) -> f64) -> Fit {
        let mean = outcomes.iter().sum::<f64>() / outcomes.len() as f64;
        let centred: Vec<f64> = outcomes.iter().map(|outcome| outcome - mean).collect();
        let penalty = choose(&centred);
        let solved = self.factor(penalty).solve(&self.with(&centred));
        let (mut intercept, mut coefficients) = (mean, vec![0.0; self.features]);
        for ((feature, mean, sd), solved) in self.scales.iter().zip(solved) {
            coefficients[*feature] = solved / sd;
            intercept -= solved / sd * mean;
        }
        Fit { intercept, coefficients, penalty }
    }

    fn fit_ridge(&self, outcomes: &[f64]) -> Fit {
        self.fit(outcomes, |centred| {
            // From the largest: of equal errors the simplest prediction wins.
            let tried = (PENALTIES.0..=PENALTIES.1).rev().map(|quarters| {
                let penalty = libm::pow(10.0, f64::from(quarters) / 4.0);
                (self.left_out_errors(centred, penalty), penalty)
            });
            tried.reduce(|best, next| if next.0 < best.0 { next } else { best }).map_or(1.0, |best| best.1)
        })
    }

    /// The sum of squared errors if each row in turn is left out and predicted from the others.
    ///
    /// With residual e and leverage h of a row that is not left out, its error is e/(1 - h) (D. M. Allen, "The relationship
    /// between variable selection and data augmentation and a method for prediction", Technometrics 16, 125-127, 1974).
    /// Scales stay those of all rows.
    fn left_out_errors(&self, centred: &[f64], penalty: f64) -> f64 {
        let factor = self.factor(penalty);
        let solved = factor.solve(&self.with(centred));
        let mut sum = 0.0;
        for (row, outcome) in self.rows.iter().zip(centred) {
            let predicted: f64 = row.iter().zip(&solved).map(|(value, solved)| value * solved).sum();
            let half = factor.forward(row);
            let leverage = 1.0 / centred.len() as f64 + half.iter().map(|value| value * value).sum::<f64>();
            // A row that the fit meets whatever its outcome says nothing about the penalty.
            sum += square((outcome - predicted) / (1.0 - leverage).max(1e-9));
        }
        sum
    }

    /// The sums of products of the features with the outcomes.
    fn with(&self, centred: &[f64]) -> Vec<f64> {
        let mut sums = vec![0.0; self.scales.len()];
        for (row, outcome) in self.rows.iter().zip(centred) {
            for (sum, value) in sums.iter_mut().zip(row) {
                *sum += value * outcome;
            }
        }
        sums
    }

    /// The Cholesky factor of the products with a penalty on the diagonal.
    fn factor(&self, penalty: f64) -> Factor {
        let size = self.scales.len();
        let mut lower = vec![vec![0.0; size]; size];
        for one in 0..size {
            for other in 0..=one {
                let known: f64 = (0..other).map(|at| lower[one][at] * lower[other][at]).sum();
                let mut rest = self.products[one][other] - known;
                lower[one][other] = if one == other {
                    rest += penalty * self.rows.len() as f64;
                    // Rounding can bring a feature that others determine to zero or below.
                    rest.max(self.rows.len() as f64 * f64::EPSILON).sqrt()
                } else {
                    rest / lower[other][other]
                };
            }
        }
        Factor { lower }
    }
}

/// A lower triangular matrix L, for which L L' is a positive definite matrix.
struct Factor {
    lower: Vec<Vec<f64>>,
}

impl Factor {
    /// The x with L x = b.
    fn forward(&self, b: &[f64]) -> Vec<f64> {
        let mut x: Vec<f64> = Vec::with_capacity(b.len());
        for (row, b) in self.lower.iter().zip(b) {
            let known: f64 = row.iter().zip(&x).map(|(lower, x)| lower * x).sum();
            let diagonal = row[x.len()];
            x.push((b - known) / diagonal);
        }
        x
    }

    /// The x with L L' x = b.
    fn solve(&self, b: &[f64]) -> Vec<f64> {
        let mut x = self.forward(b);
        for one in (0..x.len()).rev() {
            let known: f64 = (one + 1..x.len()).map(|other| self.lower[other][one] * x[other]).sum();
            x[one] = (x[one] - known) / self.lower[one][one];
        }
        x
    }
}

#[cfg(test)]
#[path = "regression_tests.rs"]
mod tests;
