//! Opens and checks the result folder of a report.
//!
//! The folder must hold a finished result of this version of the program, unchanged files, and tables whose cells fit their
//! columns.

use super::draw::Label;
use super::draw::frame::{Band, Calendar, Mark};
use super::validate::{self, CellFault};
use crate::engine::calendar::{Month, MonthError};
use crate::experiment::claims::heading::{self, Heading};
use crate::experiment::tables::{label_columns_of, points};
use crate::output::manifest::{ComparisonMark, Manifest, Program, Status};
use crate::output::reading::{ReadError, ResultFolder};
use crate::output::table::Column;
use crate::scenario::{Happening, Scenario, load_text};
use std::path::{Path, PathBuf};

/// The error of a report.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The folder cannot be read, or is damaged.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The manifest has an invalid value.
    #[error(
        "{folder}/manifest.json: {key} is {value}, {allowed}: copy the folder again, or run the scenario again"
    )]
    Manifest {
        /// The folder.
        folder: PathBuf,
        /// Key in the manifest.
        key: &'static str,
        /// Its value.
        value: String,
        /// What is allowed.
        allowed: String,
    },
    /// The result has no page.
    #[error(
        "{0} holds answers of `kadry soundness`, which has a page of its own: write it with `kadry soundness --page FILE`"
    )]
    Soundness(PathBuf),
    /// A cell of a table does not fit its column.
    #[error("{folder}/{file}, {fault}: the file is damaged or was altered; run the scenario again")]
    Cell {
        /// The folder.
        folder: PathBuf,
        /// The table.
        file: String,
        /// Line, column, value and allowed values.
        fault: CellFault,
    },
    /// The run was stopped before its end.
    #[error(
        "{0} is unfinished: it has {1} of {2} replicates, and a report needs all of them; run the scenario again to the end"
    )]
    Unfinished(PathBuf, usize, usize),
    /// The runs are those of pasts and futures.
    #[error(
        "{0} has many futures of several pasts, and a page draws intervals over independent replicates: read futures.csv, or run the scenario without --fresh-from"
    )]
    Futures(PathBuf),
    /// Runs of a sweep are missing.
    #[error(
        "{0} is unfinished: {1} of its runs did not finish, and a report needs all of them; give the command that started it again, which continues"
    )]
    UnfinishedSweep(PathBuf, usize),
    /// Another version of the program wrote the folder.
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
    /// The scenario in the folder is not valid.
    #[error("{0} is not a scenario of this version of kadry: {1}")]
    Scenario(PathBuf, String),
}

/// A phase, up to the last month of the run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// Its name.
    pub name: String,
    /// First month.
    pub from: Month,
    /// Last month.
    pub until: Month,
}

impl Span {
    /// Name and months: `terror (1937-01 to 1938-10)`.
    pub fn dated(&self) -> String {
        if self.from == self.until {
            format!("{} ({})", self.name, self.from)
        } else {
            format!("{} ({} to {})", self.name, self.from, self.until)
        }
    }

    /// Name and years, for small areas: `terror, 1937–38`.
    pub fn with_years(&self) -> String {
        let Label { name, note } = self.label();
        format!("{name}, {note}")
    }

    /// Name with the years as a note.
    pub fn label(&self) -> Label {
        let (first, last) = (self.from.year(), self.until.year());
        let note = if first == last { first.to_string() } else { format!("{first}–{:02}", last % 100) };
        Label { name: self.name.clone(), note }
    }
}

/// A result folder that has passed the checks.
pub struct Source {
    /// The folder.
    pub folder: ResultFolder,
    /// The scenario that was run; of a comparison, the baseline, and of a sweep, the base.
    pub scenario: Scenario,
    /// Last month that was run.
    pub last: Month,
    /// Finished replicates.
    pub replicates: usize,
    /// The phases that were reached, in order.
    pub phases: Vec<Span>,
    /// Columns of the keys that a sweep varies; none in other results.
    pub keys: Vec<Column>,
    /// What a test of claims says about itself; `None` in other results.
    pub claims: Option<Heading>,
}

