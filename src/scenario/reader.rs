//! Reads typed values from a tree by key, and records a fault for each value of a wrong type or out of range.
//!
//! [`super::layer`] defines the keys of a scenario.

use std::ops::Range;

use super::fault::{Faults, Problem, nearest};
use super::number::as_written;
use super::source::SourceSpan;
use super::tree::{Entry, MAX_DEPTH, Node, ParseFault, ParseProblem, RawValue};
use crate::engine::calendar::Month;

/// A given value and its place.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Given<T> {
    pub(super) value: T,
    pub(super) at: SourceSpan,
}

/// Reads the tree of one text and collects its faults.
pub(super) struct Reader<'f> {
    /// Position of the text in [`super::Sources`].
    pub(super) source: usize,
    /// Whether the text has syntax errors; missing keys are then not reported, because they may only be unreadable.
    pub(super) broken: bool,
    pub(super) faults: &'f mut Faults,
}

/// A table whose keys are read one by one.
pub(super) struct Fields<'t> {
    /// Dotted path; empty for the whole file.
    pub(super) path: String,
    /// Name in messages.
    pub(super) name: String,
    pub(super) span: Range<usize>,
    entries: &'t [Entry],
}

impl<'t> Fields<'t> {
    /// The entry of a key, if given.
    pub(super) fn get(&self, key: &str) -> Option<&'t Entry> {
        self.entries.iter().find(|entry| entry.key == key)
    }

    /// Whether the key is given, with a valid value or not.
    pub(super) fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// All entries.
    pub(super) fn entries(&self) -> &'t [Entry] {
        self.entries
    }

    /// The dotted path of a key in the table.
    pub(super) fn path_of(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }
}

impl<'f> Reader<'f> {
    /// Starts to read a parsed text and records the faults that parsing found.
    pub(super) fn of_parsed(
        source: usize,
        language: &'static str,
        found: Vec<ParseFault>,
        more: usize,
        faults: &'f mut Faults,
    ) -> Self {
        let broken = found.iter().any(|fault| matches!(fault.problem, ParseProblem::Syntax(_)));
        let mut reader = Reader { source, broken, faults };
        for ParseFault { span, problem } in found {
            let (problem, key) = match problem {
                ParseProblem::Syntax(message) => (Problem::Syntax { language, message }, String::new()),
                ParseProblem::Duplicate(key) => (Problem::DuplicateKey { key: key.clone() }, key),
                ParseProblem::TooDeep => (Problem::TooDeep { limit: MAX_DEPTH }, String::new()),
            };
            reader.fault(problem, key, &span);
        }
        reader.faults.more += more;
        reader
    }
}

