//! The start: a society in January 1928 (section 5 of docs/model.md).

use std::collections::VecDeque;
use std::sync::Arc;

use super::arrivals::Arrivals;
use super::crew::Crew;
use super::identity;
use super::parameters::Parameters;
use super::people::People;
use super::person::{RANKS, TARGET_CLASSES};
use super::policy::leadership;
use super::processes::births;
use super::processes::departures::Movers;
use super::processes::school::MONTHS;
use super::purpose::{self, BIRTH, UNIT};
use super::region::{Centre, Region};
use super::scratch::Scratch;
use super::setup::{PolicyMode, Setup};
use super::society::Society;
use super::unit::{Unit, UnitMonth};
use super::watchlists::Watchlists;
use crate::engine::calendar::Month;
use crate::engine::distributions::{normal_of_word, round_randomly};
use crate::engine::parallel::{Blocks, Workers};
use crate::engine::random::Key;
use crate::engine::random::uniform64;
use crate::engine::sampling::Alias;
use crate::engine::simd::Instructions;

/// Share of the nominal population that are workers.
pub(super) const WORKERS: f64 = 0.905;
/// Spread of the logarithm of plants' sizes.
pub(super) const SIZE_SPREAD: f64 = 0.6;
/// Posts per worker wanted, ranks 1 to 3; at least one director.
pub(super) const POSTS: [f64; 3] = [0.05, 0.031, 0.007];
/// Regional officials in each office.
pub(super) const OFFICIALS: f64 = 3.0;
/// Share of the people whose size stands for the elite in the school of January 1928.
const EARLY_ELITE: f64 = 0.04;
/// People in a block of units at the start: a few hundred kilobytes, which fit the second cache.
const BLOCK: f64 = 4096.0;

/// The society of a setup, before its first month.
pub(super) fn society(setup: Arc<Setup>, key: Key, workers: Workers) -> Society {
    let rules = setup.mechanisms.ablate(setup.parameters.clone());
    let wanted = sizes(&setup, &key);
    let mut units: Vec<Unit> =
        (0u32..).zip(&wanted).map(|(number, &wanted)| plant(&setup, number, wanted)).collect();
    units.extend((0..setup.population.regions).map(|region| office(&setup, region)));
    let blocks = Blocks::by_weight(
        units.iter().map(|unit| unit.workers_wanted + unit.posts.iter().sum::<f64>()),
        BLOCK,
    );
    let mut crew = Crew::new(workers);
    let mut nothing = vec![(); blocks.count()];
    crew.sweep(workers, &blocks, &mut units, &mut nothing, |scratch, _, units, ()| {
        for unit in units {
            populate(&key, &rules, unit, scratch);
        }
    });
    let people: u64 = units.iter().map(|unit| unit.people.len() as u64).sum();
    let schooling = match &setup.policy {
        PolicyMode::Schedule(months) => months[0].schooling,
    };
    let regions = setup.population.regions as usize;
    Society {
        early_students: early_students(&key, rules.school_places * schooling * EARLY_ELITE * people as f64),
        regions: vec![region(rules.punished_reference); regions],
        sizes: proportions(&wanted),
        regional_sizes: (0..regions)
            .map(|region| {
                proportions(&wanted.iter().copied().skip(region).step_by(regions).collect::<Vec<_>>())
            })
            .collect(),
        policy: leadership(&setup.policy),
        instructions: Instructions::detect(),
        next: Month::FIRST,
        observed: None,
        outsiders_mean: None,
        enough_for_school: None,
        centre: Centre {
            pulses: [0.0; TARGET_CLASSES],
            popular_acts: [0.0; TARGET_CLASSES],
            popular_meetings: [1e-9; TARGET_CLASSES],
            capital: 1.0,
        },
        school: VecDeque::with_capacity(usize::from(MONTHS) + 1),
        movers: vec![Movers::default(); blocks.count()],
        lists: Blocks::by_weight((0..blocks.count()).map(|_| 1.0), 1.0),
        arrivals: Arrivals::default(),
        setup,
        rules,
        key,
        units,
        blocks,
        crew,
    }
}

