//! Tests with random scenarios: writing and reading preserves them, the schema agrees with the reader as far as it can,
//! and random edits of valid files never cause a panic.

use std::sync::LazyLock;

use kadry::engine::calendar::Month;
use kadry::model::levers::LEVERS;
use kadry::model::mechanisms::MECHANISMS;
use kadry::model::parameters::{PARAMETERS, SHARES};
use kadry::model::state::standing::TARGET_CLASS_NAMES;
use kadry::scenario::{Faults, Problem, SHIPPED, load, load_text, schema};
use proptest::prelude::*;
use proptest::sample::{Index, subsequence};
use serde_json::{Value, json};

use super::validator::Validator;

static SCHEMA: LazyLock<Validator> =
    LazyLock::new(|| Validator::new(serde_json::from_str(&schema()).unwrap()));

fn read(scenario: &Value) -> Result<kadry::scenario::Scenario, Faults> {
    load_text("random.json", &scenario.to_string())
}

fn month() -> impl Strategy<Value = Month> {
    (0..=Month::LAST.0).prop_map(Month)
}

fn span() -> impl Strategy<Value = (String, String)> {
    (month(), month()).prop_map(|(a, b)| (a.min(b).to_string(), a.max(b).to_string()))
}

/// Strictly increasing months from January 1928.
fn months() -> impl Strategy<Value = Vec<Month>> {
    proptest::collection::btree_set(1..=Month::LAST.0, 0..8)
        .prop_map(|later| std::iter::once(0).chain(later).map(Month).collect())
}

fn share() -> impl Strategy<Value = f64> {
    prop_oneof![Just(0.0), Just(1.0), Just(1.0 / 3.0), 0.0..=1.0f64]
}

fn track() -> impl Strategy<Value = Value> {
    let steps = months().prop_flat_map(|months| {
        proptest::collection::vec(share(), months.len()).prop_map(move |values| {
            let steps: Vec<Value> =
                months.iter().zip(values).map(|(month, value)| json!([month.to_string(), value])).collect();
            json!({ "steps": steps, "source": "drawn" })
        })
    });
    prop_oneof![3 => steps, 1 => share().prop_map(|value| json!(value))]
}

fn change() -> impl Strategy<Value = Value> {
    let operation = prop_oneof![
        share().prop_map(|value| ("set", json!(value))),
        share().prop_map(|value| ("at_most", json!(value))),
        share().prop_map(|value| ("at_least", json!(value))),
        (-1.0..=1.0f64).prop_map(|value| ("add", json!(value))),
        (0.0..=100.0f64).prop_map(|value| ("scale", json!(value))),
        (-161..=161i64).prop_map(|months| ("shift_months", json!(months))),
    ];
    (0..LEVERS.len(), operation, proptest::option::of(span())).prop_map(|(lever, (key, value), span)| {
        let mut change = json!({ "lever": LEVERS[lever].key, key: value });
        if let Some((from, until)) = span {
            change["from"] = json!(from);
            change["until"] = json!(until);
        }
        change
    })
}

/// New events, and alterations and removals of historical events.
fn events(historical: bool) -> impl Strategy<Value = Vec<Value>> {
    let targets =
        proptest::collection::vec((0..TARGET_CLASS_NAMES.len(), 0.0..=10.0f64), 0..4).prop_map(|targets| {
            Value::Object(
                targets
                    .into_iter()
                    .map(|(class, value)| (TARGET_CLASS_NAMES[class].to_owned(), json!(value)))
                    .collect(),
            )
        });
    let new = (
        span(),
        prop_oneof![
            targets.prop_map(|targets| json!({ "kind": "show_trial", "targets": targets })),
            prop_oneof![Just("party"), Just("union")]
                .prop_map(|posts| json!({ "kind": "election", "posts": posts })),
        ],
    );
    let new = proptest::collection::vec(new, 0..4).prop_map(|events| {
        let named = events.into_iter().enumerate().map(|(number, ((from, until), mut event))| {
            event["name"] = json!(format!("event № {number}"));
            event["from"] = json!(from);
            event["until"] = json!(until);
            event
        });
        named.collect::<Vec<Value>>()
    });
    let known = ["Shakhty trial", "trial of the military", "party elections", "union elections"];
    let old = subsequence(known.to_vec(), 0..=known.len()).prop_flat_map(|names| {
        let count = names.len();
        proptest::collection::vec((any::<bool>(), month()), count).prop_map(move |fates| {
            let altered = names.iter().zip(fates).map(|(name, (remove, month))| {
                if remove {
                    json!({ "name": name, "remove": true })
                } else {
                    json!({ "name": name, "month": month.to_string() })
                }
            });
            altered.collect::<Vec<Value>>()
        })
    });
    (new, old).prop_map(move |(mut new, old)| {
        if historical {
            new.extend(old);
        }
        new
    })
}

