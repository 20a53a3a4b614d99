//! Lays out what `compare` prints: for each scenario the differences that a reader wants first, in the width of the
//! terminal; or every difference as JSON.
//!
//! [`crate::experiment::compare::ranking`] chooses the rows. Computes no statistics.

use super::quantity::{count, decimals, decimals_of_width, plural, span, three};
use super::stderr::complain;
use super::terminal::{Terminal, columns, left, right};
use crate::engine::calendar::Month;
use crate::experiment::compare::contrasts::Contrast;
use crate::experiment::compare::ranking::{Ranked, ranked, significant};
use crate::experiment::compare::run::ComparisonReport;
use crate::experiment::compare::statistics::Correction;
use crate::experiment::compare::tables::Names;
use crate::experiment::rounding;
use crate::model::measures::PHASE_MEASURES;
use crate::output::manifest::Program;
use crate::scenario::Scenario;
use serde_json::{Value, json};
use std::fmt::Write;

/// Warns of scenarios that cannot differ from the baseline, the first of `scenarios`, by `until`, and of those that
/// differ from it in size.
pub(super) fn warn_of_poor_comparisons(scenarios: &[Scenario], until: Month) {
    let Some((baseline, others)) = scenarios.split_first() else { return };
    for scenario in others {
        let (name, with) = (scenario.called(), baseline.called());
        match baseline.first_difference(scenario) {
            None => complain(&format!(
                "warning: `{name}` is identical to `{with}` in everything that a run depends on: all differences will be 0"
            )),
            Some(month) if month > until => complain(&format!(
                "warning: `{name}` is identical to `{with}` until {month}, after the last month of the run ({until}): all \
                 differences will be 0; give --until {month} or later"
            )),
            Some(_) => {}
        }
        let (size, size_of_baseline) = (scenario.population.size, baseline.population.size);
        if size != size_of_baseline {
            complain(&format!(
                "warning: `{name}` starts with {} people and `{with}` with {}: differences include the effect of size; \
                 --population N gives both the same size",
                count(size),
                count(size_of_baseline)
            ));
        }
    }
}

/// The summary of a comparison.
pub(super) fn text(scenarios: &[Scenario], report: &ComparisonReport, until: Month, top: usize) -> String {
    text_on(Terminal::of_stdout(), scenarios, report, until, top)
}

fn text_on(
    terminal: Terminal,
    scenarios: &[Scenario],
    report: &ComparisonReport,
    until: Month,
    top: usize,
) -> String {
    let ComparisonReport { names, contrasts, analysis, .. } = report;
    let others = names.scenarios[1..].join(", ");
    let title = if others.is_empty() {
        names.scenarios[0].clone()
    } else {
        format!("{others} against {}", names.scenarios[0])
    };
    let n = report.finished() as u64;
    let mut text = terminal.wrapped(&title, 0);
    let runs =
        format!("seed {}, {n} replicate{} of each, {} to {until}", names.seed, plural(n), Month::FIRST);
    text += &terminal.wrapped(&runs, 0);

    let periods = names.phases.len() + 1;
    let of = |contrasts: &[Contrast], scenario: usize| -> (Ranked, Vec<Contrast>) {
        let own = contrasts.iter().filter(|row| row.subject.scenario == scenario);
        let own: Vec<Contrast> = own.copied().collect();
        (ranked(&own, analysis, periods, top), own)
    };
    let each = 0..scenarios.len();
    let against: Vec<_> = each.clone().map(|scenario| of(&contrasts.scenarios, scenario)).collect();
    let regimes: Vec<_> = each.map(|scenario| of(&contrasts.regimes, scenario)).collect();
    // One layout for all tables of a kind, so that every scenario has the same columns.
    let layout = |tables: &[(Ranked, Vec<Contrast>)]| {
        let rows: Vec<Contrast> = tables.iter().flat_map(|(ranked, _)| &ranked.rows).copied().collect();
        Layout::new(&rows, names, terminal)
    };
    let (layout_against, layout_regimes) = (layout(&against), layout(&regimes));
    for (scenario, resolved) in scenarios.iter().enumerate() {
        if scenario > 0 {
            let (ranked, own) = &against[scenario];
            text.push('\n');
            text += &terminal.wrapped(&format!("{}: {}", resolved.called(), resolved.title), 0);
            if let Some(hypothesis) = &resolved.hypothesis {
                text += &terminal.wrapped(&format!("expected: {hypothesis}"), 2);
            }
            text += &layout_against.table(ranked, names);
            text += &more(ranked, "compare.csv", terminal);
            text += &terminal.wrapped(&gain(own), 2);
        }
        let (ranked, own) = &regimes[scenario];
        if !own.is_empty() {
            text.push('\n');
            text += &terminal.wrapped(&format!("{}: phase against phase", resolved.called()), 0);
            text += &layout_regimes.table(ranked, names);
            text += &more(ranked, "compare_phases.csv", terminal);
        }
    }
    text.push('\n');
    text += &terminal.wrapped(&tests(report), 0);
    let runs = report.computed;
    let end = format!("seed {}, {}, {runs} run{} computed", names.seed, span(report.seconds), plural(runs));
    let _ = write!(text, "\n{}{}\n", terminal.wrapped(&end, 0), report.folder.display());
    text
}

