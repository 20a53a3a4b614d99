//! Golden files: a small result of every shipped scenario, compared byte for byte.
//!
//! Each holds the figures that a reviewer reads, phase by phase and at some months, and a digest of every default table,
//! which sees what the figures do not. One more file has the digests of all tables of the historical scenario. They hold no
//! truth; they make every change of results visible. A change that is meant is taken over by
//!
//! ```text
//! KADRY_RENEW="why they change" cargo test --release golden
//! ```
//!
//! which writes the files that differ anew and adds the reason to `tests/golden/RENEWALS.md`. [`first_model`] is never renewed.

mod first_model;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use kadry::engine::parallel::Workers;
use kadry::experiment::plan::Plan;
use kadry::experiment::replicate;
use kadry::experiment::tables::{TABLES, Table, by_default};
use kadry::scenario::SHIPPED;
use rayon::prelude::*;
use sha2::{Digest, Sha256};

use crate::renewal::Renewal;

/// What the scenarios are run with: many small plants, so that every process meets several units and regions.
const SIZE: [&str; 3] = ["population.size=3000", "population.enterprises=24", "population.regions=5"];

/// Columns of `phases.csv` that are shown.
const PHASE_FIGURES: [&str; 8] = [
    "people",
    "elite_turnover",
    "accusations_per_1000",
    "arrests_per_1000",
    "discipline",
    "grievance",
    "authority",
    "quit_rate",
];

/// Columns of `series.csv` that are shown: stocks, flows and figures from every part of the month.
const MONTH_FIGURES: [&str; 9] =
    ["people", "elite", "accusations", "arrests", "promotions", "hired", "shirking", "fear", "output"];

/// The file with the digests of all tables.
const ALL_TABLES: &str = "historical_all_tables";

/// A row for every so many months.
const EVERY: usize = 18;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

/// Bytes of a table as they stand in its file.
fn file(table: &dyn Table, rows: &[u8]) -> Vec<u8> {
    [&table.layout().header(), rows].concat()
}

/// Some columns of a table, aligned, with `label` first and every `every`-th row; numbers with four places.
fn figures(bytes: &[u8], label: &str, columns: &[&str], every: usize) -> String {
    let mut reader = csv::Reader::from_reader(bytes);
    let names = reader.headers().unwrap().clone();
    let position = |name: &str| names.iter().position(|known| known == name).expect("a column of the table");
    let mut text = format!("{label:<20}");
    columns.iter().for_each(|name| text += &format!(" {name:>width$}", width = name.len().max(9)));
    text.push('\n');
    for row in reader.records().map(Result::unwrap).skip(every - 1).step_by(every) {
        let _ = write!(text, "{:<20}", &row[position(label)]);
        for name in columns {
            let cell = &row[position(name)];
            let shown = match cell.parse::<f64>() {
                Ok(real) if cell.contains('.') => format!("{real:.4}"),
                _ => cell.to_owned(),
            };
            let _ = write!(text, " {shown:>width$}", width = name.len().max(9));
        }
        text.push('\n');
    }
    text
}

/// Each table with its rows and the first half of its SHA-256.
fn digests(tables: &[(&str, Vec<u8>)]) -> String {
    let mut text = format!("{:<20} {:>9}  sha256, first half\n", "table", "rows");
    for (name, bytes) in tables {
        let rows = bytes.iter().filter(|byte| **byte == b'\n').count() - 1;
        let digest: String = Sha256::digest(bytes)[..16].iter().map(|byte| format!("{byte:02x}")).collect();
        let _ = writeln!(text, "{name:<20} {rows:>9}  {digest}");
    }
    text
}

