//! Runs the examples of docs/analysis.md on two small results, with the tools that are installed.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

/// The examples of a section of the page: the first defines how a table is read, the others follow it.
pub(crate) fn examples(section: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/analysis.md");
    let page = std::fs::read_to_string(path).unwrap();
    let start = page.split(&format!("\n## {section}\n")).nth(1).expect("the page has a section of the tool");
    let text = start.split("\n## ").next().unwrap();
    // Text and blocks take turns; a block begins with its language.
    text.split("\n```").skip(1).step_by(2).map(|block| block.split_once('\n').unwrap().1.to_owned()).collect()
}

/// A folder with the results that the page names: `result` with three replicates, `unions` with one.
fn home() -> &'static Path {
    static HOME: OnceLock<PathBuf> = OnceLock::new();
    HOME.get_or_init(|| {
        let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("analysis");
        let _ = std::fs::remove_dir_all(&home);
        std::fs::create_dir_all(&home).unwrap();
        for arguments in [
            &["historical", "--replicates", "3", "--out", "result"][..],
            &["unions_kept", "--seed", "2", "--out", "unions"],
        ] {
            let mut command = Command::new(env!("CARGO_BIN_EXE_kadry"));
            command.arg("run").args(arguments).args(["--population", "2000"]).current_dir(&home);
            let output = command.output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        }
        home
    })
}

/// Runs a program with the Python that `KADRY_PYTHON` names, or with `python3`.
pub(crate) fn python(folder: &Path, program: &str) -> Option<Output> {
    let python = std::env::var_os("KADRY_PYTHON").unwrap_or_else(|| "python3".into());
    Command::new(python).args(["-c", program]).current_dir(folder).output().ok()
}

/// True if Python has the module; prints a message if not.
pub(crate) fn has(module: &str) -> bool {
    let found =
        python(Path::new("."), &format!("import {module}")).is_some_and(|output| output.status.success());
    if !found {
        eprintln!("skipped: python3 has no module {module}; name another Python in KADRY_PYTHON");
    }
    found
}

/// Runs an R program; prints a message if there is no R.
pub(crate) fn rscript(folder: &Path, program: &str) -> Option<Output> {
    let output = Command::new("Rscript").args(["-e", program]).current_dir(folder).output();
    output.inspect_err(|reason| eprintln!("skipped: there is no Rscript ({reason})")).ok()
}

/// A program of DuckDB's SQL as a program of Python. The queries hold no triple quotes.
pub(crate) fn duckdb(reader: &str, query: &str) -> String {
    format!("import duckdb\nduckdb.execute('''{reader}''')\nprint(duckdb.sql('''{query}'''))")
}

fn prints_something(output: &Output, example: &str) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{example}\n{said}");
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(printed.lines().count() > 2, "{example}\nprints nothing but: {printed}");
    assert!(!printed.to_lowercase().contains("empty dataframe"), "{example}\n{printed}");
}

fn every_example(section: &str, run: impl Fn(&str, &str) -> Option<Output>) {
    let examples = examples(section);
    assert!(examples.len() > 2, "{section} has {} examples", examples.len());
    for example in &examples[1..] {
        let Some(output) = run(&examples[0], example) else { return };
        prints_something(&output, example);
    }
}

#[test]
fn the_examples_for_duckdb_run() {
    if has("duckdb") {
        every_example("DuckDB", |reader, query| python(home(), &duckdb(reader, query)));
    }
}

#[test]
fn the_examples_for_pandas_run() {
    if has("pandas") {
        every_example("pandas", |reader, example| python(home(), &format!("{reader}\n{example}")));
    }
}

#[test]
fn the_examples_for_polars_run() {
    if has("polars") {
        every_example("polars", |reader, example| python(home(), &format!("{reader}\n{example}")));
    }
}

#[test]
fn the_examples_for_r_run() {
    every_example("R", |reader, example| rscript(home(), &format!("{reader}\n{example}")));
}

#[test]
fn phases_in_the_examples_are_in_their_order() {
    if has("duckdb") {
        let examples = examples("DuckDB");
        let output = python(home(), &duckdb(&examples[0], &examples[1])).unwrap();
        let printed = String::from_utf8(output.stdout).unwrap();
        let place = |phase: &str| printed.find(phase).unwrap_or_else(|| panic!("{phase}: {printed}"));
        let places = ["class war", "│ discipline", "criticism from below", "│ terror", "authority restored"]
            .map(place);
        assert!(places.is_sorted(), "{printed}");
    }
}