impl Source {
    /// Opens and checks a folder.
    ///
    /// # Errors
    ///
    /// If it is not a finished and undamaged result of this version.
    pub fn open(path: &Path) -> Result<Self, ReportError> {
        let folder = ResultFolder::open(path)?;
        let manifest = &folder.manifest;
        let this = Program::this().version;
        if manifest.program.version != this {
            let found = manifest.program.version.clone();
            return Err(ReportError::OtherVersion { folder: path.into(), found, this });
        }
        if manifest.plan.futures.is_some() {
            return Err(ReportError::Futures(path.into()));
        }
        if manifest.plan.command == crate::experiment::soundness::study::COMMAND {
            return Err(ReportError::Soundness(path.into()));
        }
        let finished = manifest.replicates.iter().filter(|one| one.status == Status::Finished).count();
        if let Some(sweep) = manifest.sweep.as_ref().filter(|_| !manifest.complete) {
            return Err(ReportError::UnfinishedSweep(path.into(), sweep.unfinished.len()));
        }
        if !manifest.complete || finished == 0 {
            return Err(ReportError::Unfinished(path.into(), finished, manifest.replicates.len()));
        }
        let (keys, claims) = (keys(&folder)?, claims(&folder)?);
        let layouts = validate::layouts(manifest.plan.futures.is_some(), &keys);
        for file in manifest.files.keys() {
            validate::check(&folder, file, &layouts)?;
        }
        let scenario = read_scenario(&folder, &scenario_file(manifest))?;
        let [_, last] = months(&folder)?;
        let reached = scenario.phases.iter().enumerate().take_while(|(_, phase)| phase.from <= last);
        let phases = reached.map(|(position, phase)| Span {
            name: phase.name.clone(),
            from: phase.from,
            until: scenario.phase_end(position).min(last),
        });
        Ok(Source { phases: phases.collect(), folder, scenario, last, replicates: finished, keys, claims })
    }

    /// The scenario's name in the rows of the tables; of a comparison, the baseline's.
    pub fn name(&self) -> &str {
        self.folder.manifest.scenario.called()
    }

    /// Reads another scenario of a comparison.
    ///
    /// # Errors
    ///
    /// If its file cannot be read or is not valid.
    pub fn other(&self, name: &str) -> Result<Scenario, ReportError> {
        let mark = self.comparison()?.scenarios.iter().find(|one| one.scenario.called() == name);
        let file = mark.map_or_else(|| name.to_owned(), |mark| mark.file.clone());
        read_scenario(&self.folder, &file)
    }

    /// The comparison in the manifest.
    ///
    /// # Errors
    ///
    /// If there is none, its baseline differs, or its level is not that of an interval.
    pub fn comparison(&self) -> Result<&ComparisonMark, ReportError> {
        let fault = |key, value, allowed| ReportError::Manifest {
            folder: self.folder.path.clone(),
            key,
            value,
            allowed,
        };
        let mark = self.folder.manifest.comparison.as_ref();
        let names =
            mark.map(|mark| mark.scenarios.iter().map(|one| one.scenario.called()).collect::<Vec<_>>());
        let Some(mark) =
            mark.filter(|_| names.as_ref().is_some_and(|names| names.first() == Some(&self.name())))
        else {
            let value = names.map_or("missing".to_owned(), |names| format!("{names:?}"));
            let allowed = format!("but must begin with the baseline, {}", self.name());
            return Err(fault("comparison.scenarios", value, allowed));
        };
        if !(mark.level >= 0.5 && mark.level < 1.0 - 1e-12) {
            let allowed = "but must be from 0.5 to below 1".to_owned();
            return Err(fault("comparison.level", mark.level.to_string(), allowed));
        }
        Ok(mark)
    }

    /// The level of the intervals of a sweep.
    ///
    /// # Errors
    ///
    /// If the manifest does not have that of an interval.
    pub fn sweep_level(&self) -> Result<f64, ReportError> {
        let value = self.folder.manifest.plan.analysis.get("level");
        let level =
            value.and_then(serde_json::Value::as_f64).filter(|level| *level >= 0.5 && *level < 1.0 - 1e-12);
        level.ok_or_else(|| ReportError::Manifest {
            folder: self.folder.path.clone(),
            key: "plan.analysis.level",
            value: value.map_or("missing".to_owned(), serde_json::Value::to_string),
            allowed: "but must be from 0.5 to below 1".to_owned(),
        })
    }

