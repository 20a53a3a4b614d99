//! Lists the differences between two resolved scenarios. Differences in levers are grouped into spans of months with
//! the same pair of values.
//!
//! Names, labels, titles and provenance do not count as differences.

use super::Scenario;
use super::event::{Event, Happening};
use super::number::shown;
use crate::engine::calendar::Month;
use crate::model::levers::LEVERS;
use crate::model::mechanisms::MECHANISMS;
use crate::model::parameters::PARAMETERS;
use crate::model::setup::PolicyMode;
use crate::model::state::standing::TARGET_CLASS_NAMES;

/// One difference.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// Table of the scenario file: `population`, `levers`, `event`, `phase`, `parameters` or `mechanisms`.
    pub table: &'static str,
    /// Key in that table.
    pub key: String,
    /// First and last month of the difference; `None` for the whole run.
    pub months: Option<(Month, Month)>,
    /// Value in the first scenario; `None` if it is absent there.
    pub left: Option<String>,
    /// Value in the second scenario; `None` if it is absent there.
    pub right: Option<String>,
}

impl Scenario {
    /// Lists all differences from another scenario, with lever values before smoothing.
    pub fn differences(&self, other: &Scenario) -> Vec<Difference> {
        let mut found = Vec::new();
        let mut value = |table, key: &str, left: String, right: String| {
            if left != right {
                let key = key.to_owned();
                found.push(Difference { table, key, months: None, left: Some(left), right: Some(right) });
            }
        };
        let (a, b) = (&self.population, &other.population);
        value("population", "size", a.size.to_string(), b.size.to_string());
        value("population", "enterprises", a.enterprises.to_string(), b.enterprises.to_string());
        value("population", "regions", a.regions.to_string(), b.regions.to_string());
        for info in PARAMETERS {
            let (left, right) = ((info.get)(&self.parameters), (info.get)(&other.parameters));
            let (left, right) = distinguishable(left, right);
            value("parameters", info.key, left, right);
        }
        for info in MECHANISMS {
            let (left, right) = ((info.get)(&self.mechanisms), (info.get)(&other.mechanisms));
            value("mechanisms", info.key, left.to_string(), right.to_string());
        }
        for (position, info) in LEVERS.iter().enumerate() {
            found.extend(spans(info.key, &self.tracks[position].values, &other.tracks[position].values));
        }
        found.extend(events(&self.events, &other.events));
        found.extend(phases(self, other));
        found
    }

    /// The first month in which runs of the two scenarios can differ; `None` if their runs are identical.
    pub fn first_difference(&self, other: &Scenario) -> Option<Month> {
        let (a, b) = (self.setup(), other.setup());
        let constants =
            (a.population, &a.parameters, a.mechanisms) == (b.population, &b.parameters, b.mechanisms);
        if !constants {
            return Some(Month::FIRST);
        }
        let (PolicyMode::Schedule(levers), PolicyMode::Schedule(others)) = (&a.policy, &b.policy);
        Month::all().find(|month| {
            let month = month.index();
            levers[month] != others[month]
                || a.events.pulses[month] != b.events.pulses[month]
                || a.events.party_elections[month] != b.events.party_elections[month]
                || a.events.union_elections[month] != b.events.union_elections[month]
        })
    }
}

/// Formats two values with twelve decimals, or exactly if only further digits differ.
fn distinguishable(left: f64, right: f64) -> (String, String) {
    let short = (shown(left), shown(right));
    if short.0 == short.1 { (left.to_string(), right.to_string()) } else { short }
}

/// The spans of months in which two tracks differ, each with one pair of values.
fn spans(key: &str, left: &[f64], right: &[f64]) -> Vec<Difference> {
    let mut found: Vec<Difference> = Vec::new();
    for month in Month::all() {
        let (a, b) = (left[month.index()], right[month.index()]);
        if a == b {
            continue;
        }
        let (a, b) = distinguishable(a, b);
        let (a, b) = (Some(a), Some(b));
        if let Some(last) = found.last_mut()
            && let Some((_, until)) = &mut last.months
            && until.0 + 1 == month.0
            && (&last.left, &last.right) == (&a, &b)
        {
            *until = month;
            continue;
        }
        let key = key.to_owned();
        found.push(Difference { table: "levers", key, months: Some((month, month)), left: a, right: b });
    }
    found
}

fn events(left: &[Event], right: &[Event]) -> Vec<Difference> {
    let find = |events: &[Event], name: &str| events.iter().find(|event| event.name == name).map(event_text);
    let names = left.iter().chain(right.iter().filter(|event| find(left, &event.name).is_none()));
    names
        .map(|event| (event, find(left, &event.name), find(right, &event.name)))
        .filter(|(_, left, right)| left != right)
        .map(|(event, left, right)| Difference {
            table: "event",
            key: event.name.clone(),
            months: None,
            left,
            right,
        })
        .collect()
}

/// Describes an event in one line: kind, months, and targets or posts.
pub(crate) fn event_text(event: &Event) -> String {
    let months = if event.from == event.until {
        event.from.to_string()
    } else {
        format!("{} to {}", event.from, event.until)
    };
    let what = match event.happening {
        Happening::ShowTrial(targets) => {
            let named: Vec<String> = TARGET_CLASS_NAMES
                .iter()
                .zip(targets)
                .filter(|(_, strength)| *strength > 0.0)
                .map(|(class, strength)| format!("{class} {strength}"))
                .collect();
            if named.is_empty() { "no class".to_owned() } else { named.join(", ") }
        }
        Happening::Election(posts) => format!("{} posts", posts.word()),
    };
    format!("{} {months}: {what}", event.happening.kind())
}

fn phases(left: &Scenario, right: &Scenario) -> Vec<Difference> {
    let text = |scenario: &Scenario| {
        let phases: Vec<String> =
            scenario.phases.iter().map(|phase| format!("{} from {}", phase.name, phase.from)).collect();
        phases.join(", ")
    };
    let (a, b) = (text(left), text(right));
    if a == b {
        return Vec::new();
    }
    vec![Difference { table: "phase", key: "phase".to_owned(), months: None, left: Some(a), right: Some(b) }]
}
