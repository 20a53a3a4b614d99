//! The common form of TOML and JSON texts: tables, lists and values, each with its place. It knows no key of a scenario.

use std::ops::Range;

use super::fault::MAX_FAULTS;
use super::naming::confusable;

/// Deepest nesting of tables and lists in a scenario file.
pub(super) const MAX_DEPTH: usize = 16;

/// A value and its place.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Node {
    /// Bytes of the text.
    pub(super) span: Range<usize>,
    /// The value.
    pub(super) value: RawValue,
}

/// A value as written.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum RawValue {
    Text(String),
    /// A whole number; none if it is larger than any integer we hold.
    Whole(Option<i64>),
    Real(f64),
    Boolean(bool),
    Date,
    Null,
    /// A value whose form is faulty. The fault is noted already, so that readers pass over it.
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

/// A text as read.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ParsedText {
    pub(super) node: Node,
    /// Faults of the form, the first [`MAX_PARSE_FAULTS`].
    pub(super) faults: Vec<ParseFault>,
    /// Number of further faults.
    pub(super) more: usize,
}

/// Most faults of the form that are kept of one text.
pub(super) const MAX_PARSE_FAULTS: usize = 2 * MAX_FAULTS;

impl ParsedText {
    /// Notes a fault, or counts it if there are many.
    pub(super) fn fault(&mut self, span: Range<usize>, problem: impl FnOnce() -> ParseProblem) {
        if self.faults.len() < MAX_PARSE_FAULTS {
            self.faults.push(ParseFault { span, problem: problem() });
        } else {
            self.more += 1;
        }
    }
}

/// A fault of the form of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ParseFault {
    pub(super) span: Range<usize>,
    pub(super) problem: ParseProblem,
}

/// What is wrong with the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ParseProblem {
    Syntax(String),
    Duplicate(String),
    TooDeep,
}

impl RawValue {
    /// What it is, in words.
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

/// A message of a parser, with the name of a character near the place that looks like another or cannot be seen.
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
        Some((letter, name)) => format!("{message} (U+{:04X}, {name}, is in this place)", u32::from(letter)),
        None => message,
    }
}
