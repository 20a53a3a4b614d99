//! Reads `response.csv`: the responses of a sweep, by point, metric and period.
//!
//! Of every metric and period it keeps the extremes and the spread over the points. Pictures with many points need only the
//! means of the whole period; then no other estimates of points are kept.

use super::number;
use super::sweep::Key;
use crate::experiment::moments::Moments;
use crate::model::phase::PHASE_MEASURES;
use crate::output::reading::{ReadError, ResultFolder};

const FILE: &str = "response.csv";

const COLUMNS: [&str; 9] =
    ["metric", "phase", "mean", "lo", "hi", "difference", "difference_lo", "difference_hi", "p_adjusted"];

/// An estimate of a metric in a period, for the base or a point.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Estimate {
    /// Mean over the replicates.
    pub mean: Option<f64>,
    /// Ends of its interval.
    pub interval: Option<(f64, f64)>,
    /// Paired difference from the base; `None` for the base.
    pub difference: Option<f64>,
    /// Ends of its interval.
    pub difference_interval: Option<(f64, f64)>,
    /// p-value of the difference, corrected for multiple testing.
    pub adjusted: Option<f64>,
}

/// What the points of a sweep have in common, for a metric in a period.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Extent {
    /// The base.
    pub base: Estimate,
    /// The estimate with the lowest mean and its point, from 0; the first of equal ones.
    pub lowest: Option<(Estimate, usize)>,
    /// The same of the highest mean.
    pub highest: Option<(Estimate, usize)>,
    /// Points at which the difference from the base was tested.
    pub tested: u64,
    /// Points at which it is significant after correction.
    pub clear: u64,
    differences: Moments,
    halves: MeanSquare,
    mean_halves: MeanSquare,
}

/// A mean of squares.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct MeanSquare {
    sum: f64,
    count: u64,
}

impl MeanSquare {
    /// Adds half of the width of an interval.
    fn add(&mut self, (low, high): (f64, f64)) {
        let half = (high - low) / 2.0;
        self.sum += half * half;
        self.count += 1;
    }

    fn root(&self) -> Option<f64> {
        (self.count > 0).then(|| (self.sum / self.count as f64).sqrt())
    }
}

impl Extent {
    fn add(&mut self, estimate: Estimate, point: usize, alpha: f64) {
        if let Some(mean) = estimate.mean {
            let known = |end: &Option<(Estimate, usize)>| end.and_then(|(estimate, _)| estimate.mean);
            if known(&self.lowest).is_none_or(|low| mean < low) {
                self.lowest = Some((estimate, point));
            }
            if known(&self.highest).is_none_or(|high| mean > high) {
                self.highest = Some((estimate, point));
            }
        }
        estimate.difference.iter().for_each(|difference| self.differences.add(*difference));
        estimate.difference_interval.into_iter().for_each(|ends| self.halves.add(ends));
        estimate.interval.into_iter().for_each(|ends| self.mean_halves.add(ends));
        self.tested += u64::from(estimate.adjusted.is_some());
        self.clear += u64::from(is_clear(&estimate, alpha));
    }

    /// Standard deviation of the differences from the base over the points.
    pub fn spread(&self) -> Option<f64> {
        self.differences.sd()
    }

    /// Typical half-width of the interval of a difference: the root of the mean square.
    pub fn half(&self) -> Option<f64> {
        self.halves.root()
    }

    /// Typical half-width of the interval of a mean: the root of the mean square.
    pub fn mean_half(&self) -> Option<f64> {
        self.mean_halves.root()
    }

    /// The spread relative to the half-width: how much more the metric varies over the points than an interval is wide. 0
    /// if it does not vary, infinite if its intervals have no width; `None` without intervals.
    pub fn strength(&self) -> Option<f64> {
        let (spread, half) = self.spread().zip(self.half())?;
        Some(if spread == 0.0 { 0.0 } else { spread / half })
    }

    /// The spread relative to the mean of the base, for a sweep without intervals; `None` if this mean is 0.
    pub fn relative(&self) -> Option<f64> {
        let (spread, base) = self.spread().zip(self.base.mean.filter(|base| *base != 0.0))?;
        Some(spread / base.abs())
    }
}

/// Returns whether a difference from the base is significant after correction.
pub fn is_clear(estimate: &Estimate, alpha: f64) -> bool {
    estimate.adjusted.is_some_and(|p| p <= alpha)
}

/// How much of the table is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// All estimates.
    Estimates,
    /// The means of the whole period.
    Means,
}

