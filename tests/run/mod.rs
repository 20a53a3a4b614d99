//! Tests of `kadry run`: options, exit codes, the result folder, and failures.

mod columns;
mod failures;
mod folder;
mod options;
mod readme;
mod same_bytes;
mod shipped;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

/// A command that runs the program in `home`.
fn kadry(home: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kadry"));
    command
        .current_dir(home)
        .args(arguments)
        .env_remove("NO_COLOR")
        .env_remove("COLUMNS")
        .env("LC_ALL", "C.UTF-8");
    command
}

/// Runs `kadry run historical` with 2,000 people, three replicates and further arguments.
fn run(home: &Path, arguments: &[&str]) -> Output {
    let mut all = vec!["run", "historical", "--population", "2000"];
    if !arguments.iter().any(|argument| argument.starts_with("--replicate")) {
        all.extend(["--replicates", "3"]);
    }
    all.extend(arguments);
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

/// Sorted names of the entries of a folder, including hidden ones.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn read(folder: &Path, file: &str) -> String {
    fs::read_to_string(folder.join(file)).unwrap()
}

fn manifest(folder: &Path) -> serde_json::Value {
    serde_json::from_str(&read(folder, "manifest.json")).unwrap()
}
