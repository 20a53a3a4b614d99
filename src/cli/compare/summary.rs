//! Formats the summary that `compare` prints: for each scenario the most important differences from the baseline,
//! fitted to the width of the terminal.
//!
//! [`crate::experiment::compare::ranking`] chooses the rows. This module computes no statistics.

use super::difference_table::{DifferenceTable, INDENT};
use crate::cli::quantity::{duration, plural, three_digits};
use crate::cli::terminal::Terminal;
use crate::engine::calendar::Month;
use crate::experiment::compare::contrasts::Contrast;
use crate::experiment::compare::ranking::{Ranked, ranked, significant};
use crate::experiment::compare::run::ComparisonReport;
use crate::experiment::compare::statistics::Correction;
use crate::scenario::Scenario;
use std::fmt::Write;

/// Returns the summary, for the width of the terminal.
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
        format!("{others} compared with {}", names.scenarios[0])
    };
    let n = report.finished() as u64;
    let mut text = terminal.wrapped(&title, 0);
    let runs =
        format!("seed {}, {n} replicate{} of each, {} to {until}", names.seed, plural(n), Month::FIRST);
    text += &terminal.wrapped(&runs, 0);

    let periods = names.phases.len() + 1;
    let of = |estimates: &[Contrast], scenario: usize| -> (Ranked, Vec<Contrast>) {
        let own = estimates.iter().filter(|row| row.subject.scenario == scenario);
        let own: Vec<Contrast> = own.copied().collect();
        (ranked(&own, analysis, periods, top), own)
    };
    let each = 0..scenarios.len();
    let against: Vec<_> = each.clone().map(|scenario| of(&contrasts.scenarios, scenario)).collect();
    let regimes: Vec<_> = each.map(|scenario| of(&contrasts.regimes, scenario)).collect();
    // Column widths come from the rows of all scenarios, so that every scenario has the same columns.
    let table = |tables: &[(Ranked, Vec<Contrast>)]| {
        let rows: Vec<Contrast> = tables.iter().flat_map(|(ranked, _)| &ranked.rows).copied().collect();
        DifferenceTable::new(&rows, names, terminal)
    };
    let (against_table, regimes_table) = (table(&against), table(&regimes));
    for (scenario, resolved) in scenarios.iter().enumerate() {
        if scenario > 0 {
            let (ranked, own) = &against[scenario];
            text.push('\n');
            text += &terminal.wrapped(&format!("{}: {}", resolved.called(), resolved.title), 0);
            if let Some(hypothesis) = &resolved.hypothesis {
                text += &terminal.wrapped(&format!("expected: {hypothesis}"), INDENT);
            }
            text += &against_table.text(ranked, names);
            text += &omitted(ranked, "compare.csv", terminal);
            text += &terminal.wrapped(&variance_reduction(own), INDENT);
        }
        let (ranked, own) = &regimes[scenario];
        if !own.is_empty() {
            text.push('\n');
            text += &terminal.wrapped(&format!("{}: differences between phases", resolved.called()), 0);
            text += &regimes_table.text(ranked, names);
            text += &omitted(ranked, "compare_phases.csv", terminal);
        }
    }
    text.push('\n');
    text += &terminal.wrapped(&test_results(report), 0);
    let runs = report.computed;
    let end =
        format!("seed {}, {}, {runs} run{} computed", names.seed, duration(report.seconds), plural(runs));
    let _ = write!(text, "\n{}{}\n", terminal.wrapped(&end, 0), report.folder.display());
    text
}

/// States how many tests are significant, and how p-values and intervals were computed.
fn test_results(report: &ComparisonReport) -> String {
    let (analysis, contrasts) = (&report.analysis, &report.contrasts);
    let all = contrasts.scenarios.iter().chain(&contrasts.regimes);
    let significant_tests = all.filter(|row| significant(row, analysis)).count();
    let percent = |share: f64| format!("{}", (share * 1e4).round() / 1e2);
    let (tests, error) = (contrasts.tests, percent(1.0 - analysis.level));
    let correction = match analysis.correction {
        Correction::Holm => "after Holm's correction for multiple testing; p is the corrected p-value",
        Correction::None => "without correction for multiple testing",
    };
    let level = percent(analysis.level_of_look());
    let intervals = if analysis.spend < 1.0 {
        format!(
            "Intervals are paired t intervals. The level at look {} is {level} %, so that each interval holds at {} % over \
             all looks. They are not corrected for multiple testing.",
            report.looks,
            percent(analysis.level)
        )
    } else {
        format!("Intervals are paired t intervals at {level} %, not corrected for multiple testing.")
    };
    let are = if significant_tests == 1 { "is" } else { "are" };
    format!(
        "{significant_tests} of {tests} test{} {are} significant at {error} % {correction}. {intervals}",
        plural(tests)
    )
}

/// States how many significant differences are not shown, and where they are.
fn omitted(ranked: &Ranked, file: &str, terminal: Terminal) -> String {
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

/// States how much shared random numbers reduce the variance of the differences of a scenario.
fn variance_reduction(rows: &[Contrast]) -> String {
    let mut ratios: Vec<f64> = rows.iter().filter_map(|row| row.variance_ratio).collect();
    if ratios.is_empty() {
        return String::new();
    }
    ratios.sort_by(f64::total_cmp);
    let quarter = |quarters: usize| three_digits(ratios[(quarters * ratios.len() / 4).min(ratios.len() - 1)]);
    format!(
        "shared random numbers make the variance of differences {} times smaller (median; middle half {} to {})",
        quarter(2),
        quarter(1),
        quarter(3)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::compare::difference_table::tests::{row, subject};
    use crate::cli::terminal::display_width;
    use crate::experiment::compare::contrasts::{Analysis, Contrasts, Width};
    use crate::experiment::compare::samples::Samples;
    use crate::experiment::compare::tables::Names;
    use crate::model::phase::PHASE_MEASURES;
    use crate::scenario::load;
    use std::path::PathBuf;

    /// A comparison of three scenarios with long names and phases.
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
        // Only one scenario has a wide row.
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
            reused: Vec::new(),
            computed: 1,
            agent_months: 0,
            seconds: 1.0,
            stopped: false,
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
                    assert!(display_width(line) <= width && (unicode || line.is_ascii()), "{width}: {line}");
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
                    // The baseline has only a table of phases; the others have one of each kind.
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
}
