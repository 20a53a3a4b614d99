//! The record of which line of which text set each value of a scenario; `kadry explain` prints it.

use super::event::Event;
use super::source::Place;
use crate::model::levers::LEVERS;
use crate::model::mechanisms::MECHANISMS;
use crate::model::parameters::PARAMETERS;

/// One setting of a value by a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    /// Where.
    pub at: Place,
    /// What, in words.
    pub what: String,
}

/// Where the values of a scenario were set; empty for defaults.
#[derive(Debug, Clone, PartialEq)]
pub struct Provenance {
    /// The name.
    pub name: Option<Place>,
    /// Size, enterprises, regions.
    pub population: [Option<Place>; 3],
    /// In the order of [`PARAMETERS`].
    pub parameters: Vec<Option<Place>>,
    /// In the order of [`MECHANISMS`].
    pub mechanisms: Vec<Option<Place>>,
    /// In the order of [`LEVERS`]: the steps, then each change.
    pub levers: Vec<Vec<Setting>>,
    /// In the order of the scenario's events: where it was added, then each alteration.
    pub events: Vec<Vec<Setting>>,
    /// Events that a patch removed, with what had set them and where they were removed.
    pub removed: Vec<(Event, Vec<Setting>, Place)>,
    /// The list of phases.
    pub phases: Option<Place>,
    /// The policy mode.
    pub mode: Option<Place>,
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
    pub fn parameter(&self, key: &str) -> Option<&Place> {
        let position = PARAMETERS.iter().position(|info| info.key == key)?;
        self.parameters[position].as_ref()
    }
}