/// How many tests are significant, and what p and the intervals are.
fn tests(report: &ComparisonReport) -> String {
    let (analysis, contrasts) = (&report.analysis, &report.contrasts);
    let all = contrasts.scenarios.iter().chain(&contrasts.regimes);
    let clear = all.filter(|row| significant(row, analysis)).count();
    let percent = |share: f64| format!("{}", (share * 1e4).round() / 1e2);
    let (tests, error) = (contrasts.tests, percent(1.0 - analysis.level));
    let correction = match analysis.correction {
        Correction::Holm => "after Holm's correction for multiple testing; p is the corrected p-value",
        Correction::None => "without correction for multiple testing",
    };
    let level = percent(analysis.level_of_look());
    let intervals = if analysis.spend < 1.0 {
        format!(
            "Intervals are paired t intervals at {level} %, the level of look {}, so that each holds at {} % over all looks; \
             they are not corrected for multiple testing.",
            report.looks,
            percent(analysis.level)
        )
    } else {
        format!("Intervals are paired t intervals at {level} %, not corrected for multiple testing.")
    };
    let are = if clear == 1 { "is" } else { "are" };
    format!(
        "{clear} of {tests} test{} {are} significant at {error} % {correction}. {intervals}",
        plural(tests)
    )
}

/// Where the significant differences are that are not shown.
fn more(ranked: &Ranked, file: &str, terminal: Terminal) -> String {
    match ranked.more {
        0 => String::new(),
        more => terminal.wrapped(
            &format!(
                "{more} more significant difference{} in {file}; --metric NAME shows every phase of a metric, --top N more \
                 metrics",
                plural(more as u64)
            ),
            2,
        ),
    }
}

/// What shared random numbers gained, over the rows of a scenario.
fn gain(rows: &[Contrast]) -> String {
    let mut ratios: Vec<f64> = rows.iter().filter_map(|row| row.variance_ratio).collect();
    if ratios.is_empty() {
        return String::new();
    }
    ratios.sort_by(f64::total_cmp);
    let quarter = |quarters: usize| three(ratios[(quarters * ratios.len() / 4).min(ratios.len() - 1)]);
    format!(
        "shared random numbers divide the variance of differences by {} (median; middle half {} to {})",
        quarter(2),
        quarter(1),
        quarter(3)
    )
}

/// Blanks before each line of a table.
const INDENT: usize = 2;

/// Blanks between two columns.
const GAP: usize = 2;

/// Least room that is left to names that have to be cut.
const LEAST_NAME: usize = 8;

/// One column of a table.
struct Column {
    heading: &'static str,
    left: bool,
    /// Columns are left out where the terminal is narrow, the largest number first; those with 0 stay.
    gives_way: u8,
    cell: fn(&Contrast, &Names, Terminal) -> String,
    width: usize,
}

/// The columns of all tables of a kind.
struct Layout {
    terminal: Terminal,
    columns: Vec<Column>,
}

