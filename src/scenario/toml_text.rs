//! TOML -> tree, with places, going on behind errors as far as the parser can.
//!
//! Owns nothing but the translation; the grammar is the `toml` crate's.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::tree::{Entry, FormFault, FormProblem, MAX_DEPTH, Node, Value};

/// Reads a TOML text. What could be read is given even if there are faults.
pub(super) fn read(text: &str) -> (Node, Vec<FormFault>) {
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut faults: Vec<FormFault> = errors.iter().map(|error| form_fault(text, error)).collect();
    let span = 0..text.len();
    let value = entries(table.into_inner(), 1, &mut faults);
    (Node { span, value }, faults)
}

fn form_fault(text: &str, error: &toml::de::Error) -> FormFault {
    let span = error.span().filter(|span| *span != (0..0)).unwrap_or_else(|| longest_key(text));
    let message = error.message().trim().to_lowercase().replace('\n', ", ");
    let problem = if message.starts_with("duplicate key") {
        FormProblem::Duplicate(text.get(span.clone()).unwrap_or_default().trim().to_owned())
    } else if message.contains("recursion limit") {
        FormProblem::TooDeep
    } else {
        FormProblem::Syntax(message)
    };
    FormFault { span, problem }
}

/// The parser does not say where a key has too many parts: the first line with so many dots in a row must be it.
fn longest_key(text: &str) -> std::ops::Range<usize> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if line.matches('.').count() > MAX_DEPTH {
            return start..start + line.trim_end().len();
        }
        start += line.len();
    }
    0..0
}

fn entries(table: DeTable<'_>, depth: usize, faults: &mut Vec<FormFault>) -> Value {
    let mut entries: Vec<Entry> = table
        .into_iter()
        .map(|(key, value)| Entry {
            key_span: key.span(),
            key: key.into_inner().into_owned(),
            node: node(value, depth + 1, faults),
        })
        .collect();
    entries.sort_by_key(|entry| entry.key_span.start);
    Value::Table(entries)
}

fn node(value: Spanned<DeValue<'_>>, depth: usize, faults: &mut Vec<FormFault>) -> Node {
    let span = value.span();
    let value = match value.into_inner() {
        DeValue::String(text) => Value::Text(text.into_owned()),
        DeValue::Integer(whole) => Value::Whole(i64::from_str_radix(whole.as_str(), whole.radix()).ok()),
        DeValue::Float(real) => Value::Real(real.as_str().parse().unwrap_or(f64::NAN)),
        DeValue::Boolean(boolean) => Value::Boolean(boolean),
        DeValue::Datetime(_) => Value::Date,
        DeValue::Array(_) | DeValue::Table(_) if depth > MAX_DEPTH => {
            faults.push(FormFault { span: span.clone(), problem: FormProblem::TooDeep });
            Value::Null
        }
        DeValue::Array(list) => {
            Value::List(list.into_iter().map(|value| node(value, depth + 1, faults)).collect())
        }
        DeValue::Table(table) => entries(table, depth, faults),
    };
    Node { span, value }
}
