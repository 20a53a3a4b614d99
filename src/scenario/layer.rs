//! Reads one file of a scenario and checks its keys and values. Applying the file to its base comes later
//! ([`super::resolve`]).
//!
//! Separate modules read levers and their changes ([`super::track`]), events ([`super::event`]), phases
//! ([`super::phase`]) and predictions ([`super::prediction`]).

use super::event::{EVENT_KEYS, EventPatch, read_event};
use super::fault::{Faults, Problem};
use super::naming::{check_label, check_scenario};
use super::phase::{PhasePatch, read_phases};
use super::prediction::{PredictionPatch, read_prediction};
use super::reader::{Fields, Given, Reader};
use super::source::SourceSpan;
use super::track::{Change, TrackPatch, read_change, read_track};
use super::tree::{Entry, Node, ParsedText, RawValue};
use crate::engine::calendar::Month;
use crate::model::identity::MOST_UNITS;
use crate::model::levers::LEVERS;
use crate::model::mechanisms::MECHANISMS;
use crate::model::parameters::PARAMETERS;

/// Maximum number of people in January 1928.
pub const MAX_PEOPLE: i64 = 200_000_000;

/// Maximum number of entries in each of the lists `change`, `event` and `prediction`.
pub const MAX_LIST: usize = 1_000;

/// Maximum number of enterprises; one unit less than the model's limit, for a region.
pub(super) const MAX_ENTERPRISES: i64 = MOST_UNITS as i64 - 1;

/// Maximum number of regions: half the model's units, because each region has an enterprise.
pub(super) const MAX_REGIONS: i64 = MOST_UNITS as i64 / 2;

/// Keys of a scenario file, outside any table.
pub(super) const TOP_KEYS: &[&str] = &[
    "$schema",
    "name",
    "label",
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

/// Number of people in January 1928, as given in a file or an option.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// A number of people.
    People(u64),
    /// The whole industrial workforce of the country.
    OneToOne,
}

/// The contents of one file or `--set` option.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Layer {
    pub(super) name: Option<Given<String>>,
    pub(super) label: Option<Given<String>>,
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
    pub(super) mode: Option<SourceSpan>,
    /// By position in [`LEVERS`].
    pub(super) tracks: Vec<(usize, TrackPatch)>,
    pub(super) changes: Vec<Change>,
    pub(super) events: Vec<EventPatch>,
    pub(super) phases: Option<PhasePatch>,
}

/// The origin of a layer, which determines the keys that it must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// A scenario file.
    File,
    /// A text that alters a scenario and is named by its origin; it has no base of its own.
    Patch,
    /// A `--set` option.
    Setting,
}

impl Layer {
    /// Whether the layer sets values that affect a run. Changes and events are not counted here: they have their own
    /// warnings if they have no effect.
    pub(super) fn gives_values(&self) -> bool {
        self.size.is_some()
            || self.enterprises.is_some()
            || self.regions.is_some()
            || !(self.parameters.is_empty() && self.mechanisms.is_empty())
            || self.tracks.iter().any(|(_, track)| track.source.is_none())
            || self.phases.is_some()
    }
}

/// Reads a parsed text as a layer and adds its faults to `faults`.
pub(super) fn read_layer(
    form: ParsedText,
    language: &'static str,
    source: usize,
    role: Role,
    faults: &mut Faults,
) -> Layer {
    let ParsedText { node: tree, faults: form, more } = form;
    let mut reader = Reader::of_parsed(source, language, form, more, faults);
    let mut layer = Layer::default();
    let Some(top) = reader.fields(&tree, "", "a scenario", TOP_KEYS, &[]) else { return layer };
    read_description(&mut reader, &top, role, &mut layer);
    read_population(&mut reader, &top, &mut layer);
    read_constants(&mut reader, &top, &mut layer);
    read_policy(&mut reader, &top, &mut layer);
    read_levers(&mut reader, &top, &mut layer);
    read_changes(&mut reader, &top, &mut layer);
    if top.has("prediction") {
        let hint = "write `[[prediction]]` with two brackets";
        let nodes = items(&mut reader, &top, "prediction", MAX_LIST, hint);
        let read = nodes.iter().filter_map(|(path, node)| read_prediction(&mut reader, node, path));
        layer.predictions = Some(read.collect());
    }
    let phases = items(&mut reader, &top, "phase", Month::COUNT, "write `[[phase]]` with two brackets");
    if let Some(entry) = top.get("phase") {
        layer.phases = read_phases(&mut reader, entry, phases);
    }
    if role == Role::File && !top.has("extends") {
        require_complete(&mut reader, &top);
    }
    layer
}

