//! Layers -> scenario: each file over its base, each `--set` over the file.
//!
//! Owns the order in which layers act and the faults that show only when they meet: events that a base does not
//! have, counts that do not fit each other.

use super::Scenario;
use super::event::{Event, EventPatch};
use super::fault::{Faults, Problem, nearest};
use super::layer::{Layer, Size};
use super::phase::Phase;
use super::prediction::check_phases;
use super::provenance::{Provenance, Setting};
use super::source::Place;
use super::track::{Track, values};
use crate::engine::calendar::Month;
use crate::model::levers::LEVERS;
use crate::model::mechanisms::{MECHANISMS, Mechanisms};
use crate::model::parameters::{PARAMETERS, Parameters};
use crate::model::setup::Population;

/// People of a scenario without base that gives none.
const DEFAULT_PEOPLE: u64 = 40_000;

/// The scenario that layers give together, the base first. Faults go to `faults`; what is returned then is only good
/// for finding more of them.
pub(super) fn resolve(layers: &[Layer], faults: &mut Faults) -> Scenario {
    let mut scenario = Scenario {
        name: String::new(),
        title: String::new(),
        hypothesis: None,
        predictions: Vec::new(),
        claims: Vec::new(),
        population: Population::of_size(DEFAULT_PEOPLE),
        parameters: Parameters::default(),
        mechanisms: Mechanisms::default(),
        tracks: LEVERS.iter().map(|_| Track { values: vec![0.0; Month::COUNT], source: None }).collect(),
        events: Vec::new(),
        phases: vec![Phase { name: "all".to_owned(), from: Month::FIRST }],
        provenance: Provenance::default(),
        sources: super::source::Sources::default(),
    };
    for layer in layers {
        describe(&mut scenario, layer);
        populate(&mut scenario, layer, faults);
        set_constants(&mut scenario, layer);
        move_levers(&mut scenario, layer);
        for event in &layer.events {
            put_event(&mut scenario, layer, event, faults);
        }
        if let Some(patch) = &layer.phases {
            scenario.phases = patch.phases.clone();
            scenario.provenance.phases = Some(patch.at.clone());
        }
        scenario.provenance.mode = layer.mode.clone().or(scenario.provenance.mode);
    }
    check_hires(&scenario, faults);
    // Those of a base are its own and are not inherited; only the last that were given are in the scenario.
    if let Some(predictions) = layers.iter().rev().find_map(|layer| layer.predictions.as_ref())
        && !scenario.predictions.is_empty()
    {
        check_phases(predictions, &scenario.phases, faults);
    }
    scenario
}

/// Name, title, hypothesis and claims belong to a file: a patch does not inherit what its base is called or expects.
/// Options `--set` speak of the file's own.
fn describe(scenario: &mut Scenario, layer: &Layer) {
    if let Some(name) = &layer.name {
        let own = scenario.name != name.value;
        scenario.name.clone_from(&name.value);
        if own {
            scenario.title.clone_from(&name.value);
            scenario.hypothesis = None;
            scenario.predictions.clear();
            scenario.claims.clear();
        }
        scenario.provenance.name = Some(name.at.clone());
    }
    if let Some(title) = &layer.title {
        scenario.title.clone_from(title);
    }
    if layer.hypothesis.is_some() {
        scenario.hypothesis.clone_from(&layer.hypothesis);
    }
    if let Some(predictions) = &layer.predictions {
        scenario.predictions = predictions.iter().map(|patch| patch.prediction.clone()).collect();
    }
    if let Some(claims) = &layer.claims {
        scenario.claims.clone_from(claims);
    }
}

fn populate(scenario: &mut Scenario, layer: &Layer, faults: &mut Faults) {
    let origins = &mut scenario.provenance.population;
    if let Some(size) = &layer.size {
        scenario.population = resized(scenario.population, size.value);
        origins[0] = Some(size.at.clone());
        if size.value == Size::OneToOne {
            origins[1..].fill(Some(size.at.clone()));
        }
    }
    let population = &mut scenario.population;
    if let Some(enterprises) = &layer.enterprises {
        population.enterprises = enterprises.value;
        // Regions of the base that no longer fit were not asked for.
        population.regions = population.regions.min(enterprises.value);
        origins[1] = Some(enterprises.at.clone());
        if u64::from(enterprises.value) > population.size {
            let problem =
                Problem::TooManyEnterprises { enterprises: enterprises.value, size: population.size };
            faults.push(problem, "population.enterprises", Some(enterprises.at.clone()));
        }
    }
    if let Some(regions) = &layer.regions {
        population.regions = regions.value;
        origins[2] = Some(regions.at.clone());
        if regions.value > population.enterprises {
            let problem =
                Problem::TooManyRegions { regions: regions.value, enterprises: population.enterprises };
            faults.push(problem, "population.regions", Some(regions.at.clone()));
        }
    }
}

