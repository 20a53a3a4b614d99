//! Tests the historical scenario against independent figures, and the guarantees of resolving.

use super::*;

/// Means of the smoothed levers in the five phases, computed by an independent implementation of the schedule.
const MEANS: &[(&str, [f64; 5])] = &[
    ("class_war", [0.864, 0.272, 0.153, 0.198, 0.055]),
    ("origin_preference", [0.513, 0.612, 0.354, 0.055, 0.002]),
    ("wage_spread", [0.150, 0.585, 0.746, 0.702, 0.797]),
    ("egalitarian_norm", [0.950, 0.322, 0.494, 0.691, 0.264]),
    ("criticism", [0.726, 0.218, 0.589, 0.934, 0.175]),
    ("vigilance", [0.400, 0.352, 0.496, 0.977, 0.322]),
    ("managerial_authority", [0.231, 0.522, 0.553, 0.311, 0.833]),
    ("penalty", [0.200, 0.378, 0.453, 0.355, 0.870]),
    ("stakhanovism", [0.100, 0.100, 0.461, 0.509, 0.258]),
    ("union", [0.283, 0.052, 0.050, 0.145, 0.053]),
    ("hardship", [0.532, 0.928, 0.511, 0.470, 0.553]),
    ("growth", [0.659, 0.262, 0.276, 0.089, 0.058]),
    ("post_growth", [1.000, 0.580, 0.300, 0.329, 0.340]),
    ("schooling", [0.729, 0.840, 0.667, 0.700, 0.700]),
    ("party_recruitment", [0.464, 0.570, 0.007, 0.120, 0.664]),
    ("absence_law", [0.000, 0.467, 1.000, 1.000, 1.000]),
    ("enforcement", [0.000, 0.050, 0.000, 0.000, 0.353]),
    ("career_reward", [1.000, 1.000, 1.000, 1.000, 1.000]),
    ("threat", [0.000, 0.048, 0.244, 0.536, 0.889]),
    ("repression", [0.079, 0.136, 0.149, 0.403, 0.057]),
    ("purge", [0.133, 0.140, 0.378, 0.189, 0.003]),
];

fn historical() -> Scenario {
    load("historical", &[]).unwrap_or_else(|faults| panic!("{faults}"))
}

#[test]
fn period_means_of_the_levers_equal_those_of_the_independent_implementation() {
    let scenario = historical();
    let PolicyMode::Schedule(levers) = scenario.setup().policy;
    assert_eq!(scenario.phases.len(), 5);
    for (key, means) in MEANS {
        let info = crate::model::levers::lever(key).unwrap();
        for (position, mean) in means.iter().enumerate() {
            let months = scenario.phases[position].from.index()..=scenario.phase_end(position).index();
            let values: Vec<f64> = levers[months].iter().map(info.get).collect();
            let got = values.iter().sum::<f64>() / values.len() as f64;
            // The figures are rounded to three decimals, ties either way.
            assert!((got - mean).abs() <= 0.0005 + 1e-12, "{key}, phase {position}: {got}, expected {mean}");
        }
    }
}

#[test]
fn growth_keeps_the_exact_quotients() {
    let growth = &historical().tracks[LEVERS.iter().position(|info| info.key == "growth").unwrap()];
    let yearly = [0.08, 0.17, 0.26, 0.18, 0.06, 0.02, 0.055, 0.075, 0.085, 0.03, 0.015];
    for (year, figure) in yearly.iter().enumerate() {
        assert_eq!(growth.values[12 * year], figure / 0.26, "{}", 1928 + year);
    }
}

#[test]
fn the_historical_events_are_in_their_months() {
    let events = historical().setup().events;
    let at = |month: &str| month.parse::<Month>().unwrap().index();
    assert_eq!(events.pulses[at("1928-05")], [0.6, 0.0, 0.0, 0.0, 0.0, 0.0]);
    assert_eq!(events.pulses[at("1930-11")], [0.6, 0.0, 0.0, 0.0, 0.0, 0.0]);
    assert_eq!(events.pulses[at("1936-08")], [0.0, 0.0, 0.0, 0.5, 0.0, 0.0]);
    assert_eq!(events.pulses[at("1937-01")], [0.0, 0.0, 0.5, 0.5, 0.0, 0.0]);
    assert_eq!(events.pulses[at("1937-06")], [0.0, 0.0, 0.0, 0.5, 0.0, 0.0]);
    assert_eq!(events.pulses[at("1938-03")], [0.0, 0.0, 0.4, 0.4, 0.0, 0.0]);
    assert_eq!(events.pulses.iter().flatten().filter(|pulse| **pulse > 0.0).count(), 8);
    let months = |votes: &[bool]| {
        Month::all().filter(|month| votes[month.index()]).map(|month| month.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(months(&events.party_elections), ["1937-04", "1937-05"]);
    assert_eq!(months(&events.union_elections), ["1937-10", "1937-11"]);
}

#[test]
fn resolving_a_resolved_scenario_changes_nothing() {
    for shipped in SHIPPED {
        let scenario = load(shipped.name, &[]).unwrap_or_else(|faults| panic!("{faults}"));
        let text = scenario.to_toml();
        let again = load_text("resolved.toml", &text).unwrap_or_else(|faults| panic!("{faults}"));
        assert_eq!(again.to_toml(), text, "{}", shipped.name);
        assert_eq!(again.setup(), scenario.setup(), "{}", shipped.name);
        assert_eq!(again.hash(), scenario.hash(), "{}", shipped.name);
    }
}

#[test]
fn the_hash_covers_what_results_depend_on() {
    let set = |setting: &str| {
        load("historical", &[setting.to_owned()]).unwrap_or_else(|faults| panic!("{faults}")).hash()
    };
    let hash = historical().hash();
    assert_eq!(set("title = another"), hash);
    assert_eq!(set("hypothesis=none"), hash);
    assert_eq!(set("claims=['C01']"), hash);
    assert_ne!(set("name=another"), hash);
    assert_ne!(set("parameters.quit_base=0.05"), hash);
    assert_ne!(set("mechanisms.fear=false"), hash);
    assert_ne!(set("population.size=4000"), hash);
    assert_ne!(set("change=[{lever='criticism', set=0.1}]"), hash);
    assert_ne!(set("event=[{name='trial of the military', remove=true}]"), hash);
}

#[test]
fn a_size_alone_keeps_the_mean_enterprise_and_the_regions() {
    let population = |size: &str| historical().with_population(size.parse().unwrap()).population;
    assert_eq!(population("4000"), Population { size: 4_000, enterprises: 10, regions: 10 });
    assert_eq!(population("1_000"), Population { size: 1_000, enterprises: 3, regions: 3 });
    assert_eq!(population("1"), Population { size: 1, enterprises: 1, regions: 1 });
    assert_eq!(population("200000000"), Population { size: 200_000_000, enterprises: 500_000, regions: 10 });
    assert_eq!(population("one-to-one"), Population::one_to_one());
    for text in ["0", "-1", "1e6", "200000001", "99999999999999999999", "", "all", "+5"] {
        assert!(text.parse::<Size>().is_err(), "{text}");
    }
}

#[test]
fn each_month_belongs_to_one_phase() {
    let scenario = historical();
    let name = |month: &str| scenario.phase_of(month.parse().unwrap()).name.clone();
    assert_eq!(name("1928-01"), "class war");
    assert_eq!(name("1931-06"), "class war");
    assert_eq!(name("1931-07"), "discipline");
    assert_eq!(name("1936-12"), "criticism from below");
    assert_eq!(name("1938-10"), "terror");
    assert_eq!(name("1941-06"), "authority restored");
}
