//! Reads the published figures of `scenarios/reference/`.
//!
//! The files are compiled into the program.

use crate::engine::calendar::Month;
use serde::Deserialize;

const SERIES: &str = include_str!("../../../scenarios/reference/series.csv");
const README: &str = include_str!("../../../scenarios/reference/README.md");

/// A published figure: one row of `series.csv`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Figure {
    /// Key of the series.
    pub series: String,
    /// Its unit.
    pub unit: String,
    /// First month that the figure covers, `YYYY-MM`; may be before the model's calendar.
    pub from: String,
    /// Last month.
    pub to: String,
    /// The figure.
    pub value: f64,
    /// The source.
    pub source: String,
    /// Grade of the evidence: A, B, C or D.
    pub grade: String,
    /// Note for users.
    pub note: String,
}

impl Figure {
    /// First and last month of the figure; `None` if either is outside the calendar.
    pub fn months(&self) -> Option<(Month, Month)> {
        Some((self.from.parse().ok()?, self.to.parse().ok()?))
    }

    /// The date of the figure: its year, or its first month if it does not cover one whole year.
    pub fn date(&self) -> &str {
        let year = self.from.ends_with("-01") && self.to.ends_with("-12") && self.from[..4] == self.to[..4];
        if year { &self.from[..4] } else { &self.from }
    }
}

/// Every figure, in the order of the file.
pub fn figures() -> Vec<Figure> {
    let mut reader = csv::Reader::from_reader(SERIES.as_bytes());
    reader.deserialize().map(|row| row.expect("a test reads the file")).collect()
}

/// The cautions that every use must repeat: the numbered lines of the README of the folder.
pub fn cautions() -> Vec<&'static str> {
    README.lines().filter(|line| line.starts_with(|first: char| first.is_ascii_digit())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_can_be_read() {
        let figures = figures();
        assert!(figures.len() > 50);
        for figure in &figures {
            assert!(figure.value.is_finite() && figure.value > 0.0, "{figure:?}");
            assert!(["A", "B", "C", "D"].contains(&figure.grade.as_str()), "{figure:?}");
            assert!(figure.from <= figure.to && figure.from.len() == 7, "{figure:?}");
        }
        assert_eq!(cautions().len(), 3);
        assert!(figures.iter().any(|figure| figure.date() == "1928"));
        assert!(figures.iter().any(|figure| figure.date() == "1926-09" && figure.months().is_none()));
    }
}
