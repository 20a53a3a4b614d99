//! JSON -> tree, with places.
//!
//! The grammar is `serde_json`'s: it judges the text first, and names line and column of the first error. Only a text
//! that it accepts is walked here, so that the walk needs to find places and nothing else.

use std::collections::BTreeSet;
use std::ops::Range;

use super::tree::{Entry, FormFault, FormProblem, MAX_DEPTH, Node, Value};

/// Reads a JSON text. Behind a fault of syntax nothing can be read.
pub(super) fn read(text: &str) -> (Node, Vec<FormFault>) {
    if let Err(error) = serde_json::from_str::<serde::de::IgnoredAny>(text) {
        let empty = Node { span: 0..text.len(), value: Value::Table(Vec::new()) };
        return (empty, vec![syntax_fault(text, &error)]);
    }
    let mut walk = Walk { text, at: 0, faults: Vec::new() };
    let node = walk.node(0);
    (node, walk.faults)
}

fn syntax_fault(text: &str, error: &serde_json::Error) -> FormFault {
    let line_start: usize =
        text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    let start = (line_start + error.column().saturating_sub(1)).min(text.len());
    let message = error.to_string();
    let problem = if message.contains("recursion limit") {
        FormProblem::TooDeep
    } else {
        FormProblem::Syntax(message.split(" at line").next().unwrap_or(&message).to_lowercase())
    };
    FormFault { span: start..(start + 1).min(text.len()), problem }
}

/// A walk over a text that is known to be JSON.
struct Walk<'t> {
    text: &'t str,
    at: usize,
    faults: Vec<FormFault>,
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

    /// Takes the character if it is the next one.
    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == byte;
        self.at += usize::from(found);
        found
    }

    fn node(&mut self, depth: usize) -> Node {
        let first = self.peek();
        let start = self.at;
        let value = match first {
            // Deeper than any scenario goes: step over it without going down, so that no depth can exhaust the stack.
            b'{' | b'[' if depth > MAX_DEPTH => {
                self.skip_nested();
                self.faults.push(FormFault { span: start..self.at, problem: FormProblem::TooDeep });
                Value::Null
            }
            b'{' => self.table(depth),
            b'[' => self.list(depth),
            b'"' => Value::Text(self.string().0),
            _ => self.word(),
        };
        Node { span: start..self.at, value }
    }

    /// Steps over a table or list with all that is in it.
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

    fn table(&mut self, depth: usize) -> Value {
        self.at += 1;
        let mut entries: Vec<Entry> = Vec::new();
        let mut keys = BTreeSet::new();
        while !self.take(b'}') {
            self.take(b',');
            self.skip_space();
            let (key, key_span) = self.string();
            self.take(b':');
            let node = self.node(depth + 1);
            if keys.insert(key.clone()) {
                entries.push(Entry { key, key_span, node });
            } else {
                self.faults.push(FormFault { span: key_span, problem: FormProblem::Duplicate(key) });
            }
        }
        Value::Table(entries)
    }

    fn list(&mut self, depth: usize) -> Value {
        self.at += 1;
        let mut list = Vec::new();
        while !self.take(b']') {
            self.take(b',');
            list.push(self.node(depth + 1));
        }
        Value::List(list)
    }

    /// A string literal and its place, without the quotes.
    fn string(&mut self) -> (String, Range<usize>) {
        let start = self.at;
        let bytes = self.text.as_bytes();
        self.at += 1;
        while bytes[self.at] != b'"' {
            self.at += if bytes[self.at] == b'\\' { 2 } else { 1 };
        }
        self.at += 1;
        let text = serde_json::from_str(&self.text[start..self.at]).unwrap_or_default();
        (text, start + 1..self.at - 1)
    }

    /// A number, `true`, `false` or `null`.
    fn word(&mut self) -> Value {
        let rest = &self.text[self.at..];
        let length = rest.find([',', ']', '}', ' ', '\t', '\r', '\n']).unwrap_or(rest.len());
        let word = &rest[..length];
        self.at += length;
        match word {
            "true" => Value::Boolean(true),
            "false" => Value::Boolean(false),
            "null" => Value::Null,
            _ if word.contains(['.', 'e', 'E']) => Value::Real(word.parse().unwrap_or(f64::NAN)),
            _ => Value::Whole(word.parse().ok()),
        }
    }
}
