//! A file on disk -> a checked scenario, or faults that point at the line.
//!
//! A scenario gives the policy of the leadership and the events of each month, the population, and the constants of the
//! rules. It is a patch over a named base, or complete by itself. This module reads the files, reports what is wrong with
//! them, resolves a chain of patches to the [`Setup`] that the model trusts, and holds the shipped scenarios. It runs
//! nothing.
//!
//! ```text
//! source -> {toml_text, json_text} -> tree -> layer (reader, naming, track, event, phase) -> resolve -> Scenario -> Setup
//! ```

mod difference;
mod event;
mod fault;
mod json_text;
mod layer;
mod load;
mod naming;
mod page;
mod phase;
mod prediction;
mod provenance;
mod reader;
mod render;
mod resolve;
mod schema;
mod shipped;
mod source;
mod toml_text;
mod track;
mod tree;
mod warning;
mod write;

use std::fmt;
use std::str::FromStr;

pub use difference::Difference;
#[cfg(feature = "cli")]
pub(crate) use difference::{event_text, shown};
pub use event::{Event, Happening, Posts};
pub use fault::{Fault, Faults, MAX_FAULTS, Problem};
#[cfg(feature = "cli")]
pub(crate) use fault::{nearest, nearest_few};
pub use layer::{MAX_LIST, MAX_PEOPLE, Size};
pub use load::{MAX_BASES, load, load_altered, load_text};
pub use naming::{MAX_LABEL, Misread, misread};
pub use page::parameters_page;
pub use phase::Phase;
pub use prediction::{DEFAULT_WITHIN, Direction, Prediction, WHOLE_PERIOD};
pub use provenance::{Provenance, Setting};
pub use schema::schema;
pub use shipped::{SHIPPED, Shipped};
pub use source::{MAX_BYTES, Place, Source, Sources};
pub use track::Track;
pub use warning::{Caution, Warning};

use crate::engine::calendar::Month;
use crate::model::levers::{LEVERS, Levers, smooth};
use crate::model::mechanisms::Mechanisms;
use crate::model::parameters::Parameters;
use crate::model::setup::{PolicyMode, Population, Setup};

/// A scenario, checked and resolved: nothing in it can make a run fail.
#[derive(Debug, Clone, PartialEq)]
pub struct Scenario {
    /// Name: lower-case letters, digits and `_`; the name of a result folder begins with it.
    pub name: String,
    /// What rows of results are called by instead of the name: the name of an altered scenario with its alterations.
    pub label: Option<String>,
    /// Title, a line for people.
    pub title: String,
    /// The expectation, in words.
    pub hypothesis: Option<String>,
    /// The parts of the hypothesis that figures can decide.
    pub predictions: Vec<Prediction>,
    /// Claims of the essay that it bears on, `C01` to `C54`.
    pub claims: Vec<String>,
    /// Size in January 1928.
    pub population: Population,
    /// Constants of the rules.
    pub parameters: Parameters,
    /// Which mechanisms act.
    pub mechanisms: Mechanisms,
    /// Values of the levers before smoothing, in the order of [`LEVERS`].
    pub tracks: Vec<Track>,
    /// Dated events, in the order in which they were first named.
    pub events: Vec<Event>,
    /// Periods by which results are summarised; the first from January 1928, each until the next.
    pub phases: Vec<Phase>,
    /// Where each value was set.
    pub provenance: Provenance,
    /// What is odd about it, in the order in which it was found.
    pub warnings: Vec<Warning>,
    /// The texts that the scenario was read from; places in [`Provenance`] refer to them.
    pub sources: Sources,
}

impl Scenario {
    /// What rows of results, the terminal and the report call the scenario: its label, or else its name.
    pub fn called(&self) -> &str {
        self.label.as_deref().unwrap_or(&self.name)
    }

    /// True if another scenario gives the same results but for names: the same setup, and phases that begin in the same
    /// months. Names, labels and other texts do not count.
    pub fn same_substance(&self, other: &Scenario) -> bool {
        let months = |scenario: &Scenario| scenario.phases.iter().map(|phase| phase.from).collect::<Vec<_>>();
        let values = |scenario: &Scenario| {
            (scenario.population, scenario.mechanisms, event::calendar(&scenario.events), months(scenario))
        };
        self.parameters == other.parameters
            && values(self) == values(other)
            && self.tracks.iter().zip(&other.tracks).all(|(track, other)| track.values == other.values)
    }

    /// What the model needs to know: levers smoothed, events by month.
    pub fn setup(&self) -> Setup {
        Setup {
            population: self.population,
            parameters: self.parameters.clone(),
            mechanisms: self.mechanisms,
            policy: PolicyMode::Schedule(smooth(&self.steps())),
            events: event::calendar(&self.events),
        }
    }

    /// The levers of each month before smoothing.
    pub fn steps(&self) -> Vec<Levers> {
        Month::all()
            .map(|month| {
                let mut levers = Levers::default();
                for (info, track) in LEVERS.iter().zip(&self.tracks) {
                    (info.set)(&mut levers, track.values[month.index()]);
                }
                levers
            })
            .collect()
    }

    /// The scenario with another population: enterprises keep their mean size, and the number of regions stays unless it
    /// would be above that of enterprises. The result has no label and is not checked; [`load_altered`] does both.
    #[must_use]
    pub fn with_population(mut self, size: Size) -> Self {
        self.population = resolve::resized(self.population, size);
        self
    }

    /// The phase that a month belongs to.
    pub fn phase_of(&self, month: Month) -> &Phase {
        let begun = self.phases.partition_point(|phase| phase.from <= month);
        &self.phases[begun.saturating_sub(1)]
    }

    /// The last month of a phase, by its position.
    pub fn phase_end(&self, position: usize) -> Month {
        self.phases.get(position + 1).map_or(Month::LAST, |next| Month(next.from.0 - 1))
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Size::People(people) => people.fmt(f),
            Size::OneToOne => f.write_str("one-to-one"),
        }
    }
}

/// Why a text is not a population.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a population: write a number of people from 1 to {MAX_PEOPLE}, or `one-to-one`")]
pub struct SizeError(String);

impl FromStr for Size {
    type Err = SizeError;

    /// Reads `4000`, `40_000` or `one-to-one`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "one-to-one" {
            return Ok(Size::OneToOne);
        }
        let digits = text.replace('_', "");
        digits
            .parse::<u64>()
            .ok()
            .filter(|size| {
                digits.bytes().all(|digit| digit.is_ascii_digit())
                    && (1..=MAX_PEOPLE.unsigned_abs()).contains(size)
            })
            .map(Size::People)
            .ok_or_else(|| SizeError(text.to_owned()))
    }
}

#[cfg(test)]
mod tests;
