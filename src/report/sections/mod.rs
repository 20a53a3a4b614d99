//! The sections of a report.
//!
//! Owns which pictures there are, their order and their words. Each file reads its table and gives a [`Section`]; a table
//! that was not written gives one with a sentence that says how to get it.

mod accusations;
mod comparison;
mod elite;
mod history;
mod mobility;
mod months;
mod policy;
mod run;

use super::picture::Picture;
use super::source::{ReportError, Source};

/// A table for readers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// What it holds.
    pub caption: String,
    /// Names of the columns.
    pub header: Vec<String>,
    /// Rows; the first cell names the row.
    pub rows: Vec<Vec<String>>,
}

/// Pictures and tables that belong together, under a heading of their own or none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Group {
    /// Heading; empty for none.
    pub title: String,
    /// Pictures.
    pub pictures: Vec<Picture>,
    /// Tables under them.
    pub tables: Vec<Table>,
}

/// A part of a report.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Section {
    /// Its place on the page.
    pub id: &'static str,
    /// Heading.
    pub title: String,
    /// Paragraphs before the pictures.
    pub text: Vec<String>,
    /// What it shows.
    pub groups: Vec<Group>,
}

impl Section {
    /// A section without its table.
    fn without(id: &'static str, title: &str, source: &Source, table: &str) -> Section {
        let text = format!(
            "Not drawn: {table}.csv was not written. kadry run {} --tables {table} gives it; without --tables all are written.",
            source.scenario.name
        );
        Section { id, title: title.into(), text: vec![text], groups: Vec::new() }
    }
}

/// What a picture is over, in a sentence.
fn over(source: &Source) -> String {
    let people = grouped(source.scenario.population.size);
    let seed = source.folder.manifest.seed;
    let replicates = match source.replicates {
        1 => "One replicate".to_owned(),
        number => format!("{number} replicates"),
    };
    format!("{replicates} of {}, {people} people in January 1928, seed {seed}.", source.scenario.called())
}

/// What the bands are, in a sentence; nothing with one replicate.
fn bands(source: &Source) -> &'static str {
    match source.replicates {
        1 => "Line: the replicate.",
        _ => {
            "Line: mean. Dark band: 95 % interval of the mean. Light band, where there are fewer than three lines: lowest to highest replicate."
        }
    }
}

/// `40,000`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A word of a table for readers.
fn words(key: &str) -> String {
    key.replace('_', " ")
}

/// Every section of the report of a run.
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

/// Every section of the report of a comparison.
///
/// # Errors
///
/// If a table cannot be read.
pub(super) fn of_comparison(source: &Source) -> Result<Vec<Section>, ReportError> {
    let mut sections = comparison::sections(source)?;
    sections.extend([policy::section(source), run::section(source)]);
    Ok(sections)
}