impl Layout {
    /// The columns that show these rows within the width of the terminal.
    fn new(rows: &[Contrast], names: &Names, terminal: Terminal) -> Self {
        let regimes = rows.first().is_some_and(|row| row.subject.from_period.is_some());
        let (first, second) = if regimes { ("before", "after") } else { ("baseline", "scenario") };
        let column =
            |heading: &'static str, left, gives_way, cell: fn(&Contrast, &Names, Terminal) -> String| {
                let cells = rows.iter().map(|row| columns(&cell(row, names, terminal)));
                let width = cells.max().unwrap_or(0).max(columns(heading));
                Column { heading, left, gives_way, cell, width }
            };
        let mut all = vec![
            column("metric", true, 0, |row, _, _| PHASE_MEASURES[row.subject.metric].key.to_owned()),
            column("phase", true, 0, period),
            column(first, false, 4, |row, _, _| mean(row, row.pairs.first_mean())),
            column(second, false, 5, |row, _, _| mean(row, row.pairs.second_mean())),
            column("difference", false, 0, |row, _, _| difference(row)),
            column("interval", true, 1, |row, _, _| interval(row)),
            column("relative", false, 6, |row, _, _| {
                row.relative().map_or_else(|| "-".into(), |share| format!("{}%", signed(100.0 * share)))
            }),
            column("effect", false, 3, |row, _, _| row.effect_size.map_or_else(|| "-".into(), signed)),
            column("p", false, 2, |row, _, _| row.adjusted.map_or_else(|| "-".into(), p)),
        ];
        let whole = |all: &[Column]| {
            INDENT + all.iter().map(|column| column.width).sum::<usize>() + GAP * all.len().saturating_sub(1)
        };
        while whole(&all) > terminal.width {
            let last = all.iter().map(|column| column.gives_way).max().unwrap_or(0);
            if last == 0 {
                break;
            }
            all.retain(|column| column.gives_way != last);
        }
        // Names are cut where even the columns that stay do not fit: phases before metrics, which are harder to guess.
        for heading in ["phase", "metric"] {
            let over = whole(&all).saturating_sub(terminal.width);
            for column in all.iter_mut().filter(|column| column.heading == heading) {
                column.width = column.width.saturating_sub(over).max(column.width.min(LEAST_NAME));
            }
        }
        Layout { terminal, columns: all }
    }

    /// The lines of one table.
    fn table(&self, ranked: &Ranked, names: &Names) -> String {
        if ranked.rows.is_empty() {
            let what = if ranked.more == 0 { "no difference is significant" } else { "" };
            return self.terminal.wrapped(what, INDENT);
        }
        let mut text = self.line(|column| column.heading.to_owned());
        for row in &ranked.rows {
            text += &self.line(|column| (column.cell)(row, names, self.terminal));
        }
        text
    }

    fn line(&self, cell: impl Fn(&Column) -> String) -> String {
        let cells: Vec<String> = self
            .columns
            .iter()
            .map(|column| {
                let text = self.terminal.shortened(&cell(column), column.width);
                if column.left { left(&text, column.width) } else { right(&text, column.width) }
            })
            .collect();
        let line = format!("{:INDENT$}{}", "", cells.join(&" ".repeat(GAP)));
        format!("{}\n", line.trim_end())
    }
}

fn period(row: &Contrast, names: &Names, terminal: Terminal) -> String {
    let name = names.period(row.subject.period);
    row.subject
        .from_period
        .map_or_else(|| name.to_owned(), |from| format!("{} {} {name}", names.period(from), terminal.arrow()))
}

fn signed(value: f64) -> String {
    rounding::signed(value, decimals(value))
}

/// Decimals of a difference and its interval: those that show two digits of the interval's width. Where the width is zero
/// or unknown, those that show three digits of the difference.
fn decimals_of_difference(row: &Contrast) -> usize {
    let width = row.interval().and_then(|(lo, hi)| decimals_of_width(hi - lo));
    width.unwrap_or_else(|| {
        let size = row.pairs.difference().unwrap_or(0.0).abs();
        decimals_of_width(size).map_or(0, |two| if size >= 99.95 { 0 } else { two + 1 })
    })
}

fn difference(row: &Contrast) -> String {
    let decimals = decimals_of_difference(row);
    row.pairs.difference().map_or_else(|| "-".to_owned(), |value| rounding::signed(value, decimals))
}