/// Each of these tables of a scenario, with its bytes.
fn tables_of(name: &str, tables: Vec<&'static dyn Table>) -> Vec<(&'static str, Vec<u8>)> {
    let scenario =
        kadry::scenario::load(name, &SIZE.map(str::to_owned)).expect("a shipped scenario is sound");
    let plan = Plan { tables, ..Plan::of(&scenario) };
    let outcome = replicate::run(&plan, 1, Workers::One, |_| ControlFlow::Continue(())).expect("a whole run");
    let labelled = plan.tables.iter().zip(outcome.labelled(&plan, 1));
    labelled.map(|(table, rows)| (table.layout().name, file(*table, &rows))).collect()
}

/// What a golden file was made with.
fn title(name: &str) -> String {
    format!("{name}, seed 1, replicate 1, {}", SIZE.join(", "))
}

/// The golden text of a scenario.
fn golden(name: &str) -> String {
    let tables = tables_of(name, by_default());
    let of = |wanted: &str| &tables.iter().find(|(name, _)| *name == wanted).expect("a table").1;
    format!(
        "{}\n\n{}\n{}\n{}",
        title(name),
        figures(of("phases"), "phase", &PHASE_FIGURES, 1),
        figures(of("series"), "month", &MONTH_FIGURES, EVERY),
        digests(&tables)
    )
}

/// The golden text of all tables of the historical scenario, those on request included.
fn golden_of_all_tables() -> String {
    format!("{}\n\n{}", title("historical"), digests(&tables_of("historical", TABLES.to_vec())))
}

/// The golden files and their texts.
fn golden_files() -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> =
        SHIPPED.par_iter().map(|shipped| (format!("{}.txt", shipped.name), golden(shipped.name))).collect();
    files.push((format!("{ALL_TABLES}.txt"), golden_of_all_tables()));
    files
}

/// Writes what differs and why it does.
fn renew(changed: &[(&str, &String)], reason: &str) {
    for (file, now) in changed {
        std::fs::write(folder().join(file), now).expect("a golden file can be written");
    }
    if !changed.is_empty() {
        let log = folder().join("RENEWALS.md");
        let mut renewals = std::fs::read_to_string(&log).expect("the log of renewals can be read");
        let named: Vec<String> = changed.iter().map(|(file, _)| format!("`{file}`")).collect();
        let files = if named.len() > SHIPPED.len() { "every file".to_owned() } else { named.join(", ") };
        let _ = writeln!(renewals, "- {files}: {reason}");
        std::fs::write(&log, renewals).expect("the log of renewals can be written");
    }
}

/// The first lines in which two texts differ.
fn difference(before: &str, now: &str) -> String {
    let changed = before.lines().zip(now.lines()).filter(|(before, now)| before != now).take(3);
    changed.map(|(before, now)| format!("  was {before}\n  is  {now}\n")).collect()
}

#[test]
fn golden_results_of_every_shipped_scenario_are_what_they_were() {
    let now = golden_files();
    let before = |file: &str| std::fs::read_to_string(folder().join(file)).unwrap_or_default();
    let changed: Vec<(&str, &String)> = now
        .iter()
        .filter(|(file, now)| *now != before(file))
        .map(|(file, now)| (file.as_str(), now))
        .collect();
    if let Renewal::Results(reason) = Renewal::asked() {
        return renew(&changed, &reason);
    }
    let told: Vec<String> =
        changed.iter().map(|(file, now)| format!("{file}\n{}", difference(&before(file), now))).collect();
    assert!(
        changed.is_empty(),
        "{} of {} golden files of results have changed; if that is meant, renew them by\n  KADRY_RENEW=\"why they \
         change\" cargo test --release golden\n{}",
        changed.len(),
        now.len(),
        told.join("")
    );
}

#[test]
fn every_golden_file_is_compared() {
    let files =
        std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let found: BTreeSet<String> =
        files.filter_map(|file| file.strip_suffix(".txt").map(str::to_owned)).collect();
    if matches!(Renewal::asked(), Renewal::Results(_)) {
        return;
    }
    let shipped = SHIPPED.iter().map(|shipped| shipped.name).chain([ALL_TABLES]);
    assert_eq!(found, shipped.map(str::to_owned).collect());
}
