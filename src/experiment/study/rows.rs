//! Adds labels to the rows of a run, and reads values from them.
//!
//! A part holds a row without scenario, replicate, seed and varied keys, and with the number of the phase instead of its
//! name. Its cells are numbers, months and fixed words, so a row has no quotes, and cells end at commas.

use crate::experiment::tables::{NAMES_A_PHASE, Table, label_columns};
use crate::model::measures::MONTH_MEASURES;
use crate::model::phase::PHASE_MEASURES;
use crate::output::table::{Cell, Rows};

/// The measures of a run as numbers; `None` where a measure is undefined.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RunValues {
    /// By month run and by position in [`MONTH_MEASURES`].
    pub months: Vec<Vec<Option<f64>>>,
    /// By phase reached and by position in [`PHASE_MEASURES`].
    pub phases: Vec<Vec<Option<f64>>>,
    /// By position in [`PHASE_MEASURES`], over all months that were run.
    pub whole: Vec<Option<f64>>,
    /// What the tests of a file of hypotheses are computed from, in the order of its table.
    pub quantities: Vec<Option<f64>>,
}

impl RunValues {
    /// Reads the values from the rows of a run in the tables that have them.
    pub fn read<'a>(tables: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> RunValues {
        let mut values = RunValues::default();
        for (table, rows) in tables {
            match table {
                "series" => values.months = measures(rows, MONTH_MEASURES.len()),
                "phases" => values.phases = measures(rows, PHASE_MEASURES.len()),
                "whole_period" => {
                    values.whole = measures(rows, PHASE_MEASURES.len()).pop().unwrap_or_default()
                }
                "quantities" => values.quantities = measures(rows, usize::MAX).pop().unwrap_or_default(),
                _ => {}
            }
        }
        values
    }
}

/// The last `count` cells of each row as numbers.
fn measures(rows: &[u8], count: usize) -> Vec<Vec<Option<f64>>> {
    let text = std::str::from_utf8(rows).unwrap_or_default();
    let row = |line: &str| {
        let mut values: Vec<Option<f64>> =
            line.rsplit(',').take(count).map(|cell| cell.parse().ok()).collect();
        values.reverse();
        values
    };
    text.lines().map(row).collect()
}

/// The labels of the rows of one variant.
pub struct Labels {
    /// The cell of the scenario, then a comma.
    scenario: Vec<u8>,
    /// A comma and a cell for each column after the seed.
    values: Vec<u8>,
    seed: u64,
    /// The cell of each phase.
    phases: Vec<Vec<u8>>,
}

impl Labels {
    /// The labels of a variant, with the values of its varied keys.
    pub fn new(scenario: &str, seed: u64, phases: &[String], values: &[String]) -> Labels {
        let mut scenario = cell(scenario);
        scenario.push(b',');
        let values = values.iter().flat_map(|value| [vec![b','], cell(value)].concat()).collect();
        Labels { scenario, values, seed, phases: phases.iter().map(|phase| cell(phase)).collect() }
    }

    /// Appends the rows of a replicate in a table to `out`, with labels. `more` are cells after the seed, such as the
    /// numbers of past and future.
    pub fn label(&self, table: &dyn Table, replicate: u32, more: &[u32], rows: &[u8], out: &mut Vec<u8>) {
        let mut begin = self.scenario.clone();
        begin.extend(format!("{replicate},{}", self.seed).bytes());
        more.iter().for_each(|cell| begin.extend(format!(",{cell}").bytes()));
        begin.extend(&self.values);
        begin.push(b',');
        let phase = phase_position(table);
        out.reserve(rows.len() + rows.len() / 64 * begin.len());
        for line in rows.split_inclusive(|byte| *byte == b'\n') {
            out.extend(&begin);
            match phase.and_then(|position| self.with_phase(line, position)) {
                Some((before, phase, after)) => {
                    [before, phase, after].iter().for_each(|bytes| out.extend(*bytes))
                }
                None => out.extend(line),
            }
        }
    }

    /// The line before, in and after its phase: the name stands for the number.
    fn with_phase<'a>(&'a self, line: &'a [u8], position: usize) -> Option<(&'a [u8], &'a [u8], &'a [u8])> {
        let mut begin = 0;
        for _ in 0..position {
            begin += line[begin..].iter().position(|byte| *byte == b',')? + 1;
        }
        let end = begin + line[begin..].iter().position(|byte| *byte == b',')?;
        let number: usize = std::str::from_utf8(&line[begin..end]).ok()?.parse().ok()?;
        Some((&line[..begin], self.phases.get(number)?, &line[end..]))
    }
}

/// The position of the phase among the cells of a row without labels.
pub fn phase_position(table: &dyn Table) -> Option<usize> {
    let columns = table.layout().columns;
    columns.iter().skip(label_columns().len()).position(|column| NAMES_A_PHASE.contains(&column.name))
}

/// The bytes of a cell, in quotes if it needs them.
fn cell(text: &str) -> Vec<u8> {
    let mut rows = Rows::default();
    rows.push(&[Cell::Text(text)]);
    let mut bytes = rows.into_bytes();
    bytes.pop();
    // A row of one empty cell would be written in quotes.
    if text.is_empty() { Vec::new() } else { bytes }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::tables::phases::Phases;
    use crate::experiment::tables::whole_period::WholePeriod;

    #[test]
    fn rows_get_their_labels_and_the_names_of_their_phases() {
        let phases = ["early".to_owned(), "the \"end\"".into()];
        let labels = Labels::new("a, b", 1, &phases, &["0.5".into(), "x,y".into()]);
        let mut out = Vec::new();
        labels.label(&Phases, 3, &[1, 2], b"0,1928-01,7\n1,1933-01,\n", &mut out);
        labels.label(&WholePeriod, 3, &[], b"1,2.5\n", &mut out);
        let expected = "\"a, b\",3,1,1,2,0.5,\"x,y\",early,1928-01,7\n\
                        \"a, b\",3,1,1,2,0.5,\"x,y\",\"the \"\"end\"\"\",1933-01,\n\
                        \"a, b\",3,1,0.5,\"x,y\",1,2.5\n";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }

    #[test]
    fn values_are_the_last_cells_of_a_row() {
        let row = |first: &str| {
            let cells: Vec<String> = (0..PHASE_MEASURES.len()).map(|cell| format!("{cell}.5")).collect();
            format!("{first}{}\n", cells.join(",")).replace(",2.5,", ",,")
        };
        let (phases, whole) = (row("0,1928-01,") + &row("1,1933-01,"), row(""));
        let values = RunValues::read([("phases", phases.as_bytes()), ("whole_period", whole.as_bytes())]);
        assert_eq!((values.phases.len(), values.months.len()), (2, 0));
        assert_eq!(values.phases[1][..4], [Some(0.5), Some(1.5), None, Some(3.5)]);
        assert_eq!(values.whole, values.phases[0]);
    }
}
