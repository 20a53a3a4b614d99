//! Reads `[robustness]`: the levers and parameters that are varied to try the verdicts.

use super::{ClaimsProblem, Robustness};
use crate::model::levers::LEVERS;
use crate::model::parameters::PARAMETERS;
use crate::scenario::fault::Problem;
use crate::scenario::reader::{Fields, Reader};
use crate::scenario::tree::{Entry, Node, RawValue};

const KEYS: &[&str] = &["judged_levers", "permuted_levers", "shift", "turn_months", "prior"];

/// Largest shift of a turn of policy, in months.
const MAX_TURN: i64 = 24;

/// Reads the table, if the file has one.
pub(super) fn read_robustness(reader: &mut Reader<'_>, top: &Fields<'_>) -> Option<Robustness> {
    let Some(entry) = top.get("robustness") else { return Some(Robustness::default()) };
    let fields = reader.fields(&entry.node, "robustness", "[robustness]", KEYS, &[])?;
    let judged_levers = read_levers(reader, &fields, "judged_levers");
    let permuted_levers = read_levers(reader, &fields, "permuted_levers");
    let shift = fields.get("shift").and_then(|entry| {
        reader.number(&entry.node, "robustness.shift", (0.0, 1.0), "").map(|shift| shift.value)
    });
    let turn = fields.get("turn_months").and_then(|entry| {
        reader.whole(&entry.node, "robustness.turn_months", (0, MAX_TURN), "months").map(|turn| turn.value)
    });
    let prior = fields.get("prior").map_or(Vec::new(), |entry| read_prior(reader, entry));
    Some(Robustness {
        judged_levers,
        permuted_levers,
        shift: shift.unwrap_or_default(),
        turn_months: turn.and_then(|turn| u32::try_from(turn).ok()).unwrap_or_default(),
        prior,
    })
}

fn read_levers(reader: &mut Reader<'_>, fields: &Fields<'_>, key: &str) -> Vec<String> {
    let keys = LEVERS.iter().map(|lever| lever.key);
    fields
        .get(key)
        .map_or(Vec::new(), |entry| read_known(reader, &entry.node, &fields.path_of(key), "lever", keys))
}

/// Reads a list of known names, each of them once.
pub(super) fn read_known(
    reader: &mut Reader<'_>,
    node: &Node,
    path: &str,
    what: &'static str,
    known: impl Iterator<Item = &'static str> + Clone,
) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let nodes = reader.short_list(node, path, known.clone().count()).unwrap_or_default();
    for (position, node) in nodes.iter().enumerate() {
        let path = format!("{path}[{position}]");
        let Some(name) = reader.text(node, &path) else { continue };
        if !known.clone().any(|other| other == name.value) {
            reader.unknown_name(&name, &path, what, known.clone());
        } else if names.contains(&name.value) {
            let problem = Problem::DuplicateKey { key: name.value };
            reader.faults.push(problem, path, Some(name.at));
        } else {
            names.push(name.value);
        }
    }
    names
}

/// Reads the ranges of judged parameters.
fn read_prior(reader: &mut Reader<'_>, entry: &Entry) -> Vec<(String, f64, f64)> {
    let keys: Vec<&str> = PARAMETERS.iter().map(|info| info.key).collect();
    let symbols: Vec<(&str, &str)> = PARAMETERS.iter().map(|info| (info.symbol, info.key)).collect();
    let path = "robustness.prior";
    let Some(fields) = reader.fields(&entry.node, path, "[robustness.prior]", &keys, &symbols) else {
        return Vec::new();
    };
    let mut prior = Vec::new();
    for entry in fields.entries() {
        let Some(info) = PARAMETERS.iter().find(|info| info.key == entry.key) else { continue };
        let range = read_range(reader, &entry.node, &fields.path_of(info.key), info.valid, info.unit);
        prior.extend(range.map(|(low, high)| (info.key.to_owned(), low, high)));
    }
    prior
}

/// Reads a range of two numbers, the first below the second.
fn read_range(
    reader: &mut Reader<'_>,
    node: &Node,
    path: &str,
    valid: (f64, f64),
    unit: &str,
) -> Option<(f64, f64)> {
    let RawValue::List(list) = &node.value else {
        reader.wrong_type(node, path, "a list", "give the smallest and the largest value: [0, 4]");
        return None;
    };
    let [low, high] = list.as_slice() else {
        let found = format!("{} entries", list.len());
        reader.fault(ClaimsProblem::RangeForm { found }.into(), path, &node.span);
        return None;
    };
    let mut end = |node: &Node, position: usize| {
        reader.number(node, &format!("{path}[{position}]"), valid, unit).map(|number| number.value)
    };
    let (low, high) = (end(low, 0), end(high, 1));
    let (low, high) = (low?, high?);
    if low >= high {
        let problem = ClaimsProblem::ReversedRange { low: low.to_string(), high: high.to_string() };
        reader.fault(problem.into(), path, &node.span);
        return None;
    }
    Some((low, high))
}
