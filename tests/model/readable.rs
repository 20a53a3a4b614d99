//! The fast month against the readable one: the same records, people and stocks, month after month, on every instruction
//! set and with the units in many blocks.
//!
//! Each of the two makes its own start. Random societies: 24 in a normal run, another number with `KADRY_CASES`.

use std::cell::Cell;
use std::fmt::Debug;
use std::sync::Arc;

use kadry::engine::simd::Instructions;
use kadry::model::fast::society::{Options, Society as Fast};
use kadry::model::mechanisms::MECHANISMS;
use kadry::model::parameters::PARAMETERS;
use kadry::model::record::MonthRecord;
use kadry::model::setup::{PolicyMode, Setup};
use kadry::model::society::Society as Readable;
use kadry::model::state::person::Person;
use kadry::model::state::school::Cohort;
use kadry::model::state::unit::{Act, Unit, UnitMonth};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};

use super::random::{MOST_PEOPLE, flat, limit_shares, setups};
use super::{MONTHS, historical, person_bits};

/// Names of the attributes, in the order of [`person_bits`].
const ATTRIBUTES: [&str; 12] = [
    "identity",
    "standing",
    "brigade",
    "grievance",
    "egalitarianism",
    "drive",
    "temperament",
    "skill",
    "fear",
    "suspicion",
    "dates",
    "career",
];

/// The first line in which two things, written out, differ.
fn first_line<T: Debug>(fast: &T, readable: &T) -> Result<(), String> {
    let (fast, readable) = (format!("{fast:#?}"), format!("{readable:#?}"));
    if fast == readable {
        return Ok(());
    }
    // The entries of a list stand on lines of their own: the field that they belong to is named as well.
    let mut field = "";
    for (fast, readable) in fast.lines().zip(readable.lines()) {
        if fast.starts_with("    ") && !fast.starts_with("     ") && fast.contains(':') {
            field = fast.trim();
        }
        if fast != readable {
            return Err(format!("{field}: fast {}, readable {}", fast.trim(), readable.trim()));
        }
    }
    Err("one is longer than the other".to_owned())
}

/// The first attribute in which people differ, whatever their order.
fn same_people<'a>(
    fast: impl Iterator<Item = Person>,
    readable: impl Iterator<Item = &'a Person>,
) -> Result<(), String> {
    let sorted = |mut people: Vec<Person>| {
        people.sort_unstable_by_key(|person| person.identity);
        people
    };
    let (fast, readable) = (sorted(fast.collect()), sorted(readable.copied().collect()));
    for (fast, readable) in fast.iter().zip(&readable) {
        let (one, other) = (person_bits(fast), person_bits(readable));
        if let Some(place) = (0..ATTRIBUTES.len()).find(|&place| one[place] != other[place]) {
            return Err(format!("{} of a person\nfast  {fast:?}\nreadable {readable:?}", ATTRIBUTES[place]));
        }
    }
    if fast.len() == readable.len() {
        Ok(())
    } else {
        Err(format!("{} people, {}", fast.len(), readable.len()))
    }
}

/// What happened in a unit, with its lists in an order that does not depend on rows.
fn without_order(now: &UnitMonth) -> UnitMonth {
    fn sorted<T: Debug>(mut list: Vec<T>) -> Vec<T> {
        list.sort_by_cached_key(|item| format!("{item:?}"));
        list
    }
    let now = now.clone();
    UnitMonth {
        acts: sorted(now.acts.into_iter().map(|act| Act { row: 0, ..act }).collect()),
        losses: sorted(now.losses),
        promotions: sorted(now.promotions),
        ..now
    }
}

/// A unit's stocks, by name.
fn stocks(unit: &Unit) -> impl Debug + PartialEq {
    [
        ("workers_wanted", unit.workers_wanted),
        ("posts of rank 1", unit.posts[1]),
        ("posts of rank 2", unit.posts[2]),
        ("posts of rank 3", unit.posts[3]),
        ("posts of rank 4", unit.posts[4]),
        ("authority", unit.authority),
        ("union", unit.union),
        ("catharsis", unit.catharsis),
        ("tightness", unit.tightness),
        ("accused_bosses", unit.accused_bosses),
        ("denouncers", unit.denouncers),
        ("openness", unit.openness),
        ("output_trend", unit.output_trend.unwrap_or(-1.0)),
        ("plan_gap", unit.plan_gap),
    ]
    .map(|(name, stock)| (name, stock, stock.to_bits()))
}

