//! What `run` prints when it is done: one row per phase with the measures a reader wants first, and their course over
//! the months; or the same for machines.
//!
//! Owns the choice of those measures and how they are laid out. Reads a summary; computes nothing.

use super::chart::{axis, chart};
use super::quantity::{three, with_half_width};
use crate::experiment::moments::Moments;
use crate::experiment::plan::Plan;
use crate::experiment::run::Report;
use crate::experiment::summary::HEADLINE;
use crate::model::measures::{MONTH_MEASURES, PHASE_MEASURES};
use crate::model::profile::Profile;
use crate::output::manifest::{Program, Status};
use serde_json::{Value, json};

/// Keys of the measures that are drawn.
const DRAWN: &[&str] =
    &["elite_turnover", "accusations_per_1000", "arrests_per_1000", "discipline", "grievance", "authority"];

/// A measure of the phases by position, and what stands over its column.
fn first_measures() -> Vec<(usize, &'static str)> {
    let find = |key| PHASE_MEASURES.iter().position(|measure| measure.key == key);
    let found: Vec<_> =
        HEADLINE.iter().filter_map(|(key, over)| find(*key).map(|position| (position, *over))).collect();
    if !found.is_empty() {
        return found;
    }
    PHASE_MEASURES
        .iter()
        .enumerate()
        .take(HEADLINE.len())
        .map(|(position, measure)| (position, measure.key))
        .collect()
}

/// Widest line of the table; what does not fit stands in a second table under the first.
const WIDTH: usize = 100;

/// The table of phases, aligned, with a line that tells the units.
pub(super) fn phase_table(report: &Report) -> String {
    let phases = &report.summary.phases;
    let column = |over: &str, cells: Vec<String>| [vec![over.to_owned()], cells].concat();
    let names = column("phase", phases.clone());
    let measures = first_measures();
    let columns = measures.iter().map(|(measure, over)| {
        let cells = (0..phases.len()).map(|phase| cell(report.summary.phase(phase, *measure))).collect();
        column(over, cells)
    });
    let mut text = String::new();
    let mut lines: Vec<String> = Vec::new();
    for column in columns {
        let added = width(&column) + 2;
        if lines.first().is_none_or(|line| line.chars().count() + added > WIDTH) {
            push_lines(&mut text, &lines);
            lines = names.iter().map(|name| format!("{name:<width$}", width = width(&names))).collect();
        }
        for (line, cell) in lines.iter_mut().zip(&column) {
            line.push_str(&format!("{cell:>added$}"));
        }
    }
    push_lines(&mut text, &lines);
    let mut units: Vec<(&str, Vec<&str>)> = Vec::new();
    for (measure, over) in &measures {
        let unit = PHASE_MEASURES[*measure].unit;
        match units.iter_mut().find(|(known, _)| *known == unit) {
            _ if unit == "share" || unit == *over => {}
            Some((_, columns)) => columns.push(over),
            None => units.push((unit, vec![over])),
        }
    }
    let units: Vec<String> =
        units.iter().map(|(unit, columns)| format!("{}: {unit}", columns.join(", "))).collect();
    if !units.is_empty() {
        text.push_str(&format!("({})\n", units.join("; ")));
    }
    text
}

/// Seconds per process of the month and their share of all, in the order of the month.
pub(super) fn profile_table(profile: &Profile) -> String {
    let all: f64 = profile.seconds().map(|(_, seconds)| seconds).sum();
    let mut text = String::from("  seconds   share  process of the month\n");
    for (name, seconds) in profile.seconds() {
        let share = 100.0 * seconds / all.max(f64::MIN_POSITIVE);
        text.push_str(&format!("{seconds:9.3}  {share:5.1} %  {name}\n"));
    }
    text.push_str(&format!("{all:9.3}          all, summed over threads and replicates\n"));
    text
}

fn width(column: &[String]) -> usize {
    column.iter().map(|cell| cell.chars().count()).max().unwrap_or(0)
}

fn push_lines(text: &mut String, lines: &[String]) {
    for line in lines {
        text.push_str(line.trim_end());
        text.push('\n');
    }
    if !lines.is_empty() {
        text.push('\n');
    }
}

fn cell(moments: &Moments) -> String {
    match (moments.mean(), moments.half_width()) {
        (Some(mean), Some(half)) => with_half_width(mean, half),
        (Some(mean), None) => three(mean),
        _ => "-".into(),
    }
}

/// The charts of the measures that are drawn, one under the other, over one axis.
pub(super) fn charts(plan: &Plan, report: &Report) -> String {
    let first_month = |phase: usize| plan.phase_of.iter().position(|of| *of == phase).unwrap_or(0);
    let phases: Vec<(usize, &str)> = plan
        .phases_reached()
        .iter()
        .enumerate()
        .map(|(phase, name)| (first_month(phase), name.as_str()))
        .collect();
    let begins: Vec<usize> = phases.iter().skip(1).map(|(month, _)| *month).collect();
    let mut text = String::new();
    let mut months = 0;
    for key in DRAWN {
        if let Some(position) = MONTH_MEASURES.iter().position(|measure| measure.key == *key) {
            let measure = &MONTH_MEASURES[position];
            let values = report.summary.months(position);
            months = values.len();
            let title = match measure.unit {
                "" | "share" => measure.key.replace('_', " "),
                unit => format!("{}, {unit}", measure.key.replace('_', " ")),
            };
            for line in chart(&title, &values, &begins) {
                text.push_str(&line);
                text.push('\n');
            }
        }
    }
    if months > 0 {
        for line in axis(months, &phases) {
            text.push_str(&line);
            text.push('\n');
        }
    }
    text
}

/// The closing summary for machines.
pub(super) fn json(plan: &Plan, report: &Report, complete: bool) -> String {
    let phases: Vec<Value> = report
        .summary
        .phases
        .iter()
        .enumerate()
        .map(|(phase, name)| {
            let measures: serde_json::Map<String, Value> = PHASE_MEASURES
                .iter()
                .enumerate()
                .map(|(position, measure)| {
                    let moments = report.summary.phase(phase, position);
                    let ends = moments.mean().zip(moments.half_width());
                    let value = json!({
                        "unit": measure.unit,
                        "n": moments.count(),
                        "mean": moments.mean(),
                        "sd": moments.sd(),
                        "lo": ends.map(|(mean, half)| mean - half),
                        "hi": ends.map(|(mean, half)| mean + half),
                    });
                    (measure.key.to_owned(), value)
                })
                .collect();
            json!({ "phase": name, "measures": measures })
        })
        .collect();
    let text = json!({
        "program": Program::this(),
        "scenario": { "name": plan.scenario, "hash": plan.hash },
        "seed": plan.seed,
        "replicates": { "first": plan.replicates.start(), "last": plan.replicates.end(),
            "finished": report.count(Status::Finished) },
        "complete": complete,
        "folder": report.folder,
        "wall_seconds": report.seconds,
        "agent_months": report.agent_months,
        "phases": phases,
    });
    format!("{text:#}\n")
}
