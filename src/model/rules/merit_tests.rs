//! Tests merit and scores against values computed by hand.

use super::*;
use crate::model::state::standing::Party;

#[test]
fn merit_weighs_ability_loyalty_origin_ambition_and_suspicion() {
    let levers = Levers { vigilance: 0.5, origin_preference: 0.8, class_war: 0.6, ..Levers::default() };
    let merit = Merit::new(&Parameters::default(), &levers);
    let mut worker = Standing::worker(Origin::Worker, false);
    let common = 0.9 * 0.4 * 0.75 + 0.25 * 0.2;
    assert!((merit.of(worker, 0.4, 0.2, 1.0) - (common + 0.48 - 0.35)).abs() < 1e-6);
    worker.set_party(Party::Member);
    assert!((merit.of(worker, 0.4, 0.2, 9.0) - (common + 0.48 + 0.45 - 1.05)).abs() < 1e-6);
    let peasant = Standing::worker(Origin::Peasant, false);
    assert!((merit.of(peasant, 0.4, 0.2, 0.0) - (common + 0.24)).abs() < 1e-6);
    let former = Standing::worker(Origin::Former, true);
    assert!((merit.of(former, 0.4, 0.2, 0.0) - (common - 0.24)).abs() < 1e-6);
}

#[test]
fn candidates_come_from_the_rank_below_and_workers_must_be_eligible() {
    let merit = Merit::new(&Parameters::default(), &Levers::default());
    let mut standing = Standing::worker(Origin::Worker, false);
    assert!(!merit.candidate(1, standing, 0.45));
    assert!(merit.candidate(1, standing, 0.46));
    standing.set_rank(1);
    assert!(merit.candidate(2, standing, 0.0));
    assert!(!merit.candidate(3, standing, 0.9));
}

#[test]
fn training_counts_for_rank_2_alone() {
    let merit = Merit::new(&Parameters::default(), &Levers::default());
    let mut standing = Standing::worker(Origin::Worker, false);
    standing.set_rank(1);
    assert_eq!(merit.training(standing), 0.0);
    standing.train();
    let of = |rank| {
        let mut standing = standing;
        standing.set_rank(rank);
        merit.training(standing)
    };
    assert_eq!([0, 1, 2, 3].map(of), [0.0, 0.25, 0.0, 0.0]);
}

#[test]
fn the_better_score_comes_first_and_ties_go_by_identity() {
    let mut candidates = [(1.0, 7), (2.0, 9), (2.0, 3), (-1.0, 1)];
    candidates.sort_by(|one, other| better(*one, *other));
    assert_eq!(candidates, [(2.0, 3), (2.0, 9), (1.0, 7), (-1.0, 1)]);
}