/// Reads the keys of a table that alter levers, events and constants: those that a patch of a file of hypotheses can have.
pub(super) fn read_patch(reader: &mut Reader<'_>, fields: &Fields<'_>) -> Layer {
    let mut layer = Layer::default();
    read_constants(reader, fields, &mut layer);
    read_levers(reader, fields, &mut layer);
    read_changes(reader, fields, &mut layer);
    layer
}

fn read_changes(reader: &mut Reader<'_>, top: &Fields<'_>, layer: &mut Layer) {
    for (path, node) in items(reader, top, "change", MAX_LIST, "write `[[change]]` with two brackets") {
        layer.changes.extend(read_change(reader, node, &path));
    }
    for (path, node) in items(reader, top, "event", MAX_LIST, "write `[[event]]` with two brackets") {
        layer.events.extend(read_event(reader, node, &path, EVENT_KEYS));
    }
}

/// The entries of a list of tables, with their paths; `hint` is the advice for a single table, a common mistake: `[change]`
/// instead of `[[change]]`.
pub(super) fn items<'t>(
    reader: &mut Reader<'_>,
    fields: &Fields<'t>,
    key: &str,
    limit: usize,
    hint: &'static str,
) -> Vec<(String, &'t Node)> {
    let Some(entry) = fields.get(key) else { return Vec::new() };
    let path = fields.path_of(key);
    if matches!(entry.node.value, RawValue::Table(_)) {
        let problem =
            Problem::WrongType { key: path.clone(), expected: "a list of tables", found: "a table", hint };
        reader.fault(problem, path, &entry.key_span);
        return Vec::new();
    }
    let list = reader.short_list(&entry.node, &path, limit).unwrap_or_default();
    list.iter().enumerate().map(|(position, node)| (format!("{path}[{position}]"), node)).collect()
}

fn read_description(reader: &mut Reader<'_>, top: &Fields<'_>, role: Role, layer: &mut Layer) {
    match top.get("name") {
        Some(entry) => {
            layer.name = reader.text(&entry.node, "name").filter(|name| check_scenario(reader, name, "name"));
        }
        None if role == Role::File => {
            reader.missing(top, "name", "give the scenario a name: name = \"my_scenario\"");
        }
        None => {}
    }
    if let Some(entry) = top.get("label") {
        layer.label = reader.text(&entry.node, "label").filter(|label| check_label(reader, label));
    }
    let mut text = |key: &str| top.get(key).and_then(|entry| reader.text(&entry.node, key));
    layer.title = text("title").map(|title| title.value);
    layer.hypothesis = text("hypothesis").map(|hypothesis| hypothesis.value);
    layer.extends = text("extends");
    // For editors; here it only has to be a string.
    text("$schema");
    if let (Role::Setting, Some(extends)) = (role, layer.extends.take_if(|_| role == Role::Setting)) {
        reader.faults.push(Problem::NotBySet { key: "extends" }, "extends", Some(extends.at));
    }
    if let Some(entry) = top.get("claims") {
        layer.claims = read_claims(reader, entry);
    }
}

