//! Reads scenario files into checked scenarios, or reports faults with their lines.
//!
//! A scenario sets the policy of the leadership and the events of each month, the population, and the constants of the
//! rules. It is complete, or a patch over a base. This module parses files, applies chains of patches, checks the
//! result, and turns it into the [`Setup`] that the model trusts. It also contains the shipped scenarios.
//!
//! ```text
//! source -> {toml_text, json_text} -> tree -> layer (reader, naming, track, event, phase, prediction) -> resolve ->
//! Scenario -> Setup
//! ```

pub mod claims;
mod difference;
mod event;
mod fault;
mod json_text;
mod layer;
mod load;
mod naming;
mod number;
mod parameters_page;
mod phase;
mod prediction;
mod provenance;
mod reader;
mod render;
mod resolve;
mod schema;
mod shipped;
mod source;
mod stack;
mod sweep;
mod target;
mod template;
mod toml_text;
mod track;
mod tree;
mod warning;
mod write;

use std::fmt;
use std::str::FromStr;

pub use difference::Difference;
#[cfg(feature = "cli")]
pub(crate) use difference::event_text;
pub use event::{Event, Happening, Posts};
pub(crate) use fault::nearest;
#[cfg(feature = "cli")]
pub(crate) use fault::nearest_few;
pub use fault::{Fault, Faults, MAX_FAULTS, Problem};
pub use layer::{MAX_LIST, MAX_PEOPLE, Size};
pub use load::{MAX_BASES, load, load_altered, load_text};
pub use naming::{COHORT_OF_THE_START, MAX_LABEL, Misread, misread};
#[cfg(feature = "cli")]
pub(crate) use number::shown;
pub use parameters_page::parameters_page;
pub use phase::Phase;
pub use prediction::WHOLE_PERIOD;
pub use provenance::{Assignment, Provenance};
pub use schema::schema;
pub use shipped::{SHIPPED, Shipped};
pub use source::{MAX_BYTES, Source, SourceSpan, Sources};
pub use stack::{Patch, Stack};
pub use sweep::{
    Design, DesignError, DesignName, MAX_POINTS, MAX_VARIED, Scale, Sweep, SweepOptions, SweepProblem,
    Variation, Vary, load_sweep, load_sweep_text,
};
pub(crate) use target::number_text;
pub use template::Template;
pub use track::Track;
pub use warning::{Caution, Warning};
pub(crate) use write::quoted;

use crate::engine::calendar::Month;
use crate::model::levers::{LEVERS, Levers, smooth};
use crate::model::mechanisms::Mechanisms;
use crate::model::parameters::Parameters;
use crate::model::setup::{PolicyMode, Population, Setup};

/// A resolved and checked scenario: its values cannot make a run fail.
#[derive(Debug, Clone, PartialEq)]
pub struct Scenario {
    /// Name, of lower-case letters, digits and `_`; names of result folders begin with it.
    pub name: String,
    /// Used in results instead of the name: for an altered scenario, its name with the alterations.
    pub label: Option<String>,
    /// Title, one line.
    pub title: String,
    /// The expectation, in words.
    pub hypothesis: Option<String>,
    /// The testable parts of the hypothesis: tests of the scenario against the baseline, or in the scenario itself.
    pub predictions: Vec<claims::Test>,
    /// Claims of the essay that it concerns, `C01` to `C54`.
    pub claims: Vec<String>,
    /// Size in January 1928.
    pub population: Population,
    /// Constants of the rules.
    pub parameters: Parameters,
    /// Which mechanisms are active.
    pub mechanisms: Mechanisms,
    /// Lever values before smoothing, in the order of [`LEVERS`].
    pub tracks: Vec<Track>,
    /// Dated events, in the order in which they were first defined.
    pub events: Vec<Event>,
    /// Periods of the summary of results; the first begins in January 1928, and each lasts until the next.
    pub phases: Vec<Phase>,
    /// Where each value was set.
    pub provenance: Provenance,
    /// Warnings, in the order in which they were found.
    pub warnings: Vec<Warning>,
    /// The texts that the scenario was read from; [`Provenance`] refers to them.
    pub sources: Sources,
}

impl Scenario {
    /// The name in results, on the terminal and in the report: the label, or else the name.
    pub fn called(&self) -> &str {
        self.label.as_deref().unwrap_or(&self.name)
    }

    /// Whether another scenario gives the same results except for names: it has the same setup and its phases begin in
    /// the same months.
    pub fn same_substance(&self, other: &Scenario) -> bool {
        let months = |scenario: &Scenario| scenario.phases.iter().map(|phase| phase.from).collect::<Vec<_>>();
        let values = |scenario: &Scenario| {
            (scenario.population, scenario.mechanisms, event::calendar(&scenario.events), months(scenario))
        };
        self.parameters == other.parameters
            && values(self) == values(other)
            && self.tracks.iter().zip(&other.tracks).all(|(track, other)| track.values == other.values)
    }

    /// The input of the model: smoothed levers, and events by month.
    pub fn setup(&self) -> Setup {
        Setup {
            population: self.population,
            parameters: self.parameters.clone(),
            mechanisms: self.mechanisms,
            policy: PolicyMode::Schedule(smooth(&self.steps())),
            events: event::calendar(&self.events),
        }
    }

    /// The lever values of each month before smoothing.
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

    /// Changes the population. Enterprises keep their mean size, and the number of regions is kept if there are at
    /// least as many enterprises. The result is neither labelled nor checked; [`load_altered`] does both.
    #[must_use]
    pub fn with_population(mut self, size: Size) -> Self {
        self.population = resolve::resized(self.population, size);
        self
    }

    /// The phase of a month.
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

/// The error for a text that is not a population.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a population: write a number of people from 1 to {MAX_PEOPLE}, or `one-to-one`")]
pub struct SizeError(String);

impl FromStr for Size {
    type Err = SizeError;

    /// Parses `4000`, `40_000` or `one-to-one`.
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
