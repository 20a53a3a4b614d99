//! Draws measures over time.
//!
//! A measure has a line for its mean, a dark band for the interval of the mean, a light band for the range of the
//! replicates, and its name at the right. A line ends where its data end.

use super::canvas::{Anchor, Canvas, Dash, Drawing, SMALL, plain};
use super::frame::{Calendar, Clock, Frame, heading};
use super::scale::scale;
use super::width::width;
use super::{Label, WIDTH};
use crate::report::palette::Colour;
use std::ops::Range;

/// Height of the picture.
const HEIGHT: u32 = 258;

/// Maximum width of a name at the right, in pixels.
const LABEL: f64 = 92.0;

/// Line height of a name.
const LEADING: f64 = 12.0;

/// The value of a measure at one time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DataPoint {
    /// Mean.
    pub mean: f64,
    /// Ends of the 95 % interval of the mean; `None` with one replicate.
    pub interval: Option<(f64, f64)>,
    /// Lowest and highest replicate; `None` with one replicate.
    pub range: Option<(f64, f64)>,
}

/// A line.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Name at the right; empty if the title is enough.
    pub name: Label,
    /// Colour of line, band and name.
    pub colour: Colour,
    /// Pattern.
    pub dash: Dash,
    /// Points by month, counted from January 1928, dated to the middle of the month; `None` if the value is not defined.
    pub points: Vec<(f64, Option<DataPoint>)>,
    /// Whether a value holds until the next point; otherwise a straight line leads there.
    pub steps: bool,
}

/// A picture of lines.
#[derive(Debug, Clone, PartialEq)]
pub struct Lines {
    /// Title.
    pub title: String,
    /// Unit.
    pub unit: String,
    /// What the months are counted from.
    pub clock: Clock,
    /// Months that are drawn.
    pub months: Range<f64>,
    /// The lines.
    pub lines: Vec<Line>,
    /// Published figures: month, value and grade.
    pub figures: Vec<(f64, f64, String)>,
}

/// Splits a line at its gaps.
fn stretches(line: &Line) -> Vec<Vec<(f64, DataPoint)>> {
    let mut found = vec![Vec::new()];
    for (month, value) in &line.points {
        match (value, found.last_mut()) {
            (Some(value), Some(last)) => last.push((*month, *value)),
            (None, Some(last)) if !last.is_empty() => found.push(Vec::new()),
            _ => {}
        }
    }
    found.retain(|stretch| !stretch.is_empty());
    found
}

fn values(lines: &[Line]) -> impl Iterator<Item = f64> {
    let ranges = lines.len() < 3;
    let points = lines.iter().flat_map(|line| line.points.iter().filter_map(|(_, value)| *value));
    points.flat_map(move |value| {
        let (low, high) = value.range.filter(|_| ranges).unwrap_or((value.mean, value.mean));
        let (from, until) = value.interval.unwrap_or((value.mean, value.mean));
        // The interval of a non-negative measure can reach below zero; the scale does not follow it there.
        [value.mean, low, high, if low >= 0.0 { from.max(0.0) } else { from }, until]
    })
}

fn band(
    canvas: &Canvas,
    frame: &Frame,
    line: &Line,
    opacity: f64,
    ends: impl Fn(&DataPoint) -> Option<(f64, f64)>,
) {
    let inside = |(x, y): (f64, f64)| (x, y.clamp(frame.down.start, frame.down.end));
    for stretch in stretches(line) {
        let ends: Vec<(f64, (f64, f64))> =
            stretch.iter().filter_map(|(month, value)| Some((*month, ends(value)?))).collect();
        if ends.len() > 1 {
            let upper = ends.iter().map(|(month, (_, high))| inside(frame.at(*month, *high)));
            let lower = ends.iter().rev().map(|(month, (low, _))| inside(frame.at(*month, *low)));
            canvas.area(&upper.chain(lower).collect::<Vec<_>>(), line.colour, opacity);
        }
    }
}

fn course(canvas: &Canvas, frame: &Frame, line: &Line) {
    for stretch in stretches(line) {
        let mut points = Vec::new();
        for (month, value) in stretch {
            let point = frame.at(month, value.mean);
            if let Some((_, before)) = points.last().copied().filter(|_| line.steps) {
                points.push((point.0, before));
            }
            points.push(point);
        }
        if let [only] = points[..] {
            canvas.dot(only, 2.0, line.colour, true);
        } else {
            canvas.line(&points, line.colour, line.dash, 1.75);
        }
    }
}

/// Moves labels (centre, height) apart until none overlap, within the frame.
pub fn apart(centres: &mut [(f64, f64)], within: &Range<f64>) {
    centres.sort_by(|one, other| one.0.total_cmp(&other.0));
    let mut floor = within.start;
    for (centre, height) in centres.iter_mut() {
        *centre = centre.max(floor + *height / 2.0);
        floor = *centre + *height / 2.0;
    }
    let mut ceiling = within.end;
    for (centre, height) in centres.iter_mut().rev() {
        *centre = centre.min(ceiling - *height / 2.0);
        ceiling = *centre - *height / 2.0;
    }
}

/// The lines of the name, including its note.
fn named(line: &Line) -> Vec<String> {
    if line.name.name.is_empty() { Vec::new() } else { line.name.lines(SMALL, LABEL - 12.0, 3) }
}

