//! Reads tracks of levers (`[levers]`) and changes to them (`[[change]]`), and applies the changes.
//!
//! A track is written in steps and stored as one value per month, before smoothing
//! ([`crate::model::levers::smooth`]).

use super::fault::{Problem, list};
use super::reader::{Given, Reader};
use super::source::SourceSpan;
use super::tree::{Entry, Node, RawValue};
use crate::engine::calendar::Month;
use crate::model::levers::{LEVERS, LeverInfo};

/// Keys of `[levers.NAME]`.
pub(super) const TRACK_KEYS: &[&str] = &["steps", "source"];

/// Keys of `[[change]]`.
pub(super) const CHANGE_KEYS: &[&str] =
    &["lever", "from", "until", "set", "at_most", "at_least", "add", "scale", "shift_months", "source"];

/// Operations of a change, with the range and unit of their number. `shift_months` takes a whole number.
pub(super) const OPERATIONS: &[(&str, (f64, f64), &str)] = &[
    ("set", (0.0, 1.0), ""),
    ("at_most", (0.0, 1.0), ""),
    ("at_least", (0.0, 1.0), ""),
    ("add", (-1.0, 1.0), ""),
    ("scale", (0.0, 100.0), ""),
    ("shift_months", (-161.0, 161.0), "months"),
];

/// The values of one lever before smoothing.
#[derive(Debug, Clone, PartialEq)]
pub struct Track {
    /// One value per month of the calendar, from 0 to 1.
    pub values: Vec<f64>,
    /// Source, in words.
    pub source: Option<String>,
}

impl Track {
    /// The steps of the track: the first month, and each month in which the value changes.
    pub fn steps(&self) -> Vec<(Month, f64)> {
        Month::all()
            .zip(&self.values)
            .filter(|(month, value)| *month == Month::FIRST || self.values[month.index() - 1] != **value)
            .map(|(month, value)| (month, *value))
            .collect()
    }
}

/// A track in a file, which replaces that of the base.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct TrackPatch {
    pub(super) steps: Vec<(Month, f64)>,
    pub(super) source: Option<String>,
    pub(super) at: SourceSpan,
}

/// The operation of a change on each value of its span.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Operation {
    /// Replaces the value.
    Set(f64),
    /// Limits the value from above.
    AtMost(f64),
    /// Limits the value from below.
    AtLeast(f64),
    /// Adds to the value.
    Add(f64),
    /// Multiplies the value.
    Scale(f64),
    /// Moves the track this many months later; earlier if negative.
    Shift(i64),
}

/// A change to a lever over an inclusive span of months.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Change {
    /// Position in [`LEVERS`].
    pub(super) lever: usize,
    pub(super) from: Month,
    pub(super) until: Month,
    pub(super) operation: Operation,
    pub(super) source: Option<String>,
    pub(super) path: String,
    pub(super) at: SourceSpan,
}

impl Change {
    /// Applies the change to a track and clamps every value to 0 to 1.
    pub(super) fn apply(&self, values: &[f64]) -> Vec<f64> {
        let mut changed = values.to_vec();
        for month in self.from.index()..=self.until.index() {
            let value = values[month];
            let value = match self.operation {
                Operation::Set(set) => set,
                Operation::AtMost(most) => value.min(most),
                Operation::AtLeast(least) => value.max(least),
                Operation::Add(add) => value + add,
                Operation::Scale(factor) => value * factor,
                Operation::Shift(months) => values[shifted(month, months, values.len())],
            };
            changed[month] = value.clamp(0.0, 1.0);
        }
        changed
    }

    /// Describes the change, for provenance.
    pub(super) fn words(&self) -> String {
        let operation = match self.operation {
            Operation::Set(value) => format!("set {value}"),
            Operation::AtMost(value) => format!("at_most {value}"),
            Operation::AtLeast(value) => format!("at_least {value}"),
            Operation::Add(value) => format!("add {value}"),
            Operation::Scale(value) => format!("scale {value}"),
            Operation::Shift(months) => format!("shift_months {months}"),
        };
        match (self.from == Month::FIRST, self.until == Month::LAST) {
            (true, true) => operation,
            (false, true) => format!("{operation} from {}", self.from),
            (true, false) => format!("{operation} until {}", self.until),
            (false, false) => format!("{operation} from {} until {}", self.from, self.until),
        }
    }
}

/// The month whose value a shift moves to `month`. The first and last values fill the months left empty.
fn shifted(month: usize, months: i64, count: usize) -> usize {
    let origin = month as i64 - months;
    usize::try_from(origin).unwrap_or(0).min(count - 1)
}

/// Converts steps, which begin in January 1928, to one value per month.
pub(super) fn values(steps: &[(Month, f64)]) -> Vec<f64> {
    let mut values = vec![0.0; Month::COUNT];
    for (month, value) in steps {
        values[month.index()..].fill(*value);
    }
    values
}

