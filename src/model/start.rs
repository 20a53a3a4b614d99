//! Creates the society of January 1928 (section 5 of docs/model.md).

use std::collections::VecDeque;
use std::sync::Arc;

use super::country::Country;
use super::identity;
use super::leadership;
use super::levers::Levers;
use super::parameters::Parameters;
use super::purpose::{self, BIRTH, UNIT};
use super::rules::entrants;
use super::rules::profiles::Notes;
use super::rules::regions::perceived_punishment;
use super::rules::school::MONTHS;
use super::setup::{PolicyMode, Setup};
use super::society::{Agent, Society};
use super::state::region::{Centre, Region};
use super::state::standing::{ORIGIN_GROUPS, RANKS, TARGET_CLASSES};
use super::state::unit::Unit;
use crate::engine::calendar::Month;
use crate::engine::distributions::{normal_of_word, round_randomly};
use crate::engine::random::{Key, uniform64};
use crate::engine::sampling::Alias;

/// Returns the posts of ranks 1 to 3 (real numbers) of a plant that wants this many workers.
pub(super) fn posts(rules: &Parameters, workers: f64) -> [f64; 3] {
    // Every plant has at least one director.
    let directors = (rules.start_directors * workers).max(1.0);
    [rules.start_foremen * workers, rules.start_middle * workers, directors]
}

impl Country {
    /// Creates the country of January 1928, and its plants and offices without their people.
    pub(super) fn start(setup: Arc<Setup>, key: Key) -> (Country, Vec<Unit>) {
        let rules = setup.mechanisms.ablate(setup.parameters.clone());
        let wanted = sizes(&setup, &key);
        let units = units(&setup, &wanted);
        let people = units.iter().flat_map(headcount).map(u64::from).sum();
        let regions = setup.population.regions as usize;
        let of_region = |region| wanted.iter().copied().skip(region).step_by(regions).collect::<Vec<_>>();
        let PolicyMode::Schedule(levers) = &setup.policy;
        let schooling = levers[0].schooling;
        let country = Country {
            early_students: early_students(&key, &rules, schooling, people),
            regions: vec![region(&rules); regions],
            centre: centre(),
            notes: Notes::default(),
            school: VecDeque::with_capacity(usize::from(MONTHS) + 1),
            sizes: proportions(&wanted),
            regional_sizes: (0..regions).map(|region| proportions(&of_region(region))).collect(),
            leadership: leadership::of(&setup.policy),
            levers: Levers::default(),
            observed: None,
            next: Month::FIRST,
            setup,
            parameters: rules,
            key,
            future: None,
        };
        (country, units)
    }
}

impl Society {
    /// Creates the society at the start of January 1928.
    ///
    /// The result depends only on setup, seed and replicate.
    pub fn start(setup: Arc<Setup>, seed: u64, replicate: u32) -> Society {
        let (country, units) = Country::start(setup, Key::new(seed, replicate));
        let people = units.iter().map(|unit| founders(&country, unit)).collect();
        Society { country, units, people }
    }
}

/// Creates the people of a unit in January 1928: one for each worker wanted and each whole post.
fn founders(country: &Country, unit: &Unit) -> Vec<Agent> {
    let ranks = (0u8..).zip(headcount(unit)).flat_map(|(rank, count)| (0..count).map(move |_| rank));
    let founder = |(ordinal, rank)| {
        let identity = identity::initial(unit.number, ordinal);
        let words = country.key.block(BIRTH, 0, identity);
        Agent::new(entrants::founder(&country.parameters, identity, rank, unit.brigades(), &words))
    };
    (0u32..).zip(ranks).map(founder).collect()
}

/// Returns the number of people of a unit in January 1928, by rank.
pub(super) fn headcount(unit: &Unit) -> [u32; RANKS] {
    let mut counts = std::array::from_fn(|rank| unit.whole_posts(rank) as u32);
    // The nearest whole number of workers.
    counts[0] = (unit.workers_wanted + 0.5).floor() as u32;
    counts
}

