//! Collects the shapes of a picture and writes them as SVG.
//!
//! Shapes are drawn in colours and patterns. An colour becomes a colour when the picture is written: a variable of the page's
//! style sheet, or the colour of the light theme in a file of its own. Lengths are CSS pixels, kept in whole quarters so
//! that two pictures of the same numbers have the same bytes.

use crate::report::palette::{Colour, Swatch};
use maud::{Markup, PreEscaped, html};
use std::cell::RefCell;
use std::fmt::Write;

/// Units of the drawing in a pixel.
const FINE: f64 = 4.0;

/// Margin in pixels around a picture in a file of its own.
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
    /// Strokes and dots in turn.
    DashDot,
}

impl Dash {
    /// The value of `stroke-dasharray`, in units of the drawing.
    fn array(self) -> Option<&'static str> {
        match self {
            Dash::Solid => None,
            Dash::Long => Some("30 10"),
            Dash::Short => Some("14 10"),
            Dash::Dots => Some("5 9"),
            Dash::DashDot => Some("26 9 5 9"),
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

/// How a text is written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Type {
    /// Size of the font in pixels.
    pub size: f64,
    /// Its colour.
    pub colour: Colour,
    /// Bold or not.
    pub bold: bool,
    /// Its position relative to its point.
    pub anchor: Anchor,
}

/// The size of most texts.
pub const SMALL: f64 = 11.0;

/// Text of a size and colour that begins at its point.
pub fn plain(size: f64, colour: Colour) -> Type {
    Type { size, colour, bold: false, anchor: Anchor::Start }
}

impl Type {
    /// The same with another anchor.
    pub fn at(self, anchor: Anchor) -> Type {
        Type { anchor, ..self }
    }
}

/// A point in units of the drawing.
type Point = (i32, i32);

/// A shape, in units of the drawing.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Shape {
    Line { points: Vec<Point>, colour: Colour, dash: Dash, width: i32 },
    Area { points: Vec<Point>, colour: Colour, percent: u8 },
    Block { from: Point, to: Point, colour: Colour },
    Disc { centre: Point, radius: i32, colour: Colour },
    Ring { centre: Point, radius: i32, colour: Colour },
    Text { text: String, point: Point, size: i32, colour: Colour, bold: bool, anchor: Anchor },
}

/// A length in units of the drawing. One that is out of all proportion is cut to what the type holds.
fn fine(length: f64) -> i32 {
    (length * FINE).round() as i32
}

fn point(point: (f64, f64)) -> Point {
    (fine(point.0), fine(point.1))
}

fn path(points: &[(f64, f64)]) -> Vec<Point> {
    points.iter().copied().map(point).collect()
}

/// A sheet to draw on. Points are (x, y) in pixels from the upper left corner.
#[derive(Default)]
pub struct Canvas {
    shapes: RefCell<Vec<Shape>>,
}

impl Canvas {
    fn add(&self, shape: Shape) {
        self.shapes.borrow_mut().push(shape);
    }

    /// A line through points.
    pub fn line(&self, points: &[(f64, f64)], colour: Colour, dash: Dash, width: f64) {
        self.add(Shape::Line { points: path(points), colour, dash, width: fine(width) });
    }

    /// A filled area within points; `opacity` from 0 to 1.
    pub fn area(&self, points: &[(f64, f64)], colour: Colour, opacity: f64) {
        self.add(Shape::Area { points: path(points), colour, percent: (opacity * 100.0).round() as u8 });
    }

    /// A filled rectangle between two corners.
    pub fn block(&self, from: (f64, f64), to: (f64, f64), colour: Colour) {
        self.add(Shape::Block { from: point(from), to: point(to), colour });
    }

    /// A disc, or a ring filled with the ground.
    pub fn dot(&self, centre: (f64, f64), radius: f64, colour: Colour, filled: bool) {
        let (centre, radius) = (point(centre), fine(radius));
        self.add(match filled {
            true => Shape::Disc { centre, radius, colour },
            false => Shape::Ring { centre, radius, colour },
        });
    }

    /// A line of text; the point is at the middle of its height.
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

/// A drawing whose colours have no colours yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawing {
    width: u32,
    height: u32,
    shapes: Vec<Shape>,
}

/// The names of a drawing.
#[derive(Debug, Clone, Copy)]
pub struct SvgLabels<'a> {
    /// Prefix of the identifiers in it, unique on a page.
    pub id: &'a str,
    /// Its title, for screen readers.
    pub title: &'a str,
    /// What it shows, for screen readers.
    pub description: &'a str,
}

