//! Builds the section on measures over time and their means by phase.

use super::{Group, Section, Table, bands, over};
use crate::engine::calendar::Month;
use crate::report::draw::Label;
use crate::report::draw::frame::Clock;
use crate::report::draw::lines::{DataPoint, Line, Lines, draw};
use crate::report::figures::series::Series;
use crate::report::figures::summary::{SummaryRow, SummaryTable};
use crate::report::format::{self, short};
use crate::report::measures::{definition, style, unit};
use crate::report::picture::{Numbers, POINT_COLUMNS, Picture, point_cells};
use crate::report::source::{ReportError, Source, Span};

const ID: &str = "months";
const TITLE: &str = "What happened, month by month";

/// A picture: identifier, title, measures, and a sentence that explains them.
struct Panel {
    id: &'static str,
    title: &'static str,
    measures: &'static [&'static str],
    sentence: &'static str,
}

const fn panel(
    id: &'static str,
    title: &'static str,
    measures: &'static [&'static str],
    sentence: &'static str,
) -> Panel {
    Panel { id, title, measures, sentence }
}

/// The pictures, by heading.
const GROUPS: &[(&str, &[Panel])] = &[
    (
        "The elite",
        &[
            panel(
                "elite-turnover",
                "Elite turnover",
                &["elite_turnover", "elite_turnover_repressive", "elite_turnover_administrative"],
                "Share of shop heads, engineers, directors and officials lost in a month, as a yearly rate: all losses, losses by arrest, and losses by demotion in a sanction, purge or election. All losses also include death, retirement and departure, so the other two lines do not add up to the first.",
            ),
            panel(
                "chain-length",
                "Promotions for each post that opens",
                &["chain_length"],
                "Number of promotions that follow when a post becomes vacant: each promotion opens the previous post of the person promoted.",
            ),
        ],
    ),
    (
        "Accusation and repression",
        &[
            panel(
                "accusations",
                "Accusations",
                &["accusations_per_1000"],
                "Accusations that people make. Read dates and ratios; the level is not calibrated to any figure.",
            ),
            panel(
                "arrests",
                "Arrests",
                &["arrests_per_1000"],
                "Arrests within industry. The model leaves out the mass operations of 1937-38, most of which were outside industry.",
            ),
            panel(
                "motives",
                "Why people accuse",
                &["share_principle", "share_temperament", "share_rivalry", "share_fear"],
                "Shares of four motives in the accusations of a month; they add up to 1. An accusation with several motives is divided among them.",
            ),
        ],
    ),
    (
        "Discipline and work",
        &[
            panel(
                "discipline",
                "Discipline",
                &["discipline"],
                "Share of workers who do not shirk in a month. The vertical axis does not start at zero.",
            ),
            panel(
                "shirking",
                "Shirking",
                &["shirking"],
                "Share of workers who shirk in a month, recorded or not.",
            ),
            panel(
                "recorded-absence",
                "Recorded absence",
                &["recorded_absence_days"],
                "Absence as plants record it. If it falls while shirking does not, plants record less of it.",
            ),
            panel("quits", "Quits", &["quit_rate"], "Rate at which workers leave their plant by choice."),
            panel(
                "output-per-worker",
                "Output per worker",
                &["output_per_worker"],
                "Output of a worker in a month, relative to a standard worker.",
            ),
        ],
    ),
    (
        "Grievance, authority, fear",
        &[
            panel(
                "feelings",
                "Grievance, authority and fear",
                &["grievance", "authority", "fear"],
                "Mean grievance of workers, authority of managers, and mean fear of arrest.",
            ),
            panel(
                "mood",
                "Grievance, felt and shown",
                &["mood", "mood_public"],
                "Mean grievance of all people as they feel it and as they show it to others; the leadership sees only what is shown.",
            ),
        ],
    ),
];

/// Builds the section.
///
/// # Errors
///
/// If a table cannot be read.
pub(super) fn section(source: &Source) -> Result<Section, ReportError> {
    if !source.has("series") {
        return Ok(Section::without(ID, TITLE, "series"));
    }
    let series = Series::read(&source.folder, source.months())?;
    let summary = if source.has("summary") { Some(SummaryTable::read(&source.folder)?) } else { None };
    let groups = GROUPS.iter().map(|(title, panels)| Group {
        title: (*title).to_owned(),
        pictures: panels.iter().map(|panel| picture(source, &series, summary.as_ref(), panel)).collect(),
        tables: summary.iter().map(|summary| table(source, summary, title, panels)).collect(),
    });
    let without = summary.is_none().then(|| {
        "The tables by phase are not shown, because summary.csv was not written; --tables series,summary writes both.".to_owned()
    });
    let text =
        format!("Each picture shows the months from {} to {}. {}", Month::FIRST, source.last, bands(source));
    Ok(Section {
        id: ID,
        title: TITLE.into(),
        text: [text].into_iter().chain(without).collect(),
        groups: groups.collect(),
    })
}

