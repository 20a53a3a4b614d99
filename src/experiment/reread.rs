//! Reads the replicates of a finished result back from its tables.
//!
//! The [`ReplicateOutput`]s equal those of the original run, so a comparison can be extended and a finished result
//! summarised again without simulating. Tables that differ from the manifest are refused.

use crate::engine::calendar::Month;
use crate::experiment::replicate::ReplicateOutput;
use crate::experiment::tables::whole_period::WholePeriod;
use crate::experiment::tables::{TABLES, Table};
use crate::model::measures::MONTH_MEASURES;
use crate::model::phase::PHASE_MEASURES;
use crate::output::manifest::{Manifest, ReplicateStatus, ScenarioMark, Status};
use crate::output::reading::{ReadError, ResultFolder};
use crate::output::table::Layout;
use std::collections::BTreeMap;

/// One scenario of a stored result.
#[derive(Debug)]
pub struct StoredScenario {
    /// Name, label and hash.
    pub mark: ScenarioMark,
    /// The file of the resolved scenario.
    pub file: String,
    /// The resolved scenario.
    pub toml: String,
    /// The finished replicates by number.
    pub replicates: BTreeMap<u32, ReplicateOutput>,
}

/// A result read back from its folder.
#[derive(Debug)]
pub struct StoredResult {
    /// Its manifest.
    pub manifest: Manifest,
    /// Its tables by replicate, in the order of the documentation.
    pub tables: Vec<&'static dyn Table>,
    /// Its scenarios, the baseline first.
    pub scenarios: Vec<StoredScenario>,
}

impl std::fmt::Debug for dyn Table {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.layout().name)
    }
}

/// The tables by replicate that a folder may hold.
fn every_table() -> impl Iterator<Item = &'static dyn Table> {
    TABLES.iter().copied().chain([&WholePeriod as &'static dyn Table])
}

/// Reads a result.
///
/// # Errors
///
/// If a file is missing, was changed, or does not hold the rows that the manifest lists.
pub fn read(folder: &ResultFolder) -> Result<StoredResult, ReadError> {
    let manifest = folder.manifest.clone();
    let tables: Vec<_> =
        every_table().filter(|table| manifest.files.contains_key(&table.layout().file())).collect();
    let marks: Vec<(ScenarioMark, String, &Vec<ReplicateStatus>)> = match &manifest.comparison {
        Some(comparison) => {
            let of = comparison.scenarios.iter();
            of.map(|one| (one.scenario.clone(), one.file.clone(), &one.replicates)).collect()
        }
        None => vec![(manifest.scenario.clone(), "scenario.toml".into(), &manifest.replicates)],
    };
    let mut scenarios = Vec::new();
    for (mark, file, replicates) in marks {
        let toml = String::from_utf8(folder.bytes(&file)?);
        let toml = toml.map_err(|error| folder.broken(&file, error.to_string()))?;
        let finished = replicates.iter().filter(|replicate| replicate.status == Status::Finished);
        let empty = ReplicateOutput { tables: vec![Vec::new(); tables.len()], ..ReplicateOutput::default() };
        let replicates = finished.map(|replicate| (replicate.replicate, empty.clone())).collect();
        scenarios.push(StoredScenario { mark, file, toml, replicates });
    }
    for (position, table) in tables.iter().enumerate() {
        read_table(folder, (position, &table.layout()), &mut scenarios)?;
    }
    let last = manifest.months[1].parse::<Month>();
    let last = last.map_err(|error| folder.broken("manifest.json", error.to_string()))?;
    check(folder, &tables, &scenarios, last.index() + 1)?;
    Ok(StoredResult { tables, scenarios, manifest })
}

/// Adds to each replicate its rows in the table at a position, and the numbers that are summarised.
fn read_table(
    folder: &ResultFolder,
    (position, layout): (usize, &Layout),
    scenarios: &mut [StoredScenario],
) -> Result<(), ReadError> {
    let file = layout.file();
    let fault = |what: String| folder.broken(&file, what);
    let bytes = folder.bytes(&file)?;
    let rows = bytes
        .strip_prefix(layout.header().as_slice())
        .ok_or_else(|| fault("its columns are not those of this version".into()))?;
    let place: BTreeMap<String, usize> = scenarios
        .iter()
        .enumerate()
        .map(|(position, kept)| (kept.mark.called().to_owned(), position))
        .collect();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(rows);
    let mut record = csv::StringRecord::new();
    let mut begin = 0;
    while reader.read_record(&mut record).map_err(|error| fault(error.to_string()))? {
        let end = reader.position().byte() as usize;
        let row = &rows[begin..end];
        begin = end;
        let scenario =
            *place.get(&record[0]).ok_or_else(|| fault(format!("it has a row of {:?}", &record[0])))?;
        let number: u32 =
            record[1].parse().map_err(|_| fault(format!("{:?} is no number of a replicate", &record[1])))?;
        let output = scenarios[scenario].replicates.get_mut(&number);
        let output = output
            .ok_or_else(|| fault(format!("it has a row of replicate {number}, which is not finished")))?;
        let mut values = numbers(&record, layout).map_err(fault)?;
        // The measures are the last columns, after the labels.
        let mut values = |measures: usize| values.split_off(values.len() - measures);
        match layout.name {
            "series" => output.months.push(values(MONTH_MEASURES.len())),
            "phases" => output.phases.push(values(PHASE_MEASURES.len())),
            "whole_period" => output.whole = values(PHASE_MEASURES.len()),
            _ => {}
        }
        output.tables[position].extend_from_slice(row);
    }
    Ok(())
}

/// The numbers of a row by column; `None` for texts, months and empty cells.
///
/// # Errors
///
/// If the row has a wrong number of cells, or a cell of a wrong type.
fn numbers(record: &csv::StringRecord, layout: &Layout) -> Result<Vec<Option<f64>>, String> {
    if record.len() != layout.columns.len() {
        return Err(format!("a row has {} cells, not {}", record.len(), layout.columns.len()));
    }
    let cells = layout.columns.iter().zip(record);
    cells.map(|(column, cell)| column.read(cell).map_err(|error| error.to_string())).collect()
}

/// Checks that every replicate has all its rows in the tables of the folder.
fn check(
    folder: &ResultFolder,
    tables: &[&'static dyn Table],
    scenarios: &[StoredScenario],
    months: usize,
) -> Result<(), ReadError> {
    let has = |name: &str| tables.iter().any(|table| table.layout().name == name);
    for kept in scenarios {
        for (number, output) in &kept.replicates {
            let lacks = [
                ("series", output.months.len() != months, "a row for each month"),
                ("phases", output.phases.is_empty(), "a row for each phase"),
                ("whole_period", output.whole.is_empty(), "a row"),
            ];
            if let Some((name, _, what)) = lacks.iter().find(|(name, lacks, _)| *lacks && has(name)) {
                let what = format!("replicate {number} of {} does not have {what}", kept.mark.called());
                return Err(folder.broken(&format!("{name}.csv"), what));
            }
        }
    }
    Ok(())
}
