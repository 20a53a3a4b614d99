//! Collects the shapes of a picture and writes them as SVG.
//!
//! Colours are written as variables of the page's style sheet or, in a separate file, as the values of the light theme.
//! Lengths are CSS pixels, rounded to quarters, so that equal numbers give equal bytes.

use crate::report::palette::{Colour, Swatch};
use maud::{Markup, PreEscaped, html};
use std::cell::RefCell;
use std::fmt::Write;

/// Drawing units per pixel.
const FINE: f64 = 4.0;

/// Margin around a picture in a separate file, in pixels.
const MARGIN: u32 = 10;

/// Pattern of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dash {
    /// Unbroken.
    Solid,
    /// Long strokes.
    Long,
    /// Short strokes.
    Short,
    /// Dots.
    Dots,
    /// Alternating strokes and dots.
    Alternating,
}

impl Dash {
    /// The value of `stroke-dasharray`, in drawing units.
    fn array(self) -> Option<&'static str> {
        match self {
            Dash::Solid => None,
            Dash::Long => Some("30 10"),
            Dash::Short => Some("14 10"),
            Dash::Dots => Some("5 9"),
            Dash::Alternating => Some("26 9 5 9"),
        }
    }
}

/// Position of a text relative to its point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// To the right of the point.
    Start,
    /// Centred on it.
    Middle,
    /// To the left of it.
    End,
}

impl Anchor {
    /// The value of `text-anchor`.
    fn word(self) -> &'static str {
        match self {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        }
    }
}

/// The style of a text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Type {
    /// Font size in pixels.
    pub size: f64,
    /// Colour.
    pub colour: Colour,
    /// Whether it is bold.
    pub bold: bool,
    /// Position relative to its point.
    pub anchor: Anchor,
}

/// Font size of most texts in pixels.
pub const SMALL: f64 = 11.0;

/// The style of regular text that begins at its point.
pub fn plain(size: f64, colour: Colour) -> Type {
    Type { size, colour, bold: false, anchor: Anchor::Start }
}

impl Type {
    /// Returns this style with another anchor.
    pub fn at(self, anchor: Anchor) -> Type {
        Type { anchor, ..self }
    }
}

/// A point in drawing units.
type Point = (i32, i32);

/// A shape, in drawing units.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Shape {
    Line { points: Vec<Point>, colour: Colour, dash: Dash, width: i32 },
    Area { points: Vec<Point>, colour: Colour, percent: u8 },
    Block { from: Point, to: Point, colour: Colour },
    Disc { centre: Point, radius: i32, colour: Colour },
    Ring { centre: Point, radius: i32, colour: Colour },
    Cloud { centres: Vec<Point>, radius: i32, colour: Colour, percent: u8 },
    Text { text: String, point: Point, size: i32, colour: Colour, bold: bool, anchor: Anchor },
}

/// Converts pixels to drawing units, saturating at the bounds of the type.
fn fine(length: f64) -> i32 {
    (length * FINE).round() as i32
}

fn point(point: (f64, f64)) -> Point {
    (fine(point.0), fine(point.1))
}

fn path(points: &[(f64, f64)]) -> Vec<Point> {
    points.iter().copied().map(point).collect()
}

/// A surface for shapes. Points are (x, y) in pixels from the upper left corner.
#[derive(Default)]
pub struct Canvas {
    shapes: RefCell<Vec<Shape>>,
}

impl Canvas {
    fn add(&self, shape: Shape) {
        self.shapes.borrow_mut().push(shape);
    }

    /// Draws a line through points.
    pub fn line(&self, points: &[(f64, f64)], colour: Colour, dash: Dash, width: f64) {
        self.add(Shape::Line { points: path(points), colour, dash, width: fine(width) });
    }

    /// Fills the polygon of some points; `opacity` is from 0 to 1.
    pub fn area(&self, points: &[(f64, f64)], colour: Colour, opacity: f64) {
        self.add(Shape::Area { points: path(points), colour, percent: (opacity * 100.0).round() as u8 });
    }

    /// Fills a rectangle between two corners.
    pub fn block(&self, from: (f64, f64), to: (f64, f64), colour: Colour) {
        self.add(Shape::Block { from: point(from), to: point(to), colour });
    }

    /// Draws a dot: a filled disc, or a ring filled with the background.
    pub fn dot(&self, centre: (f64, f64), radius: f64, colour: Colour, filled: bool) {
        let (centre, radius) = (point(centre), fine(radius));
        self.add(match filled {
            true => Shape::Disc { centre, radius, colour },
            false => Shape::Ring { centre, radius, colour },
        });
    }