fn picture(source: &Source, series: &Series, summary: Option<&SummaryTable>, panel: &Panel) -> Picture {
    let several = panel.measures.len() > 1;
    let line = |key: &&str| {
        let style = style(key);
        let name = Label::plain(if several { style.name } else { "" });
        Line { name, colour: style.colour, dash: style.dash, points: series.course(0, key), steps: false }
    };
    let lines = Lines {
        title: panel.title.into(),
        unit: unit(panel.measures[0]).into(),
        clock: Clock::Calendar,
        months: 0.0..source.months() as f64,
        lines: panel.measures.iter().map(line).collect(),
        figures: Vec::new(),
    };
    let described = panel.measures.iter().zip(&lines.lines).map(|(key, line)| {
        let phases = summary.map(|summary| by_phase(source, summary, key)).unwrap_or_default();
        format!("{}: {}.{}{phases}", style(key).name, definition(key), extremes(&line.points))
    });
    Picture {
        id: panel.id.into(),
        title: panel.title.into(),
        description: described.collect::<Vec<_>>().join(" "),
        caption: format!("{} {}", panel.sentence, over(source)),
        numbers: numbers(panel.measures, &lines.lines),
        drawing: draw(&lines, &source.calendar()),
    }
}

/// The sentence that names the months in which a measure is lowest and highest.
fn extremes(points: &[(f64, Option<DataPoint>)]) -> String {
    let known: Vec<(usize, f64)> =
        points.iter().enumerate().filter_map(|(month, (_, value))| Some((month, (*value)?.mean))).collect();
    let by_value = |one: &&(usize, f64), other: &&(usize, f64)| one.1.total_cmp(&other.1);
    match (known.iter().min_by(by_value), known.iter().max_by(by_value)) {
        (Some(low), Some(high)) => {
            format!(
                " Lowest in {}, {}; highest in {}, {}.",
                month(low.0),
                short(low.1),
                month(high.0),
                short(high.1)
            )
        }
        _ => " Not defined in any month.".into(),
    }
}

fn month(index: usize) -> String {
    u16::try_from(index).map(|index| Month(index).to_string()).unwrap_or_default()
}

fn by_phase(source: &Source, summary: &SummaryTable, key: &str) -> String {
    let phases: Vec<String> = source
        .phases
        .iter()
        .filter_map(|phase| {
            let mean = summary.row(source.name(), &phase.name, key)?.mean?;
            Some(format!("{} {}", phase.dated(), short(mean)))
        })
        .collect();
    if phases.is_empty() { String::new() } else { format!(" By phase: {}.", phases.join(", ")) }
}

fn numbers(measures: &[&str], lines: &[Line]) -> Numbers {
    let mut numbers = Numbers::new(["month", "measure"].into_iter().chain(POINT_COLUMNS));
    for (key, line) in measures.iter().zip(lines) {
        for (position, (_, value)) in line.points.iter().enumerate() {
            let cells = point_cells(*value);
            numbers.push([month(position), (*key).to_owned()].into_iter().chain(cells).collect());
        }
    }
    numbers
}

/// The table of means by phase of the measures of some pictures, from `summary.csv`.
fn table(source: &Source, summary: &SummaryTable, title: &str, panels: &[Panel]) -> Table {
    let keys: Vec<&str> = panels.iter().flat_map(|panel| panel.measures.iter().copied()).collect();
    let cell = |row: &SummaryRow| format::mean(row.mean, row.interval);
    let rows = keys.iter().filter_map(|key| {
        let phases = source.phases.iter();
        let cells = phases.map(|phase| summary.row(source.name(), &phase.name, key).map(cell));
        let cells: Option<Vec<String>> = cells.collect();
        let name = format!("{} ({})", super::words(key), unit(key));
        Some([name].into_iter().chain(cells?).collect())
    });
    let interval = if source.replicates > 1 { ", with the 95 % interval of the mean" } else { "" };
    Table {
        caption: format!("{title}: means by phase{interval}, from summary.csv"),
        header: ["measure".to_owned()].into_iter().chain(source.phases.iter().map(Span::dated)).collect(),
        rows: rows.collect(),
    }
}
