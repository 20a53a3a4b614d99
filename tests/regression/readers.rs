//! Tests that other programs read the tables with the types that `columns.csv` states, and that kadry refuses tables
//! with other types.

use crate::analysis::{examples, has, rscript};
use kadry::experiment::tables::names;
use kadry::output::manifest::{FileMark, Manifest};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

fn kadry(home: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_kadry")).current_dir(home).args(arguments).output().unwrap()
}

fn succeeds(home: &Path, arguments: &[&str]) {
    let output = kadry(home, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// Folders that are read individually.
const FOLDERS: [&str; 7] = ["one", "three", "unions", "large_seed", "pair", "triple", "regimes"];

/// Folders that are read together: they differ in seed, scenario and number of replicates.
const PAIRS: [&str; 6] =
    ["one+unions", "unions+one", "one+three", "three+one", "three+large_seed", "pair+triple"];

/// A folder with results of every kind, created once.
fn home() -> &'static Path {
    static HOME: OnceLock<PathBuf> = OnceLock::new();
    HOME.get_or_init(|| {
        let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("readers");
        let _ = fs::remove_dir_all(&home);
        fs::create_dir_all(&home).unwrap();
        let tables = names().join(",");
        let tables = ["--tables", &tables];
        let largest = u64::MAX.to_string();
        let cases: [(&str, &str, Vec<&str>); 7] = [
            ("one", "run", vec!["historical"]),
            ("three", "run", vec!["historical", "--replicates", "3"]),
            ("unions", "run", vec!["unions_kept", "--seed", "2", "--replicates", "2"]),
            ("large_seed", "run", vec!["unions_kept", "--seed", &largest]),
            ("pair", "compare", vec!["historical", "unions_kept", "--phases", "--replicates", "2"]),
            (
                "triple",
                "compare",
                vec!["historical", "no_terror", "--phases", "--replicates", "3", "--seed", "3"],
            ),
            // A single metric, whose unit then fills a column, and a precision that no number of replicates reaches.
            ("regimes", "compare", vec!["historical", "--metric", "discipline", "--replicates", "2"]),
        ];
        for (folder, verb, arguments) in cases {
            let mut all = vec![verb];
            all.extend(arguments);
            all.extend(["--out", folder, "--population", "600", "--until", "1934-12"]);
            all.extend(tables);
            succeeds(&home, &all);
        }
        home
    })
}

/// Reads every table with a tool, with default settings and as docs/analysis.md advises.
fn read_by(tool: &str, section: &str) {
    if !has(tool) {
        return;
    }
    let reader = &examples(section)[0];
    let begin = match tool {
        // The folders of one home have the same columns, so one dictionary serves all.
        "duckdb" => {
            format!("import duckdb\nduckdb.execute('''{}''')", reader.replace("'result/", "'pair/"))
        }
        _ => reader.clone(),
    };
    let program = format!("tool = '{tool}'\n{begin}\n{}", include_str!("readers.py"));
    let python = std::env::var_os("KADRY_PYTHON").unwrap_or_else(|| "python3".into());
    let output = Command::new(python)
        .args(["-c", &program, &FOLDERS.join(","), &PAIRS.join(",")])
        .current_dir(home())
        .output()
        .unwrap();
    print!("{}", String::from_utf8_lossy(&output.stdout));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn pandas_reads_the_types_of_the_dictionary() {
    read_by("pandas", "pandas");
}

#[test]
fn polars_reads_the_types_of_the_dictionary() {
    read_by("polars", "polars");
}

#[test]
fn duckdb_reads_the_types_of_the_dictionary() {
    read_by("duckdb", "DuckDB");
}

#[test]
fn r_reads_the_types_of_the_dictionary() {
    let program = format!(
        r#"{}
for (folder in strsplit("{}", ",")[[1]]) {{
  columns <- read.csv(file.path(folder, "columns.csv"), colClasses = "character", na.strings = character())
  for (name in setdiff(unique(columns$file), "columns.csv")) if (file.exists(file.path(folder, name))) {{
    of <- columns[columns$file == name, ]
    found <- sapply(read.csv(file.path(folder, name)), class)
    plain <- unname(c(text = "character", month = "character", integer = "integer", real = "numeric")[of$type])
    as_documented <- found == plain | found == "logical" | (of$column == "seed" & found == "numeric")
    empty <- sapply(read.csv(file.path(folder, name)), function(column) all(is.na(column)))
    stopifnot(all(as_documented), all(empty[found == "logical"]))
    read <- kadry(folder, name)
    advised <- ifelse(of$column == "seed", "character", ifelse(of$type %in% c("text", "month"), "character", "numeric"))
    stopifnot(identical(unname(sapply(read, class)), advised))
  }}
}}
cat("read\n")"#,
        examples("R")[0],
        FOLDERS.join(",")
    );
    if let Some(output) = rscript(home(), &program) {
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

/// Checks that the numbers of each column either all have a decimal point or all have none.
fn columns_are_of_one_type(path: &Path) {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let header = reader.headers().unwrap().clone();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    for (place, name) in header.iter().enumerate() {
        let cells: BTreeSet<&str> =
            rows.iter().map(|row| &row[place]).filter(|cell| !cell.is_empty()).collect();
        if cells.iter().all(|cell| cell.parse::<f64>().is_ok()) {
            let real = cells.iter().filter(|cell| cell.contains('.')).count();
            assert!(real == 0 || real == cells.len(), "{}: {name}", path.display());
        }
    }
}

#[test]
fn the_numbers_behind_pictures_are_of_one_type_by_column() {
    for folder in ["three", "pair"] {
        let pictures = home().join(format!("{folder}-pictures"));
        let _ = fs::remove_dir_all(&pictures);
        let page = format!("{folder}-page.html");
        let arguments = ["report", folder, "--out", &page, "--svg", pictures.to_str().unwrap()];
        let _ = fs::remove_file(home().join(&page));
        succeeds(home(), &arguments);
        let files = fs::read_dir(&pictures).unwrap().map(|entry| entry.unwrap().path());
        let tables: Vec<PathBuf> =
            files.filter(|path| path.extension().is_some_and(|extension| extension == "csv")).collect();
        assert!(tables.len() > 3, "{} tables", tables.len());
        tables.iter().for_each(|table| columns_are_of_one_type(table));
    }
}

#[test]
fn every_real_cell_has_a_decimal() {
    for folder in FOLDERS {
        let mut reader = csv::Reader::from_path(home().join(folder).join("columns.csv")).unwrap();
        let mut real: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for row in reader.records().map(Result::unwrap).filter(|row| &row[2] == "real") {
            real.entry(row[0].to_owned()).or_default().insert(row[1].to_owned());
        }
        for (file, columns) in real {
            let Ok(mut reader) = csv::Reader::from_path(home().join(folder).join(&file)) else { continue };
            for row in reader.deserialize::<BTreeMap<String, String>>().map(Result::unwrap) {
                for (column, cell) in row.iter().filter(|(column, _)| columns.contains(*column)) {
                    assert!(cell.is_empty() || cell.contains('.'), "{folder}/{file} {column}: {cell}");
                }
            }
        }
    }
}

/// The phases of a table by first month.
fn phases(file: &Path, name: &str, from: &str) -> BTreeMap<String, String> {
    let mut reader = csv::Reader::from_path(file).unwrap();
    let rows = reader.deserialize::<BTreeMap<String, String>>().map(Result::unwrap);
    rows.map(|row| (row[from].clone(), row[name].clone())).collect()
}

#[test]
fn phases_are_in_order_by_their_first_months() {
    let expected: BTreeMap<String, String> =
        [("1928-01", "class war"), ("1931-07", "discipline"), ("1934-01", "criticism from below")]
            .map(|(from, name)| (from.to_owned(), name.to_owned()))
            .into();
    for (file, name, from) in [
        ("pair/phases.csv", "phase", "phase_from"),
        ("pair/summary.csv", "phase", "phase_from"),
        ("pair/survival.csv", "cohort", "cohort_from"),
    ] {
        assert_eq!(phases(&home().join(file), name, from), expected, "{file}");
    }
    // The whole period begins in the same month as the first phase, and its rows come after those of the phases.
    let mut whole = expected.clone();
    whole.insert("1928-01".into(), "whole period".into());
    assert_eq!(phases(&home().join("pair/compare.csv"), "phase", "phase_from"), whole);
    for (name, from) in [("phase_a", "phase_a_from"), ("phase_b", "phase_b_from")] {
        let found = phases(&home().join("pair/compare_phases.csv"), name, from);
        assert!(found.iter().all(|pair| expected.iter().any(|known| known == pair)), "{found:?}");
    }
}

/// Replaces the first non-empty cell of a column and updates the digest in the manifest.
fn spoil(folder: &Path, file: &str, column: &str, cell: &str) {
    let mut reader = csv::Reader::from_path(folder.join(file)).unwrap();
    let header = reader.headers().unwrap().clone();
    let place = header.iter().position(|name| name == column).unwrap();
    let mut rows: Vec<Vec<String>> =
        reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
    rows.iter_mut().find(|row| !row[place].is_empty()).unwrap()[place] = cell.to_owned();
    let mut text = header.iter().collect::<Vec<_>>().join(",") + "\n";
    rows.iter().for_each(|row| text += &(row.join(",") + "\n"));
    fs::write(folder.join(file), &text).unwrap();
    let digest: String = Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    let path = folder.join("manifest.json");
    let mut manifest = Manifest::from_bytes(&fs::read(&path).unwrap()).unwrap();
    manifest.files.insert(file.to_owned(), FileMark { sha256: digest, bytes: text.len() as u64 });
    fs::write(&path, manifest.sealed().to_bytes()).unwrap();
}

#[test]
fn a_table_with_a_cell_of_another_type_is_an_error_when_it_is_extended() {
    let spoilt = [
        ("series.csv", "discipline", "inf"),
        ("series.csv", "discipline", "NaN"),
        ("series.csv", "output", "1e999"),
        ("series.csv", "people", ""),
        ("series.csv", "people", "12.5"),
        ("series.csv", "month", "1928"),
        ("phases.csv", "grievance", "-inf"),
        ("phases.csv", "phase_from", ""),
        ("whole_period.csv", "fear", "much"),
        ("elite_flows.csv", "stock", "nan"),
        ("series.csv", "seed", "two"),
    ];
    let home = tempfile::tempdir().unwrap();
    let begin = ["compare", "historical", "unions_kept", "--population", "600", "--until", "1928-08"];
    for (file, column, cell) in spoilt {
        let folder = home.path().join("c");
        let _ = fs::remove_dir_all(&folder);
        let made = ["--replicates", "2", "--tables", "elite_flows", "--out", "c"];
        succeeds(home.path(), &[&begin[..], &made].concat());
        spoil(&folder, file, column, cell);
        let more = ["--replicates", "3", "--out", "c", "--extend"];
        let output = kadry(home.path(), &[&begin[..], &more].concat());
        let said = String::from_utf8_lossy(&output.stderr).replace("\n       ", " ");
        assert_eq!(output.status.code(), Some(1), "{file} {column} {cell:?}: {said}");
        for word in [file, &format!("column {column} is of type"), &format!("`{cell}`")] {
            assert!(said.contains(word), "{file} {column} {cell:?}: {word} in {said}");
        }
    }
}

#[test]
fn a_table_with_a_cell_of_another_type_is_an_error_when_it_is_reported() {
    let spoilt = [
        ("series.csv", "discipline", "inf"),
        ("summary.csv", "mean", "NaN"),
        ("survival.csv", "at_risk", "0.5"),
        ("mobility.csv", "people", "-1"),
        ("accusations.csv", "acts", "1e999"),
        ("elite_flows.csv", "stock", "many"),
    ];
    let home = tempfile::tempdir().unwrap();
    for (file, column, cell) in spoilt {
        let folder = home.path().join("r");
        let _ = fs::remove_dir_all(&folder);
        let made = ["run", "historical", "--population", "600", "--until", "1929-12", "--out", "r"];
        succeeds(home.path(), &made);
        spoil(&folder, file, column, cell);
        let output = kadry(home.path(), &["report", "r"]);
        let said = String::from_utf8_lossy(&output.stderr).replace("\n       ", " ");
        assert_eq!(output.status.code(), Some(1), "{file} {column} {cell:?}: {said}");
        for word in [file, "line ", &format!("column {column}"), &format!("{cell:?} is not")] {
            assert!(said.contains(word), "{file} {column} {cell:?}: {word} in {said}");
        }
    }
}
