//! Reads `compare.csv`: paired differences of scenarios from the baseline.

use super::number;
use crate::experiment::compare::tables::Names;
use crate::model::phase::PHASE_MEASURES;
use crate::output::reading::{ReadError, ResultFolder};

/// One row of the table.
#[derive(Debug, Clone, PartialEq)]
pub struct DifferenceRow {
    /// Measure, by position in [`PHASE_MEASURES`].
    pub metric: usize,
    /// Phase, by position; the position after the last phase is the whole period.
    pub period: usize,
    /// Scenario, by position; 0 is the baseline.
    pub scenario: usize,
    /// Mean of the baseline.
    pub baseline: Option<f64>,
    /// Scenario minus baseline.
    pub difference: Option<f64>,
    /// Ends of its interval.
    pub interval: Option<(f64, f64)>,
    /// Ends of the interval that holds simultaneously with all others of the comparison.
    pub simultaneous: Option<(f64, f64)>,
    /// p-value corrected for multiple testing.
    pub adjusted: Option<f64>,
    /// Pairs of replicates.
    pub pairs: u64,
    /// Level of the interval.
    pub level: Option<f64>,
}

const COLUMNS: [&str; 12] = [
    "metric",
    "phase",
    "scenario",
    "baseline_mean",
    "difference",
    "lo",
    "hi",
    "lo_simultaneous",
    "hi_simultaneous",
    "p_adjusted",
    "n",
    "level",
];

/// Reads the table; `names` are the scenarios and phases of the comparison.
///
/// # Errors
///
/// If it cannot be read, or a row names something that the comparison does not have.
pub fn read(folder: &ResultFolder, names: &Names) -> Result<Vec<DifferenceRow>, ReadError> {
    let mut read = Vec::new();
    let mut unknown = None;
    folder.rows("compare.csv", &COLUMNS, |cells| {
        let metric = PHASE_MEASURES.iter().position(|measure| measure.key == cells[0]);
        let period = (0..=names.phases.len()).find(|&period| names.period(period) == cells[1]);
        let scenario = names.scenarios.iter().position(|name| name == cells[2]);
        let (Some(metric), Some(period), Some(scenario)) = (metric, period, scenario) else {
            unknown.get_or_insert(format!(
                "the row of metric {:?}, phase {:?} and scenario {:?} is of no such comparison",
                cells[0], cells[1], cells[2]
            ));
            return;
        };
        read.push(DifferenceRow {
            metric,
            period,
            scenario,
            baseline: number(cells[3]),
            difference: number(cells[4]),
            interval: number(cells[5]).zip(number(cells[6])),
            simultaneous: number(cells[7]).zip(number(cells[8])),
            adjusted: number(cells[9]),
            pairs: cells[10].parse().unwrap_or(0),
            level: number(cells[11]),
        });
    })?;
    match unknown {
        Some(reason) => Err(ReadError::Broken(folder.path.clone(), "compare.csv".into(), reason)),
        None => Ok(read),
    }
}
