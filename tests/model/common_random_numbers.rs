//! Common random numbers that last: how far one hire or one arrest spreads, and what pairing gains.
//!
//! Prints the tables of `docs/common-random-numbers.md`:
//!
//! ```text
//! cargo test --release common_random_numbers -- --nocapture --test-threads 1
//! ```

use std::collections::BTreeMap;
use std::sync::Arc;

use kadry::engine::calendar::Month;
use kadry::engine::chacha::Words;
use kadry::engine::random::Key;
use kadry::engine::simd::Instructions;
use kadry::model::fast::society::Society;
use kadry::model::identity;
use kadry::model::phase::PHASE_MEASURES;
use kadry::model::phase::PhaseRecord;
use kadry::model::purpose::BIRTH;
use kadry::model::purpose::MONTHLY;
use kadry::model::rules::entrants;
use kadry::model::setup::Setup;
use kadry::model::state::person::Person;
use rayon::prelude::*;

use super::{MONTHS, PERIODS, change_lever, everybody, historical, live, mean, person_bits, start};

const SEED: u64 = 1;
const REPLICATE: u32 = 1;
/// The month after which something is changed: April 1928, month 3.
const TOUCHED_AFTER: u16 = 3;
/// The plant in which it is changed.
const PLANT: usize = 17;
/// Months after which fates are compared.
const LATER: [u16; 3] = [1, 12, 60];
/// Their names.
const LATER_NAMES: [&str; 3] = ["a month", "a year", "five years"];

/// Where somebody is.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Status {
    Present { unit: u32, person: Person },
    AtSchool,
}

type Register = BTreeMap<u64, Status>;

fn register(society: &Society) -> Register {
    let mut register = Register::new();
    for unit in society.units() {
        for person in everybody(unit) {
            register.insert(person.identity, Status::Present { unit: unit.state.number, person });
        }
    }
    for student in society.school().flat_map(|cohort| &cohort.workers) {
        register.insert(student.person.identity, Status::AtSchool);
    }
    register
}

/// How many of the people watched have met another fate.
#[derive(Debug, Default)]
struct Differences {
    watched: usize,
    status: usize,
    plant: usize,
    rank: usize,
    party: usize,
    any_fate: usize,
    present: usize,
    grievance: usize,
    any_state: usize,
}

fn compare(watched: &[u64], base: &Register, changed: &Register, month: u16) -> Differences {
    let mut found = Differences { watched: watched.len(), ..Differences::default() };
    for identity in watched {
        let (one, other) = match (base.get(identity), changed.get(identity)) {
            (
                Some(Status::Present { unit, person }),
                Some(Status::Present { unit: there, person: other }),
            ) => ((unit, person), (there, other)),
            (one, other) => {
                let differs = one != other;
                found.status += usize::from(differs);
                found.any_fate += usize::from(differs);
                continue;
            }
        };
        found.present += 1;
        let plant = one.0 != other.0;
        let rank = one.1.standing.rank() != other.1.standing.rank();
        let party = one.1.party(month) != other.1.party(month);
        found.plant += usize::from(plant);
        found.rank += usize::from(rank);
        found.party += usize::from(party);
        found.any_fate += usize::from(plant || rank || party);
        found.grievance += usize::from((one.1.grievance - other.1.grievance).abs() > 0.001);
        found.any_state += usize::from(person_bits(one.1) != person_bits(other.1));
    }
    found
}

/// The monthly words of everybody present, as a month's rules read them: from the columns of the society at hand.
fn draws(society: &Society, month: u16) -> BTreeMap<u64, [u32; 16]> {
    let key = Key::new(SEED, REPLICATE);
    let mut words = Words::new();
    let mut draws = BTreeMap::new();
    for unit in society.units() {
        let identities = &unit.people.identity;
        words.fill(Instructions::detect(), &key, MONTHLY, month, identities);
        let columns = words.columns();
        for (row, &identity) in identities.iter().enumerate() {
            draws.insert(identity, columns.map(|column| column[row]));
        }
    }
    draws
}

