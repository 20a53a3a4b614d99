//! Reads `survival.csv`: how long people stay in the elite.

use super::number;
use crate::output::reading::{ReadError, ResultFolder};

/// Survival by cohort, summed over replicates.
#[derive(Debug, Clone)]
pub struct Survival {
    /// By cohort (phase of entry) and months since entry: spells at risk, and exits in the following month.
    pub cohorts: Vec<Vec<(f64, f64)>>,
}

impl Survival {
    /// Reads the table.
    ///
    /// # Errors
    ///
    /// If it cannot be read.
    pub fn read(folder: &ResultFolder, scenario: &str, phases: &[&str]) -> Result<Self, ReadError> {
        let mut cohorts = vec![Vec::new(); phases.len()];
        let columns =
            ["scenario", "cohort", "months", "at_risk", "exit_arrest", "exit_demotion", "exit_natural"];
        folder.rows("survival.csv", &columns, |cells| {
            let cohort = phases.iter().position(|phase| *phase == cells[1]);
            let months: Option<usize> = cells[2].parse().ok();
            let Some((cohort, months)) = cohort.zip(months).filter(|_| cells[0] == scenario) else { return };
            let rows: &mut Vec<(f64, f64)> = &mut cohorts[cohort];
            if rows.len() <= months {
                rows.resize(months + 1, (0.0, 0.0));
            }
            rows[months].0 += number(cells[3]).unwrap_or(0.0);
            rows[months].1 += cells[4..].iter().filter_map(|cell| number(cell)).sum::<f64>();
        })?;
        Ok(Survival { cohorts })
    }

    /// Share still in the elite after 0, 1, 2, … months (Kaplan and Meier), while at least `least` spells are at risk.
    pub fn course(&self, cohort: usize, least: f64) -> Vec<f64> {
        let mut share = 1.0;
        let mut course = Vec::new();
        for (at_risk, exits) in self.cohorts[cohort].iter().take_while(|row| row.0 >= least) {
            course.push(share);
            share *= 1.0 - exits / at_risk;
        }
        course
    }
}
