//! The sheet that a picture is drawn on: plotters' SVG backend, in inks instead of colours.
//!
//! Owns the way from inks and patterns to the text of an SVG. Plotters writes fixed colours and has no patterns of
//! lines: a picture is drawn in placeholder colours that stand for an ink and a pattern, and these are looked up when it
//! is written, as variables of the page's style sheet or as the colours of the light theme. Lengths are in CSS pixels;
//! the backend knows whole numbers only, so that it is given quarters.

use crate::report::palette::{Ink, TINTS};
use plotters::backend::SVGBackend;
use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, IntoDrawingArea};
use plotters::element::{Circle, PathElement, Polygon, Rectangle, Text};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontStyle, IntoFont, RGBAColor, RGBColor, ShapeStyle, TextStyle};

/// Units of the backend in a pixel.
const FINE: f64 = 4.0;

/// Margin in pixels around a picture that is written singly.
const MARGIN: u32 = 10;

/// Red of every placeholder colour; green is the ink, blue the pattern.
const PLACEHOLDER: u8 = 0xa7;

/// Why drawing into memory is not expected to fail.
const MEMORY: &str = "drawing into a string cannot fail";

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
    /// Strokes and dots by turns.
    DashDot,
}

impl Dash {
    const ALL: [Dash; 5] = [Dash::Solid, Dash::Long, Dash::Short, Dash::Dots, Dash::DashDot];

    /// The value of `stroke-dasharray`, in units of the backend.
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

/// Where a text stands, seen from its point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// To the right of the point.
    Start,
    /// Around it.
    Middle,
    /// To the left of it.
    End,
}

/// How a text is written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Type {
    /// Height of the letters' body in pixels.
    pub size: f64,
    /// Its ink.
    pub ink: Ink,
    /// Bold or not.
    pub bold: bool,
    /// Where it stands.
    pub anchor: Anchor,
}

/// The size of most texts.
pub const SMALL: f64 = 11.0;

/// Text of a size and ink that begins at its point.
pub fn plain(size: f64, ink: Ink) -> Type {
    Type { size, ink, bold: false, anchor: Anchor::Start }
}

impl Type {
    /// The same with another anchor.
    pub fn at(self, anchor: Anchor) -> Type {
        Type { anchor, ..self }
    }
}

/// A sheet. Points are (x, y) in pixels from the upper left corner.
pub struct Canvas<'a> {
    root: DrawingArea<SVGBackend<'a>, Shift>,
}

fn placeholder(ink: Ink, dash: Dash, opacity: f64) -> RGBAColor {
    let ink = u8::try_from(ink.index()).expect("inks are few");
    RGBColor(PLACEHOLDER, ink, dash as u8).mix(opacity)
}

fn fine(point: (f64, f64)) -> (i32, i32) {
    ((point.0 * FINE).round() as i32, (point.1 * FINE).round() as i32)
}

fn path(points: &[(f64, f64)]) -> Vec<(i32, i32)> {
    points.iter().copied().map(fine).collect()
}

impl Canvas<'_> {
    fn stroke(ink: Ink, dash: Dash, width: f64) -> ShapeStyle {
        let stroke_width = (width * FINE).round() as u32;
        ShapeStyle { color: placeholder(ink, dash, 1.0), filled: false, stroke_width }
    }

    fn fill(ink: Ink, opacity: f64) -> ShapeStyle {
        ShapeStyle { color: placeholder(ink, Dash::Solid, opacity), filled: true, stroke_width: 0 }
    }

    /// A line through points.
    pub fn line(&self, points: &[(f64, f64)], ink: Ink, dash: Dash, width: f64) {
        self.root.draw(&PathElement::new(path(points), Self::stroke(ink, dash, width))).expect(MEMORY);
    }

    /// A filled area within points; `opacity` from 0 to 1.
    pub fn area(&self, points: &[(f64, f64)], ink: Ink, opacity: f64) {
        self.root.draw(&Polygon::new(path(points), Self::fill(ink, opacity))).expect(MEMORY);
    }

    /// A filled rectangle between two corners.
    pub fn block(&self, from: (f64, f64), to: (f64, f64), ink: Ink) {
        self.root.draw(&Rectangle::new([fine(from), fine(to)], Self::fill(ink, 1.0))).expect(MEMORY);
    }

    /// A disc, or a ring filled with the ground.
    pub fn dot(&self, centre: (f64, f64), radius: f64, ink: Ink, filled: bool) {
        let radius = (radius * FINE).round() as i32;
        let disc = |ink| Circle::new(fine(centre), radius, Self::fill(ink, 1.0));
        self.root.draw(&disc(if filled { ink } else { Ink::Paper })).expect(MEMORY);
        if !filled {
            let ring = Circle::new(fine(centre), radius, Self::stroke(ink, Dash::Solid, 1.5));
            self.root.draw(&ring).expect(MEMORY);
        }
    }

    /// A line of text; the point is at the middle of its height.
    pub fn text(&self, text: &str, point: (f64, f64), how: Type) {
        let horizontal = match how.anchor {
            Anchor::Start => HPos::Left,
            Anchor::Middle => HPos::Center,
            Anchor::End => HPos::Right,
        };
        // The backend divides the size by 1.24.
        let font = ("sans-serif", how.size * FINE * 1.24).into_font();
        let font = if how.bold { font.style(FontStyle::Bold) } else { font };
        let colour = placeholder(how.ink, Dash::Solid, 1.0);
        let style = TextStyle::from(font).color(&colour).pos(Pos::new(horizontal, VPos::Center));
        self.root.draw(&Text::new(text.to_owned(), fine(point), style)).expect(MEMORY);
    }
}

