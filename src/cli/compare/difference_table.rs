//! Lays out a table of differences, one line per estimate.
//!
//! On a narrow terminal, less important columns are left out, then names are shortened. The decimals of a difference
//! follow from the width of its interval.

use crate::cli::quantity::{decimals, decimals_of_width};
use crate::cli::terminal::{Terminal, align_left, align_right, display_width};
use crate::experiment::compare::contrasts::Contrast;
use crate::experiment::compare::ranking::Ranked;
use crate::experiment::compare::tables::Names;
use crate::experiment::rounding;
use crate::model::phase::PHASE_MEASURES;

/// Spaces before each line of a table.
pub(super) const INDENT: usize = 2;

/// Spaces between two columns.
const GAP: usize = 2;

/// Minimum width of a column of names that is shortened.
const MIN_NAME_WIDTH: usize = 8;

/// One column of the table.
struct Column {
    heading: &'static str,
    /// Whether cells are aligned left.
    left: bool,
    /// On a narrow terminal, columns are left out in descending order of this number; those with 0 always stay.
    drop_order: u8,
    cell: fn(&Contrast, &Names, Terminal) -> String,
    width: usize,
}

/// The columns shared by the tables of several scenarios.
pub(super) struct DifferenceTable {
    terminal: Terminal,
    columns: Vec<Column>,
}

impl DifferenceTable {
    /// Chooses columns and widths that show all `rows` within the width of the terminal.
    pub(super) fn new(rows: &[Contrast], names: &Names, terminal: Terminal) -> Self {
        let regimes = rows.first().is_some_and(|row| row.subject.from_period.is_some());
        let (first, second) = if regimes { ("before", "after") } else { ("baseline", "scenario") };
        let column =
            |heading: &'static str, left, drop_order, cell: fn(&Contrast, &Names, Terminal) -> String| {
                let cells = rows.iter().map(|row| display_width(&cell(row, names, terminal)));
                let width = cells.max().unwrap_or(0).max(display_width(heading));
                Column { heading, left, drop_order, cell, width }
            };
        let mut all = vec![
            column("metric", true, 0, |row, _, _| PHASE_MEASURES[row.subject.metric].key.to_owned()),
            column("phase", true, 0, period),
            column(first, false, 4, |row, _, _| mean(row, row.pairs.first_mean())),
            column(second, false, 5, |row, _, _| mean(row, row.pairs.second_mean())),
            column("difference", false, 0, |row, _, _| difference(row)),
            column("interval", true, 1, |row, _, _| interval(row)),
            column("relative", false, 6, |row, _, _| {
                row.relative().map_or_else(|| "-".into(), |share| format!("{}%", signed(100.0 * share)))
            }),
            column("effect", false, 3, |row, _, _| row.effect_size.map_or_else(|| "-".into(), signed)),
            column("p", false, 2, |row, _, _| row.adjusted.map_or_else(|| "-".into(), p)),
        ];
        let total_width = |all: &[Column]| {
            INDENT + all.iter().map(|column| column.width).sum::<usize>() + GAP * all.len().saturating_sub(1)
        };
        while total_width(&all) > terminal.width {
            let first_to_drop = all.iter().map(|column| column.drop_order).max().unwrap_or(0);
            if first_to_drop == 0 {
                break;
            }
            all.retain(|column| column.drop_order != first_to_drop);
        }
        // If the remaining columns still do not fit, shorten names: phases before metrics, which are harder to guess.
        for heading in ["phase", "metric"] {
            let excess = total_width(&all).saturating_sub(terminal.width);
            for column in all.iter_mut().filter(|column| column.heading == heading) {
                column.width = column.width.saturating_sub(excess).max(column.width.min(MIN_NAME_WIDTH));
            }
        }
        DifferenceTable { terminal, columns: all }
    }

    /// The heading and one line per row.
    pub(super) fn text(&self, ranked: &Ranked, names: &Names) -> String {
        if ranked.rows.is_empty() {
            let note = if ranked.more == 0 { "no difference is significant" } else { "" };
            return self.terminal.wrapped(note, INDENT);
        }
        let mut text = self.line(|column| column.heading.to_owned());
        for row in &ranked.rows {
            text += &self.line(|column| (column.cell)(row, names, self.terminal));
        }
        text
    }

    fn line(&self, cell: impl Fn(&Column) -> String) -> String {
        let cells: Vec<String> = self
            .columns
            .iter()
            .map(|column| {
                let text = self.terminal.shortened(&cell(column), column.width);
                if column.left { align_left(&text, column.width) } else { align_right(&text, column.width) }
            })
            .collect();
        let line = format!("{:INDENT$}{}", "", cells.join(&" ".repeat(GAP)));
        format!("{}\n", line.trim_end())
    }
}

