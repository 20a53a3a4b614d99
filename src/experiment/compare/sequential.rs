//! Adds replicates until intervals are narrow enough, without exceeding the allowed error.
//!
//! Checking a 95 % interval repeatedly and stopping when it looks good is wrong more than 5 % of the time. Look k (k = 1,
//! 2, …) may therefore spend only the share 6 / (π² k²) of the allowed error. The shares add up to one, so by the union
//! bound the interval at the last look misses with at most the allowed error, whatever the reason for stopping there. The
//! number of replicates doubles between looks, which keeps the looks few.

use super::contrasts::{Contrasts, Width};

/// When to stop adding replicates.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct UntilPrecise {
    /// Maximum width of every interval, from end to end.
    pub width: Width,
    /// Maximum number of replicates.
    pub at_most: u32,
}

/// Share of the allowed error that look number `look` (from 1) may spend.
pub fn spend(look: u32) -> f64 {
    let look = f64::from(look.max(1));
    6.0 / (std::f64::consts::PI * std::f64::consts::PI * look * look)
}

impl UntilPrecise {
    /// Returns whether every interval is narrow enough; a contrast without an interval is not.
    pub fn reached(&self, contrasts: &Contrasts) -> bool {
        let mut rows = contrasts.scenarios.iter().chain(&contrasts.regimes);
        rows.all(|row| match (row.half, row.pairs.first_mean()) {
            (Some(half), Some(mean)) => 2.0 * half <= self.width.of(mean),
            _ => false,
        })
    }

    /// Number of replicates at the next look after one at `replicates`; `None` if the maximum is reached.
    pub fn next(&self, replicates: u32) -> Option<u32> {
        (replicates < self.at_most).then(|| replicates.saturating_mul(2).min(self.at_most))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_looks_together_spend_the_allowed_error() {
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
