//! Tests `kadry diverge` through the program: what differs first, and what does not count as a difference.

mod folders;
mod parting;

use serde_json::Value;
use sha2::{Digest, Sha256};
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

/// Runs the program in `home`.
fn kadry(home: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kadry"));
    command.current_dir(home).args(arguments).env_remove("COLUMNS").env("LC_ALL", "C.UTF-8");
    command.output().unwrap()
}

/// Runs a scenario of 1,000 people with two replicates until the end of 1930 into the folder `out`, unless the further
/// arguments say otherwise.
fn run(home: &Path, scenario: &str, out: &str, arguments: &[&str]) {
    let mut all = vec!["run", scenario, "--out", out];
    for (option, value) in [("--population", "1000"), ("--replicates", "2"), ("--until", "1930-12")] {
        let replicate = option == "--replicates" && arguments.contains(&"--replicate");
        if !arguments.contains(&option) && !replicate {
            all.extend([option, value]);
        }
    }
    all.extend(arguments);
    let output = kadry(home, &all);
    assert_eq!(code(&output), 0, "{}", err(&output));
}

/// Runs `kadry diverge --json`; returns the exit code and the result.
fn diverge(home: &Path, arguments: &[&str]) -> (i32, Value) {
    let mut all = vec!["diverge", "--json"];
    all.extend(arguments);
    let output = kadry(home, &all);
    let value = serde_json::from_slice(&output.stdout);
    (code(&output), value.unwrap_or_else(|error| panic!("{error}: {} {}", out(&output), err(&output))))
}

/// Runs `kadry diverge`, which is to fail; returns what it wrote to stderr.
fn refused(home: &Path, arguments: &[&str]) -> String {
    let mut all = vec!["diverge"];
    all.extend(arguments);
    let output = kadry(home, &all);
    assert_eq!(code(&output), 1, "{}", out(&output));
    assert_eq!(out(&output), "");
    err(&output)
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("the program exits by itself")
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// The entry of a table in the result.
fn table<'a>(found: &'a Value, file: &str) -> &'a Value {
    let tables = found["tables"].as_array().unwrap();
    tables.iter().find(|table| table["file"] == file).unwrap_or_else(|| panic!("no {file} in {found:#}"))
}

fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Changes the manifest of a folder, and computes its digest again.
fn forge(folder: &Path, change: impl Fn(String) -> String) {
    let path = folder.join("manifest.json");
    let text = fs::read_to_string(&path).unwrap();
    let manifest: Value = serde_json::from_str(&text).unwrap();
    let zeros = "0".repeat(64);
    let blank = change(text.replacen(manifest["digest"].as_str().unwrap(), &zeros, 1));
    fs::write(&path, blank.replacen(&zeros, &digest(blank.as_bytes()), 1)).unwrap();
}

/// Replaces the first occurrence of a text in a table, and the table's digest in the manifest.
fn forge_table(folder: &Path, file: &str, change: impl Fn(&str) -> String) {
    let path = folder.join(file);
    let old = fs::read_to_string(&path).unwrap();
    let new = change(&old);
    assert_ne!(old, new);
    fs::write(&path, &new).unwrap();
    let [old_mark, new_mark] = [&old, &new].map(|text| digest(text.as_bytes()));
    let bytes = |text: &str| format!("\"bytes\": {}", text.len());
    forge(folder, |manifest| {
        let place = manifest.find(&old_mark).unwrap();
        let (before, after) = manifest.split_at(place);
        before.to_owned() + &after.replacen(&old_mark, &new_mark, 1).replacen(&bytes(&old), &bytes(&new), 1)
    });
}
