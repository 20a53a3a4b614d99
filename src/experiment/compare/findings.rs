//! Writes the page of findings: for each hypothesis, what was expected and what the model does.
//!
//! All statements about results are generated from the figures; [`super::verdict`] decides the verdicts. Texts of a
//! scenario file are escaped.

use super::contrasts::Contrast;
use super::run::ComparisonReport;
use super::statistics::Correction;
use super::statistics::Pairs;
use super::verdict::{Judgement, Part, judge, overall};
use crate::engine::calendar::Month;
use crate::experiment::claims::evidence::Verdict;
use crate::experiment::quantiles::Quantiles;
use crate::experiment::rounding::{self, percent, with_half};
use crate::experiment::summary::HEADLINE;
use crate::model::phase::PHASE_MEASURES;
use crate::scenario::Scenario;
use crate::scenario::claims::Contrast as Compared;
use std::fmt::Write;

/// Returns the page as Markdown. `command` is the command that made it.
pub fn page(scenarios: &[Scenario], report: &ComparisonReport, until: Month, command: &str) -> String {
    let alpha = 1.0 - report.analysis.level;
    let judged = judge(&report.samples, &report.names, scenarios, alpha);
    let mut page = head(scenarios, report, until, command);
    page.push_str(&overview(scenarios, report, &judged));
    for (position, scenario) in scenarios.iter().enumerate().skip(1) {
        let own: Vec<&Judgement> = judged.iter().filter(|one| one.scenario == position).collect();
        section(&mut page, scenario, position, report, &own);
    }
    page
}

fn head(scenarios: &[Scenario], report: &ComparisonReport, until: Month, command: &str) -> String {
    let baseline = &scenarios[0];
    let percent = |level: f64| percent(100.0 * level);
    let (level, n) = (report.analysis.level, report.finished());
    let correction = match report.analysis.correction {
        Correction::Holm => "after Holm's correction over all tests of the comparison",
        Correction::None => "without correction for their number",
    };
    format!(
        "# Findings\n\n\
         Made by one command; do not edit:\n\n```sh\n{command}\n```\n\n\
         {others} compared with `{name}`: {n} replicates each on common random numbers, seed {seed}, {people} people, {from} to {until}. \
         [comparing.md](comparing.md) explains each statistic and its limits.\n\n\
         Differences are paired: scenario minus baseline in the same replicate, mean ± half the width of the {level} % interval, with the difference as a \
         percentage of the baseline's mean in brackets. Bold differences are significant at {alpha} % {correction}. Predictions come from the scenario files, \
         where they restate the part of the hypothesis that figures can decide; they were written before this page was made, and call the baseline the base. A prediction is *supported*, *absent* or *contradicted* if \
         the difference that it names lies beyond its margin on the claimed side, within it, or beyond it on the other side, by one-sided t tests at {alpha} % after Holm's \
         correction over all {predictions} predictions; otherwise it is *undecided*. With many replicates even small differences are significant: look at their \
         size. Intervals describe chance between replicates, not whether the model is right.\n\n",
        others = match scenarios.len() - 1 {
            1 => "1 scenario".to_owned(),
            others => format!("{others} scenarios"),
        },
        name = baseline.name,
        seed = report.names.seed,
        people = baseline.population.size,
        from = Month::FIRST,
        level = percent(level),
        alpha = percent(1.0 - level),
        predictions = scenarios.iter().skip(1).map(|scenario| scenario.predictions.len()).sum::<usize>(),
    )
}

/// The table of all scenarios: relative differences of the headline measures over the whole period, and the verdicts.
fn overview(scenarios: &[Scenario], report: &ComparisonReport, judged: &[Judgement]) -> String {
    let mut text = String::from(
        "## Overview\n\nDifferences of the main metrics over the whole period, as percentages of the baseline; `·` where the difference is not significant.\n\n| scenario |",
    );
    for headline in HEADLINE {
        let _ = write!(text, " {} |", headline.heading);
    }
    text.push_str(" predictions |\n|---|");
    text.push_str(&"---|".repeat(HEADLINE.len() + 1));
    text.push('\n');
    let whole = report.names.phases.len();
    for (position, scenario) in scenarios.iter().enumerate().skip(1) {
        let _ = match &scenario.label {
            None => write!(text, "| [`{0}`](#{0}) |", scenario.name),
            // Markdown readers derive different anchors from headings with special characters, so this one is not linked.
            Some(label) => write!(text, "| {} |", escaped(label)),
        };
        for headline in HEADLINE {
            let cell = row(report, position, headline.position(), whole).map_or_else(
                || "-".into(),
                |row| match row.relative() {
                    Some(share) if significant(row, report) => format!("{} %", signed(100.0 * share)),
                    _ => "·".into(),
                },
            );
            let _ = write!(text, " {cell} |");
        }
        let own: Vec<&Judgement> = judged.iter().filter(|one| one.scenario == position).collect();
        let _ = writeln!(text, " {} |", tally(&own));
    }
    text.push('\n');
    text
}

