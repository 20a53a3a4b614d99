//! Builds the sections of a report: its pictures, their order and their texts.
//!
//! Each module reads its table and builds a [`Section`]. If the table was not written, the section says how to get it.

mod accusations;
mod claims;
mod comparison;
mod elite;
mod history;
mod mobility;
mod months;
mod policy;
mod run;
mod sweep;

use super::format::grouped;
use super::picture::Picture;
use super::source::{ReportError, Source};

/// A table for readers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its caption.
    pub caption: String,
    /// Names of the columns.
    pub header: Vec<String>,
    /// Rows; the first cell names the row.
    pub rows: Vec<Vec<String>>,
}

/// Pictures and tables with an optional heading.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Group {
    /// Heading; empty for none.
    pub title: String,
    /// Pictures.
    pub pictures: Vec<Picture>,
    /// Tables below them.
    pub tables: Vec<Table>,
}

/// A part of a report.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Section {
    /// Its identifier on the page.
    pub id: &'static str,
    /// Heading.
    pub title: String,
    /// Paragraphs before the pictures.
    pub text: Vec<String>,
    /// Its pictures and tables.
    pub groups: Vec<Group>,
}

impl Section {
    /// Creates a section whose table was not written.
    fn without(id: &'static str, title: &str, table: &str) -> Section {
        let text = format!(
            "Not shown: {table}.csv was not written. The same command without --tables, or with {table} in the list, writes it; add --force, or choose another --out."
        );
        Section { id, title: title.into(), text: vec![text], groups: Vec::new() }
    }
}

/// The sentence that says which runs a picture shows.
fn over(source: &Source) -> String {
    let people = grouped(source.scenario.population.size);
    let seed = source.folder.manifest.seed;
    let replicates = match source.replicates {
        1 => "One replicate".to_owned(),
        number => format!("{number} replicates"),
    };
    format!("{replicates} of {}, {people} people in January 1928, seed {seed}.", source.name())
}

/// The sentence that explains line and bands.
fn bands(source: &Source) -> &'static str {
    match source.replicates {
        1 => "Line: the replicate.",
        _ => {
            "Line: mean. Dark band: 95 % interval of the mean. Light band, in pictures with one or two lines: range from the lowest to the highest replicate."
        }
    }
}

/// Replaces the underscores of a key by spaces.
fn words(key: &str) -> String {
    key.replace('_', " ")
}

/// The name of an origin for readers.
fn origin(name: &str) -> String {
    match name {
        "employee" => "white-collar".into(),
        "former" => "former people".into(),
        name => words(name),
    }
}

/// Builds the sections of the report of a run.
///
/// # Errors
///
/// If a table cannot be read.
pub(super) fn of_run(source: &Source) -> Result<Vec<Section>, ReportError> {
    Ok(vec![
        months::section(source)?,
        policy::section(source),
        accusations::section(source)?,
        elite::section(source)?,
        elite::survival(source)?,
        mobility::section(source)?,
        history::section(source)?,
        run::section(source),
    ])
}

/// Builds the sections of the report of a comparison.
///
/// # Errors
///
/// If a table cannot be read.
pub(super) fn of_comparison(source: &Source) -> Result<Vec<Section>, ReportError> {
    let mut sections = comparison::sections(source)?;
    sections.extend([policy::section(source), run::section(source)]);
    Ok(sections)
}

/// Builds the sections of the report of a sweep.
///
/// # Errors
///
/// If a table cannot be read, or does not fit the manifest.
pub(super) fn of_sweep(source: &Source) -> Result<Vec<Section>, ReportError> {
    sweep::sections(source)
}

/// Builds the sections of the report of a test of claims.
///
/// # Errors
///
/// If a table cannot be read, or has a cell that its column does not allow.
pub(super) fn of_claims(source: &Source) -> Result<Vec<Section>, ReportError> {
    claims::sections(source)
}