fn interval(row: &Contrast) -> String {
    let decimals = decimals_of_difference(row);
    row.interval().map_or_else(
        || "-".to_owned(),
        |(lo, hi)| format!("{} to {}", rounding::signed(lo, decimals), rounding::signed(hi, decimals)),
    )
}

/// A mean with three digits, and up to two more where the difference is finer.
fn mean(row: &Contrast, mean: Option<f64>) -> String {
    mean.map_or_else(
        || "-".to_owned(),
        |mean| {
            let usual = decimals(mean);
            rounding::rounded(mean, decimals_of_difference(row).clamp(usual, usual + 2))
        },
    )
}

fn p(p: f64) -> String {
    if p < 0.001 { "<0.001".to_owned() } else { rounding::rounded(p, 3) }
}

/// Every difference, as JSON.
pub(super) fn json(scenarios: &[Scenario], report: &ComparisonReport) -> String {
    let names = &report.names;
    let rows = |contrasts: &[Contrast]| contrasts.iter().map(|row| json_row(row, names)).collect::<Vec<_>>();
    let described: Vec<Value> = scenarios
        .iter()
        .zip(&report.replicates)
        .map(|(scenario, replicates)| {
            json!({
                "name": scenario.called(),
                "hash": scenario.hash_hex(),
                "title": scenario.title,
                "hypothesis": scenario.hypothesis,
                "first_difference": scenarios[0].first_difference(scenario).map(|month| month.to_string()),
                "replicates": replicates.len(),
            })
        })
        .collect();
    let all = report.contrasts.scenarios.iter().chain(&report.contrasts.regimes);
    let value = json!({
        "program": Program::this(),
        "baseline": names.scenarios[0],
        "scenarios": described,
        "seed": names.seed,
        "replicates": report.finished(),
        "complete": report.complete(),
        "level": report.analysis.level,
        "level_of_intervals": report.analysis.level_of_look(),
        "correction": match report.analysis.correction { Correction::Holm => "holm", Correction::None => "none" },
        "tests": report.contrasts.tests,
        "significant": all.filter(|row| significant(row, &report.analysis)).count(),
        "looks": report.looks,
        "precise": report.precise,
        "runs_computed": report.computed,
        "folder": report.folder.to_string_lossy(),
        "wall_seconds": report.seconds,
        "differences": rows(&report.contrasts.scenarios),
        "differences_between_phases": rows(&report.contrasts.regimes),
    });
    format!("{value:#}\n")
}

