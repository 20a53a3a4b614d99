//! Reads a file of hypotheses: what it is about, and its claims.

use std::ffi::OsStr;
use std::path::Path;

use super::own::{Asked, own_names, read_base, read_population, read_scenarios};
use super::robustness::{read_known, read_robustness};
use super::{
    CLAIM_KINDS, Claim, ClaimKind, ClaimTest, Claims, ClaimsProblem, Join, Language, Reading, read_test,
};
use crate::model::mechanisms::MECHANISMS;
use crate::scenario::fault::{Faults, Problem};
use crate::scenario::layer::items;
use crate::scenario::naming::{check_claim, check_scenario};
use crate::scenario::reader::{Fields, Given, Reader};
use crate::scenario::source::Location;
use crate::scenario::tree::{Node, RawValue};
use crate::scenario::{SHIPPED, json_text, toml_text};

/// Maximum number of claims of a file.
pub(super) const MAX_CLAIMS: usize = 1_000;

/// Maximum number of tests of a claim.
pub(super) const MAX_TESTS: usize = 100;

/// Largest number of a paragraph.
const MAX_PARAGRAPH: i64 = 100_000;

/// Keys of a file of hypotheses, outside any table.
const TOP_KEYS: &[&str] = &["name", "title", "base", "population", "robustness", "scenario", "claim"];

/// Keys of `[[claim]]`.
const CLAIM_KEYS: &[&str] = &[
    "id",
    "statement",
    "paragraph",
    "type",
    "mechanisms",
    "contained",
    "reason",
    "by_construction",
    "join",
    "test",
];

/// The name of the file of hypotheses in the program.
pub const SHIPPED_CLAIMS: &str = "essay";

/// Its text.
const ESSAY: &str = include_str!("../../../claims/essay.toml");

/// How tests are joined, by their word in a file.
const JOINS: &[(&str, Join)] = &[("all", Join::All), ("any", Join::Any)];

/// Loads a file of hypotheses: `essay` is in the program, `-` is standard input, anything else is a path.
///
/// # Errors
///
/// All faults of the file, of its base and of its own scenarios.
pub fn load_claims(name_or_path: impl AsRef<OsStr>) -> Result<Claims, Faults> {
    load_claims_on(name_or_path, None)
}

/// Loads a file of hypotheses like [`load_claims`], with a base (a shipped name or a path) in place of that of the file.
/// The base determines the phases and events that tests can name.
///
/// # Errors
///
/// The faults of [`load_claims`].
pub fn load_claims_on(name_or_path: impl AsRef<OsStr>, base: Option<&OsStr>) -> Result<Claims, Faults> {
    let base = base.map(Asked::Named);
    let name_or_path = name_or_path.as_ref();
    let mut faults = Faults::default();
    if name_or_path == SHIPPED_CLAIMS {
        let (name, text) = (format!("claims/{SHIPPED_CLAIMS}.toml"), ESSAY.to_owned());
        return finish(File { name, text, json: false, folder: None }, base, faults);
    }
    let read = match locate(name_or_path) {
        Ok(location) => location.read().map(|text| (location, text)),
        Err(problem) => Err(problem),
    };
    match read {
        Ok((location, text)) => {
            let json = location.is_json(&text);
            finish(File { name: location.name(), text, json, folder: location.folder() }, base, faults)
        }
        Err(problem) => {
            faults.push(problem, "", None);
            Err(faults)
        }
    }
}

/// Loads a file of hypotheses from a text; `name` is its name in messages. A relative base starts from the current folder.
///
/// # Errors
///
/// The faults of [`load_claims`].
pub fn load_claims_text(name: &str, text: &str) -> Result<Claims, Faults> {
    let json = name.ends_with(".json");
    let file = File { name: name.to_owned(), text: text.to_owned(), json, folder: None };
    finish(file, None, Faults::default())
}

/// Whether a name or path is that of a file of hypotheses: `essay`, or a file with claims. A file that can be read only
/// once, such as a pipe, is not looked at.
pub fn is_claims_file(name_or_path: impl AsRef<OsStr>) -> bool {
    let name_or_path = name_or_path.as_ref();
    if name_or_path == SHIPPED_CLAIMS {
        return true;
    }
    let Ok(location) = locate(name_or_path) else { return false };
    let Location::Disk(path) = &location else { return false };
    if !path.is_file() {
        return false;
    }
    let Ok(text) = location.read() else { return false };
    // Parsing a file only to see what it is would take twice the time and memory; `claims` is a key of scenarios.
    if !text.split("claim").skip(1).any(|after| !after.starts_with('s')) {
        return false;
    }
    let form = if location.is_json(&text) { json_text::read(&text) } else { toml_text::read(&text) };
    let RawValue::Table(entries) = form.node.value else { return false };
    let claims = entries.iter().find(|entry| entry.key == "claim").map(|entry| &entry.node.value);
    match claims {
        Some(RawValue::List(list)) => list.iter().any(|node| matches!(node.value, RawValue::Table(_))),
        claims => matches!(claims, Some(RawValue::Table(_))),
    }
}

