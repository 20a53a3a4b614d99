//! Writes the comparison with history as text tables and as docs/history.md.
//!
//! Both forms hold the same tables and cautions; the command line lays out the text.

use super::distance::{FigureDistance, HistoryComparison, SeriesDistance};
use super::reference::cautions;
use crate::experiment::rounding;

/// A table of cells; the first row is the header.
pub struct Grid(pub Vec<Vec<String>>);

impl Grid {
    pub(super) fn new(header: &[&str]) -> Self {
        Grid(vec![header.iter().map(|&cell| cell.to_owned()).collect()])
    }

    pub(super) fn push(&mut self, cells: Vec<String>) {
        self.0.push(cells);
    }

    pub(super) fn markdown(&self) -> String {
        let line = |row: &Vec<String>| format!("| {} |\n", row.join(" | "));
        let rule = format!("|{}\n", "---|".repeat(self.0[0].len()));
        self.0[..1].iter().map(line).chain([rule]).chain(self.0[1..].iter().map(line)).collect()
    }
}

pub(super) fn optional(value: Option<f64>, show: impl Fn(f64) -> String) -> String {
    value.map_or_else(|| "-".to_owned(), show)
}

fn three(value: f64) -> String {
    rounding::rounded(value, 3)
}

fn signed(value: f64) -> String {
    rounding::signed(value, 3)
}

/// The series that have a counterpart.
pub fn compared(comparison: &HistoryComparison) -> impl Iterator<Item = &SeriesDistance> {
    comparison.series.iter().filter(|series| series.without.is_none())
}

/// The table of the distance of each series.
pub fn overview(comparison: &HistoryComparison) -> Grid {
    let mut grid =
        Grid::new(&["series", "grade", "figures", "RMS log error", "mean", "correlation", "compared"]);
    for series in compared(comparison) {
        let used = series.figures.iter().filter(|figure| figure.log_error.is_some()).count();
        grid.push(vec![
            series.series.to_owned(),
            series.grades.clone(),
            format!("{used} of {}", series.figures.len()),
            optional(series.rms_log_error, three),
            optional(series.mean_log_error, signed),
            optional(series.correlation, |value| rounding::rounded(value, 2)),
            series.basis.unwrap_or_default().to_owned(),
        ]);
    }
    grid
}

/// The table of the figures of a series and the model's values.
pub fn figures_of(series: &SeriesDistance) -> Grid {
    let mut grid =
        Grid::new(&["date", "figure", "figure, compared", "model", "spread", "log error", "grade", "note"]);
    for FigureDistance {
        date,
        reference,
        reference_on_basis,
        model_on_basis,
        spread,
        log_error,
        grade,
        note,
    } in &series.figures
    {
        grid.push(vec![
            date.clone(),
            reference.to_string(),
            three(*reference_on_basis),
            optional(*model_on_basis, three),
            optional(*spread, |value| format!("{:.1} %", 100.0 * value)),
            optional(*log_error, signed),
            grade.clone(),
            note.clone(),
        ]);
    }
    grid
}

/// The series without a counterpart, with the reasons.
pub fn without(comparison: &HistoryComparison) -> impl Iterator<Item = (&str, &str)> {
    comparison.series.iter().filter_map(|series| Some((series.series, series.without?)))
}

/// The run in one line: scenario, seed, replicates and months.
pub fn what(comparison: &HistoryComparison) -> String {
    let s = if comparison.replicates == 1 { "" } else { "s" };
    let whole = if comparison.complete { "" } else { ", cut short" };
    format!(
        "{}, seed {}, {} replicate{s}, {} to {}{whole}",
        comparison.scenario,
        comparison.seed,
        comparison.replicates,
        comparison.months[0],
        comparison.months[1]
    )
}

/// How to read the tables.
pub const READING: &str = "A log error of +0.1 means that the model is about a tenth too high. RMS is the root mean square of the log errors of a series. \
The spread is the standard deviation over replicates, relative to the mean.";

/// Returns the comparison as a Markdown page.
pub fn markdown(comparison: &HistoryComparison) -> String {
    let mut page = format!(
        "# The model against history\n\nMade by two commands; do not edit:\n\n```sh\n{} --out DIR\nkadry history DIR --markdown > docs/history.md\n```\n\n\
         {} (scenario {}). The figures, their sources and grades: [scenarios/reference](../scenarios/reference/README.md).\n\n\
         ## Cautions\n\n",
        comparison.command,
        what(comparison),
        &comparison.hash[..comparison.hash.len().min(8)],
    );
    for caution in cautions() {
        page += &format!("{caution}\n");
    }
    page += &format!("\n## Distances\n\n{READING}\n\n{}", overview(comparison).markdown());
    for series in compared(comparison) {
        page += &format!(
            "\n### {}\n\nFigures in {}; compared {}. In the model: {}. Caution: {}.\n\n{}",
            series.series,
            series.unit,
            series.basis.unwrap_or_default(),
            series.model,
            series.caution,
            figures_of(series).markdown()
        );
    }
    page += "\n## Without a counterpart\n\n| series | why nothing is compared |\n|---|---|\n";
    for (series, reason) in without(comparison) {
        page += &format!("| {series} | {reason} |\n");
    }
    page
}
