//! Reads `elite_flows.csv`: entries into the elite and exits from it.
//!
//! The elite is the ranks middle, director and regional. Promotion within it, and the demotion of a regional official to
//! middle rank, are neither entries nor exits.

use super::number;
use crate::model::state::standing::ORIGIN_NAMES;
use crate::model::state::standing::ORIGINS;
use crate::output::reading::{ReadError, ResultFolder};

/// Ways into the elite: name, and the routes of the table that it combines.
pub const WAYS: [(&str, &[&str]); 2] =
    [("promoted in their own plant", &["promoted"]), ("promoted from elsewhere", &["promoted_elsewhere"])];

/// Ways out: name, column, and whether it also leads out of the elite from the regional rank.
pub const CAUSES: [(&str, &str, bool); 5] = [
    ("arrest", "exit_arrest", true),
    ("sanction", "exit_sanction", false),
    ("purge", "exit_purge", false),
    ("election", "exit_election", false),
    ("natural", "exit_natural", true),
];

/// The flows of a phase, summed over replicates.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Phase {
    /// Person-months in the elite.
    pub stock: f64,
    /// Entries by origin.
    pub origins: [f64; ORIGINS],
    /// Entries by way.
    pub ways: [f64; WAYS.len()],
    /// Exits by cause.
    pub causes: [f64; CAUSES.len()],
}

/// Entries and exits by phase.
#[derive(Debug, Clone)]
pub struct Flows {
    /// Flows by phase, in order.
    pub phases: Vec<Phase>,
}

impl Flows {
    /// Reads the table.
    ///
    /// # Errors
    ///
    /// If it cannot be read.
    pub fn read(folder: &ResultFolder, scenario: &str, phases: &[&str]) -> Result<Self, ReadError> {
        let mut read = vec![Phase::default(); phases.len()];
        let entries: Vec<(usize, usize, String)> = entries();
        let mut columns = vec!["scenario", "phase", "rank", "stock"];
        columns.extend(CAUSES.iter().map(|cause| cause.1));
        columns.extend(entries.iter().map(|entry| entry.2.as_str()));
        folder.rows("elite_flows.csv", &columns, |cells| {
            let phase = phases.iter().position(|phase| *phase == cells[1]);
            let elite = ["middle", "director", "regional"].contains(&cells[2]);
            let Some(phase) = phase.filter(|_| elite && cells[0] == scenario) else { return };
            let (phase, count) = (&mut read[phase], |cell: &&str| number(cell).unwrap_or(0.0));
            phase.stock += count(&cells[3]);
            let (exits, entered) = cells[4..].split_at(CAUSES.len());
            for ((sum, cell), (_, _, everywhere)) in phase.causes.iter_mut().zip(exits).zip(CAUSES) {
                *sum += if everywhere || cells[2] != "regional" { count(cell) } else { 0.0 };
            }
            // The higher ranks are entered only from within the elite.
            for ((way, origin, _), cell) in entries.iter().zip(entered).filter(|_| cells[2] == "middle") {
                phase.ways[*way] += count(cell);
                phase.origins[*origin] += count(cell);
            }
        })?;
        Ok(Flows { phases: read })
    }
}

/// Way, origin and column of every entry into the elite.
fn entries() -> Vec<(usize, usize, String)> {
    let ways =
        WAYS.iter().enumerate().flat_map(|(way, (_, routes))| routes.iter().map(move |route| (way, route)));
    let origins = |(way, route)| {
        ORIGIN_NAMES.iter().enumerate().map(move |(origin, name)| (way, origin, format!("{route}_{name}")))
    };
    ways.flat_map(origins).collect()
}