/// The responses of a sweep.
#[derive(Debug, Clone, PartialEq)]
pub struct Responses {
    /// The metrics, by position in [`PHASE_MEASURES`].
    pub metrics: Vec<usize>,
    /// Number of periods: the phases, then the whole period.
    pub periods: usize,
    /// Whether the base counts as a point in the spread: if it has a value of each key, and no point has the same values.
    pub base_counts: bool,
    /// By metric, then by period.
    extents: Vec<Extent>,
    /// By metric, then by period: the estimates of the points, if they are kept.
    estimates: Vec<Vec<Estimate>>,
    /// By metric: the means of the points over the whole period.
    means: Vec<Vec<Option<f64>>>,
}

impl Responses {
    /// What the points have in common. `metric` is a position in `metrics`.
    pub fn extent(&self, metric: usize, period: usize) -> &Extent {
        &self.extents[metric * self.periods + period]
    }

    /// All extents.
    pub fn extents(&self) -> impl Iterator<Item = &Extent> {
        self.extents.iter()
    }

    /// The estimates of the points.
    pub fn estimates(&self, metric: usize, period: usize) -> &[Estimate] {
        &self.estimates[metric * self.periods + period]
    }

    /// The means of the points over the whole period.
    pub fn means(&self, metric: usize) -> &[Option<f64>] {
        &self.means[metric]
    }

    /// The period after the phases.
    pub fn whole(&self) -> usize {
        self.periods - 1
    }
}

/// Reads the table in its order: the base, then the points, each with all metrics and, for each metric, all periods.
struct Reader<'a> {
    periods: &'a [&'a str],
    keys: &'a mut [Key],
    points: usize,
    detail: Detail,
    alpha: f64,
    /// 0 for the base.
    variant: usize,
    /// Rows of the variant that have been read.
    row: usize,
    read: Responses,
}

impl Reader<'_> {
    /// Takes a row; the error says what is wrong with it.
    fn take(&mut self, cells: &[&str], values: &[&str]) -> Result<(), String> {
        let known = self.row == self.read.metrics.len() * self.periods.len();
        let at_start = self.row.is_multiple_of(self.periods.len());
        let key = |metric: &usize| PHASE_MEASURES[*metric].key;
        if self.row > 0 && known && (self.variant > 0 || self.read.metrics.first().map(key) == Some(cells[0]))
        {
            self.variant += 1;
            self.row = 0;
        }
        let (metric, period) = (self.row / self.periods.len(), self.row % self.periods.len());
        if self.variant == 0 && at_start {
            self.begin_metric(cells[0])?;
        }
        let expected = self.read.metrics.get(metric).map(key).zip(self.periods.get(period).copied());
        if expected != Some((cells[0], cells[1])) {
            return Err(format!(
                "a row of metric {:?} and phase {:?} is not in its place",
                cells[0], cells[1]
            ));
        }
        if self.row == 0 {
            self.begin_variant(values)?;
        }
        let estimate = Estimate {
            mean: number(cells[2]),
            interval: number(cells[3]).zip(number(cells[4])),
            difference: number(cells[5]),
            difference_interval: number(cells[6]).zip(number(cells[7])),
            adjusted: number(cells[8]),
        };
        self.add(metric, period, estimate);
        self.row += 1;
        Ok(())
    }

    fn begin_metric(&mut self, key: &str) -> Result<(), String> {
        let metric = PHASE_MEASURES.iter().position(|measure| measure.key == key);
        let metric = metric.filter(|metric| !self.read.metrics.contains(metric));
        self.read.metrics.push(metric.ok_or_else(|| format!("{key:?} is no other metric of this version"))?);
        self.read.extents.extend(vec![Extent::default(); self.periods.len()]);
        self.read.estimates.extend(vec![Vec::new(); self.periods.len()]);
        self.read.means.push(Vec::new());
        Ok(())
    }

    /// Takes the values of the keys of the base, and compares those of a point with `points.csv`.
    fn begin_variant(&mut self, values: &[&str]) -> Result<(), String> {
        let Some(point) = self.variant.checked_sub(1) else {
            self.keys.iter_mut().zip(values).for_each(|(key, cell)| key.set_base(cell));
            let is_base = |point: usize| self.keys.iter().all(|key| key.base == Some(key.values[point]));
            let has_values = self.keys.iter().all(|key| key.base.is_some());
            self.read.base_counts = self.points == 1 || has_values && !(0..self.points).any(is_base);
            return Ok(());
        };
        let same = |(key, cell): (&Key, &&str)| key.values.get(point).copied() == key.read(cell);
        if point < self.points && self.keys.iter().zip(values).all(same) {
            return Ok(());
        }
        Err(format!("its point {} is not that of points.csv", self.variant))
    }

    fn add(&mut self, metric: usize, period: usize, estimate: Estimate) {
        let cell = metric * self.periods.len() + period;
        let extent = &mut self.read.extents[cell];
        let Some(point) = self.variant.checked_sub(1) else {
            extent.base = estimate;
            // Without a difference from itself.
            if self.read.base_counts {
                extent.differences.add(0.0);
            }
            return;
        };
        extent.add(estimate, point, self.alpha);
        if self.detail == Detail::Estimates {
            self.read.estimates[cell].push(estimate);
        }
        if period + 1 == self.periods.len() {
            self.read.means[metric].push(estimate.mean);
        }
    }
}

