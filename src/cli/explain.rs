//! `kadry explain SCENARIO`: prints every value of a resolved scenario with its unit, range, meaning and source, and
//! the lines that set it.

use std::ffi::OsString;
use std::process::ExitCode;

use serde_json::{Value, json};

use super::Exit;
use super::faults::{load_or_print_faults, shown_name, warnings_as_json};
use super::stderr::eprint_line;
use super::stdout::{print, print_json};
use crate::model::levers::LEVERS;
use crate::model::mechanisms::MECHANISMS;
use crate::model::parameters::PARAMETERS;
use crate::scenario::{Assignment, MAX_PEOPLE, Scenario, SourceSpan, event_text, nearest_few, shown};

/// Show every value of a scenario with its unit, range, meaning and source, and where it was set
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Scenario file, name of a shipped scenario, or `-` for standard input
    scenario: OsString,
    /// Show only the keys that contain one of these words
    #[arg(value_name = "WORD")]
    words: Vec<String>,
    /// Change a key of the scenario, such as `levers.union=0.6` (repeatable)
    #[arg(long = "set", value_name = "KEY=VALUE")]
    settings: Vec<String>,
    /// Print the resolved scenario as TOML, complete and without `extends`
    #[arg(long, conflicts_with_all = ["json", "words"])]
    toml: bool,
    /// Print everything as JSON
    #[arg(long)]
    json: bool,
}

/// Keys of `[population]` and their meaning.
pub(super) const POPULATION_KEYS: [(&str, &str); 3] = [
    ("size", "nominal number of people in January 1928"),
    ("enterprises", "number of plants"),
    ("regions", "number of regions that the plants are spread over"),
];

/// One value of a scenario with its description.
struct Row {
    table: &'static str,
    key: String,
    value: String,
    unit: String,
    range: String,
    meaning: String,
    source: String,
    set: Vec<String>,
}

impl Row {
    /// True if the word names the table or is part of the dotted key: `levers`, `unio`, `levers.union`.
    fn matches(&self, word: &str) -> bool {
        self.table == word || format!("{}.{}", self.table, self.key).contains(word)
    }
}

