//! Records which lines set each value of a scenario; `kadry explain` prints them.

use super::event::Event;
use super::source::SourceSpan;
use crate::model::levers::LEVERS;
use crate::model::mechanisms::MECHANISMS;
use crate::model::parameters::PARAMETERS;

/// One assignment of a value.
#[derive(Debug, Clone, PartialEq)]
pub struct Assignment {
    /// Place of the assignment.
    pub at: SourceSpan,
    /// The assigned value or change, in words.
    pub what: String,
}

/// The places that set the values of a scenario; defaults have none.
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
    /// In the order of [`LEVERS`]: the steps, then the changes.
    pub levers: Vec<Vec<Assignment>>,
    /// In the order of the scenario's events: the addition, then the alterations.
    pub events: Vec<Vec<Assignment>>,
    /// Removed events, with their assignments and the place of the removal.
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
    /// The place that set a parameter, by key.
    pub fn parameter(&self, key: &str) -> Option<&SourceSpan> {
        let position = PARAMETERS.iter().position(|info| info.key == key)?;
        self.parameters[position].as_ref()
    }
}
