//! Reads predictions (`[[prediction]]`): the testable parts of a hypothesis.
//!
//! A prediction is a test of the language of [`super::claims`] that concerns the scenario itself. Predictions do not affect
//! a run and are not part of the hash. The layer `experiment` tests them.

use super::claims::{ClaimTest, Language, Reading, Test, read_test};
use super::fault::{Faults, Problem, nearest};
use super::phase::Phase;
use super::reader::Reader;
use super::source::SourceSpan;
use super::tree::Node;

/// The name for all months of the run, in place of a phase.
pub const WHOLE_PERIOD: &str = "whole period";

/// A prediction as written in a file, and the places of its phases.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct PredictionPatch {
    test: Test,
    /// The dotted key, the name and the place of each phase.
    phases: Vec<(String, String, SourceSpan)>,
}

impl PredictionPatch {
    /// The prediction of a scenario with a name.
    pub(super) fn of_scenario(&self, name: &str) -> Test {
        self.test.of_scenario(name)
    }
}

/// Reads one `[[prediction]]`.
pub(super) fn read_prediction(reader: &mut Reader<'_>, node: &Node, path: &str) -> Option<PredictionPatch> {
    let mut reading =
        Reading { language: Language::Prediction, base: None, scenarios: &[], phases: Vec::new() };
    let test = read_test(reader, node, path, &mut reading)?;
    let ClaimTest::Ready(test) = test else { return None };
    Some(PredictionPatch { test, phases: reading.phases })
}

/// Records phases in predictions that the resolved scenario does not have.
pub(super) fn check_phases(patches: &[PredictionPatch], phases: &[Phase], faults: &mut Faults) {
    for (key, name, at) in patches.iter().flat_map(|patch| &patch.phases) {
        if phases.iter().any(|phase| phase.name == *name) {
            continue;
        }
        let allowed: Vec<String> = phases.iter().map(|phase| phase.name.clone()).collect();
        let nearest = nearest(name, allowed.iter().map(String::as_str)).map(str::to_owned);
        let problem = Problem::UnknownName { what: "phase", name: name.clone(), nearest, allowed };
        faults.push(problem, key.clone(), Some(at.clone()));
    }
}
