//! Draws maps: the mean of a measure over two values, in five classes.
//!
//! Every class has a shade and a digit. Cells hold the mean if it fits; otherwise cells of one class that lie side by side
//! are drawn as one block with the digit of the class.

use super::WIDTH;
use super::canvas::{Anchor, Canvas, Dash, Drawing, SMALL, plain};
use super::frame::heading;
use super::width::{cut, width};
use crate::report::format::{UNDEFINED, resolved, with_minus};
use crate::report::palette::Colour;

/// Number of classes.
pub const CLASSES: usize = 5;

const STEPS: [Colour; CLASSES] = [Colour::Step0, Colour::Step1, Colour::Step2, Colour::Step3, Colour::Step4];

/// Font size of labels and cells.
const TINY: f64 = 10.0;

/// Upper edge of the cells.
const TOP: f64 = 90.0;

/// Height of all cells of a map of many rows.
const TALL: f64 = 260.0;

/// Maximum height of a row.
const ROW: f64 = 30.0;

/// A map.
#[derive(Debug, Clone, PartialEq)]
pub struct Heat {
    /// Title.
    pub title: String,
    /// Unit of the cells.
    pub unit: String,
    /// What the columns are, and their labels from left to right.
    pub across: (String, Vec<String>),
    /// What the rows are, and their labels from the lowest row up.
    pub up: (String, Vec<String>),
    /// Cells by row, from the lowest row up, and column; `None` if the number is not defined.
    pub cells: Vec<Vec<Option<f64>>>,
    /// Where the base is, as column and row; the middle of the first is 0.
    pub base: Option<(f64, f64)>,
}

impl Heat {
    /// Lowest and highest number.
    fn ends(&self) -> Option<(f64, f64)> {
        let known = || self.cells.iter().flatten().filter_map(|cell| *cell);
        known().reduce(f64::min).zip(known().reduce(f64::max))
    }

    /// The ends of the classes, one more than there are classes; empty if all numbers are equal.
    pub fn bounds(&self) -> Vec<f64> {
        match self.ends() {
            Some((low, high)) if low < high => {
                (0..=CLASSES).map(|class| low + (high - low) * class as f64 / CLASSES as f64).collect()
            }
            _ => Vec::new(),
        }
    }
}

/// The class of a number, from 0.
fn class(value: f64, bounds: &[f64]) -> usize {
    let inner = bounds.get(1..CLASSES).unwrap_or_default();
    inner.iter().take_while(|bound| value >= **bound).count()
}

/// The width of a class, which the numbers on the map must resolve.
fn resolution(bounds: &[f64]) -> f64 {
    bounds.get(1).map_or(0.0, |second| second - bounds[0])
}

/// Draws the classes with their ends.
fn legend(canvas: &Canvas, bounds: &[f64], left: f64) {
    let wide = (f64::from(WIDTH) - 2.0 * left) / CLASSES as f64;
    for (position, step) in STEPS.iter().enumerate().take(bounds.len().saturating_sub(1)) {
        let from = left + position as f64 * wide;
        canvas.block((from, 40.0), (from + wide, 55.0), Colour::Axis);
        canvas.block((from + 0.5, 40.5), (from + wide - 0.5, 54.5), *step);
        let digit = (position + 1).to_string();
        canvas.text(&digit, (from + wide / 2.0, 47.5), plain(TINY, step.text_on()).at(Anchor::Middle));
    }
    for (position, bound) in bounds.iter().enumerate() {
        let text = with_minus(&resolved(*bound, resolution(bounds)));
        let how = plain(TINY, Colour::Muted).at(Anchor::Middle);
        canvas.text(&text, (left + position as f64 * wide, 65.0), how);
    }
}

/// Draws labels along an axis, leaving out those that would overlap.
fn labels(canvas: &Canvas, picture: &Heat, left: f64, (column, row): (f64, f64), floor: f64) {
    let muted = plain(TINY, Colour::Muted);
    let mut free = f64::NEG_INFINITY;
    for (position, text) in picture.across.1.iter().enumerate() {
        let x = left + (position as f64 + 0.5) * column;
        let half = width(text, TINY) / 2.0;
        if x - half > free && x + half < f64::from(WIDTH) {
            canvas.text(text, (x, floor + 10.0), muted.at(Anchor::Middle));
            free = x + half + 5.0;
        }
    }
    let mut free = f64::INFINITY;
    for (position, text) in picture.up.1.iter().enumerate() {
        let y = floor - (position as f64 + 0.5) * row;
        if y < free {
            canvas.text(&cut(text, TINY, left - 6.0), (left - 5.0, y), muted.at(Anchor::End));
            free = y - 12.0;
        }
    }
    let how = plain(SMALL, Colour::Muted);
    canvas.text(&cut(&format!("{} ↑", picture.up.0), SMALL, 300.0), (0.0, TOP - 9.0), how);
    let room = f64::from(WIDTH) - left;
    let middle = left + room / 2.0;
    let along = cut(&format!("{} →", picture.across.0), SMALL, room);
    canvas.text(&along, (middle, floor + 26.0), how.at(Anchor::Middle));
}