fn phases() -> impl Strategy<Value = Value> {
    months().prop_map(|months| {
        let phases = months.iter().enumerate();
        phases
            .map(|(number, from)| json!({ "name": format!("phase {number}"), "from": from.to_string() }))
            .collect()
    })
}

fn population() -> impl Strategy<Value = Value> {
    const MOST: u64 = kadry::model::identity::MOST_UNITS;
    (1..=200_000_000u64).prop_flat_map(|size| {
        (1..=size.min(MOST - 1)).prop_flat_map(move |enterprises| {
            (1..=enterprises.min(MOST - enterprises)).prop_map(
                move |regions| json!({ "size": size, "enterprises": enterprises, "regions": regions }),
            )
        })
    })
}

fn parameters() -> impl Strategy<Value = Value> {
    let shared = |key: &str| SHARES.iter().any(|shares| shares.keys.contains(&key));
    let free: Vec<usize> = (0..PARAMETERS.len()).filter(|row| !shared(PARAMETERS[*row].key)).collect();
    subsequence(free, 0..6).prop_flat_map(|rows| {
        let count = rows.len();
        proptest::collection::vec(0.0..=1.0f64, count).prop_map(move |places| {
            let values = rows.iter().zip(places).map(|(row, place)| {
                let (low, high) = PARAMETERS[*row].valid;
                let value = (low + place * (high - low)).clamp(low, high);
                let value = if PARAMETERS[*row].is_whole() { value.round() } else { value };
                (PARAMETERS[*row].key.to_owned(), json!(value))
            });
            Value::Object(values.collect())
        })
    })
}

fn mechanisms() -> impl Strategy<Value = Value> {
    proptest::collection::vec((0..MECHANISMS.len(), any::<bool>()), 0..5).prop_map(|switches| {
        Value::Object(
            switches.into_iter().map(|(row, on)| (MECHANISMS[row].key.to_owned(), json!(on))).collect(),
        )
    })
}

/// A valid scenario, with or without a base.
fn scenario() -> impl Strategy<Value = Value> {
    any::<bool>().prop_flat_map(|based| {
        let count = if based { 0..4 } else { LEVERS.len()..LEVERS.len() + 1 };
        let levers = subsequence((0..LEVERS.len()).collect::<Vec<usize>>(), count).prop_flat_map(|rows| {
            let tracks = proptest::collection::vec(track(), rows.len());
            tracks.prop_map(move |tracks| {
                Value::Object(
                    rows.iter()
                        .zip(tracks)
                        .map(|(row, track)| (LEVERS[*row].key.to_owned(), track))
                        .collect(),
                )
            })
        });
        let parts = (
            // No missing value or number of another program begins with this letter.
            ("s[a-z0-9_]{0,20}", proptest::option::of("run [a-z +=№]{0,60}[a-zé]"), ".{0,40}"),
            levers,
            proptest::collection::vec(change(), 0..4),
            events(based),
            if based { proptest::option::of(phases()).boxed() } else { phases().prop_map(Some).boxed() },
            proptest::option::of(population()),
            parameters(),
            mechanisms(),
        );
        parts.prop_map(
            move |(
                (name, label, title),
                levers,
                change,
                event,
                phase,
                population,
                parameters,
                mechanisms,
            )| {
                let mut scenario = json!({
                    "name": name, "title": title, "levers": levers, "change": change, "event": event,
                    "parameters": parameters, "mechanisms": mechanisms,
                });
                if based {
                    scenario["extends"] = json!("historical");
                }
                let label = label.map(|label| json!(label));
                for (key, part) in [("label", label), ("phase", phase), ("population", population)] {
                    if let Some(part) = part {
                        scenario[key] = part;
                    }
                }
                scenario
            },
        )
    })
}

