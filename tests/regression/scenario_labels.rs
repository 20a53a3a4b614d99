//! Tests that the results of an altered scenario carry a label instead of the name of the original.

use std::path::Path;
use std::process::Command;

use kadry::experiment::plan::Plan;
use kadry::scenario::{MAX_LABEL, Problem, Scenario, Size, load, load_altered, load_text};

fn altered(settings: &[&str], population: Option<u64>, label: Option<&str>) -> Scenario {
    let settings: Vec<String> = settings.iter().map(|setting| (*setting).to_owned()).collect();
    load_altered("historical", &settings, population.map(Size::People), label)
        .unwrap_or_else(|faults| panic!("{faults}"))
}

#[test]
fn alterations_are_named_in_the_label() {
    let called = |settings: &[&str], population| altered(settings, population, None).called().to_owned();
    assert_eq!(called(&[], None), "historical");
    assert_eq!(called(&["mechanisms.catharsis=false"], None), "historical+mechanisms.catharsis=false");
    assert_eq!(
        called(&["mechanisms.catharsis = false"], Some(4_000)),
        "historical+mechanisms.catharsis=false+population=4000"
    );
    assert_eq!(called(&[], Some(4_000)), "historical+population=4000");
    // The last value of a key counts; changes accumulate.
    assert_eq!(
        called(&["parameters.quit_base=0.05", "parameters.quit_base=0.06"], None),
        "historical+parameters.quit_base=0.06"
    );
    let change = "change=[{lever='union', add=0.1}]";
    assert_eq!(called(&[change, change], None), format!("historical+{change}+{change}"));
}

#[test]
fn what_alters_no_result_gives_no_label() {
    for settings in [
        &["title=another"][..],
        &["hypothesis=none"],
        &["parameters.quit_base=0.049"],
        &["parameters.quit_base=0.05", "parameters.quit_base=0.049"],
        &["population.size=40000"],
    ] {
        assert_eq!(altered(settings, None, None).label, None, "{settings:?}");
    }
    assert_eq!(altered(&[], Some(40_000), None).label, None);
}

#[test]
fn a_label_or_a_name_that_is_given_is_used_instead() {
    let fear = "mechanisms.fear=false";
    assert_eq!(altered(&[fear], None, Some("without fear")).called(), "without fear");
    assert_eq!(altered(&[], None, Some("the baseline")).called(), "the baseline");
    assert_eq!(altered(&[fear, "label=without fear"], None, None).called(), "without fear");
    let named = altered(&[fear, "name=fearless"], None, None);
    assert_eq!((named.label.as_deref(), named.called()), (None, "fearless"));
    let faults = load_altered("historical", &[], None, Some("=1+1")).unwrap_err();
    assert_eq!(faults.list[0].key, "--label");
    assert!(faults.render(false).contains("--label:1:1"), "{faults}");
    for bad in ["", " x", "a\nb", "NA", "1928", &"x".repeat(MAX_LABEL + 1)] {
        assert!(load_altered("historical", &[], None, Some(bad)).is_err(), "{bad:?}");
    }
    assert!(load_altered("historical", &[], None, Some(&"x".repeat(MAX_LABEL))).is_ok());
}

#[test]
fn a_label_is_kept_where_the_resolved_scenario_is_stored() {
    let scenario = altered(&["mechanisms.fear=false"], Some(2_000), None);
    let again = load_text("scenario.toml", &scenario.to_toml()).unwrap_or_else(|faults| panic!("{faults}"));
    assert_eq!(again.label, scenario.label);
    assert_eq!(again.to_toml(), scenario.to_toml());
    assert_eq!(again.hash(), scenario.hash());
    let bare =
        load("historical", &["mechanisms.fear=false".to_owned(), "population.size=2000".to_owned()]).unwrap();
    assert!(bare.same_substance(&scenario) && scenario.same_substance(&bare));
    assert_ne!(bare.hash(), scenario.hash(), "rows hold the label");
    assert_eq!(Plan::of(&scenario).scenario, "historical+mechanisms.fear=false+population=2000");
}

