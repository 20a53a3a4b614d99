//! Resolves layers into a scenario: applies each file to its base, and each option to the file.
//!
//! Detects the faults that no single file shows: events that the base does not have, inconsistent counts, and sizes
//! that exceed the limits of the model.

use std::collections::BTreeMap;

use super::Scenario;
use super::event::{Event, EventPatch};
use super::fault::{Faults, Problem, nearest};
use super::layer::{Layer, MAX_LIST, Size};
use super::phase::Phase;
use super::prediction::{PredictionPatch, check_phases};
use super::provenance::{Assignment, Provenance};
use super::source::SourceSpan;
use super::track::{Track, values};
use super::warning::{Caution, Warning, half_elections};
use crate::engine::calendar::Month;
use crate::model::bounds::{TooLarge, check, units};
use crate::model::identity::{MOST_ENTRANTS, MOST_UNITS};
use crate::model::levers::LEVERS;
use crate::model::mechanisms::{MECHANISMS, Mechanisms};
use crate::model::parameters::{PARAMETERS, Parameters, SHARES};
use crate::model::setup::Population;

/// Size of a scenario that has no base and gives no size.
const DEFAULT_PEOPLE: u64 = 40_000;

/// Applies layers one after another.
#[derive(Debug, Clone)]
pub(super) struct Resolver {
    /// The scenario without its events.
    scenario: Scenario,
    events: EventList,
    /// Requested number of regions; a population with fewer enterprises has fewer.
    regions: u32,
    /// The last given predictions, whose phases are checked at the end.
    predictions: Option<Vec<PredictionPatch>>,
}

/// Events by name, in the order in which they were first defined.
#[derive(Debug, Clone, Default)]
struct EventList {
    /// A removed event leaves `None`.
    events: Vec<Option<(Event, Vec<Assignment>)>>,
    positions: BTreeMap<String, usize>,
}

impl EventList {
    fn get(&self, name: &str) -> Option<&(Event, Vec<Assignment>)> {
        self.events[*self.positions.get(name)?].as_ref()
    }

    fn put(&mut self, event: Event, setting: Assignment) {
        match self.positions.get(&event.name) {
            Some(position) => {
                if let Some((old, settings)) = &mut self.events[*position] {
                    *old = event;
                    settings.push(setting);
                }
            }
            None => {
                self.positions.insert(event.name.clone(), self.events.len());
                self.events.push(Some((event, vec![setting])));
            }
        }
    }

    fn remove(&mut self, name: &str) -> Option<(Event, Vec<Assignment>)> {
        let position = self.positions.remove(name)?;
        self.events[position].take()
    }

    fn all(&self) -> impl Iterator<Item = &(Event, Vec<Assignment>)> {
        self.events.iter().flatten()
    }

    fn names(&self) -> Vec<String> {
        self.all().map(|(event, _)| event.name.clone()).collect()
    }
}

impl Resolver {
    /// The state before the first layer.
    pub(super) fn new() -> Self {
        let zero = Track { values: vec![0.0; Month::COUNT], source: None };
        let population = Population::of_size(DEFAULT_PEOPLE);
        Resolver {
            regions: population.regions,
            scenario: Scenario {
                name: String::new(),
                label: None,
                title: String::new(),
                hypothesis: None,
                predictions: Vec::new(),
                claims: Vec::new(),
                population,
                parameters: Parameters::default(),
                mechanisms: Mechanisms::default(),
                tracks: vec![zero; LEVERS.len()],
                events: Vec::new(),
                phases: vec![Phase { name: "all".to_owned(), from: Month::FIRST }],
                provenance: Provenance::default(),
                warnings: Vec::new(),
                sources: super::source::Sources::default(),
            },
            events: EventList::default(),
            predictions: None,
        }
    }

    /// Applies a file to its base.
    pub(super) fn file(&mut self, layer: &Layer, faults: &mut Faults) {
        self.regions = self.scenario.population.regions;
        self.apply(layer, true, faults);
    }

    /// Applies a `--set` option, without a warning if it has no effect; the caller compares [`Resolver::scenario`].
    pub(super) fn setting(&mut self, layer: &Layer, faults: &mut Faults) {
        self.apply(layer, false, faults);
    }

