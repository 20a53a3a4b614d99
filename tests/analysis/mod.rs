//! The examples of docs/analysis.md, run as they stand there on a small result, with the tools that can be had.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

/// A fenced block of the page: its language and its text.
fn blocks(language: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/analysis.md");
    let page = std::fs::read_to_string(path).unwrap();
    let fence = format!("```{language}\n");
    page.split(&fence).skip(1).map(|rest| rest.split("```").next().unwrap().to_owned()).collect()
}

/// A folder with a `result` of two replicates in it, made once.
fn home() -> &'static Path {
    static HOME: OnceLock<PathBuf> = OnceLock::new();
    HOME.get_or_init(|| {
        let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("analysis");
        std::fs::create_dir_all(&home).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_kadry"));
        let arguments =
            ["run", "historical", "--population", "2000", "--replicates", "2", "--out", "result", "--force"];
        let output = command.args(arguments).current_dir(&home).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        home
    })
}

/// The Python to use: `KADRY_PYTHON`, or `python3`.
fn python(program: &str) -> Option<Output> {
    let python = std::env::var_os("KADRY_PYTHON").unwrap_or_else(|| "python3".into());
    Command::new(python).args(["-c", program]).current_dir(home()).output().ok()
}

/// True if Python has the module; says so if not.
fn has(module: &str) -> bool {
    let found = python(&format!("import {module}")).is_some_and(|output| output.status.success());
    if !found {
        eprintln!("skipped: python3 has no module {module}; name another Python in KADRY_PYTHON");
    }
    found
}

fn prints_something(output: &Output, block: &str) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{block}\n{said}");
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(printed.lines().count() > 2, "{block}\nprints nothing but: {printed}");
    assert!(!printed.to_lowercase().contains("empty dataframe"), "{block}\n{printed}");
}

fn every_python_block_with(module: &str) {
    let blocks: Vec<String> =
        blocks("python").into_iter().filter(|block| block.contains(&format!("import {module}"))).collect();
    assert!(blocks.len() > 1);
    if has(module) {
        for block in blocks {
            prints_something(&python(&block).unwrap(), &block);
        }
    }
}

#[test]
fn the_page_has_examples_of_every_tool() {
    assert!(blocks("sql").len() > 1 && blocks("r").len() > 1);
    let python = blocks("python");
    assert!(python.iter().all(|block| block.contains("import pandas") != block.contains("import polars")));
}

#[test]
fn the_examples_for_duckdb_run() {
    if has("duckdb") {
        for block in blocks("sql") {
            // As a literal of Python: the queries hold no triple quotes.
            let program = format!("import duckdb\nprint(duckdb.sql('''{block}'''))");
            prints_something(&python(&program).unwrap(), &block);
        }
    }
}

#[test]
fn the_examples_for_pandas_run() {
    every_python_block_with("pandas");
}

#[test]
fn the_examples_for_polars_run() {
    every_python_block_with("polars");
}

#[test]
fn the_examples_for_r_run() {
    for block in blocks("r") {
        match Command::new("Rscript").args(["-e", &block]).current_dir(home()).output() {
            Ok(output) => prints_something(&output, &block),
            Err(reason) => {
                eprintln!("skipped: there is no Rscript ({reason})");
                return;
            }
        }
    }
}
