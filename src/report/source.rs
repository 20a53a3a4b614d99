//! The folder that a report is made from.
//!
//! Owns the checks before anything is drawn: a whole result, of this version of the program, whose files are what the
//! manifest says they are.

use super::draw::frame::{Band, Calendar, Mark};
use crate::engine::calendar::Month;
use crate::output::manifest::{Program, Status};
use crate::output::reading::{ReadError, ResultFolder};
use crate::scenario::{Happening, Scenario, load_text};
use std::path::{Path, PathBuf};

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The folder cannot be read, or is damaged.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The run was cut short.
    #[error(
        "{0} is unfinished: {1} of {2} replicates are in it; run it again to the end, a report shows whole results only"
    )]
    Unfinished(PathBuf, usize, usize),
    /// Another version of the program wrote it.
    #[error(
        "{folder} was written by kadry {found}, this is kadry {this}: make the report with that version, or run the scenario again (its scenario.toml is in the folder)"
    )]
    OtherVersion {
        /// The folder.
        folder: PathBuf,
        /// Version that wrote it.
        found: String,
        /// Version of this program.
        this: String,
    },
    /// The scenario in it is not valid.
    #[error("{0} is not a scenario of this version: {1}")]
    Scenario(PathBuf, String),
}

/// A folder that has passed the checks.
pub struct Source {
    /// The folder.
    pub folder: ResultFolder,
    /// The scenario that was run; of a comparison, the baseline.
    pub scenario: Scenario,
    /// Last month that was run.
    pub last: Month,
    /// Finished replicates.
    pub replicates: usize,
}

impl Source {
    /// Opens a folder and checks it.
    ///
    /// # Errors
    ///
    /// If it is not a whole and sound result of this version.
    pub fn open(path: &Path) -> Result<Self, ReportError> {
        let folder = ResultFolder::open(path)?;
        let manifest = &folder.manifest;
        let this = Program::this().version;
        if manifest.program.version != this {
            let found = manifest.program.version.clone();
            return Err(ReportError::OtherVersion { folder: path.into(), found, this });
        }
        let finished = manifest.replicates.iter().filter(|one| one.status == Status::Finished).count();
        if !manifest.complete || finished == 0 {
            return Err(ReportError::Unfinished(path.into(), finished, manifest.replicates.len()));
        }
        for file in manifest.files.keys() {
            folder.verify(file)?;
        }
        let file = scenario_file(&folder, &manifest.scenario.name);
        let scenario = read_scenario(&folder, &file)?;
        let last = manifest.months[1].parse().map_err(|error: crate::engine::calendar::MonthError| {
            ReadError::Manifest(path.into(), error.to_string())
        })?;
        Ok(Source { folder, scenario, last, replicates: finished })
    }

    /// Another scenario of a comparison.
    ///
    /// # Errors
    ///
    /// If its file cannot be read or is not valid.
    pub fn other(&self, name: &str) -> Result<Scenario, ReportError> {
        read_scenario(&self.folder, &scenario_file(&self.folder, name))
    }

    /// True if a table is in the folder.
    pub fn has(&self, table: &str) -> bool {
        self.folder.manifest.files.contains_key(&format!("{table}.csv"))
    }

    /// Months that were run.
    pub fn months(&self) -> usize {
        self.last.index() + 1
    }

    /// Names of the phases that were reached, in order.
    pub fn phases(&self) -> Vec<&str> {
        let reached = self.scenario.phases.iter().filter(|phase| phase.from <= self.last);
        reached.map(|phase| phase.name.as_str()).collect()
    }

    /// Phases and events as pictures show them.
    pub fn calendar(&self) -> Calendar {
        let end = self.months() as f64;
        let bands = self.scenario.phases.iter().enumerate().filter(|(_, phase)| phase.from <= self.last);
        let bands = bands.map(|(position, phase)| Band {
            name: phase.name.clone(),
            months: phase.from.index() as f64
                ..((self.scenario.phase_end(position).index() + 1) as f64).min(end),
        });
        let events = self.scenario.events.iter().filter(|event| event.from <= self.last);
        let marks = events.map(|event| Mark {
            months: event.from.index() as f64..((event.until.index() + 1) as f64).min(end),
            moment: matches!(event.happening, Happening::ShowTrial(_)),
        });
        Calendar { bands: bands.collect(), marks: marks.collect() }
    }
}

/// The resolved scenario in a result folder: a comparison has one for each scenario.
fn scenario_file(folder: &ResultFolder, name: &str) -> String {
    let of_many = crate::experiment::compare::earlier::scenario_file(name);
    if folder.manifest.files.contains_key(&of_many) { of_many } else { "scenario.toml".into() }
}

fn read_scenario(folder: &ResultFolder, file: &str) -> Result<Scenario, ReportError> {
    let fault = |reason: String| ReportError::Scenario(folder.path.join(file), reason);
    let text = String::from_utf8(folder.bytes(file)?).map_err(|error| fault(error.to_string()))?;
    load_text(file, &text).map_err(|faults| fault(faults.to_string()))
}
