//! Defines the columns of tables and writes their rows as CSV.
//!
//! All CSV files of the program use this format: one header line, UTF-8, LF line ends, `.` as decimal sign, no
//! thousands separator. [`real`] formats a real number. A missing cell is empty.

use crate::engine::calendar::{Month, MonthError};
use std::fmt::Write as _;

/// The type of a column. A cell of type [`Kind::Text`] or [`Kind::Real`] may also be empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A word or a name.
    Text,
    /// A month as `YYYY-MM`.
    Month,
    /// A whole number, 0 or more.
    Integer,
    /// A finite real number.
    Real,
}

/// The error for a cell that does not match the type of its column.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("column {column} is of type {}, and `{cell}` is not {}", kind.word(), kind.holds())]
pub struct CellError {
    /// Name of the column.
    pub column: String,
    /// Its type.
    pub kind: Kind,
    /// The cell.
    pub cell: String,
}

impl Kind {
    /// Name of the type in the data dictionary.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Text => "text",
            Kind::Month => "month",
            Kind::Integer => "integer",
            Kind::Real => "real",
        }
    }

    /// Parses a cell of this type. Returns the number, or `None` for text, a month or a missing real.
    ///
    /// # Errors
    ///
    /// If the cell does not match the type, such as an infinite real, an empty integer or a month in another format.
    pub fn read(self, column: &str, cell: &str) -> Result<Option<f64>, CellError> {
        let number = match self {
            Kind::Text => Some(None),
            Kind::Month => is_month(cell).then_some(None),
            Kind::Integer => cell.parse::<u64>().ok().map(|number| Some(number as f64)),
            Kind::Real if cell.is_empty() => Some(None),
            Kind::Real => cell.parse::<f64>().ok().filter(|number| number.is_finite()).map(Some),
        };
        number.ok_or_else(|| CellError { column: column.to_owned(), kind: self, cell: cell.to_owned() })
    }

    /// Description of a cell of this type, for error messages.
    pub fn holds(self) -> &'static str {
        match self {
            Kind::Text => "text",
            Kind::Month => "a month such as 1937-08",
            Kind::Integer => "a whole number",
            Kind::Real => "a finite number or empty",
        }
    }
}

/// One column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Name, snake_case.
    pub name: &'static str,
    /// Type of its cells.
    pub kind: Kind,
    /// Unit of measurement, which also implies the range of the values; empty for text and months.
    pub unit: &'static str,
    /// Definition, in a sentence.
    pub definition: &'static str,
}

impl Column {
    /// Parses a cell of this column, see [`Kind::read`].
    ///
    /// # Errors
    ///
    /// If the cell does not match the type of the column.
    pub fn read(&self, cell: &str) -> Result<Option<f64>, CellError> {
        self.kind.read(self.name, cell)
    }
}

/// Whether a cell has the form `YYYY-MM`, also outside the calendar: `mobility.csv` dates the start 1927-12.
fn is_month(cell: &str) -> bool {
    !matches!(cell.parse::<Month>(), Err(MonthError::Form(_)))
}

/// Name and columns of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// Name without extension: `series` is written to `series.csv`.
    pub name: &'static str,
    /// Meaning of one row, in a few words.
    pub row: &'static str,
    /// The columns, in the order of the file.
    pub columns: Vec<Column>,
}

impl Layout {
    /// Name of the file in a result folder.
    pub fn file(&self) -> String {
        format!("{}.csv", self.name)
    }

    /// The bytes of the header line, including the line end.
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
    /// An undefined value: the cell stays empty.
    Missing,
}

/// Rows of a table, written as CSV without the header.
#[derive(Debug)]
pub struct Rows {
    writer: csv::Writer<Vec<u8>>,
    /// Buffer for the digits of a number, reused to avoid an allocation per cell.
    digits: String,
}

impl Default for Rows {
    fn default() -> Self {
        let writer = csv::WriterBuilder::new()
            .has_headers(false)
            .terminator(csv::Terminator::Any(b'\n'))
            .from_writer(Vec::new());
        Rows { writer, digits: String::new() }
    }
}

