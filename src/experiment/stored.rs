//! Reads the runs of a finished result back from its tables.
//!
//! They equal the runs as they were computed, so a result can be extended, reused, summarised again or verified without
//! simulating. Tables that differ from the manifest are refused. Tables are streamed: memory does not grow with their
//! length.

use super::claims::record::QUANTITIES;
use super::plan::{Futures, Plan};
use super::study::address::{self, Address};
use super::study::rows::phase_position;
use super::tables::points::{self, StoredPoint};
use super::tables::survival;
use super::tables::whole_period::WholePeriod;
use super::tables::{TABLES, Table, label_columns_of, labelled};
use crate::engine::calendar::Month;
use crate::output::manifest::{ReplicateStatus, ScenarioMark, Status};
use crate::output::reading::{ReadError, ResultFolder};
use crate::output::table::Column;
use crate::scenario::load_text;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::BufReader;

/// A finished result.
#[derive(Debug)]
pub struct StoredResult {
    /// The folder.
    pub folder: ResultFolder,
    /// Its variants, in the order of the tables.
    pub variants: Vec<StoredVariant>,
    /// The columns of every table by run after the seed: past and future, and the varied keys.
    pub labels: Vec<Column>,
    /// Names of the phases.
    phases: Vec<String>,
}

/// A variant of a finished result.
#[derive(Debug, Clone)]
pub struct StoredVariant {
    /// Name, label and hash.
    pub scenario: ScenarioMark,
    /// File and text of the resolved scenario; `None` for a point of a sweep.
    pub text: Option<(String, String)>,
    /// The finished replicates, in order.
    pub replicates: Vec<u32>,
    /// Digest of what its runs follow from.
    pub substance: [u8; 32],
    /// Values of the varied keys; empty for the base of a sweep, and if no key is varied.
    pub values: Vec<String>,
}

/// A run of a finished result.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredRun {
    /// Position of the variant.
    pub variant: usize,
    /// Number of the replicate.
    pub replicate: u32,
    /// Rows by table, as [`super::replicate::RunOutput`] has them.
    pub tables: Vec<Vec<u8>>,
}