/// Reads `[levers.NAME]`, or a number for a constant lever.
pub(super) fn read_track(reader: &mut Reader<'_>, entry: &Entry, path: &str) -> Option<TrackPatch> {
    let at = reader.place(&entry.key_span);
    if !matches!(entry.node.value, RawValue::Table(_)) {
        let value = reader.number(&entry.node, path, (0.0, 1.0), "")?.value;
        return Some(TrackPatch { steps: vec![(Month::FIRST, value)], source: None, at });
    }
    let fields = reader.fields(&entry.node, path, &format!("[{path}]"), TRACK_KEYS, &[])?;
    let source = fields.get("source").and_then(|entry| reader.text(&entry.node, &fields.path_of("source")));
    let Some(entry) = fields.get("steps") else {
        reader.missing(&fields, "steps", "for example: steps = [[\"1928-01\", 0.2], [\"1937-01\", 0.5]]");
        return None;
    };
    let steps = read_steps(reader, &entry.node, &fields.path_of("steps"))?;
    Some(TrackPatch { steps, source: source.map(|source| source.value), at })
}

fn read_steps(reader: &mut Reader<'_>, node: &Node, path: &str) -> Option<Vec<(Month, f64)>> {
    let nodes = reader.short_list(node, path, Month::COUNT)?;
    if nodes.is_empty() {
        reader.fault(Problem::NoSteps, path, &node.span);
        return None;
    }
    let mut steps: Vec<(Month, f64)> = Vec::new();
    let mut before: Option<Month> = None;
    let mut valid = true;
    for (position, node) in nodes.iter().enumerate() {
        let path = format!("{path}[{position}]");
        let Some((month, value)) = read_step(reader, node, &path) else {
            valid = false;
            continue;
        };
        let problem = match before {
            None if position == 0 && month.value != Month::FIRST => {
                Some(Problem::StepsStart { month: month.value })
            }
            Some(before) if month.value <= before => Some(Problem::StepsOrder { month: month.value, before }),
            _ => None,
        };
        if let Some(problem) = problem {
            valid = false;
            reader.faults.push(problem, path, Some(month.at));
        }
        before = Some(month.value);
        steps.push((month.value, value));
    }
    valid.then_some(steps)
}

fn read_step(reader: &mut Reader<'_>, node: &Node, path: &str) -> Option<(Given<Month>, f64)> {
    match &node.value {
        RawValue::List(pair) if pair.len() == 2 => {
            let month = reader.month(&pair[0], &format!("{path}[0]"));
            let value = reader.number(&pair[1], &format!("{path}[1]"), (0.0, 1.0), "");
            Some((month?, value?.value))
        }
        RawValue::Broken => None,
        other => {
            let found = match other {
                RawValue::List(list) => format!("a list of {}", list.len()),
                other => other.kind().to_owned(),
            };
            reader.fault(Problem::StepForm { found }, path, &node.span);
            None
        }
    }
}

/// Reads one `[[change]]`.
pub(super) fn read_change(reader: &mut Reader<'_>, node: &Node, path: &str) -> Option<Change> {
    let fields = reader.fields(node, path, "[[change]]", CHANGE_KEYS, &[])?;
    let lever = match fields.get("lever") {
        Some(entry) => reader
            .text(&entry.node, &fields.path_of("lever"))
            .and_then(|name| find_lever(reader, &name, &fields.path_of("lever"))),
        None => {
            reader.missing(&fields, "lever", "name the lever to change: lever = \"criticism\"");
            None
        }
    };
    let span = read_span(reader, &fields);
    let source = fields.get("source").and_then(|entry| reader.text(&entry.node, &fields.path_of("source")));
    let given: Vec<&'static str> =
        OPERATIONS.iter().map(|(key, ..)| *key).filter(|key| fields.has(key)).collect();
    if given.len() != 1 && !reader.broken {
        let given = if given.is_empty() { "none".to_owned() } else { list(&given) };
        let allowed = list(&OPERATIONS.iter().map(|(key, ..)| *key).collect::<Vec<_>>());
        reader.fault(Problem::Operations { given, allowed }, path, &fields.span);
    }
    let mut operation = None;
    for (key, range, unit) in OPERATIONS {
        let Some(entry) = fields.get(key) else { continue };
        operation = read_operation(reader, &entry.node, &fields.path_of(key), key, *range, unit);
    }
    let (from, until) = span?;
    Some(Change {
        lever: lever?,
        from,
        until,
        operation: operation.filter(|_| given.len() == 1)?,
        source: source.map(|source| source.value),
        path: path.to_owned(),
        at: reader.place(&fields.span),
    })
}

fn read_operation(
    reader: &mut Reader<'_>,
    node: &Node,
    path: &str,
    key: &str,
    range: (f64, f64),
    unit: &str,
) -> Option<Operation> {
    if key == "shift_months" {
        let months = reader.whole(node, path, (range.0 as i64, range.1 as i64), unit)?;
        return Some(Operation::Shift(months.value));
    }
    let value = reader.number(node, path, range, unit)?.value;
    Some(match key {
        "set" => Operation::Set(value),
        "at_most" => Operation::AtMost(value),
        "at_least" => Operation::AtLeast(value),
        "add" => Operation::Add(value),
        _ => Operation::Scale(value),
    })
}