    /// The requested number of regions.
    pub(super) fn requested_regions(&self) -> u32 {
        self.regions
    }

    /// Sets the requested number of regions, for settings that are applied later.
    pub(super) fn request_regions(&mut self, regions: u32) {
        self.regions = regions;
    }

    /// Applies a size. The numbers of enterprises and regions follow from it unless they are set later.
    pub(super) fn resize(&mut self, size: Size, at: &SourceSpan) {
        let origins = &mut self.scenario.provenance.population;
        origins[0] = Some(at.clone());
        if size == Size::OneToOne {
            origins[1..].fill(Some(at.clone()));
        }
        self.set_size(size);
    }

    /// Sets the label.
    pub(super) fn label(&mut self, label: &str) {
        self.scenario.label = Some(label.to_owned());
    }

    /// The scenario so far.
    pub(super) fn scenario(&self) -> Scenario {
        let mut scenario = self.scenario.clone();
        (scenario.events, scenario.provenance.events) = self.events.all().cloned().unzip();
        scenario
    }

    /// Adds a warning.
    pub(super) fn warn(&mut self, warning: Warning) {
        self.scenario.warnings.push(warning);
    }

    /// Checks the whole scenario and returns it. If there are faults, use it only to find more faults.
    pub(super) fn finish(self, faults: &mut Faults) -> Scenario {
        let mut scenario = self.scenario();
        check_shares(&scenario, faults);
        check_events(&scenario, faults);
        check_size(&scenario, faults);
        if let Some(predictions) = &self.predictions
            && !scenario.predictions.is_empty()
        {
            check_phases(predictions, &scenario.phases, faults);
            let phases = &scenario.phases;
            let names = || phases.iter().map(|phase| phase.name.as_str());
            scenario.predictions.iter_mut().for_each(|test| test.complete(names()));
        }
        let calendar = super::event::calendar(&scenario.events);
        scenario.warnings.extend(half_elections(&scenario, &calendar));
        scenario
    }

    fn apply(&mut self, layer: &Layer, of_file: bool, faults: &mut Faults) {
        describe(&mut self.scenario, layer);
        self.populate(layer, faults);
        set_constants(&mut self.scenario, layer);
        move_levers(&mut self.scenario, layer, of_file);
        let mut named: BTreeMap<&str, &str> = BTreeMap::new();
        for event in &layer.events {
            // A file may name an event only once.
            let name = event.name.value.as_str();
            if let Some(first) = named.insert(name, &event.path)
                && first != event.path
            {
                let problem = Problem::NameTwice { what: "event", name: name.to_owned() };
                faults.push(problem, format!("{}.name", event.path), Some(event.name.at.clone()));
            } else {
                self.put_event(event, of_file, faults);
            }
        }
        if let Some(patch) = &layer.phases {
            self.scenario.phases = patch.phases.clone();
            self.scenario.provenance.phases = Some(patch.at.clone());
        }
        if let Some(mode) = &layer.mode {
            self.scenario.provenance.mode = Some(mode.clone());
        }
        if let Some(predictions) = &layer.predictions {
            self.predictions = Some(predictions.clone());
        }
    }

    fn populate(&mut self, layer: &Layer, faults: &mut Faults) {
        if let Some(size) = &layer.size {
            self.resize(size.value, &size.at);
        }
        let origins = &mut self.scenario.provenance.population;
        let population = &mut self.scenario.population;
        if let Some(enterprises) = &layer.enterprises {
            population.enterprises = enterprises.value;
            origins[1] = Some(enterprises.at.clone());
            if u64::from(enterprises.value) > population.size {
                let problem =
                    Problem::TooManyEnterprises { enterprises: enterprises.value, size: population.size };
                faults.push(problem, "population.enterprises", Some(enterprises.at.clone()));
            }
        }
        // Regions of the base that exceed the enterprises are reduced without a fault: the file did not request them.
        population.regions = self.regions.min(population.enterprises);
        if let Some(regions) = &layer.regions {
            (population.regions, self.regions) = (regions.value, regions.value);
            origins[2] = Some(regions.at.clone());
            if regions.value > population.enterprises {
                let problem =
                    Problem::TooManyRegions { regions: regions.value, enterprises: population.enterprises };
                faults.push(problem, "population.regions", Some(regions.at.clone()));
            }
        }
    }