#[test]
fn a_label_belongs_to_a_file_and_is_not_inherited() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let base = write("base.toml", "name = \"base\"\nextends = \"historical\"\nlabel = \"my base\"\n");
    let patch = write("patch.toml", "name = \"patch\"\nextends = \"base.toml\"\n");
    assert_eq!(load(&base, &[]).unwrap().called(), "my base");
    assert_eq!(load(&patch, &[]).unwrap().called(), "patch");
    let altered = load_altered(&base, &["mechanisms.fear=false".to_owned()], None, None).unwrap();
    assert_eq!(altered.called(), "my base+mechanisms.fear=false");
}

#[test]
fn two_long_alterations_have_two_labels() {
    let many = |last: &str| {
        let change = format!("change=[{{lever='union', add=0.1, source='{}'}}]", "why ".repeat(60));
        let settings = [change, format!("parameters.quit_base={last}")];
        load_altered("historical", &settings, None, None).unwrap_or_else(|faults| panic!("{faults}"))
    };
    let (one, other) = (many("0.05"), many("0.06"));
    assert!(one.called().starts_with("historical+change="), "{}", one.called());
    assert!(one.called().len() <= MAX_LABEL && other.called().len() <= MAX_LABEL);
    assert_ne!(one.called(), other.called());
}

#[test]
fn numbers_that_a_setting_gives_survive_another_population() {
    let population = |settings: &[&str], size| altered(settings, Some(size), None).population;
    assert_eq!(population(&["population.enterprises=30"], 4_000).enterprises, 30);
    let both = population(&["population.regions=3", "population.enterprises=30"], 4_000);
    assert_eq!((both.size, both.enterprises, both.regions), (4_000, 30, 3));
    // The number of regions of the file is restored if there are enough enterprises.
    assert_eq!(population(&["population.enterprises=30"], 1_000).regions, 10);
    assert_eq!(population(&[], 1_000).regions, 3);
    let twice =
        load_altered("historical", &["population.size=8000".to_owned()], Some(Size::People(4_000)), None);
    assert!(matches!(twice.unwrap_err().list[0].problem, Problem::SizeTwice { .. }));
    let too_many =
        load_altered("historical", &["population.enterprises=30".to_owned()], Some(Size::People(20)), None);
    assert!(matches!(too_many.unwrap_err().list[0].problem, Problem::TooManyEnterprises { .. }));
}

fn kadry(folder: &Path, arguments: &[&str]) -> String {
    let output =
        Command::new(env!("CARGO_BIN_EXE_kadry")).current_dir(folder).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn explain_shows_the_label_and_writes_it() {
    let folder = tempfile::tempdir().unwrap();
    let explain = ["explain", "historical", "--set", "mechanisms.fear=false"];
    assert!(kadry(folder.path(), &explain).contains("label: historical+mechanisms.fear=false\n"));
    let toml = kadry(folder.path(), &[&explain[..], &["--toml"]].concat());
    assert!(
        toml.starts_with("name = \"historical\"\nlabel = \"historical+mechanisms.fear=false\"\n"),
        "{toml}"
    );
}

#[test]
fn rows_of_an_altered_run_hold_the_label_and_its_folder_the_name() {
    let folder = tempfile::tempdir().unwrap();
    let run = [
        "run",
        "historical",
        "--population",
        "400",
        "--until",
        "1928-02",
        "--set",
        "mechanisms.fear=false",
        "-q",
    ];
    kadry(folder.path(), &run);
    let made = std::fs::read_dir(folder.path().join("output")).unwrap().next().unwrap().unwrap().path();
    let name = made.file_name().unwrap().to_str().unwrap();
    assert!(name.starts_with("historical-") && name.len() == "historical-".len() + 8, "{name}");
    let series = std::fs::read_to_string(made.join("series.csv")).unwrap();
    assert!(
        series
            .lines()
            .nth(1)
            .unwrap()
            .starts_with("historical+mechanisms.fear=false+population=400,1,1,1928-01")
    );
    let toml = std::fs::read_to_string(made.join("scenario.toml")).unwrap();
    assert!(toml.contains("label = \"historical+mechanisms.fear=false+population=400\""));
}