fn find_lever(reader: &mut Reader<'_>, name: &Given<String>, path: &str) -> Option<usize> {
    let found = LEVERS.iter().position(|info| info.key == name.value);
    if found.is_none() {
        // Suggest the key for a symbol of the model description.
        let symbol = LEVERS.iter().find(|info| info.symbol == name.value);
        match symbol {
            Some(info) => {
                let problem = Problem::UnknownName {
                    what: "lever",
                    name: name.value.clone(),
                    nearest: Some(info.key.to_owned()),
                    allowed: LEVERS.iter().map(|info| info.key.to_owned()).collect(),
                };
                reader.faults.push(problem, path, Some(name.at.clone()));
            }
            None => reader.unknown_name(name, path, "lever", LEVERS.iter().map(lever_key)),
        }
    }
    found
}

fn lever_key(info: &LeverInfo) -> &'static str {
    info.key
}

/// Reads the span `from` to `until`, by default the whole calendar; `None` if it has a fault.
pub(super) fn read_span(
    reader: &mut Reader<'_>,
    fields: &super::reader::Fields<'_>,
) -> Option<(Month, Month)> {
    let mut month = |key: &str, default: Month| match fields.get(key) {
        Some(entry) => reader.month(&entry.node, &fields.path_of(key)).map(|month| month.value),
        None => Some(default),
    };
    let from = month("from", Month::FIRST);
    let until = month("until", Month::LAST);
    let (from, until) = (from?, until?);
    check_span(reader, fields, from, until).then_some((from, until))
}

/// Records a span that ends before it begins; returns whether the span is valid.
pub(super) fn check_span(
    reader: &mut Reader<'_>,
    fields: &super::reader::Fields<'_>,
    from: Month,
    until: Month,
) -> bool {
    if from <= until {
        return true;
    }
    let entry = fields.get("until").or_else(|| fields.get("from"));
    let span = entry.map_or(fields.span.clone(), |entry| entry.node.span.clone());
    reader.fault(Problem::ReversedSpan { from, until }, fields.path_of("until"), &span);
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(operation: Operation, from: u16, until: u16) -> Change {
        let at = SourceSpan { source: 0, start: 0, end: 0 };
        Change {
            lever: 0,
            from: Month(from),
            until: Month(until),
            operation,
            source: None,
            path: String::new(),
            at,
        }
    }

    /// 0.2 from month 0, 0.5 from month 10, 0.8 from month 20.
    fn track() -> Vec<f64> {
        values(&[(Month(0), 0.2), (Month(10), 0.5), (Month(20), 0.8)])
    }

    fn at(values: &[f64], months: [usize; 4]) -> [f64; 4] {
        months.map(|month| (values[month] * 1e9).round() / 1e9)
    }

    #[test]
    fn each_operation_acts_within_its_span_and_range() {
        let apply = |operation| at(&change(operation, 9, 20).apply(&track()), [8, 9, 20, 21]);
        assert_eq!(apply(Operation::Set(0.1)), [0.2, 0.1, 0.1, 0.8]);
        assert_eq!(apply(Operation::AtMost(0.6)), [0.2, 0.2, 0.6, 0.8]);
        assert_eq!(apply(Operation::AtLeast(0.6)), [0.2, 0.6, 0.8, 0.8]);
        assert_eq!(apply(Operation::Add(0.3)), [0.2, 0.5, 1.0, 0.8]);
        assert_eq!(apply(Operation::Add(-0.3)), [0.2, 0.0, 0.5, 0.8]);
        assert_eq!(apply(Operation::Scale(2.0)), [0.2, 0.4, 1.0, 0.8]);
        assert_eq!(apply(Operation::Scale(0.0)), [0.2, 0.0, 0.0, 0.8]);
    }

    #[test]
    fn a_shift_moves_steps_and_extends_the_outer_values() {
        let apply = |months, from, until| change(Operation::Shift(months), from, until).apply(&track());
        assert_eq!(at(&apply(5, 0, 161), [0, 14, 15, 25]), [0.2, 0.2, 0.5, 0.8]);
        assert_eq!(at(&apply(-5, 0, 161), [4, 5, 15, 161]), [0.2, 0.5, 0.8, 0.8]);
        assert_eq!(at(&apply(161, 0, 161), [0, 10, 160, 161]), [0.2; 4]);
        assert_eq!(at(&apply(-161, 0, 161), [0, 1, 160, 161]), [0.8; 4]);
        // Values from before the span move into it; after the span the track is unchanged.
        assert_eq!(at(&apply(5, 12, 22), [11, 12, 22, 23]), [0.5, 0.2, 0.5, 0.8]);
    }

    #[test]
    fn steps_and_values_convert_into_each_other() {
        let values = track();
        let track = Track { values: values.clone(), source: None };
        assert_eq!(track.steps(), [(Month(0), 0.2), (Month(10), 0.5), (Month(20), 0.8)]);
        assert_eq!(super::values(&track.steps()), values);
    }
}