    fn set_size(&mut self, size: Size) {
        if size == Size::OneToOne {
            self.regions = Population::one_to_one().regions;
        }
        let population = resized(self.scenario.population, size);
        self.scenario.population =
            Population { regions: self.regions.min(population.enterprises), ..population };
    }

    fn put_event(&mut self, patch: &EventPatch, warn: bool, faults: &mut Faults) {
        let name = &patch.name.value;
        let base = self.events.get(name).map(|(event, _)| event);
        // A patch without a kind cannot be a new event; it probably misspells the name of an existing one.
        let alters = base.is_none() && patch.kind.is_none() && !patch.faulty && !patch.remove;
        if base.is_none() && (patch.remove || alters) {
            if faults.is_full() {
                faults.more += 1;
                return;
            }
            let allowed = self.events.names();
            let nearest = nearest(name, allowed.iter().map(String::as_str)).map(str::to_owned);
            if patch.remove || nearest.is_some() {
                let verb = if patch.remove { "remove" } else { "alter" };
                let problem = Problem::NoSuchEvent { name: name.clone(), verb, nearest, allowed };
                faults.push(problem, format!("{}.name", patch.path), Some(patch.name.at.clone()));
                return;
            }
        }
        if patch.remove {
            if let Some((event, settings)) = self.events.remove(name) {
                self.scenario.provenance.removed.push((event, settings, patch.at.clone()));
            }
            return;
        }
        match patch.over(base) {
            Ok(event) => {
                if warn && base == Some(&event) {
                    let caution = Caution::IdleEvent { name: name.clone() };
                    self.scenario.warnings.push(Warning::new(caution, &patch.path, Some(patch.at.clone())));
                }
                let setting = Assignment { at: patch.at.clone(), what: event.happening.kind().to_owned() };
                self.events.put(event, setting);
            }
            Err(problems) => {
                for (problem, key, at) in problems {
                    faults.push(problem, key, Some(at));
                }
            }
        }
    }
}

/// Sets the texts. A file with a new name does not inherit label, title, hypothesis, predictions and claims of its
/// base; `--set` options change those of the file.
fn describe(scenario: &mut Scenario, layer: &Layer) {
    if let Some(name) = &layer.name {
        let renamed = scenario.name != name.value;
        scenario.name.clone_from(&name.value);
        if renamed {
            scenario.label = None;
            scenario.title.clone_from(&name.value);
            scenario.hypothesis = None;
            scenario.predictions.clear();
            scenario.claims.clear();
        }
        scenario.provenance.name = Some(name.at.clone());
    }
    if let Some(label) = &layer.label {
        scenario.label = Some(label.value.clone());
    }
    if let Some(title) = &layer.title {
        scenario.title.clone_from(title);
    }
    if layer.hypothesis.is_some() {
        scenario.hypothesis.clone_from(&layer.hypothesis);
    }
    if let Some(predictions) = &layer.predictions {
        let name = &scenario.name;
        scenario.predictions = predictions.iter().map(|patch| patch.of_scenario(name)).collect();
    }
    if let Some(claims) = &layer.claims {
        scenario.claims.clone_from(claims);
    }
}

/// Changes the size of a population. Enterprises keep their mean size, and the number of regions is kept if there are
/// at least as many enterprises.
pub(super) fn resized(population: Population, size: Size) -> Population {
    let Size::People(size) = size else { return Population::one_to_one() };
    let before = u128::from(population.size.max(1));
    // Rounds to the nearest whole number. The product of 64 and 32 bits needs more than 64.
    let enterprises = (u128::from(size) * u128::from(population.enterprises) + before / 2) / before;
    let enterprises = u32::try_from(enterprises).unwrap_or(u32::MAX).max(1);
    Population { size, enterprises, regions: population.regions.min(enterprises) }
}

