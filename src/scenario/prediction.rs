//! Reads predictions (`[[prediction]]`): the testable parts of a hypothesis.
//!
//! Predictions do not affect a run and are not part of the hash. The layer `experiment` tests them.

use std::fmt;

use super::fault::{Faults, Problem, nearest};
use super::phase::Phase;
use super::reader::{Given, Reader};
use super::source::SourceSpan;
use super::tree::Node;
use crate::model::phase::PHASE_MEASURES;

/// The name for all months of the run, in place of a phase.
pub const WHOLE_PERIOD: &str = "whole period";

/// Keys of `[[prediction]]`.
pub(super) const PREDICTION_KEYS: &[&str] =
    &["metric", "phase", "from_phase", "direction", "within", "alone", "beside", "share"];

/// The expected direction of change of a measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Lower.
    Falls,
    /// Higher.
    Rises,
    /// Not lower by more than the margin.
    DoesNotFall,
    /// Not higher by more than the margin.
    DoesNotRise,
    /// Neither lower nor higher by more than the margin.
    HardlyChanges,
}

/// Directions, by their word in a file.
pub(super) const DIRECTIONS: &[(&str, Direction)] = &[
    ("falls", Direction::Falls),
    ("rises", Direction::Rises),
    ("does not fall", Direction::DoesNotFall),
    ("does not rise", Direction::DoesNotRise),
    ("hardly changes", Direction::HardlyChanges),
];

impl Direction {
    /// Its word in a file.
    pub fn word(self) -> &'static str {
        DIRECTIONS.iter().find(|(_, direction)| *direction == self).map_or("", |(word, _)| word)
    }
}

/// Default margin, as a share of the reference mean.
pub const DEFAULT_WITHIN: f64 = 0.1;

/// A prediction for one measure.
#[derive(Debug, Clone, PartialEq)]
pub struct Prediction {
    /// Column of `phases.csv`.
    pub metric: String,
    /// Phase, or [`WHOLE_PERIOD`].
    pub phase: String,
    /// If given, the prediction concerns the change from this phase to `phase`, not the value in `phase`.
    pub from_phase: Option<String>,
    /// Direction relative to the baseline or, if `alone`, to `from_phase`.
    pub direction: Direction,
    /// Margin as a share of the reference mean.
    pub within: f64,
    /// Whether the prediction concerns the change between the phases in this scenario only, without the baseline.
    pub alone: bool,
    /// Name of another scenario and a share: the effect is compared with that share of the other scenario's effect.
    pub beside: Option<(String, f64)>,
}

impl fmt::Display for Prediction {
    /// Writes the prediction in words: `discipline` falls in terror.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Prediction { metric, phase, from_phase, direction, within, alone, beside } = self;
        let percent = |share: f64| (1e8 * share).round() / 1e6;
        write!(out, "`{metric}` {}", direction.word())?;
        match direction {
            Direction::Falls | Direction::Rises => {}
            Direction::DoesNotFall | Direction::DoesNotRise => {
                write!(out, " by more than {} %", percent(*within))?;
            }
            Direction::HardlyChanges => write!(out, " (within {} %)", percent(*within))?,
        }
        match from_phase {
            Some(from) if *alone => write!(out, " from {from} to {phase}, in the scenario itself")?,
            Some(from) => write!(out, " in its change from {from} to {phase}")?,
            None if phase == WHOLE_PERIOD => write!(out, " over the whole period")?,
            None => write!(out, " in {phase}")?,
        }
        match beside {
            Some((name, share)) => {
                write!(out, ", compared with {} % of the effect of `{name}`", percent(*share))
            }
            None => Ok(()),
        }
    }
}

