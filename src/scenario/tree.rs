//! The common form of TOML and JSON texts: tables, lists and values, each with its place. It knows no key of a scenario.

use std::ops::Range;

use super::fault::MAX_FAULTS;
use super::naming::unseen;

/// Deepest nesting of tables and lists in a scenario file.
pub(super) const MAX_DEPTH: usize = 16;

/// A value and its place.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Node {
    /// Bytes of the text.
    pub(super) span: Range<usize>,
    /// The value.
    pub(super) value: Value,
}

/// A value as written.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
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
pub(super) struct Form {
    pub(super) node: Node,
    /// Faults of the form, the first [`MOST_FORM_FAULTS`].
    pub(super) faults: Vec<FormFault>,
    /// Number of further faults.
    pub(super) more: usize,
}

/// Most faults of the form that are kept of one text.
pub(super) const MOST_FORM_FAULTS: usize = 2 * MAX_FAULTS;

impl Form {
    /// Notes a fault, or counts it if there are many.
    pub(super) fn fault(&mut self, span: Range<usize>, problem: impl FnOnce() -> FormProblem) {
        if self.faults.len() < MOST_FORM_FAULTS {
            self.faults.push(FormFault { span, problem: problem() });
        } else {
            self.more += 1;
        }
    }
}

/// A fault of the form of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FormFault {
    pub(super) span: Range<usize>,
    pub(super) problem: FormProblem,
}

/// What is wrong with the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum FormProblem {
    Syntax(String),
    Duplicate(String),
    TooDeep,
}

impl Value {
    /// What it is, in words.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Value::Text(_) => "a string",
            Value::Whole(_) => "a whole number",
            Value::Real(_) => "a number",
            Value::Boolean(_) => "true or false",
            Value::Date => "a date",
            Value::Null => "null",
            Value::Broken => "a malformed value",
            Value::List(_) => "a list",
            Value::Table(_) => "a table",
        }
    }
}

/// A message of a parser, with the name of a character near the place that looks like another or cannot be seen.
pub(super) fn with_unseen(message: String, text: &str, span: &Range<usize>) -> String {
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
        .find_map(|(_, letter)| unseen(letter).map(|name| (letter, name)));
    match found {
        Some((letter, name)) => format!("{message} (U+{:04X}, {name}, is in this place)", u32::from(letter)),
        None => message,
    }
}