/// The phase of a row, or the two phases that it compares.
fn period(row: &Contrast, names: &Names, terminal: Terminal) -> String {
    let name = names.period(row.subject.period);
    row.subject
        .from_period
        .map_or_else(|| name.to_owned(), |from| format!("{} {} {name}", names.period(from), terminal.arrow()))
}

fn signed(value: f64) -> String {
    rounding::signed(value, decimals(value))
}

/// Decimals of a difference and its interval: enough for two digits of the interval's width or, if the width is zero or
/// unknown, for three digits of the difference.
fn decimals_of_difference(row: &Contrast) -> usize {
    let width = row.interval().and_then(|(lo, hi)| decimals_of_width(hi - lo));
    width.unwrap_or_else(|| {
        let size = row.pairs.difference().unwrap_or(0.0).abs();
        decimals_of_width(size).map_or(0, |two| if size >= 99.95 { 0 } else { two + 1 })
    })
}

fn difference(row: &Contrast) -> String {
    let decimals = decimals_of_difference(row);
    row.pairs.difference().map_or_else(|| "-".to_owned(), |value| rounding::signed(value, decimals))
}

fn interval(row: &Contrast) -> String {
    let decimals = decimals_of_difference(row);
    row.interval().map_or_else(
        || "-".to_owned(),
        |(lo, hi)| format!("{} to {}", rounding::signed(lo, decimals), rounding::signed(hi, decimals)),
    )
}

/// A mean with three digits, and up to two more if the difference has more decimals.
fn mean(row: &Contrast, mean: Option<f64>) -> String {
    mean.map_or_else(
        || "-".to_owned(),
        |mean| {
            let usual = decimals(mean);
            rounding::rounded(mean, decimals_of_difference(row).clamp(usual, usual + 2))
        },
    )
}

/// A p-value with three decimals.
fn p(p: f64) -> String {
    if p < 0.001 { "<0.001".to_owned() } else { rounding::rounded(p, 3) }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::experiment::compare::contrasts::Subject;
    use crate::experiment::compare::statistics::Pairs;

    fn metric(key: &str) -> usize {
        PHASE_MEASURES.iter().position(|measure| measure.key == key).unwrap()
    }

    pub(in crate::cli::compare) fn row(
        subject: Subject,
        base: f64,
        differences: &[f64],
        half: f64,
    ) -> Contrast {
        let mut pairs = Pairs::default();
        for (position, difference) in differences.iter().enumerate() {
            let first = base * (1.0 + 0.001 * position as f64);
            pairs.add(Some(first), Some(first + difference));
        }
        Contrast {
            subject,
            half: Some(half),
            simultaneous_half: Some(half),
            p: Some(0.0),
            adjusted: Some(0.0),
            effect_size: pairs.effect_size(),
            variance_ratio: pairs.variance_ratio(),
            target: None,
            needed: None,
            pairs,
        }
    }

    pub(in crate::cli::compare) fn subject(
        scenario: usize,
        key: &str,
        period: usize,
        from_period: Option<usize>,
    ) -> Subject {
        Subject { scenario, metric: metric(key), period, from_period }
    }

    #[test]
    fn digits_of_a_difference_follow_its_interval() {
        let shown = |differences: &[f64], half| {
            let row = row(subject(1, "discipline", 0, None), 0.5, differences, half);
            (difference(&row), interval(&row))
        };
        let pair = |difference: &str, interval: &str| (difference.to_owned(), interval.to_owned());
        assert_eq!(shown(&[-0.015; 3], 0.0002), pair("-0.01500", "-0.01520 to -0.01480"));
        assert_eq!(shown(&[-0.015; 3], 0.0), pair("-0.0150", "-0.0150 to -0.0150"));
        assert_eq!(shown(&[0.0; 3], 0.0), pair("0", "0 to 0"));
        assert_eq!(shown(&[1234.5; 3], 30.0), pair("+1234", "+1204 to +1264"));
        assert_eq!(shown(&[0.2; 3], 3.0), pair("+0.2", "-2.8 to +3.2"));
    }
}