fn json_row(row: &Contrast, names: &Names) -> Value {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::compare::contrasts::{Analysis, Contrasts, Subject, Width};
    use crate::experiment::compare::samples::Samples;
    use crate::experiment::compare::statistics::Pairs;
    use crate::scenario::load;
    use std::path::PathBuf;

    fn metric(key: &str) -> usize {
        PHASE_MEASURES.iter().position(|measure| measure.key == key).unwrap()
    }

    fn row(subject: Subject, base: f64, differences: &[f64], half: f64) -> Contrast {
        let mut pairs = Pairs::default();
        for (position, difference) in differences.iter().enumerate() {
            let first = base * (1.0 + 0.001 * position as f64);
            pairs.add(Some(first), Some(first + difference));
        }
        Contrast {
            subject,
            half: Some(half),
            simultaneous_half: Some(half),
            p: Some(0.0),
            adjusted: Some(0.0),
            effect_size: pairs.effect_size(),
            variance_ratio: pairs.variance_ratio(),
            target: None,
            needed: None,
            pairs,
        }
    }

    fn subject(scenario: usize, key: &str, period: usize, from_period: Option<usize>) -> Subject {
        Subject { scenario, metric: metric(key), period, from_period }
    }

    /// A comparison of three scenarios with names and phases as long as they come.
    fn report() -> (Vec<Scenario>, ComparisonReport) {
        let scenarios: Vec<Scenario> = ["historical", "terror_without_criticism", "unions_restored_1934"]
            .iter()
            .map(|name| load(name, &[]).unwrap())
            .collect();
        let phases =
            ["class war", "a phase with a name of much more than forty columns", "authority restored"];
        let names = Names {
            scenarios: scenarios.iter().map(|scenario| scenario.name.clone()).collect(),
            phases: phases.map(str::to_owned).to_vec(),
            seed: 1,
            phases_from: vec![Month::FIRST; phases.len()],
        };
        let differences = |scale: f64| [1.0, 1.1, 0.9].map(|value| value * scale);
        let mut against = Vec::new();
        for scenario in 1..3 {
            for period in 0..4 {
                against.push(row(
                    subject(scenario, "elite_turnover", period, None),
                    0.2,
                    &differences(-0.015),
                    0.0002,
                ));
                against.push(row(
                    subject(scenario, "elite_turnover_administrative", period, None),
                    0.1,
                    &differences(1e-5),
                    1e-7,
                ));
                against.push(row(
                    subject(scenario, "people", period, None),
                    4e4,
                    &differences(11_217.0),
                    4.0,
                ));
            }
        }
        // Only one scenario has a row that is wide.
        against.push(row(
            subject(2, "former_hazard_ratio", 1, None),
            1e9,
            &differences(123_456_789.0),
            0.001,
        ));
        let regimes = (0..3)
            .map(|scenario| row(subject(scenario, "discipline", 2, Some(1)), 0.9, &differences(0.01), 0.002));
        let analysis = Analysis {
            metrics: (1..PHASE_MEASURES.len()).collect(),
            periods: (0..4).collect(),
            regimes: true,
            level: 0.95,
            spend: 1.0,
            correction: Correction::Holm,
            half_width: Width::Share(0.05),
        };
        let tests = against.len() as u64 + 3;
        let report = ComparisonReport {
            folder: PathBuf::from("out"),
            samples: Samples::new(3, 3, 1),
            replicates: vec![Vec::new(); 3],
            contrasts: Contrasts { scenarios: against, regimes: regimes.collect(), tests },
            analysis,
            names,
            looks: 1,
            precise: None,
            already: false,
            taken_up: 0,
            computed: 1,
            agent_months: 0,
            seconds: 1.0,
        };
        (scenarios, report)
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        let (scenarios, report) = report();
        for unicode in [true, false] {
            for width in 40..=200 {
                let text = text_on(Terminal { width, unicode }, &scenarios, &report, Month::LAST, 12);
                for line in text.lines() {
                    assert!(columns(line) <= width && (unicode || line.is_ascii()), "{width}: {line}");
                }
            }
        }
    }

    #[test]
    fn every_scenario_has_the_same_columns() {
        let (scenarios, report) = report();
        for width in [40, 60, 80, 100, 132, 200] {
            let text = text_on(Terminal { width, unicode: true }, &scenarios, &report, Month::LAST, 12);
            let headings: Vec<&str> = text.lines().filter(|line| line.starts_with("  metric ")).collect();
            assert_eq!(headings.len(), 5, "{text}");
            let (regimes, against): (Vec<&str>, Vec<&str>) = headings
                .iter()
                .enumerate()
                .map(|(position, line)| (position, *line))
                .fold((Vec::new(), Vec::new()), |(mut regimes, mut against), (position, line)| {
                    // The baseline has a table of phases alone; the others have one of each kind.
                    if position % 2 == 0 {
                        regimes.push(line)
                    } else {
                        against.push(line)
                    }
                    (regimes, against)
                });
            assert!(against.windows(2).all(|pair| pair[0] == pair[1]), "{text}");
            assert!(regimes.windows(2).all(|pair| pair[0] == pair[1]), "{text}");
        }
    }

    #[test]
    fn digits_of_a_difference_follow_its_interval() {
        let shown = |differences: &[f64], half| {
            let row = row(subject(1, "discipline", 0, None), 0.5, differences, half);
            (difference(&row), interval(&row))
        };
        let pair = |difference: &str, interval: &str| (difference.to_owned(), interval.to_owned());
        assert_eq!(shown(&[-0.015; 3], 0.0002), pair("-0.01500", "-0.01520 to -0.01480"));
        assert_eq!(shown(&[-0.015; 3], 0.0), pair("-0.0150", "-0.0150 to -0.0150"));
        assert_eq!(shown(&[0.0; 3], 0.0), pair("0", "0 to 0"));
        assert_eq!(shown(&[1234.5; 3], 30.0), pair("+1234", "+1204 to +1264"));
        assert_eq!(shown(&[0.2; 3], 3.0), pair("+0.2", "-2.8 to +3.2"));
    }
}
