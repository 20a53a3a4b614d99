//! The JSON Schema of a scenario file, made from the tables of levers, parameters and mechanisms.
//!
//! Translates the rules of the reader into draft 07, which editors understand. `docs/scenarios.md` lists what a schema
//! cannot express.

use serde_json::{Map, Value, json};

use super::event::{EVENT_KEYS, KINDS, MAX_PULSE, POSTS};
use super::layer::{CLAIMS, MAX_ENTERPRISES, MAX_LIST, MAX_PEOPLE, MAX_REGIONS, TOP_KEYS};
use super::naming::MAX_LABEL;
use super::prediction::{DEFAULT_WITHIN, DIRECTIONS, PREDICTION_KEYS};
use super::track::{OPERATIONS, TRACK_KEYS};
use crate::engine::calendar::Month;
use crate::model::levers::LEVERS;
use crate::model::measures::PHASE_MEASURES;
use crate::model::mechanisms::MECHANISMS;
use crate::model::parameters::PARAMETERS;
use crate::model::state::standing::TARGET_CLASS_NAMES;

/// Months of the calendar as a pattern.
const MONTH_PATTERN: &str = "^(19(2[89]|3[0-9]|40)-(0[1-9]|1[0-2])|1941-0[1-6])$";

/// Names of phases and events, and labels: one line without blanks at its ends.
const LABEL_PATTERN: &str = "^[^\\s\\u0000-\\u001f\\u007f-\\u009f]([^\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029]*[^\\s\\u0000-\\u001f\\u007f-\\u009f])?$";

/// The schema, as text with a final newline.
pub fn schema() -> String {
    let mut text = serde_json::to_string_pretty(&document()).unwrap_or_default();
    text.push('\n');
    text
}

fn document() -> Value {
    let levers: Vec<&str> = LEVERS.iter().map(|info| info.key).collect();
    let mut document = json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "kadry scenario",
        "description": "A scenario of kadry: a patch over a base (`extends`), or complete by itself.",
        "type": "object",
        "additionalProperties": false,
        "required": ["name"],
        "properties": properties(),
        "if": { "required": ["extends"] },
        "else": {
            "required": ["levers", "phase"],
            "properties": {
                "levers": { "required": levers },
                "event": { "items": whole_event() },
            },
        },
        "definitions": definitions(),
    });
    debug_assert!(TOP_KEYS.iter().all(|key| document["properties"].get(key).is_some()));
    document["properties"]["levers"] = levers_table();
    document
}

fn properties() -> Value {
    let claims: Vec<String> = (1..=CLAIMS).map(|claim| format!("C{claim:02}")).collect();
    json!({
        "$schema": { "type": "string", "description": "For editors; not read." },
        "name": {
            "type": "string",
            "pattern": "^[a-z][a-z0-9_]{0,63}$",
            "description": "Name of the scenario, in results and in the name of their folder.",
        },
        "label": {
            "type": "string",
            "minLength": 1,
            "maxLength": MAX_LABEL,
            "pattern": LABEL_PATTERN,
            "description": "What results call the scenario instead of its name; at most 200 bytes.",
        },
        "title": { "type": "string", "description": "A line for readers." },
        "extends": {
            "type": "string",
            "description": "The base: a shipped scenario by name, or a file by its path from this file's folder.",
        },
        "hypothesis": { "type": "string", "description": "The expectation, in words." },
        "claims": {
            "type": "array",
            "maxItems": CLAIMS,
            "items": { "enum": claims },
            "description": "Claims of the essay that the scenario bears on.",
        },
        "prediction": { "type": "array", "maxItems": MAX_LIST, "items": { "$ref": "#/definitions/prediction" }, "description": "The parts of the hypothesis that figures can decide." },
        "population": population(),
        "parameters": parameters(),
        "mechanisms": mechanisms(),
        "policy": {
            "type": "object",
            "additionalProperties": false,
            "properties": { "mode": { "enum": ["schedule"], "description": "How the levers are moved." } },
        },
        "levers": {},
        "change": { "type": "array", "maxItems": MAX_LIST, "items": { "$ref": "#/definitions/change" }, "description": "Changes to levers, in order." },
        "event": { "type": "array", "maxItems": MAX_LIST, "items": { "$ref": "#/definitions/event" }, "description": "Show trials and elections; by the name of one in the base: alters or removes it." },
        "phase": {
            "type": "array",
            "minItems": 1,
            "maxItems": Month::COUNT,
            "items": [{ "allOf": [
                { "$ref": "#/definitions/phase" },
                { "properties": { "from": { "const": Month::FIRST.to_string() } } },
            ] }],
            "additionalItems": { "$ref": "#/definitions/phase" },
            "description": "Periods by which results are summarised, each until the next begins.",
        },
    })
}

