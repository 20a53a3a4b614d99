//! Reads the base of a file of hypotheses, its population, and its own scenarios, which are patches on the base.

use std::ffi::OsStr;
use std::fmt::Write;
use std::path::Path;

use super::{ClaimsPopulation, ClaimsProblem, OwnScenario};
use crate::scenario::Scenario;
use crate::scenario::fault::{Faults, Problem};
use crate::scenario::layer::{Layer, MAX_ENTERPRISES, MAX_PEOPLE, MAX_REGIONS, Size, items, read_patch};
use crate::scenario::load::{check_length, read_chain, read_text_files};
use crate::scenario::naming::check_scenario;
use crate::scenario::reader::{Fields, Given, Reader};
use crate::scenario::resolve::Resolver;
use crate::scenario::shipped;
use crate::scenario::source::Location;
use crate::scenario::tree::{Entry, RawValue};
use crate::scenario::write::quoted;

/// Maximum number of scenarios of a file.
const MAX_OWN: usize = 100;

/// The word for the base in tables of results.
const RESERVED: &str = "base";

/// Keys of `[[scenario]]`; `extends` has a fault of its own.
const KEYS: &[&str] = &["name", "title", "extends", "change", "event", "levers", "parameters", "mechanisms"];

/// The keys that make up a patch, in the order in which they are written.
const PATCH: &[&str] = &["parameters", "mechanisms", "levers", "change", "event"];

/// The resolved base of a file, from which its own scenarios are made.
pub(super) struct Base {
    resolver: Resolver,
    pub(super) scenario: Scenario,
}

/// A base in place of that of the file.
#[derive(Debug, Clone, Copy)]
pub(super) enum Asked<'a> {
    /// A shipped name or a path.
    Named(&'a OsStr),
    /// The text of a resolved scenario.
    Text(&'a str),
}

/// Name of a base that is given as a text, in messages.
const BASE_FILE: &str = "scenario.toml";

/// Reads `base`, or takes the one that is asked for. The text is the name or path; the base is `None` if it has a fault.
pub(super) fn read_base(
    reader: &mut Reader<'_>,
    top: &Fields<'_>,
    folder: Option<&Path>,
    asked: Option<Asked<'_>>,
) -> (Option<String>, Option<Base>) {
    let given = match (asked, top.get("base")) {
        (Some(Asked::Text(text)), _) => {
            let chain = read_text_files(BASE_FILE, text, reader.faults);
            return (Some(BASE_FILE.to_owned()), resolve(&chain.layers, reader.faults));
        }
        (Some(Asked::Named(asked)), _) => Location::base(asked, None).map_err(|problem| (problem, None)),
        (None, Some(entry)) => match reader.text(&entry.node, "base") {
            Some(name) => of_file(top, &name, folder).map_err(|problem| (problem, Some(name.at))),
            None => return (None, None),
        },
        (None, None) => {
            reader.missing(top, "base", "name the scenario that all tests refer to: base = \"historical\"");
            return (None, None);
        }
    };
    let location = match given {
        Ok(location) => location,
        Err((problem, at)) => {
            reader.faults.push(problem, "base", at);
            return (None, None);
        }
    };
    let name = match &location {
        Location::Shipped(shipped) => shipped.name.to_owned(),
        // A bare name would be that of a shipped scenario, if there is one.
        Location::Disk(path) if path.components().count() == 1 => {
            Path::new(".").join(path).display().to_string()
        }
        Location::Disk(path) => path.display().to_string(),
        Location::Input => return (None, None),
    };
    let mut layers = Vec::new();
    let complete = read_chain(location, &mut layers, reader.faults);
    layers.reverse();
    (Some(name), if complete { resolve(&layers, reader.faults) } else { None })
}

/// Finds the base that a file names.
fn of_file(top: &Fields<'_>, name: &Given<String>, folder: Option<&Path>) -> Result<Location, Problem> {
    if own_names(top).any(|own| own == name.value) {
        return Err(ClaimsProblem::OwnBase { name: name.value.clone() }.into());
    }
    let location = Location::base(OsStr::new(&name.value), folder)?;
    if let Location::Disk(path) = &location
        && !path.exists()
    {
        let (path, reason) = (path.display().to_string(), "there is no such file".to_owned());
        return Err(Problem::Unreadable { path, reason });
    }
    Ok(location)
}

/// Resolves the base from its layers, the innermost first; `None` if it has a fault.
fn resolve(layers: &[Layer], faults: &mut Faults) -> Option<Base> {
    let before = count(faults);
    let mut resolver = Resolver::new();
    layers.iter().for_each(|layer| resolver.file(layer, faults));
    let scenario = resolver.clone().finish(faults);
    (count(faults) == before).then_some(Base { resolver, scenario })
}

fn count(faults: &Faults) -> usize {
    faults.list.len() + faults.more
}

/// Names of the own scenarios as far as they are strings, for faults that concern the base.
pub(super) fn own_names<'t>(top: &Fields<'t>) -> impl Iterator<Item = &'t str> {
    let list = match top.get("scenario").map(|entry| &entry.node.value) {
        Some(RawValue::List(list)) => list.as_slice(),
        _ => &[],
    };
    list.iter().take(MAX_OWN).filter_map(|node| {
        let RawValue::Table(entries) = &node.value else { return None };
        let name = entries.iter().find(|entry| entry.key == "name")?;
        if let RawValue::Text(name) = &name.node.value { Some(name.as_str()) } else { None }
    })
}

