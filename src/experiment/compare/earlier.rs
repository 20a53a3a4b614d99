//! A comparison that is there already, read back so that it can be extended.
//!
//! Owns the way from its files to what its replicates gave: the same [`Outcome`]s that running them anew would give, with
//! the bytes of their rows as they stand. Refuses whatever is not whole.

use crate::engine::calendar::Month;
use crate::experiment::replicate::Outcome;
use crate::experiment::tables::whole_period::WholePeriod;
use crate::experiment::tables::{TABLES, Table};
use crate::model::measures::{MONTH_MEASURES, PHASE_MEASURES};
use crate::output::manifest::{ComparedMark, Manifest, Program, Status};
use crate::output::reading::{ReadError, ResultFolder};
use crate::output::table::Layout;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Why a folder cannot be extended.
#[derive(Debug, thiserror::Error)]
pub enum EarlierError {
    /// It cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// It holds a single scenario's run.
    #[error(
        "{0} is the result of `kadry run`, not of `kadry compare`: give --out DIR of a comparison, or leave out --extend"
    )]
    NotAComparison(PathBuf),
    /// Another program made it: its rows may differ from those that would be added.
    #[error(
        "{folder} was made by kadry {theirs}, this is {ours}: rows of both must not stand side by side; compare anew with --force"
    )]
    OtherProgram {
        /// The folder.
        folder: PathBuf,
        /// The program that made it.
        theirs: String,
        /// This program.
        ours: String,
    },
    /// A table does not hold the rows that the manifest says.
    #[error("{folder}/{file} does not hold what manifest.json says: {what}; compare anew with --force")]
    Broken {
        /// The folder.
        folder: PathBuf,
        /// The file.
        file: String,
        /// What is wrong.
        what: String,
    },
}

/// What a folder holds of one scenario.
#[derive(Debug)]
pub struct Kept {
    /// Name and hash.
    pub mark: ComparedMark,
    /// The resolved scenario.
    pub toml: String,
    /// Replicates 1, 2, ... as far as none is missing.
    pub outcomes: Vec<Outcome>,
}

/// A comparison read back.
#[derive(Debug)]
pub struct Earlier {
    /// Its manifest.
    pub manifest: Manifest,
    /// Its tables of replicates, in the order of the documentation.
    pub tables: Vec<&'static dyn Table>,
    /// Its scenarios, the baseline first.
    pub scenarios: Vec<Kept>,
}

impl std::fmt::Debug for dyn Table {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.layout().name)
    }
}