/// A prediction as written in a file, and the places of its phases.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct PredictionPatch {
    pub(super) prediction: Prediction,
    path: String,
    phases: [(&'static str, Option<SourceSpan>); 2],
}

/// Reads one `[[prediction]]`.
pub(super) fn read_prediction(reader: &mut Reader<'_>, node: &Node, path: &str) -> Option<PredictionPatch> {
    let fields = reader.fields(node, path, "[[prediction]]", PREDICTION_KEYS, &[])?;
    let text = |reader: &mut Reader<'_>, key: &str| -> Option<Given<String>> {
        let entry = fields.get(key)?;
        reader.text(&entry.node, &fields.path_of(key))
    };
    let metric = match fields.get("metric") {
        Some(_) => {
            text(reader, "metric").filter(|metric| known_metric(reader, metric, &fields.path_of("metric")))
        }
        None => {
            reader.missing(&fields, "metric", "name a column of phases.csv: metric = \"discipline\"");
            None
        }
    };
    let direction = match fields.get("direction") {
        Some(entry) => reader.word(&entry.node, &fields.path_of("direction"), "direction", DIRECTIONS),
        None => {
            reader.missing(&fields, "direction", "give the direction: direction = \"falls\"");
            None
        }
    };
    let (phase, from) = (text(reader, "phase"), text(reader, "from_phase"));
    let number = |reader: &mut Reader<'_>, key: &str, range| {
        let entry = fields.get(key)?;
        reader.number(&entry.node, &fields.path_of(key), range, "1").map(|number| number.value)
    };
    let within = number(reader, "within", (0.0, 10.0));
    let share = number(reader, "share", (0.0, 10.0));
    let alone = fields
        .get("alone")
        .and_then(|entry| reader.boolean(&entry.node, &fields.path_of("alone")))
        .is_some_and(|alone| alone.value);
    let beside = text(reader, "beside");
    let missing = |key: &str| !fields.has(key);
    if !missing("from_phase") && missing("phase") {
        reader.missing(&fields, "phase", "give the phase to which it changes: phase = \"terror\"");
    }
    if alone && missing("from_phase") {
        reader.missing(
            &fields,
            "from_phase",
            "with `alone`, give the phase from which it changes: from_phase = \"discipline\"",
        );
    }
    if beside.is_some() && missing("share") {
        reader.missing(&fields, "share", "give the share of the other scenario's effect: share = 0.5");
    }
    if !missing("share") && missing("beside") {
        reader.missing(&fields, "beside", "name the scenario to compare with: beside = \"unions_kept\"");
    }
    let phases = [("phase", phase.as_ref()), ("from_phase", from.as_ref())];
    let phases = phases.map(|(key, given)| (key, given.map(|given| given.at.clone())));
    Some(PredictionPatch {
        prediction: Prediction {
            metric: metric?.value,
            phase: phase.map_or_else(|| WHOLE_PERIOD.to_owned(), |phase| phase.value),
            from_phase: from.map(|from| from.value),
            direction: direction?.value,
            within: within.unwrap_or(DEFAULT_WITHIN),
            alone,
            beside: beside.zip(share).map(|(beside, share)| (beside.value, share)),
        },
        path: path.to_owned(),
        phases,
    })
}

fn known_metric(reader: &mut Reader<'_>, metric: &Given<String>, key: &str) -> bool {
    let known = PHASE_MEASURES.iter().any(|measure| measure.key == metric.value);
    if !known {
        reader.unknown_name(metric, key, "metric", PHASE_MEASURES.iter().map(|measure| measure.key));
    }
    known
}

/// Records phases in predictions that the resolved scenario does not have.
pub(super) fn check_phases(patches: &[PredictionPatch], phases: &[Phase], faults: &mut Faults) {
    for patch in patches {
        let prediction = &patch.prediction;
        let named = [Some(&prediction.phase), prediction.from_phase.as_ref()];
        for ((key, at), name) in patch.phases.iter().zip(named) {
            let Some(name) = name else { continue };
            let whole = name == WHOLE_PERIOD && prediction.from_phase.is_none();
            if whole || phases.iter().any(|phase| phase.name == *name) {
                continue;
            }
            let allowed: Vec<String> = phases.iter().map(|phase| phase.name.clone()).collect();
            let nearest = nearest(name, allowed.iter().map(String::as_str)).map(str::to_owned);
            let problem = Problem::UnknownName { what: "phase", name: name.clone(), nearest, allowed };
            faults.push(problem, format!("{}.{key}", patch.path), at.clone());
        }
    }
}
