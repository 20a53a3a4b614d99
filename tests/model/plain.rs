//! The fast month against the plain one: the same records, people and stocks, month after month.
//!
//! `kadry::model::plain` goes through a month person by person, without bounds, marks, columns or instruction sets.
//! Whatever the fast month spares itself must change nothing. Random societies: 24 in a normal run, as many as
//! `KADRY_CASES` says otherwise.

use std::cell::Cell;
use std::fmt::Debug;
use std::sync::Arc;

use kadry::engine::parallel::Workers;
use kadry::engine::simd::Instructions;
use kadry::model::mechanisms::MECHANISMS;
use kadry::model::people::Person;
use kadry::model::plain::Country;
use kadry::model::processes::school::Cohort;
use kadry::model::setup::Setup;
use kadry::model::society::Society;
use kadry::model::unit::{Act, Unit, UnitMonth};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};

use super::random::{MOST_PEOPLE, flat, setups};
use super::{MONTHS, everybody, historical, person_bits};

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
fn first_line<T: Debug>(fast: &T, plain: &T) -> Result<(), String> {
    let (fast, plain) = (format!("{fast:#?}"), format!("{plain:#?}"));
    if fast == plain {
        return Ok(());
    }
    // The entries of a list stand on lines of their own: the field that they belong to is named as well.
    let mut field = "";
    for (fast, plain) in fast.lines().zip(plain.lines()) {
        if fast.starts_with("    ") && !fast.starts_with("     ") && fast.contains(':') {
            field = fast.trim();
        }
        if fast != plain {
            return Err(format!("{field}: fast {}, plain {}", fast.trim(), plain.trim()));
        }
    }
    Err("one is longer than the other".to_owned())
}

/// The first attribute in which people differ, whatever their order.
fn same_people<'a>(
    fast: impl Iterator<Item = Person>,
    plain: impl Iterator<Item = &'a Person>,
) -> Result<(), String> {
    let sorted = |mut people: Vec<Person>| {
        people.sort_unstable_by_key(|person| person.identity);
        people
    };
    let (fast, plain) = (sorted(fast.collect()), sorted(plain.copied().collect()));
    for (fast, plain) in fast.iter().zip(&plain) {
        let (one, other) = (person_bits(fast), person_bits(plain));
        if let Some(place) = (0..ATTRIBUTES.len()).find(|&place| one[place] != other[place]) {
            return Err(format!("{} of a person\nfast  {fast:?}\nplain {plain:?}", ATTRIBUTES[place]));
        }
    }
    if fast.len() == plain.len() { Ok(()) } else { Err(format!("{} people, {}", fast.len(), plain.len())) }
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
        accused: Vec::new(),
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

fn same_unit(fast: &Unit, plain: &Country, position: usize) -> Result<(), String> {
    let unit = &plain.units()[position];
    let told = |what: String| format!("unit {}: {what}", fast.number);
    same_people(everybody(fast), plain.people_of(position)).map_err(told)?;
    first_line(&without_order(&fast.now), &without_order(&unit.now)).map_err(told)?;
    first_line(&stocks(fast), &stocks(unit)).map_err(told)
}

fn same_school(fast: &Cohort, plain: &Cohort) -> Result<(), String> {
    let who = |cohort: &Cohort| -> Vec<(u64, u32)> {
        cohort.workers.iter().map(|student| (student.person.identity, student.region)).collect()
    };
    let workers =
        |cohort: &'_ Cohort| -> Vec<Person> { cohort.workers.iter().map(|one| one.person).collect() };
    same_people(workers(fast).into_iter(), workers(plain).iter())?;
    first_line(&(fast.outsiders, who(fast)), &(plain.outsiders, who(plain)))
}

/// The first difference between two societies.
fn same(fast: &Society, plain: &Country) -> Result<(), String> {
    for (position, unit) in fast.units().iter().enumerate() {
        same_unit(unit, plain, position)?;
    }
    for (number, (one, other)) in fast.regions().iter().zip(plain.regions()).enumerate() {
        first_line(one, other).map_err(|what| format!("region {number}: {what}"))?;
    }
    first_line(fast.centre(), plain.centre()).map_err(|what| format!("centre: {what}"))?;
    for (one, other) in fast.school().zip(plain.school()) {
        same_school(one, other).map_err(|what| format!("school: {what}"))?;
    }
    if fast.school().count() == plain.school().count() { Ok(()) } else { Err("cohorts at school".to_owned()) }
}

/// Lives through months both ways, with every instruction set that there is; returns how many months it was.
fn compare(setup: Setup, seed: u64, months: u16) -> Result<u16, String> {
    let setup = Arc::new(setup);
    let mut plain = Country::start(Arc::clone(&setup), seed, 1);
    let mut societies: Vec<(Instructions, Society)> = Instructions::available()
        .map(|instructions| {
            let society = Society::start(Arc::clone(&setup), seed, 1, Workers::One);
            (instructions, society.with_instructions(instructions))
        })
        .collect();
    for lived in 0..months {
        if plain.people() > MOST_PEOPLE {
            return Ok(lived);
        }
        let month = plain.next();
        let expected = plain.month();
        for (instructions, society) in &mut societies {
            let record = society.month(Workers::One);
            // Units first: they say where it was.
            same(society, &plain)
                .and_then(|()| first_line(&record, &expected).map_err(|what| format!("record: {what}")))
                .and_then(|()| if record == expected { Ok(()) } else { Err("record".to_owned()) })
                .map_err(|what| format!("{month}, {}: {what}", instructions.name()))?;
        }
    }
    Ok(months)
}

#[test]
fn the_historical_months_are_those_of_the_plain_month() {
    let lived =
        compare(historical(3_000, 12, 3).setup(), 1, MONTHS).unwrap_or_else(|fault| panic!("{fault}"));
    assert_eq!(lived, MONTHS);
}

#[test]
fn random_societies_are_those_of_the_plain_month() {
    let cases = std::env::var("KADRY_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(24);
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    // A fixed sequence of cases: a run of the tests is as reproducible as the program.
    let generator = TestRng::from_seed(RngAlgorithm::ChaCha, b"the plain month and the fast one");
    let lived = Cell::new(0u64);
    let result = TestRunner::new_with_rng(config, generator).run(
        &(setups(), any::<u64>(), 12..=24u16),
        |(setup, seed, months)| {
            let months = compare(setup, seed, months).map_err(TestCaseError::fail)?;
            lived.set(lived.get() + u64::from(months));
            Ok(())
        },
    );
    if let Err(fault) = result {
        panic!("{fault}");
    }
    println!("{cases} cases, {} months", lived.get());
    assert!(lived.get() >= u64::from(cases));
}

#[test]
fn the_smallest_countries_and_levers_at_their_limits_are_those_of_the_plain_month() {
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
fn without_any_mechanism_the_months_are_those_of_the_plain_month() {
    let mut setup = historical(1_000, 5, 2).setup();
    for info in MECHANISMS {
        (info.set)(&mut setup.mechanisms, false);
    }
    if let Err(fault) = compare(setup, 3, 60) {
        panic!("{fault}");
    }
}
