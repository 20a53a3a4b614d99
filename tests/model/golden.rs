//! A small golden file: monthly figures of the historical scenario with 4,000 people, compared byte for byte.
//!
//! It holds no truth; it makes every change of results visible. A change that is meant is taken over by
//!
//! ```text
//! KADRY_RENEW="why they change" cargo test --release golden
//! ```
//!
//! which writes the file anew and adds the reason to `tests/golden/RENEWALS.md`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use kadry::model::measures::{MONTH_MEASURES, MonthRecord, Value};

use super::{MONTHS, historical, live};

/// Columns of the file: stocks, flows and figures from every part of the month.
const COLUMNS: [&str; 12] = [
    "people",
    "elite",
    "accusations",
    "arrests",
    "promotions",
    "elite_turnover",
    "discipline",
    "quit_rate",
    "grievance",
    "authority",
    "fear",
    "output",
];
/// A row for every so many months.
const EVERY: usize = 6;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

fn table(records: &[MonthRecord]) -> String {
    let mut text = format!("month,{}\n", COLUMNS.join(","));
    for record in records.iter().skip(EVERY - 1).step_by(EVERY) {
        let _ = write!(text, "{}", record.month);
        for key in COLUMNS {
            let measure = MONTH_MEASURES
                .iter()
                .find(|measure| measure.key == key)
                .unwrap_or_else(|| panic!("no measure {key}"));
            let _ = match (measure.value)(record) {
                Value::Count(count) => write!(text, ",{count}"),
                // The shortest text that reads as the same number.
                Value::Real(real) => write!(text, ",{real}"),
                Value::Missing => write!(text, ","),
            };
        }
        text.push('\n');
    }
    text
}

#[test]
fn golden_figures_of_the_historical_scenario_are_what_they_were() {
    let setup = Arc::new(historical(4000, 30, 6).setup());
    let now = table(&live(&setup, 1, 1, MONTHS));
    let path = folder().join("historical-4000.csv");
    // A reason has words: `KADRY_RENEW=1`, which renews generated pages, leaves results alone.
    if let Some(reason) = std::env::var("KADRY_RENEW").ok().filter(|reason| reason.trim().contains(' ')) {
        let reason = reason.trim();
        let before = std::fs::read_to_string(&path).unwrap_or_default();
        if before != now {
            std::fs::write(&path, &now).expect("the golden file can be written");
            let log = folder().join("RENEWALS.md");
            let mut renewals = std::fs::read_to_string(&log).unwrap_or_else(|_| {
                "# Why golden files were renewed\n\nThe latest last; written by `KADRY_RENEW`.\n\n".to_owned()
            });
            let _ = writeln!(renewals, "- `historical-4000.csv`: {reason}");
            std::fs::write(&log, renewals).expect("the log of renewals can be written");
        }
        return;
    }
    let before = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    if before != now {
        let changed: Vec<String> = before
            .lines()
            .zip(now.lines())
            .filter(|(before, now)| before != now)
            .take(3)
            .map(|(before, now)| format!("was {before}\nis  {now}"))
            .collect();
        panic!(
            "results have changed; if they were meant to, renew the file by\n  KADRY_RENEW=\"why they change\" cargo test \
             --release golden\n{}",
            changed.join("\n")
        );
    }
}