/// Reads the table and the base's values of the keys. `periods` are the phases that were reached and the whole period;
/// differences with a corrected p of at most `alpha` are significant.
///
/// # Errors
///
/// If the table cannot be read, or does not have the rows of the points in their order.
pub fn read(
    folder: &ResultFolder,
    periods: &[&str],
    keys: &mut [Key],
    detail: Detail,
    alpha: f64,
) -> Result<Responses, ReadError> {
    let names: Vec<String> = keys.iter().map(|key| key.name.clone()).collect();
    let columns: Vec<&str> = COLUMNS.into_iter().chain(names.iter().map(String::as_str)).collect();
    let points = keys.first().map_or(0, |key| key.values.len());
    let read = Responses {
        metrics: Vec::new(),
        periods: periods.len(),
        base_counts: false,
        extents: Vec::new(),
        estimates: Vec::new(),
        means: Vec::new(),
    };
    let mut reader = Reader { periods, keys, points, detail, alpha, variant: 0, row: 0, read };
    let mut wrong = None;
    folder.rows(FILE, &columns, |cells| {
        let (cells, values) = cells.split_at(COLUMNS.len());
        if wrong.is_none() {
            wrong = reader.take(cells, values).err();
        }
    })?;
    let all = reader.read.metrics.len() * periods.len();
    if wrong.is_none() && (reader.variant, reader.row) != (points, all) {
        wrong = Some(format!("it does not have the rows of the base and of {points} points"));
    }
    match wrong {
        Some(reason) => Err(folder.broken(FILE, reason)),
        None => Ok(reader.read),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(mean: f64, difference: f64, half: Option<f64>, adjusted: Option<f64>) -> Estimate {
        Estimate {
            mean: Some(mean),
            interval: half.map(|half| (mean - half, mean + half)),
            difference: Some(difference),
            difference_interval: half.map(|half| (difference - half, difference + half)),
            adjusted,
        }
    }

    #[test]
    fn an_extent_by_hand() {
        let mut extent = Extent { base: point(10.0, 0.0, Some(1.0), None), ..Extent::default() };
        assert_eq!((extent.spread(), extent.half(), extent.strength()), (None, None, None));
        extent.add(point(8.0, -2.0, Some(0.5), Some(0.01)), 0, 0.05);
        extent.add(point(12.0, 2.0, Some(0.7), Some(0.2)), 1, 0.05);
        extent.add(point(12.0, 2.0, None, None), 2, 0.05);
        assert_eq!((extent.lowest.unwrap().1, extent.highest.unwrap().1), (0, 1));
        assert_eq!((extent.tested, extent.clear), (2, 1));
        // Mean 2/3; squares 64/9 + 2 * 16/9 = 96/9; over 2: 16/3.
        assert!((extent.spread().unwrap() - (16.0f64 / 3.0).sqrt()).abs() < 1e-12);
        // The root of (0.25 + 0.49) / 2.
        let half = 0.37f64.sqrt();
        assert!((extent.half().unwrap() - half).abs() < 1e-12);
        assert!((extent.strength().unwrap() - (16.0f64 / 3.0).sqrt() / half).abs() < 1e-12);
        assert!((extent.relative().unwrap() - (16.0f64 / 3.0).sqrt() / 10.0).abs() < 1e-12);
    }

    #[test]
    fn a_metric_that_does_not_vary_has_no_strength() {
        let mut extent = Extent::default();
        extent.add(point(1.0, 0.0, Some(0.0), Some(1.0)), 0, 0.05);
        extent.add(point(1.0, 0.0, Some(0.0), Some(1.0)), 1, 0.05);
        assert_eq!(extent.strength(), Some(0.0));
        extent.add(point(2.0, 1.0, Some(0.0), Some(0.0)), 2, 0.05);
        assert_eq!(extent.strength(), Some(f64::INFINITY));
    }
}
