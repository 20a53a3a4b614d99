//! Parses JSON into a tree with the place of each value.
//!
//! `serde_json` checks the text first and reports the first syntax error. The walk here only locates values in valid
//! text.

use std::collections::BTreeSet;
use std::ops::Range;

use super::tree::{Entry, MAX_DEPTH, Node, ParseFault, ParseProblem, ParsedText, RawValue, with_confusable};

/// Parses a JSON text. A text with a syntax error gives an empty table.
pub(super) fn read(text: &str) -> ParsedText {
    if let Err(error) = serde_json::from_str::<serde::de::IgnoredAny>(text) {
        let node = Node { span: 0..text.len(), value: RawValue::Table(Vec::new()) };
        return ParsedText { node, faults: vec![syntax_fault(text, &error)], more: 0 };
    }
    let node = Node { span: 0..text.len(), value: RawValue::Broken };
    let mut walk = Walk { text, at: 0, form: ParsedText { node, faults: Vec::new(), more: 0 } };
    let node = walk.node(0);
    ParsedText { node, ..walk.form }
}

fn syntax_fault(text: &str, error: &serde_json::Error) -> ParseFault {
    let line_start: usize =
        text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    let start = (line_start + error.column().saturating_sub(1)).min(text.len());
    let span = start..(start + 1).min(text.len());
    let message = error.to_string();
    let problem = if message.contains("recursion limit") {
        ParseProblem::TooDeep
    } else {
        let message = message.split(" at line").next().unwrap_or(&message).to_lowercase();
        ParseProblem::Syntax(with_confusable(message, text, &span))
    };
    ParseFault { span, problem }
}

/// A walk over valid JSON text.
struct Walk<'t> {
    text: &'t str,
    at: usize,
    form: ParsedText,
}

impl Walk<'_> {
    fn skip_space(&mut self) {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
    }

    fn peek(&mut self) -> u8 {
        self.skip_space();
        self.text.as_bytes().get(self.at).copied().unwrap_or(0)
    }

    /// Consumes the next character if it is `byte`.
    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == byte;
        self.at += usize::from(found);
        found
    }

    fn node(&mut self, depth: usize) -> Node {
        let first = self.peek();
        let start = self.at;
        let value = match first {
            // Skip deep nesting without recursion, which could exhaust the stack.
            b'{' | b'[' if depth > MAX_DEPTH => {
                self.skip_nested();
                self.form.fault(start..self.at, || ParseProblem::TooDeep);
                RawValue::Broken
            }
            b'{' => self.table(depth),
            b'[' => self.list(depth),
            b'"' => self.string().0.map_or(RawValue::Broken, RawValue::Text),
            _ => self.word(),
        };
        Node { span: start..self.at, value }
    }

    /// Skips a table or list with its contents.
    fn skip_nested(&mut self) {
        let mut open = 0usize;
        loop {
            match self.text.as_bytes()[self.at] {
                b'"' => {
                    self.string();
                    continue;
                }
                b'{' | b'[' => open += 1,
                b'}' | b']' => open -= 1,
                _ => {}
            }
            self.at += 1;
            if open == 0 {
                return;
            }
        }
    }

    fn table(&mut self, depth: usize) -> RawValue {
        self.at += 1;
        let mut entries: Vec<Entry> = Vec::new();
        let mut keys = BTreeSet::new();
        while !self.take(b'}') {
            self.take(b',');
            self.skip_space();
            let (key, key_span) = self.string();
            self.take(b':');
            let node = self.node(depth + 1);
            let Some(key) = key else { continue };
            if keys.insert(key.clone()) {
                entries.push(Entry { key, key_span, node });
            } else {
                self.form.fault(key_span, || ParseProblem::Duplicate(key));
            }
        }
        RawValue::Table(entries)
    }

    fn list(&mut self, depth: usize) -> RawValue {
        self.at += 1;
        let mut list = Vec::new();
        while !self.take(b']') {
            self.take(b',');
            list.push(self.node(depth + 1));
        }
        RawValue::List(list)
    }

    /// Parses a string literal. Returns its text, `None` if it is not valid Unicode, and its place without the quotes.
    fn string(&mut self) -> (Option<String>, Range<usize>) {
        let start = self.at;
        let bytes = self.text.as_bytes();
        self.at += 1;
        while bytes[self.at] != b'"' {
            self.at += if bytes[self.at] == b'\\' { 2 } else { 1 };
        }
        self.at += 1;
        let span = start + 1..self.at - 1;
        let text = serde_json::from_str(&self.text[start..self.at]).ok();
        if text.is_none() {
            let message =
                "the string contains half a surrogate pair, such as `\\ud800`, which is not a character";
            self.form.fault(span.clone(), || ParseProblem::Syntax(message.to_owned()));
        }
        (text, span)
    }

    /// Parses a number, `true`, `false` or `null`.
    fn word(&mut self) -> RawValue {
        let rest = &self.text[self.at..];
        let length = rest.find([',', ']', '}', ' ', '\t', '\r', '\n']).unwrap_or(rest.len());
        let word = &rest[..length];
        self.at += length;
        match word {
            "true" => RawValue::Boolean(true),
            "false" => RawValue::Boolean(false),
            "null" => RawValue::Null,
            _ if word.contains(['.', 'e', 'E']) => word.parse().map_or(RawValue::Broken, RawValue::Real),
            _ => RawValue::Whole(word.parse().ok()),
        }
    }
}
