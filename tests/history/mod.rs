//! Tests `kadry history` through the program: what it prints, and what it refuses.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn kadry(home: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_kadry")).current_dir(home).args(arguments).output().unwrap()
}

fn run(home: &Path, arguments: &[&str]) {
    let mut all =
        vec!["run", "historical", "--population", "2000", "--replicates", "2", "--out", "result", "--force"];
    all.extend(arguments);
    let output = kadry(home, &all);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn refused(home: &Path, words: &str) {
    let output = kadry(home, &["history", "result"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains(words) && output.stdout.is_empty(), "{said}");
}

#[test]
fn every_series_is_compared_or_has_a_reason() {
    let home = tempfile::tempdir().unwrap();
    run(home.path(), &[]);
    // The text is wrapped to the width of the terminal.
    let text = out(&kadry(home.path(), &["history", "result"]));
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let page = out(&kadry(home.path(), &["history", "result", "--markdown"]));
    for figure in kadry::experiment::history::figures() {
        assert!(text.contains(&figure.series) && page.contains(&figure.series), "{}", figure.series);
    }
    for caution in kadry::experiment::history::cautions() {
        assert!(text.contains(caution) && page.contains(caution), "{caution}");
    }
    assert!(page.contains(
        "kadry run historical --seed 1 --replicates 2 --population 2000 --until 1941-06 --out DIR"
    ));

    let json = out(&kadry(home.path(), &["history", "result", "--json"]));
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["replicates"], 2);
    let series = json["series"].as_array().unwrap();
    let turnover = series.iter().find(|one| one["series"] == "labour_turnover").unwrap();
    assert_eq!(turnover["figures"].as_array().unwrap().len(), 9);
    assert!(turnover["rms_log_error"].as_f64().unwrap() < 0.5);
    // The first figures of this series are earlier than the model's calendar.
    let entrants = series.iter().find(|one| one["series"] == "workers_among_entrants").unwrap();
    assert!(
        entrants["figures"][0]["model_on_basis"].is_null() && entrants["figures"][2]["log_error"].is_f64()
    );
}

#[test]
fn only_months_that_were_run_are_compared() {
    let home = tempfile::tempdir().unwrap();
    run(home.path(), &["--until", "1930-06"]);
    let json = out(&kadry(home.path(), &["history", "result", "--json"]));
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let of = |name: &str| {
        let series = json["series"].as_array().unwrap();
        let figures = &series.iter().find(|one| one["series"] == name).unwrap()["figures"];
        figures.as_array().unwrap().iter().filter(|figure| figure["model_on_basis"].is_f64()).count()
    };
    assert_eq!((of("labour_turnover"), of("party_membership"), of("real_wage")), (2, 3, 0));
}

#[test]
fn missing_and_damaged_results_are_refused() {
    let home = tempfile::tempdir().unwrap();
    refused(home.path(), "there is no folder result");
    run(home.path(), &["--until", "1928-12", "--tables", "phases"]);
    refused(home.path(), "has no series.csv");
    run(home.path(), &["--until", "1928-12"]);
    let series = home.path().join("result/series.csv");
    let text = fs::read_to_string(&series).unwrap();
    fs::write(&series, &text[..text.len() / 2]).unwrap();
    refused(home.path(), "digest differs");
    fs::remove_file(&series).unwrap();
    refused(home.path(), "has no series.csv");
    fs::write(home.path().join("result/manifest.json"), "{\"form\": 1").unwrap();
    refused(home.path(), "is not a manifest that this version of kadry wrote");
}

#[test]
fn the_ladder_needs_no_folder_and_threads_change_nothing() {
    let home = tempfile::tempdir().unwrap();
    let ladder = |more: &[&str]| {
        let all = ["history", "--ladder", "--population", "1000", "--replicates", "2"];
        let output = kadry(home.path(), &[&all, more].concat());
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        out(&output)
    };
    let json = ladder(&["--json", "--threads", "1"]);
    assert_eq!(json, ladder(&["--json", "--threads", "3"]));
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&json["people"], &json["replicates"]), (&1_000.into(), &2.into()));
    let series = json["series"].as_array().unwrap();
    assert_eq!(series.len(), 7);
    let turnover = series.iter().find(|one| one["series"] == "labour_turnover").unwrap();
    assert!(turnover["rungs"][0]["rms_log_error"].is_null());
    let (error, constant) =
        (turnover["rungs"][6]["rms_log_error"].as_f64(), turnover["constant_error"].as_f64());
    let skill = 1.0 - (error.unwrap() / constant.unwrap()).powi(2);
    assert!((turnover["rungs"][6]["skill"].as_f64().unwrap() - skill).abs() < 1e-12);

    let (text, page) = (ladder(&[]), ladder(&["--markdown"]));
    for series in series {
        let name = series["series"].as_str().unwrap();
        assert!(text.contains(name) && page.contains(name), "{name}");
    }
    assert!(page.contains(
        "kadry history --ladder historical --seed 1 --replicates 2 --population 1000 --markdown >> docs/history.md"
    ));
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0, "no folder is written");
}

#[test]
fn options_of_the_ladder_need_it() {
    let home = tempfile::tempdir().unwrap();
    for arguments in [
        &["history"][..],
        &["history", "result", "--ladder"],
        &["history", "result", "--replicates", "3"],
        &["history", "--ladder", "historica"],
    ] {
        let output = kadry(home.path(), arguments);
        assert!(!output.status.success() && output.stdout.is_empty(), "{arguments:?}");
        assert!(!output.stderr.is_empty(), "{arguments:?}");
    }
}