impl Drawing {
    /// Creates a drawing of a size in pixels from what `paint` draws.
    pub fn new(width: u32, height: u32, paint: impl FnOnce(&Canvas)) -> Drawing {
        let canvas = Canvas::default();
        paint(&canvas);
        Drawing { width, height, shapes: canvas.shapes.into_inner() }
    }

    /// The drawing as part of a page, in the variables of its style sheet.
    pub fn inline(&self, labels: SvgLabels<'_>) -> Markup {
        let css = |colour: Colour| format!("var(--{})", colour.swatch().name);
        html! {
            svg class="picture" viewBox=(self.view_box(0)) role="img"
                aria-labelledby=(label_ids(labels.id)) font-family="sans-serif" {
                (self.content(labels, None, &css))
            }
        }
    }

    /// The drawing as a file of its own, on a white ground, in the colours of the light theme.
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

    /// Title, description, a ground where the file has no page around it, and the shapes.
    fn content(
        &self,
        labels: SvgLabels<'_>,
        ground: Option<&Swatch>,
        css: &dyn Fn(Colour) -> String,
    ) -> Markup {
        let corner = -fine(f64::from(MARGIN));
        html! {
            "\n" title id={ (labels.id) "-title" } { (legible(labels.title)) }
            "\n" desc id={ (labels.id) "-desc" } { (legible(labels.description)) }
            "\n"
            @if let Some(ground) = ground {
                rect x=(corner) y=(corner) width="100%" height="100%" fill=(ground.light) {} "\n"
            }
            @for shape in &self.shapes { (written(shape, css)) }
            "\n"
        }
    }
}

fn label_ids(id: &str) -> String {
    format!("{id}-title {id}-desc")
}

/// A shape as an element. Elements without content have an end tag too, which both XML and HTML read.
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

/// The value of `opacity`; none for an area that hides what is behind it.
fn opacity(percent: u8) -> Option<String> {
    (percent < 100).then(|| format!("0.{percent:02}"))
}

/// A text with `U+FFFD` in place of characters that neither XML nor HTML can hold, however they are written.
pub fn legible(text: &str) -> String {
    let held = |letter: char| match letter {
        '\t' | '\n' | '\r' => true,
        letter if letter.is_control() => false,
        // The code points that Unicode keeps for no character: U+FDD0 to U+FDEF, and the last two of each plane.
        '\u{fdd0}'..='\u{fdef}' => false,
        letter => (letter as u32) & 0xfffe != 0xfffe,
    };
    text.chars().map(|letter| if held(letter) { letter } else { char::REPLACEMENT_CHARACTER }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inks_become_variables_or_colours_and_patterns_stay() {
        let drawing = Drawing::new(10, 10, |canvas| {
            canvas.line(&[(0.0, 0.0), (10.0, 2.5)], Colour::Blue, Dash::Short, 1.5);
            canvas.area(&[(0.0, 0.0), (1.0, 1.0)], Colour::Green, 0.3);
            canvas.text("a < b", (1.0, 1.0), plain(10.0, Colour::Text));
        });
        let labels = SvgLabels { id: "x", title: "T & U", description: "d" };
        let page = drawing.inline(labels).into_string();
        assert!(page.contains("stroke=\"var(--blue)\" stroke-dasharray=\"14 10\""), "{page}");
        assert!(page.contains("points=\"0,0 40,10\"") && page.contains("stroke-width=\"6\""), "{page}");
        assert!(page.contains("fill=\"var(--green)\" opacity=\"0.30\""), "{page}");
        assert!(page.contains("fill=\"var(--text)\"") && page.contains(">a &lt; b</text>"), "{page}");
        assert!(page.contains("<title id=\"x-title\">T &amp; U</title>") && !page.contains('#'), "{page}");
        let alone = drawing.alone(labels);
        assert!(alone.contains("stroke=\"#0a63a8\"") && alone.contains("xmlns="), "{alone}");
    }

    #[test]
    fn characters_that_markup_cannot_hold_are_replaced() {
        assert_eq!(
            legible("a\u{1}b\u{fffe}c\u{1ffff}d\u{fdd0}e\0\u{85}"),
            "a\u{fffd}b\u{fffd}c\u{fffd}d\u{fffd}e\u{fffd}\u{fffd}"
        );
        assert_eq!(legible("tab\tline\nsmile 😀 \u{200f}"), "tab\tline\nsmile 😀 \u{200f}");
    }
}
