//! Tests of `kadry follow` through the program.

use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

/// Runs the program in `home`.
fn kadry(home: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kadry"));
    command.current_dir(home).args(arguments).env("COLUMNS", "160").env("LC_ALL", "C.UTF-8");
    command.output().unwrap()
}

/// Follows people in a small society.
fn follow(home: &Path, arguments: &[&str]) -> Output {
    let small = ["follow", "historical", "--population", "2000", "--until", "1934-12"];
    kadry(home, &[&small, arguments].concat())
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("the program ends by itself")
}

fn out(output: &Output) -> String {
    assert_eq!(code(output), 0, "{}", err(output));
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// What the program said on stderr, on one line.
fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn json(output: &Output) -> Value {
    serde_json::from_str(&out(output)).unwrap()
}

const RISEN: &str = "worker in 1928, foreman by 1934";

#[test]
fn a_person_found_by_a_rule_is_found_by_identity_too() {
    let home = tempfile::tempdir().unwrap();
    let by_rule = json(&follow(home.path(), &["--rule", RISEN, "--json"]));
    let person = by_rule["lives"][0]["person"].as_str().unwrap();
    let by_identity = json(&follow(home.path(), &["--person", person, "--json"]));
    assert_eq!(by_rule["lives"], by_identity["lives"]);
    assert_eq!(by_identity["rule"], Value::Null);
    let months = by_rule["lives"][0]["months"].as_array().unwrap();
    assert!(months.iter().any(|month| month["rank"] == "foreman"));
    assert!(months.iter().any(|month| month["rank"] == "worker"));
    let text = out(&follow(home.path(), &["--rule", RISEN]));
    for part in [person, "promoted", "satisfy the rule", "year  rank and role", "1934  "] {
        assert!(text.contains(part), "{part}: {text}");
    }
    // The same command gives the same bytes.
    assert_eq!(text, out(&follow(home.path(), &["--rule", RISEN])));
}

#[test]
fn several_lives_are_printed_and_written() {
    let home = tempfile::tempdir().unwrap();
    let asked = ["--rule", RISEN, "--count", "3", "--out", "lives.csv", "--json"];
    let found = json(&follow(home.path(), &asked));
    assert_eq!(found["lives"].as_array().unwrap().len(), 3);
    let first = json(&follow(home.path(), &["--rule", RISEN, "--json"]));
    assert_eq!(found["lives"][0], first["lives"][0]);
    let written = fs::read_to_string(home.path().join("lives.csv")).unwrap();
    let months: usize =
        found["lives"].as_array().unwrap().iter().map(|life| life["months"].as_array().unwrap().len()).sum();
    assert_eq!(written.lines().count(), 1 + months);
    // An existing file is never overwritten.
    let again = follow(home.path(), &asked);
    assert_eq!(code(&again), 1);
    assert!(err(&again).contains("lives.csv already exists"), "{}", err(&again));
}

#[test]
fn the_rows_of_a_person_are_those_of_the_table() {
    let home = tempfile::tempdir().unwrap();
    let run = ["run", "historical", "--population", "2000", "--until", "1934-12", "--tables", "lives"];
    out(&kadry(home.path(), &[&run[..], &["--replicate", "2", "--out", "result"]].concat()));
    let table = fs::read_to_string(home.path().join("result/lives.csv")).unwrap();
    let person = table.lines().nth(40).unwrap().split(',').nth(5).unwrap();
    out(&follow(home.path(), &["--person", person, "--replicate", "2", "--out", "one.csv"]));
    let one = fs::read_to_string(home.path().join("one.csv")).unwrap();
    let of_table: Vec<&str> = table
        .lines()
        .enumerate()
        .filter(|(row, line)| *row == 0 || line.contains(person))
        .map(|(_, line)| line)
        .collect();
    assert_eq!(one.lines().collect::<Vec<_>>(), of_table);
    // The five ranks have twenty people each, some in common.
    let people: std::collections::BTreeSet<&str> =
        table.lines().skip(1).map(|line| line.split(',').nth(5).unwrap()).collect();
    assert!((40..=100).contains(&people.len()), "{}", people.len());
}

#[test]
fn no_person_found_is_exit_code_1_and_says_why() {
    let home = tempfile::tempdir().unwrap();
    let rule = "worker in 1928, regional in 1928-01, accused by 1934";
    let nobody = follow(home.path(), &["--rule", rule]);
    assert_eq!((code(&nobody), nobody.stdout.len()), (1, 0));
    let said = err(&nobody);
    for part in [
        "none of the",
        "people of historical",
        "fails most, `regional in 1928-01`, holds for",
        "all other parts hold for",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    // Nothing is written, so that a file always has a life.
    let as_json = follow(home.path(), &["--rule", rule, "--json", "--out", "none.csv"]);
    assert_eq!((code(&as_json), home.path().join("none.csv").exists()), (1, false));
    for part in ["change it, or try a larger --population", "none.csv is not written"] {
        assert!(err(&as_json).contains(part), "{part}: {}", err(&as_json));
    }
    let found: Value = serde_json::from_slice(&as_json.stdout).unwrap();
    assert_eq!((&found["lives"], &found["rule"]["found"]), (&serde_json::json!([]), &0.into()));
    let absent = follow(home.path(), &["--person", "p1000000fff000123"]);
    assert_eq!(code(&absent), 1);
    assert!(err(&absent).contains("is never present in historical"), "{}", err(&absent));
}

#[test]
fn wrong_usage_is_exit_code_2_and_names_what_is_right() {
    let home = tempfile::tempdir().unwrap();
    let refused = |arguments: &[&str], parts: &[&str]| {
        let output = follow(home.path(), arguments);
        assert_eq!(code(&output), 2, "{}", err(&output));
        for part in parts {
            assert!(err(&output).contains(part), "{part}: {}", err(&output));
        }
    };
    refused(&[], &["--person <ID>", "--rule <RULE>"]);
    refused(
        &["--rule", "direktor by 1938"],
        &["unknown word `direktor`", "did you mean `director`?", "party member"],
    );
    refused(&["--rule", "worker in 1950"], &["`1950`", "a year from 1928 to 1941"]);
    refused(&["--rule", "worker in 1936"], &["`worker in 1936` is after the last month", "--until"]);
    refused(&["--person", "12"], &["`p` and the 16 hexadecimal digits"]);
    refused(&["--person", "1000000060000093", "--count", "2"], &["--count"]);
    let broken =
        kadry(home.path(), &["follow", "historical", "--set", "levers.unio=1", "--rule", "worker in 1928"]);
    assert_eq!(code(&broken), 3);
}
