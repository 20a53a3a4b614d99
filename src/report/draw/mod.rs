//! Turns numbers into shapes.
//!
//! The modules implement kinds of pictures (lines, matrices, bars) and their layout; they do not know what is counted. Every
//! picture is narrow enough for a phone; a wide page shows several side by side.

pub mod axis;
pub mod bars;
pub mod board;
pub mod canvas;
pub mod forest;
pub mod frame;
pub mod heat;
pub mod lines;
pub mod matrix;
pub mod multiples;
pub mod panels;
pub mod scale;
pub mod strips;
pub mod width;

/// Width of every picture in pixels.
pub const WIDTH: u32 = 400;

/// The name of a row, with a note below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The name.
    pub name: String,
    /// The note, such as the years of a phase; empty for none.
    pub note: String,
}

impl Label {
    /// Creates a name without a note.
    pub fn plain(name: impl Into<String>) -> Label {
        Label { name: name.into(), note: String::new() }
    }

    /// Splits name and note into at most `most` lines of `room` pixels at a font size; the name gives way to the note.
    pub fn lines(&self, size: f64, room: f64, most: usize) -> Vec<String> {
        if self.note.is_empty() {
            return width::fitted(&self.name, size, room, most);
        }
        let mut lines = width::fitted(&self.name, size, room, most - 1);
        lines.push(width::cut(&self.note, size, room));
        lines
    }
}
