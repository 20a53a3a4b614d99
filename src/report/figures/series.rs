//! Reads `series.csv`: measures by month.

use super::{number, place};
use crate::engine::calendar::Month;
use crate::output::reading::{ReadError, ResultFolder};
use crate::report::draw::lines::DataPoint;
use crate::report::measures::STYLES;
use crate::report::spread::Spread;

/// Spread over replicates of the measures that are drawn, by scenario and month.
#[derive(Debug, Clone, Default)]
pub struct Series {
    /// Names of the scenarios, in the order of the file.
    pub scenarios: Vec<String>,
    cells: Vec<Vec<Vec<Spread>>>,
}

impl Series {
    /// Reads the table.
    ///
    /// # Errors
    ///
    /// If it cannot be read.
    pub fn read(folder: &ResultFolder, months: usize) -> Result<Self, ReadError> {
        let mut series = Series::default();
        let columns: Vec<&str> =
            ["scenario", "month"].into_iter().chain(STYLES.iter().map(|style| style.key)).collect();
        folder.rows("series.csv", &columns, |cells| {
            let scenario = place(&mut series.scenarios, cells[0]);
            if scenario == series.cells.len() {
                series.cells.push(vec![vec![Spread::default(); STYLES.len()]; months]);
            }
            let month =
                cells[1].parse().ok().and_then(|month: Month| series.cells[scenario].get_mut(month.index()));
            for (spread, cell) in month.into_iter().flatten().zip(&cells[2..]) {
                number(cell).into_iter().for_each(|value| spread.add(value));
            }
        })?;
        Ok(series)
    }

    /// The course of a measure in a scenario: one point a month, dated to the middle of the month.
    pub fn course(&self, scenario: usize, key: &str) -> Vec<(f64, Option<DataPoint>)> {
        let measure = STYLES.iter().position(|style| style.key == key);
        let months = self.cells.get(scenario).into_iter().flatten().enumerate();
        months
            .map(|(month, cells)| (month as f64 + 0.5, measure.and_then(|measure| cells[measure].value())))
            .collect()
    }
}