impl Rows {
    /// Appends a row.
    ///
    /// # Panics
    ///
    /// If a real is NaN or infinite, or if the row has another number of cells than the previous one. Both are bugs of
    /// the program and must not reach a file.
    pub fn push(&mut self, cells: &[Cell<'_>]) {
        const FITS: &str =
            "writing to memory cannot fail, and all rows of a table have the same number of cells";
        for (position, cell) in cells.iter().enumerate() {
            self.digits.clear();
            let field = match *cell {
                Cell::Text(text) => text,
                Cell::Integer(number) => {
                    write!(self.digits, "{number}").expect(FITS);
                    &self.digits
                }
                Cell::Real(number) => {
                    assert!(
                        number.is_finite(),
                        "cell {position} of a row is {number}, which is not a number"
                    );
                    push_real(&mut self.digits, number);
                    &self.digits
                }
                Cell::Missing => "",
            };
            self.writer.write_field(field).expect(FITS);
        }
        self.writer.write_record(None::<&[u8]>).expect(FITS);
    }

    /// The bytes of all rows.
    pub fn into_bytes(self) -> Vec<u8> {
        self.writer.into_inner().expect("writing to memory cannot fail")
    }
}

/// Formats a real with the fewest digits that parse back to the same number, at least one decimal and no exponent. Zero
/// has no sign.
///
/// Because of the decimal, other programs recognise a column as real even if its first cells are whole numbers.
pub fn real(number: f64) -> String {
    let mut text = String::new();
    push_real(&mut text, number);
    text
}

/// Appends the text of [`real`].
fn push_real(text: &mut String, number: f64) {
    let start = text.len();
    // Adding zero turns -0 into 0 and changes no other number.
    write!(text, "{}", number + 0.0).expect("writing to memory cannot fail");
    if !text.as_bytes()[start..].contains(&b'.') {
        text.push_str(".0");
    }
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
        assert_eq!(text(&cells), "\"a,b\",40000,0.1,,0.0,0.0000001,1000000000000000000000.0,3.0\n");
        assert_eq!(text(&[Cell::Text("x"), Cell::Missing]), "x,\n");
    }

    #[test]
    #[should_panic(expected = "not a number")]
    fn nan_is_not_written() {
        text(&[Cell::Real(f64::NAN)]);
    }

    #[test]
    #[should_panic(expected = "same number of cells")]
    fn rows_have_the_same_width() {
        let mut rows = Rows::default();
        rows.push(&[Cell::Integer(1), Cell::Integer(2)]);
        rows.push(&[Cell::Integer(1)]);
    }

    proptest! {
        #[test]
        fn reals_parse_back_exactly(number in proptest::num::f64::NORMAL | proptest::num::f64::SUBNORMAL) {
            let text = real(number);
            prop_assert_eq!(text.parse::<f64>().unwrap().to_bits(), number.to_bits());
            prop_assert!(!text.contains(['e', 'E']));
            let (_, decimals) = text.split_once('.').unwrap();
            prop_assert!(!decimals.is_empty() && (decimals == "0" || !decimals.ends_with('0')), "{}", text);
        }
    }

    #[test]
    fn cells_of_a_wrong_type_are_refused() {
        let read = |kind, cell| Column { name: "c", kind, unit: "", definition: "" }.read(cell);
        assert_eq!(read(Kind::Real, "-0.5"), Ok(Some(-0.5)));
        assert_eq!(read(Kind::Real, ""), Ok(None));
        assert_eq!(read(Kind::Integer, "18446744073709551615"), Ok(Some(18_446_744_073_709_551_615.0)));
        assert_eq!((read(Kind::Text, "inf"), read(Kind::Month, "1927-12")), (Ok(None), Ok(None)));
        let cases = [
            (Kind::Real, vec!["inf", "-inf", "NaN", "nan", "infinity", "1e999", "x", " 1.0"]),
            (Kind::Integer, vec!["", "1.0", "-1", "inf", "x", "18446744073709551616"]),
            (Kind::Month, vec!["", "1928", "1928-13", "1928-1", "Jan 1928"]),
        ];
        for (kind, cells) in cases {
            for cell in cells {
                let error = read(kind, cell).unwrap_err().to_string();
                let start = format!("column c is of type {}, and `{cell}` is not a", kind.word());
                assert!(error.starts_with(&start), "{error}");
            }
        }
    }
}