fn section(
    page: &mut String,
    scenario: &Scenario,
    position: usize,
    report: &ComparisonReport,
    own: &[&Judgement],
) {
    let called = scenario.label.as_deref().map_or_else(|| scenario.name.clone(), escaped);
    let _ = writeln!(page, "## {called}\n\n{}.", escaped(&scenario.title));
    if let Some(hypothesis) = &scenario.hypothesis {
        let claims = if scenario.claims.is_empty() {
            String::new()
        } else {
            format!(" ({})", scenario.claims.join(", "))
        };
        let _ = writeln!(page, "\nExpected: *{}*{claims}.", escaped(hypothesis));
    }
    let verdict = match overall(own) {
        _ if own.is_empty() => "the scenario makes no prediction that figures can decide".to_owned(),
        Some(verdict) => format!("**{}** in every prediction: {}", verdict.word(), tally(own)),
        None => tally(own),
    };
    let _ = writeln!(page, "\nVerdict: {verdict}.\n");
    if !own.is_empty() {
        page.push_str(
            "| prediction | compared with | found | difference | verdict |\n|---|---|---|---|---|\n",
        );
        for judgement in own {
            rows(page, judgement, report);
        }
        page.push('\n');
    }
    let failed = own.iter().filter(|judgement| fails(judgement.verdict) && judgement.parts.len() == 1);
    let sentences: Vec<String> =
        failed.map(|failed| format!("- {}\n", instead(failed, &failed.parts[0], report))).collect();
    page.push_str(&sentences.concat());
    if !sentences.is_empty() {
        page.push('\n');
    }
    metrics_table(page, position, report);
}

/// Counts the verdicts: `3 supported, 1 undecided`.
pub fn tally(own: &[&Judgement]) -> String {
    let count = |verdict| own.iter().filter(|judgement| judgement.verdict == verdict).count();
    let words: Vec<String> = Verdict::ALL
        .into_iter()
        .filter(|verdict| count(*verdict) > 0)
        .map(|verdict| format!("{} {}", count(verdict), verdict.word()))
        .collect();
    if words.is_empty() { "none".into() } else { words.join(", ") }
}

/// Whether the model does something else than what is predicted.
fn fails(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::Absent | Verdict::Contradicted)
}

/// Writes the rows of a prediction: one, or one for each of its parts.
fn rows(page: &mut String, judgement: &Judgement, report: &ComparisonReport) {
    let prediction = judgement.prediction.in_words(&escaped);
    for finding in Finding::of(judgement, report.analysis.level_of_look()) {
        let verdict = finding.verdict.word();
        let verdict = if fails(finding.verdict) { format!("**{verdict}**") } else { verdict.to_owned() };
        let part = finding.part.map_or_else(String::new, |part| format!(": {}", escaped(&part)));
        let _ = writeln!(
            page,
            "| {prediction}{part} | {} | {} | {} | {verdict} |",
            finding.compared_with, finding.found, finding.difference,
        );
    }
}

/// The figures of a tested prediction or of a part of it, formatted; `-` if a figure is not defined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which part it is; `None` if the prediction has one part.
    pub part: Option<String>,
    /// Mean of the side that the prediction compares with.
    pub compared_with: String,
    /// Mean of the side that is expected to move.
    pub found: String,
    /// Mean difference, half-width of its interval, and the difference as a percentage of `compared_with`.
    pub difference: String,
    /// The verdict.
    pub verdict: Verdict,
}

impl Finding {
    /// Formats the figures of a judgement, with intervals at a two-sided level: one finding for each part, or one without
    /// figures.
    pub fn of(judgement: &Judgement, level: f64) -> Vec<Finding> {
        let many = judgement.parts.len() > 1;
        let of = |part: &Part| {
            let words = many.then(|| part.words.clone());
            Finding::with_figures(words, &part.pairs, part.verdict, level)
        };
        if judgement.parts.is_empty() {
            return vec![Finding::with_figures(None, &Pairs::default(), judgement.verdict, level)];
        }
        judgement.parts.iter().map(of).collect()
    }

    fn with_figures(part: Option<String>, pairs: &Pairs, verdict: Verdict, level: f64) -> Finding {
        let optional = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), rounding::three);
        let half = pairs.half_width(level, &mut Quantiles::default());
        let difference = pairs.difference().zip(half).map(|(mean, half)| {
            let share = pairs.first_mean().filter(|first| *first != 0.0);
            format!("{}{}", with_half(mean, half), in_brackets(share.map(|first| mean / first.abs())))
        });
        Finding {
            part,
            compared_with: optional(pairs.first_mean()),
            found: optional(pairs.second_mean()),
            difference: difference.unwrap_or_else(|| "-".into()),
            verdict,
        }
    }
}

