//! Faults of scenarios on the terminal and as JSON.
//!
//! Owns the exit code of an invalid scenario.

use std::process::ExitCode;

use serde_json::{Value, json};

use super::stderr::write;
use super::terminal::colour_on_stderr;
use crate::scenario::{Faults, Scenario, load};

/// Exit code if a scenario is not valid.
pub const INVALID_SCENARIO: u8 = 3;

/// Loads a scenario, or prints its faults and gives the exit code to leave with.
///
/// # Errors
///
/// The exit code, after everything has been said.
pub fn load_or_report(name_or_path: &str, settings: &[String]) -> Result<Scenario, ExitCode> {
    load(name_or_path, settings).map_err(|faults| report(&faults))
}

/// Prints faults to stderr, in colour if it is a terminal, and gives the exit code.
pub fn report(faults: &Faults) -> ExitCode {
    write(&faults.render(colour_on_stderr()));
    ExitCode::from(INVALID_SCENARIO)
}

/// Faults for machines: file, line, column (from 1), key, message, help.
pub(super) fn as_json(faults: &Faults) -> Value {
    let list: Vec<Value> = faults
        .list
        .iter()
        .map(|fault| {
            let position = fault.place.as_ref().map(|place| faults.sources.line_column(place));
            json!({
                "file": fault.place.as_ref().map(|place| &faults.sources.get(place.source).name),
                "line": position.map(|(line, _)| line),
                "column": position.map(|(_, column)| column),
                "key": fault.key,
                "message": fault.problem.to_string(),
                "label": fault.problem.label(),
                "help": fault.problem.help(),
            })
        })
        .collect();
    json!({ "faults": list, "more": faults.more })
}
