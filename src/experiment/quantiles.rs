//! Computes two-sided quantiles of Student's t and of the normal distribution, and quantiles of chi-squared and F.
//!
//! The distributions come from the crate `statrs`. Its results may differ between platforms in the last digits, so
//! quantiles are rounded to nine decimals, or six digits, to keep tables identical.

use statrs::distribution::{ChiSquared, ContinuousCDF, FisherSnedecor, Normal, StudentsT};
use std::collections::BTreeMap;

/// The value that |t| with `freedom` degrees of freedom (at least 1) exceeds with probability 1 - level.
pub fn student(level: f64, freedom: u64) -> f64 {
    if freedom > MANY {
        return rounded(from_normal(normal(level), freedom as f64));
    }
    let student = StudentsT::new(0.0, 1.0, freedom as f64).expect("at least one degree of freedom");
    rounded(student.inverse_cdf(0.5 + level / 2.0))
}

/// The value that a standard normal variable exceeds in absolute value with probability 1 - level.
pub fn normal(level: f64) -> f64 {
    rounded(Normal::standard().inverse_cdf(0.5 + level / 2.0))
}

/// The value that chi-squared with `freedom` degrees of freedom (positive) stays below with a probability of `p`.
pub fn chi_squared(p: f64, freedom: f64) -> f64 {
    let distribution = ChiSquared::new(freedom).expect("positive degrees of freedom");
    six_digits(distribution.inverse_cdf(p))
}

/// The value that Fisher's F with these degrees of freedom (positive), of numerator and denominator, stays below with a
/// probability of `p`.
pub fn fisher(p: f64, numerator: f64, denominator: f64) -> f64 {
    let distribution = FisherSnedecor::new(numerator, denominator).expect("positive degrees of freedom");
    six_digits(distribution.inverse_cdf(p))
}

/// A cache of [`student`] and [`normal`].
#[derive(Debug, Clone, Default)]
pub struct Quantiles {
    found: BTreeMap<(u64, u64), f64>,
}

impl Quantiles {
    /// As [`student`].
    pub fn student(&mut self, level: f64, freedom: u64) -> f64 {
        *self.found.entry((level.to_bits(), freedom)).or_insert_with(|| student(level, freedom))
    }

    /// As [`normal`].
    pub fn normal(&mut self, level: f64) -> f64 {
        *self.found.entry((level.to_bits(), u64::MAX)).or_insert_with(|| normal(level))
    }
}

/// Degrees of freedom above which quantiles are approximated from the normal distribution, because the exact iteration is
/// very slow there.
const MANY: u64 = 1_000;

/// Student's quantile from the normal quantile `z` by the Cornish-Fisher expansion up to (1 / freedom)^3 (Abramowitz and
/// Stegun, 26.7.5). Above 1,000 degrees of freedom its relative error is below 1e-9 for levels up to .9999999.
fn from_normal(z: f64, freedom: f64) -> f64 {
    let squared = z * z;
    let first = z * (squared + 1.0) / 4.0;
    let second = z * ((5.0 * squared + 16.0) * squared + 3.0) / 96.0;
    let third = z * (((3.0 * squared + 19.0) * squared + 17.0) * squared - 15.0) / 384.0;
    z + (first + (second + third / freedom) / freedom) / freedom
}

fn rounded(quantile: f64) -> f64 {
    (quantile * 1e9).round() / 1e9
}

/// Rounds to six significant digits. Decimals would not do, because quantiles of chi-squared and F can be close to zero,
/// and for many degrees of freedom the eighth digit of `statrs` is wrong.
fn six_digits(quantile: f64) -> f64 {
    format!("{quantile:.5e}").parse().expect("a formatted number can be parsed")
}

#[cfg(test)]
mod tests {
    use super::*;

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
            let got = student(0.95, freedom);
            assert!((got - expected).abs() < 1e-9, "{freedom}: {got}, not {expected}");
        }
    }

    #[test]
    fn quantiles_of_any_level_agree_with_scipy() {
        let reference = [
            (0.9, 1, 6.313751514675037),
            (0.9, 4, 2.1318467863266495),
            (0.9, 99, 1.6603911560169906),
            (0.9, 1_000, 1.6463788172854643),
            (0.9, 1_001, 1.646377292199468),
            (0.95, 1_001, 1.9623367052808798),
            (0.95, 1_000_000, 1.959966356814107),
            (0.99, 5_000, 2.5768129665562802),
            (0.99999, 1_001, 4.439903635943667),
            (0.99999, 1_000_000, 4.41719606419553),
            (0.99, 1, 63.656741162871526),
            (0.99, 4, 4.604094871349992),
            (0.99, 99, 2.626405457280827),
            (0.999, 1, 636.6192487687897),
            (0.999, 4, 8.610301581379522),
            (0.999, 99, 3.391528833363685),
            (0.99999, 1, 63661.977231105084),
            (0.99999, 4, 27.771647659321037),
            (0.99999, 99, 4.656746141496287),
        ];
        let mut quantiles = Quantiles::default();
        for (level, freedom, expected) in reference {
            let got = quantiles.student(level, freedom);
            assert!((got - expected).abs() <= 1e-8 * expected, "{level}, {freedom}: {got}, not {expected}");
            assert_eq!(got, student(level, freedom));
        }
    }

    #[test]
    fn quantiles_of_chi_squared_and_f_agree_with_scipy() {
        // SciPy 1.17.1: scipy.stats.chi2.ppf(p, n), scipy.stats.f.ppf(p, n, m). Each is rounded to six digits.
        let close = |got: f64, expected: f64| {
            assert!((got - expected).abs() <= 5.1e-6 * expected, "{got}, not {expected}");
        };
        for (p, freedom, expected) in [
            (0.025, 1.0, 0.0009820691171752555),
            (0.975, 1.0, 5.023886187314888),
            (0.025, 19.0, 8.906516481987971),
            (0.975, 19.0, 32.85232686172969),
            (0.025, 361.0, 310.2547750481364),
            (0.975, 361.0, 415.53232458440505),
            (0.975, 380.0, 435.90114143419817),
            (0.025, 9_801.0, 9528.490233608827),
            (0.975, 998_001.0, 1000771.9296597899),
        ] {
            close(chi_squared(p, freedom), expected);
        }
        for (p, numerator, denominator, expected) in [
            (0.025, 1.0, 1.0, 0.001543712508674131),
            (0.975, 1.0, 1.0, 647.7890114778442),
            (0.025, 19.0, 19.0, 0.3958121595432232),
            (0.975, 19.0, 19.0, 2.526450933579262),
            (0.025, 19.0, 361.0, 0.4636176188624038),
            (0.975, 19.0, 361.0, 1.7671840864395396),
            (0.975, 4.0, 16.0, 3.729416545593047),
            (0.975, 1.0, 9_999.0, 5.025399837995188),
            (0.025, 999.0, 998_001.0, 0.9141768882246527),
        ] {
            close(fisher(p, numerator, denominator), expected);
        }
    }
}
