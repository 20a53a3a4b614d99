//! Draws boards: a sign on a colour in each cell, with a legend of the signs.
//!
//! Columns form groups with a gap between them. Cells hold one to three letters, so that colour is never the only
//! distinction.

use super::WIDTH;
use super::canvas::{Anchor, Canvas, Drawing, plain};
use super::frame::heading;
use super::width::{cut, width};
use crate::report::palette::Colour;

/// Font size of names and signs.
const SIZE: f64 = 9.5;

/// Height of a row.
const ROW: f64 = 15.0;

/// Side of the samples in the legend.
const SAMPLE: f64 = 13.0;

/// Height of a line of the legend.
const LINE: f64 = 17.0;

/// Upper edge of the legend.
const TOP: f64 = 40.0;

/// Space between groups of columns.
const GAP: f64 = 5.0;

/// Room for the names of groups and columns above the cells.
const NAMES: f64 = 32.0;

/// The widest name of a row.
const WIDEST: f64 = 84.0;

/// A cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tile {
    /// The sign.
    pub sign: String,
    /// Colour of the ground.
    pub colour: Colour,
}

/// Columns with a name above them.
#[derive(Debug, Clone, PartialEq)]
pub struct Columns {
    /// Name of the group; empty for none.
    pub name: String,
    /// Names of its columns.
    pub names: Vec<String>,
    /// Width of a column relative to others.
    pub weight: f64,
}

/// A board.
#[derive(Debug, Clone, PartialEq)]
pub struct Board {
    /// Title.
    pub title: String,
    /// What the cells are.
    pub unit: String,
    /// Signs and their meanings.
    pub legend: Vec<(Tile, String)>,
    /// The groups of columns.
    pub groups: Vec<Columns>,
    /// Names of the rows.
    pub rows: Vec<String>,
    /// Cells by row, then by column over all groups.
    pub cells: Vec<Vec<Tile>>,
}

/// Places the samples of the legend from left to right in lines: the upper left corner of each, and the number of lines.
fn placed(legend: &[(Tile, String)]) -> (Vec<(f64, f64)>, usize) {
    let (mut places, mut x, mut line) = (Vec::new(), 0.0, 0);
    for (_, meaning) in legend {
        let wide = SAMPLE + 5.0 + width(meaning, SIZE) + 12.0;
        if x > 0.0 && x + wide > f64::from(WIDTH) {
            (x, line) = (0.0, line + 1);
        }
        places.push((x, TOP + f64::from(line) * LINE));
        x += wide;
    }
    (places, line as usize + 1)
}

/// Draws a tile in a rectangle: its ground with an edge, and its sign in the middle.
fn tile(canvas: &Canvas, tile: &Tile, (left, top): (f64, f64), (wide, high): (f64, f64)) {
    canvas.block((left, top), (left + wide, top + high), Colour::Grid);
    canvas.block((left + 0.5, top + 0.5), (left + wide - 0.5, top + high - 0.5), tile.colour);
    let middle = (left + wide / 2.0, top + high / 2.0);
    canvas.text(&tile.sign, middle, plain(SIZE, tile.colour.text_on()).at(Anchor::Middle));
}

/// Left edge and width of every column, by group.
fn edges(groups: &[Columns], left: f64) -> Vec<Vec<(f64, f64)>> {
    let weight: f64 = groups.iter().map(|group| group.weight * group.names.len() as f64).sum();
    let room = f64::from(WIDTH) - left - GAP * groups.len().saturating_sub(1) as f64;
    let mut x = left;
    let mut edges = Vec::new();
    for group in groups {
        let wide = room * group.weight / weight.max(1.0);
        let columns = (0..group.names.len()).map(|column| (x + column as f64 * wide, wide)).collect();
        edges.push(columns);
        x += group.names.len() as f64 * wide + GAP;
    }
    edges
}

/// Draws the board.
pub fn draw(board: &Board) -> Drawing {
    let (places, lines) = placed(&board.legend);
    let top = TOP + lines as f64 * LINE + NAMES;
    let height = top + ROW * board.rows.len() as f64 + 2.0;
    let widest = board.rows.iter().map(|name| width(name, SIZE)).fold(20.0, f64::max).min(WIDEST);
    let left = widest + 7.0;
    let edges = edges(&board.groups, left);
    Drawing::new(WIDTH, height.ceil() as u32, |canvas| {
        heading(canvas, &board.title, &board.unit);
        for ((sample, meaning), (x, y)) in board.legend.iter().zip(places) {
            tile(canvas, sample, (x, y), (SAMPLE, SAMPLE));
            let point = (x + SAMPLE + 5.0, y + SAMPLE / 2.0);
            canvas.text(&cut(meaning, SIZE, f64::from(WIDTH) - 25.0), point, plain(SIZE, Colour::Muted));
        }
        for (group, columns) in board.groups.iter().zip(&edges) {
            let (from, until) = match (columns.first(), columns.last()) {
                (Some(first), Some(last)) => (first.0, last.0 + last.1),
                _ => continue,
            };
            let middle = plain(SIZE, Colour::Muted).at(Anchor::Middle);
            let name = cut(&group.name, SIZE, until - from);
            canvas.text(&name, ((from + until) / 2.0, top - 23.0), middle);
            for (name, (x, wide)) in group.names.iter().zip(columns) {
                let how = plain(SIZE, Colour::Text).at(Anchor::Middle);
                canvas.text(&cut(name, SIZE, *wide), (x + wide / 2.0, top - 9.0), how);
            }
        }
        for (position, (name, cells)) in board.rows.iter().zip(&board.cells).enumerate() {
            let y = top + position as f64 * ROW;
            let how = plain(SIZE, Colour::Text).at(Anchor::End);
            canvas.text(&cut(name, SIZE, WIDEST), (left - 5.0, y + ROW / 2.0), how);
            for (cell, (x, wide)) in cells.iter().zip(edges.iter().flatten()) {
                tile(canvas, cell, (*x, y), (*wide, ROW));
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_fill_the_width_by_their_weights() {
        let group =
            |names: usize, weight| Columns { name: String::new(), names: vec![String::new(); names], weight };
        let edges = edges(&[group(1, 2.0), group(2, 1.0)], 15.0);
        // 400 - 15 - 5 = 380 for weights 2, 1 and 1.
        assert_eq!(edges, [vec![(15.0, 190.0)], vec![(210.0, 95.0), (305.0, 95.0)]]);
    }

    #[test]
    fn a_legend_that_is_too_long_goes_on_in_the_next_line() {
        let sample = |meaning: &str| (Tile { sign: "+".into(), colour: Colour::Blue }, meaning.to_owned());
        let (places, lines) = placed(&[sample("supported"), sample(&"long ".repeat(30)), sample("absent")]);
        assert_eq!((lines, places[0], places[1].1 > TOP), (3, (0.0, TOP), true));
        assert!(places.iter().skip(1).all(|place| place.0 == 0.0));
    }
}