    /// Returns whether the folder has a table.
    pub fn has(&self, table: &str) -> bool {
        self.folder.manifest.files.contains_key(&format!("{table}.csv"))
    }

    /// Number of months that were run.
    pub fn months(&self) -> usize {
        self.last.index() + 1
    }

    /// Names of the phases that were reached, in order.
    pub fn phase_names(&self) -> Vec<&str> {
        self.phases.iter().map(|phase| phase.name.as_str()).collect()
    }

    /// Name and months of a phase; only the name if the phase was not reached.
    pub fn dated(&self, name: &str) -> String {
        self.phases.iter().find(|phase| phase.name == name).map_or_else(|| name.to_owned(), Span::dated)
    }

    /// The phases and events to draw.
    pub fn calendar(&self) -> Calendar {
        let end = self.months() as f64;
        let months = |from: Month, until: Month| from.index() as f64..((until.index() + 1) as f64).min(end);
        let bands = self.phases.iter();
        let bands =
            bands.map(|phase| Band { name: phase.name.clone(), months: months(phase.from, phase.until) });
        let events = self.scenario.events.iter().filter(|event| event.from <= self.last);
        let marks = events.map(|event| Mark {
            months: months(event.from, event.until),
            moment: matches!(event.happening, Happening::ShowTrial(_)),
        });
        Calendar { bands: bands.collect(), marks: marks.collect() }
    }
}

/// The columns of the keys that a sweep varies. Their types follow from the points, which are checked like other tables.
fn keys(folder: &ResultFolder) -> Result<Vec<Column>, ReportError> {
    let Some(sweep) = &folder.manifest.sweep else { return Ok(Vec::new()) };
    if sweep.keys.is_empty() {
        return Err(ReportError::Manifest {
            folder: folder.path.clone(),
            key: "sweep.keys",
            value: "[]".to_owned(),
            allowed: "but must have the varied keys".to_owned(),
        });
    }
    let points = points::read(folder, &sweep.keys)?;
    Ok(label_columns_of(false, &sweep.keys, points.iter().map(|point| point.values.as_slice())))
}

/// What a test of claims says about itself.
fn claims(folder: &ResultFolder) -> Result<Option<Heading>, ReportError> {
    let plan = &folder.manifest.plan;
    if plan.command != heading::COMMAND {
        return Ok(None);
    }
    let heading = Heading::read(&plan.analysis).map_err(|value| ReportError::Manifest {
        folder: folder.path.clone(),
        key: "plan.analysis",
        value: format!("not that of claims ({value})"),
        allowed: "but must have file, base, replicates, draws and level of the claims".to_owned(),
    })?;
    Ok(Some(heading))
}

/// First and last month in the manifest.
fn months(folder: &ResultFolder) -> Result<[Month; 2], ReportError> {
    let [first, last] = &folder.manifest.months;
    let fault = || ReportError::Manifest {
        folder: folder.path.clone(),
        key: "months",
        value: format!("{:?}", folder.manifest.months),
        allowed: format!("but must be two months from {} to {}", Month::FIRST, Month::LAST),
    };
    let read = |month: &str| month.parse().map_err(|_: MonthError| fault());
    let (first, last): (Month, Month) = (read(first)?, read(last)?);
    if first > last { Err(fault()) } else { Ok([first, last]) }
}

/// Name of the file of the resolved scenario; of a comparison, the baseline's.
fn scenario_file(manifest: &Manifest) -> String {
    let baseline = manifest.comparison.as_ref().and_then(|mark| mark.scenarios.first());
    baseline.map_or_else(|| "scenario.toml".to_owned(), |mark| mark.file.clone())
}

fn read_scenario(folder: &ResultFolder, file: &str) -> Result<Scenario, ReportError> {
    let fault = |reason: String| ReportError::Scenario(folder.path.join(file), reason);
    let text = String::from_utf8(folder.bytes(file)?).map_err(|error| fault(error.to_string()))?;
    load_text(file, &text).map_err(|faults| fault(faults.to_string()))
}