/// The tables of replicates that a folder of a comparison may hold.
fn every_table() -> impl Iterator<Item = &'static dyn Table> {
    TABLES.iter().copied().chain([&WholePeriod as &'static dyn Table])
}

/// Reads a comparison.
///
/// # Errors
///
/// If the folder is no comparison of this program, or not whole.
pub fn read(path: &Path) -> Result<Earlier, EarlierError> {
    let folder = ResultFolder::open(path)?;
    let manifest = folder.manifest.clone();
    let Some(comparison) = &manifest.comparison else {
        return Err(EarlierError::NotAComparison(path.into()));
    };
    let (theirs, ours) = (&manifest.program, Program::this());
    if *theirs != ours {
        let words = |program: &Program| format!("{} ({})", program.version, program.revision);
        return Err(EarlierError::OtherProgram {
            folder: path.into(),
            theirs: words(theirs),
            ours: words(&ours),
        });
    }
    let tables: Vec<_> =
        every_table().filter(|table| manifest.files.contains_key(&table.layout().file())).collect();
    let mut scenarios = Vec::new();
    for mark in &comparison.scenarios {
        let toml = folder.bytes(&scenario_file(&mark.name))?;
        let toml = String::from_utf8(toml)
            .map_err(|error| broken(path, &scenario_file(&mark.name), error.to_string()))?;
        let finished =
            mark.replicates.iter().take_while(|replicate| replicate.status == Status::Finished).count();
        let empty = Outcome { tables: vec![Vec::new(); tables.len()], ..Outcome::default() };
        scenarios.push(Kept { mark: mark.clone(), toml, outcomes: vec![empty; finished] });
    }
    for (position, table) in tables.iter().enumerate() {
        read_table(&folder, path, (position, *table), &mut scenarios)?;
    }
    let last: Month =
        manifest.months[1].parse().map_err(|_| broken(path, "manifest.json", "its months are none"))?;
    check(path, &scenarios, last.index() + 1)?;
    Ok(Earlier { tables, scenarios, manifest })
}

/// Where a scenario stands in the folder.
pub fn scenario_file(name: &str) -> String {
    format!("scenarios/{name}.toml")
}

fn broken(folder: &Path, file: &str, what: impl Into<String>) -> EarlierError {
    EarlierError::Broken { folder: folder.into(), file: file.into(), what: what.into() }
}

/// Reads the table at a position: hands each replicate the bytes of its rows, and the numbers where they are compared.
fn read_table(
    folder: &ResultFolder,
    path: &Path,
    (position, table): (usize, &'static dyn Table),
    scenarios: &mut [Kept],
) -> Result<(), EarlierError> {
    let layout = table.layout();
    let file = layout.file();
    let fault = |what: String| broken(path, &file, what);
    let bytes = folder.bytes(&file)?;
    let rows = bytes
        .strip_prefix(layout.header().as_slice())
        .ok_or_else(|| fault("its header is another".into()))?;
    let place: BTreeMap<String, usize> =
        scenarios.iter().enumerate().map(|(position, kept)| (kept.mark.name.clone(), position)).collect();
    // Names hold no line break, so that a line is a row.
    for row in rows.split_inclusive(|byte| *byte == b'\n') {
        let text = std::str::from_utf8(row).map_err(|error| fault(error.to_string()))?;
        let mut labels = text.splitn(3, ',');
        let (name, number) = (labels.next().unwrap_or_default(), labels.next().unwrap_or_default());
        let scenario = place.get(name).ok_or_else(|| fault(format!("there is a row of {name:?}")))?;
        let number: usize =
            number.parse().map_err(|_| fault(format!("{number:?} is no number of a replicate")))?;
        // Rows behind a replicate that failed are computed anew.
        let Some(outcome) = scenarios[*scenario].outcomes.get_mut(number.wrapping_sub(1)) else { continue };
        let mut values = numbers(text, &layout).map_err(fault)?;
        // The measures are the last columns, behind the labels.
        let mut measures = |count: usize| values.split_off(values.len() - count);
        match layout.name {
            "series" => outcome.months.push(measures(MONTH_MEASURES.len())),
            "phases" => outcome.phases.push(measures(PHASE_MEASURES.len())),
            "whole_period" => outcome.whole = measures(PHASE_MEASURES.len()),
            _ => {}
        }
        outcome.tables[position].extend_from_slice(row);
    }
    Ok(())
}

/// The numbers of a row by column, `None` for text, months and missing reals.
///
/// # Errors
///
/// If the row is no CSV, has another number of cells, or a cell that does not have the type of its column.
fn numbers(row: &str, layout: &Layout) -> Result<Vec<Option<f64>>, String> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(row.as_bytes());
    let record = reader.records().next().transpose().map_err(|error| error.to_string())?.unwrap_or_default();
    if record.len() != layout.columns.len() {
        return Err(format!("a row has {} cells, not {}", record.len(), layout.columns.len()));
    }
    let cells = layout.columns.iter().zip(&record);
    cells.map(|(column, cell)| column.read(cell).map_err(|error| error.to_string())).collect()
}

/// Every replicate has its rows in the tables that are compared.
fn check(path: &Path, scenarios: &[Kept], months: usize) -> Result<(), EarlierError> {
    for kept in scenarios {
        for (position, outcome) in kept.outcomes.iter().enumerate() {
            let of = |what: &str| format!("replicate {} of {} lacks {what}", position + 1, kept.mark.name);
            if outcome.months.len() != months {
                return Err(broken(path, "series.csv", of("months")));
            }
            if outcome.phases.is_empty() {
                return Err(broken(path, "phases.csv", of("its phases")));
            }
            if outcome.whole.is_empty() {
                return Err(broken(path, "whole_period.csv", of("its row")));
            }
        }
    }
    Ok(())
}
