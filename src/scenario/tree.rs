//! What a file says before anyone asks what it means: tables, lists and values, each with its place.
//!
//! Owns the common form of TOML and JSON texts. Knows no key of a scenario.

use std::ops::Range;

/// Deepest nesting of tables and lists in a scenario file.
pub(super) const MAX_DEPTH: usize = 16;

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Node {
    /// Bytes of the text.
    pub(super) span: Range<usize>,
    /// What stands there.
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

/// A fault of the form of a text, found before its meaning is looked at.
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
            Value::Text(_) => "a text",
            Value::Whole(_) => "a whole number",
            Value::Real(_) => "a number",
            Value::Boolean(_) => "true or false",
            Value::Date => "a date",
            Value::Null => "null",
            Value::List(_) => "a list",
            Value::Table(_) => "a table",
        }
    }
}
