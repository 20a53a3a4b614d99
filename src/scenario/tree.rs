//! Defines the common representation of TOML and JSON texts: tables, lists and values, each with its place.

use std::ops::Range;

use super::fault::MAX_FAULTS;
use super::naming::confusable;

/// Maximum nesting of tables and lists in a scenario file.
pub(super) const MAX_DEPTH: usize = 16;

/// A value and its place.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Node {
    /// Byte range in the text.
    pub(super) span: Range<usize>,
    /// The value.
    pub(super) value: RawValue,
}

/// A value as written, not yet checked against a key.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum RawValue {
    Text(String),
    /// A whole number; `None` if it does not fit in 64 bits.
    Whole(Option<i64>),
    Real(f64),
    Boolean(bool),
    Date,
    Null,
    /// A malformed value, whose fault has already been reported.
    Broken,
    List(Vec<Node>),
    Table(Vec<Entry>),
}

/// A key of a table with its value.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) key_span: Range<usize>,
    pub(super) node: Node,
}

/// The result of parsing a text.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ParsedText {
    pub(super) node: Node,
    /// The first [`MAX_PARSE_FAULTS`] faults.
    pub(super) faults: Vec<ParseFault>,
    /// Number of further faults.
    pub(super) more: usize,
}

/// Maximum number of parse faults kept for a text.
pub(super) const MAX_PARSE_FAULTS: usize = 2 * MAX_FAULTS;

impl ParsedText {
    /// Adds a fault, or counts it if the list is full.
    pub(super) fn fault(&mut self, span: Range<usize>, problem: impl FnOnce() -> ParseProblem) {
        if self.faults.len() < MAX_PARSE_FAULTS {
            self.faults.push(ParseFault { span, problem: problem() });
        } else {
            self.more += 1;
        }
    }
}

/// A fault found by parsing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ParseFault {
    pub(super) span: Range<usize>,
    pub(super) problem: ParseProblem,
}

/// A problem found by parsing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ParseProblem {
    Syntax(String),
    Duplicate(String),
    TooDeep,
}

impl RawValue {
    /// The type of the value, in words.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            RawValue::Text(_) => "a string",
            RawValue::Whole(_) => "a whole number",
            RawValue::Real(_) => "a number",
            RawValue::Boolean(_) => "true or false",
            RawValue::Date => "a date",
            RawValue::Null => "null",
            RawValue::Broken => "a malformed value",
            RawValue::List(_) => "a list",
            RawValue::Table(_) => "a table",
        }
    }
}

/// Adds to a parser's message the name of an invisible or confusable character near the place, if there is one.
pub(super) fn with_confusable(message: String, text: &str, span: &Range<usize>) -> String {
    const NEAR: usize = 6;
    let near =
        |(at, letter): &(usize, char)| *at <= span.end + NEAR && at + letter.len_utf8() + NEAR >= span.start;
    let line_start =
        text.get(..span.start).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1);
    let from = super::source::floor_boundary(text, line_start.max(span.start.saturating_sub(2 * NEAR)));
    let found = text[from..]
        .char_indices()
        .map(|(at, letter)| (from + at, letter))
        .take_while(|(at, _)| *at <= span.end + NEAR)
        .filter(near)
        .find_map(|(_, letter)| confusable(letter).map(|name| (letter, name)));
    match found {
        Some((letter, name)) => format!("{message} (here is U+{:04X}, {name})", u32::from(letter)),
        None => message,
    }
}
