//! `kadry diff A B`: shows the differences between two scenarios.

use std::ffi::OsString;
use std::process::ExitCode;

use serde_json::{Value, json};

use super::faults::print_faults;
use super::stdout::{print, print_json};
use crate::engine::calendar::Month;
use crate::scenario::{Difference, load};

/// Show the differences between two scenarios, lever by lever and month by month
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// First scenario: a file, the name of a shipped scenario, or `-` for standard input
    #[arg(value_name = "A")]
    left: OsString,
    /// Second scenario
    #[arg(value_name = "B")]
    right: OsString,
    /// Print the differences as JSON
    #[arg(long)]
    json: bool,
}

/// Prints the differences, grouped by table. The exit code is 0 whether or not there are any.
///
/// # Errors
///
/// If stdout cannot be written.
pub(super) fn diff(args: &Arguments) -> anyhow::Result<ExitCode> {
    let (left, right) = match (load(&args.left, &[]), load(&args.right, &[])) {
        (Ok(left), Ok(right)) => (left, right),
        (left, right) => {
            let mut code = ExitCode::SUCCESS;
            for faults in [left.err(), right.err()].into_iter().flatten() {
                code = print_faults(&faults);
            }
            return Ok(code);
        }
    };
    let differences = left.differences(&right);
    if args.json {
        print_json(&Value::Array(differences.iter().map(as_json).collect()))?;
        return Ok(ExitCode::SUCCESS);
    }
    if differences.is_empty() {
        print(&format!(
            "{} and {} do not differ in anything that a run depends on\n",
            left.called(),
            right.called()
        ))?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut text = format!("{} -> {}\n", left.called(), right.called());
    let width = differences.iter().map(|difference| difference.key.chars().count()).max().unwrap_or(0);
    let mut table = "";
    for difference in &differences {
        if difference.table != table {
            table = difference.table;
            text += &format!("\n{table}\n");
        }
        text += &line(&difference.key, difference, width);
    }
    print(&text)?;
    Ok(ExitCode::SUCCESS)
}

/// A line with a key, the months, and both values.
pub(super) fn line(key: &str, difference: &Difference, width: usize) -> String {
    let months = match difference.months {
        Some((from, until)) if from == Month::FIRST && until == Month::LAST => {
            "throughout          ".to_owned()
        }
        Some((from, until)) if from == until => format!("{from}             "),
        Some((from, until)) => format!("{from} to {until}  "),
        None => String::new(),
    };
    let value = |side: &Option<String>| side.clone().unwrap_or_else(|| "none".to_owned());
    let (left, right) = (value(&difference.left), value(&difference.right));
    format!("  {key:width$}  {months}{left} -> {right}\n")
}

/// A difference as JSON.
pub(super) fn as_json(difference: &Difference) -> Value {
    json!({
        "table": difference.table,
        "key": difference.key,
        "from": difference.months.map(|(from, _)| from.to_string()),
        "until": difference.months.map(|(_, until)| until.to_string()),
        "left": difference.left,
        "right": difference.right,
    })
}