/// A share as a percentage in brackets; empty if it is not defined.
fn in_brackets(share: Option<f64>) -> String {
    share.map_or(String::new(), |share| format!(" ({} %)", signed(100.0 * share)))
}

/// Escapes a text of a scenario file so that Markdown shows it literally, on one line.
pub(in crate::experiment) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '&' | '#' | '~' => {
                out.push('\\');
                out.push(letter);
            }
            letter if letter.is_control() => out.push(' '),
            letter => out.push(letter),
        }
    }
    out
}

/// The sentence that says what the model does instead, for a prediction of one part that is absent or contradicted.
fn instead(judgement: &Judgement, part: &Part, report: &ComparisonReport) -> String {
    let pairs = &part.pairs;
    let mean = pairs.difference().unwrap_or(0.0);
    let (metric, of_changes, beside) = match &judgement.prediction.contrast {
        Compared::Difference { of, from, beside, .. } => (&of.metric, from.is_some(), beside.is_some()),
        Compared::Level { of, .. } | Compared::Change { to: of, .. } => (&of.metric, false, false),
        Compared::Order { metric, .. } | Compared::Extreme { metric, .. } => (metric, false, false),
        _ => return String::new(),
    };
    let change = if of_changes { "the change" } else { "it" };
    let does = match (mean, beside) {
        (mean, true) if mean > 0.0 => "it is above that share".to_owned(),
        (mean, true) if mean < 0.0 => "it is below that share".to_owned(),
        (mean, _) if mean > 0.0 => format!("{change} rises"),
        (mean, _) if mean < 0.0 => format!("{change} falls"),
        _ => format!("{change} does not move at all"),
    };
    let measure = PHASE_MEASURES.iter().find(|measure| measure.key == *metric);
    let unit = measure.map_or("", |measure| measure.unit);
    let unit = if unit == "share" { String::new() } else { format!(" ({unit})") };
    let means = pairs.first_mean().zip(pairs.second_mean());
    let means = means.map_or(String::new(), |(first, second)| {
        format!(", from {} to {}{unit}", rounding::three(first), rounding::three(second))
    });
    let found = Finding::with_figures(None, pairs, part.verdict, report.analysis.level_of_look());
    format!(
        "That {} is {}: {does}{means}; difference {}.",
        judgement.prediction.in_words(&escaped),
        part.verdict.word(),
        found.difference
    )
}

/// The table of the headline measures by phase.
fn metrics_table(page: &mut String, position: usize, report: &ComparisonReport) {
    page.push_str("| metric |");
    let periods = report.names.phases.len() + 1;
    for period in 0..periods {
        let _ = write!(page, " {} |", escaped(report.names.period(period)));
    }
    let _ = writeln!(page, "\n|---|{}", "---|".repeat(periods));
    for headline in HEADLINE {
        let _ = write!(page, "| `{}` |", headline.key);
        for period in 0..periods {
            let cell = row(report, position, headline.position(), period)
                .map_or_else(|| "-".into(), |row| cell(row, report));
            let _ = write!(page, " {cell} |");
        }
        page.push('\n');
    }
    page.push('\n');
}

fn cell(row: &Contrast, report: &ComparisonReport) -> String {
    let Some((mean, half)) = row.pairs.difference().zip(row.half) else { return "-".into() };
    let text = if mean == 0.0 && half == 0.0 {
        "0".to_owned()
    } else {
        format!("{}{}", with_half(mean, half), in_brackets(row.relative()))
    };
    if significant(row, report) { format!("**{text}**") } else { text }
}

fn row(report: &ComparisonReport, scenario: usize, metric: usize, period: usize) -> Option<&Contrast> {
    report.contrasts.scenarios.iter().find(|row| {
        let subject = row.subject;
        (subject.scenario, subject.metric, subject.period) == (scenario, metric, period)
    })
}

fn significant(row: &Contrast, report: &ComparisonReport) -> bool {
    row.adjusted.is_some_and(|p| p <= 1.0 - report.analysis.level)
}

/// Formats a percentage with its sign and, below 100, one decimal.
fn signed(value: f64) -> String {
    rounding::signed(value, usize::from(value.abs() < 99.5))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_that_round_to_zero_have_no_sign() {
        assert_eq!(
            [signed(-0.0049), signed(0.0049), signed(-0.0), signed(-0.06)],
            ["0.0", "0.0", "0.0", "-0.1"]
        );
    }

    #[test]
    fn texts_of_a_scenario_are_escaped() {
        assert_eq!(escaped("a|b <script> *c* _d_"), "a\\|b \\<script\\> \\*c\\* \\_d\\_");
        assert_eq!(escaped("# one\n[two](x) & `three` \\"), "\\# one \\[two\\](x) \\& \\`three\\` \\\\");
    }
}
