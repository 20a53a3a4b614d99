//! Faults and warnings of scenarios on the terminal and as JSON.

use std::ffi::OsStr;
use std::process::ExitCode;

use serde_json::{Value, json};

use super::stderr::write;
use super::terminal::colour_on_stderr;
use crate::scenario::{Faults, Place, Scenario, Size, Sources, load_altered};

/// Exit code if a scenario is not valid.
pub const INVALID_SCENARIO: u8 = 3;

/// Loads a scenario, altered and labelled as the options ask, and prints its warnings; or prints its faults.
///
/// # Errors
///
/// The exit code, after the faults were printed.
pub fn load_or_report(
    name_or_path: impl AsRef<OsStr>,
    settings: &[String],
    population: Option<Size>,
    label: Option<&str>,
) -> Result<Scenario, ExitCode> {
    let scenario =
        load_altered(name_or_path, settings, population, label).map_err(|faults| report(&faults))?;
    warn(&scenario);
    Ok(scenario)
}

/// Prints faults to stderr, in colour if it is a terminal, and gives the exit code.
pub fn report(faults: &Faults) -> ExitCode {
    write(&faults.render(colour_on_stderr()));
    ExitCode::from(INVALID_SCENARIO)
}

/// Prints the warnings of a scenario to stderr, in colour if it is a terminal.
pub fn warn(scenario: &Scenario) {
    write(&scenario.render_warnings(colour_on_stderr()));
}

/// Faults for machines: file, line, column (from 1), key, message, label, help.
pub(super) fn as_json(faults: &Faults) -> Value {
    let list: Vec<Value> = faults
        .list
        .iter()
        .map(|fault| {
            let mut row = place_json(fault.place.as_ref(), &faults.sources);
            row["key"] = json!(fault.key);
            row["message"] = json!(fault.problem.to_string());
            row["label"] = json!(fault.problem.label());
            row["help"] = json!(fault.problem.help());
            row
        })
        .collect();
    json!({ "faults": list, "more": faults.more })
}

/// Warnings for machines: file, line, column (from 1), key, message, help.
pub(super) fn warnings_json(scenario: &Scenario) -> Value {
    let list = scenario.warnings.iter().map(|warning| {
        let mut row = place_json(warning.place.as_ref(), &scenario.sources);
        row["key"] = json!(warning.key);
        row["message"] = json!(warning.caution.to_string());
        row["help"] = json!(warning.caution.help());
        row
    });
    list.collect()
}

fn place_json(place: Option<&Place>, sources: &Sources) -> Value {
    let position = place.map(|place| sources.line_column(place));
    json!({
        "file": place.map(|place| &sources.get(place.source).name),
        "line": position.map(|(line, _)| line),
        "column": position.map(|(_, column)| column),
    })
}

/// What messages call a scenario that was asked for.
pub(super) fn shown_name(name_or_path: &OsStr) -> String {
    if name_or_path == "-" {
        "standard input".to_owned()
    } else {
        name_or_path.to_string_lossy().into_owned()
    }
}