fn set_constants(scenario: &mut Scenario, layer: &Layer) {
    for (position, value) in &layer.parameters {
        (PARAMETERS[*position].set)(&mut scenario.parameters, value.value);
        scenario.provenance.parameters[*position] = Some(value.at.clone());
    }
    for (position, value) in &layer.mechanisms {
        (MECHANISMS[*position].set)(&mut scenario.mechanisms, value.value);
        scenario.provenance.mechanisms[*position] = Some(value.at.clone());
    }
}

/// Applies the tracks of a layer, then its changes in order.
fn move_levers(scenario: &mut Scenario, layer: &Layer, warn: bool) {
    for (lever, patch) in &layer.tracks {
        scenario.tracks[*lever] = Track { values: values(&patch.steps), source: patch.source.clone() };
        scenario.provenance.levers[*lever] =
            vec![Assignment { at: patch.at.clone(), what: "steps".to_owned() }];
    }
    for change in &layer.changes {
        let track = &mut scenario.tracks[change.lever];
        let changed = change.apply(&track.values);
        let words = change.words();
        if warn && changed == track.values {
            let caution = Caution::IdleChange { lever: LEVERS[change.lever].key, words: words.clone() };
            scenario.warnings.push(Warning::new(caution, &change.path, Some(change.at.clone())));
        }
        track.values = changed;
        let text = track.source.get_or_insert_default();
        if !text.is_empty() {
            text.push_str("; then ");
        }
        text.push_str(&words);
        if let Some(source) = &change.source {
            text.push_str(&format!(" ({source})"));
        }
        scenario.provenance.levers[change.lever].push(Assignment { at: change.at.clone(), what: words });
    }
}

/// Checks that shares of one whole add up to at most 1.
fn check_shares(scenario: &Scenario, faults: &mut Faults) {
    for shares in SHARES {
        if shares.exceed_one(&scenario.parameters) {
            let sum = shares.sum(&scenario.parameters);
            let values = shares.rows().map(|info| (info.key, (info.get)(&scenario.parameters))).collect();
            let at = shares.rows().rev().find_map(|info| scenario.provenance.parameter(info.key));
            let problem = Problem::SharesExceedOne { values, sum, rest: shares.rest };
            faults.push(problem, format!("parameters.{}", shares.keys[0]), at.cloned());
        }
    }
}

/// Checks the number of events, so that the resolved scenario can be written and read again.
fn check_events(scenario: &Scenario, faults: &mut Faults) {
    let count = scenario.events.len();
    if count > MAX_LIST {
        let at = scenario.provenance.events[MAX_LIST].first().map(|setting| setting.at.clone());
        faults.push(Problem::TooMany { key: "event".to_owned(), count, limit: MAX_LIST }, "event", at);
    }
}

/// Checks that the model has identities for all units and people, see [`crate::model::bounds`].
fn check_size(scenario: &Scenario, faults: &mut Faults) {
    let [size, enterprises, regions] = &scenario.provenance.population;
    let population = &scenario.population;
    // Inconsistent counts have their own faults.
    let fits =
        population.regions <= population.enterprises && u64::from(population.enterprises) <= population.size;
    let growth =
        ["workforce_growth", "post_deepening"].iter().find_map(|key| scenario.provenance.parameter(key));
    let (problem, key, at) = match check(&scenario.setup()) {
        Err(TooLarge::Units(count)) => {
            let at = enterprises.as_ref().or(regions.as_ref()).or(size.as_ref());
            (Problem::TooManyUnits { units: count, limit: MOST_UNITS }, "population.enterprises", at)
        }
        Err(TooLarge::PeopleOfAUnit(people)) => (
            Problem::TooManyPeople { people, limit: MOST_ENTRANTS },
            "population.size",
            size.as_ref().or(growth),
        ),
        Err(TooLarge::Elite(people)) => (
            Problem::TooLargeElite { people, limit: MOST_ENTRANTS },
            "population.size",
            size.as_ref().or(growth),
        ),
        Ok(()) => return,
    };
    if fits || units(population) > MOST_UNITS {
        faults.push(problem, key, at.cloned());
    }
}
