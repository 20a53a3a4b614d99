//! Prints the faults and warnings of scenarios to stderr, or formats them as JSON.

use std::ffi::OsStr;
use std::process::ExitCode;

use serde_json::{Value, json};

use super::Exit;
use super::stderr::eprint;
use super::terminal::colour_on_stderr;
use crate::scenario::{Faults, Scenario, Size, SourceSpan, Sources, load_altered};

/// Loads a scenario, altered and labelled as the options ask, and prints its warnings.
///
/// # Errors
///
/// The exit code if the scenario has faults, after printing them.
pub(super) fn load_or_print_faults(
    name_or_path: impl AsRef<OsStr>,
    settings: &[String],
    population: Option<Size>,
    label: Option<&str>,
) -> Result<Scenario, ExitCode> {
    let scenario =
        load_altered(name_or_path, settings, population, label).map_err(|faults| print_faults(&faults))?;
    print_warnings(&scenario);
    Ok(scenario)
}

/// Prints faults to stderr, in colour on a terminal, and returns the exit code.
pub(super) fn print_faults(faults: &Faults) -> ExitCode {
    eprint(&faults.render(colour_on_stderr()));
    Exit::Invalid.into()
}

/// Prints the warnings of a scenario to stderr, in colour on a terminal.
pub(super) fn print_warnings(scenario: &Scenario) {
    eprint(&scenario.render_warnings(colour_on_stderr()));
}

/// Faults as JSON: file, line, column (from 1), key, message, label, help.
pub(super) fn faults_as_json(faults: &Faults) -> Value {
    let list: Vec<Value> = faults
        .list
        .iter()
        .map(|fault| {
            let mut row = span_as_json(fault.place.as_ref(), &faults.sources);
            row["key"] = json!(fault.key);
            row["message"] = json!(fault.problem.to_string());
            row["label"] = json!(fault.problem.label());
            row["help"] = json!(fault.problem.help());
            row
        })
        .collect();
    json!({ "faults": list, "more": faults.more })
}

/// Warnings as JSON: file, line, column (from 1), key, message, help.
pub(super) fn warnings_as_json(scenario: &Scenario) -> Value {
    let list = scenario.warnings.iter().map(|warning| {
        let mut row = span_as_json(warning.place.as_ref(), &scenario.sources);
        row["key"] = json!(warning.key);
        row["message"] = json!(warning.caution.to_string());
        row["help"] = json!(warning.caution.help());
        row
    });
    list.collect()
}

fn span_as_json(place: Option<&SourceSpan>, sources: &Sources) -> Value {
    let position = place.map(|place| sources.line_column(place));
    json!({
        "file": place.map(|place| &sources.get(place.source).name),
        "line": position.map(|(line, _)| line),
        "column": position.map(|(_, column)| column),
    })
}

/// The name of a requested scenario in messages.
pub(super) fn shown_name(name_or_path: &OsStr) -> String {
    if name_or_path == "-" {
        "standard input".to_owned()
    } else {
        name_or_path.to_string_lossy().into_owned()
    }
}
