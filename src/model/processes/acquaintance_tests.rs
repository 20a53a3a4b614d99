//! Meetings against their expectation: the mean over many months of whom people meet is what is expected.

use std::sync::Arc;

use super::*;
use crate::engine::instructions::Instructions;
use crate::engine::parallel::Workers;
use crate::engine::random::Key;
use crate::model::levers::Levers;
use crate::model::mechanisms::Mechanisms;
use crate::model::parameters::Parameters;
use crate::model::processes::ageing::months_in_rank;
use crate::model::purpose::MONTHLY;
use crate::model::setup::{Events, PolicyMode, Population, Setup};
use crate::model::society::Society;

const HERO_BELOW: f32 = 0.2;

/// A plant of about 300 people and the office above it, ordered by rank.
fn plant_and_office() -> (Unit, Unit, Vec<Official>) {
    let setup = Setup {
        population: Population { size: 300, enterprises: 1, regions: 1 },
        parameters: Parameters::default(),
        mechanisms: Mechanisms::default(),
        policy: PolicyMode::Schedule(vec![Levers::default(); 162]),
        events: Events::none(),
    };
    let society = Society::start(Arc::new(setup), 5, 1, Workers::One);
    let [plant, office] = society.units() else { panic!("one plant, one office") };
    let officials = office
        .people
        .ranks
        .of(REGIONAL)
        .map(|row| Official {
            identity: office.people.identity[row],
            row: row as u32,
            standing: office.people.standing[row],
            ambition: office.people.ambition[row],
            since: months_in_rank(office.people.ranked[row], 0),
        })
        .collect();
    (plant.clone(), office.clone(), officials)
}

/// Mean number of acquaintances by class over `months` of draws.
fn counted(unit: &Unit, scratch: &Scratch, officials: &[Official], months: u16) -> [f64; TARGET_CLASSES] {
    let pools = Pools::new(unit, scratch, officials);
    let key = Key::new(9, 1);
    let mut counts = [0u32; TARGET_CLASSES];
    for month in 0..months {
        for row in 0..unit.people.len() {
            let words = key.block(MONTHLY, month, unit.people.identity[row]);
            let class = match pools.meet(row, &Meeting::of(|word| words[word])) {
                None => continue,
                Some(Met::Row(other)) => {
                    let other = other as usize;
                    let hero = unit.people.hero_quality[other] < HERO_BELOW;
                    unit.people.standing[other].target_class(hero)
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
        let mut scratch = Scratch::default();
        prepare(Instructions::Baseline, unit, HERO_BELOW, &mut scratch);
        let expected = expected(Instructions::Baseline, unit, &mut scratch, &officials);
        let counted = counted(unit, &scratch, &officials, MONTHS);
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
    let mut scratch = Scratch::default();
    prepare(Instructions::Baseline, &plant, HERO_BELOW, &mut scratch);
    let pools = Pools::new(&plant, &scratch, &officials);
    let key = Key::new(2, 1);
    for month in 0..200 {
        for row in 0..plant.people.len() {
            let mut words = key.block(MONTHLY, month, plant.people.identity[row]);
            assert_ne!(pools.meet(row, &Meeting::of(|word| words[word])), Some(Met::Row(row as u32)));
            if plant.people.standing[row].rank() == 3 {
                // The lowest draw of a meeting is one with a superior.
                words[monthly::MEETING] = 0;
                assert!(matches!(pools.meet(row, &Meeting::of(|word| words[word])), Some(Met::Official(_))));
            }
        }
    }
}
