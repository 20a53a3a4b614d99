//! The frozen results of the first model: nothing renews them.
//!
//! Columns that tables gain later are not compared, so the files hold what the first model had: cell for cell, but for the
//! name of the scenario.

use super::{folder, tables_of};
use kadry::experiment::tables::TABLES;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// The tables of which cells are kept.
const KEPT: [&str; 5] = ["phases", "series", "accusations", "arrests", "mobility"];

/// A row for every so many months of `series.csv`.
const EVERY: usize = 6;

fn frozen(table: &str) -> PathBuf {
    folder().join("first_model").join(format!("{table}.csv"))
}

/// The rows of a table that are kept, the header first.
fn rows(table: &str, bytes: &[u8]) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes);
    let all = reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect());
    let every = if table == "series" { EVERY } else { 1 };
    all.enumerate().filter(|(number, _)| *number == 0 || number % every == 0).map(|(_, row)| row).collect()
}

#[test]
fn every_cell_of_the_first_model_is_what_it_was() {
    let chosen = TABLES.iter().copied().filter(|table| KEPT.contains(&table.layout().name)).collect();
    let tables = tables_of("first_model", chosen);
    assert_eq!(tables.len(), KEPT.len());
    for (table, bytes) in &tables {
        let now = rows(table, bytes);
        let path = frozen(table);
        if !path.exists() {
            let mut writer = csv::Writer::from_path(&path).unwrap();
            now.iter().for_each(|row| writer.write_record(row).unwrap());
            panic!("{} was missing and has been written; commit it, and run the test again", path.display());
        }
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(&path).unwrap();
        let then: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        assert_eq!(then.len(), now.len(), "rows of {table}");
        for (column, name) in then[0].iter().enumerate().filter(|(_, name)| *name != "scenario") {
            let position = now[0].iter().position(|other| other == name);
            let position = position.unwrap_or_else(|| panic!("{table} has lost the column {name}"));
            for (then, now) in then.iter().zip(&now) {
                assert_eq!(now[position], then[column], "{name} of {table}");
            }
        }
    }
}

/// No default reaches the first model: it gives every parameter, lever and switch that it has a value for, and later ones by
/// name.
#[test]
fn the_first_model_depends_on_no_default() {
    let text = kadry::scenario::SHIPPED.iter().find(|one| one.name == "first_model").expect("a base").text;
    let given: BTreeSet<&str> =
        text.lines().filter_map(|line| line.split_once(" = ").map(|(key, _)| key)).collect();
    let parameters = kadry::model::parameters::PARAMETERS.iter().map(|info| info.key);
    let mechanisms = kadry::model::mechanisms::MECHANISMS.iter().map(|info| info.key);
    for key in parameters.chain(mechanisms) {
        assert!(given.contains(key), "{key} is not in scenarios/first_model.toml");
    }
    for lever in kadry::model::levers::LEVERS {
        assert!(
            text.contains(&format!("[levers.{}]", lever.key)),
            "{} is not in scenarios/first_model.toml",
            lever.key
        );
    }
}