/// A drawing without colours yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sketch {
    width: u32,
    height: u32,
    body: String,
}

/// Draws on a sheet of a size in pixels.
pub fn sketch(width: u32, height: u32, paint: impl FnOnce(&Canvas<'_>)) -> Sketch {
    let mut text = String::new();
    let size = (width * FINE as u32, height * FINE as u32);
    let canvas = Canvas { root: SVGBackend::with_string(&mut text, size).into_drawing_area() };
    paint(&canvas);
    canvas.root.present().expect(MEMORY);
    drop(canvas);
    // The outer element is written anew for each use.
    let open = text.find('>').map_or(0, |end| end + 1);
    let close = text.rfind("</svg>").unwrap_or(text.len());
    let body = text[open..close].replace(" opacity=\"1\"", "").replace(" font-family=\"sans-serif\"", "");
    let body = body.replace(" \"", "\"").replace("\n</text>", "</text>").replace(">\n", ">");
    Sketch { width, height, body }
}

/// What stands around a drawing, and which colours it gets.
#[derive(Debug, Clone, Copy)]
pub struct Setting<'a> {
    /// Prefix of the identifiers in it, unique on a page.
    pub id: &'a str,
    /// Its title, for those who do not see it.
    pub title: &'a str,
    /// What it shows, for those who do not see it.
    pub description: &'a str,
}

impl Sketch {
    /// As part of a page, in the variables of its style sheet.
    pub fn inline(&self, setting: Setting<'_>) -> String {
        let open = format!("<svg class=\"picture\" viewBox=\"{}\"", self.view_box(0));
        self.written(&open, setting, |ink| format!("var(--{})", TINTS[ink].name))
    }

    /// As a file of its own, on white ground, in the colours of the light theme.
    pub fn alone(&self, setting: Setting<'_>) -> String {
        let (width, height) = (self.width + 2 * MARGIN, self.height + 2 * MARGIN);
        let open = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"{}\"",
            self.view_box(MARGIN)
        );
        let drawing = self.written(&open, setting, |ink| TINTS[ink].light.to_owned()) + "\n";
        // A ground of its own: what shows a file of its own may be dark.
        let ground = format!(
            "</desc>\n<rect x=\"-40\" y=\"-40\" width=\"100%\" height=\"100%\" fill=\"{}\"/>\n",
            TINTS[0].light
        );
        drawing.replacen("</desc>\n", &ground, 1)
    }

    fn view_box(&self, margin: u32) -> String {
        let fine = FINE as u32;
        let (width, height) = (self.width + 2 * margin, self.height + 2 * margin);
        format!("{corner} {corner} {} {}", width * fine, height * fine, corner = -((margin * fine) as i32))
    }

    fn written(&self, open: &str, setting: Setting<'_>, colour: impl Fn(usize) -> String) -> String {
        let Setting { id, title, description } = setting;
        let (title, description) = (escaped(title), escaped(description));
        format!(
            "{open} role=\"img\" aria-labelledby=\"{id}-title {id}-desc\" font-family=\"sans-serif\">\n\
             <title id=\"{id}-title\">{title}</title>\n<desc id=\"{id}-desc\">{description}</desc>\n{}</svg>",
            coloured(&self.body, colour)
        )
    }
}

/// A text as content of an element.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The body with its placeholders looked up.
fn coloured(body: &str, colour: impl Fn(usize) -> String) -> String {
    let mark = format!("\"#{PLACEHOLDER:02X}");
    let mut text = String::with_capacity(body.len());
    let mut rest = body;
    while let Some(at) = rest.find(&mark) {
        let (before, found) = rest.split_at(at);
        let digits = &found[mark.len()..];
        let number = |from: usize| usize::from_str_radix(&digits[from..from + 2], 16).unwrap_or(0);
        text += before;
        text += &format!("\"{}\"", colour(number(0)));
        if let Some(array) = Dash::ALL.get(number(2)).and_then(|dash| dash.array()) {
            text += &format!(" stroke-dasharray=\"{array}\"");
        }
        rest = &digits[5..];
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_become_variables_colours_and_patterns() {
        let sketch = sketch(10, 10, |canvas| {
            canvas.line(&[(0.0, 0.0), (10.0, 2.5)], Ink::Blue, Dash::Short, 1.5);
            canvas.text("a < b", (1.0, 1.0), plain(10.0, Ink::Text));
        });
        let setting = Setting { id: "x", title: "T & U", description: "d" };
        let page = sketch.inline(setting);
        assert!(page.contains("stroke=\"var(--blue)\" stroke-dasharray=\"14 10\""), "{page}");
        assert!(page.contains("points=\"0,0 40,10\"") && page.contains("stroke-width=\"6\""), "{page}");
        assert!(page.contains("fill=\"var(--text)\"") && page.contains(">a &lt; b</text>"), "{page}");
        assert!(page.contains("<title id=\"x-title\">T &amp; U</title>") && !page.contains('#'), "{page}");
        let alone = sketch.alone(setting);
        assert!(alone.contains("stroke=\"#0a63a8\"") && alone.contains("xmlns="), "{alone}");
    }
}
