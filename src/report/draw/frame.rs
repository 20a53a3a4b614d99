//! What stands around lines over time: title, unit, axes, phases as shaded, named bands, events.
//!
//! Owns the layout of such a picture and the way from months and values to pixels.

use super::WIDTH;
use super::canvas::{Anchor, Canvas, Dash, SMALL, plain};
use super::short;
use super::width::{width, wrapped};
use crate::report::palette::Ink;
use plotters::coord::CoordTranslate;
use plotters::coord::cartesian::Cartesian2d;
use plotters::coord::ranged1d::Ranged;
use plotters::coord::types::RangedCoordf64;
use std::ops::Range;

/// Size of the names of phases and of the years.
const TINY: f64 = 10.0;

/// Height of a line of names of phases.
const LEADING: f64 = 11.0;

/// A phase: name, its first month and the first month behind it, counted from January 1928.
#[derive(Debug, Clone, PartialEq)]
pub struct Band {
    /// Name.
    pub name: String,
    /// Months.
    pub months: Range<f64>,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// Its months, from the first to the one behind the last.
    pub months: Range<f64>,
    /// True for a moment, marked by a triangle; false for a span, marked by a bar.
    pub moment: bool,
}

/// The calendar that pictures of one result share.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Calendar {
    /// The phases.
    pub bands: Vec<Band>,
    /// The events.
    pub marks: Vec<Mark>,
}

/// Names of phases as they stand in the bands, and their size; letters where there is no room.
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

/// A, B, C and so on.
pub fn letter(position: usize) -> String {
    char::from_u32('A' as u32 + position as u32 % 26).map(String::from).unwrap_or_default()
}

/// What the axis across counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    /// Months from January 1928, named by year.
    Calendar,
    /// Months since something, named by the years passed.
    Since,
}

/// A frame: the edges of the plot in pixels and the ranges that they stand for.
pub struct Frame {
    coordinates: Cartesian2d<RangedCoordf64, RangedCoordf64>,
    y: Range<f64>,
    /// Left and right edge.
    pub across: Range<f64>,
    /// Upper and lower edge, without the band of names.
    pub down: Range<f64>,
    /// Upper edge of the band of names.
    pub top: f64,
}

/// Parts of a pixel: the coordinates of plotters are whole.
const FINE: f64 = 16.0;

impl Frame {
    /// A frame with room for labels at its right, for values `y` over months `x`. `bottom` is the height of the picture.
    pub fn new(x: Range<f64>, y: Range<f64>, at_right: f64, bottom: f64, calendar: &Calendar) -> Frame {
        let labels = ticks(&y).into_iter().map(|tick| width(&short(tick), TINY)).fold(16.0, f64::max);
        let across = labels + 9.0..f64::from(WIDTH) - at_right.max(10.0);
        let top = 40.0;
        let span = x.end - x.start;
        let pixels = |month: f64| (month - x.start) / span * (across.end - across.start);
        let lines = band_names(&calendar.bands, pixels).0.iter().map(Vec::len).max().unwrap_or(0);
        let down = top + lines as f64 * LEADING + 6.0..bottom - 32.0;
        let fine = |range: &Range<f64>| (range.start * FINE) as i32..(range.end * FINE) as i32;
        let upwards = (down.end * FINE) as i32..(down.start * FINE) as i32;
        let coordinates = Cartesian2d::new(x, y.clone(), (fine(&across), upwards));
        Frame { coordinates, y, across, down, top }
    }

    /// A frame whose edges are given, for values without an axis of their own.
    pub fn inside(x: Range<f64>, y: Range<f64>, across: Range<f64>, down: Range<f64>, top: f64) -> Frame {
        let fine = |range: &Range<f64>| (range.start * FINE) as i32..(range.end * FINE) as i32;
        let upwards = (down.end * FINE) as i32..(down.start * FINE) as i32;
        let coordinates = Cartesian2d::new(x, y.clone(), (fine(&across), upwards));
        Frame { coordinates, y, across, down, top }
    }

    /// The values from the lower to the upper edge.
    pub fn values(&self) -> Range<f64> {
        self.y.clone()
    }

    /// The pixel of a month and a value.
    pub fn at(&self, month: f64, value: f64) -> (f64, f64) {
        let (x, y) = self.coordinates.translate(&(month, value));
        (f64::from(x) / FINE, f64::from(y) / FINE)
    }

    /// Shaded, named phases, behind everything.
    pub fn bands(&self, canvas: &Canvas<'_>, calendar: &Calendar) {
        let pixel = |month: f64| self.at(month, self.y.start).0;
        let (names, size) = band_names(&calendar.bands, pixel);
        for (position, (band, name)) in calendar.bands.iter().zip(names).enumerate() {
            let (from, until) = (pixel(band.months.start), pixel(band.months.end));
            if position % 2 == 0 {
                canvas.block((from, self.top), (until, self.down.end), Ink::Shade);
            }
            for (line, text) in name.iter().enumerate() {
                let point = ((from + until) / 2.0, self.top + 8.0 + line as f64 * LEADING);
                canvas.text(text, point, plain(size, Ink::Muted).at(Anchor::Middle));
            }
        }
    }

