//! The record of which line of which text set each value of a scenario; `kadry explain` prints it.

use super::event::Event;
use super::source::SourceSpan;
use crate::model::levers::LEVERS;
use crate::model::mechanisms::MECHANISMS;
use crate::model::parameters::PARAMETERS;

/// One setting of a value by a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Assignment {
    /// Where.
    pub at: SourceSpan,
    /// What, in words.
    pub what: String,
}

/// Where the values of a scenario were set; empty for defaults.
#[derive(Debug, Clone, PartialEq)]
pub struct Provenance {
    /// The name.
    pub name: Option<SourceSpan>,
    /// Size, enterprises, regions.
    pub population: [Option<SourceSpan>; 3],
    /// In the order of [`PARAMETERS`].
    pub parameters: Vec<Option<SourceSpan>>,
    /// In the order of [`MECHANISMS`].
    pub mechanisms: Vec<Option<SourceSpan>>,
    /// In the order of [`LEVERS`]: the steps, then each change.
    pub levers: Vec<Vec<Assignment>>,
    /// In the order of the scenario's events: where it was added, then each alteration.
    pub events: Vec<Vec<Assignment>>,
    /// Events that a patch removed, with what had set them and where they were removed.
    pub removed: Vec<(Event, Vec<Assignment>, SourceSpan)>,
    /// The list of phases.
    pub phases: Option<SourceSpan>,
    /// The policy mode.
    pub mode: Option<SourceSpan>,
}

impl Default for Provenance {
    fn default() -> Self {
        Provenance {
            name: None,
            population: [None, None, None],
            parameters: vec![None; PARAMETERS.len()],
            mechanisms: vec![None; MECHANISMS.len()],
            levers: vec![Vec::new(); LEVERS.len()],
            events: Vec::new(),
            removed: Vec::new(),
            phases: None,
            mode: None,
        }
    }
}

impl Provenance {
    /// Where a parameter was set, by key.
    pub fn parameter(&self, key: &str) -> Option<&SourceSpan> {
        let position = PARAMETERS.iter().position(|info| info.key == key)?;
        self.parameters[position].as_ref()
    }
}
