//! Reads what a sweep file says, with the faults of each key.

use super::vary::{Varied, read_vary};
use super::{
    DESIGNS, DesignName, MAX_POINTS, MAX_REPLICATES, MAX_VARIED, SweepOptions, SweepProblem, TOP_KEYS,
};
use crate::engine::calendar::Month;
use crate::model::phase::PHASE_MEASURES;
use crate::scenario::fault::{Faults, Problem};
use crate::scenario::layer::{MAX_LIST, Size, read_size};
use crate::scenario::load::SetOption;
use crate::scenario::reader::{Fields, Reader};
use crate::scenario::source::{Location, SourceSpan};
use crate::scenario::toml_text;
use crate::scenario::tree::{Entry, Node, RawValue};
use std::ffi::{OsStr, OsString};
use std::path::Path;

/// What a file says, as far as it has no faults.
#[derive(Default)]
pub(super) struct Written {
    /// Whether there is a file that could not be read.
    pub(super) unreadable: bool,
    pub(super) base: Option<OsString>,
    pub(super) design: Option<DesignName>,
    /// Whether the design has a fault.
    pub(super) design_unknown: bool,
    pub(super) points: Option<(u32, SourceSpan)>,
    pub(super) replicates: Option<u32>,
    pub(super) seed: Option<u64>,
    pub(super) population: Option<Size>,
    pub(super) until: Option<Month>,
    pub(super) tables: Option<Vec<String>>,
    pub(super) metrics: Option<Vec<String>>,
    pub(super) set: Vec<String>,
    pub(super) vary: Vec<Varied>,
    /// Whether faults leave it unknown which keys are varied.
    pub(super) lost: bool,
}

pub(super) fn read_text(
    name: &str,
    text: String,
    folder: Option<&Path>,
    options: &SweepOptions<'_>,
    faults: &mut Faults,
) -> Written {
    let form = toml_text::read(&text);
    let source = faults.sources.add(name.to_owned(), text);
    let mut reader = Reader::of_parsed(source, "TOML", form.faults, form.more, faults);
    let mut written = Written::default();
    let Some(top) = reader.fields(&form.node, "", "a sweep", TOP_KEYS, &[]) else { return written };
    written.lost = reader.broken;
    written.base = read_base(&mut reader, &top, folder, options.base.is_some());
    if let Some(entry) = top.get("design") {
        let design = reader.word(&entry.node, "design", "design", DESIGNS);
        written.design = design.map(|design| design.value);
        written.design_unknown = written.design.is_none();
    }
    let mut whole = |key: &str, range: (i64, i64)| {
        let entry = top.get(key)?;
        reader.whole(&entry.node, key, range, "")
    };
    written.points =
        whole("points", (1, i64::from(MAX_POINTS))).map(|points| (points.value as u32, points.at));
    written.lost |= top.has("points") && written.points.is_none();
    written.replicates = whole("replicates", (1, MAX_REPLICATES)).map(|count| count.value as u32);
    written.seed = whole("seed", (0, i64::MAX)).map(|seed| seed.value.unsigned_abs());
    if let Some(entry) = top.get("population") {
        written.population = read_size(&mut reader, &entry.node, "population").map(|size| size.value);
    }
    if let Some(entry) = top.get("until") {
        written.until = reader.month(&entry.node, "until").map(|month| month.value);
    }
    if let Some(entry) = top.get("tables") {
        written.tables = read_names(&mut reader, entry, "table", options.tables);
    }
    if let Some(entry) = top.get("metrics") {
        let known: Vec<&str> = PHASE_MEASURES.iter().map(|measure| measure.key).collect();
        written.metrics = read_names(&mut reader, entry, "metric", &known);
    }
    if let Some(entry) = top.get("set") {
        written.set = read_settings(&mut reader, entry);
    }
    if let Some(entry) = top.get("vary") {
        read_all(&mut reader, entry, &mut written);
    }
    written
}

fn read_base(
    reader: &mut Reader<'_>,
    top: &Fields<'_>,
    folder: Option<&Path>,
    given: bool,
) -> Option<OsString> {
    let Some(entry) = top.get("base") else {
        if !given {
            reader.missing(top, "base", "name the scenario to vary: base = \"historical\"");
        }
        return None;
    };
    let name = reader.text(&entry.node, "base")?;
    let problem = match Location::base(OsStr::new(&name.value), folder) {
        Ok(Location::Disk(path)) if path.exists() => {
            // A bare name would be that of a shipped scenario, if there is one.
            let bare = path.components().count() == 1;
            return Some(if bare { Path::new(".").join(path) } else { path }.into_os_string());
        }
        Ok(Location::Disk(path)) => Problem::Unreadable {
            path: path.display().to_string(),
            reason: "there is no such file".to_owned(),
        },
        Ok(_) => return Some(name.value.into()),
        Err(problem) => problem,
    };
    reader.faults.push(problem, "base", Some(name.at));
    None
}

/// Reads a list of known names.
fn read_names(
    reader: &mut Reader<'_>,
    entry: &Entry,
    what: &'static str,
    known: &[&str],
) -> Option<Vec<String>> {
    let path = &entry.key;
    let nodes = reader.short_list(&entry.node, path, known.len())?;
    let mut names = Vec::with_capacity(nodes.len());
    for (position, node) in nodes.iter().enumerate() {
        let path = format!("{path}[{position}]");
        let Some(name) = reader.text(node, &path) else { continue };
        if known.contains(&name.value.as_str()) {
            names.push(name.value);
        } else {
            reader.unknown_name(&name, &path, what, known.iter().copied());
        }
    }
    Some(names)
}

/// Reads the settings of the base. Their faults are shown where they stand.
fn read_settings(reader: &mut Reader<'_>, entry: &Entry) -> Vec<String> {
    let nodes = reader.short_list(&entry.node, "set", MAX_LIST).unwrap_or_default();
    let mut settings = Vec::with_capacity(nodes.len());
    for (position, node) in nodes.iter().enumerate() {
        let path = format!("set[{position}]");
        let Some(setting) = reader.text(node, &path) else { continue };
        let mut found = Faults::default();
        SetOption::read(&setting.value, &mut found);
        reader.faults.more += found.more;
        for fault in found.list {
            reader.faults.push(fault.problem, path.clone(), Some(setting.at.clone()));
        }
        settings.push(setting.value);
    }
    settings
}

fn read_all(reader: &mut Reader<'_>, entry: &Entry, written: &mut Written) {
    // A common mistake: `[vary]` instead of `[[vary]]`.
    if matches!(entry.node.value, RawValue::Table(_)) {
        let hint = "write `[[vary]]` with two brackets";
        let problem = Problem::WrongType {
            key: "vary".to_owned(),
            expected: "a list of tables",
            found: "a table",
            hint,
        };
        reader.fault(problem, "vary", &entry.key_span);
        written.lost = true;
        return;
    }
    let Some(nodes) = reader.list(&entry.node, "vary") else {
        written.lost = true;
        return;
    };
    if let Some(node) = nodes.get(MAX_VARIED) {
        too_many(reader, nodes.len(), node);
        written.lost = true;
    }
    for (position, node) in nodes.iter().take(MAX_VARIED).enumerate() {
        match read_vary(reader, node, &format!("vary[{position}]")) {
            Some(varied) => written.vary.push(varied),
            None => written.lost = true,
        }
    }
}

fn too_many(reader: &mut Reader<'_>, count: usize, node: &Node) {
    let problem = Problem::from(SweepProblem::TooManyKeys { count, limit: MAX_VARIED });
    reader.fault(problem, "vary", &node.span);
}
