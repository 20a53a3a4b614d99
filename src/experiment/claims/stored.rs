//! Reads the tables of claims back from a result folder.

use super::evidence::Verdict;
use super::heading::Heading;
use super::rows::{ClaimRow, ConditionRow, Results, TestRow};
use super::tables::{claim_conditions, claim_tests, claims, motives};
use crate::model::state::standing::{MOTIVE_NAMES, MOTIVES};
use crate::output::reading::{ReadError, ResultFolder};
use crate::output::table::Layout;

/// Reads the results of a folder of claims.
///
/// # Errors
///
/// If a table is missing, was changed, or has a cell that its column does not allow.
pub fn read(folder: &ResultFolder, heading: Heading) -> Result<Results, ReadError> {
    let motives_file = motives().file();
    let motives = if folder.manifest.files.contains_key(&motives_file) {
        let cells = table(folder, &motives(), motive_cell)?;
        let mut shares = [[0.0; MOTIVES]; MOTIVES];
        cells.into_iter().for_each(|(motive, recovered, share)| shares[motive][recovered] = share);
        Some(shares)
    } else {
        None
    };
    Ok(Results {
        heading,
        claims: table(folder, &claims(), claim_row)?,
        tests: table(folder, &claim_tests(), test_row)?,
        conditions: table(folder, &claim_conditions(), condition_row)?,
        motives,
    })
}

/// Reads the rows of a table with `row`, which returns `None` for a row that it cannot read.
fn table<T>(
    folder: &ResultFolder,
    layout: &Layout,
    row: fn(&mut Reader<'_>) -> Option<T>,
) -> Result<Vec<T>, ReadError> {
    let names: Vec<&str> = layout.columns.iter().map(|column| column.name).collect();
    let (mut rows, mut line, mut faulty) = (Vec::new(), 1_u64, None);
    folder.rows(&layout.file(), &names, |cells| {
        line += 1;
        match row(&mut Reader(cells.iter())) {
            Some(row) => rows.push(row),
            None => faulty = faulty.or(Some(line)),
        }
    })?;
    let fault = |line: u64| {
        let what = format!("record {} has a cell that is not allowed; run kadry claims again", line - 1);
        folder.broken(&layout.file(), what)
    };
    faulty.map_or(Ok(rows), |line| Err(fault(line)))
}

/// Takes the cells of a row one after the other.
struct Reader<'a>(std::slice::Iter<'a, &'a str>);

impl Reader<'_> {
    fn text(&mut self) -> Option<String> {
        self.0.next().map(|cell| (*cell).to_owned())
    }

    fn words(&mut self) -> Option<Vec<String>> {
        self.0.next().map(|cell| cell.split_whitespace().map(str::to_owned).collect())
    }

    fn optional<T>(&mut self, parse: impl FnOnce(&str) -> Option<T>) -> Option<Option<T>> {
        match self.0.next() {
            Some(&"") => Some(None),
            Some(cell) => parse(cell).map(Some),
            None => None,
        }
    }

    fn integer(&mut self) -> Option<u64> {
        self.0.next()?.parse().ok()
    }

    fn real(&mut self) -> Option<Option<f64>> {
        self.optional(|cell| cell.parse::<f64>().ok().filter(|number| number.is_finite()))
    }

    fn verdict(&mut self) -> Option<Verdict> {
        Verdict::of_word(self.0.next()?)
    }

    fn optional_verdict(&mut self) -> Option<Option<Verdict>> {
        self.optional(Verdict::of_word)
    }

    fn motive(&mut self) -> Option<usize> {
        let word = self.0.next()?;
        MOTIVE_NAMES.iter().position(|name| name == word)
    }
}

fn claim_row(cells: &mut Reader<'_>) -> Option<ClaimRow> {
    Some(ClaimRow {
        claim: cells.text()?,
        paragraph: cells.optional(|cell| cell.parse().ok())?,
        kind: cells.text()?,
        verdict: cells.verdict()?,
        trivial: cells.optional(|cell| match cell {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        })?,
        attained_by: cells.words()?,
        mechanisms: cells.words()?,
        without: cells.optional_verdict()?,
        lost: cells.real()?,
        first_rung: cells.optional(|cell| Some(cell.to_owned()))?,
        jitter: cells.real()?,
        prior: cells.real()?,
        by_construction: cells.text()?,
        tests: cells.integer()?,
        join: cells.text()?,
        statement: cells.text()?,
        reason: cells.text()?,
    })
}

fn test_row(cells: &mut Reader<'_>) -> Option<TestRow> {
    Some(TestRow {
        claim: cells.text()?,
        test: cells.integer()?,
        part: cells.integer()?,
        words: cells.text()?,
        unit: cells.text()?,
        n: cells.integer()?,
        reference: cells.real()?,
        estimate: cells.real()?,
        interval: [cells.real()?, cells.real()?],
        bound: cells.real()?,
        margin: cells.real()?,
        adjusted: cells.real()?,
        verdict: cells.verdict()?,
        ratio: [cells.real()?, cells.real()?, cells.real()?],
        reason: cells.text()?,
    })
}

fn condition_row(cells: &mut Reader<'_>) -> Option<ConditionRow> {
    Some(ConditionRow {
        claim: cells.text()?,
        test: cells.integer()?,
        part: cells.integer()?,
        condition: cells.text()?,
        meaning: cells.text()?,
        n: cells.integer()?,
        estimate: cells.real()?,
        holds: cells.real()?,
        verdict: cells.optional_verdict()?,
        lost: cells.real()?,
    })
}

fn motive_cell(cells: &mut Reader<'_>) -> Option<(usize, usize, f64)> {
    Some((cells.motive()?, cells.motive()?, cells.real()??))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::claims::example;
    use crate::experiment::claims::tables::files;

    /// Reads rows from the bytes of a table.
    fn parsed<T>(bytes: &[u8], row: fn(&mut Reader<'_>) -> Option<T>) -> Vec<T> {
        let mut reader = csv::Reader::from_reader(bytes);
        let parse = |record: csv::StringRecord| {
            let cells: Vec<&str> = record.iter().collect();
            row(&mut Reader(cells.iter())).unwrap()
        };
        reader.records().map(|record| parse(record.unwrap())).collect()
    }

    #[test]
    fn tables_read_back_as_they_were() {
        let results = Results::of(&example::evidence());
        let files = files(&results);
        assert_eq!(parsed(&files[0].1, claim_row), results.claims);
        assert_eq!(parsed(&files[1].1, test_row), results.tests);
        assert_eq!(parsed(&files[2].1, condition_row), results.conditions);
        let motives = results.motives.unwrap();
        for (motive, recovered, share) in parsed(&files[3].1, motive_cell) {
            assert_eq!(share, motives[motive][recovered]);
        }
    }

    #[test]
    fn cells_with_other_words_are_refused() {
        let read = |cells: &[&str]| condition_row(&mut Reader(cells.iter())).is_some();
        let cells = |verdict, n, holds| ["C1", "1", "1", "base", "", n, "0.5", holds, verdict, ""];
        assert!(read(&cells("supported", "3", "")) && read(&cells("", "3", "1.0")));
        for (verdict, n, holds) in
            [("true", "3", ""), ("", "-3", ""), ("", "", ""), ("", "3", "inf"), ("", "3", "x")]
        {
            assert!(!read(&cells(verdict, n, holds)), "{verdict} {n} {holds}");
        }
    }
}
