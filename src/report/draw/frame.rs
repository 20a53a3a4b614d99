//! Lays out plots over time and draws title, unit, axes, phases and events.
//!
//! A [`Frame`] maps months and values to pixels. Phases are bands with names, every second one shaded.

use super::WIDTH;
use super::canvas::{Anchor, Canvas, Dash, SMALL, plain};
use super::scale::ticks;
use super::width::{width, wrapped};
use crate::report::palette::Colour;
use std::ops::Range;

/// Font size of the names of phases and of the years.
const TINY: f64 = 10.0;

/// Line height of the names of phases.
const LEADING: f64 = 11.0;

/// Maximum number of labelled values on the vertical axis.
pub const TICKS: usize = 6;

/// A phase.
#[derive(Debug, Clone, PartialEq)]
pub struct Band {
    /// Its name.
    pub name: String,
    /// First month and the month after the last, counted from January 1928.
    pub months: Range<f64>,
}

/// An event.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// First month and the month after the last.
    pub months: Range<f64>,
    /// True for a triangle, false for a bar over the months.
    pub moment: bool,
}

/// Phases and events, which all pictures of a result share.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Calendar {
    /// The phases.
    pub bands: Vec<Band>,
    /// The events.
    pub marks: Vec<Mark>,
}

/// Splits the names of phases into lines that fit their bands, and chooses the font size; letters if the names do not fit.
pub fn band_names(bands: &[Band], pixels: impl Fn(f64) -> f64) -> (Vec<Vec<String>>, f64) {
    let room = |band: &Band| pixels(band.months.end) - pixels(band.months.start) - 1.0;
    let named = |size: f64| {
        bands.iter().map(|band| wrapped(&band.name, size, room(band), 3)).collect::<Option<Vec<_>>>()
    };
    for size in [TINY, 9.0, 8.5] {
        if let Some(names) = named(size) {
            return (names, size);
        }
    }
    ((0..bands.len()).map(|band| vec![letter(band)]).collect(), TINY)
}

/// The letter for a position: A, B, C, …
pub fn letter(position: usize) -> String {
    char::from_u32('A' as u32 + position as u32 % 26).map(String::from).unwrap_or_default()
}

/// The labels of the time axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    /// Calendar years; months count from January 1928.
    Calendar,
    /// Years passed; months count from an event.
    Since,
}

/// The edges of a plot in pixels, and the ranges of months and values between them.
pub struct Frame {
    x: Range<f64>,
    y: Range<f64>,
    /// Left and right edge.
    pub across: Range<f64>,
    /// Upper and lower edge, without the band of names.
    pub down: Range<f64>,
    /// Upper edge of the band of names.
    pub top: f64,
}

impl Frame {
    /// Creates a frame for values `y` over months `x`, with `at_right` pixels for labels at the right. `bottom` is the
    /// height of the picture.
    pub fn new(x: Range<f64>, y: Range<f64>, at_right: f64, bottom: f64, calendar: &Calendar) -> Frame {
        let labels = ticks(&y, TICKS).into_iter().map(|tick| width(&tick.text, TINY)).fold(16.0, f64::max);
        let across = labels + 9.0..f64::from(WIDTH) - at_right.max(10.0);
        let top = 40.0;
        let span = x.end - x.start;
        let pixels = |month: f64| (month - x.start) / span * (across.end - across.start);
        let lines = band_names(&calendar.bands, pixels).0.iter().map(Vec::len).max().unwrap_or(0);
        let down = top + lines as f64 * LEADING + 6.0..bottom - 32.0;
        Frame { x, y, across, down, top }
    }

    /// Creates a frame with given edges, for values without an axis.
    pub fn inside(x: Range<f64>, y: Range<f64>, across: Range<f64>, down: Range<f64>, top: f64) -> Frame {
        Frame { x, y, across, down, top }
    }

    /// The range of values from the lower to the upper edge.
    pub fn values(&self) -> Range<f64> {
        self.y.clone()
    }

    /// The pixel of a month and a value.
    pub fn at(&self, month: f64, value: f64) -> (f64, f64) {
        let part = |value: f64, range: &Range<f64>| (value - range.start) / (range.end - range.start);
        let x = self.across.start + part(month, &self.x) * (self.across.end - self.across.start);
        let y = self.down.end - part(value, &self.y) * (self.down.end - self.down.start);
        (x, y)
    }

