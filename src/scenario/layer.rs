//! One file of a scenario, read and checked by itself: what it says, not yet what it means over its base.
//!
//! Owns the keys of a scenario file and what each may hold. Tracks and changes of levers, and events and phases, have
//! files of their own ([`super::track`], [`super::event`]).

use super::event::{EVENT_KEYS, EventPatch, read_event};
use super::fault::{Faults, Problem};
use super::phase::{PhasePatch, read_phases};
use super::prediction::{PredictionPatch, read_prediction};
use super::reader::{Fields, Given, Reader};
use super::source::Place;
use super::track::{Change, TrackPatch, read_change, read_track};
use super::tree::{Entry, FormFault, FormProblem, MAX_DEPTH, Node, Value};
use crate::model::levers::LEVERS;
use crate::model::mechanisms::MECHANISMS;
use crate::model::parameters::PARAMETERS;

/// Most people that a scenario may have in January 1928.
pub const MAX_PEOPLE: i64 = 200_000_000;

/// Keys of a scenario file, outside any table.
pub(super) const TOP_KEYS: &[&str] = &[
    "$schema",
    "name",
    "title",
    "extends",
    "hypothesis",
    "claims",
    "prediction",
    "population",
    "parameters",
    "mechanisms",
    "policy",
    "levers",
    "change",
    "event",
    "phase",
];

/// Number of claims of the essay, C01 to C54.
pub(super) const CLAIMS: usize = 54;

/// People in January 1928, as a file gives them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// So many.
    People(u64),
    /// The industrial workforce of the country, person by person.
    OneToOne,
}

/// What one file says.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Layer {
    pub(super) name: Option<Given<String>>,
    pub(super) title: Option<String>,
    pub(super) extends: Option<Given<String>>,
    pub(super) hypothesis: Option<String>,
    pub(super) claims: Option<Vec<String>>,
    pub(super) predictions: Option<Vec<PredictionPatch>>,
    pub(super) size: Option<Given<Size>>,
    pub(super) enterprises: Option<Given<u32>>,
    pub(super) regions: Option<Given<u32>>,
    /// By position in [`PARAMETERS`].
    pub(super) parameters: Vec<(usize, Given<f64>)>,
    /// By position in [`MECHANISMS`].
    pub(super) mechanisms: Vec<(usize, Given<bool>)>,
    pub(super) mode: Option<Place>,
    /// By position in [`LEVERS`].
    pub(super) tracks: Vec<(usize, TrackPatch)>,
    pub(super) changes: Vec<Change>,
    pub(super) events: Vec<EventPatch>,
    pub(super) phases: Option<PhasePatch>,
}

/// Where a layer comes from: it decides what must be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// A file of its own.
    File,
    /// An option `--set`.
    Setting,
}

/// Reads a tree as a layer; faults go to `faults`.
pub(super) fn read_layer(
    tree: &Node,
    form: Vec<FormFault>,
    language: &'static str,
    source: usize,
    role: Role,
    faults: &mut Faults,
) -> Layer {
    let broken = form.iter().any(|fault| matches!(fault.problem, FormProblem::Syntax(_)));
    let mut reader = Reader { source, broken, faults };
    for FormFault { span, problem } in form {
        let (problem, key) = match problem {
            FormProblem::Syntax(message) => (Problem::Syntax { language, message }, String::new()),
            FormProblem::Duplicate(key) => (Problem::DuplicateKey { key: key.clone() }, key),
            FormProblem::TooDeep => (Problem::TooDeep { limit: MAX_DEPTH }, String::new()),
        };
        reader.fault(problem, key, &span);
    }
    let mut layer = Layer::default();
    let Some(top) = reader.fields(tree, "", "a scenario", TOP_KEYS, &[]) else { return layer };
    read_description(&mut reader, &top, role, &mut layer);
    read_population(&mut reader, &top, &mut layer);
    read_constants(&mut reader, &top, &mut layer);
    read_policy(&mut reader, &top, &mut layer);
    read_levers(&mut reader, &top, &mut layer);
    let lists = |reader: &mut Reader<'_>, key: &'static str| items(reader, &top, key);
    for (path, node) in lists(&mut reader, "change") {
        layer.changes.extend(read_change(&mut reader, node, &path));
    }
    for (path, node) in lists(&mut reader, "event") {
        layer.events.extend(read_event(&mut reader, node, &path, EVENT_KEYS));
    }
    if top.has("prediction") {
        let nodes = lists(&mut reader, "prediction");
        let read = nodes.iter().filter_map(|(path, node)| read_prediction(&mut reader, node, path));
        layer.predictions = Some(read.collect());
    }
    let phases = lists(&mut reader, "phase");
    if let Some(entry) = top.get("phase") {
        layer.phases = read_phases(&mut reader, entry, phases);
    }
    if role == Role::File && !top.has("extends") {
        require_complete(&mut reader, &top);
    }
    layer
}

