//! What `compare` prints: for each scenario the differences that matter, the largest effect first; or all for machines.
//!
//! Owns the choice of rows and how they are laid out in the width of the terminal. Computes no statistics.

use super::quantity::{decimals, plural, span, three};
use crate::engine::calendar::Month;
use crate::experiment::compare::carry_out::Report;
use crate::experiment::compare::question::Estimate;
use crate::experiment::compare::statistics::Correction;
use crate::experiment::compare::tables::Names;
use crate::experiment::rounding;
use crate::model::measures::PHASE_MEASURES;
use crate::output::manifest::Program;
use crate::scenario::Scenario;
use serde_json::{Value, json};
use std::fmt::Write;

/// Width where there is no terminal.
const WIDTH: usize = 100;

/// The text for people.
pub(super) fn text(scenarios: &[Scenario], report: &Report, until: Month, top: usize) -> String {
    let width = terminal_size::terminal_size().map_or(WIDTH, |(width, _)| usize::from(width.0));
    let Report { names, answer, question, .. } = report;
    let mut text = String::new();
    let others = names.scenarios[1..].join(", ");
    let title = if others.is_empty() {
        names.scenarios[0].clone()
    } else {
        format!("{others} against {}", names.scenarios[0])
    };
    let n = report.finished();
    let _ = writeln!(text, "{title}");
    let _ = writeln!(
        text,
        "seed {}, {n} replicate{} of each, {} to {until}",
        names.seed,
        plural(n as u64),
        Month::FIRST
    );
    for (scenario, resolved) in scenarios.iter().enumerate() {
        let of = |estimates: &[Estimate]| {
            estimates.iter().filter(|row| row.subject.scenario == scenario).copied().collect::<Vec<_>>()
        };
        let (against, regimes) = (of(&answer.scenarios), of(&answer.regimes));
        if scenario > 0 {
            let _ = writeln!(text, "\n{}: {}", resolved.called(), resolved.title);
            if let Some(hypothesis) = &resolved.hypothesis {
                push_wrapped(&mut text, &format!("expected: {hypothesis}"), width);
            }
            push_table(&mut text, &against, report, top, width);
            push_gain(&mut text, &against);
        }
        if !regimes.is_empty() {
            let _ = writeln!(text, "\n{}: phase against phase", resolved.called());
            push_table(&mut text, &regimes, report, top, width);
        }
    }
    let significant = significant(answer.scenarios.iter().chain(&answer.regimes), report).count();
    let correction = match question.correction {
        Correction::Holm => "after Holm's correction over all of them",
        Correction::None => "without any correction",
    };
    let share = three(100.0 * (1.0 - question.level));
    let share = share.trim_end_matches('0').trim_end_matches('.');
    let tests = answer.tests;
    let end = format!(
        "{significant} of {tests} test{} significant at {share} % {correction}. {}",
        plural(tests),
        intervals(report)
    );
    text.push('\n');
    push_wrapped(&mut text, &end, width);
    let _ = write!(
        text,
        "\nseed {}, {}, {} run{} computed\n{}\n",
        names.seed,
        span(report.seconds),
        report.computed,
        plural(report.computed),
        report.folder.display()
    );
    text
}

/// What the intervals are.
fn intervals(report: &Report) -> String {
    let question = &report.question;
    let level = |level: f64| format!("{}", (level * 1e4).round() / 1e2);
    if question.spend < 1.0 {
        let look = report.looks;
        format!(
            "Intervals are paired t at {} %, the level of look {look}, so that {} % hold however often one looks; each for itself.",
            level(question.level_of_look()),
            level(question.level)
        )
    } else {
        format!(
            "Intervals are paired t at {} %, each for itself, not corrected for their number.",
            level(question.level)
        )
    }
}

fn significant<'a>(
    rows: impl Iterator<Item = &'a Estimate>,
    report: &Report,
) -> impl Iterator<Item = &'a Estimate> {
    let alpha = 1.0 - report.question.level;
    rows.filter(move |row| row.adjusted.is_some_and(|p| p <= alpha))
}

