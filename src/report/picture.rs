//! A picture: drawing, caption, description, and the numbers as CSV.

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
    /// A header without rows.
    pub fn new<'a>(header: impl IntoIterator<Item = &'a str>) -> Self {
        Numbers { header: header.into_iter().map(str::to_owned).collect(), rows: Vec::new() }
    }

    /// Appends a row.
    pub fn push(&mut self, row: Vec<String>) {
        debug_assert_eq!(row.len(), self.header.len());
        self.rows.push(row);
    }

    /// The text of a CSV file.
    pub fn to_csv(&self) -> String {
        let mut writer =
            csv::WriterBuilder::new().terminator(csv::Terminator::Any(b'\n')).from_writer(Vec::new());
        for row in std::iter::once(&self.header).chain(&self.rows) {
            writer.write_record(row).expect("rows have one width, and memory takes them");
        }
        let bytes = writer.into_inner().expect("writing to memory cannot fail");
        String::from_utf8(bytes).expect("cells are text")
    }
}

/// The columns of a [`DataPoint`]: mean, ends of the interval, lowest and highest replicate.
pub const POINT_COLUMNS: [&str; 5] = ["mean", "lo", "hi", "lowest", "highest"];

/// The cells of a value under [`POINT_COLUMNS`]; empty if it is not defined.
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
    /// Name of its files and of its place on a page: lower-case letters, digits and `-`, made of fixed words and numbers.
    pub id: String,
    /// Title.
    pub title: String,
    /// What it shows, for screen readers.
    pub description: String,
    /// What is drawn, and from which runs.
    pub caption: String,
    /// The drawing.
    pub drawing: Drawing,
    /// The numbers that are drawn.
    pub numbers: Numbers,
}

impl Picture {
    fn labels(&self) -> SvgLabels<'_> {
        SvgLabels { id: &self.id, title: &self.title, description: &self.description }
    }

    /// The drawing as part of a page.
    pub fn inline(&self) -> Markup {
        self.drawing.inline(self.labels())
    }

    /// The drawing as a file of its own.
    pub fn alone(&self) -> String {
        self.drawing.alone(self.labels())
    }
}