/// The tables of a list of tables, with their paths.
fn items<'t>(reader: &mut Reader<'_>, top: &Fields<'t>, key: &'static str) -> Vec<(String, &'t Node)> {
    let Some(entry) = top.get(key) else { return Vec::new() };
    // A single table where a list belongs is the commonest slip: `[change]` for `[[change]]`.
    if matches!(entry.node.value, Value::Table(_)) {
        let hint = match key {
            "change" => "write `[[change]]` with two brackets",
            "event" => "write `[[event]]` with two brackets",
            "prediction" => "write `[[prediction]]` with two brackets",
            _ => "write `[[phase]]` with two brackets",
        };
        let problem =
            Problem::WrongType { key: key.to_owned(), expected: "a list of tables", found: "a table", hint };
        reader.fault(problem, key, &entry.key_span);
        return Vec::new();
    }
    let list = reader.list(&entry.node, key).unwrap_or_default();
    list.iter().enumerate().map(|(position, node)| (format!("{key}[{position}]"), node)).collect()
}

fn read_description(reader: &mut Reader<'_>, top: &Fields<'_>, role: Role, layer: &mut Layer) {
    match top.get("name") {
        Some(entry) => {
            layer.name = reader.text(&entry.node, "name").filter(|name| check_name(reader, name));
        }
        None if role == Role::File => {
            reader.missing(top, "name", "give the scenario a name of its own: name = \"my_scenario\"");
        }
        None => {}
    }
    let mut text = |key: &str| top.get(key).and_then(|entry| reader.text(&entry.node, key));
    layer.title = text("title").map(|title| title.value);
    layer.hypothesis = text("hypothesis").map(|hypothesis| hypothesis.value);
    layer.extends = text("extends");
    // Editors read it; we only look that it is a text.
    text("$schema");
    if let (Role::Setting, Some(extends)) = (role, layer.extends.take_if(|_| role == Role::Setting)) {
        reader.faults.push(Problem::NotBySet { key: "extends" }, "extends", Some(extends.at));
    }
    if let Some(entry) = top.get("claims") {
        layer.claims = read_claims(reader, entry);
    }
}

/// The name becomes a folder and a column: letters, digits and `_` only.
fn check_name(reader: &mut Reader<'_>, name: &Given<String>) -> bool {
    let good = name.value.len() <= 64
        && name.value.starts_with(|first: char| first.is_ascii_lowercase())
        && name
            .value
            .chars()
            .all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_');
    if !good {
        let problem = Problem::BadName {
            what: "scenario",
            name: name.value.chars().take(80).collect(),
            rule: "it takes lower-case letters, digits and `_`, begins with a letter, and has at most 64 of them",
        };
        reader.faults.push(problem, "name", Some(name.at.clone()));
    }
    good
}

fn read_claims(reader: &mut Reader<'_>, entry: &Entry) -> Option<Vec<String>> {
    let names: Vec<String> = (1..=CLAIMS).map(|claim| format!("C{claim:02}")).collect();
    let mut claims = Vec::new();
    for (position, node) in reader.list(&entry.node, "claims")?.iter().enumerate() {
        let key = format!("claims[{position}]");
        let Some(claim) = reader.text(node, &key) else { continue };
        if names.contains(&claim.value) {
            claims.push(claim.value);
        } else {
            reader.unknown_name(&claim, &key, "claim", names.iter().map(String::as_str));
        }
    }
    Some(claims)
}

fn read_population(reader: &mut Reader<'_>, top: &Fields<'_>, layer: &mut Layer) {
    let Some(entry) = top.get("population") else { return };
    let keys = &["size", "enterprises", "regions"];
    let Some(fields) = reader.fields(&entry.node, "population", "[population]", keys, &[]) else { return };
    if let Some(entry) = fields.get("size") {
        layer.size = match &entry.node.value {
            Value::Text(_) => {
                reader.word(&entry.node, "population.size", "size", &[("one-to-one", Size::OneToOne)])
            }
            _ => reader
                .whole(&entry.node, "population.size", (1, MAX_PEOPLE), "people")
                .map(|size| Given { value: Size::People(size.value.unsigned_abs()), at: size.at }),
        };
    }
    let mut count = |key: &str, unit: &str| {
        let entry = fields.get(key)?;
        let count = reader.whole(&entry.node, &fields.path_of(key), (1, MAX_PEOPLE), unit)?;
        Some(Given { value: u32::try_from(count.value).ok()?, at: count.at })
    };
    layer.enterprises = count("enterprises", "enterprises");
    layer.regions = count("regions", "regions");
}