/// One column of the table: what stands over it, its cells, and how soon it gives way where the terminal is narrow.
struct ColumnText {
    over: String,
    cells: Vec<String>,
    left: bool,
    gives_way: u8,
}

impl ColumnText {
    fn width(&self) -> usize {
        self.cells.iter().chain([&self.over]).map(|cell| cell.chars().count()).max().unwrap_or(0)
    }
}

fn push_table(text: &mut String, rows: &[Estimate], report: &Report, top: usize, width: usize) {
    let mut shown: Vec<Estimate> = significant(rows.iter(), report).copied().collect();
    let size = |row: &Estimate| row.effect_size.map_or(0.0, f64::abs);
    // The sort is stable: equal effects stay in the order of the columns.
    shown.sort_by(|a, b| size(b).total_cmp(&size(a)));
    let all = shown.len();
    shown.truncate(top);
    if shown.is_empty() {
        text.push_str(if all == 0 { "  no difference is significant\n" } else { "" });
        return;
    }
    let names = &report.names;
    let regimes = shown[0].subject.from_period.is_some();
    let optional = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), three);
    let column = |over: &str, left, gives_way, cell: &dyn Fn(&Estimate) -> String| ColumnText {
        over: over.to_owned(),
        cells: shown.iter().map(cell).collect(),
        left,
        gives_way,
    };
    let (first, second) = if regimes { ("before", "after") } else { ("baseline", "scenario") };
    let mut columns = vec![
        column("metric", true, 0, &|row| PHASE_MEASURES[row.subject.metric].key.to_owned()),
        column("phase", true, 0, &|row| period(row, names)),
        column(first, false, 3, &|row| optional(row.pairs.first_mean())),
        column(second, false, 4, &|row| optional(row.pairs.second_mean())),
        column("difference", false, 0, &|row| row.pairs.difference().map_or_else(|| "-".into(), signed)),
        column("interval", true, 1, &|row| interval(row)),
        column("relative", false, 5, &|row| {
            row.relative().map_or_else(|| "-".into(), |share| format!("{}%", signed(100.0 * share)))
        }),
        column("effect", false, 2, &|row| row.effect_size.map_or_else(|| "-".into(), signed)),
    ];
    let whole = |columns: &[ColumnText]| columns.iter().map(|column| column.width() + 2).sum::<usize>();
    while whole(&columns) > width {
        let Some(last) =
            columns.iter().enumerate().filter(|(_, c)| c.gives_way > 0).max_by_key(|(_, c)| c.gives_way)
        else {
            break;
        };
        let position = last.0;
        columns.remove(position);
    }
    shorten(&mut columns, width.saturating_sub(4));
    for line in 0..=shown.len() {
        let mut out = String::from(" ");
        for column in &columns {
            let cell = if line == 0 { &column.over } else { &column.cells[line - 1] };
            let gap = column.width() - cell.chars().count();
            let (before, after) = if column.left { (1, gap + 1) } else { (gap + 1, 1) };
            let _ = write!(out, "{:before$}{cell}{:after$}", "", "");
        }
        text.push_str(out.trim_end());
        text.push('\n');
    }
    if all > shown.len() {
        let _ = writeln!(text, "  and {} more; --top {all} shows them", all - shown.len());
    }
}

/// Cuts words where even the least columns do not fit.
fn shorten(columns: &mut [ColumnText], width: usize) {
    let over = columns.iter().map(|column| column.width() + 2).sum::<usize>().saturating_sub(width + 4);
    for column in columns.iter_mut().filter(|column| column.left).take(2) {
        let most = column.width().saturating_sub(over.div_ceil(2)).max(8);
        for cell in &mut column.cells {
            if over > 0 && cell.chars().count() > most {
                *cell = cell.chars().take(most - 1).chain(['…']).collect();
            }
        }
    }
}

fn period(row: &Estimate, names: &Names) -> String {
    let name = names.period(row.subject.period);
    row.subject.from_period.map_or_else(|| name.to_owned(), |from| format!("{} → {name}", names.period(from)))
}

fn signed(value: f64) -> String {
    rounding::signed(value, decimals(value))
}

