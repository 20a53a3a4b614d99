//! Tests of faults that once occurred, one module per kind.

mod finished_results;
mod pages;
mod readers;
mod scenario_bounds;
mod scenario_errors;
mod scenario_input;
mod scenario_labels;
mod scenario_names;
mod scenario_speed;
mod scenario_warnings;
mod signals;
mod terminal;
mod user_files;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

/// Options of a small run.
const SMALL: [&str; 4] = ["--population", "500", "--until", "1928-06"];

/// A command that runs the program in `home`.
fn kadry(home: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kadry"));
    command.current_dir(home).args(arguments);
    command
}

/// Runs `kadry run historical` with few people and months, and further arguments.
fn run(home: &Path, arguments: &[&str]) -> Output {
    kadry(home, &[&["run", "historical"], &SMALL[..], arguments].concat()).output().unwrap()
}

/// Runs `kadry compare historical unions_kept` with few people and months, and further arguments.
fn compare(home: &Path, arguments: &[&str]) -> Output {
    let all = [&["compare", "historical", "unions_kept"], &SMALL[..], arguments].concat();
    kadry(home, &all).output().unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("the program ends by itself")
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn succeeds(output: &Output) {
    assert_eq!(code(output), 0, "{}", err(output));
}

fn refused(output: &Output, words: &str) {
    assert_eq!(code(output), 1, "{}", err(output));
    assert!(err(output).contains(words), "{}", err(output));
}

/// All files and links below a folder, by path, with their bytes.
fn everything(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.file_type().unwrap().is_dir() {
            let below = everything(&entry.path());
            found.extend(below.into_iter().map(|(path, bytes)| (format!("{name}/{path}"), bytes)));
        } else {
            found.push((name, fs::read(entry.path()).unwrap_or_default()));
        }
    }
    found.sort();
    found
}

fn names(folder: &Path) -> Vec<String> {
    everything(folder).into_iter().map(|(name, _)| name).collect()
}