    /// Draws many discs as one shape; `opacity` is from 0 to 1.
    pub fn cloud(&self, centres: &[(f64, f64)], radius: f64, colour: Colour, opacity: f64) {
        if !centres.is_empty() {
            let percent = (opacity * 100.0).round() as u8;
            self.add(Shape::Cloud { centres: path(centres), radius: fine(radius), colour, percent });
        }
    }

    /// Writes a line of text, vertically centred at the point.
    pub fn text(&self, text: &str, at: (f64, f64), how: Type) {
        let Type { size, colour, bold, anchor } = how;
        self.add(Shape::Text {
            text: text.to_owned(),
            point: point(at),
            size: fine(size),
            colour,
            bold,
            anchor,
        });
    }
}

/// A finished drawing, independent of the theme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawing {
    width: u32,
    height: u32,
    shapes: Vec<Shape>,
}

/// Identifier and texts of an SVG element.
#[derive(Debug, Clone, Copy)]
pub struct SvgLabels<'a> {
    /// Prefix of the identifiers inside, unique on a page.
    pub id: &'a str,
    /// Title for screen readers.
    pub title: &'a str,
    /// Description for screen readers.
    pub description: &'a str,
}

impl Drawing {
    /// Creates a drawing of a size in pixels from what `paint` draws.
    pub fn new(width: u32, height: u32, paint: impl FnOnce(&Canvas)) -> Drawing {
        let canvas = Canvas::default();
        paint(&canvas);
        Drawing { width, height, shapes: canvas.shapes.into_inner() }
    }

    /// Returns the SVG element for a page, coloured by the variables of its style sheet.
    pub fn inline(&self, labels: SvgLabels<'_>) -> Markup {
        let css = |colour: Colour| format!("var(--{})", colour.swatch().name);
        html! {
            svg class="picture" viewBox=(self.view_box(0)) role="img"
                aria-labelledby=(label_ids(labels.id)) font-family="sans-serif" {
                (self.content(labels, None, &css))
            }
        }
    }

    /// Returns the text of a separate SVG file in the light theme.
    pub fn alone(&self, labels: SvgLabels<'_>) -> String {
        let css = |colour: Colour| colour.swatch().light.to_owned();
        let svg = html! {
            svg xmlns="http://www.w3.org/2000/svg" width=(self.width + 2 * MARGIN) height=(self.height + 2 * MARGIN)
                viewBox=(self.view_box(MARGIN)) role="img" aria-labelledby=(label_ids(labels.id)) font-family="sans-serif" {
                (self.content(labels, Some(Colour::Paper.swatch()), &css))
            }
        };
        format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}\n", svg.into_string())
    }

    fn view_box(&self, margin: u32) -> String {
        let fine = FINE as u32;
        let (width, height) = (self.width + 2 * margin, self.height + 2 * margin);
        format!("{corner} {corner} {} {}", width * fine, height * fine, corner = -((margin * fine) as i32))
    }

    /// Title, description, the background of a separate file, and the shapes.
    fn content(
        &self,
        labels: SvgLabels<'_>,
        background: Option<&Swatch>,
        css: &dyn Fn(Colour) -> String,
    ) -> Markup {
        let corner = -fine(f64::from(MARGIN));
        html! {
            "\n" title id={ (labels.id) "-title" } { (legible(labels.title)) }
            "\n" desc id={ (labels.id) "-desc" } { (legible(labels.description)) }
            "\n"
            @if let Some(background) = background {
                rect x=(corner) y=(corner) width="100%" height="100%" fill=(background.light) {} "\n"
            }
            @for shape in &self.shapes { (written(shape, css)) }
            "\n"
        }
    }
}

fn label_ids(id: &str) -> String {
    format!("{id}-title {id}-desc")
}

