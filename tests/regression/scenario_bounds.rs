//! Tests that scenarios with more units or people than identities are refused.

use std::process::Command;

use kadry::model::bounds::TooLarge;
use kadry::model::bounds::check;
use kadry::model::bounds::units;
use kadry::model::identity::MOST_ENTRANTS;
use kadry::model::identity::MOST_UNITS;
use kadry::model::setup::Setup;
use kadry::scenario::{Problem, Size, load, load_altered};

fn set(settings: &[&str]) -> Result<kadry::scenario::Scenario, Problem> {
    let settings: Vec<String> = settings.iter().map(|setting| (*setting).to_owned()).collect();
    load("historical", &settings).map_err(|mut faults| faults.list.remove(0).problem)
}

#[test]
fn enterprises_and_regions_together_have_numbers_of_their_own() {
    let counts = |enterprises: u64, regions: u64| {
        set(&[
            "population.size=200000000",
            &format!("population.enterprises={enterprises}"),
            &format!("population.regions={regions}"),
        ])
    };
    let most = counts(MOST_UNITS - 10, 10).unwrap();
    assert_eq!(units(&most.population), MOST_UNITS);
    assert!(
        matches!(counts(MOST_UNITS - 10, 11), Err(Problem::TooManyUnits { units, limit }) if units == limit + 1)
    );
    assert!(matches!(counts(1_500_000, 10), Err(Problem::OutOfRange { .. })));
    assert!(matches!(counts(600_000, 600_000), Err(Problem::OutOfRange { .. })));
    // A size from which too many enterprises follow.
    let base = ["population.size=100".to_owned(), "population.enterprises=100".to_owned()];
    let text = load("historical", &base).unwrap().to_toml();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("dense.toml");
    std::fs::write(&path, text).unwrap();
    let faults = load_altered(&path, &[], Some(Size::People(2_000_000)), None).unwrap_err();
    assert!(matches!(faults.list[0].problem, Problem::TooManyUnits { .. }), "{faults}");
    assert!(faults.render(false).contains("at most 1048576"), "{faults}");
}

#[test]
fn people_of_one_enterprise_have_numbers_of_their_own() {
    let in_one = |size: u64| set(&[&format!("population.size={size}"), "population.enterprises=1"]);
    assert!(in_one(50_000_000).is_ok());
    assert!(matches!(in_one(200_000_000), Err(Problem::TooManyPeople { people, limit }) if people > limit));
    // The same people in many enterprises, so that no single enterprise is too large.
    assert!(set(&["population.size=200000000"]).is_ok());
    // Growth at its maximum.
    let growth = ["parameters.workforce_growth=2", "levers.growth=1"];
    assert!(matches!(set(&growth), Err(Problem::TooManyPeople { .. })));
    let posts =
        ["parameters.post_deepening=2", "levers.post_growth=1", "levers.growth=0", "population.size=4000000"];
    assert!(matches!(set(&posts), Err(Problem::TooManyPeople { .. } | Problem::TooLargeElite { .. })));
}

#[test]
fn the_bound_is_above_what_a_society_comes_to() {
    use crate::model::start;
    let scenario =
        set(&["population.size=2000", "population.enterprises=3", "population.regions=2"]).unwrap();
    let setup: Setup = scenario.setup();
    assert_eq!(check(&setup), Ok(()));
    let mut society = start(std::sync::Arc::new(setup), 1, 1);
    for _ in 0..24 {
        society.month();
    }
    let largest = society.units().iter().map(|unit| unit.people.len()).max().unwrap() as u64;
    assert!(largest < MOST_ENTRANTS);
    let mut vast = scenario.setup();
    vast.population.size = 1 << 40;
    assert!(matches!(check(&vast), Err(TooLarge::PeopleOfAUnit(people)) if people > largest));
}

#[test]
fn every_way_to_give_a_size_is_checked() {
    let folder = tempfile::tempdir().unwrap();
    let text =
        "name = \"x\"\nextends = \"historical\"\n[population]\nsize = 3_000_000\nenterprises = 1_500_000\n";
    std::fs::write(folder.path().join("case.toml"), text).unwrap();
    let refused = |arguments: &[&str], fragment: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_kadry"))
            .current_dir(folder.path())
            .args(arguments)
            .output()
            .unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(3), "{arguments:?}: {stderr}");
        assert!(stderr.contains(fragment), "{stderr}");
    };
    refused(&["check", "case.toml"], "1 to 1048575");
    refused(
        &["check", "historical", "--set", "population={size=4000000, enterprises=1048575}"],
        "1048585 enterprises and regions in total",
    );
    let vast = ["run", "historical", "--population", "200000000", "--set", "population.enterprises=1"];
    refused(&vast, "268435456");
}
