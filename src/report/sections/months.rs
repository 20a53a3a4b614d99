//! What happened, month by month.

use super::{Group, Section, Table, bands, over};
use crate::engine::calendar::Month;
use crate::report::draw::frame::Clock;
use crate::report::draw::lines::{Line, Lines, Value, draw};
use crate::report::draw::short;
use crate::report::figures::series::Series;
use crate::report::figures::summary::{Row, Summary};
use crate::report::measures::{definition, look, unit};
use crate::report::picture::{Numbers, Picture, VALUE_COLUMNS, value_cells};
use crate::report::source::{ReportError, Source};

const ID: &str = "months";
const TITLE: &str = "What happened, month by month";

/// A picture: name, title, measures, and a sentence that says what to see in it.
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
                "Share of shop heads, engineers, directors and officials lost in a month, as a yearly rate: all losses, those by arrest, and those by demotion after sanction, purge or election. What is left between them is death, retirement and departure.",
            ),
            panel(
                "chain-length",
                "Promotions for each post that opens",
                &["chain_length"],
                "How many people move up when one post falls free: the post of who moves up opens in turn.",
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
                "How many accusations people bring against others. Dates and ratios mean something; the level rests on no figure.",
            ),
            panel(
                "arrests",
                "Arrests",
                &["arrests_per_1000"],
                "Arrests within industry. The mass operations of 1937-38, mostly outside it, are not in the model.",
            ),
            panel(
                "motives",
                "Why people accuse",
                &["share_principle", "share_temperament", "share_rivalry", "share_fear"],
                "Shares of four motives in the accusations of the month; they add up to 1. An accusation can have several motives, in parts.",
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
                "Share of workers who do not shirk in a month. The axis does not begin at nought where that would hide the course.",
            ),
            panel(
                "shirking",
                "Shirking",
                &["shirking"],
                "Share of workers who shirk in a month: what really happens.",
            ),
            panel(
                "recorded-absence",
                "Absence as the plants record it",
                &["recorded_absence_days"],
                "A record and not behaviour: where it falls while shirking does not, plants have ceased to record.",
            ),
            panel("quits", "Quits", &["quit_rate"], "How often workers leave their plant of their own will."),
            panel(
                "output-per-worker",
                "Output per worker",
                &["output_per_worker"],
                "What a worker makes in a month, in parts of what a standard worker makes.",
            ),
        ],
    ),
    (
        "What people feel",
        &[
            panel(
                "feelings",
                "Grievance, authority and fear",
                &["grievance", "authority", "fear"],
                "Mean grievance of workers, how far managers are obeyed and backed, and mean fear of arrest.",
            ),
            panel(
                "mood",
                "Mood, felt and shown",
                &["mood", "mood_public"],
                "Mean grievance of everybody as it is felt and as it is shown to others: the gap between them is what the leadership does not see.",
            ),
        ],
    ),
];

/// The section.
///
/// # Errors
///
/// If a table cannot be read.
pub(super) fn section(source: &Source) -> Result<Section, ReportError> {
    if !source.has("series") {
        return Ok(Section::without(ID, TITLE, source, "series"));
    }
    let series = Series::read(&source.folder, source.months())?;
    let summary = if source.has("summary") { Some(Summary::read(&source.folder)?) } else { None };
    let groups = GROUPS.iter().map(|(title, panels)| Group {
        title: (*title).to_owned(),
        pictures: panels.iter().map(|panel| picture(source, &series, summary.as_ref(), panel)).collect(),
        tables: summary.iter().map(|summary| table(source, summary, title, panels)).collect(),
    });
    let without = summary.is_none().then(|| {
        "The tables by phase are not shown: summary.csv was not written; --tables series,summary gives both.".to_owned()
    });
    let text = format!(
        "Each picture is over the months from {} to {}. {}",
        Month::FIRST,
        source.last,
        bands(source)
    );
    Ok(Section {
        id: ID,
        title: TITLE.into(),
        text: [text].into_iter().chain(without).collect(),
        groups: groups.collect(),
    })
}

fn picture(source: &Source, series: &Series, summary: Option<&Summary>, panel: &Panel) -> Picture {
    let several = panel.measures.len() > 1;
    let line = |key: &&str| {
        let look = look(key);
        let name = if several { look.name.to_owned() } else { String::new() };
        Line { name, ink: look.ink, dash: look.dash, points: series.course(0, key), steps: false }
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
        format!("{}: {}.{}{phases}", look(key).name, definition(key), extremes(&line.points))
    });
    Picture {
        id: panel.id.into(),
        title: panel.title.into(),
        description: described.collect::<Vec<_>>().join(" "),
        caption: format!("{} {}", panel.sentence, over(source)),
        numbers: numbers(panel.measures, &lines.lines),
        sketch: draw(&lines, &source.calendar()),
    }
}

/// Where a measure is lowest and highest, in a sentence.
fn extremes(points: &[(f64, Option<Value>)]) -> String {
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

fn by_phase(source: &Source, summary: &Summary, key: &str) -> String {
    let phases: Vec<String> = source
        .phases()
        .into_iter()
        .filter_map(|phase| {
            let mean = summary.row(source.scenario.called(), phase, key)?.mean?;
            Some(format!("{phase} {}", short(mean)))
        })
        .collect();
    if phases.is_empty() { String::new() } else { format!(" By phase: {}.", phases.join(", ")) }
}

fn numbers(measures: &[&str], lines: &[Line]) -> Numbers {
    let mut numbers = Numbers::new(["month", "measure"].into_iter().chain(VALUE_COLUMNS));
    for (key, line) in measures.iter().zip(lines) {
        for (position, (_, value)) in line.points.iter().enumerate() {
            let cells = value_cells(*value);
            numbers.push([month(position), (*key).to_owned()].into_iter().chain(cells).collect());
        }
    }
    numbers
}

/// Means by phase of the measures of some pictures, as `summary.csv` has them.
fn table(source: &Source, summary: &Summary, title: &str, panels: &[Panel]) -> Table {
    let keys: Vec<&str> = panels.iter().flat_map(|panel| panel.measures.iter().copied()).collect();
    let cell = |row: &Row| match (row.mean, row.interval) {
        (Some(mean), Some((low, high))) => format!("{} ({} to {})", short(mean), short(low), short(high)),
        (Some(mean), None) => short(mean),
        _ => "–".into(),
    };
    let rows = keys.iter().filter_map(|key| {
        let phases = source.phases();
        let cells = phases.iter().map(|phase| summary.row(source.scenario.called(), phase, key).map(cell));
        let cells: Option<Vec<String>> = cells.collect();
        let name = format!("{} ({})", super::words(key), unit(key));
        Some([name].into_iter().chain(cells?).collect())
    });
    let interval = if source.replicates > 1 { ", with the 95 % interval of the mean" } else { "" };
    Table {
        caption: format!("{title}: means by phase{interval}, from summary.csv"),
        header: ["measure"].into_iter().chain(source.phases()).map(str::to_owned).collect(),
        rows: rows.collect(),
    }
}