/// Loads a file of hypotheses from a text like [`load_claims_text`], on a base that is given as the text of a resolved
/// scenario.
///
/// # Errors
///
/// The faults of [`load_claims`].
pub fn load_claims_text_on(name: &str, text: &str, base: &str) -> Result<Claims, Faults> {
    let file =
        File { name: name.to_owned(), text: text.to_owned(), json: name.ends_with(".json"), folder: None };
    finish(file, Some(Asked::Text(base)), Faults::default())
}

/// Finds a file of hypotheses.
fn locate(name_or_path: &OsStr) -> Result<Location, Problem> {
    match Location::asked(name_or_path) {
        Ok(Location::Shipped(_)) | Err(Problem::NoSuchScenario { .. }) => {
            let name = name_or_path.to_string_lossy().into_owned();
            Err(ClaimsProblem::NoSuchFile { name }.into())
        }
        location => location,
    }
}

/// A text to read.
struct File<'f> {
    name: String,
    text: String,
    json: bool,
    /// The folder from which a relative base starts.
    folder: Option<&'f Path>,
}

fn finish(file: File<'_>, base: Option<Asked<'_>>, mut faults: Faults) -> Result<Claims, Faults> {
    let claims = read(file, base, &mut faults);
    match claims {
        Some(mut claims) if faults.list.is_empty() => {
            claims.sources = faults.sources;
            Ok(claims)
        }
        _ => {
            faults.sort();
            Err(faults)
        }
    }
}

fn read(file: File<'_>, asked: Option<Asked<'_>>, faults: &mut Faults) -> Option<Claims> {
    let (form, language) =
        if file.json { (json_text::read(&file.text), "JSON") } else { (toml_text::read(&file.text), "TOML") };
    let source = faults.sources.add(file.name, file.text.clone());
    let mut reader = Reader::of_parsed(source, language, form.faults, form.more, faults);
    let top = reader.fields(&form.node, "", "a file of hypotheses", TOP_KEYS, &[])?;
    let name = read_file_name(&mut reader, &top);
    let title = top.get("title").and_then(|entry| reader.text(&entry.node, "title"));
    let (base_name, mut base) = read_base(&mut reader, &top, file.folder, asked);
    let population = read_population(&mut reader, &top, base.as_mut());
    let robustness = read_robustness(&mut reader, &top);
    let scenarios = read_scenarios(&mut reader, &top, base.as_ref());
    let shipped = SHIPPED.iter().map(|shipped| shipped.name);
    let names: Vec<String> = shipped.chain(own_names(&top)).map(str::to_owned).collect();
    let mut reading = Reading {
        language: Language::Claims,
        base: base.as_ref().map(|base| &base.scenario),
        scenarios: &names,
        phases: Vec::new(),
    };
    let claims = read_claims(&mut reader, &top, &mut reading);
    let name = name?;
    Some(Claims {
        title: title.map_or_else(|| name.clone(), |title| title.value),
        name,
        base: base_name?,
        population,
        scenarios,
        robustness: robustness?,
        claims,
        text: file.text,
        sources: crate::scenario::Sources::default(),
    })
}

fn read_file_name(reader: &mut Reader<'_>, top: &Fields<'_>) -> Option<String> {
    let Some(entry) = top.get("name") else {
        reader.missing(top, "name", "give the file a name: name = \"my_hypotheses\"");
        return None;
    };
    let name = reader.text(&entry.node, "name")?;
    check_scenario(reader, &name, "name").then_some(name.value)
}

fn read_claims(reader: &mut Reader<'_>, top: &Fields<'_>, reading: &mut Reading<'_>) -> Vec<Claim> {
    let nodes = items(reader, top, "claim", MAX_CLAIMS, "write `[[claim]]` with two brackets");
    if nodes.is_empty() && !top.has("claim") {
        reader.missing(top, "claim", "state at least one claim: [[claim]] with `id`, `statement` and `type`");
    }
    let mut ids: std::collections::BTreeSet<String> = std::collections::BTreeSet::new();
    let mut claims = Vec::new();
    for (path, node) in nodes {
        let Some((claim, id)) = read_claim(reader, node, &path, reading) else { continue };
        if !ids.insert(claim.id.clone()) {
            let problem = Problem::NameTwice { what: "claim", name: claim.id.clone() };
            reader.faults.push(problem, format!("{path}.id"), Some(id.at));
        }
        claims.push(claim);
    }
    claims
}

