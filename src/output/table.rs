//! Tables: columns, cells, and rows as bytes.
//!
//! Owns the text form of every cell. Tidy CSV: one header line, UTF-8, LF, `.` as decimal sign, no thousands sign;
//! reals are the shortest decimal digits that read back to the same number, written without an exponent; a missing
//! cell is empty. What the columns of a table are is the business of whoever fills it.

/// What the cells of a column hold, beside nothing at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A word or a name.
    Text,
    /// A month as `YYYY-MM`.
    Month,
    /// A whole number, 0 or more.
    Integer,
    /// A real number, finite.
    Real,
}

impl Kind {
    /// The word for it in the data dictionary.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Text => "text",
            Kind::Month => "month",
            Kind::Integer => "integer",
            Kind::Real => "real",
        }
    }
}

/// One column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Name, snake_case.
    pub name: &'static str,
    /// What its cells hold.
    pub kind: Kind,
    /// Unit of measurement; `1` for a pure number, empty for words and dates.
    pub unit: &'static str,
    /// Definition, in a sentence.
    pub definition: &'static str,
}

/// A table by the name of its file and its columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// Name without extension: `series` is written to `series.csv`.
    pub name: &'static str,
    /// What one row stands for, in a few words.
    pub row: &'static str,
    /// The columns, in the order of the file.
    pub columns: Vec<Column>,
}

impl Layout {
    /// Name of the file in a result folder.
    pub fn file(&self) -> String {
        format!("{}.csv", self.name)
    }

    /// The header line with its line end.
    pub fn header(&self) -> Vec<u8> {
        let mut rows = Rows::default();
        let names: Vec<Cell<'_>> = self.columns.iter().map(|column| Cell::Text(column.name)).collect();
        rows.push(&names);
        rows.into_bytes()
    }
}

/// One cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cell<'a> {
    /// A word, a name or a month.
    Text(&'a str),
    /// A whole number.
    Integer(u64),
    /// A real number; must be finite.
    Real(f64),
    /// Nothing: the cell stays empty.
    Missing,
}

/// Rows of one table as the bytes of a CSV file, without the header.
#[derive(Debug)]
pub struct Rows {
    writer: csv::Writer<Vec<u8>>,
}

impl Default for Rows {
    fn default() -> Self {
        let writer = csv::WriterBuilder::new()
            .has_headers(false)
            .terminator(csv::Terminator::Any(b'\n'))
            .from_writer(Vec::new());
        Rows { writer }
    }
}

impl Rows {
    /// Appends a row.
    ///
    /// # Panics
    ///
    /// If a real is NaN or infinite, or if the row has another number of cells than the one before: both are faults
    /// of the program, and neither may reach a file.
    pub fn push(&mut self, cells: &[Cell<'_>]) {
        const FITS: &str =
            "writing to memory cannot fail, and all rows of a table have the same number of cells";
        for (position, cell) in cells.iter().enumerate() {
            match *cell {
                Cell::Text(text) => self.writer.write_field(text).expect(FITS),
                Cell::Integer(number) => self.writer.write_field(number.to_string()).expect(FITS),
                Cell::Real(number) => {
                    assert!(
                        number.is_finite(),
                        "cell {position} of a row is {number}, which is not a number"
                    );
                    self.writer.write_field(real(number)).expect(FITS);
                }
                Cell::Missing => self.writer.write_field("").expect(FITS),
            }
        }
        self.writer.write_record(None::<&[u8]>).expect(FITS);
    }

    /// The bytes so far.
    pub fn into_bytes(self) -> Vec<u8> {
        self.writer.into_inner().expect("writing to memory cannot fail")
    }
}

/// A real as the shortest decimal digits that read back to the same number, without an exponent; zero has no sign.
pub fn real(number: f64) -> String {
    // Adding zero turns -0 into 0, which is what a reader expects to see, and leaves every other number alone.
    format!("{}", number + 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text(cells: &[Cell<'_>]) -> String {
        let mut rows = Rows::default();
        rows.push(cells);
        String::from_utf8(rows.into_bytes()).unwrap()
    }

    #[test]
    fn a_row_is_plain_csv() {
        let cells = [
            Cell::Text("a,b"),
            Cell::Integer(40_000),
            Cell::Real(0.1),
            Cell::Missing,
            Cell::Real(-0.0),
            Cell::Real(1e-7),
            Cell::Real(1e21),
            Cell::Real(3.0),
        ];
        assert_eq!(text(&cells), "\"a,b\",40000,0.1,,0,0.0000001,1000000000000000000000,3\n");
        assert_eq!(text(&[Cell::Text("x"), Cell::Missing]), "x,\n");
    }

    #[test]
    #[should_panic(expected = "not a number")]
    fn what_is_not_a_number_is_not_written() {
        text(&[Cell::Real(f64::NAN)]);
    }

    #[test]
    #[should_panic(expected = "same number of cells")]
    fn rows_have_one_width() {
        let mut rows = Rows::default();
        rows.push(&[Cell::Integer(1), Cell::Integer(2)]);
        rows.push(&[Cell::Integer(1)]);
    }

    proptest! {
        #[test]
        fn reals_read_back_exactly(number in proptest::num::f64::NORMAL | proptest::num::f64::SUBNORMAL) {
            let text = real(number);
            prop_assert_eq!(text.parse::<f64>().unwrap().to_bits(), number.to_bits());
            prop_assert!(!text.contains(['e', 'E']));
        }
    }
}