fn read_claims(reader: &mut Reader<'_>, entry: &Entry) -> Option<Vec<String>> {
    let names: Vec<String> = (1..=CLAIMS).map(|claim| format!("C{claim:02}")).collect();
    let mut claims = Vec::new();
    for (position, node) in reader.short_list(&entry.node, "claims", CLAIMS)?.iter().enumerate() {
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
        layer.size = read_size(reader, &entry.node, "population.size");
    }
    let mut count = |key: &str, most: i64| {
        let entry = fields.get(key)?;
        let count = reader.whole(&entry.node, &fields.path_of(key), (1, most), key)?;
        Some(Given { value: u32::try_from(count.value).ok()?, at: count.at })
    };
    layer.enterprises = count("enterprises", MAX_ENTERPRISES);
    layer.regions = count("regions", MAX_REGIONS);
}

/// Reads a number of people or `one-to-one`.
pub(super) fn read_size(reader: &mut Reader<'_>, node: &Node, key: &str) -> Option<Given<Size>> {
    match &node.value {
        RawValue::Text(text)
            if text.starts_with(|first: char| first.is_ascii_digit() || "+-.".contains(first)) =>
        {
            let hint = "write a whole number without quotes, such as 40_000, or the word \"one-to-one\"";
            reader.wrong_type(node, key, "a whole number", hint);
            None
        }
        RawValue::Text(_) => reader.word(node, key, "size", &[("one-to-one", Size::OneToOne)]),
        _ => reader
            .whole(node, key, (1, MAX_PEOPLE), "people")
            .map(|size| Given { value: Size::People(size.value.unsigned_abs()), at: size.at }),
    }
}

fn read_constants(reader: &mut Reader<'_>, top: &Fields<'_>, layer: &mut Layer) {
    if let Some(entry) = top.get("parameters") {
        let keys: Vec<&str> = PARAMETERS.iter().map(|info| info.key).collect();
        let symbols: Vec<(&str, &str)> = PARAMETERS.iter().map(|info| (info.symbol, info.key)).collect();
        if let Some(fields) =
            reader.fields(&entry.node, &top.path_of("parameters"), "[parameters]", &keys, &symbols)
        {
            for (position, info) in PARAMETERS.iter().enumerate() {
                let Some(entry) = fields.get(info.key) else { continue };
                let key = fields.path_of(info.key);
                let Some(value) = reader.number(&entry.node, &key, info.valid, info.unit) else { continue };
                if info.is_whole() && value.value.fract() != 0.0 {
                    let problem = Problem::NotWhole { key: key.clone(), value: value.value };
                    reader.fault(problem, &key, &entry.node.span);
                } else {
                    layer.parameters.push((position, value));
                }
            }
        }
    }
    if let Some(entry) = top.get("mechanisms") {
        let keys: Vec<&str> = MECHANISMS.iter().map(|info| info.key).collect();
        if let Some(fields) =
            reader.fields(&entry.node, &top.path_of("mechanisms"), "[mechanisms]", &keys, &[])
        {
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
    let path = top.path_of("levers");
    let Some(fields) = reader.fields(&entry.node, &path, "[levers]", &keys, &symbols) else { return };
    for (position, info) in LEVERS.iter().enumerate() {
        let Some(entry) = fields.get(info.key) else { continue };
        let track = read_track(reader, entry, &fields.path_of(info.key));
        layer.tracks.extend(track.map(|track| (position, track)));
    }
}

/// Reports the levers and phases that a scenario without a base lacks.
fn require_complete(reader: &mut Reader<'_>, top: &Fields<'_>) {
    // A misspelt `extends` would otherwise also cause a fault about the levers that the base provides.
    let misspelt_extends =
        |entry: &Entry| super::fault::nearest(&entry.key, TOP_KEYS.iter().copied()) == Some("extends");
    if reader.broken || top.entries().iter().take(1000).any(misspelt_extends) {
        return;
    }
    let given = |key: &str| match top.get("levers").map(|entry| &entry.node.value) {
        Some(RawValue::Table(entries)) => entries.iter().any(|entry| entry.key == key),
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
            "write at least one [[phase]] with `name` and `from`, the first from 1928-01",
        );
    }
}
