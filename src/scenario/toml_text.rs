//! Parses TOML into a tree with the place of each value, using the `toml` crate. Continues after errors as far as the
//! parser can.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::tree::{Entry, MAX_DEPTH, Node, ParseProblem, ParsedText, RawValue, with_confusable};

/// Parses a TOML text. The result contains the parsed part even if there are faults.
pub(super) fn read(text: &str) -> ParsedText {
    let (table, errors) = DeTable::parse_recoverable(text);
    let node = Node { span: 0..text.len(), value: RawValue::Broken };
    let mut form = ParsedText { node, faults: Vec::new(), more: 0 };
    let mut spans: Vec<Range<usize>> = Vec::with_capacity(errors.len());
    let mut long_key = None;
    for error in errors {
        let span = error.span().filter(|span| *span != (0..0));
        let span = span.unwrap_or_else(|| long_key.get_or_insert_with(|| longest_key(text)).clone());
        if !error.message().starts_with("duplicate key") {
            spans.push(span.clone());
        }
        form.fault(span.clone(), || problem(text, &error, &span));
    }
    spans.sort_by_key(|span| span.start);
    let mut walk = Walk { text, broken: spans, form };
    let value = walk.entries(table.into_inner(), 1);
    ParsedText { node: Node { span: 0..text.len(), value }, ..walk.form }
}

fn problem(text: &str, error: &toml::de::Error, span: &Range<usize>) -> ParseProblem {
    let message = error.message().trim().to_lowercase().replace('\n', ", ");
    if message.starts_with("duplicate key") {
        ParseProblem::Duplicate(text.get(span.clone()).unwrap_or_default().trim().to_owned())
    } else if message.contains("recursion limit") {
        ParseProblem::TooDeep
    } else {
        ParseProblem::Syntax(with_confusable(message, text, span))
    }
}

/// The first line with more dots than a key may have; the parser does not report the place of such a key.
fn longest_key(text: &str) -> Range<usize> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if line.matches('.').count() > MAX_DEPTH {
            return start..start + line.trim_end().len();
        }
        start += line.len();
    }
    0..0
}

struct Walk<'t> {
    text: &'t str,
    /// Places of syntax errors, sorted.
    broken: Vec<Range<usize>>,
    form: ParsedText,
}

impl Walk<'_> {
    fn entries(&mut self, table: DeTable<'_>, depth: usize) -> RawValue {
        let mut entries: Vec<Entry> = Vec::with_capacity(table.len());
        for (key, value) in table {
            let key_span = key.span();
            // A key with an error inside is not the intended key.
            let inside = |error: &Range<usize>| error.start < key_span.end && error.end > key_span.start;
            if self.errors_near(&key_span).iter().any(inside) {
                continue;
            }
            let key = key.into_inner().into_owned();
            let node = self.node(value, depth + 1);
            entries.push(Entry { key, key_span, node });
        }
        entries.sort_by_key(|entry| entry.key_span.start);
        RawValue::Table(entries)
    }

    fn node(&mut self, value: Spanned<DeValue<'_>>, depth: usize) -> Node {
        let span = value.span();
        let value = match value.into_inner() {
            DeValue::Array(_) | DeValue::Table(_) if depth > MAX_DEPTH => {
                self.form.fault(span.clone(), || ParseProblem::TooDeep);
                RawValue::Broken
            }
            DeValue::Array(list) => {
                RawValue::List(list.into_iter().map(|value| self.node(value, depth + 1)).collect())
            }
            DeValue::Table(table) => self.entries(table, depth),
            _ if self.is_broken(&span) => RawValue::Broken,
            DeValue::String(text) => RawValue::Text(text.into_owned()),
            DeValue::Integer(whole) => {
                RawValue::Whole(i64::from_str_radix(whole.as_str(), whole.radix()).ok())
            }
            DeValue::Float(real) => real.as_str().parse().map_or(RawValue::Broken, RawValue::Real),
            DeValue::Boolean(boolean) => RawValue::Boolean(boolean),
            DeValue::Datetime(_) => RawValue::Date,
        };
        Node { span, value }
    }

    /// Whether an error is in a value or next to it on the same line.
    fn is_broken(&self, span: &Range<usize>) -> bool {
        let touches = |error: &Range<usize>| {
            let gap = self.text.get(error.end..span.start).or_else(|| self.text.get(span.end..error.start));
            error.start <= span.end && error.end >= span.start
                || gap.is_some_and(|gap| gap.chars().all(|letter| letter == ' ' || letter == '\t'))
        };
        self.errors_near(span).iter().any(touches)
    }

    /// The last error that starts before a value and the next two.
    fn errors_near(&self, span: &Range<usize>) -> &[Range<usize>] {
        let next = self.broken.partition_point(|error| error.start < span.start);
        &self.broken[next.saturating_sub(1)..(next + 2).min(self.broken.len())]
    }
}