/// A value that may occur in a scenario.
fn oddity() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!(null)),
        Just(json!(true)),
        Just(json!([])),
        Just(json!({})),
        Just(json!("")),
        Just(json!("1937-08")),
        Just(json!("1941-07")),
        Just(json!("historical")),
        Just(json!("criticism")),
        Just(json!("Shakhty trial")),
        Just(json!("election")),
        Just(json!("party")),
        Just(json!("a\nb")),
        Just(json!(4e4)),
        Just(json!(1e300)),
        Just(json!([["1928-01", 0.5]])),
        Just(json!({ "former": 1 })),
        (-300..300i64).prop_map(|number| json!(number)),
        (-2.0..2.0f64).prop_map(|number| json!(number)),
        ".{0,8}".prop_map(|text| json!(text)),
    ]
}

/// Every place in a tree, the root first.
fn places(value: &Value, path: &str, found: &mut Vec<String>) {
    found.push(path.to_owned());
    match value {
        Value::Object(table) => {
            for (key, value) in table {
                places(value, &format!("{path}/{}", key.replace('~', "~0").replace('/', "~1")), found);
            }
        }
        Value::Array(list) => {
            for (position, value) in list.iter().enumerate() {
                places(value, &format!("{path}/{position}"), found);
            }
        }
        _ => {}
    }
}

/// Replaces, removes, renames or adds something somewhere.
fn edit(scenario: &mut Value, place: Index, kind: u8, odd: Value) {
    let mut found = Vec::new();
    places(scenario, "", &mut found);
    let path = place.get(&found).clone();
    let Some(target) = scenario.pointer_mut(&path) else { return };
    match (kind, target) {
        (0, target) => *target = odd,
        (1, Value::Object(table)) => {
            if let Some(key) = table.keys().next().cloned() {
                table.remove(&key);
            }
        }
        (1, Value::Array(list)) => {
            list.pop();
        }
        (2, Value::Object(table)) => {
            if let Some(value) = table.keys().next_back().cloned().and_then(|key| table.remove(&key)) {
                table.insert("from".to_owned(), value);
            }
        }
        (3, Value::Object(table)) => {
            table.insert("until".to_owned(), odd);
        }
        (_, Value::Array(list)) => list.push(odd),
        (_, target) => *target = odd,
    }
}

/// Replaces a number by a number, a month by a month, a switch by its opposite, and exchanges neighbours in a list:
/// edits after which a scenario often is still valid.
fn nudge(scenario: &mut Value, place: Index, number: f64, month: Month) {
    let mut found = Vec::new();
    places(scenario, "", &mut found);
    let path = place.get(&found).clone();
    match scenario.pointer_mut(&path) {
        Some(Value::Number(old)) if old.is_f64() => {
            if let Some(target) = scenario.pointer_mut(&path) {
                *target = json!(number);
            }
        }
        Some(target @ Value::Number(_)) => *target = json!((number * 100.0) as i64),
        Some(Value::Bool(on)) => *on = !*on,
        Some(Value::String(text)) if text.parse::<Month>().is_ok() => *text = month.to_string(),
        Some(Value::Array(list)) if list.len() > 1 => {
            let last = list.len() - 1;
            list.swap(last - 1, last);
        }
        Some(Value::Object(table)) => {
            let optional = ["title", "source", "until", "from", "change", "event", "population", "claims"];
            if let Some(key) = optional.into_iter().find(|key| table.contains_key(*key)) {
                table.remove(key);
            }
        }
        _ => {}
    }
}

/// Faults that no schema can see; the guide lists them.
fn beyond_schema(problem: &Problem) -> bool {
    matches!(
        problem,
        Problem::StepsOrder { .. }
            | Problem::PhasesOverlap { .. }
            | Problem::PhaseEnd { .. }
            | Problem::PhaseLast { .. }
            | Problem::ReversedSpan { .. }
            | Problem::NameTwice { .. }
            | Problem::NoSuchEvent { .. }
            | Problem::KindChanged { .. }
            | Problem::ForeignKey { .. }
            | Problem::TooManyRegions { .. }
            | Problem::TooManyEnterprises { .. }
            | Problem::SharesExceedOne { .. }
            | Problem::Misread { .. }
            | Problem::TooManyUnits { .. }
            | Problem::TooManyPeople { .. }
            | Problem::TooLargeElite { .. }
            | Problem::NoSuchScenario { .. }
            | Problem::Unreadable { .. }
            | Problem::NotAFile { .. }
            | Problem::Missing { key: "kind" | "month" | "targets" | "posts", .. }
    )
}