/// The population at another size: enterprises keep their mean size, regions stay as far as there are enterprises
/// for them.
pub(super) fn resized(population: Population, size: Size) -> Population {
    let Size::People(size) = size else { return Population::one_to_one() };
    let before = u128::from(population.size.max(1));
    // Rounded to the nearest whole number; the product of 64 bits by 32 does not fit in 64.
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

/// A layer's own tracks first, then its changes in order.
fn move_levers(scenario: &mut Scenario, layer: &Layer) {
    for (lever, patch) in &layer.tracks {
        scenario.tracks[*lever] = Track { values: values(&patch.steps), source: patch.source.clone() };
        scenario.provenance.levers[*lever] = vec![Setting { at: patch.at.clone(), what: "steps".to_owned() }];
    }
    for change in &layer.changes {
        let track = &mut scenario.tracks[change.lever];
        track.values = change.apply(&track.values);
        let words = change.words();
        let because =
            change.source.as_ref().map_or_else(|| words.clone(), |source| format!("{words} ({source})"));
        track.source = Some(match &track.source {
            Some(source) => format!("{source}; then {because}"),
            None => because,
        });
        scenario.provenance.levers[change.lever].push(Setting { at: change.at.clone(), what: words });
    }
}

fn put_event(scenario: &mut Scenario, layer: &Layer, patch: &EventPatch, faults: &mut Faults) {
    let name = &patch.name.value;
    let mut fault = |problem, key: &str, at: &Place| faults.push(problem, key, Some(at.clone()));
    // Within one file a name stands once; over its base it alters.
    let mine = |other: &&EventPatch| other.name.value == *name;
    if layer.events.iter().find(mine).is_some_and(|first| first.path != patch.path) {
        let problem = Problem::NameTwice { what: "event", name: name.clone() };
        return fault(problem, &format!("{}.name", patch.path), &patch.name.at);
    }
    let position = scenario.events.iter().position(|event| event.name == *name);
    if patch.remove {
        match position {
            Some(position) => {
                let event = scenario.events.remove(position);
                let settings = scenario.provenance.events.remove(position);
                scenario.provenance.removed.push((event, settings, patch.at.clone()));
            }
            None => {
                let allowed: Vec<String> = scenario.events.iter().map(|event| event.name.clone()).collect();
                let nearest = nearest(name, allowed.iter().map(String::as_str)).map(str::to_owned);
                let problem = Problem::NoSuchEvent { name: name.clone(), verb: "remove", nearest, allowed };
                fault(problem, &format!("{}.name", patch.path), &patch.name.at);
            }
        }
        return;
    }
    let base = position.map(|position| &scenario.events[position]);
    // A patch that lacks what a new event needs was most likely meant to alter one whose name it misspells.
    if base.is_none() && patch.kind.is_none() && !patch.faulty && !scenario.events.is_empty() {
        let allowed: Vec<String> = scenario.events.iter().map(|event| event.name.clone()).collect();
        if let Some(nearest) = nearest(name, allowed.iter().map(String::as_str)).map(str::to_owned) {
            let problem =
                Problem::NoSuchEvent { name: name.clone(), verb: "alter", nearest: Some(nearest), allowed };
            return fault(problem, &format!("{}.name", patch.path), &patch.name.at);
        }
    }
    match patch.over(base) {
        Ok(event) => {
            let setting = Setting { at: patch.at.clone(), what: event_words(&event) };
            match position {
                Some(position) => {
                    scenario.events[position] = event;
                    scenario.provenance.events[position].push(setting);
                }
                None => {
                    scenario.events.push(event);
                    scenario.provenance.events.push(vec![setting]);
                }
            }
        }
        Err(problems) => {
            for (problem, key, at) in problems {
                fault(problem, &key, &at);
            }
        }
    }
}

fn event_words(event: &Event) -> String {
    event.happening.kind().to_owned()
}

fn check_hires(scenario: &Scenario, faults: &mut Faults) {
    let sum = scenario.parameters.hires_peasant + scenario.parameters.hires_former;
    // What rounding adds to two shares that make up all hires is no fault.
    if sum > 1.0 + 1e-9 {
        let at = ["hires_former", "hires_peasant"].iter().find_map(|key| scenario.provenance.parameter(key));
        faults.push(Problem::HiresExceedOne { sum }, "parameters.hires_peasant", at.cloned());
    }
}
