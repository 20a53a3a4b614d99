//! Renders faults and warnings like a compiler: message, file, line, column, the line with the place marked, and
//! advice.
//!
//! [`super::fault`] and [`super::warning`] define the texts; the crate `annotate-snippets` draws them.

use std::fmt;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet};

use super::Scenario;
use super::fault::{Faults, MAX_FAULTS};
use super::source::{SourceSpan, Sources, floor_boundary};

/// Bytes of a line shown on each side of the marked place; a line can be as long as the file.
const SHOWN_AROUND: usize = 200;

impl Faults {
    /// Renders the faults for a terminal, in colour or plain.
    pub fn render(&self, colour: bool) -> String {
        let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
        let mut text: String = self
            .list
            .iter()
            .map(|fault| {
                let message = Message {
                    level: Level::ERROR,
                    title: fault.problem.to_string(),
                    place: fault.place.as_ref(),
                    label: fault.problem.label(),
                    help: fault.problem.help(),
                };
                message.draw(&self.sources, &renderer) + "\n\n"
            })
            .collect();
        let count = self.list.len() + self.more;
        match self.more {
            0 => {}
            1 => text += "error: 1 further fault is not shown\n\n",
            more => text += &format!("error: {more} further faults are not shown\n\n"),
        }
        text + &format!("error: {count} {}\n", if count == 1 { "fault" } else { "faults" })
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

impl Scenario {
    /// Renders the first [`MAX_FAULTS`] warnings for a terminal, in colour or plain; empty if there are none.
    pub fn render_warnings(&self, colour: bool) -> String {
        let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
        let mut text: String = self
            .warnings
            .iter()
            .take(MAX_FAULTS)
            .map(|warning| {
                let message = Message {
                    level: Level::WARNING,
                    title: warning.caution.to_string(),
                    place: warning.place.as_ref(),
                    label: String::new(),
                    help: warning.caution.help(),
                };
                message.draw(&self.sources, &renderer) + "\n\n"
            })
            .collect();
        match self.warnings.len().saturating_sub(MAX_FAULTS) {
            0 => {}
            1 => text += "warning: 1 further warning is not shown\n\n",
            more => text += &format!("warning: {more} further warnings are not shown\n\n"),
        }
        text
    }
}

/// A fault or a warning to render.
struct Message<'m> {
    level: Level<'m>,
    title: String,
    place: Option<&'m SourceSpan>,
    label: String,
    help: Vec<String>,
}

impl Message<'_> {
    fn draw(self, sources: &Sources, renderer: &Renderer) -> String {
        let mut group = Group::with_title(self.level.primary_title(one_line(&self.title)));
        if let Some(place) = self.place {
            group = group.elements(excerpt(place, &self.label, sources));
        }
        for help in &self.help {
            group = group.element(Level::HELP.message(one_line(help)));
        }
        renderer.render(&[group])
    }
}

/// Replaces control characters by spaces and limits the length: messages quote the file, whose characters must not
/// reach the terminal as commands.
fn one_line(text: &str) -> String {
    text.chars().take(2000).map(|character| if is_control(character) { ' ' } else { character }).collect()
}

/// Whether a character is a control character or changes the writing direction.
fn is_control(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The line of a place, cut to a readable length, with `file:line:column` above.
fn excerpt(place: &SourceSpan, label: &str, sources: &Sources) -> Vec<Element<'static>> {
    let source = sources.get(place.source);
    let (line, column) = sources.line_column(place);
    let (shown, marked, cut) = window(&source.text, place.start, place.end);
    let mut annotation = AnnotationKind::Primary.span(marked);
    if !label.is_empty() {
        annotation = annotation.label(one_line(label));
    }
    let snippet = Snippet::source(shown).line_start(line).fold(false).annotation(annotation);
    let name = one_line(&source.name);
    if cut {
        // Without this, the column would be counted from the cut.
        vec![Origin::path(name).line(line).char_column(column).into(), snippet.into()]
    } else {
        vec![snippet.path(name).into()]
    }
}

/// The part of the first line around a byte range, the range within that part, and whether the line was cut before it.
fn window(text: &str, start: usize, end: usize) -> (String, Range<usize>, bool) {
    let start = floor_boundary(text, start);
    let line_start = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
    let line_end = text[start..].find('\n').map_or(text.len(), |newline| start + newline);
    let from = floor_boundary(text, line_start.max(start.saturating_sub(SHOWN_AROUND)));
    let to = floor_boundary(text, line_end.min(start + SHOWN_AROUND)).max(start);
    // Replace control characters by spaces of the same length in bytes, so that the range stays valid.
    let shown: String = text[from..to]
        .chars()
        .flat_map(|character| {
            let control = is_control(character);
            std::iter::repeat_n(
                if control { ' ' } else { character },
                if control { character.len_utf8() } else { 1 },
            )
        })
        .collect();
    let end = floor_boundary(text, end).clamp(start, to);
    let length = shown.len();
    (shown, (start - from).min(length)..(end - from).min(length), from > line_start)
}
