//! Formats the summary that `run` prints: a table of the headline measures by phase and charts of them by month, or all
//! measures as JSON. It computes no statistics.

use crate::cli::chart::Charts;
use crate::cli::quantity::{three_digits, with_half_width};
use crate::cli::table::{Column, tables};
use crate::cli::terminal::Terminal;
use crate::experiment::moments::Moments;
use crate::experiment::plan::Plan;
use crate::experiment::run::RunReport;
use crate::experiment::summary::{HEADLINE, Summary};
use crate::model::measures::MONTH_MEASURES;
use crate::model::phase::PHASE_MEASURES;
use crate::model::simulation::Profile;
use crate::output::manifest::{Program, Status};
use serde_json::{Value, json};

/// Number of headline measures with a chart, counted from the first.
const DRAWN: usize = 6;

/// The headline measures: position in [`PHASE_MEASURES`] and column heading.
fn headline() -> impl Iterator<Item = (usize, &'static str)> {
    let find = |key: &str| PHASE_MEASURES.iter().position(|measure| measure.key == key);
    HEADLINE.iter().filter_map(move |measure| Some((find(measure.key)?, measure.heading)))
}

/// The table of phases and a line with the units. Measures that do not fit the width continue in further tables.
pub(super) fn phase_table(report: &RunReport) -> String {
    let terminal = Terminal::of_stdout();
    let phases = &report.summary.phases;
    let names = Column { heading: "phase".to_owned(), cells: phases.clone(), left: true };
    let measures: Vec<Column> = headline()
        .map(|(measure, heading)| {
            let cell = |phase| cell(&report.summary, report.summary.phase(phase, measure), terminal);
            Column { heading: heading.to_owned(), cells: (0..phases.len()).map(cell).collect(), left: false }
        })
        .collect();
    format!("{}\n{}", tables(&names, &measures, terminal, "\n"), terminal.wrapped(&units(), 0))
}

/// The share of the variance of the headline measures that the past decides, by phase, with its interval.
pub(super) fn share_table(report: &RunReport) -> String {
    let terminal = Terminal::of_stdout();
    let phases = &report.summary.phases;
    let names = Column { heading: "decided by the past".to_owned(), cells: phases.clone(), left: true };
    let shares = HEADLINE.iter().enumerate().map(|(measure, headline)| {
        let cell = |phase: usize| match report.past_shares.get(phase).and_then(|shares| shares[measure]) {
            Some((share, (low, high))) => format!("{share:.2} ({low:.2} to {high:.2})"),
            None => "-".to_owned(),
        };
        let cells = (0..phases.len()).map(cell).collect();
        Column { heading: headline.heading.to_owned(), cells, left: false }
    });
    let note = "(share of the variance between runs, with its 95 % interval; futures.csv has every measure)";
    format!("{}\n{}", tables(&names, &shares.collect::<Vec<_>>(), terminal, "\n"), terminal.wrapped(note, 0))
}

/// The units of the headline measures, except shares and measures whose heading is their unit.
fn units() -> String {
    let mut units: Vec<(&str, Vec<&str>)> = Vec::new();
    for (measure, heading) in headline() {
        let unit = PHASE_MEASURES[measure].unit;
        match units.iter_mut().find(|(known, _)| *known == unit) {
            _ if unit == "share" || unit == heading => {}
            Some((_, headings)) => headings.push(heading),
            None => units.push((unit, vec![heading])),
        }
    }
    let units: Vec<String> =
        units.iter().map(|(unit, headings)| format!("{}: {unit}", headings.join(", "))).collect();
    if units.is_empty() { String::new() } else { format!("({})", units.join("; ")) }
}

/// The table of `--profile`: seconds and percentage of each process of the month, in the order of the month.
pub(super) fn profile_table(profile: &Profile) -> String {
    let terminal = Terminal::of_stderr();
    let all: f64 = profile.seconds().map(|(_, seconds)| seconds).sum();
    let mut lines = vec![String::from("  seconds   share  process of the month")];
    for (name, seconds) in profile.seconds() {
        let share = 100.0 * seconds / all.max(f64::MIN_POSITIVE);
        lines.push(format!("{seconds:9.3}  {share:5.1} %  {name}"));
    }
    lines.push(format!("{all:9.3}          total, summed over threads and replicates"));
    lines.iter().map(|line| terminal.shortened(line, terminal.width) + "\n").collect()
}

/// A mean with the half-width of its interval, if both are defined.
fn cell(summary: &Summary, moments: &Moments, terminal: Terminal) -> String {
    match (moments.mean(), summary.half_width(moments)) {
        (Some(mean), Some(half)) => with_half_width(mean, half, terminal.plus_minus()),
        (Some(mean), None) => three_digits(mean),
        _ => "-".into(),
    }
}

/// Charts of the first headline measures, one below the other, with one time axis.
pub(super) fn charts(plan: &Plan, report: &RunReport) -> String {
    let first_month = |phase: usize| plan.phase_of.iter().position(|of| *of == phase).unwrap_or(0);
    let phases: Vec<(usize, &str)> = plan
        .phases_reached()
        .iter()
        .enumerate()
        .map(|(phase, name)| (first_month(phase), name.as_str()))
        .collect();
    let charts = Charts::new(Terminal::of_stdout(), plan.months().count(), &phases);
    let mut lines = Vec::new();
    for measure in HEADLINE.iter().take(DRAWN) {
        let key = measure.key;
        let Some(position) = MONTH_MEASURES.iter().position(|one| one.key == key) else { continue };
        // The unit repeats this part of the name.
        let name = key.trim_end_matches("_per_1000").replace('_', " ");
        let title = match MONTH_MEASURES[position].unit {
            "" | "share" => name,
            unit => format!("{name}, {unit}"),
        };
        lines.extend(charts.chart(&title, &report.summary.months(position)));
    }
    lines.extend(charts.axis());
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// The summary as JSON.
pub(super) fn json(plan: &Plan, report: &RunReport, complete: bool) -> String {
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
                    let ends = moments.mean().zip(report.summary.half_width(moments));
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
        "folder": report.folder.to_string_lossy(),
        "wall_seconds": report.seconds,
        "agent_months": report.agent_months,
        "phases": phases,
    });
    format!("{text:#}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_headline_measure_exists_by_phase_and_the_first_ones_by_month() {
        assert_eq!(headline().count(), HEADLINE.len());
        let months = |key: &str| MONTH_MEASURES.iter().any(|measure| measure.key == key);
        assert!(HEADLINE.iter().take(DRAWN).all(|measure| months(measure.key)));
    }
}
