//! Draws strips: values from 0 to 1 over the same months, one below the other.
//!
//! Each strip has a base line at 0; its 1 is just below the base line of the strip above.

use super::WIDTH;
use super::canvas::{Anchor, Dash, Drawing, SMALL, plain};
use super::frame::{Calendar, Clock, Frame, heading};
use super::width::cut;
use crate::report::palette::Colour;
use std::ops::Range;

const LEFT: f64 = 126.0;
const ROW: f64 = 25.0;
const TALL: f64 = 19.0;

/// Strips.
#[derive(Debug, Clone, PartialEq)]
pub struct Strips {
    /// Title.
    pub title: String,
    /// Unit.
    pub unit: String,
    /// Months that are drawn.
    pub months: Range<f64>,
    /// Name, colour and monthly values from the first month on.
    pub strips: Vec<(String, Colour, Vec<f64>)>,
}

/// Draws the strips.
pub fn draw(picture: &Strips, calendar: &Calendar) -> Drawing {
    let head = 80.0;
    let height = head + ROW * picture.strips.len() as f64 + 34.0;
    Drawing::new(WIDTH, height.ceil() as u32, |canvas| {
        let frame = Frame::inside(
            picture.months.clone(),
            0.0..1.0,
            LEFT..f64::from(WIDTH) - 12.0,
            head..height - 32.0,
            40.0,
        );
        frame.bands(canvas, calendar);
        heading(canvas, &picture.title, &picture.unit);
        for (position, (name, colour, values)) in picture.strips.iter().enumerate() {
            let floor = head + (position as f64 + 1.0) * ROW - 2.0;
            let pixel = |month: f64, value: f64| (frame.at(month, 0.0).0, floor - value * TALL);
            let mut outline = Vec::new();
            for (month, value) in values.iter().enumerate() {
                let month = month as f64;
                if month >= picture.months.end {
                    break;
                }
                outline.push(pixel(month, *value));
                outline.push(pixel(month + 1.0, *value));
            }
            outline.dedup();
            outline = corners(&outline);
            let ends = [pixel(picture.months.end, 0.0), pixel(picture.months.start, 0.0)];
            canvas.area(&outline.iter().copied().chain(ends).collect::<Vec<_>>(), *colour, 0.3);
            canvas.line(&outline, *colour, Dash::Solid, 1.5);
            canvas.line(&[ends[1], ends[0]], Colour::Grid, Dash::Solid, 0.75);
            let point = (LEFT - 7.0, floor - TALL / 2.0);
            let text = cut(&name.replace('_', " "), SMALL, LEFT - 8.0);
            canvas.text(&text, point, plain(SMALL, Colour::Text).at(Anchor::End));
        }
        frame.foot(canvas, Clock::Calendar);
        frame.marks(canvas, calendar);
    })
}

/// Removes points inside horizontal stretches of a path.
fn corners(path: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let inner = |position: usize| {
        let (before, here, after) = (path[position - 1], path[position], path[position + 1]);
        before.1 != here.1 || here.1 != after.1
    };
    (0..path.len()).filter(|&at| at == 0 || at + 1 == path.len() || inner(at)).map(|at| path[at]).collect()
}
