//! Reads `mobility.csv`: people by origin and rank.

use super::{number, place};
use crate::model::state::standing::ORIGIN_NAMES;
use crate::model::state::standing::ORIGINS;
use crate::model::state::standing::RANK_NAMES;
use crate::model::state::standing::RANKS;
use crate::output::reading::{ReadError, ResultFolder};

/// People by origin and rank, summed over replicates, without workers at school.
pub type People = [[f64; RANKS]; ORIGINS];

/// Counts of people at the ends of months.
#[derive(Debug, Clone, Default)]
pub struct Mobility {
    /// Months at whose end people were counted, `YYYY-MM`, in order.
    pub months: Vec<String>,
    /// Counts, in the order of `months`.
    pub people: Vec<People>,
}

impl Mobility {
    /// Reads the table.
    ///
    /// # Errors
    ///
    /// If it cannot be read.
    pub fn read(folder: &ResultFolder, scenario: &str) -> Result<Self, ReadError> {
        let mut read = Mobility::default();
        folder.rows("mobility.csv", &["scenario", "month", "origin", "rank", "people"], |cells| {
            let origin = ORIGIN_NAMES.iter().position(|origin| *origin == cells[2]);
            let rank = RANK_NAMES.iter().position(|rank| *rank == cells[3]);
            let Some((origin, rank)) = origin.zip(rank).filter(|_| cells[0] == scenario) else { return };
            let month = place(&mut read.months, cells[1]);
            if month == read.people.len() {
                read.people.push(People::default());
            }
            read.people[month][origin][rank] += number(cells[4]).unwrap_or(0.0);
        })?;
        Ok(read)
    }
}
