//! Formats the result of a sweep: for each metric, the base and the points with the lowest and the highest mean.

use crate::cli::quantity::{count, duration};
use crate::cli::table::{Column, tables};
use crate::cli::terminal::Terminal;
use crate::experiment::rounding::short;
use crate::experiment::sweep::response::Response;
use crate::experiment::sweep::study::{Sweep, SweepReport};
use crate::model::phase::PHASE_MEASURES;
use crate::output::plan::VariantMark;
use serde_json::{Value, json};
use std::cmp::Ordering;

/// Largest number of points whose responses are listed.
const LISTED: usize = 24;

/// The summary for the terminal.
pub(super) fn text(sweep: &Sweep, report: &SweepReport) -> String {
    let terminal = Terminal::of_stdout();
    let (study, responses) = (&sweep.study, &report.responses);
    let points = study.marks.len() - 1;
    let heading = format!(
        "{}, seed {}, {} points over {}, {} replicates of each and of the base, whole period",
        study.base.scenario,
        study.base.seed,
        count(points as u64),
        study.keys.join(", "),
        study.base.replicate_count()
    );
    let mut text = terminal.wrapped(&heading, 0);
    text.push('\n');
    if points <= LISTED && study.keys.len() <= 3 {
        text += &list(sweep, report, terminal);
    } else {
        text += &extremes(sweep, report, terminal);
    }
    let tested =
        || (1..=points).flat_map(|point| (0..responses.metrics().len()).map(move |metric| (point, metric)));
    let whole = responses.periods().len() - 1;
    let adjusted = |(point, metric): (usize, usize)| responses.response(point, metric, whole).adjusted;
    let different =
        tested().filter(|place| adjusted(*place).is_some_and(|p| p <= 1.0 - sweep.settings.level));
    let note = format!(
        "{} of {} differences from the base over the whole period are significant at {} % after Holm's correction for all \
         tests of the sweep. response.csv has every phase, with intervals.",
        count(different.count() as u64),
        count(tested().count() as u64),
        ((1.0 - sweep.settings.level) * 1e4).round() / 1e2,
    );
    text.push('\n');
    text += &terminal.wrapped(&note, 0);
    let end = format!(
        "seed {}, {}, {} runs computed",
        study.base.seed,
        duration(report.outcome.seconds),
        count(report.outcome.computed)
    );
    text += &format!("\n{}{}\n", terminal.wrapped(&end, 0), report.outcome.folder.display());
    text
}

/// Every point with the mean of each metric.
fn list(sweep: &Sweep, report: &SweepReport, terminal: Terminal) -> String {
    let (study, responses) = (&sweep.study, &report.responses);
    let whole = responses.periods().len() - 1;
    let name = |(variant, mark): (usize, &VariantMark)| {
        let values = mark.values.iter().map(|value| if value.is_empty() { "varies" } else { value });
        let values = values.collect::<Vec<_>>().join(", ");
        if variant == 0 { format!("base: {values}") } else { values }
    };
    let names = column(study.keys.join(", "), true, study.marks.iter().enumerate().map(name));
    let means = responses.metrics().iter().enumerate().map(|(metric, position)| {
        let mean = |variant: usize| responses.response(variant, metric, whole).mean;
        let cells = (0..study.marks.len()).map(|variant| mean(variant).map_or_else(String::new, short));
        column(PHASE_MEASURES[*position].key.to_owned(), false, cells)
    });
    tables(&names, &means.collect::<Vec<_>>(), terminal, "\n")
}

fn column(heading: String, left: bool, cells: impl Iterator<Item = String>) -> Column {
    Column { heading, cells: cells.collect(), left }
}

/// For each metric: the mean of the base, and the points with the lowest and the highest mean.
fn extremes(sweep: &Sweep, report: &SweepReport, terminal: Terminal) -> String {
    let (study, responses) = (&sweep.study, &report.responses);
    let whole = responses.periods().len() - 1;
    let mut rows: Vec<[String; 6]> = Vec::new();
    for (metric, position) in responses.metrics().iter().enumerate() {
        let mean = |variant: usize| responses.response(variant, metric, whole).mean;
        let order = |one: &usize, other: &usize| {
            mean(*one).zip(mean(*other)).map_or(Ordering::Equal, |(one, other)| one.total_cmp(&other))
        };
        let defined = || (1..study.marks.len()).filter(|variant| mean(*variant).is_some());
        let shown = |variant: Option<usize>| variant.and_then(mean).map_or_else(String::new, short);
        let at = |variant: Option<usize>| {
            variant.map_or_else(String::new, |variant| study.marks[variant].values.join(", "))
        };
        let (low, high) = (defined().min_by(order), defined().max_by(order));
        rows.push([
            PHASE_MEASURES[*position].key.to_owned(),
            shown(Some(0)),
            shown(low),
            at(low),
            shown(high),
            at(high),
        ]);
    }
    let of = |position: usize, heading: &str, left: bool| {
        column(heading.to_owned(), left, rows.iter().map(|row| row[position].clone()))
    };
    let columns = [
        of(1, "base", false),
        of(2, "lowest", false),
        of(3, "at", true),
        of(4, "highest", false),
        of(5, "at", true),
    ];
    tables(&of(0, "metric", true), &columns, terminal, "\n")
}

/// The responses of the whole period as JSON.
pub(super) fn json(sweep: &Sweep, report: &SweepReport) -> String {
    let (study, responses) = (&sweep.study, &report.responses);
    let whole = responses.periods().len() - 1;
    let points = study.marks.iter().enumerate().map(|(variant, mark)| {
        let metrics = responses.metrics().iter().enumerate().map(|(metric, position)| {
            let Response { n, mean, sd, half, difference, difference_half, p, adjusted, .. } =
                responses.response(variant, metric, whole);
            let value = json!({
                "n": n, "mean": mean, "sd": sd, "half_width": half, "difference": difference,
                "difference_half_width": difference_half, "p": p, "p_adjusted": adjusted,
            });
            (PHASE_MEASURES[*position].key.to_owned(), value)
        });
        let values: serde_json::Map<String, Value> =
            study.keys.iter().cloned().zip(mark.values.iter().map(|value| json!(value))).collect();
        json!({
            "scenario": mark.scenario.called(),
            "values": values,
            "metrics": metrics.collect::<serde_json::Map<String, Value>>(),
        })
    });
    let value = json!({
        "folder": report.outcome.folder.to_string_lossy(),
        "seed": study.base.seed,
        "keys": study.keys,
        "runs": report.outcome.runs,
        "missing": report.outcome.missing,
        "points": points.collect::<Vec<_>>(),
    });
    format!("{value:#}\n")
}