/// Draws a row: each cell with its number, or blocks of one class with its digit.
fn cells(
    canvas: &Canvas,
    row: &[Option<f64>],
    bounds: &[f64],
    edges: (f64, f64, f64),
    column: f64,
    numbers: bool,
) {
    let (left, top, bottom) = edges;
    let mut from = 0;
    while from < row.len() {
        let of = |cell: &Option<f64>| cell.map(|value| class(value, bounds));
        let alike = row[from..].iter().take_while(|cell| !numbers && of(cell) == of(&row[from])).count();
        let until = from + alike.max(1);
        let step = of(&row[from]).map_or(Colour::Paper, |class| STEPS[class]);
        let (start, end) = (left + from as f64 * column, left + until as f64 * column);
        canvas.block((start, top), (end, bottom), Colour::Grid);
        canvas.block((start + 0.25, top + 0.25), (end - 0.25, bottom - 0.25), step);
        let text = match row[from] {
            None => UNDEFINED.to_owned(),
            Some(value) if numbers => with_minus(&resolved(value, resolution(bounds))),
            Some(value) => (class(value, bounds) + 1).to_string(),
        };
        let middle = ((start + end) / 2.0, (top + bottom) / 2.0);
        canvas.text(&text, middle, plain(TINY, step.text_on()).at(Anchor::Middle));
        from = until;
    }
}

/// Draws the map.
pub fn draw(picture: &Heat) -> Drawing {
    let bounds = picture.bounds();
    let widest = picture.up.1.iter().map(|text| width(text, TINY)).fold(24.0, f64::max);
    let left = widest.min(110.0) + 8.0;
    let rows = picture.cells.len().max(1) as f64;
    let row = (TALL / rows).min(ROW);
    let floor = TOP + row * rows;
    let column = (f64::from(WIDTH) - left - 1.0) / picture.across.1.len().max(1) as f64;
    let number =
        |cell: &Option<f64>| cell.map_or(0.0, |value| width(&resolved(value, resolution(&bounds)), TINY));
    let numbers = row > 13.0 && picture.cells.iter().flatten().all(|cell| number(cell) < column - 4.0);
    Drawing::new(WIDTH, (floor + 36.0).ceil() as u32, |canvas| {
        heading(canvas, &picture.title, &picture.unit);
        legend(canvas, &bounds, 24.0);
        for (position, values) in picture.cells.iter().enumerate() {
            let bottom = floor - position as f64 * row;
            cells(canvas, values, &bounds, (left, bottom - row, bottom), column, numbers);
        }
        let right = f64::from(WIDTH) - 1.0;
        let frame = [(left, TOP), (right, TOP), (right, floor), (left, floor), (left, TOP)];
        canvas.line(&frame, Colour::Axis, Dash::Solid, 1.0);
        labels(canvas, picture, left, (column, row), floor);
        if let Some((across, up)) = picture.base {
            let (x, y) = (left + (across + 0.5) * column, floor - (up + 0.5) * row);
            for (half, colour) in [(6.5, Colour::Paper), (5.0, Colour::Text)] {
                canvas.area(&[(x - half, y), (x, y - half), (x + half, y), (x, y + half)], colour, 1.0);
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::draw::canvas::SvgLabels;

    fn map(cells: Vec<Vec<Option<f64>>>) -> Heat {
        let labels = |count: usize| (0..count).map(|label| label.to_string()).collect();
        let (columns, rows) = (cells[0].len(), cells.len());
        Heat {
            title: "Fear".into(),
            unit: "share, 0 to 1".into(),
            across: ("x".into(), labels(columns)),
            up: ("y".into(), labels(rows)),
            cells,
            base: None,
        }
    }

    fn markup(heat: &Heat) -> String {
        draw(heat).inline(SvgLabels { id: "x", title: "t", description: "d" }).into_string()
    }

    #[test]
    fn classes_have_equal_widths() {
        let heat = map(vec![vec![Some(0.0), Some(10.0)]]);
        assert_eq!(heat.bounds(), [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]);
        let classes = [0.0, 1.99, 2.0, 7.9, 8.0, 10.0].map(|value| class(value, &heat.bounds()));
        assert_eq!(classes, [0, 0, 1, 3, 4, 4]);
        let equal = map(vec![vec![Some(3.0), Some(3.0)]]);
        assert!(equal.bounds().is_empty());
        assert_eq!(class(3.0, &[]), 0);
    }

    #[test]
    fn small_maps_have_numbers_and_large_ones_digits() {
        let small = markup(&map(vec![vec![Some(0.0), None], vec![Some(5.0), Some(10.0)]]));
        for text in [">0.0</text>", ">–</text>", ">5.0</text>", ">10.0</text>", ">8.0</text>"] {
            assert!(small.contains(text), "{text} {small}");
        }
        // 20 columns: 10 of the lowest class, 10 of the highest, each drawn as one block.
        let row: Vec<Option<f64>> = (0..20).map(|at| Some(if at < 10 { 100.0 } else { 200.0 })).collect();
        let large = markup(&map(vec![row]));
        assert!(
            large.contains(">1</text>") && large.contains(">5</text>") && !large.contains(">150"),
            "{large}"
        );
        assert_eq!(large.matches("<rect").count(), 2 * CLASSES + 2 * 2);
    }
}