#[test]
fn the_schema_accepts_every_shipped_scenario() {
    for shipped in SHIPPED {
        for text in [shipped.text.to_owned(), load(shipped.name, &[]).unwrap().to_toml()] {
            let value = serde_json::to_value(toml::from_str::<toml::Value>(&text).unwrap()).unwrap();
            let faults = SCHEMA.faults(&value);
            assert!(faults.is_empty(), "{}: {faults:?}", shipped.name);
        }
    }
}

/// Every combination of contrast, direction, margin and further keys of a prediction.
#[test]
fn the_schema_agrees_with_the_reader_on_predictions() {
    let contrasts = [None, Some("level"), Some("order"), Some("extreme"), Some("change"), Some("difference")];
    let directions = [
        "rises",
        "falls",
        "does not rise",
        "does not fall",
        "hardly changes",
        "above",
        "below",
        "near",
        "highest",
        "lowest",
    ];
    let margins = [
        json!({}),
        json!({ "margin": 0.1 }),
        json!({ "within": 0.1 }),
        json!({ "margin": 0.1, "within": 0.1 }),
    ];
    let further = [
        json!({}),
        json!({ "bound": 0.5 }),
        json!({ "phases": ["class war", "terror"] }),
        json!({ "phases": ["terror"] }),
        json!({ "phase": "terror" }),
        json!({ "phase": "terror", "bound": 0.5 }),
        json!({ "phase": "terror", "among": ["class war"] }),
        json!({ "phase": "terror", "among": [] }),
        json!({ "phase": "terror", "from_phase": "class war" }),
        json!({ "phase": "terror", "from_phase": "class war", "alone": true }),
        json!({ "phase": "terror", "from_phase": "class war", "alone": false }),
        json!({ "from_phase": "class war" }),
        json!({ "beside": "no_terror", "share": 0.5 }),
        json!({ "beside": "no_terror" }),
        json!({ "share": 0.5 }),
        json!({ "needs": "metrics.discipline" }),
        json!({ "scenario": "no_terror" }),
        json!({ "statistic": "mean" }),
        json!({ "from": "1937-01" }),
    ];
    let mut accepted = 0;
    for (contrast, direction) in contrasts.iter().flat_map(|one| directions.map(|other| (*one, other))) {
        for (margin, more) in margins.iter().flat_map(|one| further.iter().map(move |other| (one, other))) {
            let mut prediction = json!({ "metric": "discipline", "direction": direction });
            if let Some(contrast) = contrast {
                prediction["contrast"] = json!(contrast);
            }
            for (key, value) in [margin, more].into_iter().filter_map(Value::as_object).flatten() {
                prediction[key] = value.clone();
            }
            let scenario = json!({ "name": "s", "extends": "historical", "prediction": [prediction] });
            match read(&scenario) {
                Ok(_) => {
                    let faults = SCHEMA.faults(&scenario);
                    assert!(faults.is_empty(), "accepted by the reader only: {faults:?}\n{scenario:#}");
                    accepted += 1;
                }
                Err(faults) => {
                    assert!(
                        !SCHEMA.accepts(&scenario),
                        "accepted by the schema only:\n{faults}\n{scenario:#}"
                    );
                }
            }
        }
    }
    assert!(accepted > 100, "{accepted}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    /// Through JSON, TOML and the resolved form, a scenario stays what it is; the schema accepts it.
    #[test]
    fn random_valid_scenarios_survive_writing_and_reading(scenario in scenario()) {
        let from_json = match read(&scenario) {
            Ok(scenario) => scenario,
            // Few enterprises, many people and much growth are valid one by one only.
            Err(faults) => {
                let too_large = |problem: &Problem| matches!(problem, Problem::TooManyPeople { .. } | Problem::TooLargeElite { .. });
                prop_assert!(faults.list.iter().all(|fault| too_large(&fault.problem)), "{faults}");
                return Ok(());
            }
        };
        let text = toml::to_string(&scenario).unwrap();
        let from_toml = load_text("random.toml", &text).unwrap_or_else(|faults| panic!("{faults}"));
        prop_assert_eq!(from_toml.to_toml(), from_json.to_toml());
        let resolved = load_text("resolved.toml", &from_json.to_toml()).unwrap_or_else(|faults| panic!("{faults}"));
        prop_assert_eq!(resolved.setup(), from_json.setup());
        prop_assert_eq!(resolved.to_toml(), from_json.to_toml());
        prop_assert_eq!(resolved.hash(), from_json.hash());
        prop_assert!(from_json.differences(&resolved).is_empty());
        prop_assert!(from_json.steps().iter().all(|levers| LEVERS.iter().all(|info| (0.0..=1.0).contains(&(info.get)(levers)))));
        prop_assert!(SCHEMA.accepts(&scenario));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4096, failure_persistence: None, ..ProptestConfig::default() })]

    /// What the reader accepts the schema accepts; what only the schema accepts has faults that it cannot see.
    #[test]
    fn the_schema_agrees_with_the_reader(
        mut scenario in scenario(),
        nudges in proptest::collection::vec((any::<Index>(), -0.5..1.5f64, month()), 0..3),
        edits in prop_oneof![Just(Vec::new()), proptest::collection::vec((any::<Index>(), 0..5u8, oddity()), 1..2)],
    ) {
        for (place, number, month) in nudges {
            nudge(&mut scenario, place, number, month);
        }
        for (place, kind, odd) in edits {
            edit(&mut scenario, place, kind, odd);
        }
        match read(&scenario) {
            Ok(_) => {
                let faults = SCHEMA.faults(&scenario);
                prop_assert!(faults.is_empty(), "accepted by the reader only: {faults:?}\n{scenario:#}");
            }
            Err(faults) if SCHEMA.accepts(&scenario) => {
                prop_assert!(faults.list.iter().all(|fault| beyond_schema(&fault.problem)), "accepted by the schema only:\n{faults}\n{scenario:#}");
            }
            Err(_) => {}
        }
    }

    /// Cutting, doubling and overwriting anywhere in a valid file gives a scenario or faults that can be drawn.
    #[test]
    fn random_edits_of_valid_files_never_panic(
        shipped in 0..SHIPPED.len(),
        json in any::<bool>(),
        edits in proptest::collection::vec((any::<Index>(), 0..60usize, 0..4u8, ".{0,6}|[\\[\\]{}=\"',.#\n0-9-]{1,4}"), 1..5),
    ) {
        let mut text = SHIPPED[shipped].text.to_owned();
        if json {
            text = serde_json::to_string_pretty(&toml::from_str::<toml::Value>(&text).unwrap()).unwrap();
        }
        for (place, length, kind, insert) in edits {
            let boundary = |byte: usize| (0..=byte.min(text.len())).rev().find(|byte| text.is_char_boundary(*byte)).unwrap();
            let start = boundary(place.index(text.len() + 1));
            let end = boundary(start + length).max(start);
            let piece = text[start..end].to_owned();
            match kind {
                0 => text.replace_range(start..end, ""),
                1 => text.insert_str(start, &piece),
                2 => text.replace_range(start..end, &insert),
                _ => text.insert_str(start, &insert),
            }
        }
        if let Err(faults) = load_text(if json { "edited.json" } else { "edited.toml" }, &text) {
            prop_assert!(!faults.list.is_empty());
            prop_assert!(faults.render(false).contains("error"));
            prop_assert!(faults.render(true).contains("error"));
        }
    }

    /// No bytes at all, read as a file, give a panic.
    #[test]
    fn random_texts_never_panic(text in "\\PC{0,200}|[\\[\\]{}=\"'a-c.,0-9\n -]{0,200}") {
        for name in ["any.toml", "any.json"] {
            if let Err(faults) = load_text(name, &text) {
                prop_assert!(!faults.render(false).is_empty());
            }
        }
        if let Err(faults) = load("historical", &[text]) {
            prop_assert!(!faults.render(true).is_empty());
        }
    }
}
