//! Writes the JSON Schema of scenario files from the tables of levers, parameters and mechanisms.
//!
//! The schema uses draft 07, which editors support. `docs/scenarios.md` lists the rules that a schema cannot express.

use serde_json::{Map, Value, json};

use super::claims::{ContrastWord, Language, Side};
use super::event::{EVENT_KEYS, KINDS, MAX_PULSE, POSTS};
use super::layer::{CLAIMS, MAX_ENTERPRISES, MAX_LIST, MAX_PEOPLE, MAX_REGIONS, TOP_KEYS};
use super::naming::MAX_LABEL;
use super::track::{OPERATIONS, TRACK_KEYS};
use crate::engine::calendar::Month;
use crate::model::levers::LEVERS;
use crate::model::mechanisms::MECHANISMS;
use crate::model::parameters::PARAMETERS;
use crate::model::phase::PHASE_MEASURES;
use crate::model::state::standing::TARGET_CLASS_NAMES;

/// Pattern of the months of the calendar.
const MONTH_PATTERN: &str = "^(19(2[89]|3[0-9]|40)-(0[1-9]|1[0-2])|1941-0[1-6])$";

/// Pattern of labels and names of phases and events: one line without spaces at its ends.
const LABEL_PATTERN: &str = "^[^\\s\\u0000-\\u001f\\u007f-\\u009f]([^\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029]*[^\\s\\u0000-\\u001f\\u007f-\\u009f])?$";

/// Returns the schema as text with a final newline.
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
        "$schema": { "type": "string", "description": "For editors; ignored by kadry." },
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
            "description": "Used in results instead of the name; at most 200 bytes.",
        },
        "title": { "type": "string", "description": "One line for readers." },
        "extends": {
            "type": "string",
            "description": "The base: the name of a shipped scenario, or the path of a file, relative to this file.",
        },
        "hypothesis": { "type": "string", "description": "The expectation, in words." },
        "claims": {
            "type": "array",
            "maxItems": CLAIMS,
            "items": { "enum": claims },
            "description": "Claims of the essay that the scenario concerns.",
        },
        "prediction": { "type": "array", "maxItems": MAX_LIST, "items": { "$ref": "#/definitions/prediction" }, "description": "The testable parts of the hypothesis." },
        "population": population(),
        "parameters": parameters(),
        "mechanisms": mechanisms(),
        "policy": {
            "type": "object",
            "additionalProperties": false,
            "properties": { "mode": { "enum": ["schedule"], "description": "How the levers are set." } },
        },
        "levers": {},
        "change": { "type": "array", "maxItems": MAX_LIST, "items": { "$ref": "#/definitions/change" }, "description": "Changes to levers, in order." },
        "event": { "type": "array", "maxItems": MAX_LIST, "items": { "$ref": "#/definitions/event" }, "description": "Show trials and elections. An event with the name of one in the base alters or removes it." },
        "phase": {
            "type": "array",
            "minItems": 1,
            "maxItems": Month::COUNT,
            "items": [{ "allOf": [
                { "$ref": "#/definitions/phase" },
                { "properties": { "from": { "const": Month::FIRST.to_string() } } },
            ] }],
            "additionalItems": { "$ref": "#/definitions/phase" },
            "description": "Periods of the summary of results; each lasts until the next begins.",
        },
    })
}

fn population() -> Value {
    let count = |most: i64, description: &str| json!({ "type": "integer", "minimum": 1, "maximum": most, "description": description });
    let mut size = count(
        MAX_PEOPLE,
        "Number of people in January 1928, or \"one-to-one\". If given alone, enterprises keep their mean size.",
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
            "enterprises": count(MAX_ENTERPRISES, "Number of enterprises, at most the number of people."),
            "regions": count(MAX_REGIONS, "Number of regions, at most the number of enterprises."),
        },
    })
}

