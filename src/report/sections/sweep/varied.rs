//! Builds the section on what was varied.

use super::{Shown, name, unit_of};
use crate::model::levers::LEVERS;
use crate::model::mechanisms::MECHANISMS;
use crate::model::parameters::PARAMETERS;
use crate::report::figures::sweep::{Key, KeyKind, is_grid};
use crate::report::format::grouped;
use crate::report::sections::{Group, Section, Table};

/// Number of values up to which all are listed.
const MOST_LISTED: usize = 6;

impl Shown<'_> {
    /// Builds the section.
    pub(super) fn varied(&self) -> Section {
        let row = |key: &Key| {
            let base =
                key.base.map_or("no single value: it changes over time".to_owned(), |base| key.shown(base));
            vec![key.name.clone(), meaning(key), values(key), base]
        };
        let table = Table {
            caption: "Varied keys; from points.csv, and from response.csv for the base".into(),
            header: ["key", "what it is", "values of the points", "value in the base"]
                .map(str::to_owned)
                .to_vec(),
            rows: self.keys.iter().map(row).collect(),
        };
        let mut text = vec![format!(
            "{} A point is the base with a value for each varied key. Replicate k of each point is compared with replicate k of the base; both use the same random numbers. {}",
            self.design(),
            self.over()
        )];
        text.push(if self.has_intervals() {
            format!("Intervals are {} % intervals over the replicates.", self.level_text())
        } else {
            "With one replicate of each point there are no intervals and no tests: nothing on this page tells a response from chance.".to_owned()
        });
        Section {
            id: "varied",
            title: "What was varied".into(),
            text,
            groups: vec![Group { title: String::new(), pictures: Vec::new(), tables: vec![table] }],
        }
    }

    /// The design, as far as the tables and the options show it.
    fn design(&self) -> String {
        let points = match self.points() {
            1 => "1 point".to_owned(),
            number => format!("{} points", grouped(number as u64)),
        };
        if let [key] = &self.keys[..] {
            return format!("One key was varied, {}: {points}.", name(key));
        }
        let keys = self.keys.len();
        if is_grid(&self.keys) {
            let counts: Vec<String> = self.keys.iter().map(|key| key.distinct.len().to_string()).collect();
            return format!(
                "{keys} keys were varied in a grid: {points}, all combinations of {} values.",
                counts.join(" × ")
            );
        }
        let design = self.source.folder.manifest.options.get("design").and_then(serde_json::Value::as_str);
        let design = match design {
            Some("latin") => "a Latin hypercube",
            Some("sobol") => "the Sobol' sequence",
            Some("list") => "a list",
            _ => "points that were listed or drawn",
        };
        format!("{keys} keys were varied together: {points} of {design}, which are not a grid.")
    }
}

/// What a key means.
fn meaning(key: &Key) -> String {
    let unit = unit_of(key);
    let unit = if unit.is_empty() { String::new() } else { format!(" ({unit})") };
    let meaning = match key.name.split_once('.') {
        Some(("parameters", name)) => {
            PARAMETERS.iter().find(|info| info.key == name).map(|info| info.meaning)
        }
        Some(("levers", name)) => LEVERS.iter().find(|info| info.key == name).map(|info| info.meaning),
        Some(("mechanisms", name)) => {
            MECHANISMS.iter().find(|info| info.key == name).map(|info| info.meaning)
        }
        Some(("population", "size")) => Some("people in January 1928"),
        Some(("population", "enterprises")) => Some("number of enterprises"),
        Some(("population", "regions")) => Some("number of regions"),
        _ => None,
    };
    match (key.name.starts_with("levers."), meaning) {
        (true, Some(meaning)) => format!("lever, the same in all months; 0 to 1, where 1 is: {meaning}"),
        (false, Some(meaning)) => format!("{meaning}{unit}"),
        (_, None) => "not known to this version".to_owned(),
    }
}

/// The values of a key.
fn values(key: &Key) -> String {
    let count = key.distinct.len();
    let all = || key.distinct.iter().map(|value| key.shown(*value)).collect::<Vec<_>>().join(", ");
    let KeyKind::Numbers { log, .. } = key.kind else { return all() };
    let even = key.unevenness(log);
    let exactly = even.is_some_and(|off| off < 1e-6);
    if count <= MOST_LISTED && !exactly {
        return all();
    }
    let (least, most) = key.range();
    // Drawn values fill their range evenly, though not exactly so.
    let nearly = even.is_some_and(|off| off < 1.0 / libm::sqrt(count as f64));
    let spacing = match (exactly, nearly, log) {
        (true, _, true) => "at equal ratios",
        (true, _, false) => "at equal distances",
        (false, _, true) => "spread by ratios",
        (false, true, false) => "spread evenly",
        (false, false, false) => "spread unevenly",
    };
    format!("{} to {}, {} values {spacing}", key.shown(least), key.shown(most), grouped(count as u64))
}
