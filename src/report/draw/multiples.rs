//! Draws small multiples: one measure in several scenarios, each with the baseline.
//!
//! Panels are in two columns and share one scale.

use super::WIDTH;
use super::canvas::{Anchor, Canvas, Dash, Drawing, plain};
use super::frame::{Calendar, Frame, TICKS, heading};
use super::scale::{scale, ticks};
use super::width::cut;
use crate::report::palette::Colour;
use std::ops::Range;

const TALL: f64 = 58.0;
const ROW: f64 = 84.0;
const HEAD: f64 = 42.0;
const MARGIN: f64 = 28.0;

/// Values by month; `None` if the value is not defined.
pub type Course = Vec<(f64, Option<f64>)>;

/// Small multiples.
#[derive(Debug, Clone, PartialEq)]
pub struct Multiples {
    /// Title.
    pub title: String,
    /// Unit.
    pub unit: String,
    /// Colour of the scenarios' lines; the baseline is dotted, in the colour of text.
    pub colour: Colour,
    /// Months that are drawn.
    pub months: Range<f64>,
    /// The baseline.
    pub baseline: Course,
    /// Scenarios by name.
    pub scenarios: Vec<(String, Course)>,
}

fn course(canvas: &Canvas, frame: &Frame, course: &Course, colour: Colour, dash: Dash, width: f64) {
    for stretch in course.split(|(_, value)| value.is_none()) {
        let points: Vec<(f64, f64)> =
            stretch.iter().filter_map(|(month, value)| Some(frame.at(*month, (*value)?))).collect();
        if points.len() > 1 {
            canvas.line(&points, colour, dash, width);
        }
    }
}

fn panel(canvas: &Canvas, picture: &Multiples, calendar: &Calendar, frame: &Frame, position: usize) {
    let (name, values) = &picture.scenarios[position];
    for band in calendar.bands.iter().step_by(2) {
        let (from, until) = (frame.at(band.months.start, 0.0).0, frame.at(band.months.end, 0.0).0);
        canvas.block((from, frame.down.start), (until, frame.down.end), Colour::Shade);
    }
    let name = cut(&name.replace('_', " "), 10.5, frame.across.end - frame.across.start);
    canvas.text(&name, (frame.across.start, frame.down.start - 8.0), plain(10.5, Colour::Text));
    let floor = frame.down.end;
    canvas.line(&[(frame.across.start, floor), (frame.across.end, floor)], Colour::Axis, Dash::Solid, 0.75);
    let marked = ticks(&frame.values(), TICKS);
    for tick in [marked.first(), marked.last()].into_iter().flatten() {
        let y = frame.at(0.0, tick.value).1;
        canvas.line(&[(frame.across.start, y), (frame.across.end, y)], Colour::Grid, Dash::Solid, 0.75);
        let how = plain(9.5, Colour::Muted).at(Anchor::End);
        canvas.text(&tick.text, (frame.across.start - 3.0, y), how);
    }
    course(canvas, frame, &picture.baseline, Colour::Text, Dash::Dots, 1.0);
    course(canvas, frame, values, picture.colour, Dash::Solid, 1.5);
}

/// Draws the panels.
pub fn draw(picture: &Multiples, calendar: &Calendar) -> Drawing {
    let all = picture.scenarios.iter().map(|scenario| &scenario.1).chain([&picture.baseline]);
    let y = scale(all.flatten().filter_map(|(_, value)| *value));
    let rows = picture.scenarios.len().div_ceil(2);
    let column = f64::from(WIDTH) / 2.0;
    Drawing::new(WIDTH, (HEAD + ROW * rows as f64 + 12.0).ceil() as u32, |canvas| {
        heading(canvas, &picture.title, &picture.unit);
        for position in 0..picture.scenarios.len() {
            let left = (position % 2) as f64 * column;
            let top = HEAD + (position / 2) as f64 * ROW + 16.0;
            let across = left + MARGIN..left + column - 8.0;
            let frame = Frame::inside(picture.months.clone(), y.clone(), across, top..top + TALL, top);
            panel(canvas, picture, calendar, &frame, position);
            // The last panel of each column has the years.
            if position + 2 >= picture.scenarios.len() {
                for year in [1930.0, 1935.0, 1940.0] {
                    let month = (year - 1928.0) * 12.0;
                    if picture.months.contains(&month) {
                        let point = (frame.at(month, 0.0).0, top + TALL + 8.0);
                        let how = plain(9.5, Colour::Muted).at(Anchor::Middle);
                        canvas.text(&format!("{year}"), point, how);
                    }
                }
            }
        }
    })
}
