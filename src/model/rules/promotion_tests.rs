//! Tests promotions against values computed by hand.

use super::*;
use crate::engine::calendar::Month;
use crate::model::levers::Levers;
use crate::model::mechanisms::Mechanisms;
use crate::model::setup::{Events, PolicyMode, Population, Setup};
use crate::model::society::Society;
use crate::model::state::person::tests::sample_person;
use crate::model::state::standing::Party;
use crate::model::state::traits::NEVER_JOINED;

/// Returns the conditions of a month without policy.
fn conditions(month: u16) -> Conditions {
    let setup = Setup {
        population: Population { size: 1_200, enterprises: 7, regions: 3 },
        parameters: Parameters::default(),
        mechanisms: Mechanisms::default(),
        policy: PolicyMode::Schedule(vec![Levers::default(); Month::COUNT]),
        events: Events::none(),
    };
    let mut society = Society::start(setup.into(), 1, 1);
    Conditions { month: Month(month), ..society.country.set_levers() }
}

#[test]
fn regional_officials_join_the_party_in_the_month_of_their_promotion() {
    let conditions = conditions(100);
    let mut outsider = sample_person(7, 3);
    assert_eq!(outsider.dates.joined(), NEVER_JOINED);
    let (person, record) = promoted(&conditions, outsider, REGIONAL, &words(&conditions, 7));
    assert_eq!((person.standing.joined_as(), person.dates.joined()), (Party::Candidate, 100));
    assert_eq!((record.in_party, record.joined), (false, 100));
    // Members stay what they are.
    outsider.standing.set_party(Party::Member);
    outsider.dates.set_joined(20);
    let (person, record) = promoted(&conditions, outsider, REGIONAL, &words(&conditions, 7));
    assert_eq!((person.standing.joined_as(), person.dates.joined()), (Party::Member, 20));
    assert_eq!((record.in_party, record.joined), (true, 20));
}

#[test]
fn ability_is_partly_drawn_anew_in_a_new_rank() {
    let rules = Parameters::default();
    assert!((ability(&rules, 0.5, 2, true, 1.0) - (0.15 + 0.7 * (0.48 + 0.15 + 0.15))).abs() < 1e-12);
    assert_eq!(ability(&rules, 0.0, 1, false, -9.0), 0.0);
    let unchanged = Parameters { ability_carried: 1.0, ..rules };
    assert_eq!(ability(&unchanged, 0.37, 3, true, 2.0), 0.37);
}

#[test]
fn roles_follow_party_and_training() {
    let rules = Parameters::default();
    assert_eq!(role(&rules, true, false, 0.05), Role::Party);
    assert_eq!(role(&rules, true, false, 0.15), Role::Union);
    assert_eq!(role(&rules, false, false, 0.05), Role::Manager);
    assert_eq!(role(&rules, false, true, 0.5), Role::Specialist);
    assert_eq!(role(&rules, false, false, 0.5), Role::Manager);
    assert_eq!(role(&rules, false, false, 0.7), Role::Specialist);
}

#[test]
fn openness_is_promotions_per_post_and_year() {
    let rules = Parameters::default();
    assert!((openness(&rules, 0.2, 3, 24.0) - (0.168 + 0.16 * 1.5)).abs() < 1e-12);
    assert!((openness(&rules, 0.0, 1, 0.2) - 1.92).abs() < 1e-12);
}
