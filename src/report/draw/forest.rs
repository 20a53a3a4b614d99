//! Draws a forest plot: differences with their intervals, one below the other.
//!
//! A row has a dot for the difference, a thick line for its interval, a thin line for the simultaneous interval, and the
//! number at the right.

use super::WIDTH;
use super::canvas::{Anchor, Canvas, Dash, Drawing, SMALL, plain};
use super::frame::heading;
use super::scale::ticks;
use super::width::{cut, width};
use crate::report::format;
use crate::report::palette::Colour;
use std::ops::Range;

const LEFT: f64 = 138.0;
const RIGHT: f64 = 50.0;
const ROW: f64 = 19.0;
const HEAD: f64 = 44.0;

/// One difference.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Name.
    pub name: String,
    /// The difference.
    pub difference: f64,
    /// Ends of its interval.
    pub interval: Option<(f64, f64)>,
    /// Ends of the simultaneous interval.
    pub wide: Option<(f64, f64)>,
    /// Whether it is significant after correction: a filled dot if so, an open ring if not.
    pub clear: bool,
}

/// A forest plot.
#[derive(Debug, Clone, PartialEq)]
pub struct Forest {
    /// Title.
    pub title: String,
    /// Unit.
    pub unit: String,
    /// Colour of the measure.
    pub colour: Colour,
    /// The range of the axis.
    pub range: Range<f64>,
    /// Differences from top to bottom.
    pub rows: Vec<Row>,
}

/// The range of an axis that shows all differences, their intervals and zero.
pub fn range<'a>(rows: impl Iterator<Item = &'a Row>) -> Range<f64> {
    let ends = rows.flat_map(|row| {
        let (low, high) = row.interval.unwrap_or((row.difference, row.difference));
        [low, high, row.difference]
    });
    let (low, high) = ends.fold((0.0, 0.0), |(low, high): (f64, f64), end| (low.min(end), high.max(end)));
    if low == high {
        return -1.0..1.0;
    }
    let room = (high - low) * 0.05;
    low - room..high + room
}

fn row(canvas: &Canvas, picture: &Forest, row: &Row, y: f64, pixel: impl Fn(f64) -> f64) {
    let name = cut(&row.name.replace('_', " "), 10.0, LEFT - 8.0);
    canvas.text(&name, (LEFT - 7.0, y), plain(10.0, Colour::Text).at(Anchor::End));
    let inside = |(low, high): (f64, f64)| {
        let within = |value: f64| value.clamp(picture.range.start, picture.range.end);
        [(pixel(within(low)), y), (pixel(within(high)), y)]
    };
    if let Some(ends) = row.wide {
        canvas.line(&inside(ends), picture.colour, Dash::Solid, 1.0);
    }
    if let Some(ends) = row.interval {
        canvas.line(&inside(ends), picture.colour, Dash::Solid, 3.5);
    }
    canvas.dot((pixel(row.difference), y), 4.0, picture.colour, row.clear);
    let (text, _) = format::difference(row.difference, row.interval);
    canvas.text(&text, (f64::from(WIDTH) - 1.0, y), plain(10.0, Colour::Text).at(Anchor::End));
}

/// Draws the plot.
pub fn draw(picture: &Forest) -> Drawing {
    let floor = HEAD + ROW * picture.rows.len() as f64 + 4.0;
    let across = LEFT..f64::from(WIDTH) - RIGHT;
    let span = picture.range.end - picture.range.start;
    let pixel =
        |value: f64| across.start + (value - picture.range.start) / span * (across.end - across.start);
    Drawing::new(WIDTH, (floor + 24.0).ceil() as u32, |canvas| {
        heading(canvas, &picture.title, &picture.unit);
        for position in (0..picture.rows.len()).step_by(2) {
            let top = HEAD + ROW * position as f64;
            canvas.block((0.0, top), (f64::from(WIDTH), top + ROW), Colour::Shade);
        }
        let mut free = f64::NEG_INFINITY;
        for tick in ticks(&picture.range, 4) {
            let x = pixel(tick.value);
            let zero = tick.value == 0.0;
            let colour = if zero { Colour::Axis } else { Colour::Grid };
            canvas.line(&[(x, HEAD - 3.0), (x, floor)], colour, Dash::Solid, if zero { 1.25 } else { 0.75 });
            let text = format::with_sign(tick.value, &tick.text);
            let half = width(&text, 10.0) / 2.0;
            if x - half > free {
                canvas.text(&text, (x, floor + 11.0), plain(10.0, Colour::Muted).at(Anchor::Middle));
                free = x + half + 4.0;
            }
        }
        for (position, one) in picture.rows.iter().enumerate() {
            row(canvas, picture, one, HEAD + ROW * (position as f64 + 0.5), pixel);
        }
        if picture.rows.is_empty() {
            canvas.text("not defined", (LEFT, HEAD + 8.0), plain(SMALL, Colour::Muted));
        }
    })
}
