//! Replicates added until intervals are narrow, by a rule that keeps its error however often it looks.
//!
//! Owns the rule. Look number k (k = 1, 2, ...) may spend the share 6 / (pi^2 k^2) of the error that is allowed; all
//! shares add up to one. Whichever look the rule stops at, the interval of that look misses with at most the sum of
//! what all looks may spend, by the union bound: nothing is assumed about when it stops. Looks come at doubled numbers
//! of replicates, so that few are made.

use super::contrasts::{Contrasts, Width};

/// Replicates to begin with and when to stop adding more.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UntilPrecise {
    /// Every interval of the analysis is to be at most so wide, from end to end.
    pub width: Width,
    /// Never more replicates than these.
    pub at_most: u32,
}

/// Share of the allowed error that a look may spend; looks are numbered from 1.
pub fn spend(look: u32) -> f64 {
    let look = f64::from(look.max(1));
    6.0 / (std::f64::consts::PI * std::f64::consts::PI * look * look)
}

impl UntilPrecise {
    /// True if every interval is narrow enough; one without an interval is not.
    pub fn reached(&self, contrasts: &Contrasts) -> bool {
        let mut rows = contrasts.scenarios.iter().chain(&contrasts.regimes);
        rows.all(|row| match (row.half, row.pairs.first_mean()) {
            (Some(half), Some(mean)) => 2.0 * half <= self.width.of(mean),
            _ => false,
        })
    }

    /// Replicates of the next look after one at `replicates`; none if there may be no more.
    pub fn next(&self, replicates: u32) -> Option<u32> {
        (replicates < self.at_most).then(|| replicates.saturating_mul(2).min(self.at_most))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_looks_spend_no_more_than_all() {
        let sum: f64 = (1..100_000).map(spend).sum();
        assert!(sum < 1.0 && sum > 0.9999, "{sum}");
        assert!((spend(1) - 0.6079271).abs() < 1e-7);
    }

    #[test]
    fn looks_double_up_to_the_limit() {
        let rule = UntilPrecise { width: Width::Share(0.1), at_most: 50 };
        assert_eq!(
            [rule.next(10), rule.next(20), rule.next(40), rule.next(50)],
            [Some(20), Some(40), Some(50), None]
        );
    }
}
