//! Writes and reads `points.csv`: the points of a sweep, with the values of the varied keys.
//!
//! A test of hypotheses has such points as well. Each of them has replicates of its own, which two further columns give.

use super::{SCENARIO, label_columns_of, text};
use crate::experiment::study::address::Address;
use crate::output::manifest::ScenarioMark;
use crate::output::plan::VariantMark;
use crate::output::reading::{ReadError, ResultFolder};
use crate::output::table::{Cell, Column, Kind, Layout, Rows};

/// Name of the file.
pub const POINTS: &str = "points.csv";

/// The columns of a point's own replicates.
const REPLICATES: [&str; 2] = ["first_replicate", "last_replicate"];

/// A point of a stored sweep.
#[derive(Debug, Clone)]
pub struct StoredPoint {
    /// Name, label and hash.
    pub scenario: ScenarioMark,
    /// Values of the varied keys.
    pub values: Vec<String>,
    /// Digest of what its runs follow from.
    pub substance: [u8; 32],
    /// Numbers of the first and the last replicate, if they are not those of the plan.
    pub replicates: Option<[u32; 2]>,
}

/// The layout, with the columns of the varied keys, and with those of replicates if points have their own.
pub fn layout(labels: &[Column], own_replicates: bool) -> Layout {
    let mut columns = vec![SCENARIO];
    columns.extend(labels.iter().copied());
    columns.push(text("hash", "hash of the resolved scenario"));
    columns.push(text(
        "substance",
        "digest of everything that the runs follow from, except seed, replicate and last month",
    ));
    if own_replicates {
        let definitions = [
            "number of its first replicate; only in a test of hypotheses",
            "number of its last replicate; only in a test of hypotheses",
        ];
        let column = |(name, definition)| Column { name, kind: Kind::Integer, unit: "", definition };
        columns.extend(REPLICATES.into_iter().zip(definitions).map(column));
    }
    Layout { name: "points", row: "one row per point of a sweep", columns }
}

/// The bytes of the table.
pub fn csv(labels: &[Column], points: &[VariantMark], own_replicates: bool) -> Vec<u8> {
    let mut rows = Rows::default();
    for point in points {
        let mut cells = vec![Cell::Text(point.scenario.called())];
        cells.extend(point.values.iter().map(|value| Cell::Text(value)));
        cells.extend([Cell::Text(&point.scenario.hash), Cell::Text(&point.substance)]);
        cells.extend(point.replicates.into_iter().flatten().map(|number| Cell::Integer(number.into())));
        rows.push(&cells);
    }
    let mut bytes = layout(labels, own_replicates).header();
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
    let own_replicates = folder.columns(POINTS)?.iter().any(|column| column == REPLICATES[0]);
    let varied = keys.iter().map(String::as_str);
    let own = REPLICATES.into_iter().filter(|_| own_replicates);
    let columns: Vec<&str> = ["scenario", "hash", "substance"].into_iter().chain(varied).chain(own).collect();
    let [least, most] = folder.manifest.plan.replicates;
    let range = |cells: &[&str]| -> Option<[u32; 2]> {
        let [first, last] = [cells.first()?.parse().ok()?, cells.get(1)?.parse().ok()?];
        (least <= first && first <= last && last <= most).then_some([first, last])
    };
    let mut points = Vec::new();
    folder.rows(POINTS, &columns, |cells| {
        let (values, own) = cells[3..].split_at(keys.len());
        let point = || {
            Some(StoredPoint {
                scenario: ScenarioMark {
                    name: name.clone(),
                    label: Some(cells[0].to_owned()),
                    hash: cells[1].to_owned(),
                },
                values: values.iter().map(|value| (*value).to_owned()).collect(),
                substance: Address::parse(cells[2])?.0,
                replicates: if own_replicates { Some(range(own)?) } else { None },
            })
        };
        points.push(point());
    })?;
    let read: Option<Vec<StoredPoint>> = points.into_iter().collect();
    read.ok_or_else(|| folder.broken(POINTS, "a digest or a number of a replicate is none"))
}

/// The columns of the varied keys of a sweep.
pub fn key_columns(keys: &[String], points: &[VariantMark]) -> Vec<Column> {
    label_columns_of(false, keys, points.iter().map(|point| point.values.as_slice()))
}