/// Workers wanted by each plant: lognormal sizes, scaled to the population.
fn sizes(setup: &Setup, key: &Key) -> Vec<f64> {
    let relative: Vec<f64> = (0..setup.population.enterprises)
        .map(|number| {
            let words = key.block(UNIT, 0, identity::unit(number));
            libm::exp(SIZE_SPREAD * normal_of_word(words[purpose::unit::SIZE]))
        })
        .collect();
    let sum: f64 = relative.iter().sum();
    let workers = WORKERS * setup.population.size as f64;
    relative.iter().map(|size| workers * size / sum).collect()
}

fn proportions(wanted: &[f64]) -> Alias {
    // Sizes are positive, but a population of nobody makes them all zero: then no plant is ever proposed in earnest.
    Alias::new(wanted).unwrap_or_else(|| {
        Alias::new(&vec![1.0; wanted.len().max(1)]).unwrap_or_else(|| unreachable!("equal weights are sound"))
    })
}

fn plant(setup: &Setup, number: u32, wanted: f64) -> Unit {
    let posts = [0.0, POSTS[0] * wanted, POSTS[1] * wanted, (POSTS[2] * wanted).max(1.0), 0.0];
    unit(number, number % setup.population.regions, false, wanted, posts)
}

fn office(setup: &Setup, region: u32) -> Unit {
    unit(setup.population.enterprises + region, region, true, 0.0, [0.0, 0.0, 0.0, 0.0, OFFICIALS])
}

fn unit(number: u32, region: u32, office: bool, workers_wanted: f64, posts: [f64; RANKS]) -> Unit {
    Unit {
        number,
        region,
        office,
        workers_wanted,
        posts,
        authority: 0.40,
        union: 0.60,
        catharsis: 0.0,
        tightness: 0.30,
        accused_bosses: 0.0,
        denouncers: 0.0,
        openness: 0.2,
        output_trend: None,
        plan_gap: 0.0,
        people: People::default(),
        watched: Watchlists::default(),
        words: [0; 16],
        now: UnitMonth::default(),
    }
}

fn region(punished_reference: f64) -> Region {
    Region {
        quota: 1.0,
        attack: 0.0,
        accusations: 5.0,
        punishments: 5.0 * punished_reference,
        perceived_punishment: punished_reference,
        mobility: [0.05; 3],
    }
}

/// Fills a unit: its workers, and everybody who holds one of its whole posts.
fn populate(key: &Key, rules: &Parameters, unit: &mut Unit, scratch: &mut Scratch) {
    let mut counts: [u32; RANKS] = std::array::from_fn(|rank| unit.whole_posts(rank) as u32);
    counts[0] = (unit.workers_wanted + 0.5).floor() as u32;
    let (instructions, brigades) = (Instructions::detect(), unit.brigades());
    let Scratch { words, identities, .. } = scratch;
    // Rank 0 has the first numbers, but stands in the last rows.
    identities.clear();
    let mut end: u32 = counts.iter().sum();
    for count in counts.into_iter().rev() {
        identities.extend((end - count..end).map(|ordinal| identity::initial(unit.number, ordinal)));
        end -= count;
    }
    words.fill(instructions, key, BIRTH, 0, identities);
    births::initial(instructions, rules, &mut unit.people, brigades, counts, identities, words);
}

/// Outsiders at school in January 1928 who graduate in each of the months to come; `mean` a month, at least one.
fn early_students(key: &Key, mean: f64) -> Vec<u32> {
    (0..MONTHS)
        .map(|month| {
            let words = key.block(UNIT, month, identity::CENTRE);
            round_randomly(mean, uniform64(words[purpose::unit::EARLY_PLACES])).max(1) as u32
        })
        .collect()
}
