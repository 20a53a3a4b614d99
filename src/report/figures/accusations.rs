//! Reads `accusations.csv`: who accuses whom.

use super::number;
use crate::model::state::standing::MOTIVE_NAMES;
use crate::model::state::standing::MOTIVES;
use crate::model::state::standing::POSITION_NAMES;
use crate::model::state::standing::POSITIONS;
use crate::model::state::standing::TARGET_CLASS_NAMES;
use crate::model::state::standing::TARGET_CLASSES;
use crate::output::reading::{ReadError, ResultFolder};

/// Acts by motive, position of the accuser and class of the target.
pub type Acts = [[[f64; TARGET_CLASSES]; POSITIONS]; MOTIVES];

/// Acts by phase, summed over replicates.
#[derive(Debug, Clone)]
pub struct Accusations {
    /// Acts by phase, in order.
    pub phases: Vec<Acts>,
}

impl Accusations {
    /// Reads the table.
    ///
    /// # Errors
    ///
    /// If it cannot be read.
    pub fn read(folder: &ResultFolder, scenario: &str, phases: &[&str]) -> Result<Self, ReadError> {
        let mut read = vec![Acts::default(); phases.len()];
        let at = |names: &[&str], name: &str| names.iter().position(|known| *known == name);
        let columns = ["scenario", "phase", "motive", "accuser", "target", "acts"];
        folder.rows("accusations.csv", &columns, |cells| {
            let place = || {
                let (phase, motive) = (at(phases, cells[1])?, at(&MOTIVE_NAMES, cells[2])?);
                let (accuser, target) = (at(&POSITION_NAMES, cells[3])?, at(&TARGET_CLASS_NAMES, cells[4])?);
                Some((phase, motive, accuser, target))
            };
            if let Some((phase, motive, accuser, target)) = place().filter(|_| cells[0] == scenario) {
                read[phase][motive][accuser][target] += number(cells[5]).unwrap_or(0.0);
            }
        })?;
        Ok(Accusations { phases: read })
    }

    /// Acts of all phases.
    pub fn total(&self) -> f64 {
        self.phases.iter().flatten().flatten().flatten().sum()
    }

    /// Acts of a motive, accuser and target in all phases.
    pub fn of(&self, motive: usize, accuser: usize, target: usize) -> f64 {
        self.phases.iter().map(|acts| acts[motive][accuser][target]).sum()
    }

    /// Acts of a phase against a class.
    pub fn against(&self, phase: usize, target: usize) -> f64 {
        self.phases[phase].iter().flatten().map(|targets| targets[target]).sum()
    }
}