fn population() -> Value {
    let count = |most: i64, description: &str| json!({ "type": "integer", "minimum": 1, "maximum": most, "description": description });
    let mut size = count(
        MAX_PEOPLE,
        "People in January 1928; alone, it keeps the mean enterprise of the base. Or \"one-to-one\".",
    );
    if let Some(size) = size.as_object_mut() {
        size.remove("type");
        size.insert("anyOf".to_owned(), json!([{ "type": "integer" }, { "const": "one-to-one" }]));
    }
    json!({
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "size": size,
            "enterprises": count(MAX_ENTERPRISES, "Enterprises, at most as many as people."),
            "regions": count(MAX_REGIONS, "Regions, at most as many as enterprises."),
        },
    })
}

fn parameters() -> Value {
    let rows: Map<String, Value> = PARAMETERS
        .iter()
        .map(|info| {
            let unit = if info.unit == "1" { String::new() } else { format!(" ({})", info.unit) };
            let row = json!({
                "type": "number",
                "minimum": info.valid.0,
                "maximum": info.valid.1,
                "default": info.default,
                "description": format!("{}{unit}. Rule {}, {}.", capital(info.meaning), info.rule, info.grade.word()),
            });
            (info.key.to_owned(), row)
        })
        .collect();
    json!({ "type": "object", "additionalProperties": false, "properties": rows })
}

fn mechanisms() -> Value {
    let rows: Map<String, Value> = MECHANISMS
        .iter()
        .map(|info| {
            let row = json!({ "type": "boolean", "default": true, "description": format!("{}.", capital(info.meaning)) });
            (info.key.to_owned(), row)
        })
        .collect();
    json!({ "type": "object", "additionalProperties": false, "properties": rows })
}

fn levers_table() -> Value {
    let rows: Map<String, Value> = LEVERS
        .iter()
        .map(|info| {
            let row = json!({
                "allOf": [{ "$ref": "#/definitions/track" }],
                "description": format!("{}. Rules {}.", capital(info.meaning), info.rule),
            });
            (info.key.to_owned(), row)
        })
        .collect();
    json!({
        "type": "object",
        "additionalProperties": false,
        "properties": rows,
        "description": "Whole tracks of levers, replacing the base's.",
    })
}

fn definitions() -> Value {
    let step = |month: Value| {
        json!({
            "type": "array",
            "items": [month, { "$ref": "#/definitions/share" }],
            "additionalItems": false,
            "minItems": 2,
        })
    };
    let steps = json!({
        "type": "array",
        "minItems": 1,
        "maxItems": Month::COUNT,
        "items": [step(json!({ "const": Month::FIRST.to_string() }))],
        "additionalItems": step(json!({ "$ref": "#/definitions/month" })),
        "description": "Month and value; each holds until the next.",
    });
    debug_assert_eq!(TRACK_KEYS, ["steps", "source"]);
    json!({
        "month": { "type": "string", "pattern": MONTH_PATTERN, "description": "A month, YYYY-MM." },
        "share": { "type": "number", "minimum": 0, "maximum": 1 },
        "label": { "type": "string", "maxLength": 60, "pattern": LABEL_PATTERN },
        "track": {
            "anyOf": [
                { "$ref": "#/definitions/share" },
                {
                    "type": "object",
                    "additionalProperties": false,
                    "required": ["steps"],
                    "properties": { "steps": steps, "source": { "type": "string" } },
                },
            ],
        },
        "change": change(),
        "prediction": prediction(),
        "event": event(),
        "phase": {
            "type": "object",
            "additionalProperties": false,
            "required": ["name", "from"],
            "properties": {
                "name": { "$ref": "#/definitions/label" },
                "from": { "$ref": "#/definitions/month" },
                "until": { "$ref": "#/definitions/month" },
            },
        },
    })
}

