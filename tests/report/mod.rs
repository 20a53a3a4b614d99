//! Tests `kadry report` through the program: the page, its numbers, and what it refuses.

mod accessibility;
mod claims;
mod comparison;
mod numbers;
mod picture;
mod refusals;
mod sweep;

use sha2::{Digest, Sha256};
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

pub(crate) fn kadry(home: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_kadry")).current_dir(home).args(arguments).output().unwrap()
}

/// `kadry run historical` into `result` with 2,000 people, three replicates and further arguments.
fn run(home: &Path, arguments: &[&str]) {
    let mut all =
        vec!["run", "historical", "--population", "2000", "--replicates", "3", "--out", "result", "--force"];
    all.extend(arguments);
    let output = kadry(home, &all);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// The page of the result in `home`.
pub(crate) fn page(home: &Path) -> String {
    let output = kadry(home, &["report", "result", "--force"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(String::from_utf8_lossy(&output.stdout), "result/report.html\n");
    fs::read_to_string(home.join("result/report.html")).unwrap()
}

/// All texts between `open` and `close`.
pub(crate) fn between<'a>(text: &'a str, open: &str, close: &str) -> Vec<&'a str> {
    let parts = text.split(open).skip(1);
    parts.map(|part| part.split(close).next().unwrap_or_default()).collect()
}

/// Changes the manifest of a result and its digest.
pub(crate) fn in_manifest(folder: &Path, change: impl FnOnce(&mut serde_json::Value)) {
    let path = folder.join("manifest.json");
    let mut manifest = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    change(&mut manifest);
    // The digest is computed with zeros in its place.
    let blank = "0".repeat(64);
    manifest["digest"] = blank.as_str().into();
    let text = format!("{manifest:#}\n");
    fs::write(path, text.replacen(&blank, &digest(&text), 1)).unwrap();
}

fn digest(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Changes a file of a result and its digest in the manifest.
pub(crate) fn alter(folder: &Path, file: &str, change: impl FnOnce(String) -> String) {
    let text = change(fs::read_to_string(folder.join(file)).unwrap());
    in_manifest(folder, |manifest| {
        manifest["files"][file] = serde_json::json!({ "sha256": digest(&text), "bytes": text.len() });
    });
    fs::write(folder.join(file), text).unwrap();
}

/// The columns of `compare.csv`.
pub(crate) const COMPARE: &str = "metric,phase,scenario,baseline,seed,unit,n,baseline_mean,scenario_mean,difference,level,lo,hi,p,p_adjusted,lo_simultaneous,hi_simultaneous,effect_size,variance_ratio,half_width_target,replicates_needed";

/// Replaces the rows of `compare.csv`; cells are in the order of [`COMPARE`].
pub(crate) fn replace_differences(folder: &Path, rows: &str) {
    alter(folder, "compare.csv", |text| {
        let header = text.lines().next().unwrap();
        let row = |row: &str| {
            let cells: std::collections::BTreeMap<&str, &str> =
                COMPARE.split(',').zip(row.split(',')).collect();
            let row = header.split(',').map(|column| cells.get(column).copied().unwrap_or_default());
            row.collect::<Vec<_>>().join(",") + "\n"
        };
        format!("{header}\n{}", rows.lines().map(row).collect::<String>())
    });
}

/// The figures of a page: identifier and markup.
pub(crate) fn figures(page: &str) -> Vec<(String, &str)> {
    let figures = between(page, "<figure id=\"", "</figure>").into_iter();
    figures.map(|figure| (figure.split("-figure\"").next().unwrap().to_owned(), figure)).collect()
}

/// The rows of the CSV file behind a figure, the header first.
pub(crate) fn behind(figure: &str) -> Vec<Vec<String>> {
    let address = between(figure, "href=\"data:text/csv;charset=utf-8,", "\"")[0];
    let mut bytes = Vec::new();
    let mut rest = address.as_bytes();
    while let Some((&first, behind)) = rest.split_first() {
        if first == b'%' {
            bytes.push(u8::from_str_radix(std::str::from_utf8(&behind[..2]).unwrap(), 16).unwrap());
            rest = &behind[2..];
        } else {
            bytes.push(first);
            rest = behind;
        }
    }
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes.as_slice());
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

#[test]
fn a_page_needs_no_other_file_and_does_not_depend_on_threads() {
    let home = tempfile::tempdir().unwrap();
    run(home.path(), &["--threads", "1"]);
    let one = page(home.path());
    assert!(one.len() < 3_000_000, "{} bytes", one.len());
    for foreign in ["http:", "https:", "<script", "<link", "@import", "url(", "<img"] {
        assert!(!one.contains(foreign), "{foreign}");
    }
    run(home.path(), &["--threads", "2"]);
    assert!(one == page(home.path()), "the page differs with the number of threads");
}

#[test]
fn numbers_by_month_do_not_grow_with_the_replicates() {
    let home = tempfile::tempdir().unwrap();
    let rows = |replicates: &str| {
        let options = ["--population", "2000", "--until", "1931-12", "--out", "result", "--force"];
        let run = ["run", "historical", "--replicates", replicates].into_iter().chain(options);
        assert!(kadry(home.path(), &run.collect::<Vec<_>>()).status.success());
        let page = page(home.path());
        let of_months = |rows: &Vec<Vec<String>>| rows[0][0] == "month";
        figures(&page)
            .iter()
            .map(|(_, figure)| behind(figure))
            .filter(of_months)
            .map(|rows| rows.len())
            .sum::<usize>()
    };
    assert_eq!(rows("2"), rows("12"));
}

#[test]
fn pictures_are_written_to_files_with_their_numbers() {
    let home = tempfile::tempdir().unwrap();
    run(home.path(), &["--until", "1932-12"]);
    let output = kadry(home.path(), &["report", "result", "--svg", "pictures", "--out", "page.html"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let page = fs::read_to_string(home.path().join("page.html")).unwrap();
    let mut expected = Vec::new();
    for (id, figure) in figures(&page) {
        let svg = fs::read_to_string(home.path().join(format!("pictures/{id}.svg"))).unwrap();
        assert!(svg.starts_with("<?xml") && svg.contains("<title") && !svg.contains("var(--"), "{id}");
        let csv = fs::read_to_string(home.path().join(format!("pictures/{id}.csv"))).unwrap();
        assert_eq!(csv.lines().count(), behind(figure).len(), "{id}");
        expected.extend([format!("{id}.csv"), format!("{id}.svg")]);
    }
    let mut found: Vec<String> = fs::read_dir(home.path().join("pictures"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    expected.push("pictures.json".into());
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
    assert!(!home.path().join("result/report.html").exists());
}

#[test]
fn a_section_without_its_table_says_how_to_get_it() {
    let home = tempfile::tempdir().unwrap();
    run(home.path(), &["--until", "1931-12", "--tables", "series,mobility"]);
    let page = page(home.path());
    for table in ["accusations", "elite_flows", "survival"] {
        let sentence =
            format!("{table}.csv was not written. The same command without --tables, or with {table}");
        assert!(page.contains(&sentence), "{table}");
    }
    assert!(
        page.contains("because summary.csv was not written") && page.contains("id=\"discipline-figure\"")
    );
}
