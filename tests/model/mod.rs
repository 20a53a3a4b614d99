//! Tests of the model as a whole: whole months, whole societies, many replicates.
//!
//! Owns what these tests share: the historical setup at any size, runs, the digest of a society, and small statistics.
//! Nothing here depends on the time of day, on the number of threads or on the order in which tests run.

mod absence;
mod agreement;
mod common_random_numbers;
mod futures;
mod invariants;
mod limits;
mod parameters;
pub(crate) mod random;
mod readable;
mod threads;

use std::sync::Arc;

use kadry::engine::calendar::Month;
use kadry::model::fast::society::{Options, Society};
use kadry::model::fast::unit::Unit;
use kadry::model::levers::LEVERS;
use kadry::model::record::MonthRecord;
use kadry::model::setup::Setup;
use kadry::model::state::person::Person;
use kadry::model::state::unit;
use kadry::scenario::Scenario;
use sha2::{Digest, Sha256};

/// Months of the calendar.
const MONTHS: u16 = Month::COUNT as u16;
/// First and last month of each of the five periods: P1, P2, P3a, P3b, P4.
const PERIODS: [(u16, u16); 5] = [(0, 41), (42, 71), (72, 107), (108, 129), (130, 161)];
/// Their names.
const PERIOD_NAMES: [&str; 5] = ["P1", "P2", "P3a", "P3b", "P4"];

/// The historical scenario at a size.
fn historical(size: u64, enterprises: u32, regions: u32) -> Scenario {
    let settings = [
        format!("population.size={size}"),
        format!("population.enterprises={enterprises}"),
        format!("population.regions={regions}"),
    ];
    load("historical", &settings)
}

/// A shipped scenario with settings; the tests' own settings are never faulty.
fn load(name: &str, settings: &[String]) -> Scenario {
    kadry::scenario::load(name, settings).unwrap_or_else(|_| panic!("{name} with {settings:?} has faults"))
}

/// Changes the steps of a lever, before smoothing, in the months from `from` to `until`, both included.
fn change_lever(scenario: &mut Scenario, key: &str, from: u16, until: u16, change: impl Fn(f64) -> f64) {
    let lever = LEVERS.iter().position(|info| info.key == key).unwrap_or_else(|| panic!("no lever {key}"));
    for value in &mut scenario.tracks[lever].values[usize::from(from)..=usize::from(until)] {
        *value = change(*value).clamp(0.0, 1.0);
    }
}

/// The society of a setup, computed by the fast month on the calling thread.
pub(crate) fn start(setup: Arc<Setup>, seed: u64, replicate: u32) -> Society {
    Society::start(setup, seed, replicate, Options::default())
}

/// Lives through `months` months on the calling thread alone.
fn live(setup: &Arc<Setup>, seed: u64, replicate: u32, months: u16) -> Vec<MonthRecord> {
    let mut society = start(Arc::clone(setup), seed, replicate);
    (0..months).map(|_| society.month()).collect()
}

/// The first month whose records differ, if any does.
fn first_difference(one: &[MonthRecord], other: &[MonthRecord]) -> Option<usize> {
    assert_eq!(one.len(), other.len());
    one.iter().zip(other).position(|(one, other)| one != other)
}

/// Everybody of a unit, as records.
fn everybody(unit: &Unit) -> impl Iterator<Item = Person> + '_ {
    unit.everybody()
}

/// Every attribute of a person as bits. Destructured, so that a new attribute cannot be forgotten here.
fn person_bits(person: &Person) -> [u64; 12] {
    let &Person {
        identity,
        standing,
        brigade,
        grievance,
        egalitarianism,
        drive,
        temperament,
        skill,
        fear,
        suspicion,
        dates,
        career,
    } = person;
    [
        identity,
        u64::from(standing.bits()),
        u64::from(brigade),
        u64::from(grievance.to_bits()),
        u64::from(egalitarianism.to_bits()),
        u64::from(drive.bits()),
        u64::from(temperament.bits()),
        u64::from(skill.bits()),
        u64::from(fear.to_bits()),
        u64::from(suspicion.to_bits()),
        u64::from(dates.bits()),
        u64::from(career.bits()),
    ]
}

/// Every stock of a unit as bits.
fn unit_bits(unit: &unit::Unit) -> Vec<u64> {
    let mut bits = vec![u64::from(unit.number), u64::from(unit.region), u64::from(unit.office)];
    let stocks = [
        unit.workers_wanted,
        unit.authority,
        unit.union,
        unit.catharsis,
        unit.tightness,
        unit.accused_bosses,
        unit.denouncers,
        unit.openness,
        unit.output_trend.unwrap_or(-1.0),
        unit.plan_gap,
    ];
    bits.extend(stocks.iter().chain(&unit.posts).map(|stock| stock.to_bits()));
    bits
}

/// A digest of the whole state of a society: every attribute of everybody present or at school, sorted by identity,
/// and every stock of units, regions and centre.
fn digest(society: &Society) -> String {
    let mut hash = Sha256::new();
    let mut add = |bits: &[u64]| {
        for word in bits {
            hash.update(word.to_le_bytes());
        }
    };
    for unit in society.units() {
        add(&unit_bits(&unit.state));
        let mut people: Vec<Person> = everybody(unit).collect();
        people.sort_unstable_by_key(|person| person.identity);
        for person in &people {
            add(&person_bits(person));
        }
    }
    for region in society.regions() {
        let stocks =
            [region.quota, region.attack, region.accused, region.punishments, region.perceived_punishment];
        for stock in stocks.iter().chain(&region.mobility) {
            add(&[stock.to_bits()]);
        }
    }
    for cohort in society.school() {
        add(&[u64::from(cohort.outsiders), cohort.workers.len() as u64]);
        let mut students: Vec<_> = cohort.workers.iter().collect();
        students.sort_unstable_by_key(|student| student.person.identity);
        for student in students {
            add(&person_bits(&student.person));
            add(&[u64::from(student.region)]);
        }
    }
    let centre = society.centre();
    for stock in centre.pulses.iter().chain(&centre.popular_acts).chain(&centre.popular_meetings) {
        add(&[stock.to_bits()]);
    }
    add(&[centre.capital.to_bits()]);
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Mean of some numbers.
fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// Variance of some numbers, with divisor n.
fn variance(values: &[f64]) -> f64 {
    let centre = mean(values);
    values.iter().map(|value| (value - centre) * (value - centre)).sum::<f64>() / values.len() as f64
}
