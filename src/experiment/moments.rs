//! Running moments over replicates, and the interval of a mean.
//!
//! Owns mean, standard deviation and Student's interval. Values come one by one in the order of the replicates, so
//! that the sums are the same whoever computed the replicates, and none needs to be kept.

use statrs::distribution::{ContinuousCDF, StudentsT};

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

    /// Mean; none without values.
    pub fn mean(&self) -> Option<f64> {
        (self.count > 0).then_some(self.mean)
    }

    /// Standard deviation of the sample, with n - 1; none below two values.
    pub fn sd(&self) -> Option<f64> {
        (self.count > 1).then(|| (self.squares / (self.count - 1) as f64).sqrt())
    }

    /// Half the width of Student's 95 % interval of the mean; none below two values.
    pub fn half_width(&self) -> Option<f64> {
        self.sd().map(|sd| student_quantile(self.count - 1) * sd / (self.count as f64).sqrt())
    }
}

/// The two-sided 95 % quantile of Student's t.
///
/// Rounded to nine decimals: the mathematics behind it may differ between platforms in the last digit, which must not
/// show in a table.
pub fn student_quantile(freedom: u64) -> f64 {
    let student = StudentsT::new(0.0, 1.0, freedom as f64).expect("at least one degree of freedom");
    (student.inverse_cdf(0.5 + LEVEL / 2.0) * 1e9).round() / 1e9
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn quantiles_agree_with_published_ones() {
        // SciPy 1.17.1: scipy.stats.t.ppf(.975, n)
        let reference = [
            (1, 12.706204736175),
            (2, 4.302652729749),
            (3, 3.182446305284),
            (4, 2.776445105198),
            (9, 2.262157162798),
            (19, 2.093024054408),
            (29, 2.045229642133),
            (99, 1.984216951586),
            (999, 1.962341461133),
        ];
        for (freedom, expected) in reference {
            let got = student_quantile(freedom);
            assert!((got - expected).abs() < 1e-9, "{freedom}: {got}, not {expected}");
        }
    }

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