fn prediction() -> Value {
    let metrics: Vec<&str> = PHASE_MEASURES.iter().map(|measure| measure.key).collect();
    let directions: Vec<&str> = DIRECTIONS.iter().map(|(word, _)| *word).collect();
    debug_assert_eq!(PREDICTION_KEYS.len(), 8);
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["metric", "direction"],
        "properties": {
            "metric": { "enum": metrics, "description": "Column of phases.csv." },
            "phase": { "type": "string", "description": "A phase of the scenario, or \"whole period\", which is the default." },
            "from_phase": { "type": "string", "description": "The prediction is about the change from this phase to the other." },
            "direction": { "enum": directions, "description": "Which way it moves against the baseline." },
            "within": { "type": "number", "minimum": 0, "maximum": 10, "default": DEFAULT_WITHIN, "description": "Margin of `does not ...` and `hardly changes`, as a share of the mean that is compared with." },
            "alone": { "type": "boolean", "description": "The prediction is about the change between the phases in this scenario, without the baseline." },
            "beside": { "type": "string", "description": "Another scenario: the effect is compared with a share of its effect." },
            "share": { "type": "number", "minimum": 0, "maximum": 10 },
        },
        "dependencies": { "beside": ["share"], "share": ["beside"], "from_phase": ["phase"] },
        "if": { "required": ["alone"], "properties": { "alone": { "const": true } } },
        "then": { "required": ["from_phase"] },
    })
}

fn change() -> Value {
    let levers: Vec<&str> = LEVERS.iter().map(|info| info.key).collect();
    let mut properties = json!({
        "lever": { "enum": levers, "description": "The lever to change." },
        "from": { "$ref": "#/definitions/month" },
        "until": { "$ref": "#/definitions/month" },
        "source": { "type": "string", "description": "Why." },
    });
    for (key, (low, high), _) in OPERATIONS {
        let kind = if *key == "shift_months" { "integer" } else { "number" };
        properties[*key] = json!({ "type": kind, "minimum": low, "maximum": high });
    }
    let one: Vec<Value> = OPERATIONS.iter().map(|(key, ..)| json!({ "required": [key] })).collect();
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["lever"],
        "properties": properties,
        "oneOf": one,
    })
}

fn event() -> Value {
    let kinds: Vec<&str> = KINDS.iter().map(|(word, _)| *word).collect();
    let posts: Vec<&str> = POSTS.iter().map(|(word, _)| *word).collect();
    let strength = json!({ "type": "number", "minimum": 0, "maximum": MAX_PULSE });
    let targets: Map<String, Value> =
        TARGET_CLASS_NAMES.iter().map(|class| ((*class).to_owned(), strength.clone())).collect();
    let other: Vec<Value> = EVENT_KEYS
        .iter()
        .filter(|key| !["name", "remove"].contains(key))
        .map(|key| json!({ "required": [key] }))
        .collect();
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["name"],
        "properties": {
            "name": { "$ref": "#/definitions/label" },
            "kind": { "enum": kinds },
            "month": { "$ref": "#/definitions/month" },
            "from": { "$ref": "#/definitions/month" },
            "until": { "$ref": "#/definitions/month" },
            "targets": {
                "type": "object",
                "additionalProperties": false,
                "properties": targets,
                "description": "What a show trial adds to the image of the enemy, by class.",
            },
            "posts": { "enum": posts, "description": "Which officials stand in an election." },
            "source": { "type": "string" },
            "remove": { "type": "boolean", "description": "Removes the event of this name." },
        },
        "dependencies": { "from": ["until"], "until": ["from"] },
        "not": { "anyOf": [
            { "required": ["month", "from"] },
            { "required": ["kind", "posts"], "properties": { "kind": { "const": "show_trial" } } },
            { "required": ["kind", "targets"], "properties": { "kind": { "const": "election" } } },
            { "required": ["posts", "targets"] },
            { "required": ["remove"], "properties": { "remove": { "const": true } }, "anyOf": other },
        ] },
    })
}

/// What an event needs that no base has.
fn whole_event() -> Value {
    json!({
        "required": ["kind"],
        "properties": { "remove": { "const": false } },
        "allOf": [
            { "anyOf": [{ "required": ["month"] }, { "required": ["from"] }] },
            { "anyOf": [{ "required": ["targets"] }, { "required": ["posts"] }] },
        ],
    })
}

/// A sentence from a phrase.
pub(super) fn capital(phrase: &str) -> String {
    let mut letters = phrase.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