    /// Draws shaded bands with the names of phases. Must be drawn first.
    pub fn bands(&self, canvas: &Canvas, calendar: &Calendar) {
        let pixel = |month: f64| self.at(month, self.y.start).0;
        let (names, size) = band_names(&calendar.bands, pixel);
        for (position, (band, name)) in calendar.bands.iter().zip(names).enumerate() {
            let (from, until) = (pixel(band.months.start), pixel(band.months.end));
            if position % 2 == 0 {
                canvas.block((from, self.top), (until, self.down.end), Colour::Shade);
            }
            for (line, text) in name.iter().enumerate() {
                let point = ((from + until) / 2.0, self.top + 8.0 + line as f64 * LEADING);
                canvas.text(text, point, plain(size, Colour::Muted).at(Anchor::Middle));
            }
        }
    }

    /// Draws both axes with values and years.
    pub fn axes(&self, canvas: &Canvas, clock: Clock) {
        for tick in ticks(&self.y, TICKS) {
            let y = self.at(0.0, tick.value).1;
            canvas.line(&[(self.across.start, y), (self.across.end, y)], Colour::Grid, Dash::Solid, 0.75);
            let how = plain(TINY, Colour::Muted).at(Anchor::End);
            canvas.text(&tick.text, (self.across.start - 5.0, y), how);
        }
        self.foot(canvas, clock);
    }

    /// Draws the time axis.
    pub fn foot(&self, canvas: &Canvas, clock: Clock) {
        let floor = self.down.end;
        canvas.line(&[(self.across.start, floor), (self.across.end, floor)], Colour::Axis, Dash::Solid, 1.0);
        for (month, year) in self.years(clock) {
            let x = self.at(month, self.y.start).0;
            canvas.line(&[(x, floor), (x, floor + 3.0)], Colour::Axis, Dash::Solid, 1.0);
            let how = plain(TINY, Colour::Muted).at(Anchor::Middle);
            canvas.text(&year.to_string(), (x, floor + 20.0), how);
        }
    }

    /// The labelled years, each with the month of its label.
    fn years(&self, clock: Clock) -> Vec<(f64, i64)> {
        let x = &self.x;
        let begin = if clock == Clock::Calendar { 1928 } else { 0 };
        let first = (x.start / 12.0).ceil() as i64;
        let last = (x.end / 12.0).floor() as i64;
        let each =
            ((x.end - x.start) / 12.0 / ((self.across.end - self.across.start) / 38.0)).ceil().max(1.0);
        (first..=last).step_by(each as usize).map(|year| (year as f64 * 12.0, begin + year)).collect()
    }

    /// Draws the events below the time axis.
    pub fn marks(&self, canvas: &Canvas, calendar: &Calendar) {
        let floor = self.down.end + 10.5;
        for mark in &calendar.marks {
            let from = self.at(mark.months.start, self.y.start).0;
            let until = self.at(mark.months.end, self.y.start).0;
            if mark.moment {
                let middle = (from + until) / 2.0;
                let triangle = [(middle - 3.5, floor), (middle + 3.5, floor), (middle, floor - 7.0)];
                canvas.area(&triangle, Colour::Axis, 1.0);
            } else {
                canvas.block((from, floor - 7.0), (until.max(from + 3.0), floor - 2.0), Colour::Axis);
            }
        }
    }
}

/// Draws title and unit at the top of a picture.
pub fn heading(canvas: &Canvas, title: &str, unit: &str) {
    let title = super::width::cut(title, 13.0, f64::from(WIDTH));
    let bold = super::canvas::Type { bold: true, ..plain(13.0, Colour::Text) };
    canvas.text(&title, (0.0, 10.0), bold);
    canvas.text(&super::width::cut(unit, SMALL, f64::from(WIDTH)), (0.0, 27.0), plain(SMALL, Colour::Muted));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn narrow_bands_have_letters() {
        let band = |name: &str, months| Band { name: name.into(), months };
        let bands = [band("class war", 0.0..80.0), band("terror", 80.0..162.0)];
        assert_eq!(band_names(&bands, |month| month).0, [["class war"], ["terror"]]);
        assert_eq!(band_names(&bands, |month| month / 10.0).0, [["A"], ["B"]]);
    }
}
