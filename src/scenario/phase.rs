//! Reads phases (`[[phase]]`): the periods of the summary of results.
//!
//! A phase lasts until the next one begins, so only an explicit `until` can cause a gap or an overlap; it is checked.

use std::collections::BTreeSet;

use super::fault::Problem;
use super::naming::check_phase;
use super::reader::{Given, Reader};
use super::source::SourceSpan;
use super::tree::{Entry, Node};
use crate::engine::calendar::Month;

/// Keys of `[[phase]]`.
pub(super) const PHASE_KEYS: &[&str] = &["name", "from", "until"];

/// A named period, from its first month until the next phase begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phase {
    /// Name, also used in the column `phase`.
    pub name: String,
    /// First month.
    pub from: Month,
}

/// The phases of a file, which replace those of the base.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct PhasePatch {
    pub(super) phases: Vec<Phase>,
    pub(super) at: SourceSpan,
}

/// Reads the list of phases; `None` if one has a fault.
pub(super) fn read_phases(
    reader: &mut Reader<'_>,
    entry: &Entry,
    nodes: Vec<(String, &Node)>,
) -> Option<PhasePatch> {
    let at = reader.place(&entry.key_span);
    if nodes.is_empty() {
        if matches!(&entry.node.value, super::tree::RawValue::List(_)) {
            reader.fault(Problem::NoPhases, "phase", &entry.node.span);
        }
        return None;
    }
    let read: Vec<Option<WrittenPhase>> =
        nodes.iter().map(|(path, node)| read_phase(reader, node, path)).collect();
    let mut valid = true;
    let mut names = BTreeSet::new();
    for (position, ((path, _), phase)) in nodes.iter().zip(&read).enumerate() {
        let Some(phase) = phase else {
            valid = false;
            continue;
        };
        let before = position.checked_sub(1).and_then(|before| read[before].as_ref());
        let next = read.get(position + 1).and_then(Option::as_ref);
        for (problem, key, at) in faults_of(position, phase, before, next, nodes.len()) {
            valid = false;
            reader.faults.push(problem, format!("{path}.{key}"), Some(at));
        }
        if !names.insert(&phase.name.value) {
            valid = false;
            let problem = Problem::NameTwice { what: "phase", name: phase.name.value.clone() };
            reader.faults.push(problem, format!("{path}.name"), Some(phase.name.at.clone()));
        }
    }
    let phases = read
        .into_iter()
        .flatten()
        .map(|phase| Phase { name: phase.name.value, from: phase.from.value })
        .collect();
    valid.then_some(PhasePatch { phases, at })
}

/// One phase as written.
struct WrittenPhase {
    name: Given<String>,
    from: Given<Month>,
    until: Option<Given<Month>>,
}

fn faults_of(
    position: usize,
    phase: &WrittenPhase,
    before: Option<&WrittenPhase>,
    next: Option<&WrittenPhase>,
    count: usize,
) -> Vec<(Problem, &'static str, SourceSpan)> {
    let mut faults = Vec::new();
    let month = phase.from.value;
    if position == 0 && month != Month::FIRST {
        faults.push((Problem::PhasesStart { month }, "from", phase.from.at.clone()));
    }
    if let Some(before) = before.filter(|before| before.from.value >= month) {
        let problem = Problem::PhasesOverlap {
            name: phase.name.value.clone(),
            month,
            before: before.name.value.clone(),
            start: before.from.value,
        };
        faults.push((problem, "from", phase.from.at.clone()));
    }
    let Some(until) = &phase.until else { return faults };
    let name = phase.name.value.clone();
    if until.value < month {
        faults.push((Problem::ReversedSpan { from: month, until: until.value }, "until", until.at.clone()));
    } else if position + 1 == count && until.value != Month::LAST {
        faults.push((Problem::PhaseLast { name, until: until.value }, "until", until.at.clone()));
    } else if let Some(next) = next.map(|next| next.from.value)
        && until.value.0 + 1 != next.0
        && next > month
    {
        faults.push((Problem::PhaseEnd { name, until: until.value, next }, "until", until.at.clone()));
    }
    faults
}

fn read_phase(reader: &mut Reader<'_>, node: &Node, path: &str) -> Option<WrittenPhase> {
    let fields = reader.fields(node, path, "[[phase]]", PHASE_KEYS, &[])?;
    let name = match fields.get("name") {
        Some(entry) => reader
            .text(&entry.node, &fields.path_of("name"))
            .filter(|name| check_phase(reader, name, &fields.path_of("name"))),
        None => {
            reader.missing(&fields, "name", "name the phase: name = \"terror\"");
            None
        }
    };
    let from = match fields.get("from") {
        Some(entry) => reader.month(&entry.node, &fields.path_of("from")),
        None => {
            reader.missing(&fields, "from", "give its first month: from = \"1937-01\"");
            None
        }
    };
    let until = match fields.get("until") {
        Some(entry) => Some(reader.month(&entry.node, &fields.path_of("until"))?),
        None => None,
    };
    Some(WrittenPhase { name: name?, from: from?, until })
}
