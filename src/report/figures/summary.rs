//! Reads `summary.csv`: means of measures by phase, over replicates.

use super::number;
use crate::output::reading::{ReadError, ResultFolder};

/// One row of the table.
#[derive(Debug, Clone, PartialEq)]
pub struct SummaryRow {
    /// Scenario.
    pub scenario: String,
    /// Phase.
    pub phase: String,
    /// Measure.
    pub metric: String,
    /// Mean over replicates.
    pub mean: Option<f64>,
    /// Ends of its 95 % interval.
    pub interval: Option<(f64, f64)>,
}

/// The table.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SummaryTable {
    rows: Vec<SummaryRow>,
}

impl SummaryTable {
    /// Reads the table.
    ///
    /// # Errors
    ///
    /// If it cannot be read.
    pub fn read(folder: &ResultFolder) -> Result<Self, ReadError> {
        let mut rows = Vec::new();
        folder.rows("summary.csv", &["scenario", "phase", "metric", "mean", "lo", "hi"], |cells| {
            rows.push(SummaryRow {
                scenario: cells[0].to_owned(),
                phase: cells[1].to_owned(),
                metric: cells[2].to_owned(),
                mean: number(cells[3]),
                interval: number(cells[4]).zip(number(cells[5])),
            });
        })?;
        Ok(SummaryTable { rows })
    }

    /// A measure in a phase of a scenario.
    pub fn row(&self, scenario: &str, phase: &str, metric: &str) -> Option<&SummaryRow> {
        self.rows.iter().find(|row| row.scenario == scenario && row.phase == phase && row.metric == metric)
    }
}