/// Reads one claim, with the place of its id.
fn read_claim(
    reader: &mut Reader<'_>,
    node: &Node,
    path: &str,
    reading: &mut Reading<'_>,
) -> Option<(Claim, Given<String>)> {
    let fields = reader.fields(node, path, "[[claim]]", CLAIM_KEYS, &[])?;
    let id = read_needed(reader, &fields, "id", "give the claim an identifier: id = \"C01\"");
    let id = id.filter(|id| check_claim(reader, id, &fields.path_of("id")));
    let statement = read_needed(reader, &fields, "statement", "state the claim in one sentence");
    let kind = read_kind(reader, &fields);
    let paragraph = fields.get("paragraph").and_then(|entry| {
        let paragraph = reader.whole(&entry.node, &fields.path_of("paragraph"), (1, MAX_PARAGRAPH), "")?;
        u32::try_from(paragraph.value).ok()
    });
    let mechanisms = fields.get("mechanisms").map_or(Vec::new(), |entry| {
        let known = MECHANISMS.iter().map(|info| info.key);
        read_known(reader, &entry.node, &fields.path_of("mechanisms"), "mechanism", known)
    });
    let [contained, reason, by_construction] =
        ["contained", "reason", "by_construction"].map(|key| read_sentence(reader, &fields, key));
    let join = fields
        .get("join")
        .and_then(|entry| reader.word(&entry.node, &fields.path_of("join"), "way to join tests", JOINS));
    let mut tests = Vec::new();
    let hint = "write `[[claim.test]]` with two brackets";
    for (path, node) in items(reader, &fields, "test", MAX_TESTS, hint) {
        tests.extend(read_test(reader, node, &path, reading));
    }
    let kind = kind?;
    check_kind(reader, &fields, kind);
    if let Some(base) = reading.base {
        let names = || base.phases.iter().map(|phase| phase.name.as_str());
        tests.iter_mut().for_each(|test| {
            if let ClaimTest::Ready(test) = test {
                test.complete(names());
            }
        });
    }
    let id = id?;
    let claim = Claim {
        id: id.value.clone(),
        statement: statement?.value,
        paragraph,
        kind,
        mechanisms,
        contained: contained.map(|text| text.value),
        reason: reason.map(|text| text.value),
        by_construction: by_construction.map(|text| text.value),
        join: join.map_or(Join::All, |join| join.value),
        tests,
    };
    Some((claim, id))
}

fn read_kind(reader: &mut Reader<'_>, fields: &Fields<'_>) -> Option<ClaimKind> {
    let Some(entry) = fields.get("type") else {
        let hint = "give its type: type = \"causal\", \"comparative\", \"structural\" or \"not simulable\"";
        reader.missing(fields, "type", hint);
        return None;
    };
    reader.word(&entry.node, &fields.path_of("type"), "type of claim", CLAIM_KINDS).map(|kind| kind.value)
}

/// Reads a sentence that must be given.
fn read_needed(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    key: &'static str,
    hint: &str,
) -> Option<Given<String>> {
    if !fields.has(key) {
        reader.missing(fields, key, hint);
    }
    read_sentence(reader, fields, key)
}

/// Reads a text that is not empty.
fn read_sentence(reader: &mut Reader<'_>, fields: &Fields<'_>, key: &str) -> Option<Given<String>> {
    let entry = fields.get(key)?;
    let text = reader.text(&entry.node, &fields.path_of(key))?;
    if text.value.trim().is_empty() {
        let problem = ClaimsProblem::Blank { key: key.to_owned() };
        reader.faults.push(problem.into(), fields.path_of(key), Some(text.at));
        return None;
    }
    Some(text)
}

/// Checks that a claim has what its type asks for, and nothing that its type excludes.
fn check_kind(reader: &mut Reader<'_>, fields: &Fields<'_>, kind: ClaimKind) {
    let word = kind.word();
    if kind != ClaimKind::NotSimulable
        && let Some(entry) = fields.get("reason")
    {
        let problem = ClaimsProblem::ForeignClaimKey { key: "reason", kind: word };
        reader.fault(problem.into(), fields.path_of("reason"), &entry.key_span);
    }
    match kind {
        ClaimKind::Causal | ClaimKind::Comparative => {
            let none = fields
                .get("test")
                .is_none_or(|entry| matches!(&entry.node.value, RawValue::List(list) if list.is_empty()));
            if none && !reader.broken {
                let problem = ClaimsProblem::NoTests { kind: word };
                reader.fault(problem.into(), fields.path_of("test"), &fields.span);
            }
        }
        ClaimKind::Structural if !fields.has("contained") => {
            let hint = "name the rule, track or table of the model that contains it: contained = \"rule R5\"";
            reader.missing(fields, "contained", hint);
        }
        ClaimKind::Structural => {}
        ClaimKind::NotSimulable => {
            if !fields.has("reason") {
                reader.missing(fields, "reason", "say why no simulation can decide it: reason = \"...\"");
            }
            if let Some(entry) = fields.get("test") {
                reader.fault(ClaimsProblem::Untestable.into(), fields.path_of("test"), &entry.key_span);
            }
        }
    }
}
