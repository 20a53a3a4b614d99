//! Tests the smallest societies and extreme policies through the program: they run, and no cell is NaN or infinite.

use kadry::experiment::tables::names;
use kadry::model::levers::LEVERS;
use std::fs;
use std::path::Path;
use std::process::Command;

/// Runs a scenario with some arguments and checks the tables for NaN and infinity.
fn runs(home: &Path, arguments: &[&str]) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kadry"));
    let all = names().join(",");
    command
        .current_dir(home)
        .arg("run")
        .args(arguments)
        .args(["--tables", &all, "--out", "result", "--force"]);
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {said}");
    assert!(!said.contains("panicked"), "{said}");
    for table in names() {
        let text = fs::read_to_string(home.join("result").join(format!("{table}.csv"))).unwrap();
        for word in ["NaN", "inf", "-nan"] {
            assert!(!text.split([',', '\n']).any(|cell| cell == word), "{table}: {word}");
        }
    }
}

fn small(home: &Path, arguments: &[&str]) {
    let mut all = vec!["historical", "--population", "600", "--until", "1933-06"];
    all.extend(arguments);
    runs(home, &all);
}

#[test]
fn one_person_in_one_plant() {
    let home = tempfile::tempdir().unwrap();
    runs(home.path(), &["historical", "--population", "1"]);
    runs(home.path(), &["historical", "--population", "1", "--until", "1928-01"]);
    let series = fs::read_to_string(home.path().join("result/series.csv")).unwrap();
    assert_eq!(series.lines().count(), 2);
}

#[test]
fn one_plant_and_one_region() {
    let home = tempfile::tempdir().unwrap();
    let one = ["--set", "population.enterprises=1", "--set", "population.regions=1"];
    let mut all = vec!["historical", "--until", "1932-12"];
    all.extend(one);
    runs(home.path(), &all);
    small(home.path(), &["--set", "population.regions=1"]);
}

#[test]
fn one_month() {
    let home = tempfile::tempdir().unwrap();
    runs(home.path(), &["historical", "--population", "2000", "--until", "1928-01", "--replicates", "2"]);
    let mobility = fs::read_to_string(home.path().join("result/mobility.csv")).unwrap();
    assert!(mobility.contains(",1927-12,") && mobility.contains(",1928-01,"), "the start and the only month");
}

#[test]
fn a_country_without_posts_is_refused_with_the_reason() {
    let home = tempfile::tempdir().unwrap();
    for table in ["population", "parameters", "levers"] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kadry"));
        command.current_dir(home.path()).args(["run", "historical", "--set", &format!("{table}.posts=0")]);
        let output = command.output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).replace("\n          ", " ");
        assert_eq!(output.status.code(), Some(3), "{said}");
        for words in ["unknown key `posts`", "every plant has a director", "parameters.post_filling = 0"] {
            assert!(said.contains(words), "{words}: {said}");
        }
    }
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0, "the folder is not empty");
}

/// The alternative that the message above suggests: posts fall vacant and are never filled.
#[test]
fn all_posts_vacant() {
    let home = tempfile::tempdir().unwrap();
    let no_elite = ["--set", "parameters.post_filling=0", "--set", "parameters.natural_exit_elite=1"];
    small(home.path(), &no_elite);
    let series = fs::read_to_string(home.path().join("result/series.csv")).unwrap();
    let column = |line: &str, at: usize| line.split(',').nth(at).unwrap().to_owned();
    let elite = series.lines().next().unwrap().split(',').position(|name| name == "elite").unwrap();
    assert!(series.lines().skip(4).all(|line| column(line, elite) == "0"), "the elite is not empty");
}

#[test]
fn every_lever_at_either_end() {
    let home = tempfile::tempdir().unwrap();
    for value in [0, 1] {
        let changes: String = LEVERS
            .iter()
            .map(|info| format!("\n[[change]]\nlever = \"{}\"\nset = {value}\n", info.key))
            .collect();
        let text = format!(
            "name = \"all_{value}\"\ntitle = \"all levers at {value}\"\nextends = \"historical\"\n{changes}"
        );
        fs::write(home.path().join("all.toml"), text).unwrap();
        runs(home.path(), &["all.toml", "--population", "1000"]);
    }
    // Each lever alone at either end, over a few months, so that no extreme hides another.
    for info in LEVERS {
        for value in [0, 1] {
            let text = format!(
                "name = \"one\"\ntitle = \"one\"\nextends = \"historical\"\n[[change]]\nlever = \"{}\"\nset = {value}\n",
                info.key
            );
            fs::write(home.path().join("one.toml"), text).unwrap();
            runs(home.path(), &["one.toml", "--population", "400", "--until", "1929-06"]);
        }
    }
}