/// The tables by run that a folder may hold.
pub fn every_table() -> impl Iterator<Item = &'static dyn Table> {
    TABLES.iter().copied().chain([&WholePeriod as &'static dyn Table])
}

impl StoredResult {
    /// Reads what the result holds, without its tables.
    ///
    /// # Errors
    ///
    /// If a file is missing, was changed, or cannot be read by this version.
    pub fn open(folder: ResultFolder) -> Result<Self, ReadError> {
        let manifest = &folder.manifest;
        let finished = |replicates: &[ReplicateStatus]| -> Vec<u32> {
            let finished = replicates.iter().filter(|one| one.status == Status::Finished);
            finished.map(|one| one.replicate).collect()
        };
        let marks: Vec<(ScenarioMark, String, Vec<u32>)> = match &manifest.comparison {
            Some(comparison) => {
                let of = comparison.scenarios.iter();
                of.map(|one| (one.scenario.clone(), one.file.clone(), finished(&one.replicates))).collect()
            }
            None => {
                vec![(manifest.scenario.clone(), "scenario.toml".into(), finished(&manifest.replicates))]
            }
        };
        let mut variants = Vec::new();
        let mut phases = Vec::new();
        for (scenario, file, replicates) in marks {
            let broken = |what: String| folder.broken(&file, what);
            let text = String::from_utf8(folder.bytes(&file)?).map_err(|error| broken(error.to_string()))?;
            let read = load_text(&file, &text).map_err(|faults| broken(faults.to_string()))?;
            let plan = Plan::of(&read);
            let substance = address::substance(&plan);
            phases = plan.phases;
            let (text, values) = (Some((file, text)), Vec::new());
            variants.push(StoredVariant { scenario, text, replicates, substance, values });
        }
        if let Some(sweep) = &manifest.sweep {
            let [first, last] = manifest.plan.replicates;
            let unfinished: BTreeSet<(&str, u32)> =
                sweep.unfinished.iter().map(|run| (run.scenario.as_str(), run.run.replicate)).collect();
            for point in points::read(&folder, &sweep.keys)? {
                let name = point.scenario.called();
                let [first, last] = point.replicates.unwrap_or([first, last]);
                let replicates =
                    (first..=last).filter(|number| !unfinished.contains(&(name, *number))).collect();
                let StoredPoint { scenario, substance, values, .. } = point;
                variants.push(StoredVariant { scenario, text: None, replicates, substance, values });
            }
        }
        let points = variants.iter().filter(|variant| !variant.values.is_empty());
        let values = points.map(|point| point.values.as_slice());
        let labels = label_columns_of(manifest.plan.futures.is_some(), &manifest.plan.keys, values);
        Ok(StoredResult { folder, variants, labels, phases })
    }

    /// Compares the tables by run with their digests.
    ///
    /// # Errors
    ///
    /// If one is missing or was changed.
    pub fn verify(&self) -> Result<(), ReadError> {
        self.tables().iter().try_for_each(|table| self.folder.verify(&table.layout().file()))
    }

    /// The tables by run that the result holds.
    pub fn tables(&self) -> Vec<&'static dyn Table> {
        every_table()
            .filter(|table| self.folder.manifest.files.contains_key(&table.layout().file()))
            .collect()
    }

    /// Whether the result holds a table with the columns that it has here. The columns of [`QUANTITIES`] are those that the
    /// tests of a file need.
    ///
    /// # Errors
    ///
    /// If the header of the table cannot be read.
    pub fn has(&self, table: &dyn Table) -> Result<bool, ReadError> {
        let layout = table.layout();
        if !self.folder.manifest.files.contains_key(&layout.file()) {
            return Ok(false);
        }
        if layout.name != QUANTITIES {
            return Ok(true);
        }
        let columns = self.folder.columns(&layout.file())?;
        Ok(labelled(layout, &self.labels).columns.iter().map(|column| column.name).eq(columns))
    }

    /// The address of a run.
    pub fn address(&self, variant: usize, replicate: u32) -> Option<Address> {
        let plan = &self.folder.manifest.plan;
        let last: Month = plan.months[1].parse().ok()?;
        let futures = match &plan.futures {
            Some(mark) => Some(Futures::read(mark)?),
            None => None,
        };
        let draws = super::plan::draws(futures, replicate);
        Some(Address::of(&self.variants[variant].substance, plan.seed, draws, last))
    }

    /// Calls `take` with each finished run and its rows in `tables`, in the order of the tables.
    ///
    /// # Errors
    ///
    /// If a table was changed or does not hold the rows that the manifest lists, or the error of `take`.
    pub fn runs<E: From<ReadError>>(
        &self,
        tables: &[&'static dyn Table],
        mut take: impl FnMut(StoredRun) -> Result<(), E>,
    ) -> Result<(), E> {
        for table in tables {
            self.folder.verify(&table.layout().file())?;
        }
        let mut readers =
            tables.iter().map(|table| Reader::open(self, *table)).collect::<Result<Vec<_>, ReadError>>()?;
        for (variant, stored) in self.variants.iter().enumerate() {
            for &replicate in &stored.replicates {
                let label = stored.scenario.called();
                let rows = readers.iter_mut().map(|reader| reader.rows(self, label, replicate));
                let tables = rows.collect::<Result<Vec<_>, ReadError>>()?;
                take(StoredRun { variant, replicate, tables })?;
            }
        }
        readers.iter().try_for_each(|reader| reader.at_end(self))?;
        Ok(())
    }
}

/// Reads the rows of one table in order.
struct Reader {
    file: String,
    rows: csv::Reader<BufReader<File>>,
    columns: Vec<Column>,
    record: csv::StringRecord,
    /// Whether `record` holds a row that has not been taken.
    pending: bool,
    /// Number of label columns.
    labels: usize,
    phase: Option<usize>,
    /// Rows that every run has.
    expected: Option<usize>,
}

impl Reader {
    fn open(result: &StoredResult, table: &dyn Table) -> Result<Self, ReadError> {
        let (layout, folder) = (table.layout(), &result.folder);
        let file = layout.file();
        let broken = |what: String| folder.broken(&file, what);
        let opened = File::open(folder.path.join(&file)).map_err(|error| broken(error.to_string()))?;
        let mut rows = csv::Reader::from_reader(BufReader::with_capacity(1 << 16, opened));
        let labels = 3 + result.labels.len();
        let phase = phase_position(table);
        let columns = labelled(layout, &result.labels).columns;
        let header = rows.headers().map_err(|error| broken(error.to_string()))?;
        if !header.iter().eq(columns.iter().map(|column| column.name)) {
            return Err(broken("its columns are not those of this version".into()));
        }
        let last = folder.manifest.months[1].parse::<Month>();
        let last = last.map_err(|error| folder.broken("manifest.json", error.to_string()))?;
        let expected = match table.layout().name {
            "series" => Some(last.index() + 1),
            "whole_period" | QUANTITIES => Some(1),
            _ => None,
        };
        let record = csv::StringRecord::new();
        let mut reader = Reader { file, rows, columns, record, pending: false, labels, phase, expected };
        reader.advance(result)?;
        Ok(reader)
    }

    fn advance(&mut self, result: &StoredResult) -> Result<(), ReadError> {
        let read = self.rows.read_record(&mut self.record);
        self.pending = read.map_err(|error| result.folder.broken(&self.file, error.to_string()))?;
        Ok(())
    }

    /// Takes the rows of a run, without labels.
    fn rows(&mut self, result: &StoredResult, label: &str, replicate: u32) -> Result<Vec<u8>, ReadError> {
        let number = replicate.to_string();
        let mut rows = Vec::new();
        let mut count = 0;
        while self.pending && &self.record[0] == label && self.record[1] == number {
            for (column, cell) in self.columns.iter().zip(&self.record) {
                column.read(cell).map_err(|error| result.folder.broken(&self.file, error.to_string()))?;
            }
            for (position, cell) in self.record.iter().enumerate().skip(self.labels) {
                if position > self.labels {
                    rows.push(b',');
                }
                if self.phase == Some(position - self.labels) {
                    let phase = result.phases.iter().position(|phase| phase == cell);
                    match phase {
                        Some(phase) => rows.extend(phase.to_string().bytes()),
                        // A cohort that entered in no phase.
                        None if cell == survival::START => rows.extend(cell.bytes()),
                        None => {
                            let what = format!("it has a row of the phase {cell:?}");
                            return Err(result.folder.broken(&self.file, what));
                        }
                    }
                } else {
                    rows.extend(cell.bytes());
                }
            }
            rows.push(b'\n');
            count += 1;
            self.advance(result)?;
        }
        if self.expected.is_some_and(|expected| expected != count) {
            let what = format!("replicate {replicate} of {label} does not have all its rows");
            return Err(result.folder.broken(&self.file, what));
        }
        Ok(rows)
    }

    /// Fails if rows are left, which belong to no run that the manifest lists.
    fn at_end(&self, result: &StoredResult) -> Result<(), ReadError> {
        if !self.pending {
            return Ok(());
        }
        let (label, replicate) = (&self.record[0], &self.record[1]);
        let what = format!("it has a row of replicate {replicate} of {label:?}, which is not finished");
        Err(result.folder.broken(&self.file, what))
    }
}
