//! Checks the tables of a folder before they are drawn.
//!
//! A digest shows that a file is the one in the manifest, but not that its cells are numbers. Every cell of a known table
//! must fit its column, so that everything computed from it is finite.

use super::source::ReportError;
use crate::engine::calendar::Month;
use crate::experiment::claims;
use crate::experiment::compare::tables;
use crate::experiment::stored::every_table;
use crate::experiment::sweep::response;
use crate::experiment::tables::{label_columns_of, labelled, points};
use crate::output::reading::ResultFolder;
use crate::output::table::{Column, Kind, Layout};
use std::fmt;

/// Bound on numbers in a table, so that sums of their squares are finite.
const MOST: f64 = 1e100;

/// A cell that does not fit its column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellFault {
    /// Line of the file; the header is line 1.
    pub line: u64,
    /// The column.
    pub column: &'static str,
    /// The cell.
    pub cell: String,
    /// What the column allows.
    pub allowed: &'static str,
}

impl fmt::Display for CellFault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let CellFault { line, column, cell, allowed } = self;
        let shown: String = cell.chars().take(60).collect();
        write!(out, "line {line}, column {column}: {shown:?} is not {allowed}")
    }
}

/// The layouts of the tables that a folder can hold, with the columns of past and future if a run has them, and with those
/// of the keys that a sweep varies.
pub fn layouts(futures: bool, keys: &[Column]) -> Vec<Layout> {
    let mut labels = label_columns_of(futures, &[], std::iter::empty());
    labels.extend(keys);
    let by_run = |layout: &Layout| every_table().any(|table| table.layout().name == layout.name);
    let layout = |layout: Layout| if by_run(&layout) { labelled(layout, &labels) } else { layout };
    let mut layouts: Vec<Layout> = tables::layouts().into_iter().map(layout).collect();
    layouts.extend(claims::tables::layouts());
    if !keys.is_empty() {
        layouts.extend([labelled(response::layout(), keys), points::layout(keys, false)]);
    }
    layouts
}

/// Reads a file of the manifest once and checks its digest and, in a table, every cell.
///
/// # Errors
///
/// If the file cannot be read or differs from the manifest, or a cell does not fit its column.
pub fn check(folder: &ResultFolder, file: &str, layouts: &[Layout]) -> Result<(), ReportError> {
    let Some(layout) = layouts.iter().find(|layout| layout.file() == file) else {
        return Ok(folder.verify(file)?);
    };
    let names: Vec<&str> = layout.columns.iter().map(|column| column.name).collect();
    let (mut line, mut fault) = (1, None);
    folder.rows(file, &names, |cells| {
        line += 1;
        let faulty = |(column, cell): (&Column, &&str)| {
            let allowed = misfit(column, cell)?;
            Some(CellFault { line, column: column.name, cell: (*cell).to_owned(), allowed })
        };
        if fault.is_none() {
            fault = layout.columns.iter().zip(cells).find_map(faulty);
        }
    })?;
    match fault {
        Some(fault) => Err(ReportError::Cell { folder: folder.path.clone(), file: file.into(), fault }),
        None => Ok(()),
    }
}

/// What a column allows, if a cell does not fit it. Every column allows empty cells, which are undefined.
fn misfit(column: &Column, cell: &str) -> Option<&'static str> {
    if cell.is_empty() {
        return None;
    }
    match column.read(cell) {
        Err(_) => Some(column.kind.holds()),
        Ok(Some(number)) if column.kind == Kind::Real && number.abs() >= MOST => {
            Some("a finite number below 1e100")
        }
        Ok(Some(number))
            if (column.kind, column.unit) == (Kind::Integer, "months") && number > Month::COUNT as f64 =>
        {
            Some("a number of months from 0 to the length of the calendar")
        }
        Ok(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_must_fit_their_columns() {
        let column = |kind, unit| Column { name: "x", kind, unit, definition: "" };
        let allowed = |kind, cell| misfit(&column(kind, "1"), cell).is_none();
        for cell in ["", "0", "1.0", "-2.5", "0.000001"] {
            assert!(allowed(Kind::Real, cell), "{cell}");
        }
        for cell in ["inf", "-inf", "NaN", "nan", "infinity", "1e308", "1,5", " 1", "x"] {
            assert!(!allowed(Kind::Real, cell), "{cell}");
        }
        assert!(
            allowed(Kind::Integer, "12") && !allowed(Kind::Integer, "-1") && !allowed(Kind::Integer, "1.0")
        );
        assert!(
            allowed(Kind::Month, "1927-12")
                && !allowed(Kind::Month, "1937-13")
                && !allowed(Kind::Month, "../x")
        );
        assert!(misfit(&column(Kind::Integer, "months"), "4000000000").is_some());
    }
}