fn parameters() -> Value {
    let rows: Map<String, Value> = PARAMETERS
        .iter()
        .map(|info| {
            let unit = if info.unit == "1" { String::new() } else { format!(" ({})", info.unit) };
            let row = json!({
                "type": if info.is_whole() { "integer" } else { "number" },
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
        "description": "Whole tracks of levers, which replace those of the base.",
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
        "description": "Months and values; each value holds until the next step.",
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
    let language = Language::Prediction;
    let metrics: Vec<&str> = PHASE_MEASURES.iter().map(|measure| measure.key).collect();
    let phase = |description: &str| json!({ "type": "string", "description": description });
    let properties = json!({
        "contrast": { "enum": language.words(), "default": "difference", "description": "What is compared: see docs/hypotheses.md." },
        "metric": { "enum": metrics, "description": "Column of phases.csv." },
        "phase": phase("A phase of the scenario, or \"whole period\", which is the default."),
        "from_phase": phase("If given, the prediction concerns the change from this phase to `phase`."),
        "phases": { "type": "array", "items": { "type": "string" }, "minItems": 2, "maxItems": Month::COUNT, "description": "Phases in the claimed order." },
        "among": { "type": "array", "items": { "type": "string" }, "minItems": 1, "maxItems": Month::COUNT, "description": "The phases with which `phase` is compared; by default all others." },
        "direction": { "enum": language.directions(), "description": "The claimed side." },
        "bound": { "type": "number", "minimum": -1e12, "maximum": 1e12, "description": "The number with which a level is compared." },
        "margin": { "type": "number", "minimum": 0, "maximum": 1e12, "description": "The smallest effect worth calling one, in the unit of the metric." },
        "within": { "type": "number", "minimum": 0, "maximum": 10, "description": "The same as a share of the reference mean. Without either the margin is 0 where one side is claimed, and 0.1 of the reference for the other directions of changes; `near` needs a margin." },
        "alone": { "type": "boolean", "description": "The prediction concerns the change between the phases in this scenario only, without the baseline." },
        "beside": { "type": "string", "description": "Name of another scenario; the effect is compared with a share of its effect." },
        "share": { "type": "number", "minimum": 0, "maximum": 10 },
        "note": { "type": "string", "description": "What the prediction is about." },
    });
    debug_assert!(language.keys().iter().all(|key| properties.get(key).is_some()));
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["metric", "direction"],
        "properties": properties,
        "dependencies": { "beside": ["share"], "share": ["beside"], "from_phase": ["phase"] },
        "not": { "required": ["margin", "within"] },
        "allOf": language.contrasts().map(of_contrast).collect::<Vec<_>>(),
    })
}

/// What a contrast asks of a prediction: its keys, its directions, and the keys that must be given.
fn of_contrast(contrast: &ContrastWord) -> Value {
    let named = json!({ "required": ["contrast"], "properties": { "contrast": { "const": contrast.word } } });
    let unnamed = |alone: Value| json!({ "not": { "required": ["contrast"] }, "allOf": [alone] });
    let alone = json!({ "required": ["alone"], "properties": { "alone": { "const": true } } });
    let condition = match contrast.word {
        "change" => json!({ "anyOf": [named, unnamed(alone)] }),
        "difference" => json!({ "anyOf": [named, unnamed(json!({ "not": alone }))] }),
        _ => named,
    };
    let keys = Language::Prediction.keys_of(contrast);
    let others = Language::Prediction.keys().into_iter().filter(|key| !keys.contains(key));
    let mut properties: Map<String, Value> = others.map(|key| (key.to_owned(), Value::Bool(false))).collect();
    let directions: Vec<&str> = contrast.directions.iter().map(|(word, _)| *word).collect();
    properties.insert("direction".to_owned(), json!({ "enum": directions }));
    if contrast.word == "difference" {
        properties.insert("alone".to_owned(), json!({ "const": false }));
    }
    let required: &[&str] = match contrast.word {
        "level" => &["bound"],
        "order" => &["phases"],
        "extreme" => &["phase"],
        "change" => &["phase", "from_phase"],
        _ => &[],
    };
    let mut rule = json!({ "properties": properties, "required": required });
    // Without `within` there is no default for a region around the bound.
    let bare = |(word, side): &(&'static str, Side)| {
        (*side == Side::Near && !keys.contains(&"within")).then_some(*word)
    };
    let bare: Vec<&str> = contrast.directions.iter().filter_map(bare).collect();
    if !bare.is_empty() {
        rule["if"] = json!({ "required": ["direction"], "properties": { "direction": { "enum": bare } } });
        rule["then"] = json!({ "required": ["margin"] });
    }
    json!({ "if": condition, "then": rule })
}

fn change() -> Value {
    let levers: Vec<&str> = LEVERS.iter().map(|info| info.key).collect();
    let mut properties = json!({
        "lever": { "enum": levers, "description": "The lever to change." },
        "from": { "$ref": "#/definitions/month" },
        "until": { "$ref": "#/definitions/month" },
        "source": { "type": "string", "description": "The reason or source." },
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
                "description": "What a show trial adds to the image of each class as an enemy.",
            },
            "posts": { "enum": posts, "description": "The officials who stand in an election." },
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

/// The requirements of an event without a base.
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

/// The phrase with an upper-case first letter.
pub(super) fn capital(phrase: &str) -> String {
    let mut letters = phrase.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