impl Reader<'_> {
    /// The place of a byte range of this text.
    pub(super) fn place(&self, span: &Range<usize>) -> SourceSpan {
        SourceSpan { source: self.source, start: span.start, end: span.end }
    }

    /// Records a fault at a byte range of this text.
    pub(super) fn fault(&mut self, problem: Problem, key: impl Into<String>, span: &Range<usize>) {
        let place = self.place(span);
        self.faults.push(problem, key, Some(place));
    }

    /// Reads a table and records its unknown keys. `symbols` are other names of keys, for suggestions.
    pub(super) fn fields<'t>(
        &mut self,
        node: &'t Node,
        path: &str,
        name: &str,
        allowed: &[&'static str],
        symbols: &[(&str, &'static str)],
    ) -> Option<Fields<'t>> {
        let RawValue::Table(entries) = &node.value else {
            self.wrong_type(node, path, "a table", "");
            return None;
        };
        let fields =
            Fields { path: path.to_owned(), name: name.to_owned(), span: node.span.clone(), entries };
        for entry in entries.iter().filter(|entry| !allowed.contains(&entry.key.as_str())) {
            if self.faults.is_full() {
                self.faults.more += 1;
                continue;
            }
            let symbol = symbols.iter().find(|(symbol, _)| *symbol == entry.key).map(|(_, key)| *key);
            let problem = Problem::UnknownKey {
                key: entry.key.clone(),
                table: name.to_owned(),
                nearest: symbol.or_else(|| nearest(&entry.key, allowed.iter().copied())).map(str::to_owned),
                allowed: allowed.to_vec(),
            };
            self.fault(problem, fields.path_of(&entry.key), &entry.key_span);
        }
        Some(fields)
    }

    /// Records a missing key.
    pub(super) fn missing(&mut self, fields: &Fields<'_>, key: &'static str, hint: &str) {
        if self.broken {
            return;
        }
        let problem = Problem::Missing { key, table: fields.name.clone(), hint: hint.to_owned() };
        // The span of a table with a header is the header. For the whole file, mark the first line.
        let span = if fields.path.is_empty() { 0..0 } else { fields.span.clone() };
        self.fault(problem, fields.path_of(key), &span);
    }

    /// Records a value of a wrong type.
    pub(super) fn wrong_type(&mut self, node: &Node, key: &str, expected: &'static str, hint: &'static str) {
        if node.value == RawValue::Broken {
            return;
        }
        let problem = Problem::WrongType { key: key.to_owned(), expected, found: node.value.kind(), hint };
        self.fault(problem, key, &node.span);
    }

    fn given<T>(&self, node: &Node, value: T) -> Given<T> {
        Given { value, at: self.place(&node.span) }
    }

    /// Reads a string.
    pub(super) fn text(&mut self, node: &Node, key: &str) -> Option<Given<String>> {
        match &node.value {
            RawValue::Text(text) => Some(self.given(node, text.clone())),
            _ => {
                self.wrong_type(node, key, "a string", "write it in double quotes");
                None
            }
        }
    }

    /// Reads `true` or `false`.
    pub(super) fn boolean(&mut self, node: &Node, key: &str) -> Option<Given<bool>> {
        match node.value {
            RawValue::Boolean(boolean) => Some(self.given(node, boolean)),
            _ => {
                self.wrong_type(node, key, "true or false", "write `true` or `false` without quotes");
                None
            }
        }
    }

    /// Reads a list of at most `limit` entries; further entries are a fault and are ignored.
    pub(super) fn short_list<'t>(&mut self, node: &'t Node, key: &str, limit: usize) -> Option<&'t [Node]> {
        let list = self.list(node, key)?;
        if list.len() > limit {
            let problem = Problem::TooMany { key: key.to_owned(), count: list.len(), limit };
            // Mark the first excess entry, not the whole list, which may have many lines.
            self.fault(problem, key, &list[limit].span);
        }
        Some(&list[..list.len().min(limit)])
    }

    /// Reads a list.
    pub(super) fn list<'t>(&mut self, node: &'t Node, key: &str) -> Option<&'t [Node]> {
        match &node.value {
            RawValue::List(list) => Some(list),
            _ => {
                self.wrong_type(node, key, "a list", "");
                None
            }
        }
    }

    /// Reads a month of the calendar.
    pub(super) fn month(&mut self, node: &Node, key: &str) -> Option<Given<Month>> {
        let RawValue::Text(text) = &node.value else {
            self.wrong_type(node, key, "a month", "write a month as a string: \"1937-08\"");
            return None;
        };
        match text.parse() {
            Ok(month) => Some(self.given(node, month)),
            Err(error) => {
                self.fault(Problem::NotAMonth(error), key, &node.span);
                None
            }
        }
    }

    /// Reads a finite number in the inclusive range.
    pub(super) fn number(
        &mut self,
        node: &Node,
        key: &str,
        range: (f64, f64),
        unit: &str,
    ) -> Option<Given<f64>> {
        let value = match node.value {
            RawValue::Real(value) => value,
            RawValue::Whole(Some(whole)) => whole as f64,
            RawValue::Whole(None) => f64::MAX,
            _ => {
                self.wrong_type(node, key, "a number", "write a number without quotes");
                return None;
            }
        };
        if !value.is_finite() {
            self.fault(Problem::NotFinite { key: key.to_owned(), value: value.to_string() }, key, &node.span);
            return None;
        }
        let (low, high) = range;
        if value < low || value > high {
            self.out_of_range(node, key, as_written(value), (low.to_string(), high.to_string()), unit);
            return None;
        }
        // -0.0 equals 0 in every rule but would change the hash.
        Some(self.given(node, if value == 0.0 { 0.0 } else { value }))
    }

    /// Reads a whole number in the inclusive range.
    pub(super) fn whole(
        &mut self,
        node: &Node,
        key: &str,
        range: (i64, i64),
        unit: &str,
    ) -> Option<Given<i64>> {
        let (low, high) = range;
        // JSON does not distinguish 4e4 from 40000, so accept reals without a fraction.
        let whole = match node.value {
            RawValue::Real(real) if real.fract() == 0.0 && real.abs() < 9e15 => {
                RawValue::Whole(Some(real as i64))
            }
            RawValue::Real(real) if real.is_finite() && real.abs() >= 9e15 => RawValue::Whole(None),
            _ => RawValue::Null,
        };
        let value = if whole == RawValue::Null { &node.value } else { &whole };
        match *value {
            RawValue::Whole(Some(value)) if (low..=high).contains(&value) => Some(self.given(node, value)),
            RawValue::Whole(value) => {
                let shown = value.map_or_else(|| "a huge number".to_owned(), |value| value.to_string());
                self.out_of_range(node, key, shown, (low.to_string(), high.to_string()), unit);
                None
            }
            RawValue::Real(value) if !value.is_finite() => {
                let problem = Problem::NotFinite { key: key.to_owned(), value: value.to_string() };
                self.fault(problem, key, &node.span);
                None
            }
            _ => {
                self.wrong_type(
                    node,
                    key,
                    "a whole number",
                    "write a whole number without quotes, such as 40_000",
                );
                None
            }
        }
    }

    fn out_of_range(&mut self, node: &Node, key: &str, value: String, range: (String, String), unit: &str) {
        let unit = if unit.is_empty() || unit == "1" { String::new() } else { format!(" ({unit})") };
        let (low, high) = range;
        self.fault(Problem::OutOfRange { key: key.to_owned(), value, low, high, unit }, key, &node.span);
    }

    /// Reads one of a few words.
    pub(super) fn word<T: Copy>(
        &mut self,
        node: &Node,
        key: &str,
        what: &'static str,
        words: &[(&'static str, T)],
    ) -> Option<Given<T>> {
        let text = self.text(node, key)?;
        if let Some((_, value)) = words.iter().find(|(word, _)| *word == text.value) {
            return Some(Given { value: *value, at: text.at });
        }
        self.unknown_name(&text, key, what, words.iter().map(|(word, _)| *word));
        None
    }

    /// Records an unknown name.
    pub(super) fn unknown_name<'n>(
        &mut self,
        name: &Given<String>,
        key: &str,
        what: &'static str,
        allowed: impl Iterator<Item = &'n str> + Clone,
    ) {
        if self.faults.is_full() {
            self.faults.more += 1;
            return;
        }
        let problem = Problem::UnknownName {
            what,
            name: name.value.clone(),
            nearest: nearest(&name.value, allowed.clone()).map(str::to_owned),
            allowed: allowed.map(str::to_owned).collect(),
        };
        self.faults.push(problem, key, Some(name.at.clone()));
    }
}
