use super::*;
use crate::experiment::plan::tests::small;
use crate::model::levers::Levers;

fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-9 * expected.abs().max(1.0), "{found}, not {expected}");
}

fn month(people: f64, cost: f64) -> MonthCost {
    MonthCost { people, cost }
}

#[test]
fn a_small_plan_is_tried_in_full() {
    let plan = small(3, 1);
    let speed = try_speed(&plan, u64::from(plan.replicate_count()), None).unwrap();
    assert_eq!(speed.tried, 1_000);
    assert!(speed.rate > 0.0);
    near(Speed { rate: 50.0, tried: 1 }.seconds(200), 4.0);
}

#[test]
fn cost_is_linear_in_the_logarithm_of_size() {
    let knots = [(1e4, 1.0), (1e5, 1.2), (1e6, 1.6)].map(|(people, ratio)| Knot { people, ratio });
    for (people, expected) in [(1.0, 1.0), (1e4, 1.0), (1e5, 1.2), (1e6, 1.6)] {
        near(ratio(&knots, people), expected);
    }
    near(ratio(&knots, 1e5 * 10f64.sqrt()), 1.4);
    near(ratio(&[], 1e6), 1.0);
    near(ratio(&knots[..1], 1e6), 1.0);
}

#[test]
fn cost_levels_off_above_the_largest_size() {
    // A cache of 50,000 people; each person beyond it costs one unit more.
    let cost = |people: f64| 1.0 + (1.0 - 5e4 / people);
    let knots = [1e5, 1e6].map(|people| Knot { people, ratio: cost(people) });
    for people in [1e6, 2e6, 1e7, 1e9] {
        near(ratio(&knots, people), cost(people));
    }
    // If the larger society happened to be faster, the cost stays constant above it.
    let knots = [(1e5, 1.2), (1e6, 1.1)].map(|(people, ratio)| Knot { people, ratio });
    near(ratio(&knots, 1e7), 1.1);
}

#[test]
fn time_depends_on_months_and_size() {
    let months = [month(100.0, 2.0), month(100.0, 3.0)];
    near(seconds_of_one(&[100, 200], &months, &[]), 100.0 * 2.0 + 200.0 * 3.0);
    let knots = [Knot { people: 100.0, ratio: 1.0 }, Knot { people: 10_000.0, ratio: 1.5 }];
    near(seconds_of_one(&[10_000, 10_000], &months, &knots), 1.5 * 10_000.0 * 5.0);
    // The small society may have grown beyond the size at which its relative cost is 1.
    let grown = [month(100.0, 2.0), month(1_000.0, 3.0)];
    near(seconds_of_one(&[10_000, 10_000], &grown, &knots), 10_000.0 * (1.5 * 2.0 + 1.5 / 1.25 * 3.0));
}

#[test]
fn knots_are_means_over_the_same_months() {
    let least = [month(10.0, 1.0), month(10.0, 3.0)];
    let larger = [month(100.0, 2.0), month(300.0, 4.0)];
    assert_eq!(knot(&least, &least), Knot { people: 10.0, ratio: 1.0 });
    assert_eq!(knot(&larger, &least), Knot { people: 200.0, ratio: 1.5 });
    let runs = [vec![month(1.0, 5.0)], vec![month(1.0, 9.0)], vec![month(1.0, 6.0)]];
    assert_eq!(median(&runs), [month(1.0, 6.0)]);
    assert_eq!(mean_of(&[vec![month(1.0, 5.0)], vec![month(3.0, 9.0)]]), [month(2.0, 7.0)]);
}

#[test]
fn months_are_spread_evenly() {
    let months = chosen(162, WARM);
    assert_eq!(months.len(), WARM + TIMED);
    assert_eq!(months[WARM..], [6, 20, 33, 47, 60, 74, 87, 101, 114, 128, 141, 155]);
    assert_eq!(months[..WARM], months[TIMED..]);
    assert_eq!(chosen(5, 0), [0, 1, 2, 3, 4]);
    assert_eq!(chosen(1, 0), [0]);
}

#[test]
fn a_shortened_plan_has_the_levers_of_its_months() {
    let mut plan = small(1, 1);
    plan.last = Month::LAST;
    let mut setup = Setup::clone(&plan.setup);
    let levers = |month: usize| Levers { purge: month as f64, ..Levers::default() };
    setup.policy = PolicyMode::Schedule((0..Month::COUNT).map(levers).collect());
    setup.events.party_elections[20] = true;
    plan.setup = Arc::new(setup);
    let short = shortened(&plan);
    assert_eq!((short.months().count(), short.tables.len()), (WARM + TIMED, 0));
    let PolicyMode::Schedule(track) = &short.setup.policy;
    let purges: Vec<f64> = track.iter().map(|levers| levers.purge).collect();
    assert_eq!(purges.len(), Month::COUNT);
    assert_eq!(purges[WARM..WARM + 3], [6.0, 20.0, 33.0]);
    assert!(short.setup.events.party_elections[WARM + 1]);
    assert_eq!(short.setup.events.pulses.len(), Month::COUNT);
    plan.last = Month(2);
    assert_eq!(shortened(&plan).last, Month(2));
}

#[test]
fn enterprises_keep_their_size_in_a_society_of_any_size() {
    let whole = Population::one_to_one();
    assert_eq!(scaled(&whole, whole.size), whole);
    assert_eq!(scaled(&whole, 40_000), Population { size: 40_000, enterprises: 100, regions: 10 });
    assert_eq!(scaled(&whole, 1_800_000), Population { size: 1_800_000, enterprises: 4_500, regions: 35 });
    assert_eq!(
        scaled(&Population::of_size(1_000_000), 800),
        Population { size: 800, enterprises: 2, regions: 2 }
    );
}

#[test]
fn sizes_are_far_apart() {
    assert_eq!(sizes(40_000, 70_000), [0; 0]);
    assert_eq!(sizes(40_000, 100_000), [100_000]);
    assert_eq!(sizes(40_000, 160_000), [160_000]);
    assert_eq!(sizes(40_000, 600_000), [600_000]);
    assert_eq!(sizes(40_000, 1_600_000), [160_000, 1_600_000]);
}
