//! Draws matrices: a number in each cell, on a darker background if it is larger.

use super::canvas::{Anchor, Canvas, Drawing, SMALL, Type, plain};
use super::frame::heading;
use super::width::fitted;
use super::{Label, WIDTH};
use crate::report::format::{UNDEFINED, compact};
use crate::report::palette::Colour;

const LEFT: f64 = 92.0;
const TOP: f64 = 76.0;
/// Height of a row without and with a note below its name.
const ROW: [f64; 2] = [29.0, 38.0];
/// Font size of the names of columns.
const NAME: f64 = 9.75;

/// A matrix.
#[derive(Debug, Clone, PartialEq)]
pub struct Matrix {
    /// Title.
    pub title: String,
    /// Unit of the cells.
    pub unit: String,
    /// What the rows are.
    pub rows_are: &'static str,
    /// What the columns are.
    pub columns_are: &'static str,
    /// Names of the rows.
    pub rows: Vec<Label>,
    /// Names of the columns.
    pub columns: Vec<String>,
    /// Cells by row and column; `None` if the number is not defined.
    pub cells: Vec<Vec<Option<f64>>>,
    /// The value of the darkest shade; matrices to be compared share it.
    pub most: f64,
}

fn lines(canvas: &Canvas, texts: &[String], at: (f64, f64), how: Type) {
    let first = at.1 - (texts.len() as f64 - 1.0) / 2.0 * 11.5;
    for (row, text) in texts.iter().enumerate() {
        canvas.text(text, (at.0, first + row as f64 * 11.5), how);
    }
}

/// Draws the matrix.
pub fn draw(matrix: &Matrix) -> Drawing {
    let row_height = ROW[usize::from(matrix.rows.iter().any(|row| !row.note.is_empty()))];
    let height = TOP + row_height * matrix.rows.len() as f64 + 4.0;
    let column = (f64::from(WIDTH) - LEFT) / matrix.columns.len().max(1) as f64;
    Drawing::new(WIDTH, height.ceil() as u32, |canvas| {
        heading(canvas, &matrix.title, &matrix.unit);
        let muted = plain(10.0, Colour::Muted);
        canvas.text(&format!("{} →", matrix.columns_are), (LEFT - 6.0, 44.0), muted.at(Anchor::End));
        canvas.text(&format!("{} ↓", matrix.rows_are), (LEFT - 6.0, 66.0), muted.at(Anchor::End));
        for (position, name) in matrix.columns.iter().enumerate() {
            let middle = LEFT + (position as f64 + 0.5) * column;
            let texts = fitted(name, NAME, column - 1.0, 3);
            lines(canvas, &texts, (middle, TOP - 18.0), plain(NAME, Colour::Text).at(Anchor::Middle));
        }
        for (position, (name, cells)) in matrix.rows.iter().zip(&matrix.cells).enumerate() {
            let top = TOP + position as f64 * row_height;
            let most = if name.note.is_empty() { 2 } else { 3 };
            let texts = name.lines(SMALL, LEFT - 10.0, most);
            lines(
                canvas,
                &texts,
                (LEFT - 6.0, top + row_height / 2.0),
                plain(SMALL, Colour::Text).at(Anchor::End),
            );
            for (position, cell) in cells.iter().enumerate() {
                let left = LEFT + position as f64 * column;
                let step = Colour::step(cell.unwrap_or(0.0) / matrix.most);
                canvas.block((left, top), (left + column, top + row_height), Colour::Grid);
                canvas.block((left + 0.5, top + 0.5), (left + column - 0.5, top + row_height - 0.5), step);
                let text = cell.map_or(UNDEFINED.to_owned(), compact);
                let point = (left + column / 2.0, top + row_height / 2.0);
                canvas.text(&text, point, plain(SMALL, step.text_on()).at(Anchor::Middle));
            }
        }
    })
}
