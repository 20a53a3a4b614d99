//! Defines a picture: a drawing with caption, description and numbers.

use super::draw::canvas::{Drawing, SvgLabels};
use super::draw::lines::DataPoint;
use super::format::csv;
use maud::Markup;

/// The numbers behind a picture: a header and rows, as in a CSV file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Numbers {
    /// Names of the columns.
    pub header: Vec<String>,
    /// Cells as texts.
    pub rows: Vec<Vec<String>>,
}

impl Numbers {
    /// Creates a header without rows.
    pub fn new<'a>(header: impl IntoIterator<Item = &'a str>) -> Self {
        Numbers { header: header.into_iter().map(str::to_owned).collect(), rows: Vec::new() }
    }

    /// Appends a row.
    pub fn push(&mut self, row: Vec<String>) {
        debug_assert_eq!(row.len(), self.header.len());
        self.rows.push(row);
    }

    /// Formats them as a CSV file.
    pub fn to_csv(&self) -> String {
        let mut writer =
            csv::WriterBuilder::new().terminator(csv::Terminator::Any(b'\n')).from_writer(Vec::new());
        for row in std::iter::once(&self.header).chain(&self.rows) {
            writer.write_record(row).expect("all rows have the same length");
        }
        let bytes = writer.into_inner().expect("writing to memory cannot fail");
        String::from_utf8(bytes).expect("cells are text")
    }
}

/// Columns of a [`DataPoint`]: mean, ends of the interval, lowest and highest replicate.
pub const POINT_COLUMNS: [&str; 5] = ["mean", "lo", "hi", "lowest", "highest"];

/// Cells of a point in the columns [`POINT_COLUMNS`]; empty if it is not defined.
pub fn point_cells(value: Option<DataPoint>) -> [String; 5] {
    let (interval, range) = (value.and_then(|value| value.interval), value.and_then(|value| value.range));
    [
        csv(value.map(|value| value.mean)),
        csv(interval.map(|ends| ends.0)),
        csv(interval.map(|ends| ends.1)),
        csv(range.map(|ends| ends.0)),
        csv(range.map(|ends| ends.1)),
    ]
}

/// A picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Identifier on the page and name of its files: lower-case letters, digits and `-`, from fixed words and numbers.
    pub id: String,
    /// Title.
    pub title: String,
    /// Description for screen readers.
    pub description: String,
    /// Caption: what is drawn, and from which runs.
    pub caption: String,
    /// The drawing.
    pub drawing: Drawing,
    /// The numbers behind it.
    pub numbers: Numbers,
}

impl Picture {
    fn labels(&self) -> SvgLabels<'_> {
        SvgLabels { id: &self.id, title: &self.title, description: &self.description }
    }

    /// Returns the SVG element for the page.
    pub fn inline(&self) -> Markup {
        self.drawing.inline(self.labels())
    }

    /// Returns the text of a separate SVG file.
    pub fn alone(&self) -> String {
        self.drawing.alone(self.labels())
    }
}
