use super::*;
use crate::experiment::claims::example;
use crate::model::phase::PhaseRecord;
use crate::model::simulation::Simulation;
use crate::scenario::claims::{ClaimsPopulation, Margin, Side, metrics};
use crate::scenario::{Size, load, load_altered};

#[test]
fn the_list_of_metrics_that_depend_on_targets_is_complete() {
    let base = load_altered("historical", &[], Some(Size::People(2_000)), None).unwrap();
    let mut simulation = Simulation::start(base.setup().into(), 1, 1).with_chance_targets();
    let mut record = PhaseRecord::default();
    while let Some(month) = simulation.month() {
        record.add(&month);
    }
    let by_chance = record.with_chance_targets();
    for measure in PHASE_MEASURES {
        let differs = (measure.value)(&record) != (measure.value)(&by_chance);
        assert_eq!(TARGETED.contains(&measure.key), differs, "{}", measure.key);
    }
    // The other metrics on the list are accusations of classes.
    let of_phases = |key: &&str| PHASE_MEASURES.iter().any(|measure| measure.key == *key);
    let of_class =
        |key: &&str| key.starts_with("accusations_of_") && key.ends_with("_per_1000") && !of_phases(key);
    let known = metrics();
    let mut classes: Vec<&str> = known.iter().map(AsRef::as_ref).filter(of_class).collect();
    let mut others: Vec<&str> = TARGETED.iter().copied().filter(|key| !of_phases(key)).collect();
    classes.sort_unstable();
    others.sort_unstable();
    assert_eq!(others, classes);
}

#[test]
fn components_name_a_scenario_other_than_the_base() {
    let mut claims = example::evidence().claims;
    claims.claims.truncate(1);
    claims.population = ClaimsPopulation::default();
    let base = load("historical", &[]).unwrap();
    let mut words = |scenario: Option<&str>| {
        let of = Measured { metric: "discipline".into(), period: Period::Whole, statistic: Statistic::Mean };
        let contrast = Contrast::Level { of, scenario: scenario.map(str::to_owned) };
        let region = Region { side: Side::Above, bound: 0.0, margin: Margin::Absolute(0.1) };
        claims.claims[0].tests = vec![ClaimTest::Ready(Test { contrast, region, note: None })];
        Compilation::of(&claims, &base).tests[0][0].as_ref().unwrap().components[0].words.clone()
    };
    assert_eq!(words(None), "discipline, whole period");
    assert_eq!(words(Some("unions_kept")), "discipline, whole period, in unions_kept");
}