/// Draws compared and draws that differ, over those present in both societies; and whether those who came in both
/// since the start came with the same traits.
fn compare_draws(base: &Society, changed: &Society) -> (usize, usize) {
    let month = base.next().0;
    let (one, other) = (draws(base, month), draws(changed, month));
    let mut counts = (0, 0);
    for (identity, words) in &one {
        if let Some(others) = other.get(identity) {
            counts.0 += words.len();
            counts.1 += words.iter().zip(others).filter(|(word, other)| word != other).count();
        }
    }
    let (one, other) = (register(base), register(changed));
    for (identity, status) in &one {
        if let (Status::Present { person, .. }, Some(Status::Present { person: twin, .. })) =
            (status, other.get(identity))
        {
            let traits = |person: &Person| (person.drive, person.temperament);
            assert_eq!(traits(person), traits(twin), "the same identity is the same person");
            assert_eq!(person.standing.origin(), twin.standing.origin());
        }
    }
    counts
}

/// Lives through base and changed side by side; the change is made in one plant between two months.
fn spread(setup: &Arc<Setup>, change: impl Fn(&mut Society)) -> Vec<Differences> {
    let mut base = start(Arc::clone(setup), SEED, REPLICATE);
    let mut changed = start(Arc::clone(setup), SEED, REPLICATE);
    for _ in 0..=TOUCHED_AFTER {
        assert_eq!(base.month(), changed.month());
    }
    change(&mut changed);
    let watched: Vec<u64> = base
        .units()
        .iter()
        .filter(|unit| unit.state.number as usize != PLANT)
        .flat_map(|unit| unit.people.identity.iter().copied())
        .collect();
    let mut lived = 0;
    LATER
        .iter()
        .map(|&months| {
            while lived < months {
                base.month();
                changed.month();
                lived += 1;
            }
            let (compared, different) = compare_draws(&base, &changed);
            println!("  after {months:2} months: {compared} draws compared, {different} differ");
            assert!(compared > 16 * watched.len() / 5);
            assert_eq!(different, 0, "a draw is a function of who it belongs to");
            compare(&watched, &register(&base), &register(&changed), base.next().0 - 1)
        })
        .collect()
}

fn hire_one_more(society: &mut Society, setup: &Setup) {
    let unit = &mut society.units_mut()[PLANT];
    // An ordinal that no hire of this plant and month has.
    let identity = identity::hire(Month(TOUCHED_AFTER), unit.state.number, 1 << 20);
    let key = Key::new(SEED, REPLICATE);
    let words = key.block(BIRTH, TOUCHED_AFTER, identity);
    let brigades = unit.state.brigades();
    let person = entrants::hire(&setup.parameters, identity, TOUCHED_AFTER, brigades, &words);
    unit.people.insert(person);
}

/// Takes away the person of `rank` in the plant who has the smallest identity.
fn arrest_one(society: &mut Society, rank: u8) {
    let people = &mut society.units_mut()[PLANT].people;
    let row = (0..people.len())
        .filter(|&row| people.standing[row].rank() == rank)
        .min_by_key(|&row| people.identity[row])
        .expect("the plant has somebody of this rank");
    people.remove(row);
}

/// A change made between two months, with its name.
type Case<'a> = (&'a str, &'a dyn Fn(&mut Society));

#[test]
fn one_hire_or_one_arrest_changes_no_draw_and_few_fates_elsewhere() {
    let setup = Arc::new(historical(40_000, 100, 10).setup());
    let cases: [Case; 3] = [
        ("one hire", &|society| hire_one_more(society, &setup)),
        ("arrest of a worker", &|society| arrest_one(society, 0)),
        ("arrest of a boss of rank 2", &|society| arrest_one(society, 2)),
    ];
    let mut table = String::from(
        "| change | after | people watched | present or not | plant | rank | party | any of these | grievance by > .001 | any state |\n\
         |---|---|---|---|---|---|---|---|---|---|\n",
    );
    for (name, change) in cases {
        println!("{name}:");
        let spread = spread(&setup, change);
        for (later, found) in LATER_NAMES.iter().zip(&spread) {
            let share = |count: usize, of: usize| {
                format!("{count} ({:.2} %)", 100.0 * count as f64 / of.max(1) as f64)
            };
            table += &format!(
                "| {name} | {later} | {} | {} | {} | {} | {} | {} | {} | {} |\n",
                found.watched,
                share(found.status, found.watched),
                share(found.plant, found.present),
                share(found.rank, found.present),
                share(found.party, found.present),
                share(found.any_fate, found.watched),
                share(found.grievance, found.present),
                share(found.any_state, found.present),
            );
        }
        // Measured: see docs/common-random-numbers.md. The bounds leave room for another seed.
        let shares = spread.iter().map(|found| found.any_fate as f64 / found.watched as f64);
        for ((share, most), later) in shares.zip(MOST_FATES).zip(LATER_NAMES) {
            assert!(share <= most, "{name}: {share} of fates differ after {later}");
        }
    }
    println!("\n{table}");
}