fn read_constants(reader: &mut Reader<'_>, top: &Fields<'_>, layer: &mut Layer) {
    if let Some(entry) = top.get("parameters") {
        let keys: Vec<&str> = PARAMETERS.iter().map(|info| info.key).collect();
        let symbols: Vec<(&str, &str)> = PARAMETERS.iter().map(|info| (info.symbol, info.key)).collect();
        if let Some(fields) = reader.fields(&entry.node, "parameters", "[parameters]", &keys, &symbols) {
            for (position, info) in PARAMETERS.iter().enumerate() {
                let Some(entry) = fields.get(info.key) else { continue };
                let value = reader.number(&entry.node, &fields.path_of(info.key), info.valid, info.unit);
                layer.parameters.extend(value.map(|value| (position, value)));
            }
        }
    }
    if let Some(entry) = top.get("mechanisms") {
        let keys: Vec<&str> = MECHANISMS.iter().map(|info| info.key).collect();
        if let Some(fields) = reader.fields(&entry.node, "mechanisms", "[mechanisms]", &keys, &[]) {
            for (position, info) in MECHANISMS.iter().enumerate() {
                let Some(entry) = fields.get(info.key) else { continue };
                let value = reader.boolean(&entry.node, &fields.path_of(info.key));
                layer.mechanisms.extend(value.map(|value| (position, value)));
            }
        }
    }
}

fn read_policy(reader: &mut Reader<'_>, top: &Fields<'_>, layer: &mut Layer) {
    let Some(entry) = top.get("policy") else { return };
    let Some(fields) = reader.fields(&entry.node, "policy", "[policy]", &["mode"], &[]) else { return };
    let Some(entry) = fields.get("mode") else { return };
    let modes = &[("schedule", true), ("controller", false)];
    let Some(mode) = reader.word(&entry.node, "policy.mode", "policy mode", modes) else { return };
    if mode.value {
        layer.mode = Some(mode.at);
    } else {
        reader.fault(Problem::NoController, "policy.mode", &entry.node.span);
    }
}

fn read_levers(reader: &mut Reader<'_>, top: &Fields<'_>, layer: &mut Layer) {
    let Some(entry) = top.get("levers") else { return };
    let keys: Vec<&str> = LEVERS.iter().map(|info| info.key).collect();
    let symbols: Vec<(&str, &str)> = LEVERS.iter().map(|info| (info.symbol, info.key)).collect();
    let Some(fields) = reader.fields(&entry.node, "levers", "[levers]", &keys, &symbols) else { return };
    for (position, info) in LEVERS.iter().enumerate() {
        let Some(entry) = fields.get(info.key) else { continue };
        let track = read_track(reader, entry, &fields.path_of(info.key));
        layer.tracks.extend(track.map(|track| (position, track)));
    }
}

/// A scenario without a base must say everything that has no default.
fn require_complete(reader: &mut Reader<'_>, top: &Fields<'_>) {
    // Whoever misspelt `extends` needs to hear that once, not of every lever that the base would have given.
    let meant =
        |entry: &Entry| super::fault::nearest(&entry.key, TOP_KEYS.iter().copied()) == Some("extends");
    if reader.broken || top.entries().iter().take(1000).any(meant) {
        return;
    }
    let given = |key: &str| match top.get("levers").map(|entry| &entry.node.value) {
        Some(Value::Table(entries)) => entries.iter().any(|entry| entry.key == key),
        Some(_) => true,
        None => false,
    };
    let levers: Vec<&str> = LEVERS.iter().map(|info| info.key).filter(|key| !given(key)).collect();
    if !levers.is_empty() {
        let span = top.get("levers").map_or(0..0, |entry| entry.key_span.clone());
        reader.fault(Problem::MissingLevers { levers }, "levers", &span);
    }
    if !top.has("phase") {
        reader.missing(
            top,
            "phase",
            "give at least one: [[phase]] with name and from, the first from 1928-01",
        );
    }
}