/// Reads `[population]`, and applies it to the base if that is known.
pub(super) fn read_population(
    reader: &mut Reader<'_>,
    top: &Fields<'_>,
    base: Option<&mut Base>,
) -> ClaimsPopulation {
    let Some(entry) = top.get("population") else { return ClaimsPopulation::default() };
    let keys = &["size", "enterprises", "regions"];
    let Some(fields) = reader.fields(&entry.node, "population", "[population]", keys, &[]) else {
        return ClaimsPopulation::default();
    };
    let mut whole = |key: &str, most: i64, unit: &str| {
        let entry = fields.get(key)?;
        reader.whole(&entry.node, &fields.path_of(key), (1, most), unit)
    };
    let size = whole("size", MAX_PEOPLE, "people")
        .map(|size| Given { value: Size::People(size.value.unsigned_abs()), at: size.at });
    let mut count = |key: &str, most: i64| {
        let count = whole(key, most, key)?;
        Some(Given { value: u32::try_from(count.value).ok()?, at: count.at })
    };
    let enterprises = count("enterprises", MAX_ENTERPRISES);
    let regions = count("regions", MAX_REGIONS);
    let layer = Layer { size, enterprises, regions, ..Layer::default() };
    if let Some(base) = base {
        let before = self::count(reader.faults);
        base.resolver.file(&layer, reader.faults);
        if self::count(reader.faults) == before {
            base.scenario = base.resolver.clone().finish(reader.faults);
        }
    }
    let size = layer.size.map(|size| match size.value {
        Size::People(people) => people,
        Size::OneToOne => 0,
    });
    ClaimsPopulation {
        size,
        enterprises: layer.enterprises.map(|count| count.value),
        regions: layer.regions.map(|count| count.value),
    }
}

/// Reads the own scenarios, and checks each on the base if that is known.
pub(super) fn read_scenarios(
    reader: &mut Reader<'_>,
    top: &Fields<'_>,
    base: Option<&Base>,
) -> Vec<OwnScenario> {
    let mut scenarios: Vec<OwnScenario> = Vec::new();
    let hint = "write `[[scenario]]` with two brackets";
    for (path, node) in items(reader, top, "scenario", MAX_OWN, hint) {
        let Some(fields) = reader.fields(node, &path, "[[scenario]]", KEYS, &[]) else { continue };
        let name = read_name(reader, &fields, &scenarios, base);
        let title = fields.get("title").and_then(|entry| reader.text(&entry.node, &fields.path_of("title")));
        if let Some(entry) = fields.get("extends") {
            reader.fault(ClaimsProblem::OwnExtends.into(), fields.path_of("extends"), &entry.key_span);
        }
        let before = count(reader.faults);
        let layer = read_patch(reader, &fields);
        if let (Some(base), Some(name), true) = (base, &name, count(reader.faults) == before) {
            check_patch(base, Layer { name: Some(name.clone()), ..layer }, reader.faults);
        }
        let Some(name) = name.map(|name| name.value) else { continue };
        let title = title.map_or_else(|| name.clone(), |title| title.value);
        scenarios.push(OwnScenario { name, title, patch: patch_text(fields.entries()) });
    }
    scenarios
}

fn read_name(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    before: &[OwnScenario],
    base: Option<&Base>,
) -> Option<Given<String>> {
    let Some(entry) = fields.get("name") else {
        reader.missing(fields, "name", "name the scenario: name = \"unions_of_1937\"");
        return None;
    };
    let path = fields.path_of("name");
    let name = reader.text(&entry.node, &path)?;
    if !check_scenario(reader, &name, &path) {
        return None;
    }
    let of = if name.value == RESERVED {
        Some("the base in tables of results")
    } else if shipped::find(&name.value).is_some() {
        Some("a shipped scenario")
    } else {
        base.filter(|base| base.scenario.name == name.value).map(|_| "the base")
    };
    let problem = match of {
        Some(of) => ClaimsProblem::Shadows { name: name.value, of }.into(),
        None if before.iter().any(|other| other.name == name.value) => {
            Problem::NameTwice { what: "scenario", name: name.value }
        }
        None => return Some(name),
    };
    reader.faults.push(problem, path, Some(name.at));
    None
}

/// Resolves a patch on the base. Its faults show the file of hypotheses.
fn check_patch(base: &Base, layer: Layer, faults: &mut Faults) {
    let mut resolver = base.resolver.clone();
    resolver.file(&layer, faults);
    let scenario = resolver.finish(faults);
    check_length(&scenario, faults);
}

/// Writes the keys of a patch as TOML, one line each.
fn patch_text(entries: &[Entry]) -> String {
    let mut text = String::new();
    for key in PATCH {
        let Some(entry) = entries.iter().find(|entry| entry.key == *key) else { continue };
        text.push_str(key);
        text.push_str(" = ");
        write_value(&mut text, &entry.node.value);
        text.push('\n');
    }
    text
}

fn write_value(text: &mut String, value: &RawValue) {
    match value {
        RawValue::Text(value) => text.push_str(&quoted(value)),
        RawValue::Whole(Some(value)) => {
            let _ = write!(text, "{value}");
        }
        RawValue::Real(value) => {
            let _ = write!(text, "{value:?}");
        }
        RawValue::Boolean(value) => {
            let _ = write!(text, "{value}");
        }
        // No key of a patch takes these, so that the file has a fault.
        RawValue::Whole(None) | RawValue::Date | RawValue::Null | RawValue::Broken => text.push_str("\"\""),
        RawValue::List(list) => {
            text.push('[');
            for (position, node) in list.iter().enumerate() {
                text.push_str(if position > 0 { ", " } else { "" });
                write_value(text, &node.value);
            }
            text.push(']');
        }
        RawValue::Table(entries) => {
            text.push('{');
            for (position, entry) in entries.iter().enumerate() {
                text.push_str(if position > 0 { ", " } else { " " });
                text.push_str(&quoted(&entry.key));
                text.push_str(" = ");
                write_value(text, &entry.node.value);
            }
            text.push_str(" }");
        }
    }
}
