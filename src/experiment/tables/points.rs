//! Writes and reads `points.csv`: the points of a sweep, with the values of the varied keys.

use super::{SCENARIO, label_columns_of, text};
use crate::experiment::study::address::Address;
use crate::output::manifest::ScenarioMark;
use crate::output::plan::VariantMark;
use crate::output::reading::{ReadError, ResultFolder};
use crate::output::table::{Cell, Column, Layout, Rows};

/// Name of the file.
pub const POINTS: &str = "points.csv";

/// A point of a stored sweep.
#[derive(Debug, Clone)]
pub struct StoredPoint {
    /// Name, label and hash.
    pub scenario: ScenarioMark,
    /// Values of the varied keys.
    pub values: Vec<String>,
    /// Digest of what its runs follow from.
    pub substance: [u8; 32],
}

/// The layout, with the columns of the varied keys.
pub fn layout(labels: &[Column]) -> Layout {
    let mut columns = vec![SCENARIO];
    columns.extend(labels.iter().copied());
    columns.push(text("hash", "hash of the resolved scenario"));
    columns.push(text(
        "substance",
        "digest of everything that the runs follow from, except seed, replicate and last month",
    ));
    Layout { name: "points", row: "one row per point of a sweep", columns }
}

/// The bytes of the table.
pub fn csv(labels: &[Column], points: &[VariantMark]) -> Vec<u8> {
    let mut rows = Rows::default();
    for point in points {
        let mut cells = vec![Cell::Text(point.scenario.called())];
        cells.extend(point.values.iter().map(|value| Cell::Text(value)));
        cells.extend([Cell::Text(&point.scenario.hash), Cell::Text(&point.substance)]);
        rows.push(&cells);
    }
    let mut bytes = layout(labels).header();
    bytes.extend(rows.into_bytes());
    bytes
}

/// Reads the points of a stored sweep.
///
/// # Errors
///
/// If the table cannot be read.
pub fn read(folder: &ResultFolder, keys: &[String]) -> Result<Vec<StoredPoint>, ReadError> {
    let name = folder.manifest.scenario.name.clone();
    let columns: Vec<&str> =
        ["scenario", "hash", "substance"].into_iter().chain(keys.iter().map(String::as_str)).collect();
    let mut points = Vec::new();
    folder.rows(POINTS, &columns, |cells| {
        let substance = Address::parse(cells[2]).map(|address| address.0);
        points.push(substance.map(|substance| StoredPoint {
            scenario: ScenarioMark {
                name: name.clone(),
                label: Some(cells[0].to_owned()),
                hash: cells[1].to_owned(),
            },
            values: cells[3..].iter().map(|value| (*value).to_owned()).collect(),
            substance,
        }));
    })?;
    let read: Option<Vec<StoredPoint>> = points.into_iter().collect();
    read.ok_or_else(|| folder.broken(POINTS, "a digest in the column substance is none"))
}

/// The columns of the varied keys of a sweep.
pub fn key_columns(keys: &[String], points: &[VariantMark]) -> Vec<Column> {
    label_columns_of(false, keys, points.iter().map(|point| point.values.as_slice()))
}
