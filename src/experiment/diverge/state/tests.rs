//! Tests of the module above.

use super::*;
use crate::model::levers::Levers;
use crate::model::setup::{PolicyMode, Setup};
use crate::scenario::load;

fn simulation(months: usize, change: impl Fn(&mut Setup)) -> Simulation {
    let settings = ["population.size=1500".to_owned(), "population.enterprises=5".to_owned()];
    let mut setup = load("historical", &settings).unwrap().setup();
    change(&mut setup);
    let mut simulation = Simulation::start(setup.into(), 1, 1);
    (0..months).for_each(|_| {
        simulation.month();
    });
    simulation
}

#[test]
fn equal_societies_do_not_differ() {
    let [one, other] = [simulation(30, |_| {}), simulation(30, |_| {})];
    assert_eq!(digest(&one), digest(&other));
    assert_eq!(difference(&one, &other, 29), None);
    // The readable society has the people in another order.
    let mut seen = 0;
    one.month_in_steps(|_, society| {
        if seen == 0 {
            assert_eq!(digest(society), digest(&other));
            assert_eq!(difference(society, &other, 29), None);
        }
        seen += 1;
    });
}

#[test]
fn people_are_found_in_any_number_of_parts() {
    let one = simulation(12, |_| {});
    let other = simulation(12, |setup| setup.parameters.quit_base *= 1.2);
    assert_ne!(digest(&one).people, digest(&other).people);
    let found = difference(&one, &other, 11).unwrap();
    assert!(found.differing > 0 && found.only.iter().all(|only| *only > 0), "{found:?}");
    let Differing::Person { sides, fields } = &found.first else { panic!("{found:?}") };
    assert!(!fields.is_empty());
    // Nobody with a lower identity differs.
    let everybody = |society: &Simulation| {
        let mut people = Vec::new();
        each(society, &mut |person_at| people.push(person_at));
        people
    };
    let [left, right] = [everybody(&one), everybody(&other)];
    assert_eq!(found.people, [left.len() as u64, right.len() as u64]);
    for person_at in left.iter().filter(|one| one.person.identity < sides[0].person.identity) {
        let partner = right.iter().find(|other| other.person.identity == person_at.person.identity);
        assert!(partner.is_none_or(|partner| words(partner) == words(person_at)));
    }
    for parts in [2, 7] {
        assert_eq!(difference_by_parts([&one, &other], found.people, 11, parts), Some(found.clone()));
    }
}

#[test]
fn a_lever_that_no_person_feels_shows_in_the_units() {
    let raised = |setup: &mut Setup| {
        let PolicyMode::Schedule(levers) = &mut setup.policy;
        levers[2] = Levers { union: levers[2].union + 0.1, ..levers[2] };
    };
    let [one, other] = [simulation(3, |_| {}), simulation(3, raised)];
    let found = difference(&one, &other, 2).unwrap();
    assert!(!found.of_people() && digest(&one).people == digest(&other).people);
    let Differing::Unit { place: Place::Plant(0), fields } = found.first else { panic!("{found:?}") };
    assert_eq!(fields.iter().map(|field| field.name).collect::<Vec<_>>(), ["union capacity"]);
    assert_eq!(difference(&simulation(2, |_| {}), &simulation(2, raised), 1), None);
}