/// The interval with as many decimals as tell its ends from each other.
fn interval(row: &Estimate) -> String {
    let Some((lo, hi)) = row.interval() else { return "-".to_owned() };
    let width = hi - lo;
    let mut decimals = 0;
    let mut step = 1.0;
    while decimals < 8 && width > 0.0 && width < 10.0 * step {
        decimals += 1;
        step /= 10.0;
    }
    format!("{} to {}", rounding::signed(lo, decimals), rounding::signed(hi, decimals))
}

/// What pairing gained, over the rows of a scenario.
fn push_gain(text: &mut String, rows: &[Estimate]) {
    let mut ratios: Vec<f64> = rows.iter().filter_map(|row| row.variance_ratio).collect();
    if ratios.is_empty() {
        return;
    }
    ratios.sort_by(f64::total_cmp);
    let _ = writeln!(
        text,
        "  pairing divides the variance of differences by {} in the median, {} to {} in the middle half",
        three(ratios[ratios.len() / 2]),
        three(ratios[ratios.len() / 4]),
        three(ratios[3 * ratios.len() / 4]),
    );
}

/// Lines of at most `width`, each two in.
fn push_wrapped(text: &mut String, words: &str, width: usize) {
    let mut line = String::new();
    for word in words.split_whitespace() {
        if !line.is_empty() && line.chars().count() + word.chars().count() + 3 > width.max(20) {
            let _ = writeln!(text, "  {line}");
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    let _ = writeln!(text, "  {line}");
}

/// The text for machines: every difference.
pub(super) fn json(scenarios: &[Scenario], report: &Report) -> String {
    let names = &report.names;
    let rows = |estimates: &[Estimate]| estimates.iter().map(|row| json_row(row, names)).collect::<Vec<_>>();
    let described: Vec<Value> = scenarios
        .iter()
        .zip(&report.replicates)
        .map(|(scenario, replicates)| {
            json!({
                "name": scenario.called(),
                "hash": scenario.hash_hex(),
                "title": scenario.title,
                "hypothesis": scenario.hypothesis,
                "replicates": replicates.len(),
            })
        })
        .collect();
    let all = report.answer.scenarios.iter().chain(&report.answer.regimes);
    let value = json!({
        "program": Program::this(),
        "baseline": names.scenarios[0],
        "scenarios": described,
        "seed": names.seed,
        "replicates": report.finished(),
        "complete": report.complete(),
        "level": report.question.level,
        "level_of_intervals": report.question.level_of_look(),
        "correction": match report.question.correction { Correction::Holm => "holm", Correction::None => "none" },
        "tests": report.answer.tests,
        "significant": significant(all, report).count(),
        "looks": report.looks,
        "precise": report.precise,
        "runs_computed": report.computed,
        "folder": report.folder,
        "wall_seconds": report.seconds,
        "differences": rows(&report.answer.scenarios),
        "differences_between_phases": rows(&report.answer.regimes),
    });
    format!("{value:#}\n")
}

fn json_row(row: &Estimate, names: &Names) -> Value {
    let subject = row.subject;
    let measure = &PHASE_MEASURES[subject.metric];
    let (interval, simultaneous) = (row.interval(), row.simultaneous_interval());
    json!({
        "metric": measure.key,
        "unit": measure.unit,
        "phase": names.period(subject.period),
        "from_phase": subject.from_period.map(|from| names.period(from)),
        "scenario": names.scenarios[subject.scenario],
        "n": row.pairs.n(),
        "first_mean": row.pairs.first_mean(),
        "second_mean": row.pairs.second_mean(),
        "difference": row.pairs.difference(),
        "lo": interval.map(|(lo, _)| lo),
        "hi": interval.map(|(_, hi)| hi),
        "p": row.p,
        "p_adjusted": row.adjusted,
        "lo_simultaneous": simultaneous.map(|(lo, _)| lo),
        "hi_simultaneous": simultaneous.map(|(_, hi)| hi),
        "effect_size": row.effect_size,
        "variance_ratio": row.variance_ratio,
        "half_width_target": row.target,
        "replicates_needed": row.needed,
    })
}