    /// Axes with their values and years.
    pub fn axes(&self, canvas: &Canvas<'_>, clock: Clock) {
        for tick in ticks(&self.y) {
            let y = self.at(0.0, tick).1;
            canvas.line(&[(self.across.start, y), (self.across.end, y)], Ink::Grid, Dash::Solid, 0.75);
            let how = plain(TINY, Ink::Muted).at(Anchor::End);
            canvas.text(&short(tick), (self.across.start - 5.0, y), how);
        }
        self.foot(canvas, clock);
    }

    /// The axis of the years.
    pub fn foot(&self, canvas: &Canvas<'_>, clock: Clock) {
        let floor = self.down.end;
        canvas.line(&[(self.across.start, floor), (self.across.end, floor)], Ink::Axis, Dash::Solid, 1.0);
        for (month, year) in self.years(clock) {
            let x = self.at(month, self.y.start).0;
            canvas.line(&[(x, floor), (x, floor + 3.0)], Ink::Axis, Dash::Solid, 1.0);
            let how = plain(TINY, Ink::Muted).at(Anchor::Middle);
            canvas.text(&year.to_string(), (x, floor + 20.0), how);
        }
    }

    /// The years that are named, with their January.
    fn years(&self, clock: Clock) -> Vec<(f64, i64)> {
        let x = self.coordinates.get_x_range();
        let begin = if clock == Clock::Calendar { 1928 } else { 0 };
        let first = (x.start / 12.0).ceil() as i64;
        let last = (x.end / 12.0).floor() as i64;
        let each =
            ((x.end - x.start) / 12.0 / ((self.across.end - self.across.start) / 38.0)).ceil().max(1.0);
        (first..=last).step_by(each as usize).map(|year| (year as f64 * 12.0, begin + year)).collect()
    }

    /// Events, below the axis, where they hide nothing.
    pub fn marks(&self, canvas: &Canvas<'_>, calendar: &Calendar) {
        let floor = self.down.end + 10.5;
        for mark in &calendar.marks {
            let from = self.at(mark.months.start, self.y.start).0;
            let until = self.at(mark.months.end, self.y.start).0;
            if mark.moment {
                let middle = (from + until) / 2.0;
                let triangle = [(middle - 3.5, floor), (middle + 3.5, floor), (middle, floor - 7.0)];
                canvas.area(&triangle, Ink::Axis, 1.0);
            } else {
                canvas.block((from, floor - 7.0), (until.max(from + 3.0), floor - 2.0), Ink::Axis);
            }
        }
    }
}

/// Title and unit, at the top of every picture.
pub fn heading(canvas: &Canvas<'_>, title: &str, unit: &str) {
    let title = super::width::cut(title, 13.0, f64::from(WIDTH));
    let bold = super::canvas::Type { bold: true, ..plain(13.0, Ink::Text) };
    canvas.text(&title, (0.0, 10.0), bold);
    canvas.text(&super::width::cut(unit, SMALL, f64::from(WIDTH)), (0.0, 27.0), plain(SMALL, Ink::Muted));
}

/// The values that the axis names.
pub fn ticks(y: &Range<f64>) -> Vec<f64> {
    RangedCoordf64::from(y.clone()).key_points(6)
}

/// A range for values: from zero, unless they stay far above it; never empty.
pub fn scale(values: impl Iterator<Item = f64>) -> Range<f64> {
    let (low, high) = values
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
    match (low, high) {
        (low, high) if low > high => 0.0..1.0,
        (low, high) if low >= 0.0 && high == 0.0 => 0.0..1.0,
        (low, high) if low >= 0.0 && low < 0.5 * high => 0.0..high * 1.06,
        (low, high) => {
            let room = ((high - low) * 0.08).max(high.abs() * 0.005).max(1e-9);
            low - room..high + room
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_begin_at_nought_unless_that_would_hide_the_course() {
        assert_eq!(scale([1.0, 10.0].into_iter()), 0.0..10.0 * 1.06);
        assert_eq!(scale([0.0, 0.0].into_iter()), 0.0..1.0);
        assert_eq!(scale(std::iter::empty()), 0.0..1.0);
        let far = scale([0.71, 0.97].into_iter());
        assert!(far.start > 0.6 && far.start < 0.71 && far.end > 0.97);
    }

    #[test]
    fn bands_without_room_are_lettered() {
        let band = |name: &str, months| Band { name: name.into(), months };
        let bands = [band("class war", 0.0..80.0), band("terror", 80.0..162.0)];
        assert_eq!(band_names(&bands, |month| month).0, [["class war"], ["terror"]]);
        assert_eq!(band_names(&bands, |month| month / 10.0).0, [["A"], ["B"]]);
    }
}
