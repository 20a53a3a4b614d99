//! The statistics of a comparison: paired differences, their intervals and tests, and corrections for many tests.
//!
//! Owns every formula of `compare.csv`. Knows nothing of scenarios, metrics or files. Student's distribution comes from
//! the crate `statrs`; what is computed with it is rounded (see [`Quantiles`] and [`p_value`]), because the mathematics
//! behind it may differ between platforms in the last digits, which must not show in a table.

use crate::experiment::moments::Moments;
use crate::experiment::quantiles::Quantiles;
use statrs::distribution::{ContinuousCDF, StudentsT};

/// Moments of two samples whose members belong together one by one, and of their differences.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Pairs {
    first: Moments,
    second: Moments,
    difference: Moments,
}

impl Pairs {
    /// Adds a pair; one of which either member is missing is left out.
    pub fn add(&mut self, first: Option<f64>, second: Option<f64>) {
        if let (Some(first), Some(second)) = (first, second) {
            self.first.add(first);
            self.second.add(second);
            self.difference.add(second - first);
        }
    }

    /// Number of pairs in which both members are there.
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

    /// Mean difference, second less first.
    pub fn difference(&self) -> Option<f64> {
        self.difference.mean()
    }

    /// Standard error of the mean difference; none below two pairs.
    pub fn standard_error(&self) -> Option<f64> {
        self.difference.sd().map(|sd| sd / (self.n() as f64).sqrt())
    }

    /// Half the width of Student's interval of the mean difference at a two-sided level; none below two pairs. Zero
    /// if all differences are equal.
    pub fn half_width(&self, level: f64, quantiles: &mut Quantiles) -> Option<f64> {
        let sd = self.difference.sd()?;
        let n = self.n();
        Some(if sd == 0.0 { 0.0 } else { quantiles.student(level, n - 1) * sd / (n as f64).sqrt() })
    }

    /// Two-sided p of the paired t test against no difference; none below two pairs. Where all differences are equal
    /// there is no spread to test against: 1 if they are zero, 0 if they are not.
    pub fn p(&self) -> Option<f64> {
        let sd = self.difference.sd()?;
        let mean = self.difference.mean()?;
        Some(match (sd == 0.0, mean == 0.0) {
            (true, true) => 1.0,
            (true, false) => 0.0,
            _ => p_value(mean / (sd / (self.n() as f64).sqrt()), self.n() - 1),
        })
    }

    /// Hedges' g_av: the mean difference over the root of the mean of both variances, times the correction for small
    /// samples 1 - 3 / (8 (n - 1) - 1). None below two pairs or where neither sample varies.
    pub fn effect_size(&self) -> Option<f64> {
        let (first, second) = (self.first.sd()?, self.second.sd()?);
        let pooled = (0.5 * (first * first + second * second)).sqrt();
        let correction = 1.0 - 3.0 / (8.0 * (self.n() - 1) as f64 - 1.0);
        (pooled > 0.0).then(|| correction * self.difference.mean().unwrap_or(0.0) / pooled)
    }

    /// Variance of the difference of two independent samples over that of the paired difference: how many times as
    /// many replicates it would take without pairing. None below two pairs or where the differences do not vary.
    pub fn variance_ratio(&self) -> Option<f64> {
        let (first, second, difference) = (self.first.sd()?, self.second.sd()?, self.difference.sd()?);
        (difference > 0.0).then(|| (first * first + second * second) / (difference * difference))
    }

    /// The least number of pairs whose interval is expected to have at most half the width `half`, if the differences
    /// go on to vary as they do. None below two pairs, or where `half` is not positive and the differences vary.
    pub fn pairs_needed(&self, half: f64, level: f64, quantiles: &mut Quantiles) -> Option<u64> {
        let sd = self.difference.sd()?;
        if sd == 0.0 {
            return Some(2);
        }
        if !half.is_finite() || half <= 0.0 {
            return None;
        }
        // The normal quantile is below Student's: a start from below that is close for large numbers.
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

/// Beyond so many replicates a number of those needed says nothing but "never".
const MOST_NEEDED: f64 = 1e9;

/// Probability that Student's t is at least as large in size, to six significant digits.
pub fn p_value(t: f64, freedom: u64) -> f64 {
    let student = StudentsT::new(0.0, 1.0, freedom as f64).expect("at least one degree of freedom");
    let p = (2.0 * student.sf(t.abs())).clamp(0.0, 1.0);
    significant(p)
}

/// A number to six significant digits.
fn significant(number: f64) -> f64 {
    format!("{number:.5e}").parse().expect("what was written as a number is one")
}

/// How p-values of many tests are adjusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Correction {
    /// Holm's step-down method: the chance of one or more false rejections among all tests is at most that asked for,
    /// however the tests depend on each other.
    Holm,
    /// Not at all.
    None,
}

impl Correction {
    /// Adjusts p-values; those that are missing are no tests and stay missing.
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
