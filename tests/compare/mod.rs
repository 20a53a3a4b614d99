//! Tests `kadry compare` through the program, and its statistics on real and synthetic samples.

mod calibration;
mod command;
mod extending;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

/// Runs `kadry compare` in `home` on a small society, by default until the end of 1931.
fn compare(home: &Path, arguments: &[&str]) -> Output {
    let mut all = vec!["compare"];
    all.extend(arguments);
    all.extend(["--population", "1000"]);
    if !arguments.contains(&"--until") {
        all.extend(["--until", "1931-12"]);
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_kadry"));
    command.current_dir(home).args(all).env_remove("COLUMNS").env("LC_ALL", "C.UTF-8");
    command.output().unwrap()
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

fn read(folder: &Path, file: &str) -> String {
    fs::read_to_string(folder.join(file)).unwrap()
}

fn manifest(folder: &Path) -> serde_json::Value {
    serde_json::from_str(&read(folder, "manifest.json")).unwrap()
}

/// The rows of a table, by column name.
fn rows(folder: &Path, file: &str) -> Vec<std::collections::BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(folder.join(file)).unwrap();
    reader.deserialize().map(|row| row.unwrap()).collect()
}
