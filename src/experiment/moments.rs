//! Computes mean, standard deviation and the confidence interval of the mean over replicates.
//!
//! Values are added one by one, in the order of the replicates, so no value has to be stored and the sums do not depend on
//! the number of threads.

use super::quantiles;

/// Confidence level of every interval.
pub const LEVEL: f64 = 0.95;

/// Count, mean and sum of squared deviations of the values so far (Welford's method).
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Moments {
    count: u64,
    mean: f64,
    squares: f64,
}

impl Moments {
    /// Moments of `count` values with this mean and standard deviation.
    pub fn of(count: u64, mean: f64, sd: f64) -> Moments {
        Moments { count, mean, squares: sd * sd * count.saturating_sub(1) as f64 }
    }

    /// Adds a value.
    pub fn add(&mut self, value: f64) {
        self.count += 1;
        let from_old = value - self.mean;
        self.mean += from_old / self.count as f64;
        self.squares += from_old * (value - self.mean);
    }

    /// Number of values.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Mean; `None` without values.
    pub fn mean(&self) -> Option<f64> {
        (self.count > 0).then_some(self.mean)
    }

    /// Standard deviation of the sample (divisor n - 1); `None` below two values.
    pub fn sd(&self) -> Option<f64> {
        self.variance().map(f64::sqrt)
    }

    /// Variance of the sample (divisor n - 1); `None` below two values.
    pub fn variance(&self) -> Option<f64> {
        (self.count > 1).then(|| self.squares / (self.count - 1) as f64)
    }

    /// Half-width of Student's 95 % interval of the mean; `None` below two values.
    pub fn half_width(&self) -> Option<f64> {
        self.sd().map(|sd| quantiles::student(LEVEL, self.count - 1) * sd / (self.count as f64).sqrt())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn moments_by_hand() {
        let mut moments = Moments::default();
        assert_eq!((moments.mean(), moments.sd(), moments.half_width()), (None, None, None));
        moments.add(2.0);
        assert_eq!((moments.mean(), moments.sd(), moments.half_width()), (Some(2.0), None, None));
        moments.add(4.0);
        moments.add(9.0);
        // Mean 5, squares 9 + 1 + 16 = 26, sd = sqrt(13), half-width = 4.302652730 * sqrt(13 / 3).
        assert_eq!(moments.mean(), Some(5.0));
        assert!((moments.sd().unwrap() - 13f64.sqrt()).abs() < 1e-15);
        assert!((moments.half_width().unwrap() - 4.302652730 * (13f64 / 3.0).sqrt()).abs() < 1e-8);
        let same = Moments::of(3, 5.0, 13f64.sqrt());
        assert_eq!((same.count(), same.mean()), (3, Some(5.0)));
        assert!((same.sd().unwrap() - 13f64.sqrt()).abs() < 1e-15);
    }

    #[test]
    fn equal_values_have_no_spread() {
        let mut moments = Moments::default();
        for _ in 0..1000 {
            moments.add(0.1);
        }
        assert_eq!((moments.mean(), moments.sd()), (Some(0.1), Some(0.0)));
    }

    proptest! {
        #[test]
        fn running_moments_equal_those_in_two_passes(values in prop::collection::vec(-1e6f64..1e6, 2..50)) {
            let mut moments = Moments::default();
            values.iter().for_each(|value| moments.add(*value));
            let mean = values.iter().sum::<f64>() / values.len() as f64;
            let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (values.len() - 1) as f64;
            prop_assert!((moments.mean().unwrap() - mean).abs() < 1e-6);
            prop_assert!((moments.sd().unwrap() - variance.sqrt()).abs() < 1e-6);
        }
    }
}