fn same_unit(fast: &Fast, readable: &Readable, position: usize) -> Result<(), String> {
    let (one, other) = (&fast.units()[position], &readable.units()[position]);
    let named = |what: String| format!("unit {}: {what}", other.number);
    same_people(one.everybody(), readable.people_of(position)).map_err(named)?;
    first_line(&without_order(&one.state.now), &without_order(&other.now)).map_err(named)?;
    first_line(&stocks(&one.state), &stocks(other)).map_err(named)
}

fn same_school(fast: &Cohort, readable: &Cohort) -> Result<(), String> {
    let who = |cohort: &Cohort| -> Vec<(u64, u32)> {
        cohort.workers.iter().map(|student| (student.person.identity, student.region)).collect()
    };
    let workers =
        |cohort: &'_ Cohort| -> Vec<Person> { cohort.workers.iter().map(|one| one.person).collect() };
    same_people(workers(fast).into_iter(), workers(readable).iter())?;
    first_line(&(fast.outsiders, who(fast)), &(readable.outsiders, who(readable)))
}

/// The first difference between two societies.
fn same(fast: &Fast, readable: &Readable) -> Result<(), String> {
    for position in 0..readable.units().len() {
        same_unit(fast, readable, position)?;
    }
    for (number, (one, other)) in fast.regions().iter().zip(readable.regions()).enumerate() {
        first_line(one, other).map_err(|what| format!("region {number}: {what}"))?;
    }
    first_line(fast.centre(), readable.centre()).map_err(|what| format!("centre: {what}"))?;
    for (one, other) in fast.school().zip(readable.school()) {
        same_school(one, other).map_err(|what| format!("school: {what}"))?;
    }
    if fast.school().count() == readable.school().count() {
        Ok(())
    } else {
        Err("cohorts at school".to_owned())
    }
}

/// Sizes of blocks, in people at the start: the usual one, and one that puts each unit into a block of its own.
const BLOCKS: [f64; 2] = [4096.0, 1.0];

/// What a comparison covered.
#[derive(Debug, Clone, Copy, Default)]
struct Covered {
    months: u16,
    /// Blocks of the society that was split most.
    blocks: usize,
}

/// Simulates months both ways, with every instruction set and block size.
fn compare(setup: Setup, seed: u64, months: u16) -> Result<Covered, String> {
    let setup = Arc::new(setup);
    let mut readable = Readable::start(Arc::clone(&setup), seed, 1).with_chance_targets();
    let mut societies: Vec<(String, Fast)> = Instructions::available()
        .flat_map(|instructions| BLOCKS.map(|block| (instructions, block)))
        .map(|(instructions, block)| {
            let options = Options { instructions, block, ..Options::default() };
            let society = Fast::start(Arc::clone(&setup), seed, 1, options).with_chance_targets();
            (format!("{}, blocks of {block}", instructions.name()), society)
        })
        .collect();
    let blocks = societies.iter().map(|(_, society)| society.block_count()).max().unwrap_or(0);
    for (name, society) in &societies {
        same(society, &readable).map_err(|what| format!("start, {name}: {what}"))?;
    }
    for lived in 0..months {
        if readable.people() > MOST_PEOPLE {
            return Ok(Covered { months: lived, blocks });
        }
        let month = readable.next();
        let expected = readable.month();
        for (name, society) in &mut societies {
            let record = society.month();
            // Units first: they say where it was.
            same(society, &readable)
                .and_then(|()| first_line(&record, &expected).map_err(|what| format!("record: {what}")))
                .and_then(|()| if record == expected { Ok(()) } else { Err("record".to_owned()) })
                .map_err(|what| format!("{month}, {name}: {what}"))?;
        }
    }
    Ok(Covered { months, blocks })
}

#[test]
fn the_historical_months_are_those_of_the_readable_month() {
    let covered =
        compare(historical(3_000, 12, 3).setup(), 1, MONTHS).unwrap_or_else(|fault| panic!("{fault}"));
    assert_eq!((covered.months, covered.blocks), (MONTHS, 15));
}

