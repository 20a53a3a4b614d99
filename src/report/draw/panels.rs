//! Draws how a measure responds to a value: one large panel, or several small ones.
//!
//! A panel has a curve of means with a band, a cloud of single values, or both. The dotted line is the base, and a diamond
//! marks where the base itself is on the axis.

use super::axis::Axis;
use super::canvas::{Anchor, Canvas, Dash, Drawing, SMALL, plain};
use super::frame::{TICKS, heading};
use super::scale::{scale, ticks};
use super::width::{cut, width};
use super::{Label, WIDTH};
use crate::report::palette::Colour;
use std::ops::Range;

/// Font size of the labels of axes.
const TINY: f64 = 10.0;

/// Upper edge of the first panel, without its name.
const HEAD: f64 = 42.0;

/// Height of a large panel, and of a small one.
const TALL: [f64; 2] = [168.0, 80.0];

/// Height of the name of a small panel.
const NAME: f64 = 17.0;

/// Height of the labels below an axis.
const FOOT: f64 = 20.0;

/// Maximum number of labelled values on the vertical axis of a small panel.
const FEW: usize = 4;

/// Number of means from which their dots would hide each other.
const MANY: usize = 32;

/// What the test of a difference from the base found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Test {
    /// Significant: a filled dot.
    Clear,
    /// Not significant: a ring.
    Unclear,
    /// There is no test: a small filled dot.
    None,
}

/// A mean on a curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mean {
    /// The mean.
    pub mean: f64,
    /// Ends of its interval.
    pub interval: Option<(f64, f64)>,
    /// Whether it differs from the base.
    pub test: Test,
}

/// The base in a panel.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Base {
    /// Where it is on the axis; `None` if it has no single value there.
    pub at: Option<f64>,
    /// Its mean.
    pub mean: f64,
    /// Ends of the interval of its mean.
    pub interval: Option<(f64, f64)>,
}

/// A panel.
#[derive(Debug, Clone, PartialEq)]
pub struct Panel {
    /// Name above it; empty for none.
    pub name: Label,
    /// Its horizontal axis.
    pub axis: Axis,
    /// Means by value, from left to right; `None` if the measure is not defined there.
    pub curve: Vec<(f64, Option<Mean>)>,
    /// Single values.
    pub cloud: Vec<(f64, f64)>,
    /// The base.
    pub base: Option<Base>,
}

/// A picture of panels.
#[derive(Debug, Clone, PartialEq)]
pub struct Panels {
    /// Title.
    pub title: String,
    /// Unit.
    pub unit: String,
    /// Colour of the measure.
    pub colour: Colour,
    /// What the horizontal axis is, if all panels have the same; otherwise empty.
    pub along: String,
    /// Whether each panel has a vertical scale of its own; otherwise they share one.
    pub own_scales: bool,
    /// The panels, in rows of two.
    pub panels: Vec<Panel>,
}

/// All values that the vertical axis must show.
fn values(panels: &[Panel]) -> impl Iterator<Item = f64> {
    let means = panels.iter().flat_map(|panel| {
        let base = panel.base.map(|base| (base.mean, base.at.and(base.interval)));
        let curve = panel.curve.iter().filter_map(|(_, mean)| *mean);
        base.into_iter().chain(curve.map(|mean| (mean.mean, mean.interval)))
    });
    let means: Vec<(f64, Option<(f64, f64)>)> = means.collect();
    // The interval of a non-negative measure can reach below zero; the scale does not follow it there.
    let positive = means.iter().all(|(mean, _)| *mean >= 0.0);
    let ends = means.into_iter().flat_map(move |(mean, interval)| {
        let (low, high) = interval.unwrap_or((mean, mean));
        [mean, if positive { low.max(0.0) } else { low }, high]
    });
    ends.chain(panels.iter().flat_map(|panel| panel.cloud.iter().map(|point| point.1)))
}

/// The edges of a panel and the range of its values.
struct Plot<'a> {
    panel: &'a Panel,
    colour: Colour,
    y: &'a Range<f64>,
    across: Range<f64>,
    down: Range<f64>,
    /// Whether it is the only one.
    large: bool,
}

