//! Draws stacked bars, one for each phase.
//!
//! Segments have the order of the key, and a number if it fits.

use super::canvas::{Anchor, Canvas, Drawing, SMALL, plain};
use super::frame::heading;
use super::width::width;
use super::{Label, WIDTH};
use crate::report::format::compact;
use crate::report::palette::Colour;

const LEFT: f64 = 88.0;
const ROW: f64 = 38.0;
const RIGHT: f64 = 44.0;

/// Stacked bars.
#[derive(Debug, Clone, PartialEq)]
pub struct Bars {
    /// Title.
    pub title: String,
    /// Unit.
    pub unit: String,
    /// Names of the segments and their colours, in order.
    pub segments: Vec<(String, Colour)>,
    /// Bars: name and the values of the segments.
    pub bars: Vec<(Label, Vec<f64>)>,
}

/// Positions of the entries of the key: left edge and row.
fn key(segments: &[(String, Colour)]) -> Vec<(f64, usize)> {
    let (mut left, mut row) = (0.0, 0);
    let mut places = Vec::new();
    for (name, _) in segments {
        let wide = 15.0 + width(name, SMALL) + 10.0;
        if left > 0.0 && left + wide > f64::from(WIDTH) {
            (left, row) = (0.0, row + 1);
        }
        places.push((left, row));
        left += wide;
    }
    places
}

fn bar(canvas: &Canvas, bars: &Bars, values: &[f64], top: f64, most: f64) {
    let per_pixel = (f64::from(WIDTH) - LEFT - RIGHT) / most;
    let mut left = LEFT;
    for ((_, colour), value) in bars.segments.iter().zip(values) {
        let right = left + value * per_pixel;
        if right - left >= 0.5 {
            canvas.block((left, top), (right - 0.75, top + 20.0), *colour);
        }
        let text = compact(*value);
        // A bar of one segment has its number at the end only.
        if bars.segments.len() > 1 && right - left > width(&text, 10.0) + 3.0 {
            let middle = ((left + right) / 2.0, top + 10.0);
            canvas.text(&text, middle, plain(10.0, colour.text_on()).at(Anchor::Middle));
        }
        left = right;
    }
    let total = compact(values.iter().sum());
    canvas.text(&total, (left + 5.0, top + 10.0), plain(SMALL, Colour::Text));
}

/// Draws the bars.
pub fn draw(bars: &Bars) -> Drawing {
    let places = key(&bars.segments);
    let head = 44.0 + 17.0 * (places.last().map_or(0, |place| place.1) + 1) as f64;
    let height = head + ROW * bars.bars.len() as f64 + 2.0;
    let total = |values: &Vec<f64>| values.iter().sum::<f64>();
    let most = bars.bars.iter().map(|(_, values)| total(values)).fold(0.0, f64::max);
    let most = if most > 0.0 { most } else { 1.0 };
    Drawing::new(WIDTH, height.ceil() as u32, |canvas| {
        heading(canvas, &bars.title, &bars.unit);
        for ((name, colour), (left, row)) in bars.segments.iter().zip(places) {
            let y = 46.0 + 17.0 * row as f64;
            canvas.block((left, y - 5.0), (left + 11.0, y + 6.0), *colour);
            canvas.text(name, (left + 15.0, y), plain(SMALL, Colour::Text));
        }
        for (position, (name, values)) in bars.bars.iter().enumerate() {
            let top = head + position as f64 * ROW;
            let texts = name.lines(SMALL, LEFT - 10.0, 3);
            let first = top + 10.0 - (texts.len() as f64 - 1.0) * 6.0;
            for (row, text) in texts.iter().enumerate() {
                let point = (LEFT - 6.0, first + row as f64 * 12.0);
                canvas.text(text, point, plain(SMALL, Colour::Text).at(Anchor::End));
            }
            bar(canvas, bars, values, top, most);
        }
        let foot = head + ROW * bars.bars.len() as f64 - 6.0;
        canvas.line(
            &[(LEFT - 0.75, head - 4.0), (LEFT - 0.75, foot)],
            Colour::Axis,
            super::canvas::Dash::Solid,
            1.0,
        );
    })
}