/// Draws the names at the right. A grey line joins each name to the end of its curve; in the colour of the curve it would
/// look like data. A dot marks the end of a curve that does not reach the edge.
fn names(canvas: &Canvas, frame: &Frame, lines: &[Line]) {
    let end = |line: &Line| {
        let (month, value) = line.points.iter().rev().find_map(|(month, value)| Some((*month, (*value)?)))?;
        Some(frame.at(month, value.mean))
    };
    let mut labels: Vec<(f64, f64, f64, Vec<String>, Colour)> = lines
        .iter()
        .filter_map(|line| {
            let texts = named(line);
            let (x, y) = end(line).filter(|_| !texts.is_empty())?;
            Some((y, texts.len() as f64 * LEADING, x, texts, line.colour))
        })
        .collect();
    labels.sort_by(|one, other| one.0.total_cmp(&other.0));
    let mut centres: Vec<(f64, f64)> = labels.iter().map(|label| (label.0, label.1 + 1.0)).collect();
    apart(&mut centres, &(frame.down.start - 4.0..frame.down.end + 8.0));
    for ((y, height, x, texts, colour), (centre, _)) in labels.into_iter().zip(centres) {
        let at = frame.across.end + 11.0;
        canvas.line(&[(x + 3.0, y), (at - 3.0, centre)], Colour::Axis, Dash::Dots, 0.75);
        if frame.across.end - x > 8.0 {
            canvas.dot((x, y), 2.0, colour, true);
        }
        for (row, text) in texts.iter().enumerate() {
            let middle = centre - height / 2.0 + (row as f64 + 0.5) * LEADING;
            canvas.text(text, (at, middle), plain(SMALL, colour));
        }
    }
}

/// Draws the picture.
pub fn draw(picture: &Lines, calendar: &Calendar) -> Drawing {
    let y = scale(values(&picture.lines).chain(picture.figures.iter().map(|figure| figure.1)));
    let texts = picture.lines.iter().flat_map(named);
    let room = texts.map(|text| width(&text, SMALL) + 14.0).fold(0.0, f64::max);
    Drawing::new(WIDTH, HEIGHT, |canvas| {
        let frame = Frame::new(picture.months.clone(), y, room, f64::from(HEIGHT), calendar);
        frame.bands(canvas, calendar);
        heading(canvas, &picture.title, &picture.unit);
        frame.axes(canvas, picture.clock);
        for line in &picture.lines {
            // The ranges of three or more lines would hide each other; the CSV file has them.
            if picture.lines.len() < 3 {
                band(canvas, &frame, line, 0.16, |value| value.range);
            }
            band(canvas, &frame, line, 0.3, |value| value.interval);
        }
        for line in &picture.lines {
            course(canvas, &frame, line);
        }
        for (month, value, letter) in &picture.figures {
            let (x, y) = frame.at(*month, *value);
            canvas.dot((x, y), 3.5, Colour::Text, false);
            canvas.text(letter, (x, y - 10.0), plain(10.0, Colour::Text).at(Anchor::Middle));
        }
        frame.marks(canvas, calendar);
        names(canvas, &frame, &picture.lines);
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_move_apart_and_stay_inside() {
        let mut centres = [(50.0, 12.0), (52.0, 12.0), (99.0, 12.0)];
        apart(&mut centres, &(0.0..100.0));
        let tops: Vec<f64> = centres.iter().map(|centre| centre.0).collect();
        assert!(tops[1] - tops[0] >= 12.0 && tops[2] - tops[1] >= 12.0 && tops[2] <= 94.0, "{tops:?}");
    }

    #[test]
    fn a_gap_breaks_the_line() {
        let value = |mean| Some(DataPoint { mean, interval: None, range: None });
        let points = vec![(0.0, value(1.0)), (1.0, None), (2.0, value(1.0)), (3.0, value(2.0))];
        let line =
            Line { name: Label::plain(""), colour: Colour::Text, dash: Dash::Solid, points, steps: false };
        assert_eq!(stretches(&line).iter().map(Vec::len).collect::<Vec<_>>(), [1, 2]);
    }

    #[test]
    fn the_colour_of_a_curve_ends_with_its_data() {
        let value =
            |month: u32| (f64::from(month), Some(DataPoint { mean: 0.5, interval: None, range: None }));
        let line = |name: &str, colour, until| Line {
            name: Label::plain(name),
            colour,
            dash: Dash::Solid,
            points: (0..until).map(value).collect(),
            steps: true,
        };
        let picture = Lines {
            title: String::new(),
            unit: String::new(),
            clock: Clock::Since,
            months: 0.0..100.0,
            lines: vec![line("short", Colour::Blue, 20), line("long", Colour::Green, 101)],
            figures: Vec::new(),
        };
        let drawn = draw(&picture, &Calendar::default());
        let labels = super::super::canvas::SvgLabels { id: "x", title: "", description: "" };
        let markup = drawn.inline(labels).into_string();
        let ends = |colour: &str| -> Vec<f64> {
            let lines = markup.split("<polyline ").skip(1).map(|line| line.split("></").next().unwrap());
            let lines = lines.filter(|line| line.contains(&format!("stroke=\"var(--{colour})\"")));
            lines
                .map(|line| {
                    let points = line.split("points=\"").nth(1).unwrap().trim_end_matches('"');
                    let x = points
                        .split(' ')
                        .map(|point| point.split(',').next().unwrap().parse::<f64>().unwrap());
                    x.fold(0.0, f64::max)
                })
                .collect()
        };
        let (short, long) = (ends("blue"), ends("green"));
        assert_eq!((short.len(), long.len()), (1, 1));
        assert!(short[0] < 0.4 * long[0], "{short:?} {long:?}");
    }
}