impl Plot<'_> {
    /// The pixel of a value, held inside the panel.
    fn at(&self, x: f64, value: f64) -> (f64, f64) {
        let share = (value - self.y.start) / (self.y.end - self.y.start);
        let y = self.down.end - share * (self.down.end - self.down.start);
        (self.panel.axis.pixel(x, &self.across), y.clamp(self.down.start, self.down.end))
    }

    fn vertical_axis(&self, canvas: &Canvas) {
        let most = if self.large { TICKS } else { FEW };
        for tick in ticks(self.y, most) {
            let y = self.at(0.0, tick.value).1;
            canvas.line(&[(self.across.start, y), (self.across.end, y)], Colour::Grid, Dash::Solid, 0.75);
            let how = plain(TINY, Colour::Muted).at(Anchor::End);
            canvas.text(&tick.text, (self.across.start - 4.0, y), how);
        }
        let floor = self.down.end;
        canvas.line(&[(self.across.start, floor), (self.across.end, floor)], Colour::Axis, Dash::Solid, 1.0);
    }

    fn name(&self, canvas: &Canvas) {
        let Label { name, note } = &self.panel.name;
        let (y, mut end) = (self.down.start - 9.0, self.across.end);
        if !note.is_empty() {
            canvas.text(note, (end, y), plain(TINY, Colour::Muted).at(Anchor::End));
            end -= width(note, TINY) + 4.0;
        }
        // The name may begin above the labels of the vertical axis.
        let start = self.across.start - 12.0;
        canvas.text(&cut(name, 10.5, end - start), (start, y), plain(10.5, Colour::Text));
    }

    /// The means without gaps, from left to right.
    fn stretches(&self) -> Vec<Vec<(f64, Mean)>> {
        let stretches = self.panel.curve.split(|(_, mean)| mean.is_none());
        let known =
            stretches.map(|stretch| stretch.iter().filter_map(|(x, mean)| Some((*x, (*mean)?))).collect());
        known.filter(|stretch: &Vec<_>| !stretch.is_empty()).collect()
    }

    fn whisker(&self, canvas: &Canvas, x: f64, (low, high): (f64, f64), colour: Colour, wide: f64) {
        canvas.line(&[self.at(x, low), self.at(x, high)], colour, Dash::Solid, wide);
    }

    /// The bands of the intervals; whiskers where there is nothing between the values.
    fn bands(&self, canvas: &Canvas) {
        for stretch in self.stretches() {
            let ends: Vec<(f64, (f64, f64))> =
                stretch.iter().filter_map(|(x, mean)| Some((*x, mean.interval?))).collect();
            if matches!(self.panel.axis, Axis::Words(_)) || ends.len() == 1 {
                for (x, ends) in ends {
                    self.whisker(canvas, x, ends, self.colour, 2.0);
                }
                continue;
            }
            let upper = ends.iter().map(|(x, (_, high))| self.at(*x, *high));
            let lower = ends.iter().rev().map(|(x, (low, _))| self.at(*x, *low));
            if !ends.is_empty() {
                canvas.area(&upper.chain(lower).collect::<Vec<_>>(), self.colour, 0.25);
            }
        }
    }

    fn base_line(&self, canvas: &Canvas, base: &Base) {
        let y = self.at(0.0, base.mean).1;
        canvas.line(&[(self.across.start, y), (self.across.end, y)], Colour::Text, Dash::Dots, 1.0);
        if self.large {
            canvas.text("base", (self.across.end + 4.0, y), plain(TINY, Colour::Text));
        }
    }

    fn curve(&self, canvas: &Canvas) {
        let stretches = self.stretches();
        if !matches!(self.panel.axis, Axis::Words(_)) {
            for stretch in &stretches {
                let points: Vec<_> = stretch.iter().map(|(x, mean)| self.at(*x, mean.mean)).collect();
                canvas.line(&points, self.colour, Dash::Solid, if self.large { 1.75 } else { 1.5 });
            }
        }
        let many = self.panel.curve.len() > MANY;
        let radius = if self.large && !many { 3.5 } else { 2.5 };
        for (x, mean) in stretches.into_iter().flatten() {
            match mean.test {
                Test::Clear => canvas.dot(self.at(x, mean.mean), radius + 0.5, self.colour, true),
                Test::Unclear => canvas.dot(self.at(x, mean.mean), radius, self.colour, false),
                Test::None => canvas.dot(self.at(x, mean.mean), 2.0, self.colour, true),
            }
        }
    }

    fn base_mark(&self, canvas: &Canvas, base: &Base) {
        let Some(at) = base.at.filter(|at| self.panel.axis.contains(*at)) else { return };
        if let Some(ends) = base.interval {
            self.whisker(canvas, at, ends, Colour::Text, 1.25);
        }
        let ((x, y), half) = (self.at(at, base.mean), if self.large { 5.0 } else { 4.0 });
        let outer = half + 1.25;
        canvas.area(&[(x - outer, y), (x, y - outer), (x + outer, y), (x, y + outer)], Colour::Paper, 1.0);
        canvas.area(&[(x - half, y), (x, y - half), (x + half, y), (x, y + half)], Colour::Text, 1.0);
    }

    fn draw(&self, canvas: &Canvas, with_labels: bool) {
        self.vertical_axis(canvas);
        self.name(canvas);
        if with_labels {
            self.panel.axis.draw(canvas, &self.across, self.down.end, if self.large { 8 } else { 4 });
        }
        let cloud: Vec<(f64, f64)> = self.panel.cloud.iter().map(|(x, y)| self.at(*x, *y)).collect();
        canvas.cloud(&cloud, if self.large { 2.0 } else { 1.5 }, Colour::Axis, 0.55);
        self.bands(canvas);
        self.panel.base.iter().for_each(|base| self.base_line(canvas, base));
        self.curve(canvas);
        self.panel.base.iter().for_each(|base| self.base_mark(canvas, base));
    }
}