#[test]
fn a_society_of_many_usual_blocks_is_that_of_the_readable_month() {
    let setup = Arc::new(historical(20_000, 50, 5).setup());
    let mut fast = Fast::start(Arc::clone(&setup), 1, 1, Options::default()).with_chance_targets();
    assert!(fast.block_count() >= 4, "{} blocks", fast.block_count());
    let mut readable = Readable::start(setup, 1, 1).with_chance_targets();
    same(&fast, &readable).unwrap_or_else(|fault| panic!("start: {fault}"));
    for month in 0..MONTHS {
        assert_eq!(fast.month(), readable.month(), "month {month}");
        // Comparing the state takes longer than the month: twice a year, and in the months of the terror.
        if month % 6 == 5 || (112..118).contains(&month) {
            same(&fast, &readable).unwrap_or_else(|fault| panic!("month {month}: {fault}"));
        }
    }
}

#[test]
fn random_societies_are_those_of_the_readable_month() {
    let cases = std::env::var("KADRY_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(24);
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    // A fixed sequence of cases: a run of the tests is as reproducible as the program.
    let generator = TestRng::from_seed(RngAlgorithm::ChaCha, b"the plain month and the fast one");
    let (lived, many_blocks) = (Cell::new(0u64), Cell::new(0u32));
    let result = TestRunner::new_with_rng(config, generator).run(
        &(setups(), any::<u64>(), 12..=24u16),
        |(setup, seed, months)| {
            let covered = compare(setup, seed, months).map_err(TestCaseError::fail)?;
            lived.set(lived.get() + u64::from(covered.months));
            many_blocks.set(many_blocks.get() + u32::from(covered.blocks >= 10));
            Ok(())
        },
    );
    if let Err(fault) = result {
        panic!("{fault}");
    }
    println!("{cases} cases, {} months, {} of ten blocks or more", lived.get(), many_blocks.get());
    assert!(lived.get() >= u64::from(cases) && many_blocks.get() >= cases / 3);
}

/// Hires of the month are present when students are chosen by the fast month, and must not be chosen.
#[test]
fn hires_of_the_month_are_not_sent_to_school_in_it() {
    let mut setup = historical(3_000, 8, 1).setup();
    setup.parameters.school_tenure = 0.0;
    compare(setup, 5, 12).unwrap_or_else(|fault| panic!("{fault}"));
}

#[test]
fn with_each_parameter_at_its_ends_the_months_are_those_of_the_readable_month() {
    for info in PARAMETERS {
        for value in [info.valid.0, info.valid.1] {
            let mut setup = historical(400, 3, 1).setup();
            (info.set)(&mut setup.parameters, value);
            limit_shares(&mut setup.parameters);
            // The terror, where all rules act: the levers of 1937 from the start.
            let PolicyMode::Schedule(months) = &mut setup.policy;
            months.rotate_left(108);
            if let Err(fault) = compare(setup, 1, 5) {
                panic!("{} at {value}: {fault}", info.key);
            }
        }
    }
}

#[test]
fn the_smallest_countries_and_levers_at_their_limits_are_those_of_the_readable_month() {
    for value in [0.0, 1.0] {
        for (size, enterprises, regions) in
            [(1, 1, 1), (2, 2, 2), (10, 1, 1), (60, 3, 3), (500, 1, 1), (900, 5, 1)]
        {
            if let Err(fault) = compare(flat(value, size, enterprises, regions), 1, 24) {
                panic!("levers at {value}, {size} people in {enterprises} enterprises: {fault}");
            }
        }
    }
}

#[test]
fn without_any_mechanism_the_months_are_those_of_the_readable_month() {
    let mut setup = historical(1_000, 5, 2).setup();
    for info in MECHANISMS {
        (info.set)(&mut setup.mechanisms, false);
    }
    if let Err(fault) = compare(setup, 3, 60) {
        panic!("{fault}");
    }
}

#[test]
fn people_met_by_chance_change_nothing_else() {
    let setup = Arc::new(historical(4_000, 10, 3).setup());
    let mut with = Fast::start(Arc::clone(&setup), 1, 1, Options::default()).with_chance_targets();
    let mut without = Fast::start(setup, 1, 1, Options::default());
    let (mut met, mut acts) = (0, 0);
    for month in 0..MONTHS {
        let record = with.month();
        let other = without.month();
        assert_eq!(other.chance_targets, Default::default());
        (met, acts) = (met + record.chance_targets.acts, acts + record.acts);
        assert_eq!(MonthRecord { chance_targets: Default::default(), ..record }, other, "month {month}");
    }
    assert!(met <= acts && 100 * met > 99 * acts, "{met} of {acts} accusers met somebody");
}
