//! A file on disk -> a checked scenario, or faults that point at the line.
//!
//! A scenario says what the leadership set and what happened, month by month, over what population and with what
//! constants. It is a patch over a named base, or stands alone. This module owns the files, their keys and errors, the
//! way from a chain of patches to the [`Setup`] that the model trusts, and the shipped scenarios. It runs nothing.
//!
//! ```text
//! source -> {toml_text, json_text} -> tree -> layer (reader, track, event, phase) -> resolve -> Scenario -> Setup
//! ```

mod difference;
mod event;
mod fault;
mod json_text;
mod layer;
mod load;
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
mod write;

use std::str::FromStr;

pub use difference::Difference;
pub(crate) use difference::event_text;
pub use event::{Event, Happening, Posts};
pub(crate) use fault::nearest;
pub use fault::{Fault, Faults, MAX_FAULTS, Problem};
pub use layer::{MAX_PEOPLE, Size};
pub use load::{MAX_BASES, load, load_text};
pub use page::parameters_page;
pub use phase::Phase;
pub use prediction::{DEFAULT_WITHIN, Direction, Prediction, WHOLE_PERIOD};
pub use provenance::{Provenance, Setting};
pub use schema::schema;
pub use shipped::{SHIPPED, Shipped};
pub use source::{MAX_BYTES, Place, Source, Sources};
pub use track::Track;

use crate::engine::calendar::Month;
use crate::model::levers::{LEVERS, Levers, smooth};
use crate::model::mechanisms::Mechanisms;
use crate::model::parameters::Parameters;
use crate::model::setup::{PolicyMode, Population, Setup};

/// A scenario, checked and resolved: nothing in it can make a run fail.
#[derive(Debug, Clone, PartialEq)]
pub struct Scenario {
    /// Name: lower-case letters, digits and `_`; a folder and a column are called by it.
    pub name: String,
    /// Title, a line for people.
    pub title: String,
    /// What is expected of it, in words.
    pub hypothesis: Option<String>,
    /// What of it figures can decide.
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
    /// The texts that the scenario was read from; places in [`Provenance`] refer to them.
    pub sources: Sources,
}

impl Scenario {
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

    /// The scenario with another population, as by `--population`: at a size alone, enterprises keep their mean size
    /// and regions stay, unless they would be more than the enterprises.
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
