//! `compare.csv`: paired differences of scenarios from the baseline.

use super::number;
use crate::output::reading::{ReadError, ResultFolder};

/// One row of the table.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// Measure.
    pub metric: String,
    /// Phase, or the whole period.
    pub phase: String,
    /// Scenario.
    pub scenario: String,
    /// Unit of the measure.
    pub unit: String,
    /// Mean of the baseline.
    pub baseline: Option<f64>,
    /// Scenario less baseline.
    pub difference: Option<f64>,
    /// Ends of its interval.
    pub interval: Option<(f64, f64)>,
    /// Ends of the interval at which all intervals of the comparison hold together.
    pub simultaneous: Option<(f64, f64)>,
    /// p after the correction over all tests.
    pub adjusted: Option<f64>,
    /// Pairs of replicates.
    pub pairs: u64,
    /// Level of the interval.
    pub level: Option<f64>,
}

const COLUMNS: [&str; 13] = [
    "metric",
    "phase",
    "scenario",
    "unit",
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

/// Reads the table.
///
/// # Errors
///
/// If it cannot be read.
pub fn read(folder: &ResultFolder) -> Result<Vec<Difference>, ReadError> {
    let mut read = Vec::new();
    folder.rows("compare.csv", &COLUMNS, |cells| {
        read.push(Difference {
            metric: cells[0].to_owned(),
            phase: cells[1].to_owned(),
            scenario: cells[2].to_owned(),
            unit: cells[3].to_owned(),
            baseline: number(cells[4]),
            difference: number(cells[5]),
            interval: number(cells[6]).zip(number(cells[7])),
            simultaneous: number(cells[8]).zip(number(cells[9])),
            adjusted: number(cells[10]),
            pairs: cells[11].parse().unwrap_or(0),
            level: number(cells[12]),
        });
    })?;
    Ok(read)
}
