//! Accumulates moments and range of a measure over replicates.

use crate::experiment::moments::Moments;
use crate::report::draw::lines::DataPoint;

/// Moments with the lowest and the highest value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    moments: Moments,
    lowest: f64,
    highest: f64,
}

impl Default for Spread {
    fn default() -> Self {
        Spread { moments: Moments::default(), lowest: f64::INFINITY, highest: f64::NEG_INFINITY }
    }
}

impl Spread {
    /// Adds the value of a replicate.
    pub fn add(&mut self, value: f64) {
        self.moments.add(value);
        self.lowest = self.lowest.min(value);
        self.highest = self.highest.max(value);
    }

    /// Number of replicates in which the measure is defined.
    pub fn count(&self) -> u64 {
        self.moments.count()
    }

    /// Returns the point to draw; `None` if the measure is not defined in any replicate.
    pub fn value(&self) -> Option<DataPoint> {
        let mean = self.moments.mean()?;
        let interval = self.moments.half_width().map(|half| (mean - half, mean + half));
        Some(DataPoint { mean, interval, range: interval.map(|_| (self.lowest, self.highest)) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spread_by_hand() {
        let mut spread = Spread::default();
        assert_eq!(spread.value(), None);
        spread.add(2.0);
        assert_eq!(spread.value(), Some(DataPoint { mean: 2.0, interval: None, range: None }));
        spread.add(4.0);
        let value = spread.value().unwrap();
        assert_eq!((value.mean, value.range, spread.count()), (3.0, Some((2.0, 4.0)), 2));
        // sd = sqrt(2), half-width = 12.706204736 * sqrt(2) / sqrt(2).
        assert!((value.interval.unwrap().1 - 15.706204736).abs() < 1e-8);
    }
}