/// Prints the scenario, or the values whose keys match the words.
///
/// # Errors
///
/// If stdout cannot be written.
pub(super) fn explain(args: &Arguments) -> anyhow::Result<ExitCode> {
    let scenario = match load_or_print_faults(&args.scenario, &args.settings, None, None) {
        Ok(scenario) => scenario,
        Err(code) => return Ok(code),
    };
    if args.toml {
        print(&scenario.to_toml())?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut rows = rows(&scenario);
    let unmatched: Vec<&String> =
        args.words.iter().filter(|word| !rows.iter().any(|row| row.matches(word))).collect();
    if !unmatched.is_empty() {
        let keys: Vec<&str> = rows.iter().map(|row| row.key.as_str()).collect();
        for word in unmatched {
            eprint_line(&unmatched_word(word, &keys, &shown_name(&args.scenario)));
        }
        return Ok(Exit::Usage.into());
    }
    rows.retain(|row| args.words.is_empty() || args.words.iter().any(|word| row.matches(word)));
    if args.json {
        print_json(&json!({
            "name": scenario.name,
            "label": scenario.label,
            "title": scenario.title,
            "hypothesis": scenario.hypothesis,
            "predictions": scenario.predictions.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "claims": scenario.claims,
            "hash": scenario.hash_hex(),
            "warnings": warnings_as_json(&scenario),
            "values": rows.iter().map(as_json).collect::<Vec<_>>(),
        }))?;
    } else {
        print(&(heading(&scenario) + &rows_text(&rows)))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The error message for a word that no key contains.
fn unmatched_word(word: &str, keys: &[&str], scenario: &str) -> String {
    let nearest = nearest_few(word, keys.iter().copied(), 3);
    let nearest: Vec<String> = nearest.into_iter().map(|key| format!("`{key}`")).collect();
    let hint = if nearest.is_empty() { String::new() } else { format!(" (nearest: {})", nearest.join(", ")) };
    format!(
        "error: no key of `{scenario}` contains `{word}`{hint}: `kadry explain {scenario}` shows all keys"
    )
}

fn heading(scenario: &Scenario) -> String {
    let mut text = format!("{}: {}\n", scenario.name, scenario.title);
    if let Some(label) = &scenario.label {
        text += &format!("label: {label}\n");
    }
    if let Some(hypothesis) = &scenario.hypothesis {
        text += &format!("hypothesis: {hypothesis}\n");
    }
    for prediction in &scenario.predictions {
        text += &format!("prediction: {prediction}\n");
    }
    if !scenario.claims.is_empty() {
        text += &format!("claims: {}\n", scenario.claims.join(", "));
    }
    text + &format!("hash: {}\n", scenario.hash_hex())
}

fn rows_text(rows: &[Row]) -> String {
    let mut text = String::new();
    let mut table = "";
    for row in rows {
        if row.table != table {
            table = row.table;
            text += &format!("\n[{table}]\n");
        }
        let unit = if row.unit.is_empty() { String::new() } else { format!(" {}", row.unit) };
        let range = if row.range.is_empty() { String::new() } else { format!("  ({})", row.range) };
        text += &format!("{} = {}{unit}{range}\n", row.key, row.value);
        for (label, line) in [("", &row.meaning), ("source: ", &row.source)] {
            if !line.is_empty() {
                text += &format!("    {label}{line}\n");
            }
        }
        let set = if row.set.is_empty() { "default".to_owned() } else { row.set.join("; then ") };
        text += &format!("    set: {set}\n");
    }
    text
}

fn as_json(row: &Row) -> Value {
    json!({
        "table": row.table,
        "key": row.key,
        "value": row.value,
        "unit": row.unit,
        "range": row.range,
        "meaning": row.meaning,
        "source": row.source,
        "set": row.set,
    })
}

fn rows(scenario: &Scenario) -> Vec<Row> {
    let mut rows = population(scenario);
    rows.extend(phases(scenario));
    rows.extend(levers(scenario));
    rows.extend(events(scenario));
    rows.extend(constants(scenario));
    rows
}

/// Where a value was set, as `file:line`; empty for a default.
fn at(scenario: &Scenario, place: Option<&SourceSpan>) -> Vec<String> {
    place.map(|place| scenario.sources.position(place)).into_iter().collect()
}

/// Where each assignment was made, as `file:line`, and what it set.
fn settings(scenario: &Scenario, settings: &[Assignment]) -> Vec<String> {
    settings
        .iter()
        .map(|setting| format!("{} ({})", scenario.sources.position(&setting.at), setting.what))
        .collect()
}

fn population(scenario: &Scenario) -> Vec<Row> {
    let population = &scenario.population;
    let values = [
        (population.size.to_string(), "people", format!("1 to {MAX_PEOPLE}")),
        (population.enterprises.to_string(), "", "1 to size".to_owned()),
        (population.regions.to_string(), "", "1 to enterprises".to_owned()),
    ];
    POPULATION_KEYS
        .into_iter()
        .zip(values)
        .zip(&scenario.provenance.population)
        .map(|(((key, meaning), (value, unit, range)), place)| Row {
            table: "population",
            key: key.to_owned(),
            value,
            unit: unit.to_owned(),
            range,
            meaning: meaning.to_owned(),
            source: String::new(),
            set: at(scenario, place.as_ref()),
        })
        .collect()
}

fn phases(scenario: &Scenario) -> Vec<Row> {
    let rows = scenario.phases.iter().enumerate().map(|(position, phase)| Row {
        table: "phase",
        key: phase.name.clone(),
        value: format!("{} to {}", phase.from, scenario.phase_end(position)),
        unit: String::new(),
        range: String::new(),
        meaning: String::new(),
        source: String::new(),
        set: at(scenario, scenario.provenance.phases.as_ref()),
    });
    rows.collect()
}

fn levers(scenario: &Scenario) -> Vec<Row> {
    LEVERS
        .iter()
        .enumerate()
        .map(|(position, info)| {
            let track = &scenario.tracks[position];
            let steps: Vec<String> =
                track.steps().iter().map(|(month, value)| format!("{month} {}", shown(*value))).collect();
            let smoothed = if info.smoothed { ", averaged over three months" } else { "" };
            let source = track.source.clone().unwrap_or_else(|| "not stated".to_owned());
            Row {
                table: "levers",
                key: info.key.to_owned(),
                value: steps.join(", "),
                unit: String::new(),
                range: "0 to 1".to_owned(),
                meaning: format!("{} (rules {}{smoothed})", info.meaning, info.rule),
                source,
                set: settings(scenario, &scenario.provenance.levers[position]),
            }
        })
        .collect()
}

fn events(scenario: &Scenario) -> Vec<Row> {
    let row = |name: &str, value: String, source: &Option<String>, set: Vec<String>| Row {
        table: "event",
        key: name.to_owned(),
        value,
        unit: String::new(),
        range: String::new(),
        meaning: String::new(),
        source: source.clone().unwrap_or_default(),
        set,
    };
    let mut rows: Vec<Row> = scenario
        .events
        .iter()
        .zip(&scenario.provenance.events)
        .map(|(event, set)| row(&event.name, event_text(event), &event.source, settings(scenario, set)))
        .collect();
    for (event, set, place) in &scenario.provenance.removed {
        let mut set = settings(scenario, set);
        set.push(format!("{} (removed)", scenario.sources.position(place)));
        rows.push(row(&event.name, format!("removed; was {}", event_text(event)), &event.source, set));
    }
    rows
}

fn constants(scenario: &Scenario) -> Vec<Row> {
    let provenance = &scenario.provenance;
    let parameters = PARAMETERS.iter().zip(&provenance.parameters).map(|(info, place)| {
        let (low, high) = info.valid;
        Row {
            table: "parameters",
            key: info.key.to_owned(),
            value: (info.get)(&scenario.parameters).to_string(),
            unit: if info.unit == "1" { String::new() } else { info.unit.to_owned() },
            range: format!("{low} to {high}, default {}", info.default),
            meaning: format!("{} ({} in rule {})", info.meaning, info.symbol, info.rule),
            source: match place {
                None => info.source.to_owned(),
                Some(_) => "set by the scenario".to_owned(),
            },
            set: at(scenario, place.as_ref()),
        }
    });
    let mechanisms = MECHANISMS.iter().zip(&provenance.mechanisms).map(|(info, place)| Row {
        table: "mechanisms",
        key: info.key.to_owned(),
        value: (info.get)(&scenario.mechanisms).to_string(),
        unit: String::new(),
        range: "true or false, default true".to_owned(),
        meaning: info.meaning.to_owned(),
        source: String::new(),
        set: at(scenario, place.as_ref()),
    });
    parameters.chain(mechanisms).collect()
}
