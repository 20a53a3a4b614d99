//! Compares meetings with their expectation: over many months, the mean number of meetings by class must be the
//! expected one.

use std::sync::Arc;

use super::*;
use crate::engine::random::Key;
use crate::model::fast::society::{Options, Society};
use crate::model::levers::Levers;
use crate::model::mechanisms::Mechanisms;
use crate::model::parameters::Parameters;
use crate::model::purpose::{MONTHLY, monthly};
use crate::model::rules::acquaintance::{Meeting, Ways};
use crate::model::setup::{Events, PolicyMode, Population, Setup};
use crate::model::state::standing::{Party, RANKS, TARGET_CLASSES};

const SHOCK_BELOW: f32 = 0.2;

fn ways() -> Ways {
    Ways::new(&Parameters::default())
}

/// Returns a plant of about 300 people, the office above it, and the officials in that office.
fn plant_and_office() -> (Unit, Unit, Vec<Official>) {
    let setup = Setup {
        population: Population { size: 300, enterprises: 1, regions: 1 },
        parameters: Parameters::default(),
        mechanisms: Mechanisms::default(),
        policy: PolicyMode::Schedule(vec![Levers::default(); 162]),
        events: Events::none(),
    };
    let society = Society::start(Arc::new(setup), 5, 1, Options::default());
    let [plant, office] = society.units() else { panic!("one plant, one office") };
    let officials = office
        .people
        .ranks
        .of(REGIONAL)
        .map(|row| Official {
            identity: office.people.identity[row],
            row: row as u32,
            standing: office.people.standing[row],
            ambition: office.people.drive[row].ambition().value(),
            since: office.people.months_in_rank(row, 0),
            skill: office.people.skill[row],
            suspicion: office.people.suspicion[row],
        })
        .collect();
    (plant.clone(), office.clone(), officials)
}

/// Returns the mean number of acquaintances by class over `months` of draws.
fn counted(unit: &Unit, layout: &mut Layout, officials: &[Official], months: u16) -> [f64; TARGET_CLASSES] {
    let mut pools = Pools::new(Instructions::Baseline, unit, layout, officials);
    let key = Key::new(9, 1);
    let mut counts = [0u32; TARGET_CLASSES];
    for month in 0..months {
        for row in 0..unit.people.len() {
            let words = key.block(MONTHLY, month, unit.people.identity[row]);
            let class = match meet(&mut pools, row, &words) {
                None => continue,
                Some(Met::Row(other)) => {
                    let other = other as usize;
                    let shock_worker = unit.people.drive[other].shock_quality().value() < SHOCK_BELOW;
                    unit.people.standing[other].target_class(shock_worker)
                }
                Some(Met::Official(position)) => officials[position as usize].standing.target_class(false),
            };
            counts[class] += 1;
        }
    }
    counts.map(|count| f64::from(count) / f64::from(months))
}

#[test]
fn meetings_have_their_expected_mean() {
    const MONTHS: u16 = 1_000;
    let (plant, office, officials) = plant_and_office();
    for unit in [&plant, &office] {
        let mut layout = Layout::default();
        prepare(Instructions::Baseline, unit, SHOCK_BELOW, &mut layout);
        let expected = expected(Instructions::Baseline, &ways(), unit, &mut layout, &officials);
        let counted = counted(unit, &mut layout, &officials, MONTHS);
        assert!(expected.iter().sum::<f64>() <= unit.people.len() as f64);
        for (class, (expected, counted)) in expected.into_iter().zip(counted).enumerate() {
            // A count a month has at most Poisson's spread: five standard errors of its mean.
            let tolerance = 5.0 * (expected.max(0.01) / f64::from(MONTHS)).sqrt();
            assert!((expected - counted).abs() < tolerance, "class {class}: {expected} {counted}");
        }
    }
}

#[test]
fn nobody_meets_themselves_and_directors_meet_officials_as_superiors() {
    let (plant, _, officials) = plant_and_office();
    let mut layout = Layout::default();
    prepare(Instructions::Baseline, &plant, SHOCK_BELOW, &mut layout);
    let mut pools = Pools::new(Instructions::Baseline, &plant, &mut layout, &officials);
    let key = Key::new(2, 1);
    for month in 0..200 {
        for row in 0..plant.people.len() {
            let mut words = key.block(MONTHLY, month, plant.people.identity[row]);
            assert_ne!(meet(&mut pools, row, &words), Some(Met::Row(row as u32)));
            if plant.people.standing[row].rank() == 3 {
                // The lowest draw of a meeting is one with a superior.
                words[monthly::MEETING] = 0;
                assert!(matches!(meet(&mut pools, row, &words), Some(Met::Official(_))));
            }
        }
    }
}

#[test]
fn pools_are_those_of_rank_and_draw() {
    let pool = |rank: u8, kind: f32, level: f32| {
        let mut standing = Standing::default();
        standing.set_rank(rank);
        Pool::of(&ways(), standing, &Meeting { kind, level, key: 0 })
    };
    for (rank, levels) in [(0, [1, 2, 3]), (1, [2, 3, 3]), (2, [3, 4, 4]), (3, [4, 4, 4])] {
        for (draw, level) in [0.25, 0.65, 0.9].into_iter().zip(levels) {
            assert_eq!(pool(rank, 0.1, draw), Pool::Superiors(level));
        }
    }
    assert_eq!(pool(REGIONAL, 0.1, 0.9), Pool::Rivals);
    for rank in 0..RANKS as u8 {
        assert_eq!((pool(rank, 0.5, 0.1), pool(rank, 0.8, 0.1)), (Pool::Brigade, Pool::Rivals));
        assert_eq!(pool(rank, 0.9, 0.1), Pool::Brigade);
    }
    let mut comrade = Standing::default();
    comrade.set_party(Party::Candidate);
    assert_eq!(Pool::of(&ways(), comrade, &Meeting { kind: 0.9, level: 0.1, key: 0 }), Pool::Cell);
}

/// Returns the acquaintance of the person in `row` with these words of page [`crate::model::purpose::MONTHLY`].
fn meet(pools: &mut Pools, row: usize, words: &[u32; 16]) -> Option<Met> {
    let meeting = Meeting::of(|word| words[word]);
    pools.choose(row, Pool::of(&ways(), pools.people.standing[row], &meeting), meeting.key)
}
