//! Computes paired differences, their intervals and tests, and corrections for multiple testing.
//!
//! Every formula of `compare.csv` is here; scenarios, metrics and files are not. Student's distribution comes from the
//! crate `statrs`. Its results may differ between platforms in the last digits, so they are rounded (see [`Quantiles`] and
//! [`p_value`]) to keep tables identical.

use crate::experiment::moments::Moments;
use crate::experiment::quantiles::Quantiles;
use statrs::distribution::{ContinuousCDF, StudentsT};

/// Moments of two paired samples and of their differences.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Pairs {
    first: Moments,
    second: Moments,
    difference: Moments,
}

impl Pairs {
    /// Adds a pair; ignores it if either member is missing.
    pub fn add(&mut self, first: Option<f64>, second: Option<f64>) {
        if let (Some(first), Some(second)) = (first, second) {
            self.first.add(first);
            self.second.add(second);
            self.difference.add(second - first);
        }
    }

    /// Number of complete pairs.
    pub fn n(&self) -> u64 {
        self.difference.count()
    }

    /// Mean of the first members.
    pub fn first_mean(&self) -> Option<f64> {
        self.first.mean()
    }

    /// Mean of the second members.
    pub fn second_mean(&self) -> Option<f64> {
        self.second.mean()
    }

    /// Mean difference, second minus first.
    pub fn difference(&self) -> Option<f64> {
        self.difference.mean()
    }

    /// Standard error of the mean difference; `None` below two pairs.
    pub fn standard_error(&self) -> Option<f64> {
        self.difference.sd().map(|sd| sd / (self.n() as f64).sqrt())
    }

    /// Half-width of Student's interval of the mean difference at a two-sided level; zero if all differences are equal,
    /// `None` below two pairs.
    pub fn half_width(&self, level: f64, quantiles: &mut Quantiles) -> Option<f64> {
        let sd = self.difference.sd()?;
        let n = self.n();
        Some(if sd == 0.0 { 0.0 } else { quantiles.student(level, n - 1) * sd / (n as f64).sqrt() })
    }

    /// Two-sided p-value of the paired t test against no difference; `None` below two pairs. If all differences are equal,
    /// the test has no spread: the result is then 1 if they are zero, else 0.
    pub fn p(&self) -> Option<f64> {
        let sd = self.difference.sd()?;
        let mean = self.difference.mean()?;
        Some(match (sd == 0.0, mean == 0.0) {
            (true, true) => 1.0,
            (true, false) => 0.0,
            _ => p_value(mean / (sd / (self.n() as f64).sqrt()), self.n() - 1),
        })
    }

    /// Hedges' g_av: the mean difference divided by the root of the mean of both variances, times the small-sample
    /// correction 1 - 3 / (8 (n - 1) - 1). `None` below two pairs or if neither sample varies.
    pub fn effect_size(&self) -> Option<f64> {
        let (first, second) = (self.first.sd()?, self.second.sd()?);
        let pooled = (0.5 * (first * first + second * second)).sqrt();
        let correction = 1.0 - 3.0 / (8.0 * (self.n() - 1) as f64 - 1.0);
        (pooled > 0.0).then(|| correction * self.difference.mean().unwrap_or(0.0) / pooled)
    }

    /// Variance of the difference of two independent samples divided by that of the paired difference: the factor by which
    /// pairing saves replicates. `None` below two pairs or if the differences do not vary.
    pub fn variance_ratio(&self) -> Option<f64> {
        let (first, second, difference) = (self.first.sd()?, self.second.sd()?, self.difference.sd()?);
        (difference > 0.0).then(|| (first * first + second * second) / (difference * difference))
    }

    /// The smallest number of pairs for which the interval is expected to have at most the half-width `half`, if the
    /// differences keep their present variance. `None` below two pairs, above 10^9 pairs, or if `half` is not positive and
    /// the differences vary.
    pub fn pairs_needed(&self, half: f64, level: f64, quantiles: &mut Quantiles) -> Option<u64> {
        let sd = self.difference.sd()?;
        if sd == 0.0 {
            return Some(2);
        }
        if !half.is_finite() || half <= 0.0 {
            return None;
        }
        // The normal quantile is below Student's, so this starts below the result, and close to it for large numbers.
        let spread = quantiles.normal(level) * sd / half;
        let least = spread * spread;
        if least > MOST_NEEDED {
            return None;
        }
        let mut n = (least as u64).max(2);
        while quantiles.student(level, n - 1) * sd / (n as f64).sqrt() > half {
            n += 1;
        }
        Some(n)
    }
}

/// Above this number of pairs, the precision counts as out of reach.
const MOST_NEEDED: f64 = 1e9;

/// Probability that |t| is at least this large, for Student's t with `freedom` degrees of freedom; six significant digits.
pub fn p_value(t: f64, freedom: u64) -> f64 {
    let student = StudentsT::new(0.0, 1.0, freedom as f64).expect("at least one degree of freedom");
    let p = (2.0 * student.sf(t.abs())).clamp(0.0, 1.0);
    significant(p)
}

/// Rounds a number to six significant digits.
fn significant(number: f64) -> f64 {
    format!("{number:.5e}").parse().expect("a formatted number can be parsed")
}

/// A correction for multiple testing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Correction {
    /// Holm's step-down method: bounds the probability of any false rejection, whatever the dependence between tests.
    Holm,
    /// No correction.
    None,
}

impl Correction {
    /// Adjusts p-values. Missing ones are not tests and stay missing.
    pub fn adjust(self, p: &[Option<f64>]) -> Vec<Option<f64>> {
        let mut adjusted = p.to_vec();
        if self == Correction::None {
            return adjusted;
        }
        let mut order: Vec<(f64, usize)> =
            p.iter().enumerate().filter_map(|(position, p)| p.map(|p| (p, position))).collect();
        order.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut largest = 0f64;
        for (rank, (p, position)) in order.iter().enumerate() {
            largest = largest.max(significant((order.len() - rank) as f64 * p)).min(1.0);
            adjusted[*position] = Some(largest);
        }
        adjusted
    }
}

#[cfg(test)]
mod tests;