/// Writes a shape as an element. Empty elements get an end tag, which both XML and HTML accept.
fn written(shape: &Shape, css: &dyn Fn(Colour) -> String) -> Markup {
    match shape {
        Shape::Line { points, colour, dash, width } => html! {
            polyline fill="none" stroke=(css(*colour)) stroke-dasharray=[dash.array()] stroke-width=(width)
                points=(listed(points)) {}
        },
        Shape::Area { points, colour, percent } => html! {
            polygon fill=(css(*colour)) opacity=[opacity(*percent)] points=(listed(points)) {}
        },
        Shape::Block { from, to, colour } => html! {
            rect x=(from.0.min(to.0)) y=(from.1.min(to.1)) width=(from.0.abs_diff(to.0))
                height=(from.1.abs_diff(to.1)) fill=(css(*colour)) {}
        },
        Shape::Disc { centre, radius, colour } => html! {
            circle cx=(centre.0) cy=(centre.1) r=(radius) fill=(css(*colour)) {}
        },
        Shape::Ring { centre, radius, colour } => html! {
            circle cx=(centre.0) cy=(centre.1) r=(radius) fill=(css(Colour::Paper)) stroke=(css(*colour))
                stroke-width=(fine(1.5)) {}
        },
        // A line of no length with round ends is a disc; a path takes a tenth of the bytes of circles.
        Shape::Cloud { centres, radius, colour, percent } => html! {
            path fill="none" stroke=(css(*colour)) stroke-linecap="round" stroke-width=(2 * radius)
                opacity=[opacity(*percent)] d=(dotted(centres)) {}
        },
        Shape::Text { text, point, size, colour, bold, anchor } => html! {
            text x=(point.0) y=(point.1) dy="0.5ex" text-anchor=(anchor.word()) font-size=(size)
                font-weight=[bold.then_some("bold")] fill=(css(*colour)) { (legible(text)) }
        },
    }
}

fn listed(points: &[Point]) -> PreEscaped<String> {
    let mut text = String::new();
    for (position, (x, y)) in points.iter().enumerate() {
        let gap = if position == 0 { "" } else { " " };
        let _ = write!(text, "{gap}{x},{y}");
    }
    PreEscaped(text)
}

/// A path of lines of no length.
fn dotted(points: &[Point]) -> PreEscaped<String> {
    let mut text = String::new();
    for (x, y) in points {
        let _ = write!(text, "M{x},{y}h0");
    }
    PreEscaped(text)
}

/// The value of `opacity`; `None` for an opaque area.
fn opacity(percent: u8) -> Option<String> {
    (percent < 100).then(|| format!("0.{percent:02}"))
}

/// Replaces characters that XML or HTML cannot contain, even escaped, by `U+FFFD`.
pub fn legible(text: &str) -> String {
    let allowed = |letter: char| match letter {
        '\t' | '\n' | '\r' => true,
        letter if letter.is_control() => false,
        // The noncharacters of Unicode: U+FDD0 to U+FDEF, and the last two code points of each plane.
        '\u{fdd0}'..='\u{fdef}' => false,
        letter => (letter as u32) & 0xfffe != 0xfffe,
    };
    text.chars().map(|letter| if allowed(letter) { letter } else { char::REPLACEMENT_CHARACTER }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_variables_on_a_page_and_values_in_a_file() {
        let drawing = Drawing::new(10, 10, |canvas| {
            canvas.line(&[(0.0, 0.0), (10.0, 2.5)], Colour::Blue, Dash::Short, 1.5);
            canvas.area(&[(0.0, 0.0), (1.0, 1.0)], Colour::Green, 0.3);
            canvas.cloud(&[(1.0, 2.0), (3.5, 4.0)], 1.5, Colour::Axis, 0.5);
            canvas.text("a < b", (1.0, 1.0), plain(10.0, Colour::Text));
        });
        let labels = SvgLabels { id: "x", title: "T & U", description: "d" };
        let page = drawing.inline(labels).into_string();
        assert!(page.contains("stroke=\"var(--blue)\" stroke-dasharray=\"14 10\""), "{page}");
        assert!(page.contains("points=\"0,0 40,10\"") && page.contains("stroke-width=\"6\""), "{page}");
        assert!(page.contains("fill=\"var(--green)\" opacity=\"0.30\""), "{page}");
        assert!(page.contains("fill=\"var(--text)\"") && page.contains(">a &lt; b</text>"), "{page}");
        assert!(page.contains("<title id=\"x-title\">T &amp; U</title>") && !page.contains('#'), "{page}");
        assert!(page.contains("stroke-width=\"12\" opacity=\"0.50\" d=\"M4,8h0M14,16h0\""), "{page}");
        let alone = drawing.alone(labels);
        assert!(alone.contains("stroke=\"#0a63a8\"") && alone.contains("xmlns="), "{alone}");
    }

    #[test]
    fn characters_that_markup_cannot_contain_are_replaced() {
        assert_eq!(
            legible("a\u{1}b\u{fffe}c\u{1ffff}d\u{fdd0}e\0\u{85}"),
            "a\u{fffd}b\u{fffd}c\u{fffd}d\u{fffd}e\u{fffd}\u{fffd}"
        );
        assert_eq!(legible("tab\tline\nsmile 😀 \u{200f}"), "tab\tline\nsmile 😀 \u{200f}");
    }
}