/// Draws the panels.
pub fn draw(picture: &Panels) -> Drawing {
    let large = picture.panels.len() == 1;
    let scales: Vec<Range<f64>> = if picture.own_scales {
        picture.panels.chunks(1).map(|panel| scale(values(panel))).collect()
    } else {
        vec![scale(values(&picture.panels)); picture.panels.len()]
    };
    let most = if large { TICKS } else { FEW };
    let labels =
        scales.iter().flat_map(|y| ticks(y, most)).map(|tick| width(&tick.text, TINY)).fold(16.0, f64::max);
    let columns = if large { 1 } else { 2 };
    let column = f64::from(WIDTH) / columns as f64;
    let tall = TALL[usize::from(!large)];
    // Panels with an axis of their own have labels each, others only the last of each column.
    let own = picture.along.is_empty();
    let named = picture.panels.iter().any(|panel| !panel.name.name.is_empty());
    let name = if named { NAME } else { 6.0 };
    let words = |panel: &Panel| matches!(panel.axis, Axis::Words(_));
    let foot = if picture.panels.iter().any(words) { FOOT + 8.0 } else { FOOT };
    let row = name + tall + if own { foot } else { 6.0 };
    let rows = picture.panels.len().div_ceil(columns);
    let height = HEAD + row * rows as f64 + if own { 0.0 } else { foot + 10.0 };
    Drawing::new(WIDTH, height.ceil() as u32, |canvas| {
        heading(canvas, &picture.title, &picture.unit);
        for (position, panel) in picture.panels.iter().enumerate() {
            let left = (position % columns) as f64 * column;
            let top = HEAD + (position / columns) as f64 * row + name;
            let right = if large && panel.base.is_some() { 32.0 } else { 8.0 };
            let across = left + labels + 8.0..left + column - right;
            let down = top..top + tall;
            let y = &scales[position];
            let plot = Plot { panel, colour: picture.colour, y, across, down, large };
            plot.draw(canvas, own || position + columns >= picture.panels.len());
        }
        if !own {
            let room = f64::from(WIDTH) - labels - 8.0;
            let middle = (labels + 8.0 + f64::from(WIDTH) - 8.0) / 2.0;
            let how = plain(SMALL, Colour::Muted).at(Anchor::Middle);
            canvas.text(&cut(&picture.along, SMALL, room), (middle, height - 6.0), how);
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::draw::canvas::SvgLabels;

    fn panel(axis: Axis) -> Panel {
        let mean = |mean, test| Some(Mean { mean, interval: Some((mean - 1.0, mean + 1.0)), test });
        Panel {
            name: Label::plain(""),
            axis,
            curve: vec![(0.0, mean(4.0, Test::Clear)), (1.0, mean(6.0, Test::Unclear))],
            cloud: Vec::new(),
            base: Some(Base { at: Some(0.5), mean: 5.0, interval: None }),
        }
    }

    fn markup(panels: Vec<Panel>) -> String {
        let picture = Panels {
            title: "Fear".into(),
            unit: "share, 0 to 1".into(),
            colour: Colour::Purple,
            along: "union".into(),
            own_scales: false,
            panels,
        };
        draw(&picture).inline(SvgLabels { id: "x", title: "t", description: "d" }).into_string()
    }

    #[test]
    fn numbers_have_a_line_and_a_band_and_words_have_whiskers() {
        let numbers = markup(vec![panel(Axis::of_numbers(0.0, 1.0, false, false))]);
        assert_eq!(numbers.matches("opacity=\"0.25\"").count(), 1, "{numbers}");
        // Two dots: one filled with the hue, one with the background.
        let dots: Vec<&str> = numbers.split("<circle").skip(1).collect();
        assert_eq!(dots.len(), 2);
        assert!(dots[0].contains("fill=\"var(--purple)\"") && dots[1].contains("fill=\"var(--paper)\""));
        assert!(numbers.contains(">base</text>"));
        let words = markup(vec![panel(Axis::Words(vec!["true".into(), "false".into()]))]);
        assert_eq!(words.matches("opacity=\"0.25\"").count(), 0);
        assert_eq!(words.matches("stroke=\"var(--purple)\" stroke-width=\"8\"").count(), 2, "{words}");
        assert!(words.contains(">true</text>") && words.contains(">false</text>"));
    }

    #[test]
    fn small_panels_share_the_labels_of_their_axis() {
        let axis = || Axis::of_numbers(0.0, 1.0, false, false);
        let three = markup(vec![panel(axis()), panel(axis()), panel(axis())]);
        // The last panel of each column is labelled.
        assert_eq!(three.matches(">0.5</text>").count(), 2, "{three}");
    }

    #[test]
    fn a_curve_has_gaps_where_the_measure_is_not_defined() {
        let mut gap = panel(Axis::of_numbers(0.0, 3.0, false, false));
        let last = gap.curve[1].1;
        gap.curve.extend([(2.0, None), (3.0, last)]);
        let lines = |text: &str| text.matches("stroke-width=\"7\"").count();
        assert_eq!(lines(&markup(vec![gap])), 2);
    }
}