/// Largest share of people elsewhere whose fate may differ after a month, a year, five years.
const MOST_FATES: [f64; 3] = [0.001, 0.02, 0.3];

/// Main measures.
const MEASURES: [&str; 7] = [
    "elite_turnover",
    "accusations_per_1000",
    "discipline",
    "grievance",
    "authority",
    "arrests_per_1000",
    "quit_rate",
];

/// Figures by replicate, period (P3a, P3b) and measure.
fn figures(setup: &Arc<Setup>) -> Vec<[[f64; MEASURES.len()]; 2]> {
    (1..=20u32)
        .into_par_iter()
        .map(|replicate| {
            let records = live(setup, SEED, replicate, PERIODS[3].1 + 1);
            [PERIODS[2], PERIODS[3]].map(|(from, until)| {
                let mut phase = PhaseRecord::default();
                records[usize::from(from)..=usize::from(until)].iter().for_each(|month| phase.add(month));
                MEASURES.map(|key| {
                    let measure = PHASE_MEASURES.iter().find(|measure| measure.key == key);
                    measure.and_then(|measure| (measure.value)(&phase).number()).unwrap_or(f64::NAN)
                })
            })
        })
        .collect()
}

/// Variance with divisor n - 1.
fn spread_of(values: &[f64]) -> f64 {
    super::variance(values) * values.len() as f64 / (values.len() - 1) as f64
}

#[test]
fn pairing_cuts_the_variance_of_small_differences() {
    let base = figures(&Arc::new(historical(4000, 30, 6).setup()));
    let mut table = String::from(
        "| change from 1934-01 | measure | difference P3a | variance ratio P3a | difference P3b | variance ratio P3b |\n\
         |---|---|---|---|---|---|\n",
    );
    let mut ratios = Vec::new();
    for (lever, by) in [("criticism", 0.02), ("penalty", 0.02), ("hardship", -0.02)] {
        let mut scenario = historical(4000, 30, 6);
        change_lever(&mut scenario, lever, 72, MONTHS - 1, |value| value + by);
        let changed = figures(&Arc::new(scenario.setup()));
        for (position, key) in MEASURES.iter().enumerate() {
            let mut line = format!("| `{lever}` {by:+} | `{key}` |");
            for period in 0..2 {
                let column = |figures: &[[[f64; MEASURES.len()]; 2]]| -> Vec<f64> {
                    figures.iter().map(|replicate| replicate[period][position]).collect()
                };
                let (before, after) = (column(&base), column(&changed));
                let paired: Vec<f64> =
                    before.iter().zip(&after).map(|(before, after)| after - before).collect();
                let ratio = spread_of(&paired) / (spread_of(&before) + spread_of(&after));
                ratios.push(ratio);
                line += &format!(" {:+.5} | {ratio:.2} |", mean(&paired));
            }
            table += &line;
            table.push('\n');
        }
    }
    println!("\n{table}");
    let below = ratios.iter().filter(|ratio| **ratio < 1.0).count();
    println!("{below} of {} ratios are below 1; their mean is {:.2}", ratios.len(), mean(&ratios));
    assert!(ratios.iter().all(|ratio| ratio.is_finite()));
    // A ratio estimated from 20 pairs has a standard error of about a third of itself, so that some of those near 1
    // lie above it; without pairing half would.
    assert!(below as f64 >= LEAST_BELOW * ratios.len() as f64, "{below} of {}", ratios.len());
    assert!(mean(&ratios) < MOST_MEAN, "{}", mean(&ratios));
}

/// Least share of variance ratios that are below 1, and largest mean of them.
const LEAST_BELOW: f64 = 0.9;
const MOST_MEAN: f64 = 0.25;