/// Returns the workers wanted by each plant: lognormal sizes, scaled to the population.
fn sizes(setup: &Setup, key: &Key) -> Vec<f64> {
    let relative: Vec<f64> = (0..setup.population.enterprises)
        .map(|number| {
            let words = key.block(UNIT, 0, identity::unit(number));
            libm::exp(setup.parameters.plant_spread * normal_of_word(words[purpose::unit::SIZE]))
        })
        .collect();
    let sum: f64 = relative.iter().sum();
    let workers = setup.parameters.start_workers * setup.population.size as f64;
    relative.iter().map(|size| workers * size / sum).collect()
}

/// Returns a table for drawing plants in proportion to the workers that they want.
fn proportions(wanted: &[f64]) -> Alias {
    // All sizes are zero in a population of 0. The table is then never used, and any weights will do.
    Alias::new(wanted).unwrap_or_else(|| {
        Alias::new(&vec![1.0; wanted.len().max(1)]).unwrap_or_else(|| unreachable!("equal weights are sound"))
    })
}

/// Creates the plants, with these numbers of workers wanted, then the regional offices.
fn units(setup: &Setup, wanted: &[f64]) -> Vec<Unit> {
    let plants = (0u32..).zip(wanted).map(|(number, &wanted)| plant(setup, number, wanted));
    plants.chain((0..setup.population.regions).map(|region| office(setup, region))).collect()
}

fn plant(setup: &Setup, number: u32, wanted: f64) -> Unit {
    let [foremen, middle, directors] = posts(&setup.parameters, wanted);
    let posts = [0.0, foremen, middle, directors, 0.0];
    let region = number % setup.population.regions;
    Unit { number, region, workers_wanted: wanted, posts, ..unit(&setup.parameters) }
}

fn office(setup: &Setup, region: u32) -> Unit {
    let number = setup.population.enterprises + region;
    let posts = [0.0, 0.0, 0.0, 0.0, setup.parameters.office_posts];
    Unit { number, region, office: true, posts, ..unit(&setup.parameters) }
}

/// Returns the state that all units share in January 1928. All other stocks record past events and are 0.
fn unit(rules: &Parameters) -> Unit {
    Unit {
        authority: rules.start_authority,
        union: rules.start_union,
        tightness: rules.start_tightness,
        openness: rules.start_openness,
        ..Unit::default()
    }
}

/// Returns a region in January 1928: quotas equal the plan, no official has been attacked, and the region remembers as
/// many accused and punished people as its belief begins with.
fn region(rules: &Parameters) -> Region {
    let (accused, punishments) = (rules.perception_accusations, rules.perception_punished);
    Region {
        quota: 1.0,
        attack: 0.0,
        accused,
        punishments,
        perceived_punishment: perceived_punishment(rules, punishments, accused),
        mobility: [rules.usual_mobility; ORIGIN_GROUPS],
    }
}

/// Returns the centre in January 1928: no events have happened, and capital is relative to this month. The
/// small number of meetings keeps a quotient defined.
fn centre() -> Centre {
    Centre {
        pulses: [0.0; TARGET_CLASSES],
        popular_acts: [0.0; TARGET_CLASSES],
        popular_meetings: [1e-9; TARGET_CLASSES],
        capital: 1.0,
    }
}

/// Returns the number of outsiders at school in January 1928 who graduate in each of the next 48 months, at
/// least one a month.
///
/// `people` is the number of people present at the start, `schooling` the lever in January 1928.
fn early_students(key: &Key, rules: &Parameters, schooling: f64, people: u64) -> Vec<u32> {
    let mean = rules.school_places * schooling * rules.early_elite * people as f64;
    (0..MONTHS)
        .map(|month| {
            let words = key.block(UNIT, month, identity::CENTRE);
            // The minimum of one matters in small countries only.
            round_randomly(mean, uniform64(words[purpose::unit::EARLY_PLACES])).max(1) as u32
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_begin_with_the_belief_that_parameters_give() {
        let rules = Parameters::default();
        // By default the belief is the unit in which rivalry measures it: .7 of 5 is .14.
        assert!((region(&rules).perceived_punishment - rules.punished_reference).abs() < 1e-15);
        let rules = Parameters { perception_accusations: 10.0, perception_punished: 3.0, ..rules };
        let region = region(&rules);
        assert_eq!((region.accused, region.punishments), (10.0, 3.0));
        assert!((region.perceived_punishment - 0.3).abs() < 1e-15);
    }
}
