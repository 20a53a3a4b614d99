//! Tests of the shipped scenarios: all are included, each changes what its name says, and each states its reasons.

use std::fmt::Write;

use kadry::engine::calendar::Month;
use kadry::model::levers::LEVERS;
use kadry::scenario::{Happening, SHIPPED, Scenario, load};

fn shipped(name: &str) -> Scenario {
    load(name, &[]).unwrap_or_else(|faults| panic!("{faults}"))
}

/// The text of `scenarios/README.md`.
pub(super) fn table() -> String {
    let mut text = String::from(
        "# Shipped scenarios\n\n\
         Made from the files; renew it with `KADRY_RENEW=1 cargo test --test kadry generated`. `historical` is the baseline, and\n\
         `decrees_only` the same years by dated decisions alone (`docs/decrees.md`). `first_model` is the baseline as it was before any\n\
         rule was changed, and never changes. The others are counterfactuals: patches over the baseline, each with what is expected of it. Claims are those of the essay that the model examines.\n\
         `kadry explain NAME` shows one resolved, `kadry diff historical NAME` what it changes. How to write one: `docs/scenarios.md`.\n\n\
         | name | title | expected | claims |\n|---|---|---|---|\n",
    );
    for shipped_scenario in SHIPPED {
        let scenario = shipped(shipped_scenario.name);
        let (hypothesis, claims) = (scenario.hypothesis.unwrap_or_default(), scenario.claims.join(", "));
        let name = &scenario.name;
        let _ = writeln!(text, "| [`{name}`]({name}.toml) | {} | {hypothesis} | {claims} |", scenario.title);
    }
    text += "\n`reference/` holds the published series that levers and parameters cite.\n";
    text
}

#[test]
fn every_file_is_shipped_under_its_name() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let mut files: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter_map(|name| name.strip_suffix(".toml").map(str::to_owned))
        .collect();
    let mut names: Vec<String> = SHIPPED.iter().map(|shipped| shipped.name.to_owned()).collect();
    files.sort();
    names.sort();
    assert_eq!(files, names);
    let bases: Vec<&str> = SHIPPED.iter().filter(|one| one.is_base()).map(|one| one.name).collect();
    assert_eq!(bases, ["historical", "decrees_only", "first_model"]);
    for name in names {
        let scenario = shipped(&name);
        assert_eq!(scenario.name, name);
        assert!(scenario.hypothesis.is_some() && scenario.title != name, "{name}");
        assert!(bases.contains(&name.as_str()) || !scenario.claims.is_empty(), "{name}");
        assert!(scenario.tracks.iter().all(|track| track.source.is_some()), "{name}");
    }
}

#[test]
fn each_counterfactual_changes_what_its_name_says_and_nothing_else() {
    let history = shipped("historical");
    let expected: &[(&str, &[&str])] = &[
        ("unions_kept", &["union"]),
        ("unions_restored_1934", &["union"]),
        ("no_origin_preference", &["origin_preference"]),
        ("no_terror", &["vigilance", "repression"]),
        ("terror_without_career", &["career_reward"]),
        ("terror_without_criticism", &["criticism"]),
        ("no_expansion", &["growth", "post_growth"]),
        ("no_egalitarian_norm", &["egalitarian_norm"]),
        ("early_authority", &["managerial_authority"]),
        (
            "technocracy",
            &["class_war", "wage_spread", "egalitarian_norm", "criticism", "managerial_authority"],
        ),
        ("class_coded_1937", &["class_war", "vigilance"]),
        ("no_enemies", &["class_war", "vigilance"]),
        ("no_stakhanovism", &["stakhanovism"]),
        ("egalitarian_pay_kept", &["wage_spread", "egalitarian_norm"]),
        ("expansion_delayed", &["growth", "post_growth", "schooling"]),
    ];
    assert_eq!(expected.len(), SHIPPED.iter().filter(|one| !one.is_base()).count());
    for (name, levers) in expected {
        let differences = history.differences(&shipped(name));
        let mut changed: Vec<&str> = differences
            .iter()
            .filter(|difference| difference.table == "levers")
            .map(|difference| difference.key.as_str())
            .collect();
        changed.dedup();
        assert_eq!(&changed, levers, "{name}");
        let others = differences.iter().filter(|difference| difference.table != "levers").count();
        assert_eq!(others, if *name == "no_enemies" { 6 } else { 0 }, "{name}");
    }
}

/// The value of a lever in a month, before smoothing.
fn value(scenario: &Scenario, lever: &str, month: &str) -> f64 {
    let position = LEVERS.iter().position(|info| info.key == lever).unwrap();
    scenario.tracks[position].values[month.parse::<Month>().unwrap().index()]
}

#[test]
fn the_counterfactuals_have_their_values() {
    assert_eq!(value(&shipped("unions_kept"), "union", "1941-06"), 0.6);
    let restored = shipped("unions_restored_1934");
    assert_eq!((value(&restored, "union", "1933-12"), value(&restored, "union", "1934-01")), (0.05, 0.6));
    let calm = shipped("no_terror");
    assert_eq!((value(&calm, "repression", "1937-08"), value(&calm, "vigilance", "1937-01")), (0.2, 0.5));
    assert_eq!((value(&calm, "repression", "1930-01"), value(&calm, "vigilance", "1930-01")), (0.149, 0.4));
    let quiet = shipped("terror_without_criticism");
    assert_eq!((value(&quiet, "criticism", "1936-12"), value(&quiet, "criticism", "1937-01")), (0.6, 0.15));
    assert_eq!(value(&shipped("early_authority"), "managerial_authority", "1939-01"), 0.85);
    assert_eq!(value(&shipped("early_authority"), "managerial_authority", "1928-01"), 0.8);
    let coded = shipped("class_coded_1937");
    assert_eq!((value(&coded, "class_war", "1936-12"), value(&coded, "class_war", "1938-10")), (0.15, 0.9));
    assert_eq!((value(&coded, "class_war", "1938-11"), value(&coded, "vigilance", "1938-10")), (0.05, 0.4));
    let delayed = shipped("expansion_delayed");
    let history = shipped("historical");
    for lever in ["growth", "post_growth", "schooling"] {
        assert_eq!(value(&delayed, lever, "1929-12"), value(&history, lever, "1928-01"), "{lever}");
        assert_eq!(value(&delayed, lever, "1932-01"), value(&history, lever, "1930-01"), "{lever}");
        assert_eq!(value(&delayed, lever, "1941-06"), value(&history, lever, "1939-06"), "{lever}");
    }
    let no_enemies = shipped("no_enemies");
    assert!(no_enemies.events.iter().all(|event| matches!(event.happening, Happening::Election(_))));
    assert_eq!(no_enemies.events.len(), 2);
}

#[test]
fn a_scenario_equal_to_its_base_has_its_setup() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("same.toml");
    let text = "name = \"same\"\nextends = \"historical\"\n[[change]]\nlever = \"criticism\"\nadd = 0\n\
                [[change]]\nlever = \"union\"\nscale = 1\n[[change]]\nlever = \"purge\"\nshift_months = 0\n";
    std::fs::write(&path, text).unwrap();
    let same = load(path.to_str().unwrap(), &[]).unwrap();
    assert_eq!(same.setup(), shipped("historical").setup());
    assert_ne!(same.hash(), shipped("historical").hash(), "results contain the name");
}
