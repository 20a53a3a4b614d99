//! Tests every shipped scenario through the installed program in an empty folder.

use super::*;

#[test]
fn every_shipped_scenario_checks_explains_and_runs() {
    let home = tempfile::tempdir().unwrap();
    for shipped in kadry::scenario::SHIPPED {
        for verb in ["check", "explain"] {
            let output = kadry(home.path(), &[verb, shipped.name]).output().unwrap();
            assert_eq!(code(&output), 0, "{verb} {}: {}", shipped.name, err(&output));
        }
        let arguments = ["run", shipped.name, "--population", "800", "--out", shipped.name, "-q"];
        let output = kadry(home.path(), &arguments).output().unwrap();
        assert_eq!(code(&output), 0, "run {}: {}", shipped.name, err(&output));
        assert_eq!(manifest(&home.path().join(shipped.name))["complete"], true, "{}", shipped.name);
        // A header and 162 months.
        assert_eq!(
            read(&home.path().join(shipped.name), "series.csv").lines().count(),
            163,
            "{}",
            shipped.name
        );
    }
}

#[test]
fn a_scenario_equal_to_its_base_gives_its_bytes() {
    let home = tempfile::tempdir().unwrap();
    let text = "name = \"twin\"\ntitle = \"The baseline by another name\"\nextends = \"historical\"\n\n\
                [[change]]\nlever = \"criticism\"\nfrom = \"1934-01\"\nadd = 0.0\n";
    fs::write(home.path().join("twin.toml"), text).unwrap();
    for (scenario, folder) in [("historical", "base"), ("twin.toml", "twin")] {
        let arguments = ["run", scenario, "--population", "2000", "--replicates", "2", "--out", folder];
        let output = kadry(home.path(), &arguments).output().unwrap();
        assert_eq!(code(&output), 0, "{}", err(&output));
    }
    let tables = kadry::experiment::tables::default_layouts();
    for file in tables.iter().map(|layout| layout.file()) {
        // The first column is the scenario's name.
        let cells = |folder: &str| -> Vec<String> {
            let text = read(&home.path().join(folder), &file);
            text.lines().map(|line| line.split_once(',').unwrap().1.to_owned()).collect()
        };
        assert_eq!(cells("twin"), cells("base"), "{file}");
    }
}
